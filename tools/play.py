"""A playground: `make play`. A chain that stays up and behaves like a test network, and a DMO.

It has a public test network's id, a block a second, a base fee, and its state on disk: stopped with
Ctrl-C and started again, it goes on where it was, its clock too. Five accounts hold play money; a
DMO with short windows is deployed and its pool filled. `dmo` finds all this by itself.

    make play [DMO_PLAY_PORT=8547]      start, or go on
    make play-reset                     start anew

Beside it runs the page for holders, whose ballots the founder's account pays for: DMO_PLAY_WEB_PORT (8700; 0: any).

Folders of its own for tests: DMO_PLAY_HOME (build/play), DMO_DEPLOYMENTS (deployments).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dmo.core.abi.codec import encode, keccak
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError
from dmo.core.files import write_json, write_text
from dmo.core.units import format_amount, format_time
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import Dmo, load_book
from dmo.replay.node import ROOT, Anvil

sys.path.insert(0, str(ROOT))
from tools.page import Page, shown

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

CHAIN_ID = 11155111
DEFAULT_PORT, WEB_PORT = 8547, 8700
ETHER = 100  # play ether of each account

# The best known keys there are: nothing but play money may ever lie on them.
MNEMONIC = "test test test test test test test test test test test junk"
PASSWORD = "play"
ISSUER = 5  # the play stablecoin's owner; has no keystore
DOLLAR, DOLLAR_NAME, DOLLAR_DECIMALS = "PLAY", "Play Dollar", 6
POOL, TREASURY = 30_000, 20_000  # play dollars; the pool as in config/play.toml
DEPLOYMENTS = ("play", "walkthrough")
OPTIONS = {
    "chain-id": CHAIN_ID,
    "block-base-fee-per-gas": 10**9,  # wei per gas
    "mnemonic": MNEMONIC,
    "balance": ETHER,
    "state-interval": 60,  # seconds; the state is written when the chain is stopped, too
    "prune-history": 256,
    "no-mining": True,
    "silent": True,
}


class Person(NamedTuple):
    """One of the five: keystore, play dollars to begin with, in whole ones, and part."""

    name: str
    dollars: int
    part: str


PEOPLE = (
    Person("founder", 100_000, "deploys; holds 110,000 votes; is the guardian"),
    Person("holder", 1_000, "holds 110,000 votes"),
    Person("lead", 1_000, "holds 90,000 votes; runs campaigns"),
    Person("worker", 1_000, "holds 90,000 votes; does bounties"),
    Person("stranger", 0, "holds nothing; on the blocklist of the play dollar"),
)


def key_of(index: int) -> LocalAccount:
    """The key at a place under the mnemonic; those of the five come first."""
    from eth_account import Account

    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account


class Playground:
    """The chain and what is on it.

    Args:
        folder: State, keystores, password.
        deployments: Where the address books go.
        port: Port of the chain.
    """

    def __init__(self, folder: Path, deployments: Path, port: int) -> None:
        self.folder, self.deployments, self.port = folder, deployments, port
        self.url = f"http://127.0.0.1:{port}"
        self.state, self.log = folder / "state.json", folder / "chain.log"
        self.anvil: Anvil | None = None

    # ── files ───────────────────────────────────────────────────────────────────────────────────

    def forget(self) -> None:
        """Remove the state and the deployments on it."""
        endings = ("json", "journal.json", "lock", "local.json")
        names = self.names()
        books = [self.deployments / f"{name}.{end}" for name in names for end in endings]
        for path in (self.state, self.log, *books):
            path.unlink(missing_ok=True)
        for name in names:
            shutil.rmtree(self.deployments / f"{name}.inputs", ignore_errors=True)
        # Brownie remembers contracts by chain id, and would look for them on the new chain.
        shutil.rmtree(ROOT / "build" / "deployments" / str(CHAIN_ID), ignore_errors=True)

    def names(self) -> list[str]:
        """The deployments on this chain: ours, and what was deployed besides, which scripts/deploy.py has wired."""
        ours = os.path.relpath(self.folder / "keystores", self.deployments)
        wired = []
        for file in sorted(self.deployments.glob("*.local.json")):
            with contextlib.suppress(ValueError, AttributeError):
                name = file.name.removesuffix(".local.json")
                wired += [name] if json.loads(file.read_text()).get("keystores") == ours else []
        return list(dict.fromkeys([*DEPLOYMENTS, *wired]))

    def write_files(self) -> None:
        """Write keystores, password, and where `dmo` finds them."""
        from eth_account import Account

        keystores, password = self.folder / "keystores", self.folder / "password"
        keystores.mkdir(mode=0o700, exist_ok=True)
        for index, person in enumerate(PEOPLE):
            file, key = keystores / f"{person.name}.json", key_of(index)
            if not file.exists():
                content = dict(Account.encrypt(key.key, PASSWORD, iterations=1024))
                write_text(file, json.dumps(content | {"address": str(key.address)}) + "\n")
        write_text(password, PASSWORD + "\n")
        write_text(self.folder / "port", f"{self.port}\n")
        facts = {"rpc": self.url}
        for name, path in (("keystores", keystores), ("password_file", password)):
            facts[name] = os.path.relpath(path, self.deployments)
        for name in self.names():
            write_json(self.deployments / f"{name}.local.json", facts)

    # ── the chain ───────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        """Start the chain's process; it mines nothing yet."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                raise BadInput(
                    f"something already listens on 127.0.0.1:{self.port}",
                    expected="a free port: `make play DMO_PLAY_PORT=8548`",
                )
        try:
            with self.log.open("w+b") as log:
                self.anvil = Anvil(self.port, log, {**OPTIONS, "state": self.state})
        except NetworkError as error:
            raise CheckFailed(
                f"the chain does not start; {shown(self.log)} may say why", ["`make play-reset` starts anew"]
            ) from error
        self.chain = Chain(self.anvil.rpc)

    def _ask(self, method: str, *parameters: object) -> None:
        self.chain.transport.request(method, parameters)

    def open(self) -> bool:
        """Start the chain, or go on with it; returns whether it went on.

        Raises:
            BadInput: The port is taken.
            CheckFailed: It does not start.
        """
        went_on = False
        if self.state.exists():
            self._start()
            went_on = self._is_whole()
            if not went_on:
                print("The state on disk does not hold the whole playground; it starts anew.")
                self.stop()
        if went_on:  # the clock too; a node that is started again takes the machine's
            self._ask("evm_setTime", self.chain.now() + 1)
            self.write_files()
        else:
            self.forget()
            self.write_files()
            self._start()
            self._ask("evm_setAutomine", True)
            self._build()
            self._ask("evm_setAutomine", False)
        self._ask("evm_setIntervalMining", 1)
        return went_on

    def stop(self) -> None:
        """Stop it, and wait until its state is written."""
        if self.anvil:
            self.anvil.stop()

    def _is_whole(self) -> bool:
        try:
            book = load_book(self.deployments / "play.json")
            dmo = Dmo.from_book("play", book, self.chain)
            return bool(dmo.read("CampaignEscrow", "books"))
        except DmoError:
            return False

    def _build(self) -> None:
        """Money, a DMO with its pool; then round 1 begins."""
        issuer, founder = key_of(ISSUER).address, key_of(0).address
        artifact = load_artifacts(ROOT / "build", ["Stablecoin"])["Stablecoin"]
        arguments = {"name": DOLLAR_NAME, "symbol": DOLLAR, "decimals": DOLLAR_DECIMALS}
        dollar = self._send(issuer, None, creation_input(artifact, arguments))

        def mint(to: str, amount: int) -> None:
            self._send(issuer, dollar, _raw("mint(address,uint256)", to, _units(amount)))

        for index, person in enumerate(PEOPLE):
            if person.dollars:
                mint(key_of(index).address, person.dollars)
        stranger = key_of(len(PEOPLE) - 1).address
        self._send(issuer, dollar, _raw("setBlocked(address,bool)", stranger, True))
        config = ROOT / "config" / "play.toml"
        run = DeployRun.prepare(self.chain, config, founder, ROOT, self.deployments)
        if run.plan.budget_token != dollar:
            raise CheckFailed(f"config/play.toml names another budget token than {dollar}")
        book = run.send(UnlockedSender(self.chain, founder), is_rehearsed=True)
        dmo = Dmo.from_book("play", book, self.chain)
        mint(dmo.address("Treasury"), TREASURY)
        seconds = dmo.record("IdeaBoard", "frame")["origin"] - self.chain.now()
        self._ask("evm_increaseTime", max(1, seconds))
        self._ask("evm_mine")

    def _send(self, sender: str, to: str | None, data: bytes) -> str:
        """Send a call or a creation; the address of what it created."""
        nonce = self.chain.nonce(sender)
        receipt = self.chain.wait(UnlockedSender(self.chain, sender).send(to, data, nonce))
        if not receipt.is_ok:
            raise CheckFailed(f"a transaction of {sender} failed")
        return str(receipt.contract_address)

    # ── words ───────────────────────────────────────────────────────────────────────────────────

    def told(self, went_on: bool) -> str:
        """What there is, and what to type next."""
        password, book = shown(self.folder / "password"), self.deployments / "play.json"
        pool = format_amount(_units(POOL), DOLLAR_DECIMALS, DOLLAR)
        people = "\n".join(
            f"  {person.name:<9} {key_of(index).address}  {person.part}" for index, person in enumerate(PEOPLE)
        )
        other = DEPLOYMENTS[1]
        is_there = (self.deployments / f"{other}.json").is_file()
        besides = f"; deployed here besides: {other} (DMO_DEPLOYMENT={other})" * is_there
        more = f"""
Everything is as it was{besides}."""
        if not went_on:
            more = """\
  dmo idea new my-idea.md          # a template; `dmo idea post --help` goes on
  dmo time +10m                    # do not wait for the next round
  dmo forecast list                # while a vote runs: what holders expect; all optional rooms are there

or follow the README's section “By hand”, from deploying to a paid bounty."""
        return f"""
{"Going on" if went_on else "Running"}: {self.url}, a block a second, chain id {CHAIN_ID} as \
Sepolia has, but on this machine alone.
There it is {format_time(self.chain.now())}; `dmo time` shows and moves the clock.

{people}

Each has {ETHER} play ether; the password of all five is “{PASSWORD}” ({password}).
The keys are known to everybody: never send them anything real.
The DMO “play” ({shown(book)}) has {pool} in its pool.

Type this next, in a second terminal, in this folder:

  export PATH="$PWD/bin:$PATH" DMO_DEPLOYMENT=play
  dmo status --account holder      # what can I do now?
  dmo round show                   # which round it is, and when it votes
{more}
Ctrl-C stops the chain; `make play` goes on; `make play-reset` starts anew."""


