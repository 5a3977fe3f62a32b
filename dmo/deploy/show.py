"""A plan and a check as views, in people's words and units; words/en/deploy.toml says where what stands.

What an address is called follows from why it stands where it stands, not from what else it may be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dmo.core import view, words
from dmo.core.abi import snake
from dmo.core.kinds import DURATION, FLAG, NUMBER, SHARE, TEXT, shape
from dmo.core.units import format_amount, format_bps, format_duration, format_ppm, format_time
from dmo.core.view import View
from dmo.deploy.check import CheckReport, text_of
from dmo.deploy.concentration import Concentration
from dmo.deploy.config import WrappedToken
from dmo.deploy.contracts import table
from dmo.deploy.facts import POINTS_DECIMALS, Holding
from dmo.deploy.plan import SETUP, DeployPlan, DeployStep
from dmo.deploy.roles import ADMIN, ROLES
from dmo.home.context import chain_facts
from dmo.home.home import Home, Options

_COUNT = replace(NUMBER, show=lambda reader, value: f"{value:,}")
_PLAN = shape(
    (TEXT, "name origin automatic_origin points warnings supply given rest pool cost price votes_symbol underlying"),
    (NUMBER, "holders transactions"),
    gas=_COUNT,
    plan=shape((TEXT, "votes_token budget_token treasury")),
    facts=shape((TEXT, "deployer"), (NUMBER, "chain_id nonce"), budget={"symbol": TEXT}),
    token={"kind": TEXT},
    guardian={"address": TEXT},
    rounds=shape((TEXT, "cap"), (DURATION, "length holding"), (SHARE, "passing posting")),
    campaigns=shape((TEXT, "arbitrator"), (DURATION, "arbitration")),
    jury=shape((DURATION, "commit reveal"), (SHARE, "quorum")),
    steps=[shape((NUMBER, "nonce"), (TEXT, "title at carries"), gas=_COUNT)],
)
_CHECK = shape((TEXT, "name notes"), findings=[shape((TEXT, "area subject expected found"), differs=FLAG)])
_MOST_ROWS = 50
"""So many holders are named; of more the list is the plan."""
_CALLED = {"facts.deployer": "deployer", "treasury": "Treasury"}
"""What addresses are called, by the plan's path to them."""
_BUDGET = ("largest_least_bond", "dispute_bond_min")


