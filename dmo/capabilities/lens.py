"""Kinds of this domain, roles, and the Lens' pages: what all capabilities share."""

from __future__ import annotations

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
    "page_reads",
    "pages",
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
