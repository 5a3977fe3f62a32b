"""A playground: `make play`. A chain that stays up and behaves like a test network, and a DMO.

It has a public test network's id, a block a second, a base fee, and its state on disk: stopped with
Ctrl-C and started again, it goes on where it was, its clock too. Five accounts hold play money; a
DMO with short windows is deployed and its pool filled. `dmo` finds all this by itself.

    make play [DMO_PLAY_PORT=8547]      start, or go on
    make play-reset                     start anew

Folders of its own for tests: DMO_PLAY_HOME (build/play), DMO_DEPLOYMENTS (deployments).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call, make_call
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError
from dmo.core.files import write_json, write_text
from dmo.core.units import format_amount, format_time
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import Dmo, load_book

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

ROOT = Path(__file__).resolve().parents[1]
CHAIN_ID = 11155111
DEFAULT_PORT = 8547
BASE_FEE = 10**9  # wei per gas
STATE_SECONDS = 60  # the state is written this often, and when the chain is stopped
ETHER = 100  # play ether of each account

# The best known keys there are: nothing but play money may ever lie on them.
MNEMONIC = "test test test test test test test test test test test junk"
PASSWORD = "play"
ISSUER = 5  # the play stablecoin's owner; has no keystore
DOLLAR, DOLLAR_NAME, DOLLAR_DECIMALS = "PLAY", "Play Dollar", 6
POOL, TREASURY = 30_000, 20_000  # play dollars

DEPLOYMENTS = ("play", "walkthrough")

TOLD = """
{state}: {url}, a block a second, chain id {chain_id} as Sepolia has, but on this machine alone.
There it is {now}; `dmo time` shows and moves the clock.

{people}

Each has {ether} play ether; the password of all five is “{password}” ({file}).
The keys are known to everybody: never send them anything real.
The DMO “play” ({book}) has {pool} in its pool.

Type this next, in a second terminal, in this folder:

  export PATH="$PWD/bin:$PATH" DMO_DEPLOYMENT=play
  dmo status --account holder      # what can I do now?
  dmo round show                   # which round it is, and when it votes
{next}
Ctrl-C stops the chain; `make play` goes on; `make play-reset` starts anew."""
FIRST_STEPS = """  dmo idea new my-idea.md          # a template; `dmo idea post --help` goes on
  dmo time +10m                    # do not wait for the next round

or follow the README's section “By hand”, from deploying to a paid bounty."""


@dataclass(frozen=True)
class Person:
    """One of the five.

    Attributes:
        name: Its keystore.
        index: Its place under the mnemonic.
        dollars: Play dollars to begin with, in whole ones.
        part: What it is there for.
    """

    name: str
    index: int
    dollars: int
    part: str


PEOPLE = (
    Person("founder", 0, 100_000, "deploys; holds 110,000 votes; is the guardian"),
    Person("holder", 1, 1_000, "holds 110,000 votes"),
    Person("lead", 2, 1_000, "holds 90,000 votes; runs campaigns"),
    Person("worker", 3, 1_000, "holds 90,000 votes; does bounties"),
    Person("stranger", 4, 0, "holds nothing; on the blocklist of the play dollar"),
)


def key_of(index: int) -> LocalAccount:
    """The key at a place under the mnemonic."""
    from eth_account import Account

    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account


