"""The keeper as a service: it goes on, tells, and ends; and what is shipped to run it names what there is.

given a service
├── a node that fails at the very first is waited for; another chain's node or a key that is not there ends it
├── a fault of the node or of the code ends no turn but its own, and is waited for longer each time
├── a line is one JSON object, its words filled
├── what needs a person is said once, and stands in the numbers
├── told to stop, it ends after its turn
└── it is unwell after a while without a turn; the machine's clock is not asked
given numbers -> they are Prometheus' text, here alone unless a host is named
"""

from __future__ import annotations

import json
import re
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.keeper import GWEI
from dmo.core import words
from dmo.core.errors import BadInput, DmoError, NetworkError, NodeError, WrongChain
from dmo.home.following import until_told
from dmo.home.keeping import service
from dmo.home.keeping.gauges import Gauges
from dmo.home.keeping.keeper import Settings
from dmo.home.keeping.sending import sends_by
from dmo.home.keeping.service import Service
from tests.support.keeping import GWEI as ONE
from tests.support.keeping import Town, keeping

ROOT = Path(__file__).resolve().parents[2]
OPS = ROOT / "ops"


@pytest.fixture
def town() -> Town:
    found = Town(5)
    found.wait()
    return found


class Run:
    """A service on a town, a block for each wait, over after so many."""

    def __init__(self, town: Town, monkeypatch: pytest.MonkeyPatch, folder: Path, settings: Settings) -> None:
        home = keeping(town, monkeypatch, folder, Settings(max_fee=1))[0].home
        self.town, self.left = town, 8
        self.lines: list[dict[str, Any]] = []
        self.waited: list[float] = []
        self.service = Service(home, settings, 2, self.wait, lambda line: self.lines.append(json.loads(line)))

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        if self.waited[1:]:
            self.town.mine()
        self.left -= 1
        return self.left < 0

    def events(self) -> list[str]:
        return [one["event"] for one in self.lines if one["event"] != "turn"]


