"""The replay with real contracts, on chains of its own beside Brownie's."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dmo.core.abi.codec import checksum
from dmo.core.errors import NetworkError, Refused
from dmo.faces.cli import main
from dmo.home.outputs import ReplayResult
from dmo.replay import ReplayOptions, run
from dmo.replay.node import Anvil, free_port, local_chain
from dmo.replay.plan import make_plan
from dmo.replay.readers import read_holders, read_votes
from dmo.replay.stage import FOUNDER, Stage

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "examples" / "history"
OPTIONS = ReplayOptions(HISTORY / "holders.csv", HISTORY / "votes.csv")
START = 1_800_000_000


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_replays_the_example_twice_the_same() -> None:
    told: list[tuple[str, int, int]] = []
    found = run(OPTIONS, lambda *step: told.append(step))
    assert found == run(OPTIONS)
    assert isinstance(found, ReplayResult)
    assert (len(found.proposals), found.rounds, found.choices) == (36, 5, 562)
    assert sum(proposal.funded for proposal in found.proposals) == 21
    assert found.openzeppelin.votes == found.choices
    assert found.gas_saved_bps > 5000
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_founder_gets_from_exports_to_a_page_in_one_command(tmp_path: Path, capsys) -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_history.py"), "--form", "snapshot", "--seed", "7"]
    size = ["--holders", "30", "--proposals", "12", "--votes", "180", "--days", "60"]
    subprocess.run([*command, *size, "--out", str(tmp_path)], check=True, capture_output=True)
    files = ["--holders", str(tmp_path / "holders.csv"), "--votes", str(tmp_path / "votes")]
    assert main(["replay", *files, "--page", str(tmp_path / "board.html"), "--title", "Lighthouse"]) == 0
    assert "Saved: " in capsys.readouterr().out
    page = (tmp_path / "board.html").read_text("utf-8")
    assert "12 proposals of the past, and how 27 of 30 holders voted on them" in page
    assert "8 would have been funded with 8,000 USD" in page
    assert "10 synthetic" in page
    assert re.findall(r'<h3 id="round-(\d)"', page) == ["1", "2", "3", "4", "5"]
    assert (page.count('<div class="wide"><svg'), page.count('<div class="narrow"><svg')) == (6, 6)
    assert "less gas for voting than one by one at a Governor" in page
    assert not re.search(r"<script|https?://", page)  # it can be shown where there is no network


def votes_of(rng: random.Random, addresses: list[str]) -> list[str]:
    """Rounds without ideas, a proposal nobody votes on, ties, and a voter with many choices."""
    rows = []
    moments = ["2024-01-01T00:00:00.001Z"] * 14 + ["2024-01-15T00:00:00.001Z", "2024-03-01T12:00Z"]
    for number, moment in enumerate(moments, 1):
        whole = moment if "." in moment else "2024-03-01T12:00:00+01:00"
        for voter in addresses if number % 5 else addresses[:1]:
            choice = "abstain" if number == 10 else rng.choice(["yes", "yes", "no", "veto", "abstain"])
            rows.append(f"{100 - number},{whole},{voter},{choice}")
    return rows


def test_replays_gaps_ties_fractions_and_large_amounts(tmp_path: Path) -> None:
    rng = random.Random(5)
    addresses = [checksum(f"0x{rng.getrandbits(160):040x}") for _ in range(23)]
    tokens = ["10000000000000", "9999999999999.000000000000000001", "0.5"]
    tokens += ["700000000000"] * (len(addresses) - len(tokens))
    (tmp_path / "holders.csv").write_text(
        "address,tokens\n" + "".join(f"{a},{t}\n" for a, t in zip(addresses, tokens, strict=True))
    )
    (tmp_path / "votes.csv").write_text("proposal,opened_at,voter,choice\n" + "\n".join(votes_of(rng, addresses)))
    options = ReplayOptions(
        tmp_path / "holders.csv",
        tmp_path / "votes.csv",
        round_seconds=648_000,
        ask=20_000,
        budget=60_000,
        threshold_bps=200,
    )
    found = run(options)
    assert [p.proposal for p in found.proposals][:3] == ["86", "87", "88"]
    assert [p.round for p in found.proposals] == [1] * 14 + [2, 9]
    assert found.rounds == 9
    nobody = next(p for p in found.proposals if p.proposal == "90")
    assert (nobody.for_, nobody.against, nobody.passed) == ("0", "0", False)
    assert sum(p.funded for p in found.proposals if p.round == 1) == 3
    assert found.options.round_days == 7.5
    raw = json.loads(found.model_dump_json(by_alias=True))
    assert "." in raw["inputs"]["holders"]["tokens"]


def test_the_chain_ends_with_its_use() -> None:
    with local_chain(START) as chain:
        pid = chain.anvil.process.pid
        assert is_running(pid)
    assert not is_running(pid)
    chain.anvil.stop()


def test_the_chain_ends_after_an_error() -> None:
    seen = []

    def fail() -> None:
        with local_chain(START) as chain:
            seen.append(chain.anvil.process.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not is_running(seen[0])


def test_a_chain_that_does_not_start_says_why(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+b") as log, pytest.raises(NetworkError, match="no-such-option"):
        Anvil(free_port(), log, {"no-such-option": True})


def test_mines_in_the_order_given_and_names_refusals() -> None:
    holders = read_holders(HISTORY / "holders.csv")
    plan = make_plan(OPTIONS, holders, read_votes(HISTORY / "votes.csv", holders))
    accounts = [checksum(f"0x{number + 2**100:040x}") for number in range(700)]
    token = "PlainVotesToken"
    with local_chain(plan.origin - 10**6) as chain:
        stage = Stage(chain, plan, holders.supply)
        minted = list(chain.send(stage.call(FOUNDER, token, "mint", a, 1) for a in accounts))
        assert [count for count, _ in minted] == [500, 200]
        later = chain.now + 1000
        delegations = (stage.call(a, token, "delegate", accounts[0]) for a in accounts)
        assert [count for count, _ in chain.send(delegations, later)] == [500, 200]
        assert chain.now == later + 1
        assert stage.read(token, "getVotes", [(accounts[0],)]) == [700]
        with pytest.raises(Refused) as caught:
            chain.mine([stage.call(accounts[0], token, "transfer", accounts[1], 2)])
        assert caught.value.name == "ERC20InsufficientBalance"
        assert caught.value.arguments == {"sender": accounts[0], "balance": 1, "needed": 2}
        with pytest.raises(Refused) as caught:
            stage.read(token, "getPastVotes", [(accounts[0], later + 10**6)])
        assert caught.value.name == "ERC5805FutureLookup"
