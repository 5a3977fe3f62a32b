"""Feeds and calendars of the page.

the feed of all, of a round, a campaign, an account -> what notices tell of it, latest first, with where it leads
the calendar of all, of an account -> what `dmo status --calendar` writes
both are named in pages' heads and on the overview, and sent once a head
an account that is none is told so
few blocks are read where the latest hold enough
"""

from __future__ import annotations

import re
from pathlib import Path

import feedparser
import icalendar
import pytest

from dmo.capabilities import noticed
from dmo.capabilities.status import Status
from dmo.core.act import read
from dmo.core.notices import EVERYONE
from dmo.faces.web import feeds
from tests.support.village import AUTHOR, Village
from tests.support.web import Served

OTHER = "0x" + "12" * 20


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    village = Village()
    village.grow(60)
    return Served(village, tmp_path, monkeypatch)


def entries(served: Served, path: str) -> list[feedparser.FeedParserDict]:
    answer = served.client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    told = feedparser.parse(answer.content)
    assert not told.bozo
    return list(told.entries)


def test_a_feed_tells_what_notices_tell(served: Served) -> None:
    found = entries(served, "/feed.atom")
    home = served.home
    told = [*noticed.happened(home, home.snapshot.news(noticed.NAMES, -1), {EVERYONE})]
    assert sorted(one.title for one in found) == sorted(one.laid(home)[0] for one in told)
    assert len({one.id for one in found}) == len(found) > 3
    assert [one.published for one in found] == sorted((one.published for one in found), reverse=True)
    linked = {one.link for one in found if "link" in one}
    assert linked
    for path in linked:
        served.text(path)
    number = next(one.values["campaign"].value for one in told if one.kind == "funded")
    of_one = entries(served, f"/campaign/{number}/feed.atom")
    assert 0 < len(of_one) < len(found)
    rounds = [len(entries(served, f"/round/{each}/feed.atom")) for each in (1, 2, 99)]
    assert rounds[0] > 0 == rounds[2]
    mine = entries(served, f"/account/{AUTHOR}/feed.atom")
    assert {one.title for one in mine} <= {one.title for one in found} | {one.title for one in mine}
    assert len(entries(served, f"/account/{OTHER}/feed.atom")) == 1, "that a vote is open"


def test_a_calendar_is_the_one_of_status(served: Served, tmp_path: Path) -> None:
    for whose, path in ((None, "/calendar.ics"), (AUTHOR, f"/account/{AUTHOR}/calendar.ics")):
        answer = served.client.get(path)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        file = tmp_path / f"{whose}.ics"
        read(Status, served.home, {"calendar": str(file), **({"account": whose} if whose else {})}).view(served.home)
        told = icalendar.Calendar.from_ical(answer.text)
        written = icalendar.Calendar.from_ical(file.read_text("utf-8"))
        mine, theirs = ([str(one["summary"]) for one in its.walk("vevent")] for its in (told, written))
        assert sorted(mine) == sorted(set(theirs))


def test_pages_name_them_and_they_are_sent_once(served: Served) -> None:
    front = served.text("/")
    assert '<link rel="alternate" type="application/atom+xml" href="/feed.atom"' in front
    assert re.search(r'<a href="/calendar\.ics">[^<]*deadlines</a>', front)
    own = served.text(f"/?account={AUTHOR}")
    assert f'href="/account/{AUTHOR}/calendar.ics' in own
    assert 'href="/campaign/1/feed.atom"' in served.text("/campaign/1")
    assert '"/campaign/1/feed.atom?lang=es"' in served.text("/campaign/1?lang=es")
    for path in ("/feed.atom", "/calendar.ics"):
        first = served.client.get(path)
        again = served.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert served.client.get("/account/0x12/feed.atom").status_code == 404


def test_few_blocks_are_read(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    news = type(served.home.snapshot).news

    def counted(self: object, names: object, above: int) -> object:
        asked.append(above)
        return news(self, names, above)  # type: ignore[arg-type]

    monkeypatch.setattr(type(served.home.snapshot), "news", counted)
    monkeypatch.setattr(feeds, "_FIRST_BLOCKS", 4)
    monkeypatch.setattr(feeds, "_ENTRIES", 3)
    assert len(entries(served, "/feed.atom")) <= 3
    assert min(asked) > 20, "not from the beginning"
