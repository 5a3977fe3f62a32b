"""What a history is: holders, proposals, votes; and what became of a proposal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

UNIT = 10**18
"""Units of the votes token in a whole token."""
MAX_UNITS = 2**112 - 1
"""The most a votes token and an escrow can hold, in units."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Side(IntEnum):
    """What a vote says; a veto is a no, and an abstention is not cast."""

    AGAINST = 0
    FOR = 1
    ABSTAIN = 2


class Holder(NamedTuple):
    """A checksummed address, and units of the votes token."""

    address: str
    amount: int


@dataclass(frozen=True)
class Holders:
    """All holders in the order of their file, the sum of their amounts, and its digest."""

    rows: list[Holder]
    supply: int
    sha256: str


class Vote(NamedTuple):
    """What a vote says, and the line it stands in."""

    choice: Side
    line: int


@dataclass(slots=True)
class PastProposal:
    """A proposal of the history."""

    number: int  # as the history numbers it, or counted where it has names
    opened_ns: int  # nanoseconds since 1970
    line: int  # where it stands first in its file
    votes: dict[int, Vote] = field(default_factory=dict)  # by the voter's place among the holders
    named: str = ""  # where the history has names

    @property
    def name(self) -> str:
        """As the history calls it."""
        return self.named or str(self.number)

    @property
    def cast(self) -> dict[int, Side]:
        """The choices by the voter's place, without abstentions."""
        return {place: vote.choice for place, vote in self.votes.items() if vote.choice is not Side.ABSTAIN}


@dataclass(frozen=True)
class Votes:
    """All proposals by number in the order of the file, its rows, its digest, and votes of those who hold nothing."""

    proposals: dict[int, PastProposal]
    rows: int
    sha256: str
    left_out: int = 0

    @property
    def in_order(self) -> list[PastProposal]:
        """The proposals by moment, then by number."""
        return sorted(self.proposals.values(), key=lambda one: (one.opened_ns, one.number))
