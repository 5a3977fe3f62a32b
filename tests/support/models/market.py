"""A forecast's market as a plain model: the quadratic scoring rule in exact integers.

Shares in ppm, money in units of the budget token. A position pays (a + b·x) ÷ 10^12 at outcome x.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ONE = 10**6
SQUARE = ONE * ONE


@dataclass
class Market:
    """One market; accounts are named by anything.

    Attributes:
        ppm: The forecast; None until somebody sponsors.
        depth: All depth.
        positions: a and b of each account.
        sponsors: Of each: amount, depth, sum of depth · ppm, sum of depth · ppm².
        paid: What each account left by its moves, net.
    """

    ppm: int | None = None
    depth: int = 0
    positions: dict[object, tuple[int, int]] = field(default_factory=dict)
    sponsors: dict[object, tuple[int, int, int, int]] = field(default_factory=dict)
    paid: dict[object, int] = field(default_factory=dict)

    def sponsor(self, who: object, amount: int, start: int) -> int:
        """Returns the depth that it adds."""
        if self.ppm is None:
            self.ppm = start
        added = amount * SQUARE // max(self.ppm, ONE - self.ppm) ** 2
        known = self.sponsors.get(who, (0, 0, 0, 0))
        more = (amount, added, added * self.ppm, added * self.ppm**2)
        self.sponsors[who] = tuple(one + other for one, other in zip(known, more, strict=True))
        self.depth += added
        return added

    def move(self, who: object, to: int) -> int:
        """Returns what the mover leaves more; below 0 where some comes back."""
        assert self.ppm is not None
        a, b = self.positions.get(who, (0, 0))
        before = collateral(a, b)
        a += self.depth * (self.ppm**2 - to**2)
        b += 2 * self.depth * (to - self.ppm)
        self.positions[who], self.ppm = (a, b), to
        pays = collateral(a, b) - before
        self.paid[who] = self.paid.get(who, 0) + pays
        return pays

    def worth(self, who: object, x: int) -> int:
        """What an account is paid at an outcome, as mover and as sponsor."""
        assert self.ppm is not None
        a, b = self.positions.get(who, (0, 0))
        amount, depth, depth_ppm, depth_ppm2 = self.sponsors.get(who, (0, 0, 0, 0))
        loss = depth_ppm2 - self.ppm**2 * depth + 2 * x * (self.ppm * depth - depth_ppm)
        return collateral(a, b) + (a + b * x) // SQUARE + amount + -loss // SQUARE

    def void(self, who: object) -> int:
        """What an account is paid where there is no outcome."""
        return collateral(*self.positions.get(who, (0, 0))) + self.sponsors.get(who, (0, 0, 0, 0))[0]

    def accounts(self) -> set[object]:
        """Everybody who has something in it."""
        return {*self.positions, *self.sponsors}

    def held(self) -> int:
        """What the market holds."""
        return sum(self.void(who) for who in self.accounts())

    def left_over(self, outcomes: Iterable[int]) -> tuple[int, int]:
        """The least and the most that is left when everybody was paid, over these outcomes."""
        held, everybody = self.held(), self.accounts()
        left = [held - sum(self.worth(who, x) for who in everybody) for x in outcomes]
        return min(left), max(left)


def collateral(a: int, b: int) -> int:
    """What a position loses at the worst outcome, rounded up."""
    return -(min(0, a, a + b * ONE) // SQUARE)
