"""The model of bounties and work, from the posting to the end.

Amounts are ints in the smallest unit, times Unix seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.models import disputes
from tests.support.models.disputes import (
    CONTESTED,
    FEE,
    FREE,
    JURORS,
    OPENER,
    PAYEES,
    REWARD,
    SECOND,
    STAKE,
    UPHOLDER,
    WORKER,
    WORKER_BOND,
    Flow,
    total,
)
from tests.support.models.escrow_books import EscrowBooks
from tests.support.models.escrow_facts import (
    MAX_REWARD,
    MAX_SLOTS,
    NOBODY,
    PAYABLE,
    REJECTED,
    REVIEW,
    VOID,
    Bounty,
    Work,
    shares,
)
from tests.support.models.refusals import Refused


class WorkModel(EscrowBooks):
    """What leads, workers and anyone do with bounties and work."""

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
