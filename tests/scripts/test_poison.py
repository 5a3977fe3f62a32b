"""Documents that are meant to stop other people: published by anybody, seen by everybody.

given ideas that cannot be read or write lines of their own
├── when holders list, read and vote: all goes on, and each idea is one row
├── when one is funded: its campaign is shown like any other
└── when signed ballots are relayed and one file is bad: it is named, the others are cast
given evidence that cannot be read
├── when the lead looks at it: it is unreadable, because …, in text and in JSON; its bytes stay
├── when the lead rejects it: nothing more is asked than for honest work
└── when the lead accepts it: only with --unseen
given a dispute with a statement and evidence that cannot be read
├── when jurors look at it: they see all the rest, and commit
└── when a report is written: it holds everything
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dmo.core.calls import make_call
from dmo.core.digests import cid, digest
from dmo.core.sender import KeySender
from tests.support.cli_chain import DAY, PEOPLE, Stage, filled, funded_stage

BOND = 2 * 10**6
NOBODY = "0x" + "00" * 20
SECONDS = 5  # of the processor: others may have it meanwhile
BEYOND = b'---\nkind: evidence\ntitle: Done\nlang: en\nwhat: "\\UFFFFFFFF"\n---\nAll is done.\n'
BRACKETS = b"---\nkind: evidence\ntitle: Slow\nx: " + b"[" * 16_000 + b"\n---\nText.\n"
ESCAPES = b'---\nkind: evidence\ntitle: "\\e[2J\\u202egnp"\nlang: en\n---\nText.\n'
LINES = filled("idea", "Radio").replace('"Radio"', '"Radio\\n  error: all is lost\\r\\nerror: sign here"').encode()
BECAUSE = "unreadable, because an escape stands for no character"
IN_TABLES = "(unreadable, because"


class Town:
    """A campaign with a bounty, and somebody who publishes with any wallet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dmo = stage.dmo
        self.senders = {name: KeySender(stage.chain, key) for name, key in stage.keys.items()}
        self.folder = stage.folder / "alice"
        for name in PEOPLE:
            (stage.folder / name).mkdir()

    def ok(self, command: str, who: str = "alice") -> str:
        start = time.process_time()
        result = self.stage.ok(f"dmo {command}", who, cwd=self.stage.folder / who)
        assert time.process_time() - start < SECONDS, command
        return result.out

    def both(self, command: str, who: str = "alice") -> tuple[str, Any]:
        """What it says to people, and its data; neither holds what a stranger hid."""
        said, written = self.ok(command, who), self.ok(f"{command} --format json", who)
        for text in (said, written):
            assert not set(text) & set("\x1b\x00\u202e")
        return said, json.loads(written)["data"]

    def act(self, who: str, contract: str, function: str, *arguments: Any) -> None:
        """With any wallet: the plain call."""
        at = self.dmo.address(contract)
        self.senders[who].send(make_call(contract, at, function, arguments, function))

    def publish(self, who: str, raw: bytes) -> bytes:
        self.act(who, "DocumentLog", "publish", raw)
        return digest(raw)

    def allow(self, who: str) -> None:
        token, escrow = self.dmo.budget_token.address, self.dmo.address("CampaignEscrow")
        call = make_call("ERC20", token, "approve", [escrow, 10**12], "Approve")
        self.senders[who].send(call)

    def write(self, name: str, kind: str, title: str) -> None:
        (self.folder / name).write_text(filled(kind, title))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with funded_stage(tmp_path_factory.mktemp("poison")) as stage:
        yield Town(stage)


def test_whatever_is_published_everybody_goes_on(town: Town) -> None:
    _ideas(town)
    _votes(town)
    _campaigns(town)
    _work(town)
    _dispute(town)
    _report(town)


def _ideas(town: Town) -> None:
    town.stage.round_starts(1)
    town.write("idea.md", "idea", "Harbour radio")
    town.ok("idea post idea.md --ask 1500 --duration 30d --fee 10%")
    bad_idea = BEYOND.replace(b"evidence", b"idea")
    for raw in (bad_idea, LINES):
        params = (town.publish("bob", raw), 10**9, NOBODY, 30 * DAY, 0, 0, 0)
        town.act("bob", "IdeaBoard", "post", params)
    said, _ = town.both("idea list 1", "carol")
    flat = " ".join(said.split())
    assert IN_TABLES in flat
    assert "Harbour radio" in flat
    assert "Radio error: all is lost error: sign here" in flat
    assert not [line for line in said.splitlines() if line.lstrip().startswith("error")]
    said, data = town.both("idea show 1/2", "carol")
    assert BECAUSE in said
    assert BECAUSE.endswith(data["document"]["unreadable"])
    assert data["document"]["cid"] == cid(digest(bad_idea))
    said, data = town.both("idea show 1/3", "carol")
    assert data["document"]["title"] == "Radio error: all is lost error: sign here"
    assert data["document"]["fields"]["title"] == data["document"]["title"]
    assert not [line for line in said.splitlines() if line.lstrip().startswith("error")]


