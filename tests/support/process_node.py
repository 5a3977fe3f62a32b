"""Nodes in this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dmo.core.errors import NodeError


class ProcessNode:
    """A node that says what ``answer`` does. Counts its round trips."""

    trips = 0

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        """The answer to one question; a NodeError where it is refused."""
        raise NotImplementedError

    def request(self, method: str, params: Sequence[Any]) -> Any:
        self.trips += 1
        answer = self.answer(method, params)
        if isinstance(answer, NodeError):
            raise answer
        return answer

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        self.trips += bool(requests)
        return [self.answer(*request) for request in requests]
