"""An independent model of the campaign escrow: every status and every unit of money.

It shares nothing with the contracts but the rules of the design. Money lies in named places; an act
either moves it and returns, or raises `Refused` with the contract's error and its arguments.
Amounts are ints in the smallest unit, times Unix seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.support.models import disputes
from tests.support.models.disputes import (
    CHALLENGED,
    CONTESTED,
    FEE,
    FREE,
    JURORS,
    OPENER,
    PAYEES,
    REWARD,
    SECOND,
    STAKE,
    UPHELD,
    UPHOLDER,
    WORKER,
    WORKER_BOND,
    Flow,
    total,
)
from tests.support.models.refusals import Refused

YEAR = 365 * 86_400
POOL = "pool"
NOBODY = "0x0000000000000000000000000000000000000000"

NONE, REVIEW, ACCEPTED, REJECTED, CONTESTED_NOW, DISPUTED, PAYABLE, VOID, DONE = range(9)
MAX_REWARD, MAX_SLOTS, MAX_LEADS = 2**92 - 1, 2**14 - 1, 8


class ArbitratorModel(Protocol):
    """Who decides disputes, as far as the desk can tell."""

    address: str
    cost: int

    def number(self) -> int:
        """The id of the next dispute, or Refused."""

    def open(self, now: int) -> None:
        """Take that dispute."""

    def total(self, dispute: int, now: int) -> int:
        """The sum of its jurors' shares; 0 if it does not tell."""

    def share(self, dispute: int, juror: str) -> tuple[int, int]:
        """A juror's share, or Refused."""

    def ruling(self, dispute: int, now: int) -> int | None:
        """What it answers when it is asked; None if it does not."""


