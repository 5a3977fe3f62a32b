"""The model of the escrow's money: pool, campaigns, fees, credits, and the status of everything.

Amounts are ints in the smallest unit, times Unix seconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.support.models import disputes
from tests.support.models.escrow_facts import (
    ACCEPTED,
    CONTESTED_NOW,
    DISPUTED,
    DONE,
    MAX_LEADS,
    MAX_REWARD,
    NONE,
    PAYABLE,
    REJECTED,
    REVIEW,
    VOID,
    YEAR,
    Bounty,
    Campaign,
    Credit,
    Dispute,
    Stint,
    Terms,
    Work,
)
from tests.support.models.refusals import Refused


@dataclass
class EscrowBooks:
    """The money and the campaigns: where everything lies, and what moves it.

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

    # -- money -------------------------------------------------------------------------------------

    def _check_pays(self, account: str) -> None:
        if account in self.blocked:
            raise Refused("!StablecoinBlocked", account)

    def _check_stake(self, by: str, bond: int, amount: int) -> None:
        if amount or bond:
            self._check_pays(by)
        if amount < bond:
            raise Refused("BondShort", amount, bond)

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

    def _free(self, now: int, bounty: Bounty, amount: int) -> None:
        c = self.campaigns[bounty.campaign - 1]
        if now >= c.ends_at:
            self.pool += amount
        elif bounty.is_gift:
            c.gift += amount
        else:
            c.free += amount

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

    def _settle_fee(self, now: int, c: Campaign, earned: int) -> None:
        """Former leads get what is booked, the pool what nobody earned."""
        c.fee_settled = True
        self.pool += c.left_of(len(c.stints) - 1) - earned
        c.fee_left = 0
        for stint in c.stints:
            self._send(now, stint.lead, stint.booked, stint.booked)
            stint.booked = 0