def _units(dollars: int) -> int:
    return int(dollars * 10**DOLLAR_DECIMALS)


def _raw(signature: str, *arguments: object) -> bytes:
    """A call of the play dollar, whose ABI the package does not hold."""
    kinds = signature[signature.index("(") + 1 : -1].split(",")
    return keccak(signature.encode())[:4] + encode(kinds, arguments)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; two chains must not share a state."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadInput(
                f"a playground is running already in {shown(folder)}",
                expected="to use it, or to stop it with Ctrl-C where it runs",
            ) from error
        yield


def _stop_asked(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _port(environment: Mapping[str, str], name: str, usual: int, least: int = 1024) -> int:
    """A port that a setting names. Raises BadInput: it is none."""
    port = environment.get(name) or str(usual)
    if not port.isdigit() or not (least == int(port) or 1024 <= int(port) <= 65535):
        raise BadInput(f"{port!r} is no port", expected="1024 to 65535", field=name)
    return int(port)


def _run(is_fresh: bool) -> int:
    environment = os.environ
    folder = Path(environment.get("DMO_PLAY_HOME") or ROOT / "build" / "play").resolve()
    deployments = Path(environment.get("DMO_DEPLOYMENTS") or ROOT / "deployments").resolve()
    playground = Playground(folder, deployments, _port(environment, "DMO_PLAY_PORT", DEFAULT_PORT))
    with _alone(folder):
        if is_fresh:
            playground.forget()
        page: Page | None = None
        try:
            went_on = playground.open()
            page = Page(folder, deployments / "play.json", _port(environment, "DMO_PLAY_WEB_PORT", WEB_PORT, 0))
            print(f"{playground.told(went_on)}\n\n{page.told()}", flush=True)
            code = playground.anvil.process.wait() if playground.anvil else 1
            print(f"The chain ended by itself ({code}).", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nStopping; the state is being written.", flush=True)
            return 0
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if page:
                page.stop()
            playground.stop()


def main() -> int:
    """Run the playground until it is stopped; returns the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_asked)
    try:
        return _run("--fresh" in sys.argv[1:])
    except DmoError as error:
        lines = [error.message, *getattr(error, "differences", ()), error.hint]
        print("play: " + "\n      ".join(line for line in lines if line), file=sys.stderr)
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main())
