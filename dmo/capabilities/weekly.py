"""The week in review, and a programme as a calendar: the same to the byte for everybody.

A digest is told of events of whole weeks (ISO, UTC), by texts that are on the chain alone and by no name that only this
machine knows. Every format escapes what strangers wrote in its own way.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dmo.capabilities import documents
from dmo.capabilities.content import ContentEntry
from dmo.capabilities.documents import paper
from dmo.capabilities.heard import needs
from dmo.capabilities.ideas import Idea
from dmo.capabilities.lens import MONEY
from dmo.capabilities.needing import ANSWER
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.atom import FeedEntry, feed
from dmo.core.chain import Event
from dmo.core.files import write_again, write_new
from dmo.core.ics import Moment, calendar
from dmo.core.kinds import NUMBER, TEXT, TIME, shape, short_digest
from dmo.core.text import one_line
from dmo.core.view import Query
from dmo.home.documents import Document, read_document
from dmo.home.home import Home

WEEK = 604_800
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|&~])")
_SECTIONS = ("ideas", "funded", "lessons", "needs", "answers", "content", "assets")
_OF = {
    "IdeaBoard.IdeaPosted": "ideas",
    "IdeaBoard.IdeaFunded": "funded",
    "CampaignEscrow.LessonsFiled": "lessons",
    "NeedsBoard.NeedPosted": "needs",
    "NeedsBoard.NeedAnswered": "answers",
    "ContentRegistry.EntryAdded": "content",
    "ContentRegistry.EntryRevised": "content",
    "ContentRegistry.EntryRetired": "content",
    "ContentRegistry.AssetEndorsed": "assets",
}


class DigestLine(NamedTuple):
    """Something that happened: its section, what is said of it, when (Unix seconds), and what makes it itself."""

    section: str
    text: str
    at: int
    mark: str


def begins(week: str) -> int:
    """When a week such as 2027-W03 begins, Unix seconds. Raises BadInput: it is none."""
    found = _WEEK.fullmatch(week.strip())
    try:
        day = datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        day = None
    if day is None:
        raise words.bad("no_week", field="week", given=week[:20])
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


def last_week(now: int) -> str:
    """The last week that is over."""
    year, week, _ = datetime.datetime.fromtimestamp(now - WEEK, datetime.UTC).isocalendar()
    return f"{year}-W{week:02}"


def lines(home: Home, start: int) -> list[DigestLine]:
    """What happened in the week that begins then, in the order of the chain."""
    counted = {one.need for one in needs(home)}
    found = []
    for name, section in _OF.items():
        for event in home.events(name):
            if not start <= event.at < start + WEEK:
                continue
            told = _told(home, event)
            if "need" in event.arguments and bytes(event.arguments["need"]) not in counted:
                continue
            if event.arguments.get("isEndorsed") is False:
                continue
            said = words.word("digest", event.name).format(**told)
            order = (event.block, event.index)
            found.append((order, DigestLine(section, said, event.at, f"{event.name} {event.tx} {event.index}")))
    return [line for _, line in sorted(found)]


def _told(home: Home, event: Event) -> dict[str, str]:
    """What words speak of: arguments, and the title of what it is about."""
    its, told = event.arguments, {key: str(value) for key, value in event.arguments.items()}
    digest = next((bytes(its[key]) for key in ("digest", "lessons", "need") if key in its), None)
    if event.name == "IdeaFunded":
        one = home.facts(Idea)[its["round"], its["number"]]
        digest, told["ask"] = one.digest, MONEY.show(home, one.ask)
    elif event.name == "EntryRetired":
        digest = home.facts(ContentEntry)[its["entry"]].digest
    elif event.name == "NeedAnswered":
        told["said"] = ANSWER.show(home, ANSWER.choices[int(its["answer"]) - 1])
    elif event.name == "IdeaPosted":
        told["ask"] = MONEY.show(home, its["ask"])
    elif event.name == "AssetEndorsed":
        added = [one for one in home.events("ContentRegistry.AssetAdded") if one.arguments["asset"] == its["asset"]]
        digest = bytes(added[0].arguments["digest"]) if added else None
    return {**told, "title": _title(home, digest)}


def _title(home: Home, digest: bytes | None) -> str:
    """The title of a text that is on the chain; everybody has that one."""
    raw = documents.published(home, digest) if digest is not None else None
    found = read_document(raw, digest) if raw is not None and digest is not None else None
    if isinstance(found, Document):
        return one_line(found.title)
    return words.word("document", "no_text").format(short_digest(digest or bytes(32)))


def paid(home: Home, start: int) -> tuple[int, int]:
    """How many pieces of work were paid in that week, and how much for them, in units of the budget token."""
    its = [one for one in home.events("CampaignEscrow.WorkPaid") if start <= one.at < start + WEEK]
    return len(its), sum(one.arguments["reward"] for one in its)


def markdown(name: str, week: str, found: list[DigestLine], summary: str) -> str:
    """A digest in Markdown."""
    said = words.load()["word"]["digest"]
    rows = [f"# {_plain(said['title'].format(name=name, week=week))}", "", _plain(summary), ""]
    for section in _SECTIONS:
        if its := [f"- {_plain(line.text)}" for line in found if line.section == section]:
            rows += [f"## {_plain(said[section])}", "", *its, ""]
    return "\n".join(rows if found else [*rows, _plain(said["none"]), ""])


def html(name: str, week: str, found: list[DigestLine], summary: str) -> str:
    """A digest as a page of its own."""
    from dmo.faces.html import template

    title = words.word("digest", "title").format(name=name, week=week)
    said = words.load()["word"]["digest"]
    groups = [(said[one], [line for line in found if line.section == one]) for one in _SECTIONS]
    return template("digest").render(
        lang=words.spoken(), title=title, summary=summary, groups=[one for one in groups if one[1]], none=said["none"]
    )


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", one_line(text))


DIGEST = {**shape((TEXT, "week summary file")), "lines": [shape((TEXT, "section text"), at=TIME)]}


class WeeklyDigest(Query, name="digest", gives=DIGEST):
    week: str = option(TEXT.called("WEEK"), "")
    out: str | None = option(TEXT.called("FOLDER"))
    lang: str = option(TEXT.called("TAG"), "en")

    def answer(self, home: Home) -> Mapping[str, Any]:
        if self.lang not in words.languages():
            raise words.bad("none_of_them", field="lang", given=self.lang[:20], known=", ".join(words.languages()))
        week = self.week or last_week(home.now)
        start = begins(week)
        if start + WEEK > home.now:
            raise words.bad("week_not_over", field="week", given=week)
        with words.speaking(self.lang):
            found = lines(home, start)
            count, amount = paid(home, start)
            summary = words.word("digest", "paid").format(count=count, amount=MONEY.show(home, amount))
            if self.out:
                files = {
                    "md": markdown(home.dmo.name, week, found, summary),
                    "html": html(home.dmo.name, week, found, summary),
                    "xml": _feed(home, week, found, summary, start + WEEK),
                }
                for end, text in files.items():
                    Path(self.out).mkdir(parents=True, exist_ok=True)
                    write_again(Path(self.out) / f"{week}.{end}", text)
            said = words.load()["word"]["digest"]
            rows = [{"section": said[one.section], "text": one.text, "at": one.at} for one in found]
        return {"week": week, "summary": summary, "lines": rows, "file": self.out}


def _feed(home: Home, week: str, found: list[DigestLine], summary: str, at: int) -> str:
    """A feed of the week: what happened, and the summary when the week is over."""
    board = home.dmo.address("IdeaBoard")
    title = words.word("digest", "title").format(name=home.dmo.name, week=week)
    entries = [FeedEntry(one.mark, one.text, one.text, one.at, one.at) for one in found]
    return feed(f"digest {home.dmo.chain_id} {board}", title, [FeedEntry(week, title, summary, at, at), *entries])


class ProgrammeCalendar(
    Query, name="programme calendar", of_machine=True, needs_chain=False, gives=shape((TEXT, "file"), (NUMBER, "count"))
):
    file: Document = arg(paper("programme"))
    out: str = option(TEXT.called("FILE"), "programme.ics")

    def answer(self, home: Home) -> Mapping[str, Any]:
        moments = []
        for day in self.file.fields["dates"]:
            date = datetime.datetime.fromisoformat(day["date"]).replace(tzinfo=datetime.UTC)
            text = day.get("where") or self.file.title
            moments.append(Moment(int(date.timestamp()), day["title"], text))
        moments.sort()
        write_new(self.out, calendar(self.file.title, moments[0].at, moments))
        return {"file": self.out, "count": len(moments)}
