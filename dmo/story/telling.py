"""Tells the story in a terminal: a line per act, tables at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from dmo.core.units import WAD
from dmo.home.outputs import Demo
from dmo.report.facts import Payment
from dmo.report.history import History
from dmo.report.svg import cut
from dmo.report.words import first_payment, moved_words, rounded, source_of_jurors, verdict
from dmo.story.cast import Person

__all__ = ["Narrator", "closing_tables", "next_steps"]


class Narrator:
    """Writes to a console; colour and width are the console's business, NO_COLOR included."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.lines = 0
        self._met: set[str] = set()

    def chapter(self, title: str, words: str) -> None:
        """A new chapter begins."""
        self.console.print()
        self.console.print(Rule(f"[bold]{escape(title)}[/bold]", align="left", style="cyan"))
        self.console.print(f"[dim]{escape(words)}[/dim]\n")

    def line(self, at: int, who: Person | None, words: str, why: str = "") -> None:
        """Somebody did something, for a reason."""
        self.lines += 1
        day = datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M")
        name = ""
        if who is not None:
            known = who.key in self._met
            self._met.add(who.key)
            about = "" if known else f" [dim]({escape(who.role)}, {escape(who.place)})[/dim]"
            name = f"[bold]{escape(who.name)}[/bold]{about} "
        reason = f" [dim]— {escape(why)}[/dim]" if why else ""
        line = Table.grid(padding=(0, 2))
        line.add_column(no_wrap=True)
        # Not rich's default, which cuts a line that fits where letters are two columns wide.
        line.add_column(overflow="fold")
        line.add_row(f"[cyan]{day}[/cyan]", f"{name}{escape(words)}{reason}")
        self.console.print(line)


class _Rows:
    """A table whose numbers are never cut: only the column ``flexible`` gives way.

    Args:
        title: Its title.
        columns: Headings; those that begin with ``>`` are numbers and stand to the right.
        flexible: The column that is cut where the terminal is narrow.
    """

    def __init__(self, title: str, columns: Sequence[str], flexible: int) -> None:
        self._title = title
        self._columns = columns
        self._flexible = flexible
        self._rows: list[tuple[str, ...]] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._rows

    def add(self, *cells: str) -> None:
        """Add a row."""
        self._rows.append(cells)

    def table(self) -> Table:
        """The table as rich draws it."""
        table = Table(
            title=self._title,
            title_justify="left",
            title_style="bold",
            header_style="dim",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 1, 0, 0),
        )
        for index, column in enumerate(self._columns):
            heading = column.removeprefix(">")
            lines = [line for row in self._rows for line in row[index].splitlines()]
            widest = max(map(cell_len, (heading, *lines)))
            table.add_column(
                heading,
                justify="right" if column.startswith(">") else "left",
                no_wrap=index != self._flexible,
                min_width=8 if index == self._flexible else widest,
            )
        for row in self._rows:
            table.add_row(*map(escape, row))
        return table


