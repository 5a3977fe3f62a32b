"""What the report, the demo's tables and its story say in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from dmo.client.settlements import Move, Settlement
from dmo.core.units import WAD, format_amount
from dmo.report.facts import CampaignFacts, DisputeFacts, IdeaFacts, Payment, WorkFacts
from dmo.report.history import History

__all__ = [
    "DAY",
    "Moved",
    "Names",
    "day",
    "first_payment",
    "moved",
    "moved_words",
    "payment_words",
    "rounded",
    "source_of_jurors",
    "verdict",
    "weight_unit",
    "work_story",
]

DAY = 86_400
Names = Callable[[str], str]

_KINDS = {
    "work": "work",
    "gift": "work, from a gift",
    "fee": "lead's fee",
    "won": "won in a dispute",
    "juror": "juror's share",
    "credit": "credit, sent where its owner said",
}
_SOURCES = {"bond": "the dispute's bond", "reward": "the reward", "fee": "the lead's fee"}
_RECIPIENTS = {"jurors": "the jurors", "pool": "the pool"}


def day(timestamp: int) -> str:
    """A day of the year."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{moment.day} {moment:%b}"


def rounded(amount: int, decimals: int) -> str:
    """An amount for a label: whole tokens, at most two decimals."""
    cents = round(amount * 100 / 10**decimals)
    return format_amount(cents, 2)


def verdict(idea: IdeaFacts) -> str:
    """What became of an idea, in few words."""
    if idea.is_withdrawn:
        return "replaced by an edit"
    if idea.campaign:
        return "funded"
    return "passed, did not fit" if idea.is_passing else "did not pass"


def first_payment(history: History, campaign: CampaignFacts) -> int | None:
    """When a campaign first paid a worker."""
    return min(
        (
            p.at
            for p in history.payments
            if p.campaign == campaign.id and p.kind in ("work", "gift")
        ),
        default=None,
    )


def payment_words(payment: Payment) -> str:
    """What a payment was for."""
    words = _KINDS[payment.kind]
    return f"{words}; could not be delivered: a credit" if payment.is_credited else words


def work_story(work: WorkFacts, dispute: DisputeFacts | None, now: int) -> str:
    """What happened to a submission."""
    steps = []
    if work.rejected_at:
        steps.append("rejected")
    if work.reworked_at:
        steps.append("reworked")
    if work.withdrawn_at:
        steps.append("withdrawn")
    if work.accepted_at:
        steps.append("accepted")
    elif work.is_silent or (dispute and dispute.is_challenge):
        steps.append("accepted by silence")
    if dispute:
        steps.append("challenged" if dispute.is_challenge else "disputed")
        if dispute.is_over(now):
            steps.append(dispute.ending(now))
    if work.paid_at:
        steps.append("paid")
    elif work.released_at:
        steps.append("released unpaid")
    return ", ".join(steps) or "in review"


def source_of_jurors(history: History, dispute: DisputeFacts) -> str:
    """Where the jurors of a dispute come from."""
    if dispute.is_from_reputation is None:
        return "another arbitrator"
    return "points" if dispute.is_from_reputation else history.votes_token.symbol


def weight_unit(history: History, dispute: DisputeFacts) -> int:
    """One point, or one votes token, in units of the jurors' weight."""
    return WAD if dispute.is_from_reputation else 10**history.votes_token.decimals


@dataclass(frozen=True)
class Moved:
    """Money that the end of a disputed submission moved, in words."""

    amount: int
    source: str
    to: str


def moved(dispute: DisputeFacts, work: WorkFacts | None, names: Names) -> tuple[Moved, ...]:
    """Everything that a settled dispute moved, the reward and the worker's bond included.

    Args:
        dispute: The dispute.
        work: The submission; None for lessons, whose reward is told elsewhere.
        names: Address → name.
    """
    settlement = dispute.settlement
    if settlement is None:
        return ()
    found = []
    if work is not None:
        to = "who did the work" if dispute.is_paid else "free again"
        found.append(Moved(work.reward - settlement.cut, _SOURCES["reward"], to))
        if work.bond:
            is_back = dispute.is_paid or settlement.keeps_worker_bond
            to = f"back to {names(work.worker)}" if is_back else _RECIPIENTS["pool"]
            found.append(Moved(work.bond, "the worker's bond", to))
    for move in settlement.moves:
        who = _recipient(move, settlement.opener, dispute.worker, names)
        to = f"back to {who}" if _is_return(move) else who
        found.append(Moved(move.amount, _SOURCES[move.source], to))
    return tuple(found)


def moved_words(
    settlement: Settlement, worker: str, names: Names, money: Callable[[int], str]
) -> list[str]:
    """Who got what of a dispute, a phrase each."""
    return [
        f"{money(move.amount)} of {_SOURCES[move.source]} {'back ' if _is_return(move) else ''}to "
        + _recipient(move, settlement.opener, worker, names)
        for move in settlement.moves
    ]


def _is_return(move: Move) -> bool:
    return move.source == "bond" and move.to == "opener"


def _recipient(move: Move, opener: str, worker: str, names: Names) -> str:
    if move.to == "opener":
        return names(opener)
    return names(worker) if move.to == "worker" else _RECIPIENTS[move.to]
