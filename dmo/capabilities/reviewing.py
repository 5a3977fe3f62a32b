"""A draft, looked over before it is bound to anything: faults, what it is like, advice, and how hard it is to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.documents import MOST_BYTES, TITLE, paper
from dmo.capabilities.judged import LikeIdea, LintIdea
from dmo.core.act import arg
from dmo.core.kinds import NUMBER, TEXT, choice, shape
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_END = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f]+(?=\s|$|[\u201d\"'\u00bb)\]])|[\u3002\uff01\uff1f]+|\n\s*\n|\n\s*(?=[-*#>]|\d+\.)"
)
_CODE = re.compile(r"```.*?```|`[^`]*`|https?://\S+|[#*_>|]", re.DOTALL)
_LONG = 6
"""Letters beyond which a word counts as long, as LIX has it."""
_MINUTE, _MINUTE_UNSPACED = 200, 400
_LEVELS = ("easy", "plain", "hard", "very_hard")
_LIX, _LETTERS = (40, 50, 60), (25, 40, 60)
"""From where on a text is plain, hard, very hard: LIX, and letters a sentence where words are not set apart."""


@dataclass(frozen=True)
class Advice:
    """What an advisor makes of a draft.

    Attributes:
        by: Which advisor.
        says: What it says, in a sentence.
        moved_by: The words that moved it most.
    """

    by: str
    says: str
    moved_by: tuple[str, ...] = ()


_ADVISORS: list[Callable[[Home, Document], Iterator[Advice]]] = []


def advises(function: Callable[[Home, Document], Iterator[Advice]]) -> Callable[[Home, Document], Iterator[Advice]]:
    """A capability's part: what advisors that are known to help make of a draft; nothing where none is."""
    _ADVISORS.append(function)
    return function


@dataclass(frozen=True)
class Reading:
    """How long a text is, and how hard: counts of its body, minutes rounded up.

    Attributes:
        level: One of easy, plain, hard, very_hard; empty where there is nothing to read.
        score: LIX, or letters a sentence where the script sets no words apart.
    """

    words: int
    letters: int
    sentences: int
    minutes: int
    score: int
    level: str
    is_spaced: bool


def reading(text: str) -> Reading:
    """Read a body: the same numbers for everybody, in whole numbers alone."""
    plain = _CODE.sub(" ", text)
    sentences = [one for one in _END.split(plain) if any(map(str.isalnum, one))]
    unspaced, known = len(_UNSPACED.findall(plain)), _WORD.findall(_UNSPACED.sub(" ", plain))
    letters = sum(map(str.isalnum, plain))
    is_spaced = unspaced * 2 <= letters
    count = max(len(sentences), 1)
    if is_spaced:
        long = sum(len(one) > _LONG for one in known)
        score = len(known) // count + 100 * long // max(len(known), 1)
        minutes, bars = -(-len(known) // _MINUTE), _LIX
    else:
        score, minutes, bars = letters // count, -(-letters // _MINUTE_UNSPACED), _LETTERS
    level = _LEVELS[sum(score >= bar for bar in bars)] if letters else ""
    return Reading(len(known), letters, len(sentences), minutes, score, level, is_spaced)


REVIEWED = {
    **shape((TEXT, "kind lang same_as"), (NUMBER, "bytes words letters sentences minutes score count"), title=TITLE),
    "room": NUMBER,
    "level": choice("reading_level", *_LEVELS),
    "measure": choice("reading_measure", "words", "letters"),
    "compared": choice("review_compared", "idea", "other"),
    "faults": LintIdea.gives["faults"],
    "ideas": LikeIdea.gives["ideas"],
    "advice": [shape((TEXT, "by says moved_by"))],
}


class ReviewDocument(Query, name="document review", gives=REVIEWED):
    file: Document = arg(paper(None))

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = self.file
        its = reading(found.body)
        is_idea = found.kind == "idea"
        faults = LintIdea(found).answer(home)["faults"] if is_idea else []
        advice: Sequence[Advice] = [one for part in _ADVISORS for one in part(home, found)]
        told = {key: getattr(its, key) for key in ("words", "letters", "sentences", "minutes", "score", "level")}
        return {
            **told,
            **{key: getattr(found, key) for key in ("kind", "title", "lang")},
            "bytes": len(found.raw),
            "room": max(MOST_BYTES - len(found.raw), 0) or None,
            "measure": ("words" if its.is_spaced else "letters") if its.level else "",
            "compared": "idea" if is_idea else "other",
            "same_as": documents.same_text(home, found.digest),
            "count": len(faults) or None,
            "faults": faults,
            "ideas": LikeIdea(found).answer(home)["ideas"] if is_idea else [],
            "advice": [{**vars(one), "moved_by": ", ".join(one.moved_by)} for one in advice],
        }

    def code(self, answer: Mapping[str, Any]) -> int:
        return int(bool(answer["faults"]))
