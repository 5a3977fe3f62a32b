"""What the tests of the package share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.chronicle import Chronicle
from tests.support.postgres import postgres


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
