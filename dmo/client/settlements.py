"""Who got what when a disputed submission ended, beside the reward itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dmo.core import abi
from dmo.core.chain import Event
from dmo.core.errors import NotFound
from dmo.home.deployment import Dmo

__all__ = ["Move", "Settlement", "settlement", "settlement_of"]

DESK = "DisputeDesk"
Source = Literal["bond", "reward", "fee"]
"""What a settlement takes from: the dispute's bond, the reward, the lead's fee."""
Recipient = Literal["opener", "worker", "jurors", "pool"]


@dataclass(frozen=True)
class Move:
    """Part of a settlement, in units of the budget token: from what, to whom."""

    amount: int
    source: Source
    to: Recipient


@dataclass(frozen=True)
class Settlement:
    """Who got what of a dispute beside the reward itself, in units of the budget token.

    bond − bond_back + cut + fee_taken = to_opener + to_worker + to_jurors + to_pool.

    Attributes:
        opener: Who left the dispute's bond.
        bond: That bond.
        bond_back: What of it returned.
        cut: What a won challenge took of the reward.
        fee_taken: What the lead's fee lost.
        to_opener: To the opener, beside the bond.
        to_worker: To the worker.
        to_jurors: To the jurors, who are paid one by one.
        to_pool: To the pool.
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
        found = [Move(self.bond_back, "bond", "opener")]
        if self.cut:
            found += [
                Move(self.to_opener, "reward", "opener"),
                Move(self.to_jurors, "reward", "jurors"),
                Move(self.cut - self.to_opener - self.to_jurors, "reward", "pool"),
                Move(self.fee_taken, "fee", "pool"),
            ]
        else:
            source: Source = "fee" if self.fee_taken else "bond"
            found += [
                Move(self.to_worker, source, "worker"),
                Move(self.to_jurors, source, "jurors"),
                Move(self.to_pool, source, "pool"),
            ]
        return tuple(move for move in found if move.amount)


def settlement_of(event: Event) -> Settlement:
    """What a ``DisputeSettled`` says."""
    raw = event.arguments["settlement"]
    return Settlement(**abi.argument(DESK, "DisputeSettled", "settlement", raw))


def settlement(dmo: Dmo, submission: int) -> Settlement:
    """Who got what of a submission's dispute.

    Raises:
        NotFound: It is not settled, or there is none.
    """
    found = dmo.events(DESK, "DisputeSettled", submission=submission)
    if not found:
        raise NotFound(
            f"No dispute about submission {submission} is settled.",
            hint="It is, with the work: `dmo pay`.",
        )
    return settlement_of(found[0])
