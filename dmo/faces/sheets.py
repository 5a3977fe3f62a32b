"""The report's tables: rows as data with their kinds; columns and titles stand in the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.ends import Ruling
from dmo.capabilities.history import History, RoundHeld
from dmo.capabilities.submissions import Submission
from dmo.core import words
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Kind, Value, choice, listed
from dmo.core.view import Table, View
from dmo.faces.pictures import steps
from dmo.faces.svg import cut
from dmo.faces.told import DATE, DAY, MONEY, POINTS, SPAN, TITLE, VOTES, Told

__all__ = ["MARKED", "SHEETS", "STRONG", "Sheet", "closing_views", "sheet", "story", "units"]

Row = Mapping[str, Any]
_NO_RULING = ("open", "no_ruling")
_RULED = ("challenge_won", "challenge_lost", "rejection_overturned", "rejection_upheld")
STRONG = frozenset((*_RULED, "funded"))
"""Outcomes that stand out."""
MARKED = "TAG"
"""Kinds of this name are short remarks, which stand in a frame."""
OUTCOME = choice("dispute_ending", *_NO_RULING, *_RULED, name=MARKED)
_IDEA = choice("idea_outcome", "withdrawn", "replaced", "funded", "did_not_fit", "did_not_pass", name=MARKED)
_LINK = choice("idea_link", "builds", "replaces", name=MARKED)
_STORY = listed(choice("work_story"))
_SOURCE = choice("moved_source", "bond", "reward", "fee", "worker_bond")
_TO = choice("moved_to", "back", "account", "jurors", "pool", "payees", "free")
_SHORT = Kind("TITLE", TEXT.read, lambda told, it: cut(it[0], 50))
_MOVE = {"amount": MONEY, "source": _SOURCE, "to": _TO, "who": ACCOUNT}


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def _campaigns(told: Told, _: None) -> Iterator[Row]:
    history = told.history
    for one in history.campaigns:
        number, spent = one.campaign, history.spent[one.campaign]
        posted, paid = history.at("IdeaPosted", one.round, one.number), history.first_payment(number)
        span = paid - posted if paid and posted else None
        yield {
            **spent._asdict(),
            "campaign": number,
            "title": told.idea(one.round, one.number),
            "lead": one.lead,
            "voted": one.ask,
            "lost": spent.to_jurors + spent.won,
            "posted": posted,
            "funded": history.at("CampaignFunded", number),
            "paid": paid,
            "filed": history.at("LessonsFiled", number),
            "closed": history.closed_at(number),
            "span": span,
            "days": str(span // 86_400) if span else None,
        }


def _bonds(told: Told, _: None) -> Iterator[Row]:
    yield {**told.history.bonds._asdict(), "held": told.history.bonds.held}


def _ideas(told: Told, one: RoundHeld | None) -> Iterator[Row]:
    for its in told.history.ideas:
        if one is None or its.round == one.number:
            former = told.history.replaces.get((its.round, its.number))
            yield {
                "place": f"{its.round}.{its.number}",
                "title": (title := told.idea(its.round, its.number)),
                "short": title,
                "author": its.author,
                "ask": its.ask,
                "for_votes": its.for_votes,
                "against": its.against_votes,
                "net": its.net,
                "outcome": told.history.outcome(its),
                "builds": "builds" if its.builds_on else None,
                "builds_on": f"{its.builds_on_round}.{its.builds_on_number}",
                "replaces": "replaces" if former else None,
                "former": f"{its.round}.{former}",
            }


def story(told: Told, one: Submission) -> list[str]:
    """What happened to a submission."""
    history, number = told.history, one.submission
    dispute = history.dispute_of.get(number)
    happened = {
        key: history.at(f"Work{key.title()}", number)
        for key in ("rejected", "reworked", "withdrawn", "accepted", "paid", "released")
    }
    told_of = [key for key in ("rejected", "reworked", "withdrawn", "accepted") if happened[key]]
    if not happened["accepted"] and (history.is_silent(one) or (dispute and dispute.is_challenge)):
        told_of.append("silent")
    if dispute:
        told_of.append("challenged" if dispute.is_challenge else "disputed")
        ending = history.ending(dispute)
        told_of += [ending] if ending != "open" else []
    told_of += [key for key in ("paid", "released") if happened[key]][:1]
    return told_of or ["review"]


def _work(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.work:
        bounty = told.history.bounties[one.bounty]
        yield {
            "submission": one.submission,
            "title": told.work(one.submission),
            "worker": one.worker,
            "reward": bounty.reward,
            "gift": "gift" if bounty.is_gift else None,
            "submitted": told.history.at("WorkSubmitted", one.submission),
            "story": story(told, one),
        }


def _payments(told: Told, _: None) -> Iterator[Row]:
    titles = {one.campaign: told.idea(one.round, one.number) for one in told.history.campaigns}
    for one in told.history.payments:
        kind = told.word("payment_kind", one.kind)
        yield {
            **one._asdict(),
            "to": one.to if one.to != one.payee else None,
            "what": told.say("payment_kind", "credited", kind=kind) if one.is_credited else kind,
            "title": titles.get(one.campaign, (told.word("untitled", "none"), "")),
        }


def _batches(told: Told, _: None) -> Iterator[Row]:
    """Payments one by one, but jurors of one transaction together."""
    paid = enumerate(told.history.payments)

    def together(pair: tuple[int, Any]) -> tuple[Any, ...]:
        one = pair[1]
        return (one.tx, one.kind, one.is_credited, None if one.kind == "juror" else pair[0])

    for _key, group in groupby(paid, together):
        same = [one for _, one in group]
        first, is_many = same[0], len(same) > 1
        kind = "credited" if first.is_credited else "plain"
        yield {
            "day": first.at,
            "many": told.say("payment_short", "jurors", count=len(same)) if is_many else None,
            "payee": None if is_many else first.payee,
            "to": first.to if first.to != first.payee else None,
            "amount": sum(one.amount for one in same),
            "what": told.say("payment_short", kind, kind=first.kind),
            "campaign": first.campaign or None,
        }


def _people(told: Told, _: None) -> Iterator[Row]:
    """Everybody who was paid."""
    history = told.history
    accounts = {payment.payee for payment in history.payments}
    points = {account: (history.standing.get(account) or (0,))[-1] for account in accounts}
    for account in sorted(accounts, key=lambda a: (-points[a], told.who(a))):
        paid = (p.amount for p in history.payments if p.payee == account and p.campaign)
        awarded = (award.points for award in history.awards if award.account == account)
        sums = {"earned": sum(paid), "awarded": sum(awarded)}
        yield {"account": account, **sums, "points": points[account]}


def _proposals(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.proposals:
        times = {"proposed": "ProposalCreated", "executed": "ProposalExecuted"}
        found = {key: told.history.at(name, one.proposal_id) for key, name in times.items()}
        votes = {"in_favour": one.in_favour, "against": one.against, "abstain": one.abstain}
        yield {"title": (one.title, ""), "proposer": one.proposer, **votes, **found}


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


def _disputes(told: Told, only: Dispute | None) -> Iterator[Row]:
    history = told.history
    for one in history.disputes:
        if only in (None, one):
            number, title = one.submission, told.work(one.submission)
            ending, source = history.ending(one), told.jurors_from(one)
            jurors = history.jurors.get(number, ())
            count = sum(juror.revealed_at is not None for juror in jurors)
            silent = [told.who(juror.account) for juror in jurors if juror.revealed_at is None]
            own = title[0] if number in history.work_of else told.word("jurors_heard", "lessons")
            people = {"opener": told.who(one.opener), "lead": told.who(one.lead)}
            counted = {"count": count, "source": source, "title": cut(own, 40), **people}
            outcome = told.word("dispute_ending", ending)
            heard = "counted" if one.has_jury else "other"
            judged = ("points" if one.is_from_reputation else "votes") if one.has_jury else "other"
            yield {
                "submission": number,
                "title": title,
                "opener": one.opener,
                "lead": one.lead,
                "bond": one.bond,
                "heard": told.say("jurors_heard", heard, **counted),
                "about": told.say("jurors_heard", "about", outcome=outcome, **counted),
                "outcome": ending,
                "got": [{**row, "said": row["to"]} for row in _moves(told, one) if row["is_settlement"]],
                "disputes_what": told.word("disputes_what", one.kind),
                "judged": judged,
                "source": source,
                "arbitrator": one.arbitrator,
                "settled_at": one.settled_at,
                "silent": told.say("jurors_silent", "many" if silent[1:] else "one", who=", ".join(silent)),
            }


def _moves(told: Told, one: Dispute) -> Iterator[Row]:
    """What the end of a disputed submission moved, the reward and the worker's bond included."""
    end, work = one.settlement, told.history.work_of.get(one.submission)
    if end is None:
        return
    accounts = {"opener": end.opener, "worker": work.worker if work else one.lead}
    if work is not None:
        bounty = told.history.bounties[work.bounty]
        to = "payees" if one.is_paid else "free"
        own = {"who": work.worker, "is_settlement": False}
        yield {"amount": bounty.reward - end.cut, "source": "reward", "to": to, **own}
        if bounty.bond:
            to = "back" if one.is_paid or end.keeps_worker_bond else "pool"
            yield {"amount": bounty.bond, "source": "worker_bond", "to": to, **own}
    for move in end.moves:
        is_back = move.source == "bond" and move.to == "opener"
        to = "back" if is_back else "account" if move.to in accounts else move.to
        own = {"who": accounts.get(move.to), "is_settlement": True}
        yield {"amount": move.amount, "source": move.source, "to": to, **own}


