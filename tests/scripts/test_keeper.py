"""The keeper as a process, on a chain of its own with a block a second.

given a crowd whose work is accepted, on a chain with a block a second
├── killed again and again it pays everything once, in as few transactions as hold it
├── SIGTERM ends it after what it is at; its log is one JSON object a line, its numbers are told, the password is no argument
└── when nothing is due it asks for ten things at most, and for little more when fifty are
given no account -> the plan is shown all the same
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmo.core.rpc import HttpTransport
from tests.support import crowd
from tests.support.cli_chain import DAY, ROOT, Stage, anvil

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
    request("evm_setIntervalMining", [0])
    request("evm_setAutomine", [True])
    request("anvil_dropAllTransactions", [])
    request("evm_revert", [before])


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

    def until(self, event: str, count: int = 1, **told: Any) -> dict[str, Any]:
        """The line that tells of an event, once it is there."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.log if one["event"] == event and told.items() <= one.items()]

        with self._grew:
            assert self._grew.wait_for(lambda: len(found()) >= count, 120), self.log[-3:]
            return found()[count - 1]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(10)
        return code


def paid(stage: Stage) -> list[int]:
    told = stage.chain.events("CampaignEscrow", stage.dmo.address("CampaignEscrow"), "WorkPaid")
    return [one.arguments["submission"] for one in told]


def sent_by(stage: Stage, who: str) -> int:
    return stage.chain.nonce(stage.address(who), pending=False)


def test_killed_again_and_again_it_pays_everything_once(stage: Stage) -> None:
    stage.later(4 * DAY)
    before = sent_by(stage, "erin")
    stage.chain.transport.request("evm_setIntervalMining", [1])
    rnd = random.Random(7)
    for event in ("started", "sent", "sent"):
        process = Process(stage, "--send")
        if event == "sent" and len(paid(stage)) == WORKS:
            process.until("started")
        else:
            process.until(event)
        if rnd.random() < 0.5:
            stage.chain.transport.request("anvil_dropAllTransactions", [])
        assert process.end(signal.SIGKILL) == -signal.SIGKILL
    last = Process(stage, "--send")
    last.until("started")
    stage.chain.transport.request("anvil_mine", [hex(8)])
    for _ in range(60):
        if len(paid(stage)) == WORKS:
            break
        stage.chain.transport.request("evm_mine", [])
        threading.Event().wait(0.5)
    assert last.end(signal.SIGTERM) == 0
    assert sorted(paid(stage)) == [*range(1, WORKS + 1)]
    assert sent_by(stage, "erin") - before == 1


def test_it_tells_what_it_does_and_ends_when_it_is_told_to(stage: Stage) -> None:
    stage.later(4 * DAY)
    stage.chain.transport.request("evm_setIntervalMining", [1])
    process = Process(stage, "--send", "--metrics", "0")
    place = process.until("metrics")["place"]
    assert place.startswith("127.0.0.1:")
    sent = process.until("sent")
    assert (sent["act"], len(sent["keys"]), sent["says"]) == (
        "work pay",
        WORKS,
        f"{WORKS} submissions can be paid: sent as nonce {sent['nonce']}.",
    )
    mined = process.until("mined")
    assert (mined["nonce"], mined["hash"]) == (sent["nonce"], sent["hash"])
    told = {}
    for path in ("metrics", "health"):
        with urllib.request.urlopen(f"http://{place}/{path}") as answer:
            told[path] = answer.read().decode()
    assert told["health"] == "ok"
    assert 'dmo_keeper_events_total{of="mined"} 1' in told["metrics"]
    assert process.end(signal.SIGTERM) == 0
    assert process.log[-1]["event"] == "stopped"
    assert "play" not in Path(f"/proc/{os.getpid()}/cmdline").read_text()


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