def plan_view(plan: DeployPlan, concentration: Concentration, name: str) -> View:
    """The plan of a deployment; warnings last."""
    facts, config = plan.facts, plan.config
    origin = config.rounds.origin or plan.choose_origin(facts.now)
    gas = sum(step.gas for step in plan.steps)
    lines = concentration.warnings()
    if plan.is_real_money:
        lines = [_said("real_money", chain_id=facts.chain_id), *lines]
    is_wrap, coin = isinstance(config.token, WrappedToken), chain_facts(facts.chain_id).coin
    found = {
        **vars(config),
        "name": name,
        "plan": plan,
        "facts": facts,
        "votes_symbol": plan.votes_symbol,
        "underlying": f"{facts.votes.symbol} at {facts.votes.address}" if is_wrap else None,
        "supply": plan.votes(plan.supply) if plan.holdings else None,
        "given": plan.votes(sum(row.amount for row in plan.holdings)),
        "rest": _row(plan, plan.rest) if plan.rest else None,
        "pool": plan.money(plan.pool) if plan.pool else None,
        "holders": len(plan.holdings),
        "origin" if config.rounds.origin else "automatic_origin": format_time(origin),
        "points": format_amount(plan.min_points, POINTS_DECIMALS) if plan.pays_jurors else None,
        "steps": list(_steps(plan, origin)),
        "transactions": len(plan.steps),
        "gas": gas,
        "cost": format_amount(gas * facts.gas_price // 10**12, 6, coin),
        "price": format_amount(facts.gas_price, 9, "gwei"),
        "warnings": "\n".join(_said("warning", line=line) for line in lines),
    }
    return view.view(Home(Options()), "deploy plan", _PLAN, found)


def _said(name: str, **values: object) -> str:
    return words.word("deploy", name).format(**values)


def _steps(plan: DeployPlan, origin: int) -> Iterator[dict[str, Any]]:
    for nonce, step in enumerate(plan.steps, plan.first_nonce):
        carries = "\n".join(_carried(plan, step, origin))
        at = plan.addresses.get(step.contract, plan.budget_token)
        yield {"nonce": nonce, "title": step.title, "at": at, "carries": carries, "gas": step.gas}


def _carried(plan: DeployPlan, step: DeployStep, origin: int) -> Iterator[str]:
    """What a step carries, a line each."""
    if step.creates:
        spec = table()[step.contract]["arguments"]
        yield from _arguments(plan, spec, plan.arguments(step.contract, origin))
    elif step.key == SETUP:
        yield from _roles(plan)
    elif step.key.startswith("holders/"):
        batch = plan.batches[int(step.key.rpartition("/")[2]) - 1]
        is_short = len(plan.holdings) <= _MOST_ROWS
        named = [row for row in batch if is_short or row not in plan.holdings]
        if not is_short:
            listed = [row.amount for row in batch if row not in named]
            yield _said("batch", amount=plan.votes(sum(listed)), count=len(listed))
        yield from (_row(plan, row) for row in named)
    else:
        yield f"{plan.money(plan.pool)}: CampaignEscrow {plan.at('CampaignEscrow')}"


def _row(plan: DeployPlan, row: Holding) -> str:
    is_treasury = row.account == plan.treasury
    return f"{plan.votes(row.amount)}: {'Treasury ' if is_treasury else ''}{row.account}"


def _arguments(plan: DeployPlan, spec: Any, values: Any, before: str = "") -> Iterator[str]:
    """Arguments as contracts.toml has them, those of structs after their name."""
    for key, said in spec.items():
        # What a number's name says of its unit is written with its value.
        name = snake(key).removesuffix("_seconds").removesuffix("_bps").removesuffix("_ppm").replace("_", " ")
        if isinstance(said, dict):
            yield from _arguments(plan, said, values[key], f"{before}{name}, ")
        else:
            yield f"{before}{name}: {_value(plan, key, said, values[key])}"


def _value(plan: DeployPlan, key: str, said: Any, value: Any) -> str:
    """An argument's value, by why it is what it is."""
    budget = plan.facts.budget
    kind, _, path = str(said).rpartition(" ")
    if kind == "floor" or path == "supply":
        return plan.votes(value)
    if kind == "budget" or path in _BUDGET:
        return format_amount(value, budget.decimals, budget.symbol)
    if kind == "points" or path in ("min_points", "badge_points"):
        return format_amount(value, POINTS_DECIMALS, words.word("unit", "points"))
    if path == "origin":
        return format_time(value)
    if path == "phase":
        return _said("phase", seconds=value)
    if path == "excluded":
        own = ("Treasury", "CampaignEscrow")
        return ", ".join(f"{own[place]} {one}" if place < len(own) else one for place, one in enumerate(value))
    if key.endswith("Seconds") or path.endswith(("shortest_window", "timelock")):
        return format_duration(value)
    if key.endswith("Bps"):
        return format_bps(value)
    if key.endswith("Ppm"):
        return format_ppm(value)
    if isinstance(said, list):
        path = str(said[0])
    called = {
        **_CALLED,
        **{"votes_token": plan.votes_symbol, "budget_token": budget.symbol},
        **{"config.token.address": plan.facts.votes.symbol, "arbitrator": "Jury" if plan.pays_jurors else "arbitrator"},
    }
    name = path[1:] if path.startswith("@") else called.get(path)
    return f"{name} {text_of(value)}" if name else text_of(value)


def _roles(plan: DeployPlan) -> Iterator[str]:
    """What the last step sets, in words."""
    for (contract, function), role in plan.restricted.items():
        if ROLES[role].number != ADMIN:
            yield _said("opened", contract=contract, function=function, role=role)
    members = plan.role_members(plan.addresses)
    for name, one in plan.roles.items():
        yield _said("granted", role=name, number=one.number, member=one.member, account=members[one.number])
    for contract, function, (first, *_) in plan.done_at_once():
        named = next((name for name, at in plan.addresses.items() if at == first), first)
        yield _said("done_at_once", contract=contract, function=function, what=f"{named} {first}")
    yield _said("renounced", account=plan.facts.deployer)


def report_view(report: CheckReport, name: str, *, is_whole: bool = False) -> View:
    """What differs, one line each; or all that was compared."""
    same = words.word("deploy", "same")
    findings = [
        {**vars(one), "differs": one.found != one.expected, "found": same if one.found == one.expected else one.found}
        for one in report.findings
        if is_whole or one.found != one.expected
    ]
    found: Mapping[str, Any] = {"name": name, "findings": findings, "notes": "\n".join(report.notes)}
    return view.view(Home(Options()), "deploy check", _CHECK, found)
