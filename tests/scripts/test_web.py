"""The page's server on a real chain: a process that people start, and ballots that it sends for them.

`dmo web`
├── tells where it is, answers what the command line does, and ends when it is told to
├── listens for others only where that is wished, with the names it is reached by
└── answers many at once, each at one block
a preview's calls are those of the command line, byte for byte
ballots that people sign
├── are sent in one batch, and told of
├── are refused in words: too light, too often, too many a day, another's, one that says nothing new
├── are skipped alone, and the others cast
└── are on the disk before they are answered for
    ├── killed before a batch leaves, once it has left, or once it was mined: each is cast once
    ├── and what a reorganisation undid is taken up again, until it is final; all that left is asked for at once
    └── and the server, killed when it had answered, goes on
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dmo.capabilities.ballots import domain
from dmo.core.errors import BadInput, DmoError
from dmo.core.files import canonical_json
from dmo.core.sender import KeySender
from dmo.faces.web import relay as relaying
from dmo.faces.web.app import make_app
from dmo.faces.web.relay import Relay
from dmo.faces.web.site import Site
from dmo.home.ballots import Ballot, picks, sign_ballot
from tests.support.cli_chain import ROOT, Stage, filled, funded_stage
from tests.support.waiting import PATIENCE_SECONDS, until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with funded_stage(tmp_path_factory.mktemp("web")) as found:
        found.round_starts(1)
        for who in ("alice", "bob"):
            folder = found.folder / who
            folder.mkdir()
            (folder / "idea.md").write_text(filled("idea", f"Radio of {who}"))
            found.ok("dmo idea post idea.md --ask 900 --duration 21d --fee 10%", who, cwd=folder)
        found.round_starts(2)
        found.later(600)
        yield found


def served(stage: Stage, relay: Relay | None = None) -> TestClient:
    """The page in this process."""
    with stage.acting("alice"):
        site = Site(stage.home())
        site.look()
    return TestClient(make_app(site, relay=relay), base_url="http://localhost")


def started(stage: Stage, *options: str) -> subprocess.Popen[str]:
    """The server as a person starts it."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
    environment = {**known, **stage.environment("alice")}
    command = [sys.executable, "-m", "dmo", "web", "--deployment", "harbour", *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def test_is_served_and_ends(stage: Stage) -> None:
    process = started(stage, "--any-port")
    try:
        assert process.stderr is not None
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        with urllib.request.urlopen(f"{url}ideas/1?format=json", timeout=PATIENCE_SECONDS) as answer:
            told = json.load(answer)
        said = stage.ok("dmo idea list 1 --format json").json
        assert told["data"] == said["data"]
        assert (told["command"], told["tokens"]) == (said["command"], said["tokens"])
        port = url.rstrip("/").rpartition(":")[2]
        other = started(stage, "--port", port)
        _, why = other.communicate(timeout=PATIENCE_SECONDS)
        assert other.returncode == 2
        assert f"port {port} cannot be listened at" in why
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_SECONDS)
    assert code in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("options", "why"), [(["--host", "0.0.0.0"], "--public"), (["--public"], "--called")], ids=["host", "names"]
)
def test_others_are_served_only_where_that_is_wished(stage: Stage, options: list[str], why: str) -> None:
    process = started(stage, *options)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert why in said


def test_many_are_answered_at_once(stage: Stage) -> None:
    client = served(stage)
    paths = ["/ideas/1", "/round/1", "/", "/campaigns"] * 6
    accounts = [stage.address(who) for who in ("alice", "bob", "carol")]
    asked = [f"{path}?account={accounts[place % 3]}" for place, path in enumerate(paths)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(client.get, asked))
    assert {one.status_code for one in answers} == {200}
    assert len({one.text for one in answers}) == len(set(asked))
    heads = {re.search(r"<code title=\"(0x[0-9a-f]{64})", one.text)[1] for one in answers}  # type: ignore[index]
    assert len(heads) == 1


ACTS = [
    ("dmo token delegate bob", "token delegate", {"delegate": "bob"}),
    ("dmo campaign deposit 12.5", "campaign deposit", {"amount": "12.5"}),
    ("dmo ballot cast 1 +1 -2", "ballot cast", {"choices": "1", "choices.1": "+1", "choices.2": "-2"}),
    ("dmo idea post idea.md --ask 5 --duration 3d", "idea post", {"ask": "5", "duration_seconds": "3d"}),
]


@pytest.mark.parametrize(("command", "act", "fields"), ACTS, ids=[act for _, act, _ in ACTS])
def test_a_preview_sends_what_the_command_sends(stage: Stage, command: str, act: str, fields: dict[str, str]) -> None:
    text = (stage.folder / "alice" / "idea.md").read_text()
    more = {"file": text, "_publish": "no"} if act == "idea post" else {}
    shown = {"delegate": stage.address("bob")} if act == "token delegate" else fields
    where = f"/act/{act.replace(' ', '/')}"
    data = {**shown, **more, "_from": stage.address("alice")}
    told = served(stage).post(where, data=data, headers={"Accept": "application/json"}).json()
    wish = " --no-publish" if act == "idea post" else ""
    result = stage.run(f"{command}{wish} --calldata --format json", cwd=stage.folder / "alice")
    if result.code:
        assert told["error"]["code"] == result.json["error"]["code"]
    else:
        calls = [(one["to"], int(one["value"], 16), one["data"]) for one in told["steps"]]
        assert calls == [(one["to"], int(one["value"]), one["data"]) for one in result.json["data"]["calls"]]


