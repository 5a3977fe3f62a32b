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
from dmo.core.chain import GAS_LIMIT, LAG, TRIES, Block, Chain, Receipt
from dmo.core.errors import NetworkError, NodeError
from dmo.core.rpc import Request

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

_log = logging.getLogger(__name__)
KNOWN = re.compile(r"already ?known|already imported|known transaction")
_CHEAP = re.compile(r"(?<!replacement transaction )underpriced|(tip|fee|price)\D*(below|less than|too low|minimum)")
"""How nodes ask for a higher tip; another transaction of the same nonce is not outbid."""
_MIN_TIP = 10**9
_BIDS = 4


@dataclass(frozen=True)
class Fees:
    """Fees of a transaction, in wei per gas; without a base fee there is one price (no EIP-1559)."""

    max_fee: int
    priority: int
    base: int | None = 0

    @property
    def likely(self) -> int:
        """What will be paid if the next block is as the last one."""
        return self.max_fee if self.base is None else self.base + self.priority

    @property
    def fields(self) -> dict[str, int]:
        """As a transaction has them."""
        if self.base is None:
            return {"gasPrice": self.max_fee}
        return {"type": 2, "maxFeePerGas": self.max_fee, "maxPriorityFeePerGas": self.priority}

    def raised(self, reason: str) -> Fees:
        """What satisfies a refusal: the base fee has risen, or the tip is too low; the largest number counts."""
        named = max(map(int, re.findall(r"\d+", reason)), default=0)
        if "base fee" in reason and self.base is not None:
            return Fees(2 * self.max_fee, self.priority, self.base)
        more = max(named, 2 * self.priority, _MIN_TIP) - self.priority
        return Fees(self.max_fee + more, self.priority + more, self.base)


def fees_now(chain: Chain) -> Fees:
    """Fees that last through six full blocks."""
    head, *said = chain.transport.batch([("eth_getBlockByNumber", [chain.tag, False]), *PRICES])
    return fees_at(Block.of(head), *said)


@dataclass(frozen=True)
class Sent:
    """A signed transaction, known before it leaves; sending its raw bytes again does nothing twice."""

    nonce: int
    tx: str
    raw: bytes
    call: Call
    fees: Fees
    gas: int


def sign(account: Any, chain_id: int, call: Call, nonce: int, fees: Fees, gas: int) -> Sent:
    """A transaction of an account of eth-account; the same is signed to the same bytes."""
    order = {"chainId": chain_id, "nonce": nonce, "to": call.to, "data": "0x" + call.data.hex()}
    signed = account.sign_transaction({**order, "value": call.value, "gas": gas, **fees.fields})
    return Sent(nonce, "0x" + bytes(signed.hash).hex(), bytes(signed.raw_transaction), call, fees, gas)


def padded(estimate: int) -> int:
    """Gas to send along: in another second, checkpoints may be new."""
    return min(estimate + max(estimate // 4, 60_000), GAS_LIMIT)


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
    _used: int = field(default=-1, init=False)

    @property
    def address(self) -> str:
        """The account that signs."""
        return checksum(self.account.address)

    def send(self, call: Call, gas: int | None = None) -> Receipt:
        """Send a call and wait; ``gas`` as estimated a moment ago, if it was.

        Raises:
            Refused: Before, or once mined.
            NetworkError: Sent is ``details["tx"]``.
        """
        sent = self.submit(call, gas)
        try:
            receipt = self.chain.wait(sent.tx, self.confirmations)
        except NetworkError as error:
            error.details["tx"] = sent.tx
            raise
        self._seen, self._used, self.chain.time = max(self._seen, receipt.block), max(self._used, sent.nonce), None
        if not receipt.is_ok:
            self.chain.simulate(call, self.address, max(receipt.block - 1, 0))
            raise explain.refused("TransactionFailed", {"tx": sent.tx, "gas_used": receipt.gas_used})
        _log.debug("%s: block %d, gas %d", call.description, receipt.block, receipt.gas_used)
        return receipt

    def submit(self, call: Call, gas: int | None = None) -> Sent:
        """Estimate unless that was done, sign, write the journal, send; do not wait.

        Raises:
            Refused: The contract would refuse, and nothing was sent; or the account cannot pay.
            NodeError: The node does not take it.
            NetworkError: The node does not answer; the transaction may have arrived.
        """
        estimate, nonce, fees = self._ask(call, gas)
        if too_large := self.chain.too_large(call, estimate):
            raise too_large
        gas = padded(estimate)
        for bid in range(_BIDS):
            sent = sign(self.account, self.chain.chain_id, call, nonce, fees, gas)
            if self.journal is not None:
                self.journal(sent)
            try:
                self.chain.transport.request("eth_sendRawTransaction", ["0x" + sent.raw.hex()])
            except NodeError as error:
                reason = error.reason.lower()
                if "insufficient funds" in reason:
                    raise explain.refused("InsufficientFunds", {"account": self.address}) from None
                if _CHEAP.search(reason) and bid < _BIDS - 1:
                    fees = fees.raised(reason)
                    continue
                is_mined = "nonce too low" in reason and self.chain.receipt(sent.tx) is not None
                if not is_mined and not KNOWN.search(reason):
                    raise
            break
        return sent

    def _ask(self, call: Call, known: int | None) -> tuple[int, int, Fees]:
        """Gas, nonce and fees from one state of the chain.

        The nonce is the chain's, so what was decided on this state is done on it or not at all; a
        counter of our own would stay ahead for ever once the node has lost a transaction. One that
        a receipt was shown of is not used again at once: the answers may be of another node, or of
        two blocks. Where the chain says so again and again, a reorganisation has freed it.
        """
        for turn in range(TRIES):
            estimating = [("eth_estimateGas", self.chain.estimating(call, self.address))] if known is None else []
            head, nonce, *told, tip, price = self.chain.transport.batch(
                [
                    ("eth_getBlockByNumber", [self.chain.tag, False]),  # what is asked after it is of no older block
                    ("eth_getTransactionCount", [self.address, self.chain.tag]),
                    *estimating,
                    *PRICES,
                ]
            )
            block = Block.of(head)
            is_used = isinstance(nonce, str) and int(nonce, 16) <= self._used and turn < TRIES - 1
            if self.chain.at is None and (is_used or block.number < self._seen):
                self.chain.sleep(LAG)
                continue
            raw = told[0] if told else hex(known or 0)
            if isinstance(raw, NodeError):
                raise self.chain.refusal(raw) from None
            if isinstance(nonce, NodeError):
                raise nonce
            self._used = min(self._used, int(nonce, 16) - 1)
            return int(raw, 16), int(nonce, 16), fees_at(block, tip, price)
        raise words.network("node_behind")


PRICES: list[Request] = [("eth_maxPriorityFeePerGas", []), ("eth_gasPrice", [])]


def fees_at(block: Block, tip: Any, price: Any) -> Fees:
    """Fees from a block and what the node says of tip and price, if it says anything."""
    known = int(price, 16) if isinstance(price, str) else None
    if block.base_fee is None:
        return Fees(known or 0, known or 0, None)
    usual = max(known - block.base_fee, 0) if known is not None else _MIN_TIP if block.base_fee else 0
    priority = int(tip, 16) if isinstance(tip, str) else usual
    return Fees(2 * block.base_fee + priority, priority, block.base_fee)
