"""Reads a deployment at one block, so that all parts of a history agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from dmo.core.chain import Event
from dmo.home.deployment import Dmo

__all__ = ["Reader", "by_name", "hexed"]


def hexed(digest: bytes) -> str:
    """A digest as 0x text."""
    return "0x" + digest.hex()


def by_name(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Events under their names."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[event.name].append(event)
    return found


class Reader:
    """A deployment pinned to a block.

    Args:
        dmo: The deployment.
    """

    def __init__(self, dmo: Dmo) -> None:
        self.dmo = dmo.on(dmo.chain.pinned())
        self.chain = self.dmo.chain
        self.head = self.chain.block()
        self._times: dict[int, int] = {}

    def events(self, contract: str, names: Sequence[str]) -> list[Event]:
        """Events of a contract, with their blocks' times looked up."""
        found = self.dmo.events(contract, names)
        self.remember(event.block for event in found)
        return found

    def remember(self, blocks: Iterable[int]) -> None:
        """Look up the times of blocks in few round trips."""
        for number, block in self.chain.blocks(set(blocks) - set(self._times)).items():
            self._times[number] = block.timestamp

    def at(self, block: int) -> int:
        """When a block was, in Unix seconds."""
        return self._times[block]

    def has(self, contract: str) -> bool:
        """Whether the deployment has this contract."""
        return contract in self.dmo.addresses
