"""An independent model of the campaign escrow: every status and every unit of money.

It shares nothing with the contracts but the rules of the design. Money lies in named places; an act
either moves it and returns, or raises `Refused` with the contract's error and its arguments.
Amounts are ints in the smallest unit, times Unix seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.models.disputes import CHALLENGED, CONTESTED, UPHELD
from tests.support.models.escrow_facts import ACCEPTED, CONTESTED_NOW, REJECTED, YEAR, Dispute
from tests.support.models.escrow_work import WorkModel
from tests.support.models.refusals import Refused


class EscrowModel(WorkModel):
    """The escrow and its desk as the design describes them."""

    # -- acts: disputes ---------------------------------------------------------------------------

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
