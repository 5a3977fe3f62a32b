"""Compiled contracts of this checkout, ready to deploy and to call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dmo.core.abi.codec import decode, encode, keccak
from dmo.core.errors import BadInput

__all__ = ["CHECKOUT", "Artifact", "load"]

CHECKOUT = Path(__file__).resolve().parents[2]
"""Where contracts/, build/ and tools/ are."""
_ZEROS: tuple[tuple[str, Any], ...] = (
    ("bool", False),
    ("address", "0x" + "00" * 20),
    ("bytes32", bytes(32)),
    ("bytes", b""),
    ("string", ""),
)


def _kind(field: Mapping[str, Any]) -> str:
    """An ABI type with its tuples written out."""
    kind = str(field["type"])
    if kind.startswith("tuple"):
        return f"({','.join(map(_kind, field['components']))}){kind[5:]}"
    return kind


def _value(field: Mapping[str, Any], value: Any) -> Any:
    """Turn structs given by field name into tuples; a field that is not named is zero."""
    if not str(field["type"]).startswith("tuple") or not isinstance(value, Mapping):
        return value
    members = {str(member["name"]): member for member in field["components"]}
    unknown = sorted(set(value) - set(members))
    if unknown:
        raise BadInput(f"{field['name']} has no field {', '.join(unknown)}")
    return tuple(
        _value(member, value[name]) if name in value else _zero(member)
        for name, member in members.items()
    )


def _zero(field: Mapping[str, Any]) -> Any:
    kind = str(field["type"])
    if kind.endswith("]"):
        return ()
    if kind == "tuple":
        return _value(field, {})
    return next((zero for name, zero in _ZEROS if kind == name), 0)


@dataclass(frozen=True)
class Artifact:
    """A compiled contract.

    Attributes:
        name: Its name.
        abi: Entries by kind and name; of overloaded functions the last one.
        bytecode: What is sent to deploy it, without arguments.
    """

    name: str
    abi: Mapping[tuple[str, str], Mapping[str, Any]]
    bytecode: bytes

    def _inputs(self, kind: str, name: str) -> Sequence[Mapping[str, Any]]:
        entry = self.abi.get((kind, name))
        if entry is None:
            if kind == "constructor":
                return ()
            raise BadInput(f"{self.name} has no {kind} {name}")
        return list(entry.get("inputs", ()))

    def _encode(self, kind: str, name: str, arguments: Sequence[Any]) -> bytes:
        fields = self._inputs(kind, name)
        if len(fields) != len(arguments):
            raise BadInput(f"{self.name}.{name or kind} takes {len(fields)} arguments")
        values = [_value(field, item) for field, item in zip(fields, arguments, strict=True)]
        return encode([_kind(field) for field in fields], values)

    def deployment(self, *arguments: Any) -> bytes:
        """What is sent to deploy the contract; structs by field name."""
        return self.bytecode + self._encode("constructor", "", arguments)

    def selector(self, function: str) -> bytes:
        """The four bytes that name a function."""
        return _selector(f"{function}({','.join(map(_kind, self._inputs('function', function)))})")

    def call(self, function: str, *arguments: Any) -> bytes:
        """A call's data; structs by field name."""
        return self.selector(function) + self._encode("function", function, arguments)

    def result(self, function: str, data: bytes) -> tuple[Any, ...]:
        """What a function returned."""
        outputs = self.abi["function", function]["outputs"]
        return decode([_kind(field) for field in outputs], data)


@lru_cache(maxsize=256)
def _selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


@lru_cache(maxsize=32)
def load(name: str) -> Artifact:
    """Load a contract that was compiled in this checkout.

    Raises:
        BadInput: It has not been compiled.
    """
    path = CHECKOUT / "build" / "contracts" / f"{name}.json"
    expected = "compiled contracts; run `make compile` first"
    try:
        raw = json.loads(path.read_text("utf-8"))
        abi = {(str(item["type"]), str(item.get("name", ""))): item for item in raw["abi"]}
        bytecode = bytes.fromhex(raw["bytecode"].removeprefix("0x"))
    except FileNotFoundError:
        raise BadInput(f"the contract {name} has not been compiled", expected=expected) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"the compiled contract {name} cannot be read", expected=expected) from error
    return Artifact(name, abi, bytecode)
