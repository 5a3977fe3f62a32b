"""Who sends the transactions of a deployment: with a nonce that it chose, without waiting for the block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmo.core.abi.codec import checksum
from dmo.core.chain import GAS_LIMIT, SIZE_LIMIT, Chain
from dmo.core.errors import NodeError
from dmo.core.explain import refused
from dmo.core.sender import fees_now

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

GAS_MARGIN_BPS = 2_500
"""Gas added to an estimate, in bps of it."""


class UnlockedSender:
    """Sends through an account that the node itself keeps, as local chains do."""

    def __init__(self, chain: Chain, account: str) -> None:
        self._chain = chain
        self.address = checksum(account)

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        """Send a call, or a creation where ``to`` is None; the transaction's hash. Raises Refused: it would fail."""
        order = {"from": self.address, "data": "0x" + data.hex(), **({"to": to} if to else {})}
        try:
            estimate = int(self._chain.transport.request("eth_estimateGas", [order]), 16)
        except NodeError as error:
            raise self._chain.refusal(error) from None
        if estimate > GAS_LIMIT:
            raise refused("TransactionTooLarge", {"most_gas": GAS_LIMIT, "most_bytes": SIZE_LIMIT})
        # In another second a checkpoint is new instead of written over: an estimate is no limit.
        gas = min(estimate + estimate * GAS_MARGIN_BPS // 10_000, GAS_LIMIT)
        return self._pass_on({**order, "gas": hex(gas), "nonce": hex(nonce)})

    def _pass_on(self, order: dict[str, str]) -> str:
        return str(self._chain.transport.request("eth_sendTransaction", [order]))


class KeyDeploySender(UnlockedSender):
    """Signs with a key and sends over a chain."""

    def __init__(self, chain: Chain, account: LocalAccount) -> None:
        super().__init__(chain, account.address)
        self._key: Any = account

    def _pass_on(self, order: dict[str, str]) -> str:
        order = {name: value for name, value in order.items() if name != "from"}
        fees = fees_now(self._chain).fields
        signed = self._key.sign_transaction({"chainId": self._chain.chain_id, "value": 0, **fees, **order})
        raw = "0x" + bytes(signed.raw_transaction).hex()
        return str(self._chain.transport.request("eth_sendRawTransaction", [raw]))
