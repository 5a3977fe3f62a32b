"""Advice: the models on the chain, which of them are known to help, and what they say of a text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from dmo.advisor.hashed import LONGEST_TEXT, Model, features, ppm
from dmo.advisor.judging import FixedIdea, Judgement, Place, Posting, Published, counted, fixed, judge, ranks, said_of
from dmo.capabilities.heard import powers_of
from dmo.capabilities.ideas import Idea, frame, ideas
from dmo.capabilities.lens import page_reads
from dmo.core.chain import Event
from dmo.core.facts import Snapshot
from dmo.home.home import Home
from dmo.home.rounds import round_at, round_times

MOST_WORDS = 6
_SETTLED_SECONDS = 3_600
"""After so long no reorganisation changes how a vote ended."""
_PASSING: dict[tuple[int, str, int], dict[int, bool]] = {}
_WEIGHTS: dict[tuple[int, str, str], Model] = {}
_JUDGED: WeakKeyDictionary[Snapshot, list[Adviser]] = WeakKeyDictionary()
_ITEMS: WeakKeyDictionary[Snapshot, tuple[FixedIdea, ...]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Adviser:
    """A model as it stands: who registered it when, and what is known of it."""

    number: int
    at: int
    owner: str
    lang: str
    card: bytes
    rank: int | None
    model: Model
    judgement: Judgement


@dataclass(frozen=True)
class Opinion:
    """What a model says of a text: the chance in ppm that it passes, and the words that moved it most."""

    adviser: Adviser
    ppm: int
    raised: tuple[str, ...]
    lowered: tuple[str, ...]


def _place(event: Event) -> Place:
    return event.block, event.index


def items(home: Home) -> tuple[FixedIdea, ...]:
    """All ideas that have fixed themselves, by round and number."""
    if home.snapshot not in _ITEMS:
        texts: dict[bytes, Published] = {}
        for event in sorted(home.events("DocumentLog.DocumentPublished"), key=_place):
            its = event.arguments
            texts.setdefault(bytes(its["digest"]), Published(event.at, bytes(its["text"])))
        posted = {
            (one.arguments["round"], one.arguments["number"]): _place(one)
            for one in home.events("IdeaBoard.IdeaPosted")
        }
        known, times = home.facts(Idea), frame(home)
        passing = _passing(home, sorted({number for number, _ in known}))
        postings = [
            Posting(
                place=posted[key],
                round=one.round,
                number=one.number,
                author=one.author,
                digest=bytes(one.digest),
                is_withdrawn=one.is_withdrawn,
                is_passing=passing[one.round].get(one.number, False),
            )
            for key, one in known.items()
            if one.round in passing
        ]
        _ITEMS[home.snapshot] = tuple(fixed(postings, texts, times, home.now))
    return _ITEMS[home.snapshot]


def _passing(home: Home, rounds: Sequence[int]) -> dict[int, dict[int, bool]]:
    """Which ideas of the rounds whose vote is over passed; those of old rounds are asked once."""
    board, times = (home.dmo.chain_id, home.dmo.address("IdeaBoard")), frame(home)
    closed = {one: round_times(times, one).voting_closes for one in rounds}
    over = [one for one in rounds if closed[one] <= home.now]
    fresh = [one for one in over if (*board, one) not in _PASSING]
    counts = {number: sum(key[0] == number for key in home.facts(Idea)) for number in fresh}
    home.read([read for one in fresh for read in page_reads(home, "ideas", counts[one], one)])  # all in one batch
    found = {one: {its.number: its.is_passing for its in ideas(home, one)} for one in fresh}
    for one in (one for one in fresh if closed[one] + _SETTLED_SECONDS < home.now):
        _PASSING[*board, one] = found[one]
    return {one: found[one] if one in found else _PASSING[*board, one] for one in over}


def advisers(home: Home) -> list[Adviser]:
    """All models in the order of their registration."""
    if home.snapshot not in _JUDGED:
        events = sorted(home.events("Advisor.ModelRegistered"), key=_place)
        models = _models(home, events)
        ranked = zip(events, ranks(_could_post(home, events)), models, strict=True)
        _JUDGED[home.snapshot] = [
            Adviser(
                **{"number": one.arguments["model"], "at": one.at, "owner": one.arguments["owner"], "rank": rank},
                **{"lang": one.arguments["lang"], "card": bytes(one.arguments["card"]), "model": model},
                judgement=_judgement(model, _place(one), rank, items(home)),
            )
            for one, rank, model in ranked
        ]
    return _JUDGED[home.snapshot]


@lru_cache(maxsize=1_024)
def _judgement(model: Model, since: Place, rank: int | None, known: tuple[FixedIdea, ...]) -> Judgement:
    return judge(said_of(model, counted(known, since)), rank)


def _models(home: Home, events: Sequence[Event]) -> list[Model]:
    """Their weights, each asked once; what the chain forgot in a reorganisation has another transaction."""
    keys = [(home.dmo.chain_id, one.tx, one.arguments["weights"]) for one in events]
    missing = [(key, one) for key, one in zip(keys, events, strict=True) if key not in _WEIGHTS]
    found = home.read([home.reading("Advisor", "weightsOf", one.arguments["model"]) for _, one in missing])
    for (key, one), weights in zip(missing, found, strict=True):
        _WEIGHTS[key] = Model.of(bytes(weights), one.arguments["bias"])
    return [_WEIGHTS[key] for key in keys]


def _could_post(home: Home, events: Sequence[Event]) -> list[bool]:
    """Whether each is among as many as who registered it could post ideas in that round."""
    times = frame(home) if events else None
    if times is None:
        return []
    asked = [(one.arguments["owner"], round_at(times, one.at)) for one in events]
    rounds = sorted({number for _, number in asked if number})
    bars = home.read([home.reading("IdeaBoard", "postingThreshold", number) for number in rounds])
    bar = dict(zip(rounds, bars, strict=True))
    needed: dict[str, set[int]] = defaultdict(set)
    for owner, number in asked:
        needed[owner] |= {number} - {0}
    power_of = powers_of(home, needed, times)
    used: Counter[tuple[str, int]] = Counter()
    found = []
    for key in asked:
        is_one = key[1] > 0 and bar[key[1]] > 0 and power_of(*key) >= bar[key[1]] * (used[key] + 1)
        used[key] += is_one
        found.append(is_one)
    return found


def opinion(adviser: Adviser, text: bytes) -> Opinion:
    """What a model says of a text's first 4,096 bytes."""
    read = text[:LONGEST_TEXT]
    moved = adviser.model.moved(read)
    raised = tuple(word for word, part in moved.items() if part > 0)
    lowered = tuple(word for word, part in moved.items() if part < 0)
    said = ppm(adviser.model.logit(features(read)))
    return Opinion(adviser, said, raised[:MOST_WORDS], lowered[:MOST_WORDS])


def opinions(home: Home, text: bytes) -> list[Opinion]:
    """What the models that are known to help say of a text; nothing where none is."""
    return [opinion(one, text) for one in advisers(home) if one.judgement.is_shown]
