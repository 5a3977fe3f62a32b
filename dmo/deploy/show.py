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
from dmo.deploy.plan import SETUP, Plan, Step
from dmo.deploy.sentences import say

__all__ = ["plan_view", "print_view", "report_view"]

_LONGEST = 64
_DECIMALS = 18


def plan_view(plan: Plan, concentration: Concentration, name: str) -> RenderableType:
    """The plan of a deployment as tables, warnings last."""
    asked = plan.config.rounds.origin
    origin = plan.choose_origin(plan.facts.now) if asked is None else asked
    table = Table(title=f"Deployment {name} on chain {plan.facts.chain_id}", show_header=False)
    for row in _facts(plan, origin).items():
        table.add_row(*row)
    lines = concentration.warnings()
    if plan.is_real_money:
        lines = [say("real_money", chain_id=plan.facts.chain_id), *lines]
    warning = Panel("\n".join(lines), title="Warning", border_style="yellow")
    return Group(table, _steps(plan, origin), *([warning] if lines else []))


def _facts(plan: Plan, origin: int) -> dict[str, str]:
    facts, config = plan.facts, plan.config
    rounds, jury, campaigns = config.rounds, config.jury, config.campaigns
    rows = {
        "deployer": f"{facts.deployer}, next nonce {plan.first_nonce}",
        "votes token": f"{facts.votes.symbol} at {plan.votes_token} ({config.token.kind})",
        "budget token": f"{facts.budget.symbol} at {plan.budget_token}",
        "treasury": plan.treasury,
        "guardian": config.guardian.address,
    }
    if plan.holdings:
        given, rest = sum(row.amount for row in plan.holdings), plan.rest
        about = {"supply": _tokens(plan.supply), "given": _tokens(given)}
        rows["supply"] = say("supply", count=len(plan.holdings), **about)
        if rest is not None:
            rows["supply"] += say("rest", amount=_tokens(rest.amount), account=rest.account)
    moment = format_time(origin)
    rows["round 1"] = say("auto", origin=moment) if rounds.origin is None else moment
    rows["rounds"] = say(
        "rounds",
        length=format_duration(rounds.length),
        cap=rounds.cap,
        symbol=facts.budget.symbol,
        passing=format_bps(rounds.passing),
        posting=format_bps(rounds.posting),
        holding=format_duration(rounds.holding),
    )
    rows["disputes"] = say(
        "arbitrator" if campaigns.arbitrator else "jury",
        arbitrator=campaigns.arbitrator,
        within=format_duration(campaigns.arbitration),
        commit=format_duration(jury.commit),
        reveal=format_duration(jury.reveal),
        quorum=format_bps(jury.quorum),
        points=jury.min_points,
    )
    return rows


def _tokens(amount: int) -> str:
    return format_amount(amount, _DECIMALS)


def _steps(plan: Plan, origin: int) -> Table:
    names = {address: name for name, address in plan.addresses.items()}
    names |= {plan.facts.deployer: "deployer", plan.config.guardian.address: "guardian"}
    table = Table(title="Steps")
    table.add_column("nonce", justify="right")
    table.add_column("step")
    table.add_column("at")
    table.add_column("with", overflow="fold")
    table.add_column("gas, about", justify="right")
    for nonce, step in enumerate(plan.steps, plan.first_nonce):
        given = "\n".join(_given(plan, step, origin, names))
        at = plan.addresses[step.contract]
        table.add_row(str(nonce), step.title, at, given, f"{step.gas:,}")
    total = sum(step.gas for step in plan.steps)
    cost = say("cost", cost=_tokens(total * plan.facts.gas_price))
    table.add_section()
    table.add_row("", f"{len(plan.steps)} transactions", "", cost, f"{total:,}")
    return table


def _given(plan: Plan, step: Step, origin: int, names: Mapping[str, str]) -> list[str]:
    """What a step carries, a line per argument or call."""
    if step.creates:
        arguments = plan.arguments(step.contract, origin)
        values = named_arguments(plan.artifacts[step.contract], arguments)
        return [f"{key}: {_value(value, names)}" for key, value in values.items()]
    calls = plan.setup_calls(plan.addresses["IdeaBoard"]) if step.key == SETUP else []
    return [f"{call}({_value(values, names)[1:-1]})" for call, values in calls]


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
    (console if console.is_terminal else Console(width=160)).print(view)
