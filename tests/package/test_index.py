"""The index: against a chain that is told, its forks and its Lens, in SQLite and in PostgreSQL.

the index
├── after any forks and aborted steps
│   ├── holds the rows and folds of a fresh one, which are those of the events
│   └── knows of all work what the Lens says
├── a fork below all that it remembers
│   └── is read anew, and stops nobody
├── facts
│   ├── from the index are those from events
│   └── are found by argument
├── a command
│   ├── says the same with the index and without
│   ├── asks the Lens only for what the index was not told, or what is over
│   └── of another deployment leaves it alone
├── another schema or address book
│   └── is made anew by who owns it
├── the follower
│   ├── goes on when the node is silent, or too busy
│   └── finds what is not as the views say
├── a reader of facts
│   └── is taken back by a reorganisation
└── `dmo status` loads no part of PostgreSQL and no web framework
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dmo.capabilities import registry
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.governance import Proposal
from dmo.capabilities.submissions import Submission, submissions
from dmo.core import tables
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError
from dmo.core.facts import Fact, fold
from dmo.core.folds import packed
from dmo.core.tables import WINDOW
from dmo.home.deployment import Dmo
from dmo.home.following import Follower
from dmo.home.home import Home
from tests.support.chronicle import BIRTH, Chronicle
from tests.support.node import ADDRESSES
from tests.support.postgres import postgres

SEEDS = int(os.environ.get("DMO_INDEX_SEEDS", "30"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
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


def home_on(node: Chronicle, monkeypatch: pytest.MonkeyPatch, url: str | None, folder: Path) -> Home:
    """A home on a node, with the index at a URL or in a folder."""
    monkeypatch.setenv("DMO_CACHE", str(folder))
    monkeypatch.setenv("DMO_HOME", str(folder))
    if url is None:
        monkeypatch.delenv("DMO_INDEX", raising=False)
    else:
        monkeypatch.setenv("DMO_INDEX", url)
    addresses = {name: at for name, at in ADDRESSES.items() if name not in ("VotesWrapper", "HolderToken")}
    return Home(dmo=Dmo("told", 31337, addresses, BIRTH, Chain(node, sleep=lambda _: None)))


def held(home: Home) -> dict[str, list[Any]]:
    """All rows of an index, but for what depends on when they were written; the same of every database."""
    opened = home.index._kept(lambda opened: opened)
    wanted = {"log": "*", "fold": "*", "wake": "kind, key, at, told", "about": "number, hash"}
    with opened.database.reading() as connection:
        rows = {name: opened._run(connection, f"SELECT {what} FROM {name}").all() for name, what in wanted.items()}
        for told in opened._tellings:
            large = [False, False, *(one.kind == "units" for one in told.columns)]
            rows[told.table] = [
                [
                    int.from_bytes(one, "big") if wide and isinstance(one, bytes) else one
                    for wide, one in zip(large, row, strict=True)
                ]
                for row in opened._run(connection, f'SELECT * FROM "{told.table}"')
            ]
    return {name: sorted(map(tuple, its), key=str) for name, its in rows.items() if its}


class Aborted(BaseException):
    """As if the process were killed: nothing catches it."""


@pytest.fixture
def aborting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How likely a step is aborted right before its end."""
    share, rnd, move = [0.0], random.Random(5), tables._move

    def moved(*given: Any) -> None:
        move(*given)
        if rnd.random() < share[0]:
            raise Aborted

    monkeypatch.setattr(tables, "_move", moved)
    return share


def stepped(follower: Follower) -> int:
    """Steps until one is not aborted; says how many were."""
    for tries in range(100):
        try:
            follower.step()
        except Aborted:
            continue
        return tries
    raise AssertionError("never still")


def test_equals_a_fresh_index_after_any_forks_and_aborted_steps(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aborting: list[float]
) -> None:
    aborted = forks = 0
    rnd = random.Random(11)
    node = Chronicle(7)
    follower = Follower(home_on(node, monkeypatch, url, tmp_path))
    for seed in range(SEEDS):
        node.limit, node.is_telling = rnd.choice([None, 5, 40]), rnd.random() < 0.7
        if rnd.random() < 0.2:  # another process takes over
            follower.index.close()
            follower = Follower(home_on(node, monkeypatch, url, tmp_path))
        aborting[0] = 0.3
        node.grow(rnd.randint(1, 25))
        aborted += stepped(follower)
        node.fork(rnd.randint(1, 20))
        forks += 1
        node.grow(rnd.randint(1, 25))
        if rnd.random() < 0.3:
            node.on_logs = lambda: (node.fork(2), node.grow(3))
        aborted += stepped(follower)
        aborting[0] = 0.0
        follower.step()
        if seed % 5 == 4 or seed == SEEDS - 1:
            fresh = Follower(home_on(node, monkeypatch, None, tmp_path / str(seed)))
            fresh.step()
            here, there = held(follower.home), held(fresh.home)
            assert set(here) > {"log", "fold", "wake", "campaign_escrow_work_rejected"}
            assert here == there
            for kind in Fact.kinds:
                if kind.__module__.startswith("dmo."):
                    mine = [packed(one) for one in follower.index.folds(kind) or ()]
                    assert mine == [packed(one) for one in fold(kind, fresh.home.snapshot.events).values()], kind
            assert follower.compared(40, rnd)[1] == []
            fresh.index.close()
    assert forks == SEEDS
    assert aborted > SEEDS // 5
    follower.index.close()
