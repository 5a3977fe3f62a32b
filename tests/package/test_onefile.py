"""The ballot of a round as one file.

given a round whose ideas strangers named
├── its policy allows exactly the scripts that are in it, the guard as it is, and nothing is asked of anybody
├── what strangers wrote stays text
given texts that fill a QR code: it is drawn as another library draws it, with every mask
given a text that does not: what is left is filled as the standard has it
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import segno

from dmo.faces.onefile import SCRIPTS, allowed, render_ballot, source
from dmo.home.ballots import Domain

AT = Domain("IdeaBoard", "1", 31337, "0x" + "b0" * 20)
ROOM = (17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929, 1003, 1091)
EVIL = '</script><script>alert(1)</script>"\u2028 <b>radio</b>'


class Scripts(HTMLParser):
    """The scripts of a page by their kinds, as a browser cuts them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append((dict(attrs).get("type"), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            kind, text = self.found[-1]
            self.found[-1] = kind, text + data


def page() -> str:
    ideas = [{"number": 1, "title": EVIL, "ask": "5 PLAY"}, {"number": 2, "title": "Radio", "ask": "7 PLAY"}]
    return render_ballot(EVIL, AT, 3, 1_790_000_000, "It closes some day.", ideas)


def test_only_what_is_in_it_may_run() -> None:
    scripts = Scripts()
    scripts.feed(page())
    ran = [text for kind, text in scripts.found if kind == "module"]
    assert ran == [source(name) for name in SCRIPTS]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page().replace("&#39;", "'"))
    assert policy
    for text in ran:
        assert allowed(text) in policy[1]
    assert policy[1].count("sha256-") == len(SCRIPTS) + 1
    assert "default-src 'none'" in policy[1]
    assert "connect-src" not in policy[1]
    assert hashlib.sha256(source("guard.js").encode()).hexdigest() in page()


def test_what_strangers_wrote_stays_text() -> None:
    scripts = Scripts()
    scripts.feed(page())
    assert "<b>" not in page()
    assert len(scripts.found) == 1 + len(SCRIPTS)
    assert json.loads(scripts.found[0][1])["name"] == EVIL


def drawn(texts: list[tuple[str, int | None]]) -> list[list[list[int]]]:
    static = Path(__file__).resolve().parents[2] / "dmo/faces/web/static/qr.js"
    body = f"""{static.read_text("utf-8")}
    let text = "";
    for await (const part of process.stdin) text += part;
    process.stdout.write(JSON.stringify(JSON.parse(text).map(([one, mask]) => globalThis.dmoQr(one, mask))));"""
    command = ["node", "--input-type=module", "--eval", body]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    found: list[list[list[int]]] = json.loads(done.stdout)
    return found


def test_full_codes_are_drawn_as_another_library_draws_them() -> None:
    texts = [("z" * count, place % 8) for place, count in enumerate(ROOM)] + [("q" * 17, mask) for mask in range(8)]
    for (text, mask), found in zip(texts, drawn(texts), strict=True):
        other = segno.make(text, error="l", mode="byte", boost_error=False, mask=mask, micro=False, encoding="utf-8")
        assert found == [[*row] for row in other.matrix], (len(text), mask)


def test_what_is_left_is_filled() -> None:
    (found,) = drawn([("aaa", 0)])
    free = [
        (x, y)
        for x in range(20, -1, -1)
        for y in range(21)
        if not (x == 6 or y == 6 or (y < 9 and (x < 9 or x > 12)) or (y > 12 and x < 9))
    ]
    assert len(free) == 208
    assert bits(found)[:19] == bytes.fromhex("40361616 10ec11ec 11ec11ec 11ec11ec 11ec11".replace(" ", ""))


def bits(code: list[list[int]]) -> bytes:
    """What the smallest code holds under the first mask, upwards and downwards by pairs of columns."""
    found = []
    for turn, right in enumerate([20, 18, 16, 14, 12, 10, 8, 5, 3, 1]):
        for step in range(21):
            y = step if turn % 2 else 20 - step
            for x in (right, right - 1):
                if not (x == 6 or y == 6 or (y < 9 and (x < 9 or x > 12)) or (y > 12 and x < 9)):
                    found.append(code[y][x] ^ ((x + y) % 2 == 0))
    return bytes(int("".join(map(str, map(int, found[at : at + 8]))), 2) for at in range(0, len(found), 8))


def test_a_text_that_is_too_long_has_no_code() -> None:
    assert drawn([("x" * 2000, None)]) == [None]
