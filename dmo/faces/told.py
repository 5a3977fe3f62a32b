"""A history as people read it: names, titles, amounts, moments, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from dmo.capabilities import campaigns, disputes, history, ideas, submissions
from dmo.capabilities.achieved import FIGURE, WAY
from dmo.capabilities.analysing import OFF
from dmo.core import kinds, words
from dmo.core.kinds import ACCOUNT, DURATION, TEXT, Kind, Value, choice, listed, shape
from dmo.core.units import WAD, format_amount
from dmo.faces.svg import cut
from dmo.home.documents import Document, Unreadable


class Title(NamedTuple):
    """A text of somebody's own: its language, and where on the page it stands in full."""

    text: str
    lang: str = ""
    anchor: str = ""


def _date(at: int | None, more: str = "") -> str:
    moment = datetime.fromtimestamp(at or 0, UTC)
    return f"{moment.day} {moment:%b{more}}" if at else ""


def _money(told: Told, units: int | None, is_coarse: bool) -> str:
    decimals = told.unit("budget")[0]
    if units is None:
        return ""
    if is_coarse and abs(units) >= 10**decimals:
        return format_amount(round(units * 100 / 10**decimals), 2)
    places = max(decimals - len(str(abs(units))) + 3, 2) if is_coarse and units else decimals
    return format_amount(round(units, places - decimals), decimals)


def _votes(told: Told, units: int) -> str:
    return f"{'−' if units < 0 else ''}{abs(units) // 10 ** told.unit('votes')[0]:,}"


_kind = partial(Kind, read=TEXT.read)
TITLE = _kind("TITLE", show=lambda told, it: it.text if it else "")
TX = _kind("TX", show=lambda told, it: f"{it[:8]}…{it[-4:]}" if it else "")
MONEY = _kind("MONEY", show=lambda told, it: _money(told, it, told.is_coarse))
KINDS: dict[str, Kind] = shape(
    (TITLE, "title document metric result"),
    (_kind("SHORT", show=lambda told, it: cut(it.text, 50)), "short"),
    (TX, "tx"),
    (FIGURE, "baseline target value"),
    (WAY, "way"),
    (ACCOUNT, "lead author worker payee to account proposer opener upholder owner arbitrator who"),
    (
        _kind("DATE", show=lambda told, at: _date(at, " %Y")),
        "posted funded first_paid filed closed submitted at proposed executed since until "
        "settled_at opens closes began now date until first_eta",
    ),
    (_kind("DAY", show=lambda told, at: _date(at)), "day posted_day funded_day first_paid_day"),
    (DURATION, "span"),
    (
        MONEY,
        "gifts work_paid gift_paid fee_paid to_jurors won left lost put_up returned to_pool bonds_kept "
        "ask reward amount earned bond paid cap assigned budget "
        "requested money spent moved deposited withdrawn credits earned_all unit_cost unit_cost_planned",
    ),
    (
        _kind("EXACT", show=lambda told, it: _money(told, it, is_coarse=False)),
        "received refunded held paid_out put_up_all bonds_moved bonds_paid bonds_held",
    ),
    (_kind("COARSE", show=lambda told, it: _money(told, it, is_coarse=True)), "some"),
    (
        _kind("VOTES", show=_votes),
        "conviction priority threshold for_votes against_votes against net in_favour abstain",
    ),
    (_kind("POINTS", show=lambda told, wad: f"{wad / WAD:,.1f}"), "awarded points"),
    **shape((OFF, "expected_ppm came_ppm off_ppm")),
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

    def payers(self) -> list[tuple[str, int]]:
        """Who paid into the pool, most first; the treasury among them."""
        paid = {key[1]: sum_ for key, sum_ in self.history.sums.items() if key[0] == "PoolDeposited" and len(key) == 2}
        return sorted(((str(who), sum_) for who, sum_ in paid.items()), key=lambda its: (-its[1], its[0]))

    def doers(self) -> list[str]:
        """Everybody who has a part in the history, by name, who has none last."""
        history = self.history
        found = {one.author for one in history.ideas.values()} | {one.lead for one in history.campaigns}
        found |= {one.worker for one in history.work_of.values()} | {one.opener for one in history.disputes}
        found |= {one.account for jurors in history.jurors.values() for one in jurors}
        found |= {who for one in history.payments for who in (one.payee, one.to)}
        return sorted(found, key=lambda it: (self.who(it) == it, self.who(it).casefold()))

    def document(self, digest: bytes | None) -> Document | Unreadable | None:
        """A document, as far as it was published."""
        return self.history.documents.get(digest or b"")

    def title(self, digest: bytes | None, fallback: str, anchor: str = "", **told: Any) -> Title:
        """A document's title; what stands for it where it was not published."""
        found = self.document(digest)
        if found is None:
            return Title(self.say("untitled", fallback, **told))
        return Title(found.title, getattr(found, "lang", "und"), anchor)

    def idea(self, its: ideas.Idea | campaigns.Campaign) -> Title:
        """An idea's title; a campaign's is its idea's."""
        digest, place = self.history.ideas[its.round, its.number].digest, {"round": its.round, "number": its.number}
        return self.title(digest, "idea", f"idea-{its.round}-{its.number}", **place)

    def work(self, one: submissions.Submission) -> Title:
        """A submission's title, or that of lessons."""
        anchor = f"lessons-{one.lessons_of}" if one.lessons_of else f"work-{one.submission}"
        return self.title(one.evidence, "work", anchor, submission=one.submission)

    def source(self, one: disputes.Dispute) -> str:
        """Where the jurors of a dispute come from: points, votes, another arbitrator, or nowhere as yet."""
        if one.is_contested:
            return "nobody"
        return ("points" if one.is_from_reputation else "votes") if one.has_jury else "other"

    def weight(self, one: disputes.Dispute, units: int) -> str:
        """A juror's weight: whole points or votes tokens."""
        return f"{units // (WAD if one.is_from_reputation else 10 ** self.unit('votes')[0]):,}"
