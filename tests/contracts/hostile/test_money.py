"""Every token and payee of the hostile world, at every act on a campaign's money; money.py says what is claimed.

an act with a token or a payee that misbehaves
  moves what the cell says, to the unit, or is refused as it says; and the books stay true -> test_cell
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from brownie import project

from tests.contracts.hostile.money import CLAIMS
from tests.support import clock
from tests.support.campaigns import DAY, EVIDENCE, STATEMENT, deploy_world
from tests.support.claims import cells
from tests.support.hostile import FROM_THE_BEGINNING, Order, Stage, build, moved
from tests.support.reverts import reverts

YEAR = 365 * DAY


@dataclass(frozen=True)
class Act:
    """What is done.

    Attributes:
        orders: The calls, each of which is refused where the cell says so; the second argument is the units of a bond.
        hit: Whom a hostile payee, or a block, is.
        moves: What they move with a plain token, in whole tokens by who or what.
        until: When it can be done, Unix seconds; at once where there is nothing.
    """

    orders: Callable[[Stage, int], list[Order]]
    hit: str
    moves: dict[str, int]
    until: Callable[[Stage], int] = lambda stage: 0


def _one(function: Callable[[Stage], object], who: str, *arguments: Callable[[Stage], object]):
    return lambda s, _: [Order(function(s), tuple(one(s) for one in arguments), getattr(s.world, who))]


def _stakes(s: Stage, bond: int) -> list[Order]:
    """The same person, four times."""
    who, desk = s.world.worker, s.world.desk
    return [
        Order(s.world.escrow.submitWork, (s.open_bounty, EVIDENCE, [], bond), who),
        Order(desk.challenge, (s.works["accepted"], bond, STATEMENT), who),
        Order(desk.contest, (s.works["rejected"], bond, STATEMENT), who),
        Order(desk.uphold, (s.works["contested"], bond, STATEMENT), who),
    ]


def _frees(s: Stage, _: int) -> list[Order]:
    escrow, who = s.world.escrow, s.world.stranger
    return [Order(escrow.reclaimBounty, (s.bounty,), who), Order(escrow.releaseWork, ([s.works["void"]],), who)]


def _escrow(name: str) -> Callable[[Stage], object]:
    return lambda s: getattr(s.world.escrow, name)


def hundred(s: Stage) -> int:
    return s.units(100)


ACTS = {
    "deposit into the pool": Act(
        _one(_escrow("deposit"), "governance", hundred), "governance", {"governance": -100, "pool": 100}
    ),
    "fund a campaign": Act(
        _one(_escrow("fund"), "board", lambda s: [s.world.seed(ask=s.units(100))]), "lead", {"pool": -100}
    ),
    "top up": Act(
        _one(_escrow("topUp"), "giver", lambda s: s.campaign, hundred), "giver", {"giver": -100, "gifts": 100}
    ),
    "submit, challenge, contest, uphold": Act(_stakes, "worker", {"worker": -40}),
    "pay": Act(
        _one(_escrow("payWork"), "stranger", lambda s: [s.works["ready"]]), "worker", {"worker": 100, "other": 10}
    ),
    "pay in a batch": Act(
        _one(_escrow("payWork"), "stranger", lambda s: s.works["lot"]), "worker", {"worker": 110, "other": 220}
    ),
    "pay jurors": Act(
        _one(
            lambda s: s.world.desk.payJurors,
            "stranger",
            lambda s: s.works["judged"],
            lambda s: [s.world.worker, s.world.board],
        ),
        "worker",
        {"worker": 4, "board": 1},
    ),
    "withdraw a credit": Act(
        _one(_escrow("withdrawCredit"), "worker", lambda s: s.world.other),
        "other",
        {"other": 110, "worker_credit": -110},
    ),
    "deliver a credit": Act(
        _one(_escrow("deliverCredit"), "stranger", lambda s: s.world.worker),
        "worker",
        {"worker": 110, "worker_credit": -110},
    ),
    "let a credit expire": Act(
        _one(_escrow("expireCredit"), "stranger", lambda s: s.world.worker),
        "worker",
        {"pool": 110, "worker_credit": -110},
        lambda s: s.world.escrow.creditOf(s.world.worker)["since"] + YEAR,
    ),
    "release, reclaim": Act(_frees, "other", {"pool": 10}, lambda s: s.world.escrow.bountyOf(s.bounty)["submitBy"]),
    "release after a dispute": Act(
        _one(_escrow("releaseWork"), "stranger", lambda s: [s.works["refuted"]]), "worker", {"worker": 15, "pool": 15}
    ),
    "close, with a former lead": Act(
        _one(_escrow("closeCampaign"), "governance", lambda s: s.former),
        "stranger",
        {"stranger": 100},
        lambda s: s.ends,
    ),
    "withdraw from the pool": Act(
        _one(_escrow("withdrawPool"), "governance", hundred), "treasury", {"treasury": 100, "pool": -100}
    ),
}


def _begins(row: str) -> str:
    return row if row in FROM_THE_BEGINNING else ""


CELLS = sorted((c for c in cells(CLAIMS) if c[2].verdict), key=lambda cell: _begins(cell[1]))


@pytest.fixture(scope="module")
def stage(request, accounts):
    """The world of a row; of one with more decimals than any escrow takes there is none."""
    if request.param == "24 decimals":
        return None
    return build(project.get_loaded_projects()[0], accounts[0], request.param)


@pytest.mark.parametrize(
    ("stage", "column", "row", "claim"),
    [(_begins(row), column, row, claim) for column, row, claim in CELLS],
    indirect=["stage"],
    scope="module",
    ids=[f"{column}-{row}" for column, row, _ in CELLS],
)
def test_cell(stage, accounts, column, row, claim):
    if stage is None:
        refuses_to_exist(accounts[0], claim)
        return
    act = ACTS[column]
    clock.reach(act.until(stage))
    stage.misbehave(row, act.hit)
    before, calls = stage.look(), stage.world.token.calls()
    orders = act.orders(stage, stage.units(10))
    if claim.exact:
        short = stage.expected(type(claim)("refused", error=(claim.exact, 5, 10)))
        assert [order.refusal() for order in orders] == [short] * len(orders)
        orders = act.orders(stage, stage.sent(10, row))
    if claim.verdict == "refused":
        assert [order.refusal() for order in orders] == [stage.expected(claim)] * len(orders)
        return
    for order in orders:
        order.send()
    wanted = {who: act.moves.get(who, 0) + claim.moves.get(who, 0) for who in act.moves.keys() | claim.moves.keys()}
    assert moved(before, stage.look()) == {who: amount for who, amount in wanted.items() if amount}
    if row == "reenters" and {*act.moves} - {"pool", "worker_credit", "gifts"}:
        assert stage.world.token.calls() > calls
        assert not stage.world.token.lastSucceeded()


def refuses_to_exist(by, claim):
    has = project.get_loaded_projects()[0]
    token = has.HostileToken.deploy(24, {"from": by})
    with reverts(has.CampaignEscrow, *claim.error):
        deploy_world(has, token, 1)
