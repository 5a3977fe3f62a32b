"""Reads holders.csv and votes.csv; whatever is wrong is told with file, line and reason.

Both are UTF-8 without a byte order mark, comma-separated, with exactly the header shown::

    address,tokens                   0x… checksummed or in one case; whole tokens, up to 18 decimals
    proposal,opened_at,voter,choice  a number; ISO 8601 with a time zone; a holder; yes, no, veto or
                                     abstain
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import format_amount
from dmo.replay.records import UNIT, Choice, Holder, Holders, Proposal, Vote, Votes
from dmo.replay.rows import Rows, shown

__all__ = ["MAX_SUPPLY", "read_holders", "read_votes"]

MAX_SUPPLY = 2**112 - 1
"""The most a votes token can hold, in units."""
_CHOICES = {
    "yes": Choice.FOR,
    "no": Choice.AGAINST,
    "veto": Choice.AGAINST,
    "abstain": Choice.ABSTAIN,
}
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_TOKENS = re.compile(r"([0-9]{1,40})(?:\.([0-9]{1,18}))?", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_YEARS = (2000, 2099)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")


def _field(rows: Rows, line: int, name: str, parse: Callable[[str], _T], text: str) -> _T:
    try:
        return parse(text)
    except BadInput as error:
        raise error.at(rows.name, line, name) from None


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise BadInput(f"{shown(text)} is not an address", expected="0x and 40 hexadecimal digits")
    address = checksum(text)
    if int(address, 16) == 0:
        raise BadInput("the zero address holds nothing", expected="a holder's address")
    return address


def _tokens(text: str) -> int:
    expected = "a positive number of whole tokens such as 1250 or 0.5, at most 18 decimals"
    match = _TOKENS.fullmatch(text)
    if match is None:
        reason = "is negative" if re.fullmatch(r"-[0-9.]+", text) else "is not an amount"
        raise BadInput(f"{shown(text)} {reason}", expected=expected)
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(18, "0"))
    if amount == 0:
        raise BadInput("0 tokens cannot vote", expected=f"{expected}; leave the row out")
    if amount > MAX_SUPPLY:
        raise BadInput(f"{shown(text)} is more than a votes token can hold", expected=_most())
    return amount


def _most() -> str:
    return f"at most {format_amount(MAX_SUPPLY // UNIT * UNIT, 18)} whole tokens in all"


def read_holders(path: Path) -> Holders:
    """Read who holds how much.

    Raises:
        BadInput: A row cannot be used, or all together hold more than a votes token can.
    """
    rows = Rows(path, ("address", "tokens"))
    holders: list[Holder] = []
    places: dict[str, int] = {}
    supply = 0
    for line, fields in rows:
        address = _field(rows, line, "address", _address, fields[0])
        if address in places:
            raise rows.bad(
                f"{address} is listed twice, first in line {holders[places[address]].line}",
                "each holder once",
                line,
                "address",
            )
        amount = _field(rows, line, "tokens", _tokens, fields[1])
        supply += amount
        if supply > MAX_SUPPLY:
            raise rows.bad(
                "up to this line the holders have more than a votes token can hold",
                _most(),
                line,
                "tokens",
            )
        places[address] = len(holders)
        holders.append(Holder(address, amount, line))
    return Holders(holders, places, supply, rows.sha256)


def _moment(text: str) -> int:
    """Nanoseconds since 1970."""
    expected = "ISO 8601 with a time zone, such as 2023-11-18T09:15:23.287Z"
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise BadInput(f"{shown(text)} is not a moment", expected=expected)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    zone = match[8]
    if zone is None:
        raise BadInput(f"{shown(text)} has no time zone", expected=expected)
    try:
        offset = timedelta()
        if zone != "Z":
            hours, minutes = int(zone[1:3]), int(zone[4:6])
            if minutes > 59:
                raise ValueError("minutes")
            offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"{shown(text)} is not a moment", expected=expected) from None
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise BadInput(
            f"{shown(text)} is absurd", expected=f"a moment from {_YEARS[0]} to {_YEARS[1]}, UTC"
        )
    seconds = (moment - _EPOCH) // timedelta(seconds=1)
    return seconds * 10**9 + int((match[7] or "").ljust(9, "0"))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadInput(
            f"{shown(text)} is not a proposal's number",
            expected="a whole number without leading zeros, such as 151",
        )
    return int(text)


def _choice(text: str) -> Choice:
    try:
        return _CHOICES[text]
    except KeyError:
        raise BadInput(f"{shown(text)} is not a choice", expected=", ".join(_CHOICES)) from None


def read_votes(path: Path, holders: Holders) -> Votes:
    """Read what was voted on, when, by whom and how.

    Args:
        path: The file.
        holders: Who may vote.

    Raises:
        BadInput: A row cannot be used, or contradicts another.
    """
    rows = Rows(path, ("proposal", "opened_at", "voter", "choice"))
    proposals: dict[int, Proposal] = {}
    for line, fields in rows:
        number = _field(rows, line, "proposal", _number, fields[0])
        opened_ns = _field(rows, line, "opened_at", _moment, fields[1])
        voter = _field(rows, line, "voter", _address, fields[2])
        choice = _field(rows, line, "choice", _choice, fields[3])
        proposal = proposals.setdefault(number, Proposal(number, opened_ns, line))
        if proposal.opened_ns != opened_ns:
            raise rows.bad(
                f"proposal {_short(number)} was opened at another moment in line {proposal.line}",
                "the same moment in all rows of a proposal",
                line,
                "opened_at",
            )
        place = holders.places.get(voter)
        if place is None:
            raise rows.bad(
                f"{voter} is not among the holders",
                "voters that are listed in the holders' file",
                line,
                "voter",
            )
        earlier = proposal.votes.get(place)
        if earlier is not None:
            raise rows.bad(
                f"{voter} voted on proposal {_short(number)} in line {earlier.line} already",
                "one vote per voter and proposal",
                line,
                "voter",
            )
        proposal.votes[place] = Vote(choice, line)
    return Votes(proposals, rows.count, rows.sha256)


def _short(number: int) -> str:
    """A proposal's number for a message; some chains number with hashes."""
    text = str(number)
    return text if len(text) <= 24 else f"{text[:12]}…{text[-8:]}"
