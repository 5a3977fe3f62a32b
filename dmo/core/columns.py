"""Typed facts: a table an event, a column for every argument of a fixed size.

What has no fixed size (texts, lists) stands in the raw log alone, which every row of a fact points to by block and
index. What a contract has in topics, people look for: those columns have an index.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dmo.core import abi, words
from dmo.core.abi import AbiEntry, Field
from dmo.core.abi.codec import address_of, size

_SMALL = 63
"""Bits of a number that a database has as a number."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class FactColumn:
    """A column of a fact.

    Attributes:
        form: How it stands in its word of 32 bytes, as ``struct`` says it.
        kind: number, flag or bytes; or units, too large for a number of most databases.
        is_indexed: Whether it is looked for.
    """

    name: str
    form: str
    kind: str
    is_indexed: bool

    def stored(self, value: Any) -> Any:
        """A decoded argument as the column has it, units aside."""
        if isinstance(value, str):
            return bytes.fromhex(value[2:])
        return int(value) if isinstance(value, int) else value  # a flag is a number too


def _column(name: str, kind: str, is_indexed: bool) -> FactColumn | None:
    """The column of a type of one word; none for what is longer, or stands elsewhere."""
    if kind == "address":
        return FactColumn(name, "12x20s", "bytes", is_indexed)
    if kind == "bool":
        return FactColumn(name, "31xB", "flag", is_indexed)
    if kind[:4] == "uint" and "[" not in kind:
        bits = int(kind[4:])
        return FactColumn(name, *(("24xQ", "number") if bits <= _SMALL else ("32s", "units")), is_indexed)
    if kind[:5] == "bytes" and kind[5:].isdecimal():
        wide = int(kind[5:])
        return FactColumn(name, f"{wide}s{32 - wide}x" if wide < 32 else "32s", "bytes", is_indexed)
    return None


def _laid(field: Field, name: str) -> Iterator[tuple[str, FactColumn | None]]:
    """The words of a field's place in the data, each with its column."""
    place, is_dynamic = size(field.kind)
    if field.members and not field.kind.endswith("]") and not is_dynamic:
        for member in field.members:
            yield from _laid(member, f"{name}_{_named(member)}")
        return
    found = None if is_dynamic or place > 32 else _column(name, field.kind, False)
    yield (found.form if found else f"{place}x"), found


def _named(field: Field) -> str:
    return abi.snake(field.name).strip("_")


def _address(raw: bytes) -> str:
    return address_of(int.from_bytes(raw, "big"))


def _number(value: bytes | int) -> int:
    return value if isinstance(value, int) else int.from_bytes(value, "big")


_TURNS: dict[str, Callable[[Any], Any]] = {"address": _address, "bool": bool}


@dataclass(frozen=True)
class EventTable:
    """An event and its table."""

    contract: str
    event: AbiEntry

    @property
    def name(self) -> str:
        """Contract and event, as facts name what tells them."""
        return f"{self.contract}.{self.event.name}"

    @cached_property
    def table(self) -> str:
        """The table's name."""
        return f"{abi.snake(self.contract)}_{abi.snake(self.event.name)}".lower()

    @cached_property
    def _words(self) -> list[tuple[str, FactColumn | None]]:
        found: list[tuple[str, FactColumn | None]] = []
        for field in self.event.inputs:
            if field.indexed:  # what is longer than a word stands there as its hash
                one = _column(_named(field), field.kind, True) or FactColumn(_named(field), "32s", "bytes", True)
                found.append((one.form, one))
        for field in self.event.inputs:
            if not field.indexed:
                found.extend(_laid(field, _named(field)))
        return found

    @cached_property
    def columns(self) -> list[FactColumn]:
        """The columns beside block and index."""
        return [column for _, column in self._words if column]

    def has(self, argument: str) -> bool:
        """Whether it has an argument of a name."""
        return any(one.name == argument for one in self.event.inputs)

    def column(self, argument: str) -> FactColumn | None:
        """The column of an argument."""
        wanted = abi.snake(argument).strip("_")
        return next((one for one in self.columns if one.name == wanted), None)

    @cached_property
    def _turns(self) -> list[tuple[str, int, Callable[[Any], Any] | None]] | None:
        """Each argument's place in a row, and what makes a column's value an argument; None where one has no column."""
        found: list[tuple[str, int, Callable[[Any], Any] | None]] = []
        names = {one.name: place for place, one in enumerate(self.columns, 2)}
        for field in self.event.inputs:
            one = self.column(field.name)
            if (
                one is None
                or field.members
                or (field.indexed and one.form == "32s" and field.kind in ("bytes", "string"))
            ):
                return None
            turn = _TURNS.get(field.kind, _number if one.kind == "units" else None)
            found.append((field.name, names[one.name], turn))
        return found

    def arguments(self, row: Row) -> dict[str, Any] | None:
        """An event's arguments from its row; None where they have to be decoded."""
        if self._turns is None:
            return None
        return {name: row[place] if turn is None else turn(row[place]) for name, place, turn in self._turns}

    def reader(self, units: Callable[[bytes], Any] | None) -> Callable[[bytes], Row]:
        """Reads the columns from topics (the event's own aside) and data; ``units`` turns what is too large."""
        shape = struct.Struct(">" + "".join(form for form, _ in self._words))
        large = [place for place, one in enumerate(self.columns) if one.kind == "units"] if units else []

        def read(words_: bytes) -> Row:
            try:
                row = shape.unpack_from(words_)
            except struct.error as error:
                raise words.network("no_log") from error
            if not large or units is None:
                return row
            turned = list(row)
            for place in large:
                turned[place] = units(turned[place])
            return tuple(turned)

        return read


def told_of(contracts: Mapping[str, str]) -> dict[tuple[str, bytes], EventTable]:
    """All events of contracts (address → name) by address and topic, in an order that is always the same."""
    return {
        (address, item.selector): EventTable(name, item)
        for address, name in sorted(contracts.items())
        if name in abi.names()
        for item in sorted(abi.load(name), key=lambda one: one.signature)
        if item.kind == "event"
    }
