"""The report's tables: rows of values by name; columns and titles stand in the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.history import History, RoundHeld
from dmo.capabilities.submissions import Submission
from dmo.core import words
from dmo.core.view import Table, View
from dmo.faces.told import Told

__all__ = ["SHEETS", "Sheet", "closing_views", "sheet", "story"]

Row = Mapping[str, Any]


def _campaigns(told: Told, _: None) -> Iterator[Row]:
    history = told.history
    for one in history.campaigns:
        number, spent, title = one.campaign, history.spent[one.campaign], told.idea(one.round, one.number)
        posted, funded = history.at("IdeaPosted", one.round, one.number) or 0, history.at("CampaignFunded", number)
        paid, filed = history.first_payment(number), history.at("LessonsFiled", number)
        span = paid - posted if paid else None
        yield {
            **{**vars(one), "title": title, "voted": one.ask, **spent, "lost": spent["to_jurors"] + spent["won"]},
            **{"posted": posted, "funded": funded, "first_paid": paid, "filed": filed},
            **{"posted_day": posted, "funded_day": funded, "paid_day": paid, "closed": history.closed_at(number)},
            **{"span": span, "days": span // 86_400 if span else None},
        }


def _rounds(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.rounds:
        which = "short" if one.settled and one.settled.budget < one.cap else "whole"
        settled = vars(one.settled) if one.settled else {}
        budgeted = which if one.settled else "not_settled"
        yield {**one._asdict(), "round": one.number, **settled, "budgeted": budgeted}


def _ideas(told: Told, one: RoundHeld | None) -> Iterator[Row]:
    for its in told.history.ideas:
        if one is None or its.round == one.number:
            title = told.idea(its.round, its.number)
            yield {
                **{**vars(its), "place": f"{its.round}.{its.number}", "title": title, "short": title},
                **{"against": its.against_votes, "net": its.net, "outcome": told.history.outcome(its)},
                "former": told.history.replaces.get((its.round, its.number)),
            }


def story(told: Told, one: Submission) -> list[str]:
    """What happened to a submission."""
    history, number = told.history, one.submission
    dispute = history.dispute_of.get(number)

    def happened(*steps: str) -> list[str]:
        return [step for step in steps if history.at(f"Work{step.title()}", number)]

    found = happened("rejected", "reworked", "withdrawn", "accepted")
    is_challenged = dispute is not None and dispute.is_challenge
    if "accepted" not in found and (is_challenged or history.is_silent(one)):
        found.append("silent")
    if dispute:
        ending = history.ending(dispute)
        found.append("challenged" if is_challenged else "disputed")
        found += [ending] if ending != "open" else []
    return [*found, *happened("paid", "released")[:1]] or ["review"]


def _work(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.work:
        number, bounty = one.submission, told.history.bounties[one.bounty]
        own = {**vars(one), "title": told.work(number), "reward": bounty.reward, "is_gift": bounty.is_gift}
        yield {**own, "submitted": told.history.at("WorkSubmitted", number), "story": story(told, one)}


def _payments(told: Told, _: None) -> Iterator[Row]:
    titles = {one.campaign: told.idea(one.round, one.number) for one in told.history.campaigns}
    for one in told.history.payments:
        yield {**one._asdict(), "to": one.to if one.to != one.payee else None, "title": titles.get(one.campaign)}


def _batches(told: Told, _: None) -> Iterator[Row]:
    """Payments one by one, but jurors of one transaction together."""

    def together(pair: tuple[int, Row]) -> tuple[Any, ...]:
        place, row = pair
        return row["tx"], row["kind"], row["is_credited"], None if row["kind"] == "juror" else place

    for _key, group in groupby(enumerate(_payments(told, None)), together):
        same = [row for _, row in group]
        own = {
            "day": same[0]["at"],
            "campaign": same[0]["campaign"] or None,
            "amount": sum(row["amount"] for row in same),
        }
        yield {**same[0], **own, **({"many": len(same), "payee": None} if same[1:] else {})}


def _people(told: Told, _: None) -> Iterator[Row]:
    """Everybody who was paid."""
    history = told.history
    accounts = {payment.payee for payment in history.payments}
    points = {account: (history.standing.get(account) or (0,))[-1] for account in accounts}
    for account in sorted(accounts, key=lambda a: (-points[a], told.who(a))):
        paid = (p.amount for p in history.payments if p.payee == account and p.campaign)
        awarded = (award.points for award in history.awards if award.account == account)
        own = {"account": account, "points": points[account]}
        yield {**own, "earned": sum(paid), "awarded": sum(awarded)}


def _proposals(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.proposals:
        times = {"proposed": "ProposalCreated", "executed": "ProposalExecuted"}
        found = {key: told.history.at(name, one.proposal_id) for key, name in times.items()}
        yield {**vars(one), "title": (one.title, ""), **found}


def _gas(told: Told, gas: Mapping[str, Sequence[int]]) -> Iterator[Row]:
    for act, its in sorted(gas.items()):
        used = [f"{gas:,}" for gas in sorted(its)]
        places = {"least": used[0], "median": used[len(used) // 2], "most": used[-1]}
        yield {"act": act, "times": len(used), **places}


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


def _disputes(told: Told, _: None) -> Iterator[Row]:
    history = told.history
    for one in history.disputes:
        jurors, title = history.jurors.get(one.submission, ()), told.work(one.submission)
        silent = [told.who(juror.account) for juror in jurors if juror.revealed_at is None]
        yield {
            **{**vars(one), "title": title, "short": title, "ending": history.ending(one), "judged": told.source(one)},
            **{"count": len(jurors) - len(silent), "waiting": len(silent), "silent": ", ".join(silent)},
            "got": [move for move in _moves(told, one) if move["said"]],
        }


def _moves(told: Told, one: Dispute) -> Iterator[Row]:
    """What the end of a disputed submission moved; ``said`` where its settlement did."""
    end, work = one.settlement, told.history.work_of[one.submission]
    if end is None:
        return
    accounts = {"opener": end.opener, "worker": work.worker}
    if not work.lessons_of:
        bounty, own = told.history.bounties[work.bounty], {"who": work.worker, "said": ""}
        to = "payees" if one.is_paid else "free"
        yield {"amount": bounty.reward - end.cut, "source": "reward", "whither": to, **own}
        if bounty.bond:
            to = "back" if one.is_paid or end.keeps_worker_bond else "pool"
            yield {"amount": bounty.bond, "source": "worker_bond", "whither": to, **own}
    for move in end.moves:
        is_back = move.source == "bond" and move.to == "opener"
        to = "back" if is_back else "account" if move.to in accounts else move.to
        own = {"who": accounts.get(move.to, ""), "said": to}
        yield {"amount": move.amount, "source": move.source, "whither": to, **own}


def _steps(told: Told, one: Dispute) -> Iterator[Row]:
    """What happened in a dispute, in order; several moments for what several did."""
    history, number, found = told.history, one.submission, list[dict[str, Any]]()
    papers, jurors = history.papers.get(number, ()), history.jurors.get(number, ())

    def add(mark: str, times: Sequence[int], key: str, digest: bytes | None = None, **more: Any) -> None:
        what, title = told.say("trial_step", key, count=len(times), **more), told.title(digest, "paper")
        step = {"moments": times, "since": min(times), "until": max(times), "mark": mark, "what": what}
        found.append({**step, "document": title if digest else None})

    opened = history.at("DisputeOpened", number) or 0
    statement = papers[0].digest if papers else None
    add("flag", [opened], "challenges" if one.is_challenge else "disputes", statement, who=one.opener)
    for paper in papers[1:]:
        add("paper", [paper.at], "gives", paper.digest, who=paper.by)
    committed = [juror.committed_at for juror in jurors]
    revealed = [juror.revealed_at for juror in jurors if juror.revealed_at]
    for mark, key, times in (("ring", "commit", committed), ("dot", "reveal", revealed)):
        if times:
            add(mark, times, key)
    if ruled := history.at("Ruling", one.arbitrator, one.dispute_id):
        add("diamond", [ruled], ("none", "pay", "refuse")[one.ruling])
    elif not one.is_open(told.now):
        add("diamond", [one.until], "late")
    if one.is_settled:
        add("coin", [one.settled_at], "paid" if one.is_paid else "not_paid")
    yield from sorted(found, key=lambda step: step["since"])


def _jurors(told: Told, one: Dispute) -> Iterator[Row]:
    for juror in told.history.jurors.get(one.submission, ()):
        is_revealed = juror.revealed_at is not None
        weight = told.weight(one, juror.weight) if is_revealed else None
        own = {"account": juror.account, "ruling": juror.ruling.text if is_revealed else "silent"}
        yield {**own, "weight": weight, "got_paid": juror.paid}


# ── tables ──────────────────────────────────────────────────────────────────────────────────────

SHEETS: dict[str, Callable[[Told, Any], Iterator[Row]]] = {
    **{"campaigns": _campaigns, "times": _campaigns, "rounds": _rounds, "ideas": _ideas},
    **{"work": _work, "payments": _payments, "batches": _batches, "people": _people},
    **{"proposals": _proposals, "gas": _gas, "bonds": lambda told, _: iter([told.history.bonds])},
    **{"disputes": _disputes, "moves": _moves, "steps": _steps, "jurors": _jurors},
}


@dataclass(frozen=True)
class Sheet(Table):
    """A table with a last row of sums."""

    foot: tuple[str, ...] = ()


def _plain(told: Told, sentences: Any, values: Row) -> str:
    look = words.looking(told, values)
    return " ".join(filter(None, (words.fill(one, look) for one in words.texts(sentences))))


def sheet(
    told: Told,
    name: str,
    about: Any,
    around: Row,
    fill: Callable[[Told, Any, Row], str] = _plain,
    group: str = "tables",
) -> Sheet:
    """A table as its words have it; where nothing is to say stands a dash.

    Args:
        told: The history.
        name: Which.
        about: The round, dispute … that it is about.
        around: What its title and labels may speak of.
        fill: How sentences are written with values.
        group: Where its words stand.
    """
    said, none = words.load()["page"][group][name], told.word("untitled", "none")
    found = [told.values(row) for row in SHEETS[name](told, about)]
    columns = said["columns"]
    sums = {
        key: value.kind(sum(row[key].value for row in found))
        for key, value in (found[0] if found and "foot" in said else {}).items()
        if value.kind.name == "MONEY"
    }
    return Sheet(
        tuple(_plain(told, label, around) for label, _ in columns),
        tuple(tuple(fill(told, cell, row) or none for _, cell in columns) for row in found),
        fill(told, said["title"], around),
        tuple(fill(told, one, sums) for one in said.get("foot", ())),
    )


def closing_views(history: History, names: Mapping[str, str], gas: Mapping[str, Sequence[int]]) -> tuple[View, ...]:
    """Ideas and votes, campaigns and money, payments, disputes, points, gas: a table each.

    Args:
        history: What happened.
        names: Address → name.
        gas: Act → gas of each time.
    """
    told = Told(history, names, is_coarse=True)
    found = [
        sheet(told, name, gas if name == "gas" else None, told.values({}), group="closing")
        for name in words.load()["page"]["closing"]
    ]
    return tuple(View(tables=(one,)) for one in found if one.rows)
