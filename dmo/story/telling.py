"""Tells the story in a terminal: a line per act, tables at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from dmo.outputs import Demo
from dmo.report.history import History
from dmo.report.pictures import first_payment, verdict
from dmo.report.svg import cut
from dmo.story.cast import Person
from dmo.units import WAD, format_amount, format_duration

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
        line.add_column()
        line.add_row(f"[cyan]{day}[/cyan]", f"{name}{escape(words)}{reason}")
        self.console.print(line)


def _table(title: str, columns: Sequence[str], right: Sequence[int] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left")
    return table


def closing_tables(
    history: History, names: Mapping[str, str], gas: Mapping[str, Sequence[int]]
) -> list[Table]:
    """Ideas and votes, campaigns and money, payments, reputation, times, gas per act."""
    unit, decimals = history.budget_token.symbol, history.budget_token.decimals
    votes = 10**history.votes_token.decimals

    def money(amount: int) -> str:
        return format_amount(amount, decimals)

    ideas = _table(
        f"Ideas and votes ({history.votes_token.symbol})",
        ["no.", "idea", "by", f"ask, {unit}", "for", "against", "net", "outcome"],
        [3, 4, 5, 6],
    )
    for idea in history.ideas:
        ideas.add_row(
            f"{idea.round}.{idea.number}",
            escape(cut(history.title_of(idea.digest, "–"), 44)),
            names.get(idea.author, idea.author[:8]),
            money(idea.ask),
            f"{idea.for_votes // votes:,}",
            f"{idea.against_votes // votes:,}",
            f"{idea.net // votes:,}",
            verdict(idea),
        )
    campaigns = _table(
        f"Campaigns and money ({unit})",
        [
            "no.",
            "lead",
            "voted",
            "gifts",
            "work",
            "from gifts",
            "fee",
            "not spent",
            "idea to money",
        ],
        range(2, 9),
    )
    for campaign in history.campaigns:
        paid = first_payment(history, campaign)
        posted = history.idea(campaign.round, campaign.number).posted_at
        campaigns.add_row(
            str(campaign.id),
            names.get(campaign.lead, campaign.lead[:8]),
            money(campaign.ask),
            money(campaign.gifts),
            money(campaign.work_paid),
            money(campaign.gift_paid),
            money(campaign.fee_paid),
            money(campaign.left),
            format_duration((paid - posted) // 3600 * 3600) if paid else "–",
        )
    payments = _table(f"Payments ({unit})", ["date", "to", "amount", "for", "campaign"], [2])
    for payment in history.payments:
        to = names.get(payment.to, payment.to[:8])
        owner = names.get(payment.payee, payment.payee[:8])
        payments.add_row(
            datetime.fromtimestamp(payment.at, UTC).strftime("%d %b"),
            owner if payment.to == payment.payee else f"{owner} → {to}",
            money(payment.amount),
            payment.kind,
            str(payment.campaign or "–"),
        )
    standing = _table("Reputation (points)", ["who", "awarded", "now"], [1, 2])
    for account in sorted(history.standing, key=lambda a: -history.standing[a][-1]):
        awarded = sum(award.points for award in history.awards if award.account == account)
        standing.add_row(
            names.get(account, account[:8]),
            f"{awarded / WAD:,.1f}",
            f"{history.standing[account][-1] / WAD:,.1f}",
        )
    costs = _table("Gas per act", ["act", "times", "least", "median", "most"], [1, 2, 3, 4])
    for act in sorted(gas):
        used = sorted(gas[act])
        costs.add_row(
            act, str(len(used)), f"{used[0]:,}", f"{used[len(used) // 2]:,}", f"{used[-1]:,}"
        )
    return [ideas, campaigns, payments, standing, costs]


def next_steps(summary: Demo, report: str) -> str:
    """What to type next."""
    return (
        f"[bold]{summary.ideas_posted} ideas, {summary.campaigns} campaigns, "
        f"{summary.payouts} payments; every equation of the books holds.[/bold]\n"
        f"  {report}   the whole season in pictures: open it in a browser\n"
        "  make test                 run the tests\n"
        "  ./brownie run deploy      deploy a DMO of your own on a local chain (config/local.toml)"
    )
