"""The keeper as a process, on a chain of its own.

given a crowd whose work is accepted
├── killed with what it sent lost, and again, it pays everything once, in one transaction
├── SIGTERM ends it after what it is at; its log is JSON, its numbers are told, no password is an argument
└── when nothing is due it asks for ten things at most, and for little more when fifty are
given no account -> the plan is shown all the same
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.core.rpc import HttpTransport
from tests.support import crowd
from tests.support.cli_chain import DAY, ROOT, Stage, anvil
from tests.support.waiting import PATIENCE_SECONDS

WORKS = 40


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("crowd"))
        crowd.build(stage, WORKS, 10)
        yield stage


@pytest.fixture
def stage(crowded: Stage) -> Iterator[Stage]:
    request = crowded.chain.transport.request
    before = request("evm_snapshot", [])
    crowded.home_folder = f"home-{before}"
    yield crowded
    request("evm_setAutomine", [True])
    crowded.go_back(before)


class Process:
    """`dmo keeper run` of erin's; its log as it is written."""

    def __init__(self, stage: Stage, *options: str) -> None:
        known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        said = {**known, **stage.environment("erin"), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "dmo", "keeper", "run", "--account", "erin", "--every", "1s", *options]
        self.process = subprocess.Popen(
            command, env=said, cwd=stage.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.log: list[dict[str, Any]] = []
        self._grew = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._grew:
                self.log.append(json.loads(line))
                self._grew.notify_all()

    def until(self, events: str, stage: Stage | None = None) -> dict[str, Any]:
        """The first line that tells of one of some events; where a stage is given, blocks go by until it is there."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.log if one["event"] in events.split()]

        for _ in range(round(PATIENCE_SECONDS)):
            with self._grew:
                if self._grew.wait_for(found, 1):
                    return found()[0]
            if stage is not None:
                stage.chain.transport.request("evm_mine", [])
        raise AssertionError(self.log[-3:])

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code


@pytest.fixture
def start(stage: Stage) -> Iterator[Callable[..., Process]]:
    """Starts keepers, which end with the test."""
    begun: list[Process] = []

    def begin(*options: str) -> Process:
        begun.append(Process(stage, *options))
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.wait()


def paid(stage: Stage) -> list[int]:
    told = stage.chain.events("CampaignEscrow", stage.dmo.address("CampaignEscrow"), "WorkPaid")
    return [one.arguments["submission"] for one in told]


def sent_by(stage: Stage, who: str) -> int:
    return stage.chain.nonce(stage.address(who), pending=False)


def test_killed_again_and_again_it_pays_everything_once(stage: Stage, start: Callable[..., Process]) -> None:
    stage.later(4 * DAY)
    before, request = sent_by(stage, "erin"), stage.chain.transport.request
    request("evm_setAutomine", [False])
    first = start("--send")
    sent = first.until("sent", stage)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    request("anvil_dropAllTransactions", [])
    second = start("--send")
    request("evm_mine", [])
    found = second.until("again raised mined")
    assert found["nonce"] == sent["nonce"]
    assert second.end(signal.SIGKILL) == -signal.SIGKILL
    request("evm_mine", [])
    last = start("--send")
    if found["event"] == "mined":  # a block came between what the first said and its end
        last.until("started")
    else:
        assert last.until("mined", stage)["nonce"] == sent["nonce"]
    for _ in range(4):
        request("evm_mine", [])
    assert last.end(signal.SIGTERM) == 0
    assert sorted(paid(stage)) == [*range(1, WORKS + 1)]
    assert sent_by(stage, "erin") - before == 1


def test_it_tells_what_it_does_and_ends_when_it_is_told_to(stage: Stage, start: Callable[..., Process]) -> None:
    stage.later(4 * DAY)
    process = start("--send", "--metrics", "0")
    place = process.until("metrics")["place"]
    assert place.startswith("127.0.0.1:")
    sent = process.until("sent", stage)
    said = f"{WORKS} submissions can be paid: sent as nonce {sent['nonce']}."
    assert (sent["act"], len(sent["keys"]), sent["says"]) == ("work pay", WORKS, said)
    mined = process.until("mined", stage)
    assert (mined["nonce"], mined["hash"]) == (sent["nonce"], sent["hash"])
    told = {}
    for path in ("metrics", "health"):
        with urllib.request.urlopen(f"http://{place}/{path}") as answer:
            told[path] = answer.read().decode()
    assert told["health"] == "ok"
    assert 'dmo_keeper_events_total{of="mined"} 1' in told["metrics"]
    assert "play" not in Path(f"/proc/{process.process.pid}/cmdline").read_text()
    assert process.end(signal.SIGTERM) == 0
    assert process.log[-1]["event"] == "stopped"


class Counted:
    """Counts what is sent to the node, together and one by one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trips = self.asked = 0
        post = HttpTransport._post

        def counted(transport: HttpTransport, body: bytes, *given: Any, **more: Any) -> Any:
            said = json.loads(body)
            self.trips, self.asked = self.trips + 1, self.asked + (len(said) if isinstance(said, list) else 1)
            return post(transport, body, *given, **more)

        monkeypatch.setattr(HttpTransport, "_post", counted)

    def of(self, stage: Stage, command: str) -> tuple[int, int]:
        self.trips = self.asked = 0
        stage.ok(command, "erin")
        return self.trips, self.asked


def test_requests_are_few(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.home.keeping.keeper._SLOW", 10**9)  # else a slow machine looks at a block again
    counted = Counted(monkeypatch)
    stage.ok("keeper once", "erin")
    stage.later(60)
    trips, asked = counted.of(stage, "keeper once")
    assert trips <= 10, "with what a process asks once"
    print(f"nothing due: {trips} requests, {asked} questions")
    stage.later(4 * DAY)
    trips, asked = counted.of(stage, "keeper once --send --every 1s")
    assert len(paid(stage)) == WORKS
    print(f"{WORKS} due: {trips} requests, {asked} questions, of three turns")
    assert trips <= 3 * 10 + 4 + 1
    trips, asked = counted.of(stage, "keeper once")
    print(f"nothing due after it: {trips} requests, {asked} questions")
    assert trips <= 10


def test_the_plan_is_shown_without_an_account(stage: Stage) -> None:
    stage.later(4 * DAY)
    told = stage.ok("keeper plan --format json", DMO_ACCOUNT="").json["data"]
    (row,) = told["tasks"]
    assert (told["account"], row["act"], row["count"], row["refused"]) == (None, "work pay", WORKS, None)
    assert row["gas"] > 10**6
    assert "work pay" in stage.ok("keeper plan", DMO_ACCOUNT="").out
    assert "Not sent" not in stage.ok("keeper once", DMO_ACCOUNT="").out
    refused = stage.run("keeper once --send", DMO_ACCOUNT="")
    assert refused.code == 2
    assert "--account" in refused.err
    assert paid(stage) == []
    stage.ok("keeper once --send --every 1s", "erin")
    assert "Nothing is due." in stage.ok("keeper plan", "erin").out
