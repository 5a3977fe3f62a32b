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


@dataclass
class Points:
    """All awards of one contract, added up without rounding until they are read."""

    birth: int
    half_life: int
    awards: list[tuple[int, str, int]] = field(default_factory=list)

    def award(self, at: int, account: str, points: int) -> None:
        """Record an award."""
        self.awards.append((at, account, points))

    def read(self, at: int, account: str | None = None) -> int:
        """Return the points of an account (None: of all) as they read at a moment."""
        left = sum(
            (
                points * weight(at - self.birth, self.half_life) / weight(t - self.birth, self.half_life)
                for t, who, points in self.awards
                if t <= at and account in (None, who)
            ),
            Fraction(0),
        )
        return left.numerator // left.denominator
