"""Digests of documents: sha2-256 of the exact bytes, and the same digest as a raw CIDv1."""

import base64
import hashlib
import re

from dmo.core import words

# version 1, raw bytes, sha2-256, 32 bytes long
_PREFIX = bytes((0x01, 0x55, 0x12, 0x20))


def digest(data: bytes) -> bytes:
    """sha2-256 of the exact bytes."""
    return hashlib.sha256(data).digest()


def cid(value: bytes) -> str:
    """The raw CIDv1 of a digest: ``bafkrei…``. Raises BadInput: a digest has 32 bytes."""
    if len(value) != 32:
        raise words.bad("short_digest", count=len(value))
    return "b" + base64.b32encode(_PREFIX + value).decode().rstrip("=").lower()


def parse_cid(text: str) -> bytes:
    """The digest in a raw CIDv1. Raises BadInput: it is no CID, or one of another codec or hash."""
    cleaned = text.strip()
    if not re.fullmatch(r"b[a-z2-7]{58}", cleaned):
        raise words.bad("no_cid", given=cleaned[:70])
    raw = base64.b32decode(cleaned[1:].upper() + "=" * (-len(cleaned[1:]) % 8))
    if not raw.startswith(_PREFIX) or cid(raw[4:]) != cleaned:
        raise words.bad("other_cid", given=cleaned[:70])
    return raw[4:]


def parse_digest(text: str) -> bytes:
    """Read a digest: 64 hexadecimal digits with or without 0x, or a raw CIDv1. Raises BadInput: it is neither."""
    cleaned = text.strip()
    if re.fullmatch(r"(0[xX])?[0-9a-fA-F]{64}", cleaned):
        return bytes.fromhex(cleaned[-64:])
    if cleaned.startswith("b"):
        return parse_cid(cleaned)
    raise words.bad("no_digest", given=cleaned[:70])


def format_digest(value: bytes) -> str:
    """A digest as 0x and 64 hexadecimal digits."""
    return "0x" + value.hex()
