"""Ideas: what a budget is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmo.capabilities import documents
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, DURATION, FLAG, NUMBER, SHARE

if TYPE_CHECKING:
    from dmo.core.chain import Event
    from dmo.home.home import Home

__all__ = ["Idea", "idea_title"]


@dataclass
class Idea(
    Fact,
    key=("round", "number"),
    born="IdeaBoard.IdeaPosted",
    changed=("IdeaBoard.IdeaFunded",),
):
    """An idea as it was posted, and what became of it."""

    round: int = of(NUMBER)
    number: int = of(NUMBER)
    author: str = of(ACCOUNT)
    digest: bytes = of(DIGEST)
    ask: int = of(MONEY)
    lead: str = of(ACCOUNT)
    duration_seconds: int = of(DURATION)
    fee_bps: int = of(SHARE)
    version: int = of(NUMBER)
    campaign: int | None = of(CAMPAIGN, None)
    is_withdrawn: bool = of(FLAG, False)

    @on("IdeaBoard.IdeaWithdrawn")
    def withdraw(self, event: Event) -> None:
        """Withdrawn, or replaced by an edit."""
        self.is_withdrawn = True


def idea_title(home: Home, round_number: int, number: int) -> str:
    """The title of an idea's document."""
    found = home.facts(Idea).get((round_number, number))
    return documents.title(home, found.digest) if found else ""
