"""Feeds of what happened and calendars of what ends, of what notices tell and `dmo status --calendar` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.noticed import NAMES, happened, spare, waits
from dmo.capabilities.status import moments
from dmo.capabilities.submissions import Submission
from dmo.core import due, words
from dmo.core.atom import FeedEntry, feed
from dmo.core.chain import Event
from dmo.core.ics import calendar
from dmo.core.notices import EVERYONE, Notice
from dmo.faces.web import answers, marks
from dmo.home.home import Home

ATOM, ICS = "application/atom+xml", "text/calendar"
FEEDS = ("", "/round/{round}", "/campaign/{campaign}", "/account/{account}")
CALENDARS = ("", "/account/{account}")
"""What has a feed, and a calendar; those of all have no path."""
_ENTRIES = 200
_FIRST_BLOCKS = 20_000
_OF = {"submission": "/work/{}", "campaign": "/campaign/{}", "idea": "/idea/{0[0]}.{0[1]}"}
"""What an entry leads to, by what it speaks of."""


def atom(home: Home, named: Mapping[str, str]) -> str:
    """The feed of all, or of the one thing that is named. Raises BadInput: that is no account."""
    account = (answers.account_of(named["account"]) if "account" in named else None) or EVERYONE
    found = [*happened(home, _latest(home), {account}), *waits(home, {account})]
    told = sorted((one for one in found if _is_about(home, one, named)), key=lambda one: (-one.at, one.key))
    entries = [
        FeedEntry(f"{one.key} {one.account}", *one.laid(home)[:2], one.at, one.at, _link(one))
        for one in told[:_ENTRIES]
    ]
    mark = " ".join([str(home.dmo.chain_id), home.dmo.address("IdeaBoard"), *(f"{k} {v}" for k, v in named.items())])
    return feed(mark, title(home.dmo.name, named), entries)


def ics(home: Home, named: Mapping[str, str]) -> str:
    """The calendar of the votes and of what anybody can do, or an account. Raises BadInput: it is none."""
    account = answers.account_of(named["account"]) if "account" in named else None
    return calendar(home.dmo.name, home.now, sorted(set(moments(home, due.items(home, account, spare)))))


def title(name: str, named: Mapping[str, str], what: str = "feed") -> str:
    """What a feed, or a calendar, is called."""
    of = next((f"{words.load()['face']['page'][noun]['title']} {which}" for noun, which in named.items()), "")
    return " – ".join(part for part in (name, of, words.load()["face"]["follow"][what]) if part)


def links(name: str, path: str, named: Mapping[str, str], account: str | None) -> list[tuple[str, str, str]]:
    """The feeds and calendars of a page: path, media type, title; what is of one's own first."""
    whose = {"account": account} if account else {}
    own = [(path.format(**named), named)] if path in FEEDS[1:] and named else []
    own += [(f"/account/{account}", whose)] if account and dict(whose) != dict(named) else []
    found = [(f"{at}/feed.atom", ATOM, _short(name, its)) for at, its in [*own, ("", {})]]
    calendars = [(at, its) for at, its in own if "account" in its] or [("", {})]
    return [*found, *((f"{at}/calendar.ics", ICS, _short(name, its, "calendar")) for at, its in calendars)]


def _short(name: str, named: Mapping[str, str], what: str = "feed") -> str:
    """The same title where it stands on a page."""
    return title(name, {key: marks.short(one) if key == "account" else one for key, one in named.items()}, what)


def _latest(home: Home) -> list[tuple[str, Event]]:
    """The latest facts that notices follow from: as many as a feed holds, or all."""
    head, span = home.snapshot.head, _FIRST_BLOCKS
    while True:
        above = head.number - span
        found = home.snapshot.news(NAMES, above)
        if len(found) >= _ENTRIES or above <= home.dmo.birth:
            return found
        span *= 8


def _is_about(home: Home, one: Notice, named: Mapping[str, str]) -> bool:
    if "round" in named:
        return "idea" in one.values and str(one.values["idea"].value[0]) == named["round"]
    if "campaign" in named:
        return named["campaign"] in set(map(str, _campaigns(home, one.values)))
    return True


def _campaigns(home: Home, values: Mapping[str, Any]) -> Iterator[int]:
    """The campaigns that a notice is about."""
    if "campaign" in values:
        yield values["campaign"].value
    for number in values["works"].value if "works" in values else ():
        one = home.facts(Submission)[number]
        yield one.lessons_of or home.facts(Bounty)[one.bounty].campaign


def _link(one: Notice) -> str:
    found = ((key, one.values[key].value) for key in _OF if key in one.values)
    of_account = "" if one.account == EVERYONE else f"/account/{one.account}"
    return next((_OF[key].format(value) for key, value in found if value), of_account)
