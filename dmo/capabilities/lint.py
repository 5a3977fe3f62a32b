"""Lint: what is wrong with an idea before it is posted, against what the registry of content holds.

It judges by fields and by the registry alone, so that everybody is told the same, in any language. Nothing stops an
idea that it finds fault with: whoever votes may know better.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from dmo.home.brandbook import (
    ATTRIBUTION,
    COMMERCIAL,
    DERIVATIVES,
    NEEDS_APPROVAL,
    SHARE_ALIKE,
    BookAsset,
    BookEntry,
    BrandBook,
)
from dmo.home.documents import Document

TERMS_OF_LICENCES = COMMERCIAL | ATTRIBUTION | DERIVATIVES | SHARE_ALIKE
_FREE, _BY, _ALIKE = COMMERCIAL | DERIVATIVES, COMMERCIAL | ATTRIBUTION | DERIVATIVES, TERMS_OF_LICENCES
LICENCES: dict[str, int] = {
    **dict.fromkeys(("CC0-1.0", "Unlicense", "0BSD", "PDDL-1.0"), _FREE),
    **dict.fromkeys(("CC-BY-3.0", "CC-BY-4.0", "MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"), _BY),
    **dict.fromkeys(("CC-BY-SA-3.0", "CC-BY-SA-4.0", "OFL-1.1", "MPL-2.0", "GPL-2.0-only", "GPL-3.0-only"), _ALIKE),
    **dict.fromkeys(("GPL-2.0-or-later", "GPL-3.0-or-later", "AGPL-3.0-only", "ODbL-1.0"), _ALIKE),
    **dict.fromkeys(("CC-BY-ND-3.0", "CC-BY-ND-4.0"), COMMERCIAL | ATTRIBUTION),
    **dict.fromkeys(("CC-BY-NC-3.0", "CC-BY-NC-4.0"), ATTRIBUTION | DERIVATIVES),
    **dict.fromkeys(("CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"), ATTRIBUTION | DERIVATIVES | SHARE_ALIKE),
    **dict.fromkeys(("CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0"), ATTRIBUTION),
}
"""Licences by SPDX identifier, and the terms they come to: commercial use, attribution, derivatives, share alike."""
OWN_LICENCE = "LicenseRef-"
_NUMBER = re.compile(r"#?([1-9]\d{0,8})")
_MOST = 10**15
Fault = dict[str, Any]
"""``said``: its word of ``[word.lint]``; ``field``: the idea's; ``given``, ``number``, ``title``: what it speaks of."""


def faults(idea: Document, book: BrandBook) -> list[Fault]:
    """What is wrong with an idea, in the order of its fields."""
    return [
        *_place(idea, book),
        *_claims(idea, book),
        *_assets(idea, book),
        *_disclosure(idea, book),
        *_goal(idea, book),
    ]


