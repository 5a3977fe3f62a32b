"""`make play`: a chain that stays up, goes on where it stopped, and is found by `dmo`."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from brownie.project import get_loaded_projects

from dmo.core.chain import Block, Chain
from dmo.home.context import local_facts
from dmo.home.deployment import Dmo
from dmo.home.keystores import Keystores
from scripts import _common
from tests.support.waiting import PATIENCE_SECONDS, until
from tools.play import Playground
from tools.run_brownie import free_ports

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """The playground takes the contracts from Brownie's build folder."""
    assert get_loaded_projects()


class Play:
    """A playground in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("DMO_")},
            "DMO_PLAY_HOME": str(folder / "play"),
            "DMO_DEPLOYMENTS": str(folder / "deployments"),
            "DMO_HOME": str(folder / "home"),
            "DMO_PLAY_PORT": str(port),
            "DMO_PLAY_WEB_PORT": "0",
            "DMO_YES": "1",
        }
        self.process: subprocess.Popen[str] | None = None
        self.log = folder / "log"

    def start(self) -> str:
        """Start it; returns what it said."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "tools" / "play.py")],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        until(lambda: self._is_up() or self.process is None or self.process.poll() is not None, self._said)
        assert self._is_up(), self._said()
        return self._said()

    def _said(self) -> str:
        return self.log.read_text("utf-8")

    def _is_up(self) -> bool:
        said = self._said()
        return "starts anew.\n" in said and "The page is at" in said

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE_SECONDS)
        self.process = None
        return code

    def dmo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as a person does, with no settings."""
        return subprocess.run(
            [str(ROOT / "bin" / "dmo"), *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def is_listening(self) -> bool:
        return _listens(int(self.url.rsplit(":", 1)[1]))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    (port,) = free_ports(1)
    playground = Play(tmp_path_factory.mktemp("playground"), port)
    said = playground.start()
    assert "Running:" in said
    yield playground
    if playground.process is not None:
        playground.stop(signal.SIGTERM)


def after(chain: Chain, number: int) -> Block:
    """The first block that is seen after one, which the playground makes by itself."""
    until(lambda: chain.block().number > number)
    return chain.block()


def test_is_a_chain_like_a_test_network(play: Play) -> None:
    chain = Chain.connect(play.url, 11155111)
    first = chain.block()
    assert first.base_fee
    later = after(chain, first.number + 1)
    # A second a block, or more where the machine has much else to do.
    assert later.timestamp - first.timestamp >= later.number - first.number


def test_has_a_deployment_whose_pool_is_filled(play: Play) -> None:
    dmo = Dmo.open(play.folder / "deployments" / "play.json", play.url)
    assert dmo.record("CampaignEscrow", "books")["pool"] == 30_000 * 10**6
    assert dmo.record("IdeaBoard", "frame")["origin"] <= dmo.chain.now()


def test_the_page_is_beside_it(play: Play) -> None:
    (url,) = re.findall(r"The page is at (http://\S+)", play.log.read_text("utf-8"))
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        html = answer.read().decode()
    assert "play (this machine)" in html
    assert "PLAY" in html
    with urllib.request.urlopen(f"{url}act/ballot/cast", timeout=PATIENCE_SECONDS) as answer:
        assert '"relay":true' in answer.read().decode()


def test_five_accounts_have_what_they_need(play: Play) -> None:
    password = (play.folder / "play" / "password").read_text("utf-8").strip()
    keystores = Keystores(play.folder / "play" / "keystores")
    known = keystores.addresses()
    assert set(known) == {"founder", "holder", "lead", "worker", "stranger"}
    dmo = Dmo.open(play.folder / "deployments" / "play.json", play.url)
    for name, address in known.items():
        assert keystores.unlock(name, lambda _: password).address == address
        assert dmo.chain.balance(address) > 10 * 10**18
        votes = dmo.chain.call("ERC20", dmo.votes_address, "balanceOf", address)
        assert (votes > 0) == (name != "stranger")


def test_dmo_finds_it_without_settings(play: Play) -> None:
    done = play.dmo("status", "--account", "holder", "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["deployment"] == "play"
    assert answer["data"]["items"][0]["kind"] == "post"


def test_dmo_sends_without_settings(play: Play) -> None:
    done = play.dmo("token", "delegate", "holder", "--account", "worker")
    assert done.returncode == 0, done.stderr
    assert "holder" in done.stdout
    own = play.dmo("campaign", "deposit", "5", "--account", "lead")
    assert own.returncode == 1
    assert "propose it with `dmo govern`" in own.stderr


def test_scripts_act_and_pay_out_on_it(play: Play) -> None:
    def brownie(*words: str) -> str:
        environment = {**play.environment, "DMO_ACCOUNT": "holder", "DMO_YES": "1"}
        command = [str(ROOT / "brownie"), "run", *words, "--network", "play"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def said(*words: str) -> None:
        done = play.dmo(*words)
        assert done.returncode == 0, done.stderr

    said("time", "round")
    idea = str(ROOT / "examples" / "by-hand" / "idea.md")
    brownie("act", "main", "play", "idea post", f"file={idea}", "ask=1500", "duration=21d")
    said("time", "round")
    for who in ("founder", "holder"):
        said("ballot", "cast", "+1", "--account", who, "--yes")
    said("time", "round")
    assert "Settle round" in brownie("payout", "main", "play")
    assert json.loads(play.dmo("due", "--format", "json").stdout)["data"]["count"] == 0


def test_stops_cleanly_and_goes_on(play: Play) -> None:
    done = play.dmo("time", "+3d", "--format", "json")
    assert done.returncode == 0, done.stderr
    moved = json.loads(done.stdout)["data"]["now"]
    dmo = Dmo.open(play.folder / "deployments" / "play.json", play.url)
    books = dmo.record("CampaignEscrow", "books")
    assert play.stop() == 0
    assert not play.is_listening()

    said = play.start()
    assert "Going on:" in said
    assert "Everything is as it was." in said
    chain = Chain.connect(play.url, 11155111)
    assert moved < after(chain, chain.block().number).timestamp < moved + 3_600
    dmo = Dmo.open(play.folder / "deployments" / "play.json", play.url)
    assert dmo.record("CampaignEscrow", "books") == books
    before = chain.block().number
    times = [chain.block(number).timestamp for number in range(before - 3, before + 1)]
    assert times == sorted(times)


def test_a_second_one_is_refused(play: Play) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "play.py")],
        cwd=ROOT,
        env=play.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 2
    assert "running already" in done.stderr


def test_a_taken_port_is_refused(play: Play, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "play.py")],
        cwd=ROOT,
        env={**play.environment, "DMO_PLAY_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 2
    assert "already listens" in done.stderr


def test_killed_it_leaves_neither_chain_nor_page_behind(play: Play) -> None:
    (page,) = re.findall(r"The page is at http://[^:]+:(\d+)", play.log.read_text("utf-8"))
    play.stop(signal.SIGKILL)
    left = {"chain": play.is_listening, "page": lambda: _listens(int(page))}
    until(
        lambda: not any(asks() for asks in left.values()),
        lambda: f"they outlived their playground: {', '.join(name for name, asks in left.items() if asks())}",
    )


def test_what_is_deployed_besides_is_wired_and_forgotten_alike(tmp_path: Path) -> None:
    folder, deployments = tmp_path / "play", tmp_path / "deployments"
    for made in (folder, deployments):
        made.mkdir()
    first = Playground(folder, deployments, 8001)
    first.write_files()
    (deployments / "third.local.json").write_text((deployments / "play.local.json").read_text())
    (deployments / "far.local.json").write_text('{"rpc": "http://127.0.0.1:9"}')
    (deployments / "broken.local.json").write_text("[]")
    again = Playground(folder, deployments, 8002)
    again.write_files()
    assert "8002" in (deployments / "third.local.json").read_text()
    again.forget()
    assert {file.name for file in deployments.iterdir()} == {"far.local.json", "broken.local.json"}


def test_a_deployment_on_this_chain_finds_its_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_common, "DEPLOYMENTS", tmp_path)
    (tmp_path / "play.local.json").write_text('{"rpc": "http://127.0.0.1:8001"}')
    monkeypatch.setattr(_common.network, "show_active", lambda: "sepolia")
    _common.wire(tmp_path / "third.json")
    assert not (tmp_path / "third.local.json").exists()
    monkeypatch.setattr(_common.network, "show_active", lambda: "play")
    _common.wire(tmp_path / "third.json")
    assert local_facts(tmp_path / "third.json").rpc == "http://127.0.0.1:8001"
