"""The tables of the index: raw logs, typed facts, folds, when to look again, and the cursor that moves with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from dmo.core.abi.codec import checksum
from dmo.core.columns import EventTable, Row, told_of
from dmo.core.facts import Fact, read_key
from dmo.core.folds import Telling, packed, shapes, tellings, unpacked
from dmo.core.logs import Moved, Span
from dmo.core.records import Event
from dmo.core.schema import Database, Foreign

WINDOW = 256
"""Block hashes kept at least: how deep a reorganisation may be without everything being read anew."""
CEILING_SECONDS = 86_400
"""After a day more than a provider last refused is tried again."""
_SHIFT = 24
_INDEX = (1 << _SHIFT) - 1
"""A log's place is its block, then its index in it, in one number: what the chain has later is larger."""
_DEEPEST = 4_096
"""Block hashes kept at most, where blocks are final late."""
_OLD_BLOCKS = (
    "DELETE FROM block WHERE number < (SELECT number FROM block ORDER BY number DESC LIMIT 1 OFFSET ?)"
    " AND number < (SELECT MAX(number) FROM block WHERE number <= ?)"
    " OR number < (SELECT number FROM block ORDER BY number DESC LIMIT 1 OFFSET ?)"
)
_AT_ONCE = 400
_PARTS = itemgetter("blockNumber", "logIndex", "transactionHash", "address", "topics", "data")
Cursor = tuple[int, str] | None
"""Number and hash of the last block whose logs are kept."""
_LOG = "l.event, l.place, l.words, l.tx, l.at"
_REPLACED = "ON CONFLICT (kind, key) DO UPDATE SET "
_Named = tuple[str, Event]
_Log = tuple["_Known", Row, bytes, bytes, int]
"""Event, row, words (topics beside the first, then data), transaction and time of a log."""
_Tells = tuple[Telling, _Log]


_Seen = tuple["_Known", int, Callable[[Row], None], Callable[[bytes], Row], list[Any]]
"""An event, how many topics it has, and where in a batch it goes."""


class Wake(NamedTuple):
    """When to look at a thing again, Unix seconds (0: now; None: never of itself), and what was told the last time."""

    kind: str
    key: str
    at: int | None
    told: bytes | None


class _Known(NamedTuple):
    """An event of a contract: its number in the log, and what it tells of, each with how its key is read."""

    number: int
    told: EventTable
    address: str
    tellings: list[tuple[type[Fact], Callable[[Row], str], Telling]]


@dataclass
class NewRows:
    """What a range of blocks holds: logs, facts by their event, what tells of things, and the blocks' hashes."""

    logs: list[Row] = field(default_factory=list)
    facts: dict[EventTable, list[Row]] = field(default_factory=dict)
    named: dict[type[Fact], dict[str, list[_Tells]]] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)


