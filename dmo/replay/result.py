"""The answer: what the contracts say, held against the model, as the output's fields."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from dmo.core.errors import CheckFailed
from dmo.core.units import BPS, format_amount
from dmo.home.outputs import (
    OpenZeppelinCost,
    Replay,
    ReplayInput,
    ReplayInputs,
    ReplayProposal,
)
from dmo.home.outputs import ReplayOptions as OptionsOutput
from dmo.replay.engine import Outcome
from dmo.replay.model import Expected
from dmo.replay.plan import Plan
from dmo.replay.records import CENTS, Holders, ReplayOptions, Votes

__all__ = ["answer", "compare"]

MAX_SHOWN = 20


def _different(outcome: Outcome, expected: Expected) -> Iterable[str]:
    pairs = {
        "passing threshold": (outcome.threshold, expected.threshold),
        "ballots": (outcome.ballots, expected.ballots),
        "OpenZeppelin votes": (outcome.plain_votes, expected.choices),
        "proposals": (len(outcome.results), len(expected.results)),
    }
    for what, (found, wanted) in pairs.items():
        if found != wanted:
            yield f"{what}: {found} on the chain, {wanted} computed"
    for one, other in zip(outcome.results, expected.results, strict=False):
        if one != other:
            yield f"proposal {other.number}: {one} on the chain, {other} computed"
    for other in expected.results:
        found_plain = outcome.plain_tallies.get(other.number)
        if found_plain != (other.for_votes, other.against_votes):
            yield f"proposal {other.number}: {found_plain} at OpenZeppelin's Governor"


def compare(outcome: Outcome, expected: Expected) -> None:
    """Hold what the chain says against the model.

    Raises:
        CheckFailed: They differ; nothing should be written then.
    """
    differences = list(_different(outcome, expected))
    if differences:
        shown = "; ".join(differences[:MAX_SHOWN])
        raise CheckFailed(
            f"The contracts and the computation disagree in {len(differences)} places: {shown}",
            differences,
        )


def _tokens(amount: int) -> str:
    return format_amount(amount, 18, grouped=False)


def _decimal(value: Decimal) -> str:
    return format_amount(int(value * CENTS), 6, grouped=False)


def _half_up(numerator: int, denominator: int) -> int:
    """Rounded to the nearest, halves up; 0 of 0 is 0."""
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0


def answer(
    options: ReplayOptions,
    holders: Holders,
    votes: Votes,
    plan: Plan,
    outcome: Outcome,
) -> Replay:
    """Put the answer into the output's fields.

    Args:
        options: What was asked.
        holders: Who held how much.
        votes: What was voted.
        plan: How it was cut into rounds.
        outcome: What the chain says.
    """
    choices = sum(len(ballot) for played in plan.rounds for ballot in played.ballots.values())
    days = options.round_days
    return Replay(
        inputs=ReplayInputs(
            holders=ReplayInput(
                rows=len(holders.rows), tokens=_tokens(holders.supply), sha256=holders.sha256
            ),
            votes=ReplayInput(rows=votes.rows, sha256=votes.sha256),
        ),
        options=OptionsOutput(
            round_days=int(days) if days == int(days) else float(days),
            ask=_decimal(options.ask),
            budget=_decimal(options.budget),
            threshold_bps=options.threshold_bps,
        ),
        threshold=_tokens(outcome.threshold),
        rounds=plan.last_round,
        proposals=[
            ReplayProposal.model_validate(
                {
                    "proposal": str(result.number),
                    "round": result.round,
                    "for": _tokens(result.for_votes),
                    "against": _tokens(result.against_votes),
                    "passed": result.is_passed,
                    "funded": result.is_funded,
                }
            )
            for result in outcome.results
        ],
        ballots=outcome.ballots,
        choices=choices,
        gas_ballots=outcome.gas_ballots,
        gas_settlements=outcome.gas_settlements,
        gas_per_choice=_half_up(outcome.gas_ballots, choices),
        openzeppelin=OpenZeppelinCost(
            votes=outcome.plain_votes,
            gas_votes=outcome.gas_plain,
            gas_per_vote=_half_up(outcome.gas_plain, outcome.plain_votes),
        ),
        gas_saved_bps=_half_up(BPS * (outcome.gas_plain - outcome.gas_ballots), outcome.gas_plain),
    )
