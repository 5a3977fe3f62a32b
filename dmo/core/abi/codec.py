"""The contract ABI's encoding, and the hash behind selectors and checksums.

Written out here because the usual libraries take most of a second to import, longer than
``dmo status`` may take altogether; a test compares every type with eth-abi.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from dmo.core.errors import BadInput, NetworkError

_ARRAY = re.compile(r"^(.*)\[(\d*)\]$")
_WORD = re.compile(r"(uint|int|bytes)([1-9]\d{0,2})")


def keccak(data: bytes) -> bytes:
    """Keccak-256, the hash of the Ethereum machine."""
    from Crypto.Hash import keccak as implementation

    return bytes(implementation.new(digest_bits=256, data=data).digest())


@lru_cache(maxsize=65_536)
def checksum(address: str) -> str:
    """Write an address with the mixed case of EIP-55.

    Raises:
        BadInput: It is not an address, or its mixed case does not match.
    """
    text = address.strip()
    if not re.fullmatch(r"0[xX][0-9a-fA-F]{40}", text):
        raise BadInput(f"{text[:60]!r} is not an address", expected="0x and 40 hexadecimal digits")
    body = text[2:].lower()
    digest = keccak(body.encode()).hex()
    mixed = "0x" + "".join(
        letter.upper() if int(digest[index], 16) >= 8 else letter for index, letter in enumerate(body)
    )
    if text[2:] not in (body, body.upper(), mixed[2:]):
        raise BadInput(f"{text} has a typing error: its capitals do not match", expected=mixed)
    return mixed


@lru_cache(maxsize=4096)
def _split(types: str) -> tuple[str, ...]:
    """The members of ``(a,b(c,d)[])``."""
    parts: list[str] = []
    depth = 0
    current = ""
    for letter in types[1:-1]:
        if letter == "," and depth == 0:
            parts.append(current)
            current = ""
            continue
        depth += (letter == "(") - (letter == ")")
        current += letter
    return (*parts, current) if current else tuple(parts)


@lru_cache(maxsize=4096)
def _is_dynamic(kind: str) -> bool:
    array = _ARRAY.match(kind)
    if array:
        return array[2] == "" or _is_dynamic(array[1])
    if kind.startswith("("):
        return any(_is_dynamic(member) for member in _split(kind))
    return kind in ("bytes", "string")


@lru_cache(maxsize=4096)
def _place(kind: str) -> int:
    """Bytes of a value among its neighbours: itself, or the pointer to it."""
    if _is_dynamic(kind):
        return 32
    array = _ARRAY.match(kind)
    if array:
        return int(array[2]) * _place(array[1])
    if kind.startswith("("):
        return sum(_place(member) for member in _split(kind))
    return 32


def _bad(kind: str, value: object) -> BadInput:
    return BadInput(f"{str(value)[:60]!r} does not fit {kind}", expected=f"a value of {kind}")


@lru_cache(maxsize=256)
def _bounds(kind: str) -> tuple[int, int, int]:
    """Lowest and first too high number of a type, or its number of bytes.

    Raises:
        BadInput: There is no such type.
    """
    if kind in ("address", "bool"):
        return 0, 1 << 160 if kind == "address" else 2, 0
    found = _WORD.fullmatch(kind)
    size = int(found[2]) if found else 0
    if found and found[1] == "bytes" and 1 <= size <= 32:
        return 0, 0, size
    if not found or found[1] == "bytes" or size % 8 or not 8 <= size <= 256:
        raise BadInput(f"unknown ABI type {kind[:60]}")
    return (0, 1 << size, 0) if found[1] == "uint" else (-(1 << size - 1), 1 << size - 1, 0)


def _encode_word(kind: str, value: Any) -> bytes:
    if kind == "address" and isinstance(value, str):
        return bytes(12) + bytes.fromhex(checksum(value)[2:])
    low, high, size = _bounds(kind)
    if size:
        raw = _as_bytes(kind, value)
        if len(raw) != size:
            raise _bad(kind, value)
        return raw.ljust(32, b"\0")
    is_kind = isinstance(value, int) and isinstance(value, bool) == (kind == "bool")
    if kind == "address" or not is_kind or not low <= value < high:
        raise _bad(kind, value)
    return int(value).to_bytes(32, "big", signed=low < 0)


def _as_bytes(kind: str, value: Any) -> bytes:
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str) and value[:2] == "0x":
        try:
            return bytes.fromhex(value[2:])
        except ValueError as error:
            raise _bad(kind, value) from error
    raise _bad(kind, value)


def _as_text(value: Any) -> bytes:
    try:
        return str.encode(value)
    except (TypeError, UnicodeEncodeError) as error:  # not text, or half of a character
        raise _bad("string", value) from error


def _encode_one(kind: str, value: Any) -> bytes:
    array = _ARRAY.match(kind)
    if array:
        if not isinstance(value, list | tuple):
            raise _bad(kind, value)
        if array[2] and len(value) != int(array[2]):
            raise _bad(kind, value)
        head = b"" if array[2] else len(value).to_bytes(32, "big")
        return head + encode([array[1]] * len(value), value)
    if kind.startswith("("):
        return encode(_split(kind), value)
    if kind in ("bytes", "string"):
        raw = _as_text(value) if kind == "string" else _as_bytes(kind, value)
        return len(raw).to_bytes(32, "big") + raw + bytes(-len(raw) % 32)
    return _encode_word(kind, value)


def encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encode values; addresses as text, bytes as bytes or 0x text, tuples as sequences.

    Raises:
        BadInput: A value does not fit its type.
    """
    if not isinstance(values, list | tuple) or len(types) != len(values):
        raise BadInput(f"{len(types)} values are needed, {len(values)} were given")
    heads: list[bytes] = []
    tails: list[bytes] = []
    offset = sum(_place(kind) for kind in types)
    for kind, value in zip(types, values, strict=True):
        part = _encode_one(kind, value)
        if _is_dynamic(kind):
            heads.append(offset.to_bytes(32, "big"))
            tails.append(part)
            offset += len(part)
        else:
            heads.append(part)
    return b"".join(heads + tails)


