"""What a history is: holders, proposals, votes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

__all__ = ["UNIT", "Choice", "Holder", "Holders", "Progress", "Proposal", "Vote", "Votes"]

UNIT = 10**18
"""Units of the votes token in a whole token."""
MAX_UNITS = 2**112 - 1
"""The most a votes token and an escrow can hold, in units."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Choice(IntEnum):
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

    choice: Choice
    line: int


@dataclass(slots=True)
class Proposal:
    """A proposal of the history.

    Attributes:
        number: As the history names it.
        opened_ns: When it was opened, nanoseconds since 1970.
        line: Where it stands first in its file.
        votes: By the voter's place among the holders.
    """

    number: int
    opened_ns: int
    line: int
    votes: dict[int, Vote] = field(default_factory=dict)

    @property
    def cast(self) -> dict[int, Choice]:
        """The choices by the voter's place, without abstentions."""
        return {p: v.choice for p, v in self.votes.items() if v.choice is not Choice.ABSTAIN}


@dataclass(frozen=True)
class Votes:
    """All proposals by number in the order of the file, its rows, and its digest."""

    proposals: dict[int, Proposal]
    rows: int
    sha256: str
