"""A local chain of our own: started on a free port, fed in batches, gone at the end.

Nothing is signed: the chain acts for any account that it is told to. Gas costs nothing, so nobody
needs a balance. Old blocks are dropped, so memory does not grow with their number.
"""

from __future__ import annotations

import atexit
import contextlib
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any

from dmo import abi
from dmo.errors import CheckFailed, DmoError, NetworkError, NodeError, Refused
from dmo.replay.artifacts import CHECKOUT, Artifact
from dmo.rpc import HttpTransport

__all__ = ["LocalChain", "Mined", "Sending"]

TX_GAS = 30_000_000
BLOCK_TXS = 500
BLOCK_GAS = 10**12
KEEP_BLOCKS = 4
START_SECONDS = 30.0
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Sending:
    """A transaction to send; ``to`` is empty for a deployment."""

    sender: str
    to: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mined:
    """What became of it: gas used, and the address of a deployed contract."""

    gas_used: int
    contract: str | None


def _command() -> list[str]:
    wrapper = CHECKOUT / "tools" / "bin" / "anvil"
    system = _SYSTEMS.get(platform.system(), "")
    machine = _MACHINES.get(platform.machine(), "")
    package = CHECKOUT / "node_modules" / "@foundry-rs" / f"anvil-{system}-{machine}"
    if wrapper.is_file() and (package / "bin" / "anvil").is_file():
        return [sys.executable, str(wrapper)]  # ends with this process, however that ends
    found = shutil.which("anvil")
    if found is None:
        raise DmoError("There is no local chain (anvil).", hint="Run `make setup`.")
    return [found]


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LocalChain:
    """A chain for one run, to be used in a ``with`` statement.

    Args:
        timestamp: Time of its first block, Unix seconds.
    """

    def __init__(self, timestamp: int) -> None:
        self.now = timestamp
        self.pid = 0
        self._nonces: Counter[str] = Counter()
        self._process: subprocess.Popen[bytes] | None = None
        self._rpc = HttpTransport("http://127.0.0.1:1")

    def __enter__(self) -> LocalChain:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self) -> None:
        port = _free_port()
        options = {
            "port": port,
            "host": "127.0.0.1",
            "timestamp": self.now,
            "hardfork": "cancun",
            "chain-id": 31337,
            "accounts": 1,
            "gas-limit": BLOCK_GAS,
            "base-fee": 0,
            "gas-price": 0,
            "order": "fifo",
            "prune-history": KEEP_BLOCKS,
            "transaction-block-keeper": KEEP_BLOCKS,
        }
        flags = ["no-mining", "auto-impersonate", "quiet", "disable-min-priority-fee"]
        command = _command() + [f"--{flag}" for flag in flags]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        self._process = subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )
        self.pid = self._process.pid
        atexit.register(self.stop)
        self._rpc = HttpTransport(f"http://127.0.0.1:{port}", timeout=600)
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None  # noqa: S101 - _start has just set it
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                self._errors.seek(0)
                text = self._errors.read(2000).decode("utf-8", "replace").strip()
                raise NetworkError(f"The local chain did not start: {text or 'no reason given'}")
            with contextlib.suppress(NetworkError):
                block = self._rpc.request("eth_getBlockByNumber", ["latest", False])
                if int(block["number"], 16) == 0 and int(block["timestamp"], 16) == self.now:
                    return
                raise DmoError("Another chain answers on the local chain's port.")
            time.sleep(0.05)
        raise NetworkError(f"The local chain did not start within {START_SECONDS:.0f} seconds.")

    def stop(self) -> None:
        """End the chain; more than once does no harm."""
        process, self._process = self._process, None
        atexit.unregister(self.stop)
        self._rpc.close()
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._errors.close()

    # ── reading ─────────────────────────────────────────────────────────────────────────────────

    def read(
        self, contract: Artifact, address: str, calls: Sequence[tuple[str, tuple[Any, ...]]]
    ) -> list[tuple[Any, ...]]:
        """Call views: names of functions and their arguments.

        Raises:
            Refused: The contract refused one.
        """
        requests: list[tuple[str, list[Any]]] = []
        for function, arguments in calls:
            data = "0x" + contract.call(function, *arguments).hex()
            requests.append(("eth_call", [{"to": address, "data": data}, "latest"]))
        values = []
        for (function, _), answer in zip(calls, self._rpc.batch(requests), strict=True):
            if isinstance(answer, NodeError):
                raise _refusal(answer)
            values.append(contract.result(function, bytes.fromhex(answer[2:])))
        return values

    # ── writing ─────────────────────────────────────────────────────────────────────────────────

    def deploy(self, sender: str, contract: Artifact, *arguments: Any) -> str:
        """Deploy a contract; its address."""
        [[mined]] = self.send([Sending(sender, "", contract.deployment(*arguments))])
        if mined.contract is None:
            raise CheckFailed(f"{contract.name} was not deployed.")
        return mined.contract

    def act(self, sender: str, to: str, *calls: bytes) -> None:
        """Send calls from one account to one contract."""
        for _ in self.send(Sending(sender, to, call) for call in calls):
            pass

    def send(self, sendings: Iterable[Sending], at: int | None = None) -> Iterator[list[Mined]]:
        """Mine all in the order given, in blocks a second apart; yields a block's at a time.

        Args:
            sendings: The transactions; taken as they are needed.
            at: Earliest time of the first block, Unix seconds.

        Raises:
            Refused: A contract refused one.
        """
        source = iter(sendings)
        while part := list(islice(source, BLOCK_TXS)):
            yield self._block(part, at)

    def _block(self, sendings: Sequence[Sending], at: int | None) -> list[Mined]:
        requests: list[tuple[str, list[Any]]] = []
        for sending in sendings:
            tx = {
                "from": sending.sender,
                "data": "0x" + sending.data.hex(),
                "gas": hex(TX_GAS),
                "gasPrice": "0x0",
                "nonce": hex(self._nonces[sending.sender]),
            }
            if sending.to:
                tx["to"] = sending.to
            self._nonces[sending.sender] += 1
            requests.append(("eth_sendTransaction", [tx]))
        hashes = self._rpc.batch(requests)
        for answer in hashes:
            if isinstance(answer, NodeError):
                raise answer
        self.now = max(self.now + 1, at or 0)
        self._rpc.request("evm_setNextBlockTimestamp", [self.now])
        self._rpc.request("evm_mine", [])
        receipts = self._rpc.request("eth_getBlockReceipts", ["latest"])
        found = {receipt["transactionHash"]: receipt for receipt in receipts}
        if [receipt["transactionHash"] for receipt in receipts] != hashes:
            raise CheckFailed("The local chain did not mine the transactions in the order given.")
        mined = []
        for sending, tx_hash in zip(sendings, hashes, strict=True):
            receipt = found[tx_hash]
            if int(receipt["status"], 16) != 1:
                raise self._why(sending)
            mined.append(Mined(int(receipt["gasUsed"], 16), receipt["contractAddress"]))
        return mined

    def _why(self, sending: Sending) -> DmoError:
        call = {"from": sending.sender, "data": "0x" + sending.data.hex()}
        if sending.to:
            call["to"] = sending.to
        try:
            self._rpc.request("eth_call", [call, "latest"])
        except NodeError as error:
            return _refusal(error)
        return CheckFailed("A transaction failed for a reason that is gone.")


def _refusal(error: NodeError) -> DmoError:
    if error.data is None:
        return error
    return Refused(*abi.decode_revert(error.data), data=error.data)