Reader = Callable[[bytes, int], Any]
"""Reads a value from data at a place; whoever calls it has seen that the head is there."""


def _dirty(kind: str) -> NetworkError:
    return NetworkError(f"The node's answer is no {kind}: bits are set that have to be empty.")


def _short() -> NetworkError:
    return NetworkError("The node's answer is shorter than its type.")


def _account(value: int) -> str:
    return checksum(f"0x{value:040x}")


def _word(kind: str) -> Reader:
    """The reader of a type of one word."""
    low, high, size = _bounds(kind)
    is_signed = low < 0
    turns: dict[str, Callable[[int], Any]] = {"address": _account, "bool": bool}
    turn = turns.get(kind)

    def read_number(data: bytes, at: int) -> Any:
        value = int.from_bytes(data[at : at + 32], "big", signed=is_signed)
        if not low <= value < high:
            raise _dirty(kind)
        return turn(value) if turn else value

    def read_bytes(data: bytes, at: int) -> bytes:
        if any(data[at + size : at + 32]):
            raise _dirty(kind)
        return data[at : at + size]

    return read_bytes if size else read_number


def _tail(kind: str) -> Reader:
    """The reader of ``bytes`` or ``string``."""

    def read(data: bytes, at: int) -> bytes | str:
        start = at + 32
        size = int.from_bytes(data[at:start], "big")
        end = start + size
        if start > len(data) or end + -size % 32 > len(data):
            raise _short()
        if any(data[end : end + -size % 32]):
            raise _dirty(kind)
        raw = data[start:end]
        # A stranger's bytes that are no text must not stop who reads everything else.
        return raw.decode("utf-8", "replace") if kind == "string" else raw

    return read


def _members(kinds: Sequence[str]) -> Reader:
    """The reader of values side by side, those of no fixed size behind pointers."""
    steps = [(_reader(kind), _is_dynamic(kind), _place(kind)) for kind in kinds]
    head = sum(place for _, _, place in steps)

    def read(data: bytes, base: int) -> list[Any]:
        values: list[Any] = []
        at, end = base, base + head
        if end > len(data):
            raise _short()
        for read_one, is_dynamic, place in steps:
            target = at
            if is_dynamic:
                target = base + int.from_bytes(data[at : at + 32], "big")
                if not end <= target < len(data):
                    raise NetworkError("The node's answer points outside itself.")
            values.append(read_one(data, target))
            at += place
        return values

    return read


def _list(inner: str) -> Reader:
    """The reader of a list of any length."""
    place = _place(inner)

    def read(data: bytes, at: int) -> Any:
        count = int.from_bytes(data[at : at + 32], "big")
        if at + 32 + count * place > len(data):
            raise _short()
        return _members((inner,) * count)(data, at + 32)

    return read


@lru_cache(maxsize=4096)
def _reader(kind: str) -> Reader:
    array = _ARRAY.match(kind)
    if array:
        return _members((array[1],) * int(array[2])) if array[2] else _list(array[1])
    if kind.startswith("("):
        members = _members(_split(kind))
        return lambda data, at: tuple(members(data, at))
    return _tail(kind) if kind in ("bytes", "string") else _word(kind)


@lru_cache(maxsize=4096)
def reader(types: tuple[str, ...]) -> Reader:
    """What ``decode`` uses, for whoever reads the same types again and again, from place 0."""
    return _members(types)


def decode(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Decode values; addresses come checksummed, lists as lists, tuples as tuples.

    As strict as eth-abi, but for text that is no UTF-8: it comes with marks for what is broken.

    Raises:
        NetworkError: The data does not hold what the types say.
    """
    return tuple(reader(tuple(types))(data, 0))
