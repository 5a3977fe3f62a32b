"""Batches: raw logs of a range of blocks as the index adds them, and what they tell of things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from dmo.core.abi.codec import checksum
from dmo.core.columns import EventTable, Row, told_of
from dmo.core.facts import Fact
from dmo.core.folds import Telling, tellings, unpacked
from dmo.core.logs import Moved
from dmo.core.records import Event

SHIFT = 24
INDEX = (1 << SHIFT) - 1
"""A log's place is its block, then its index in it, in one number: what the chain has later is larger."""
_PARTS = itemgetter("blockNumber", "logIndex", "transactionHash", "address", "topics", "data")

Named = tuple[str, Event]
Log = tuple["Known", Row, bytes, bytes, int]
"""Event, row, words (topics beside the first, then data), transaction and time of a log."""
Tells = tuple[Telling, Log]
_Seen = tuple["Known", int, Callable[[Row], None], Callable[[bytes], Row], list[Any]]
"""An event, how many topics it has, and where in a batch it goes."""


class Known(NamedTuple):
    """An event of a contract: its number in the log, and what it tells of."""

    number: int
    told: EventTable
    address: str
    tellings: list[Telling]


@dataclass
class NewRows:
    """What a range of blocks holds: logs, facts by their event, what tells of things, and the blocks' hashes."""

    logs: list[Row] = field(default_factory=list)
    facts: dict[EventTable, list[Row]] = field(default_factory=dict)
    named: dict[type[Fact], dict[str, list[Tells]]] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)


class Batches:
    """Reads logs of contracts (address as logs have it → name), for some kinds of facts."""

    def __init__(self, contracts: Mapping[str, str], kinds: Sequence[type[Fact]]) -> None:
        self.kinds, self.addresses = tuple(kinds), sorted(contracts)
        self._names = [(contracts[at], checksum(at)) for at in self.addresses]
        self.numbered: list[Known] = []
        self.events: dict[tuple[str, bytes], Known] = {}
        for (at, topic), told in told_of(contracts).items():
            self.events[at, topic] = Known(len(self.numbered), told, checksum(at), tellings(told, self.kinds))
            self.numbered.append(self.events[at, topic])

    def parted(self, event: int, words: bytes) -> tuple[str, str, bytes, bytes]:
        """Contract, address, topics and data of a log by its number and words."""
        if event < 0:
            number, topics = divmod(~event, 8)
            names, first = self._names[number], b""
        else:
            told = self.numbered[event].told
            names, first, topics = (told.contract, self.numbered[event].address), told.event.selector, told.topics
        return *names, first + words[: 32 * topics], words[32 * topics :]

    def batch(self, raws: Sequence[Any], low: int, high: int, times: Mapping[int, int]) -> NewRows:
        """Logs of a range of blocks as they are added; ``times`` of the blocks whose logs tell none.

        Raises:
            Moved: Two logs of a block have different hashes of it.
            KeyError, TypeError, ValueError, AttributeError, struct.error: A log is none.
        """
        batch = NewRows(named={kind: {} for kind in self.kinds})
        keep, fromhex = batch.logs.append, bytes.fromhex
        seen: dict[tuple[str, str], _Seen] = {}
        number = kept = tx_named = None
        base = at = last = 0
        tx = b""
        for raw in raws:
            number_, index, tx_, address, topics, data = _PARTS(raw)
            if number_ != number or raw.get("blockHash") != kept:
                number, kept, moment = number_, raw.get("blockHash"), raw.get("blockTimestamp")
                block = int(number, 16)
                base, at = block << SHIFT, int(moment, 16) if moment else times[block]
                if not low <= block <= high:
                    raise ValueError(block)
                if kept and batch.hashes.setdefault(block, kept) != kept:
                    raise Moved
            place = base + int(index, 16)
            if place <= last:  # nodes as a rule answer in the order of the chain, every log once
                unique = {(int(one["blockNumber"], 16), int(one["logIndex"], 16)): one for one in raws}
                return self.batch([unique[key] for key in sorted(unique)], low, high, times)
            last = place
            if tx_ != tx_named:
                tx_named, tx = tx_, fromhex(tx_[2:])
            if (known := seen.get((address, topics[0])) if topics else None) is None:
                if (known := self._seen(address, topics, batch)) is None:
                    words = fromhex("".join([*topics, data]).replace("0x", ""))
                    keep((place, ~(self.addresses.index(address.lower()) * 8 + len(topics)), tx, at, words))
                    continue
                seen[address, topics[0]] = known
            event, count, add, read, named = known
            if len(topics) != count:
                raise ValueError(topics)
            words = fromhex("".join(topics[1:]).replace("0x", "") + data[2:])
            row = (place, *read(words))
            keep((place, event.number, tx, at, words))
            add(row)
            for things, key, telling in named:
                its_key = key(row)
                if its_key not in things:
                    things[its_key] = []
                if telling.tell:
                    things[its_key].append((telling, (event, row, words, tx, at)))
        return batch

    def _seen(self, address: str, topics: Sequence[str], batch: NewRows) -> _Seen | None:
        """What there is to do with an event's logs in a batch; nothing where nobody knows it."""
        known = self.events.get((address.lower(), bytes.fromhex(topics[0][2:]))) if topics else None
        if known is None:
            return None
        rows = batch.facts.setdefault(known.told, [])
        named = [(batch.named[one.kind], one.key, one) for one in known.tellings]
        return known, known.told.topics + 1, rows.append, known.told.read, named


def event_of(log: Log) -> Named:
    """A log, decoded."""
    (_, told, address, _), row, words, tx, at = log
    place = row[0]
    arguments = told.arguments(row, words)
    index = place & INDEX
    return told.contract, Event(told.event.name, arguments, address, place >> SHIFT, "0x" + tx.hex(), index, at)


def folded(kind: type[Fact], known: Sequence[Any] | None, told: Iterable[Tells]) -> tuple[int, Any] | None:
    """Place of birth and what a thing, or none yet, is after what tells of it; None where it is none."""
    born, one = (known[0], unpacked(kind, known[1])) if known else (0, None)
    for telling, log in told:
        is_new = one is None
        if telling.bear and is_new:
            one = telling.bear(*log[1:])
        elif telling.tell:
            one = telling.tell(one, *event_of(log))
        if is_new:
            born = log[1][0]
    return None if one is None else (born, one)
