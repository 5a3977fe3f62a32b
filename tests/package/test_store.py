"""The event store: against a chain that is a list of blocks, and forks."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dmo.core import schema, tables
from dmo.core.abi.codec import checksum
from dmo.core.chain import Block, Chain
from dmo.core.errors import NetworkError, NodeError
from dmo.core.store import EventStore, StoredLog
from dmo.core.tables import WINDOW

PLACES = {"IdeaBoard": "0x" + "AB" * 20, "CampaignEscrow": "0x" + "cd" * 20}
STRANGER = "0x" + "ee" * 20
BIRTH = 3


class Ledger:
    """A node whose chain can fork. Counts its round trips.

    Args:
        limit: Blocks of logs that it gives at once.
        is_telling: Whether its logs carry the time of their block.
    """

    host = "node.example"

    def __init__(self, limit: int | None = None, is_telling: bool = True) -> None:
        self.limit, self.is_telling = limit, is_telling
        self.trips, self.refused = 0, 0
        self.salt = 0
        self.blocks: list[dict[str, Any]] = []
        self.span = 0
        self.before_logs: Any = None
        self.after_logs: Any = None
        self.add(1)

    def add(self, count: int = 1, logs: int = 0) -> None:
        for _ in range(count):
            number = len(self.blocks)
            parent = self.blocks[-1]["hash"] if self.blocks else ""
            seed = f"{parent}{self.salt}{number}".encode()
            found = "0x" + hashlib.sha256(seed).hexdigest()
            places = [*PLACES.values(), STRANGER]
            self.blocks.append(
                {"hash": found, "logs": [(places[i % len(places)].lower(), f"{found}{i:02x}") for i in range(logs)]}
            )

    def fork(self, depth: int) -> None:
        del self.blocks[-depth:]
        self.salt += 1

    def header(self, number: int) -> dict[str, str] | None:
        if number >= len(self.blocks):
            return None
        return {"number": hex(number), "hash": self.blocks[number]["hash"], "timestamp": hex(1_000 + 2 * number)}

    @property
    def head(self) -> Block:
        return Block.of(self.header(len(self.blocks) - 1))

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        if method == "eth_getBlockByNumber":
            last = len(self.blocks) - 1
            return self.header(last if params[0] == "latest" else int(params[0], 16))
        assert method == "eth_getLogs"
        if self.before_logs is not None:
            run, self.before_logs = self.before_logs, None
            run()
        order = params[0]
        assert "topics" not in order
        assert sorted(order["address"]) == sorted(p.lower() for p in PLACES.values())
        low, high = int(order["fromBlock"], 16), int(order["toBlock"], 16)
        if self.limit and high - low + 1 > self.limit:
            self.refused += 1
            return NodeError(method, f"at most {self.limit} blocks at once", -32614)
        found = []
        for number in range(low, min(high + 1, len(self.blocks))):
            block = self.blocks[number]
            for index, (address, text) in enumerate(block["logs"]):
                if address in order["address"]:
                    moment = {"blockTimestamp": hex(1_000 + 2 * number)} if self.is_telling else {}
                    found.append(
                        {
                            "address": address,
                            "topics": ["0x" + "11" * 32, "0x" + "22" * 32],
                            "data": "0x" + text[2:],
                            "blockNumber": hex(number),
                            "blockHash": block["hash"],
                            "logIndex": hex(index),
                            "transactionHash": block["hash"],
                            **moment,
                        }
                    )
        if self.after_logs is not None:
            run, self.after_logs = self.after_logs, None
            run()
        return found

    def request(self, method: str, params: Sequence[Any]) -> Any:
        self.trips += 1
        answer = self.answer(method, params)
        if isinstance(answer, NodeError):
            raise answer
        return answer

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        self.trips += bool(requests)
        return [self.answer(*request) for request in requests]

    @property
    def truth(self) -> list[StoredLog]:
        names = {address.lower(): (name, checksum(address.lower())) for name, address in PLACES.items()}
        return [
            StoredLog(
                *names[address], b"\x11" * 32 + b"\x22" * 32, bytes.fromhex(text[2:]),
                number, index, block["hash"], 1_000 + 2 * number,
            )
            for number, block in enumerate(self.blocks)
            for index, (address, text) in enumerate(block["logs"])
            if number >= BIRTH and address in names
        ]  # fmt: skip


def opened(folder: Path | None) -> EventStore:
    return EventStore(folder, 31337, PLACES, BIRTH)


def synced(store: EventStore, node: Ledger) -> int:
    """Brings a store to the node's head; returns the round trips that it took."""
    before = node.trips
    store.sync(Chain(node, sleep=lambda _: None), node.head)
    return node.trips - before


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
    node.add(30)
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
    assert max(table.hashes()) == max(block for block, *_ in table.logs()) == 10


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


# ── the file ────────────────────────────────────────────────────────────────────────────────────


