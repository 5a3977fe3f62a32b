"""An independent model of the jury: whole tallies, and amounts cut at the jurors' shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True)
class Reveal:
    """A revealed ruling (1 or 2) of a juror, with its weight."""

    juror: str
    weight: int
    ruling: int


def quorum(total: int, bps: int) -> int:
    """Weight that has to be revealed, of a total, rounded up."""
    return ceil(Fraction(total * bps, 10_000))


def verdict(reveals: Iterable[Reveal], needed: int) -> int:
    """The ruling: 0 without a quorum or in a tie."""
    sides = {1: 0, 2: 0}
    for reveal in reveals:
        sides[reveal.ruling] += reveal.weight
    if sum(sides.values()) < needed or sides[1] == sides[2]:
        return 0
    return max(sides, key=lambda ruling: sides[ruling])


def shares(reveals: Iterable[Reveal]) -> dict[str, tuple[int, int]]:
    """Where each juror's share begins and ends, jurors in the order of their reveals."""
    seen: list[Reveal] = []
    cut = {}
    for reveal in reveals:
        begin = sum(earlier.weight for earlier in seen)
        cut[reveal.juror] = (begin, begin + reveal.weight)
        seen.append(reveal)
    return cut
