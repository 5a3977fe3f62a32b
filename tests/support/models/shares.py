"""Shares of the votable supply, in units of the votes token."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil


def votable(total: int, excluded_votes: Iterable[int]) -> int:
    """Return the total supply less the votes of the excluded accounts."""
    return total - sum(excluded_votes)


def share(votable_supply: int, share_bps: int, floor: int) -> int:
    """Return the share (bps) of the votable supply, rounded up, never below the floor."""
    return max(ceil(Fraction(votable_supply * share_bps, 10_000)), floor)