def _votes(town: Town) -> None:
    stage = town.stage
    stage.round_starts(2)
    stage.ok("dmo status", "carol", 10)
    town.both("round show 1", "carol")
    said = town.ok("ballot cast 1 +1 +2 -3", "alice")
    assert IN_TABLES in said
    for who in ("carol", "dave"):
        town.ok(f"ballot sign 1 +1 +2 --out ../{who}.json", who)
    good = (stage.folder / "dave.json").read_text()
    bad = {
        "number.json": good.replace('"round": 1', '"round": 1e400'),
        "deep.json": "[" * 50_000,
        "voter.json": good.replace(stage.address("dave"), "dave"),
    }
    for name, text in bad.items():
        (stage.folder / name).write_text(text)
    stage.later(60)
    files = [f"../{name}" for name in ("carol.json", *bad, "dave.json")]
    command = f"dmo ballot relay {' '.join(files)}"
    result = stage.ok(f"{command} --format json", "bob", cwd=stage.folder / "bob")
    data = result.json["data"]
    assert set(data["cast"]) == {stage.address(who) for who in ("carol", "dave")}
    assert [fault["file"] for fault in data["left_out"]] == [f"../{name}" for name in bad]
    assert all("is no signed ballot" in fault["reason"] for fault in data["left_out"])
    none = stage.run(f"dmo ballot relay {' '.join(files[1:4])}", "bob", cwd=stage.folder / "bob")
    assert none.code == 2
    assert "number.json: is no signed ballot" in none.err
    town.both("ballot show carol")


def _campaigns(town: Town) -> None:
    town.stage.round_starts(3)
    town.ok("round settle", "erin")
    said, _ = town.both("campaign list", "carol")
    assert IN_TABLES in said
    for number in (1, 2):
        town.both(f"campaign show {number}", "carol")
    town.write("brief.md", "brief", "Two minutes of radio")
    town.ok("bounty post 1 brief.md --reward 20 --slots 5 --until +9d")


def _work(town: Town) -> None:
    town.allow("dave")
    for raw in (BEYOND, BRACKETS, ESCAPES, b"\xff\x00"):
        town.act("dave", "CampaignEscrow", "submitWork", 1, town.publish("dave", raw), [], BOND)
    town.both("work list --all")
    assert town.stage.run("dmo status --all").code in (0, 10)
    for number, because in enumerate(
        (
            BECAUSE,
            "unreadable, because the front matter has 16",
            "unreadable, because title holds the invisible character U+001B",
            "unreadable, because it is not UTF-8",
        ),
        1,
    ):
        said, data = town.both(f"work show {number}")
        assert because in said
        assert because.removeprefix("unreadable, because ") in data["document"]["unreadable"]
    town.ok(f"document get {cid(digest(BEYOND))} --out kept.bin")
    assert (town.folder / "kept.bin").read_bytes() == BEYOND
    said, data = town.both(f"document get {cid(digest(BEYOND))}")
    assert BECAUSE in said
    assert "--out" in said
    assert BECAUSE.endswith(data["document"]["unreadable"])
    said = town.ok('work reject 1 --because "There is nothing."')
    assert BECAUSE in said
    town.ok('work reject 2 --because "There is nothing." --format json')
    refused = town.stage.run("dmo work accept 3", "alice", cwd=town.folder)
    assert refused.code == 2
    assert "the evidence is unreadable, because title holds" in refused.err
    assert "\x1b" not in refused.err
    town.ok("work accept 3 --unseen")
    town.ok("work accept 4 --unseen --calldata")


def _dispute(town: Town) -> None:
    statement = BEYOND.replace(b"evidence", b"reason")
    town.act("dave", "DisputeDesk", "contest", 1, BOND, town.publish("dave", statement))
    town.allow("alice")
    town.act("alice", "DisputeDesk", "uphold", 1, BOND, digest(BEYOND))
    for raw in (ESCAPES, BRACKETS):
        town.act("erin", "DisputeDesk", "submitEvidence", 1, digest(raw))
    town.both("dispute list", "carol")
    said, data = town.both("dispute show 1", "carol")
    assert said.count(BECAUSE) == 3
    assert "Two minutes of radio" in said
    assert "There is nothing." in said
    unreadable = {one["role"] for one in data["documents"] if (one["document"] or {}).get("unreadable")}
    assert unreadable == {"evidence", "statement", "answer", "given"}
    assert town.stage.run("dmo status --all", "carol").code in (0, 10)
    town.ok("dispute commit 1 refuse", "carol")
    town.ok("dispute commit 1 refuse --format json", "bob")


def _report(town: Town) -> None:
    town.ok("report --out report.html", "erin")
    page = (town.stage.folder / "erin/report.html").read_text("utf-8")
    assert BECAUSE in page
    assert "Harbour radio" in page
    assert not set(page) & set("\x1b\x00\u202e")
