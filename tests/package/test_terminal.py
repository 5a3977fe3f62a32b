"""What a terminal of 80 columns shows, and how it asks.

a text
├── that fits, or on its way to a file: stays as it is
├── that is too wide: broken at spaces, columns below each other, addresses whole, letters of two columns counted so
└── of a field: hangs under its value
a table whose words do not fit beside each other: a card a row
a terminal without our signs: shows plain ones, none like another
a question: only yes is yes, no and nothing are no, all else is asked again
"""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from dmo.core.errors import Declined
from dmo.core.view import Table
from dmo.faces import running, terminal
from dmo.faces.cli import main
from dmo.faces.terminal import Screen, fitted

WIDTH = 80
ANN = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
STATUS = (
    f"● Judge submission 2 of {ANN}, or silence accepts it    until 2026-12-03 14:00 UTC (in 1d 23h)    dmo work show 2"
)


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Tty:
    monkeypatch.setattr(terminal, "_columns", lambda: WIDTH)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    return Tty()


def test_what_fits_stays(capsys: Any) -> None:
    assert fitted("a  b\nc", WIDTH) == ["a  b", "c"]
    assert fitted(STATUS, None) == [STATUS]
    Screen(as_json=False).say(STATUS)
    assert capsys.readouterr().out == f"{STATUS}\n"


def test_signs_that_a_terminal_lacks_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii", write_through=True))
    monkeypatch.setattr("dmo.faces.cli._run", lambda _: Screen(as_json=False).say("● due ○ can → to … é"))
    main([])
    assert raw.getvalue() == b"* due o can -> to ... ?\n"


def test_what_does_not_fit_is_broken_at_spaces(shown: Tty) -> None:
    with redirect_stdout(shown):
        Screen(as_json=False).say(STATUS)
    lines = shown.getvalue().splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert lines[0].startswith("● Judge submission 2 of 0x")
    assert "  until 2026-12-03 14:00 UTC (in 1d 23h)  dmo work show 2" in lines[-1]
    assert all(ANN in line for line in lines if "0x" in line)
    wide = fitted("港" * 30 + " " + "港" * 30, WIDTH)
    assert [cell_len(line) for line in wide] == [60, 62]
    assert fitted("x" * 200, WIDTH) == ["x" * 200]


def test_fields_hang_under_their_values(shown: Tty) -> None:
    with redirect_stdout(shown):
        Screen(as_json=False).fields([("does", "Pay 5 PLAY to " + f"{ANN} and " * 3), ("by", "ann")])
    lines = shown.getvalue().splitlines()
    assert lines[0].startswith("  does  Pay")
    assert all(line.startswith("        ") and len(line) <= WIDTH for line in lines[1:-1])
    assert lines[-1] == "  by    ann"


def test_a_table_too_wide_is_told_row_by_row(shown: Tty) -> None:
    table = Table(("idea", "by", ">lead"), (("1/1", ANN, ANN),))
    with redirect_stdout(shown):
        Screen(as_json=False).table(table)
    assert shown.getvalue().splitlines() == ["  idea  1/1", f"  by    {ANN}", f"  lead  {ANN}", ""]
    shown.truncate(0)
    with redirect_stdout(shown):
        Screen(as_json=False).table(Table(("idea", "by"), (("1/1", ANN),)))
    assert "───" in shown.getvalue()


@pytest.mark.parametrize(
    ("typed", "asked", "is_sent"),
    [
        ("yes\n", 1, True),
        ("y\nYES\n", 2, True),
        ("y\nno\n", 2, False),
        ("\n", 1, False),
        ("", 1, False),
        ("n\n", 1, False),
    ],
)
def test_a_question_is_asked_until_it_is_answered(
    typed: str, asked: int, is_sent: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.delenv("DMO_YES", raising=False)
    answers = io.StringIO(typed)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, readline=answers.readline))
    home: Any = SimpleNamespace(is_live=True, network=SimpleNamespace(name="Sepolia"))
    if is_sent:
        running.ask(home, {})
    else:
        with pytest.raises(Declined, match="Nothing was sent"):
            running.ask(home, {})
    assert capsys.readouterr().err.count("yes") == asked
