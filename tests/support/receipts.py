"""Wait a moment for receipts.

The node raises the sender's nonce before it can show the receipt. When Brownie asks in between it
takes the transaction for dropped, or sleeps a whole second.
"""

from __future__ import annotations

import time
from typing import Any

from brownie import web3
from web3.exceptions import TransactionNotFound

PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.005


def repair() -> None:
    """Let `web3.eth.get_transaction_receipt` wait for a transaction that is being mined."""
    original = web3.eth.get_transaction_receipt

    def patient(transaction_hash: Any) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return original(transaction_hash)
            except TransactionNotFound:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE_SECONDS)

    web3.eth.get_transaction_receipt = patient
