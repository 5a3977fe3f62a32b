"""Notices: each once, whatever the chain and the machine do; what is undone is taken back.

given a chain that is reorganised, an index that is made anew, services that fail, kills
├── what stands is what a fresh run finds, on SQLite and on PostgreSQL
├── what was told and is undone is taken back; nothing that stands is left untold
└── a kill between any two steps neither loses nor doubles, but for a message that went out as it struck
given two processes on one outbox: each notice is taken by one
given the index of another process that is unwound while facts are read: nothing is passed over
given an old DMO
├── the first run tells nothing of what was; asked for its history, all of it
├── ten thousand at once are one message of twenty lines
└── who is added later is told from then on
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dmo.capabilities.noticed import NAMES
from dmo.capabilities.rooted import roots
from dmo.core.kinds import ACCOUNT, TEXT
from dmo.core.notices import Notice
from dmo.core.outbox import Gathered, NoticeOutbox
from dmo.core.records import Block
from dmo.core.schema import Engine
from dmo.home import channels
from dmo.home.channels import LINES, deliver
from tests.support.chronicle import account
from tests.support.told import PLAIN, Reader, Telling, everything, noticer, standing, wishes

SEEDS = int(os.environ.get("DMO_NOTICE_SEEDS", "5"))
DEPTH = 3
FEW = wishes([account(number) for number in (1, 2, 3, 101, 102, 103)])


@pytest.fixture
def place(url: str, server_if: Any) -> str:
    server_if(url)
    return url


@pytest.fixture
def server_if() -> Callable[[str], None]:
    """Empties what notices keep in a server."""

    def empty(url: str) -> None:
        if url.startswith("postgres"):
            with sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
                connection.exec_driver_sql("DROP SCHEMA IF EXISTS dmo_notice CASCADE")

    return empty


def settled(node: Telling, found: Any) -> None:
    """Nothing more happens, until all that is deep enough was told."""
    for _ in range(3):
        for _ in range(DEPTH + 1):
            node.block([])
        found.step()


def reopened(found: Any, node: Telling, patch: pytest.MonkeyPatch, folder: Path, url: str, reader: Reader) -> Any:
    """The next process on the same stores."""
    found.outbox.close()
    found.home.index.close()
    other, _ = noticer(node, patch, folder, FEW, url)
    other.services = reader  # type: ignore[assignment]
    return other


def undone(outbox: NoticeOutbox, found: Any) -> list[Any]:
    """What was told and is not on the chain."""
    _, facts = found.home.index.news(NAMES, -1)
    known = roots(facts)
    return [row for row in everything(outbox) if row.told is not None and row.root and row.root not in known]


def compared(outbox: NoticeOutbox) -> dict[Any, Any]:
    return {its: (kind, facts, root) for its, (kind, _, _, facts, root) in standing(outbox).items()}


# ── whatever happens ──


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_stands_is_what_a_fresh_run_finds(
    seed: int, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_if: Any
) -> None:
    monkeypatch.setattr(channels, "SINGLY", 10_000)
    rnd = random.Random(seed)
    node = Telling(seed)
    node.grow(40)
    found, reader = noticer(node, monkeypatch, tmp_path / "a", FEW, url=place)
    found.step(all_of_it=True)
    told = reader.messages
    for _ in range(10):
        what = rnd.choice(["grow", "fork", "fork", "again", "rebuild", "fail", "pause", "kill", "kill"])
        if what == "fork":
            node.fork(rnd.randint(1, 20))
        elif what == "rebuild":
            found.home.index.rebuild()
        elif what == "again":  # another process, after a kill
            found = reopened(found, node, monkeypatch, tmp_path / "a", place, reader)
        elif what == "pause":
            for _ in range(60):
                node.block([])
        reader.fails = iter([True] * rnd.randint(1, 5)) if what == "fail" else iter(())
        node.grow(rnd.randint(1, 12))
        try:
            with killing(monkeypatch, rnd.randint(0, 30) if what == "kill" else -1):
                found.step()
        except Killed:
            found = reopened(found, node, monkeypatch, tmp_path / "a", place, reader)
    reader.fails = iter(())
    for _ in range(100):  # until what failed is tried again
        node.block([])
    settled(node, found)
    incremental = compared(found.outbox)
    assert incremental
    assert undone(found.outbox, found) == []
    rows = everything(found.outbox)
    assert not [row for row in rows if row.pending]
    titles = Counter(row.title for row in rows)
    for row in rows:
        # What somebody believes who read the last message about it; whether that went out, a kill may leave unknown.
        if titles[row.title] == 1 and (row.told_at or row.told is None):
            said = [one for _, one, _ in told if one.endswith(f": {row.title}")]
            assert (bool(said) and "Taken back" not in said[-1]) is (row.told is not None), (row, said)
    found.outbox.close()
    found.home.index.close()
    server_if(place)
    fresh, _ = noticer(node, monkeypatch, tmp_path / "b", FEW, url=place)
    fresh.home.index.rebuild()
    fresh.step(all_of_it=True)
    assert compared(fresh.outbox) == incremental
    fresh.outbox.close()
    fresh.home.index.close()


class Killed(BaseException):
    """The process is gone."""


@contextmanager
def killing(patch: pytest.MonkeyPatch, at: int) -> Iterator[list[str]]:
    """Kill before or after the so-manieth transaction or message; says what was passed."""
    passed = list[str]()

    def step(name: str) -> None:
        if len(passed) == at:
            raise Killed
        passed.append(name)

    writing, call = Engine.writing, Reader.__call__

    @contextmanager
    def counted(self: Engine) -> Iterator[Any]:
        step("before a transaction")
        with writing(self) as connection:
            yield connection
            step("before its end")
        step("after a transaction")

    def sending(self: Reader, *message: str) -> bool:
        step("before a message")
        is_out = call(self, *message)
        step("after a message")
        return is_out

    with patch.context() as inner:
        inner.setattr(Engine, "writing", counted)
        inner.setattr(Reader, "__call__", sending)
        yield passed


def test_a_kill_at_any_step_neither_loses_nor_doubles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SINGLY", 10_000)
    node = Telling(5)
    node.grow(45)
    found, reader = noticer(node, monkeypatch, tmp_path / "before", FEW)
    found.step()
    node.grow(14)
    found.step()
    found.outbox.close()
    found.home.index.close()
    seen = list(reader.messages)
    node.fork(6)
    node.grow(8)
    for _ in range(DEPTH):
        node.block([])
    later = node.blocks[-1]

    def run(folder: Path, at: int) -> tuple[list[str], dict[Any, Any], list[Any]]:
        shutil.copytree(tmp_path / "before", folder)
        its, reads = noticer(node, monkeypatch, folder, FEW)
        reads.messages[:] = seen
        passed = list[str]()
        try:
            with killing(monkeypatch, at) as passed:
                its.step()
        except Killed:
            its.outbox.close()
            its.home.index.close()
            its, again = noticer(node, monkeypatch, folder, FEW)
            again.messages = reads.messages
            reads = again
        for _ in range(80):
            node.block([])
            if len(node.blocks) % 40 == 0:
                its.step()
        its.step()
        result = passed, compared(its.outbox), list(reads.messages)
        assert undone(its.outbox, its) == []
        its.outbox.close()
        its.home.index.close()
        del node.blocks[node.blocks.index(later) + 1 :]
        return result

    steps, right, messages = run(tmp_path / "whole", 10_000)
    assert {"after a message", "before its end"} <= set(steps)
    assert any("Taken back" in title for _, title, _ in messages), "the fork has to undo what was told"
    first = steps.index("before a message")
    for at in (*range(first + 9), *range(len(steps) - 3, len(steps))):  # one message is as another
        _, stands, told = run(tmp_path / str(at), at)
        assert stands == right, steps[at]
        assert set(told) >= set(messages), steps[at]
        doubled = len(told) - len(messages)
        assert doubled == (1 if steps[at - 1 : at] == ["before a message"] and at else 0) or _is_unmarked(steps, at)


def _is_unmarked(steps: list[str], at: int) -> bool:
    """Whether the kill struck after a message and before that was written down."""
    last = max((place for place, name in enumerate(steps[:at]) if name.endswith("message")), default=-1)
    return last >= 0 and "after a transaction" not in steps[last:at]


def test_two_processes_take_each_notice_once(place: str, tmp_path: Path) -> None:
    outboxes = [NoticeOutbox(place if place.startswith("postgres") else tmp_path / "one.sqlite", "x") for _ in range(2)]
    head = Block(9, 900, "0x", None)
    outboxes[0].bring(_found(50, head), PLAIN, 0)
    taken = [outbox.take("send phone", head) for outbox in outboxes]
    assert [len(rows) for rows in taken] == [50, 0]
    outboxes[0].sent(taken[0], 900)
    assert outboxes[1].waiting() == {}
    for outbox in outboxes:
        outbox.close()


def test_facts_that_are_undone_while_they_are_read_are_read_again(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process unwinds the index after the facts were read, and before that is noted."""
    node = Telling(7)
    node.grow(30)
    found, _ = noticer(node, monkeypatch, tmp_path / "a", url=place)
    other, _ = noticer(node, monkeypatch, tmp_path / "a", url=place)
    found.step(all_of_it=True)
    node.grow(10)
    bring = NoticeOutbox.bring

    def bringing(self: NoticeOutbox, *all_of_it: Any) -> int:
        count = bring(self, *all_of_it)
        node.fork(8)
        node.grow(12)
        other.follower.step()
        return count

    with monkeypatch.context() as inner:
        inner.setattr(NoticeOutbox, "bring", bringing)
        found.step()
    assert found.home.index.read_to(found.outbox.reader) <= len(node.blocks) - 1 - 12
    settled(node, found)
    fresh, _ = noticer(node, monkeypatch, tmp_path / "b")
    fresh.step(all_of_it=True)
    assert compared(fresh.outbox) == compared(found.outbox)
    for each in (found, other, fresh):
        each.outbox.close()
        each.home.index.close()


