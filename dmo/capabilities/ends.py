"""Where the money of disputed work goes: told before it moves, and read once it has moved.

The desk alone decides. ``end_of`` says beforehand what it will do, for whoever leaves a bond or
judges; a test holds it to the contracts, to the unit. ``Settlement`` is what the desk then did.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal

from dmo.core import abi, words
from dmo.core.chain import Event
from dmo.core.kinds import choice
from dmo.home.home import Home

Source = Literal["bond", "reward", "fee"]
"""What a settlement takes from: the dispute's bond, the reward, the lead's fee."""
_RULINGS = ("no ruling", "pay", "refuse")


class Ruling(IntEnum):
    """What an arbitrator can say of disputed work; with none, the lead's verdict stands."""

    NONE = 0
    PAY = 1
    REFUSE = 2

    @property
    def text(self) -> str:
        """As machines are told."""
        return _RULINGS[self]


RULING = replace(
    choice("ruling", *_RULINGS),
    show=lambda home, ruling: "" if ruling is None else _RULINGS[ruling],
    plain=lambda ruling: None if ruling is None else _RULINGS[ruling],
)


@dataclass(frozen=True)
class Subject:
    """What a dispute is about; amounts in units of the budget token.

    Accepted work is challenged, or else a rejection is disputed. ``fee_left`` is of the lead's fee;
    without jurors their part goes to the pool.
    """

    is_challenge: bool
    reward: int
    worker_bond: int
    bond: int
    fee_left: int
    has_jurors: bool = True


@dataclass(frozen=True)
class End:
    """Who gets what; reward, both bonds and what the fee loses are given out whole.

    The reward is for ``payees``, the worker or whom it named; ``worker`` goes to the worker beside that, the
    opener's part too where it is the worker, else that is the ``challenger``'s; ``campaign`` is free for
    other work again. ``worker_bond`` and ``opener_bond`` are what of their parts they left before.
    """

    ruling: Ruling
    is_paid: bool
    payees: int
    worker: int
    challenger: int
    jurors: int
    campaign: int
    pool: int
    fee_lost: int
    worker_bond: int
    opener_bond: int


def ends(subject: Subject) -> list[End]:
    """What each ruling brings: paying, refusing, none."""
    return [end_of(subject, ruling) for ruling in (Ruling.PAY, Ruling.REFUSE, Ruling.NONE)]


def end_of(subject: Subject, ruling: Ruling) -> End:
    """What one ruling brings."""
    is_challenge, bond, fee = subject.is_challenge, subject.bond, min(subject.bond, subject.fee_left)
    is_paid = ruling is Ruling.PAY or (ruling is Ruling.NONE and is_challenge)
    opener = worker = pool = cut = lost = back = 0
    if ruling is Ruling.NONE:
        jurors = bond // 10
        opener = back = bond - jurors
    elif is_challenge == is_paid:  # the lead's verdict stands: its opponent's bond is lost
        jurors = bond // 2
        worker, pool = (bond - jurors, 0) if is_paid else (0, bond - jurors)
    elif is_challenge:
        cut, lost, back = min(bond, subject.reward), fee, bond
        jurors = cut // 2
        opener, pool = bond + cut - jurors, fee
    else:
        lost, back = fee, bond
        jurors = min(bond // 2, fee)
        opener, worker = bond, fee - jurors
    # Unpaid work forfeits its worker's bond, unless a rejection found no ruling.
    is_kept = is_paid or (ruling is Ruling.NONE and not is_challenge)
    kept = subject.worker_bond if is_kept else 0
    worker, pool = worker + kept, pool + subject.worker_bond - kept
    if not subject.has_jurors:
        pool, jurors = pool + jurors, 0
    if not is_challenge:
        worker, opener = worker + opener, 0
    payees, campaign = (subject.reward, 0) if is_paid else (0, subject.reward - cut)
    return End(ruling, is_paid, payees, worker, opener, jurors, campaign, pool, lost, kept, back)


@dataclass(frozen=True)
class Move:
    """Part of a settlement, in units of the budget token: from what, to whom."""

    amount: int
    source: Source
    to: Literal["opener", "worker", "jurors", "pool"]


@dataclass(frozen=True)
class Settlement:
    """Who got what of a dispute beside the reward itself, in units of the budget token, as the desk tells.

    bond − bond_back + cut + fee_taken = to_opener + to_worker + to_jurors + to_pool, where ``cut`` is what a won
    challenge took of the reward. Work that is unpaid ``keeps_worker_bond`` if its bond returned all the same.
    """

    opener: str
    bond: int
    bond_back: int
    cut: int
    fee_taken: int
    to_opener: int
    to_worker: int
    to_jurors: int
    to_pool: int
    keeps_worker_bond: bool

    @property
    def moves(self) -> tuple[Move, ...]:
        """The same as amounts that went from somewhere to somebody; they add up to both sums."""
        source: Source = "reward" if self.cut else "fee" if self.fee_taken else "bond"
        # A won challenge takes of the reward for all but the pool, which has what the fee lost.
        fee = self.fee_taken if self.cut else 0
        found = [
            Move(self.bond_back, "bond", "opener"),
            Move(self.to_opener, source, "opener"),
            Move(self.to_worker, source, "worker"),
            Move(self.to_jurors, source, "jurors"),
            Move(self.to_pool - fee, source, "pool"),
            Move(fee, "fee", "pool"),
        ]
        return tuple(move for move in found if move.amount)


def settlement_of(event: Event) -> Settlement:
    """What a ``DisputeSettled`` says."""
    raw = event.arguments["settlement"]
    return Settlement(**abi.argument("DisputeDesk", "DisputeSettled", "settlement", raw))


def settlement(home: Home, submission: int) -> Settlement:
    """Who got what of a submission's dispute; NotFound where there is none that is settled."""
    for event in home.events("DisputeDesk.DisputeSettled", submission=submission):
        return settlement_of(event)
    raise words.missing("not_settled", submission=submission)
