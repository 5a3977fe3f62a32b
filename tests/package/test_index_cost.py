"""What an event costs the index, in things that can be counted on any machine; `make bench-index` tells the time.

20,000 events of a DMO's life
└── take no more calls of functions, statements, rows and bytes an event than they did
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.rpc import Request
from tools import bench_index

EVENTS = 20_000
PYTHON_CALLS, STATEMENTS, ROWS, BYTES = 5.2, 0.007, 2.3, 480
"""At most, an event."""


class Told(bench_index.Node):
    """The benchmark's node without a server."""

    def __init__(self) -> None:
        self.templates, self.head = bench_index._templates(), EVENTS // bench_index.PER_BLOCK

    def request(self, method: str, params: Sequence[Any]) -> Any:
        return self.batch([(method, params)])[0]

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        return [bench_index.json.loads(self.answer(method, list(params))) for method, params in requests]


def test_an_event_costs_no_more_than_it_did(tmp_path: Path) -> None:
    file = tmp_path / "index.sqlite"
    store, node, counted = bench_index.opened(f"sqlite:///{file}"), Told(), Counter[str]()
    answers, others = node.batch, sys.getprofile()

    def count(_frame: Any, event: str, _argument: Any) -> None:
        counted["calls"] += event == "call"

    def batch(requests: Sequence[Request]) -> list[Any]:  # what the node does is not counted
        sys.setprofile(others)
        found = answers(requests)
        sys.setprofile(count)
        return found

    def executed(_connection: Any, _cursor: Any, _sql: str, rows: Any, _context: Any, is_many: bool) -> None:
        counted["statements"] += 1
        counted["rows"] += len(rows) if is_many else 0

    node.batch = batch  # type: ignore[method-assign]
    store.place  # noqa: B018 - make the tables
    words.word("node", "reading")  # and read the words, which is done once
    sa.event.listen(sa.Engine, "before_cursor_execute", executed)
    try:
        store.sync(Chain(node), Chain(node).block())
    finally:
        sys.setprofile(others)
        sa.event.remove(sa.Engine, "before_cursor_execute", executed)
    assert store.counts(0)["events"] == EVENTS
    store.close()
    counted["bytes"] = file.stat().st_size
    bounds = {"calls": PYTHON_CALLS, "statements": STATEMENTS, "rows": ROWS, "bytes": BYTES}
    costs = {name: counted[name] / EVENTS for name in bounds}
    assert {name for name in bounds if not 0 < costs[name] <= bounds[name]} == set(), costs
