"""The tables of the index: raw logs, typed facts, folds, when to look again, and the cursor that moves with them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from dmo.core.batches import INDEX, SHIFT, Batches, Known, Log, Named, NewRows, Tells, event_of, folded
from dmo.core.facts import Fact, read_key
from dmo.core.folds import packed, shapes, unpacked
from dmo.core.logs import Span
from dmo.core.records import SHALLOW, Stretch
from dmo.core.schema import Database, Foreign

WINDOW = 256
"""Block hashes kept at least: how deep a reorganisation may be without everything being read anew."""
CEILING_SECONDS = 86_400
"""After a day more than a provider last refused is tried again."""
_DEEPEST = 4_096
"""Block hashes kept at most, where blocks are final late."""
_OLD_BLOCKS = (
    "DELETE FROM block WHERE number < (SELECT number FROM block ORDER BY number DESC LIMIT 1 OFFSET ?)"
    " AND number < (SELECT MAX(number) FROM block WHERE number <= ?)"
    " OR number < (SELECT number FROM block ORDER BY number DESC LIMIT 1 OFFSET ?)"
)
_AT_ONCE = 400
Cursor = tuple[int, str] | None
"""Number and hash of the last block whose logs are kept."""
_LOG = "l.event, l.place, l.words, l.tx, l.at"
_REPLACED = "ON CONFLICT (kind, key) DO UPDATE SET "


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
        self.logs_in = Batches(contracts, kinds)
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._known = self.logs_in.numbered
        self._named = {one.told.name: one for one in self._known}
        shape, told = [self.logs_in.addresses, shapes(kinds)], {one.told: one.tellings for one in self._known}
        self.database = Database(place, key, shape, told, can_empty=can_empty)

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
            found = self._run(connection, sql, until + 1 << SHIFT).all()
        for event, place, words, tx, at in found:
            yield *self.logs_in.parted(event, words), place >> SHIFT, place & INDEX, "0x" + tx.hex(), at

    def last(self, until: int) -> int | None:
        """The block of the last log up to another one; None where there is none."""
        with self.database.reading() as connection:
            (found,) = self._run(connection, "SELECT MAX(place) FROM log WHERE place < ?", until + 1 << SHIFT).one()
        return None if found is None else int(found) >> SHIFT

    def events(self, names: Iterable[str], where: Mapping[str, Any], until: int) -> list[Named]:
        """Events by name up to a block whose arguments have these values, in the order of the chain."""
        found: list[Named] = []
        with self.database.reading() as connection:
            for known in [self._named[name] for name in names if name in self._named]:
                told = known.told
                pairs = [(told.column(key), value) for key, value in where.items()]
                if all(map(told.has, where)):
                    fitting = {column.name: column.stored(value) for column, value in pairs if column}
                    logs = self._of(connection, known, fitting, "AND l.place < ?", until + 1 << SHIFT)
                    found += map(event_of, logs)
        found = [one for one in found if all(one[1].arguments[key] == value for key, value in where.items())]
        return sorted(found, key=lambda one: (one[1].block, one[1].index))

    def news(self, names: Iterable[str], above: int, at: tuple[int, str]) -> list[Named] | None:
        """Events by name above a block, to another one, read as one state; None where that one is not held."""
        found: list[Named] = []
        span = above + 1 << SHIFT, at[0] + 1 << SHIFT
        with self.database.reading() as connection:
            if not self._holds(connection, at):
                return None
            for known in [self._named[name] for name in names if name in self._named]:
                found += map(event_of, self._of(connection, known, {}, "AND t.place >= ? AND t.place < ?", *span))
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

    def stretches(self, view: str) -> list[Stretch]:
        """What a view told, by account and number."""
        sql = "SELECT who, low, high, told FROM stretch WHERE view = ? ORDER BY who, low"
        with self.database.reading() as connection:
            rows = self._run(connection, sql, view).all()
        return [Stretch(who, low, high, int.from_bytes(told, "big")) for who, low, high, told in rows]

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
        self, connection: sa.Connection, known: Known, where: Mapping[str, Any], more: str = "", *values: Any
    ) -> list[Log]:
        """One event's logs whose columns have these values."""
        fits = "".join(f' AND t."{name}" = ?' for name in where)
        sql = f'SELECT {_LOG} FROM "{known.told.table}" t JOIN log l ON l.place = t.place WHERE 1=1{fits} {more}'
        found = self._run(connection, sql, *where.values(), *values)
        return [(known, (place, *known.told.read(words)), words, tx, at) for _, place, words, tx, at in found]

    # ── writing ──

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
                put(connection, f'"{told.table}"', rows)
            for kind, named in batch.named.items():
                self._fold(connection, kind, named, cursor)
            put(connection, "block", newest)
            self._run(connection, _OLD_BLOCKS, WINDOW - 1, final, _DEEPEST - 1)
            _move(self.database, connection, cursor, finalized)
        return True

    def unwind(self, before: Cursor, cursor: Cursor) -> None:
        """Forget all above a block, or everything; unless another process already did."""
        above = -1 if cursor is None else cursor[0]
        first = above + 1 << SHIFT
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) != before:
                return
            touched = self._touched(connection, first) if cursor else {}
            for table in ["log", *(known.told.table for known in self._known)]:
                self._run(connection, f'DELETE FROM "{table}" WHERE place >= ?', first)
            self._run(connection, "DELETE FROM block WHERE number > ?", above)
            self._run(connection, "UPDATE reader SET number = ? WHERE number > ?", above, above)
            self._run(connection, "UPDATE wake SET at = 0, told = NULL, block = ? WHERE block > ?", above, above)
            for kind, keys in touched.items():
                self._refold(connection, kind, keys, cursor)
            if cursor is None:
                self._run(connection, "DELETE FROM fold")
                self._run(connection, "DELETE FROM wake")
            if cursor is None or (before and before[0] - above > SHALLOW):
                self._run(connection, "DELETE FROM stretch")
            self._run(connection, "UPDATE about SET finalized = NULL WHERE finalized > ?", above)
            _move(self.database, connection, cursor, None)

    def looked(self, at: Cursor, found: Sequence[Wake]) -> None:
        """Keep what was told of things at the cursor's block; nothing where the cursor has moved meanwhile."""
        rows = [(one.kind, one.key, one.at, at[0], one.told) for one in found] if at else []
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) == at:
                changes = "at = excluded.at, block = excluded.block, told = excluded.told"
                self.database.put(connection, "wake", rows, _REPLACED + changes)

    def keep(self, at: Cursor, view: str, found: Sequence[Stretch]) -> None:
        """Keep what a view told at a block; nothing where the cursor is elsewhere meanwhile."""
        rows = [(view, one.who, one.low, one.high, one.told.to_bytes(32, "big")) for one in found]
        with self.database.writing() as connection:
            if self._cursor(connection, is_kept=True) == at:
                changes = "ON CONFLICT (view, who, low) DO UPDATE SET high = excluded.high, told = excluded.told"
                self.database.put(connection, "stretch", rows, changes)

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
        self, connection: sa.Connection, kind: type[Fact], named: Mapping[str, Sequence[Tells]], cursor: Cursor
    ) -> None:
        """Tell things what happened to them; what was there before is changed, not read again."""
        told = {key: its for key, its in named.items() if its}
        known: dict[str, Any] = {}
        for which, values in _parts(kind, [*told]):
            rows = self._run(connection, f"SELECT key, born, state FROM fold WHERE {which}", *values)
            known |= {key: rest for key, *rest in rows}
        self._keep(connection, kind, {key: folded(kind, known.get(key), told[key]) for key in told}, cursor, [*known])
        number = cursor[0] if cursor else 0
        again = "UPDATE wake SET at = 0, told = NULL, block = ? WHERE kind = ? AND key = ?"
        self.database.repeat(connection, again, [(number, kind.__name__, key) for key, its in named.items() if not its])

    def _refold(self, connection: sa.Connection, kind: type[Fact], keys: Iterable[str], cursor: Cursor) -> None:
        """Fold things from their facts, as if they had never been folded."""
        its: dict[str, tuple[int, Any] | None] = {}
        told_by = [(known, one) for known in self._known for one in known.tellings if one.kind is kind and one.tell]
        for key in keys:
            found: list[Tells] = []
            for known, telling in told_by:
                parts = zip(telling.columns, read_key(key), strict=True)
                where = {column.name: column.stored(part) for column, part in parts}
                found += [(telling, log) for log in self._of(connection, known, where)]
            found.sort(key=lambda one: one[1][1][0])
            its[key] = folded(kind, None, found)
        self._keep(connection, kind, its, cursor, [*its])

    def _keep(
        self,
        connection: sa.Connection,
        kind: type[Fact],
        folded: Mapping[str, tuple[int, Any] | None],
        cursor: Cursor,
        known: Sequence[str],
    ) -> None:
        """Write folds in the place of those that were known, and that those which are watched are to be looked at."""
        name, number = kind.__name__, cursor[0] if cursor else 0
        found = {key: one for key, one in folded.items() if one}
        for which, values in _parts(kind, known):
            for table in ("fold", "wake"):
                self._run(connection, f"DELETE FROM {table} WHERE {which}", *values)
        rows = [(name, key, born, packed(one)) for key, (born, one) in found.items()]
        self.database.put(connection, "fold", rows)
        if kind.watched:
            again = [(name, key, 0, number, None) for key, (_, one) in found.items() if not one.is_over]
            self.database.put(connection, "wake", again)

    def _touched(self, connection: sa.Connection, first: int) -> dict[type[Fact], set[str]]:
        """The things that facts from a place on tell of."""
        found: dict[type[Fact], set[str]] = {}
        for known in self._known:
            for telling in known.tellings:
                rows = self._run(connection, f'SELECT * FROM "{known.told.table}" WHERE place >= ?', first)
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

    def _holds(self, connection: sa.Connection, at: tuple[int, str]) -> bool:
        """Whether a block is the last one that was added, or an earlier one that is remembered."""
        known = self._run(connection, "SELECT hash FROM block WHERE number = ?", at[0]).first()
        return self._cursor(connection) == at or (known is not None and known[0] == at[1])

    def _cursor(self, connection: sa.Connection, *, is_kept: bool = False) -> Cursor:
        """The cursor; kept, nobody else moves it before the transaction's end. Raises Foreign: it is another's now."""
        lock = " FOR UPDATE" if is_kept and self.database.is_postgres else ""
        row = self._run(connection, f"SELECT number, hash, schema, key FROM about{lock}").first()
        if row is None or tuple(row[2:]) != self.database.its:
            raise Foreign
        return None if row[0] is None else (row[0], row[1])


def _parts(kind: type[Fact], keys: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Which rows are of some things, as many as a statement takes, and the values for it."""
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        yield f"kind = ? AND key IN ({','.join('?' * len(part))})", [kind.__name__, *part]


def _move(database: Database, connection: sa.Connection, cursor: Cursor, finalized: int | None) -> None:
    number, kept = cursor or (None, None)
    more, values = ("", ()) if finalized is None else (", finalized = ?", (finalized,))
    database.run(connection, f"UPDATE about SET number = ?, hash = ?{more}", number, kept, *values)
