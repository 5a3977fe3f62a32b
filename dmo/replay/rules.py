"""The options of a replay as the contracts take them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from dmo.core.errors import BadInput
from dmo.core.units import format_amount
from dmo.replay.records import CENTS, ReplayOptions

__all__ = ["Rules", "check_options", "parse_options"]

PASSING_BPS = (200, 5000)
ROUND_SECONDS = (3600, 90 * 86_400)
MAX_CAP = 2**96 - 1


@dataclass(frozen=True)
class Rules:
    """The options as the contracts take them.

    Attributes:
        round_seconds: Length of a round.
        ask: What every idea asks for, units of the budget token.
        cap: What a round may assign, units of the budget token.
        passing_bps: For less against that an idea needs, as a share of the supply.
    """

    round_seconds: int
    ask: int
    cap: int
    passing_bps: int


def _units(value: Decimal, option: str) -> int:
    expected = (
        f"a positive number of whole budget tokens with at most {len(str(CENTS)) - 1} decimals"
    )
    if not value.is_finite() or not 0 < value < Decimal(10) ** 30:
        raise BadInput(f"{str(value)[:60]} cannot be used", expected=expected, field=option)
    units = int(value * CENTS)
    if units != value * CENTS:
        raise BadInput(f"{str(value)[:60]} is too fine", expected=expected, field=option)
    return units


def check_options(options: ReplayOptions) -> Rules:
    """Turn the options into the contracts' numbers.

    Raises:
        BadInput: The contracts would refuse them.
    """
    low, high = PASSING_BPS
    if not low <= options.threshold_bps <= high:
        raise BadInput(
            f"a passing share of {options.threshold_bps} bps is out of bounds",
            expected=f"{low} to {high} bps",
            field="--threshold-bps",
        )
    days = options.round_days
    seconds = days * 86_400 if days.is_finite() and abs(days) < 10**6 else Decimal(0)
    shortest, longest = ROUND_SECONDS
    if seconds != int(seconds) or not shortest <= seconds <= longest:
        raise BadInput(
            f"rounds of {str(days)[:60]} days cannot be used",
            expected=f"an hour to {longest // 86_400} days, in whole seconds",
            field="--round-days",
        )
    ask, cap = _units(options.ask, "--ask"), _units(options.budget, "--budget")
    if cap > MAX_CAP:
        most = format_amount(MAX_CAP // CENTS, 0)
        raise BadInput("the budget is too large", expected=f"at most {most}", field="--budget")
    if not -(-cap // 100) <= ask <= cap // 3:
        lowest, highest = format_amount(-(-cap // 100), 6), format_amount(cap // 3, 6)
        raise BadInput(
            f"the board takes no idea that asks for {options.ask} of a round's {options.budget}",
            expected=f"1 % to a third of the budget: {lowest} to {highest}",
            field="--ask",
        )
    return Rules(int(seconds), ask, cap, options.threshold_bps)


def _decimal(text: str, option: str) -> Decimal:
    try:
        if len(text) <= 60 and text.isascii() and not set(text) - set("0123456789.-"):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise BadInput(f"{text[:60]!r} is not a number", expected="a number such as 1000", field=option)


def _whole(text: str, option: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadInput(
            f"{text[:60]!r} is not a whole number", expected="a number such as 400", field=option
        )
    return int(text)


def parse_options(
    holders: str,
    votes: str,
    round_days: str = "14",
    ask: str = "1000",
    budget: str = "5000",
    threshold_bps: str = "400",
) -> ReplayOptions:
    """Read options as a person writes them.

    Args:
        holders: Name of the holders' file.
        votes: Name of the votes' file.
        round_days: Length of a round, in days.
        ask: What an idea asks for, in whole budget tokens.
        budget: What a round may assign, in whole budget tokens.
        threshold_bps: For less against that passes, as a share of the supply, in bps.

    Raises:
        BadInput: One is no number, or the contracts would refuse it.
    """
    options = ReplayOptions(
        holders=Path(holders),
        votes=Path(votes),
        round_days=_decimal(round_days, "--round-days"),
        ask=_decimal(ask, "--ask"),
        budget=_decimal(budget, "--budget"),
        threshold_bps=_whole(threshold_bps, "--threshold-bps"),
    )
    check_options(options)
    return options
