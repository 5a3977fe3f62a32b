"""Folds: what facts have come to, a row a thing; which events tell of which thing, and how a thing is written down."""

import types
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic_core import from_json, to_json

from dmo.core.abi.codec import address_of
from dmo.core.columns import EventTable, FactColumn, Row
from dmo.core.facts import Fact, Teller, renamed, takers, teller
from dmo.core.kinds import ACCOUNT

_Turn = Callable[[Any], Any]
_PLAIN = (int, str, bool, float)
Bearer = Callable[[Row, bytes, bytes, int], Any]


class Telling(NamedTuple):
    """What an event tells of a kind of thing.

    Attributes:
        columns: The columns of the key's parts.
        key: Reads the key of the thing from a row, as it stands in the tables.
        tell: What a thing, or none yet, is after it; None where it only says that something happened.
        bear: What bears one without the event.
    """

    kind: type[Fact]
    columns: tuple[FactColumn, ...]
    key: Callable[[Row], str]
    tell: Teller | None
    bear: Bearer | None


def _key(places: Sequence[int], columns: Sequence[FactColumn]) -> Callable[[Row], str]:
    parts = [(place, _PARTS[one.kind]) for place, one in zip(places, columns, strict=True)]
    if len(parts) == 1:
        ((place, turn),) = parts
        return lambda row: turn(row[place])
    return lambda row: ".".join([turn(row[place]) for place, turn in parts])


_PARTS: dict[str, Callable[[Any], str]] = {
    "number": str,
    "flag": str,
    "bytes": lambda raw: "0x" + raw.hex(),
    "units": lambda raw: str(int.from_bytes(raw, "big")),
}


@cache
def tellings(told: EventTable, kinds: tuple[type[Fact], ...]) -> list[Telling]:
    """The kinds of things that an event names by their whole key."""
    found = []
    names = {column.name: place for place, column in enumerate(told.columns, 1)}
    kind: Any
    for kind in kinds:
        tell = teller(kind, told.name)
        if tell or (kind.watched and names.keys() >= {*kind.key}):
            assert names.keys() >= {*kind.key}, f"{told.name} lacks the key of {kind.__name__}"  # noqa: S101
            places = [names[part] for part in kind.key]
            columns = tuple(told.columns[place - 1] for place in places)
            found.append(Telling(kind, columns, _key(places, columns), tell, bearer(kind, told)))
    return found


def bearer(kind: Any, told: EventTable) -> Bearer | None:
    """What makes the thing that an event bears of its row, words, transaction and time, without decoding more.

    None where that takes more than to copy arguments. Addresses stay as nodes write them, until they are read.
    """
    usual: Any = Fact
    own = [getattr(kind, name).__func__ is not getattr(usual, name).__func__ for name in ("named", "bear")]
    if told.name not in kind.born or any(own) or hasattr(kind, "__post_init__"):
        return None
    columns, known = {one.name: one for one in told.columns}, {one.name: one for one in fields(kind)}
    turns: list[tuple[str, Callable[[Row], Any]]] = []
    rests: list[tuple[str, Callable[[bytes], Any], _Turn]] = []
    for name, argument in renamed(kind, told.name, told.spelled()).items():
        if name in known:
            turn, is_account = told.turn(argument), argument in columns and columns[argument].is_account
            rest = None if turn else told.rest(argument)
            if not (turn or rest) or is_account != _is_account(known[name]):
                return None
            if rest:
                rests.append((name, rest, takers(kind)[name]))
            elif turn:
                turns.append((name, _raw(told.columns.index(columns[argument]) + 1) if is_account else turn))
    fixed = {name: one.default for name, one in known.items() if one.default is not MISSING}
    owes_tx, owes_at = "tx" in known, "at" in known
    if any(one.default_factory is not MISSING for one in known.values()):
        return None

    def bear(row: Row, words: bytes, tx: bytes, at: int) -> Any:
        one = object.__new__(kind)
        its = vars(one)
        its.update(fixed)
        for name, turn in turns:
            its[name] = turn(row)
        for name, rest, take in rests:
            its[name] = take(rest(words))
        if owes_tx:
            its["tx"] = "0x" + tx.hex()
        if owes_at:
            its["at"] = at
        return one

    return bear


def _raw(place: int) -> Callable[[Row], str]:
    return lambda row: "0x" + row[place].hex()


def _is_account(field: Any) -> bool:
    return field.metadata.get("kind") is ACCOUNT


def packed(one: Any) -> str:
    """A fact, written down."""
    kind: Any = type(one)
    read, special = _writing(kind)
    values = [*read(one)]
    for place, dump in special:
        values[place] = dump(values[place])
    return to_json(values).decode()


def unpacked(kind: Any, text: str) -> Any:
    """A fact that was written down."""
    values = from_json(text)
    for place, load in _reading(kind):
        values[place] = load(values[place])
    return kind(*values)


def shapes(kinds: Sequence[type[Fact]]) -> list[Any]:
    """What kinds look like: where it differs, folds are another schema's."""
    return [
        [kind.__name__, kind.key, kind.born, sorted(kind.handlers), [str(one.type) for one in fields(kind)]]
        for kind in kinds
    ]


def _mixed(text: str | None) -> str | None:
    return text and address_of(int(text, 16))


_ACCOUNT: tuple[_Turn, _Turn] = (lambda text: text and text.lower()), _mixed
"""Addresses are written small, for mixing their case takes longer than all else."""


@cache
def _plan(kind: Any) -> list[tuple[str, _Turn, _Turn]]:
    hints = get_type_hints(kind)
    return [(one.name, *(_ACCOUNT if _is_account(one) else _turns(hints[one.name]))) for one in fields(kind)]


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
