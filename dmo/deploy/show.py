"""A plan and a check as views; words/en/deploy.toml says where what stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dmo.core import view, words
from dmo.core.kinds import DURATION, FLAG, NUMBER, SHARE, TEXT, shape
from dmo.core.units import format_amount, format_time
from dmo.core.view import View
from dmo.deploy.artifacts import named_arguments
from dmo.deploy.check import Report, text_of
from dmo.deploy.concentration import Concentration
from dmo.deploy.plan import SETUP, Plan, Step
from dmo.home.home import Home, Options

_LONGEST = 64
_PLAN = shape(
    (TEXT, "name deployer votes_symbol votes_token kind budget_symbol budget_token treasury guardian"),
    (TEXT, "supply given rest rest_to origin automatic_origin cap arbitrator points gas cost warnings"),
    (NUMBER, "chain_id nonce holders transactions"),
    (DURATION, "length holding within commit reveal"),
    (SHARE, "passing posting quorum"),
    steps=[shape((NUMBER, "nonce"), (TEXT, "title at carries gas"))],
)
_CHECK = shape((TEXT, "name notes"), findings=[shape((TEXT, "area subject expected found"), differs=FLAG)])


def plan_view(plan: Plan, concentration: Concentration, name: str) -> View:
    """The plan of a deployment; warnings last."""
    facts, config = plan.facts, plan.config
    rounds, jury, campaigns = config.rounds, config.jury, config.campaigns
    origin = rounds.origin or plan.choose_origin(facts.now)
    given, rest = sum(row.amount for row in plan.holdings), plan.rest
    total = sum(step.gas for step in plan.steps)
    lines = concentration.warnings()
    if plan.is_real_money:
        lines = [words.word("deploy", "real_money").format(chain_id=facts.chain_id), *lines]
    warning = words.word("deploy", "warning")
    found = {
        "name": name,
        "chain_id": facts.chain_id,
        "deployer": facts.deployer,
        "nonce": plan.first_nonce,
        "votes_symbol": facts.votes.symbol,
        "votes_token": plan.votes_token,
        "kind": config.token.kind,
        "budget_symbol": facts.budget.symbol,
        "budget_token": plan.budget_token,
        "treasury": plan.treasury,
        "guardian": config.guardian.address,
        "supply": _tokens(plan.supply) if plan.holdings else None,
        "given": _tokens(given),
        "holders": len(plan.holdings),
        "rest": rest and _tokens(rest.amount),
        "rest_to": rest and rest.account,
        "origin" if rounds.origin else "automatic_origin": format_time(origin),
        **{key: getattr(rounds, key) for key in ("length", "holding", "cap", "passing", "posting")},
        "arbitrator": campaigns.arbitrator,
        "within": campaigns.arbitration,
        **{key: getattr(jury, key) for key in ("commit", "reveal", "quorum")},
        "points": None if campaigns.arbitrator else jury.min_points,
        "steps": list(_steps(plan, origin)),
        "transactions": len(plan.steps),
        "gas": f"{total:,}",
        "cost": _tokens(total * facts.gas_price),
        "warnings": "\n".join(warning.format(line) for line in lines),
    }
    return view.view(Home(Options()), "deploy plan", _PLAN, found)


def _tokens(amount: int) -> str:
    return format_amount(amount, 18)


def _steps(plan: Plan, origin: int) -> Iterator[dict[str, Any]]:
    names = {address: name for name, address in plan.addresses.items()}
    names |= {plan.facts.deployer: "deployer", plan.config.guardian.address: "guardian"}
    for nonce, step in enumerate(plan.steps, plan.first_nonce):
        said = "\n".join(_given(plan, step, origin, names))
        at = plan.addresses[step.contract]
        yield {"nonce": nonce, "title": step.title, "at": at, "carries": said, "gas": f"{step.gas:,}"}


def _given(plan: Plan, step: Step, origin: int, names: Mapping[str, str]) -> list[str]:
    """What a step carries, a line per argument or call."""
    if step.creates:
        values = named_arguments(plan.artifacts[step.contract], plan.arguments(step.contract, origin))
        return [f"{key}: {text_of(value, names)}" for key, value in values.items()]
    calls = plan.setup_calls(plan.addresses["IdeaBoard"]) if step.key == SETUP else []
    return [f"{call}({text_of(values, names)})" for call, values in calls]


def report_view(report: Report, name: str) -> View:
    """What was compared, one line each, differences marked in words."""
    same = words.word("deploy", "same")
    findings = [
        {
            "differs": not one.is_ok,
            "area": one.area,
            "subject": one.subject,
            "expected": one.expected if len(one.expected) <= _LONGEST else one.expected[: _LONGEST - 1] + "…",
            "found": same if one.is_ok else one.found,
        }
        for one in report.findings
    ]
    found = {"name": name, "findings": findings, "notes": "\n".join(report.notes)}
    return view.view(Home(Options()), "deploy check", _CHECK, found)
