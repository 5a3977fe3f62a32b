"""How a plan, its progress and a check look on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from dmo.core.units import format_amount, format_bps, format_duration, format_time
from dmo.deploy.artifacts import named_arguments
from dmo.deploy.check import Report
from dmo.deploy.concentration import Concentration
from dmo.deploy.config import NewToken
from dmo.deploy.plan import Plan

__all__ = ["REAL_MONEY", "plan_view", "print_view", "report_view"]

REAL_MONEY = (
    "Chain {} is not marked as a test network: what lies in these contracts will be real money."
    " They are unaudited: nobody outside the project has checked them, and a fault can lose it all."
)
_LONGEST = 64
_ETHER_DECIMALS = 18


def plan_view(plan: Plan, concentration: Concentration, name: str) -> RenderableType:
    """The plan of a deployment as tables, warnings last."""
    origin = plan.config.rounds.origin
    shown_origin = plan.choose_origin(plan.facts.now) if origin is None else origin
    parts: list[RenderableType] = [_facts(plan, name, shown_origin, is_auto=origin is None)]
    parts.append(_steps(plan, shown_origin))
    lines = concentration.warnings()
    if plan.is_real_money:
        lines = [REAL_MONEY.format(plan.facts.chain_id), *lines]
    if lines:
        parts.append(Panel("\n".join(lines), title="Warning", border_style="yellow"))
    return Group(*parts)


def _facts(plan: Plan, name: str, origin: int, *, is_auto: bool) -> Table:
    facts, rounds = plan.facts, plan.config.rounds
    table = Table(title=f"Deployment {name} on chain {facts.chain_id}", show_header=False)
    about = " or later: one holding period and slack after the tokens are out" if is_auto else ""
    table.add_row("deployer", f"{facts.deployer}, next nonce {plan.first_nonce}")
    table.add_row(
        "votes token", f"{facts.votes.symbol} at {plan.votes_token} ({plan.config.token.kind})"
    )
    table.add_row("budget token", f"{facts.budget.symbol} at {plan.budget_token}")
    table.add_row("treasury", plan.treasury)
    table.add_row("guardian", plan.config.guardian.address)
    if isinstance(plan.config.token, NewToken):
        given = sum(row.amount for row in plan.holdings)
        shares = f"{format_amount(given, 18)} to {len(plan.holdings)} holders"
        if plan.rest is not None:
            shares += f", {format_amount(plan.rest.amount, 18)} to {plan.rest.account}"
        table.add_row("supply", f"{format_amount(plan.supply, 18)}: {shares}")
    table.add_row("round 1", format_time(origin) + about)
    table.add_row(
        "rounds",
        f"{format_duration(rounds.length)} long, cap {rounds.cap} {facts.budget.symbol},"
        f" passing {format_bps(rounds.passing)}, posting {format_bps(rounds.posting)}"
        f" held {format_duration(rounds.holding)}",
    )
    table.add_row("disputes", _disputes(plan))
    return table


def _disputes(plan: Plan) -> str:
    asked, jury = plan.config.campaigns, plan.config.jury
    within = f"within {format_duration(asked.arbitration)}"
    if asked.arbitrator is not None:
        return f"decided by {asked.arbitrator} {within}, which campaigns then have to trust"
    return (
        f"decided by the jury {within}: commit {format_duration(jury.commit)},"
        f" reveal {format_duration(jury.reveal)}, quorum {format_bps(jury.quorum)};"
        f" jurors by tokens, from {jury.min_points} points on by points"
    )


def _steps(plan: Plan, origin: int) -> Table:
    names = {address: name for name, address in plan.addresses.items()}
    names |= {plan.facts.deployer: "deployer", plan.config.guardian.address: "guardian"}
    table = Table(title="Steps")
    table.add_column("nonce", justify="right")
    table.add_column("step")
    table.add_column("at")
    table.add_column("with", overflow="fold")
    table.add_column("gas, about", justify="right")
    total = 0
    for number, step in enumerate(plan.steps):
        total += step.gas
        if step.creates:
            at = plan.addresses[step.contract]
            arguments = plan.arguments(step.contract, origin)
            values = named_arguments(plan.artifacts[step.contract], arguments)
            shown = "\n".join(f"{key}: {_value(value, names)}" for key, value in values.items())
        else:
            at, shown = plan.addresses[step.contract], ""
            if step.key == "setup":
                calls = plan.setup_calls(plan.addresses["IdeaBoard"])
                shown = "\n".join(
                    f"{call}({_value(values, names)[1:-1]})" for call, values in calls
                )
        nonce = str(plan.first_nonce + number)
        table.add_row(nonce, step.title, at, shown, f"{step.gas:,}")
    cost = format_amount(total * plan.facts.gas_price, _ETHER_DECIMALS)
    table.add_section()
    table.add_row(
        "",
        f"{len(plan.steps)} transactions",
        "",
        f"about {cost} at today's gas price",
        f"{total:,}",
    )
    return table


def report_view(report: Report, name: str) -> RenderableType:
    """What was compared, one line each, differences marked in words."""
    table = Table(title=f"Check of {name}")
    for column in ("", "area", "what", "expected", "found"):
        table.add_column(column, overflow="fold")
    for one in report.findings:
        found = "same" if one.is_ok else one.found
        mark, style = ("ok", None) if one.is_ok else ("DIFFERS", "bold red")
        table.add_row(mark, one.area, one.subject, _short(one.expected), found, style=style)
    return Group(table, *report.notes)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _value(value: Any, names: Mapping[str, str]) -> str:
    """A value as text; addresses of the plan by name."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(item, names)}" for key, item in value.items())
    if isinstance(value, list):
        return "[" + ", ".join(_value(item, names) for item in value) + "]"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return _short(names.get(str(value), str(value)))


def print_view(view: RenderableType) -> None:
    """Print to the screen, never narrower than an address needs."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(view)
