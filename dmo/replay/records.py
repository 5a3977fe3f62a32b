"""What a history is: holders, proposals, votes; and the options of a replay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from pathlib import Path

__all__ = [
    "CENTS",
    "SECOND_NS",
    "UNIT",
    "Choice",
    "Holder",
    "Holders",
    "Progress",
    "Proposal",
    "ReplayOptions",
    "Vote",
    "Votes",
    "silent",
]

UNIT = 10**18
"""Units of the votes token in a whole token."""
CENTS = 10**6
"""Units of the budget token in a whole token."""
SECOND_NS = 10**9
"""Nanoseconds of a second; moments are kept exact, as whole nanoseconds since 1970."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress for nobody."""


class Choice(IntEnum):
    """What a vote says; a veto is a no, and an abstention is not cast."""

    AGAINST = 0
    FOR = 1
    ABSTAIN = 2


@dataclass(frozen=True)
class ReplayOptions:
    """What is asked.

    Attributes:
        holders: The file ``address,tokens``.
        votes: The file ``proposal,opened_at,voter,choice``.
        round_days: Length of a round, in days; a whole number of seconds.
        ask: What every idea asks for, in whole budget tokens.
        budget: What a round may assign, in whole budget tokens.
        threshold_bps: For less against that an idea needs, as a share of the supply, in bps.
    """

    holders: Path
    votes: Path
    round_days: Decimal = Decimal(14)
    ask: Decimal = Decimal(1000)
    budget: Decimal = Decimal(5000)
    threshold_bps: int = 400


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder.

    Attributes:
        address: Checksummed.
        amount: Units of the votes token.
        line: Where it stands in its file.
    """

    address: str
    amount: int
    line: int


@dataclass(frozen=True)
class Holders:
    """All holders, in the order of their file.

    Attributes:
        rows: The holders.
        places: Where in ``rows`` an address is.
        supply: Sum of the amounts, units of the votes token.
        sha256: Digest of the file.
    """

    rows: list[Holder]
    places: dict[str, int]
    supply: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote: what it says, and the line it stands in."""

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


@dataclass(frozen=True)
class Votes:
    """All proposals with their votes.

    Attributes:
        proposals: By number, in the order of the file.
        rows: How many rows the file has.
        sha256: Digest of the file.
    """

    proposals: dict[int, Proposal]
    rows: int
    sha256: str