# ── ballots ──


def signed(stage: Stage, who: str, later: int = 0, choice: int = 1, by: str = "") -> bytes:
    """A ballot's file, signed."""
    home = stage.home(who)
    at = domain(home)
    ballot = Ballot(stage.address(who), 1, home.now - 500 + later, picks([choice], []))
    key = stage.keys[by or who]
    proof = (
        sign_ballot(at, Ballot(key.address, 1, ballot.at, ballot.choices), key) if by else sign_ballot(at, ballot, key)
    )
    told = {"schema": "dmo.ballot/2", "chain_id": at.chain_id, "board": at.board, "voter": ballot.voter}
    more = {"round": 1, "at": ballot.at, "in_favour": ballot.in_favour, "against": ballot.against}
    return canonical_json({**told, **more, "signature": proof.signature}).encode()


@pytest.fixture
def relay(stage: Stage) -> Relay:
    with stage.acting("dave"):
        return Relay(stage.home("dave"), KeySender(stage.chain, stage.keys["dave"]))


def test_ballots_are_sent_in_a_batch(stage: Stage, relay: Relay) -> None:
    client = served(stage, relay)
    told = [client.post("/relay", content=signed(stage, who)).json() for who in ("alice", "bob")]
    assert [one["state"] for one in told] == ["waiting", "waiting"]
    assert client.post("/relay", content=signed(stage, "alice")).json()["ok"]
    before = stage.chain.nonce(stage.address("dave"))
    assert relay.send() == 2
    assert stage.chain.nonce(stage.address("dave")) == before + 1
    state = client.get(f"/relay/{told[0]['id']}").json()
    assert state["state"] == "cast"
    assert state["block"]
    assert client.get("/relay/0x12").json()["state"] == "unknown"
    assert len(stage.ok("dmo ballot list 1 --format json").json["data"]["ballots"]) == 2


class Killed(BaseException):
    """The process ends here."""


def ballots(stage: Stage) -> list[str]:
    """Whose ballots count, as the chain tells."""
    events = stage.chain.events("IdeaBoard", stage.dmo.address("IdeaBoard"), "BallotCast")
    return [str(one.arguments["voter"]) for one in events]


