"""Who gets what from a dispute, written again from the design's table of ends, row by row.

Money flows from purses (the reward, the worker's bond, the stakes, the lead's fee) to those who get
it. Amounts are ints in the smallest unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

NO_RULING, PAYS, DOES_NOT_PAY = 0, 1, 2
CHALLENGED, CONTESTED, UPHELD = "challenged", "contested", "upheld"

REWARD, WORKER_BOND, STAKE, SECOND, FEE = "reward", "worker's bond", "stake", "upholder's stake", "lead's fee"
PAYEES, WORKER, OPENER, UPHOLDER = "payees", "worker", "opener", "upholder"
JURORS, POOL, FREE = "jurors", "pool", "free"

Flow = tuple[str, str, int]


def bond_of(reward: int, bps: int, least: int) -> int:
    """What each stake in a dispute is, and the least a worker leaves."""
    return min(max(ceil(Fraction(reward * bps, 10_000)), least), reward)


def is_paid(kind: str, ruling: int) -> bool:
    """Whether the work is paid; without a ruling the lead's verdict stands, if somebody stands by it."""
    return kind == CONTESTED or ruling == PAYS or (ruling == NO_RULING and kind == CHALLENGED)


def flows(kind: str, ruling: int, w: int, wb: int, b: int, f: int, has_jurors: bool) -> list[Flow]:
    """Every flow of money when a contested or disputed submission ends.

    Args:
        kind: An acceptance was challenged; a rejection contested, or contested and upheld.
        ruling: 0 for none.
        w: Reward.
        wb: Worker's bond.
        b: Each stake.
        f: What is left of the fee of the lead whose verdict it is about.
        has_jurors: Somebody is to be paid for the ruling; else their part is the pool's.
    """
    half, tenth, taken = b // 2, b // 10, min(b, f)
    paid, free = [(REWARD, PAYEES, w), (WORKER_BOND, WORKER, wb)], [(REWARD, FREE, w)]
    rows: dict[tuple[str, int], list[Flow]] = {
        # challenge lost
        (CHALLENGED, PAYS): [*paid, (STAKE, JURORS, half), (STAKE, WORKER, b - half)],
        # challenge won
        (CHALLENGED, DOES_NOT_PAY): [
            *free,
            (WORKER_BOND, JURORS, half),
            (WORKER_BOND, OPENER, b - half),
            (WORKER_BOND, POOL, wb - b),
            (STAKE, OPENER, b),
            (FEE, POOL, taken),
        ],
        # challenge without ruling
        (CHALLENGED, NO_RULING): [*paid, (STAKE, JURORS, tenth), (STAKE, OPENER, b - tenth)],
        # contested, not upheld
        (CONTESTED, NO_RULING): [*paid, (STAKE, OPENER, b)],
        # rejection overturned
        (UPHELD, PAYS): [
            *paid,
            (STAKE, OPENER, b),
            (SECOND, JURORS, half),
            (SECOND, WORKER, b - half),
            (FEE, POOL, taken),
        ],
        # rejection upheld
        (UPHELD, DOES_NOT_PAY): [
            *free,
            (WORKER_BOND, POOL, wb),
            (STAKE, JURORS, half),
            (STAKE, UPHOLDER, b - half),
            (SECOND, UPHOLDER, b),
        ],
        # upheld with a stake, no ruling
        (UPHELD, NO_RULING): [
            *free,
            (WORKER_BOND, WORKER, wb),
            (STAKE, JURORS, tenth),
            (STAKE, OPENER, b - tenth),
            (SECOND, JURORS, tenth),
            (SECOND, UPHOLDER, b - tenth),
        ],
    }
    row = rows[kind, ruling if ruling in (PAYS, DOES_NOT_PAY) else NO_RULING]
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


def gains(kind: str, row: Iterable[Flow], wb: int, b: int) -> dict[str, int]:
    """What each role has more than before the submission; a contested rejection's opener is its worker."""
    row = list(row)
    got = {
        WORKER: total(row, to=WORKER) + total(row, to=PAYEES) - wb,
        OPENER: total(row, to=OPENER) - b,
        UPHOLDER: total(row, to=UPHOLDER),
    }
    if kind != CHALLENGED:
        got[WORKER] += got.pop(OPENER)
    if kind == UPHELD:
        got[UPHOLDER] -= b
    return got


def violations(kind: str, w: int, wb: int, b: int, f: int, has_jurors: bool = True) -> list[str]:
    """Which of the five properties the table would violate for these amounts."""
    if kind == CONTESTED:
        row = flows(kind, NO_RULING, w, wb, b, f, False)
        return [] if gains(kind, row, wb, b)[WORKER] == w and not total(row, source=FEE) else ["P3"]
    rows = {ruling: flows(kind, ruling, w, wb, b, f, has_jurors) for ruling in (NO_RULING, PAYS, DOES_NOT_PAY)}
    paid, refused = gains(kind, rows[PAYS], wb, b), gains(kind, rows[DOES_NOT_PAY], wb, b)
    accuser = OPENER if kind == CHALLENGED else UPHOLDER
    stakes = wb + b * (2 if kind == UPHELD else 1)
    held = {
        "P1 guilt never pays, whoever of the others is a friend": refused[WORKER] < 0
        and sum(refused.values()) <= 0
        and all(refused[WORKER] + gain <= 0 for gain in refused.values()),
        "P2 jurors earn the same whichever way they rule": total(rows[PAYS], to=JURORS)
        == total(rows[DOES_NOT_PAY], to=JURORS),
        "P3 who is right gains, who is wrong loses": refused[accuser] > 0 > paid[accuser] and paid[WORKER] > w,
        "P4 the fee loses at most the reward": all(total(row, source=FEE) <= min(w, f) for row in rows.values()),
        "P5 prizes come from stakes alone": all(
            total(row, source=FEE, to=POOL) == total(row, source=FEE)
            and w in (total(row, source=REWARD, to=PAYEES), total(row, source=REWARD, to=FREE))
            and sum(total(row, source=source) for source in (STAKE, SECOND, WORKER_BOND)) == stakes
            for row in rows.values()
        ),
    }
    return [name for name, holds in held.items() if not holds]