def test_several_at_once_end_with_every_log_once(tmp_path: Path) -> None:
    node = Ledger(limit=5)
    node.add(400, logs=3)
    head = node.head
    failed: list[BaseException] = []

    def work() -> None:
        try:
            store = opened(tmp_path)
            store.sync(Chain(node), head)
            assert list(store.logs()) == node.truth
            assert store.file is not None, "nobody had to work in memory"
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_another_deployment_has_a_file_of_its_own(tmp_path: Path) -> None:
    node = Ledger()
    node.add(20, logs=2)
    synced(opened(tmp_path), node)
    renamed = {"Board": PLACES["IdeaBoard"].lower(), "Escrow": PLACES["CampaignEscrow"]}
    others = [
        EventStore(tmp_path, 1, PLACES, BIRTH),
        EventStore(tmp_path, 31337, renamed, BIRTH),
        EventStore(tmp_path, 31337, PLACES, BIRTH + 1),
        EventStore(tmp_path, 31337, {"IdeaBoard": PLACES["IdeaBoard"]}, BIRTH),
    ]
    assert all(list(store.logs()) == [] for store in others)
    assert len(list(tmp_path.iterdir())) == 5
    synced(others[1], node)
    assert {log.contract for log in others[1].logs()} == {"Board", "Escrow"}


def test_files_that_nobody_adds_to_are_removed(tmp_path: Path) -> None:
    node = Ledger()
    synced(opened(tmp_path), node)
    (old,) = tmp_path.iterdir()
    (tmp_path / "other.sqlite").touch()
    for days, is_kept in ((89, True), (91, False)):
        moment = time.time() - days * 86_400
        os.utime(old, (moment, moment))
        os.utime(tmp_path / "other.sqlite", (0, 0))
        EventStore(tmp_path, days, PLACES, BIRTH).sync(Chain(node), node.head)
        assert old.exists() is is_kept
    assert len(list(tmp_path.iterdir())) == 3


def spoilt(tmp_path: Path, how: str) -> Path:
    """A folder in which a store cannot be kept."""
    node = Ledger()
    node.add(20, logs=2)
    synced(opened(tmp_path), node)
    file = next(tmp_path.iterdir())
    if how == "no database":
        file.write_bytes(b"not a database at all" * 100)
    elif how == "damaged":
        raw = bytearray(file.read_bytes())
        raw[4096:] = b"\xff" * (len(raw) - 4096)
        file.write_bytes(raw)
    elif how == "a folder":
        file.unlink()
        file.mkdir()
    elif how == "no folder":
        return file / "below"
    return tmp_path


@pytest.mark.parametrize("how", ["no database", "damaged", "a folder", "no folder"])
def test_a_file_that_cannot_be_used_stops_nobody(tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = spoilt(tmp_path, how)
    node = Ledger()
    node.add(30, logs=2)
    with caplog.at_level(logging.WARNING):
        store = opened(folder)
        synced(store, node)
        assert list(store.logs()) == node.truth
    assert "cannot be used" in caplog.text
    if how in ("no database", "damaged"):
        caplog.clear()
        assert synced(opened(folder), node) == 1
        assert synced(opened(folder), node) == 0, "the next command made another"
        assert not caplog.text


def test_a_file_that_is_lost_in_between_stops_nobody(tmp_path: Path) -> None:
    node = Ledger()
    node.add(30, logs=2)
    store = opened(tmp_path)
    synced(store, node)
    file = next(tmp_path.iterdir())
    with sqlite3.connect(file) as connection:
        connection.execute("drop table log")
    connection.close()
    assert list(store.logs()) == node.truth


def test_one_who_never_ends_writing_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.05)
    node = Ledger()
    node.add(30, logs=2)
    synced(opened(tmp_path), node)
    node.add(5, logs=2)
    other = sqlite3.connect(next(tmp_path.iterdir()), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store = opened(tmp_path)
    synced(store, node)
    assert list(store.logs()) == node.truth
    other.close()
    assert synced(opened(tmp_path), node) == 1, "the file was left as it was"


def test_another_schema_is_dropped(tmp_path: Path) -> None:
    node = Ledger()
    node.add(30, logs=2)
    synced(opened(tmp_path), node)
    file = next(tmp_path.iterdir())
    with sqlite3.connect(file) as connection:
        connection.execute("update about set schema = 0")
        connection.execute("alter table log rename column at to moment")
    connection.close()
    store = opened(tmp_path)
    assert synced(store, node) == 1
    assert list(store.logs()) == node.truth
    with sqlite3.connect(file) as connection:
        connection.executescript("drop table about; create table about (id integer primary key);")
    connection.close()
    assert synced(opened(tmp_path), node) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"blockNumber": "0x2"},
        {"blockNumber": "0xffff"},
        {"logIndex": None},
        {"topics": None},
        {"address": 5},
        {"address": STRANGER},
        {"blockTimestamp": "later"},
    ],
)
def test_logs_that_are_none_are_not_kept(tmp_path: Path, change: dict[str, Any]) -> None:
    node = Ledger()
    node.add(30, logs=2)
    answer = node.answer
    node.answer = lambda method, params: (  # type: ignore[method-assign]
        [{**raw, **change} for raw in answer(method, params)] if method == "eth_getLogs" else answer(method, params)
    )
    with pytest.raises(NetworkError, match="no list of logs"):
        synced(opened(tmp_path), node)
    node.answer = answer  # type: ignore[method-assign]
    store = opened(tmp_path)
    synced(store, node)
    assert list(store.logs()) == node.truth
