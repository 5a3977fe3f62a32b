"""The page: what everybody may read, from whom it takes what, and what it never shows.

a page of the map
├── is read without script, names its block, and is small enough, with all that it asks for
├── begins with what people call the thing, its number above
├── leads from every thing to its page, and from a command to its form
├── is drawn once a head, and not sent again to who has it
├── that is about nothing that is there says so, with a next step
├── tells machines the same as the command line, and its tables as CSV without formulas
└── keeps language and account in its links
every answer carries the same headers, no cookie, and no script or style of its own
who asks under another name, or sends too much, is told so
what the page shows is old: nothing is offered to be done
texts of strangers
├── cannot run, turn round or hide anything
├── cannot lead anywhere, nor make marks of the page's own
└── of 16 KiB in one line, or that are no documents, break nothing
names and secrets of this machine are nobody's
several languages live beside each other
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from dmo.core import words
from dmo.faces.web import draw, marks, pages
from dmo.faces.web.guarded import HEADERS
from dmo.faces.web.site import STALE
from tests.support.village import AUTHOR, ME, Village
from tests.support.web import Served

IDEA = """---
kind: idea
title: {title}
lang: en
objective: awareness
audience: [user]
goal:
  metric: wallets
  baseline: 0
  target: 500
  date: 2027-03-31
---

