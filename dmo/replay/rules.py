"""The options of a replay, within what the contracts take."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dmo.core import words
from dmo.core.errors import BadInput
from dmo.core.units import format_amount, parse_amount, parse_bps

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
    """What is asked; BadInput where the contracts would refuse it."""

    holders: Path  # address,tokens
    votes: Path  # proposal,opened_at,voter,choice; or a folder of Snapshot's reports
    round_seconds: int = 14 * DAY
    ask: int = 1000 * CENTS  # what every idea asks for, units of the budget token
    budget: int = 5000 * CENTS  # what a round may assign, units of the budget token
    threshold_bps: int = 400  # for less against that an idea needs, as a share of the supply
    is_equal: bool = False  # every holder counts one token

    def __post_init__(self) -> None:
        low, high = PASSING_BPS
        if not low <= self.threshold_bps <= high:
            raise words.bad("replay_share", "--threshold-bps", share=self.threshold_bps, low=low, high=high)
        shortest, longest = ROUND_SECONDS
        if not shortest <= self.round_seconds <= longest:
            raise words.bad("replay_length", "--round-days", length=f"{self.round_seconds} seconds")
        if not 0 < self.budget <= MAX_BUDGET:
            raise words.bad("replay_budget", "--budget", most=_money(MAX_BUDGET))
        lowest, highest = -(-self.budget // 100), self.budget // 3
        if not lowest <= self.ask <= highest:
            about = {"ask": self.ask, "budget": self.budget, "low": lowest, "high": highest}
            raise words.bad("replay_ask", "--ask", **{key: _money(units) for key, units in about.items()})


def _money(units: int) -> str:
    return format_amount(units, MONEY_DECIMALS)


def parse_options(
    holders: str, votes: str, round_days: str, ask: str, budget: str, threshold_bps: str, *, is_equal: bool = False
) -> ReplayOptions:
    """Read options as a person writes them.

    Raises:
        BadInput: One is no number, or the contracts would refuse it.
    """
    seconds = Decimal(round_days) * DAY if _DAYS.fullmatch(round_days) else Decimal("0.5")
    if seconds != int(seconds):
        raise words.bad("replay_length", "--round-days", length=f"{round_days[:60]!r} days")
    numbers = []
    for option, text in (("--ask", ask), ("--budget", budget), ("--threshold-bps", threshold_bps)):
        try:
            numbers.append(parse_bps(text) if option == "--threshold-bps" else parse_amount(text, MONEY_DECIMALS))
        except BadInput as error:
            raise error.at(field=option) from None
    money, most, share = numbers
    return ReplayOptions(Path(holders), Path(votes), int(seconds), money, most, share, is_equal)
