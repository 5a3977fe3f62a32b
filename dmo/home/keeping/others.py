"""Other keepers of the same deployment: whose turn it is, and what they have sent already."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from dmo.core.calls import Call
from dmo.core.errors import NodeError
from dmo.home.keeping.tasks import Task

if TYPE_CHECKING:
    from dmo.core.chain import Chain

TURNS = 4
"""Blocks that keepers with the same work spread over."""
_TAKEN = 16
"""Blocks that what waits to be mined may keep an act from being done here."""


class Others:
    """Knows since when the first thing of each kind is the first; so turns begin anew with each batch that was done."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._first: dict[str, tuple[str, int]] = {}

    def order(self, found: Sequence[Task]) -> list[Task]:
        """Kinds as they are; of each kind every account begins elsewhere."""
        place = {name: place for place, name in enumerate(dict.fromkeys(one.act.name for one in found))}
        return sorted(found, key=lambda one: (place[one.act.name], self._hash(one.name)))

    def _hash(self, name: str) -> bytes:
        return sha256(f"{self._account} {name}".encode()).digest()

    def see(self, found: Sequence[Task], number: int) -> None:
        """What is due at a block."""
        now = {one.act.name: one.name for one in reversed(found)}
        before = self._first
        self._first = {
            act: before[act] if act in before and before[act][0] == name else (name, number)
            for act, name in now.items()
        }

    def is_turn(self, act: str, number: int) -> bool:
        """Whether it is this account's turn: so many blocks later as a hash of account and act says."""
        name, since = self._first[act]
        return number >= since + self._hash(name)[-1] % TURNS

    def are_at(self, act: str, call: Call, number: int, chain: Chain) -> bool:
        """Whether one has sent it: on top of what waits it would be refused. What waits for long is no reason."""
        if number >= self._first[act][1] + _TAKEN:
            return False
        try:
            chain.transport.request("eth_call", [chain.order(call, self._account), "pending"])
        except NodeError as error:
            return error.data is not None or "revert" in error.reason.lower()
        return False
