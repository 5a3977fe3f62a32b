"""The clock of a chain on this machine: it can be moved on, so that nobody waits for a deadline."""

from contextlib import suppress
from urllib.parse import urlsplit

from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.errors import NodeError
from dmo.core.rpc import HERE

LONGEST = 10 * 365 * 86_400
"""Seconds that the clock can be moved in one step."""


def require_local(chain: Chain, url: str) -> None:
    """Refuse a chain that others share. Raises BadInput: its node is on another machine, or no development node."""
    name = ""
    if urlsplit(url).hostname in HERE:
        with suppress(NodeError):
            name = str(chain.transport.request("web3_clientVersion", []))
    if not name.lower().startswith(("anvil", "hardhat", "ganache")):
        raise words.bad("still_clock")


def advance(chain: Chain, seconds: int) -> int:
    """Mine a block later (seconds) and tell its time, Unix seconds. Raises BadInput: back, or over ten years on."""
    if not 0 < seconds <= LONGEST:
        raise words.bad("clock_back" if seconds <= 0 else "clock_far")
    chain.transport.request("evm_increaseTime", [seconds])
    chain.transport.request("evm_mine", [])
    return chain.now()
