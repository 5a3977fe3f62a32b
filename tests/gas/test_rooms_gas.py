"""Gas of needs, of content and of advisors.

gas
  of a need, a list, an answer -> test_gas_of_needs
  of an entry, an asset, and what becomes of them -> test_gas_of_content
  of a model, and of asking it on the chain -> test_gas_of_advisors
"""

from __future__ import annotations

import random

import pytest

from tests.support import content
from tests.support.advisors import WORDS, weights
from tests.support.content import ATTRIBUTION, DERIVATIVES, NO_END, Kind, text
from tests.support.gas import FIRST
from tests.support.governance import containers

CORE, PLANNED = 7, 1
DAY = 86_400


@pytest.fixture(scope="module")
def team(accounts):
    return accounts[1]


def test_gas_of_needs(accounts, team, gas):
    project, by = containers(), {"from": accounts[0]}
    manager = project.AccessManager.deploy(accounts[0], by)
    board = project.NeedsBoard.deploy(manager, by)
    manager.setTargetFunctionRole(board, [board.answer.signature], CORE, by)
    manager.grantRole(CORE, team, 0, by)
    named = sorted(text(f"need {number}") for number in range(8))
    holder = {"from": accounts[2]}
    gas("need.post", board.post(named[0], holder).gas_used)
    gas("need.back", board.back(named[:1], [100], holder).gas_used)
    gas("need.back.eight", board.back(named, [12] * 7 + [16], holder).gas_used)
    answered = board.answer(named[0], PLANNED, 2_000_000_000, 20, text("why"), {"from": team})
    gas("need.answer", answered.gas_used)


def test_gas_of_content(accounts, team, gas):
    registry = content.deploy(containers(), accounts[0], dict.fromkeys(content.OPENS, team))
    by, holder, until = {"from": team}, {"from": accounts[2]}, 2_000_000_000
    gas("content.entry", registry.addPlan(Kind.OBJECTIVE, 0, text("o"), until, by).gas_used, FIRST)
    registry.addPlan(Kind.GOAL, 1, text("g"), until, by)
    gas("content.entry", registry.addPlan(Kind.GOAL, 1, text("g"), until, by).gas_used)
    gas("content.claim", registry.addClaim(text("c"), until, by).gas_used)
    gas("content.revise", registry.revisePlan(1, text("o2"), until + DAY, by).gas_used)
    gas("content.retire", registry.retirePlan(3, by).gas_used)
    terms = ATTRIBUTION | DERIVATIVES
    gas("asset.add", registry.addAsset(0, text("a"), terms, NO_END, holder).gas_used, FIRST)
    gas("asset.add", registry.addAsset(0, text("a"), terms, NO_END, holder).gas_used)
    gas("asset.derive", registry.addAsset(1, text("a"), terms, NO_END, holder).gas_used)
    gas("asset.endorse", registry.endorse(1, True, by).gas_used)


def test_gas_of_advisors(accounts, gas):
    advisor = containers().Advisor.deploy({"from": accounts[0]})
    rng, by = random.Random(1), {"from": accounts[2]}
    registered = [advisor.register(weights(rng), -300, "en", text(f"card {n}"), by).gas_used for n in range(2)]
    gas("advisor.register", registered[0], FIRST)
    gas("advisor.register", registered[1])
    said = " ".join(rng.choice([*WORDS, *(f"w{n}" for n in range(3_000))]) for _ in range(2_000)).encode()
    for act, size in (("advisor.logit.short", 560), ("advisor.logit", 1_000), ("advisor.logit.long", 4_000)):
        gas(act, advisor.logit.transact(1, said[:size], by).gas_used)
