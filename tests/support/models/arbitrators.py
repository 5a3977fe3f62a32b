"""What an arbitrator that misbehaves (contracts/mocks/HostileArbitrator.sol) answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.models.refusals import Refused

PLAINLY, REVERTING, BURNING_GAS, SAYING_NOTHING, SAYING_TOO_MUCH = range(5)


@dataclass
class HostileModel:
    """An arbitrator that does what it is told.

    Attributes:
        next_number: The id it gives next.
        refuses: It takes no disputes.
        telling: How it answers: PLAINLY, REVERTING or SAYING_NOTHING.
        totals: What it says they sum to.
        shares: What it says of a juror: (dispute, juror) to (start, end).
        rulings: What it answers when it is asked for its ruling.
    """

    address: str
    cost: int = 0
    next_number: int = 0
    refuses: bool = False
    telling: int = PLAINLY
    totals: dict[int, int] = field(default_factory=dict)
    shares: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    rulings: dict[int, int] = field(default_factory=dict)

    def number(self) -> int:
        if self.refuses:
            raise Refused("!HostileArbitratorRefuses")
        return self.next_number

    def open(self, now: int) -> None:
        self.next_number += 1

    def total(self, dispute: int, now: int) -> int:
        return self.totals.get(dispute, 0) if self.telling == PLAINLY else 0

    def share(self, dispute: int, juror: str) -> tuple[int, int]:
        if self.telling != PLAINLY:
            raise Refused("!HostileArbitratorRefuses" if self.telling == REVERTING else "!")
        return self.shares.get((dispute, juror), (0, 0))

    def ruling(self, dispute: int, now: int) -> int | None:
        return self.rulings.get(dispute, 0) if self.telling == PLAINLY else None

    def set_shares(self, dispute: int, weights: list[tuple[str, int]]) -> None:
        """Prefix sums in this order; of a juror named twice the last counts."""
        end = 0
        for juror, weight in weights:
            self.shares[dispute, juror] = (end, end + weight)
            end += weight
        self.totals[dispute] = end
