"""Texts of strangers on the page: what they cannot do, and what is shown instead.

an idea's title, fields and text, of anybody
├── with markup of any kind: no element, attribute, link or script is theirs
├── with directions, controls, surrogates, broken UTF-8: nothing hidden is sent, the place is shown
├── with marks piled up: as many as spelling takes, the rest is shown
├── with links: their text says where they lead, and they lead nowhere
└── with more digits than anybody has: it is a text like others
a reason, evidence or lesson, and what cannot be read: as ideas
what somebody put into a page's address: the same
names
├── that look like an account's here, a role's or an address are not given
└── of the ENS that look like an address are not looked up
"""

from __future__ import annotations

import json
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dmo.core import text
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.faces.web import draw
from dmo.home import ens
from dmo.home.context import LocalFacts
from dmo.home.documents import Document, Unreadable, read_document
from dmo.home.names import Names
from tests.support.village import Village
from tests.support.web import Served

DEAD = "0x000000000000000000000000000000000000dEaD"
FRONT = """---
kind: idea
title: {title}
lang: {lang}
objective: awareness
audience: [user]
goal:
  metric: {metric}
  baseline: 0
  target: {target}
  date: 2027-03-31
---

{body}
"""
MARKUP = (
    "<script>alert(1)</script>",
    "<svg onload=alert(1)><animate href=javascript:alert(1)></svg>",
    "<style>*{display:none}</style><base href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "</title></script></textarea><form action=//evil.example><button>Pay",
    "\"><a href='data:text/html,<script>'>x</a>",
    "&lt;script&gt; &#60;img src=x onerror=alert(1)&#62; &#x202e;",
    "[pay](javascript:alert(1)) ![p](https://evil.example/p.png) <https://evil.example>",
    "[x]: javascript:alert(1)\n\n[x][x] [https://good.example](https://evil.example)",
    "{{ 7 * 7 }} {% raw %} {title} ${x} <!-- ]]> -->",
)
OWN_TAGS = frozenset(
    """
    html head meta title link script body a header p span nav ul li button div main h1 h2 h3 h5 section article dl
    dt dd code pre strong em table caption thead tbody tfoot tr th td time bdi br small form fieldset legend label
    input textarea select option output details summary footer figure figcaption svg g path rect line circle text
    title desc defs pattern use polyline polygon tspan clippath ol aside blockquote hr b i
    """.split()  # noqa: SIM905 - shorter to read
)
"""What our templates and Markdown are made of."""


