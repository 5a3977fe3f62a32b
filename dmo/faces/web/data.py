"""Answers for machines: as ``--format json`` has them, and their tables as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dmo.core.act import read
from dmo.faces.commas import written
from dmo.faces.running import where
from dmo.faces.terminal import envelope
from dmo.faces.web.pages import Asking
from dmo.faces.web.visitor import Visitor


def told(visitor: Visitor, asked: Any, asking: Asking, named: Mapping[str, str], table: str | None) -> str:
    """A query's answer as JSON, or one of its tables as CSV. Raises DmoError."""
    view = read(asked, visitor, asking.given(named)).view(visitor)
    if table is None:
        whole = {"ok": True, "command": asking.name, **where(visitor), "data": view.data, "transactions": []}
        return envelope({**whole, "block": visitor.snapshot.head.number})
    rows = view.data.get(table)
    return written(rows if isinstance(rows, list) else [])
