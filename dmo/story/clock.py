"""The story's time, who hears it told, and what is raised when it goes another way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from dmo.core.chain import Chain
from dmo.core.errors import BadInput, DmoError
from dmo.story.cast import Person

__all__ = ["DAY", "Clock", "StoryError", "Teller"]

DAY = 86_400


class StoryError(DmoError):
    """The story went another way than it is told."""


class Teller(Protocol):
    """Whoever tells the audience what happens."""

    def chapter(self, title: str, words: str) -> None:
        """A new chapter begins."""

    def line(self, at: int, who: Person | None, words: str, why: str = "") -> None:
        """Somebody did something, for a reason; at in Unix seconds."""


class Clock:
    """Sets the time of a local chain; every block that follows is a minute later."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    @staticmethod
    def moment(text: str) -> int:
        """Unix seconds of a moment such as ``2026-03-09 08:10`` (UTC)."""
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    def begin(self, text: str) -> None:
        """Start the story's time on a chain without history.

        Raises:
            BadInput: The chain has blocks already.
        """
        if self._chain.block().number:
            raise BadInput("the chain has a history already", expected="a fresh local chain")
        request = self._chain.transport.request
        request("evm_setTime", [self.moment(text)])
        request("evm_setNextBlockTimestamp", [self.moment(text)])
        request("anvil_setBlockTimestampInterval", [60])
        request("evm_mine", [])

    def go(self, text: str) -> None:
        """Go to a later moment."""
        self.go_to(self.moment(text))

    def go_to(self, moment: int) -> None:
        """Go to a later moment, in Unix seconds.

        Raises:
            StoryError: It is past already.
        """
        if moment <= self._chain.now():
            raise StoryError(f"{moment} is past: it is {self._chain.now()}")
        self._chain.transport.request("evm_setNextBlockTimestamp", [moment])
        self._chain.transport.request("evm_mine", [])
