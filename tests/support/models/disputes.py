"""Who gets what from a dispute, written again from the design's table of ends, row by row.

Money flows from purses (the reward, the worker's bond, the dispute's bond, the lead's fee) to those
who get it. Amounts are ints in the smallest unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

NO_RULING, PAYS, DOES_NOT_PAY = 0, 1, 2

REWARD, WORKER_BOND, BOND, FEE = "reward", "worker's bond", "dispute bond", "lead's fee"
PAYEES, WORKER, OPENER, JURORS, POOL, FREE = "payees", "worker", "opener", "jurors", "pool", "free"

Flow = tuple[str, str, int]


def bond_of(reward: int, bps: int, least: int) -> int:
    """What a dispute takes."""
    return max(ceil(Fraction(reward * bps, 10_000)), least)


def is_paid(is_challenge: bool, ruling: int) -> bool:
    """Whether the work is paid; without a ruling the lead's verdict stands."""
    return ruling == PAYS or (ruling == NO_RULING and is_challenge)


def flows(is_challenge: bool, ruling: int, w: int, wb: int, b: int, f: int, has_jurors: bool) -> list[Flow]:
    """Every flow of money when a disputed submission ends.

    Args:
        is_challenge: An acceptance was disputed, not a rejection.
        ruling: 0 for none.
        w: Reward.
        wb: Worker's bond.
        b: Dispute bond.
        f: What is left of the lead's fee.
        has_jurors: Somebody is to be paid for the ruling; else their part is the pool's.
    """
    half, tenth, taken = b // 2, b // 10, min(b, f)
    cut = min(b, w)
    rows: dict[tuple[bool, int], list[Flow]] = {
        # challenge lost
        (True, PAYS): [(REWARD, PAYEES, w), (WORKER_BOND, WORKER, wb), (BOND, JURORS, half), (BOND, WORKER, b - half)],
        # challenge won
        (True, DOES_NOT_PAY): [
            (REWARD, JURORS, cut // 2),
            (REWARD, OPENER, cut - cut // 2),
            (REWARD, FREE, w - cut),
            (WORKER_BOND, POOL, wb),
            (BOND, OPENER, b),
            (FEE, POOL, taken),
        ],
        # challenge without ruling
        (True, NO_RULING): [
            (REWARD, PAYEES, w),
            (WORKER_BOND, WORKER, wb),
            (BOND, JURORS, tenth),
            (BOND, OPENER, b - tenth),
        ],
        # rejection overturned
        (False, PAYS): [
            (REWARD, PAYEES, w),
            (WORKER_BOND, WORKER, wb),
            (BOND, OPENER, b),
            (FEE, JURORS, min(half, taken)),
            (FEE, WORKER, taken - min(half, taken)),
        ],
        # rejection upheld
        (False, DOES_NOT_PAY): [
            (REWARD, FREE, w),
            (WORKER_BOND, POOL, wb),
            (BOND, JURORS, half),
            (BOND, POOL, b - half),
        ],
        # rejection without ruling
        (False, NO_RULING): [
            (REWARD, FREE, w),
            (WORKER_BOND, WORKER, wb),
            (BOND, JURORS, tenth),
            (BOND, OPENER, b - tenth),
        ],
    }
    row = rows[is_challenge, ruling if ruling in (PAYS, DOES_NOT_PAY) else NO_RULING]
    if not has_jurors:
        row = [(source, POOL if to == JURORS else to, amount) for source, to, amount in row]
    return [flow for flow in row if flow[2]]


def total(row: Iterable[Flow], *, source: str | None = None, to: str | None = None) -> int:
    """Sum of the flows from a purse, or to somebody, or both."""
    return sum(amount for out, into, amount in row if source in (None, out) and to in (None, into))


def juror_parts(pot: int, weights: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Cut the jurors' pot by the prefix sums of their weights, each cut rounded down."""
    weights = list(weights)
    whole = sum(weight for _, weight in weights)
    parts, before = {}, 0
    for juror, weight in weights:
        parts[juror] = pot * (before + weight) // whole - pot * before // whole
        before += weight
    return parts
