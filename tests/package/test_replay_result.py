"""The comparison, the output, and the command; no chain."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dmo.core import words
from dmo.core.errors import CheckFailed, NetworkError, Refused
from dmo.faces.cli import main
from dmo.home.outputs import ReplayResult
from dmo.replay import ReplayOptions, check_out, save
from dmo.replay.engine import Cost, Outcome
from dmo.replay.model import expect
from dmo.replay.plan import make_plan
from dmo.replay.readers import read_holders, read_votes
from dmo.replay.result import answer, compare

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "examples" / "history"
OPTIONS = ReplayOptions(HISTORY / "holders.csv", HISTORY / "votes.csv")
FILES = ["--holders", str(OPTIONS.holders), "--votes", str(OPTIONS.votes)]


@pytest.fixture(scope="module")
def history():
    holders = read_holders(OPTIONS.holders)
    votes = read_votes(OPTIONS.votes, holders)
    plan = make_plan(OPTIONS, holders, votes)
    return holders, votes, plan, expect(OPTIONS, holders, votes)


@pytest.fixture
def outcome(history) -> Outcome:
    """What a chain would say that agrees."""
    expected = history[3]
    return Outcome(
        threshold=expected.threshold,
        results=list(expected.results),
        plain_tallies={r.number: (r.for_votes, r.against_votes) for r in expected.results},
        ballots=Cost(expected.ballots, 1000 * expected.choices + expected.choices // 2),
        settlements=Cost(5, 7),
        plain_votes=Cost(expected.choices, 4000 * expected.choices),
    )


@pytest.fixture
def found(history, outcome: Outcome) -> ReplayResult:
    holders, votes, plan, _ = history
    return answer(plan, holders, votes, outcome)


def test_agreement_is_accepted(history, outcome: Outcome) -> None:
    compare(outcome, history[3])


def test_every_difference_is_named(history, outcome: Outcome) -> None:
    expected = history[3]
    first = expected.results[0]
    outcome.threshold += 1
    outcome.ballots.count -= 1
    outcome.plain_votes.count += 1
    outcome.results[0] = replace(first, for_votes=first.for_votes + 1)
    outcome.results[1] = replace(outcome.results[1], is_funded=not outcome.results[1].is_funded)
    outcome.plain_tallies[first.number] = (first.for_votes, first.against_votes + 1)
    with pytest.raises(CheckFailed) as caught:
        compare(outcome, expected)
    assert len(caught.value.differences) == 6


def test_a_missing_proposal_is_noticed(history, outcome: Outcome) -> None:
    outcome.results.pop()
    with pytest.raises(CheckFailed, match="proposals: 35 on the chain, 36 computed"):
        compare(outcome, history[3])


def test_answers_in_whole_tokens(found: ReplayResult, history) -> None:
    raw = json.loads(found.model_dump_json(by_alias=True, exclude_none=True))
    assert raw["schema"] == "dmo.replay/1"
    assert raw["options"] == {"round_days": 14, "ask": "1000", "budget": "5000", "threshold_bps": 400}
    assert set(raw["inputs"]["votes"]) == {"rows", "sha256"}
    assert raw["inputs"]["holders"]["rows"] == 40
    supply = sum(int(line.split(",")[1]) for line in OPTIONS.holders.read_text().split()[1:])
    assert raw["inputs"]["holders"]["tokens"] == str(supply)
    assert Decimal(raw["threshold"]) == Decimal(supply) * 4 / 100
    assert raw["rounds"] == max(p["round"] for p in raw["proposals"])
    assert set(raw["proposals"][0]) == {*("proposal", "round", "for", "against", "passed", "funded")}


def test_gas_is_rounded_half_up(found: ReplayResult) -> None:
    assert found.choices == 562
    assert found.gas_per_choice == 1001  # 1000.5
    assert found.openzeppelin.gas_per_vote == 4000
    assert found.gas_saved_bps == 7499  # 1 − 1000.5 / 4000


def test_an_answer_without_votes_divides_by_nothing(history, outcome: Outcome) -> None:
    holders, votes, plan, _ = history
    outcome.ballots, outcome.plain_votes = Cost(), Cost()
    empty = replace(plan, rounds=[replace(r, ballots={}) for r in plan.rounds])
    nothing = answer(empty, holders, votes, outcome)
    assert (nothing.gas_per_choice, nothing.gas_saved_bps) == (0, 0)


def test_saves_whole_and_twice_the_same(found: ReplayResult, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        save(found, tmp_path / "new" / name)
    assert (tmp_path / "new/a.json").read_bytes() == (tmp_path / "new/b.json").read_bytes()
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["a.json", "b.json"]


def test_refuses_to_write_over_an_input(tmp_path: Path) -> None:
    link = tmp_path / "out.json"
    link.symlink_to(OPTIONS.votes)
    with pytest.raises(Exception, match="one of the inputs"):
        check_out(link, OPTIONS)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--holders", "nowhere.csv"], "nowhere.csv: there is no such file.\nExpected: a CSV file"),
        (["--holders", str(OPTIONS.votes)], "votes.csv:1: the header is"),
        (["--ask", "2000"], "--ask: the board takes no idea"),
        (["--round-days", "soon"], "--round-days: rounds of 'soon' days"),
        (["--threshold-bps", "1"], "--threshold-bps: a passing share of 1 bps"),
        (["--budget", "-5000"], "--budget: '-5000' is not an amount"),
    ],
)
def test_bad_input_exits_2_and_writes_nothing(capsys, tmp_path: Path, arguments: list[str], text: str) -> None:
    out = tmp_path / "out.json"
    assert main(["replay", *FILES, "--out", str(out), *arguments]) == 2
    assert text in capsys.readouterr().err.replace("\n       ", "\n")
    assert not list(tmp_path.iterdir())


def test_an_unusable_out_exits_2(capsys, tmp_path: Path) -> None:
    for folder in (tmp_path, "/"):
        assert main(["replay", *FILES, "--out", str(folder)]) == 2
    assert "this is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CheckFailed("They disagree."), 1),
        (Refused("IdeaBoardNotVoting", {"round": 1}), 1),
        (NetworkError("The local chain did not start."), 3),
        (KeyboardInterrupt(), 130),
    ],
)
def test_exit_codes(monkeypatch, tmp_path: Path, error: BaseException, code: int) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("dmo.replay.engine.play", fail)
    assert main(["replay", *FILES, "--out", str(tmp_path / "out.json")]) == code
    assert list(tmp_path.iterdir()) == []


def test_a_difference_exits_1_and_writes_nothing(capsys, monkeypatch, tmp_path: Path, outcome: Outcome) -> None:
    outcome.results.reverse()
    monkeypatch.setattr("dmo.replay.engine.play", lambda *_: outcome)
    assert main(["replay", *FILES, "--out", str(tmp_path / "out.json")]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "The contracts and the computation disagree in 36 places" in capsys.readouterr().err


def test_prints_a_table(capsys, monkeypatch, tmp_path: Path, outcome: Outcome) -> None:
    monkeypatch.setattr("dmo.replay.engine.play", lambda *_: outcome)
    assert main(["replay", *FILES, "--out", str(tmp_path / "out.json")]) == 0
    shown = capsys.readouterr().out
    assert "36 proposals in 5 rounds\nround   ideas   passed   funded\n" in shown
    assert "  all      36       25       21\n" in shown
    assert "To pass, an idea needed 172739.68 tokens more for it than against.\n" in shown
    assert "as 562 votes took 2,248,000 gas, 4,000 a vote.\nSaved: 74.99 %.\n" in shown
    assert "Every tally equals its recomputation." in shown
    assert (tmp_path / "out.json").is_file()


def test_writes_a_page_for_a_board(capsys, monkeypatch, tmp_path: Path, outcome: Outcome) -> None:
    monkeypatch.setattr("dmo.replay.engine.play", lambda *_: outcome)
    page = tmp_path / "board.html"
    assert main(["replay", *FILES, "--page", str(page), "--title", "Fish & Chips <DAO>"]) == 0
    assert f"Written: {page}" in capsys.readouterr().out
    said = page.read_text("utf-8")
    assert "Fish &amp; Chips &lt;DAO&gt;" in said
    assert "<DAO>" not in said
    for part in (
        "36 proposals of the past",
        "25 would have passed, 21 would have been funded with 21,000 USD",
        "Round 5",
    ):
        assert part in said, part
    assert "The same votes at OpenZeppelin's Governor" in html.unescape(said)
    assert "2,248,000" in said
    assert not re.search(r"<script|https?://|\burl\((?!#)|\{\w+\}", said)


def test_a_space_as_exported_gives_the_results_of_the_same_history(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_history.py"), "--seed", "1", "--form", "snapshot"]
    subprocess.run([*command, "--out", str(tmp_path)], check=True, capture_output=True)
    holders = read_holders(tmp_path / "holders.csv")
    votes = read_votes(tmp_path / "votes", holders)
    own = read_holders(OPTIONS.holders)
    wanted = read_votes(OPTIONS.votes, own)
    assert (holders.rows, votes.rows) == (own.rows, wanted.rows)
    for one, other in zip(votes.in_order, wanted.in_order, strict=True):
        assert one.name == f"{other.number:02} synthetic"
        assert one.cast == other.cast


def test_the_example_comes_from_its_seed(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_history.py"), "--seed", "1"]
    subprocess.run([*command, "--out", str(tmp_path)], check=True, capture_output=True)
    for name in ("holders.csv", "votes.csv"):
        assert (tmp_path / name).read_bytes() == (HISTORY / name).read_bytes()


def test_imports_no_brownie() -> None:
    code = "import dmo.replay, dmo.replay.engine, sys; print('brownie' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_every_sentence_is_said_somewhere() -> None:
    """Names are put together from ``replay_`` and what stands in the code."""
    used = "".join(file.read_text("utf-8") for file in (ROOT / "dmo" / "replay").glob("*.py"))
    said = [name.removeprefix("replay_") for name in words.load()["wrong"] if name.startswith("replay_")]
    assert len(said) > 25
    assert len(words.load()["word"]["replay"]) == 6
    for name in (*said, *words.load()["word"]["replay"]):
        assert f'"{name}"' in used or f'"replay_{name}"' in used, name
