"""The tables of the event store, in a SQLite file or in memory."""

import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dmo.core.logs import Span

WINDOW = 96
"""Block hashes kept: how deep a reorganisation may be without everything being read anew."""
BUSY_SECONDS = 10.0
"""How long another process that writes is waited for."""
CEILING_SECONDS = 86_400
"""After a day more than a provider last refused is tried again."""
Cursor = tuple[int, str] | None
"""Number and hash of the last block whose logs are kept."""

_TABLES = {
    "about": "id INTEGER PRIMARY KEY, schema INTEGER NOT NULL, key TEXT NOT NULL, number BIGINT, hash TEXT",
    "block": "number BIGINT PRIMARY KEY, hash TEXT NOT NULL",
    "log": "block BIGINT, idx INTEGER, address TEXT NOT NULL, topics TEXT NOT NULL, data TEXT NOT NULL,"
    " tx TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (block, idx)",
    "host": "name TEXT PRIMARY KEY, blocks BIGINT NOT NULL, ceiling BIGINT, at BIGINT NOT NULL",
}
SCHEMA = zlib.crc32(repr(_TABLES).encode())
"""Other columns are another schema: the database is made anew."""
_KEEP = "INSERT INTO log VALUES (:block, :idx, :address, :topics, :data, :tx, :at)"
_LOGS = "SELECT block, idx, address, topics, data, tx, at FROM log WHERE block <= :until ORDER BY block, idx"
_OLD_BLOCKS = "DELETE FROM block WHERE number NOT IN (SELECT number FROM block ORDER BY number DESC LIMIT :kept)"


class Tables:
    """Logs, the hashes of the last blocks, and the one cursor that moves with them.

    Args:
        file: The database; None for memory.
        key: What the logs are of; a database of something else is emptied.
    """

    def __init__(self, file: Path | None, key: str) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(file) if file else None),
            poolclass=None if file else sa.pool.StaticPool,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        sa.event.listen(self._engine, "connect", _plain)
        sa.event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(writes=True)
        with self._engine.begin() as connection:
            is_ours = _is_of(connection, key)
        if not is_ours:
            with self._writer.begin() as connection:
                if not _is_of(connection, key):  # or else another process was quicker
                    for name, columns in _TABLES.items():
                        _run(connection, f"DROP TABLE IF EXISTS {name}")
                        _run(connection, f"CREATE TABLE {name} ({columns})")
                    _run(connection, "INSERT INTO about VALUES (1, :schema, :key, NULL, NULL)", schema=SCHEMA, key=key)

    def _read(self, sql: str, **values: Any) -> Sequence[Any]:
        with self._engine.begin() as connection:
            return _run(connection, sql, **values).all()

    def cursor(self) -> Cursor:
        """The last block whose logs are kept; None before the first."""
        with self._engine.begin() as connection:
            return _cursor(connection)

    def hashes(self) -> dict[int, str]:
        """Hashes of the last blocks, the newest first."""
        return {row.number: row.hash for row in self._read("SELECT * FROM block ORDER BY number DESC")}

    def logs(self, until: int | None = None) -> Sequence[Any]:
        """All logs up to a block in the order of the chain, as rows of plain values."""
        return self._read(_LOGS, until=2**62 if until is None else until)

    def add(self, before: Cursor, rows: Sequence[Mapping[str, Any]], hashes: Mapping[int, str], cursor: Cursor) -> bool:
        """Add logs and move the cursor; False if it is no longer where it was."""
        newest = [{"number": number, "hash": kept} for number, kept in sorted(hashes.items())[-WINDOW:]]
        with self._writer.begin() as connection:
            if _cursor(connection) != before:
                return False
            if rows:
                connection.execute(sa.text(_KEEP), list(rows))
            connection.execute(sa.text("INSERT INTO block VALUES (:number, :hash)"), newest)
            _run(connection, _OLD_BLOCKS, kept=WINDOW)
            _move(connection, cursor)
        return True

    def unwind(self, before: Cursor, cursor: Cursor) -> None:
        """Forget all above a block, or everything; unless another process already did."""
        above = -1 if cursor is None else cursor[0]
        with self._writer.begin() as connection:
            if _cursor(connection) == before:
                _run(connection, "DELETE FROM log WHERE block > :above", above=above)
                _run(connection, "DELETE FROM block WHERE number > :above", above=above)
                _move(connection, cursor)

    def span(self, host: str) -> Span:
        """What is known of how many blocks of logs a provider gives at once."""
        for row in self._read("SELECT blocks, ceiling, at FROM host WHERE name = :host", host=host):
            return Span(row.blocks, row.ceiling if time.time() < row.at + CEILING_SECONDS else None)
        return Span()

    def keep_span(self, host: str, span: Span) -> None:
        """Remember what a provider gives."""
        known = {"name": host, "blocks": span.blocks, "ceiling": span.ceiling, "at": int(time.time())}
        with self._writer.begin() as connection:
            _run(connection, "DELETE FROM host WHERE name = :name", name=host)
            _run(connection, "INSERT INTO host VALUES (:name, :blocks, :ceiling, :at)", **known)


def _run(connection: sa.Connection, sql: str, **values: Any) -> sa.CursorResult[Any]:
    return connection.execute(sa.text(sql), values)


def _plain(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # _begin says where a transaction begins


def _begin(connection: sa.Connection) -> None:
    is_writing = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _is_of(connection: sa.Connection, key: str) -> bool:
    try:
        row = _run(connection, "SELECT schema, key FROM about").first()
    except sa.exc.OperationalError:  # there is no such table, or its columns are another schema's
        return False
    return row is not None and tuple(row) == (SCHEMA, key)


def _cursor(connection: sa.Connection) -> Cursor:
    row = _run(connection, "SELECT number, hash FROM about").first()
    return None if row is None or row.number is None else (row.number, row.hash)


def _move(connection: sa.Connection, cursor: Cursor) -> None:
    number, kept = cursor or (None, None)
    _run(connection, "UPDATE about SET number = :number, hash = :hash", number=number, hash=kept)
