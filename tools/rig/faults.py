"""What goes wrong, by seed: which faults strike in which wave of due work, and how far into it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

DEEPEST = 20
"""Blocks that a reorganisation takes back at most."""
MIX: Mapping[str, int] = {
    "kill": 6,
    "kill and empty the disk": 1,
    "kill the index": 2,
    "kill the node": 2,
    "reorganise": 8,
    "empty the pool": 3,
    "triple the fee": 3,
    "skew the clock": 2,
}
"""How often in a seed."""
SPREAD = 12
"""Blocks from the start of a wave on within which its faults strike."""
FATES = (("same", 35), ("pool", 30), ("late", 15), ("lost", 20))
"""What becomes of a transaction whose block is gone, of a hundred."""


@dataclass(frozen=True)
class Fault:
    """One fault: in which wave, after how many of its blocks."""

    wave: int
    after: int
    kind: str


def faults(seed: int, waves: int, mix: Mapping[str, int] = MIX) -> list[Fault]:
    """A seed's faults, in their order."""
    draw = random.Random(f"faults {seed}")  # noqa: S311 - by seed
    drawn = [
        Fault(draw.randrange(waves), draw.randrange(SPREAD), kind) for kind, count in mix.items() for _ in range(count)
    ]
    return sorted(drawn, key=lambda one: (one.wave, one.after))


def fate(draw: random.Random) -> str:
    """What becomes of one transaction."""
    (kind,) = draw.choices([name for name, _ in FATES], [weight for _, weight in FATES])
    return f"late{draw.randint(1, 10)}" if kind == "late" else kind
