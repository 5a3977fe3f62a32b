"""Kinds of this domain, roles, and the Lens' pages: what all capabilities share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dmo.core import abi
from dmo.core.kinds import NUMBER, amount

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home

__all__ = [
    "BOUNTY",
    "CAMPAIGN",
    "GOVERNANCE",
    "GUARDIAN",
    "MONEY",
    "VOTES",
    "WORK",
    "ZERO",
    "ids",
    "page_reads",
    "pages",
    "records",
]

MONEY = amount("budget")
VOTES = amount("votes", digits=4)
CAMPAIGN = NUMBER.called("CAMPAIGN")
BOUNTY = NUMBER.called("BOUNTY")
WORK = NUMBER.called("WORK")

# who may, beside "anyone" and whom a record names: lead, worker, author …
GOVERNANCE = "governance"
GUARDIAN = "guardian"

ZERO = "0x" + "00" * 20

_PAGE = 200


def page_reads(home: Home, function: str, last: int, *head: Any) -> list[Read]:
    """The reads of all pages of a Lens list up to an id."""
    return [home.reading("Lens", function, *head, at, _PAGE) for at in range(1, last + 1, _PAGE)]


def pages(home: Home, function: str, last: int, *head: Any) -> list[dict[str, Any]]:
    """All records of a Lens list up to an id, in one batch; a record's ``facts`` lie flat in it."""
    found = []
    for answer in home.read(page_reads(home, function, last, *head)):
        for record in abi.named("Lens", function, answer)[0]:
            found.append({**record.pop("facts", {}), **record})
    return found


def records(home: Home, function: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Single records of a Lens list, in one batch; like those of ``pages``."""
    found = []
    for answer in home.read([home.reading("Lens", function, number, 1) for number in numbers]):
        record = abi.named("Lens", function, answer)[0][0]
        found.append({**record.pop("facts", {}), **record})
    return found


def ids(home: Home, function: str, last: int) -> list[int]:
    """All ids of a Lens list of ids up to one, in one batch."""
    return [one for page, _ in home.read(page_reads(home, function, last)) for one in page]
