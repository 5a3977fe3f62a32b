"""Sends calls through a Brownie account."""

from __future__ import annotations

from typing import Any

from brownie import network
from brownie.exceptions import TransactionError, VirtualMachineError
from eth_utils.exceptions import ValidationError
from web3.exceptions import Web3Exception

from dmo.core.abi.codec import checksum
from dmo.core.calls import Call
from dmo.core.chain import Chain, Receipt
from dmo.core.errors import DmoError, NetworkError
from dmo.deploy.sender import GAS_MARGIN_BPS

# Brownie watches a transaction in a thread until it is confirmed; on the local chain, which ends
# with the script, it has to be done before.
_CONFIRMATIONS = {"development": 1}


class BrownieSender:
    """A Brownie account as a sender of calls (dmo.core.sender.Sender).

    Args:
        chain: The chain that Brownie is connected to.
        account: The account.
        confirmations: Blocks to wait for.
    """

    def __init__(self, chain: Chain, account: Any, confirmations: int = 1) -> None:
        self.chain = chain
        self.account = account
        self.confirmations = confirmations

    @property
    def address(self) -> str:
        """The account's address."""
        return checksum(self.account.address)

    def send(self, call: Call) -> Receipt:
        """Send a call and wait for it.

        Raises:
            Refused: The contract refuses; nothing was sent.
            NetworkError: The node does not take it, or it was not mined in time.
        """
        self.chain.simulate(call, self.address)
        tx = _transfer(self.account, call.to, call.data, call.value, None)
        receipt = self.chain.wait(tx, self.confirmations)
        if not receipt.is_ok:
            self.chain.simulate(call, self.address, receipt.block - 1)
            raise DmoError(f"{call.description}: the transaction {tx} failed.")
        return receipt


class BrownieDeploySender:
    """A Brownie account as a sender of a deployment's steps (dmo.deploy.sender.DeploySender)."""

    def __init__(self, account: Any) -> None:
        self.account = account

    @property
    def address(self) -> str:
        """The account's address."""
        return checksum(self.account.address)

    def send(self, to: str | None, data: bytes, nonce: int) -> str:
        """Send a call, or a creation where ``to`` is None; do not wait for the block."""
        return _transfer(self.account, to, data, 0, nonce)


def _transfer(account: Any, to: str | None, data: bytes, value: int, nonce: int | None) -> str:
    try:
        sent = account.transfer(
            to=to,
            amount=value,
            data="0x" + data.hex(),
            nonce=nonce,
            gas_buffer=1 + GAS_MARGIN_BPS / 10_000,
            required_confs=_CONFIRMATIONS.get(str(network.show_active()), 0),
            silent=True,
            skip_undo=True,
        )
    except VirtualMachineError as error:
        raise DmoError(f"the chain refuses it: {error}") from error
    except (TransactionError, ValidationError, Web3Exception, ValueError, OSError) as error:
        raise NetworkError(f"the node did not take the transaction: {error}") from error
    return str(sent.txid)