# ── an old DMO ──


def test_the_first_run_tells_nothing_of_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Telling(3)
    node.grow(120)
    found, reader = noticer(node, monkeypatch, tmp_path)
    settled(node, found)
    waiting = {row.kind for row in everything(found.outbox)}
    assert not waiting & {"funded", "paid", "released"}
    before = node.head.number
    node.grow(20)
    settled(node, found)
    facts = [row for row in everything(found.outbox) if row.kind in ("funded", "paid", "released")]
    assert facts
    assert all(row.block > before for row in facts)
    count = len(reader.messages)
    told = found.step(all_of_it=True)
    assert told["sent"] > len(facts)
    assert len(reader.messages) > count


def _found(count: int, head: Block, channel: str = "send phone") -> Gathered:
    values = {"idea": TEXT("1/1"), "title": TEXT("x"), "lead": ACCOUNT(account(1))}
    more = {"amount": TEXT("5 USDC"), "campaign": TEXT("1")}
    notices = [
        (
            Notice("funded", f"1/{n}", account(1), n, {**values, **more}, (), root=f"idea 1/{n} 0x{n:x}", block=1),
            channel,
        )
        for n in range(count)
    ]
    return Gathered(notices, {one.root: one.block for one, _ in notices}, 0, head, lambda *_: True)


