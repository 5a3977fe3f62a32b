"""What there is to tell: facts as they happened, and what waits for somebody, as ``dmo status`` has it.

A time is never worked out here: ``since`` and ``until`` are the chain's own, by way of what is due.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from dmo.capabilities import documents, noticed_outcomes
from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign, terms
from dmo.capabilities.documents import TITLE
from dmo.capabilities.ideas import IDEA, Idea, Settled, frame, idea_title, ideas
from dmo.capabilities.lens import CAMPAIGN, MONEY, WORK
from dmo.capabilities.payments import NUMBERS
from dmo.capabilities.rooted import among, payee, root
from dmo.capabilities.rounds import clock
from dmo.capabilities.submissions import Submission, submissions
from dmo.core import due, kinds
from dmo.core.chain import Event
from dmo.core.due import Item
from dmo.core.errors import NetworkError
from dmo.core.kinds import ACCOUNT, COIN, NUMBER, TEXT, Value
from dmo.core.notices import EVERYONE, WHEN, Notice
from dmo.home.home import Home
from dmo.home.rounds import round_times

_log = logging.getLogger(__name__)
DAY = 86_400
GROUPS: dict[str, tuple[str, ...]] = {
    "ideas": ("funded", "unfunded"),
    "work": ("judge",),
    "judged": ("accepted", "rejected", "reworked", "released"),
    "disputes": ("uphold", "opened", "challenged", "contested", "commit", "reveal"),
    "paid": ("paid", "credited", "withdrawn"),
    "credit": ("credit",),
    "vote": ("vote",),
    "outcomes": noticed_outcomes.KINDS,
    "balance": ("balance",),
}
"""What can be wanted, and the notices that it means."""
_PARTS: dict[str, tuple[str, tuple[int, ...]]] = {
    "judge": ("since", (0, 50, 90)),
    "uphold": ("since", (0, 90)),
    "rejected": ("since", (0, 90)),
    "reworked": ("since", (0, 90)),
    "commit": ("opened_at", (0, 90)),
    "reveal": ("commit_until", (0, 50, 90)),
    "opened": ("opened_at", (0,)),
    "challenged": ("opened_at", (0,)),
    "contested": ("opened_at", (0,)),
    "outcome_report": ("starts", (0, 90)),
}
"""Of what waits for somebody: since when, and at how many percent of its time it is told."""
_LAST = {"vote": DAY, "credit": 30 * DAY, "outcome_credit": 30 * DAY}
"""What is told once, so long before its end (seconds)."""
_LAPSED = 7 * DAY
"""How long a round that has lapsed is looked at."""
_WORK = tuple(f"CampaignEscrow.Work{name}" for name in ("Submitted", "Reworked", "Accepted", "Rejected", "Released"))
_OF_WORK = (*_WORK, "CampaignEscrow.LessonsFiled", "DisputeDesk.RejectionContested", "DisputeDesk.DisputeOpened")
_PAID = tuple(f"CampaignEscrow.{name}" for name in ("PayeePaid", "PayeeCredited", "BondPaid", "BondCredited"))
_OWN = ("IdeaBoard.IdeaFunded", "IdeaBoard.RoundSettled", *_OF_WORK, *_PAID, "CampaignEscrow.CreditWithdrawn")
NAMES = (*_OWN, *noticed_outcomes.NAMES)
"""The events that notices follow from."""
_REASON = kinds.choice("notice_unfunded", "fell_short", "did_not_fit", "lapsed")


# ── what happened ──


def happened(home: Home, found: Sequence[tuple[str, Event]], accounts: Iterable[str]) -> Iterator[Notice]:
    """What facts tell these accounts, and everyone if they are among them."""
    known = set(accounts)
    paid = list[Event]()
    for contract, event in found:
        name = f"{contract}.{event.name}"
        if name == "IdeaBoard.IdeaFunded":
            yield from _funded(home, event, known)
        elif name == "IdeaBoard.RoundSettled":
            number = event.arguments["round"]
            left = _left(home, number, event.block)  # in one transaction the round is told first
            yield from _unfunded(home, number, left, event.at, known, **root(event, f"round {number}"))
        elif name == "CampaignEscrow.WorkReleased":
            number = event.arguments["submission"]
            values = _work(home, home.facts(Submission)[number])
            for who in among(known, values["worker"].value):
                told = (values, ("submission", "reward"))
                yield Notice("released", f"{number}", who, event.at, *told, **root(event, f"submission {number}"))
        elif contract == "Outcomes" and name in NAMES:
            yield from noticed_outcomes.happened(home, event, known)
        elif name in _OWN and name not in _OF_WORK:
            paid.append(event)
    yield from _paid(paid, known)


def _funded(home: Home, event: Event, known: set[str]) -> Iterator[Notice]:
    told = event.arguments
    key, number = (told["round"], told["number"]), told["campaign"]
    idea = home.facts(Idea)[key]
    values = {"idea": IDEA(key), "title": TITLE(idea_title(home, *key)), "amount": MONEY(told["ask"])}
    values |= {"campaign": CAMPAIGN(number), "lead": ACCOUNT(idea.lead)}
    its = root(event, f"idea {key[0]}/{key[1]}")
    for who in among(known, idea.author, idea.lead):
        yield Notice("funded", IDEA.show(home, key), who, event.at, values, ("amount", "campaign"), **its)


def _left(home: Home, number: int, until: int = 2**62) -> list[int]:
    """The ideas of a round that were neither funded nor withdrawn up to a block."""

    def named(event: str) -> list[int]:
        found = home.events(f"IdeaBoard.{event}", round=number)
        return [one.arguments["number"] for one in found if one.block <= until]

    over = {*named("IdeaFunded"), *named("IdeaWithdrawn")}
    return [one for one in named("IdeaPosted") if one not in over]


def _unfunded(home: Home, number: int, left: Sequence[int], at: int, known: set[str], **more: Any) -> Iterator[Notice]:
    """The ideas of a round that is over, which were not funded."""
    if not any(among(known, one.author, one.lead) for n in left for one in [home.facts(Idea)[number, n]]):
        return
    for one in ideas(home, number):
        if one.number not in left:
            continue
        reason = "fell_short" if not one.is_passing else "did_not_fit" if "root" in more else "lapsed"
        values = {"idea": IDEA((number, one.number)), "title": TITLE(idea_title(home, number, one.number))}
        values |= {"amount": MONEY(one.ask), "reason": _REASON(reason)}
        for who in among(known, one.author, one.lead):
            yield Notice("unfunded", f"{number}/{one.number}", who, at, values, ("reason",), **more)


def _paid(found: Sequence[Event], known: set[str]) -> Iterator[Notice]:
    """Payments, those of a transaction to an account together."""

    def key(event: Event) -> tuple[str, str, str]:
        said = "withdrawn" if event.name == "CreditWithdrawn" else "credited" if "Credited" in event.name else "paid"
        return event.tx, payee(event), said

    for (_, account, kind), its in groupby(sorted(found, key=lambda one: (one.block, *key(one), one.index)), key):
        events = list(its)
        first, sums = events[0], {"amount": 0, "bonds": 0}
        for one in events:
            sums["bonds" if one.name.startswith("Bond") else "amount"] += one.arguments["amount"]
        numbers = sorted({one.arguments["submission"] for one in events if one.arguments.get("submission")})
        values = {name: MONEY(amount or None) for name, amount in sums.items()}
        values |= {"total": MONEY(sum(sums.values())), "works": NUMBERS(numbers), "who": ACCOUNT(account)}
        values |= {"to": ACCOUNT(first.arguments["to"])} if kind == "withdrawn" else {}
        its_root = root(first, f"account {account}")
        for who in among(known, account):
            yield Notice(kind, account, who, first.at, values, ("amount", "bonds", "works"), **its_root)


# ── what waits ──


def waits(home: Home, accounts: Iterable[str]) -> Iterator[Notice]:
    """What waits for these accounts now, and has come to a time at which it is told."""
    accounts = sorted(accounts)
    due.look_ahead(home, [account for account in accounts if account != EVERYONE])
    for account in accounts:
        if account != EVERYONE:
            for item in due.items(home, account, spare):
                is_own_doing = item.kind == "opened" and not item.values["upholder"].value
                if (item.kind in _PARTS or item.kind in _LAST) and not is_own_doing:
                    yield from _waiting(home, item, account)
    known = set(accounts)
    for one in submissions(home) if known - {EVERYONE} else ():
        if one.status == "accepted" and one.worker in known:
            values = {**_work(home, one), "payable_from": WHEN(one.status_until)}
            its = {**_root_of_work(home, one.submission), "at": _accepted_at(home, one)}
            facts = ("submission", "reward", "payable_from")
            yield Notice("accepted", f"{one.submission}", one.worker, values=values, facts=facts, lasts=True, **its)
    yield from noticed_outcomes.stands(home, known)
    yield from _lapsed(home, known)


def spare(error: Exception) -> None:
    """What a stranger made of one thing stops no other; a node that fails is asked again for all."""
    if isinstance(error, NetworkError):
        raise error
    _log.warning("left out: %s", error)


def _waiting(home: Home, item: Item, account: str) -> Iterator[Notice]:
    values: dict[str, Value] = {**item.values, "count": NUMBER(item.count), "who": ACCOUNT(account)}
    values |= {"until": WHEN(item.until), "command": TEXT(item.command)}
    its: dict[str, Any] = {"at": home.now}
    if "submission" in values:
        number = values["submission"].value
        values |= _work(home, home.facts(Submission)[number])
        its = _root_of_work(home, number)
    elif item.kind == "credit":
        its = _root_of_credit(home, account)
    elif item.kind == "outcome_report":
        its = noticed_outcomes.root_of_campaign(home, values["campaign"].value)
    begun, parts = _PARTS.get(item.kind, ("", (0,)))
    start = values[begun].value or its["at"] if begun else item.until - _LAST[item.kind]
    voting = clock(home).voting if item.kind == "vote" else None
    start = max(start, voting.voting_opens) if voting else start
    times = [(part, start + (item.until - start) * part // 100) for part in parts]
    if past := [one for one in times if one[1] <= home.now]:
        part, at = past[-1]
        about = f"{item.command} {part}" if its.get("root") else f"{item.command} {item.until}"
        facts = [name for name in ("until", "submission", "reward", "stake", "amount") if name in values]
        more = {key: value for key, value in its.items() if key != "at"}
        yield Notice(item.kind, about, account, at, values, facts, lasts=True, **more)


def _work(home: Home, one: Submission) -> dict[str, Value]:
    """What there is to say of work."""
    bounties = home.facts(Bounty)
    of_lessons = (its for its in bounties.values() if its.is_lessons and its.campaign == one.lessons_of)
    bounty = bounties[one.bounty] if one.bounty else next(of_lessons)
    title = "" if bounty.is_lessons else documents.title(home, bounty.brief)
    lead = home.facts(Campaign)[bounty.campaign].lead
    values = {"submission": WORK(one.submission), "worker": ACCOUNT(one.worker), "lead": ACCOUNT(lead)}
    return values | {"title": TITLE(title), "reward": MONEY(bounty.reward), "campaign": CAMPAIGN(bounty.campaign)}


def _accepted_at(home: Home, one: Submission) -> int:
    """When it was accepted, if only by silence, which no event tells."""
    its = home.facts(Campaign)[home.facts(Bounty)[one.bounty].campaign]
    return one.status_until - terms(home, its.terms_id).challenge_seconds


def _root_of_work(home: Home, number: int) -> dict[str, Any]:
    last = home.events(*_OF_WORK, submission=number)[-1]
    return {"at": last.at, **root(last, f"submission {number}")}


def _root_of_credit(home: Home, account: str) -> dict[str, Any]:
    names = {"CampaignEscrow.PayeeCredited": "payee", "CampaignEscrow.BondCredited": "to"}
    found = [one for name, key in names.items() for one in home.events(name, **{key: account})]
    last = max(found, key=lambda one: (one.block, one.index))
    return {"at": last.at, **root(last, f"account {account}")}


def _lapsed(home: Home, known: set[str]) -> Iterator[Notice]:
    """The ideas of rounds that nobody settled in time."""
    numbers = {one.round for one in home.facts(Idea).values()} - {*home.facts(Settled)}
    for number in sorted(numbers):
        at = round_times(frame(home), number).lapses_at
        if at <= home.now < at + _LAPSED:
            for one in _unfunded(home, number, _left(home, number), at, known):
                yield Notice(one.kind, one.about, one.account, at, one.values, one.facts, lasts=True)


def balances(home: Home, least: Mapping[str, int]) -> Iterator[Notice]:
    """Accounts that have fewer coins than somebody wants them to have, in wei."""
    for account, amount in least.items():
        held = home.snapshot.chain.balance(account)
        if held < amount:
            values = {"who": ACCOUNT(account), "balance": COIN(held), "least": COIN(amount)}
            yield Notice("balance", account, account, home.now, values, (), lasts=True)