@pytest.mark.parametrize("when", ["before it leaves", "once it has left", "once it was mined"])
def test_each_is_cast_once_whenever_its_relay_is_killed(
    when: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before = tmp_path / "relay" / "queue.jsonl", ballots(stage)
    snapshot = stage.chain.transport.request("evm_snapshot", [])
    with stage.acting("dave"):
        home, sender = stage.home("dave"), KeySender(stage.chain, stage.keys["dave"])
        first = Relay(home, sender, file)
        keys = [first.take(home, signed(stage, who, 400))["id"] for who in ("alice", "bob")]
        request = stage.chain.transport.request
        if when == "once it has left":
            request("evm_setAutomine", [False])

        def killed(*told: Any, **more: Any) -> Any:
            if when == "before it leaves" and told[0] != "eth_sendRawTransaction":
                return request(*told)
            raise Killed

        at = (stage.chain.transport, "request") if when == "before it leaves" else (stage.chain, "wait")
        monkeypatch.setattr(*at, killed)
        with pytest.raises(Killed):
            first.send()
        monkeypatch.undo()
        first.queue.close()  # as a process that is gone lets it go
        with file.open("a") as torn:
            torn.write('{"took":1,"id":"0x')
        second = Relay(home, sender, file)
        assert {second.state(key)["state"] for key in keys} == {"sent"}
        if when == "once it has left":
            request("evm_setAutomine", [True])
        if when != "before it leaves":
            assert when == "once it was mined" or second.send() == 0
            (tx,) = {second.state(key)["tx"] for key in keys}
            until(lambda: stage.chain.receipt(tx) is not None)
        assert second.send() == (2 if when == "before it leaves" else 0)
        told = [second.state(key) for key in keys]
        assert {one["state"] for one in told} == {"cast"}
        assert all(one["tx"] and one["block"] for one in told)
        assert len(ballots(stage)) == len(before) + 2
        assert second.send() == 0
        with pytest.raises(BadInput, match="another process"):
            Relay(home, sender, file)
        second.queue.close()
    stage.go_back(snapshot)


def test_what_a_reorganisation_undid_is_cast_again(stage: Stage, tmp_path: Path) -> None:
    file, before, request = tmp_path / "relay" / "queue.jsonl", ballots(stage), stage.chain.transport.request
    outset = request("evm_snapshot", [])
    with stage.acting("dave"):
        home = stage.home("dave")
        first = Relay(home, KeySender(stage.chain, stage.keys["dave"]), file)
        keys = [first.take(home, signed(stage, who, 420))["id"] for who in ("alice", "bob")]
        snapshot = request("evm_snapshot", [])
        assert first.send() == 2
        cast = {key: first.state(key) for key in keys}
        stage.go_back(snapshot)
        first.send()
        assert {key: first.state(key) for key in keys} == cast, "that node does not have the block yet"
        for _ in range(2):
            request("evm_mine", [])
        first.queue.close()
        second = Relay(home, KeySender(stage.chain, stage.keys["dave"]), file)
        assert second.send() == 2
        told = [second.state(key) for key in keys]
        assert {one["state"] for one in told} == {"cast"}
        assert {one["block"] for one in told} == {cast[keys[0]]["block"] + 2}
        assert len(ballots(stage)) == len(before) + 2
        trips = home.chain.transport.trips
        assert second.send() == 0
        assert home.chain.transport.trips == trips + 1, "all is asked at once"
        request("anvil_mine", [hex(relaying.FINAL + 1)])
        assert (second.send(), second.send()) == (0, 0)
        assert home.chain.transport.trips == trips + 2, "what is final is not asked for again"
        second.queue.close()
    stage.go_back(outset)


def told(url: str, raw: bytes | None = None) -> Any:
    with urllib.request.urlopen(url, raw, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


def is_cast(url: str) -> bool:
    return bool(told(url)["state"] == "cast")


def test_a_killed_server_goes_on_with_what_it_took(stage: Stage) -> None:
    snapshot, before = stage.chain.transport.request("evm_snapshot", []), ballots(stage)
    raw, key = signed(stage, "bob", 450), ""
    for place in range(2):
        process = started(stage, "--any-port", "--relay", "dave")
        try:
            assert process.stderr is not None
            (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
            if not place:
                key = told(f"{url}relay", raw)["id"]
                continue
            until(partial(is_cast, f"{url}relay/{key}"))
        finally:
            process.kill()
            process.communicate()
    assert len(ballots(stage)) == len(before) + 1
    stage.go_back(snapshot)


def test_what_is_refused_is_said(stage: Stage, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    client = served(stage, relay)

    def refused(raw: bytes) -> dict[str, Any]:
        told: dict[str, Any] = client.post("/relay", content=raw).json()
        assert not told["ok"]
        return dict(told["error"])

    assert "signature" in refused(signed(stage, "carol", by="dave"))["message"].lower()
    assert refused(b"nonsense")["code"] == "BadInput"
    assert refused(b"[" * 9_000)["code"] == "BadInput"
    dust = json.loads(signed(stage, "carol")) | {"voter": stage.deployer.address}
    assert "tenth" in refused(canonical_json(dust).encode())["message"]
    for later in range(relaying.PER_ROUND):
        assert client.post("/relay", content=signed(stage, "carol", later + 1)).json()["ok"]
    assert "ballots of yours" in refused(signed(stage, "carol", 9))["message"]
    monkeypatch.setattr(relay, "_per_day", relaying.PER_ROUND)
    assert "a day" in refused(signed(stage, "erin"))["message"]
    assert served(stage).post("/relay", content=signed(stage, "erin")).json()["error"]["code"] == "NoRelay"


def test_one_that_is_outdated_is_skipped_alone(stage: Stage, relay: Relay) -> None:
    home = stage.home("erin")
    old, new = signed(stage, "erin"), signed(stage, "dave")
    first, second = (relay.take(home, raw)["id"] for raw in (old, new))
    folder = stage.folder / "erin"
    folder.mkdir(exist_ok=True)
    stage.ok("dmo ballot cast 1 +2", "erin", cwd=folder)
    relay.send()
    assert relay.state(first)["state"] == "skipped"
    assert relay.state(first)["message"]
    assert relay.state(second)["state"] == "cast"


def test_a_full_batch_does_not_wait(stage: Stage, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "FULL", 1)
    monkeypatch.setattr(relaying, "EVERY", 3_600.0)
    over = threading.Event()
    sending = threading.Thread(target=relay.run, args=(over,))
    with stage.acting("dave"):
        sending.start()
        try:
            key = relay.take(stage.home("carol"), signed(stage, "carol", 300, 2))["id"]
            until(lambda: relay.state(key)["state"] == "cast")
        finally:
            over.set()
            relay.close()
            sending.join(PATIENCE_SECONDS)
    assert relay.state(key)["state"] == "cast"


def test_a_ballot_says_where_it_is_wrong(stage: Stage, relay: Relay) -> None:
    raw = json.loads(signed(stage, "alice", 40))
    for key, value in {"board": "0x" + "00" * 20, "chain_id": 1, "round": "one", "in_favour": [3, 1]}.items():
        with pytest.raises((BadInput, DmoError)):
            relay.take(stage.home("alice"), json.dumps(raw | {key: value}).encode())
