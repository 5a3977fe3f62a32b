"""Gas of named acts: measured by tests, recorded in docs/architecture.md, printed on the way.

A test says `gas("ballot, repeat voter, one choice", tx.gas_used)`. What was measured has to be what
is recorded, within a hundredth: times and signatures in calldata make it waver by some dozens, and
a new function in a contract shifts all others. `make gas` records anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
BEGIN, END = "<!-- gas -->\n", "<!-- end -->"
HEAD = "| act | gas |\n|---|---:|\n"
TOLERANCE = 100  # a hundredth
_ROW = re.compile(r"^\| (.+) \| +([\d,]+) \|$", re.MULTILINE)

Gas = Callable[[str, int], None]


def recorded(text: str) -> dict[str, int]:
    """The table of a document, by act."""
    table = text.split(BEGIN)[1].split(END)[0]
    return {act: int(used.replace(",", "")) for act, used in _ROW.findall(table)}


def with_table(text: str, table: dict[str, int]) -> str:
    """The document with another table."""
    rows = "".join(f"| {act} | {used:,} |\n" for act, used in table.items())
    before, rest = text.split(BEGIN)
    return before + BEGIN + HEAD + rows + END + rest.split(END, 1)[1]


@pytest.fixture(scope="session")
def _measured() -> Iterator[dict[str, int]]:
    measured: dict[str, int] = {}
    yield measured
    if is_recording():
        text = DOCUMENT.read_text("utf-8")
        # Whole or not at all: another run may read it.
        new = DOCUMENT.with_suffix(f".{os.getpid()}")
        new.write_text(with_table(text, measured), "utf-8")
        new.replace(DOCUMENT)


def is_recording() -> bool:
    """Whether `make gas` asked for a new table."""
    return os.environ.get("DMO_GAS") == "record"


@pytest.fixture
def gas(capsys: pytest.CaptureFixture[str], _measured: dict[str, int]) -> Gas:
    """Print what an act used, and compare it with what is recorded, or record it."""
    table = {} if is_recording() else recorded(DOCUMENT.read_text("utf-8"))

    def check(act: str, used: int) -> None:
        with capsys.disabled():
            print(f"\n  gas: {act:<52} {used:>10,}", end="", flush=True)
        assert act not in _measured, f"{act} is measured twice"
        _measured[act] = used
        if is_recording():
            return
        assert act in table, f"{act} is not in {DOCUMENT.name}; `make gas` records it"
        allowed = table[act] // TOLERANCE
        assert abs(used - table[act]) <= allowed, f"{act}: recorded {table[act]:,}; `make gas`"

    return check
