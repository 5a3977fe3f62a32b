"""What one chapter begins and another finishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dmo.home.deployment import Dmo
from dmo.story.courtroom import Courtroom
from dmo.story.stage import Motion, Stage

__all__ = ["Tale"]


@dataclass
class Tale:
    """The story as far as it is told.

    Attributes:
        s: The stage.
        work: Submissions by what the chapters call them.
        bounties: Bounties likewise.
        motions: Proposals likewise.
    """

    s: Stage
    work: dict[str, int] = field(default_factory=dict)
    bounties: dict[str, int] = field(default_factory=dict)
    motions: dict[str, Motion] = field(default_factory=dict)

    @property
    def dmo(self) -> Dmo:
        """The deployment."""
        return self.s.dmo

    @property
    def usd(self) -> str:
        """The budget token."""
        return self.dmo.budget_address

    @cached_property
    def court(self) -> Courtroom:
        """Where disputes are held."""
        return Courtroom(self.s)
