"""Move the local chain's clock. Times are Unix seconds, durations seconds."""

from __future__ import annotations

import time
from typing import Any

from brownie import chain, web3

PATIENCE_SECONDS = 300.0

# (latest block when the time was set, the time)
_pending: tuple[int, int] | None = None


def _rpc(method: str, *args: Any) -> Any:
    answer = web3.provider.make_request(method, list(args))
    if "error" in answer:
        raise RuntimeError(f"{method}: {answer['error'].get('message', answer['error'])}")
    return answer.get("result")


def now() -> int:
    """Return the timestamp of the latest block."""
    return int(web3.eth.get_block("latest")["timestamp"])


def set_next(timestamp: int) -> int:
    """Give the next block (the next transaction, too) exactly this timestamp."""
    global _pending
    _rpc("evm_setNextBlockTimestamp", timestamp)
    _pending = (int(web3.eth.block_number), timestamp)
    return timestamp


def forget() -> None:
    """The chain goes back, and with it goes the time set for its next block."""
    global _pending
    _pending = None


def pending() -> int | None:
    """Return the timestamp set for the next block, if that block is still to come."""
    if _pending is None or _pending[0] != web3.eth.block_number or _pending[1] <= now():
        return None
    return _pending[1]


def await_pool(transactions: int) -> None:
    """Wait until so many transactions are ready for a block that is not made by itself."""
    until = time.monotonic() + PATIENCE_SECONDS
    while int(_rpc("txpool_status")["pending"], 16) != transactions:
        if time.monotonic() > until:
            raise TimeoutError(f"the pool does not come to hold {transactions} transactions")


def mine_at(timestamp: int) -> int:
    """Mine an empty block at exactly this time, which must lie after the latest block."""
    set_next(timestamp)
    _rpc("evm_mine")
    chain._set_time_offset_from_block()
    return timestamp


def pass_time(seconds: int) -> int:
    """Mine an empty block this much later than the latest; returns its timestamp."""
    return mine_at(now() + seconds)


def reach(timestamp: int) -> int:
    """Mine an empty block at this time unless it has already passed; returns the time now."""
    return mine_at(timestamp) if timestamp > now() else now()


def steady(start: int) -> None:
    """From this time on every block is a second after the one before, however long the machine takes."""
    mine_at(start)
    _rpc("anvil_setBlockTimestampInterval", 1)


def unsteady() -> None:
    """Blocks follow the machine's clock again."""
    _rpc("anvil_removeBlockTimestampInterval")
