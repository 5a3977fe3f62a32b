"""An independent model of the jury: whole tallies, and amounts cut at the jurors' shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Protocol

from eth_abi import encode
from eth_utils import keccak

from tests.support.models.refusals import Refused


@dataclass(frozen=True)
class Reveal:
    """A revealed ruling (1 or 2) of a juror, with its weight."""

    juror: str
    weight: int
    ruling: int


def quorum(total: int, bps: int, parties: int = 0, floor: int = 0) -> int:
    """Weight that has to be revealed: a share of the whole, or the floor, and of that what is not the parties'."""
    needed = max(ceil(Fraction(total * bps, 10_000)), floor)
    return ceil(Fraction(needed * (total - parties), total)) if total else 0


def verdict(reveals: Iterable[Reveal], needed: int) -> int:
    """The ruling: 0 without a quorum or in a tie."""
    sides = {1: 0, 2: 0}
    for reveal in reveals:
        sides[reveal.ruling] += reveal.weight
    if sum(sides.values()) < needed or sides[1] == sides[2]:
        return 0
    return max(sides, key=lambda ruling: sides[ruling])


def shares(reveals: Sequence[Reveal], ruling: int) -> dict[str, tuple[int, int]]:
    """Where each share of the side that ruled begins and ends, in the order of reveals; without a ruling, of both."""
    cut, end = {}, 0
    for side in (1, 2):
        for reveal in reveals:
            if reveal.ruling == side and ruling in (0, side):
                cut[reveal.juror] = (end, end + reveal.weight)
                end += reveal.weight
    return cut


@dataclass
class Case:
    """A dispute before the jury."""

    opened_at: int
    commitments: dict[str, bytes] = field(default_factory=dict)
    reveals: list[Reveal] = field(default_factory=list)
    executed: bool = False


class Arbitrable(Protocol):
    """Who has disputes."""

    def is_party_to(self, arbitrator: str, number: int, account: str) -> bool:
        """Whether an account has a stake in a dispute."""

    def rule(self, now: int, arbitrator: str, number: int, ruling: int) -> None:
        """Take a ruling, or raise Refused."""


@dataclass
class JuryModel:
    """The jury for one arbitrable. Times in Unix seconds.

    Attributes:
        weights: Votes by account; they never change.
        bps: The quorum, as a share of the weight that may vote.
        arbitrable: Who has disputes.
    """

    address: str
    chain_id: int
    weights: dict[str, int]
    bps: int
    commit_seconds: int
    reveal_seconds: int
    arbitrable: Arbitrable
    cost: int = 0
    cases: list[Case] = field(default_factory=list)

    def number(self) -> int:
        return len(self.cases) + 1

    def open(self, now: int) -> None:
        self.cases.append(Case(now))

    def total(self, dispute: int, now: int) -> int:
        if now < self.windows(dispute)[1]:
            return 0
        return max((end for _, end in self._shares(dispute).values()), default=0)

    def share(self, dispute: int, juror: str) -> tuple[int, int]:
        """What a juror owns of the total, once that is known."""
        return self._shares(dispute).get(juror, (0, 0))

    def _verdict(self, dispute: int) -> int:
        """What the reveals so far would rule."""
        parties = sum(
            weight for who, weight in self.weights.items() if self.arbitrable.is_party_to(self.address, dispute, who)
        )
        needed = quorum(sum(self.weights.values()), self.bps, parties)
        return verdict(self._case(dispute).reveals, needed)

    def _shares(self, dispute: int) -> dict[str, tuple[int, int]]:
        return shares(self._case(dispute).reveals, self._verdict(dispute))

    def ruling(self, dispute: int, now: int) -> int | None:
        """What counts by now; 0 while jurors can still reveal."""
        return self._verdict(dispute) if now >= self.windows(dispute)[1] else 0

    def windows(self, dispute: int) -> tuple[int, int]:
        """When commitments and when reveals end."""
        commit_until = self._case(dispute).opened_at + self.commit_seconds
        return commit_until, commit_until + self.reveal_seconds

    def commitment(self, dispute: int, juror: str, ruling: int, salt: bytes) -> bytes:
        """The hash that binds a juror."""
        kinds = ["uint256", "address", "uint256", "address", "uint256", "bytes32"]
        values = [self.chain_id, self.address, dispute, juror, ruling, salt]
        return bytes(keccak(encode(kinds, values)))

    def commit(self, now: int, by: str, dispute: int, commitment: bytes) -> None:
        case, (until, _) = self._case(dispute), self.windows(dispute)
        if now >= until:
            raise Refused("!JuryNotCommitting", dispute, until)
        if not any(commitment):
            raise Refused("!JuryEmptyCommitment")
        if self.arbitrable.is_party_to(self.address, dispute, by):
            raise Refused("!JuryParty", by)
        if not self.weights.get(by):
            raise Refused("!JuryNoWeight", by)
        case.commitments[by] = commitment

    def reveal(self, now: int, dispute: int, juror: str, ruling: int, salt: bytes) -> None:
        case, (begin, until) = self._case(dispute), self.windows(dispute)
        if not begin <= now < until:
            raise Refused("!JuryNotRevealing", dispute, begin, until)
        if ruling not in (1, 2):
            raise Refused("!JuryBadRuling", ruling)
        shown = self.commitment(dispute, juror, ruling, salt)
        committed = case.commitments.get(juror, bytes(32))
        if shown != committed:
            raise Refused("!JuryOtherCommitment", shown, committed)
        del case.commitments[juror]
        case.reveals.append(Reveal(juror, self.weights[juror], ruling))

    def execute(self, now: int, dispute: int) -> None:
        case, (_, until) = self._case(dispute), self.windows(dispute)
        if now < until or case.executed:
            raise Refused("!JuryNotExecutable", dispute, until)
        self.arbitrable.rule(now, self.address, dispute, self._verdict(dispute))
        case.executed = True

    def _case(self, dispute: int) -> Case:
        if not 1 <= dispute <= len(self.cases):
            raise Refused("!JuryUnknownDispute", dispute)
        return self.cases[dispute - 1]
