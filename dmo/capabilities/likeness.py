"""Likeness: which earlier ideas are nearest to one, by what they share; in any language, without a model.

An idea's features are its words, pieces of its words (so that endings do not matter) and, where a script writes no
spaces, pairs of its letters; and what its fields name. Two ideas are as like as the weight of what both have is of what
either has: a feature weighs the more, the fewer ideas have it. All in whole numbers, so everybody is told the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dmo.home.documents import Document

K = TypeVar("K")
MILLION = 10**6
_PIECE = 4
_FIELD_WEIGHT = 2
_NAMED = ("objective", "audience", "pillar", "tactic", "need", "claims", "assets", "builds_on")
_RUNS = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
Feature = tuple[str, str]


def features(idea: Document) -> frozenset[Feature]:
    """What an idea has, each with where it has it."""
    goal = idea.fields.get("goal", {})
    found = {("text", piece) for piece in pieces(f"{idea.title}\n{idea.body}\n{goal.get('metric', '')}")}
    for name in _NAMED:
        given = idea.fields.get(name) or []
        found |= {(name, one.strip().casefold()) for one in ([given] if isinstance(given, str) else given)}
    return frozenset(found)


def pieces(text: str) -> set[str]:
    """Words, pieces of longer words, and pairs of letters where words are not set apart."""
    found: set[str] = set()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
        for letters in _UNSPACED.findall(run):
            found |= {letters[at : at + 2] for at in range(max(len(letters) - 1, 1))}
        for word in _UNSPACED.sub(" ", run).split():
            found.add(f"{word} ")
            found |= {word[at : at + _PIECE] for at in range(len(word) - _PIECE + 1)}
    return found


@dataclass(frozen=True)
class Likeness:
    """How many millionths two ideas are alike, and the words that both have, the rarest first."""

    ppm: int
    shared: tuple[str, ...] = ()


def likeness(idea: Document, others: Mapping[K, Document], most_words: int = 6) -> dict[K, Likeness]:
    """How like an idea each of the others is."""
    own = features(idea)
    has = {key: features(other) for key, other in others.items()}
    counts = Counter(one for its in has.values() for one in its)

    def weight(one: Feature) -> int:
        rarity = (len(has) + 1) // (counts[one] + 1)
        return (rarity.bit_length() + 1) * (1 if one[0] == "text" else _FIELD_WEIGHT)

    weights = {one: weight(one) for one in {*own, *counts}}
    found = {}
    for key, its in has.items():
        both, either = own & its, own | its
        shared, whole = sum(map(weights.__getitem__, both)), sum(map(weights.__getitem__, either))
        said = sorted(one for one in both if one[0] != "text" or one[1].endswith(" ") or _UNSPACED.match(one[1]))
        said.sort(key=lambda one: -weights[one])
        words = tuple(one[1].strip() for one in said if one[0] == "text")[:most_words]
        found[key] = Likeness(shared * MILLION // whole if whole else 0, words)
    return found


def nearest(idea: Document, others: Mapping[K, Document], most: int = 5) -> Sequence[tuple[K, Likeness]]:
    """The others that are most like it, the nearest first, ties in their order; none that shares nothing."""
    found = [(key, its) for key, its in likeness(idea, others).items() if its.ppm]
    return sorted(found, key=lambda pair: -pair[1].ppm)[:most]
