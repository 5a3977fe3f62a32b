"""Tables as CSV, whose cells no spreadsheet takes for formulas."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dmo.core.text import escaped
from dmo.faces.terminal import envelope

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
