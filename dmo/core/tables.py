"""The tables of the event store, in a SQLite file or in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dmo.core.logs import Span

SCHEMA = 1
WINDOW = 96
"""Block hashes kept: how deep a reorganisation may be without everything being read anew."""
BUSY_SECONDS = 10.0
"""How long another process that writes is waited for."""
CEILING_SECONDS = 86_400
"""After a day more than a provider last refused is tried again."""
Cursor = tuple[int, str] | None
"""Number and hash of the last block whose logs are kept."""

_meta = sa.MetaData()
_about = sa.Table(
    "about",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger),
    sa.Column("hash", sa.Text),
)
_block = sa.Table(
    "block",
    _meta,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
)
_event = sa.Table(
    "log",
    _meta,
    sa.Column("block", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("idx", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("topics", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("tx", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
_host = sa.Table(
    "host",
    _meta,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("blocks", sa.BigInteger, nullable=False),
    sa.Column("ceiling", sa.BigInteger),
    sa.Column("at", sa.BigInteger, nullable=False),
)


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
                    _meta.drop_all(connection)
                    _meta.create_all(connection)
                    connection.execute(sa.insert(_about), {"id": 1, "schema": SCHEMA, "key": key})

    def cursor(self) -> Cursor:
        """The last block whose logs are kept; None before the first."""
        with self._engine.begin() as connection:
            return _cursor(connection)

    def hashes(self) -> dict[int, str]:
        """Hashes of the last blocks, the newest first."""
        with self._engine.begin() as connection:
            rows = connection.execute(sa.select(_block).order_by(_block.c.number.desc()))
            return {row.number: row.hash for row in rows}

    def logs(self, until: int | None = None) -> Sequence[Any]:
        """All logs up to a block in the order of the chain, as rows of plain values."""
        wanted = sa.select(_event).order_by(_event.c.block, _event.c.idx)
        if until is not None:
            wanted = wanted.where(_event.c.block <= until)
        with self._engine.begin() as connection:
            return connection.execute(wanted).all()

    def add(self, before: Cursor, rows: Sequence[Mapping[str, Any]], hashes: Mapping[int, str], cursor: Cursor) -> bool:
        """Add logs and move the cursor; False if it is no longer where it was."""
        with self._writer.begin() as connection:
            if _cursor(connection) != before:
                return False
            if rows:
                connection.execute(sa.insert(_event), list(rows))
            newest = sorted(hashes.items())[-WINDOW:]
            connection.execute(sa.insert(_block), [{"number": number, "hash": kept} for number, kept in newest])
            oldest = sa.select(_block.c.number).order_by(_block.c.number.desc()).offset(WINDOW)
            connection.execute(sa.delete(_block).where(_block.c.number.in_(oldest.limit(10**6))))
            _move(connection, cursor)
        return True

    def unwind(self, before: Cursor, cursor: Cursor) -> None:
        """Forget all above a block, or everything; unless another process already did."""
        above = -1 if cursor is None else cursor[0]
        with self._writer.begin() as connection:
            if _cursor(connection) == before:
                connection.execute(sa.delete(_event).where(_event.c.block > above))
                connection.execute(sa.delete(_block).where(_block.c.number > above))
                _move(connection, cursor)

    def span(self, host: str) -> Span:
        """What is known of how many blocks of logs a provider gives at once."""
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(_host).where(_host.c.name == host)).first()
        if row is None:
            return Span()
        return Span(row.blocks, row.ceiling if time.time() < row.at + CEILING_SECONDS else None)

    def keep_span(self, host: str, span: Span) -> None:
        """Remember what a provider gives."""
        known = {"blocks": span.blocks, "ceiling": span.ceiling, "at": int(time.time())}
        with self._writer.begin() as connection:
            connection.execute(sa.delete(_host).where(_host.c.name == host))
            connection.execute(sa.insert(_host), {"name": host, **known})


def _plain(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # _begin says where a transaction begins


def _begin(connection: sa.Connection) -> None:
    is_writing = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _is_of(connection: sa.Connection, key: str) -> bool:
    if not sa.inspect(connection).has_table("about"):
        return False
    try:
        row = connection.execute(sa.select(_about.c.schema, _about.c.key)).first()
    except sa.exc.OperationalError:  # its columns are another schema's
        return False
    return row is not None and tuple(row) == (SCHEMA, key)


def _cursor(connection: sa.Connection) -> Cursor:
    row = connection.execute(sa.select(_about.c.number, _about.c.hash)).first()
    return None if row is None or row.number is None else (row.number, row.hash)


def _move(connection: sa.Connection, cursor: Cursor) -> None:
    number, kept = cursor or (None, None)
    connection.execute(sa.update(_about).values(number=number, hash=kept))
