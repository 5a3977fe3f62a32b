"""What the keeper pays for gas: up to a ceiling, and an eighth more than for what is replaced."""

from __future__ import annotations

from collections.abc import Sequence

from dmo.core.sender import Fees
from dmo.home.keeping.journal import Signed


def within(usual: Fees, most: int) -> Fees:
    """The usual fees, or so much of them as the ceiling allows, in wei per gas."""
    return Fees(min(usual.max_fee, most), min(usual.priority, most), usual.base)


def affordable(usual: Fees, most: int, before: Sequence[Signed] = ()) -> Fees | None:
    """Fees up to the ceiling that are taken now, and in place of what was signed before; None where that is more."""
    if usual.likely > most:
        return None
    fees = raised_fees(within(usual, most), before)
    return fees if fees.max_fee <= most else None


def raised_fees(fees: Fees, before: Sequence[Signed]) -> Fees:
    """Fees by which what was signed before is replaced: an eighth more of both, as all nodes take it."""
    tip = max(fees.priority, *(-(-9 * one.priority // 8) for one in before), 0)
    fee = max(fees.max_fee, tip, *(-(-9 * one.max_fee // 8) for one in before))
    return Fees(fee, tip if fees.base is not None else fee, fees.base)
