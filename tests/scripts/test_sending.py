"""Nothing that was sent is forgotten, whatever happens to node and person.

a deposit of two transactions
  when the answer to its broadcast is lost -> test_a_lost_answer_is_asked_for_again
  when the node falls silent once it has it -> test_a_node_that_dies_leaves_hash_and_step
  when the person interrupts it -> test_an_interruption_tells_what_was_sent
  when it is killed while it waits -> test_a_killed_act_is_told_and_not_repeated
  when a script sends it -> test_a_script_is_told_as_well
  when its second step is refused -> test_a_refused_step_tells_the_ones_before
an act that still waits
  when the same is asked for, or another -> test_what_waits_is_waited_for
  when it is asked for again on purpose -> test_what_waits_is_replaced_where_it_is_asked_for
a chain that has been silent for a day -> test_a_chain_without_empty_blocks_does_not_stand_still
an act that no node knows -> test_what_was_dropped_is_sent_anew
an act without effect -> test_acts_without_effect_are_told_and_not_sent
signed ballots, some that would not count -> test_ballots_that_would_not_count_are_left_out
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Chain
from dmo.core.errors import Interrupted, NotMined
from dmo.faces import script, sending
from tests.support.between import Between, asks, between
from tests.support.cli_chain import DAY, ROOT, Stage, filled
from tests.support.waiting import until

DEPOSIT = "campaign deposit 5"
HASH = re.compile("0x[0-9a-f]{64}")


@pytest.fixture
def node(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    """A node that every command asks, without waiting for what it refuses."""
    monkeypatch.setattr("dmo.core.rpc._PATIENCE", 0.0)
    with between(stage.url) as site:
        yield site


def run(stage: Stage, node: Between, line: str = DEPOSIT, who: str = "bob") -> Any:
    return stage.run(f"{line} --rpc {node.url}", who)


def pool(stage: Stage) -> int:
    return int(stage.chain.call("CampaignEscrow", stage.dmo.address("CampaignEscrow"), "poolFree")) // 10**6


def kept(stage: Stage) -> list[dict[str, Any]]:
    files = list((stage.folder / "home" / "sent").glob("*.json"))
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    return [one for file in files for one in json.loads(file.read_text())]


def lost_after(site: Between, count: int) -> None:
    """Take so many transactions; nothing is answered from the last one on."""
    seen = [0]

    def rule(body: Any, pass_on: Any) -> Any:
        if seen[0] == count:
            return 200, b""
        if asks(body, "eth_sendRawTransaction"):
            seen[0] += 1
            if seen[0] == count:
                pass_on()
                return 200, b""
        return None

    site.rule = rule


def test_a_lost_answer_is_asked_for_again(stage: Stage, node: Between, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.core.rpc._PATIENCE", 60.0)
    monkeypatch.setattr("dmo.core.rpc.time.sleep", lambda _: None)
    lost = []

    def rule(body: Any, pass_on: Any) -> Any:
        if asks(body, "eth_sendRawTransaction") and len(lost) < 2:
            lost.append(pass_on())
            return 502, b"<html>Bad Gateway"
        return None

    node.rule = rule
    before = pool(stage)
    assert run(stage, node).code == 0
    assert (pool(stage), kept(stage)) == (before + 5, [])


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_node_that_dies_leaves_hash_and_step(stage: Stage, node: Between, form: str) -> None:
    before = pool(stage)
    lost_after(node, 2)
    found = run(stage, node, f"{DEPOSIT} --format {form}")
    assert found.code == 3
    until(lambda: pool(stage) == before + 5, lambda: f"the node took it, and has {pool(stage)}")
    first, second = kept(stage)
    assert [(one["step"], one["steps"]) for one in (first, second)] == [(1, 2), (2, 2)]
    if form == "json":
        rows = found.json["sent"]
        assert [one["hash"] for one in rows] == [first["tx"], second["tx"]]
        assert [(one["state"], one["step"]) for one in rows] == [("mined", 1), ("sent", 2)]
    else:
        assert f"sent: Let the escrow take 5 PLAY: tx {first['tx']}, mined in block" in found.err
        assert f"tx {second['tx']}; whether it was mined is not known yet" in found.err
    lost_after(node, 9)
    again = run(stage, node, f"{DEPOSIT} --format json")
    assert (again.code, pool(stage)) == (0, before + 5)
    assert [(one["hash"], one["state"]) for one in again.json["sent"]] == [
        (first["tx"], "mined"),
        (second["tx"], "mined"),
    ]
    assert kept(stage) == []
    assert run(stage, node).code == 0
    assert pool(stage) == before + 10, "it was told, so that now it is a decision"


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_interruption_tells_what_was_sent(
    stage: Stage, node: Between, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def interrupt(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Chain, "wait", interrupt)
        found = run(stage, node, f"{DEPOSIT} --format {form}")
    assert found.code == 130
    (one,) = kept(stage)
    assert one["tx"] in (found.json["sent"][0]["hash"] if form == "json" else found.err)
    before = pool(stage)
    again = run(stage, node)
    assert (again.code, "1 of 2 transactions were sent" in again.err) == (0, True)
    assert pool(stage) == before + 5, "only its approval was sent"


def test_a_killed_act_is_told_and_not_repeated(stage: Stage) -> None:
    stage.ok("campaign deposit 1", "bob")
    before = pool(stage)
    code = (
        "import os, signal\n"
        "from dmo.core.chain import Chain\n"
        "wait, turns = Chain.wait, []\n"
        "def killed(*given, **more):\n"
        "    turns.append(1)\n"
        "    return wait(*given, **more) if len(turns) < 2 else os.kill(os.getpid(), signal.SIGKILL)\n"
        "Chain.wait = killed\n"
        "from dmo.faces.cli import main\n"
        f"main({DEPOSIT.split()!r})\n"
    )
    known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
    environment = {**known, **stage.environment("bob"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=stage.folder, env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    hashes = HASH.findall(done.stderr)
    assert [one["tx"] for one in kept(stage)] == hashes, "also where nothing could be told at the end"
    assert len(hashes) == 2
    again = stage.ok(DEPOSIT, "bob")
    assert pool(stage) == before + 5
    assert f"tx {hashes[1]}, mined in block" in again.err
    assert "done already; nothing was sent" in again.out
    assert stage.ok("campaign deposit 5 --again", "bob")
    assert pool(stage) == before + 10


def test_a_refused_step_tells_the_ones_before(stage: Stage, node: Between) -> None:
    def rule(body: Any, pass_on: Any) -> Any:
        if asks(body, "eth_sendRawTransaction") and node.methods.count("eth_sendRawTransaction") == 2:
            error = {"code": -32000, "message": "the pool is full"}
            return 200, json.dumps({"jsonrpc": "2.0", "id": body["id"], "error": error}).encode()
        return None

    node.rule = rule
    found = run(stage, node, f"{DEPOSIT} --format json")
    assert found.code == 3
    first, second = found.json["sent"]
    assert (first["state"], second["state"]) == ("mined", "sent")
    assert "1 of 2 transactions were sent before" in found.json["error"]["hint"]
    after = stage.ok(f"{DEPOSIT} --format json", "bob")
    assert [one["state"] for one in after.json["sent"]] == ["mined", "dropped"]
    assert len(after.json["transactions"]) == 1, "the approval stands"


def test_what_waits_is_waited_for(stage: Stage, node: Between, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.chain.transport.request("evm_setAutomine", [False])

    def late(chain: Chain, tx: str, *_: Any, **__: Any) -> Any:
        raise NotMined(tx, 1)

    before = pool(stage)
    with monkeypatch.context() as patch:
        patch.setattr(Chain, "wait", late)
        assert run(stage, node).code == 3
    (one,) = kept(stage)
    monkeypatch.setattr(sending, "_PATIENCE", -1.0)
    for line in (DEPOSIT, "token delegate carol"):
        found = run(stage, node, f"{line} --format json")
        assert (found.code, found.json["error"]["code"]) == (3, "NotMined")
        assert [(row["hash"], row["state"]) for row in found.json["sent"]] == [(one["tx"], "pending")]
    assert node.methods.count("eth_sendRawTransaction") == 1
    stage.chain.transport.request("evm_setAutomine", [True])
    stage.chain.transport.request("evm_mine", [])
    assert run(stage, node).code == 0
    assert pool(stage) == before + 5


def test_what_waits_is_replaced_where_it_is_asked_for(
    stage: Stage, node: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = stage.chain.transport.request
    request("evm_setAutomine", [False])

    def late(chain: Chain, tx: str, *_: Any, **__: Any) -> Any:
        raise NotMined(tx, 1)

    with monkeypatch.context() as patch:
        patch.setattr(Chain, "wait", late)
        assert run(stage, node).code == 3
        request("anvil_setNextBlockBaseFeePerGas", [hex(50 * 10**9)])
        request("evm_mine", [])
    request("evm_setAutomine", [True])
    assert run(stage, node, f"{DEPOSIT} --again").code == 0
    assert kept(stage) == []


def test_what_was_dropped_is_sent_anew(stage: Stage, node: Between, monkeypatch: pytest.MonkeyPatch) -> None:
    def swallowed(body: Any, pass_on: Any) -> Any:
        if asks(body, "eth_sendRawTransaction"):
            return 200, json.dumps({"jsonrpc": "2.0", "id": body["id"], "result": "0x" + "00" * 32}).encode()
        return None

    def late(chain: Chain, tx: str, *_: Any, **__: Any) -> Any:
        raise NotMined(tx, 1)

    node.rule = swallowed
    with monkeypatch.context() as patch:
        patch.setattr(Chain, "wait", late)
        assert run(stage, node).code == 3
    (one,) = kept(stage)
    node.rule = lambda body, pass_on: None
    monkeypatch.setattr("dmo.home.outbox._PAUSE", 0.0)
    before = pool(stage)
    found = run(stage, node)
    assert f"tx {one['tx']}; the node does not know it" in found.err
    assert (found.code, pool(stage)) == (0, before + 5)


def test_a_chain_without_empty_blocks_does_not_stand_still(stage: Stage) -> None:
    stage.round_starts(3)
    (stage.folder / "idea.md").write_text(filled("idea", "Radio"))
    stage.ok("idea post idea.md --ask 2000 --duration 30d --no-publish", "alice")
    stage.chain.transport.request("evm_increaseTime", [hex(DAY)])
    assert stage.chain.now() < stage.chain.look().timestamp
    told = stage.ok("ballot cast +1 --format json", "bob").json["data"]
    assert told["round"] == 3, "its vote is open, though no block says so yet"


def test_acts_without_effect_are_told_and_not_sent(stage: Stage, node: Between) -> None:
    stage.round_starts(3)
    (stage.folder / "idea.md").write_text(filled("idea", "Radio"))
    stage.ok("idea post idea.md --ask 2000 --duration 30d --no-publish", "alice")
    stage.round_starts(4)
    for line in ("ballot cast +1", "token delegate carol"):
        assert run(stage, node, line).code == 0
        stage.later(60)
        node.methods.clear()
        told = run(stage, node, line)
        assert "already; nothing was sent" in told.out
        assert (told.code, "eth_sendRawTransaction" in node.methods) == (0, False), line
        assert run(stage, node, f"{line} --again").code == 0
        assert "eth_sendRawTransaction" in node.methods
    (stage.folder / "text.md").write_text("# Ten")
    stage.ok(["govern", "propose", "text.md", "campaign recall amount=1"], "alice")
    stage.later(2 * 3_600)
    told = stage.ok("govern vote 1 for", "bob")
    assert "held no votes when the vote opened" in told.out, "they are lent"


def test_ballots_that_would_not_count_are_left_out(stage: Stage, node: Between) -> None:
    stage.round_starts(3)
    (stage.folder / "idea.md").write_text(filled("idea", "Radio"))
    stage.ok("idea post idea.md --ask 2000 --duration 30d --no-publish", "alice")
    stage.round_starts(4)
    for who in ("bob", "carol"):
        file = stage.folder / f"{who}.json"
        file.unlink(missing_ok=True)
        stage.ok(f"ballot sign +1 --out {who}.json", who)
        raw = json.loads(file.read_text())
        proof = bytes.fromhex(raw["signature"][2:])
        short = proof[:64] + bytes([proof[64] - 27])
        raw["signature"] = (short if who == "bob" else proof[:-4] + bytes(4)).hex()
        file.write_text(json.dumps(raw))
    stage.later(60)
    bad = run(stage, node, "ballot relay carol.json", "erin")
    assert bad.code == 2
    assert f"the ballot of carol ({stage.address('carol')}) would not count" in bad.err
    assert "eth_sendRawTransaction" not in node.methods
    told = run(stage, node, "ballot relay carol.json bob.json --format json", "erin").json["data"]
    assert told["cast"] == [stage.address("bob")]
    assert [Path(one["file"]).name for one in told["left_out"]] == ["carol.json"]
    stale = run(stage, node, "ballot relay bob.json", "erin")
    assert stale.code == 2
    assert "bob (" in stale.err


def test_a_script_is_told_as_well(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    def deposit(*more: str) -> str:
        home = stage.home("bob")
        home.names.key = lambda: stage.keys["bob"]
        with stage.acting("bob"), contextlib.redirect_stdout(io.StringIO()) as out:
            script.run(home, "campaign deposit", ["amount=5", *more])
        return out.getvalue()

    stage.ok("campaign deposit 1", "bob")
    before = pool(stage)
    wait, turns = Chain.wait, []
    with monkeypatch.context() as patch:
        patch.setattr(
            Chain, "wait", lambda *given, **more: interrupt() if turns else turns.append(1) or wait(*given, **more)
        )
        with pytest.raises(Interrupted) as caught:
            deposit()
    assert [one["state"] for one in caught.value.details["sent"]] == ["mined", "sent"]
    assert "done already; nothing was sent" in deposit()
    assert pool(stage) == before + 5
    deposit("again=yes")
    assert pool(stage) == before + 10
