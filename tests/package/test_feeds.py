"""Feeds and calendars of notices: what parsers make of them, whatever a stranger wrote.

given notices: an Atom feed that a parser takes, one entry a notice, the same mark each time
given a title with markup, directions, line ends, zero bytes: text in feed, calendar and message, and nothing else
given a file that is something else: it is not written over, and the notice waits
given what was corrected or taken back: its entry says so
"""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest

from dmo.capabilities.documents import TITLE
from dmo.core.atom import FeedEntry, feed
from dmo.core.ics import Moment, calendar
from dmo.core.kinds import ACCOUNT, TEXT
from dmo.core.notices import Notice
from dmo.core.outbox import Gathered, NoticeOutbox
from dmo.core.records import Block
from dmo.core.text import hidden
from dmo.home.channels import deliver, messages
from tests.support.chronicle import account
from tests.support.told import PLAIN, Telling, noticer, wishes

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "</title></entry><script>alert(1)</script>",
    "]]><![CDATA[x&y]]>&amp;&#0;",
    "safe\u202egnp.exe\u2066",
    "one\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:two",
    "one\nBcc: everyone@example.org",
    "zero\x00byte \x1b[31m\x07",
    "half \ud800 a letter",
    "\ufffe\uffff\u2028\u2029\u0085",
    "{lead} {{amount}} %s {0.__class__}",
    "a;b,c\\d:e\"f'g",
    "é" * 5_000,
    "",
]


def written(folder: Path, title: str, channel: str) -> NoticeOutbox:
    """An outbox with one notice of an idea that is called so."""
    outbox = NoticeOutbox(folder / "one.sqlite", "x")
    values = {"idea": TEXT("1/1"), "title": TITLE(title), "lead": ACCOUNT(account(1))}
    values |= {"amount": TEXT("5 USDC"), "campaign": TEXT("1")}
    one = Notice("funded", "1/1", account(1), 1_700_000_000, values, (), root="idea 1/1 0x1", block=1)
    found = Gathered([(one, channel)], {"idea 1/1 0x1": 1}, 0, Block(9, 1_700_000_100, "0x", None), lambda *_: True)
    outbox.bring(found, PLAIN, 0)
    return outbox


