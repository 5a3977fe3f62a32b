"""How the demo looks in a terminal."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from importlib import util
from pathlib import Path

import pytest
from rich.console import Console

from dmo.report.history import History
from dmo.story.cast import CAST
from dmo.story.telling import Narrator, closing_tables

_SPEC = util.spec_from_file_location(
    "history_sample", Path(__file__).with_name("history_sample.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
sample_module = util.module_from_spec(_SPEC)
sys.modules["history_sample"] = sample_module
_SPEC.loader.exec_module(sample_module)


@pytest.fixture(scope="module")
def history() -> History:
    found = sample_module.sample()
    assert isinstance(found, History)
    return found


def _console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_tables_never_cut_a_number(history: History, width: int) -> None:
    console = _console(width)
    for table in closing_tables(history, sample_module.NAMES, {"IdeaBoard.post": [3, 1]}, width):
        console.print(table)
    said = _said(console)
    for number in ("-360,000", "545,000", "1,500", "1,383.3", "260", "IdeaBoard.post"):
        assert number in said
    assert "replaced by an edit" in said
    for words in ("2 jurors", "work, credited", "rejection overturned; jurors: 2 by TIDE"):
        assert words in said
    assert "jurors: 0 by another arbitrator" in said
    assert max(map(len, said.splitlines())) <= width


def test_introduces_people_once() -> None:
    console = _console(120)
    narrator = Narrator(console)
    for words in ("posts [1]", "votes"):
        narrator.line(1_773_014_400, CAST["ayu"], words, "why not")
    first, second = _said(console).splitlines()
    assert "09 Mar 00:00  Ayu Lestari (holder and lead, Makassar) posts [1] — why not" in first
    assert "Ayu Lestari votes" in second


def test_leaves_out_a_table_without_rows(history: History) -> None:
    titles = [table.title for table in closing_tables(replace(history, disputes=()), {}, {})]
    assert "Disputes (USDX)" not in titles
    assert "Payments (USDX)" in titles


def test_does_not_cut_lines_with_wide_letters() -> None:
    console = _console(60)
    Narrator(console).line(
        1_773_014_400, CAST["chen"], "submits work 1 “青岛石老人滩四页日记”", "in fog"
    )
    said = _said(console)
    assert "…" not in said
    assert "— in fog" in " ".join(said.split())


def test_writes_no_control_characters_without_a_terminal() -> None:
    console = _console(80)
    narrator = Narrator(console)
    narrator.chapter("A chapter", "with words")
    narrator.line(1_773_014_400, None, "and a line")
    assert "\x1b" not in _said(console)
