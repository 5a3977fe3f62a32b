"""Who sends the transactions of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain
from dmo.core.sender import KeySender

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

__all__ = ["GAS_MARGIN_BPS", "DeploySender", "KeyDeploySender", "UnlockedSender"]

GAS_MARGIN_BPS = 2_500
"""Gas added to an estimate, in bps of it."""


class DeploySender(Protocol):
    """Sends with a nonce that the deployment chose, and does not wait for the block."""

    @property
    def address(self) -> str:
        """The sending account."""

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        """Send a call, or a creation where ``to`` is None.

        Returns:
            The transaction's hash.

        Raises:
            DmoError: The node does not take the transaction.
        """


class UnlockedSender:
    """Sends through an account that the node itself keeps, as local chains do."""

    def __init__(self, chain: Chain, account: str) -> None:
        self._chain = chain
        self._account = checksum(account)

    @property
    def address(self) -> str:
        """The sending account."""
        return self._account

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        """Send a call, or a creation where ``to`` is None."""
        order = _order(self._chain, self._account, to, data)
        return str(
            self._chain.transport.request("eth_sendTransaction", [{**order, "nonce": hex(nonce)}])
        )


class KeyDeploySender:
    """Signs with a key and sends over a chain."""

    def __init__(self, chain: Chain, account: LocalAccount) -> None:
        self._chain = chain
        self._key = account

    @property
    def address(self) -> str:
        """The sending account."""
        return checksum(self._key.address)

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        """Send a call, or a creation where ``to`` is None."""
        order = _order(self._chain, self.address, to, data)
        fees = KeySender(self._chain, self._key).fees()
        transaction: dict[str, Any] = {
            "type": 2,
            "chainId": self._chain.chain_id,
            "nonce": nonce,
            "data": order["data"],
            "value": 0,
            "gas": int(order["gas"], 16),
            "maxFeePerGas": fees.max_fee,
            "maxPriorityFeePerGas": fees.priority,
        }
        if to is not None:
            transaction["to"] = to
        signed: Any = self._key.sign_transaction(transaction)
        raw = "0x" + bytes(signed.raw_transaction).hex()
        return str(self._chain.transport.request("eth_sendRawTransaction", [raw]))


def _order(chain: Chain, sender: str, to: str | None, data: bytes) -> dict[str, str]:
    """A transaction with a gas limit.

    In another second a checkpoint is new instead of written over: an estimate is no limit.
    """
    order = {"from": sender, "data": "0x" + data.hex()}
    if to is not None:
        order["to"] = to
    estimate = int(chain.transport.request("eth_estimateGas", [order]), 16)
    return {**order, "gas": hex(estimate + estimate * GAS_MARGIN_BPS // 10_000)}
