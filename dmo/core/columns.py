"""Typed facts: a table an event, a column for every argument of a fixed size.

What has no fixed size (texts, lists) stands in the raw log alone, which every row of a fact points to by its place.
What a contract has in topics, people look for, so it has an index; but accounts, which lie anywhere in it, cost more
than a reading of the table now and then.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from operator import itemgetter
from typing import Any

from dmo.core import abi
from dmo.core.abi import AbiEntry, Field
from dmo.core.abi.codec import address_of, reader_of, size

_SMALL = 63
"""Bits of a number that a database has as a number."""
Row = tuple[Any, ...]
"""A place, then the columns."""
Turn = Callable[[Row], Any]


def _address(raw: bytes) -> str:
    return address_of(int.from_bytes(raw, "big"))


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _bool(value: int) -> bool:
    return value != 0


@dataclass(frozen=True)
class FactColumn:
    """A column of a fact.

    Attributes:
        form: How it stands in its word of 32 bytes, as ``struct`` says it.
        kind: number, flag or bytes; units, too large for a number of databases; or the hash of something else.
        is_indexed: Whether it is looked for.
    """

    name: str
    form: str
    kind: str
    is_indexed: bool

    @property
    def is_account(self) -> bool:
        """Whether it is an address."""
        return self.form == "12x20s"

    def turn(self, place: int) -> Turn:
        """What makes an argument of a row that has the column at a place."""
        turns: dict[str, Callable[[Any], Any]] = {"flag": _bool, "units": _number}
        one = _address if self.is_account else turns.get(self.kind)
        return itemgetter(place) if one is None else lambda row: one(row[place])

    def stored(self, value: Any) -> Any:
        """A decoded argument as the column has it."""
        if isinstance(value, str):
            return bytes.fromhex(value[2:])
        if self.kind == "units":
            return value.to_bytes(32, "big")
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


@dataclass(frozen=True, eq=False)
class EventTable:
    """An event and its table; of each there is one."""

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
                is_indexed = field.kind != "address"
                one = _column(_named(field), field.kind, is_indexed) or FactColumn(_named(field), "32s", "hash", True)
                found.append((one.form, one))
        for field in self.event.inputs:
            if not field.indexed:
                found.extend(_laid(field, _named(field)))
        return found

    @cached_property
    def columns(self) -> list[FactColumn]:
        """The columns beside the place."""
        return [column for _, column in self._words if column]

    def has(self, argument: str) -> bool:
        """Whether it has an argument of a name."""
        return any(one.name == argument for one in self.event.inputs)

    def column(self, argument: str) -> FactColumn | None:
        """The column of an argument."""
        wanted = abi.snake(argument).strip("_")
        return next((one for one in self.columns if one.name == wanted), None)

    @cached_property
    def read(self) -> Callable[[bytes], Row]:
        """Reads the columns from topics (the event's own aside) and data. Raises struct.error: they are too short."""
        return struct.Struct(">" + "".join(form for form, _ in self._words)).unpack_from

    @cached_property
    def topics(self) -> int:
        """Topics beside the event's own."""
        return sum(field.indexed for field in self.event.inputs)

    def turn(self, name: str) -> Turn | None:
        """What makes the argument of a column's name of a row; None where there is none."""
        found = ((place, one) for place, one in enumerate(self.columns, 1) if one.name == name and one.kind != "hash")
        return next((one.turn(place) for place, one in found), None)

    def rest(self, name: str) -> Callable[[bytes], Any] | None:
        """What reads an argument of no fixed size from topics and data; None where there is none, or its hash."""
        plain = [field for field in self.event.inputs if not field.indexed]
        if (place := next((n for n, field in enumerate(plain) if _named(field) == name), None)) is None:
            return None
        read, start = reader_of([field.kind for field in plain], place), 32 * self.topics
        named = partial(abi.argument, self.contract, self.event.name, plain[place].name)
        return lambda words: named(read(words[start:], 0))

    @cached_property
    def _turns(self) -> dict[str, Turn] | None:
        """What makes each argument of a row; None where one has no column."""

        def turn(field: Field, name: str) -> Turn | None:
            if not field.members:
                return self.turn(name)
            known = [one for member in field.members if (one := turn(member, f"{name}_{_named(member)}"))]
            return (lambda row: tuple([one(row) for one in known])) if len(known) == len(field.members) else None

        turns = {field.name: one for field in self.event.inputs if (one := turn(field, _named(field)))}
        return turns if len(turns) == len(self.event.inputs) else None

    def arguments(self, row: Row, words: bytes) -> dict[str, Any]:
        """An event's arguments, from its row where that has them all."""
        if self._turns is not None:
            return {name: turn(row) for name, turn in self._turns.items()}
        at = 32 * self.topics
        told = abi.event_in(self.contract, self.event.selector + words[:at], words[at:])
        return told[1] if told else {}

    def spelled(self) -> dict[str, str]:
        """The columns of arguments as Python spells them, a struct's members without its name."""
        found: dict[str, str] = {}
        for field in self.event.inputs:
            members = () if field.kind.endswith("]") else field.members
            found |= {abi.snake(one.name): f"{_named(field)}_{_named(one)}" for one in members}
            found |= {} if members else {abi.snake(field.name): _named(field)}
        return found


def told_of(contracts: Mapping[str, str]) -> dict[tuple[str, bytes], EventTable]:
    """All events of contracts (address → name) by address and topic, in an order that is always the same."""
    return {
        (address, one.event.selector): one
        for address, name in sorted(contracts.items())
        if name in abi.names()
        for one in tables_of(name)
    }


@cache
def tables_of(contract: str) -> tuple[EventTable, ...]:
    """The events of a contract."""
    items = sorted(abi.load(contract), key=lambda one: one.signature)
    return tuple(EventTable(contract, item) for item in items if item.kind == "event")
