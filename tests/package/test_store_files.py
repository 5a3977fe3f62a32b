"""The event store's file: shared, spoilt, lost, removed."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from dmo.core import schema
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError
from dmo.core.store import EventStore
from tests.support.ledger import BIRTH, PLACES, STRANGER, Ledger, opened, synced
from tests.support.waiting import PATIENCE_SECONDS


def test_several_at_once_end_with_every_log_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", PATIENCE_SECONDS)
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
    node.add(5, logs=1)
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


def test_a_password_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    node = Ledger()
    node.add(5, logs=1)
    url = "postgresql+psycopg://me:secret@127.0.0.1:1/dmo"
    with caplog.at_level(logging.WARNING):
        synced(EventStore(None, 31337, PLACES, BIRTH, url=url), node)
    assert "cannot be used" in caplog.text
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("how", ["no database", "damaged"])
def test_a_damaged_file_that_was_named_is_told_how_to_be_rid_of(tmp_path: Path, how: str) -> None:
    node = Ledger()
    node.add(30, logs=2)
    spoilt(tmp_path, how)
    (file,) = tmp_path.glob("events-*.sqlite")
    raw = file.read_bytes()
    store = EventStore(None, 31337, PLACES, BIRTH, url=f"sqlite:///{file}", owns=True)
    with pytest.raises(NetworkError, match=r"events-.* cannot be used") as caught:
        synced(store, node)
    assert "delete it" in caught.value.hint
    assert file.read_bytes() == raw