def closing_tables(
    history: History,
    names: Mapping[str, str],
    gas: Mapping[str, Sequence[int]],
    width: int = 120,
) -> list[Table]:
    """Ideas and votes, campaigns and money, payments, disputes, reputation, gas per act.

    Args:
        history: What happened.
        names: Address → name.
        gas: Act → gas of each time.
        width: Columns of the terminal; titles are cut to fit.
    """
    shown = 50 if width >= 100 else 24
    unit, decimals = history.budget_token.symbol, history.budget_token.decimals
    votes = 10**history.votes_token.decimals

    def money(amount: int) -> str:
        return rounded(amount, decimals)

    ideas = _Rows(
        f"Ideas and votes ({history.votes_token.symbol}; asks in {unit})",
        ["no.", "idea", ">ask", ">for", ">against", ">net", "outcome"],
        1,
    )
    for idea in history.ideas:
        ideas.add(
            f"{idea.round}.{idea.number}",
            cut(history.title_of(idea.digest, "–"), shown),
            money(idea.ask),
            f"{idea.for_votes // votes:,}",
            f"{idea.against_votes // votes:,}",
            f"{idea.net // votes:,}",
            verdict(idea),
        )
    campaigns = _Rows(
        f"Campaigns and money ({unit}; lost: in disputes; days: from idea to first payment)",
        [
            "no.",
            "lead",
            ">voted",
            ">gifts",
            ">work",
            ">gift work",
            ">fee",
            ">lost",
            ">unspent",
            ">days",
        ],
        1,
    )
    for campaign in history.campaigns:
        paid = first_payment(history, campaign)
        posted = history.idea(campaign.round, campaign.number).posted_at
        campaigns.add(
            str(campaign.id),
            names.get(campaign.lead, campaign.lead[:8]),
            money(campaign.ask),
            money(campaign.gifts),
            money(campaign.work_paid),
            money(campaign.gift_paid),
            money(campaign.fee_paid),
            money(campaign.to_jurors + campaign.won),
            money(campaign.left),
            str((paid - posted) // 86_400) if paid else "–",
        )

    def name(account: str) -> str:
        return names.get(account, account[:8])

    payments = _Rows(f"Payments ({unit})", ["date", "to", ">amount", "for", "campaign"], 1)
    for same in _batches(history.payments):
        payment = same[0]
        to = name(payment.payee)
        if len(same) > 1:
            to = f"{len(same)} jurors"
        elif payment.to != payment.payee:
            to = f"{to} → {name(payment.to)}"
        payments.add(
            datetime.fromtimestamp(payment.at, UTC).strftime("%d %b"),
            to,
            money(sum(one.amount for one in same)),
            payment.kind + (", credited" if payment.is_credited else ""),
            str(payment.campaign or "–"),
        )
    disputes = _Rows(
        f"Disputes ({unit})",
        ["work", "who against whom, about what, how it ended", ">bond", "who got what"],
        3,
    )
    for one in history.disputes:
        work = history.work_of.get(one.submission)
        title = history.title_of(work.evidence, "–") if work else "lessons"
        revealed = sum(juror.revealed_at is not None for juror in one.jurors)
        got = moved_words(one.settlement, one.worker, name, money) if one.settlement else ["–"]
        about = (
            f"{name(one.opener)} v. {name(one.lead)}",
            cut(title, 40),
            f"{one.ending(history.now)}; jurors: {revealed} by {source_of_jurors(history, one)}",
        )
        disputes.add(str(one.submission), "\n".join(about), money(one.bond), "\n".join(got))
    standing = _Rows("Reputation (points)", ["who", ">awarded", ">now"], 0)
    for account in sorted(history.standing, key=lambda a: -history.standing[a][-1]):
        awarded = sum(award.points for award in history.awards if award.account == account)
        standing.add(
            names.get(account, account[:8]),
            f"{awarded / WAD:,.1f}",
            f"{history.standing[account][-1] / WAD:,.1f}",
        )
    costs = _Rows("Gas per act", ["act", ">times", ">least", ">median", ">most"], 0)
    for act in sorted(gas):
        used = sorted(gas[act])
        costs.add(act, str(len(used)), f"{used[0]:,}", f"{used[len(used) // 2]:,}", f"{used[-1]:,}")
    tables = (ideas, campaigns, payments, disputes, standing, costs)
    return [rows.table() for rows in tables if not rows.is_empty]


def _batches(payments: Sequence[Payment]) -> list[list[Payment]]:
    """Payments one by one, but jurors of one transaction together."""
    batches: list[list[Payment]] = []
    for payment in payments:
        before = batches[-1][-1] if batches else None
        is_same = before is not None and (before.tx, before.kind, before.is_credited) == (
            payment.tx,
            "juror",
            payment.is_credited,
        )
        if is_same and payment.kind == "juror":
            batches[-1].append(payment)
        else:
            batches.append([payment])
    return batches


def next_steps(summary: Demo, report: str) -> str:
    """What to type next."""
    return (
        f"[bold]{summary.ideas_posted} ideas, {summary.campaigns} campaigns, "
        f"{summary.payouts} payments, {summary.disputes} disputes; every equation of the books "
        "holds.[/bold]\n"
        f"  {report}   the whole season in pictures: open it in a browser\n"
        "  make test                 run the tests\n"
        "  ./brownie run deploy      deploy a DMO of your own on a local chain (config/local.toml)"
    )
