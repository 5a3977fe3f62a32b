"""E-values for two proportions: evidence that two arms do not convert alike, looked at as often as one likes.

The method is that of R. J. Turner, A. Ly and P. D. Grünwald, "Generic E-variables for exact sequential k-sample tests
that allow for optional stopping" (Journal of Statistical Planning and Inference 230, 2024; arXiv:2106.02693), for
blocks with as many visitors of one arm as of the other. Each block bets on the rates that the blocks before it suggest
(the mean of a Beta(0.18 + conversions, 0.18 + others), the paper's own choice), against the one rate between both.
Where the arms convert alike the expectation of each factor is at most 1, whatever the rate is and whenever one stops;
so the product ever reaches 20 in at most one experiment of twenty (Ville's inequality).

All is counted in whole numbers and rounded down, so that every machine comes to the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

UNIT = 10**30
"""An e-value of 1; e-values are counted in its parts."""
_SCALE, _PRIOR = 50, 9
"""The prior counts 0.18 = 9/50 of a conversion, and as much of none, in each arm."""


@dataclass
class Wager:
    """The evidence of an experiment's blocks, in their order.

    Attributes:
        block: Visitors of each arm in a block.
        value: The e-value after the blocks so far, in parts of UNIT.
        blocks: How many there were.
        converted: Conversions of either arm in them.
    """

    block: int
    value: int = UNIT
    blocks: int = 0
    converted: list[int] = field(default_factory=lambda: [0, 0])

    def take(self, first: int, second: int) -> int:
        """The e-value after one more block, of so many conversions in either arm; in parts of UNIT."""
        size, pool = self.block, _SCALE * self.block * self.blocks + 2 * _PRIOR
        a, b = (_SCALE * one + _PRIOR for one in self.converted)
        if a != b:
            won, lost = first + second, 2 * size - first - second
            bet = a**first * (pool - a) ** (size - first) * b**second * (pool - b) ** (size - second) << 2 * size
            even = (a + b) ** won * (2 * pool - a - b) ** lost
            self.value = self.value * bet // even
        self.blocks += 1
        self.converted[0] += first
        self.converted[1] += second
        return self.value


def read_blocks(block: int, arms: Sequence[Sequence[bool]], stops_at: int, most: int) -> Wager:
    """The evidence at the moment that a plan stops at, or of all whole blocks so far.

    Args:
        block: Visitors of each arm in a block.
        arms: Whether each visitor converted, in the plan's order, for either arm.
        stops_at: The e-value that ends it.
        most: The number of blocks that ends it.
    """
    first, second = arms
    found = Wager(block)
    while not is_over(found, stops_at, most) and (found.blocks + 1) * block <= min(len(first), len(second)):
        here = slice(found.blocks * block, (found.blocks + 1) * block)
        found.take(sum(first[here]), sum(second[here]))
    return found


def is_over(one: Wager, stops_at: int, most: int) -> bool:
    """Whether a plan stops there."""
    return one.value >= stops_at * UNIT or one.blocks >= most


def mean(values: Iterable[int], registered: int) -> int:
    """The e-value of all replications that were registered, in parts of UNIT; what was not reported counts as 0.

    A mean of e-values is one, however they depend on each other; leaving out what went badly can only lower it.
    """
    return sum(values) // registered


def shown(value: int, places: int = 2) -> str:
    """An e-value with so many decimals, rounded down."""
    whole, rest = divmod(value * 10**places // UNIT, 10**places)
    return f"{whole}.{rest:0{places}}"
