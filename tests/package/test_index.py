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


# ── facts ──


@pytest.fixture
def grown() -> Chronicle:
    node = Chronicle(3)
    node.grow(150)
    return node


def test_facts_from_the_index_are_those_from_events(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_on(grown, monkeypatch, url, tmp_path)
    Follower(home).step()
    kinds = [kind for kind in Fact.kinds if kind.__module__.startswith("dmo.")]
    assert len(kinds) >= 9
    for kind in kinds:
        folded = home.index.folds(kind)
        assert folded, kind
        assert {key: vars(one) for key, one in home.facts(kind).items()} == {
            key: vars(one) for key, one in fold(kind, home.snapshot.events).items()
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


# ── commands ──


def standing(home: Home) -> list[dict[str, Any]]:
    return [vars(one) for one in submissions(home)]


def test_a_command_says_the_same_with_the_index_and_without(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rnd, asked = random.Random(2), []
    for turn in range(12):
        follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
        follower.step()
        follower.index.close()
        if turn % 3 == 1:
            grown.grow(rnd.randint(1, 9))
        if turn % 3 == 2:
            grown.fork(rnd.randint(1, 9))
            grown.grow(rnd.randint(1, 20))
        with_index = home_on(grown, monkeypatch, url, tmp_path)
        mine = standing(with_index)
        asked.append(sum(read.function == "submissions" for read in with_index.snapshot.asked))
        plain = home_on(grown, monkeypatch, None, tmp_path / f"plain{turn}")
        assert mine == standing(plain)
        assert {key: vars(one) for key, one in with_index.facts(Campaign).items()} == {
            key: vars(one) for key, one in plain.facts(Campaign).items()
        }
        with_index.index.close()
    assert asked[0::3] == [0] * 4, "all is told where it stands at the head"
    assert max(asked) > 0


def test_a_database_that_cannot_be_used_stops_no_command(
    grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = standing(home_on(grown, monkeypatch, None, tmp_path / "plain"))
    gone = "postgresql://nobody@127.0.0.1:1/nothing"
    assert standing(home_on(grown, monkeypatch, gone, tmp_path)) == right
    assert "cannot be used" in caplog.text
    with pytest.raises(NetworkError, match="The index cannot be used"):
        Follower(home_on(grown, monkeypatch, gone, tmp_path)).step()


def test_another_deployment_is_left_alone_by_commands_and_made_anew_by_its_owner(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    before = held(follower.home)
    other = home_on(grown, monkeypatch, url, tmp_path)
    other.__dict__["dmo"] = replace(other.dmo, birth=BIRTH + 1)
    assert standing(other) == standing(follower.home)
    assert other.index.place != follower.index.place
    assert held(follower.home) == before
    owner = home_on(grown, monkeypatch, url, tmp_path)
    owner.__dict__["dmo"] = replace(owner.dmo, birth=BIRTH + 1)
    anew = Follower(owner)
    anew.step()
    assert anew.index.place == follower.index.place
    assert {name: rows for name, rows in held(owner).items() if name != "log"}.keys() <= before.keys()
    for each in (follower, anew):
        each.index.close()


def test_another_schema_is_made_anew(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Follower(home_on(grown, monkeypatch, url, tmp_path))
    first.step()
    before = held(first.home)
    opened = first.index._kept(lambda opened: opened)
    with opened.database.writing() as connection:
        opened._run(connection, "UPDATE about SET schema = 1")
        opened._run(connection, "ALTER TABLE fold RENAME COLUMN state TO condition")
        opened._run(connection, "DELETE FROM log")
    first.index.close()
    again = Follower(home_on(grown, monkeypatch, url, tmp_path))
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


# ── the follower ──


def test_the_follower_outlives_a_node_that_fails(
    grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, None, tmp_path))
    batch, said, turns = grown.batch, list[tuple[str, str]](), iter(range(100))

    def failing(requests: Any) -> Any:
        if next(turns) in (0, 3, 4):
            raise NetworkError("The node is silent.")
        return batch(requests)

    monkeypatch.setattr(grown, "batch", failing)
    left = iter([False, False, False, False, False, True])

    def wait() -> bool:
        grown.grow(2)
        return next(left)

    follower.run(wait, lambda what, value: said.append((what, value)))
    assert [what for what, _ in said].count("failed") >= 2
    assert said[-1] == ("block", str(len(grown.blocks) - 3))
    assert follower.index.cursor == (len(grown.blocks) - 3, grown.blocks[-3]["hash"])


def test_the_check_finds_what_is_not_as_the_views_say(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    count, found = follower.compared(10)
    assert (count, found) == (10, [])
    opened = follower.index._kept(lambda opened: opened)
    (campaign, *_) = follower.home.facts(Campaign).values()
    spoilt = packed(replace(campaign, lead="0x" + "66" * 20))
    with opened.database.writing() as connection:
        opened._run(
            connection, "UPDATE fold SET state = ? WHERE kind = 'Campaign' AND key = ?", spoilt, str(campaign.campaign)
        )
    follower.home.look_again()
    _, found = follower.compared(10_000)
    assert [(one.thing, one.field, one.kept) for one in found] == [
        (f"Campaign {campaign.campaign}", "lead", "0x" + "66" * 20)
    ]
    follower.index.close()


def test_only_what_is_due_is_looked_at_again(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    follower.step()
    now = follower.home.snapshot.now
    assert follower.look() == 0
    wakes = follower.index.wakes(["Submission"])
    later = sorted({one.at for one in wakes if one.at})
    assert later
    assert min(later) > now
    assert {int(one.key) for one in wakes} == {
        n for n, one in grown.blocks[-1]["state"]["works"].items() if one["stage"] != 6
    }
    while grown.blocks[-1]["at"] < later[0]:
        grown.block([])
    follower.home.look_again()
    follower.index.sync(follower.home.snapshot.chain, follower.home.snapshot.head)
    waiting = follower.index.wakes(["Submission"], follower.home.now)
    assert {one.at for one in waiting} == {later[0]}
    assert follower.look() == len(waiting)
    assert follower.look() == 0
    follower.index.close()


def test_a_reader_of_facts_is_taken_back_by_a_reorganisation(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(home_on(grown, monkeypatch, url, tmp_path))
    head = follower.step().number
    assert follower.index.read_to("notices") == -1
    assert follower.index.read_to("notices", head) == head
    grown.fork(4)
    grown.grow(9)
    follower.step()
    assert follower.index.read_to("notices") == head - 4
    follower.index.close()


def test_status_loads_no_part_of_postgresql_and_no_web_framework() -> None:
    told = "import sys; from dmo.core.tables import Tables; from dmo.faces.cli import commands; commands(); Tables(None, '', {});"
    done = subprocess.run(
        [sys.executable, "-c", f"{told} print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "sqlalchemy.dialects.sqlite" in loaded
    assert not loaded & {"sqlalchemy.dialects.postgresql", "psycopg", "starlette", "uvicorn", "fastapi", "flask"}
    assert registry()
