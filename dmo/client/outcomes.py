"""Where the money of disputed work goes, told before it moves.

The desk alone decides; this says beforehand what it will do, for whoever leaves a bond or judges.
A test holds it to the contracts, to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmo.client.disputes import Ruling

__all__ = ["Outcome", "Stakes", "outcome", "outcomes"]


@dataclass(frozen=True)
class Stakes:
    """What a dispute is about; amounts in units of the budget token.

    Attributes:
        is_challenge: Accepted work is challenged; otherwise a rejection is disputed.
        reward: The submission's reward.
        worker_bond: What the worker left with the work.
        bond: What the opener leaves.
        fee_left: What is left of the lead's fee.
        has_jurors: Somebody is paid for ruling; otherwise their part goes to the pool.
    """

    is_challenge: bool
    reward: int
    worker_bond: int
    bond: int
    fee_left: int
    has_jurors: bool = True


@dataclass(frozen=True)
class Outcome:
    """Who gets what; reward, both bonds and what the fee loses are given out whole.

    Attributes:
        ruling: What was ruled.
        is_paid: The work is paid.
        payees: The reward, for the worker or whom it named.
        worker: Goes to the worker beside that; the opener's part too where it is the worker.
        challenger: Goes to who challenged an acceptance.
        jurors: For the jurors who revealed.
        campaign: Is free for other work again.
        pool: Goes to the pool.
        fee_lost: What the lead's fee loses.
        worker_bond: What of the worker's part is the bond left with the work.
        opener_bond: What of the opener's part is the bond left with the dispute.
    """

    ruling: Ruling
    is_paid: bool
    payees: int = 0
    worker: int = 0
    challenger: int = 0
    jurors: int = 0
    campaign: int = 0
    pool: int = 0
    fee_lost: int = 0
    worker_bond: int = 0
    opener_bond: int = 0


def outcomes(stakes: Stakes) -> tuple[Outcome, Outcome, Outcome]:
    """What each ruling brings: paying, refusing, none."""
    pay, refuse, none = (
        outcome(stakes, ruling) for ruling in (Ruling.PAY, Ruling.REFUSE, Ruling.NONE)
    )
    return pay, refuse, none


def outcome(stakes: Stakes, ruling: Ruling) -> Outcome:
    """What one ruling brings."""
    is_paid = stakes.is_challenge if ruling is Ruling.NONE else ruling is Ruling.PAY
    bond, fee = stakes.bond, min(stakes.bond, stakes.fee_left)
    opener = worker = jurors = pool = cut = lost = back = 0
    if ruling is Ruling.NONE:
        jurors = bond // 10
        opener = back = bond - jurors
    elif stakes.is_challenge and is_paid:
        jurors = bond // 2
        worker = bond - jurors
    elif stakes.is_challenge:
        cut, lost = min(bond, stakes.reward), fee
        jurors = cut // 2
        opener, back = bond + cut - jurors, bond
        pool = fee
    elif is_paid:
        lost = fee
        jurors = min(bond // 2, fee)
        opener, worker, back = bond, fee - jurors, bond
    else:
        jurors = bond // 2
        pool = bond - jurors
    # Unpaid work forfeits its worker's bond, unless a rejection found no ruling.
    is_kept = is_paid or (ruling is Ruling.NONE and not stakes.is_challenge)
    kept = stakes.worker_bond if is_kept else 0
    worker, pool = worker + kept, pool + stakes.worker_bond - kept
    if not stakes.has_jurors:
        pool, jurors = pool + jurors, 0
    if not stakes.is_challenge:
        worker, opener = worker + opener, 0
    return Outcome(
        ruling,
        is_paid,
        payees=stakes.reward if is_paid else 0,
        worker=worker,
        challenger=opener,
        jurors=jurors,
        campaign=0 if is_paid else stakes.reward - cut,
        pool=pool,
        fee_lost=lost,
        worker_bond=kept,
        opener_bond=back,
    )
