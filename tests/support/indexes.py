"""Indexes for tests: homes on a told chain, and what their databases hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Chain
from dmo.home.deployment import Dmo
from dmo.home.home import Home
from tests.support.chronicle import BIRTH, Chronicle
from tests.support.node import ADDRESSES


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
        for told in [known.told for known in opened.logs_in.numbered]:
            large = [False, *(one.kind == "units" for one in told.columns)]
            rows[told.table] = [
                [
                    int.from_bytes(one, "big") if wide and isinstance(one, bytes) else one
                    for wide, one in zip(large, row, strict=True)
                ]
                for row in opened._run(connection, f'SELECT * FROM "{told.table}"')
            ]
    return {name: sorted(map(tuple, its), key=str) for name, its in rows.items() if its}
