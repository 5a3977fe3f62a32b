"""Following the chain: the index brought to each new head, and told what has become of what is watched."""

from __future__ import annotations

import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from dmo.core import abi, words
from dmo.core.abi.codec import encode
from dmo.core.chain import Block
from dmo.core.errors import NetworkError, Refused
from dmo.core.facts import Fact, read_key
from dmo.core.records import Read
from dmo.core.store import EventStore
from dmo.home.home import Home

if TYPE_CHECKING:
    from dmo.core.tables import Wake

_BLOCKS = 2_000
"""Blocks whose events are asked for again."""
_AT_ONCE = 1_000
"""Things that are looked at before what was told is kept."""


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that SIGTERM or SIGINT sets, while this lasts."""
    over = threading.Event()
    before = [(one, signal.signal(one, lambda *_: over.set())) for one in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield over
    finally:
        for one, handler in before:
            signal.signal(one, handler)


class Difference(NamedTuple):
    """What the index says of a thing, and what a view says."""

    thing: str
    field: str
    kept: str
    told: str


class Follower:
    """Brings the index of a home to the head of its chain; one process writes it, any number read."""

    def __init__(self, home: Home, *, owns: bool = True) -> None:
        self.home = home
        self.index: EventStore = home.opened_index(owns=True) if owns else home.index
        home.__dict__["index"] = self.index
        self._watched = {kind.__name__: kind for kind in Fact.kinds if kind.watched}

    def step(self) -> Block:
        """Go to the latest block, and look at what there is to look at. Raises NetworkError: the node, or the index."""
        self.home.look_again()
        snapshot = self.home.snapshot
        self.index.sync(snapshot.chain, snapshot.head)
        self.look()
        return snapshot.head

    def look(self) -> int:
        """Ask the lists for what is to be looked at now, and keep what they tell; says of how many things."""
        snapshot = self.home.snapshot
        head = snapshot.head
        waiting = self.index.wakes(self._watched, snapshot.now)
        for start in range(0, len(waiting), _AT_ONCE):
            part = waiting[start : start + _AT_ONCE]
            reads = [self._reading(self._watched[one.kind], read_key(one.key)) for one in part]
            told = zip(part, reads, snapshot.chain.try_read(reads), strict=True)
            found = [_told(self._watched[one.kind], one, read, answer) for one, read, answer in told]
            self.index.looked((head.number, head.hash), found)
        return len(waiting)

    def run(self, wait: Callable[[], bool], say: Callable[[str, str], None]) -> None:
        """Follow until ``wait`` says that it is over. A node that fails is asked again; what happened is said."""
        at = ""
        while True:
            try:
                head = self.step()
            except NetworkError as error:
                say("failed", error.message)
            else:
                if head.hash != at:
                    say("block", str(head.number))
                at = head.hash
            if wait():
                return

    def left_out(self, rounds: Collection[int], pick: random.Random | None = None) -> list[Difference]:
        """What a node may have left out: things behind or between those that are known, and events of some blocks.

        Args:
            rounds: Those that may have ideas though none is known.
            pick: Chooses the blocks; the newest are among them.
        """
        missing = self._missing({(number,) for number in rounds})
        chain, head = self.home.snapshot.chain, self.home.snapshot.head.number
        places = [at for name in self.home.dmo.addresses if (at := self.index.address(name))]
        kept = Counter(one.block for one in self.index.logs())
        rnd = pick or random.Random()  # noqa: S311 - any will do
        for start in {max(head - _BLOCKS + 1, self.index.birth), rnd.randint(self.index.birth, head)}:
            end = min(start + _BLOCKS - 1, head)
            told = len(chain.logs({"address": places}, start, end))
            mine = sum(kept[block] for block in range(start, end + 1))
            missing += _apart(f"blocks {start}-{end}", [("events", mine)], [("events", told)])
        return missing

    def _missing(self, empty: Collection[tuple[int, ...]]) -> list[Difference]:
        """Things that are not known though a later one is, or though the list has one after the last."""
        missing, following = list[str](), list[tuple[type[Fact], tuple[int, ...]]]()
        for kind in (kind for kind in Fact.kinds if kind.listed):
            numbers: dict[tuple[int, ...], set[int]] = {group: set() for group in (empty if kind.key[1:] else [()])}
            for key in self.home.facts(kind):
                *before, number = key if isinstance(key, tuple) else (key,)
                numbers.setdefault(tuple(before), set()).add(number)
            for group, its in numbers.items():
                last = max(its, default=0)
                missing += [_name(kind, (*group, number)) for number in range(1, last) if number not in its]
                following.append((kind, (*group, last + 1)))
        answers = self.home.snapshot.chain.try_read([self._reading(*one) for one in following])
        for (kind, key), answer in zip(following, answers, strict=True):
            if not isinstance(answer, Refused) and kind.records(answer):
                missing.append(_name(kind, key))
        lacks, has = (words.word("index", word) for word in ("lacks", "has"))
        return [Difference(name, "", lacks, has) for name in missing]

    def compared(self, count: int, pick: random.Random | None = None) -> tuple[int, list[Difference]]:
        """Compare so many things with the views at the same block; says how many there were, and what differs."""
        rnd = pick or random.Random()  # noqa: S311 - any will do
        listed = [kind for kind in Fact.kinds if kind.listed]
        things = [(kind, key, one) for kind in listed for key, one in self.home.facts(kind).items()]
        chosen = rnd.sample(things, min(count, len(things)))
        reads = [self._reading(kind, key if isinstance(key, tuple) else (key,)) for kind, key, _ in chosen]
        kept = {(one.kind, one.key): one for one in self.index.wakes(self._watched)}
        found = []
        for (kind, key, one), read, answer in zip(chosen, reads, self.home.snapshot.chain.try_read(reads), strict=True):
            name = f"{kind.__name__} {key}"
            if isinstance(answer, Refused) or not kind.records(answer):
                found.append(Difference(name, "", str(one), getattr(answer, "name", "")))
                continue
            wake = kept.get((kind.__name__, str(key)))
            if wake and wake.told and (wake.at is None or wake.at > self.home.snapshot.now):
                held = abi.decode_result(read.contract, read.function, wake.told)
                found += _apart(name, list(_flat(kind, held)), list(_flat(kind, answer)))
            known = {field.name for field in fields(kind) if field.default is MISSING}
            told = [(key, value) for key, value in _flat(kind, answer) if key in known and getattr(one, key)]
            found += _apart(name, [(key, getattr(one, key)) for key, _ in told], told)
        return len(chosen), found

    def _reading(self, kind: type[Fact], key: Sequence[Any]) -> Read:
        return kind.reading(self.home.dmo.address(kind.listed.partition(".")[0]), key)


def _name(kind: type[Fact], key: Sequence[int]) -> str:
    return f"{kind.__name__} {'/'.join(map(str, key))}"


def _told(kind: type[Fact], one: Wake, read: Read, answer: Any) -> Wake:
    """What there is to keep of an answer; what is refused, or on a fork that lacks it, is asked again."""
    if isinstance(answer, Refused) or not kind.records(answer):
        return one._replace(at=0, told=None)
    outputs = [field.kind for field in abi.entry(read.contract, read.function).outputs]
    return one._replace(at=kind.holds_until(answer), told=encode(outputs, answer))


def _flat(kind: type[Fact], answer: Any) -> Iterator[tuple[str, Any]]:
    """The fields of one record of a list, those of its structs among them."""
    for record in kind.records(answer):
        for name, value in record.items():
            yield from value.items() if isinstance(value, dict) else [(name, value)]


def _apart(thing: str, kept: Sequence[tuple[str, Any]], told: Sequence[tuple[str, Any]]) -> list[Difference]:
    pairs = zip(kept, told, strict=True)
    return [Difference(thing, name, str(mine), str(theirs)) for (name, mine), (_, theirs) in pairs if mine != theirs]
