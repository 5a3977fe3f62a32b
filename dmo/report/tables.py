"""The report's tables: every picture has one behind it, and some things are tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from dmo.client.disputes import Ruling
from dmo.core.units import format_duration
from dmo.report.facts import DisputeFacts
from dmo.report.trial import steps
from dmo.report.view import View, date
from dmo.report.words import (
    first_payment,
    moved,
    moved_words,
    payment_words,
    source_of_jurors,
    verdict,
    weight_unit,
    work_story,
)

__all__ = [
    "Table",
    "bonds",
    "campaigns",
    "disputes",
    "ideas",
    "jurors",
    "moves",
    "payments",
    "people",
    "proposals",
    "times",
    "trial",
    "work",
]

Cell = str | Markup


@dataclass
class Table:
    """A table; headings that begin with ``>`` are of numbers, with ``@`` of dates and names.

    Those that begin with ``*`` are of titles, and keep room for them.
    """

    caption: str
    headings: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    foot: Sequence[Cell] = ()

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Label and CSS class of each column."""
        kinds = {">": "n", "@": "d", "*": "s"}
        return [(heading.lstrip(">@*"), kinds.get(heading[0], "")) for heading in self.headings]


def tag(words: str, is_yes: bool = False) -> Markup:
    """A short remark in a frame."""
    return Markup('<span class="tag{}">{}</span>').format(" yes" if is_yes else "", words)


def _numbered(number: int | str, title: Markup) -> Markup:
    return Markup("{} · {}").format(number, title)


def campaigns(view: View) -> Table:
    """Behind the money flow."""
    table = Table(
        f"Campaigns and money, in {view.unit}",
        [
            *("*Campaign", "@Lead", ">Voted", ">Gifts", ">Work", ">Work, from gifts", ">Fee"),
            *(">Jurors", ">Won in disputes", ">Not spent"),
        ],
    )
    sums = [0] * 8
    for c in view.history.campaigns:
        parts = [c.ask, c.gifts, c.work_paid, c.gift_paid, c.fee_paid, c.to_jurors, c.won, c.left]
        sums = [whole + part for whole, part in zip(sums, parts, strict=True)]
        title = _numbered(c.id, view.campaign(c))
        table.rows.append([title, view.name(c.lead), *map(view.money, parts)])
    table.foot = ["Together", "", *map(view.money, sums)]
    return table


def bonds(view: View) -> Table:
    """Behind the money flow too."""
    one = view.history.bonds
    parts = [one.put_up, one.returned, one.to_jurors, one.won, one.to_pool, one.held]
    return Table(
        f"Bonds of workers and of disputes, in {view.unit}",
        [">Put up", ">Returned", ">To jurors", ">Won in disputes", ">To the pool", ">Held"],
        [[*map(view.money, parts)]],
    )


def ideas(view: View, round_: int) -> Table:
    """Behind a round's votes."""
    table = Table(
        f"Ideas of round {round_}; votes in {view.vote_unit}, asks in {view.unit}",
        ["*Idea", "@By", ">Ask", ">For", ">Against", ">Net", "Outcome"],
    )
    for i in view.history.ideas:
        if i.round != round_:
            continue
        title = _numbered(f"{i.round}.{i.number}", view.idea(i))
        if i.builds_on:
            title += Markup(" ") + tag(f"builds on {i.builds_on[0]}.{i.builds_on[1]}")
        if i.replaces:
            title += Markup(" ") + tag(f"new version of {i.round}.{i.replaces}")
        counts = map(view.weight, (i.for_votes, i.against_votes, i.net))
        ask, outcome = view.money(i.ask), tag(verdict(i), bool(i.campaign))
        table.rows.append([title, view.name(i.author), ask, *counts, outcome])
    return table


def times(view: View) -> Table:
    """Behind the picture of time."""
    headings = ["*Campaign", "@Posted", "@Funded", "@First payment", "@Lessons", "@Closed"]
    table = Table("Days from posting an idea", [*headings, ">Idea to money"])
    for c in view.history.campaigns:
        posted = view.history.idea(c.round, c.number).posted_at
        paid = first_payment(view.history, c)
        moments = (posted, c.funded_at, paid, c.lessons_at, c.closed_at)
        span = format_duration(paid - posted) if paid else "–"
        title = _numbered(c.id, view.campaign(c))
        table.rows.append([title, *map(date, moments), span])
    return table