class Node:
    """The chain's process.

    Args:
        folder: Where its state is.
        port: Where it listens, on this machine alone.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def state(self) -> Path:
        """The state's file."""
        return self.folder / "state.json"

    @cached_property
    def chain(self) -> Chain:
        """The chain, connected."""
        return Chain.connect(self.url, CHAIN_ID)

    def start(self) -> None:
        """Start the process; it mines nothing yet.

        Raises:
            BadInput: The port is taken.
            CheckFailed: It does not start.
        """
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                raise BadInput(
                    f"something already listens on 127.0.0.1:{self.port}",
                    expected="a free port: `make play DMO_PLAY_PORT=8548`",
                )
        options = {
            "port": self.port,
            "chain-id": CHAIN_ID,
            "block-base-fee-per-gas": BASE_FEE,
            "mnemonic": MNEMONIC,
            "balance": ETHER,
            "hardfork": "cancun",
            "state": self.state,
            "state-interval": STATE_SECONDS,
            "prune-history": 256,
        }
        given = [part for key, value in options.items() for part in (f"--{key}", str(value))]
        # In a session of its own, so that Ctrl-C reaches it only through `stop`, once.
        with (self.folder / "chain.log").open("wb") as log:
            self.process = subprocess.Popen(
                [str(ROOT / "tools" / "bin" / "anvil"), *given, "--no-mining", "--silent"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(300):
            with contextlib.suppress(NetworkError):
                if self.chain.chain_id == CHAIN_ID:
                    return
            self.__dict__.pop("chain", None)
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.stop()
        raise CheckFailed(
            f"the chain does not start; {_shown(self.folder / 'chain.log')} may say why",
            ["`make play-reset` starts anew"],
        )

    def request(self, method: str, *parameters: Any) -> Any:
        """Ask the node."""
        return self.chain.transport.request(method, parameters)

    def mine_at_once(self) -> None:
        """A block per transaction, while the playground is built."""
        self.request("evm_setAutomine", True)

    def mine_every_second(self) -> None:
        """A block per second, as long as the chain runs."""
        self.request("evm_setAutomine", False)
        self.request("evm_setIntervalMining", 1)

    def go_on(self) -> None:
        """Let the clock go on where it stood; a node that is started again takes the machine's."""
        self.request("evm_setTime", self.chain.now() + 1)

    def pass_seconds(self, seconds: int) -> None:
        """Move the clock on."""
        self.request("evm_increaseTime", seconds)
        self.request("evm_mine")

    def stop(self) -> None:
        """Stop the process and wait until its state is written."""
        process, self.process = self.process, None
        self.__dict__.pop("chain", None)
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Playground:
    """The chain and what is on it.

    Args:
        folder: State, keystores, password.
        deployments: Where the address books go.
        port: Port of the chain.
    """

    def __init__(self, folder: Path, deployments: Path, port: int) -> None:
        self.folder = folder
        self.deployments = deployments
        self.node = Node(folder, port)

    # ── files ───────────────────────────────────────────────────────────────────────────────────

    def forget(self) -> None:
        """Remove the state and the deployments on it."""
        for path in (self.node.state, self.folder / "chain.log"):
            path.unlink(missing_ok=True)
        for name in DEPLOYMENTS:
            for ending in ("json", "journal.json", "local.json"):
                (self.deployments / f"{name}.{ending}").unlink(missing_ok=True)
        # Brownie remembers contracts by chain id, and would look for them on the new chain.
        shutil.rmtree(ROOT / "build" / "deployments" / str(CHAIN_ID), ignore_errors=True)

    def write_files(self) -> None:
        """Write keystores, password, and where `dmo` finds them."""
        from eth_account import Account

        keystores = self.folder / "keystores"
        keystores.mkdir(mode=0o700, exist_ok=True)
        for person in PEOPLE:
            file = keystores / f"{person.name}.json"
            if file.exists():
                continue
            key = key_of(person.index)
            content = dict(Account.encrypt(key.key, PASSWORD, iterations=1024))
            content["address"] = str(key.address)
            write_json(file, content)
        write_text(self.folder / "password", PASSWORD + "\n")
        write_text(self.folder / "port", f"{self.node.port}\n")
        self.deployments.mkdir(parents=True, exist_ok=True)

        def near(path: Path) -> str:
            return os.path.relpath(path, self.deployments)

        facts = {
            "rpc": self.node.url,
            "keystores": near(keystores),
            "password_file": near(self.folder / "password"),
        }
        for name in DEPLOYMENTS:
            write_json(self.deployments / f"{name}.local.json", facts)

    # ── the chain ───────────────────────────────────────────────────────────────────────────────

    def open(self) -> bool:
        """Start the chain, or go on with it; returns whether it went on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.node.state.exists():
            self.node.start()
            if self._is_whole():
                self.node.go_on()
                self.write_files()
                self.node.mine_every_second()
                return True
            print("The state on disk does not hold the whole playground; it starts anew.")
            self.node.stop()
        self.forget()
        self.write_files()
        self.node.start()
        self.node.mine_at_once()
        self._build()
        self.node.mine_every_second()
        return False

    def _is_whole(self) -> bool:
        try:
            book = load_book(self.deployments / "play.json")
            dmo = Dmo.from_book("play", book, self.node.chain)
            return bool(dmo.read("CampaignEscrow", "books"))
        except DmoError:
            return False

    def _build(self) -> None:
        """Money, a DMO, a pool that is filled; then round 1 begins."""
        chain = self.node.chain
        issuer, founder = key_of(ISSUER).address, key_of(0).address
        dollar = self._dollar(issuer)
        run = DeployRun.prepare(
            chain, ROOT / "config" / "play.toml", founder, ROOT, self.deployments
        )
        if run.plan.budget_token != dollar:
            raise CheckFailed(f"config/play.toml names another budget token than {dollar}")
        book = run.send(UnlockedSender(chain, founder))
        dmo = Dmo.from_book("play", book, chain)
        pool = POOL * 10**DOLLAR_DECIMALS
        escrow, treasury = dmo.address("CampaignEscrow"), dmo.address("TimelockController")
        self._send(founder, make_call("ERC20", dollar, "approve", [escrow, pool], "Approve"))
        self._send(founder, make_call("CampaignEscrow", escrow, "deposit", [pool], "Deposit"))
        self._mint(dollar, treasury, TREASURY)
        self.node.pass_seconds(max(1, dmo.record("IdeaBoard", "frame")["origin"] - chain.now()))

    def _dollar(self, issuer: str) -> str:
        """Deploy the play stablecoin and hand it out."""
        chain = self.node.chain
        artifact = load_artifacts(ROOT / "build", ["Stablecoin"])["Stablecoin"]
        arguments = {"name": DOLLAR_NAME, "symbol": DOLLAR, "decimals": DOLLAR_DECIMALS}
        code = creation_input(artifact, arguments)
        tx = UnlockedSender(chain, issuer).send(None, code, chain.nonce(issuer))
        dollar = str(chain.wait(tx).contract_address)
        for person in PEOPLE:
            if person.dollars:
                self._mint(dollar, key_of(person.index).address, person.dollars)
        self._tell(dollar, "setBlocked", "address,bool", key_of(PEOPLE[-1].index).address, True)
        return dollar

    def _mint(self, dollar: str, to: str, amount: int) -> None:
        self._tell(dollar, "mint", "address,uint256", to, amount * 10**DOLLAR_DECIMALS)

    def _tell(self, dollar: str, function: str, kinds: str, *arguments: object) -> None:
        """What its owner does with the play dollar, which the package has no ABI of."""
        selector = keccak(f"{function}({kinds})".encode())[:4]
        data = selector + encode(kinds.split(","), arguments)
        self._send(key_of(ISSUER).address, Call(dollar, data, 0, function))

    def _send(self, sender: str, call: Call) -> None:
        chain = self.node.chain
        tx = UnlockedSender(chain, sender).send(call.to, call.data, chain.nonce(sender))
        if not chain.wait(tx).is_ok:
            raise CheckFailed(f"{call.description} failed")

    def told(self, went_on: bool) -> str:
        """What there is, and what to type next."""
        others = [name for name in DEPLOYMENTS[1:] if (self.deployments / f"{name}.json").is_file()]
        kept = (
            f"; deployed here besides: {', '.join(others)} (DMO_DEPLOYMENT={others[0]})."
            if others
            else "."
        )
        return TOLD.format(
            state="Going on" if went_on else "Running",
            url=self.node.url,
            chain_id=CHAIN_ID,
            now=format_time(self.node.chain.now()),
            people="\n".join(
                f"  {one.name:<9} {key_of(one.index).address}  {one.part}" for one in PEOPLE
            ),
            ether=ETHER,
            password=PASSWORD,
            file=_shown(self.folder / "password"),
            book=_shown(self.deployments / "play.json"),
            pool=format_amount(POOL * 10**DOLLAR_DECIMALS, DOLLAR_DECIMALS, DOLLAR),
            next=f"\nEverything is as it was{kept}" if went_on else FIRST_STEPS,
        )


def _shown(path: Path) -> str:
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; two chains must not share a state."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadInput(
                f"a playground is running already in {_shown(folder)}",
                expected="to use it, or to stop it with Ctrl-C where it runs",
            ) from error
        yield


def _stop_asked(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> int:
    environment = os.environ
    folder = Path(environment.get("DMO_PLAY_HOME") or ROOT / "build" / "play").resolve()
    deployments = Path(environment.get("DMO_DEPLOYMENTS") or ROOT / "deployments").resolve()
    port = environment.get("DMO_PLAY_PORT") or str(DEFAULT_PORT)
    if not port.isdigit() or not 1024 <= int(port) <= 65535:
        raise BadInput(f"{port!r} is no port", expected="1024 to 65535", field="DMO_PLAY_PORT")
    playground = Playground(folder, deployments, int(port))
    with _alone(folder):
        if "--fresh" in arguments:
            playground.forget()
        try:
            went_on = playground.open()
            print(playground.told(went_on), flush=True)
            process = playground.node.process
            code = process.wait() if process else 1
            print(f"The chain ended by itself ({code}).", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nStopping; the state is being written.", flush=True)
            return 0
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            playground.node.stop()


def main() -> None:
    """Run the playground until it is stopped."""
    signal.signal(signal.SIGINT, _stop_asked)
    signal.signal(signal.SIGTERM, _stop_asked)
    signal.signal(signal.SIGHUP, _stop_asked)
    try:
        sys.exit(_run(sys.argv[1:]))
    except DmoError as error:
        print(f"play: {error.message}", file=sys.stderr)
        for line in [*getattr(error, "differences", ()), error.hint]:
            if line:
                print(f"      {line}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
