"""The outbox of notices: each once, and what was told of what is no longer so.

It is not from the chain: what was told must outlive an index that is made anew. So it lies beside the index, in
a database of its own, and is brought to what the chain says again and again (``bring``). A notice has a key of
the facts it follows from, which makes that harmless: a pass that was cut off is simply done again. A row holds what
stands (``facts``) and what was told (``told``); where they differ, something is to be sent: the notice, its
correction, or that it is taken back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from dmo.core.kinds import Reader
from dmo.core.notices import Notice
from dmo.core.records import Block
from dmo.core.schema import Engine

VERSION = 1
_FIRST_PAUSE, _DOUBLED = 60, 9
"""Seconds of the chain until a failed sending is tried again, and how often that is doubled."""
_AT_ONCE = 400
_FACT, _STANDS, _OVER = range(3)
"""What a row is: told once for ever; something that lasts and still does; or does no longer."""
_TABLES = (
    "CREATE TABLE about (version BIGINT NOT NULL, owner TEXT NOT NULL, reader TEXT NOT NULL)",
    "CREATE TABLE wanted (account TEXT, channel TEXT, block BIGINT NOT NULL, at BIGINT NOT NULL, "
    "PRIMARY KEY (account, channel))",
    "CREATE TABLE notice (key TEXT, account TEXT, channel TEXT, kind TEXT NOT NULL, block BIGINT NOT NULL, "
    "root TEXT NOT NULL, at BIGINT NOT NULL, urgency BIGINT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, "
    "facts TEXT, told TEXT, told_at BIGINT NOT NULL, ready BIGINT NOT NULL, state BIGINT NOT NULL, "
    "pending BIGINT NOT NULL, tries BIGINT NOT NULL, next_at BIGINT NOT NULL, claim TEXT NOT NULL, "
    "PRIMARY KEY (key, account, channel))",
    "CREATE INDEX notice_pending ON notice (pending)",
    "CREATE INDEX notice_state ON notice (state)",
    "CREATE INDEX notice_block ON notice (block)",
    "CREATE INDEX notice_channel ON notice (channel, at)",
)
Shape = tuple[str, str, str]
"""Key, account, channel."""


class ForeignNotices(Exception):
    """The database holds the outbox of another deployment, or of another version."""


class Row(NamedTuple):
    """A notice in the outbox, for one account by one channel."""

    key: str
    account: str
    channel: str
    kind: str
    block: int
    root: str
    at: int
    urgency: int
    title: str
    text: str
    facts: str | None
    told: str | None
    told_at: int
    ready: int
    state: int
    pending: int
    tries: int
    next_at: int
    claim: str

    @property
    def id(self) -> Shape:
        """What there is one of."""
        return self.key, self.account, self.channel

    @property
    def assumed(self) -> Row:
        """The same row, as told as it was last taken to be sent, if nobody knows how that ended."""
        return self.become(told=self.facts, claim="") if self.claim else self

    def become(self, **new: Any) -> Row:
        """The same row with other values; whether something is to be sent follows from them."""
        row = self._replace(**new)
        return row._replace(pending=int((row.facts or "") != (row.told or "")))


@dataclass
class Gathered:
    """What a pass found: notices by channel, and the facts that were read with their blocks.

    Attributes:
        low: The block above which facts were read.
        head: The block up to which they were.
        wants: Whether a kind is still wanted by an account on a channel.
    """

    notices: Iterable[tuple[Notice, str]]
    roots: Mapping[str, int]
    low: int
    head: Block
    wants: Callable[[str, str, str], bool]


class NoticeOutbox(Engine):
    """The notices of a deployment. Raises ForeignNotices: the place holds others."""

    schema = "dmo_notice"

    def __init__(self, place: Path | str | None, owner: str) -> None:
        super().__init__(place)
        self.owner = owner
        with self.writing() as connection:
            if not self.known(connection):
                schema = [f"CREATE SCHEMA IF NOT EXISTS {self.schema}"] if self.is_postgres else []
                for statement in [*schema, *_TABLES]:
                    self.run(connection, statement)
                self.put(connection, "about", [(VERSION, owner, f"notices {secrets.token_hex(8)}")])
            its = tuple(self.run(connection, "SELECT version, owner, reader FROM about").one())
        self.reader = str(its[2])
        if its[:2] != (VERSION, owner):
            raise ForeignNotices

    # ── who wants something, since when ──

    def wanted(
        self, pairs: Iterable[tuple[str, str]], head: Block, *, all_of_it: bool = False
    ) -> dict[tuple[str, str], tuple[int, int]]:
        """Since which block and time (Unix seconds) accounts are told by channels; new ones from the head on."""
        pairs = set(pairs)
        with self.writing() as connection:
            known: dict[tuple[str, str], tuple[int, int]] = {}
            for account, channel, *its in map(tuple, self.run(connection, "SELECT * FROM wanted")):
                known[account, channel] = its[0], its[1]
            now = head.number, head.timestamp
            since = {pair: (-1, 0) if all_of_it else known.get(pair, now) for pair in pairs}
            if since != known:
                self.run(connection, "DELETE FROM wanted")
                rows = [(*pair, *at) for pair, at in since.items()]
                self.repeat(connection, "INSERT INTO wanted VALUES (?, ?, ?, ?)", rows)
        return since

    @property
    def is_new(self) -> bool:
        """Whether nobody ever wanted anything."""
        with self.reading() as connection:
            return self.run(connection, "SELECT 1 FROM wanted LIMIT 1").first() is None

    # ── what stands ──

    def bring(self, found: Gathered, reader: Reader, depth: int) -> int:
        """Bring the rows to what was found, in one transaction; says how many notices are new.

        What was found with other facts than were told is corrected, what is undone taken back, ``depth`` blocks later.
        """
        notices = {(one.key, one.account, channel): one for one, channel in found.notices}
        asked = "block > ? OR pending = 1 OR state = ?"
        with self.writing() as connection:
            old = {row.id: row for row in self._rows(connection, asked, found.low, _STANDS)}
            missing = list({key for key, *_ in notices.keys() - old.keys()})
            for start in range(0, len(missing), _AT_ONCE):
                part = missing[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                old |= {row.id: row for row in self._rows(connection, f"key IN ({marks})", *part)}
            rows = [_standing(one, old.get(its), its, found.head, reader, depth) for its, one in notices.items()]
            rows += [left for its, row in old.items() if its not in notices if (left := _left(row, found, depth))]
            changed = [row for row in rows if row != old.get(row.id)]
            gone = [row.id for row in changed if row.state == _OVER and not row.root]
            new = {row.id for row in changed} - old.keys()
            self._write(connection, [row for row in changed if row.id not in gone])
            # What the clock alone brought is told anew when it comes again.
            self.repeat(connection, "DELETE FROM notice WHERE key = ? AND account = ? AND channel = ?", gone)
        return len(new)

    def _rows(self, connection: sa.Connection, which: str, *values: Any) -> list[Row]:
        sql = f"SELECT * FROM notice WHERE {which}"  # noqa: S608 - only values are from outside
        return [Row._make(row) for row in self.run(connection, sql, *values)]

    def _write(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        its = [name for name in Row._fields if name not in ("key", "account", "channel")]
        told = ", ".join(f"{name} = excluded.{name}" for name in its)
        more = f"ON CONFLICT (key, account, channel) DO UPDATE SET {told}"
        self.put(connection, "notice", rows, more)

    # ── sending ──

    def take(self, channel: str, head: Block) -> list[Row]:
        """What is to be sent by a channel now, the most urgent first; another process does not get the same.

        Until it was ``sent`` it is tried again, after a pause of the chain's time that doubles.
        """
        claim = secrets.token_hex(8)
        pause = f"{_FIRST_PAUSE} * (1 << CAST(CASE WHEN tries < {_DOUBLED} THEN tries ELSE {_DOUBLED} END AS INTEGER))"
        taken = f"UPDATE notice SET claim = ?, tries = tries + 1, next_at = ? + {pause}"  # noqa: S608
        which = "WHERE pending = 1 AND channel = ? AND ready <= ? AND next_at <= ?"
        with self.writing() as connection:
            self.run(connection, f"{taken} {which}", claim, head.timestamp, channel, head.number, head.timestamp)
            rows = self._rows(connection, "pending = 1 AND claim = ?", claim)
        return sorted(rows, key=lambda row: (row.urgency, row.at, row.key))

    def sent(self, rows: Iterable[Row], at: int) -> None:
        """These were told, as they were taken, at a time of the chain."""
        told = "told = ?, told_at = ?, tries = 0, next_at = 0, claim = ''"
        left = "pending = CASE WHEN COALESCE(facts, '') = ? THEN 0 ELSE 1 END"
        which = "key = ? AND account = ? AND channel = ?"
        values = [(row.facts, at, row.facts or "", *row.id) for row in rows]
        with self.writing() as connection:
            self.repeat(connection, f"UPDATE notice SET {told}, {left} WHERE {which}", values)  # noqa: S608

    def failed(self, rows: Iterable[Row]) -> None:
        """These were not told, for sure; otherwise what is undone or changes meanwhile is told as if they were."""
        with self.writing() as connection:
            which = "UPDATE notice SET claim = '' WHERE key = ? AND account = ? AND channel = ? AND claim = ?"
            self.repeat(connection, which, [(*row.id, row.claim) for row in rows])

    def latest(self, channel: str | None = None, count: int = 200, *, is_told: bool = True) -> list[Row]:
        """The latest notices, of a channel or of all, the newest first; those that were told, or all."""
        which, values = ("channel = ?", [channel]) if channel is not None else ("1 = 1", [])
        told = " AND (told_at > 0 OR (pending = 1 AND tries > 0))" if is_told else " AND (told_at > 0 OR pending = 1)"
        order = f"ORDER BY at DESC, key LIMIT {count:d}"
        with self.reading() as connection:
            return self._rows(connection, f"{which}{told} {order}", *values)

    def waiting(self) -> dict[str, int]:
        """How many notices wait, by channel."""
        with self.reading() as connection:
            sql = "SELECT channel, COUNT(*) FROM notice WHERE pending = 1 GROUP BY channel"
            rows: Any = self.run(connection, sql)
            return {channel: int(count) for channel, count in rows}


def _standing(one: Notice, old: Row | None, its: Shape, head: Block, reader: Reader, depth: int) -> Row:
    """The row of a notice that was found."""
    title, text, facts = one.laid(reader)
    is_urgent = bool(one.said.get("urgent"))
    # What the clock alone brings cannot be undone.
    ready = one.block + (0 if is_urgent else depth) if one.root else 0
    if old is not None and old.facts == facts:
        # Words that changed, a title that was found: no reason to write again.
        ready = old.ready if old.block == one.block else ready
        title, text = (title, text) if old.told is None else (old.title, old.text)
    elif old is not None and (old := old.assumed).told is not None:
        ready = head.number + depth
    state = _STANDS if one.lasts else _FACT
    at = old.at if old is not None and old.facts == facts and one.lasts else one.at
    new = (one.kind, one.block, one.root, at, int(one.said.get("rank", 9)), title, text, facts)
    if old is None:
        return Row._make((*its, *new, None, 0, ready, state, 1, 0, 0, ""))
    names = Row._fields[3:11]
    return old.become(**dict(zip(names, new, strict=True)), ready=ready, state=state)


def _left(row: Row, found: Gathered, depth: int) -> Row | None:
    """What becomes of a row that was not found; nothing where all stays as it is."""
    if not found.wants(row.kind, row.account, row.channel):
        return row.become(facts=row.told, state=_FACT if row.state == _FACT else _OVER) if row.pending else None
    at = found.roots.get(row.root)
    is_undone = bool(row.root) and at is None and row.block > found.low
    if is_undone:
        if row.facts is None:
            return None
        state = _FACT if row.state == _FACT else _OVER
        return row.assumed.become(facts=None, ready=found.head.number + depth, state=state)
    if row.state == _FACT:
        again = row.assumed.become(facts=row.told) if row.facts is None else row
        return again.become(block=at) if at is not None else None
    if at is not None or row.state == _STANDS:  # the fact is there, and what followed from it is over
        its = row.assumed
        return its.become(facts=its.told, state=_OVER, block=row.block if at is None else at)
    return None