class Read(HTMLParser):
    """A page, as a browser reads it: what would run, lead away or load."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self._script = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in OWN_TAGS:
            self.faults.append(f"<{tag}>")
        if tag == "script" and told.get("type") not in ("module", "application/json"):
            self.faults.append("a script")
        for name, value in told.items():
            if name.startswith("on") or name in ("style", "srcdoc", "srcset", "formaction", "http-equiv", "ping"):
                self.faults.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href"):
                self.links.append(value)
                if not value.startswith(("/", "#", "?")) or value.startswith("//"):
                    self.faults.append(f"{tag} leads to {value}")
        self._script = tag if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        self._script = ""

    def handle_data(self, data: str) -> None:
        if self._script:
            json.loads(data or "{}")  # the book is whole
        self.texts.append(data)


def hidden_in(html: str) -> set[str]:
    """Letters that nobody sees."""
    odd = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}
    return {f"{ord(one):04X}" for one in set(html) if unicodedata.category(one) in odd and one not in "\n\t"}


def idea(
    title: str = "A title", body: str = "Text.", metric: str = "wallets", target: str = "5", lang: str = "en"
) -> str:
    quoted = json.dumps(title[:80], ensure_ascii=False), json.dumps(metric, ensure_ascii=False)
    return FRONT.format(title=quoted[0], metric=quoted[1], body=body, target=target, lang=lang)


def served(raw: str | bytes, folder: Path, patch: pytest.MonkeyPatch) -> tuple[Served, list[str]]:
    """The page after somebody posted this, and the pages on which it is seen."""
    village = Village()
    village.grow(20)
    value = village.post(raw, number=9)
    return Served(village, folder, patch), ["/idea/1.9", "/ideas/1", "/round/1", "/", f"/document/0x{value.hex()}"]


def shown(raw: str | bytes, folder: Path, patch: pytest.MonkeyPatch) -> list[Read]:
    """These pages, looked at."""
    site, paths = served(raw, folder, patch)
    found = []
    for path in paths:
        html = site.text(path)
        assert hidden_in(html) == set(), path
        found.append(Read(html))
        assert found[-1].faults == [], path
    return found


@pytest.mark.parametrize("place", range(len(MARKUP)))
def test_no_markup_is_theirs(place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = MARKUP[place]
    title = evil.splitlines()[0]
    body = f"{evil}\n\n# {evil}\n\n> {evil}\n\n- `{evil}`\n\n```html\n{evil}\n```\n\n    {evil}\n"
    pages = shown(idea(title, body, metric=title), tmp_path, monkeypatch)
    for one in pages[:3]:
        assert title[:20] in "".join(one.texts), "it is shown as it was written"
    whole = "".join(pages[0].texts)
    if "good.example" in evil:
        assert "[https://good.example](https://evil.example)" in whole, "a link says where it would lead"
    assert not any("evil" in link or DEAD in link for one in pages for link in one.links)


PILED = "Z" + "\u0301\u0327" * 5_000
ODD = {
    "turned round in a title": idea("Pay \u202e" + DEAD[::-1]),
    "turned round within an address": idea(body=f"Send it to 0x0000\u202e{DEAD[6:20]}\u202c{DEAD[20:]}."),
    "isolates": idea("\u2066a\u2069 \u200fb\u200e"),
    "zero width": idea("tre\u200basury \u2060esc\ufeffrow"),
    "tags": idea("".join(chr(0xE0000 + ord(one)) for one in "hidden")),
    "line separators": idea("a\u2028b", "one\u2029two"),
    "controls": idea(body="a\x00b\x1b[31mred\x07\x9b"),
    "a control in a field": idea(metric="a\u0000b\u001b"),
    "lone surrogates": idea(body="a\ud800b\udfffc").encode("utf-8", "surrogatepass"),
    "broken UTF-8": b"---\nkind: idea\n---\n\xc3\x28\xff\xfe\xf0\x28\x8c\x28",
    "no text": bytes(range(256)) * 8,
    "marks piled up": idea(body=PILED),
    "marks piled up in a title": idea(PILED),
    "our own marks": idea("\ue000a/act/token/delegate\ue001free money\ue002", "\ue000a/x\ue001y\ue002"),
}


@pytest.mark.parametrize("what", ODD)
def test_nothing_hidden_is_sent(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = shown(ODD[what], tmp_path, monkeypatch)
    whole = "".join("".join(one.texts) for one in pages)
    if what == "our own marks":
        assert "free money" in whole
        assert not any("delegate" in link for one in pages for link in one.links)
    else:
        assert ("\\u0000" if what == "a control in a field" else "�") in whole, "its place is shown"
        assert "unreadable" in whole
    assert DEAD[::-1] not in "".join(one for page in pages[1:4] for one in page.texts), "no title turns round"


def test_marks_are_piled_as_high_as_spelling_takes() -> None:
    assert text.printable("Z" + "\u0301" * 9) == "Z" + "\u0301" * 8 + "�"
    honest = "Việt Nam, צֶ֖דֶק, हिन्दी, བསྒྲུབས, ก็ที่, ạ̈́"
    for one in (honest, unicodedata.normalize("NFD", honest)):
        assert text.printable(one) == one
        assert text.hidden(one) is None


LONG = {
    "a line": idea("W" * 80, "x" * 15_000, metric="m" * 500),
    "rows without a space": idea(body="\n".join("0x" + "f" * 400 for _ in range(30))),
    "deep": idea(body="> " * 1_500 + "x\n\n" + "".join("  " * n + "- y\n" for n in range(60))),
    "many headings": idea(body="# h\n\n" * 2_000),
    "digits": idea("9" * 80, target="9" * 40),
    "more digits": idea(target="9" * 400),
    "a language that is none": idea(lang='"x\\" onload=alert(1)"'),
}


@pytest.mark.parametrize("what", LONG)
def test_what_is_long_is_shown(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = shown(LONG[what], tmp_path, monkeypatch)
    assert all(sum(map(len, one.texts)) < 120_000 for one in pages)


@pytest.mark.parametrize("kind", ["reason", "lesson", "comment", "evidence"])
@pytest.mark.parametrize("place", [0, 4, 7])
def test_all_papers_are_drawn_alike(kind: str, place: int) -> None:
    more = f'worker: "{DEAD}"\n' if kind == "evidence" else ""
    title = json.dumps(MARKUP[place].splitlines()[0][:80])
    front = f"---\nkind: {kind}\ntitle: {title}\nlang: en\n{more}odd: {title}\n---\n"
    raw = f"{front}\n{MARKUP[place]}\n\ndmo token delegate {DEAD}\n"
    found = read_document(raw.encode(), digest(raw.encode()))
    leaf = draw.paper(found.exhibit())
    html = f"{leaf.body}" + "".join(str(value) for _, value in leaf.fields if not isinstance(value, str) or value)
    assert Read(html).faults == []
    assert Read(html).links == []
    assert isinstance(found, Document | Unreadable)


@pytest.mark.parametrize(
    "path",
    [
        "/check?to={}&data=zz",
        "/check?to=0x12&data={}",
        "/act/idea/post?ask={}&file={}",
        "/act/work/reject?submission={}&because={}&lang={}",
        "/account/{}",
        "/idea/{}",
        "/document/{}",
        "/ideas/1?account={}&lang={}",
    ],
)
def test_an_address_of_a_page_brings_nothing_in(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village = Village()
    village.grow(10)
    site = Served(village, tmp_path, monkeypatch)
    for evil in (*MARKUP[:6], "pay\u202eevil\x00\u2028", "\ue000a/x\ue001y\ue002", "9" * 300):
        answer = site.client.get(path.replace("{}", quote(evil)))
        assert answer.status_code in (200, 404), evil
        assert hidden_in(answer.text) == set(), evil
        assert Read(answer.text).faults == [], evil


TAKEN = {
    "treasury": ("treasur\u0443", "TREASURY", "\uff54reasury", "treasur\u00fd", "tre\u0430sury"),
    "escrow": ("\u0435scrow", "Escrow", "escr0w"),
    "me": ("m\u0435", "ME"),
    "IdeaBoard": ("IdeaB\u043eard", "1deaBoard"),
    "alice": ("al\u0456ce", "a1ice", "Alice", "\uff21\uff2c\uff29\uff23\uff25"),
    "an address": ("0xab", "\u041ex71c7656e", "ox71C7656E", "\uff10x71"),
}


@pytest.mark.parametrize("like", TAKEN)
def test_no_name_looks_like_another(like: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DMO_KEYSTORE_DIR", str(tmp_path / "keys"))
    (tmp_path / "keys").mkdir()
    names: Any = Names(None, LocalFacts(), {"IdeaBoard": DEAD})
    names.__dict__["watched"] = {"alice": DEAD}
    for name in TAKEN[like]:
        with pytest.raises(BadInput):
            names.require_free(name)
    for hidden in ("bob\u202e", "b\u200bob", "bob\n"):
        with pytest.raises(BadInput):
            names.require_free(hidden)
    for free in ("bob", "oxford", "alicia", "иван", "小明", "treasurer"):
        names.require_free(free)


def test_no_name_of_the_ens_looks_like_an_address() -> None:
    assert ens.is_name("alice.eth")
    for name in (f"{DEAD.lower()}.eth", "0x71c7.eth", "\u0430lice.eth", "Alice.eth", "a\u200blice.eth"):
        assert not ens.is_name(name)
