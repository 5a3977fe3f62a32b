"""What ./brownie and tools/bin/anvil promise of chains, ports, folders and the disk.

a chain of ours
├── given more than a thousand blocks, and a killer
│   ├── it leaves nothing on the disk
│   └── it knows the last states, and those it goes back to
├── given a port that somebody else has
│   └── it is not joined: nothing runs
├── given two at once
│   └── each has a chain of its own
└── given folders with dots and spaces in their names
    └── scripts, tests and `dmo` run as elsewhere
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import PATIENCE_SECONDS, until
from tools.run_brownie import free_ports

ROOT = Path(__file__).resolve().parents[2]
PAYMENTS, EMPTY, BACK = 300, 1_000, 200  # blocks; by itself anvil writes all but the last 500 to the disk
SENDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"  # anvil's first
SECONDS = PATIENCE_SECONDS
COPIED = (
    *("contracts", "interfaces", "dmo", "scripts", "tools", "config", "bin", "tests"),
    *("brownie", "brownie-config.yaml", "pyproject.toml"),
)
LINKED = (".venv", "node_modules")
SCRIPT = """
import time
from pathlib import Path

def main(own, other):
    from brownie import Stablecoin, accounts, chain

    coin = Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    Path(own).touch()
    until = time.monotonic() + 300
    while not Path(other).exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    print(f"block {chain.height}: {coin.symbol()}")
"""


class Node:
    """An anvil of ours.

    Args:
        home: Its home folder.
    """

    def __init__(self, home: Path) -> None:
        (self.port,) = free_ports(1)
        command = [str(ROOT / "tools/bin/anvil"), "--quiet", f"--port={self.port}"]
        environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
        self.process = subprocess.Popen(command, env=environment)
        until(self.answers)

    def ask(self, method: str, *parameters: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(self.ask("eth_chainId"))
        return False

    def number(self, method: str, *parameters: Any) -> int:
        return int(self.ask(method, *parameters)["result"], 16)

    def balance(self, block: int) -> int:
        return self.number("eth_getBalance", SENDER, hex(block))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    (tmp_path / "home").mkdir()
    node = Node(tmp_path / "home")
    yield node
    node.kill()


def left(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


def test_leaves_nothing_on_the_disk(node: Node, tmp_path: Path) -> None:
    payment = {"from": SENDER, "to": "0x" + "11" * 20, "value": "0x1"}
    for _ in range(PAYMENTS):
        node.ask("eth_sendTransactionSync", payment)
    snapshot, height = node.ask("evm_snapshot")["result"], node.number("eth_blockNumber")
    before = node.balance(height)
    assert node.balance(height - BACK) > before
    node.ask("anvil_mine", hex(EMPTY))
    assert "BlockOutOfRange" in node.ask("eth_getBalance", SENDER, "0x1")["error"]["message"]
    assert node.ask("evm_revert", snapshot)["result"] is True
    assert node.number("eth_blockNumber") == height
    assert node.balance(height) == before
    node.ask("anvil_mine", hex(BACK))
    assert node.balance(height) == before
    node.ask("anvil_rollback", BACK)
    assert node.number("eth_blockNumber") == height
    assert left(tmp_path / "home") == []
    node.kill()
    assert left(tmp_path / "home") == []


def environment(**more: str) -> dict[str, str]:
    """What a person has in a new terminal, and more."""
    own = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONPYCACHEPREFIX"}
    return {key: value for key, value in os.environ.items() if key in own} | more


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / command[0]), *command[1:]],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("command", [("run", "demo"), ("test", "tests/gas", "-q")])
def test_joins_no_chain_of_others(node: Node, command: tuple[str, ...]) -> None:
    done = run(ROOT, "brownie", *command, DMO_PORT=str(node.port))
    assert done.returncode == 2
    assert f"something already listens on 127.0.0.1:{node.port}" in done.stderr
    assert node.number("eth_blockNumber") == 0


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in folders such as people have; what is compiled and installed is shared."""
    folder = tmp_path_factory.mktemp("home") / "first.last" / ".my projects" / "2.0"
    folder.mkdir(parents=True)
    for name in COPIED:
        path = ROOT / name
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, folder / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(path, folder / name)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in ("contracts", "interfaces"):
        shutil.copytree(ROOT / "build" / name, folder / "build" / name)
    (folder / "scripts" / "meet.py").write_text(SCRIPT)
    return folder


def test_two_at_once_have_chains_of_their_own(odd: Path) -> None:
    one, two = odd / "one", odd / "two"
    both = [
        subprocess.Popen(
            [str(odd / "brownie"), "run", "meet", "main", str(own), str(other)],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for own, other in ((one, two), (two, one))
    ]
    for process in both:
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        assert "block 1: USD" in said


def test_folders_may_have_any_name(odd: Path) -> None:
    chain = run(odd, "brownie", "test", "tests/contracts/documents", "-q")
    assert chain.returncode == 0, chain.stdout
    quiet = ("-m", "pytest", "-p", "no:pytest-brownie", "-q")
    package = run(odd, ".venv/bin/python", *quiet, "tests/package/test_units.py")
    assert package.returncode == 0, package.stdout
    told = run(odd, "bin/dmo", "--help", PYTHONPATH=str(odd))
    assert told.returncode == 0, told.stderr
    assert "status" in told.stdout
