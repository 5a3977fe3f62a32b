"""Wait for the local chain as briefly as it takes.

Brownie looks for a transaction at once and then once a second; on a busy machine that second is
nearly all of a test's time. It also takes a transaction for dropped when the sender's nonce has
moved and the node has not filed the block yet. Here it looks every few milliseconds, and waits for
the block before it judges.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from brownie.network import account as brownie_account
from brownie.network import transaction as brownie_transaction
from brownie.network.web3 import web3
from web3.exceptions import TransactionNotFound

POLL_SECONDS = 0.005
PATIENCE_SECONDS = 30.0

_BRIEF = SimpleNamespace(time=time.time, sleep=lambda _seconds: time.sleep(POLL_SECONDS))


def repair() -> None:
    """Replace Brownie's way of waiting; once per process."""
    receipt_type = brownie_transaction.TransactionReceipt
    original = receipt_type._await_confirmation
    if getattr(original, "is_brief", False):
        return
    brownie_transaction.time = _BRIEF
    brownie_account.time = _BRIEF

    def await_confirmation(
        self: Any, block_number: int | None = None, required_confs: int = 1
    ) -> None:
        if required_confs > 0:
            _await_receipt(self.txid)
        original(self, block_number, required_confs)

    await_confirmation.is_brief = True
    receipt_type._await_confirmation = await_confirmation


def _await_receipt(txid: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if web3.eth.get_transaction_receipt(txid)["blockHash"] is not None:
                return
        except TransactionNotFound:
            time.sleep(POLL_SECONDS)
