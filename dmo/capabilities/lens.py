"""Kinds of this domain, roles, and what the Lens lists: what all capabilities share."""

from collections.abc import Sequence
from typing import Any, TypeVar

from dmo.core import abi, explain
from dmo.core.chain import Read
from dmo.core.facts import Fact
from dmo.core.kinds import NUMBER, amount
from dmo.home.home import Home

F = TypeVar("F", bound=Fact)

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


def reads(home: Home, **numbers: int) -> list[Read]:
    """The reads of single records: list → number."""
    return [home.reading("Lens", function, number, 1) for function, number in numbers.items()]


def flat(function: str, answer: Any) -> list[dict[str, Any]]:
    """A page's records by name; a record's ``facts`` lie flat in it."""
    return [{**record.pop("facts", {}), **record} for record in abi.named("Lens", function, answer)[0]]


def pages(home: Home, function: str, last: int, *head: Any) -> list[dict[str, Any]]:
    """All records of a Lens list up to an id, in one batch."""
    answers = home.read(page_reads(home, function, last, *head))
    return [record for answer in answers for record in flat(function, answer)]


def records(home: Home, function: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Single records of a Lens list, in one batch; like those of ``pages``."""
    answers = home.read([home.reading("Lens", function, number, 1) for number in numbers])
    return [flat(function, answer)[0] for answer in answers]


def ids(home: Home, function: str, last: int) -> list[int]:
    """All ids of a Lens list of ids up to one, in one batch."""
    return [one for page, _ in home.read(page_reads(home, function, last)) for one in page]


def every(home: Home, kind: type[F], function: str) -> list[F]:
    """All facts of a kind, each with what the Lens lists of it."""
    known = home.facts(kind)
    for record in pages(home, function, len(known)):
        known[record["id"]].update(**record)
    return list(known.values())


def single(home: Home, kind: type[F], function: str, number: int) -> F:
    """One fact, with what the Lens lists of it. Raises Refused: there is none, as the escrow says it."""
    found = home.facts(kind).get(number)
    if found is None:
        raise explain.refused(f"CampaignEscrowUnknown{kind.__name__}", {kind.key[0]: number})
    found.update(**records(home, function, [number])[0])
    return found
