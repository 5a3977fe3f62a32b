"""Folds: what facts have come to, a row a thing; which events tell of which thing, and how a thing is written down."""

import json
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from dmo.core.columns import EventTable, Row
from dmo.core.facts import Fact
from dmo.core.records import Event

_Turn = Callable[[Any], Any]
_PLAIN = (int, str, bool, float)
_write = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Telling(NamedTuple):
    """What an event tells of a kind of thing.

    Attributes:
        places: Where the key's parts stand in a row, and whether one is too large for a number.
        is_folded: Whether it changes the fold; otherwise it only says that something happened.
        is_small: Whether the key's first part is a number that databases have.
    """

    kind: type[Fact]
    places: tuple[tuple[int, bool], ...]
    is_folded: bool
    is_small: bool

    def key(self, row: Row) -> str:
        """The key of the thing, as it stands in the tables."""
        return ".".join([_part(row[place], is_large) for place, is_large in self.places])

    @property
    def only(self) -> int | None:
        """The place of a key that is a small number alone."""
        return self.places[0][0] if len(self.places) == 1 and self.is_small else None


@dataclass
class NewRows:
    """What a range of blocks holds: logs, facts by their table, and the events that tell of things."""

    logs: list[Row] = field(default_factory=list)
    facts: dict[str, list[Row]] = field(default_factory=dict)
    named: dict[type[Fact], dict[str, list[tuple[str, Event]]]] = field(default_factory=dict)


def _part(value: Any, is_large: bool) -> str:
    if isinstance(value, bytes):
        return str(int.from_bytes(value, "big")) if is_large else "0x" + value.hex()
    return str(int(value))


def tellings(told: EventTable, kinds: Iterable[type[Fact]]) -> list[Telling]:
    """The kinds of things that an event names by their whole key."""
    found = []
    names = {column.name: place for place, column in enumerate(told.columns, 2)}
    for kind in kinds:
        places = [names.get(part) for part in kind.key]
        is_folded = told.name in kind.born or told.name in kind.handlers
        if is_folded or (kind.watched and None not in places):
            known = tuple((place, told.columns[place - 2].kind == "units") for place in places if place is not None)
            assert len(known) == len(kind.key), f"{told.name} lacks the key of {kind.__name__}"  # noqa: S101
            is_small = told.columns[known[0][0] - 2].kind == "number"
            found.append(Telling(kind, known, is_folded, is_small))
    return found


def packed(one: Any) -> str:
    """A fact, written down."""
    kind: Any = type(one)
    read, special = _writing(kind)
    values = [*read(one)]
    for place, dump in special:
        values[place] = dump(values[place])
    return _write(values)


def unpacked(kind: Any, text: str) -> Any:
    """A fact that was written down."""
    values = json.loads(text)
    for place, load in _reading(kind):
        values[place] = load(values[place])
    return kind(*values)


def shapes(kinds: Sequence[type[Fact]]) -> list[Any]:
    """What kinds look like: where it differs, folds are another schema's."""
    return [
        [kind.__name__, kind.key, kind.born, sorted(kind.handlers), [str(one.type) for one in fields(kind)]]
        for kind in kinds
    ]


@cache
def _plan(kind: Any) -> list[tuple[str, _Turn, _Turn]]:
    hints = get_type_hints(kind)
    return [(one.name, *_turns(hints[one.name])) for one in fields(kind)]


@cache
def _writing(kind: Any) -> tuple[Callable[[Any], Sequence[Any]], list[tuple[int, _Turn]]]:
    """What reads all fields, and those that JSON has not as they are."""
    plan = _plan(kind)
    return attrgetter(*(name for name, *_ in plan)), [(n, dump) for n, (_, dump, _) in enumerate(plan) if dump != _same]


@cache
def _reading(kind: Any) -> list[tuple[int, _Turn]]:
    return [(place, load) for place, (_, _, load) in enumerate(_plan(kind)) if load != _same]


def _same(value: Any) -> Any:
    return value


def _turns(hint: Any) -> tuple[_Turn, _Turn]:
    """How values of a type are written in JSON, and read."""
    hint = getattr(hint, "__supertype__", hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (other,) = (one for one in inner if one is not type(None))
        dump, load = _turns(other)
        return (lambda one: None if one is None else dump(one)), (lambda one: None if one is None else load(one))
    if origin in (tuple, set):
        dump, load = _turns(inner[0])
        order: Any = sorted if origin is set else list
        return (lambda many: [*map(dump, order(many))]), (lambda many: origin(map(load, many)))
    if hint is bytes:
        return bytes.hex, bytes.fromhex
    if isinstance(hint, type) and issubclass(hint, Enum):
        return (lambda one: hint(one).value), hint
    if is_dataclass(hint):
        plan, whole = _plan(hint), hint  # type: ignore[arg-type]
        return (
            lambda one: [dump(getattr(one, name)) for name, dump, _ in plan],
            lambda told: whole(*[load(value) for (_, _, load), value in zip(plan, told, strict=True)]),  # type: ignore[operator]
        )
    assert hint in _PLAIN, hint  # noqa: S101
    return _same, _same
