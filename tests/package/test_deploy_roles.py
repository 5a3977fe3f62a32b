"""Who may do what: one table, complete, and what a deployment opens to which role."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dmo.core import abi
from dmo.deploy.roles import BETWEEN_CONTRACTS, ROLES, restricted, who

ROOT = Path(__file__).resolve().parents[2]
MANAGED = ("IdeaBoard", "CampaignEscrow", "DisputeDesk", "Jury", "Reputation", "NeedsBoard", "ContentRegistry")
MANAGED += ("Badges", "Forecasts")


@pytest.mark.parametrize("contract", [*MANAGED, "DocumentLog", "Outcomes", "Drops"])
def test_whatever_writes_stands_in_the_table(contract: str) -> None:
    entries = abi.load(contract)
    writes = {one.name for one in entries if one.kind == "function" and not one.is_read}
    assert {name for at, name in who() if at == contract} == writes - {"setAuthority"}


def test_what_contracts_call_of_each_other_is_no_act() -> None:
    """An act of the same call would be hidden by it, with who may."""
    from dmo.capabilities.acts import acts

    calls = {(one.call[0], one.call[1].partition("(")[0]) for one in acts()}
    assert calls & BETWEEN_CONTRACTS.keys() == set()


def test_acts_of_one_call_agree_on_who_may() -> None:
    from dmo.capabilities.acts import acts

    told = {((one.call[0], one.call[1].partition("(")[0]), one.who) for one in acts() if one.call[0]}
    assert len(told) == len({call for call, _ in told})


def test_restricted_is_what_the_sources_restrict() -> None:
    """What is restricted and opened to nobody is governance's; no function may be forgotten."""
    header = re.compile(r"function (\w+)\([^{;]*?\)[^{;]*\brestricted\b")
    sources = (ROOT / "contracts").rglob("*.sol")
    texts = [file.read_text("utf-8") for file in sources if "mocks" not in file.parts]
    said = {name for text in texts for name in header.findall(text)}
    assert {name for (at, name) in restricted() if at in MANAGED} == said


def test_what_is_open_to_others_than_governance() -> None:
    opened = [(*place, role) for place, role in restricted().items() if role != "governance"]
    assert opened == [
        ("CampaignEscrow", "fund", "funder"),
        ("Reputation", "awardMany", "awarder"),
        ("CampaignEscrow", "halt", "guardian"),
        *(("ContentRegistry", f"{verb}Brand", "brand") for verb in ("revise", "retire")),
        ("ContentRegistry", "endorse", "brand"),
        ("ContentRegistry", "addBrand", "brand"),
        *(("ContentRegistry", f"{verb}Plan", "plan") for verb in ("revise", "retire", "add")),
        *(("ContentRegistry", f"{verb}Claim", "claims") for verb in ("revise", "retire", "add")),
        ("NeedsBoard", "answer", "core"),
    ]
    assert {role: it.number for role, it in ROLES.items()} == {
        "governance": 0,
        "funder": 1,
        "awarder": 2,
        "guardian": 3,
        "brand": 4,
        "plan": 5,
        "claims": 6,
        "core": 7,
    }
