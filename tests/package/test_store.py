"""The event store: against a chain that is a list of blocks, and forks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dmo.core import tables
from dmo.core.chain import Block, Chain
from dmo.core.errors import NetworkError
from dmo.core.tables import WINDOW
from tests.support.ledger import BIRTH, Ledger, opened, synced


def test_everything_in_one_round_trip_and_then_only_what_is_new(tmp_path: Path) -> None:
    node = Ledger()
    node.add(20, logs=3)
    store = opened(tmp_path)
    assert synced(store, node) == 1
    assert list(store.logs()) == node.truth
    assert synced(store, node) == 0
    node.add(5)
    node.add(5, logs=2)
    for again in (opened(tmp_path), store):
        assert synced(again, node) == (1 if again is not store else 0)
        assert list(again.logs()) == node.truth


@pytest.mark.parametrize("folder", [True, False])
def test_times_come_from_headers_where_logs_lack_them(tmp_path: Path, folder: bool) -> None:
    node = Ledger(is_telling=False)
    node.add(20, logs=3)
    store = opened(tmp_path if folder else None)
    assert synced(store, node) == 2
    assert list(store.logs()) == node.truth


# ── a provider that limits ranges ───────────────────────────────────────────────────────────────


def test_a_limit_is_learnt_once_and_remembered(tmp_path: Path) -> None:
    node = Ledger(limit=10)
    node.add(1_000)
    node.add(3, logs=3)
    store = opened(tmp_path)
    assert synced(store, node) <= 8, "twenty ranges at once"
    assert node.refused == 1
    assert list(store.logs()) == node.truth
    node.add(500, logs=1)
    again = opened(tmp_path)
    assert synced(again, node) <= 4
    assert node.refused == 1
    assert list(again.logs()) == node.truth


def test_what_was_read_before_a_provider_failed_is_kept(tmp_path: Path) -> None:
    node = Ledger(limit=10)
    node.add(30, logs=1)
    synced(opened(tmp_path), node)
    node.add(1_000, logs=1)
    batch, parts = node.batch, []

    def failing(requests: Any) -> Any:
        parts.append(len(requests))
        if len(parts) == 4:
            raise NetworkError("gone")
        return batch(requests)

    node.batch = failing  # type: ignore[method-assign]
    store = opened(tmp_path)
    with pytest.raises(NetworkError, match="gone"):
        synced(store, node)
    node.batch = batch  # type: ignore[method-assign]
    assert synced(store, node) == 3, "of six parts three are kept"
    assert list(store.logs()) == node.truth


# ── forks ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_a_fork_is_read_anew_and_nothing_below_it(tmp_path: Path, depth: int) -> None:
    node = Ledger()
    node.add(50, logs=2)
    store = opened(tmp_path)
    synced(store, node)
    node.fork(depth)
    node.add(depth + 3, logs=3)
    assert synced(store, node) == 3, "the cursor is gone, where is the fork, what is above it"
    assert list(store.logs()) == node.truth


@pytest.mark.parametrize("length", [-30, 0, 30])
def test_a_fork_below_all_that_is_kept_starts_anew(tmp_path: Path, length: int) -> None:
    node = Ledger()
    node.add(4 * WINDOW, logs=1)
    store = opened(tmp_path)
    synced(store, node)
    node.fork(3 * WINDOW)
    node.add(3 * WINDOW + length, logs=2)
    synced(store, node)
    assert list(store.logs()) == node.truth


def test_a_shorter_chain_on_the_same_port_is_another_chain(tmp_path: Path) -> None:
    node = Ledger()
    node.add(50, logs=2)
    synced(opened(tmp_path), node)
    other = Ledger()
    other.salt = 77
    other.add(20, logs=1)
    store = opened(tmp_path)
    synced(store, other)
    assert list(store.logs()) == other.truth


@pytest.mark.parametrize("moment", ["before_logs", "after_logs"])
@pytest.mark.parametrize("quiet", [0, 1])
@pytest.mark.parametrize("is_warm", [True, False])
def test_a_chain_that_moves_while_it_is_read_is_looked_at_again(
    tmp_path: Path, moment: str, quiet: int, is_warm: bool
) -> None:
    node = Ledger()
    store = opened(tmp_path)
    node.add(20, logs=2)
    if is_warm:
        synced(store, node)
    node.add(10, logs=2)
    node.add(quiet)

    def move() -> None:
        node.fork(4)
        node.add(4 - quiet, logs=5)
        node.add(quiet)

    setattr(node, moment, move)
    synced(store, node)
    assert list(store.logs()) == node.truth


def test_logs_of_two_forks_in_one_answer_are_not_kept(tmp_path: Path) -> None:
    node = Ledger()
    node.add(30, logs=3)
    answer, mixed = node.answer, [True]

    def mixing(method: str, params: Sequence[Any]) -> Any:
        found = answer(method, params)
        if method == "eth_getLogs" and mixed.pop():
            mixed.append(False)
            return [*found[:5], {**found[5], "blockHash": "0x" + "77" * 32}, *found[6:]]
        mixed.append(False)
        return found

    node.answer = mixing  # type: ignore[method-assign]
    store = opened(tmp_path)
    assert synced(store, node) == 2
    assert list(store.logs()) == node.truth


def test_who_comes_late_does_not_unwind_what_another_did(tmp_path: Path) -> None:
    node = Ledger()
    node.add(30, logs=1)
    synced(opened(tmp_path), node)
    store = opened(tmp_path)
    table = tables.Tables(next(tmp_path.iterdir()), store._key, store._contracts)
    cursor, hashes = table.cursor(), table.hashes()
    table.unwind(cursor, (10, hashes[10]))
    table.unwind(cursor, (20, hashes[20]))
    assert table.cursor() == (10, hashes[10])
    assert max(table.hashes()) == max(one[4] for one in table.logs(99)) == 10


def test_a_node_that_lags_behind_is_waited_for_and_not_believed(tmp_path: Path) -> None:
    node = Ledger()
    node.add(30, logs=2)
    head, ahead = node.head, node.blocks[-3:]
    del node.blocks[-3:]
    slept: list[float] = []

    def catch_up(seconds: float) -> None:
        slept.append(seconds)
        node.blocks += ahead

    store = opened(tmp_path)
    store.sync(Chain(node, sleep=catch_up), head)
    assert list(store.logs()) == node.truth
    assert len(slept) == 1
    del node.blocks[-3:]
    with pytest.raises(NetworkError, match="faster than it can be read"):
        opened(None).sync(Chain(node, sleep=lambda _: None), head)


def test_an_older_head_sees_no_later_logs_and_forgets_none(tmp_path: Path) -> None:
    node = Ledger()
    node.add(300, logs=1)
    store = opened(tmp_path)
    synced(store, node)
    for number, trips in ((290, 0), (10, 1)):
        before = node.trips
        store.sync(Chain(node), Block.of(node.header(number)))
        assert node.trips - before == trips
        assert list(store.logs()) == [log for log in node.truth if log.block <= number]
    assert synced(store, node) == 0
    assert list(store.logs()) == node.truth


@pytest.mark.parametrize("seed", range(6))
def test_equals_the_chain_after_any_forks_and_aborted_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rnd = random.Random(seed)
    node = Ledger(limit=rnd.choice([None, 7, 40]), is_telling=rnd.random() < 0.5)
    stores = [opened(tmp_path) for _ in range(3)]
    move = tables._move

    def aborted(*arguments: Any) -> None:
        move(*arguments)
        if rnd.random() < 0.2:
            raise KeyboardInterrupt

    monkeypatch.setattr(tables, "_move", aborted)
    for _ in range(25):
        for _ in range(rnd.randint(1, 8)):
            node.add(rnd.randint(1, 5), logs=rnd.randint(0, 3))
        store = rnd.choice(stores)
        for _ in range(50):
            try:
                synced(store, node)
                break
            except KeyboardInterrupt:
                pass
        assert list(store.logs()) == node.truth
        node.fork(min(rnd.choice([1, 2, 5, 30, 120]), len(node.blocks) - BIRTH - 1))


def test_a_long_reading_gives_a_sign_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    node = Ledger(limit=10)
    node.add(900, logs=1)
    monkeypatch.setattr("dmo.core.logs._QUIET", -1.0)
    synced(opened(tmp_path), node)
    assert "reading what the chain tells: block " in caplog.text
    caplog.clear()
    monkeypatch.setattr("dmo.core.logs._QUIET", 1e9)
    synced(opened(tmp_path / "other"), node)
    assert caplog.text == ""


# ── a node without logs ─────────────────────────────────────────────────────────────────────────


def _mute(node: Ledger) -> Any:
    """Has a node give no logs; what undoes it."""
    answer = node.answer
    node.answer = lambda method, params: [] if method == "eth_getLogs" else answer(method, params)  # type: ignore[method-assign]
    return lambda: setattr(node, "answer", answer)


def test_a_node_that_gives_no_events_at_all_is_not_believed(tmp_path: Path) -> None:
    node = Ledger()
    node.add(20, logs=3)
    speak = _mute(node)
    store = opened(tmp_path)
    with pytest.raises(NetworkError, match="gives no events of this deployment, up to block 20") as caught:
        synced(store, node)
    assert "--rpc" in caught.value.hint
    assert store.cursor is None, "nothing is kept of it"
    speak()
    synced(store, node)
    assert list(store.logs()) == node.truth


def test_an_index_that_was_left_without_events_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Ledger()
    node.add(20, logs=3)
    speak = _mute(node)
    with monkeypatch.context() as believing:
        believing.setattr(tables.Tables, "has_events", lambda _: True)
        synced(opened(tmp_path), node)
    speak()
    node.add(5)
    store = opened(tmp_path)
    synced(store, node)
    assert list(store.logs()) == node.truth


def test_a_head_before_the_contracts_birth_is_told(tmp_path: Path) -> None:
    node = Ledger()
    node.add(BIRTH - 1)
    with pytest.raises(
        NetworkError, match=f"at block {BIRTH - 1}, and the contracts came with block {BIRTH}"
    ) as caught:
        synced(opened(tmp_path), node)
    assert "dmo book show" in caught.value.hint
