"""A history as people read it: names, amounts, titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from dmo.core.units import WAD, format_amount
from dmo.report.facts import CampaignFacts, IdeaFacts
from dmo.report.history import History

__all__ = ["View", "date"]


def date(timestamp: int | None) -> str:
    """A day, or a dash."""
    if not timestamp:
        return "–"
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{moment.day} {moment:%b %Y}"


@dataclass(frozen=True)
class View:
    """How a history is written.

    Attributes:
        history: What happened.
        names: Address in lower case → what people call it.
    """

    history: History
    names: Mapping[str, str]

    @classmethod
    def of(cls, history: History, names: Mapping[str, str]) -> View:
        """People's names come before contracts'; what has none is shortened."""
        known = {address.lower(): name for name, address in history.contracts.items()}
        return cls(history, known | {address.lower(): name for address, name in names.items()})

    @property
    def unit(self) -> str:
        """Symbol of the budget token."""
        return self.history.budget_token.symbol

    @property
    def vote_unit(self) -> str:
        """Symbol of the votes token."""
        return self.history.votes_token.symbol

    def name(self, address: str) -> str:
        """What people call an address."""
        return self.names.get(address.lower()) or f"{address[:6]}…{address[-4:]}"

    def money(self, amount: int) -> str:
        """Units of the budget token."""
        return format_amount(amount, self.history.budget_token.decimals)

    def weight(self, amount: int) -> str:
        """Units of the votes token, whole ones only."""
        sign = "−" if amount < 0 else ""
        return f"{sign}{abs(amount) // 10**self.history.votes_token.decimals:,}"

    def points(self, amount: int) -> str:
        """WAD points."""
        return f"{amount / WAD:,.1f}"

    def title(self, digest: str, fallback: str) -> Markup:
        """A document's title, marked with its language."""
        document = self.history.documents.get(digest)
        if document is None:
            return Markup("<span>{}</span>").format(fallback)
        return Markup('<span lang="{}">{}</span>').format(document.lang, document.title)

    def idea(self, idea: IdeaFacts) -> Markup:
        """An idea's title."""
        return self.title(idea.digest, f"Idea {idea.round}.{idea.number}")

    def campaign(self, campaign: CampaignFacts | int) -> Markup:
        """A campaign's title; a dash for none."""
        if isinstance(campaign, int):
            found = next((c for c in self.history.campaigns if c.id == campaign), None)
            if found is None:
                return Markup("–")
            campaign = found
        return self.idea(self.history.idea(campaign.round, campaign.number))

    def work(self, submission: int) -> Markup:
        """A submission's title; lessons are submissions too."""
        work = self.history.work_of.get(submission)
        return self.title(work.evidence if work else "", f"Submission {submission}")
