"""A local chain of our own: started on a free port, fed in batches, gone at the end.

Nothing is signed: the chain acts for any account that it is told to. It takes the requests of a
batch in any order, so falling gas prices keep the transactions in theirs; what a ballot costs can
depend on those before it. Old blocks are dropped, so memory does not grow with their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any

from dmo.core import abi
from dmo.core.errors import CheckFailed, DmoError, NodeError, Refused
from dmo.replay.anvil import Anvil
from dmo.replay.artifacts import Artifact

__all__ = ["LocalChain", "Mined", "Sending"]

TX_GAS = 30_000_000
BLOCK_TXS = 500
BALANCE = 10**21


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


class LocalChain:
    """A chain for one run, to be used in a ``with`` statement.

    Args:
        timestamp: Time of its first block, Unix seconds.
    """

    def __init__(self, timestamp: int) -> None:
        self.now = timestamp
        self._nonces: Counter[str] = Counter()
        self._anvil = Anvil(timestamp)
        self._rpc = self._anvil.rpc

    def __enter__(self) -> LocalChain:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._rpc.close()
        self._anvil.stop()

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

    def nonce(self, sender: str) -> int:
        """How much an account has sent here."""
        return self._nonces[sender]

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
        fresh = {sending.sender for sending in sendings} - self._nonces.keys()
        self._all([("anvil_setBalance", [sender, hex(BALANCE)]) for sender in sorted(fresh)])
        requests: list[tuple[str, list[Any]]] = []
        for place, sending in enumerate(sendings):
            tx = {
                "from": sending.sender,
                "data": "0x" + sending.data.hex(),
                "gas": hex(TX_GAS),
                "gasPrice": hex(len(sendings) - place),
                "nonce": hex(self._nonces[sending.sender]),
            }
            if sending.to:
                tx["to"] = sending.to
            self._nonces[sending.sender] += 1
            requests.append(("eth_sendTransaction", [tx]))
        hashes = self._all(requests)
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

    def _all(self, requests: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        answers = self._rpc.batch(requests)
        for answer in answers:
            if isinstance(answer, NodeError):
                raise answer
        return answers

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