def test_ten_thousand_notices_are_one_message(place: str, tmp_path: Path) -> None:
    outbox = NoticeOutbox(place if place.startswith("postgres") else tmp_path / "many.sqlite", "x")
    head = Block(9, 900, "0x", None)
    assert outbox.bring(_found(10_000, head), PLAIN, 0) == 10_000
    assert outbox.bring(_found(10_000, head), PLAIN, 0) == 0
    reader = Reader()
    assert deliver(outbox, "harbour", ["send phone"], head, reader) == (10_000, {})
    ((_, title, text),) = reader.messages
    assert title == "harbour: 10000 notices"
    assert len(text.splitlines()) == LINES + 1
    assert text.endswith("and 9980 more: dmo notice list")
    assert deliver(outbox, "harbour", ["send phone"], head, reader) == (0, {})
    outbox.close()


def test_who_is_added_later_is_told_from_then_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Telling(3)
    node.grow(40)
    found, _ = noticer(node, monkeypatch, tmp_path, wishes([account(104)]))
    found.step()
    node.grow(30)
    settled(node, found)
    more, reader = noticer(node, monkeypatch, tmp_path, wishes([account(104), account(1)]))
    settled(node, more)
    before = node.head.number
    assert not [title for _, title, _ in reader.messages if title.endswith(f"paid to {account(1)}")]
    node.grow(60)
    settled(node, more)
    blocks = [row.block for row in everything(more.outbox) if row.account == account(1)]
    assert blocks
    assert min(blocks) > before - 3 * (DEPTH + 1)
    fewer, reader = noticer(node, monkeypatch, tmp_path, wishes([account(104)]))
    node.grow(60)
    settled(node, fewer)
    assert not any(row.pending for row in everything(fewer.outbox) if row.account == account(1))
    assert not any("Taken back" in title for _, title, _ in reader.messages)
