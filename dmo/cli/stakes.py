"""What hangs on a dispute: who gets what by each ruling, told before anybody acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmo.cli import texts
from dmo.cli.session import Session
from dmo.client import escrow
from dmo.client.disputes import Ruling
from dmo.client.outcomes import Outcome, Stakes, outcomes
from dmo.core.units import cut_shares

if TYPE_CHECKING:
    from dmo.client.campaigns import Payee

__all__ = ["Docket", "brings", "docket", "outcome_table"]


@dataclass(frozen=True)
class Docket:
    """A submission with all that a dispute about it touches; disputed or not yet."""

    work: escrow.Submission
    bounty: escrow.Bounty
    campaign: escrow.Campaign
    payees: tuple[Payee, ...]

    @property
    def is_lessons(self) -> bool:
        """The submission holds the campaign's lessons."""
        return self.campaign.lessons == self.work.id

    def stakes(self, is_challenge: bool, bond: int, has_jurors: bool) -> Stakes:
        """What a dispute of this kind is about."""
        one = self.campaign
        fee = 0 if one.is_fee_settled else max(one.fee - one.fee_taken, 0)
        reward, worker_bond = self.bounty.reward, self.bounty.bond
        return Stakes(is_challenge, reward, worker_bond, bond, fee, has_jurors)

    def accounts(self, found: Outcome, challenger: str) -> dict[str, int]:
        """What an outcome brings to whom, in units of the budget token."""
        pay = self.pay(found.payees)
        amounts = dict.fromkeys([self.work.worker, *(who for who, _ in pay), challenger], 0)
        amounts[self.work.worker] += found.worker
        amounts[challenger] += found.challenger
        for who, part in pay:
            amounts[who] += part
        return amounts

    def own_bonds(self, found: Outcome, opener: str) -> dict[str, int]:
        """What of it is only what somebody left before."""
        amounts = {self.work.worker: found.worker_bond}
        amounts[opener] = amounts.get(opener, 0) + found.opener_bond
        return amounts

    def pay(self, reward: int) -> list[tuple[str, int]]:
        """What of a reward goes to whom: to the worker, or to whom the worker named."""
        if not self.payees:
            return [(self.work.worker, reward)]
        parts = cut_shares(reward, [payee.share_bps for payee in self.payees])
        return [(payee.account, part) for payee, part in zip(self.payees, parts, strict=True)]


def docket(session: Session, submission: int) -> Docket:
    """Read it.

    Raises:
        Refused: There is no such submission.
    """
    work = escrow.submission(session.dmo, submission)
    bounty = escrow.bounty(session.dmo, work.bounty)
    campaign = escrow.campaign(session.dmo, bounty.campaign)
    payees = escrow.payees(session.dmo, submission) if work.payees else ()
    return Docket(work, bounty, campaign, payees)


# ── who gets what ───────────────────────────────────────────────────────────────────────────────


def brings(one: Docket, stakes: Stakes, opener: str, account: str) -> list[int]:
    """What each ruling (pay, refuse, none) brings to an account, judging aside."""
    return [one.accounts(found, opener).get(account, 0) for found in outcomes(stakes)]


def outcome_table(
    session: Session, one: Docket, stakes: Stakes, opener: str, ruled: Ruling | None = None
) -> None:
    """Who gets what by each ruling, or by the one that was ruled."""
    found = [o for o in outcomes(stakes) if ruled is None or o.ruling is ruled]
    accounts = [one.accounts(outcome, opener) for outcome in found]
    bonds = [one.own_bonds(outcome, opener) for outcome in found]
    session.screen.data["outcomes"] = [
        {
            "ruling": texts.RULINGS[outcome.ruling],
            "paid": outcome.is_paid,
            "accounts": {who: str(amount) for who, amount in amounts.items()},
            "own_bonds": {who: str(amount) for who, amount in back.items()},
            "jurors": str(outcome.jurors),
            "campaign": str(outcome.campaign),
            "pool": str(outcome.pool),
            "fee_lost": str(outcome.fee_lost),
        }
        for outcome, amounts, back in zip(found, accounts, bonds, strict=True)
    ]
    if session.screen.as_json:
        return
    rows: list[tuple[str, list[int]]] = []
    for who in accounts[0]:
        rows += [
            (_roles(session, one, stakes, opener, who), [amounts[who] for amounts in accounts]),
            (texts.OUTCOME_OWN_BONDS, [back.get(who, 0) for back in bonds]),
        ]
    rows += [
        (texts.OUTCOME_JURORS, [outcome.jurors for outcome in found]),
        (texts.OUTCOME_CAMPAIGN, [outcome.campaign for outcome in found]),
        (texts.OUTCOME_POOL, [outcome.pool for outcome in found]),
        (texts.OUTCOME_FEE, [-outcome.fee_lost for outcome in found]),
    ]
    words = texts.OUTCOME_IF if ruled is None else texts.OUTCOME_IS
    session.screen.say()
    session.screen.table(
        (texts.OUTCOME_WHO, *(words[outcome.ruling] for outcome in found)),
        [
            (texts.OUTCOME_WORK, *(texts.OUTCOME_PAID[outcome.is_paid] for outcome in found)),
            *(
                (name, *(session.money(a) if a else texts.NOTHING for a in amounts))
                for name, amounts in rows
                if any(amounts)
            ),
        ],
    )


def _roles(session: Session, one: Docket, stakes: Stakes, opener: str, who: str) -> str:
    roles = [
        texts.OUTCOME_ROLES[role]
        for role, is_so in (
            ("worker", who == one.work.worker),
            ("payee", who in {payee.account for payee in one.payees}),
            ("challenger", who == opener and stakes.is_challenge),
        )
        if is_so
    ]
    return texts.OUTCOME_ACCOUNT.format(", ".join(roles), session.who(who))