def _steps(told: Told, one: Dispute) -> Iterator[Row]:
    none = (told.word("untitled", "none"), "")
    for moments, what, _, digest in steps(told, one):
        document = told.title(digest, "paper") if digest else none
        when = {"since": min(moments), "until": max(moments)}
        yield {**when, "what": what, "document": document}


def _jurors(told: Told, one: Dispute) -> Iterator[Row]:
    for juror in told.history.jurors.get(one.submission, ()):
        is_revealed = juror.revealed_at is not None
        ruling = "pay" if juror.ruling is Ruling.PAY else "refuse"
        yield {
            "account": juror.account,
            "ruling": ruling if is_revealed else "silent",
            "weight": told.weight(one, juror.weight) if is_revealed else None,
            "paid": juror.paid,
        }


def _gas(told: Told, gas: Mapping[str, Sequence[int]]) -> Iterator[Row]:
    for act, its in sorted(gas.items()):
        used = sorted(its)
        named = zip(("least", "median", "most"), (0, len(used) // 2, -1), strict=True)
        yield {"act": act, "times": len(used), **{key: f"{used[at]:,}" for key, at in named}}


# ── tables ──────────────────────────────────────────────────────────────────────────────────────

_SPENT = ("voted", "gifts", "work_paid", "gift_paid", "fee_paid", "to_jurors", "won", "left", "lost")
_TIMES = dict.fromkeys(("posted", "funded", "paid", "filed", "closed"), DATE)
_CAMPAIGNS = (
    {
        "campaign": NUMBER,
        "title": TITLE,
        "lead": ACCOUNT,
        **dict.fromkeys(_SPENT, MONEY),
        **_TIMES,
        "span": SPAN,
        "days": TEXT,
    },
    _campaigns,
)
_PAID = {"campaign": NUMBER, "payee": ACCOUNT, "to": ACCOUNT, "amount": MONEY, "what": TEXT}
_DISPUTE = {
    **dict.fromkeys(("opener", "lead", "arbitrator"), ACCOUNT),
    **dict.fromkeys(("heard", "about", "disputes_what", "source", "silent"), TEXT),
    "submission": NUMBER,
    "title": TITLE,
    "bond": MONEY,
    "outcome": OUTCOME,
    "got": words.lines("moved_line", _MOVE),
    "judged": choice("dispute_judged", "points", "votes", "other"),
    "settled_at": DATE,
}
SHEETS: dict[str, tuple[Mapping[str, Kind], Callable[[Told, Any], Iterator[Row]]]] = {
    "campaigns": _CAMPAIGNS,
    "times": _CAMPAIGNS,
    "bonds": (dict.fromkeys(("put_up", "returned", "to_jurors", "won", "to_pool", "held"), MONEY), _bonds),
    "ideas": (
        {
            "place": TEXT,
            "title": TITLE,
            "short": _SHORT,
            "author": ACCOUNT,
            "ask": MONEY,
            **dict.fromkeys(("for_votes", "against", "net"), VOTES),
            "outcome": _IDEA,
            "builds": _LINK,
            "replaces": _LINK,
            "builds_on": TEXT,
            "former": TEXT,
        },
        _ideas,
    ),
    "work": (
        {
            "submission": NUMBER,
            "title": TITLE,
            "worker": ACCOUNT,
            "reward": MONEY,
            "gift": choice("work_gift", "gift", name=MARKED),
            "submitted": DATE,
            "story": _STORY,
        },
        _work,
    ),
    "payments": ({**_PAID, "at": DATE, "title": TITLE}, _payments),
    "batches": ({**_PAID, "day": DAY, "many": TEXT}, _batches),
    "people": ({"account": ACCOUNT, "earned": MONEY, "awarded": POINTS, "points": POINTS}, _people),
    "proposals": (
        {
            "title": TITLE,
            "proposer": ACCOUNT,
            "proposed": DATE,
            "executed": DATE,
            **dict.fromkeys(("in_favour", "against", "abstain"), VOTES),
        },
        _proposals,
    ),
    "disputes": (_DISPUTE, _disputes),
    "steps": ({"since": DATE, "until": DATE, "what": TEXT, "document": TITLE}, _steps),
    "moves": (_MOVE, _moves),
    "gas": (dict.fromkeys(("act", "times", "least", "median", "most"), TEXT), _gas),
    "jurors": (
        {
            "account": ACCOUNT,
            "ruling": choice("juror_ruling", "pay", "refuse", "silent"),
            "weight": TEXT,
            "paid": MONEY,
        },
        _jurors,
    ),
}


@dataclass(frozen=True)
class Sheet(Table):
    """A table with a last row of sums."""

    foot: tuple[str, ...] = ()


Fill = Callable[[Told, Any, Mapping[str, Any]], str]
"""How a sentence, or several, are written with values."""


def plain(told: Told, sentences: Any, values: Mapping[str, Any]) -> str:
    """Written as text."""
    return " ".join(words.filled(sentences, words.looking(told, values)))


def units(told: Told) -> dict[str, Value]:
    """Both tokens' symbols."""
    return {"unit": TEXT(told.unit("budget")[1]), "vote_unit": TEXT(told.unit("votes")[1])}


def sheet(
    told: Told, name: str, about: Any, values: Mapping[str, Any], fill: Fill = plain, group: str = "tables"
) -> Sheet:
    """A table as its words have it.

    Args:
        told: The history.
        name: Which.
        about: The round, dispute … that it is about.
        values: What its sentences may speak of beside a row.
        fill: How sentences are written.
        group: Where its words stand.
    """
    said = words.load()["page"][group][name]
    shape, rows = SHEETS[name]
    found = list(rows(told, about))
    none = told.word("untitled", "none")
    cells = tuple(
        tuple(fill(told, sentences, {**values, **words.valued(shape, row)}) or none for _, sentences in said["columns"])
        for row in found
    )
    sums = {key: kind(sum(row[key] or 0 for row in found)) for key, kind in shape.items() if kind is MONEY}
    columns = tuple(plain(told, label, values) for label, _ in said["columns"])
    foot = tuple(fill(told, one, sums) for one in said.get("foot", ()))
    return Sheet(columns, cells, fill(told, said["title"], values), foot)


def closing_views(history: History, names: Mapping[str, str], gas: Mapping[str, Sequence[int]]) -> tuple[View, ...]:
    """Ideas and votes, campaigns and money, payments, disputes, points, gas: a table each.

    Args:
        history: What happened.
        names: Address → name.
        gas: Act → gas of each time.
    """
    told = Told(history, names, is_coarse=True)
    group = words.load()["page"]["closing"]
    abouts = {"gas": gas}
    found = [sheet(told, name, abouts.get(name), units(told), group="closing") for name in group]
    return tuple(View(tables=(one,)) for one in found if one.rows)
