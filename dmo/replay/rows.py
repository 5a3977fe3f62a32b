"""Rows of a CSV file, read as a stream and checked byte by byte; nothing is guessed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from dmo.core.errors import BadInput

__all__ = ["Row", "Rows", "shown"]

MAX_LINE = 4096
_UTF8 = "a file saved as UTF-8"
_MARKS = {
    b"\xff\xfe": ("the file is UTF-16", _UTF8),
    b"\xfe\xff": ("the file is UTF-16", _UTF8),
    b"\x00\x00\xfe\xff": ("the file is UTF-32", _UTF8),
    b"\xef\xbb\xbf": ("the file starts with a byte order mark (BOM)", f"{_UTF8} without it"),
}
_T = TypeVar("_T")


def shown(text: str) -> str:
    """A field for a message: short, and with what cannot be printed escaped."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")


class Rows:
    """The data rows of a CSV file with a fixed header.

    Memory does not grow with the file.

    Args:
        path: The file.
        header: The names of its columns, all of them, in order.

    Attributes:
        count: Rows read so far, without the header.
        digest: Of all that was read so far.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.header = tuple(header)
        self.columns = ",".join(header)
        self.count = 0
        self.digest = hashlib.sha256()
        self._line = 0

    def bad(self, reason: str, expected: str, line: int | None = None, field: str | None = None) -> BadInput:
        """An error in this file."""
        return BadInput(reason, expected=expected, file=str(self.path), line=line, field=field)

    def __iter__(self) -> Iterator[Row]:
        """Yield every row after the header.

        Raises:
            BadInput: The file cannot be read, is empty, has another header or a malformed row.
        """
        expected = f"a CSV file with the header {self.columns}"
        try:
            if not self.path.exists():
                raise self.bad("there is no such file", expected)
            if not self.path.is_file():
                raise self.bad("this is not a regular file", expected)
            with self.path.open("rb") as file:
                yield from self._rows(file)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "the name cannot be used"
            raise self.bad(f"the file cannot be read: {reason}", expected) from error
        if self._line == 0:
            raise self.bad("the file is empty", f"the header {self.columns}")
        if self.count == 0:
            raise self.bad("the file has no rows", "at least one row after the header")

    def _rows(self, file: BinaryIO) -> Iterator[Row]:
        reader = csv.reader(self._lines(file), strict=True)
        while True:
            line = self._line + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.bad(f"this is not a CSV row: {error}", self.columns, line) from error
            if line > 1:
                self._check(fields, line)
                self.count += 1
                yield Row(self, line, fields)
            elif tuple(fields) != self.header:
                reason = f"the header is {shown(','.join(fields))}"
                raise self.bad(reason, f"the header {self.columns}", line)

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        while raw := file.readline(MAX_LINE + 1):
            self._line += 1
            self.digest.update(raw)
            for mark, (reason, expected) in _MARKS.items():
                if self._line == 1 and raw.startswith(mark):
                    raise self.bad(reason, expected, 1)
            if len(raw) > MAX_LINE:
                reason = f"the line is longer than {MAX_LINE} bytes"
                raise self.bad(reason, "one row per line", self._line)
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                reason = f"byte {error.start + 1} of the line is not UTF-8"
                raise self.bad(reason, _UTF8, self._line) from error
            if "\0" in text:
                raise self.bad("the line holds a zero byte", "a text file in UTF-8", self._line)
            yield text

    def _check(self, fields: list[str], line: int) -> None:
        count = len(fields)
        columns = f"{len(self.header)} columns: {self.columns}"
        if not fields:
            raise self.bad("the row is empty", f"{columns}; no blank lines", line)
        if count != len(self.header):
            raise self.bad(f"the row has {count} column{'s' * (count != 1)}", columns, line)


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and where it stands."""

    rows: Rows
    line: int
    fields: list[str]

    def read(self, column: str, parse: Callable[[str], _T]) -> _T:
        """What a column says.

        Raises:
            BadInput: It cannot be used; told with file, line and column.
        """
        try:
            return parse(self.fields[self.rows.header.index(column)])
        except BadInput as error:
            raise error.at(str(self.rows.path), self.line, column) from None

    def bad(self, column: str, reason: str, expected: str) -> BadInput:
        """An error in this row."""
        return self.rows.bad(reason, expected, self.line, column)
