"""A plan and a check as views; words/en/deploy.toml says where what stands."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dmo.core import view, words
from dmo.core.kinds import DURATION, FLAG, NUMBER, SHARE, TEXT, shape
from dmo.core.units import format_amount, format_time
from dmo.core.view import View
from dmo.deploy.artifacts import named_arguments
from dmo.deploy.check import CheckReport, text_of
from dmo.deploy.concentration import Concentration
from dmo.deploy.plan import SETUP, DeployPlan, DeployStep
from dmo.home.home import Home, Options

_COUNT = replace(NUMBER, show=lambda reader, value: f"{value:,}")
_TOKENS = replace(NUMBER, show=lambda reader, value: "" if value is None else format_amount(value, 18))
_PLAN = shape(
    (TEXT, "name origin automatic_origin points warnings"),
    (NUMBER, "holders transactions"),
    (_TOKENS, "supply given cost"),
    gas=_COUNT,
    plan=shape((TEXT, "votes_token budget_token treasury"), rest=shape((TEXT, "account"), (_TOKENS, "amount"))),
    facts=shape((TEXT, "deployer"), (NUMBER, "chain_id nonce"), votes={"symbol": TEXT}, budget={"symbol": TEXT}),
    token={"kind": TEXT},
    guardian={"address": TEXT},
    rounds=shape((TEXT, "cap"), (DURATION, "length holding"), (SHARE, "passing posting")),
    campaigns=shape((TEXT, "arbitrator"), (DURATION, "arbitration")),
    jury=shape((DURATION, "commit reveal"), (SHARE, "quorum")),
    steps=[shape((NUMBER, "nonce"), (TEXT, "title at carries"), gas=_COUNT)],
)
_CHECK = shape((TEXT, "name notes"), findings=[shape((TEXT, "area subject expected found"), differs=FLAG)])


def plan_view(plan: DeployPlan, concentration: Concentration, name: str) -> View:
    """The plan of a deployment; warnings last."""
    facts, config = plan.facts, plan.config
    origin = config.rounds.origin or plan.choose_origin(facts.now)
    gas = sum(step.gas for step in plan.steps)
    lines = concentration.warnings()
    if plan.is_real_money:
        lines = [words.word("deploy", "real_money").format(chain_id=facts.chain_id), *lines]
    warning = words.word("deploy", "warning")
    found = {
        **vars(config),
        "name": name,
        "plan": plan,
        "facts": facts,
        "supply": plan.supply if plan.holdings else None,
        "given": sum(row.amount for row in plan.holdings),
        "holders": len(plan.holdings),
        "origin" if config.rounds.origin else "automatic_origin": format_time(origin),
        "points": None if config.campaigns.arbitrator else config.jury.min_points,
        "steps": list(_steps(plan, origin)),
        "transactions": len(plan.steps),
        "gas": gas,
        "cost": gas * facts.gas_price,
        "warnings": "\n".join(warning.format(line) for line in lines),
    }
    return view.view(Home(Options()), "deploy plan", _PLAN, found)


def _steps(plan: DeployPlan, origin: int) -> Iterator[dict[str, Any]]:
    names = {address: name for name, address in plan.addresses.items()}
    names |= {plan.facts.deployer: "deployer", plan.config.guardian.address: "guardian"}
    for nonce, step in enumerate(plan.steps, plan.first_nonce):
        carries = "\n".join(_given(plan, step, origin, names))
        at = plan.addresses.get(step.contract, plan.budget_token)
        yield {"nonce": nonce, "title": step.title, "at": at, "carries": carries, "gas": step.gas}


def _given(plan: DeployPlan, step: DeployStep, origin: int, names: Mapping[str, str]) -> list[str]:
    """What a step carries, a line per argument or call."""
    if step.creates:
        values = named_arguments(plan.artifacts[step.contract], plan.arguments(step.contract, origin))
        return [f"{key}: {text_of(value, names)}" for key, value in values.items()]
    calls = plan.setup_calls(plan.addresses["IdeaBoard"]) if step.key == SETUP else []
    return [f"{call}({text_of(values, names)})" for call, values in calls]


def report_view(report: CheckReport, name: str) -> View:
    """What was compared, one line each, differences marked in words."""
    same = words.word("deploy", "same")
    findings = [
        {**vars(one), "differs": one.found != one.expected, "found": same if one.found == one.expected else one.found}
        for one in report.findings
    ]
    found = {"name": name, "findings": findings, "notes": "\n".join(report.notes)}
    return view.view(Home(Options()), "deploy check", _CHECK, found)
