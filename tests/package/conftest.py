"""Homes without a chain, a made-up history, and databases for an index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dmo.capabilities.history import History
from dmo.core import words
from dmo.home.deployment import Token
from dmo.home.home import Home
from tests.support import lamps, past
from tests.support.chronicle import Chronicle
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, Node
from tests.support.postgres import postgres
from tests.support.rulings import JUROR
from tests.support.work import BASE


@pytest.fixture(scope="module")
def history() -> History:
    """A season of everything."""
    return past.sample()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> lamps.Home:
    """A home that knows lamps alone."""
    known = {**lamps.WORDS, "wrong": words.load()["wrong"] | lamps.WORDS.get("wrong", {})}
    monkeypatch.setattr(words, "load", lambda language="en": known)
    return lamps.Home()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes of one campaign with a bounty, by what else they were told."""

    def open_(node: Node, *told: Told, account: str | None = None) -> Home:
        return at_home(tmp_path, monkeypatch, node, [*BASE, *told], account)

    return open_


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes of a juror, by what they were told."""

    def at(node: Node, *told: Told, account: str | None = JUROR) -> Home:
        home = at_home(tmp_path, monkeypatch, node, told, account)
        for name in ("votes_token", "budget_token"):
            home.dmo.__dict__[name] = Token(ADDRESSES["HolderToken"], "HRB", 0)
        return home

    return at


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL, started when the first test wants it."""
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'index.sqlite'}"
    place: str = request.getfixturevalue("server")
    with sa.create_engine(place.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS dmo_index CASCADE")
    return place


@pytest.fixture
def grown() -> Chronicle:
    node = Chronicle(3)
    node.grow(150)
    return node
