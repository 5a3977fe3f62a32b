"""Merits: levels, weekly streaks, seasons and holding; pure functions of the log, the same for everybody.

Nothing of it is stored on the chain, and nothing of it moves money: who earned how much, who was there week after
week, and who kept tokens follows from what the events say.
Times in Unix seconds, points in WAD, balances in token units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import isqrt
from typing import NamedTuple

from dmo.capabilities.history import Award
from dmo.core.units import WAD

WEEK_SECONDS = 604_800
SEASON_SECONDS = 90 * 86_400
_MONDAY = 4 * 86_400
"""The first one of all, as weeks of the digest begin."""


def level_unit(cap: int, decimals: int) -> int:
    """Whole points that levels are measured by: a thousandth of the first rules' cap in whole budget tokens."""
    whole: int = cap // 10**decimals
    return max(whole // 1_000, 1)


def points_for(level: int, unit: int) -> int:
    """Lifetime points (WAD) from which on an account has a level."""
    return unit * WAD * level * (level - 1) // 2


def level_of(points: int, unit: int) -> int:
    """The level that lifetime points (WAD) reach; everybody begins with 1."""
    return (1 + isqrt(1 + 4 * (2 * points // (unit * WAD)))) // 2


class Streak(NamedTuple):
    """Weeks in a row with a deed: up to now, and the most ever. A week that is not over yet breaks none."""

    weeks: int
    longest: int


def streak(moments: Iterable[int], now: int) -> Streak:
    """What moments of deeds come to; weeks begin on Mondays, UTC."""
    weeks = sorted({(at - _MONDAY) // WEEK_SECONDS for at in moments if at <= now})
    longest, run, last = 0, 0, None
    for week in weeks:
        run = run + 1 if last is not None and week == last + 1 else 1
        longest, last = max(longest, run), week
    this = (now - _MONDAY) // WEEK_SECONDS
    return Streak(run if last is not None and last >= this - 1 else 0, longest)


class SeasonPlace(NamedTuple):
    """An account's place in a season: by points (WAD) earned in it; who earned the same shares a rank."""

    rank: int
    account: str
    points: int


def season_at(origin: int, now: int) -> int:
    """The season of a moment; 0 before the board's origin."""
    return 0 if now < origin else 1 + (now - origin) // SEASON_SECONDS


def season_times(origin: int, number: int) -> tuple[int, int]:
    """When a season begins, and from when on it is over."""
    opens = origin + (number - 1) * SEASON_SECONDS
    return opens, opens + SEASON_SECONDS


def season_board(awards: Iterable[Award], origin: int, number: int) -> list[SeasonPlace]:
    """Who earned points in a season, the most first; equals by address."""
    earned: Counter[str] = Counter()
    for one in awards:
        if season_at(origin, one.at) == number:
            earned[one.account] += one.points
    found: list[SeasonPlace] = []
    for place, (who, points) in enumerate(sorted(earned.items(), key=lambda its: (-its[1], its[0])), 1):
        is_shared = found and found[-1].points == points
        found.append(SeasonPlace(found[-1].rank if is_shared else place, who, points))
    return found


class TokenMove(NamedTuple):
    """Tokens that went from one account to another."""

    at: int
    sender: str
    to: str
    amount: int


def held(moved: Sequence[TokenMove], account: str, starts: Sequence[int]) -> int | None:
    """The smallest balance that an account had when these rounds began; None where none has begun.

    Args:
        moved: At least all that went to or from the account, in the order of the chain.
        account: Whose balance.
        starts: When the rounds began; what happens in that very second is of the round.
    """
    if not starts:
        return None
    balance, place, least = 0, 0, None
    for start in sorted(starts):
        while place < len(moved) and moved[place].at < start:
            one = moved[place]
            balance += (one.to == account) * one.amount - (one.sender == account) * one.amount
            place += 1
        least = balance if least is None else min(least, balance)
    return least
