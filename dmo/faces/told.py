"""A history as people read it: names, titles, amounts, moments, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dmo.core import words
from dmo.core.kinds import TEXT, Kind, Value
from dmo.core.units import WAD, format_amount, format_duration
from dmo.home.documents import Document, Unreadable

if TYPE_CHECKING:
    from dmo.capabilities.disputes import Dispute
    from dmo.capabilities.history import History

__all__ = ["COARSE", "DATE", "DAY", "MONEY", "POINTS", "SPAN", "TITLE", "VOTES", "Told"]


def _read(told: Any, text: str) -> str:
    return text


def _date(told: Any, at: int | None) -> str:
    return f"{_day(told, at)} {datetime.fromtimestamp(at, UTC):%Y}" if at else ""


def _day(told: Any, at: int | None) -> str:
    moment = datetime.fromtimestamp(at or 0, UTC)
    return f"{moment.day} {moment:%b}" if at else ""


def _votes(told: Any, units: int) -> str:
    return f"{'−' if units < 0 else ''}{abs(units) // 10 ** told.unit('votes')[0]:,}"


def _coarse(told: Any, units: int) -> str:
    return format_amount(round(units * 100 / 10 ** told.unit("budget")[0]), 2)


DATE = Kind("DATE", _read, _date)
DAY = Kind("DAY", _read, _day)
SPAN = Kind("SPAN", _read, lambda told, seconds: format_duration(seconds) if seconds else "")
MONEY = Kind("MONEY", _read, lambda told, it: told.money(it))
COARSE = Kind("COARSE", _read, _coarse)
"""Budget tokens with at most two decimals, for labels."""
VOTES = Kind("VOTES", _read, _votes)
"""Whole votes tokens."""
POINTS = Kind("POINTS", _read, lambda told, wad: f"{wad / WAD:,.1f}")
TITLE = Kind("TITLE", _read, lambda told, it: it[0])
"""A title and its language."""


class Told:
    """How a history is written: what kinds and words need to show it.

    Args:
        history: What happened.
        names: Address → what people call it; they come before contracts' names.
        is_coarse: Amounts have at most two decimals.
    """

    def __init__(self, history: History, names: Mapping[str, str], *, is_coarse: bool = False) -> None:
        self.history = history
        self._is_coarse = is_coarse
        self.now = history.now
        known = {address.lower(): name for name, address in history.contracts.items()}
        self._names = known | {address.lower(): name for address, name in names.items()}

    def account(self, text: str) -> str:
        """An address, as it stands."""
        return text

    def who(self, address: str) -> str:
        """What people call an address; shortened where it has no name."""
        return self._names.get(address.lower()) or f"{address[:6]}…{address[-4:]}"

    def unit(self, token: str) -> tuple[int, str]:
        """Decimals and symbol of ``budget`` or ``votes``."""
        found = self.history.budget_token if token == "budget" else self.history.votes_token
        return found.decimals, found.symbol

    def money(self, units: int) -> str:
        """An amount of the budget token, without its symbol."""
        return _coarse(self, units) if self._is_coarse else format_amount(units, self.unit("budget")[0])

    def word(self, group: str, value: str) -> str:
        """A word of the words' files."""
        return words.word(group, value)

    def say(self, group: str, key: str, **values: Any) -> str:
        """A sentence of ``[word.<group>]``, filled; values without a kind are numbers or texts."""
        kinds = {key: it if isinstance(it, Value) else TEXT(it) for key, it in values.items()}
        return words.fill(words.word(group, key), words.looking(self, kinds))

    # ── documents ───────────────────────────────────────────────────────────────────────────────

    def document(self, digest: bytes | None) -> Document | Unreadable | None:
        """A document, as far as it was published."""
        return self.history.documents.get(digest or b"")

    def title(self, digest: bytes | None, fallback: str, **values: Any) -> tuple[str, str]:
        """A document's title and language; what stands for it where it was not published."""
        found = self.document(digest)
        if found is None:
            return self.say("untitled", fallback, **values), ""
        return found.title, getattr(found, "lang", "und")

    def idea(self, round_number: int, number: int) -> tuple[str, str]:
        """An idea's title and language."""
        digest = self.history.idea_of[round_number, number].digest
        return self.title(digest, "idea", round=round_number, number=number)

    def work(self, submission: int) -> tuple[str, str]:
        """A submission's title and language; lessons are submissions too."""
        found = self.history.work_of.get(submission)
        return self.title(found.evidence if found else None, "work", submission=submission)

    # ── jurors ──────────────────────────────────────────────────────────────────────────────────

    def jurors_from(self, one: Dispute) -> str:
        """Where the jurors of a dispute come from."""
        source = "votes" if one.has_jury else "other"
        is_points = one.has_jury and one.is_from_reputation
        return self.say("jurors_from", "points" if is_points else source, votes=self.unit("votes")[1])

    def weight(self, one: Dispute, units: int) -> str:
        """A juror's weight: whole points or votes tokens."""
        return f"{units // (WAD if one.is_from_reputation else 10 ** self.unit('votes')[0]):,}"
