"""One reader for the tables that people write and other programs export: CSV, strict where it could be misread.

It forgives what says nothing: a byte order mark, commas or semicolons or tabs, line ends, blank lines, the header's
order, spaces and capitals, columns that nobody asked for. All else is told with file, line and reason.
"""

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from dmo.core import units, words
from dmo.core.errors import BadInput

_MAX_LINE = 32 * 1024
_BOM = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
"""The first line that Excel writes for itself."""
_EXPONENT = re.compile(r"\d{1,40}(?:\.\d{1,40})?[eE][+-]?\d{1,3}", re.ASCII)
_ROUNDED = re.compile(r"\d\.(\d\d|\d{5})E[+-]\d\d", re.ASCII)
"""As a spreadsheet shows a longer number in a narrow cell: the digits after these are gone."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def amount(text: str, decimals: int) -> units.Amount:
    """Units of a token, also of ``2.5e5`` and ``"250,000"``. Raises BadInput: it is none, or was rounded."""
    if _ROUNDED.fullmatch(text):
        raise words.bad("table_rounded", given=text)
    plain = f"{Decimal(text):f}" if _EXPONENT.fullmatch(text) else text
    return units.parse_amount(plain, decimals, is_sure=True)


@dataclass(frozen=True)
class Column:
    """A column: how a cell is read, what else it may be called, whether the table may lack it.

    A column of numbers is told apart from one of words, because a table with semicolons may come from where ``1.250``
    is more than a thousand.
    """

    read: Callable[[str], Any]
    others: str = ""
    is_needed: bool = True
    is_number: bool = False


class _Head(NamedTuple):
    """What is between the cells, the table's names, and where among them the columns are."""

    delimiter: str
    names: list[str]
    places: dict[str, int]


class Rows:
    """The rows of a table, read as a stream: line, and values by column.

    Attributes:
        called: The table's own name for each column that it has, known with the first row.
        count: Rows so far.
        digest: Of all bytes so far.
    """

    def __init__(self, path: Path, columns: Mapping[str, Column]) -> None:
        self.path, self.columns = path, columns
        self.header = ",".join(name for name, one in columns.items() if one.is_needed)
        self.called: dict[str, str] = {}
        self.count = self._lines = 0
        self.digest = hashlib.sha256()

    def bad(self, wrong: str, /, line: int | None = None, field: str | None = None, **values: Any) -> BadInput:
        """An error in this file."""
        return words.bad(wrong, header=self.header, **values).at(str(self.path), line, field)

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Raises BadInput: the file cannot be read, lacks a column or has none of the rows, or a row is malformed."""
        try:
            if not self.path.is_file():
                raise self.bad("table_no_file" if not self.path.exists() else "table_no_regular_file")
            with self.path.open("rb") as file:
                yield from self._rows(self._texts(file))
        except OSError as error:
            raise self.bad("table_unreadable", why=error.strerror) from error
        except ValueError as error:
            raise self.bad("table_bad_name") from error
        if self.count == 0:
            raise self.bad("table_no_rows" if self._lines else "table_empty")

    def _texts(self, file: BinaryIO) -> Iterator[str]:
        while raw := file.readline(_MAX_LINE + 1):
            self._lines += 1
            self.digest.update(raw)
            if self._lines == 1:
                if raw.startswith(_OTHER_MARKS):
                    raise self.bad("table_utf16", 1)
                raw = raw.removeprefix(_BOM)
            if len(raw) > _MAX_LINE:
                raise self.bad("table_long_line", self._lines, most=_MAX_LINE)
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.bad("table_no_utf8", self._lines, byte=error.start + 1) from error
            if "\0" in text:
                raise self.bad("table_zero_byte", self._lines)
            yield text

    def _rows(self, texts: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        first = next(texts, None)
        if first is None:
            return
        if said := _SEPARATOR.fullmatch(first):
            first = next(texts, "")
        heads = [self._head(first, sign) for sign in (said[1] if said else _DELIMITERS)]
        head = max(heads, key=lambda one: len(one.places))
        if missing := [name for name, one in self.columns.items() if one.is_needed and name not in head.places]:
            raise self.bad("table_header", self._lines, found=shown(first.strip()), missing=", ".join(missing))
        self.called = {name: head.names[at] for name, at in head.places.items()}
        reader = csv.reader(texts, delimiter=head.delimiter, strict=True)
        while True:
            line = self._lines + 1
            try:
                cells = _cells(next(reader), len(head.names))
            except StopIteration:
                return
            except csv.Error as error:
                raise self.bad("table_no_csv", line, why=error) from error
            if any(cells):
                if len(cells) != len(head.names):
                    raise self.bad("table_columns", line, count=len(cells), wanted=len(head.names))
                yield line, {name: self._value(name, cells[at], head, line) for name, at in head.places.items()}
                self.count += 1

    def _head(self, first: str, delimiter: str) -> _Head:
        """What a header says, if this is between its names."""
        try:
            names = _cells(next(csv.reader([first], delimiter=delimiter, strict=True), []), 0)
        except csv.Error:
            names = [first]
        plain = [re.sub(r"[\W_]", "", name.casefold()) for name in names]
        places = {}
        for name, column in self.columns.items():
            known = [one for one in (name.replace("_", ""), *column.others.split()) if one in plain]
            if known:
                places[name] = plain.index(known[0])
                if plain.count(known[0]) > 1:
                    raise self.bad("table_column_twice", self._lines, name=shown(names[places[name]]))
        return _Head(delimiter, names, places)

    def _value(self, name: str, text: str, head: _Head, line: int) -> Any:
        column = self.columns[name]
        if column.is_number and head.delimiter != "," and _THOUSANDS.fullmatch(text):
            raise self.bad("table_two_readings", line, name, **units.two_readings(text))
        try:
            return column.read(text)
        except BadInput as error:
            raise error.at(str(self.path), line, name) from None


def _cells(raw: list[str], width: int) -> list[str]:
    """A row's cells, without empty ones beyond the header's."""
    cells = [cell.strip() for cell in raw]
    while len(cells) > width and not cells[-1]:
        del cells[-1]
    return cells


def shown(text: str) -> str:
    """A cell for a message: short, and with what cannot be printed escaped."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")
