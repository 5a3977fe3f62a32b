"""Following the chain: the index brought to each new head, and told what has become of what is watched."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from dmo.core import abi
from dmo.core.abi.codec import encode
from dmo.core.chain import Block
from dmo.core.errors import NetworkError, Refused
from dmo.core.facts import Fact, read_key
from dmo.core.records import Read
from dmo.core.store import EventStore
from dmo.home.home import Home

if TYPE_CHECKING:
    from dmo.core.tables import Wake

_AT_ONCE = 1_000
"""Things that are looked at before what was told is kept."""


class Difference(NamedTuple):
    """What the index says of a thing, and what a view says."""

    thing: str
    field: str
    kept: str
    told: str


class Follower:
    """Brings the index of a home to the head of its chain; one process writes it, any number read."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.index: EventStore = home.opened_index(owns=True)
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
