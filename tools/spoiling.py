"""What is odd, and how something good is spoilt: the same for a seed."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from typing import Any

ANN, BEN = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
NO_NODE = "http://127.0.0.1:9"
Rng = random.Random

# fmt: off
# ruff: noqa: E501
ODD = (
    "", " ", "\t", "-", "--", ".", "..", "/", "~", "~nobody/x", "*", "%s", "{0}", "$HOME", "\\", "'", '"', "null", "true",
    "\u202e", "\u200b", "\x1b[31m", "\x00", "\x7f", "½", "٣", "\uff11\uff12", "²", "\ud83d", "\U0001f4b8", "a\nb", "a" * 300, "x/" * 2500,
    "0", "-1", "−1", "+1", "1e3", "1E+400", "1e-400", "nan", "inf", "-0", "1.5", "1.500", "1,5", "1,00", "250,000", "1_000",
    "0x", "0x10", "9" * 40, "9" * 101, "9" * 5000, "0" * 20 + "9" * 5000, "1" * 70000, "0." + "0" * 90 + "1", "1." * 2000,
    "1d", "7", "+7", "1x", "1d1", "9" * 30 + "d", "1d" * 3000, "0.5s", "4%", "101%", "0.001%", "4", "nan%", "9" * 90 + "%",
    "2026-13-01", "2026-02-30T25:00", "9999-12-31T23:59:59-23:59", "0001-01-01", "99999999999", "+" + "9" * 400 + "d", "round",
    ANN, ANN[:-1], ANN + "0", ANN.lower().replace("c", "C", 1), "0x" + "0" * 40, "0x" + "g" * 40, "vitalik.eth", "me", "treasury",
    "1/1", "0/1", "1/", "1/4294967296", "9" * 20 + "/1", "bafkrei" + "a" * 52, "0x" + "11" * 32, "/dev/null", "/dev/full", "/dev/zero",
)
URLS = (
    "http://[", "http://[::1", "http://x:abc", "http://127.0.0.1:99999", "http:///x", "https://", "ftp://x", "ws://x", "x:8545",
    "http://user:pa ss@127.0.0.1:9", "http://ü.invalid", "http://" + "a" * 300 + ".invalid", "http://127.0.0.1:9/\x01", "//x",
    "http://a\uff0eb", "http://½.invalid", "http://xn--/", "http://\u2100.x", "HTTP://127.0.0.1:9", " http://127.0.0.1:9", NO_NODE,
)
BYTES = (
    b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"\t",
    b"{", b"}", b"[", b"]", b":", b"&a ", b"*a", b"!!x ", b"|", b">", b"#", b"---\n", b"...\n", b"\\u0000", b"\\ud800", b'"\\UFFFFFFFF"',
    b"NaN", b"Infinity", b"1e999", b"9" * 5000, b"-1", b"null", b"\xe2\x80\xae", b"\x1b[2J", b"[" * 3000, b"{" * 3000, b" " * 5000,
)
WHOLE = (
    b"", b"\n", b"\0" * 999, bytes(range(256)) * 4, b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"null", b"5", b'"x"', b"[]", b"{}", b"{}{}",
    b"NaN", b"[" * 100_000, b"[" * 900 + b"]" * 900, b'{"a":' * 20_000 + b"1" + b"}" * 20_000, b"1" * 10**6, b'{"a": "\\ud800"}',
    b"PK\x03\x04", b"%PDF-1.7", b"x" * 3_000_000, b"a = " + b"[" * 20_000, b"a." * 5000 + b"a = 1", b"---\n" * 50_000, b'"' + b"a\n" * 10**6,
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.7, 1e308, 2**53, 2**256, 10**80, -(2**70), "", " ", "x", "0x", "\0", "\u202e", "\ud800", "½",
    [], [[]], {}, {"a": 1}, [None], [{}], ANN, ANN.lower(), "9" * 5000, "a" * 100_000, "../x", 10**4000, [0] * 3000,
)
# fmt: on


def spoilt(rng: Rng, raw: bytes) -> bytes:
    """Something good, changed in a few places."""
    if rng.random() < 0.08:
        return rng.choice(WHOLE)
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 6))):
        at = rng.randrange(len(data) + 1)
        way = rng.randrange(7)
        if way == 0:
            data[at:at] = rng.choice(BYTES)
        elif way == 1:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 2:
            del data[at : at + rng.choice((1, 3, 40))]
        elif way == 3:
            del data[at:]
        elif way == 4:
            data[at:at] = bytes(data[at : at + rng.choice((1, 9, 60))]) * rng.choice((1, 30))
        elif way == 5:
            lines = bytes(data).split(b"\n")
            rng.shuffle(lines)
            data = bytearray(b"\n".join(lines))
        else:
            data[at:at] = odd(rng).encode("utf-8", "surrogatepass")
    return bytes(data)


def odd(rng: Rng) -> str:
    """Something odd to type."""
    if rng.random() < 0.75:
        return rng.choice(ODD)
    letters = string.digits + ".,_-+eE%xdhmw: ٣½−\u202eTZ/#"
    return "".join(rng.choice(letters) for _ in range(rng.randrange(1, 14)))


def typed(rng: Rng) -> str:
    """The same, as an argument or in the environment can hold it."""
    text = odd(rng).replace("\0", "")
    return text.encode("utf-8", "replace").decode() if rng.random() < 0.9 else text.replace("\ud83d", "\udcff")


def spoilt_json(rng: Rng, good: Any) -> bytes:
    """JSON with another value, or none, somewhere; now and then not even JSON."""
    if rng.random() < 0.25:
        return spoilt(rng, json.dumps(good).encode())
    found = json.loads(json.dumps(good))
    places = list(_places(found))
    inner, key = rng.choice(places)
    way = rng.random()
    if way < 0.15:
        del inner[key]
        return json.dumps(found).encode()
    if way < 0.3:
        number = rng.choice(
            ("1e400", "-1e400", "Infinity", "NaN", "9" * 400, "9" * 5000, "-0", "1E5", "0.1", "01", "undefined")
        )
        inner[key] = "@@"
        return json.dumps(found).replace('"@@"', number).encode()
    value = rng.choice(VALUES)
    inner[key] = value if not isinstance(value, int) or abs(value) < 10**300 else "@@"
    return json.dumps(found).replace('"@@"', "1" + "0" * 4000).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])