def shares(amount: int, bps: Sequence[int]) -> list[int]:
    """Cut an amount by prefix sums, rounded down, so that the parts add up to it."""
    cuts = [amount * sum(bps[: i + 1]) // 10_000 for i in range(len(bps))]
    return [end - start for start, end in zip([0, *cuts], cuts, strict=False)]


@dataclass(frozen=True)
class Terms:
    """Windows in seconds; the stakes; who decides, and how long that one says it needs (0: it says nothing)."""

    review: int
    answer: int
    challenge: int
    arbitration: int
    notice: int
    bond_bps: int = 1_000
    bond_min: int = 0
    arbitrator: ArbitratorModel | None = None
    pays_jurors: bool = False
    ruling_seconds: int = 0
    number: int = 1

    def bond_of(self, reward: int) -> int:
        """What each stake is where this much is at stake."""
        return disputes.bond_of(reward, self.bond_bps, self.bond_min)

    @property
    def life(self) -> int:
        """The longest a submission can live."""
        rejected_again = self.review + self.answer + self.review + 2 * self.answer + self.arbitration
        accepted_again = self.review + self.answer + self.review + self.challenge + self.arbitration
        return max(rejected_again, accepted_again)


@dataclass
class Stint:
    """One lead's time in office: what it earned of the fee and what disputes took from it."""

    lead: str
    until: int | None = None
    earned: int = 0
    taken: int = 0
    booked: int = 0


@dataclass
class Campaign:
    lead: str
    ends_at: int
    ask: int
    fee: int
    terms: Terms
    free: int
    gift: int = 0
    fee_left: int = 0
    fee_settled: bool = False
    voted_paid: int = 0
    lessons: int = 0
    stints: list[Stint] = field(default_factory=list)

    @property
    def fee_taken(self) -> int:
        return sum(stint.taken for stint in self.stints)

    @property
    def earned(self) -> int:
        """What all leads together have earned."""
        return self.fee * self.voted_paid // (self.ask - self.fee)

    @property
    def earned_now(self) -> int:
        """What the lead in office can have by now."""
        former, mine = self.stints[:-1], self.stints[-1]
        own = self.earned - sum(stint.earned for stint in former) - mine.taken
        return min(max(0, own), self.left_of(len(former)))

    def left_of(self, stint: int) -> int:
        """What a dispute can take from who led then."""
        if stint < len(self.stints) - 1:
            return self.stints[stint].booked
        return self.fee_left - sum(one.booked for one in self.stints)


@dataclass
class Bounty:
    campaign: int
    reward: int
    bond: int
    submit_by: int
    free_slots: int
    is_gift: bool
    worker: str = NOBODY


@dataclass
class Work:
    bounty: int
    worker: str
    payees: list[tuple[str, int]]
    evidence: bytes
    state: str  # review, accepted, rejected, contested, disputed, done
    since: int
    stint: int = 0
    reworked: bool = False


@dataclass
class Dispute:
    """A work's dispute; `pot` is what its jurors have not fetched of `pot_whole`."""

    opener: str
    until: int
    kind: str
    lead: str
    arbitrator: ArbitratorModel
    bond: int
    upholder: str = NOBODY
    number: int | None = None
    pulls_from: int = 0
    ruling: int | None = None
    settled_at: int = 0
    pot: int = 0
    pot_whole: int = 0
    shares_total: int = 0
    paid: set[str] = field(default_factory=set)

    @property
    def stakes(self) -> int:
        return 2 * self.bond if self.kind == UPHELD else self.bond

    def told(self, now: int) -> int | None:
        """What the arbitrator ruled, or answers once it is asked."""
        if self.ruling is None and self.pulls_from and now >= self.pulls_from:
            assert self.number is not None
            said = self.arbitrator.ruling(self.number, now)
            return said if said in (None, 1, 2) else 0
        return self.ruling

    def ruled(self, now: int) -> int | None:
        """What holds; None while that is open."""
        told = self.told(now)
        return 0 if told is None and now >= self.until else told


@dataclass
class Credit:
    amount: int = 0
    voted: int = 0
    since: int = 0


@dataclass
class EscrowModel:
    """The escrow as the design describes it.

    Attributes:
        refused_payees: Accounts that cannot be payees: zero, escrow, token.
        blocked: Accounts that the token does not pay.
        ends: How disputes ended: kind, reward, worker's bond, stake, what was left of the fee.
    """

    terms: Terms
    points_per_unit: int
    refused_payees: set[str]
    treasury: str
    pool: int = 0
    received: int = 0
    paid: int = 0
    refunded: int = 0
    bonds_received: int = 0
    bonds_paid: int = 0
    halted_until: int = 0
    campaigns: list[Campaign] = field(default_factory=list)
    bounties: list[Bounty] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    disputes: dict[int, Dispute] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    awards_work: bool = True
    ends: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    got: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    points: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    # -- derived ----------------------------------------------------------------------------------

    @property
    def held(self) -> int:
        return self.received - self.paid - self.refunded

    @property
    def bonds_held(self) -> int:
        return self.bonds_received - self.bonds_paid

    def places(self) -> int:
        """Add up the budget money wherever it lies; equals `held`."""
        return (
            self.pool
            + sum(c.free + c.gift + c.fee_left for c in self.campaigns)
            + sum(b.reward * b.free_slots for b in self.bounties)
            + sum(self.bounties[w.bounty - 1].reward for w in self.works if w.state != "done")
            + sum(credit.amount for credit in self.credits.values())
            + sum(dispute.pot for dispute in self.disputes.values())
        )

    def bond_places(self) -> int:
        """Add up the bonds of live work and of its disputes; equals `bonds_held`."""
        return sum(self.bounties[w.bounty - 1].bond for w in self.works if w.state != "done") + sum(
            dispute.stakes for work, dispute in self.disputes.items() if self.works[work - 1].state != "done"
        )

    def live(self, campaign: int, worker: str = "") -> int:
        """Submissions of a campaign (of one worker) that are not done."""
        works = (w for w in self.works if w.state != "done" and worker in ("", w.worker))
        return sum(1 for w in works if self.bounties[w.bounty - 1].campaign == campaign)

    def campaign_of(self, work: int) -> Campaign:
        return self.campaigns[self.bounties[self.works[work - 1].bounty - 1].campaign - 1]

    def is_party(self, work: int, account: str) -> bool:
        """Whether an account cannot be juror of a work's dispute."""
        w, dispute = self.works[work - 1], self.disputes[work]
        share = sum(bps for payee, bps in w.payees if payee == account)
        return account in (w.worker, dispute.opener, dispute.upholder, dispute.lead) or share >= 1_000

    def closes_at(self, bounty: int) -> int:
        b = self.bounties[bounty - 1]
        return min(b.submit_by, self.campaigns[b.campaign - 1].ends_at)

    def lessons_until(self, campaign: int) -> int:
        c = self.campaigns[campaign - 1]
        return c.ends_at + c.terms.life + c.terms.review

    def status(self, work: int, now: int) -> int:
        if not 1 <= work <= len(self.works):
            return NONE
        w = self.works[work - 1]
        terms = self.campaign_of(work).terms
        if w.state == "done":
            return DONE
        if w.state == "disputed":
            dispute = self.disputes[work]
            ruling = dispute.ruled(now)
            if ruling is None:
                return DISPUTED
            return PAYABLE if disputes.is_paid(dispute.kind, ruling) else VOID
        if w.state == "contested":
            return CONTESTED_NOW if now < w.since + terms.answer else PAYABLE
        if w.state == "rejected":
            return REJECTED if now < w.since + terms.answer else VOID
        accepted_at = w.since + (terms.review if w.state == "review" else 0)
        if now < accepted_at:
            return REVIEW
        return ACCEPTED if now < accepted_at + terms.challenge else PAYABLE

    # -- acts: pool and campaigns -----------------------------------------------------------------

    def deposit(self, by: str, is_governance: bool, amount: int) -> None:
        if not is_governance:
            raise Refused("!AccessManagedUnauthorized", by)
        if amount == 0:
            raise Refused("ZeroAmount")
        self.received += amount
        self.pool += amount

    def withdraw_pool(self, amount: int) -> None:
        if amount == 0:
            raise Refused("ZeroAmount")
        if amount > self.pool:
            raise Refused("NotEnough", amount, self.pool)
        self.pool -= amount
        self.refunded += amount
        self.got[self.treasury] += amount

    def fund(self, now: int, lead: str, ask: int, fee_bps: int, duration: int) -> int:
        if ask > self.pool:
            raise Refused("NotEnough", ask, self.pool)
        fee = min(ask * fee_bps // 10_000, MAX_REWARD)
        self.pool -= ask
        self.campaigns.append(
            Campaign(lead, now + duration, ask, fee, self.terms, free=ask - fee, fee_left=fee, stints=[Stint(lead)])
        )
        return len(self.campaigns)

    def _known(self, campaign: int) -> Campaign:
        if not 1 <= campaign <= len(self.campaigns):
            raise Refused("UnknownCampaign", campaign)
        return self.campaigns[campaign - 1]

    def _running(self, campaign: int, now: int) -> Campaign:
        c = self._known(campaign)
        if now >= c.ends_at:
            raise Refused("Ended", campaign, c.ends_at)
        return c

    def top_up(self, now: int, campaign: int, amount: int) -> None:
        c = self._running(campaign, now)
        if amount == 0:
            raise Refused("ZeroAmount")
        self.received += amount
        c.gift += amount

    def end_early(self, now: int, by: str, is_governance: bool, campaign: int, at: int) -> None:
        c = self._running(campaign, now)
        if by != c.lead and not is_governance:
            raise Refused("NotLeadNorGovernance", by, c.lead)
        if not now + c.terms.notice <= at <= c.ends_at:
            raise Refused("EndOutOfBounds", at, now + c.terms.notice, c.ends_at)
        c.ends_at = at

    def halt(self, now: int, seconds: int) -> None:
        self.halted_until = now + seconds

    def replace_lead(self, now: int, campaign: int, lead: str) -> None:
        c = self._known(campaign)
        if lead in self.refused_payees or lead == c.lead:
            raise Refused("BadLead", lead)
        if self.live(campaign, lead):
            raise Refused("LeadHasWork", lead, self.live(campaign, lead))
        if len(c.stints) == MAX_LEADS:
            raise Refused("TooManyLeads", campaign, MAX_LEADS)
        mine, booked = c.stints[-1], 0 if c.fee_settled else c.earned_now
        mine.until, mine.booked = now, booked
        mine.earned = c.earned - sum(stint.earned for stint in c.stints[:-1])
        c.lead = lead
        c.stints.append(Stint(lead))

    # -- acts: bounties ---------------------------------------------------------------------------

    def post_bounty(
        self,
        now: int,
        by: str,
        campaign: int,
        reward: int,
        bond: int,
        submit_by: int,
        slots: int,
        is_gift: bool,
        worker: str = NOBODY,
    ) -> int:
        if now < self.halted_until:
            raise Refused("!HaltableHalted", self.halted_until)
        c = self._running(campaign, now)
        if by != c.lead:
            raise Refused("NotLead", by, c.lead)
        if reward == 0:
            raise Refused("ZeroAmount")
        if reward > MAX_REWARD:
            raise Refused("RewardTooHigh", reward, MAX_REWARD)
        least = c.terms.bond_of(reward)
        bond = bond or least
        if bond < least:
            raise Refused("BondTooLow", bond, least)
        if bond > reward:
            raise Refused("BondAboveReward", bond, reward)
        if not 0 < slots <= MAX_SLOTS:
            raise Refused("BadSlots", slots, MAX_SLOTS)
        if not now < submit_by <= c.ends_at:
            raise Refused("DeadlineOutOfBounds", submit_by, now, c.ends_at)
        if worker == by:
            raise Refused("LeadIsPayee", by)
        free = c.gift if is_gift else c.free
        if reward * slots > free:
            raise Refused("NotEnough", reward * slots, free)
        if is_gift:
            c.gift -= reward * slots
        else:
            c.free -= reward * slots
        self.bounties.append(Bounty(campaign, reward, bond, submit_by, slots, is_gift, worker))
        return len(self.bounties)

    def _known_bounty(self, bounty: int) -> Bounty:
        if not 1 <= bounty <= len(self.bounties):
            raise Refused("UnknownBounty", bounty)
        return self.bounties[bounty - 1]

    def cancel_bounty(self, now: int, by: str, bounty: int) -> None:
        b = self._known_bounty(bounty)
        c = self.campaigns[b.campaign - 1]
        closes_at = self.closes_at(bounty)
        if by != c.lead:
            raise Refused("NotLead", by, c.lead)
        if now >= closes_at:
            raise Refused("BountyClosed", bounty, closes_at)
        if now + c.terms.notice >= closes_at:
            raise Refused("DeadlineOutOfBounds", now + c.terms.notice, now, closes_at)
        b.submit_by = now + c.terms.notice

    def reclaim_bounty(self, now: int, bounty: int) -> None:
        b = self._known_bounty(bounty)
        closes_at = self.closes_at(bounty)
        if now < closes_at:
            raise Refused("BountyOpen", bounty, closes_at)
        if b.free_slots == 0:
            raise Refused("NoFreeSlot", bounty)
        amount, b.free_slots = b.reward * b.free_slots, 0
        self._free(now, b, amount)

    def _free(self, now: int, bounty: Bounty, amount: int) -> None:
        c = self.campaigns[bounty.campaign - 1]
        if now >= c.ends_at:
            self.pool += amount
        elif bounty.is_gift:
            c.gift += amount
        else:
            c.free += amount

    # -- acts: work -------------------------------------------------------------------------------

    def submit(
        self,
        now: int,
        by: str,
        bounty: int,
        evidence: bytes,
        payees: Sequence[tuple[str, int]] = (),
        amount: int | None = None,
    ) -> int:
        b = self._known_bounty(bounty)
        lead = self.campaigns[b.campaign - 1].lead
        closes_at = self.closes_at(bounty)
        if b.worker not in (NOBODY, by):
            raise Refused("NotNamedWorker", by, b.worker)
        if now >= closes_at:
            raise Refused("BountyClosed", bounty, closes_at)
        if b.free_slots == 0:
            raise Refused("NoFreeSlot", bounty)
        if len(payees) > 8:
            raise Refused("TooManyPayees", len(payees), 8)
        if by == lead:
            raise Refused("LeadIsPayee", by)
        for account, _ in payees:
            if account in self.refused_payees:
                raise Refused("BadPayee", account)
            if account == lead:
                raise Refused("LeadIsPayee", lead)
        whole = sum(bps for _, bps in payees)
        if payees and whole != 10_000:
            raise Refused("BadShares", whole, 10_000)
        self._stake(now, b.campaign, by, b.bond, amount)
        b.free_slots -= 1
        self.works.append(Work(bounty, by, list(payees), evidence, "review", now))
        return len(self.works)

    def _stake(self, now: int, campaign: int, by: str, bond: int, amount: int | None) -> None:
        """Take a bond; what is sent beyond it is a gift."""
        amount = bond if amount is None else amount
        self._check_stake(by, bond, amount)
        self.bonds_received += bond
        self.received += amount - bond
        c = self.campaigns[campaign - 1]
        if now < c.ends_at:
            c.gift += amount - bond
        else:
            self.pool += amount - bond

    def _check_stake(self, by: str, bond: int, amount: int) -> None:
        if amount or bond:
            self._check_pays(by)
        if amount < bond:
            raise Refused("BondShort", amount, bond)

    def _known_work(self, work: int) -> Work:
        if not 1 <= work <= len(self.works):
            raise Refused("UnknownSubmission", work)
        return self.works[work - 1]

    def _own_work(self, by: str, work: int) -> Work:
        w = self._known_work(work)
        if by != w.worker:
            raise Refused("NotWorker", by, w.worker)
        return w

    def rework(self, now: int, by: str, work: int, evidence: bytes) -> None:
        w = self._own_work(by, work)
        if self.status(work, now) != REJECTED:
            raise Refused("WrongStatus", work, self.status(work, now))
        if w.reworked:
            raise Refused("Reworked", work)
        w.state, w.since, w.reworked, w.evidence = "review", now, True, evidence

    def withdraw_work(self, now: int, by: str, work: int) -> None:
        self._own_work(by, work)
        if self.status(work, now) not in (REVIEW, REJECTED):
            raise Refused("WrongStatus", work, self.status(work, now))
        self._end_void(now, work)

    def _judged(self, now: int, by: str, work: int, evidence: bytes) -> Work:
        w = self._known_work(work)
        lead = self.campaigns[self.bounties[w.bounty - 1].campaign - 1].lead
        if by != lead:
            raise Refused("NotLead", by, lead)
        if self.status(work, now) != REVIEW:
            raise Refused("WrongStatus", work, self.status(work, now))
        if evidence != w.evidence:
            raise Refused("OtherEvidence", evidence, w.evidence)
        return w

    def accept(self, now: int, by: str, work: int, evidence: bytes) -> None:
        w = self._judged(now, by, work, evidence)
        if by in [w.worker, *(account for account, _ in w.payees)]:
            raise Refused("LeadIsPayee", by)
        w.state, w.since, w.stint = "accepted", now, len(self.campaign_of(work).stints) - 1

    def reject(self, now: int, by: str, work: int, evidence: bytes) -> None:
        w = self._judged(now, by, work, evidence)
        w.state, w.since, w.stint = "rejected", now, len(self.campaign_of(work).stints) - 1

    def file_lessons(self, now: int, by: str, campaign: int, lessons: bytes, amount: int | None = None) -> int:
        c = self._known(campaign)
        until = self.lessons_until(campaign)
        if by != c.lead:
            raise Refused("NotLead", by, c.lead)
        if not c.ends_at <= now < until:
            raise Refused("NoLessonsNow", campaign, c.ends_at, until)
        if c.lessons:
            raise Refused("LessonsFiled", campaign)
        if self.live(campaign):
            raise Refused("LiveWork", campaign, self.live(campaign))
        earned = c.earned_now
        bond = c.terms.bond_of(earned)
        self._stake(now, campaign, by, bond, amount)
        self._settle_fee(now, c, earned)
        self.bounties.append(Bounty(campaign, earned, bond, now, 0, is_gift=False, worker=by))
        self.works.append(Work(len(self.bounties), by, [], lessons, "accepted", now, len(c.stints) - 1))
        c.lessons = len(self.works)
        return c.lessons

    def _settle_fee(self, now: int, c: Campaign, earned: int) -> None:
        """Former leads get what is booked, the pool what nobody earned."""
        c.fee_settled = True
        self.pool += c.left_of(len(c.stints) - 1) - earned
        c.fee_left = 0
        for stint in c.stints:
            self._send(now, stint.lead, stint.booked, stint.booked)
            stint.booked = 0

    # -- acts: for anyone -------------------------------------------------------------------------

    def pay(self, now: int, works: Sequence[int]) -> None:
        if not any(self.status(work, now) == PAYABLE for work in works):
            first = works[0] if works else 0
            raise Refused("NothingDue", first, self.status(first, now))
        for work in works:
            if self.status(work, now) == PAYABLE:
                self._end_paid(now, work)

    def release(self, now: int, works: Sequence[int]) -> None:
        if not any(self.status(work, now) == VOID for work in works):
            first = works[0] if works else 0
            raise Refused("NothingDue", first, self.status(first, now))
        for work in works:
            if self.status(work, now) == VOID:
                self._end_void(now, work)

    def _end_paid(self, now: int, work: int) -> None:
        b = self.bounties[self.works[work - 1].bounty - 1]
        if not b.is_gift:
            self.campaigns[b.campaign - 1].voted_paid += b.reward
        self._end(now, work, [(REWARD, PAYEES, b.reward), (WORKER_BOND, WORKER, b.bond)])

    def _end_void(self, now: int, work: int) -> None:
        b = self.bounties[self.works[work - 1].bounty - 1]
        self._end(now, work, [(REWARD, FREE, b.reward), (WORKER_BOND, disputes.POOL, b.bond)])

    def _end(self, now: int, work: int, row: list[Flow]) -> None:
        """End a work; the row is what holds without a dispute."""
        w = self.works[work - 1]
        b = self.bounties[w.bounty - 1]
        c = self.campaigns[b.campaign - 1]
        opener = upholder = NOBODY
        if work in self.disputes:
            row, dispute = self._settle(now, work), self.disputes[work]
            opener, upholder = dispute.opener, dispute.upholder
            taken, stint = total(row, source=FEE), c.stints[w.stint]
            c.fee_left -= taken
            stint.taken += taken
            stint.booked -= taken if stint is not c.stints[-1] else 0
        w.state = "done"
        # What of the bonds is not returned to who left it becomes budget money.
        backs = [(w.worker, WORKER_BOND, WORKER), (opener, STAKE, OPENER), (upholder, SECOND, UPHOLDER)]
        returned = sum(total(row, source=source, to=to) for _, source, to in backs)
        kept = sum(total(row, source=source) for _, source, _ in backs) - returned
        self.bonds_received -= kept
        self.received += kept
        for account, source, to in backs:
            self._return_bond(now, account, total(row, source=source, to=to))

        self.pool += total(row, to=disputes.POOL)
        free = total(row, to=FREE)
        if free and now < c.ends_at:  # held in vain
            b.free_slots += 1
            b.submit_by = max(b.submit_by, min(now + c.terms.answer, c.ends_at))
        else:
            self._free(now, b, free)
        self._send(now, opener, total(row, source=WORKER_BOND, to=OPENER), 0)
        self._send(now, upholder, total(row, source=STAKE, to=UPHOLDER), 0)
        for source in (STAKE, SECOND):
            self._send(now, w.worker, total(row, source=source, to=WORKER), 0)
        payees = w.payees or [(w.worker, 10_000)]
        parts = shares(total(row, to=PAYEES), [bps for _, bps in payees])
        for (account, _), part in zip(payees, parts, strict=True):
            self._send(now, account, part, 0 if b.is_gift else part)

    def _settle(self, now: int, work: int) -> list[Flow]:
        """End a work's dispute; returns where all its money goes."""
        b = self.bounties[self.works[work - 1].bounty - 1]
        dispute, c = self.disputes[work], self.campaign_of(work)
        ruling = 0
        if dispute.kind != CONTESTED:
            assert dispute.number is not None
            ruled = dispute.ruled(now)
            assert ruled is not None
            dispute.ruling = ruling = ruled
            if c.terms.pays_jurors:
                dispute.shares_total = dispute.arbitrator.total(dispute.number, now)
        fee = 0 if c.fee_settled else c.left_of(self.works[work - 1].stint)
        row = disputes.flows(dispute.kind, ruling, b.reward, b.bond, dispute.bond, fee, dispute.shares_total != 0)
        self.ends.append((dispute.kind, b.reward, b.bond, dispute.bond, fee))
        dispute.settled_at = now
        dispute.pot = dispute.pot_whole = total(row, to=JURORS)
        return row

    def _return_bond(self, now: int, account: str, amount: int) -> None:
        if account in self.blocked and amount:
            self.bonds_received -= amount
            self.received += amount
            self._send(now, account, amount, 0)
        else:
            self.bonds_paid += amount
            self.got[account] += amount

    def _send(self, now: int, account: str, amount: int, voted: int) -> None:
        if amount == 0:
            return
        if account in self.blocked:
            credit = self.credits.setdefault(account, Credit())
            credit.amount += amount
            credit.voted += voted
            credit.since = now
            return
        self.paid += amount
        self.got[account] += amount
        self._award(account, voted)

    def _award(self, account: str, voted: int) -> None:
        if self.awards_work:
            self.points[account] += voted * self.points_per_unit

    def close(self, now: int, campaign: int) -> None:
        c = self._known(campaign)
        if now < c.ends_at:
            raise Refused("NotEnded", campaign, c.ends_at)
        is_over = now >= self.lessons_until(campaign) and not self.live(campaign)
        fee_lapses = not c.fee_settled and is_over
        if c.free + c.gift == 0 and not fee_lapses:
            raise Refused("NothingToClose", campaign)
        self.pool += c.free + c.gift
        c.free = c.gift = 0
        if fee_lapses:
            self._settle_fee(now, c, 0)

    # -- acts: disputes ---------------------------------------------------------------------------

    def _check_pays(self, account: str) -> None:
        if account in self.blocked:
            raise Refused("!StablecoinBlocked", account)

    def price(self, work: int) -> tuple[int, int]:
        """What disputing a work takes: bond, and the arbitrator's cost in wei."""
        self._known_work(work)
        terms = self.campaign_of(work).terms
        if terms.arbitrator is None:
            raise Refused("!DisputeDeskNoArbitrator", work)
        return terms.bond_of(self.bounties[self.works[work - 1].bounty - 1].reward), terms.arbitrator.cost

    def challenge(self, now: int, by: str, work: int, value: int, amount: int | None = None) -> int:
        bond, cost = self.price(work)
        if value != cost:
            raise Refused("!DisputeDeskWrongCost", value, cost)
        w, c = self.works[work - 1], self.campaign_of(work)
        number = self._begin(now, by, work, ACCEPTED, amount)
        if w.state == "review":  # silence was the verdict of who led when the review ended
            ended = w.since + c.terms.review
            w.stint = next(i for i, stint in enumerate(c.stints) if stint.until is None or ended <= stint.until)
        arbitrator, lead = c.terms.arbitrator, c.stints[w.stint].lead
        assert arbitrator is not None
        self.disputes[work] = Dispute(by, 0, CHALLENGED, lead, arbitrator, bond)
        return self._open(now, work, number)

    def contest(self, now: int, by: str, work: int, amount: int | None = None) -> None:
        bond, _ = self.price(work)
        self._own_work(by, work)
        w, c = self.works[work - 1], self.campaign_of(work)
        self._begin(now, by, work, REJECTED, amount)
        assert c.terms.arbitrator is not None
        lead = c.stints[w.stint].lead
        self.disputes[work] = Dispute(by, now + c.terms.answer, CONTESTED, lead, c.terms.arbitrator, bond)
        w.state, w.since = "contested", now

    def uphold(self, now: int, by: str, work: int, value: int, amount: int | None = None) -> int:
        dispute = self._known_dispute(work)
        if value != dispute.arbitrator.cost:
            raise Refused("!DisputeDeskWrongCost", value, dispute.arbitrator.cost)
        number = self._begin(now, by, work, CONTESTED_NOW, amount)
        dispute.kind, dispute.upholder = UPHELD, by
        return self._open(now, work, number)

    def _begin(self, now: int, by: str, work: int, expected: int, amount: int | None) -> int:
        """Take the stake; returns the arbitrator's number where it is called."""
        status = self.status(work, now)
        if status != expected:
            raise Refused("WrongStatus", work, status)
        bounty, terms = self.bounties[self.works[work - 1].bounty - 1], self.campaign_of(work).terms
        bond = terms.bond_of(bounty.reward)
        if bond == 0:
            raise Refused("NothingAtStake", work)
        self._check_stake(by, bond, bond if amount is None else amount)
        number, arbitrator = 0, terms.arbitrator
        assert arbitrator is not None
        if expected != REJECTED:
            number = arbitrator.number()
            if self.disputed_work(arbitrator.address, number):
                raise Refused("!DisputeDeskIdTaken", arbitrator.address, number)
        self._stake(now, bounty.campaign, by, bond, amount)
        return number

    def _open(self, now: int, work: int, number: int) -> int:
        dispute, terms = self.disputes[work], self.campaign_of(work).terms
        dispute.arbitrator.open(now)
        dispute.number, dispute.until = number, now + terms.arbitration
        dispute.pulls_from = now + terms.ruling_seconds if terms.ruling_seconds else 0
        self.works[work - 1].state, self.works[work - 1].since = "disputed", now
        return number

    def disputed_work(self, arbitrator: str, number: int) -> int:
        """Which work an arbitrator's dispute is about; 0 if none."""
        for work, dispute in self.disputes.items():
            if (dispute.arbitrator.address, dispute.number) == (arbitrator, number):
                return work
        return 0

    def is_party_to(self, arbitrator: str, number: int, account: str) -> bool:
        """Whether an account cannot be juror of an arbitrator's dispute."""
        return self.is_party(self.disputed_work(arbitrator, number), account)

    def _known_dispute(self, work: int) -> Dispute:
        if work not in self.disputes:
            raise Refused("!DisputeDeskUnknownDispute", work)
        return self.disputes[work]

    def add_evidence(self, now: int, work: int) -> None:
        dispute = self._known_dispute(work)
        if dispute.kind == CONTESTED:
            raise Refused("!DisputeDeskUnknownDispute", work)
        if dispute.ruled(now) is not None:
            raise Refused("!DisputeDeskNotOpen", work, dispute.until)

    def rule(self, now: int, arbitrator: str, number: int, ruling: int) -> None:
        work = self.disputed_work(arbitrator, number)
        if not work:
            raise Refused("!DisputeDeskNotArbitrator", arbitrator, number)
        dispute = self.disputes[work]
        if dispute.ruling is not None or now >= dispute.until:
            raise Refused("!DisputeDeskNotOpen", work, dispute.until)
        dispute.ruling = ruling if ruling in (1, 2) else 0

    def pay_jurors(self, now: int, work: int, jurors: Sequence[str]) -> None:
        dispute = self._known_dispute(work)
        left, parts = dispute.pot, {}
        for juror in jurors:
            if left and juror not in dispute.paid | parts.keys():
                start, end = dispute.arbitrator.share(dispute.number, juror)
                whole, pot = dispute.shares_total, dispute.pot_whole
                if not start < end <= whole:
                    continue
                part = pot * end // whole - pot * start // whole
                if not 0 < part <= left:
                    continue
                if juror in self.refused_payees:
                    raise Refused("BadPayee", juror)
                parts[juror] = part
                left -= part
        if not parts:
            raise Refused("!DisputeDeskNothingDue", work)
        dispute.pot = left
        for juror, part in parts.items():
            dispute.paid.add(juror)
            self._send(now, juror, part, 0)

    def expire_jurors(self, now: int, work: int) -> None:
        dispute = self._known_dispute(work)
        if not dispute.pot:
            raise Refused("!DisputeDeskNothingDue", work)
        if now < dispute.settled_at + YEAR:
            raise Refused("!DisputeDeskJurorsAlive", work, dispute.settled_at + YEAR)
        self.pool += dispute.pot
        dispute.pot = 0

    # -- acts: credits ----------------------------------------------------------------------------

    def withdraw_credit(self, by: str, to: str) -> None:
        credit = self.credits.get(by)
        if credit is None:
            raise Refused("NoCredit", by)
        if to in self.refused_payees:
            raise Refused("BadPayee", to)
        if to in self.blocked:
            raise Refused("!StablecoinBlocked", to)
        del self.credits[by]
        self.paid += credit.amount
        self.got[to] += credit.amount
        self._award(by, credit.voted)

    def deliver_credit(self, account: str) -> None:
        credit = self.credits.get(account)
        if credit is None:
            raise Refused("NoCredit", account)
        if account in self.blocked:
            raise Refused("NotDelivered", account, credit.amount)
        del self.credits[account]
        self.paid += credit.amount
        self.got[account] += credit.amount
        self._award(account, credit.voted)

    def expire_credit(self, now: int, account: str) -> None:
        credit = self.credits.get(account)
        if credit is None:
            raise Refused("NoCredit", account)
        if now < credit.since + YEAR:
            raise Refused("CreditAlive", account, credit.since + YEAR)
        del self.credits[account]
        self.pool += credit.amount
