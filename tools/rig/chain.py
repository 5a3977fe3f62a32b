"""A chain that behaves like a live one and stands still between two orders.

Blocks come when the rig says so, and say the time that the rig chooses, so nothing depends on the machine's clock. The
pool is the rig's: it takes replacements as geth does (a tenth more of fee and tip), keeps what a block cannot afford,
and knows what becomes of transactions whose block is gone. The node forgets old states; killed, it comes back from the
state it last wrote, and lives through what came since once more.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.typed_transactions import TypedTransaction
from hexbytes import HexBytes

from dmo.core.abi.codec import checksum, keccak
from dmo.core.errors import NetworkError, NodeError
from dmo.core.rpc import Request
from dmo.replay.node import Anvil, free_port

CHAIN_ID = 424_242
"""Nobody's: a chain that is no development chain, on which keepers wait for what is final."""
SECONDS = 12
"""Between two blocks."""
GWEI = 10**9
BUMP_PERCENT = 10
"""By so much a replacement has to pay more, fee and tip both."""
KNOWN_STATES = 72
OPTIONS: Mapping[str, object] = {
    "chain-id": CHAIN_ID,
    "accounts": 10,
    "gas-limit": 60_000_000,
    "no-mining": True,
    "silent": True,
    "block-base-fee-per-gas": GWEI,
    "timestamp": 1_950_000_000,  # far from the machine's clock
    "prune-history": KNOWN_STATES,
}
Fate = Callable[["Waiting"], str]
"""What becomes of a transaction whose block is gone: it is in the "same" block of the new branch, back in the "pool",
broadcast again "late", or "lost"."""


@dataclass(frozen=True)
class Waiting:
    """A transaction of the pool; fees in wei per gas."""

    sender: str
    nonce: int
    tx: str
    raw: str
    fee: int
    tip: int
    cost: int
    to: str
    data: bytes

    @classmethod
    def of(cls, raw: str) -> Waiting:
        """Read what was signed (EIP-1559)."""
        told = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        fee, tip = int(told["maxFeePerGas"]), int(told["maxPriorityFeePerGas"])
        cost = int(told["gas"]) * fee + int(told["value"])
        sender, tx = checksum(Account.recover_transaction(raw)), "0x" + keccak(bytes.fromhex(raw[2:])).hex()
        to, data = checksum("0x" + bytes(told["to"]).hex()), bytes(told["data"])
        return cls(sender, int(told["nonce"]), tx, raw, fee, tip, cost, to, data)

    def outbids(self, other: Waiting) -> bool:
        """Whether nodes would take it for the other."""
        return all(
            100 * mine >= (100 + BUMP_PERCENT) * its for mine, its in ((self.fee, other.fee), (self.tip, other.tip))
        )


@dataclass(frozen=True)
class Mined:
    """A block that was mined: when, and what it holds."""

    number: int
    time: int
    waiting: tuple[Waiting, ...]


