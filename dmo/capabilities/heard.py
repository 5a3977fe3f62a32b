"""Needs that were heard: how much each is wanted, what the team answered, what was done for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from dmo.capabilities import documents
from dmo.capabilities.documents import DOCUMENT, TITLE
from dmo.capabilities.ideas import IDEA, STATE, Idea, frame, idea_row
from dmo.capabilities.lens import CAMPAIGN, VOTES
from dmo.capabilities.needing import ANSWER, NEED, posted
from dmo.capabilities.needs import Answered, Backed, HeardNeed, Posted, Power, Said, standing
from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.digests import parse_digest
from dmo.core.errors import BadInput
from dmo.core.facts import Snapshot
from dmo.core.kinds import ACCOUNT, DIGEST, DURATION, FLAG, NUMBER, TEXT, TIME, choice, shape
from dmo.core.records import SHALLOW, Stretch
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home
from dmo.home.rounds import Frame, round_at

_VIEW = "IdeaBoard.postingPower"
_STANDING: WeakKeyDictionary[Snapshot, list[HeardNeed]] = WeakKeyDictionary()
DATE = choice("need_date", "kept", "broken")


def said(home: Home) -> list[Said]:
    """What was said of needs, in the order of the chain."""
    names = [f"NeedsBoard.{name}" for name in ("NeedPosted", "NeedsBacked", "NeedAnswered")]
    found: list[Said] = []
    for event in sorted(home.events(*names), key=lambda one: (one.block, one.index)):
        its = event.arguments
        if event.name == "NeedPosted":
            found.append(Posted(event.at, bytes(its["need"]), its["author"]))
        elif event.name == "NeedsBacked":
            found.append(Backed(event.at, its["holder"], its["needs"], its["percents"]))
        else:
            told = (int(its["answer"]), its["eta"], its["effortDays"], bytes(its["reason"]))
            found.append(Answered(event.at, bytes(its["need"]), *told))
    return found


def needs(home: Home) -> list[HeardNeed]:
    """The needs that count, the most wanted first; powers are asked in one batch, and those of old rounds once."""
    if home.snapshot not in _STANDING:
        told, fixed = said(home), frame(home)
        powers = powers_of(home, _asked(told, fixed, home.now), fixed)
        rounds = sorted({round_at(fixed, one.at) for one in told if isinstance(one, Posted)} - {0})
        bars = home.read([home.reading("IdeaBoard", "postingThreshold", number) for number in rounds])
        bar = dict(zip(rounds, bars, strict=True))
        _STANDING[home.snapshot] = standing(told, fixed, home.now, powers, bar.__getitem__)
    return _STANDING[home.snapshot]


def _asked(told: Sequence[Said], fixed: Frame, now: int) -> dict[str, set[int]]:
    """Whose power of which rounds counts: authors' of the round of a post, holders' of all from their first list on."""
    found: dict[str, set[int]] = defaultdict(set)
    last, first = round_at(fixed, now), dict[str, int]()
    for one in told:
        if isinstance(one, Posted) and (number := round_at(fixed, one.at)):
            found[one.author].add(number)
        elif isinstance(one, Backed) and one.holder not in first:
            first[one.holder] = round_at(fixed, one.at) + 1
            found[one.holder].update(range(first[one.holder], last + 1))
    return found


def powers_of(home: Home, asked: Mapping[str, set[int]], fixed: Frame) -> Power:
    """Posting powers from the index, those that it lacks in one batch; it is given what no shallow fork can change."""
    kept: dict[str, list[Stretch]] = defaultdict(list)
    for one in home.snapshot.stretches(_VIEW):
        kept[one.who].append(one)
    missing = [(who, number) for who, its in sorted(asked.items()) for number in sorted(_lacking(its, kept[who]))]
    found = home.read([home.reading("IdeaBoard", "postingPower", *one) for one in missing])
    head = home.snapshot.head.number
    deep = home.snapshot.chain.block(max(head - SHALLOW, 0)).timestamp if missing else 0
    fresh = dict[tuple[str, int], Stretch]()
    for (who, number), power in zip(missing, found, strict=True):
        its = kept[who]
        place = bisect_left(its, number, key=lambda one: one.low)
        one = Stretch(who, number, number, power)
        if place and its[place - 1].high == number - 1 and its[place - 1].told == power:
            place -= 1
            one = its.pop(place)._replace(high=number)
        its.insert(place, one)
        if fixed.origin + (number - 1) * fixed.round_seconds <= deep:
            fresh[who, one.low] = one
    home.snapshot.keep(_VIEW, [*fresh.values()])

    def power_of(who: str, number: int) -> int:
        its = kept[who]
        place = bisect_right(its, number, key=lambda one: one.low)
        return its[place - 1].told if place and number <= its[place - 1].high else 0

    return power_of


def _lacking(numbers: set[int], its: Sequence[Stretch]) -> set[int]:
    return numbers.difference(*(range(one.low, one.high + 1) for one in its))


_NEED = shape(
    (NUMBER, "number backers effort_days ideas funded"),
    (VOTES, "conviction weight priority"),
    (TIME, "first_eta latest_eta at"),
    **{"need": NEED, "digest": DIGEST, "title": TITLE, "author": ACCOUNT, "answer": ANSWER, "date": DATE},
    **{"answer_seconds": DURATION, "late": FLAG, "answered": FLAG, "merged_into": NEED, "lang": TEXT},
)
_SERVED = shape((CAMPAIGN, "campaign"), idea=IDEA, title=TITLE, state=STATE)
_ANSWER = shape((TIME, "at eta"), answer=ANSWER, effort_days=NUMBER, reason=DIGEST)


def _serving(home: Home) -> dict[bytes, list[Idea]]:
    """The ideas that name a need, by number, digest or CID."""
    known, found = posted(home), dict[bytes, list[Idea]]()
    for one in home.facts(Idea).values():
        idea = documents.document(home, one.digest)
        text = idea.fields.get("need") if isinstance(idea, Document) and not one.is_withdrawn else None
        if not text:
            continue
        written = str(text).strip().lstrip("#")
        if written.isascii() and written.isdigit():
            need = known[int(written) - 1] if 0 < int(written) <= len(known) else None
        else:
            try:
                need = parse_digest(written)
            except BadInput:
                need = None
        if need is not None:
            found.setdefault(need, []).append(one)
    return found


def _row(home: Home, one: HeardNeed, serving: Sequence[Idea]) -> dict[str, Any]:
    kept = one.is_kept(home.now)
    answer = ANSWER.choices[one.answer - 1] if one.answer else None
    about = {"answer": answer, "date": None if kept is None else "kept" if kept else "broken"}
    paper = documents.document(home, one.need)
    return {
        **{key: getattr(one, key) for key in ("number", "need", "author", "at", "conviction", "merged_into")},
        **{"backers": one.backers or None, "effort_days": one.effort or None, "priority": one.priority},
        **{"first_eta": one.first_eta, "latest_eta": one.latest_eta if one.latest_eta != one.first_eta else None},
        **{"weight": one.weights[-1] if one.weights else 0, "title": documents.title(home, one.need)},
        **{"late": one.is_late(home.now), "answered": bool(one.answers), "digest": one.need},
        **{"answer_seconds": one.seconds_to_answer(home.now), **about},
        **{"ideas": len(serving) or None, "funded": sum(its.campaign is not None for its in serving) or None},
        "lang": paper.lang if isinstance(paper, Document) else None,
    }


def _uncounted(home: Home, need: bytes) -> HeardNeed:
    """A need that was posted and does not count. Raises NotFound: nobody has posted it."""
    told = said(home)
    first = next((one for one in told if isinstance(one, Posted) and one.need == need), None)
    if first is None:
        raise words.missing("need_not_posted", need=NEED.show(home, need))
    answers = [one for one in told if isinstance(one, Answered) and one.need == need]
    number = posted(home).index(need) + 1
    return HeardNeed(number, need, first.author, first.at, round_at(frame(home), first.at), answers)


class ListNeeds(Query, name="need list", gives={"needs": [_NEED]}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        serving = _serving(home)
        shown = [one for one in needs(home) if self.everything or one.merged_into is None]
        return {"needs": [_row(home, one, serving.get(one.need, ())) for one in shown]}


class ShowNeed(
    Query,
    name="need show",
    gives={"item": _NEED, "counts": FLAG, "document": DOCUMENT, "answers": [_ANSWER], "served": [_SERVED]},
):
    need: bytes = arg(NEED)

    def answer(self, home: Home) -> Mapping[str, Any]:
        counted = next((its for its in needs(home) if its.need == self.need), None)
        one = counted or _uncounted(home, self.need)
        serving = _serving(home).get(one.need, [])
        answers = [
            {
                **{"at": its.at, "eta": its.eta or None, "answer": ANSWER.choices[its.answer - 1]},
                **{"effort_days": its.effort or None, "reason": its.reason if any(its.reason) else None},
            }
            for its in one.answers
        ]
        rows = [idea_row(home, its) for its in serving]
        served = [
            {"idea": (row["round"], row["number"]), "state": row["state"] or "not_passing", **row} for row in rows
        ]
        served = [{key: row[key] for key in ("idea", "title", "state", "campaign")} for row in served]
        shown: dict[str, Any] = {"item": _row(home, one, serving), "answers": answers, "served": served}
        shown["counts"] = counted is not None
        return {**shown, "document": documents.document(home, one.need, is_far=True)}
