"""The answer: what the contracts say, held against the model, as the output's fields."""

from collections.abc import Iterator
from functools import partial

from dmo.core import words
from dmo.core.errors import CheckFailed
from dmo.core.units import BPS, format_amount
from dmo.home import outputs
from dmo.replay.engine import Outcome
from dmo.replay.model import Expected
from dmo.replay.plan import ReplayPlan
from dmo.replay.records import Holders, Votes
from dmo.replay.rules import DAY, MONEY_DECIMALS

MAX_SHOWN = 20


def compare(outcome: Outcome, expected: Expected) -> None:
    """Hold what the chain says against the model.

    Raises:
        CheckFailed: They differ; nothing should be written then.
    """
    differences = list(_different(outcome, expected))
    if differences:
        about = {"count": len(differences), "shown": "; ".join(differences[:MAX_SHOWN])}
        raise CheckFailed(words.stopped(CheckFailed, "replay_disagree", **about).message, differences)


def _different(outcome: Outcome, expected: Expected) -> Iterator[str]:
    pairs = {
        "passing threshold": (outcome.threshold, expected.threshold),
        "ballots": (outcome.ballots.count, expected.ballots),
        "OpenZeppelin votes": (outcome.plain_votes.count, expected.choices),
        "proposals": (len(outcome.results), len(expected.results)),
    }
    for what, (found, wanted) in pairs.items():
        if found != wanted:
            yield f"{what}: {found} on the chain, {wanted} computed"
    for one, other in zip(outcome.results, expected.results, strict=False):
        if one != other:
            yield f"proposal {other.number}: {one} on the chain, {other} computed"
    for number, plain in expected.plain.items():
        if (met := outcome.plain_tallies.get(number)) != plain:
            yield f"proposal {number}: {met} at OpenZeppelin's Governor, {plain} computed"


def answer(plan: ReplayPlan, holders: Holders, votes: Votes, outcome: Outcome) -> outputs.ReplayResult:
    """Put what the chain says into the output's fields."""
    tokens = partial(format_amount, decimals=18, grouped=False)
    money = partial(format_amount, decimals=MONEY_DECIMALS, grouped=False)
    options, ballots, plain = plan.options, outcome.ballots, outcome.plain_votes
    choices = sum(len(ballot) for played in plan.rounds for ballot in played.ballots.values())
    days, rest = divmod(options.round_seconds, DAY)
    said = {
        "inputs": {
            "holders": {"rows": len(holders.rows), "tokens": tokens(holders.supply), "sha256": holders.sha256},
            "votes": {"rows": votes.rows, "sha256": votes.sha256, "left_out": votes.left_out or None},
        },
        "options": {
            "round_days": options.round_seconds / DAY if rest else days,
            "ask": money(options.ask),
            "budget": money(options.budget),
            "threshold_bps": options.threshold_bps,
            "one_member_one_vote": options.is_equal or None,
        },
        "threshold": tokens(outcome.threshold),
        "rounds": plan.rounds[-1].number,
        "proposals": [
            {
                "proposal": votes.proposals[one.number].name,
                "round": one.round,
                "for": tokens(one.for_votes),
                "against": tokens(one.against_votes),
                "passed": one.is_passed,
                "funded": one.is_funded,
            }
            for one in outcome.results
        ],
        "ballots": ballots.count,
        "choices": choices,
        "gas_ballots": ballots.gas,
        "gas_settlements": outcome.settlements.gas,
        "gas_per_choice": _half_up(ballots.gas, choices),
        "openzeppelin": {
            "votes": plain.count,
            "gas_votes": plain.gas,
            "gas_per_vote": _half_up(plain.gas, plain.count),
        },
        "gas_saved_bps": _half_up(BPS * (plain.gas - ballots.gas), plain.gas),
    }
    return outputs.ReplayResult.model_validate(said)


def _half_up(numerator: int, denominator: int) -> int:
    """Rounded to the nearest, halves up; 0 of 0 is 0."""
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0
