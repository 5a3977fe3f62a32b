"""What the model of the escrow remembers: terms, campaigns, bounties, work, disputes, credits.

Amounts are ints in the smallest unit, times Unix seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.support.models import disputes
from tests.support.models.disputes import UPHELD

YEAR = 365 * 86_400
POOL = "pool"
NOBODY = "0x0000000000000000000000000000000000000000"

NONE, REVIEW, ACCEPTED, REJECTED, CONTESTED_NOW, DISPUTED, PAYABLE, VOID, DONE = range(9)
MAX_REWARD, MAX_SLOTS, MAX_LEADS = 2**92 - 1, 2**14 - 1, 8


class ArbitratorModel(Protocol):
    """Who decides disputes, as far as the desk can tell."""

    address: str
    cost: int

    def number(self) -> int:
        """The id of the next dispute, or Refused."""

    def open(self, now: int) -> None:
        """Take that dispute."""

    def total(self, dispute: int, now: int) -> int:
        """The sum of its jurors' shares; 0 if it does not tell."""

    def share(self, dispute: int, juror: str) -> tuple[int, int]:
        """A juror's share, or Refused."""

    def ruling(self, dispute: int, now: int) -> int | None:
        """What it answers when it is asked; None if it does not."""


def shares(amount: int, bps: Sequence[int]) -> list[int]:
    """Cut an amount by prefix sums, rounded down, so that the parts add up to it."""
    cuts = [amount * sum(bps[: i + 1]) // 10_000 for i in range(len(bps))]
    return [end - start for start, end in zip([0, *cuts], cuts, strict=False)]


@dataclass(frozen=True)
class Terms:
    """Windows in seconds; the stakes; who decides, and how long that one says it needs (0: it says nothing)."""

    review: int
    answer: int
    challenge: int
    arbitration: int
    notice: int
    bond_bps: int = 1_000
    bond_min: int = 0
    arbitrator: ArbitratorModel | None = None
    pays_jurors: bool = False
    ruling_seconds: int = 0
    number: int = 1

    def bond_of(self, reward: int) -> int:
        """What each stake is where this much is at stake."""
        return disputes.bond_of(reward, self.bond_bps, self.bond_min)

    @property
    def life(self) -> int:
        """The longest a submission can live."""
        rejected_again = self.review + self.answer + self.review + 2 * self.answer + self.arbitration
        accepted_again = self.review + self.answer + self.review + self.challenge + self.arbitration
        return max(rejected_again, accepted_again)


@dataclass
class Stint:
    """One lead's time in office: what it earned of the fee and what disputes took from it."""

    lead: str
    until: int | None = None
    earned: int = 0
    taken: int = 0
    booked: int = 0


@dataclass
class Campaign:
    lead: str
    ends_at: int
    ask: int
    fee: int
    terms: Terms
    free: int
    gift: int = 0
    fee_left: int = 0
    fee_settled: bool = False
    voted_paid: int = 0
    lessons: int = 0
    stints: list[Stint] = field(default_factory=list)

    @property
    def fee_taken(self) -> int:
        return sum(stint.taken for stint in self.stints)

    @property
    def earned(self) -> int:
        """What all leads together have earned."""
        return self.fee * self.voted_paid // (self.ask - self.fee)

    @property
    def earned_now(self) -> int:
        """What the lead in office can have by now."""
        former, mine = self.stints[:-1], self.stints[-1]
        own = self.earned - sum(stint.earned for stint in former) - mine.taken
        return min(max(0, own), self.left_of(len(former)))

    def left_of(self, stint: int) -> int:
        """What a dispute can take from who led then."""
        if stint < len(self.stints) - 1:
            return self.stints[stint].booked
        return self.fee_left - sum(one.booked for one in self.stints)


@dataclass
class Bounty:
    campaign: int
    reward: int
    bond: int
    submit_by: int
    free_slots: int
    is_gift: bool
    worker: str = NOBODY


@dataclass
class Work:
    bounty: int
    worker: str
    payees: list[tuple[str, int]]
    evidence: bytes
    state: str  # review, accepted, rejected, contested, disputed, done
    since: int
    stint: int = 0
    reworked: bool = False


@dataclass
class Dispute:
    """A work's dispute; `pot` is what its jurors have not fetched of `pot_whole`."""

    opener: str
    until: int
    kind: str
    lead: str
    arbitrator: ArbitratorModel
    bond: int
    upholder: str = NOBODY
    number: int | None = None
    pulls_from: int = 0
    ruling: int | None = None
    settled_at: int = 0
    pot: int = 0
    pot_whole: int = 0
    shares_total: int = 0
    paid: set[str] = field(default_factory=set)

    @property
    def stakes(self) -> int:
        return 2 * self.bond if self.kind == UPHELD else self.bond

    def told(self, now: int) -> int | None:
        """What the arbitrator ruled, or answers once it is asked."""
        if self.ruling is None and self.pulls_from and now >= self.pulls_from:
            assert self.number is not None
            said = self.arbitrator.ruling(self.number, now)
            return said if said in (None, 1, 2) else 0
        return self.ruling

    def ruled(self, now: int) -> int | None:
        """What holds; None while that is open."""
        told = self.told(now)
        return 0 if told is None and now >= self.until else told


@dataclass
class Credit:
    amount: int = 0
    voted: int = 0
    since: int = 0
