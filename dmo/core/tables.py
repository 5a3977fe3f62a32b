"""The tables of the index: raw logs, typed facts, folds, when to look again, and the cursor that moves with them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from dmo.core import abi
from dmo.core.abi.codec import checksum
from dmo.core.columns import EventTable, told_of
from dmo.core.facts import Fact, read_key, tell
from dmo.core.folds import NewRows, packed, shapes, tellings, unpacked
from dmo.core.logs import Span
from dmo.core.records import Event
from dmo.core.schema import Database

WINDOW = 256
"""Block hashes kept: how deep a reorganisation may be without everything being read anew."""
CEILING_SECONDS = 86_400
"""After a day more than a provider last refused is tried again."""
_AT_ONCE = 400
Cursor = tuple[int, str] | None
"""Number and hash of the last block whose logs are kept."""
_OLD_BLOCKS = "DELETE FROM block WHERE number NOT IN (SELECT number FROM block ORDER BY number DESC LIMIT ?)"
_LOG = "l.block, l.idx, l.contract, l.event, l.topics, l.data, l.tx, l.at"
_REPLACED = "ON CONFLICT (kind, key) DO UPDATE SET "
_Named = tuple[str, Event]


class Wake(NamedTuple):
    """When to look at a thing again, Unix seconds (0: now; None: never of itself), and what was told the last time."""

    kind: str
    key: str
    at: int | None
    told: bytes | None


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
        self._places = {at: place for place, at in enumerate(self._addresses)}
        self._kinds = {kind.__name__: kind for kind in kinds}
        known = told_of(contracts)
        self._tellings = {told: tellings(told, kinds) for told in known.values()}
        self._told = {told.name: told for told in known.values()}
        shape = [self._addresses, shapes(kinds)]
        self.database = Database(place, key, shape, self._tellings, can_empty=can_empty)
        self._topics = [b"", *(topic for _, topic in known)]
        units = (lambda raw: int.from_bytes(raw, "big")) if self.database.is_postgres else None
        self._events = {
            (at, topic): (number, told, told.reader(units), [(one.kind, one.only, one) for one in self._tellings[told]])
            for number, ((at, topic), told) in enumerate(known.items(), 1)
        }

    # ── reading ──

    def cursor(self) -> Cursor:
        """The last block whose logs are kept; None before the first."""
        with self.database.reading() as connection:
            return self._cursor(connection)

    def hashes(self) -> dict[int, str]:
        """Hashes of the last blocks, the newest first."""
        with self.database.reading() as connection:
            return dict(map(tuple, self._run(connection, "SELECT * FROM block ORDER BY number DESC")))

    def logs(self, until: int | None = None) -> Sequence[Any]:
        """All logs up to a block in the order of the chain: block, idx, contract and address, topics, data, tx, at."""
        sql = f"SELECT {_LOG} FROM log l WHERE block <= ? ORDER BY block, idx"
        with self.database.reading() as connection:
            found = self._run(connection, sql, 2**62 if until is None else until).all()
        return [
            (block, idx, *self._names[place], self._topics[event] + topics, *rest)
            for block, idx, place, event, topics, *rest in found
        ]

    def events(self, names: Iterable[str], where: Mapping[str, Any], until: int) -> list[_Named]:
        """Events by name up to a block whose arguments have these values, in the order of the chain."""
        found: list[_Named] = []
        with self.database.reading() as connection:
            for told in [self._told[name] for name in names if name in self._told]:
                pairs = [(told.column(key), value) for key, value in where.items()]
                if all(map(told.has, where)):
                    fitting = {c.name: self._stored(c.kind, c.stored(value)) for c, value in pairs if c}
                    found += self._of(connection, told, fitting, "AND l.block <= ?", until)
        found = [one for one in found if all(one[1].arguments[key] == value for key, value in where.items())]
        return sorted(found, key=lambda one: (one[1].block, one[1].index))

    def news(self, names: Iterable[str], above: int, at: tuple[int, str]) -> list[_Named] | None:
        """Events by name above a block, to another one, read as one state; None where that one is not held."""
        found: list[_Named] = []
        with self.database.reading() as connection:
            if not self._holds(connection, at):
                return None
            for told in [self._told[name] for name in names if name in self._told]:
                found += self._of(connection, told, {}, "AND t.block > ? AND t.block <= ?", above, at[0])
        return sorted(found, key=lambda one: (one[1].block, one[1].index))

    def folds(self, kind: type[Fact], at: Cursor, keys: Sequence[str] | None = None) -> list[Any] | None:
        """Things of a kind in the order of birth, all or by key; None: the cursor is elsewhere, or it is not folded."""
        fits = "" if keys is None else f" AND key IN ({','.join('?' * len(keys))})"
        sql = f"SELECT state FROM fold WHERE kind = ?{fits} ORDER BY block, idx"
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
        return [Wake(kind, key, at, told) for kind, key, at, told in rows if not wanted or kind in wanted]

    def still(self, kind: str, at: Cursor, now: int) -> list[Wake] | None:
        """What is not over, and time alone changes no more; None: the cursor is elsewhere, or not all was looked at."""
        which = "SELECT kind, key, at, told FROM wake WHERE kind = ? AND"
        with self.database.reading() as connection:
            is_known = self._cursor(connection) == at
            if not is_known or self._run(connection, f"{which} at <= ? LIMIT 1", kind, now).first():
                return None
            return [Wake(*row) for row in self._run(connection, f"{which} at IS NULL", kind)]

    def has_events(self) -> bool:
        """Whether it holds any."""
        with self.database.reading() as connection:
            return self._run(connection, "SELECT 1 FROM log LIMIT 1").first() is not None

    def counts(self, now: int) -> dict[str, int]:
        """How many events, things, watched things, and those to look at by a time it holds."""
        asked = {"events": "log", "things": "fold", "watched": "wake", "waiting": f"wake WHERE at <= {now:d}"}
        with self.database.reading() as connection:
            return {
                name: int(self._run(connection, f"SELECT COUNT(*) FROM {what}").scalar_one())
                for name, what in asked.items()
            }

    def _of(
        self, connection: sa.Connection, told: EventTable, where: Mapping[str, Any], more: str = "", *values: Any
    ) -> list[_Named]:
        """One event's logs whose columns have these values, decoded."""
        fits = "".join(f' AND t."{name}" = ?' for name in where)
        sql = f'SELECT {_LOG} FROM "{told.table}" t JOIN log l ON l.block = t.block AND l.idx = t.idx WHERE 1=1{fits}'
        found = self._run(connection, f"{sql} {more}", *where.values(), *values)
        return [one for row in found if (one := self._decoded(*row))]

    def _decoded(
        self, block: int, idx: int, place: int, event: int, topics: bytes, data: bytes, tx: bytes, at: int
    ) -> _Named | None:
        contract, address = self._names[place]
        told = abi.event_in(contract, self._topics[event] + topics, data)
        return (contract, Event(*told, address, block, "0x" + tx.hex(), idx, at)) if told else None

    def _stored(self, kind: str, value: Any) -> Any:
        return value.to_bytes(32, "big") if kind == "units" and not self.database.is_postgres else value

    # ── writing ──

    def batch(self, rows: Iterable[tuple[int, int, Any]], times: Mapping[int, int]) -> NewRows:
        """Logs, each with its block and index, as they are added; ``times`` of the blocks whose logs tell none.

        Raises:
            KeyError, TypeError, ValueError: A log is none.
        """
        batch = NewRows(named={kind: {} for kind in self._kinds.values()})
        keep, facts, named = batch.logs.append, batch.facts, batch.named
        events, places = self._events, self._places
        fromhex = bytes.fromhex
        for block, idx, raw in rows:
            address, moment = raw["address"].lower(), raw.get("blockTimestamp")
            place, at = places[address], int(moment, 16) if moment else times[block]
            topics, data = fromhex("".join(raw["topics"]).replace("0x", "")), fromhex(raw["data"][2:])
            tx = fromhex(raw["transactionHash"][2:])
            if (known := events.get((address, topics[:32]))) is None:
                keep((block, idx, place, 0, tx, at, topics, data))
                continue
            number, told, read, tellings = known
            topics = topics[32:]  # the first one is the event's
            keep((block, idx, place, number, tx, at, topics, data))
            row = (block, idx, *read(topics + data))
            if told.table in facts:
                facts[told.table].append(row)
            else:
                facts[told.table] = [row]
            event = None
            for kind, only, one in tellings:
                its, key = named[kind], one.key(row) if only is None else str(row[only])
                if key not in its:
                    its[key] = []
                if not one.is_folded:
                    continue
                if event is None:
                    if (arguments := told.arguments(row)) is None:
                        event = self._decoded(block, idx, place, number, topics, data, tx, at)
                    else:
                        contract, where = self._names[place]
                        its_tx = raw["transactionHash"]
                        event = contract, Event(told.event.name, arguments, where, block, its_tx, idx, at)
                if event:
                    its[key].append(event)
        return batch

    def add(self, before: Cursor, batch: NewRows, hashes: Mapping[int, str], cursor: Cursor) -> bool:
        """Add what a batch holds and move the cursor; False if it is no longer where it was."""
        newest = [(number, kept) for number, kept in sorted(hashes.items())[-WINDOW:]]
        put = self.database.put
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) != before:
                return False
            put(connection, "log", batch.logs)
            for table, rows in batch.facts.items():
                put(connection, f'"{table}"', rows)
            for kind, named in batch.named.items():
                self._fold(connection, kind, named, cursor)
            put(connection, "block", newest)
            self._run(connection, _OLD_BLOCKS, WINDOW)
            _move(self.database, connection, cursor)
        return True

    def unwind(self, before: Cursor, cursor: Cursor) -> None:
        """Forget all above a block, or everything; unless another process already did."""
        above = -1 if cursor is None else cursor[0]
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) != before:
                return
            touched = self._touched(connection, above) if cursor else {}
            for table in ["log", *(told.table for told in self._tellings)]:
                self._run(connection, f'DELETE FROM "{table}" WHERE block > ?', above)
            self._run(connection, "DELETE FROM block WHERE number > ?", above)
            self._run(connection, "UPDATE reader SET number = ? WHERE number > ?", above, above)
            self._run(connection, "UPDATE wake SET at = 0, told = NULL, block = ? WHERE block > ?", above, above)
            for kind, keys in touched.items():
                self._refold(connection, kind, keys, cursor)
            if cursor is None:
                self._run(connection, "DELETE FROM fold")
                self._run(connection, "DELETE FROM wake")
            _move(self.database, connection, cursor)

    def looked(self, at: Cursor, found: Sequence[Wake]) -> None:
        """Keep what was told of things at the cursor's block; nothing where the cursor has moved meanwhile."""
        rows = [(one.kind, one.key, one.at, at[0], one.told) for one in found] if at else []
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) == at:
                self.database.put(
                    connection,
                    "wake",
                    rows,
                    f"{_REPLACED} at = excluded.at, block = excluded.block, told = excluded.told",
                )

    def read_to(self, name: str, number: int | None = None, kept: str | None = None) -> int:
        """Like the store's: a reader may have read what was undone meanwhile."""
        with self.database.writing() as connection:
            self._cursor(connection, is_kept=True)
            if number is not None and (kept is None or self._holds(connection, (number, kept))):
                self.database.put(
                    connection, "reader", [(name, number)], "ON CONFLICT (name) DO UPDATE SET number = excluded.number"
                )
            row = self._run(connection, "SELECT number FROM reader WHERE name = ?", name).first()
        return -1 if row is None else int(row[0])

    def _fold(
        self, connection: sa.Connection, kind: type[Fact], named: Mapping[str, Sequence[_Named]], cursor: Cursor
    ) -> None:
        """Tell things what happened to them; what was there before is changed, not read again."""
        known: dict[str, Any] = {}
        keys = [key for key, its in named.items() if its]
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            sql = f"SELECT key, block, idx, state FROM fold WHERE kind = ? AND key IN ({','.join('?' * len(part))})"
            known |= {key: rest for key, *rest in self._run(connection, sql, kind.__name__, *part)}
        self._keep(connection, kind, {key: self._told_to(kind, known.get(key), named[key]) for key in keys}, cursor)
        number = cursor[0] if cursor else 0
        again = "UPDATE wake SET at = 0, told = NULL, block = ? WHERE kind = ? AND key = ?"
        self.database.repeat(connection, again, [(number, kind.__name__, key) for key in named.keys() - set(keys)])

    @staticmethod
    def _told_to(kind: type[Fact], known: Sequence[Any] | None, named: Iterable[_Named]) -> tuple[int, int, Any] | None:
        block, idx, one = (known[0], known[1], unpacked(kind, known[2])) if known else (0, 0, None)
        for contract, event in named:
            is_new, one = one is None, tell(kind, one, contract, event)
            if is_new:
                block, idx = event.block, event.index
        return None if one is None else (block, idx, one)

    def _refold(self, connection: sa.Connection, kind: type[Fact], keys: Iterable[str], cursor: Cursor) -> None:
        """Fold things from their facts, as if they had never been folded."""
        folded: dict[str, tuple[int, int, Any] | None] = {}
        for key in keys:
            events: list[_Named] = []
            for told, its in self._tellings.items():
                for telling in its:
                    if telling.kind is kind and telling.is_folded:
                        where = {
                            told.columns[place - 2].name: self._stored(told.columns[place - 2].kind, part)
                            for (place, _), part in zip(telling.places, read_key(key), strict=True)
                        }
                        events += self._of(connection, told, where)
            events.sort(key=lambda one: (one[1].block, one[1].index))
            folded[key] = self._told_to(kind, None, events)
        self._keep(connection, kind, folded, cursor)

    def _keep(
        self,
        connection: sa.Connection,
        kind: type[Fact],
        folded: Mapping[str, tuple[int, int, Any] | None],
        cursor: Cursor,
    ) -> None:
        """Write folds, and that those which are watched are to be looked at; what never was is deleted."""
        name, number = kind.__name__, cursor[0] if cursor else 0
        kept = [
            (name, key, block, idx, packed(one))
            for key, found in folded.items()
            if found
            for block, idx, one in [found]
        ]
        self.database.put(
            connection, "fold", kept, f"{_REPLACED} block = excluded.block, idx = excluded.idx, state = excluded.state"
        )
        for key, found in folded.items():
            if found is None:
                self._run(connection, "DELETE FROM fold WHERE kind = ? AND key = ?", name, key)
        if kind.watched:
            over = [key for key, found in folded.items() if found is None or found[2].is_over]
            for key in over:
                self._run(connection, "DELETE FROM wake WHERE kind = ? AND key = ?", name, key)
            again = [(name, key, 0, number, None) for key in folded.keys() - set(over)]
            self.database.put(connection, "wake", again, f"{_REPLACED} at = 0, told = NULL, block = excluded.block")

    def _touched(self, connection: sa.Connection, above: int) -> dict[type[Fact], set[str]]:
        """The things that facts above a block tell of."""
        found: dict[type[Fact], set[str]] = {}
        for told, its in self._tellings.items():
            for telling in its:
                rows = self._run(connection, f'SELECT * FROM "{told.table}" WHERE block > ?', above)
                found.setdefault(telling.kind, set()).update(telling.key(tuple(row)) for row in rows)
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
        with self.database.writing() as connection:
            self._run(connection, "DELETE FROM host WHERE name = ?", host)
            self.database.put(connection, "host", [(host, span.blocks, span.ceiling, int(time.time()))])

    def _run(self, connection: sa.Connection, sql: str, *values: Any) -> Any:
        return self.database.run(connection, sql, *values)

    def _holds(self, connection: sa.Connection, at: tuple[int, str]) -> bool:
        """Whether a block is the last one that was added, or an earlier one that is remembered."""
        known = self._run(connection, "SELECT hash FROM block WHERE number = ?", at[0]).first()
        return self._cursor(connection) == at or (known is not None and known[0] == at[1])

    def _cursor(self, connection: sa.Connection, *, is_kept: bool = False) -> Cursor:
        lock = " FOR UPDATE" if is_kept and self.database.is_postgres else ""
        row = self._run(connection, f"SELECT number, hash FROM about{lock}").first()
        return None if row is None or row[0] is None else (row[0], row[1])


def _move(database: Database, connection: sa.Connection, cursor: Cursor) -> None:
    number, kept = cursor or (None, None)
    database.run(connection, "UPDATE about SET number = ?, hash = ?", number, kept)