class Tables:
    """A deployment's index in a database.

    Args:
        place: A file, the URL of a database, None for memory.
        key: What the index is of.
        contracts: Address (as logs have it) → contract.
        kinds: The kinds of facts that are folded.
        can_empty: Whether the index of something else is made anew; Foreign otherwise.
    """

    def __init__(
        self,
        place: Path | str | None,
        key: str,
        contracts: Mapping[str, str],
        kinds: Sequence[type[Fact]] = (),
        *,
        can_empty: bool = True,
    ) -> None:
        self._addresses = sorted(contracts)
        self._names = [(contracts[at], checksum(at)) for at in self._addresses]
        self._kinds = {kind.__name__: kind for kind in kinds}
        known = told_of(contracts)
        self._tellings = {told: tellings(told, kinds) for told in known.values()}
        shape = [self._addresses, shapes(kinds)]
        self.database = Database(place, key, shape, self._tellings, can_empty=can_empty)
        self._numbered = [
            _Known(number, told, checksum(at), [(one.kind, one.key, one) for one in self._tellings[told]])
            for number, ((at, _), told) in enumerate(known.items())
        ]
        self._events = dict(zip(known, self._numbered, strict=True))
        self._told = {one.told.name: one for one in self._numbered}

    # ── reading ──

    def cursor(self) -> Cursor:
        """The last block whose logs are kept; None before the first."""
        with self.database.reading() as connection:
            return self._cursor(connection)

    def finalized(self) -> int | None:
        """The last block that is final, as far as the node said."""
        with self.database.reading() as connection:
            found: int | None = self._run(connection, "SELECT finalized FROM about").scalar_one()
        return found

    def hashes(self) -> dict[int, str]:
        """Hashes of the last blocks, the newest first."""
        with self.database.reading() as connection:
            return dict(map(tuple, self._run(connection, "SELECT * FROM block ORDER BY number DESC")))

    def logs(self, until: int) -> Iterable[tuple[Any, ...]]:
        """All logs up to a block in the order of the chain: contract, address, topics, data, block, index, tx, at."""
        sql = f"SELECT {_LOG} FROM log l WHERE place < ? ORDER BY place"
        with self.database.reading() as connection:
            found = self._run(connection, sql, until + 1 << _SHIFT).all()
        for event, place, words, tx, at in found:
            if event < 0:
                number, topics = divmod(~event, 8)
                names, first = self._names[number], b""
            else:
                told = self._numbered[event].told
                names, first, topics = (told.contract, self._numbered[event].address), told.event.selector, told.topics
            end = 32 * topics
            yield *names, first + words[:end], words[end:], place >> _SHIFT, place & _INDEX, "0x" + tx.hex(), at

    def events(self, names: Iterable[str], where: Mapping[str, Any], until: int) -> list[_Named]:
        """Events by name up to a block whose arguments have these values, in the order of the chain."""
        found: list[_Named] = []
        with self.database.reading() as connection:
            for known in [self._told[name] for name in names if name in self._told]:
                told = known.told
                pairs = [(told.column(key), value) for key, value in where.items()]
                if all(map(told.has, where)):
                    fitting = {c.name: self._stored(c.kind, c.stored(value)) for c, value in pairs if c}
                    logs = self._of(connection, known, fitting, "AND l.place < ?", until + 1 << _SHIFT)
                    found += map(_event, logs)
        found = [one for one in found if all(one[1].arguments[key] == value for key, value in where.items())]
        return sorted(found, key=lambda one: (one[1].block, one[1].index))

    def folds(self, kind: type[Fact], at: Cursor, keys: Sequence[str] | None = None) -> list[Any] | None:
        """Things of a kind in the order of birth, all or by key; None: the cursor is elsewhere, or it is not folded."""
        fits = "" if keys is None else f" AND key IN ({','.join('?' * len(keys))})"
        sql = f"SELECT state FROM fold WHERE kind = ?{fits} ORDER BY born"
        with self.database.reading() as connection:
            if kind.__name__ not in self._kinds or self._cursor(connection) != at:
                return None
            found = self._run(connection, sql, kind.__name__, *(keys or ())) if keys != [] else ()
            return [unpacked(kind, state) for (state,) in found]

    def wakes(self, kinds: Iterable[str] = (), until: int | None = None) -> list[Wake]:
        """What there is to look at up to a time; of some kinds, or all; without a time what else is known of them."""
        sql = "SELECT kind, key, at, told FROM wake"
        with self.database.reading() as connection:
            rows = self._run(connection, *([sql] if until is None else [f"{sql} WHERE at <= ?", until])).all()
        wanted = set(kinds)
        return [Wake(*row) for row in rows if not wanted or row[0] in wanted]

    def still(self, kind: str, at: Cursor, now: int) -> list[Wake] | None:
        """What is not over, and time alone changes no more; None: the cursor is elsewhere, or not all was looked at."""
        which = "SELECT kind, key, at, told FROM wake WHERE kind = ? AND"
        with self.database.reading() as connection:
            is_known = self._cursor(connection) == at
            if not is_known or self._run(connection, f"{which} at <= ? LIMIT 1", kind, now).first():
                return None
            return [Wake(*row) for row in self._run(connection, f"{which} at IS NULL", kind)]

    def counts(self, now: int) -> dict[str, int]:
        """How many events, things, watched things, and those to look at by a time it holds."""
        asked = {"events": "log", "things": "fold", "watched": "wake", "waiting": f"wake WHERE at <= {now:d}"}
        with self.database.reading() as connection:
            return {
                name: int(self._run(connection, f"SELECT COUNT(*) FROM {what}").scalar_one())
                for name, what in asked.items()
            }

    def _of(
        self, connection: sa.Connection, known: _Known, where: Mapping[str, Any], more: str = "", *values: Any
    ) -> list[_Log]:
        """One event's logs whose columns have these values."""
        fits = "".join(f' AND t."{name}" = ?' for name in where)
        sql = f'SELECT {_LOG} FROM "{known.told.table}" t JOIN log l ON l.place = t.place WHERE 1=1{fits} {more}'
        found = self._run(connection, sql, *where.values(), *values)
        return [(known, (place, *known.told.read(words)), words, tx, at) for _, place, words, tx, at in found]

    def _stored(self, kind: str, value: Any) -> Any:
        return value.to_bytes(32, "big") if kind == "units" and not self.database.is_postgres else value

    # ── writing ──

    def batch(self, raws: Sequence[Any], low: int, high: int, times: Mapping[int, int]) -> NewRows:
        """Logs of a range of blocks as they are added; ``times`` of the blocks whose logs tell none.

        Raises:
            Moved: Two logs of a block have different hashes of it.
            KeyError, TypeError, ValueError, AttributeError, struct.error: A log is none.
        """
        batch = NewRows(named={kind: {} for kind in self._kinds.values()})
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
                base, at = block << _SHIFT, int(moment, 16) if moment else times[block]
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
                    keep((place, ~(self._addresses.index(address.lower()) * 8 + len(topics)), tx, at, words))
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
        known = self._events.get((address.lower(), bytes.fromhex(topics[0][2:]))) if topics else None
        if known is None:
            return None
        rows = batch.facts.setdefault(known.told, [])
        named = [(batch.named[kind], key, telling) for kind, key, telling in known.tellings]
        return known, known.told.topics + 1, rows.append, known.told.read, named

    def add(self, before: Cursor, batch: NewRows, cursor: Cursor, finalized: int | None = None) -> bool:
        """Add what a batch holds and move the cursor; False if it is no longer where it was."""
        put = self.database.put
        final = 2**62 if finalized is None else finalized
        hashes = sorted(batch.hashes.items())[-_DEEPEST:]
        newest = [one for place, one in enumerate(hashes, WINDOW) if place >= len(hashes) or one[0] >= final]
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) != before:
                return False
            put(connection, "log", batch.logs)
            for told, rows in batch.facts.items():
                put(connection, f'"{told.table}"', self._in_units(told, rows))
            for kind, named in batch.named.items():
                self._fold(connection, kind, named, cursor)
            put(connection, "block", newest)
            self._run(connection, _OLD_BLOCKS, WINDOW - 1, final, _DEEPEST - 1)
            _move(self.database, connection, cursor, finalized)
        return True

    def _in_units(self, told: EventTable, rows: list[Row]) -> list[Row]:
        """Rows as the database takes them: numbers of PostgreSQL have as many digits as there may be."""
        if not told.large or not self.database.is_postgres:
            return rows
        found = []
        for row in rows:
            turned = list(row)
            for place in told.large:
                turned[place] = int.from_bytes(row[place], "big")
            found.append(tuple(turned))
        return found

    def unwind(self, before: Cursor, cursor: Cursor) -> None:
        """Forget all above a block, or everything; unless another process already did."""
        above = -1 if cursor is None else cursor[0]
        first = above + 1 << _SHIFT
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) != before:
                return
            touched = self._touched(connection, first) if cursor else {}
            for table in ["log", *(told.table for told in self._tellings)]:
                self._run(connection, f'DELETE FROM "{table}" WHERE place >= ?', first)
            self._run(connection, "DELETE FROM block WHERE number > ?", above)
            self._run(connection, "UPDATE reader SET number = ? WHERE number > ?", above, above)
            self._run(connection, "UPDATE wake SET at = 0, told = NULL, block = ? WHERE block > ?", above, above)
            for kind, keys in touched.items():
                self._refold(connection, kind, keys, cursor)
            if cursor is None:
                self._run(connection, "DELETE FROM fold")
                self._run(connection, "DELETE FROM wake")
            self._run(connection, "UPDATE about SET finalized = NULL WHERE finalized > ?", above)
            _move(self.database, connection, cursor, None)

    def looked(self, at: Cursor, found: Sequence[Wake]) -> None:
        """Keep what was told of things at the cursor's block; nothing where the cursor has moved meanwhile."""
        rows = [(one.kind, one.key, one.at, at[0], one.told) for one in found] if at else []
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) == at:
                changes = "at = excluded.at, block = excluded.block, told = excluded.told"
                self.database.put(connection, "wake", rows, _REPLACED + changes)

    def read_to(self, name: str, number: int | None = None) -> int:
        """How far a reader of facts has come, a block; with a number it comes so far. Unwinding takes it back."""
        with self.database.writing() as connection:
            if number is not None:
                self.database.put(
                    connection, "reader", [(name, number)], "ON CONFLICT (name) DO UPDATE SET number = excluded.number"
                )
            row = self._run(connection, "SELECT number FROM reader WHERE name = ?", name).first()
        return -1 if row is None else int(row[0])

    def _fold(
        self, connection: sa.Connection, kind: type[Fact], named: Mapping[str, Sequence[_Tells]], cursor: Cursor
    ) -> None:
        """Tell things what happened to them; what was there before is changed, not read again."""
        known: dict[str, Any] = {}
        keys = [key for key, its in named.items() if its]
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            sql = f"SELECT key, born, state FROM fold WHERE kind = ? AND key IN ({','.join('?' * len(part))})"
            known |= {key: rest for key, *rest in self._run(connection, sql, kind.__name__, *part)}
        self._keep(connection, kind, {key: _folded(kind, known.get(key), named[key]) for key in keys}, cursor)
        number = cursor[0] if cursor else 0
        again = "UPDATE wake SET at = 0, told = NULL, block = ? WHERE kind = ? AND key = ?"
        self.database.repeat(connection, again, [(number, kind.__name__, key) for key, its in named.items() if not its])

    def _refold(self, connection: sa.Connection, kind: type[Fact], keys: Iterable[str], cursor: Cursor) -> None:
        """Fold things from their facts, as if they had never been folded."""
        folded: dict[str, tuple[int, Any] | None] = {}
        told_by = [(known, one) for known in self._numbered for one in self._tellings[known.told] if one.kind is kind]
        for key in keys:
            found: list[_Tells] = []
            for known, telling in told_by:
                if telling.tell:
                    parts = zip(telling.columns, read_key(key), strict=True)
                    where = {column.name: self._stored(column.kind, part) for column, part in parts}
                    found += [(telling, log) for log in self._of(connection, known, where)]
            found.sort(key=lambda one: one[1][1][0])
            folded[key] = _folded(kind, None, found)
        self._keep(connection, kind, folded, cursor)

    def _keep(
        self, connection: sa.Connection, kind: type[Fact], folded: Mapping[str, tuple[int, Any] | None], cursor: Cursor
    ) -> None:
        """Write folds, and that those which are watched are to be looked at; what never was is deleted."""
        name, number = kind.__name__, cursor[0] if cursor else 0
        put, repeat = self.database.put, self.database.repeat
        kept = [(name, key, found[0], packed(found[1])) for key, found in folded.items() if found]
        put(connection, "fold", kept, f"{_REPLACED} born = excluded.born, state = excluded.state")
        gone = [(name, key) for key, found in folded.items() if found is None]
        repeat(connection, "DELETE FROM fold WHERE kind = ? AND key = ?", gone)
        if kind.watched:
            over = [(name, key) for key, found in folded.items() if found is None or found[1].is_over]
            repeat(connection, "DELETE FROM wake WHERE kind = ? AND key = ?", over)
            again = [(name, key, 0, number, None) for key, found in folded.items() if found and not found[1].is_over]
            put(connection, "wake", again, f"{_REPLACED} at = 0, told = NULL, block = excluded.block")

    def _touched(self, connection: sa.Connection, first: int) -> dict[type[Fact], set[str]]:
        """The things that facts from a place on tell of."""
        found: dict[type[Fact], set[str]] = {}
        for told, its in self._tellings.items():
            for telling in its:
                rows = self._run(connection, f'SELECT * FROM "{told.table}" WHERE place >= ?', first)
                found.setdefault(telling.kind, set()).update(map(telling.key, map(tuple, rows)))
        return {kind: keys for kind, keys in found.items() if keys}

    # ── providers ──

    def span(self, host: str) -> Span:
        """What is known of how many blocks of logs a provider gives at once."""
        with self.database.reading() as connection:
            for blocks, ceiling, at in self._run(
                connection, "SELECT blocks, ceiling, at FROM host WHERE name = ?", host
            ):
                return Span(blocks, ceiling if time.time() < at + CEILING_SECONDS else None)
        return Span()

    def keep_span(self, host: str, span: Span) -> None:
        """Remember what a provider gives."""
        changes = "blocks = excluded.blocks, ceiling = excluded.ceiling, at = excluded.at"
        row = (host, span.blocks, span.ceiling, int(time.time()))
        with self.database.writing() as connection:
            self.database.put(connection, "host", [row], f"ON CONFLICT (name) DO UPDATE SET {changes}")

    def _run(self, connection: sa.Connection, sql: str, *values: Any) -> Any:
        return self.database.run(connection, sql, *values)

    def _cursor(self, connection: sa.Connection, *, is_kept: bool = False) -> Cursor:
        """The cursor; kept, nobody else moves it before the transaction's end. Raises Foreign: it is another's now."""
        lock = " FOR UPDATE" if is_kept and self.database.is_postgres else ""
        row = self._run(connection, f"SELECT number, hash, schema, key FROM about{lock}").first()
        if row is None or tuple(row[2:]) != self.database.its:
            raise Foreign
        return None if row[0] is None else (row[0], row[1])


def _event(log: _Log) -> _Named:
    """A log, decoded."""
    (_, told, address, _), row, words, tx, at = log
    place = row[0]
    arguments = told.arguments(row, words)
    index = place & _INDEX
    return told.contract, Event(told.event.name, arguments, address, place >> _SHIFT, "0x" + tx.hex(), index, at)


def _folded(kind: type[Fact], known: Sequence[Any] | None, told: Iterable[_Tells]) -> tuple[int, Any] | None:
    """Place of birth and what a thing, or none yet, is after what tells of it; None where it is none."""
    born, one = (known[0], unpacked(kind, known[1])) if known else (0, None)
    for telling, log in told:
        is_new = one is None
        if telling.bear and is_new:
            one = telling.bear(log[1], *log[3:])
        elif telling.tell:
            one = telling.tell(one, *_event(log))
        if is_new:
            born = log[1][0]
    return None if one is None else (born, one)


def _move(database: Database, connection: sa.Connection, cursor: Cursor, finalized: int | None) -> None:
    number, kept = cursor or (None, None)
    more, values = ("", ()) if finalized is None else (", finalized = ?", (finalized,))
    database.run(connection, f"UPDATE about SET number = ?, hash = ?{more}", number, kept, *values)
