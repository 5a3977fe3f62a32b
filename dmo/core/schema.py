"""The index's database: SQLite in a file or in memory, or PostgreSQL by URL; tables that differ are made anew."""

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dmo.core import words
from dmo.core.columns import EventTable
from dmo.core.folds import Telling

BUSY_SECONDS = 10.0
"""How long another process that writes is waited for."""
_LOCK = 0xD30
_NUMBER, _BYTES = ("INTEGER", "BIGINT"), ("BLOB", "BYTEA")
_TYPES = {
    "number": _NUMBER,
    "flag": _NUMBER,
    "bytes": _BYTES,
    "hash": _BYTES,
    "units": _BYTES,
    "text": ("TEXT", "TEXT"),
}
"""Of SQLite, whose numbers end at 2^63, and PostgreSQL; units are 32 bytes, which sort as their numbers do."""
_BINARY = {int: "int8", bytes: "bytea", str: "text"}
"""PostgreSQL's types of values that have one and are never missing."""
_TABLES = {
    "about": (
        "id number",
        "schema number",
        "key text",
        "number number?",
        "hash text?",
        "finalized number?",
        "PRIMARY KEY (id)",
    ),
    "block": ("number number", "hash text", "PRIMARY KEY (number)"),
    "host": ("name text", "blocks number", "ceiling number?", "at number", "PRIMARY KEY (name)"),
    "log": ("place number", "event number", "tx bytes", "at number", "words bytes", "PRIMARY KEY (place)"),
    "fold": ("kind text", "key text", "born number", "state text", "PRIMARY KEY (kind, key)"),
    "wake": ("kind text", "key text", "at number?", "block number", "told bytes?", "PRIMARY KEY (kind, key)"),
    "reader": ("name text", "number number", "PRIMARY KEY (name)"),
    "stretch": ("view text", "who text", "low number", "high number", "told units", "PRIMARY KEY (view, who, low)"),
}
_INDEXES = ("wake (at)",)


class Foreign(Exception):
    """The database holds something else, and may not be emptied."""


