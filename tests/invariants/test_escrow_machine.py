"""CampaignEscrow and DisputeDesk: random histories against the models in tests/support/models.

Everybody does everything, allowed or not: contracts and model have to agree on what is refused and
why, and after every act on every unit. At a random moment everyone stops.

E1  received = paid + refunded + held.
E2  bonds received = bonds paid + bonds held.
E3  The escrow's token balance is held + bonds held, plus what was donated.
E4  Held is the pool, free campaign money, unsettled fees, free slots, live rewards, credits and
    jurors' pots.
E5  Bonds held are the bonds of live work and of its disputes.
P1 to P5  Of every dispute that ended: guilt never pays its author and friends; jurors earn the same whichever
    way they rule; who is right gains, who is wrong loses; the fee loses at most the reward; prizes
    come from stakes alone. (tests/support/models/disputes.py says them in numbers; E7 that the
    contracts pay what the table says.)
E6  Points awarded are the model's, and never exceed voted money paid out.
E7  Stored facts, statuses, disputes and balances are the model's.
E8  Everyone can always get out: wherever everyone stops, with strangers' calls and time alone every
    campaign reaches zero in a bounded number of calls; promised money is paid or stands as a
    credit, bonds are settled, the rest is in the pool.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from brownie import project, web3

from tests.support.campaigns import DAY, deploy_world, terms
from tests.support.dispute_acts import DisputeActs
from tests.support.escrow_stage import PEOPLE, ROLES, UNIT, VOTES, Stage, batches, first_memory
from tests.support.histories import record, run_histories
from tests.support.jury import seat_jury
from tests.support.models import escrow_facts as model
from tests.support.models.disputes import CHALLENGED, CONTESTED, violations
from tests.support.models.refusals import Refused
from tests.support.remote import Errors, Remote, RemoteChain

HISTORIES, STEPS = 50, 80
BATCH = 20
# What histories stop in; over many of them, in each.
STATES = (
    *("review", "review again", "accepted", "accepted silently", "rejected", "rejected again"),
    *("contested", "disputed", "challenged", "payable", "payable by ruling", "payable without ruling"),
    *("void", "void by ruling", "void without ruling"),
    *("done", "done by ruling", "done without ruling"),
    *("bounty open", "bounty with idle slots"),
    *("campaign running", "campaign awaiting lessons", "campaign overdue"),
    *("campaign with lessons", "campaign without lessons"),
    *("jurors unpaid", "commitments unrevealed", "credit", "halted"),
)
# What the histories hold at the least, or they would prove little.
ACTS = (
    *("fund", "topUp", "endEarly", "replaceLead", "halt", "setTerms", "postBounty", "cancelBounty"),
    *("reclaimBounty", "submitWork", "acceptWork", "rejectWork", "reworkWork", "withdrawWork"),
    *("payWork", "releaseWork", "fileLessons", "closeCampaign", "withdrawCredit", "deliverCredit", "expireCredit"),
    *(
        "challenge",
        "contest",
        "uphold",
        "submitEvidence",
        "setRuling",
        "ruleAt",
        "setShares",
        "payJurors",
        "expireJurors",
    ),
    *("commit", "reveal", "executeRuling"),
)
REFUSALS = (
    *("CampaignEscrowWrongStatus", "CampaignEscrowNothingDue", "CampaignEscrowNotWorker"),
    *("CampaignEscrowLeadIsPayee", "CampaignEscrowOtherEvidence", "CampaignEscrowLiveWork"),
    *("DisputeDeskNotOpen", "DisputeDeskNotArbitrator", "DisputeDeskNothingDue"),
    *("DisputeDeskWrongCost", "DisputeDeskIdTaken", "DisputeDeskNoArbitrator"),
    *("CampaignEscrowBondTooLow", "CampaignEscrowLeadHasWork", "AccessManagedUnauthorized"),
    *("CampaignEscrowBondShort", "CampaignEscrowNotDelivered", "CampaignEscrowNothingAtStake"),
    *("JuryParty", "JuryOtherCommitment", "JuryNotRevealing", "JuryNotExecutable"),
)
POINTS_AWARDED = web3.keccak(text="PointsAwarded(address,uint256,uint256)").to_0x_hex()


class EscrowMachine(DisputeActs):
    """Acts until everyone stops; then only time and a stranger go on.

    Attributes:
        tally: Where histories stopped, and what it took to end them; of all histories together.
    """

    def __init__(self, stage, memory, source, balances, tally) -> None:
        super().__init__(stage, memory, source)
        self.balances, self.tally = balances, tally
        self.left, self.checked = source.randint(0, STEPS), -1

    def step(self) -> None:
        if self.left:
            self.left -= 1
            super().step()

    def begin(self) -> None:
        """Fund and post under all terms, so that histories are about work."""
        self.deposit(6_000 * UNIT)
        for name, ask, fee_bps, bounties in (
            (None, 1_000 * UNIT, 1_500, [(100 * UNIT, 20 * UNIT, 4), (77, 9, 2)]),
            (None, 777, 2_999, [(101, 101, 3)]),
            ("jury", 900 * UNIT, 300, [(60 * UNIT + 7, 12 * UNIT, 4), (99 * UNIT, 0, 4)]),
            ("punctual", 500 * UNIT, 2_000, [(40 * UNIT + 9, 0, 4)]),
            ("cheap", 300 * UNIT, 1_000, [(30 * UNIT, UNIT, 3)]),
            ("dear", 300 * UNIT, 0, [(50 * UNIT + 3, 0, 3)]),
            ("none", 200 * UNIT, 1_000, [(20 * UNIT, 2 * UNIT, 2)]),
        ):
            if name:
                self.set_terms(name)
            self.fund(ask, fee_bps)
            for reward, bond, slots in bounties:
                self.post_valid(len(self.model.campaigns), reward, bond, slots, is_gift=False)
        self.top_up_with(1, 300 * UNIT)
        self.post_valid(1, 33 * UNIT + 1, 7, 3, is_gift=True)
        self.set_terms("hostile")

    # -- invariants -------------------------------------------------------------------------------

    def check(self) -> None:
        """Check E1 to E5 and E7, if anything happened."""
        if self.checked == len(self.log):
            return
        self.checked = len(self.log)
        m, escrow = self.model, self.stage.escrow.address
        people = [self.people[role] for role in ROLES]
        met = self.chain.words(self.stage.probe, "all", escrow, people, skip=2)
        expected = self.words()
        if met != expected:
            assert self.told(met) == self.told(expected)
        assert m.received == m.paid + m.refunded + m.held
        assert m.held == m.places()
        assert m.bonds_held == m.bond_places()
        for end in m.ends:
            assert violations(*end) == []

    def words(self) -> list[int]:
        """What the probe has to say."""
        m = self.model
        words = [m.paid, m.held, m.received, m.refunded, m.pool]
        words += [m.bonds_received, m.bonds_paid, m.bonds_held]
        words.append(m.held + m.bonds_held + self.memory.donated)
        for i, c in enumerate(m.campaigns, 1):
            words += [int(c.lead, 16), c.ends_at, c.terms.number, c.ask - c.fee - c.free]
            words += [c.fee_settled, c.gift, c.voted_paid, m.live(i), c.fee_taken, c.stints[-1].taken]
            for place, stint in enumerate(c.stints[:-1], 1):
                earned = sum(earlier.earned for earlier in c.stints[:place])
                words += [int(stint.lead, 16), stint.until, stint.booked, earned]
            words.append(c.lessons)
        for b in m.bounties:
            words += [b.reward, b.free_slots, b.submit_by]
        for i, w in enumerate(m.works, 1):
            words += [m.status(i, self.chain.now), w.since, w.stint]
            if d := m.disputes.get(i):
                terms_id = m.campaign_of(i).terms.number
                ruled = 0 if d.ruling is None else 1 + d.ruling
                words += [int(d.opener, 16), d.until, terms_id, ruled, d.kind == CHALLENGED]
                words += [int(d.lead, 16), d.settled_at, d.pulls_from, int(d.upholder, 16)]
                words += [d.number or 0, d.bond]
                words += [d.pot, d.pot_whole, d.shares_total]
        for role in ROLES:
            account = self.people[role]
            credit = m.credits.get(account, model.Credit())
            got = m.got[account] - self.memory.spent[account]
            words += [credit.amount, credit.voted, credit.since, self.balances[account] + got]
        return words

    def told(self, words: list[int]) -> list[str]:
        """Words with where they stand, to read in a failure."""
        m = self.model
        names = ["paid", "held", "received", "refunded", "pool"]
        names += ["bonds received", "bonds paid", "bonds held", "balance"]
        facts = "lead ends terms votedUsed settled gift votedPaid live taken leadTaken"
        for i, c in enumerate(m.campaigns, 1):
            names += [f"campaign {i} {fact}" for fact in facts.split()]
            for place in range(1, len(c.stints)):
                names += [f"campaign {i} stint {place} {fact}" for fact in ("lead", "until", "fee", "earned")]
            names.append(f"campaign {i} lessons")
        for i in range(1, len(m.bounties) + 1):
            names += [f"bounty {i} {fact}" for fact in ("reward", "free slots", "submit by")]
        facts = "opener until terms ruled challenge lead settled pulls upholder id bond pot whole shares"
        for i in range(1, len(m.works) + 1):
            names += [f"work {i} status", f"work {i} since", f"work {i} stint"]
            if i in m.disputes:
                names += [f"dispute {i} {fact}" for fact in facts.split()]
        for role in ROLES:
            names += [f"{role} {fact}" for fact in ("credit", "voted", "since", "balance")]
        if len(names) != len(words):
            return [f"{len(words)} words instead of {len(names)}"]
        return [f"{name} {word}" for name, word in zip(names, words, strict=True)]

    # -- everyone stops ---------------------------------------------------------------------------

    def stopped_in(self) -> set[str]:
        """Every state that something is in now."""
        m, now = self.model, self.chain.now
        states = {name for i, w in enumerate(m.works, 1) for name in self.states_of(i, w)}
        for i, c in enumerate(m.campaigns, 1):
            if now < c.ends_at:
                states.add("campaign running")
            elif c.fee_settled:
                states.add("campaign with lessons" if c.lessons else "campaign without lessons")
            elif now < m.lessons_until(i):
                states.add("campaign awaiting lessons")
            else:
                states.add("campaign overdue")
        for i, b in enumerate(m.bounties, 1):
            if b.free_slots:
                states.add("bounty open" if now < m.closes_at(i) else "bounty with idle slots")
        if any(dispute.pot for dispute in m.disputes.values()):
            states.add("jurors unpaid")
        if m.credits:
            states.add("credit")
        if now < m.halted_until:
            states.add("halted")
        if any(case.commitments for case in self.jury.cases):
            states.add("commitments unrevealed")
        return states

    def states_of(self, number: int, work: model.Work) -> set[str]:
        status = self.model.status(number, self.chain.now)
        dispute = self.model.disputes.get(number)
        is_ruled = dispute and dispute.kind != CONTESTED and dispute.told(self.chain.now) is not None
        by = " by ruling" if is_ruled else ""
        by = by or (" without ruling" if dispute else "")
        silent = " silently" if work.state == "review" else ""
        again = " again" if work.reworked else ""
        return {
            {
                model.REVIEW: "review" + again,
                model.ACCEPTED: "accepted" + silent,
                model.REJECTED: "rejected" + again,
                model.CONTESTED_NOW: "contested",
                model.DISPUTED: "challenged" if dispute and dispute.kind == CHALLENGED else "disputed",
                model.PAYABLE: "payable" + by,
                model.VOID: "void" + by,
                model.DONE: "done" + by,
            }[status]
        }

    def drain(self) -> None:
        """E8 and E6: nobody but a stranger goes on, and everything ends."""
        m = self.model
        stopped_in = self.stopped_in()
        assert stopped_in <= set(STATES)
        self.tally.update({"stopped in " + state: 1 for state in stopped_in})
        self.wait_until(self.last_deadline())
        bound = self.most_calls()
        calls = self.strangers_calls()
        self.check()
        assert calls <= bound
        self.tally["max_calls"] = max(self.tally["max_calls"], calls)
        pots = {work: d.pot for work, d in m.disputes.items() if d.pot}
        owed = sum(credit.amount for credit in m.credits.values()) + sum(pots.values())
        is_ended = (
            all(work.state == "done" for work in m.works)
            and all(c.fee_settled and not c.free + c.gift + c.fee_left for c in m.campaigns)
            and not any(b.free_slots for b in m.bounties)
            and m.bonds_held == 0
            and m.held == m.pool + owed
        )
        self.tally["stuck"] += not is_ended
        self.a_year_later(pots)
        self.points_agree()

    def last_deadline(self) -> int:
        """When time has nothing more to change, credits and pots aside."""
        m = self.model
        ends = [m.lessons_until(i) for i in range(1, len(m.campaigns) + 1)]
        ends += [work.since + m.campaign_of(i).terms.life for i, work in enumerate(m.works, 1)]
        return max([*ends, self.chain.now])

    def most_calls(self) -> int:
        """What it takes at most: batches of live work, and one call for each of the rest."""
        m = self.model
        live = sum(work.state != "done" for work in m.works)
        idle = sum(b.free_slots > 0 for b in m.bounties)
        opened = sum(not c.fee_settled or c.free + c.gift > 0 for c in m.campaigns)
        pots = sum(d.pot > 0 or m.works[w - 1].state == "disputed" for w, d in m.disputes.items())
        return -(-live // BATCH) + 1 + idle + opened + pots

    def strangers_calls(self) -> int:
        """Pay, release, reclaim, close, pay jurors; returns how many calls it took."""
        m, before = self.model, len(self.log)
        now = self.chain.now + 1
        for status, end in ((model.PAYABLE, self.pay), (model.VOID, self.release)):
            due = [i for i in range(1, len(m.works) + 1) if m.status(i, now) == status]
            for ids in batches(due, BATCH):
                end(ids)
        for i, b in enumerate(m.bounties, 1):
            if b.free_slots:
                self.reclaim_now(i)
        for i, c in enumerate(m.campaigns, 1):
            if c.free + c.gift or not c.fee_settled:
                self.close_now(i)
        everybody = [self.people[role] for role in PEOPLE]
        for work, dispute in m.disputes.items():
            if dispute.pot and self.owed(dispute, everybody):
                self.pay_jurors_of(work, everybody)
        return len(self.log) - before

    @staticmethod
    def owed(dispute, jurors) -> bool:
        """Whether somebody can be paid of a pot."""
        for juror in set(jurors) - dispute.paid:
            try:
                start, end = dispute.arbitrator.share(dispute.number, juror)
            except Refused:
                return False
            whole, pot = dispute.shares_total, dispute.pot_whole
            if start < end <= whole and 0 < pot * end // whole - pot * start // whole <= dispute.pot:
                return True
        return False

    def a_year_later(self, pots) -> None:
        """What nobody fetched is the pool's, and the pool the treasury's: the escrow is empty."""
        m = self.model
        self.wait_until(self.chain.now + 366 * DAY)
        for work in pots:
            self.expire_jurors_of(work)
        for account in list(m.credits):
            self.expire_credit_of(account)
        if m.pool:
            self.withdraw_pool(m.pool)
        self.check()
        assert m.held == m.pool == 0

    def points_agree(self) -> None:
        """E6."""
        m, met = self.model, Counter()
        for log in self.chain.logs(self.stage.reputation.address, POINTS_AWARDED):
            account = self.role(web3.to_checksum_address("0x" + log["topics"][1][26:]))
            met[account] += int(log["data"][2:66], 16)
        assert met == Counter({self.role(a): p for a, p in m.points.items() if p})
        voted = sum(c.voted_paid + sum(stint.earned for stint in c.stints) for c in m.campaigns)
        assert met.total() <= voted * m.points_per_unit


@pytest.fixture(scope="module")
def stage(Stablecoin, HostileArbitrator, EscrowProbe, accounts):
    has, deployer = project.get_loaded_projects()[0], {"from": accounts[0]}
    token = Stablecoin.deploy("Dollar", "USD", 6, deployer)
    hostile = HostileArbitrator.deploy(deployer)
    first = terms(arbitrator=hostile, paysJurors=True)
    world = deploy_world(has, token, UNIT, first)
    for role in (*PEOPLE, "governance"):
        world.mint(getattr(world, role), 10**6 * UNIT)
    jury = seat_jury(world, {getattr(world, role): votes for role, votes in VOTES.items()})
    other, punctual = HostileArbitrator.deploy(deployer), HostileArbitrator.deploy(deployer)
    punctual.setRulingSeconds(2 * DAY, deployer)
    abis = [entry.abi for entry in (world.escrow, world.desk, token, jury, hostile)]
    return Stage(
        RemoteChain(Errors(abis)),
        web3.eth.chain_id,
        *map(Remote, (world.escrow, world.desk, token, world.reputation, jury)),
        {"hostile": Remote(hostile), "other hostile": Remote(other), "punctual": Remote(punctual)},
        Remote(EscrowProbe.deploy(deployer)),
        {role: getattr(world, role).address for role in ROLES},
    )


def test_escrow_agrees_with_the_model(stage, Stablecoin):
    token = Stablecoin.at(stage.token.address)
    balances = {account: token.balanceOf(account) for account in stage.people.values()}
    tally = Counter({"stopped in " + state: 0 for state in STATES} | {"stuck": 0})
    first = EscrowMachine(stage, first_memory(stage), random.Random(0), balances, tally)
    first.begin()
    first.check()
    run_histories(
        lambda source: EscrowMachine(stage, first.memory, source, balances, tally),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=ACTS + REFUSALS,
    )
    record(tally)
    assert tally["stuck"] == 0
