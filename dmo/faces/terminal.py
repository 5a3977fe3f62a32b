"""What a terminal shows of views, previews and errors; one envelope for machines."""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dmo.core import words
from dmo.core.errors import CheckFailed, Declined, DmoError
from dmo.core.text import escaped, one_line, printable
from dmo.core.view import Exhibit, Table, View

INTERRUPTED = 130
_WIDE = 160
_WIDEST = 1000
_PATH = 120


def envelope(content: dict[str, Any]) -> str:
    """JSON with sorted keys and a last newline."""

    def plain(value: Any) -> str:
        return "0x" + value.hex() if isinstance(value, bytes) else str(value)

    return escaped(json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False, default=plain)) + "\n"


def _columns() -> int:
    return shutil.get_terminal_size().columns


def fitted(text: str, width: int | None, hang: int | None = None) -> list[str]:
    """A text in lines of at most so many columns, broken at spaces; further ones hang.

    Columns that do not fit beside each other stand below each other; a word, such as an address, is never broken.
    """
    if width is None:
        return text.split("\n")
    from rich.cells import cell_len

    found: list[str] = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        if cell_len(line) <= width:
            found.append(line)
            continue
        inner = " " * (indent + 2 if hang is None else hang)
        columns, now = re.split(" {2,}", line.strip()), line[:indent]
        for place, column in enumerate(columns):
            if place and hang is None and cell_len(now) + cell_len(column) + 2 > width and now.strip():
                found.append(now)
                now = inner
            elif place:
                now = f"{now}  " if hang is None else now.ljust(hang)
            for word in column.split(" "):
                gap = "" if not now.strip() or now.endswith(" ") else " "
                if now.strip() and cell_len(now) + cell_len(gap + word) > width:
                    found.append(now.rstrip())
                    now, gap = inner, ""
                now += gap + word
        found.append(now)
    return found


class Screen:
    """Where a command writes; for machines, nothing but the envelope of data and transactions."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.data: dict[str, Any] = {}
        self.transactions: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        """What an earlier command left."""

    @staticmethod
    def is_terminal() -> bool:
        return sys.stdout.isatty()

    def say(self, text: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self._print(text)

    @staticmethod
    def _print(text: str, to: Any = None, hang: int | None = None) -> None:
        """Lines as wide as the terminal; whatever is no terminal wraps them itself."""
        stream = to or sys.stdout
        width = _columns() if stream.isatty() else None
        for line in fitted(printable(text), width, hang):
            print(line, file=stream)

    def note(self, text: str) -> None:
        """A remark beside the result, also where the result is for machines."""
        sys.stdout.flush()
        self._print(text, sys.stderr)

    def _draw(self, drawn: Any, style: str | None = None) -> None:
        from rich.console import Console

        width = None if self.is_terminal() else _WIDE
        Console(width=width, highlight=False, soft_wrap=False, emoji=False, markup=False).print(drawn, style=style)

    def heading(self, text: str) -> None:
        """A line that stands out."""
        if text and not self.as_json and self.is_terminal() and not os.environ.get("NO_COLOR"):
            self._draw(printable(text), "bold")
        elif text:
            self.say(text)

    def fields(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and values, aligned; empty values are left out."""
        shown = [(name, value) for name, value in pairs if value]
        wide = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            for place, line in enumerate(value.split("\n")):
                if not self.as_json:
                    self._print(f"  {'' if place else name:<{wide}}  {line}".rstrip(), hang=wide + 4)

    def table(self, table: Table) -> None:
        """A table; a column whose name begins with ``>`` is flush right."""
        if self.as_json:
            return
        from rich import box
        from rich.table import Table as Drawn
        from rich.text import Text

        drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for name in table.columns:
            justify = "right" if name.startswith(">") else "left"
            drawn.add_column(Text(name.lstrip(">")), justify=justify, overflow="fold")  # type: ignore[arg-type]
        for row in table.rows:
            drawn.add_row(*(Text(printable(cell)) for cell in row))
        self.heading(table.title)
        if not self._fits(drawn):  # a card a row, so that nothing is cut into pieces
            for row in table.rows:
                self.fields((name.lstrip(">"), cell) for name, cell in zip(table.columns, row, strict=True))
                self.say()
            return
        self._draw(drawn)

    def _fits(self, drawn: Any) -> bool:
        from rich.console import Console

        return not self.is_terminal() or Console(width=_WIDEST).measure(drawn).minimum <= _columns()

    def block(self, block: Exhibit) -> None:
        self.say()
        self.heading(block.heading)
        self.fields(block.fields)
        body = [f"  {line}".rstrip() for line in block.body.strip().split("\n")]
        for line in [*(["", *body] if any(body) else []), *(["", block.note] if block.note else [])]:
            self.say(line)

    def view(self, view: View | None) -> None:
        """All of a view, if there is one; its data goes into the envelope."""
        self.data.update(view.data if view else {})
        if self.as_json or view is None:
            return
        self.heading(view.heading)
        self.fields(view.fields)
        for block in view.blocks:
            self.block(block)
        for table in view.tables:
            if view.fields or view.blocks:
                self.say()
            self.table(table)
        for card in view.cards:
            self.heading(card.heading)
            self.fields(card.fields)
            self.next(card.next, indent="  ")
        for text in view.texts:
            self.say(text)
        self.next(view.next)

    def next(self, following: Sequence[str], indent: str = "") -> None:
        for text in following:  # never broken: it is copied
            if not self.as_json:
                print(printable(indent + words.word("screen", "next").format(text)))

    def finish(self, command: str, where: Mapping[str, Any]) -> None:
        """Write the envelope."""
        if self.as_json:
            where = {"command": command, **where}
            told = {"data": self.data, "transactions": self.transactions}
            sys.stdout.write(envelope({"ok": True, **where, **told, **_sent(self.sent)}))


def _sent(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"sent": rows} if rows else {}


def unexpected(fault: BaseException) -> DmoError:
    """What the machine refuses, a full disk or a name that is too long; or a fault of the program itself."""
    if isinstance(fault, OSError) and fault.strerror:
        where = one_line(str(fault.filename or fault.filename2 or ""), _PATH) or None
        return words.bad("unusable", why=fault.strerror).at(where)
    said, kind = " ".join(str(fault).split())[:300], type(fault).__name__
    message = words.word("screen", "unexpected").format(kind=kind, said=f": {said}" if said else "")
    return DmoError(message, hint=words.word("screen", "unexpected_hint"), details={"kind": kind})


def report(error: DmoError, *, as_json: bool, command: str = "") -> int:
    """Print an error where it belongs, and return its exit code."""
    details = dict(error.details)
    sent: Any = details.pop("sent", [])
    if as_json:
        told = {"code": error.code, "args": details, "message": error.message, "hint": error.hint}
        sys.stdout.write(envelope({"ok": False, "command": command, "error": told, **_sent(sent)}))
        return error.exit_code
    sys.stdout.flush()
    mark = "" if isinstance(error, Declined) else "error: "
    lines = [mark + error.message + ("" if error.message.endswith((".", "!", "?", ":")) else ".")]
    if isinstance(error, CheckFailed):
        lines += [f"       - {one}" for one in error.differences]
    if error.hint:
        lines.append(f"{' ' * len(mark)}{error.hint}")
    lines += [words.word("sent", one["state"]).format(**one) for one in sent]
    for line in lines:
        Screen._print(line, sys.stderr, len(mark))
    return error.exit_code
