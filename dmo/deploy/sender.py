"""Who sends the transactions of a deployment."""

from __future__ import annotations

from typing import Protocol

from dmo.abi.codec import checksum
from dmo.chain import Chain

__all__ = ["GAS_MARGIN_BPS", "DeploySender", "UnlockedSender"]

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
        order = {"from": self._account, "data": "0x" + data.hex(), "nonce": hex(nonce)}
        if to is not None:
            order["to"] = to
        # In another second a checkpoint is new instead of written over: an estimate is no limit.
        estimate = int(self._chain.transport.request("eth_estimateGas", [order]), 16)
        order["gas"] = hex(estimate + estimate * GAS_MARGIN_BPS // 10_000)
        return str(self._chain.transport.request("eth_sendTransaction", [order]))
