"""CampaignEscrow: random histories against the model in tests/support/models/escrow.py.

Everybody does everything, allowed or not: the escrow has to agree with the model on what is refused
and why, and after every act on every unit.

E1  received = paid + refunded + held.
E2  bonds received = bonds paid + bonds held.
E3  The escrow's token balance is held + bonds held, plus what was donated.
E4  Held is the pool, free campaign money, unsettled fees, free slots, live rewards and credits.
E5  Bonds held are the bonds of live work.
E6  Points awarded never exceed voted money paid out.
E7  Stored facts and statuses are the model's.
E8  Everyone can always get out: from every state the books reach zero with strangers' calls and
    time alone, in a bounded number of calls.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import random

import pytest
from brownie import ZERO_ADDRESS, project

from tests.support import clock
from tests.support.campaigns import (
    ANSWER,
    CHALLENGE,
    DAY,
    DURATION,
    HALT,
    NOTICE,
    REASON,
    REVIEW,
    TERMS,
    deploy_world,
)
from tests.support.histories import run_histories
from tests.support.models.escrow import DONE, PAYABLE, REJECTED, VOID, EscrowModel, Refused
from tests.support.models.escrow import REVIEW as REVIEW_STATUS
from tests.support.reverts import reverts

UNIT = 10**6
MAX_AMOUNT = 600 * UNIT
PEOPLE = ("lead", "worker", "other", "stranger", "giver")
HISTORIES, STEPS = 6, 45
WAITS = (1, HALT, NOTICE, ANSWER, CHALLENGE, REVIEW, REVIEW + CHALLENGE, DURATION, 400 * DAY)


def evidence_of(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4)).digest()


class EscrowMachine:
    """The escrow under random people.

    Args:
        random: Where all choices come from.
        prelude: Model and spendings to go on from; without them the history begins from nothing.
    """

    def __init__(self, world, balances, random, prelude=None) -> None:
        self.world, self.escrow, self.balances, self.random = world, world.escrow, balances, random
        self.log: list[str] = []
        self.donated = self.steps = 0
        if prelude is None:
            self.begin()
        else:
            self.model, self.spent = copy.deepcopy(prelude)

    def begin(self) -> None:
        """Fund and post, so that histories are about work."""
        escrow, token = self.world.escrow, self.world.token
        self.model = EscrowModel(
            terms=TERMS,
            points_per_unit=10**12,
            refused_payees={ZERO_ADDRESS, escrow.address, token.address},
            treasury=self.world.treasury.address,
        )
        self.spent = dict.fromkeys(map(str, self.world.people), 0)
        self.deposit(4_000 * UNIT)
        self.fund(1_000 * UNIT, 1_500)
        self.fund(777, 2_999)
        self.top_up(1, 300 * UNIT)
        for campaign, reward, bond, slots, is_gift in (
            (1, 100 * UNIT, 10 * UNIT, 4, False),
            (1, 33 * UNIT + 1, 7, 2, True),
            (2, 101, 101, 3, False),
        ):
            self.post_valid(campaign, reward, bond, slots, is_gift)

    # -- helpers ----------------------------------------------------------------------------------

    def person(self, choice: int):
        return getattr(self.world, PEOPLE[choice % len(PEOPLE)])

    def one_of(self, count: int, choice: int) -> int:
        """An id that exists, mostly."""
        return 1 + choice % (count + (choice % 7 == 0)) if count else 1

    def act(self, in_model, on_chain, *args, by):
        """Do it in the model at the time of the next block, and expect the same of the chain."""
        now = clock.set_next(clock.now() + 1)
        try:
            result = in_model(now)
        except Refused as refused:
            if refused.name.startswith("!Stablecoin"):
                expected = reverts(self.world.token, refused.name[1:], *refused.arguments)
            elif refused.name.startswith("!"):
                expected = reverts(self.world.escrow, refused.name[1:], *refused.arguments)
            else:
                name = "CampaignEscrow" + refused.name
                expected = reverts(self.world.escrow, name, *refused.arguments)
            self.log.append(f"{refused.name}({by}, {on_chain._name}, {args})")
            with expected:
                on_chain(*args, {"from": by})
            return None
        self.log.append(f"{on_chain._name.split('.')[1]}({by}, {args})")
        on_chain(*args, {"from": by})
        return result

    # -- choosing ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Do one random act; what has to come first is likelier."""
        acts = {
            self.submit: 6,
            self.verdict: 5,
            self.answer: 3,
            self.settle: 4,
            self.wait: 4,
            self.post: 3,
            self.unposting: 2,
            self.ending: 2,
            self.campaign: 2,
            self.money: 1,
            self.block: 1,
            self.credit: 1,
        }
        self.steps += 1
        self.random.choices(list(acts), list(acts.values()))[0]()

    def number(self) -> int:
        return self.random.randrange(2**16)

    def amount(self) -> int:
        return self.random.randrange(self.random.choice([50, MAX_AMOUNT]))

    def one(self, *acts) -> None:
        """Do one of these acts; each names how many numbers it needs."""
        act, needs = self.random.choice(acts)
        act(*(self.number() for _ in range(needs)))

    def money(self) -> None:
        self.random.choice([self.deposit, self.donate, self.withdraw_pool])(self.amount())

    def campaign(self) -> None:
        self.one(
            (lambda n: self.fund(self.amount() + 1, n % 3_001), 1),
            (lambda n: self.top_up(n, self.amount()), 1),
            (lambda n, m: self.end_early(n, m, m * 40), 2),
            (self.replace_lead, 2),
            (self.halt, 0),
        )

    def ending(self) -> None:
        self.one((self.close, 1), (self.lessons, 1))

    def unposting(self) -> None:
        self.one((self.cancel, 2), (self.reclaim, 1))

    def verdict(self) -> None:
        self.one((self.accept, 2), (self.reject, 2))

    def answer(self) -> None:
        self.one((self.rework, 2), (self.rework, 2), (self.withdraw, 2))

    def settle(self) -> None:
        ids = list(range(len(self.model.works) + 2))
        self.random.shuffle(ids)
        ids = ids[self.number() % 3 :] + ids[:1]
        self.random.choice([self.pay, self.pay, self.release])(ids)

    def credit(self) -> None:
        self.one((self.withdraw_credit, 2), (self.withdraw_credit, 2), (self.expire_credit, 1))

    def wait(self) -> None:
        turns = [1, *(c.ends_at - clock.now() for c in self.model.campaigns)]
        seconds = self.random.choice([self.random.choice(WAITS[:-2]), self.random.randrange(DAY)])
        if self.number() % 10 == 0:
            seconds = max(1, self.random.choice([*turns, WAITS[-1]]))
        clock.pass_time(max(1, seconds))
        self.log.append(f"wait({seconds})")

    def block(self) -> None:
        account = self.random.choice([self.world.worker, self.world.other, self.world.stranger])
        blocked = account.address not in self.model.blocked
        self.world.token.setBlocked(account, blocked, {"from": self.world.governance})
        (self.model.blocked.add if blocked else self.model.blocked.discard)(account.address)
        self.log.append(f"block({account}, {blocked})")

    # -- acts: money in and campaigns -------------------------------------------------------------

    def deposit(self, amount):
        giver = self.world.giver
        self.act(lambda now: self.model.deposit(amount), self.escrow.deposit, amount, by=giver)
        self.spent[str(giver)] += amount

    def donate(self, amount):
        self.world.token.transfer(self.escrow, amount, {"from": self.world.giver})
        self.donated += amount
        self.spent[str(self.world.giver)] += amount

    def withdraw_pool(self, amount):
        self.act(
            lambda now: self.model.withdraw_pool(amount),
            self.escrow.withdrawPool,
            amount,
            by=self.world.governance,
        )

    def fund(self, ask, fee_bps):
        seed = self.world.seed(ask=ask, feeBps=fee_bps)
        self.act(
            lambda now: self.model.fund(now, self.world.lead.address, ask, fee_bps, DURATION),
            self.escrow.fund,
            [seed],
            by=self.world.board,
        )

    def top_up(self, choice, amount):
        campaign = self.one_of(len(self.model.campaigns), choice)
        giver = self.world.giver
        paid = self.model.received
        self.act(
            lambda now: self.model.top_up(now, campaign, amount),
            self.escrow.topUp,
            campaign,
            amount,
            by=giver,
        )
        self.spent[str(giver)] += self.model.received - paid

    def end_early(self, choice, who, seconds):
        campaign = self.one_of(len(self.model.campaigns), choice)
        by = self.world.governance if who % 5 == 0 else self.person(who)
        at = clock.now() + NOTICE + seconds
        self.act(
            lambda now: self.model.end_early(
                now, by.address, by == self.world.governance, campaign, at
            ),
            self.escrow.endEarly,
            campaign,
            at,
            by=by,
        )

    def replace_lead(self, choice, who):
        campaign = self.one_of(len(self.model.campaigns), choice)
        lead = ZERO_ADDRESS if who % 11 == 0 else self.person(who).address
        self.act(
            lambda now: self.model.replace_lead(campaign, lead),
            self.escrow.replaceLead,
            campaign,
            lead,
            by=self.world.governance,
        )

    def close(self, choice):
        campaign = self.one_of(len(self.model.campaigns), choice)
        self.act(
            lambda now: self.model.close(now, campaign),
            self.escrow.closeCampaign,
            campaign,
            by=self.world.stranger,
        )

    def lessons(self, choice):
        campaign = self.one_of(len(self.model.campaigns), choice)
        by = self.lead_of(campaign)
        self.act(
            lambda now: self.model.file_lessons(now, by.address, campaign, evidence_of(choice)),
            self.escrow.fileLessons,
            campaign,
            evidence_of(choice),
            by=by,
        )

    def halt(self):
        now = clock.now() + 1
        if self.model.halted_until and now < self.model.halted_until + HALT:
            return
        clock.set_next(now)
        self.escrow.halt({"from": self.world.guardian})
        self.model.halted_until = now + HALT

    def post_valid(self, campaign, reward, bond, slots, is_gift):
        by = self.lead_of(campaign)
        submit_by = min(clock.now() + 20 * DAY, self.model.campaigns[campaign - 1].ends_at)
        params = (campaign, reward, bond, submit_by, slots, is_gift, ZERO_ADDRESS, evidence_of(1))
        self.act(
            lambda now: self.model.post_bounty(now, by.address, *params[:-1]),
            self.escrow.postBounty,
            params,
            by=by,
        )

    def lead_of(self, campaign):
        if campaign > len(self.model.campaigns):
            return self.world.lead
        lead = self.model.campaigns[campaign - 1].lead
        return next(p for p in self.world.people if p == lead)

    # -- acts: bounties ---------------------------------------------------------------------------

    def post(self):
        choice, named = self.number(), self.number()
        reward, bond = self.amount(), self.random.randrange(20 * UNIT)
        seconds, slots = self.random.randrange(1, DURATION), self.random.randrange(4)
        is_gift = choice % 4 == 0
        campaign = self.one_of(len(self.model.campaigns), choice)
        by = self.lead_of(campaign)
        worker = self.person(named).address if named % 5 == 0 else ZERO_ADDRESS
        submit_by = clock.now() + seconds
        if campaign <= len(self.model.campaigns) and choice % 3:
            submit_by = min(submit_by, self.model.campaigns[campaign - 1].ends_at)
            bond = min(bond, reward)
        params = (campaign, reward, bond, submit_by, slots, is_gift, worker, evidence_of(1))
        self.act(
            lambda now: self.model.post_bounty(now, by.address, *params[:-1]),
            self.escrow.postBounty,
            params,
            by=by,
        )

    def cancel(self, choice, who):
        bounty = self.one_of(len(self.model.bounties), choice)
        if bounty <= len(self.model.bounties) and who % 4:
            by = self.lead_of(self.model.bounties[bounty - 1].campaign)
        else:
            by = self.person(who)
        self.act(
            lambda now: self.model.cancel_bounty(now, by.address, bounty),
            self.escrow.cancelBounty,
            bounty,
            by=by,
        )

    def reclaim(self, choice):
        bounty = self.one_of(len(self.model.bounties), choice)
        self.act(
            lambda now: self.model.reclaim_bounty(now, bounty),
            self.escrow.reclaimBounty,
            bounty,
            by=self.world.stranger,
        )

    # -- acts: work -------------------------------------------------------------------------------

    def submit(self):
        choice, who = self.number(), self.number()
        cuts = self.random.sample(range(1, 10_000), self.random.randrange(4))
        bounty = self.one_of(len(self.model.bounties), choice)
        by = self.person(who)
        ends = [0, *sorted(cuts), 10_000]
        payees = [
            (self.person(who + i).address, end - start)
            for i, (start, end) in enumerate(itertools.pairwise(ends))
        ]
        if who % 3 == 0:
            payees = []
        elif who % 13 == 0:
            payees[0] = (self.escrow.address, payees[0][1])
        evidence = evidence_of(choice)
        bonds = self.model.bonds_received
        if by.address in self.model.blocked:
            return
        self.act(
            lambda now: self.model.submit(now, by.address, bounty, evidence, payees),
            self.escrow.submitWork,
            bounty,
            evidence,
            payees,
            by=by,
        )
        self.spent[str(by)] += self.model.bonds_received - bonds

    def work_and_its(self, choice, who, role, *states):
        """A submission, mostly in one of these states, and mostly the person of that role in it."""
        works = range(1, len(self.model.works) + 1)
        fitting = [i for i in works if self.model.status(i, clock.now() + 1) in states]
        work = self.one_of(len(self.model.works), choice)
        if fitting and choice % 5:
            work = fitting[choice % len(fitting)]
        if work > len(self.model.works) or who % 5 == 0:
            return work, self.person(who)
        facts = self.model.works[work - 1]
        if role == "worker":
            return work, next(p for p in self.world.people if p == facts.worker)
        return work, self.lead_of(self.model.bounties[facts.bounty - 1].campaign)

    def shown(self, work, choice):
        if work > len(self.model.works) or choice % 9 == 0:
            return evidence_of(choice)
        return self.model.works[work - 1].evidence

    def accept(self, choice, who):
        work, by = self.work_and_its(choice, who, "lead", REVIEW_STATUS)
        shown = self.shown(work, choice)
        self.act(
            lambda now: self.model.accept(now, by.address, work, shown),
            self.escrow.acceptWork,
            work,
            shown,
            by=by,
        )

    def reject(self, choice, who):
        work, by = self.work_and_its(choice, who, "lead", REVIEW_STATUS)
        shown = self.shown(work, choice)
        self.act(
            lambda now: self.model.reject(now, by.address, work, shown),
            self.escrow.rejectWork,
            work,
            shown,
            REASON,
            by=by,
        )

    def rework(self, choice, who):
        work, by = self.work_and_its(choice, who, "worker", REJECTED)
        self.act(
            lambda now: self.model.rework(now, by.address, work, evidence_of(who)),
            self.escrow.reworkWork,
            work,
            evidence_of(who),
            by=by,
        )

    def withdraw(self, choice, who):
        work, by = self.work_and_its(choice, who, "worker", REJECTED, REVIEW_STATUS)
        self.act(
            lambda now: self.model.withdraw_work(now, by.address, work),
            self.escrow.withdrawWork,
            work,
            by=by,
        )

    # -- acts: for anyone -------------------------------------------------------------------------

    def pay(self, ids):
        self.act(
            lambda now: self.model.pay(now, ids), self.escrow.payWork, ids, by=self.world.stranger
        )

    def release(self, ids):
        self.act(
            lambda now: self.model.release(now, ids),
            self.escrow.releaseWork,
            ids,
            by=self.world.stranger,
        )

    def withdraw_credit(self, who, to):
        by = self.person(who)
        receiver = self.escrow.address if to % 11 == 0 else self.person(to).address
        self.act(
            lambda now: self.model.withdraw_credit(by.address, receiver),
            self.escrow.withdrawCredit,
            receiver,
            by=by,
        )

    def expire_credit(self, who):
        account = self.person(who).address
        self.act(
            lambda now: self.model.expire_credit(now, account),
            self.escrow.expireCredit,
            account,
            by=self.world.stranger,
        )

    # -- invariants -------------------------------------------------------------------------------

    def check(self) -> None:
        """Check E1 to E5 after every act, E7 after some."""
        self.books_agree()
        if self.steps % 5 == 0:
            self.facts_agree()

    def books_agree(self):
        """E1 to E5."""
        model, books = self.model, self.world.books()
        assert books == {
            "paid": model.paid,
            "held": model.held,
            "received": model.received,
            "refunded": model.refunded,
            "pool": model.pool,
            "bondsReceived": model.bonds_received,
            "bondsPaid": model.bonds_paid,
            "bondsHeld": model.bonds_held,
        }
        assert books["received"] == books["paid"] + books["refunded"] + books["held"]
        assert books["bondsReceived"] == books["bondsPaid"] + books["bondsHeld"]
        balance = self.world.token.balanceOf(self.escrow)
        assert balance == books["held"] + books["bondsHeld"] + self.donated
        assert books["held"] == model.places()
        assert books["bondsHeld"] == model.bond_places()

    def facts_agree(self):
        """E7."""
        now = clock.now()
        for i, c in enumerate(self.model.campaigns, 1):
            facts = self.escrow.campaignOf(i)
            fee = c.ask * facts["feeBps"] // 10_000
            assert (facts["lead"], facts["endsAt"]) == (c.lead, c.ends_at)
            assert facts["ask"] - fee - facts["votedUsed"] == c.free
            assert (facts["giftFree"], facts["votedPaid"]) == (c.gift, c.voted_paid)
            assert (facts["live"], facts["lessons"]) == (self.model.live(i), c.lessons)
            assert facts["isFeeSettled"] == c.fee_settled
        for i, b in enumerate(self.model.bounties, 1):
            facts = self.escrow.bountyOf(i)
            assert (facts["freeSlots"], facts["submitBy"]) == (b.free_slots, b.submit_by)
        for i in range(1, len(self.model.works) + 1):
            assert self.escrow.statusOf(i) == self.model.status(i, now)

    def drain(self) -> None:
        """E6 and E8."""
        escrow, model, stranger = self.escrow, self.model, self.world.stranger
        if not model.campaigns:
            return
        longest = max(model.lessons_until(i) for i in range(1, len(model.campaigns) + 1))
        lives = [w.since for w in model.works]
        clock.reach(max([longest, *(since + TERMS.life for since in lives)]) + 1)
        calls = 0
        ids = list(range(1, len(model.works) + 1))
        for state, name, in_model in (
            (PAYABLE, "payWork", model.pay),
            (VOID, "releaseWork", model.release),
        ):
            if any(model.status(i, clock.now() + 1) == state for i in ids):
                calls += 1
                self.act(
                    lambda now, f=in_model: f(now, ids), getattr(escrow, name), ids, by=stranger
                )
        for i, bounty in enumerate(model.bounties, 1):
            if bounty.free_slots:
                calls += 1
                self.reclaim_now(i)
        for i, campaign in enumerate(model.campaigns, 1):
            if campaign.free + campaign.gift or not campaign.fee_settled:
                calls += 1
                self.act(lambda now, i=i: model.close(now, i), escrow.closeCampaign, i, by=stranger)
        clock.pass_time(366 * DAY)
        for account in list(model.credits):
            calls += 1
            self.act(
                lambda now, a=account: model.expire_credit(now, a),
                escrow.expireCredit,
                account,
                by=stranger,
            )
        assert all(model.status(i, clock.now()) == DONE for i in ids)
        assert calls <= 2 + len(model.bounties) + len(model.campaigns) + len(PEOPLE)
        if model.pool:
            self.withdraw_pool(model.pool)
        self.books_agree()
        self.facts_agree()
        assert model.held == model.bonds_held == 0
        assert self.world.token.balanceOf(escrow) == self.donated
        for person, before in self.balances.items():
            got = model.got[person.address] - self.spent[str(person)]
            assert self.world.token.balanceOf(person) == before + got
            assert self.world.points(person) == model.points[person.address]
        voted = sum(c.voted_paid for c in model.campaigns)
        assert sum(model.points.values()) <= voted * model.points_per_unit

    def reclaim_now(self, bounty):
        self.act(
            lambda now: self.model.reclaim_bounty(now, bounty),
            self.escrow.reclaimBounty,
            bounty,
            by=self.world.stranger,
        )


@pytest.fixture(scope="module")
def world(Stablecoin, accounts):
    token = Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    world = deploy_world(project.get_loaded_projects()[0], token, UNIT)
    for account in world.people:
        world.mint(account, 10**6 * UNIT)
    return world


def test_escrow_agrees_with_the_model(world):
    balances = {person: world.token.balanceOf(person) for person in world.people}
    first = EscrowMachine(world, balances, random.Random(0))
    prelude = (first.model, first.spent)
    seen = run_histories(
        lambda source: EscrowMachine(world, balances, source, prelude),
        histories=HISTORIES,
        steps=STEPS,
    )
    print(dict(seen.most_common()))
