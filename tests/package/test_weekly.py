"""The weekly digest and the programme's calendar.

given a week's events
├── the digest tells what happened in it, and nothing of another week
├── twice, and on another machine with other names and texts of its own: the same bytes, in each language
├── needs that do not count, and endorsements that were taken back, are left out
└── a hostile title is text in every format
given a week that is none, or is not over: it is refused
given a programme: a calendar that a parser takes, the same each time
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import feedparser
import icalendar
import pytest
from markdown_it import MarkdownIt

from dmo.capabilities.weekly import WEEK, ProgrammeCalendar, WeeklyDigest, begins, last_week
from dmo.core.errors import BadInput
from dmo.core.text import hidden
from dmo.home.documents import parse
from tests.package.test_feeds import HOSTILE
from tests.package.test_lint import idea
from tests.package.test_voice import NOW, Stage, content, funded, posted, published
from tests.support.node import ALICE
from tests.support.voice import paper

LAST = last_week(NOW)
START = begins(LAST)
EVIL = [one for one in HOSTILE if one.strip() and hidden(one) is None and "\n" not in one]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


def digest(stage: Stage, out: Path, at: int = START + 5, title: str = "A film", lang: str = "en") -> dict[str, bytes]:
    quoted = title.replace("'", "''")
    one = parse(idea(extra="claims: 10\n").replace("title: A short film every week", f"title: '{quoted}'").encode())
    told = [*content(), *posted(one, 1, 1), *funded(1, 1, 1, NOW + 5)]
    spam = paper("need", "Spam", "audience: [user]\nmissing: a\nmet_when: b\n")
    told += [published(spam), ("NeedsBoard.NeedPosted", {"need": spam.digest, "author": "0x" + "cc" * 20})]
    told.append(("ContentRegistry.AssetEndorsed", {"asset": 1, "by": ALICE, "isEndorsed": False}))
    told.append(("CampaignEscrow.WorkPaid", {"submission": 1, "campaign": 1, "reward": 70}))
    home = stage(told, [at] * len(told))
    WeeklyDigest(LAST, out=str(out), lang=lang).answer(home)
    return {file.name: file.read_bytes() for file in out.iterdir()}


def test_it_is_the_same_for_everybody(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = digest(stage, tmp_path / "a")
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "elsewhere"))
    assert digest(stage, tmp_path / "b") == first
    assert {*first} == {f"{LAST}.{end}" for end in ("md", "html", "xml")}
    text = first[f"{LAST}.md"].decode()
    for said in ("A film", "Work paid: 1, 70 TOK", "Added 10: Speed", "Endorsed 1: Logo", "Campaign 1"):
        assert said in text.replace("\\", "")
    assert "Spam" not in text
    assert text.count("Endorsed") == 3
    for lang in ("es", "id", "zh"):
        other = digest(stage, tmp_path / lang, lang=lang)
        assert other != first
        assert other[f"{LAST}.md"].count(b"\n- ") == text.count("\n- ")


def test_of_another_week_nothing_is_told(stage: Stage, tmp_path: Path) -> None:
    for place, at in enumerate((START - 1, START + WEEK)):
        text = digest(stage, tmp_path / str(place), at)[f"{LAST}.md"].decode()
        assert "A film" not in text
        assert "Nothing else happened" in text
    assert "A film" in digest(stage, tmp_path / "edge", START + WEEK - 1)[f"{LAST}.md"].decode()


@pytest.mark.attack("a hostile title in a digest or a calendar")
@pytest.mark.parametrize("title", EVIL)
def test_hostile_title_in_every_format(stage: Stage, tmp_path: Path, title: str) -> None:
    plain = digest(stage, tmp_path / "plain")
    found = digest(stage, tmp_path / "evil", title=title[:80])
    tokens = [[one.type for one in MarkdownIt().parse(its[f"{LAST}.md"].decode())] for its in (plain, found)]
    assert tokens[0] == tokens[1]
    inline = [child.type for one in MarkdownIt().parse(found[f"{LAST}.md"].decode()) for child in one.children or ()]
    assert {*inline} <= {"text", "text_special"}

    tags = [re.findall(r"<[a-z!/][^>]*>", its[f"{LAST}.html"].decode()) for its in (plain, found)]
    assert tags[0] == tags[1]
    feeds = [feedparser.parse(its[f"{LAST}.xml"]) for its in (plain, found)]
    assert not feeds[1].bozo
    assert len(feeds[0].entries) == len(feeds[1].entries)


@pytest.mark.parametrize("week", ["2027-W54", "2027-03", "last", "2027-W00", "２０２７-W01", "9999-W01"])  # noqa: RUF001
def test_refuses_what_is_no_week_that_is_over(stage: Stage, week: str) -> None:
    with pytest.raises(BadInput):
        WeeklyDigest(week).answer(stage([]))


def test_a_programme_is_a_calendar(stage: Stage, tmp_path: Path) -> None:
    days = "dates: [{date: 2027-03-31, title: 'A; talk, here'}, {date: 2027-03-01, title: Two, where: Hall}]\n"
    one = paper("programme", "Spring", days)
    for name in ("a", "b"):
        ProgrammeCalendar(one, out=str(tmp_path / name)).answer(stage([]))
    raw = (tmp_path / "a").read_bytes()
    assert raw == (tmp_path / "b").read_bytes()
    events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Two", "A; talk, here"]
    assert events[1].decoded("DTSTART") == datetime.datetime(2027, 3, 31, tzinfo=datetime.UTC)
    with pytest.raises(BadInput):
        ProgrammeCalendar(one, out=str(tmp_path / "a")).answer(stage([]))
