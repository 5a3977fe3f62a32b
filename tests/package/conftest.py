"""Homes without a chain, and a made-up history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.history import History
from dmo.core import words
from dmo.home.deployment import Token
from dmo.home.home import Home
from tests.support import lamps, past
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, Node
from tests.support.rulings import JUROR
from tests.support.work import BASE


@pytest.fixture(scope="module")
def history() -> History:
    """A season of everything."""
    return past.sample()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> lamps.Home:
    """A home that knows lamps alone."""
    known = {**lamps.WORDS, "wrong": words.load()["wrong"] | lamps.WORDS.get("wrong", {})}
    monkeypatch.setattr(words, "load", lambda language="en": known)
    return lamps.Home()


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes of one campaign with a bounty, by what else they were told."""

    def open_(node: Node, *told: Told, account: str | None = None) -> Home:
        return at_home(tmp_path, monkeypatch, node, [*BASE, *told], account)

    return open_


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes of a juror, by what they were told."""

    def at(node: Node, *told: Told, account: str | None = JUROR) -> Home:
        home = at_home(tmp_path, monkeypatch, node, told, account)
        for name in ("votes_token", "budget_token"):
            home.dmo.__dict__[name] = Token(ADDRESSES["HolderToken"], "HRB", 0)
        return home

    return at
