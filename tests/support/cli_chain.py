"""A deployed DMO on a node of its own, people with keystores, and the command line run on it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account import Account

from dmo.core import abi
from dmo.core.calls import Call, make_call
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError
from dmo.core.sender import KeySender
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import Dmo
from dmo.home.home import Home, Options
from dmo.home.keystores import Keystores
from tests.support.waiting import until
from tools.run_brownie import free_ports

ROOT = Path(__file__).resolve().parents[2]
MNEMONIC = "test test test test test test test test test test test junk"
PEOPLE = ("alice", "bob", "carol", "dave", "erin")
PASSWORD = "play"
"""Play money, and a room that is there where a config asks for it."""
DAY = 86_400

CONFIG = """
[network]
chain_id = {chain_id}
{testnet}
[token]
{token}
[budget]
{budget}
[rounds]
cap = "6,000"
length = "1 day"
holding = "1 hour"
slack = "10 minutes"
[campaigns]
review = "2 days"
answer = "1 day"
challenge = "1 day"
arbitration = "3 days"
notice = "1 day"
shortest_window = "1 hour"
[jury]
commit = "1 day"
reveal = "12 hours"
[governance]
timelock = "1 day"
voting_delay = "1 hour"
voting_period = "1 day"
late_quorum = "6 hours"
[guardian]
address = "{guardian}"
"""
NEW_TOKEN = """kind = "new"
name = "Harbour"
symbol = "HRB"
supply = "1,000,000"
holders = "holders.csv"
"""


@dataclass(frozen=True)
class Result:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def key(place: int) -> Any:
    """A key that anvil gives money to."""
    Account.enable_unaudited_hdwallet_features()
    return Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{place}")


def filled(kind: str, title: str, worker: str = "") -> str:
    """A template, filled in."""
    from dmo.home.templates import template

    text = template(kind, worker=worker)
    for empty, value in (
        ('title: ""', f'title: "{title}"'),
        ('metric: ""', "metric: wallets"),
        ("target: 0", "target: 500"),
        ('date: ""', "date: 2027-03-31"),
        ('deliverable: ""', "deliverable: a spot of two minutes"),
        ('- ""', "- it was on air"),
        ('disclosure: ""', 'disclosure: "paid by Harbour"'),
        ('result: ""', "result: 400 of 500 wallets"),
        ('repeat: ""', "repeat: radio in the morning"),
        ('avoid: ""', "avoid: banners"),
        ('about: ""', "about: 1/3"),
    ):
        text = text.replace(empty, value)
    return text


@contextlib.contextmanager
def anvil(chain_id: int = 31337, *options: str, hardfork: str = "cancun") -> Iterator[tuple[Chain, str]]:
    """A node of its own, ended with the test."""
    (port,) = free_ports(1)
    command = [
        str(ROOT / "tools/bin/anvil"),
        f"--port={port}",
        f"--chain-id={chain_id}",
        "--accounts=10",
        "--gas-limit=60000000",
        f"--hardfork={hardfork}",
        f"--mnemonic={MNEMONIC}",
        "--silent",
        # Without the optimizer, for development, the contracts are larger than a chain takes.
        *(["--disable-code-size-limit"] if os.environ.get("DMO_PIPELINE") == "legacy" else []),
        *options,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        yield connected(url, chain_id), url
    finally:
        process.terminate()
        process.wait()


def connected(url: str, chain_id: int) -> Chain:
    """A node that was just started, once it answers."""

    def connect() -> Chain | None:
        with contextlib.suppress(NetworkError):
            return Chain.connect(url, chain_id)
        return None

    chain = until(connect, lambda: "the node does not start")
    assert chain is not None
    return chain


class Stage:
    """A deployment with people, and `dmo` run by them.

    Args:
        chain: The node.
        url: Its address.
        folder: A folder of its own.
    """

    home_folder = "home"

    def __init__(self, chain: Chain, url: str, folder: Path) -> None:
        self.chain = chain
        self.url = url
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.keys = {name: key(place) for place, name in enumerate(PEOPLE, 1)}
        self.deployer = key(0)
        for name, one in self.keys.items():
            Keystores(folder / "keystores").put(name, bytes(one.key), PASSWORD, iterations=1024)
        self.dmo: Dmo

    def address(self, name: str) -> str:
        return str(self.keys[name].address)

    def deploy(
        self,
        token: str = NEW_TOKEN,
        budget: str = "mock = true",
        shares: Mapping[str, int] | None = None,
        name: str = "harbour",
        rooms: Sequence[str] = (),
    ) -> Dmo:
        """Deploy, with rooms that the config's [rooms] names: drops, badges, outcomes, forecasts."""
        held = shares or {"alice": 300_000, "bob": 250_000, "carol": 200_000, "dave": 150_000, "erin": 100_000}
        rows = "".join(f"{self.address(who)},{amount}\n" for who, amount in held.items())
        (self.folder / "holders.csv").write_text(f"address,tokens\n{rows}")
        deployments = self.folder / "deployments"
        deployments.mkdir(exist_ok=True)
        chain_id = self.chain.chain_id
        config = CONFIG.format(
            chain_id=chain_id,
            testnet="" if chain_id == 31337 else "testnet = true",
            token=token,
            budget=budget,
            guardian=self.address("erin"),
        )
        config += "[rooms]\n" + "".join(f"{one} = true\n" for one in rooms) if rooms else ""
        file = self.folder / f"{name}.toml"
        file.write_text(config)
        run = DeployRun.prepare(self.chain, file, self.deployer.address, ROOT, deployments)
        book = run.send(UnlockedSender(self.chain, self.deployer.address), is_rehearsed=True)
        (deployments / f"{name}.local.json").write_text(json.dumps({"rpc": self.url, "keystores": "../keystores"}))
        self.dmo = Dmo.from_book(name, book, self.chain)
        return self.dmo

    def fund(self, pool: int = 20_000, each: int = 1_000) -> None:
        """Mint play money: the treasury's, which pays it into the pool, and some for everybody (whole tokens)."""
        from dmo.core.abi.codec import encode, keccak

        sender = KeySender(self.chain, self.deployer)
        budget = self.dmo.budget_token
        unit = 10**budget.decimals
        treasury, escrow = self.dmo.address("Treasury"), self.dmo.address("CampaignEscrow")
        for who in (treasury, *(self.address(name) for name in PEOPLE)):
            amount = (pool if who == treasury else each) * unit
            data = keccak(b"mint(address,uint256)")[:4] + encode(["address", "uint256"], [who, amount])
            sender.send(Call(budget.address, data, 0, "Mint play money"))
        self.govern(make_call("ERC20", budget.address, "approve", [escrow, pool * unit], "Allow"))
        self.govern(make_call("CampaignEscrow", escrow, "deposit", [pool * unit], "Fill the pool"))

    def govern(self, call: Call) -> None:
        """Do as the treasury would, without the vote."""
        treasury, request = self.dmo.address("Treasury"), self.chain.transport.request
        request("anvil_impersonateAccount", [treasury])
        request("anvil_setBalance", [treasury, hex(10**20)])
        order = {"from": treasury, "to": call.to, "data": "0x" + call.data.hex()}
        assert self.chain.wait(request("eth_sendTransaction", [order])).is_ok

    def home(self, who: str = "alice") -> Home:
        """The deployment as the package's capabilities see it, at its latest block."""
        book = self.folder / "deployments" / f"{self.dmo.name}.json"
        return Home(Options(deployment=str(book), rpc=self.url, account=self.address(who)))

    def environment(self, who: str = "alice") -> dict[str, str]:
        return {
            "DMO_DEPLOYMENTS": str(self.folder / "deployments"),
            "DMO_HOME": str(self.folder / self.home_folder),
            "DMO_ACCOUNT": who,
            "DMO_PASSWORD": PASSWORD,
        }

    @contextlib.contextmanager
    def acting(self, who: str = "alice", cwd: Path | None = None, **environment: str) -> Iterator[None]:
        """Be somebody: their settings, and their folder."""
        known = {k: v for k, v in os.environ.items() if not k.startswith("DMO_")}
        known.update(self.environment(who), **environment)
        before = dict(os.environ)
        here = Path.cwd()
        try:
            os.environ.clear()
            os.environ.update(known)
            os.chdir(cwd or self.folder)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            os.chdir(here)

    def run(self, command: str | list[str], who: str = "alice", cwd: Path | None = None, **environment: str) -> Result:
        """Run a command line in this process, as somebody."""
        from dmo.faces.cli import main

        words = shlex.split(command) if isinstance(command, str) else command
        out, err = io.StringIO(), io.StringIO()
        with self.acting(who, cwd, **environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words[1:] if words[:1] == ["dmo"] else words)
        return Result(code, out.getvalue(), err.getvalue())

    def ok(self, command: str | list[str], who: str = "alice", code: int = 0, **more: Any) -> Result:
        """Run it and demand its exit code."""
        result = self.run(command, who, **more)
        assert result.code == code, f"{command}: exit {result.code}\n{result.out}\n{result.err}"
        return result

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """Put the chain back afterwards."""
        before = self.chain.transport.request("evm_snapshot", [])
        try:
            yield
        finally:
            self.go_back(before)

    def go_back(self, snapshot: str) -> None:
        """Put the chain back; nothing is sent again that it forgets."""
        # A transaction stays in the pool for a moment after its block, and would come into the next.
        self.chain.transport.request("anvil_dropAllTransactions", [])
        self.chain.transport.request("evm_revert", [snapshot])

    # ── time ────────────────────────────────────────────────────────────────────────────────────

    def reach(self, moment: int) -> None:
        """Let the chain's clock reach a moment."""
        self.chain.transport.request("evm_setNextBlockTimestamp", [hex(moment)])
        self.chain.transport.request("evm_mine", [])

    def later(self, seconds: int) -> None:
        self.reach(self.chain.now() + seconds)

    def round_starts(self, number: int) -> None:
        """Go to the start of a round's posting."""
        answer = self.chain.call("IdeaBoard", self.dmo.address("IdeaBoard"), "frame")
        frame = abi.named("IdeaBoard", "frame", answer)
        self.reach(frame["origin"] + (number - 1) * frame["round_seconds"])


@contextlib.contextmanager
def funded_stage(folder: Path, *options: str, rooms: Sequence[str] = ()) -> Iterator[Stage]:
    """A chain of its own with a deployment on it, whose pool and people have play money; options of anvil, rooms."""
    with anvil(31337, *options) as (chain, url):
        stage = Stage(chain, url, folder)
        stage.deploy(rooms=rooms)
        stage.fund()
        yield stage
