"""CampaignEscrow, DisputeDesk and Jury: every call out, met by every act from inside.

A token calls a target during each transfer; an arbitrator does when it is asked to open a dispute.

given any act that moves money
  when the token re-enters with any other
    nobody has a unit more or less than without it -> test_no_act_from_inside_changes_what_the_outer_one_does
    what writes is told that it is a re-entry, before anything else -> test_what_writes_is_locked,
    test_jurors_are_not_paid_within_an_act_of_the_escrow
the stage of it all -> test_the_stage_is_what_its_names_say
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS, chain

from dmo.core.abi.codec import keccak
from tests.support import clock, coverage_calls
from tests.support.campaigns import BETTER, EVIDENCE, LESSONS, STATEMENT, deploy_world
from tests.support.governance import WAD
from tests.support.jury import salt, seat_jury


@pytest.fixture(scope="module")
def stage(the_project, accounts):
    """One of everything: payable, won, overturned, contested, disputed, fresh; with money in them."""
    token = the_project.HostileToken.deploy(18, {"from": accounts[0]})
    world = deploy_world(the_project, token, WAD)
    for one in (world.governance, world.lead, world.worker, world.other, world.stranger, world.giver):
        world.mint(one, 1_000 * WAD)
    world.fill(20_000 * WAD)
    jury = seat_jury(world, {world.board: 60, world.governance: 40})
    world.set_terms(arbitrator=jury, paysJurors=True)
    campaign = world.fund(ask=3_000 * WAD)
    bounty = world.post(campaign, slots=12)
    works = {
        "ready": world.submit(bounty),
        "won": world.submit(bounty, by=world.other),
        "overturned": world.submit(bounty, by=world.stranger),
        "void": world.submit(bounty),
    }
    for name in ("ready", "won"):
        world.accept(works[name])
    for name in ("overturned", "void"):
        world.reject(works[name])
    world.challenge(works["won"], by=world.giver)
    world.dispute(works["overturned"], by=world.stranger)
    judge(world, jury, {1: 2, 2: 1})
    open_bounty = world.post(campaign, slots=4)
    works |= {name: world.submit(open_bounty) for name in ("fresh", "rejected", "contested")}
    world.accept(works["fresh"])
    for name in ("rejected", "contested"):
        world.reject(works[name])
    world.contest(works["contested"])
    return world, jury, campaign, bounty, open_bounty, works


def judge(world, jury, rulings):
    for number, ruling in rulings.items():
        for juror in (world.board, world.governance):
            jury.commit(number, jury.commitmentFor(number, juror, ruling, salt(1)), {"from": juror})
    clock.reach(jury.windowsOf(max(rulings))[0])
    for number, ruling in rulings.items():
        for juror in (world.board, world.governance):
            jury.reveal(number, juror, ruling, salt(1), {"from": juror})
    clock.reach(jury.windowsOf(max(rulings))[1] + 1)


def outer_acts(stage):
    world, _, campaign, _, open_bounty, works = stage
    escrow, desk, anyone = world.escrow, world.desk, {"from": world.stranger}

    def pay_jurors():
        escrow.releaseWork([works["won"]], anyone)
        world.token.setCall(*world.armed, anyone)
        desk.payJurors(works["won"], [world.board, world.governance], anyone)

    return {
        "deposit": lambda: escrow.deposit(5 * WAD, {"from": world.governance}),
        "topUp": lambda: escrow.topUp(campaign, 5 * WAD, {"from": world.giver}),
        "withdrawPool": lambda: escrow.withdrawPool(5 * WAD, {"from": world.governance}),
        "submitWork": lambda: world.submit(open_bounty, by=world.other, amount=11 * WAD),
        "payWork": lambda: escrow.payWork([works["ready"]], anyone),
        "payWork, disputed": lambda: escrow.payWork([works["overturned"]], anyone),
        "releaseWork, disputed": lambda: escrow.releaseWork([works["won"]], anyone),
        "challenge": lambda: world.challenge(works["fresh"], by=world.giver),
        "contest": lambda: world.contest(works["rejected"]),
        "uphold": lambda: world.uphold(works["contested"], by=world.giver, amount=12 * WAD),
        "payJurors": pay_jurors,
    }


def inner_acts(stage):
    world, jury, campaign, bounty, open_bounty, works = stage
    e, d = world.escrow, world.desk
    return {
        "payWork": (e, e.payWork.encode_input([works["ready"]])),
        "payWork, disputed": (e, e.payWork.encode_input([works["overturned"]])),
        "releaseWork": (e, e.releaseWork.encode_input([works["won"]])),
        "withdrawWork": (e, e.withdrawWork.encode_input(works["rejected"])),
        "deposit": (e, e.deposit.encode_input(1)),
        "topUp": (e, e.topUp.encode_input(campaign, 1)),
        "withdrawCredit": (e, e.withdrawCredit.encode_input(world.other)),
        "deliverCredit": (e, e.deliverCredit.encode_input(world.other)),
        "expireCredit": (e, e.expireCredit.encode_input(world.other)),
        "reclaimBounty": (e, e.reclaimBounty.encode_input(bounty)),
        "closeCampaign": (e, e.closeCampaign.encode_input(campaign)),
        "fileLessons": (e, e.fileLessons.encode_input(campaign, LESSONS, 0)),
        "replaceLead": (e, e.replaceLead.encode_input(campaign, world.giver)),
        "submitWork": (e, e.submitWork.encode_input(open_bounty, EVIDENCE, [], 10 * WAD)),
        "deliver": (e, e.deliver.encode_input(world.other, WAD)),
        "beginDispute": (e, e.beginDispute.encode_input(works["fresh"], world.other, WAD, 0, 2)),
        "challenge": (d, d.challenge.encode_input(works["fresh"], 10 * WAD, STATEMENT)),
        "contest": (d, d.contest.encode_input(works["rejected"], 10 * WAD, STATEMENT)),
        "uphold": (d, d.uphold.encode_input(works["contested"], 10 * WAD, STATEMENT)),
        "payJurors": (d, d.payJurors.encode_input(works["won"], [world.board])),
        "expireJurors": (d, d.expireJurors.encode_input(works["won"])),
        "settle": (d, d.settle.encode_input(works["won"], 10 * WAD, 0)),
        "rule": (d, d.rule.encode_input(1, 1)),
        "submitEvidence": (d, d.submitEvidence.encode_input(works["fresh"], BETTER)),
        "executeRuling": (jury, jury.executeRuling.encode_input(1)),
        "commit": (jury, jury.commit.encode_input(1, b"\x01" * 32)),
    }


@coverage_calls.untraced()
def picture(world):
    """The pool, everybody's money, every status. (What burns a transfer's gas makes it a credit, which is money.)"""
    _, _, count = world.escrow.counts()
    money = [world.token.balanceOf(one) + world.escrow.creditOf(one)["amount"] for one in world.people]
    return world.escrow.poolFree(), money, [world.status(work) for work in range(1, count + 1)]


@pytest.mark.attack("re-entry")
@pytest.mark.parametrize(
    "outer",
    [
        *("deposit", "topUp", "withdrawPool", "submitWork", "payWork", "payWork, disputed"),
        *("releaseWork, disputed", "challenge", "contest", "uphold", "payJurors"),
    ],
)
def test_no_act_from_inside_changes_what_the_outer_one_does(stage, outer):
    world, act = stage[0], outer_acts(stage)[outer]
    by = {"from": world.stranger}
    world.armed = (ZERO_ADDRESS, b"")
    start = chain._take_snapshot()
    act()
    plain = picture(world)
    start = chain._revert(start)
    for inner, (target, data) in inner_acts(stage).items():
        world.armed = (target, data)
        if outer != "payJurors":
            world.token.setCall(target, data, by)
        act()
        assert picture(world) == plain, inner
        world.token.setCall(ZERO_ADDRESS, b"", by)
        world.check_books()
        start = chain._revert(start)


GUARD = "0x" + keccak(b"ReentrancyGuardReentrantCall()")[:4].hex()
LOCKED = {
    "topUp": (
        *("payWork", "releaseWork", "withdrawWork", "topUp", "withdrawCredit", "deliverCredit", "expireCredit"),
        *("reclaimBounty", "closeCampaign", "fileLessons", "submitWork"),
    ),
    "contest": ("challenge", "contest", "uphold", "payJurors", "expireJurors"),
}


@pytest.mark.attack("re-entry")
@pytest.mark.parametrize("outer", LOCKED)
def test_what_writes_is_locked(stage, outer):
    """A second line behind the order of what is written: each by its own lock, whoever calls and whatever is due."""
    world, act, inner = stage[0], outer_acts(stage)[outer], inner_acts(stage)
    start = chain._take_snapshot()
    for name in LOCKED[outer]:
        world.token.setCall(*inner[name], {"from": world.stranger})
        act()
        assert (str(world.token.lastResult()), world.token.lastSucceeded()) == (GUARD, False), name
        start = chain._revert(start)


@pytest.mark.attack("re-entry")
def test_jurors_are_not_paid_within_an_act_of_the_escrow(stage):
    """The desk is free then, and the escrow is not."""
    world, campaign, works = stage[0], stage[2], stage[-1]
    world.escrow.releaseWork([works["won"]], {"from": world.stranger})
    world.token.setCall(*inner_acts(stage)["payJurors"], {"from": world.stranger})
    world.escrow.topUp(campaign, WAD, {"from": world.giver})
    assert (str(world.token.lastResult()), world.token.lastSucceeded()) == (GUARD, False)
    world.token.setCall(ZERO_ADDRESS, b"", {"from": world.stranger})
    world.desk.payJurors(works["won"], [world.board], {"from": world.stranger})


def test_the_stage_is_what_its_names_say(stage):
    """Everything is in the state that its name says, or the matrix would prove little."""
    world, works = stage[0], stage[-1]
    assert {name: world.status(work) for name, work in works.items()} == {
        "ready": "Payable",
        "won": "Void",
        "overturned": "Payable",
        "void": "Void",
        "fresh": "Accepted",
        "rejected": "Rejected",
        "contested": "Contested",
    }