@pytest.mark.attack("a title that is more than text")
@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_text_and_nothing_else(title: str, tmp_path: Path) -> None:
    file = tmp_path / "out" / "all.atom"
    head = Block(9, 1_700_000_100, "0x", None)
    outbox = written(tmp_path, title, f"feed {file}")
    with outbox.reading() as connection:
        ((_, said, text),) = [(m, t, x) for t, x, m in messages("harbour", outbox._rows(connection, "1 = 1"))]
    assert "\n" not in said
    assert hidden(said) is hidden(text.replace("\n", " ")) is None
    assert len(text.splitlines()) <= 2
    assert len(text) <= 1_000
    assert deliver(outbox, "harbour", [f"feed {file}"], head, lambda *_: False) == (1, {})
    parsed = feedparser.parse(file.read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    (entry,) = parsed.entries
    assert entry.title == "Idea 1/1 is funded with 5 USDC"
    tree = ET.fromstring(file.read_text("utf-8"))
    assert [one.tag for one in tree.iter()].count(f"{ATOM}entry") == 1
    assert {one.tag.removeprefix(ATOM) for one in tree.iter()} == {
        *("feed", "id", "title", "updated", "author", "name", "entry", "published", "content")
    }
    assert tree.find(f"{ATOM}entry/{ATOM}content").attrib == {"type": "text"}  # type: ignore[union-attr]
    moments = [Moment(1_800_000_000, f"harbour: {title}", "dmo work show 1")]
    events = icalendar.Calendar.from_ical(calendar(title, 1_700_000_000, moments)).walk("VEVENT")
    assert len(events) == 1
    assert str(events[0]["DESCRIPTION"]) == "dmo work show 1"
    assert hidden(str(events[0]["SUMMARY"])) is None
    outbox.close()


def test_a_parser_reads_the_feed_as_it_was_meant() -> None:
    entries = [
        FeedEntry("two", "Second & <last>", "line one\nline two", 1_700_000_100, 1_700_000_200),
        FeedEntry("one", "First", "text", 1_700_000_000, 1_700_000_000),
    ]
    text = feed("harbour", "Harbour", entries)
    parsed = feedparser.parse(text)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.title == parsed.feed.author == "Harbour"
    assert time.strftime("%s", parsed.feed.updated_parsed) == time.strftime("%s", time.gmtime(1_700_000_200))
    assert [one.title for one in parsed.entries] == ["Second & <last>", "First"]
    assert parsed.entries[0].content[0].value.splitlines() == ["line one", "line two"]
    marks = [one.id for one in parsed.entries]
    assert len(set(marks)) == 2
    assert all(mark.startswith("urn:uuid:") for mark in [*marks, parsed.feed.id])
    assert [one.id for one in feedparser.parse(feed("harbour", "Harbour", entries[1:])).entries] == marks[1:]
    assert not feedparser.parse(feed("harbour", "Harbour", [])).bozo


def test_another_file_is_not_written_over_and_the_notice_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "precious.txt"
    file.write_text("my only copy")
    node, text = Telling(1), wishes([account(1)], f'calendar = "{file}"')
    found, _ = noticer(node, monkeypatch, tmp_path / "its", text)
    assert found.step()["failing"] == [f"calendar {file}"]
    outbox = written(tmp_path, "x", f"feed {file}")
    head = Block(9, 1_700_000_100, "0x", None)
    assert deliver(outbox, "harbour", [f"feed {file}"], head, lambda *_: False) == (0, {f"feed {file}": 1})
    assert file.read_text() == "my only copy"
    assert outbox.waiting() == {f"feed {file}": 1}
    outbox.close()


def test_feed_and_calendar_of_a_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Telling(1)
    node.rounds = 3 * 86_400
    text = wishes([account(1)], 'feed = "a.atom"\ncalendar = "a.ics"')
    found, _ = noticer(node, monkeypatch, tmp_path, text)
    node.until(node.blocks[-1]["at"] + 10)
    found.step()
    node.begun()
    for _ in range(4):
        node.block([])
        found.step()
    parsed = feedparser.parse((tmp_path / "a.atom").read_bytes())
    assert {one.title[:12] for one in parsed.entries} == {"Submission 1", "Idea 1/1 is "}
    marks = {one.id for one in parsed.entries}
    dates = (tmp_path / "a.ics").read_bytes()
    events: Any = icalendar.Calendar.from_ical(dates).walk("VEVENT")
    said = {str(one["SUMMARY"]) for one in events}
    assert "told: Judge submission 1, or silence accepts it" in said
    assert any("vote" in one.lower() for one in said)
    assert all(one["DTSTART"].dt.timestamp() > node.blocks[-1]["at"] for one in events)
    node.block([])
    found.step()
    assert (tmp_path / "a.ics").read_bytes() == dates, "written where something changed"
    node.fork(6)
    for _ in range(12):
        node.block([])
        found.step()
    entries = feedparser.parse((tmp_path / "a.atom").read_bytes()).entries
    assert {one.id for one in entries} == marks
    assert [one.title for one in entries if not one.title.startswith("Taken back: ")] == []


def test_a_feed_holds_the_latest(tmp_path: Path) -> None:
    file = tmp_path / "many.atom"
    outbox, head = NoticeOutbox(tmp_path / "many.sqlite", "x"), Block(9, 900, "0x", None)
    values: dict[str, Any] = {"idea": TEXT("1/1"), "title": TITLE("x"), "lead": ACCOUNT(account(1))}
    values |= {"amount": TEXT("5 USDC"), "campaign": TEXT("1")}
    pairs = [(Notice("funded", f"{n}", account(1), n, values, (), f"r {n}", 1), f"feed {file}") for n in range(300)]
    outbox.bring(Gathered(pairs, {one.root: 1 for one, _ in pairs}, 0, head, lambda *_: True), PLAIN, 0)
    assert deliver(outbox, "harbour", [f"feed {file}"], head, lambda *_: False) == (300, {})
    parsed = feedparser.parse(file.read_bytes())
    assert len(parsed.entries) == 200
    assert parsed.entries[0].published_parsed == time.gmtime(299)
    outbox.close()
