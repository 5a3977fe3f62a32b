"""Points that fade with a half-life. Points are WAD, times Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


def weight(age: int, half_life: int) -> Fraction:
    """Return what is left of one point after `age` seconds, relative to a point earned at birth.

    Each half-life halves it; within one its inverse grows on a straight line.
    """
    if age < half_life:
        return Fraction(half_life, half_life + age)
    return weight(age - half_life, half_life) / 2


def growth(age: int, half_life: int) -> int:
    """Return the whole number by which points are multiplied when stored."""
    value = half_life / weight(age, half_life)
    assert value.denominator == 1
    return value.numerator


GRAIN = 10**9
"""The smallest part of a point that is kept."""


@dataclass
class Points:
    """All awards of one contract, added up without rounding until they are read; they count from the next boundary."""

    birth: int
    half_life: int
    origin: int
    round_seconds: int
    awards: list[tuple[int, str, int]] = field(default_factory=list)

    def boundary(self, at: int) -> int:
        """Return the latest boundary that is not later than a moment."""
        rounds = (at - self.origin) // self.round_seconds
        return self.origin + rounds * self.round_seconds

    def award(self, at: int, account: str, points: int) -> int:
        """Record an award; returns from when on it counts."""
        start = self.boundary(at) + self.round_seconds
        self.awards.append((start, account, points - points % GRAIN))
        return start

    def read(self, at: int, account: str | None = None) -> int:
        """Return the points of an account (None: of all) as they read at a moment."""
        left = sum(
            (
                points * weight(at - self.birth, self.half_life) / weight(start - self.birth, self.half_life)
                for start, who, points in self.awards
                if start <= at and account in (None, who)
            ),
            Fraction(0),
        )
        return left.numerator // left.denominator

    def pending(self, at: int, account: str) -> int:
        """Return an account's points that do not count yet."""
        return sum(points for start, who, points in self.awards if start > at and who == account)

    def lifetime(self, account: str) -> int:
        """Return all points an account was ever awarded."""
        return sum(points for _, who, points in self.awards if who == account)
