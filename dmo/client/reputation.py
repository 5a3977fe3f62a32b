"""Points: who has how many, now and at any moment."""

from __future__ import annotations

from dataclasses import dataclass

from dmo.core.chain import Read
from dmo.home.deployment import Dmo

__all__ = ["Award", "Standing", "awards", "board", "growth", "points", "points_at", "total"]

REPUTATION = "Reputation"


@dataclass(frozen=True)
class Award:
    """Points awarded, WAD."""

    account: str
    points: int
    block: int
    tx: str


@dataclass(frozen=True)
class Standing:
    """An account's place; points faded to now, and all it ever earned (WAD)."""

    rank: int
    account: str
    points: int
    earned: int


def growth(half_life_seconds: int, elapsed_seconds: int) -> int:
    """The growth factor g, as the contract computes it.

    Args:
        half_life_seconds: H, in seconds.
        elapsed_seconds: Seconds since birth.
    """
    whole, rest = divmod(elapsed_seconds, half_life_seconds)
    return (half_life_seconds + rest) << whole


def points(dmo: Dmo, account: str) -> int:
    """Points of an account now, WAD."""
    return int(dmo.read(REPUTATION, "getVotes", account))


def points_at(dmo: Dmo, account: str, timepoint: int) -> int:
    """Points of an account at a past moment (Unix seconds), WAD."""
    return int(dmo.read(REPUTATION, "getPastVotes", account, timepoint))


def total(dmo: Dmo) -> int:
    """All points a second ago, WAD."""
    return int(dmo.read(REPUTATION, "getPastTotalSupply", dmo.chain.now() - 1))


def awards(dmo: Dmo, account: str | None = None) -> list[Award]:
    """All awards, in the order of the chain."""
    return [
        Award(event.arguments["account"], event.arguments["pointsWad"], event.block, event.tx)
        for event in dmo.events(REPUTATION, "PointsAwarded", account=account)
    ]


def board(dmo: Dmo) -> list[Standing]:
    """Everybody with points, the most first; equals by address."""
    earned: dict[str, int] = {}
    for award in awards(dmo):
        earned[award.account] = earned.get(award.account, 0) + award.points
    accounts = sorted(earned)
    address = dmo.address(REPUTATION)
    now = dmo.chain.read([Read(REPUTATION, address, "getVotes", (who,)) for who in accounts])
    ranked = sorted(zip(accounts, now, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return [
        Standing(place, who, faded, earned[who]) for place, (who, faded) in enumerate(ranked, 1)
    ]
