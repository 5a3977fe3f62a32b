"""Rows of a CSV file, read as a stream and checked byte by byte; nothing is guessed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from dmo.core.errors import BadInput

__all__ = ["Rows", "shown"]

MAX_LINE = 4096
_MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}


def shown(text: str) -> str:
    """A field for a message: short, and with what cannot be printed escaped."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")


class Rows:
    """The data rows of a CSV file with a fixed header.

    Iterating yields the line number and the fields of each row. Memory does not grow with the
    file. ``sha256`` and ``count`` are final once the iteration has ended.

    Args:
        path: The file.
        header: The names of its columns, all of them, in order.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.name = str(path)
        self.header = tuple(header)
        self.count = 0
        self._digest = hashlib.sha256()
        self._line = 0

    @property
    def sha256(self) -> str:
        """Digest of what was read."""
        return self._digest.hexdigest()

    def bad(self, reason: str, expected: str, line: int, field: str | None = None) -> BadInput:
        """An error at a line of this file."""
        return BadInput(reason, expected=expected, file=self.name, line=line, field=field)

    def _open(self) -> BinaryIO:
        expected = f"a CSV file with the header {','.join(self.header)}"
        try:
            if not self.path.exists():
                raise BadInput("there is no such file", expected=expected, file=self.name)
            if not self.path.is_file():
                raise BadInput("this is not a regular file", expected=expected, file=self.name)
            return self.path.open("rb")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "the name cannot be used"
            raise BadInput(
                f"the file cannot be read: {reason}", expected=expected, file=self.name
            ) from error

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        while raw := self._read(file):
            self._line += 1
            self._digest.update(raw)
            if self._line == 1:
                self._refuse_marks(raw)
            if len(raw) > MAX_LINE:
                raise self.bad(
                    f"the line is longer than {MAX_LINE} bytes", "one row per line", self._line
                )
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.bad(
                    f"byte {error.start + 1} of the line is not UTF-8",
                    "a file saved as UTF-8",
                    self._line,
                ) from error
            if "\0" in text:
                raise self.bad("the line holds a zero byte", "a text file in UTF-8", self._line)
            yield text

    def _read(self, file: BinaryIO) -> bytes:
        try:
            return file.readline(MAX_LINE + 1)
        except OSError as error:
            raise BadInput(
                f"the file cannot be read: {error.strerror}", expected="a readable file"
            ).at(self.name) from error

    def _refuse_marks(self, raw: bytes) -> None:
        for mark, encoding in _MARKS.items():
            if raw.startswith(mark):
                raise self.bad(f"the file is {encoding}", "a file saved as UTF-8", 1)
        if raw.startswith(b"\xef\xbb\xbf"):
            raise self.bad(
                "the file starts with a byte order mark",
                "a file saved as UTF-8 without a byte order mark (BOM)",
                1,
            )

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line number and fields of every row after the header.

        Raises:
            BadInput: The file cannot be read, is empty, has another header or a malformed row.
        """
        with self._open() as file:
            reader = csv.reader(self._lines(file), strict=True)
            is_header = True
            while True:
                line = self._line + 1
                try:
                    fields = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    raise self.bad(
                        f"this is not a CSV row: {error}", ",".join(self.header), line
                    ) from error
                if is_header:
                    self._check_header(fields)
                    is_header = False
                else:
                    self._check_row(fields, line)
                    self.count += 1
                    yield line, fields
        if is_header:
            raise BadInput(
                "the file is empty", expected=f"the header {','.join(self.header)}", file=self.name
            )
        if self.count == 0:
            raise BadInput(
                "the file has no rows", expected="at least one row after the header", file=self.name
            )

    def _check_header(self, fields: list[str]) -> None:
        if tuple(fields) != self.header:
            raise self.bad(
                f"the header is {shown(','.join(fields))}", f"the header {','.join(self.header)}", 1
            )

    def _check_row(self, fields: list[str], line: int) -> None:
        if len(fields) == len(self.header):
            return
        columns = f"{len(self.header)} columns: {','.join(self.header)}"
        if not fields:
            raise self.bad("the row is empty", f"{columns}; no blank lines", line)
        count = f"{len(fields)} column{'s' if len(fields) != 1 else ''}"
        raise self.bad(f"the row has {count}", columns, line)
