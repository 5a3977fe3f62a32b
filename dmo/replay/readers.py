"""Reads holders.csv and votes.csv; whatever is wrong is told with file, line and reason.

docs/replay.md describes both files. They are read as streams, every byte is checked, and nothing is guessed.
"""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import format_amount
from dmo.replay.records import MAX_UNITS, UNIT, Holder, Holders, PastProposal, Side, Vote, Votes

_MAX_LINE = 4096
_MARKS = {b"\xff\xfe": "utf16", b"\xfe\xff": "utf16", b"\x00\x00\xfe\xff": "utf32", b"\xef\xbb\xbf": "bom"}
_CHOICES = {"yes": Side.FOR, "no": Side.AGAINST, "veto": Side.AGAINST, "abstain": Side.ABSTAIN}
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_TOKENS = re.compile(r"([0-9]{1,40})(?:\.([0-9]{1,18}))?")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,77}")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:[0-5]\d)?", re.ASCII)
_YEARS = (2000, 2099)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = format_amount(MAX_UNITS // UNIT, 0)


def _shown(text: str) -> str:
    """A field for a message: short, and with what cannot be printed escaped."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")


def _bad(name: str, text: str = "", **values: Any) -> BadInput:
    return words.bad(f"replay_{name}", text=_shown(text), **values)


class _Rows:
    """The data rows of a CSV file; ``columns`` say how each field is read."""

    def __init__(self, path: Path, columns: Mapping[str, Callable[[str], Any]]) -> None:
        self.path, self.columns, self.header = path, columns, ",".join(columns)
        self.count = self.lines = 0  # read so far, without the header and with it
        self.digest = hashlib.sha256()  # of all that was read so far

    def bad(self, name: str, line: int | None = None, field: str | None = None, **values: Any) -> BadInput:
        """An error in this file."""
        error = _bad(name, header=self.header, wanted=len(self.columns), **values)
        return error.at(str(self.path), line, field)

    def __iter__(self) -> Iterator[list[Any]]:
        """The line and the values of every row after the header.

        Raises:
            BadInput: The file cannot be read, is empty, has another header or a malformed row.
        """
        try:
            if not self.path.exists():
                raise self.bad("no_file")
            if not self.path.is_file():
                raise self.bad("no_regular_file")
            with self.path.open("rb") as file:
                yield from self._rows(file)
        except OSError as error:
            raise self.bad("unreadable", why=error.strerror) from error
        except ValueError as error:
            raise self.bad("bad_name") from error
        if self.count == 0:
            raise self.bad("no_rows" if self.lines else "empty")

    def _rows(self, file: BinaryIO) -> Iterator[list[Any]]:
        reader = csv.reader(self._lines(file), strict=True)
        while True:
            line = self.lines + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.bad("no_csv", line, why=error) from error
            if line > 1:
                yield [line, *self._values(fields, line)]
                self.count += 1
            elif fields != list(self.columns):
                raise self.bad("header", line, found=_shown(",".join(fields)))

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        while raw := file.readline(_MAX_LINE + 1):
            self.lines += 1
            self.digest.update(raw)
            for mark, name in _MARKS.items():
                if self.lines == 1 and raw.startswith(mark):
                    raise self.bad(name, 1)
            if len(raw) > _MAX_LINE:
                raise self.bad("long_line", self.lines, most=_MAX_LINE)
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.bad("no_utf8", self.lines, byte=error.start + 1) from error
            if "\0" in text:
                raise self.bad("zero_byte", self.lines)
            yield text

    def _values(self, fields: list[str], line: int) -> Iterator[Any]:
        count = len(fields)
        if count != len(self.columns):
            raise self.bad({0: "blank", 1: "one_column"}.get(count, "columns"), line, count=count)
        for (column, read), text in zip(self.columns.items(), fields, strict=True):
            try:
                yield read(text)
            except BadInput as error:
                raise error.at(str(self.path), line, column) from None


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise _bad("no_address", text)
    address = checksum(text)
    if int(address, 16) == 0:
        raise _bad("zero_address")
    return address


def _tokens(text: str) -> int:
    match = _TOKENS.fullmatch(text)
    if match is None:
        raise _bad("negative" if re.fullmatch(r"-[0-9.]+", text) else "no_amount", text)
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(18, "0"))
    if amount == 0:
        raise _bad("no_tokens")
    if amount > MAX_UNITS:
        raise _bad("large", text, most=_MOST)
    return amount


def _moment(text: str) -> int:
    """Nanoseconds since 1970."""
    match = _MOMENT.fullmatch(text)
    if match is None or match[3] is None:
        raise _bad("no_zone" if match else "no_moment", text)
    try:
        moment = datetime.fromisoformat(match[1] + match[3]).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad("no_moment", text) from None
    first, last = _YEARS
    if not first <= moment.year <= last:
        raise _bad("absurd", text, first=first, last=last)
    return (moment - _EPOCH) // timedelta(seconds=1) * 10**9 + int((match[2] or "").ljust(9, "0"))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _bad("no_number", text)
    return int(text)


def _choice(text: str) -> Side:
    if text not in _CHOICES:
        raise _bad("no_choice", text, choices=", ".join(_CHOICES))
    return _CHOICES[text]


def read_holders(path: Path) -> Holders:
    """Read who holds how much.

    Raises:
        BadInput: A row cannot be used, or all together hold more than a votes token can.
    """
    rows = _Rows(path, {"address": _address, "tokens": _tokens})
    holders: list[Holder] = []
    lines: dict[str, int] = {}
    supply = 0
    for line, address, amount in rows:
        if address in lines:
            raise rows.bad("holder_twice", line, "address", holder=address, first=lines[address])
        supply += amount
        if supply > MAX_UNITS:
            raise rows.bad("large_supply", line, "tokens", most=_MOST)
        lines[address] = line
        holders.append(Holder(address, amount))
    return Holders(holders, supply, rows.digest.hexdigest())


def read_votes(path: Path, holders: Holders) -> Votes:
    """Read what the holders voted on, when and how.

    Raises:
        BadInput: A row cannot be used, or contradicts another.
    """
    rows = _Rows(path, {"proposal": _number, "opened_at": _moment, "voter": _address, "choice": _choice})
    places = {holder.address: place for place, holder in enumerate(holders.rows)}
    proposals: dict[int, PastProposal] = {}
    for line, number, opened_ns, voter, choice in rows:
        proposal = proposals.setdefault(number, PastProposal(number, opened_ns, line))
        text = str(number)  # some chains number with hashes
        about = {"voter": voter, "proposal": text if len(text) <= 24 else f"{text[:12]}…{text[-8:]}"}
        if proposal.opened_ns != opened_ns:
            raise rows.bad("other_moment", line, "opened_at", first=proposal.line, **about)
        place = places.get(voter)
        if place is None:
            raise rows.bad("no_holder", line, "voter", **about)
        if place in proposal.votes:
            raise rows.bad("voted_twice", line, "voter", first=proposal.votes[place].line, **about)
        proposal.votes[place] = Vote(choice, line)
    return Votes(proposals, rows.count, rows.digest.hexdigest())
