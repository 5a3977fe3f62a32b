"""The contract ABI's encoding, and the hash behind selectors and checksums.

Written out here because the usual libraries take most of a second to import, longer than
``dmo status`` may take altogether; a test compares every type with eth-abi.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dmo.core.errors import BadInput, NetworkError

__all__ = ["checksum", "decode", "encode", "keccak"]

_ARRAY = re.compile(r"^(.*)\[(\d*)\]$")


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
        letter.upper() if int(digest[index], 16) >= 8 else letter
        for index, letter in enumerate(body)
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
def _size(kind: str) -> int:
    """Bytes of a static type in place."""
    array = _ARRAY.match(kind)
    if array:
        return int(array[2]) * _size(array[1])
    if kind.startswith("("):
        return sum(_size(member) for member in _split(kind))
    return 32


def _bad(kind: str, value: object) -> BadInput:
    return BadInput(f"{str(value)[:60]!r} does not fit {kind}", expected=f"a value of {kind}")


def _encode_word(kind: str, value: Any) -> bytes:
    if kind == "bool":
        if not isinstance(value, bool):
            raise _bad(kind, value)
        return int(value).to_bytes(32, "big")
    if kind == "address":
        if not isinstance(value, str):
            raise _bad(kind, value)
        return bytes(12) + bytes.fromhex(checksum(value)[2:])
    if kind.startswith(("uint", "int")):
        signed = kind[0] == "i"
        bits = int(kind[3:] if signed else kind[4:])
        low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value < high:
            raise _bad(kind, value)
        return int(value).to_bytes(32, "big", signed=signed)
    if kind.startswith("bytes"):
        raw = _as_bytes(kind, value)
        if len(raw) != int(kind[5:]):
            raise _bad(kind, value)
        return raw.ljust(32, b"\0")
    raise BadInput(f"unknown ABI type {kind}")


def _as_bytes(kind: str, value: Any) -> bytes:
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str) and value[:2] == "0x":
        try:
            return bytes.fromhex(value[2:])
        except ValueError as error:
            raise _bad(kind, value) from error
    raise _bad(kind, value)


def _encode_one(kind: str, value: Any) -> bytes:
    array = _ARRAY.match(kind)
    if array:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise _bad(kind, value)
        if array[2] and len(value) != int(array[2]):
            raise _bad(kind, value)
        head = b"" if array[2] else len(value).to_bytes(32, "big")
        return head + encode([array[1]] * len(value), value)
    if kind.startswith("("):
        return encode(_split(kind), value)
    if kind in ("bytes", "string"):
        raw = (
            value.encode()
            if kind == "string" and isinstance(value, str)
            else _as_bytes(kind, value)
        )
        return len(raw).to_bytes(32, "big") + raw + bytes(-len(raw) % 32)
    return _encode_word(kind, value)


def encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encode values; addresses as text, bytes as bytes or 0x text, tuples as sequences.

    Raises:
        BadInput: A value does not fit its type.
    """
    if isinstance(values, str | bytes) or len(types) != len(values):
        raise BadInput(f"{len(types)} values are needed, {len(values)} were given")
    heads: list[bytes] = []
    tails: list[bytes] = []
    offset = sum(32 if _is_dynamic(kind) else _size(kind) for kind in types)
    for kind, value in zip(types, values, strict=True):
        part = _encode_one(kind, value)
        if _is_dynamic(kind):
            heads.append(offset.to_bytes(32, "big"))
            tails.append(part)
            offset += len(part)
        else:
            heads.append(part)
    return b"".join(heads + tails)


def _word(data: bytes, at: int) -> bytes:
    if at < 0 or at + 32 > len(data):
        raise NetworkError("The node's answer is shorter than its type.")
    return data[at : at + 32]


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(_word(data, at), "big")


def _decode_one(kind: str, data: bytes, at: int) -> Any:
    array = _ARRAY.match(kind)
    if array:
        count = int(array[2]) if array[2] else _number(data, at)
        if count > len(data):
            raise NetworkError("The node's answer names a list longer than itself.")
        return _decode_many([array[1]] * count, data, at if array[2] else at + 32)
    if kind.startswith("("):
        return tuple(_decode_many(_split(kind), data, at))
    if kind in ("bytes", "string"):
        size = _number(data, at)
        raw = data[at + 32 : at + 32 + size]
        if len(raw) != size:
            raise NetworkError("The node's answer is shorter than its type.")
        return raw.decode("utf-8", "replace") if kind == "string" else raw
    word = _word(data, at)
    if kind == "bool":
        return any(word)
    if kind == "address":
        return checksum("0x" + word[12:].hex())
    if kind.startswith("bytes"):
        return word[: int(kind[5:])]
    return int.from_bytes(word, "big", signed=kind.startswith("int"))


def _decode_many(types: Sequence[str], data: bytes, base: int) -> list[Any]:
    values: list[Any] = []
    at = base
    for kind in types:
        if _is_dynamic(kind):
            values.append(_decode_one(kind, data, base + _number(data, at)))
            at += 32
        else:
            values.append(_decode_one(kind, data, at))
            at += _size(kind)
    return values


def decode(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Decode values; addresses come checksummed, lists as lists, tuples as tuples.

    Raises:
        NetworkError: The data does not hold what the types say.
    """
    return tuple(_decode_many(types, data, 0))
