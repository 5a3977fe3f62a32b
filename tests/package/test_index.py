"""The index: against a chain that is told, its forks and its Lens, in SQLite and in PostgreSQL.

the index
├── after any forks and aborted steps
│   ├── holds the rows and folds of a fresh one, which are those of the events
│   └── knows of all work what the Lens says
├── after a fork below all that it remembers: is read anew, and stops nobody
├── of another schema: is made anew, but for what providers take, and never somebody else's file
└── facts
    ├── from the index are those from events
    └── are found by argument
"""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.governance import Proposal
from dmo.capabilities.submissions import Submission
from dmo.core import tables
from dmo.core.errors import NetworkError
from dmo.core.facts import Fact, fold
from dmo.core.folds import packed
from dmo.core.logs import Span
from dmo.core.tables import WINDOW
from dmo.home.following import Follower
from tests.support.chronicle import Chronicle
from tests.support.indexes import held, home_on

SEEDS = int(os.environ.get("DMO_INDEX_SEEDS", "30"))


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
    aborted, forks, seen = 0, 0, set[str]()
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
            seen |= set(here)
            assert here == there
            for kind in Fact.kinds:
                if kind.__module__.startswith("dmo."):
                    mine = [packed(one) for one in follower.index.folds(kind) or ()]
                    assert mine == [packed(one) for one in fold(kind, fresh.home.snapshot.events).values()], kind
            assert follower.compared(40, rnd)[1] == []
            fresh.index.close()
    assert forks == SEEDS
    assert seen > {"log", "fold", "wake", "campaign_escrow_work_rejected", "holder_governor_proposal_queued"}
    assert aborted > SEEDS // 5
    follower.index.close()


# ── a reorganisation below all that is remembered ──


def test_a_fork_below_all_that_it_remembers_is_read_anew(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Chronicle(1)
    node.grow(WINDOW + 60, most=2)
    follower = Follower(home_on(node, monkeypatch, url, tmp_path))
    follower.step()
    node.fork(WINDOW + 30)
    node.grow(40)
    follower.step()
    fresh = Follower(home_on(node, monkeypatch, None, tmp_path / "fresh"))
    fresh.step()
    assert held(follower.home) == held(fresh.home)
    follower.index.close()


def test_another_schema_is_made_anew(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Follower(home_on(grown, monkeypatch, url, tmp_path))
    first.step()
    before = held(first.home)
    assert first.index.finalized == grown.head.number - 64
    opened = first.index._kept(lambda opened: opened)
    opened.keep_span(grown.host, Span(7))
    with opened.database.writing() as connection:
        opened._run(connection, "UPDATE about SET schema = 1")
        opened._run(connection, "ALTER TABLE fold RENAME COLUMN state TO condition")
        opened._run(connection, "DELETE FROM log")
    first.index.close()
    again = Follower(home_on(grown, monkeypatch, url, tmp_path))
    assert again.index._kept(lambda opened: opened.span(grown.host)).blocks == 7, (
        "what a provider takes is not forgotten"
    )
    again.step()
    assert held(again.home) == before
    again.index.rebuild()
    assert again.index.cursor is None
    assert held(again.home).keys() <= {"about"}
    again.step()
    assert held(again.home) == before
    again.index.close()


def test_somebody_elses_file_is_not_dropped(grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "books.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE books (title TEXT)")
    connection.close()
    with pytest.raises(NetworkError, match="holds something else"):
        Follower(home_on(grown, monkeypatch, str(file), tmp_path)).step()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT COUNT(*) FROM books").fetchone() == (0,)
    connection.close()


# ── facts ──


def test_facts_from_the_index_are_those_from_events(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown.worth()
    home = home_on(grown, monkeypatch, url, tmp_path)
    Follower(home).step()
    kinds = [kind for kind in Fact.kinds if kind.__module__.startswith("dmo.")]
    assert len(kinds) >= 9
    events = home_on(grown, monkeypatch, None, tmp_path / "plain").snapshot.events
    for kind in kinds:
        folded = home.index.folds(kind)
        assert folded, kind
        assert {key: vars(one) for key, one in home.facts(kind).items()} == {
            key: vars(one) for key, one in fold(kind, events).items()
        }
    some = home.index.folds(Submission, [3, 1, 10**6])
    assert [one.submission for one in some or ()] == [1, 3]
    (proposal, *_) = home.facts(Proposal)
    assert proposal > 2**128
    assert [one.proposal_id for one in home.index.folds(Proposal, [proposal]) or ()] == [proposal]
    home.index.close()


def test_events_are_found_by_argument(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_on(grown, monkeypatch, url, tmp_path)
    Follower(home).step()
    told = [(f"{contract}.{event.name}", event) for contract, event in home.snapshot.events]
    home.snapshot._events = None
    asked = 0
    for name, event in told:
        for key, value in event.arguments.items():
            if isinstance(value, int | str | bytes):
                right = [other for its, other in told if its == name and other.arguments[key] == value]
                assert home.events(name, **{key: value}) == right
                asked += 1
    assert asked > 500
    assert home.events("CampaignEscrow.WorkPaid", "CampaignEscrow.WorkSubmitted", submission=1) == [
        event
        for name, event in told
        if name.endswith(("WorkPaid", "WorkSubmitted")) and event.arguments["submission"] == 1
    ]
    assert home.events("CampaignEscrow.WorkPaid", nothing=1) == []
    home.index.close()
