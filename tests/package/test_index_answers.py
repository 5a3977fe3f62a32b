"""The same commands with any index: one that stands at the head, one that is late or on a fork, a broken one, and none.

a list of commands
└── answers, and refuses, word for word the same with
    ├── a current index, and then asks the node for no logs that it has
    ├── a stale one, also where the chain forked since
    ├── a broken one: no database, no server, another's tables
    └── none
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import registry
from dmo.core.errors import DmoError
from dmo.core.store import EventStore
from dmo.home.following import Follower
from dmo.home.home import Home
from tests.support.answering import Answering
from tests.support.indexes import home_on

ASKED: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in ("campaign list", "bounty list", "work list", "idea list", "dispute list")),
    *((name, {}) for name in ("due", "status", "events", "govern list", "points board", "round show", "time")),
    *(("work show", {"submission": number}) for number in (1, 2, 3, 999)),
    *((f"{name} show", {name: number}) for name in ("campaign", "bounty") for number in (1, 2, 999)),
]


def answers(home: Home) -> Iterator[tuple[str, Any]]:
    """What commands say, each at its own look at the chain, or how they refuse."""
    known = registry()
    for name, given in ASKED:
        query: Any = known[name]
        home.look_again()
        try:
            yield f"{name} {given}", query(**given).view(home)
        except DmoError as error:
            yield f"{name} {given}", (type(error).__name__, error.message, error.hint)


def told(node: Answering, monkeypatch: pytest.MonkeyPatch, url: str | None, folder: Path) -> dict[str, Any]:
    home = home_on(node, monkeypatch, url, folder)
    try:
        return dict(answers(home))
    finally:
        home.index.close()


def followed(node: Answering, monkeypatch: pytest.MonkeyPatch, url: str, folder: Path) -> None:
    follower = Follower(home_on(node, monkeypatch, url, folder))
    follower.step()
    follower.index.close()


def test_commands_say_the_same_with_any_index(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Answering(3)
    node.grow(150)
    followed(node, monkeypatch, url, tmp_path / "stale")
    node.fork(7)
    node.grow(30)
    # Without: nothing is folded beforehand, and every fact comes from the events.
    with monkeypatch.context() as plainly:
        plainly.setattr(EventStore, "folds", lambda *_: None)
        plainly.setattr(EventStore, "still", lambda *_: None)
        right = told(node, plainly, None, tmp_path / "none")
    assert [name for name, said in right.items() if isinstance(said, tuple)] == [
        f"{name} {given}" for name, given in ASKED if 999 in given.values()
    ]
    assert told(node, monkeypatch, url, tmp_path / "stale") == right
    followed(node, monkeypatch, url, tmp_path)
    node.logs_asked = 0
    assert told(node, monkeypatch, url, tmp_path) == right
    assert node.logs_asked == 0
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database at all" * 400)
    for place in (f"sqlite:///{broken}", "postgresql://nobody@127.0.0.1:1/nothing", f"sqlite:///{tmp_path}"):
        assert told(node, monkeypatch, place, tmp_path / "beside") == right
    assert node.logs_asked > 0