class Engine:
    """A database: a file, a URL, or None for memory; of PostgreSQL one schema, so that no other tables are dropped."""

    schema = ""

    def __init__(self, place: Path | str | None) -> None:
        try:
            url = (
                sa.make_url(place)
                if isinstance(place, str)
                else sa.URL.create("sqlite", database=str(place) if place else None)
            )
        except (sa.exc.ArgumentError, ValueError) as error:
            raise words.bad("no_index_url", given=str(place).partition("@")[2] or "DMO_INDEX") from error
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise words.bad("no_index_url", given=url.render_as_string())
        self._is_named = isinstance(place, str)
        self.is_postgres = url.get_backend_name() == "postgresql"
        more: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if self.is_postgres else {}
        if not self.is_postgres:
            more["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            else:
                more["poolclass"] = sa.pool.StaticPool
        self.place = url.render_as_string()
        self._engine = sa.create_engine(url, **more)
        self._writer = self._engine.execution_options(
            **({"isolation_level": "READ COMMITTED"} if self.is_postgres else {"writes": True})
        )
        sa.event.listen(self._engine, "connect", self._connected)
        if not self.is_postgres:
            sa.event.listen(self._engine, "begin", _begin)

    def _connected(self, connection: Any, _record: Any) -> None:
        if self.is_postgres:
            connection.execute(f"SET search_path TO {self.schema}")
            connection.commit()
            return
        connection.isolation_level = None  # _begin says where a transaction begins
        if self._is_named:  # many read it while one writes; a cache may lie on a disk of the network
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-16000")
            connection.execute("PRAGMA wal_autocheckpoint=8000")

    def reading(self) -> Any:
        """A transaction that sees one state."""
        return self._engine.begin()

    def writing(self) -> Any:
        """A transaction that nobody else writes beside."""
        return self._writer.begin()

    def run(self, connection: sa.Connection, sql: str, *values: Any) -> sa.CursorResult[Any]:
        """A statement, its values in the places of its question marks."""
        return connection.exec_driver_sql(self._sql(sql), values)

    def put(self, connection: sa.Connection, table: str, rows: Sequence[tuple[Any, ...]], more: str = "") -> None:
        """Insert whole rows."""
        if rows and self.is_postgres and not more:
            types = [_BINARY.get(type(one)) for one in rows[0]]
            form = "" if None in types else " (FORMAT BINARY)"
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN{form}") as copy:
                if form:
                    copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        elif rows:
            self.repeat(connection, f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))}) {more}", rows)

    def repeat(self, connection: sa.Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """A statement for each of some rows of values."""
        if rows:
            connection.exec_driver_sql(self._sql(sql), list(rows))

    def _sql(self, sql: str) -> str:
        return sql.replace("?", "%s") if self.is_postgres else sql

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def known(self, connection: sa.Connection) -> set[str]:
        """The tables that there are; nobody makes any meanwhile."""
        if self.is_postgres:
            self.run(connection, "SELECT pg_advisory_xact_lock(?)", _LOCK)
            names = self.run(connection, "SELECT tablename FROM pg_tables WHERE schemaname = ?", self.schema)
        else:
            names = self.run(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in names}


class Database(Engine):
    """A database that holds one deployment's index.

    Args:
        place: A file, a URL, or None for memory.
        key: What the index is of.
        shape: What else the tables depend on.
        told: All events that have a table.
        can_empty: Whether the index of something else, or of another schema, is made anew; Foreign otherwise.
    """

    schema = "dmo_index"

    def __init__(
        self,
        place: Path | str | None,
        key: str,
        shape: Any,
        told: Mapping[EventTable, Sequence[Telling]],
        *,
        can_empty: bool,
    ) -> None:
        super().__init__(place)
        made = self._made(told)
        self.its = zlib.crc32(repr([_TABLES, shape, made]).encode()), key
        if not self._is_ours():
            self._make(made, can_empty=can_empty)

    def _made(self, told: Mapping[EventTable, Sequence[Telling]]) -> list[str]:
        """The statements that make all tables."""
        found: list[str] = []
        for name, fixed in _TABLES.items():
            indexes = tuple(one[len(name) + 2 : -1] for one in _INDEXES if one.startswith(f"{name} "))
            found += _table(name, fixed, indexes, self.is_postgres)
        for event, tellings in told.items():
            found += _fact_table(event, frozenset(one.columns[0].name for one in tellings), self.is_postgres)
        return found

    def _is_ours(self) -> bool:
        try:
            with self.reading() as connection:
                return self._of(connection) == self.its
        except (sa.exc.OperationalError, sa.exc.ProgrammingError):  # no such table, or another schema's columns
            with self.reading() as connection:  # or no such database
                self.run(connection, "SELECT 1")
            return False

    def _make(self, made: Sequence[str], *, can_empty: bool) -> None:
        with self.writing() as connection:
            known = self.known(connection)
            if "about" in known and self._of(connection) == self.its:
                return  # another process was quicker
            if known and (not can_empty or ("about" not in known and not self.is_postgres)):
                raise Foreign
            hosts = [tuple(row) for row in self.run(connection, "SELECT * FROM host")] if "host" in known else []
            if self.is_postgres:
                self.run(connection, f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
                self.run(connection, f"CREATE SCHEMA {self.schema}")
            for name in () if self.is_postgres else known:
                self.run(connection, f'DROP TABLE "{name}"')
            for statement in made:
                self.run(connection, statement)
            self.put(connection, "about", [(1, *self.its, None, None, None)])
            self.put(connection, "host", [row for row in hosts if len(row) == len(_TABLES["host"]) - 1])

    def _of(self, connection: sa.Connection) -> tuple[Any, ...]:
        row = self.run(connection, "SELECT schema, key FROM about").first()
        return tuple(row) if row else ()


@cache
def _fact_table(event: EventTable, keyed: frozenset[str], is_postgres: bool) -> list[str]:
    columns = ("place number", *(f"{one.name} {one.kind}" for one in event.columns), "PRIMARY KEY (place)")
    indexes = tuple(one.name for one in event.columns if one.is_indexed or one.name in keyed)
    return _table(event.table, columns, indexes, is_postgres)


def _table(name: str, columns: Sequence[str], indexes: Sequence[str], is_postgres: bool) -> list[str]:
    """The statements that make a table and its indexes."""
    parts = [one if one.startswith("PRIMARY") else _column(one, is_postgres) for one in columns]
    is_row = is_postgres or parts[-1] == "PRIMARY KEY (place)"  # else the key itself is where a row stands
    return [
        f'CREATE TABLE "{name}" ({", ".join(parts)}){"" if is_row else " WITHOUT ROWID"}',
        *(f'CREATE INDEX "{name}_{index}" ON "{name}" ("{index}")' for index in indexes),
    ]


def _column(said: str, is_postgres: bool) -> str:
    name, kind = said.rsplit(" ", 1)
    maybe = kind.endswith("?")
    return f'"{name}" {_TYPES[kind.rstrip("?")][is_postgres]}{"" if maybe else " NOT NULL"}'


def _begin(connection: sa.Connection) -> None:
    is_writing = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
