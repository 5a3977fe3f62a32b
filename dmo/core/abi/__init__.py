"""The contracts' ABIs as package data, and what is read from them: selectors, topics, errors.

``<Contract>.json`` is written by tools/generate_abi.py: the ABI by kind and name, each entry with
its ``signature`` and ``selector`` (functions and errors: 4 bytes, events: 32 bytes).
``errors.json`` maps the selector of every custom error that a DMO's contracts, OpenZeppelin's
libraries included, can meet; to ours it adds the sentences and units of their NatSpec: ``says``,
``right``, and a ``unit`` for every field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from dmo.core import words
from dmo.core.abi.codec import Reader, decode, encode, reader
from dmo.core.errors import BadInput, NetworkError


@dataclass(frozen=True)
class Field:
    """A parameter: its ABI type with tuples written out; ``indexed`` where an event keeps it in a topic."""

    name: str
    kind: str
    indexed: bool = False
    members: tuple[Field, ...] = ()


@dataclass(frozen=True)
class AbiEntry:
    """A function, event, error or constructor of an ABI; a selector has four bytes, that of an event is its topic."""

    name: str
    kind: str
    signature: str
    selector: bytes
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...] = ()
    mutability: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of its parameters."""
        return tuple(field.kind for field in self.inputs)

    @property
    def is_read(self) -> bool:
        """Whether a call changes nothing."""
        return self.mutability in ("view", "pure")


def _data(name: str) -> Any:
    return json.loads(resources.files(__name__).joinpath(f"{name}.json").read_text("utf-8"))


def field_of(raw: Mapping[str, Any]) -> Field:
    """A parameter, as the compiler writes it."""
    members = tuple(field_of(member) for member in raw.get("components", ()))
    kind = str(raw["type"])
    if kind.startswith("tuple"):
        kind = f"({','.join(member.kind for member in members)}){kind[5:]}"
    return Field(str(raw.get("name", "")), kind, bool(raw.get("indexed", False)), members)


