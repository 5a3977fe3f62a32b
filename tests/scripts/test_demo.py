"""The demo, played on fresh chains of its own.

perform
  given a fresh chain
    it reaches what the demo promises -> test_reaches_what_the_demo_promises
    it tells every turn -> test_tells_every_turn, test_tells_what_the_readme_quotes
    it finds jurors among holders, later by points -> test_jurors_come_from_the_token_before_points_exist
    it reads the same from the events as from the books -> test_report_agrees_with_the_books
    it writes its files -> test_writes_summary_and_report
    it tells what was expected beside what came -> test_one_forecast_was_right_and_one_was_wrong
    it pays prizes to whom the board has first -> test_prizes_go_to_the_first_of_the_board
    it makes a kit that says the same in four languages -> test_the_kit_is_opened_by_who_was_not_there
    when it is played twice -> test_two_runs_have_the_same_summary
  given a chain with a history -> test_refuses_a_chain_with_a_history
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.kits import CheckKit
from dmo.capabilities.merits import season_board
from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, CheckFailed
from dmo.faces.sheets import closing_views
from dmo.home.bookfile import read_book
from dmo.season.demo import Performance, perform
from dmo.season.player import MNEMONIC
from tests.support.cli_chain import connected
from tests.support.pages import text_of
from tools.run_brownie import free_ports

ROOT = Path(__file__).resolve().parents[2]
AT_LEAST = {
    "rounds": 3,
    "ideas_posted": 12,
    "ideas_passed": 9,
    "ideas_funded": 6,
    "ballots": 36,
    "choices": 80,
    "choices_changed": 1,
    "campaigns": 6,
    "bounties": 9,
    "submissions": 12,
    "rejections": 1,
    "silent_accepts": 1,
    "payouts": 10,
    "credits": 1,
    "top_ups": 1,
    "proposals_executed": 1,
    "disputes": 3,
    "rejections_overturned": 1,
    "challenges_won": 1,
    "no_ruling": 1,
    "leads_replaced": 1,
    "needs": 4,
    "answers": 6,
    "entries": 15,
    "assets": 3,
    "forecasts": 2,
    "reports": 3,
    "outcomes": 2,
    "bonuses": 2,
    "badges": 2,
    "drop_claims": 4,
}


class Listener:
    """Writes down what is told."""

    def __init__(self) -> None:
        self.chapters: list[str] = []
        self.lines: list[str] = []

    def chapter(self, title: str, words: str) -> None:
        self.chapters.append(title)

    def line(self, at: int, who: object, words: str, why: str = "") -> None:
        self.lines.append(f"{words} — {why}")


@contextmanager
def fresh_chain() -> Iterator[Chain]:
    (port,) = free_ports(1)
    command = [sys.executable, str(ROOT / "tools" / "bin" / "anvil"), "--quiet"]
    options = {
        "--port": port,
        "--chain-id": 31337,
        "--accounts": 20,
        "--mnemonic": MNEMONIC,
        "--hardfork": "cancun",
        "--block-base-fee-per-gas": 0,
        "--gas-price": 0,
        "--gas-limit": 60_000_000,
    }
    arguments = [str(part) for pair in options.items() for part in pair]
    arguments += ["--disable-code-size-limit"] if os.environ.get("DMO_PIPELINE") == "legacy" else []
    node = subprocess.Popen([*command, *arguments], env=dict(os.environ))
    try:
        yield connected(f"http://127.0.0.1:{port}", 31337)
    finally:
        node.kill()
        node.wait()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def played(out: Path, listener: Listener) -> Performance:
    with fresh_chain() as chain:
        return perform(chain, ROOT, out / "first", listener)


def test_reaches_what_the_demo_promises(played: Performance) -> None:
    reached = played.summary.model_dump()
    assert {name: reached[name] for name, least in AT_LEAST.items() if reached[name] < least} == {}


def test_tells_every_turn(played: Performance, listener: Listener) -> None:
    told = "\n".join(listener.lines)
    for turn in (
        "changes her vote",
        "refused:",
        "5 signed ballots to the chain in one transaction; 1 would not count",
        "reworks 5",
        "blocklist",
        "withdraws his credit of 520 USDX to his sister's account",
        "earned no points",
        "files the lessons of campaign 1",
        "executes the new cap",
        "contests the rejection of work 6, with a stake of 70 USDX",
        "upholds the rejection of work 6, with a stake of 70 USDX",
        "refused: Oskar Lund has a stake in this dispute",
        "commit to a ruling about work 6",
        "Work 6: rejection overturned",
        "executes it: Priya Nair leads campaign 4",
        "Work 15: challenge won",
        "a voice not revealed is none",
        "Work 16: no ruling",
        "Work 11: nobody upheld the rejection",
        "delivers the credit of Rahim Siddiqui to it",
        "publishes 18 translations",
        "would approve a claim of his own — refused: Viktor Maas may not do this",
        "answers need 2: in progress",
        "adds asset 2, “I measured here”, made of asset 1",
        "Campaign 3 reached 100% of its goal; the forecast was 95%",
        "challenges report 2, with a stake of 280 USDX",
        "commit to a ruling about report 2",
        "Report 2 falls: of both stakes",
        "Campaign 2 reached 61.4% of its goal; the forecast was 90%",
        "of 36 listeners each “number” had 8 forwards, “beach” 22; the e-value is 22.77",
        "settles the bonus that Tomás Ribeiro offered for campaign 2",
        "claims the badge “Goal reached”",
        "would have one, too — refused:",
        "claims her 60 USDX",
    ):
        assert turn in told


def test_report_agrees_with_the_books(played: Performance) -> None:
    history, summary = played.history, played.summary
    assert sum(p.amount for p in history.payments if not p.is_credited) == int(summary.paid)
    # A bond that could not be returned is a credit, and with it in the other book.
    bonds, credited = history.bonds, history.sum("BondCredited")
    assert bonds["returned"] == int(summary.bonds_paid) + credited
    won = bonds["to_jurors"] + bonds["won"] + bonds["to_pool"]
    assert bonds["put_up"] == int(summary.bonds_received) + won + credited
    for one in history.campaigns:
        assert history.spent[one.campaign]["left"] >= 0
    for dispute in history.disputes:
        assert dispute.settlement is not None
        paid = sum(juror.paid for juror in history.jurors[dispute.submission])
        assert paid == dispute.settlement.to_jurors
        assert all(history.documents.get(paper.digest) for paper in history.papers[dispute.submission])


def test_jurors_come_from_the_token_before_points_exist(played: Performance, listener: Listener) -> None:
    told = [line for line in listener.lines if line.startswith("Jurors come from")]
    sources = [line.split(";")[0].removeprefix("Jurors come from ") for line in told]
    assert sources == ["TIDE", "reputation", "reputation"]


def test_tells_what_the_readme_quotes(played: Performance, listener: Listener) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    quote = readme.split("<!-- demo -->")[1].split("<!-- end -->")[0]
    turns = re.split(r"^\d\d \w{3} \d\d:\d\d  |^…$|^(?=\d+ ideas)|^```$", quote, flags=re.MULTILINE)
    quoted = [" ".join(turn.split()) for turn in turns if turn.strip()]
    assert len(quoted) > 3
    told = [line.removesuffix(" — ") for line in listener.lines]
    end = words.word("season", "closing").format(
        report="build/demo/report.html", kit="build/demo/kit", **played.summary.model_dump()
    )
    for turn in quoted:
        assert any(turn.endswith(line) for line in told) or " ".join(end.split()).startswith(turn), turn


def test_writes_summary_and_report(played: Performance, out: Path) -> None:
    written = json.loads((out / "first" / "summary.json").read_text())
    assert written == played.summary.model_dump(by_alias=True, exclude_none=True, mode="json")
    page = (out / "first" / "report.html").read_text()
    assert "What the holders did with 20,100 USDX" in page
    assert "赶海日记" in page
    assert page.count('<article class="trial"') == 4
    assert "not published" not in page
    assert "Show my offers on the map" not in page, "whoever posted it has no votes"
    text = text_of(page)
    assert "Kirim hasil ukur lewat suara" in text
    assert "nobody works on it" in text
    assert "What was foreseen" in text
    assert "Who is known for it" in text
    assert "What was handed out" in text


def test_one_forecast_was_right_and_one_was_wrong(played: Performance) -> None:
    views = closing_views(played.history, played.season.names(), played.season.gas)
    [found] = [table for view in views for table in view.tables if table.title.startswith("Forecasts and outcomes")]
    assert [(row[0], *row[2:]) for row in found.rows] == [("2", "90%", "61.4%", "-28.6%"), ("3", "95%", "100%", "5%")]


def test_prizes_go_to_the_first_of_the_board(played: Performance) -> None:
    board = season_board(played.history.awards, played.history.origin, 1)
    named, cast = (ROOT / "examples/documents/tables/prizes.csv").read_text(), played.season.keys
    assert [one.account for one in board[:4]] == [cast[key].address for key in re.findall(r"{{ (\w+) }}", named)]


def test_the_kit_is_opened_by_who_was_not_there(played: Performance, out: Path, tmp_path: Path) -> None:
    nobody: Any = None
    kit = shutil.copytree(out / "first" / "kit", tmp_path / "kit")
    assert CheckKit(str(kit)).answer(nobody)["texts"] == 4 * 6 + 2
    assert sorted(path.name for path in (kit / "assets").rglob("*.svg")) == [
        "tidepool-mark.svg",
        "tidepool-sticker.svg",
    ]
    book = read_book(kit / "brandbook.json")
    for page, lang in (("index", "en"), ("es", "es"), ("id", "id"), ("zh", "zh-Hans")):
        text = unescape(text_of((kit / f"{page}.html").read_text()))
        said = [paper for one in book.entries.values() for paper in book.told(one) if paper.lang == lang]
        assert len(said) == 6
        fields = ("why", "how", "what", "disclosure", "promise", "says")
        sentences = [paper.fields[key] for paper in said for key in fields if key in paper.fields]
        assert len(sentences) == 4 + 3 + 2
        assert [one for one in sentences if one not in text] == []
    mark = kit / "assets" / "1" / "tidepool-mark.svg"
    mark.write_bytes(mark.read_bytes().replace(b"#046", b"#047", 1))
    with pytest.raises(CheckFailed) as found:
        CheckKit(str(kit)).answer(nobody)
    assert list(found.value.differences) == ["assets/1/tidepool-mark.svg was changed"]


def test_two_runs_have_the_same_summary(played: Performance, out: Path) -> None:
    with fresh_chain() as chain:
        perform(chain, ROOT, out / "second", Listener())
    first, second = ((out / run / "summary.json").read_bytes() for run in ("first", "second"))
    assert first == second


def test_refuses_a_chain_with_a_history(out: Path) -> None:
    with fresh_chain() as chain:
        chain.transport.request("evm_mine", [])
        with pytest.raises(BadInput, match="has a history already"):
            perform(chain, ROOT, out / "third", Listener())
