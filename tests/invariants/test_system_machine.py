"""A whole DMO under the recommended rules: random histories, and a coalition in each.

Board, escrow, desk, jury, reputation, governor and treasury, deployed as users deploy them. Of eight people
any one to five are in one hand and do what they like, lead, work, challenge, uphold, judge and vote; the others
say the truth when they look. What is checked, after every act or at the end:

S1  received = paid + refunded + held; bonds likewise; held and bonds are what lies in the pool, in campaigns,
    slots, live work, credits and pots; the token balance covers both, to the unit.
S2  Every end of work moves every unit as the table of ends says (tests/support/models/disputes.py).
S3  A weight is the same for every dispute of a round, from its opening to its reveal.
S4  A ruling is what the heavier side revealed, with a quorum; a coalition that is the lighter side moves none.
S5  No proposal is carried out outside its window; nobody votes for one late.
S6  Points are awarded only for voted money that was paid.
S7  Wherever everyone stops, strangers' calls and time bring the escrow to zero.
S8  A coalition gains by a piece of work no more than tests/support/models/coalitions.py allows: nothing by
    guilt; stakes that others staked against the truth; what nobody challenged, and the fee in proportion; what
    a majority of the jury that came gave it. The largest gains are written to build/coalitions.json.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.histories import record, run_histories
from tests.support.models.coalitions import CAPTURED, FEE, KINDS, Job, fee_outcome, outcome
from tests.support.models.disputes import NO_RULING
from tests.support.system.acts import SystemHistory
from tests.support.system.reading import DONE, PAYABLE, VOID, Campaign, live_works
from tests.support.system.stage import DAY, deploy_stage
from tools.write_coalitions import GAIN, SHARE, write

HISTORIES, STEPS = 10, 220
BATCH = 20
# What the histories hold at the least, or they would prove little.
ACTS = (
    *("post", "castBallot", "settle", "postBounty", "submitWork", "acceptWork", "rejectWork", "reworkWork"),
    *("withdrawWork", "challenge", "contest", "uphold", "commit", "reveal", "executeRuling", "payWork"),
    *("releaseWork", "payJurors", "fileLessons", "closeCampaign", "topUp", "deliverCredit", "withdrawCredit"),
    *("propose", "castVote", "queue", "execute", "transfer", "endEarly", "reclaimBounty", "halt"),
)


class SystemMachine(SystemHistory):
    """Acts until everyone stops; then only time and strangers go on.

    Attributes:
        tally: The largest gains, and what it took to end histories; of all histories together.
    """

    def __init__(self, stage, source, tally) -> None:
        super().__init__(stage, source)
        self.tally, self.left = tally, source.randint(STEPS // 3, STEPS)

    def step(self) -> None:
        if self.left:
            self.left -= 1
            super().step()

    def check(self) -> None:
        """S1."""
        b = self.reading.books
        assert b["received"] == b["paid"] + b["refunded"] + b["held"]
        assert b["bonds received"] == b["bonds paid"] + b["bonds held"]
        assert b["balance"] == b["held"] + b["bonds held"]
        assert (b["held"], b["bonds held"]) == self.reading.places(self.known)

    # -- everyone stops ---------------------------------------------------------------------------

    def drain(self) -> None:
        """S7, then what can be said at the end."""
        for who in sorted(self.blocked):
            self.stage.send(self.stage.deployer, "Stablecoin", "setBlocked", who, False)
        if self.chance(0.6):  # of all people the jurors stop last
            self.sit(self.chain.now + 10 * DAY)
            self.check()
        ends = [self.all_due(c) + p.life for c, p in zip(self.reading.campaigns, self.known.promises, strict=True)]
        self.wait_until(max([*ends, self.chain.now]))
        calls, most = self.strangers_calls(), self.most_calls
        self.tally["max_calls"] = max(self.tally["max_calls"], calls)
        assert calls <= most
        b = self.reading.books
        assert all(work.status == DONE for work in self.reading.works)
        assert b["bonds held"] == 0
        self.expire()
        b = self.reading.books
        self.tally["stuck"] += b["held"] != b["pool"]
        assert b["held"] == b["pool"]
        if b["pool"]:
            self.act(self.stage.contracts["Treasury"].address, "CampaignEscrow", "withdrawPool", b["pool"])
        assert self.reading.books["held"] == self.reading.books["balance"] == 0
        self.check()
        self.rulings_hold()
        self.points_hold()
        self.gains_hold()

    def all_due(self, one: Campaign) -> int:
        """A life after this all that a campaign holds is due; lessons come late where nobody has closed it."""
        lessons = self.reading.works[one.lessons - 1] if one.lessons else None
        return max(one.ends_at, lessons.since) if lessons and lessons.status != DONE else one.ends_at

    def strangers_calls(self) -> int:
        """Pay, release, reclaim, close, pay jurors, deliver; returns how many calls it took."""
        stranger, calls = self.stage.people[7].lower(), 0
        live, pots = sum(work.status != DONE for work in self.reading.works), 0
        for function, status in (("payWork", PAYABLE), ("releaseWork", VOID)):
            due = list(live_works(self.reading, status))
            for i in range(0, len(due), BATCH):
                assert self.end(stranger, function, due[i : i + BATCH])
                self.check()
                calls += 1
        idle = [i for i, bounty in enumerate(self.reading.bounties, 1) if bounty.free_slots]
        for bounty in idle:
            assert self.act(stranger, "CampaignEscrow", "reclaimBounty", bounty)
        for campaign in range(1, len(self.reading.campaigns) + 1):
            calls += self.close(stranger, campaign)
        for number, work in enumerate(self.reading.works, 1):
            if work.dispute and work.dispute.pot:
                pots += 1
                self.pay_jurors(number)
        owners = [who for who, amount in self.reading.credits.items() if amount]
        for who in owners:
            assert self.act(stranger, "CampaignEscrow", "deliverCredit", who)
        self.most_calls = live + len(idle) + len(self.reading.campaigns) + pots + len(owners)
        return calls + len(idle) + pots + len(owners)

    def expire(self) -> None:
        """What rounding left of a pot is the pool's a year later."""
        left = [i for i, work in enumerate(self.reading.works, 1) if work.dispute and work.dispute.pot]
        if left:
            self.wait_until(self.chain.now + 366 * DAY)
            for number in left:
                assert self.act(self.people[7], "DisputeDesk", "expireJurors", number)

    # -- at the end -------------------------------------------------------------------------------

    def rulings_hold(self) -> None:
        """S4; that a ruling was the heavier side's was seen when the work ended."""
        outside = set(self.people) - self.coalition
        for job in self.jobs:
            if not job.hearing:
                continue
            honest, theirs = job.hearing.revealed(outside), job.hearing.revealed(self.coalition)
            assert honest == job.hearing.revealed(outside, job.truth)
            if job.ruling != NO_RULING and honest > theirs:
                assert job.ruling == job.truth, "a minority moved a ruling"
                self.tally["minorities"] += theirs > 0

    def points_hold(self) -> None:
        """S6."""
        points = sum(self.stage.ask("Reputation", "lifetimeOf", who)[0] for who in self.people)
        rate, decimals = self.stage.ask("CampaignEscrow", "pointsPerToken")[0], 10**6
        assert points * decimals == self.voted * rate
        assert self.voted <= self.reading.books["paid"]

    def gains_hold(self) -> None:
        """S8."""
        total = Counter(self.gifts)
        for job in self.jobs:
            total.update(job.got)
            kind, gain, most = outcome(job, self.coalition)
            assert gain <= most, f"{kind}: {gain} gained, {most} at most, {job}"
            self.measure(kind, gain, job.reward)
            if kind == CAPTURED:
                self.by_a_majority(job)
        for fees in self.fees.values():
            total.update(fees)
        self.fees_hold()
        wealth = {who.lower(): amount - self.first[who] for who, amount in self.reading.wealth.items()}
        assert wealth == {who: total[who] for who in self.people}, "money that nobody booked"

    def fees_hold(self) -> None:
        """A fee is in proportion to what was paid: junk that is paid earns its leads no more than that."""
        for campaign, promise in enumerate(self.known.promises, 1):
            paid, got = {True: 0, False: 0}, self.fees.get(campaign, Counter()).copy()
            lessons = self.reading.campaigns[campaign - 1].lessons
            for number, job in enumerate(self.jobs, 1):
                offer = self.known.offer_of(number)
                if number == lessons:
                    got.update(job.paid or {})
                elif offer.campaign == campaign and not offer.is_gift and job.paid:
                    paid[job.is_good] += job.reward
            ours = sum(amount for who, amount in got.items() if who in self.coalition)
            gain, most = fee_outcome(promise.fee, promise.ask - promise.fee, paid[True], paid[False], ours)
            assert gain <= most, f"fee of {campaign}: {gain} gained, {most} at most"
            self.measure(FEE, gain, promise.fee)

    def measure(self, kind: str, gain: int, whole: int) -> None:
        """The largest of its kind, in units and as a share of the whole (bps)."""
        self.tally[kind] += 1
        for name, number in ((GAIN, gain), (SHARE, gain * 10_000 // max(1, whole))):
            key = f"max_{name} {kind}"
            self.tally[key] = max(self.tally[key], number)

    def by_a_majority(self, job: Job) -> None:
        """Only the heavier side of who came says the contrary of the truth."""
        assert job.hearing
        assert job.hearing.revealed(self.coalition) > job.hearing.revealed(set(self.people) - self.coalition)


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return deploy_stage(tmp_path_factory.mktemp("system"))


def test_no_coalition_gains_by_guilt(stage):
    tally = Counter({"stuck": 0, "max_calls": 0} | dict.fromkeys(KINDS, 0))
    seen = run_histories(
        lambda source: SystemMachine(stage, source, tally), histories=HISTORIES, steps=STEPS, must_hold=ACTS
    )
    record(tally)
    write({**tally, "histories": seen["coalition"]})
    assert tally["stuck"] == 0
