"""Badges and who has earned them: classes, holders, and the witness that shows a rule what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dmo.capabilities.appraised import OUTCOMES
from dmo.capabilities.disputes import JURY
from dmo.capabilities.ideas import Idea, Settled
from dmo.capabilities.lens import ZERO
from dmo.core import abi
from dmo.core.chain import Read
from dmo.core.errors import Refused
from dmo.home.home import Home

BADGES, RULE, REPUTATION, BOARD = "Badges", "BadgeRule", "Reputation", "IdeaBoard"
BASES = ("other", "points", "rulings", "funded_idea", "outcome")
"""What a rule goes by, by the contracts' numbers."""
_SOURCES = {"points": REPUTATION, "rulings": JURY, "funded_idea": BOARD, "outcome": OUTCOMES}
_CLASS_AT = 160
_PART = 100
"""A juror's part that counts: a hundredth of its dispute's quorum."""
_FINAL = 2


class BadgeClass(NamedTuple):
    """A class of badges; ``basis`` is one of ``BASES``, ``least`` in WAD points, a number, or ppm."""

    badge: int
    title: str
    rule: str
    art: bytes
    basis: str = "other"
    least: int = 0
    is_ours: bool = False
    """Whether the rule asks a contract of this deployment, whose log we have."""


class BadgeHolder(NamedTuple):
    """Who has a badge, and since when (Unix seconds)."""

    account: str
    since: int


@dataclass(frozen=True)
class HeldBadges:
    """Who has badges, and who burned one and has it no more, by class."""

    holders: dict[int, dict[str, BadgeHolder]]
    burned: set[tuple[int, str]]

    def of(self, badge: int) -> list[BadgeHolder]:
        """Who has a badge, who came first before others."""
        return sorted(self.holders.get(badge, {}).values(), key=lambda one: (one.since, one.account))

    def state(self, badge: int, account: str) -> str:
        """What an account has of a class: held, burned, or nothing."""
        if account in self.holders.get(badge, {}):
            return "held"
        return "burned" if (badge, account) in self.burned else ""


def has_badges(home: Home) -> bool:
    """Whether there is a room of badges."""
    return BADGES in home.dmo.addresses


def token_of(badge: int, account: str) -> int:
    """A badge's token."""
    return badge << _CLASS_AT | int(account, 16)


def rule_reads(home: Home) -> list[Read]:
    """What rules say of themselves."""
    added = home.events(f"{BADGES}.ClassAdded") if has_badges(home) else []
    return [Read(RULE, one.arguments["rule"], view) for one in added for view in ("basis", "least", "source")]


def classes(home: Home) -> list[BadgeClass]:
    """All classes, asked what their rules go by in one batch; a rule that does not say it has one of its own."""
    if not has_badges(home):
        return []
    answers = iter(home.snapshot.try_read(rule_reads(home)))
    found = []
    for event in home.events(f"{BADGES}.ClassAdded"):
        told, (basis, least, source) = event.arguments, (next(answers) for _ in range(3))
        one = BadgeClass(told["class"], told["title"], told["rule"], bytes(told["art"]))
        if not any(isinstance(its, Refused) for its in (basis, least, source)) and int(basis) < len(BASES):
            name = BASES[int(basis)]
            ours = home.dmo.addresses.get(_SOURCES.get(name, ""), "").lower()
            one = one._replace(basis=name, least=least, is_ours=source.lower() == ours)
        found.append(one)
    return found


def held(home: Home) -> HeldBadges:
    """Who has which badge, from the transfers; nobody passes one on."""
    holders: dict[int, dict[str, BadgeHolder]] = {}
    burned: set[tuple[int, str]] = set()
    for event in home.events(f"{BADGES}.Transfer") if has_badges(home) else ():
        badge, told = event.arguments["tokenId"] >> _CLASS_AT, event.arguments
        if told["from"] == ZERO:
            holders.setdefault(badge, {})[told["to"]] = BadgeHolder(told["to"], event.at)
            burned.discard((badge, told["to"]))
        else:
            holders.get(badge, {}).pop(told["from"], None)
            burned.add((badge, told["from"]))
    return HeldBadges(holders, burned)


def titles_of(home: Home, account: str) -> list[str]:
    """What the badges of an account are called, by class."""
    told = [one.arguments for one in home.events(f"{BADGES}.ClassAdded")] if has_badges(home) else []
    has = held(home)
    return [one["title"] for one in told if has.state(one["class"], account) == "held"]


