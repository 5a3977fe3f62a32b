"""Reads holders.csv and votes.csv; whatever is wrong is told with file, line and reason.

docs/replay.md describes both files.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import format_amount
from dmo.replay.records import MAX_UNITS, UNIT, Choice, Holder, Holders, Proposal, Vote, Votes
from dmo.replay.rows import Rows, shown

__all__ = ["read_holders", "read_votes"]

_CHOICES = {"yes": Choice.FOR, "no": Choice.AGAINST, "veto": Choice.AGAINST, "abstain": Choice.ABSTAIN}
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_TOKENS = re.compile(r"([0-9]{1,40})(?:\.([0-9]{1,18}))?")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,77}")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:[0-5]\d)?", re.ASCII)
_YEARS = (2000, 2099)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = f"at most {format_amount(MAX_UNITS // UNIT, 0)} whole tokens in all"


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
    if amount > MAX_UNITS:
        raise BadInput(f"{shown(text)} is more than a votes token can hold", expected=_MOST)
    return amount


def read_holders(path: Path) -> Holders:
    """Read who holds how much.

    Raises:
        BadInput: A row cannot be used, or all together hold more than a votes token can.
    """
    rows = Rows(path, ("address", "tokens"))
    holders: list[Holder] = []
    lines: dict[str, int] = {}
    supply = 0
    for row in rows:
        address = row.read("address", _address)
        if address in lines:
            reason = f"{address} is listed twice, first in line {lines[address]}"
            raise row.bad("address", reason, "each holder once")
        amount = row.read("tokens", _tokens)
        supply += amount
        if supply > MAX_UNITS:
            reason = "up to this line the holders have more than a votes token can hold"
            raise row.bad("tokens", reason, _MOST)
        lines[address] = row.line
        holders.append(Holder(address, amount))
    return Holders(holders, supply, rows.digest.hexdigest())


def _moment(text: str) -> int:
    """Nanoseconds since 1970."""
    expected = "ISO 8601 with a time zone, such as 2023-11-18T09:15:23.287Z"
    match = _MOMENT.fullmatch(text)
    if match is None or match[3] is None:
        reason = "has no time zone" if match else "is not a moment"
        raise BadInput(f"{shown(text)} {reason}", expected=expected)
    try:
        moment = datetime.fromisoformat(match[1] + match[3]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"{shown(text)} is not a moment", expected=expected) from None
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        expected = f"a moment from {_YEARS[0]} to {_YEARS[1]}, UTC"
        raise BadInput(f"{shown(text)} is absurd", expected=expected)
    seconds = (moment - _EPOCH) // timedelta(seconds=1)
    return seconds * 10**9 + int((match[2] or "").ljust(9, "0"))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        expected = "a whole number without leading zeros, such as 151"
        raise BadInput(f"{shown(text)} is not a proposal's number", expected=expected)
    return int(text)


def _choice(text: str) -> Choice:
    if text not in _CHOICES:
        raise BadInput(f"{shown(text)} is not a choice", expected=", ".join(_CHOICES))
    return _CHOICES[text]


def read_votes(path: Path, holders: Holders) -> Votes:
    """Read what was voted on, when, by whom and how.

    Args:
        path: The file.
        holders: Who may vote.

    Raises:
        BadInput: A row cannot be used, or contradicts another.
    """
    rows = Rows(path, ("proposal", "opened_at", "voter", "choice"))
    places = {holder.address: place for place, holder in enumerate(holders.rows)}
    proposals: dict[int, Proposal] = {}
    for row in rows:
        number = row.read("proposal", _number)
        opened_ns = row.read("opened_at", _moment)
        voter = row.read("voter", _address)
        choice = row.read("choice", _choice)
        proposal = proposals.setdefault(number, Proposal(number, opened_ns, row.line))
        if proposal.opened_ns != opened_ns:
            reason = f"{_named(proposal)} was opened at another moment in line {proposal.line}"
            raise row.bad("opened_at", reason, "the same moment in all rows of a proposal")
        place = places.get(voter)
        if place is None:
            expected = "voters that are listed in the holders' file"
            raise row.bad("voter", f"{voter} is not among the holders", expected)
        earlier = proposal.votes.get(place)
        if earlier is not None:
            reason = f"{voter} voted on {_named(proposal)} in line {earlier.line} already"
            raise row.bad("voter", reason, "one vote per voter and proposal")
        proposal.votes[place] = Vote(choice, row.line)
    return Votes(proposals, rows.count, rows.digest.hexdigest())


def _named(proposal: Proposal) -> str:
    """A proposal for a message; some chains number with hashes."""
    text = str(proposal.number)
    return f"proposal {text if len(text) <= 24 else f'{text[:12]}…{text[-8:]}'}"
