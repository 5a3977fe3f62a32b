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
    BOND,
    FEE,
    FREE,
    JURORS,
    OPENER,
    PAYEES,
    REWARD,
    WORKER,
    WORKER_BOND,
    Flow,
    total,
)
from tests.support.models.refusals import Refused

YEAR = 365 * 86_400
POOL = "pool"
NOBODY = "0x0000000000000000000000000000000000000000"

NONE, REVIEW, ACCEPTED, REJECTED, DISPUTED, PAYABLE, VOID, DONE = range(8)


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


def shares(amount: int, bps: Sequence[int]) -> list[int]:
    """Cut an amount by prefix sums, rounded down, so that the parts add up to it."""
    cuts = [amount * sum(bps[: i + 1]) // 10_000 for i in range(len(bps))]
    return [end - start for start, end in zip([0, *cuts], cuts, strict=False)]


@dataclass(frozen=True)
class Terms:
    """Windows in seconds; the dispute bond; who decides."""

    review: int
    answer: int
    challenge: int
    arbitration: int
    notice: int
    bond_bps: int = 1_000
    bond_min: int = 0
    arbitrator: ArbitratorModel | None = None
    pays_jurors: bool = False
    number: int = 1

    @property
    def life(self) -> int:
        """The longest a submission can live."""
        rejected_again = self.review + self.answer + self.review + self.answer + self.arbitration
        accepted_again = self.review + self.answer + self.review + self.challenge + self.arbitration
        return max(rejected_again, accepted_again)


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
    fee_taken: int = 0
    fee_settled: bool = False
    voted_paid: int = 0
    lessons: int = 0


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
    state: str  # review, accepted, rejected, disputed, done
    since: int
    reworked: bool = False


@dataclass
class Dispute:
    """A work's dispute; `pot` is what its jurors have not fetched of `pot_whole`."""

    opener: str
    until: int
    is_challenge: bool
    lead: str
    arbitrator: ArbitratorModel
    number: int
    bond: int
    ruling: int | None = None
    settled_at: int = 0
    pot: int = 0
    pot_whole: int = 0
    shares_total: int = 0
    paid: set[str] = field(default_factory=set)


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
            dispute.bond for work, dispute in self.disputes.items() if self.works[work - 1].state == "disputed"
        )

    def live(self, campaign: int) -> int:
        return sum(1 for w in self.works if w.state != "done" and self.bounties[w.bounty - 1].campaign == campaign)

    def campaign_of(self, work: int) -> Campaign:
        return self.campaigns[self.bounties[self.works[work - 1].bounty - 1].campaign - 1]

    def is_party(self, work: int, account: str) -> bool:
        """Whether an account cannot be juror of a work's dispute."""
        w, dispute = self.works[work - 1], self.disputes[work]
        share = sum(bps for payee, bps in w.payees if payee == account)
        leads = (dispute.lead, self.campaign_of(work).lead)
        return account in (w.worker, dispute.opener, *leads) or share >= 1_000

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
            if dispute.ruling is None and now < dispute.until:
                return DISPUTED
            paid = disputes.is_paid(dispute.is_challenge, dispute.ruling or 0)
            return PAYABLE if paid else VOID
        if w.state == "rejected":
            return REJECTED if now < w.since + terms.answer else VOID
        accepted_at = w.since + (terms.review if w.state == "review" else 0)
        if now < accepted_at:
            return REVIEW
        return ACCEPTED if now < accepted_at + terms.challenge else PAYABLE

    # -- acts: pool and campaigns -----------------------------------------------------------------

    def deposit(self, amount: int) -> None:
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
        fee = ask * fee_bps // 10_000
        self.pool -= ask
        self.campaigns.append(Campaign(lead, now + duration, ask, fee, self.terms, free=ask - fee, fee_left=fee))
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

    def replace_lead(self, campaign: int, lead: str) -> None:
        c = self._known(campaign)
        if lead in self.refused_payees:
            raise Refused("BadLead", lead)
        c.lead = lead

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
        if bond > reward:
            raise Refused("BondAboveReward", bond, reward)
        if slots == 0:
            raise Refused("BadSlots", 0, 65_535)
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

    def submit(self, now: int, by: str, bounty: int, evidence: bytes, payees: Sequence[tuple[str, int]] = ()) -> int:
        b = self._known_bounty(bounty)
        lead = self.campaigns[b.campaign - 1].lead
        closes_at = self.closes_at(bounty)
        if b.worker not in (NOBODY, by):
            raise Refused("NotNamedWorker", by, b.worker)
        if now >= closes_at:
            raise Refused("BountyClosed", bounty, closes_at)
        if b.free_slots == 0:
            raise Refused("NoFreeSlot", bounty)
        if by == lead:
            raise Refused("LeadIsPayee", by)
        if len(payees) > 8:
            raise Refused("TooManyPayees", len(payees), 8)
        for account, _ in payees:
            if account in self.refused_payees:
                raise Refused("BadPayee", account)
            if account == lead:
                raise Refused("LeadIsPayee", lead)
        whole = sum(bps for _, bps in payees)
        if payees and whole != 10_000:
            raise Refused("BadShares", whole, 10_000)
        if b.bond:
            self._check_pays(by)
        b.free_slots -= 1
        self.bonds_received += b.bond
        self.works.append(Work(bounty, by, list(payees), evidence, "review", now))
        return len(self.works)

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
        w.state, w.since = "accepted", now

    def reject(self, now: int, by: str, work: int, evidence: bytes) -> None:
        w = self._judged(now, by, work, evidence)
        w.state, w.since = "rejected", now

    def file_lessons(self, now: int, by: str, campaign: int, lessons: bytes) -> int:
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
        earned = self._earned(c)
        self.pool += c.fee_left - earned
        c.fee_left, c.fee_settled = 0, True
        self.bounties.append(Bounty(campaign, earned, 0, now, 0, is_gift=False, worker=by))
        self.works.append(Work(len(self.bounties), by, [], lessons, "accepted", now))
        c.lessons = len(self.works)
        return c.lessons

    @staticmethod
    def _earned(c: Campaign) -> int:
        return max(0, c.fee * c.voted_paid // (c.ask - c.fee) - c.fee_taken)

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
        opener = NOBODY
        if w.state == "disputed":
            row, opener = self._settle(now, work), self.disputes[work].opener
            c.fee_left -= total(row, source=FEE)
            c.fee_taken += total(row, source=FEE)
        w.state = "done"
        # What of the bonds is not returned to who left it becomes budget money.
        returned = total(row, source=WORKER_BOND, to=WORKER) + total(row, source=BOND, to=OPENER)
        kept = total(row, source=WORKER_BOND) + total(row, source=BOND) - returned
        self.bonds_received -= kept
        self.received += kept
        self._return_bond(now, w.worker, total(row, source=WORKER_BOND, to=WORKER))
        self._return_bond(now, opener, total(row, source=BOND, to=OPENER))

        self.pool += total(row, to=disputes.POOL)
        free = total(row, to=FREE)
        if free == b.reward and now < self.closes_at(w.bounty):
            b.free_slots += 1
        else:
            self._free(now, b, free)
        self._send(now, opener, total(row, source=REWARD, to=OPENER), 0)
        for source in (BOND, FEE):
            self._send(now, w.worker, total(row, source=source, to=WORKER), 0)
        payees = w.payees or [(w.worker, 10_000)]
        parts = shares(total(row, to=PAYEES), [bps for _, bps in payees])
        for (account, _), part in zip(payees, parts, strict=True):
            self._send(now, account, part, 0 if b.is_gift else part)

    def _settle(self, now: int, work: int) -> list[Flow]:
        """End a work's dispute; returns where all its money goes."""
        b = self.bounties[self.works[work - 1].bounty - 1]
        dispute, c = self.disputes[work], self.campaign_of(work)
        if c.terms.pays_jurors:
            dispute.shares_total = dispute.arbitrator.total(dispute.number, now)
        row = disputes.flows(
            dispute.is_challenge,
            dispute.ruling or 0,
            b.reward,
            b.bond,
            dispute.bond,
            c.fee_left,
            dispute.shares_total != 0,
        )
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
            self.pool += c.fee_left
            c.fee_left, c.fee_settled = 0, True

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
        reward = self.bounties[self.works[work - 1].bounty - 1].reward
        bond = disputes.bond_of(reward, terms.bond_bps, terms.bond_min)
        return bond, terms.arbitrator.cost

    def open_dispute(self, now: int, by: str, work: int, value: int) -> int:
        bond, cost = self.price(work)
        if value != cost:
            raise Refused("!DisputeDeskWrongCost", value, cost)
        w, status = self.works[work - 1], self.status(work, now)
        if status == REJECTED:
            self._own_work(by, work)
        elif status != ACCEPTED:
            raise Refused("WrongStatus", work, status)
        self._check_pays(by)
        c = self.campaign_of(work)
        arbitrator = c.terms.arbitrator
        assert arbitrator is not None
        number = arbitrator.number()
        if self.disputed_work(arbitrator.address, number):
            raise Refused("!DisputeDeskIdTaken", arbitrator.address, number)
        arbitrator.open(now)
        self.bonds_received += bond
        until, is_challenge = now + c.terms.arbitration, status == ACCEPTED
        self.disputes[work] = Dispute(by, until, is_challenge, c.lead, arbitrator, number, bond)
        w.state, w.since = "disputed", now
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

    def _open_dispute(self, now: int, work: int) -> Dispute:
        dispute = self._known_dispute(work)
        if dispute.ruling is not None or now >= dispute.until:
            raise Refused("!DisputeDeskNotOpen", work, dispute.until)
        return dispute

    def add_evidence(self, now: int, work: int) -> None:
        self._open_dispute(now, work)

    def rule(self, now: int, arbitrator: str, number: int, ruling: int) -> None:
        work = self.disputed_work(arbitrator, number)
        if not work:
            raise Refused("!DisputeDeskNotArbitrator", arbitrator, number)
        self._open_dispute(now, work).ruling = ruling if ruling in (1, 2) else 0

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

    def expire_credit(self, now: int, account: str) -> None:
        credit = self.credits.get(account)
        if credit is None:
            raise Refused("NoCredit", account)
        if now < credit.since + YEAR:
            raise Refused("CreditAlive", account, credit.since + YEAR)
        del self.credits[account]
        self.pool += credit.amount
