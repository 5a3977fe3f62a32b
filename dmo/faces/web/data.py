"""Answers for machines: as ``--format json`` has them, and their tables as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dmo.core.act import read
from dmo.core.text import escaped
from dmo.faces.running import where
from dmo.faces.terminal import envelope
from dmo.faces.web.pages import Asking
from dmo.faces.web.visitor import Visitor

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def told(visitor: Visitor, asked: Any, asking: Asking, named: Mapping[str, str], table: str | None) -> str:
    """A query's answer as JSON, or one of its tables as CSV. Raises DmoError."""
    view = read(asked, visitor, asking.given(named)).view(visitor)
    if table is None:
        whole = {"ok": True, "command": asking.name, **where(visitor), "data": view.data, "transactions": []}
        return envelope({**whole, "block": visitor.snapshot.head.number})
    rows = view.data.get(table)
    return written(rows if isinstance(rows, list) else [])


def written(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table as the JSON has it; what a spreadsheet would take for a formula stays a text."""
    found = io.StringIO()
    names = sorted({key for row in rows for key in row})
    writer = csv.writer(found, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return escaped(found.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return envelope({"": value}).strip()[5:-2].strip()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not re.fullmatch(r"-?\d+", text) else text
