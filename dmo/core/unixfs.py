"""The CID of a folder, as ``ipfs add --cid-version 1 -r`` computes it: UnixFS in dag-pb, raw leaves, SHA-256.

Pieces of 256 KiB, at most 174 links a node, folders in one node: what Kubo does unless it is told otherwise. A folder
of which Kubo would make several nodes (some 5,000 entries) is refused; whoever writes folders divides them.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

PIECE, LINKS = 256 * 1024, 174
LARGEST = 256 * 1024
"""Bytes of names and CIDs above which a folder is divided by Kubo."""
_RAW, _NODE = b"\x01\x55\x12\x20", b"\x01\x70\x12\x20"
"""Version 1, codec, SHA-256 and its length."""


class Node(NamedTuple):
    """A block: its CID, the bytes that it and all below it take, and those of the file that it holds."""

    cid: bytes
    size: int
    content: int


def text(cid: bytes) -> str:
    """A CID as it is written."""
    return "b" + base64.b32encode(cid).decode().rstrip("=").lower()


def file_node(stream: IO[bytes]) -> Node:
    """A file, of which one piece is in memory at a time."""
    level = [Node(_RAW + hashlib.sha256(piece).digest(), len(piece), len(piece)) for piece in _pieces(stream)]
    while len(level) > 1:
        level = [_of_parts(level[at : at + LINKS]) for at in range(0, len(level), LINKS)]
    return level[0]


def folder_node(folder: Path) -> Node:
    """A folder with all that is in it. Raises ValueError: it holds too much, or what is neither file nor folder."""
    found = []
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            found.append((entry.name.encode(), folder_node(path)))
        elif entry.is_file(follow_symlinks=False):
            with path.open("rb") as stream:
                found.append((entry.name.encode(), file_node(stream)))
        else:
            raise ValueError(entry.path)
    if sum(len(name) + len(one.cid) for name, one in found) > LARGEST:
        raise ValueError(str(folder))
    return _node(sorted(found), b"\x08\x01", 0)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    piece = stream.read(PIECE)
    yield piece
    while piece and (piece := stream.read(PIECE)):
        yield piece


def _of_parts(parts: Sequence[Node]) -> Node:
    content = sum(one.content for one in parts)
    sizes = b"".join(b"\x20" + _varint(one.content) for one in parts)
    return _node([(b"", one) for one in parts], b"\x08\x02\x18" + _varint(content) + sizes, content)


def _node(links: Iterable[tuple[bytes, Node]], data: bytes, content: int) -> Node:
    block, below = b"", 0
    for name, one in links:
        block += _field(0x12, _field(0x0A, one.cid) + _field(0x12, name) + b"\x18" + _varint(one.size))
        below += one.size
    block += _field(0x0A, data)
    return Node(_NODE + hashlib.sha256(block).digest(), len(block) + below, content)


def _field(tag: int, value: bytes) -> bytes:
    return bytes([tag]) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    found = b""
    while number >= 0x80:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])