@pytest.fixture
def begun(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    def begin(**more: Any) -> Run:
        given = {"max_fee": 100 * ONE, "is_sending": True, "is_single": True, **more}
        return Run(town, monkeypatch, tmp_path, Settings(**given))

    return begin


def test_it_does_what_is_due_and_tells(begun: Callable[..., Run]) -> None:
    run = begun()
    run.service.start(None)
    turn = run.service.run(is_once=False)
    assert turn is not None
    assert turn.is_idle
    assert run.events() == ["started", "sent", "mined", "stopped"]
    assert all(one["says"] and "{" not in one["says"] and one["at"] for one in run.lines)
    assert sorted(run.town.paid()) == [1, 2, 3, 4, 5]
    text = run.service.gauges.text()
    assert "dmo_keeper_due 0\n" in text
    assert 'dmo_keeper_events_total{of="sent"} 1\n' in text
    assert run.service.sent[0]["keys"] == ["1", "2", "3", "4", "5"]


def test_once_ends_where_nothing_is_left(begun: Callable[..., Run]) -> None:
    run = begun()
    run.service.run(is_once=True)
    assert run.left > 0
    assert sorted(run.town.paid()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("fault", [NetworkError("The node is silent."), ValueError("odd"), KeyError("nothing")])
def test_no_fault_ends_it(fault: Exception, begun: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun()
    run.left = 11
    step, faults = run.service.keeper.follower.step, iter([True, True, True, False])

    def failing() -> Any:
        if next(faults, False):
            raise fault
        return step()

    monkeypatch.setattr(run.service.keeper.follower, "step", failing)
    run.service.run(is_once=False)
    assert run.events() == ["failed"] * 3 + ["sent", "mined", "stopped"]
    assert run.waited[:5] == [0, 4, 8, 16, 2]
    assert [one["times"] for one in run.lines[:3]] == [1, 2, 3]


def test_a_node_that_fails_at_the_very_first_is_waited_for(
    begun: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, faults = begun(), iter([NodeError("eth_chainId", "internal error"), NetworkError("The node is silent."), None])
    made = service.Keeper

    def failing(*given: Any) -> Any:
        if fault := next(faults, None):
            raise fault
        return made(*given)

    monkeypatch.setattr(service, "Keeper", failing)
    assert run.service.start(None)
    run.service.run(is_once=False)
    assert run.events() == ["failed", "failed", "started", "sent", "mined", "stopped"]
    assert run.waited[:3] == [4, 8, 0]
    assert "internal error" in run.lines[0]["says"]


@pytest.mark.parametrize("fault", [WrongChain(1, 2), BadInput("There is no such key."), NetworkError("silent")])
def test_what_no_waiting_mends_ends_it_and_whoever_is_told_to_stop(
    fault: DmoError, begun: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise fault

    monkeypatch.setattr(service, "Keeper", failing)
    run = begun()
    run.left = 2
    if type(fault) is NetworkError:
        assert not run.service.start(None), "it was told to stop"
        assert run.events() == ["failed"] * 3
    with pytest.raises(type(fault)):
        run.service.start(None, is_once=type(fault) is NetworkError)


def test_what_needs_a_person_is_said_once(begun: Callable[..., Run]) -> None:
    run = begun(max_fee=5 * ONE)
    run.service.run(is_once=False)
    assert run.events() == ["alarm", "stopped"]
    assert run.lines[1]["reason"] == "fees"
    assert "--max-fee" in run.lines[1]["says"]
    assert "dmo_keeper_alarm 1\n" in run.service.gauges.text()
    once = begun(max_fee=5 * ONE)
    once.service.run(is_once=True)
    assert once.left > 0, "a person has to do something: it does not wait for it"


def test_signals_end_it_after_its_turn() -> None:
    import signal

    before = signal.getsignal(signal.SIGTERM)
    with until_told() as over:
        assert not over.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert over.is_set()
    assert signal.getsignal(signal.SIGTERM) is before


def test_told_to_stop_it_waits_for_no_node(begun: Callable[..., Run]) -> None:
    run = begun()
    run.service.start(None)
    run.service.home.chain.sleep(0)
    assert run.waited == [0]
    run.left = 1
    run.service.run(is_once=False)
    assert run.events() == ["started", "sent", "stopped"]


# ── numbers ──


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("dmo.home.keeping.gauges.time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.time", lambda: 0.0)
    return now


def test_it_is_unwell_after_a_while_without_a_turn(clock: list[float]) -> None:
    gauges = Gauges(60)
    gauges.well()
    clock[0] += 60
    assert gauges.trouble == ""
    gauges.well("The node is silent.")
    clock[0] += 1
    assert gauges.trouble == "No block was looked at for 61 s: The node is silent."
    gauges.well()
    assert gauges.trouble == ""


def fetched(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_numbers_are_told_here_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    gauges = Gauges(10**6)
    gauges.put(due=3)
    gauges.count("events_total", "sent", 2)
    for place in ("0", ":0", "127.0.0.1:0"):
        host, _, port = gauges.serve(place).rpartition(":")
        assert host == "127.0.0.1"
    code, text = fetched(f"http://127.0.0.1:{port}/metrics")
    assert (code, text.splitlines()) == (
        200,
        [
            f"# HELP dmo_keeper_due {words.word('keeper_metric', 'due')}",
            "# TYPE dmo_keeper_due gauge",
            "dmo_keeper_due 3",
            f"# HELP dmo_keeper_events_total {words.word('keeper_metric', 'events_total')}",
            "# TYPE dmo_keeper_events_total counter",
            'dmo_keeper_events_total{of="sent"} 2',
        ],
    )
    with socket.create_connection(("127.0.0.1", int(port))) as gone:
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.sendall(b"GET /metrics HTTP/1.0\r\n")
    assert fetched(f"http://127.0.0.1:{port}/health") == (200, "ok")
    assert capfd.readouterr().err == "", "the log is the keeper's"
    assert fetched(f"http://127.0.0.1:{port}/else")[0] == 404
    monkeypatch.setattr(Gauges, "trouble", "it stands still")
    assert fetched(f"http://127.0.0.1:{port}/health") == (503, "it stands still")
    for wrong in ("nowhere:port", "9.9.9.9:1", "127.0.0.1:99999999"):
        with pytest.raises(BadInput, match="nothing can be told"):
            gauges.serve(wrong)


def test_other_commands_do_not_load_it() -> None:
    told = "import sys; from dmo.faces.cli import commands; commands(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"http.server", "dmo.home.keeping.keeper", "dmo.home.keeping.gauges"}


def test_every_number_has_its_help(begun: Callable[..., Run]) -> None:
    run = begun()
    run.service.run(is_once=False)
    names = set(re.findall(r"^dmo_keeper_(\w+)", run.service.gauges.text(), re.MULTILINE))
    assert names == set(words.load()["word"]["keeper_metric"])


# ── what is asked for ──


def test_gwei_are_read_and_shown() -> None:
    assert [GWEI.read(None, text) for text in ("1", "0.5 gwei", "30GWEI")] == [10**9, 5 * 10**8, 30 * 10**9]
    assert GWEI.show(None, 15 * 10**8) == "1.5 gwei"
    with pytest.raises(BadInput):
        GWEI.read(None, "cheap")


def test_transactions_go_elsewhere_where_that_is_named(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = keeping(town, monkeypatch, tmp_path, Settings(max_fee=1))[0].home
    assert sends_by(home, None) is None
    monkeypatch.setattr("dmo.core.chain.Chain.require", lambda *_: None)
    monkeypatch.setenv("DMO_RPC_QUIET", "https://quiet.example/key")
    for given in ("quiet", "https://quiet.example/key"):
        chain = sends_by(home, given)
        assert chain is not None
        assert chain.transport.url == "https://quiet.example/key"  # type: ignore[attr-defined]
    with pytest.raises(DmoError, match="DMO_RPC_NONE"):
        sends_by(home, "none")
