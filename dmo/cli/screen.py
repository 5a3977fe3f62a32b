"""What a command shows: lines and tables for people, one envelope for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from dmo.core.text import escaped, printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Screen", "envelope", "plain"]

_WIDE = 160


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows: bytes as 0x…, records and enums by their content."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def envelope(content: dict[str, Any]) -> str:
    """JSON with sorted keys and a last newline; what is hidden in it is escaped."""
    text = json.dumps(plain(content), sort_keys=True, indent=2, ensure_ascii=False)
    return escaped(text) + "\n"


class Screen:
    """Where a command writes.

    Args:
        as_json: Nothing but the envelope goes to the standard output.

    Attributes:
        data: The envelope's ``data``.
        transactions: The envelope's ``transactions``.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.data: dict[str, Any] = {}
        self.transactions: list[dict[str, Any]] = []

    @staticmethod
    def is_terminal() -> bool:
        """Whether somebody is watching."""
        return sys.stdout.isatty()

    def say(self, text: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            print(printable(text))

    def note(self, text: str) -> None:
        """A remark beside the result, also where the result is for machines."""
        sys.stdout.flush()
        print(printable(text), file=sys.stderr)

    def _console(self) -> Console:
        from rich.console import Console

        width = None if self.is_terminal() else _WIDE
        return Console(width=width, highlight=False, soft_wrap=False, emoji=False, markup=False)

    def heading(self, text: str) -> None:
        """A line that stands out."""
        if self.as_json:
            return
        if self.is_terminal() and not os.environ.get("NO_COLOR"):
            self._console().print(printable(text), style="bold")
        else:
            print(printable(text))

    def fields(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Names and values, aligned; empty values are left out."""
        shown = [(name, value) for name, value in pairs if value]
        wide = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            first, *rest = value.split("\n")
            self.say(f"  {name:<{wide}}  {first}".rstrip())
            for line in rest:
                self.say(f"  {'':<{wide}}  {line}".rstrip())

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table; a column whose name begins with ``>`` is flush right."""
        if self.as_json:
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for name in columns:
            right = name.startswith(">")
            table.add_column(
                Text(name.lstrip(">")),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=False,
            )
        for row in rows:
            table.add_row(*(Text(printable(str(cell))) for cell in row))
        self._console().print(table)

    def finish(self, command: str, deployment: str, chain_id: int) -> None:
        """Write the envelope."""
        if self.as_json:
            sys.stdout.write(
                envelope(
                    {
                        "ok": True,
                        "command": command,
                        "deployment": deployment,
                        "chain_id": chain_id,
                        "data": self.data,
                        "transactions": self.transactions,
                    }
                )
            )
