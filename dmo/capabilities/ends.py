"""Where the money of disputed work goes: told before it moves, and read once it has moved.

The desk alone decides. ``end_of`` says beforehand what it will do, for whoever leaves a bond or
judges; a test holds it to the contracts, to the unit. ``Settlement`` is what the desk then did.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from dmo.core import abi, words
from dmo.core.chain import Event
from dmo.home.home import Home

Source = Literal["bond", "reward", "fee"]
"""What a settlement takes from: the dispute's bond, the reward, the lead's fee."""


class Ruling(IntEnum):
    """What an arbitrator can say of disputed work; with none, the lead's verdict stands."""

    NONE = 0
    PAY = 1
    REFUSE = 2

    @property
    def text(self) -> str:
        """As machines are told."""
        return ("no ruling", "pay", "refuse")[self]


@dataclass(frozen=True)
class Subject:
    """What a dispute is about; amounts in units of the budget token.

    Attributes:
        is_challenge: Accepted work is challenged; otherwise a rejection is disputed.
        worker_bond: What the worker left with the work.
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
class End:
    """Who gets what; reward, both bonds and what the fee loses are given out whole.

    Attributes:
        payees: The reward, for the worker or whom it named.
        worker: Goes to the worker beside that; the opener's part too where it is the worker.
        challenger: Goes to who challenged an acceptance.
        jurors: For the jurors who revealed.
        campaign: Is free for other work again.
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


def ends(subject: Subject) -> tuple[End, End, End]:
    """What each ruling brings: paying, refusing, none."""
    return (end_of(subject, Ruling.PAY), end_of(subject, Ruling.REFUSE), end_of(subject, Ruling.NONE))


def end_of(subject: Subject, ruling: Ruling) -> End:
    """What one ruling brings."""
    is_challenge, bond, fee = subject.is_challenge, subject.bond, min(subject.bond, subject.fee_left)
    is_paid = is_challenge if ruling is Ruling.NONE else ruling is Ruling.PAY
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

    bond − bond_back + cut + fee_taken = to_opener + to_worker + to_jurors + to_pool.

    Attributes:
        bond_back: What of the dispute's bond returned to the opener.
        cut: What a won challenge took of the reward.
        keeps_worker_bond: The work is unpaid, and its bond returned all the same.
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
        to_pool = self.cut - self.to_opener - self.to_jurors if self.cut else self.to_pool
        found = [
            Move(self.bond_back, "bond", "opener"),
            Move(self.to_opener if self.cut else 0, source, "opener"),
            Move(0 if self.cut else self.to_worker, source, "worker"),
            Move(self.to_jurors, source, "jurors"),
            Move(to_pool, source, "pool"),
            Move(self.fee_taken if self.cut else 0, "fee", "pool"),
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
