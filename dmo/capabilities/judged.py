"""What can be told of an idea before it is posted: what is wrong with it, and which earlier ones it is like."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.achieved import WAY
from dmo.capabilities.documents import TITLE, paper
from dmo.capabilities.ideas import IDEA, IDEA_SHAPE, STATE, Idea, idea_row, ideas
from dmo.capabilities.lens import CAMPAIGN
from dmo.capabilities.likeness import MILLION, nearest
from dmo.capabilities.lint import faults
from dmo.capabilities.submissions import Submission
from dmo.capabilities.voice import brandbook
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.kinds import NUMBER, TEXT, listed, looking, shape, valued
from dmo.core.view import Query
from dmo.home.brandbook import BrandBook
from dmo.home.documents import Document
from dmo.home.home import Home

_ALIKE = MILLION // 2
"""From here on an idea is much like another."""


def _faults(home: Home, idea: Document, book: BrandBook) -> list[dict[str, Any]]:
    """What is wrong with an idea, in words."""
    found = faults(idea, book)
    for one in found:
        said = {key: "" if value is None else str(value) for key, value in one.items()}
        one["fault"] = words.word("lint", one["said"]).format(**said)
        one["given"] = said["given"] or None
    return found


def _earlier(home: Home) -> dict[tuple[int, int], Document]:
    """The ideas that were posted and not withdrawn, as far as their texts are found."""
    known: dict[tuple[int, int], Document] = {}
    for key, one in home.facts(Idea).items():
        found = documents.document(home, one.digest)
        if not one.is_withdrawn and isinstance(found, Document) and found.kind == "idea":
            known[key] = found
    return known


def remarks(home: Home, idea: Document) -> list[str]:
    """What who posts an idea should know; nothing where there is neither brand nor plan."""
    book = brandbook(home)
    if not book.valid("brand", "objective"):
        return []
    said = [words.word("judged", "fault").format(**one) for one in _faults(home, idea, book)]
    others = {key: one for key, one in _earlier(home).items() if one.digest != idea.digest}
    for (number, place), its in nearest(idea, others, 1):
        if its.ppm >= _ALIKE:
            told = idea_row(home, next(one for one in ideas(home, number) if one.number == place))
            state = words.fill(
                STATE.show(home, told["state"] or "not_passing"), looking(home, valued(IDEA_SHAPE, told))
            )
            named = {"idea": f"{number}/{place}", "title": told["title"], "state": state}
            said.append(words.word("judged", "like").format(**named))
    return said


class LintIdea(
    Query,
    name="idea lint",
    gives={
        **{"title": TITLE, "count": NUMBER},
        "faults": [shape((TEXT, "said field given fault"), number=NUMBER, title=TITLE)],
    },
):
    file: Document = arg(paper("idea"))
    book: str = option(TEXT.called("FILE"), default="")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.home.bookfile import read_book

        book = read_book(Path(self.book), home.store.get) if self.book else brandbook(home)
        found = _faults(home, self.file, book)
        return {"title": self.file.title, "count": len(found) or None, "faults": found}

    def code(self, answer: Mapping[str, Any]) -> int:
        return int(bool(answer["faults"]))


class LikeIdea(
    Query,
    name="idea like",
    gives={
        "title": TITLE,
        "ideas": [
            shape((TEXT, "result repeat avoid"), idea=IDEA, title=TITLE, like=WAY, shared=listed(TEXT), state=STATE)
            | {"campaign": CAMPAIGN}
        ],
    },
):
    file: Document = arg(paper("idea"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        known = _earlier(home)
        lessons = {one.lessons_of: one for one in home.facts(Submission).values() if one.lessons_of}
        rows = []
        for (number, place), its in nearest(self.file, known):
            told = next(one for one in ideas(home, number) if one.number == place)  # asks for its votes
            found = documents.document(home, own.evidence) if (own := lessons.get(told.campaign or 0)) else None
            fields = found.fields if isinstance(found, Document) and found.kind == "lesson" else {}
            row = idea_row(home, told)
            became = {"campaign": told.campaign, "state": row["state"] or "not_passing", "title": row["title"]}
            like = {"idea": (number, place), "like": Decimal(its.ppm) / MILLION, "shared": list(its.shared)}
            rows.append({**{key: fields.get(key) for key in ("result", "repeat", "avoid")}, **became, **like})
        return {"title": self.file.title, "ideas": rows}