class LiveChain:
    """The node, its pool and its clock.

    Args:
        folder: For its state and its words.
        state: A state to begin with (as ``save`` writes it), or None.
        options: Further options of anvil.
    """

    def __init__(self, folder: Path, state: Path | None = None, options: Mapping[str, object] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.state, self._log = folder / "state.json", folder / "chain.log"
        self._options, self.port = {**OPTIONS, **(options or {})}, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.pool: dict[tuple[str, int], Waiting] = {}
        self.late: list[tuple[int, Waiting]] = []
        self.mined: list[Mined] = []
        self.base_fee = GWEI
        self.anvil: Anvil | None = None
        if state is not None:
            self.state.write_bytes(state.read_bytes())
        self._start()
        self.saved: int | None = None
        self._bottom = 0
        self.floor = self.number
        """Blocks up to here stay: the world's own acts are in them."""

    def settle(self, room: int) -> None:
        """From now on everything counts; the last so many blocks are room for reorganisations."""
        self._look()
        self.mined = [Mined(one, self._time_of(one), ()) for one in range(self.number - room + 1, self.number + 1)]
        self.floor = self.number - room
        self.ask("anvil_setNextBlockBaseFeePerGas", hex(self.base_fee))

    def now(self) -> int:
        """The clock of its latest block, Unix seconds."""
        return self._time_of("latest")

    def _time_of(self, block: int | str) -> int:
        tag = hex(block) if isinstance(block, int) else block
        return int(self.ask("eth_getBlockByNumber", tag, False)["timestamp"], 16)

    # ── the node ────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        options = {**self._options, **({"load-state": self.state} if self.state.exists() else {})}
        with socket.socket() as probe:  # a killed one's connections linger
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))
        with self._log.open("w+b") as log:
            self.anvil = Anvil(self.port, log, options)
        self._look()

    def ask(self, method: str, *parameters: Any) -> Any:
        """Ask the node itself."""
        if self.anvil is None:
            raise NetworkError("the node is gone")
        return self.anvil.rpc.request(method, parameters)

    def answers(self, requests: list[Request]) -> list[Any]:
        """Ask much at once; refusals stand in their places."""
        if self.anvil is None:
            raise NetworkError("the node is gone")
        return self.anvil.rpc.batch(requests)

    def _look(self) -> None:
        head = self.ask("eth_getBlockByNumber", "latest", False)
        self.number, self.time, self.hash = int(head["number"], 16), int(head["timestamp"], 16), str(head["hash"])

    def save(self) -> None:
        """Write the state to disk: what a killed node comes back with."""
        self.state.write_bytes(gzip.decompress(bytes.fromhex(self.ask("anvil_dumpState", True)[2:])))
        self.saved = self.number

    def kill(self) -> None:
        """End the node by the hardest of signals; the next question finds nobody."""
        if self.anvil is not None:
            self.anvil.process.kill()
            self.anvil.stop()
            self.anvil = None

    def restart(self, fate: Fate = lambda _: "same") -> None:
        """Start the node again from its state, and let it catch up: with blocks of other hashes."""
        saved = self.saved or 0
        since = [one for one in self.mined if one.number > saved]
        waiting = list(self.pool.values())
        self._start()
        self._bottom = saved  # of states before the one it began with it knows the numbers, and not the code
        self.pool.clear()
        self.mined = [one for one in self.mined if one.number <= saved]
        self._regrow(since, fate)
        for one in waiting:
            self._put_back(one)

    def stop(self) -> None:
        """End it."""
        if self.anvil is not None:
            self.anvil.stop()
            self.anvil = None

    # ── the pool ────────────────────────────────────────────────────────────────────────────────

    def nonce(self, account: str, tag: str = "latest") -> int:
        """The account's next nonce."""
        return int(self.ask("eth_getTransactionCount", account, tag), 16)

    def waiting_nonce(self, account: str) -> int:
        """The next nonce behind all that waits, as nodes tell of ``pending``."""
        nonce = self.nonce(account)
        while (account, nonce) in self.pool:
            nonce += 1
        return nonce

    def send(self, raw: str) -> str:
        """Take a signed transaction; its hash. Raises NodeError in the words of geth."""
        one = Waiting.of(raw)
        there = self.pool.get((one.sender, one.nonce))
        nonce = self.nonce(one.sender)
        if there is not None and there.tx == one.tx:
            raise _refused("already known")
        if one.nonce < nonce:
            raise _refused(f"nonce too low: next nonce {nonce}, tx nonce {one.nonce}")
        if there is not None and not one.outbids(there):
            raise _refused("replacement transaction underpriced")
        if int(self.ask("eth_getBalance", one.sender, "latest"), 16) < one.cost:
            raise _refused("insufficient funds for gas * price + value")
        self.pool[(one.sender, one.nonce)] = one
        self._hand_on(one)
        return one.tx

    def _hand_on(self, one: Waiting) -> None:
        """Show it to the node, which throws away what a block cannot afford; the pool keeps it."""
        if one.fee >= self.base_fee:
            try:
                self.ask("eth_sendRawTransaction", one.raw)
            except NodeError as error:
                if "already" not in error.reason and "nonce" not in error.reason:
                    raise

    def empty_pool(self) -> int:
        """Lose what waits; how much it was."""
        count = len(self.pool)
        self.pool.clear()
        self.ask("anvil_dropAllTransactions")
        return count

    def _put_back(self, one: Waiting) -> None:
        there = self.pool.get((one.sender, one.nonce))
        if one.nonce >= self.nonce(one.sender) and (there is None or one.outbids(there)):
            self.pool[(one.sender, one.nonce)] = one

    # ── blocks ──────────────────────────────────────────────────────────────────────────────────

    def mine(self, seconds: int = SECONDS, base_fee: int | None = None, *, is_full: bool = False) -> Mined:
        """Mine the next block; a full one has no room for the pool, and the fee (wei per gas) is the next block's."""
        ready = [one for when, one in self.late if when <= self.number]
        self.late = [(when, one) for when, one in self.late if when > self.number]
        for one in ready:
            self._put_back(one)
        return self._mine(self.time + seconds, base_fee, is_full=is_full)

    def _mine(self, time: int, base_fee: int | None = None, *, is_full: bool = False) -> Mined:
        self.ask("anvil_dropAllTransactions")
        if not is_full:
            for one in sorted(self.pool.values(), key=lambda one: one.nonce):
                self._hand_on(one)
        self.ask("evm_setNextBlockTimestamp", time)
        self.ask("evm_mine")
        self._look()
        found = self.ask("eth_getBlockByNumber", "latest", False)["transactions"]
        waiting = {one.tx: one for one in self.pool.values()}
        held = tuple(waiting[tx] for tx in found if tx in waiting)
        self.mined = [one for one in self.mined if one.number < self.number]
        self.mined.append(Mined(self.number, self.time, held))
        nonces = {sender: self.nonce(sender) for sender in {one.sender for one in self.pool.values()}}
        self.pool = {key: one for key, one in self.pool.items() if one.nonce >= nonces[one.sender]}
        self.base_fee = base_fee or self.base_fee
        self.price()
        return self.mined[-1]

    def price(self) -> None:
        """Tell the node of the next block's fee, and of what can be in that block: `pending` shows it."""
        self.ask("anvil_setNextBlockBaseFeePerGas", hex(self.base_fee))
        for one in self.pool.values():
            self._hand_on(one)

    def reorganise(self, depth: int, fate: Fate) -> int:
        """Another branch, longer by one, from so many blocks ago on; how deep it went."""
        depth = min(depth, self.number - max(self.floor, self._bottom))
        if depth > 0:
            gone = [one for one in self.mined if one.number > self.number - depth]
            self.ask("anvil_rollback", depth)
            self.mined = [one for one in self.mined if one not in gone]
            self._look()
            self._regrow(gone, fate)
            self._mine(gone[-1].time + SECONDS)
            if self.saved is not None and self.saved > self.number - depth - 1:
                self.saved = None  # of another branch
        return depth

    def _regrow(self, gone: list[Mined], fate: Fate) -> None:
        """The same moments once more; the pool of now waits until the branch has grown."""
        waiting, self.pool = self.pool, {}
        back: list[Waiting] = []
        end = self.number + len(gone)
        for old in gone:
            for one in old.waiting:
                fated = fate(one)
                if fated == "same":
                    self._put_back(one)
                elif fated == "pool":
                    back.append(one)
                elif fated.startswith("late"):
                    self.late.append((end + int(fated[4:]), one))
            self._mine(old.time)
        for one in [*back, *waiting.values()]:
            self._put_back(one)


def _refused(reason: str) -> NodeError:
    return NodeError("eth_sendRawTransaction", reason, -32000)