def work(view: View) -> Table:
    """Every submission."""
    table = Table(
        f"Submissions, rewards in {view.unit}",
        ["*Work", "@By", ">Reward", "@Submitted", "Story"],
    )
    for w in view.history.work:
        reward: Cell = view.money(w.reward)
        if w.is_gift:
            reward = Markup("{} {}").format(reward, tag("gift"))
        story = work_story(w, view.history.dispute_of.get(w.id), view.history.now)
        by = view.name(w.worker)
        table.rows.append(
            [_numbered(w.id, view.work(w.id)), by, reward, date(w.submitted_at), story]
        )
    return table


def payments(view: View) -> Table:
    """Every payment."""
    headings = ["@Date", "@To", ">Amount", "For", "*Campaign"]
    table = Table(f"Payments, in {view.unit}", headings)
    for p in view.history.payments:
        to = view.name(p.payee) + (f" → {view.name(p.to)}" if p.to != p.payee else "")
        what, campaign = payment_words(p), view.campaign(p.campaign)
        table.rows.append([date(p.at), to, view.money(p.amount), what, campaign])
    return table


def people(view: View) -> Table:
    """Behind reputation over time: everybody who was paid."""
    history = view.history
    table = Table(
        "People who were paid", ["@Who", f">Earned, {view.unit}", ">Points awarded", ">Points now"]
    )
    accounts = {p.payee for p in history.payments}
    now = {account: (history.standing.get(account) or (0,))[-1] for account in accounts}
    for account in sorted(accounts, key=lambda a: (-now[a], view.name(a))):
        earned = sum(p.amount for p in history.payments if p.payee == account and p.campaign)
        awarded = sum(a.points for a in history.awards if a.account == account)
        points = map(view.points, (awarded, now[account]))
        table.rows.append([view.name(account), view.money(earned), *points])
    return table


def proposals(view: View) -> Table:
    """Governance."""
    table = Table(
        f"Proposals; votes in {view.vote_unit}",
        ["*Proposal", "@By", "@Proposed", ">For", ">Against", ">Abstain", "@Executed"],
    )
    for p in view.history.proposals:
        counts = map(view.weight, (p.for_votes, p.against_votes, p.abstain_votes))
        by = view.name(p.proposer)
        table.rows.append([p.title, by, date(p.proposed_at), *counts, date(p.executed_at)])
    return table


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


def disputes(view: View) -> Table:
    """Every dispute in a line."""
    history = view.history
    headings = ["*Work", "Who against whom", ">Bond", "Jurors", "Outcome", "Who got what"]
    table = Table(f"Disputes, in {view.unit}", headings)
    for one in history.disputes:
        source = source_of_jurors(history, one)
        revealed = sum(juror.revealed_at is not None for juror in one.jurors)
        got = (
            "; ".join(moved_words(one.settlement, one.worker, view.name, view.money))
            if one.settlement
            else "–"
        )
        table.rows.append(
            [
                _numbered(one.submission, view.work(one.submission)),
                f"{view.name(one.opener)} against {view.name(one.lead)}",
                view.money(one.bond),
                source if one.is_from_reputation is None else f"{revealed}, by {source}",
                tag(one.ending(history.now), one.ruling is not Ruling.NONE),
                got,
            ]
        )
    return table


def trial(view: View, one: DisputeFacts) -> Table:
    """Behind a dispute's picture of time."""
    table = Table("What happened", ["@From", "@To", "What", "Document"])
    for step in steps(view.history, one, view.name):
        document = view.title(step.digest, "not published") if step.digest else "–"
        moments = map(date, (min(step.moments), max(step.moments)))
        table.rows.append([*moments, step.words, document])
    return table


def jurors(view: View, one: DisputeFacts) -> Table:
    """Behind a dispute's picture of votes."""
    source = source_of_jurors(view.history, one)
    unit = weight_unit(view.history, one)
    table = Table(
        f"Jurors, weight in {source}, pay in {view.unit}",
        ["@Juror", "Ruling", ">Weight", ">Paid"],
    )
    for juror in one.jurors:
        is_revealed = juror.revealed_at is not None
        ruling = juror.ruling.text if is_revealed else "not revealed"
        weight = f"{juror.weight // unit:,}" if is_revealed else "–"
        table.rows.append([view.name(juror.account), ruling, weight, view.money(juror.paid)])
    return table


def moves(view: View, one: DisputeFacts) -> Table:
    """What the end of a dispute moved."""
    table = Table(f"What moved, in {view.unit}", ["From", ">Amount", "To"])
    for move in moved(one, view.history.work_of.get(one.submission), view.name):
        table.rows.append([move.source, view.money(move.amount), move.to])
    return table