def _entry(raw: Mapping[str, Any]) -> AbiEntry:
    return AbiEntry(
        name=str(raw.get("name", "")),
        kind=str(raw["type"]),
        signature=str(raw.get("signature", "")),
        selector=bytes.fromhex(str(raw.get("selector", ""))),
        inputs=tuple(map(field_of, raw.get("inputs", ()))),
        outputs=tuple(map(field_of, raw.get("outputs", ()))),
        mutability=str(raw.get("stateMutability", "")),
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The contracts whose ABI the package holds, sorted."""
    files = (file.name for file in resources.files(__name__).iterdir())
    return tuple(sorted(name[:-5] for name in files if name.endswith(".json") and name != "errors.json"))


def raw(contract: str) -> list[dict[str, Any]]:
    """A contract's ABI as compilers write it, for other libraries. Raises BadInput: there is no such contract."""
    if contract not in names():
        raise words.bad("no_contract", given=contract[:60], known=", ".join(names()))
    found: list[dict[str, Any]] = _data(contract)
    return found


@lru_cache(maxsize=64)
def load(contract: str) -> tuple[AbiEntry, ...]:
    """All entries of a contract's ABI. Raises BadInput: the package has no such contract."""
    return tuple(map(_entry, raw(contract)))


@lru_cache(maxsize=64)
def _index(contract: str) -> dict[tuple[str, str], AbiEntry]:
    index: dict[tuple[str, str], AbiEntry] = {}
    for item in load(contract):
        index.setdefault((item.kind, item.name), item)
        index[item.kind, item.signature] = item
    return index


def entry(contract: str, name: str, kind: str = "function") -> AbiEntry:
    """One entry by name, or by signature where a name is overloaded. Raises BadInput: there is no such entry."""
    try:
        return _index(contract)[kind, name]
    except KeyError:
        raise words.bad("no_entry", contract=contract, kind=kind, name=name) from None


def event_topic(contract: str, event: str) -> str:
    """The first topic of an event, as 0x text."""
    return "0x" + entry(contract, event, "event").selector.hex()


def encode_call(contract: str, function: str, arguments: Sequence[Any] = ()) -> bytes:
    """Selector and arguments of a call. Raises BadInput: there is no such function, or an argument does not fit."""
    item = entry(contract, function)
    return item.selector + encode(item.kinds, arguments)


def decode_call(contract: str, data: bytes) -> tuple[str, dict[str, Any]]:
    """Name and arguments of a call. Raises BadInput: no function has its selector, or such arguments."""
    item = entry(contract, function_of(contract, data))
    try:
        values = decode(item.kinds, data[4:])
    except NetworkError as error:
        raise words.bad("no_arguments", contract=contract, name=item.name) from error
    return item.name, _named(item.inputs, values)


def function_of(contract: str, data: bytes) -> str:
    """The signature of the function that a call is for. Raises BadInput: no function has its selector."""
    for item in load(contract):
        if item.kind == "function" and item.selector == data[:4]:
            return item.signature
    raise words.bad("no_entry", contract=contract, kind="function", name=f"0x{data[:4].hex()}")


def recorded(contract: str, data: bytes) -> dict[str, Any]:
    """A call's arguments with its structs as dicts, names as Python writes them."""
    inputs = entry(contract, function_of(contract, data)).inputs
    values = decode_call(contract, data)[1].values()
    return {snake(field.name): _record(field, value) for field, value in zip(inputs, values, strict=True)}


def decode_result(contract: str, function: str, data: bytes) -> Any:
    """What a function returned: nothing, one value, or a tuple of them."""
    outputs = entry(contract, function).outputs
    if not data and outputs:
        raise words.network("no_result", contract=contract, function=function)
    if len(data) == 32 and [field.kind for field in outputs] == ["string"]:
        return data.rstrip(b"\0").decode("utf-8", "replace")  # as old tokens tell their name and symbol
    values = decode([field.kind for field in outputs], data)
    return None if not outputs else values[0] if len(values) == 1 else values


_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """A contract's name as Python writes it: ``disputeBondBps`` → ``dispute_bond_bps``."""
    return _CAPITAL.sub("_", name).lower()


def _record(field: Field, value: Any) -> Any:
    if not field.members:
        return value
    if field.kind.endswith("]"):
        inner = Field(field.name, field.kind[: field.kind.rindex("[")], members=field.members)
        return [_record(inner, item) for item in value]
    return {snake(member.name): _record(member, item) for member, item in zip(field.members, value, strict=True)}


def named(contract: str, function: str, value: Any) -> Any:
    """What a function returned with its structs as dicts, names written as Python does.

    Reading by name keeps a reader right when an interface orders a struct anew.
    """
    outputs = entry(contract, function).outputs
    if len(outputs) == 1:
        return _record(outputs[0], value)
    return tuple(_record(field, item) for field, item in zip(outputs, value, strict=True))


def argument(contract: str, event: str, name: str, value: Any) -> Any:
    """An event's argument with its structs as dicts, like ``named``."""
    inputs = entry(contract, event, "event").inputs
    return _record(next(field for field in inputs if field.name == name), value)


def _named(fields: Sequence[Field], values: Sequence[Any]) -> dict[str, Any]:
    return {field.name or f"arg{index}": value for index, (field, value) in enumerate(zip(fields, values, strict=True))}


class _EventReader(NamedTuple):
    """How a log is read; ``order`` is the names as it has the values, those in topics first."""

    name: str
    names: list[str]
    order: list[str]
    indexed: Reader
    plain: Reader


@lru_cache(maxsize=64)
def _event_readers(contract: str) -> dict[bytes, _EventReader]:
    return {item.selector: _event_reader(item) for item in load(contract) if item.kind == "event"}


def _event_reader(item: AbiEntry) -> _EventReader:
    named = _named(item.inputs, item.inputs)
    indexed, plain = ({name: one for name, one in named.items() if one.indexed is wanted} for wanted in (True, False))
    return _EventReader(
        item.name,
        list(named),
        [*indexed, *plain],
        reader(tuple(_topic_kind(field.kind) for field in indexed.values())),
        reader(tuple(field.kind for field in plain.values())),
    )


def _topic_kind(kind: str) -> str:
    """What stands in a topic: values of one word; of all others the hash."""
    return "bytes32" if kind in ("bytes", "string") or kind[-1] in ")]" else kind


def event_of(contract: str, topics: Sequence[str], data: str) -> tuple[str, dict[str, Any]] | None:
    """Name and arguments of a log (0x text); None where no event is meant. Raises NetworkError: it does not fit."""
    try:
        raw = bytes.fromhex("".join([topic[2:] for topic in topics])), bytes.fromhex(data[2:])
    except ValueError as error:
        raise words.network("no_log") from error
    return event_in(contract, *raw)


def event_in(contract: str, topics: bytes, data: bytes) -> tuple[str, dict[str, Any]] | None:
    """The same of bytes, topics one after the other."""
    known = _event_readers(contract).get(topics[:32])
    if known is None:
        return None
    try:
        found = dict(zip(known.order, known.indexed(topics, 32) + known.plain(data, 0), strict=True))
    except (ValueError, IndexError) as error:
        raise words.network("no_log") from error
    return known.name, found if known.order == known.names else {name: found[name] for name in known.names}


@lru_cache(maxsize=1)
def _errors() -> dict[bytes, AbiEntry]:
    return {bytes.fromhex(selector): _entry(raw) for selector, raw in _data("errors").items()}


def error_data() -> list[dict[str, Any]]:
    """All known custom errors as errors.json has them: fields with units, and sentences."""
    return list(_data("errors").values())


def decode_revert(data: bytes) -> tuple[str, dict[str, Any]]:
    """Name and arguments of revert data.

    ``Error`` and ``Panic`` are Solidity's own; ``Unknown`` stands for everything else.
    """
    selector, rest = data[:4], data[4:]
    try:
        if selector.hex() == "08c379a0":
            return "Error", {"message": decode(["string"], rest)[0]}
        if selector.hex() == "4e487b71":
            code = decode(["uint256"], rest)[0]
            known = words.load()["word"]["panic"]
            return "Panic", {"code": code, "meaning": known.get(f"{code:#x}", known["other"])}
        item = _errors().get(selector)
        if item is not None:
            values = decode(item.kinds, rest)
            return item.name, _named(item.inputs, values)
    except (NetworkError, BadInput):
        pass
    return "Unknown", {"data": "0x" + data[:100].hex()}
