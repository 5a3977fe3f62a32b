"""What everybody does with an escrow and its bounties in random histories: what they may and what they may not."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tests.support.campaigns import DAY, DURATION, HALT, NOTICE, REVIEW
from tests.support.escrow_stage import NOBODY, PEOPLE, TERMS_OF, UNIT, WAITS, Acting, digest_of, terms_for, terms_tuple
from tests.support.models import escrow_facts as model


class EscrowActs(Acting):
    """Random acts."""

    # -- choosing ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Do one random act; what has something to act on is likelier."""
        acts = self.acts()
        weights = [weight * (1 if is_sensible else 0.07) for weight, is_sensible in acts.values()]
        self.random.choices(list(acts), weights)[0]()

    def acts(self) -> dict[Callable[[], None], tuple[int, bool]]:
        """Kinds of acts, with their weight and whether they have something to act on."""
        m, states = self.model, self.states()
        return {
            self.submit: (8, bool(self.open_bounties())),
            self.verdict: (10, model.REVIEW in states),
            self.answer: (5, model.REJECTED in states),
            self.settle: (5, bool(states & {model.PAYABLE, model.VOID})),
            self.wait: (4, True),
            self.post: (2, any(c.free + c.gift for c in m.campaigns)),
            self.unposting: (1, True),
            self.ending: (4, any(c.ends_at <= self.chain.now for c in m.campaigns)),
            self.campaign: (2, True),
            self.money: (1, True),
            self.block: (1, True),
            self.credit: (5, bool(m.credits)),
        }

    def states(self) -> set[int]:
        """The statuses of all work, at the time of the next block."""
        works = range(1, len(self.model.works) + 1)
        return {self.model.status(i, self.chain.now + 1) for i in works}

    def one(self, *acts: Callable[[], None]) -> None:
        self.random.choice(acts)()

    def money(self) -> None:
        self.one(
            lambda: self.deposit(self.amount()),
            lambda: self.donate(self.amount()),
            lambda: self.withdraw_pool(self.amount()),
        )

    def campaign(self) -> None:
        self.one(
            lambda: self.fund(self.amount() + 1, self.random.randrange(3_001)),
            self.top_up,
            self.end_early,
            self.replace_lead,
            self.halt,
            lambda: self.set_terms(self.random.choice(list(TERMS_OF))),
        )

    def ending(self) -> None:
        self.one(self.close, self.lessons, self.lessons)

    def unposting(self) -> None:
        self.one(self.cancel, self.reclaim)

    def verdict(self) -> None:
        self.one(self.accept, self.reject)

    def answer(self) -> None:
        self.one(self.rework, self.rework, self.rework, self.withdraw)

    def settle(self) -> None:
        ids = list(range(len(self.model.works) + 2))
        self.random.shuffle(ids)
        ids = ids[self.random.randrange(3) :] + ids[:1]
        self.random.choice([self.pay, self.pay, self.release])(ids)

    def credit(self) -> None:
        self.one(self.withdraw_credit, self.deliver_credit, self.deliver_credit, self.expire_credit)

    def wait(self) -> None:
        seconds = self.random.choice([self.random.choice(WAITS[:-2]), self.random.randrange(DAY)])
        if self.chance(0.2):
            seconds = self.random.randrange(3_600)
        elif self.chance(0.12):
            ends = [c.ends_at - self.chain.now for c in self.model.campaigns]
            seconds = self.random.choice([*ends, *(end + REVIEW for end in ends), WAITS[-1]])
        self.wait_until(self.chain.now + max(1, seconds))

    # -- money in and campaigns -------------------------------------------------------------------

    def deposit(self, amount: int) -> None:
        governance = self.people["governance"]
        by = self.person() if self.chance(0.1) else governance
        if self.on_escrow(lambda now: self.model.deposit(by, by == governance, amount), "deposit", amount, by=by):
            self.memory.spent[by] += amount

    def donate(self, amount: int) -> None:
        """Send tokens to the escrow past its books."""
        giver = self.people["giver"]
        self.act(lambda now: None, self.stage.token, "transfer", self.stage.escrow.address, amount, by=giver)
        self.memory.spent[giver] += amount
        self.memory.donated += amount

    def withdraw_pool(self, amount: int) -> None:
        self.on_escrow(
            lambda now: self.model.withdraw_pool(amount), "withdrawPool", amount, by=self.people["governance"]
        )

    def fund(self, ask: int, fee_bps: int) -> None:
        lead = self.people["lead"]
        self.on_escrow(
            lambda now: self.model.fund(now, lead, ask, fee_bps, DURATION),
            "fund",
            [(1, 1, lead, ask, fee_bps, DURATION)],
            by=self.people["board"],
        )

    def top_up(self) -> None:
        self.top_up_with(self.one_of(len(self.model.campaigns)), self.amount())

    def top_up_with(self, campaign: int, amount: int) -> None:
        giver = self.people["giver"]
        if self.on_escrow(lambda now: self.model.top_up(now, campaign, amount), "topUp", campaign, amount, by=giver):
            self.memory.spent[giver] += amount

    def end_early(self) -> None:
        campaign = self.one_of(len(self.model.campaigns))
        governance = self.people["governance"]
        by = self.random.choice([self.lead_of(campaign), governance, self.person()])
        at = self.chain.now + NOTICE + self.random.randrange(20 * DAY)
        self.on_escrow(
            lambda now: self.model.end_early(now, by, by == governance, campaign, at), "endEarly", campaign, at, by=by
        )

    def replace_lead(self) -> None:
        campaign = self.one_of(len(self.model.campaigns))
        lead = NOBODY if self.chance(0.1) else self.person()
        busy = [w for w in self.model.works if w.state != "done"]
        if busy and self.chance(0.25):
            work = self.random.choice(busy)
            campaign, lead = self.model.bounties[work.bounty - 1].campaign, work.worker
        self.on_escrow(
            lambda now: self.model.replace_lead(now, campaign, lead),
            "replaceLead",
            campaign,
            lead,
            by=self.people["governance"],
        )

    def halt(self) -> None:
        now = self.chain.now + 1
        if self.model.halted_until and now < self.model.halted_until + HALT:
            return
        self.on_escrow(lambda now: self.model.halt(now, HALT), "halt", by=self.people["guardian"])

    def set_terms(self, name: str) -> None:
        chosen = terms_for(self.memory, name, self.model.terms.number + 1)
        self.act(
            lambda now: setattr(self.model, "terms", chosen),
            self.stage.desk,
            "setTerms",
            terms_tuple(chosen),
            by=self.people["governance"],
        )

    def close(self) -> None:
        self.close_now(self.one_of(len(self.model.campaigns)))

    def close_now(self, campaign: int) -> None:
        self.on_escrow(
            lambda now: self.model.close(now, campaign), "closeCampaign", campaign, by=self.people["stranger"]
        )

    def lessons(self) -> None:
        done = [i for i, c in enumerate(self.model.campaigns, 1) if self.may_file(i, c)]
        campaign = self.one_of(len(self.model.campaigns))
        early = [i for i, c in enumerate(self.model.campaigns, 1) if c.ends_at <= self.chain.now and self.model.live(i)]
        chosen = early if early and self.chance(0.25) else done
        if chosen and self.chance(0.9):
            campaign = self.random.choice(chosen)
        by, lessons = self.lead_of(campaign), digest_of(self.number())
        known = campaign <= len(self.model.campaigns)
        c = self.model.campaigns[campaign - 1] if known else None
        amount = self.stake(0 if c is None or c.fee_settled else c.terms.bond_of(c.earned_now))
        self.staking(
            lambda now: self.model.file_lessons(now, by, campaign, lessons, amount),
            self.stage.escrow,
            "fileLessons",
            campaign,
            lessons,
            amount,
            by=by,
        )

    def may_file(self, number: int, campaign: model.Campaign) -> bool:
        is_time = campaign.ends_at <= self.chain.now < self.model.lessons_until(number)
        return is_time and not campaign.lessons and not self.model.live(number)

    # -- bounties ---------------------------------------------------------------------------------

    def post_valid(self, campaign: int, reward: int, bond: int, slots: int, is_gift: bool) -> None:
        submit_by = min(self.chain.now + 20 * DAY, self.model.campaigns[campaign - 1].ends_at)
        self.post_with(campaign, reward, bond, submit_by, slots, is_gift, NOBODY)

    def post(self) -> None:
        campaign = self.one_of(len(self.model.campaigns))
        reward, bond = self.amount(), self.random.randrange(20 * UNIT)
        submit_by = self.chain.now + self.random.randrange(1, DURATION)
        if campaign <= len(self.model.campaigns) and self.chance(0.7):
            submit_by = min(submit_by, self.model.campaigns[campaign - 1].ends_at)
            least = self.model.campaigns[campaign - 1].terms.bond_of(reward)
            bond = min(max(bond, least), reward) * self.chance(0.7)
        worker = self.person() if self.chance(0.2) else NOBODY
        slots, is_gift = self.random.randrange(4), self.chance(0.25)
        self.post_with(campaign, reward, bond, submit_by, slots, is_gift, worker)

    def post_with(self, campaign: int, *facts: Any) -> None:
        by = self.lead_of(campaign)
        self.on_escrow(
            lambda now: self.model.post_bounty(now, by, campaign, *facts),
            "postBounty",
            (campaign, *facts, digest_of(1)),
            by=by,
        )

    def cancel(self) -> None:
        bounty = self.one_of(len(self.model.bounties))
        by = self.person()
        if bounty <= len(self.model.bounties) and self.chance(0.75):
            by = self.lead_of(self.model.bounties[bounty - 1].campaign)
        self.on_escrow(lambda now: self.model.cancel_bounty(now, by, bounty), "cancelBounty", bounty, by=by)

    def reclaim(self) -> None:
        self.reclaim_now(self.one_of(len(self.model.bounties)))

    def reclaim_now(self, bounty: int) -> None:
        self.on_escrow(
            lambda now: self.model.reclaim_bounty(now, bounty), "reclaimBounty", bounty, by=self.people["stranger"]
        )

    # -- work -------------------------------------------------------------------------------------

    def submit(self) -> None:
        opened = self.open_bounties()
        bounty = self.one_of(len(self.model.bounties))
        if opened and self.chance(0.85):
            bounty = self.random.choice(opened)
        by, evidence, payees = self.person(), digest_of(self.number()), self.payees()
        if bounty <= len(self.model.bounties) and self.chance(0.7):
            leads = {self.model.campaigns[self.model.bounties[bounty - 1].campaign - 1].lead}
            by = self.random.choice([p for p in map(self.people.get, PEOPLE) if p not in leads])
        known = bounty <= len(self.model.bounties)
        amount = self.stake(self.model.bounties[bounty - 1].bond if known else 0)
        self.staking(
            lambda now: self.model.submit(now, by, bounty, evidence, payees, amount),
            self.stage.escrow,
            "submitWork",
            bounty,
            evidence,
            payees,
            amount,
            by=by,
        )

    def open_bounties(self) -> list[int]:
        at = self.chain.now + 1
        bounties = enumerate(self.model.bounties, 1)
        return [i for i, b in bounties if b.free_slots and at < self.model.closes_at(i)]

    def payees(self) -> list[tuple[str, int]]:
        """Nobody (the worker), or up to four people with shares."""
        if self.chance(0.4):
            return []
        cuts = sorted(self.random.sample(range(10_001), self.random.randrange(4)))
        ends = [0, *cuts, 10_000]
        payees = [(self.person(), end - start) for start, end in itertools.pairwise(ends)]
        if self.chance(0.05):
            payees[0] = (self.stage.escrow.address, payees[0][1])
        return payees

    def accept(self) -> None:
        work = self.work_in(model.REVIEW)
        by, shown = self.judge_of(work), self.shown(work)
        self.on_escrow(lambda now: self.model.accept(now, by, work, shown), "acceptWork", work, shown, by=by)

    def reject(self) -> None:
        work = self.work_in(model.REVIEW)
        again = [i for i, w in enumerate(self.model.works, 1) if w.reworked and w.state == "review"]
        if again and self.chance(0.5):
            work = self.random.choice(again)
        by, shown = self.judge_of(work), self.shown(work)
        self.on_escrow(
            lambda now: self.model.reject(now, by, work, shown), "rejectWork", work, shown, digest_of(2), by=by
        )

    def rework(self) -> None:
        work, evidence = self.work_in(model.REJECTED), digest_of(self.number())
        by = self.worker_of(work)
        self.on_escrow(lambda now: self.model.rework(now, by, work, evidence), "reworkWork", work, evidence, by=by)

    def withdraw(self) -> None:
        work = self.work_in(model.REJECTED, model.REVIEW)
        by = self.worker_of(work)
        self.on_escrow(lambda now: self.model.withdraw_work(now, by, work), "withdrawWork", work, by=by)

    # -- for anyone -------------------------------------------------------------------------------

    def pay(self, ids: list[int]) -> None:
        self.on_escrow(lambda now: self.model.pay(now, ids), "payWork", ids, by=self.people["stranger"])

    def release(self, ids: list[int]) -> None:
        self.on_escrow(lambda now: self.model.release(now, ids), "releaseWork", ids, by=self.people["stranger"])

    def withdraw_credit(self) -> None:
        owners = [account for account, credit in self.model.credits.items() if credit.amount]
        by = self.random.choice(owners) if owners and self.chance(0.8) else self.person()
        to = self.stage.escrow.address if self.chance(0.1) else self.person()
        self.on_escrow(lambda now: self.model.withdraw_credit(by, to), "withdrawCredit", to, by=by)

    def deliver_credit(self) -> None:
        owners = list(self.model.credits)
        free = [account for account in owners if account not in self.model.blocked]
        chosen = free if free and self.chance(0.8) else owners
        account = self.random.choice(chosen) if chosen and self.chance(0.9) else self.person()
        self.on_escrow(
            lambda now: self.model.deliver_credit(account), "deliverCredit", account, by=self.people["stranger"]
        )

    def expire_credit(self) -> None:
        self.expire_credit_of(self.person())

    def expire_credit_of(self, account: str) -> None:
        self.on_escrow(
            lambda now: self.model.expire_credit(now, account), "expireCredit", account, by=self.people["stranger"]
        )

    def block(self) -> None:
        account = self.people[self.random.choice(("worker", "other", "stranger"))]
        is_blocked = account not in self.model.blocked
        change = self.model.blocked.add if is_blocked else self.model.blocked.discard
        self.act(
            lambda now: change(account),
            self.stage.token,
            "setBlocked",
            account,
            is_blocked,
            by=self.people["governance"],
        )