# ── witnesses ───────────────────────────────────────────────────────────────────────────────────


def witness_reads(home: Home, account: str) -> list[Read]:
    """What is asked to find any witness of an account, as far as events tell of what could be one."""
    found = [home.reading(REPUTATION, "getPastVotes", account, moment) for moment in _moments(home, account)]
    for dispute in _judged(home, account):
        found += _judging(home, account, dispute)
    return [*found, *(home.reading(OUTCOMES, "outcomeOf", campaign) for campaign in _reported(home))]


def witnesses(home: Home, account: str, found: Sequence[BadgeClass]) -> dict[int, list[int]]:
    """Class → words that show its rule that an account has earned it, where the log has any."""
    told = {}
    home.snapshot.try_read(witness_reads(home, account) if any(one.is_ours for one in found) else [])
    for one in found:
        words = _witness(home, account, one) if one.is_ours else None
        if words:
            told[one.badge] = words
    return told


def packed(words: Sequence[int]) -> bytes:
    """A witness as rules take it: words of 32 bytes."""
    return b"".join(word.to_bytes(32, "big") for word in words)


def _witness(home: Home, account: str, one: BadgeClass) -> list[int] | None:
    if one.basis == "points":
        enough = (moment for moment, points in _points(home, account) if points >= one.least)
        return _first(enough)
    if one.basis == "rulings":
        disputes = [its for its in _judged(home, account) if _is_right(home, account, its)]
        return disputes[: one.least] if len(disputes) >= one.least else None
    if one.basis == "funded_idea":
        return _first(_funded(home, account))
    if one.basis == "outcome":
        return _first(_reached(home, account, one.least))
    return None


def _first(found: Iterator[int]) -> list[int] | None:
    one = next(found, None)
    return None if one is None else [one]


def _moments(home: Home, account: str) -> list[int]:
    """Moments that are over, from which on an account's points counted: between two of them points only fade."""
    told = home.events(f"{REPUTATION}.PointsAwarded", account=account)
    return sorted({one.arguments["countsFrom"] for one in told if one.arguments["countsFrom"] < home.now})


def _points(home: Home, account: str) -> Iterator[tuple[int, int]]:
    moments = _moments(home, account)
    answers = home.read([home.reading(REPUTATION, "getPastVotes", account, moment) for moment in moments])
    yield from zip(moments, answers, strict=True)


def _judged(home: Home, account: str) -> list[int]:
    """Disputes in which an account revealed, ascending."""
    told = home.events(f"{JURY}.RulingRevealed", juror=account)
    return sorted({one.arguments["disputeID"] for one in told})


def _is_right(home: Home, account: str, dispute: int) -> bool:
    """Whether an account is on the side that ruled, with a weight that mattered; where none ruled nobody is."""
    (start, end), case, ruling = home.read(_judging(home, account, dispute))
    quorum: int = abi.named(JURY, "caseOf", case)["quorum"]
    return bool(ruling and end != start and (end - start) * _PART >= quorum)


def _judging(home: Home, account: str, dispute: int) -> list[Read]:
    asked = {"shareOf": (dispute, account), "caseOf": (dispute,), "currentRuling": (dispute,)}
    return [home.reading(JURY, view, *arguments) for view, arguments in asked.items()]


def _funded(home: Home, account: str) -> Iterator[int]:
    """Campaigns that an author's ideas became."""
    settled = home.facts(Settled)
    for one in home.facts(Idea).values():
        if one.campaign and one.author == account and one.round in settled:
            yield one.campaign


def _reported(home: Home) -> list[int]:
    """Campaigns that anybody reported on, ascending."""
    told = home.events(f"{OUTCOMES}.OutcomeReported") if OUTCOMES in home.dmo.addresses else ()
    return sorted({one.arguments["campaign"] for one in told})


def _reached(home: Home, account: str, least: int) -> Iterator[int]:
    campaigns = _reported(home)
    answers = home.read([home.reading(OUTCOMES, "outcomeOf", campaign) for campaign in campaigns])
    for campaign, (state, ppm, lead) in zip(campaigns, answers, strict=True):
        if int(state) == _FINAL and ppm >= least and lead.lower() == account.lower():
            yield campaign
