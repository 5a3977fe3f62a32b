"""Lessons that travel: what was repeated and avoided, by channel, audience and objective; what built on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.achieved import WAY, measured
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.content import ENTRY
from dmo.capabilities.documents import TITLE
from dmo.capabilities.ideas import IDEA, Idea
from dmo.capabilities.lens import CAMPAIGN
from dmo.capabilities.lint import folded
from dmo.capabilities.submissions import Submission
from dmo.capabilities.voice import brandbook, named_by
from dmo.core.act import option
from dmo.core.digests import parse_digest
from dmo.core.kinds import NUMBER, TEXT, choice, listed, shape
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home

BY = choice("learnt_by", "channel", "audience", "objective")
_GROUP = shape((NUMBER, "lessons reached"), (TEXT, "value repeat avoid"), by=BY)
_LESSON = shape(
    (TEXT, "objective channel result repeat avoid lang"), (listed(CAMPAIGN), "rests_on cited_by"),
    **{"campaign": CAMPAIGN, "idea": IDEA, "title": TITLE, "audience": listed(TEXT), "tactic": ENTRY, "way": WAY},
    built_on_by=listed(IDEA),
)  # fmt: skip


def _document(home: Home, digest: bytes, kind: str) -> Document | None:
    found = documents.document(home, digest)
    return found if isinstance(found, Document) and found.kind == kind else None


def learnt(home: Home) -> Iterator[dict[str, Any]]:
    """The lessons of every campaign whose text is found, in the order of campaigns.

    A lesson rests on another where it, or what it cites, cites that; and on the idea of a campaign is on its lesson.
    """
    filed = {one.lessons_of: one.evidence for one in home.facts(Submission).values() if one.lessons_of}
    lessons = {key: found for key, digest in filed.items() if (found := _document(home, digest, "lesson"))}
    campaigns, known = home.facts(Campaign), home.facts(Idea)
    campaign_of = {(one.round, one.number): key for key, one in campaigns.items()}
    place = {one.digest: campaign_of[key] for key, one in known.items() if key in campaign_of}
    place |= {digest: key for key, digest in filed.items()}
    cites = {key: _cited(one, place) - {key} for key, one in lessons.items()}
    built = defaultdict(set)
    for key, one in known.items():
        if one.builds_on and not one.is_withdrawn:
            built[campaign_of.get(one.builds_on)].add(key)
    for key, lesson in sorted(lessons.items()):
        its = known[campaigns[key].round, campaigns[key].number]
        idea = _document(home, its.digest, "idea")
        said = idea.fields if idea else {}
        tactic = named_by(idea, "tactic")
        above = {other for other in cites if key in _reached(cites, other)}
        told = {name: lesson.fields.get(name) for name in ("result", "repeat", "avoid")}
        goal = {name: said.get("goal", {}).get(name) for name in ("baseline", "target")}
        yield {
            **{"campaign": key, "idea": (its.round, its.number), "title": documents.title(home, its.digest), **told},
            **{"objective": said.get("objective"), "audience": said.get("audience", []), "lang": lesson.lang},
            **{"tactic": tactic, "channel": _channel(home, tactic)},
            "way": measured({**goal, "value": lesson.fields.get("value")}, its.ask, 0)["way"],
            **{"rests_on": sorted(_reached(cites, key)), "cited_by": sorted(above)},
            "built_on_by": sorted(set[tuple[int, int]]().union(*(built[one] for one in (key, *above)))),
        }


def _cited(lesson: Document, place: Mapping[bytes, int]) -> set[int]:
    """The campaigns whose idea or lessons a lesson cites."""
    return {place[one] for one in map(parse_digest, lesson.fields.get("cites", ())) if one in place}


def _reached(cites: Mapping[int, set[int]], key: int) -> set[int]:
    """All that is cited, over however many lessons; not itself, where it comes round."""
    found, left = set[int](), [*cites.get(key, ())]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += cites.get(one, ())
    return found - {key}


def _channel(home: Home, tactic: int | None) -> str | None:
    """Where a tactic happens, in its own words."""
    book = brandbook(home)
    one = book.entries.get(tactic or 0)
    paper = book.papers.get(one.paper) if one is not None and one.kind == "tactic" else None
    return paper.fields["channel"] if paper is not None else None


def _values(row: Mapping[str, Any], by: str) -> list[str]:
    found = row[by]
    return found if isinstance(found, list) else [found] if found else []


def _groups(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """By each way to look at them, what their leads would do again, and what no more."""
    for by in BY.choices:
        its: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            for value in _values(row, by):
                its[value].append(row)
        for value, group in sorted(its.items()):
            told = {name: " / ".join(row[name] for row in group) for name in ("repeat", "avoid")}
            reached = sum(row["way"] is not None and row["way"] >= 1 for row in group)
            yield {"by": by, "value": value, "lessons": len(group), "reached": reached, **told}


class ListLessons(Query, name="lesson list", gives={"groups": [_GROUP], "lessons": [_LESSON]}):
    channel: str = option(TEXT, "")
    audience: str = option(TEXT, "")
    objective: str = option(TEXT, "")

    def answer(self, home: Home) -> Mapping[str, Any]:
        wanted = {by: folded(text) for by in BY.choices if (text := vars(self)[by])}
        rows = [
            row
            for row in learnt(home)
            if all(any(text in folded(value) for value in _values(row, by)) for by, text in wanted.items())
        ]
        return {"groups": [*_groups(rows)], "lessons": rows}
