"""Texts and weights to try advisors with, hostile ones among them; the same for a seed."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence

FEATURES, MOST = 4_096, 4_096
LOWEST, HIGHEST = -(2**15), 2**15 - 1
EDGES = b"\x00\x01 /09:@AZ[`az{\x7f\x80\xbf\xc3\xff\n\r\t'-_"
WORDS = (
    *("token", "video", "campaign", "Holders", "GROWTH", "2027", "x", "0x00ff"),
    *("éé", "预算", "anggaran", "développement", "straße", "İstanbul"),
)
HOSTILE = (
    *(b"", b" ", b"\x00", b"a", b"A", b"\xff", b"\x80", b"/", b":", b"@", b"[", b"`", b"{", b"\x7f"),
    *(b"a" * 31, b"a" * 32, b"a" * 33, b"a" * 32 + b"b " + b"a" * 32 + b"c", b"A" * MOST, b"\xff" * MOST),
    *(b" " * MOST, b"a b " * (MOST // 4), b"word " * 800, bytes(range(256)), bytes(range(256)) * 16),
    *("\uff21 \uff41 \u202e \u200b".encode(), "é" * 16 + "è", ("é" * 40).encode()[:-1], b"x" * (MOST - 1) + b" "),
)


def weights(rng: random.Random, low: int = LOWEST, high: int = HIGHEST) -> bytes:
    """Weights as the chain takes them."""
    return struct.pack(f">{FEATURES}h", *(rng.randint(low, high) for _ in range(FEATURES)))


def texts(rng: random.Random, count: int) -> Sequence[bytes]:
    """Hostile ones first; then random bytes, edges of what a word is, words of many languages; most are short."""
    found = [one.encode() if isinstance(one, str) else one for one in HOSTILE]
    while len(found) < count:
        size = rng.choice((rng.randrange(8), rng.randrange(80), rng.randrange(80), rng.randrange(300)))
        kind = rng.randrange(4)
        if kind == 0:
            found.append(rng.randbytes(size))
        elif kind == 1:
            found.append(bytes(rng.choices(EDGES, k=size)))
        elif kind == 2:
            found.append(" ".join(rng.choices(WORDS, k=size // 6)).encode())
        else:  # words at the length at which they are cut
            found.append(b"-".join(rng.choice(b"aZ9\xe9").to_bytes() * rng.randint(30, 34) for _ in range(size // 32)))
    return [*found[:count]]
