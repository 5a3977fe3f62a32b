"""Several processes that write one index: a keeper with its own, `dmo index run`, command lines.

two writers
├── whose steps come between each other's, and forks between both
│   └── leave what a fresh index has
├── at the same time
│   └── wait for each other, and leave what a fresh index has
└── of two schemas
    └── the one whose tables are gone stops, and writes nothing into the other's
"""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import pytest

from dmo.core import facts, schema
from dmo.core.errors import NetworkError
from dmo.core.tables import Tables
from dmo.home.following import Follower
from tests.support.chronicle import Chronicle
from tests.support.indexes import held, home_on
from tests.support.waiting import PATIENCE_SECONDS

ROUNDS = 24


def still(follower: Follower) -> None:
    """Step until it is done; a chain that moves faster than it can be read is asked again, as by ``run``."""
    for _ in range(20):
        try:
            follower.step()
        except NetworkError as error:
            if "index" in str(error):
                raise
        else:
            return
    raise AssertionError("never still")


def test_steps_between_each_others_leave_what_a_fresh_index_has(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, rnd = Chronicle(8), random.Random(4)
    node.grow(20)
    followers = [Follower(home_on(node, monkeypatch, url, tmp_path)) for _ in range(2)]
    opened = [follower.index._kept(lambda tables: tables) for follower in followers]
    late, is_busy = dict.fromkeys(("add", "unwind", "looked"), 0), [False]

    def meddle(name: str) -> None:
        usual = getattr(Tables, name)

        def meddled(self: Tables, *given: Any) -> Any:
            if not is_busy[0] and rnd.random() < 0.6:
                is_busy[0] = True
                if rnd.random() < 0.4:
                    node.fork(rnd.randint(1, 12))
                    node.grow(rnd.randint(1, 14))
                before = self.cursor()
                still(followers[opened[0] is self])
                late[name] += before != self.cursor()
                is_busy[0] = False
            return usual(self, *given)

        monkeypatch.setattr(Tables, name, meddled)

    for name in late:
        meddle(name)
    for turn in range(ROUNDS):
        node.fork(rnd.randint(1, 12))
        node.grow(rnd.randint(1, 14))
        still(followers[turn % 2])
    assert all(late.values()), late
    monkeypatch.undo()
    for follower in followers:
        follower.step()
    fresh = Follower(home_on(node, monkeypatch, None, tmp_path / "fresh"))
    fresh.step()
    assert held(followers[0].home) == held(followers[1].home) == held(fresh.home)
    for each in (*followers, fresh):
        each.index.close()


def test_two_at_the_same_time_wait_for_each_other(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node, rnd = Chronicle(9), random.Random(6)
    node.grow(20)
    monkeypatch.setattr(schema, "BUSY_SECONDS", PATIENCE_SECONDS)
    homes = [home_on(node, monkeypatch, url, tmp_path) for _ in range(2)]
    meeting = threading.Barrier(3, timeout=PATIENCE_SECONDS)
    lock, batch, failed = threading.Lock(), node.batch, list[BaseException]()

    def one_by_one(requests: Any) -> Any:
        with lock:
            return batch(requests)

    monkeypatch.setattr(node, "batch", one_by_one)

    def follow(home: Any) -> None:
        try:
            follower = Follower(home)
            for _ in range(ROUNDS // 2):
                meeting.wait()
                still(follower)
            meeting.wait()
            follower.step()
            follower.index.close()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test fails by it
            failed.append(error)
            meeting.abort()

    threads = [threading.Thread(target=follow, args=[home]) for home in homes]
    for one in threads:
        one.start()
    try:
        for _ in range(ROUNDS // 2):
            meeting.wait()
            with lock:
                node.fork(rnd.randint(1, 12))
                node.grow(rnd.randint(1, 14))
        meeting.wait()
    except threading.BrokenBarrierError:
        pass
    for one in threads:
        one.join()
    assert failed == []
    last, fresh = (Follower(home_on(node, monkeypatch, *at)) for at in ((url, tmp_path), (None, tmp_path / "fresh")))
    for each in (last, fresh):
        each.step()
    assert held(last.home) == held(fresh.home)
    for each in (last, fresh):
        each.index.close()


def test_who_has_lost_its_tables_writes_nothing_into_anothers(
    url: str, grown: Chronicle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Follower(home_on(grown, monkeypatch, url, tmp_path))
    before.step()
    with monkeypatch.context() as other:
        other.setattr(facts.Fact, "kinds", [kind for kind in facts.Fact.kinds if kind.__name__ != "Bounty"])
        after = Follower(home_on(grown, monkeypatch, url, tmp_path))
        after.step()
    kept = held(after.home)
    grown.grow(5)
    with pytest.raises(NetworkError, match="holds something else"):
        before.step()
    assert held(after.home) == kept
    for each in (before, after):
        each.index.close()
