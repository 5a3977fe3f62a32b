"""How models say no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A contract says no.

    Attributes:
        name: The error; without a leading exclamation mark it is the escrow's, its prefix left out.
        arguments: Its arguments.
    """

    def __init__(self, name: str, *args: Any) -> None:
        super().__init__(name, *args)
        self.name = name
        self.arguments = args

    @property
    def error(self) -> tuple[str, tuple[Any, ...]]:
        """The error's full name, and its arguments."""
        is_whole = self.name.startswith("!")
        return (self.name[1:] if is_whole else "CampaignEscrow" + self.name), self.arguments
