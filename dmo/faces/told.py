"""A history as people read it: names, titles, amounts, moments, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from dmo.capabilities import campaigns, disputes, history, ideas, submissions
from dmo.core import kinds, words
from dmo.core.kinds import ACCOUNT, DURATION, TEXT, Kind, Value, choice, listed, shape
from dmo.core.units import WAD, format_amount
from dmo.faces.svg import cut
from dmo.home.documents import Document, Unreadable


def _date(at: int | None, more: str = "") -> str:
    moment = datetime.fromtimestamp(at or 0, UTC)
    return f"{moment.day} {moment:%b{more}}" if at else ""


def _money(told: Told, units: int | None, is_coarse: bool) -> str:
    decimals = told.unit("budget")[0]
    if is_coarse and units is not None:
        return format_amount(round(units * 100 / 10**decimals), 2)
    return format_amount(units, decimals) if units is not None else ""


def _votes(told: Told, units: int) -> str:
    return f"{'−' if units < 0 else ''}{abs(units) // 10 ** told.unit('votes')[0]:,}"


_kind = partial(Kind, read=TEXT.read)
TITLE = _kind("TITLE", show=lambda told, it: it[0] if it else "")
"""A title and its language."""
MONEY = _kind("MONEY", show=lambda told, it: _money(told, it, told.is_coarse))
KINDS: dict[str, Kind] = shape(
    (TITLE, "title document"),
    (_kind("SHORT", show=lambda told, it: cut(it[0], 50)), "short"),
    (ACCOUNT, "lead author worker payee to account proposer opener upholder owner arbitrator who"),
    (
        _kind("DATE", show=lambda told, at: _date(at, " %Y")),
        "posted funded first_paid filed closed submitted at proposed executed since until "
        "settled_at opens closes began now date",
    ),
    (_kind("DAY", show=lambda told, at: _date(at)), "day posted_day funded_day first_paid_day"),
    (DURATION, "span"),
    (
        MONEY,
        "gifts work_paid gift_paid fee_paid to_jurors won left lost put_up returned to_pool bonds_kept "
        "ask reward amount earned bond paid cap assigned budget received refunded held "
        "spent bonds_received bonds_paid bonds_held deposited withdrawn credits",
    ),
    (_kind("COARSE", show=lambda told, it: _money(told, it, is_coarse=True)), "some"),
    (_kind("VOTES", show=_votes), "threshold for_votes against_votes against net in_favour abstain"),
    (_kind("POINTS", show=lambda told, wad: f"{wad / WAD:,.1f}"), "awarded points"),
    story=listed(choice("work_story")),
    got=kinds.lines("moved_line", {"amount": MONEY, "source": TEXT, "who": ACCOUNT, "owner": ACCOUNT}),
)
"""What each name holds, on the page and in the tables; others are texts and counts."""


class Told:
    """How a history is written; people's names come before contracts', coarse amounts have two decimals at most."""

    def __init__(self, history: history.History, names: Mapping[str, str], *, is_coarse: bool = False) -> None:
        self.history, self.now, self.is_coarse = history, history.now, is_coarse
        known = {address: name for name, address in history.dmo.addresses.items()} | dict(names)
        self._names = {address.lower(): name for address, name in known.items()}

    def account(self, text: str) -> str:
        return text

    def who(self, address: str) -> str:
        return self._names.get(address.lower()) or address

    def unit(self, token: str) -> tuple[int, str]:
        found = self.history.dmo.budget_token if token == "budget" else self.history.dmo.votes_token
        return found.decimals, found.symbol

    def word(self, group: str, value: str) -> str:
        return words.word(group, value)

    def values(self, told: Mapping[str, Any]) -> dict[str, Value]:
        """Values with their kinds, and both tokens' symbols."""
        both = {"unit": self.unit("budget")[1], "vote_unit": self.unit("votes")[1]}
        return {key: KINDS.get(key, TEXT)(value) for key, value in {**both, **told}.items()}

    def fill(self, sentences: Any, values: Mapping[str, Value]) -> str:
        """Those sentences that have something to say."""
        look = kinds.looking(self, values)
        return " ".join(filter(None, (words.fill(one, look) for one in words.texts(sentences))))

    def say(self, group: str, key: str, **told: Any) -> str:
        """A sentence of ``[word.<group>]``, filled."""
        return Told.fill(self, words.word(group, key), self.values(told))

    def show(self, name: str, value: Any) -> str:
        """A value as what goes by this name is shown."""
        return KINDS[name].show(self, value)

    def document(self, digest: bytes | None) -> Document | Unreadable | None:
        """A document, as far as it was published."""
        return self.history.documents.get(digest or b"")

    def title(self, digest: bytes | None, fallback: str, **told: Any) -> tuple[str, str]:
        """A document's title and language; what stands for it where it was not published."""
        found = self.document(digest)
        return (found.title, getattr(found, "lang", "und")) if found else (self.say("untitled", fallback, **told), "")

    def idea(self, its: ideas.Idea | campaigns.Campaign) -> tuple[str, str]:
        """An idea's title and language; a campaign's is its idea's."""
        digest = self.history.ideas[its.round, its.number].digest
        return self.title(digest, "idea", round=its.round, number=its.number)

    def work(self, one: submissions.Submission) -> tuple[str, str]:
        """A submission's title and language."""
        return self.title(one.evidence, "work", submission=one.submission)

    def source(self, one: disputes.Dispute) -> str:
        """Where the jurors of a dispute come from: points, votes, another arbitrator, or nowhere as yet."""
        if one.is_contested:
            return "nobody"
        return ("points" if one.is_from_reputation else "votes") if one.has_jury else "other"

    def weight(self, one: disputes.Dispute, units: int) -> str:
        """A juror's weight: whole points or votes tokens."""
        return f"{units // (WAD if one.is_from_reputation else 10 ** self.unit('votes')[0]):,}"
