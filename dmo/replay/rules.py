"""The options of a replay, within what the contracts take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dmo.core.errors import BadInput
from dmo.core.units import format_amount, parse_amount, parse_bps

__all__ = ["MONEY_DECIMALS", "ReplayOptions", "parse_options"]

MONEY_DECIMALS = 6
"""Of the budget token."""
CENTS = 10**MONEY_DECIMALS
DAY = 86_400
PASSING_BPS = (200, 5000)
ROUND_SECONDS = (3600, 90 * DAY)
MAX_BUDGET = 2**96 - 1
_DAYS = re.compile(r"\d{1,9}(\.\d{1,18})?", re.ASCII)


@dataclass(frozen=True)
class ReplayOptions:
    """What is asked.

    Attributes:
        holders: The file ``address,tokens``.
        votes: The file ``proposal,opened_at,voter,choice``.
        round_seconds: Length of a round.
        ask: What every idea asks for, units of the budget token.
        budget: What a round may assign, units of the budget token.
        threshold_bps: For less against that an idea needs, as a share of the supply.

    Raises:
        BadInput: The contracts would refuse them.
    """

    holders: Path
    votes: Path
    round_seconds: int = 14 * DAY
    ask: int = 1000 * CENTS
    budget: int = 5000 * CENTS
    threshold_bps: int = 400

    def __post_init__(self) -> None:
        low, high = PASSING_BPS
        if not low <= self.threshold_bps <= high:
            raise BadInput(
                f"a passing share of {self.threshold_bps} bps is out of bounds",
                expected=f"{low} to {high} bps",
                field="--threshold-bps",
            )
        shortest, longest = ROUND_SECONDS
        if not shortest <= self.round_seconds <= longest:
            raise _bad_length(f"{self.round_seconds} seconds")
        if not 0 < self.budget <= MAX_BUDGET:
            expected = f"more than 0, at most {_money(MAX_BUDGET)}"
            raise BadInput("no budget for a round", expected=expected, field="--budget")
        lowest, highest = -(-self.budget // 100), self.budget // 3
        if not lowest <= self.ask <= highest:
            raise BadInput(
                f"the board takes no idea that asks for {_money(self.ask)} of a round's {_money(self.budget)}",
                expected=f"1 % to a third of the budget: {_money(lowest)} to {_money(highest)}",
                field="--ask",
            )


def _money(units: int) -> str:
    return format_amount(units, MONEY_DECIMALS)


def _bad_length(text: str) -> BadInput:
    return BadInput(
        f"rounds of {text} cannot be used", expected="an hour to 90 days, in whole seconds", field="--round-days"
    )


def parse_options(
    holders: str, votes: str, round_days: str, ask: str, budget: str, threshold_bps: str
) -> ReplayOptions:
    """Read options as a person writes them.

    Raises:
        BadInput: One is no number, or the contracts would refuse it.
    """
    seconds = Decimal(round_days) * DAY if _DAYS.fullmatch(round_days) else Decimal("0.5")
    if seconds != int(seconds):
        raise _bad_length(f"{round_days[:60]!r} days")
    numbers = []
    for option, text in (("--ask", ask), ("--budget", budget), ("--threshold-bps", threshold_bps)):
        try:
            is_money = option != "--threshold-bps"
            numbers.append(parse_amount(text, MONEY_DECIMALS) if is_money else parse_bps(text))
        except BadInput as error:
            raise error.at(field=option) from None
    return ReplayOptions(Path(holders), Path(votes), int(seconds), *numbers)
