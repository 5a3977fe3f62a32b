"""Who sends a call: a key held by eth-account. Scripts bring a sender of their own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from dmo.core import explain, words
from dmo.core.abi.codec import checksum
from dmo.core.calls import Call
from dmo.core.chain import Block, Chain, Receipt
from dmo.core.errors import NetworkError, NodeError

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_log = logging.getLogger(__name__)
_KNOWN = re.compile(r"already ?known|already imported|known transaction")
_TRIES = 10
_LAG = 0.5
"""Seconds until a node that lags behind is asked again."""


@dataclass(frozen=True)
class Fees:
    """Fees of a transaction, in wei per gas."""

    max_fee: int
    priority: int


@dataclass(frozen=True)
class Sent:
    """A signed transaction, known before it leaves; sending its raw bytes again does nothing twice."""

    nonce: int
    tx: str
    raw: bytes
    call: Call
    fees: Fees
    gas: int


class Sender(Protocol):
    """Sends calls for one account."""

    @property
    def address(self) -> str:
        """The account."""

    def send(self, call: Call) -> Receipt:
        """Send a call and wait for it; Refused if the contract says no."""


@dataclass
class KeySender:
    """Signs with a key and sends over a chain.

    Attributes:
        confirmations: Blocks to wait for.
        journal: Called with each signed transaction before it is sent.
    """

    chain: Chain
    account: LocalAccount
    confirmations: int = 1
    journal: Callable[[Sent], None] | None = None
    _seen: int = field(default=0, init=False)

    @property
    def address(self) -> str:
        """The account that signs."""
        return checksum(self.account.address)

    def fees(self) -> Fees:
        """Fees that last through six full blocks."""
        return _fees(self.chain.block(), *self.chain.transport.batch([("eth_maxPriorityFeePerGas", [])]))

    def send(self, call: Call) -> Receipt:
        """Send a call and wait. Raises Refused: before, or once mined; NetworkError: sent is ``details["tx"]``."""
        sent = self.submit(call)
        try:
            receipt = self.chain.wait(sent.tx, self.confirmations)
        except NetworkError as error:
            error.details["tx"] = sent.tx
            raise
        self._seen = max(self._seen, receipt.block)
        if not receipt.is_ok:
            self.chain.simulate(call, self.address, max(receipt.block - 1, 0))
            raise explain.refused("TransactionFailed", {"tx": sent.tx, "gas_used": receipt.gas_used})
        _log.debug("%s: block %d, gas %d", call.description, receipt.block, receipt.gas_used)
        return receipt

    def submit(self, call: Call) -> Sent:
        """Simulate, sign, write the journal, send; do not wait.

        Raises:
            Refused: The contract would refuse, and nothing was sent; or the account cannot pay.
            NodeError: The node does not take it.
            NetworkError: The node does not answer; the transaction may have arrived.
        """
        estimate, nonce, fees = self._ask(call)
        gas = estimate + max(estimate // 4, 60_000)  # in another second, checkpoints may be new
        key: Any = self.account
        signed = key.sign_transaction(
            {
                "type": 2,
                "chainId": self.chain.chain_id,
                "nonce": nonce,
                "to": call.to,
                "data": "0x" + call.data.hex(),
                "value": call.value,
                "gas": gas,
                "maxFeePerGas": fees.max_fee,
                "maxPriorityFeePerGas": fees.priority,
            }
        )
        sent = Sent(nonce, "0x" + bytes(signed.hash).hex(), bytes(signed.raw_transaction), call, fees, gas)
        if self.journal is not None:
            self.journal(sent)
        try:
            self.chain.transport.request("eth_sendRawTransaction", ["0x" + sent.raw.hex()])
        except NodeError as error:
            reason = error.reason.lower()
            if "insufficient funds" in reason:
                raise explain.refused("InsufficientFunds", {"account": self.address}) from None
            is_mined = "nonce too low" in reason and self.chain.receipt(sent.tx) is not None
            if not is_mined and not _KNOWN.search(reason):
                raise
        return sent

    def _ask(self, call: Call) -> tuple[int, int, Fees]:
        """Gas, nonce and fees from one state of the chain.

        The nonce is the chain's, so what was decided on this state is done on it or not at all; a
        counter of our own would stay ahead for ever once the node has lost a transaction.
        """
        for _ in range(_TRIES):
            raw, nonce, head, tip = self.chain.transport.batch(
                [
                    ("eth_estimateGas", [self.chain.order(call, self.address)]),
                    ("eth_getTransactionCount", [self.address, self.chain.tag]),
                    ("eth_getBlockByNumber", [self.chain.tag, False]),
                    ("eth_maxPriorityFeePerGas", []),
                ]
            )
            block = Block.of(head)
            if self.chain.at is None and block.number < self._seen:
                self.chain.sleep(_LAG)  # another node than the one that showed the last receipt
                continue
            if isinstance(raw, NodeError):
                raise self.chain.refusal(raw) from None
            if isinstance(nonce, NodeError):
                raise nonce
            return int(raw, 16), int(nonce, 16), _fees(block, tip)
        raise words.network("node_behind")


def _fees(block: Block, tip: Any) -> Fees:
    """Fees from a block and what the node says of the tip, if it says anything."""
    priority = int(tip, 16) if isinstance(tip, str) else (10**9 if block.base_fee else 0)
    return Fees(2 * block.base_fee + priority, priority)
