"""The contract ABI's encoding, and the hash behind selectors and checksums.

Written out here because the usual libraries take most of a second to import, longer than
``dmo status`` may take altogether; a test compares every type with eth-abi.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from dmo.core import words
from dmo.core.errors import BadInput

_ARRAY = re.compile(r"^(.*)\[(\d*)\]$")
_WORD = re.compile(r"(uint|int|bytes)([1-9]\d{0,2})")


def keccak(data: bytes) -> bytes:
    """Keccak-256, the hash of the Ethereum machine."""
    from Crypto.Hash import keccak as implementation

    return bytes(implementation.new(digest_bits=256, data=data).digest())


def checksum(address: str) -> str:
    """An address with the mixed case of EIP-55. Raises BadInput: it is none, or its mixed case does not match."""
    text = address.strip()
    if not re.fullmatch(r"0[xX][0-9a-fA-F]{40}", text):
        raise words.bad("no_address", given=text[:60])
    body, mixed = text[2:], address_of(int(text, 16))
    if body not in (body.lower(), body.upper(), mixed[2:]):
        raise words.bad("mistyped_address", given=text, mixed=mixed)
    return mixed


_LETTERS = bytes(32 if one in b"abcdef" else 0 for one in range(256))
_HIGH = bytes(32 if one in b"89abcdef" else 0 for one in range(256))
"""The bit that makes a letter small, where a hexadecimal digit is a letter, or 8 and more."""


@lru_cache(maxsize=65_536)
def address_of(number: int) -> str:
    """The address of so many bits, with mixed case."""
    body = b"%040x" % number
    letters, high = body.translate(_LETTERS), keccak(body)[:20].hex().encode().translate(_HIGH)
    mixed = int.from_bytes(body, "big") ^ (int.from_bytes(letters, "big") & int.from_bytes(high, "big"))
    return "0x" + mixed.to_bytes(40, "big").decode()


Reader = Callable[[bytes, int], Any]
"""Reads a value from data at a place; whoever calls it has seen that the head is there."""


class _Type(NamedTuple):
    """How values of a type are written and read.

    Attributes:
        place: Bytes of a value among its neighbours: itself, or the pointer to it.
        is_dynamic: Whether it stands behind a pointer.
    """

    place: int
    is_dynamic: bool
    write: Callable[[Any], bytes]
    read: Reader


def _bad(kind: str, value: object) -> BadInput:
    return words.bad("no_fit", given=str(value)[:60], kind=kind)


@lru_cache(maxsize=4096)
def _type(kind: str) -> _Type:
    """A type by its name. Raises BadInput: there is no such type."""
    array = _ARRAY.match(kind)
    if array:
        return _group((array[1],) * int(array[2]), kind) if array[2] else _list(kind, array[1])
    if kind.startswith("("):
        members = _group(_split(kind), kind)
        return members._replace(read=lambda data, at: tuple(members.read(data, at)))
    if kind in ("bytes", "string"):
        return _tail(kind)
    found = _WORD.fullmatch(kind)
    size = int(found[2]) if found else 0
    if found and found[1] == "bytes" and 1 <= size <= 32:
        return _fixed(kind, size)
    if kind not in ("address", "bool") and (not found or found[1] == "bytes" or size % 8 or not 8 <= size <= 256):
        raise words.bad("no_kind", kind=kind[:60])
    return _number(kind, {"address": 160, "bool": 1}.get(kind, size))


def size(kind: str) -> tuple[int, bool]:
    """Bytes of a value among its neighbours, and whether it stands behind a pointer."""
    found = _type(kind)
    return found.place, found.is_dynamic


def _split(types: str) -> tuple[str, ...]:
    """The members of ``(a,b(c,d)[])``."""
    parts, depth = [""], 0
    for letter in types[1:-1]:
        if letter == "," and depth == 0:
            parts.append("")
            continue
        depth += (letter == "(") - (letter == ")")
        parts[-1] += letter
    return tuple(parts) if parts[-1] else tuple(parts[:-1])


def _number(kind: str, bits: int) -> _Type:
    """Numbers, accounts, yes or no: all of one word."""
    is_signed = kind.startswith("int")
    low, high = (-(1 << bits - 1), 1 << bits - 1) if is_signed else (0, 1 << bits)

    def write(value: Any) -> bytes:
        if kind == "address" and isinstance(value, str):
            return bytes(12) + bytes.fromhex(checksum(value)[2:])
        is_kind = isinstance(value, int) and isinstance(value, bool) == (kind == "bool")
        if kind == "address" or not is_kind or not low <= value < high:
            raise _bad(kind, value)
        return int(value).to_bytes(32, "big", signed=is_signed)

    def read(data: bytes, at: int) -> Any:
        value = int.from_bytes(data[at : at + 32], "big", signed=is_signed)
        if not low <= value < high:
            raise words.network("dirty_answer", kind=kind)
        return value if turn is None else turn(value)

    turns: dict[str, Callable[[int], Any]] = {"address": address_of, "bool": bool}
    turn = turns.get(kind)
    return _Type(32, False, write, read)


def _fixed(kind: str, size: int) -> _Type:
    """A few bytes, in one word."""

    def write(value: Any) -> bytes:
        raw = _as_bytes(kind, value)
        if len(raw) != size:
            raise _bad(kind, value)
        return raw.ljust(32, b"\0")

    def read(data: bytes, at: int) -> bytes:
        if any(data[at + size : at + 32]):
            raise words.network("dirty_answer", kind=kind)
        return data[at : at + size]

    return _Type(32, False, write, read)


def _as_bytes(kind: str, value: Any) -> bytes:
    try:
        if kind == "string":
            return str.encode(value)
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        if isinstance(value, str) and value[:2] == "0x":
            return bytes.fromhex(value[2:])
    except (TypeError, ValueError) as error:  # not text, or half of a character
        raise _bad(kind, value) from error
    raise _bad(kind, value)


def _tail(kind: str) -> _Type:
    """``bytes`` or ``string``."""

    def write(value: Any) -> bytes:
        raw = _as_bytes(kind, value)
        return len(raw).to_bytes(32, "big") + raw + bytes(-len(raw) % 32)

    def read(data: bytes, at: int) -> bytes | str:
        start = at + 32
        size = int.from_bytes(data[at:start], "big")
        end = start + size
        if start > len(data) or end + -size % 32 > len(data):
            raise words.network("short_answer")
        if any(data[end : end + -size % 32]):
            raise words.network("dirty_answer", kind=kind)
        raw = data[start:end]
        # A stranger's bytes that are no text must not stop who reads everything else.
        return raw.decode("utf-8", "replace") if kind == "string" else raw

    return _Type(32, True, write, read)


def _list(kind: str, inner: str) -> _Type:
    """A list of any length."""

    def write(value: Any) -> bytes:
        if not isinstance(value, list | tuple):
            raise _bad(kind, value)
        return len(value).to_bytes(32, "big") + encode([inner] * len(value), value)

    def read(data: bytes, at: int) -> Any:
        count = int.from_bytes(data[at : at + 32], "big")
        if at + 32 + count * place > len(data):
            raise words.network("short_answer")
        if is_dynamic:
            return _group((inner,) * count, kind).read(data, at + 32)
        return [read_one(data, at + 32 + number * place) for number in range(count)]

    place, is_dynamic, _, read_one = _type(inner)
    return _Type(32, True, write, read)


def _group(kinds: Sequence[str], kind: str, only: int | None = None) -> _Type:
    """Values side by side, those of no fixed size behind pointers; all are read, or only one."""
    members = [_type(one) for one in kinds]
    *before, head = accumulate((one.place for one in members), initial=0)
    parts = [(at, one.is_dynamic, one.read) for at, one in zip(before, members, strict=True)]
    parts = parts if only is None else parts[only : only + 1]

    def write(values: Any) -> bytes:
        if not isinstance(values, list | tuple) or len(members) != len(values):
            raise _bad(kind, values)
        heads, tails, offset = [], [], head
        for one, value in zip(members, values, strict=True):
            part = one.write(value)
            if one.is_dynamic:
                heads.append(offset.to_bytes(32, "big"))
                tails.append(part)
                offset += len(part)
            else:
                heads.append(part)
        return b"".join(heads + tails)

    def read(data: bytes, base: int) -> list[Any]:
        values: list[Any] = []
        end = base + head
        if end > len(data):
            raise words.network("short_answer")
        for place, is_dynamic, read_one in parts:
            target = base + place
            if is_dynamic:
                target = base + int.from_bytes(data[target : target + 32], "big")
                if not end <= target < len(data):
                    raise words.network("outside_answer")
            values.append(read_one(data, target))
        return values

    is_dynamic = any(one.is_dynamic for one in members)
    return _Type(32 if is_dynamic else head, is_dynamic, write, read)


def encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encode: addresses as text, bytes as bytes or 0x text, tuples as sequences. Raises BadInput: one does not fit."""
    if not isinstance(values, list | tuple) or len(types) != len(values):
        raise words.bad("value_count", needed=len(types), given=len(values))
    return _group(types, "").write(values)


@lru_cache(maxsize=4096)
def reader(types: tuple[str, ...]) -> Reader:
    """What ``decode`` uses, for whoever reads the same types again and again, from place 0."""
    return _group(types, "").read


def reader_of(types: Sequence[str], place: int) -> Reader:
    """Reads one of the values that stand where the data begins."""
    read = _group(types, "", place).read
    return lambda data, base: read(data, base)[0]


def decode(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Decode values; addresses come checksummed, lists as lists, tuples as tuples.

    As strict as eth-abi, but for text that is no UTF-8: it comes with marks for what is broken.

    Raises:
        NetworkError: The data does not hold what the types say.
    """
    return tuple(reader(tuple(types))(data, 0))
