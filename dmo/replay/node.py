"""A local chain of our own, which ends with this process however that ends, and is fed in batches.

Nothing is signed: the chain acts for any account that it is told to. It takes the requests of a batch in any order, so
falling gas prices keep the transactions in theirs; what a ballot costs can depend on those before it. Old blocks are
dropped, so memory does not grow with their number.
"""

import contextlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.clone import clone
from dmo.core.errors import CheckFailed, DmoError, NetworkError, NodeError
from dmo.core.rpc import HttpTransport, Request

ROOT = Path(__file__).resolve().parents[2]
"""The checkout, where build/ and tools/ are."""
_PORTS = range(20_000, 32_000)
"""Systems take none of these for connections."""
START_SECONDS = 120.0
STOP_SECONDS = 60.0

Order = dict[str, str]
"""A transaction as the chain takes it: ``from``, ``data``, and ``to`` but for a deployment."""
TX_GAS = 30_000_000
BLOCK_TXS = 500
BALANCE = 10**21
_OPTIONS = {
    **dict.fromkeys(("no-mining", "auto-impersonate", "quiet", "prune-history"), True),
    **dict.fromkeys(("disable-min-priority-fee", "disable-default-create2-deployer"), True),
    "chain-id": 31337,
    "accounts": 1,
    "gas-limit": 10**12,
    "base-fee": 0,
    "order": "fees",
    "transaction-block-keeper": 4,
}


_promised: list[socket.socket] = []


def free_port() -> int:
    """A port of this machine that nobody listens on, and that no connection is given before the chain takes it."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            promise(port)
            return port


def promise(port: int) -> None:
    """Keep a port for this process until it ends, so that no other of ours is given it before a chain listens there.

    Raises:
        OSError: Another one has it.
    """
    if sys.platform == "linux":
        mark = socket.socket(socket.AF_UNIX)
        mark.bind(f"\0dmo-port-{port}")
        _promised.append(mark)


class Anvil:
    """A chain that listens on this machine alone.

    Args:
        port: Where it listens.
        log: A file for its words, to be written and read.
        options: Options of anvil by name; True for those without a value.

    Raises:
        NetworkError: It does not start; in its own words.
    """

    def __init__(self, port: int, log: IO[bytes], options: Mapping[str, object]) -> None:
        command = [*_anvil(), "--hardfork", "cancun"]
        for name, value in {"port": port, **options}.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        # Ctrl-C in a terminal does not reach it.
        self.process = subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        self.rpc = HttpTransport(f"http://127.0.0.1:{port}", timeout=600)
        until = time.monotonic() + START_SECONDS
        try:
            while self.process.poll() is None and time.monotonic() < until:
                with contextlib.suppress(NetworkError):
                    self.rpc.request("eth_chainId", [])
                    return
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise
        self.stop()
        log.seek(0)
        said = log.read(2000).decode("utf-8", "replace").strip()
        raise words.stopped(NetworkError, "replay_no_start", why=said or "no reason given")

    def stop(self) -> None:
        """End it, once its state is written; more than once does no harm."""
        self.rpc.close()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _anvil() -> list[str]:
    """The clone's own chain, else the one that is installed here. Raises BadInput: there is none."""
    if (root := clone()) is not None:
        return [sys.executable, str(root / "tools" / "bin" / "anvil")]
    found = shutil.which("anvil")
    if found is None:
        raise words.bad("no_anvil")
    return [found]


class LocalChain:
    """A chain for one run."""

    def __init__(self, anvil: Anvil, timestamp: int) -> None:
        self.anvil = anvil
        self.now = timestamp  # time of its last block, Unix seconds
        self.nonces: Counter[str] = Counter()  # how much an account has sent here
        self.reader = Chain(anvil.rpc)

    def send(self, orders: Iterable[Order], at: int | None = None) -> Iterator[tuple[int, int]]:
        """Mine all in the order given, taken as they are needed, in blocks a second apart from ``at`` on.

        Yields:
            How many a block holds, and the gas they used.

        Raises:
            Refused: A contract refused one.
        """
        source = iter(orders)
        while part := list(islice(source, BLOCK_TXS)):
            receipts = self.mine(part, at)
            yield len(receipts), sum(int(receipt["gasUsed"], 16) for receipt in receipts)

    def mine(self, orders: Sequence[Order], at: int | None = None) -> list[Any]:
        """Mine one block of exactly these; their receipts."""
        rpc = self.anvil.rpc
        fresh = {order["from"] for order in orders} - self.nonces.keys()
        self._batch([("anvil_setBalance", [sender, hex(BALANCE)]) for sender in sorted(fresh)])
        requests: list[Request] = []
        for price, order in zip(range(len(orders), 0, -1), orders, strict=True):
            nonce = self.nonces[order["from"]]
            rank = {"gas": hex(TX_GAS), "gasPrice": hex(price), "nonce": hex(nonce)}
            requests.append(("eth_sendTransaction", [order | rank]))
            self.nonces[order["from"]] += 1
        hashes = self._batch(requests)
        self.now = max(self.now + 1, at or 0)
        rpc.request("evm_setNextBlockTimestamp", [self.now])
        rpc.request("evm_mine", [])
        receipts: list[Any] = rpc.request("eth_getBlockReceipts", ["latest"])
        if [receipt["transactionHash"] for receipt in receipts] != hashes:
            raise words.stopped(CheckFailed, "replay_order")
        for order, receipt in zip(orders, receipts, strict=True):
            if int(receipt["status"], 16) != 1:
                raise self._why(order)
        return receipts

    def _batch(self, requests: Sequence[Request]) -> list[Any]:
        answers = self.anvil.rpc.batch(requests)
        for error in (answer for answer in answers if isinstance(answer, NodeError)):
            raise error
        return answers

    def _why(self, order: Order) -> DmoError:
        try:
            self.anvil.rpc.request("eth_call", [order, "latest"])
        except NodeError as error:
            return self.reader.refusal(error)
        return words.stopped(CheckFailed, "replay_no_reason")


@contextlib.contextmanager
def local_chain(timestamp: int) -> Iterator[LocalChain]:
    """A chain that mines when told to, acts for any account, and forgets old blocks; begins at a Unix time."""
    with tempfile.TemporaryFile() as log:
        anvil = start(timestamp, log, _OPTIONS)
        try:
            yield LocalChain(anvil, timestamp)
        finally:
            anvil.stop()


def start(timestamp: int, log: IO[bytes], options: Mapping[str, object]) -> Anvil:
    """A chain of our own, begun at a Unix time. Raises NetworkError: none starts."""
    error = words.stopped(NetworkError, "replay_other_chain")
    for _ in range(3):  # somebody may take the port in between
        try:
            anvil = Anvil(free_port(), log, {**options, "timestamp": timestamp})
        except NetworkError as failed:
            error = failed
            continue
        head = Chain(anvil.rpc).block()
        if (head.number, head.timestamp) == (0, timestamp):
            return anvil
        anvil.stop()
    raise error