{body}
"""
HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "an attribute": '" autofocus onfocus="alert(3)',
    "directions": "pay \u202eevil\u202c \u2066x\u2069",
    "our own marks": "\ue000a/act/token/delegate\ue001free money\ue002",
    "a template": "{{ 7 * 7 }} {title} {% raw %}",
    "a command": "dmo token delegate 0x000000000000000000000000000000000000dEaD",
    "letters alike": "\u0440\u0430\u0443\u0440\u0430l",
}


@pytest.fixture
def village() -> Village:
    found = Village()
    found.speak()
    found.grow(60)
    return found


@pytest.fixture
def served(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    return Served(village, tmp_path, monkeypatch)


def paths() -> list[str]:
    named = {"round": "1", "idea": "1.1", "account": AUTHOR}
    untold = ("dispute", "outcome")  # told work has no papers, and no told campaign's idea has passed
    told = [one.path for one in pages.pages() if one.noun not in untold]
    return [re.sub(r"\{(\w+)\}", lambda one: named.get(one[1], "1"), path) for path in told]


@pytest.mark.parametrize("path", [*paths(), "/check", "/act/idea/post"])
def test_a_page_names_its_block_and_is_small(served: Served, path: str) -> None:
    html = served.text(path)
    head = served.site.moment.head
    assert f"As of block {head.number}" in html
    assert head.hash in html
    assert len(html.encode()) <= 40_000
    assert html.count("<h1") == 1
    assert "\ue000" not in html


def test_a_first_visit_is_few_requests_and_bytes(served: Served) -> None:
    first = served.client.get("/")
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', first.text)) | {"/static/guard.js"}
    answers = [first, *map(served.client.get, sorted(asked))]
    assert len(answers) <= 5
    assert {one.status_code for one in answers} == {200}
    assert {one.headers["content-encoding"] for one in answers} == {"gzip"}
    assert sum(int(one.headers["content-length"]) for one in answers) <= 60_000
    plain = served.client.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content


def test_every_page_is_reached_from_another(served: Served) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting and len(seen) < 80:
        path = waiting.pop(0)
        seen.add(path)
        html = served.text(path)
        found = [one.split("#")[0] for one in re.findall(r'<a [^>]*href="(/[^"?]*)', html)]
        new = [one for one in dict.fromkeys(found) if one not in {*seen, *waiting}]
        waiting += [one for one in new if not one.startswith("/dispute/")]  # told work has no papers
    of_rooms = {"/drops/all", "/assets/all"}  # which this stage lacks, so that nothing leads on from their lists
    assert {one.path for one in pages.pages() if not one.named} - of_rooms <= seen
    assert any(one.startswith("/work/") for one in seen)
    assert any(one.startswith("/act/") for one in seen)


def test_a_command_in_a_sentence_is_its_form(served: Served) -> None:
    said = pages.commands("the lead judges: dmo accept 3, or dmo reject 3 --because “…”")
    links = [link for _, link in said if link]
    assert [one.to for one in links] == ["/act/work/accept?submission=3", "/act/work/reject?submission=3"]
    chinese = pages.commands("由负责人评审\uff1admo accept 3\uff0c或 dmo reject 3 --because “…”")
    assert [link.to for _, link in chinese if link] == [link.to for _, link in said if link]
    assert pages.commands("`dmo round show` tells when")[0][0] == ""
    assert [link.to for _, link in pages.commands("`dmo round show` tells when") if link] == ["/round"]
    assert [link.to for _, link in pages.commands("write it: dmo idea new") if link] == ["/act/idea/post"]
    assert all(link is None for _, link in pages.commands("dmo nothing at all"))
    posting = pages.commands("the lead posts: dmo bounty post 7 brief.md --reward … --until …")
    assert [link.to for _, link in posting if link] == ["/act/bounty/post?campaign=7"]
    twice = pages.commands("write it: dmo work new e.md, then dmo work submit 3 e.md")
    assert [link.to for _, link in twice if link] == ["/act/work/submit?bounty=3"]
    assert "".join(text for text, link in posting if link is None) == "the lead posts: "


def test_a_page_begins_with_what_people_call_the_thing() -> None:
    paper = draw.Leaf("idea: Harbour radio", "Idea", "Harbour radio", "en", [], Markup(""), "")
    assert draw.top("idea", "Idea 1/1", [paper]) == ("Idea 1/1", "Harbour radio", "en", "", "")
    assert draw.top("campaign", "Campaign 1: Radio: live") == ("Campaign 1", "Radio: live", "", "", "")
    assert draw.top("round", "Round 1: being voted on") == ("", "Round 1", "", "", "Being voted on")
    assert draw.top("round", "第1轮\uff1a正在投票") == ("", "第1轮", "", "", "正在投票")
    assert draw.top("account", f"Nora ({ME})") == ("", "Nora", "", ME, "")
    assert draw.top("account", ME) == ("", f"{ME[:8]}…{ME[-6:]}", "", ME, "")


def test_a_page_is_drawn_once_a_head_and_sent_once(served: Served, village: Village) -> None:
    first = served.client.get("/campaigns")
    asked = village.asked
    again = served.client.get("/campaigns", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert served.client.get("/campaigns").content == first.content
    assert village.asked == asked, "nothing is asked of the node"
    village.grow(1)
    served.site.look()
    assert served.client.get("/campaigns").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("path", ["/work/99999", "/idea/9.9", "/nothing", "/act/no/act", "/document/0x12", "/round/x"])
def test_what_is_not_there_is_said_with_a_next_step(served: Served, path: str) -> None:
    html = served.text(path, 404)
    assert "<h1>" in html
    assert 'href="/"' in html


def test_machines_are_told_what_the_command_line_tells(served: Served) -> None:
    told = served.client.get("/campaigns?format=json").json()
    assert told["ok"]
    assert told["command"] == "campaign list"
    assert told["block"] == served.site.moment.head.number
    assert told["data"]["campaigns"][0]["ask"].isdigit()
    assert "\ue000" not in json.dumps(told)
    rows = served.client.get("/campaigns?format=csv&table=campaigns").text.split("\r\n")
    assert rows[0].split(",") == sorted(rows[0].split(","))
    assert len(rows) == len(told["data"]["campaigns"]) + 2


def test_a_table_holds_no_formula(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    village.post(IDEA.format(title='"=1+cmd"', body="x"), number=9)
    rows = Served(village, tmp_path, monkeypatch).client.get("/ideas/1?format=csv&table=ideas").text
    assert "'=1+cmd" in rows


def test_links_keep_what_was_chosen(served: Served) -> None:
    html = served.text(f"/campaigns?lang=en&account={ME}")
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', html)
    assert links
    assert all(f"lang=en&amp;account={ME}" in one for one in links)
    assert "account=%22" not in served.text('/campaigns?account="><script>&lang="x')


def test_every_answer_is_guarded(served: Served) -> None:
    asked = [
        served.client.get("/"),
        served.client.get("/nothing"),
        served.client.get("/static/page.css"),
        served.client.post("/act/campaign/deposit", data={"amount": "5"}),
        served.client.get("/", headers={"Host": "evil.example"}),
    ]
    for answer in asked:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert "set-cookie" not in answer.headers
    for path in ["/", "/round/1", "/act/idea/post", "/check"]:
        html = served.text(path)
        assert not re.search(r"<script(?! type=\"(module|application/json)\")", html)
        assert not re.search(r"<style|\sstyle=|\son\w+=", html)
        others = re.findall(r'(?:src|href|action)="(?!/|\?|#)([^"]*)"', html)
        assert others == [], "no other host"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.nip.io:80"])
def test_another_name_is_answered_nothing(served: Served, host: str) -> None:
    answer = served.client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "campaign" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8700", "[::1]:80", "LOCALHOST:1"])
def test_this_machine_is_answered(served: Served, host: str) -> None:
    assert served.client.get("/head.json", headers={"Host": host}).status_code == 200


def test_too_much_is_refused(served: Served) -> None:
    large = "x" * 70_000
    assert served.client.post("/act/idea/post", data={"file": large}).status_code == 413
    assert served.client.get(f"/?x={'y' * 4_000}").status_code == 413
    told = served.preview("idea post", {"file": "x" * 17_000, "ask": "5", "duration_seconds": "1d"})
    assert told["error"]["field"] == "file"
    many = [("choices", "1")] * 450
    answer = served.client.post("/act/ballot/cast", content="&".join(f"{k}={v}" for k, v in many))
    assert answer.status_code == 200
    parts = iter([b"x" * 40_000] * 2)
    assert served.client.post("/document", content=parts).json()["error"]["code"] == "TooLarge"


def test_what_is_old_offers_nothing_to_be_done(served: Served) -> None:
    assert "data-stale" not in served.text("/campaigns")
    served.seconds += STALE + 1
    html = served.text("/act/campaign/deposit")
    assert "<body data-stale>" in html
    assert "heard nothing new" in html
    assert served.preview("campaign deposit", {"amount": "5"})["error"]["code"] == "Stale"
    assert served.client.get("/head.json").json()["is_stale"]
    served.site.look()
    assert "data-stale" not in served.text("/campaigns")
    assert served.preview("campaign deposit", {"amount": "5"})["ok"]


@pytest.mark.parametrize("what", HOSTILE)
def test_texts_of_strangers_do_nothing(
    what: str, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = HOSTILE[what]
    title = json.dumps(evil[:70], ensure_ascii=False)
    village.post(IDEA.format(title=title, body=f"{evil}\n\n# {evil}\n\n[{evil}](javascript:alert(4))"), number=9)
    served = Served(village, tmp_path, monkeypatch)
    for path in ["/idea/1.9", "/ideas/1", "/round/1", "/"]:
        html = served.text(path)
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "javascript:" not in re.sub(r">[^<]*<", "><", html), "as text alone"
        assert not re.search(r"<[^>]*\son\w+=", html)
        assert not any(letter in html for letter in "\u202e\u202c\u2066\u2069\ue000\ue001\ue002")
        assert "free money</a>" not in html
        assert "49" not in html or "{{ 7" in html or what != "a template"
        assert (
            "delegate=0x000000000000000000000000000000000000dEaD" not in html
            or what != "a command"
            or path == "/idea/1.9"
        )
    assert "dEaD&#34;" not in served.text("/idea/1.9")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff\xfe" * 9,
        ("---\nkind: idea\n---\n" + "\u202e" * 50).encode(),
        IDEA.format(title="long", body="x" * 16_000).encode(),
        IDEA.format(title="deep", body="> " * 2_000 + "x").encode(),
        IDEA.format(title="many", body="*a " * 4_000).encode(),
    ],
    ids=["bytes", "no document", "one line", "deep quotes", "open stars"],
)
def test_odd_documents_break_nothing(
    raw: bytes, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = village.post(raw, number=9)
    served = Served(village, tmp_path, monkeypatch)
    for path in ["/idea/1.9", "/ideas/1", f"/document/0x{value.hex()}"]:
        html = served.text(path)
        assert "\x00" not in html
        assert len(html.encode()) < 60_000


def test_a_document_is_shown_where_the_chain_names_it(served: Served, village: Village) -> None:
    raw = IDEA.format(title="A draft", body="secret plans").encode()
    told = served.client.post("/document", content=raw).json()
    assert told["ok"]
    assert "secret plans" not in served.text(f"/document/{told['digest']}", 404)
    village.post(raw, number=9)
    served.site.look()
    assert "secret plans" in served.text(f"/document/{told['digest']}")
    assert not served.client.post("/document", content=b"no document").json()["ok"]


def test_this_machines_names_are_nobodys_on_a_public_page(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {AUTHOR: "our-secret-friend"}
    village.post(IDEA.format(title="x", body="y"), number=9)
    mine = Served(village, tmp_path / "a", monkeypatch, known=known)
    assert "our-secret-friend" in mine.text("/idea/1.9")
    public = Served(village, tmp_path / "b", monkeypatch, known=known, is_public=True)
    assert "our-secret-friend" not in public.text("/idea/1.9")
    answer = public.preview("credit deliver", {"account": "our-secret-friend", "_from": ME})
    assert answer["error"]["field"] == "account"
    assert "our-secret-friend" not in answer["error"]["hint"]


def test_nobodys_file_is_read(served: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(IDEA.format(title="mine", body="never shown"))
    for fields in (
        {"file": str(secret), "ask": "5", "duration_seconds": "1d"},
        {"text": "why", "acts": f"document publish file={secret}"},
        {"submission": "1", "salt_file": str(secret)},
    ):
        act = {"text": "govern propose", "submission": "dispute reveal"}.get(next(iter(fields)), "idea post")
        told = served.preview(act, {**fields, "_from": ME})
        assert not told["ok"]
        assert "never shown" not in json.dumps(told)
        assert str(tmp_path) not in json.dumps({**told, "error": {**told["error"], "message": ""}})


def test_languages_live_beside_each_other(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    spanish = {"face": {"form": {"preview": "Mostrar qué haría"}}, "word": {"web_time": {"now": "{day}"}}}
    told = words.told
    monkeypatch.setattr(words, "languages", lambda: ("en", "es"))
    monkeypatch.setattr(words, "told", lambda language: spanish if language == "es" else told(language))
    words._whole.cache_clear()
    try:
        assert "Mostrar qué haría" in served.text("/act/campaign/deposit?lang=es")
        asked = served.client.get("/act/campaign/deposit", headers={"Accept-Language": "es-MX,en;q=0.5"})
        assert "Mostrar qué haría" in asked.text
        assert '<html lang="es">' in asked.text
        assert "Your account" in asked.text, "what a language lacks is told in English"
        assert "Mostrar" not in served.text("/act/campaign/deposit")
        assert "Mostrar" not in served.text("/act/campaign/deposit", headers={"Accept-Language": "fr"})
        assert words.spoken() == "en"
    finally:
        words._whole.cache_clear()


def test_marks_hold_what_a_value_leads_to() -> None:
    one = marks.marked(marks.LINK, "/work/3", "work <3>")
    assert str(marks.drawn(f"see {one}\n& go")) == 'see <a href="/work/3">work &lt;3&gt;</a><br>&amp; go'
    assert marks.plain(f"see {one}") == "see work <3>"
    who = marks.marked(marks.WHO, ME, f"me ({ME})")
    assert f'title="{ME}"' in marks.drawn(who)
    assert ">me<" in marks.drawn(who)