def number_of(text: str) -> int | None:
    """The number of an entry or asset that somebody wrote; None for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def _fault(said: str, field: str, given: Any = None, number: int | None = None, title: str | None = None) -> Fault:
    return {"said": said, "field": field, "given": given, "number": number, "title": title}


def _title(book: BrandBook, one: BookEntry | BookAsset) -> str | None:
    paper = book.papers.get(one.paper)
    return paper.title if paper else None


def _place(idea: Document, book: BrandBook) -> Iterator[Fault]:
    """Pillar and tactic."""
    for field, none, other in (("pillar", "no_pillar", "other_pillar"), ("tactic", "no_tactic", "other_tactic")):
        if not (given := idea.fields.get(field)):
            yield _fault(none, field)
            continue
        one = book.entries.get(number_of(given) or 0)
        if one is None or one.kind != field:
            yield _fault(other, field, given)
        else:
            yield from _standing(field, one, book)


def _standing(field: str, one: BookEntry | BookAsset, book: BrandBook) -> Iterator[Fault]:
    if not one.is_live:
        yield _fault("retired", field, number=one.number, title=_title(book, one))
    elif not book.is_valid(one):
        yield _fault("expired", field, number=one.number, title=_title(book, one))


def _named(idea: Document, field: str) -> Iterator[tuple[str, int | None, bool]]:
    """What a field names: as written, its number, and whether it stands there a second time."""
    seen: set[int] = set()
    for given in idea.fields.get(field, ()):
        number = number_of(given)
        yield given, number, number in seen
        seen |= {number} if number else set()


def _claims(idea: Document, book: BrandBook) -> Iterator[Fault]:
    """Those that it names are approved, and those that it makes are named."""
    named: set[int] = set()
    for given, number, is_again in _named(idea, "claims"):
        one = book.entries.get(number or 0)
        if one is None or one.kind != "claim":
            yield _fault("other_claim", "claims", given)
            continue
        named.add(one.number)
        if is_again:
            yield _fault("twice", "claims", given)
        yield from _standing("claims", one, book)
        paper = book.papers.get(one.paper)
        for place in paper.fields.get("not_for", ()) if paper else ():
            if folded(place) in map(folded, idea.fields["audience"]):
                yield _fault("claim_not_for", "claims", place, one.number, _title(book, one))
    text = folded(f"{idea.title}\n{idea.body}")
    for one in (its for _, its in sorted(book.entries.items()) if its.kind == "claim" and its.number not in named):
        if any(folded(paper.fields["says"]).rstrip(".。!") in text for paper in book.told(one)):
            said = "claim_unnamed" if book.is_valid(one) else "claim_not_approved"
            yield _fault(said, "claims", number=one.number, title=_title(book, one))


def _assets(idea: Document, book: BrandBook) -> Iterator[Fault]:
    """They are there and may be used as paid work, and their licence says what their terms say."""
    for given, number, is_again in _named(idea, "assets"):
        one = book.assets.get(number or 0)
        if one is None:
            yield _fault("other_asset", "assets", given)
            continue
        if is_again:
            yield _fault("twice", "assets", given)
        yield from _standing("assets", one, book)
        told: dict[str, Any] = {"number": one.number, "title": _title(book, one)}
        if one.terms & NEEDS_APPROVAL and not one.is_endorsed and one.is_live:
            yield _fault("not_endorsed", "assets", **told)
        if not one.terms & COMMERCIAL:
            yield _fault("not_commercial", "assets", **told)
        yield from _licence(one, book, told)


def _licence(one: BookAsset, book: BrandBook, told: dict[str, Any]) -> Iterator[Fault]:
    paper = book.papers.get(one.paper)
    if paper is None or paper.kind != "asset":
        yield _fault("asset_without_text", "assets", **told)
        return
    licence = paper.fields["licence"]
    if licence not in LICENCES:
        if not licence.startswith(OWN_LICENCE):
            yield _fault("unknown_licence", "assets", licence, **told)
    elif LICENCES[licence] != one.terms & TERMS_OF_LICENCES:
        yield _fault("other_licence", "assets", licence, **told)


def _disclosure(idea: Document, book: BrandBook) -> Iterator[Fault]:
    """It says the brand's own line, in any of its languages."""
    given = idea.fields.get("disclosure")
    if not given:
        yield _fault("no_disclosure", "disclosure")
        return
    lines = [paper.fields["disclosure"] for one in book.valid("brand") for paper in book.told(one)]
    if lines and not any(folded(line).rstrip(".。") in folded(given) for line in lines):
        own = [paper for one in book.valid("brand") for paper in book.told(one) if paper.lang == idea.lang]
        yield _fault("other_disclosure", "disclosure", own[0].fields["disclosure"] if own else lines[0])


def _goal(idea: Document, book: BrandBook) -> Iterator[Fault]:
    """There is a way to go, in numbers that can be told apart, and a day that comes."""
    goal = idea.fields["goal"]
    if goal["target"] == goal["baseline"]:
        yield _fault("no_way", "goal", goal["target"])
    elif any(abs(goal[key]) > _MOST for key in ("target", "baseline")):
        yield _fault("far_goal", "goal", max(goal["target"], goal["baseline"], key=abs))
    if not re.search(r"[^\W\d_]", goal["metric"]):
        yield _fault("no_metric", "goal", goal["metric"])
    today = datetime.datetime.fromtimestamp(book.at, datetime.UTC).date()
    if datetime.date.fromisoformat(goal["date"]) <= today:
        yield _fault("goal_over", "goal", goal["date"])


def folded(text: str) -> str:
    """Text as it is compared: width, case and white space aside."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
