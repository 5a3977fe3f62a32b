"""CampaignEscrow: a whole campaign in tokens that work; those that do not: tests/contracts/hostile.

a whole campaign
  in tokens of 18, 8 and 2 decimals, and one that returns nothing -> test_money_goes_round
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import CHALLENGE, deploy_world


def small_world(the_project, token, unit=10**18):
    world = deploy_world(the_project, token, unit)
    for account in (world.governance, world.giver, world.lead, world.worker, world.other):
        world.mint(account, 1_000 * unit)
    return world


@pytest.mark.parametrize("kind", [18, 8, 2, "returns nothing"])
def test_money_goes_round(the_project, accounts, kind):
    deployer = {"from": accounts[0]}
    if kind == "returns nothing":
        token, decimals = the_project.ReturnsNothingToken.deploy(deployer), 6
    else:
        token, decimals = the_project.Stablecoin.deploy("Token", "T", kind, deployer), kind
    world = small_world(the_project, token, 10**decimals)
    escrow, unit = world.escrow, world.unit
    world.fill(10_000 * unit)
    campaign = world.fund()
    escrow.topUp(campaign, 100 * unit, {"from": world.giver})
    before = {person: token.balanceOf(person) for person in world.people}
    voted = world.submit(world.post(campaign), payees=[(world.worker, 9_000), (world.other, 1_000)])
    gift = world.submit(world.post(campaign, isGift=True, slots=1), by=world.other)
    world.accept(voted)
    world.accept(gift)
    clock.pass_time(CHALLENGE)
    world.pay(voted, gift)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    escrow.reclaimBounty(1, {"from": world.stranger})
    escrow.closeCampaign(campaign, {"from": world.stranger})
    world.file_lessons(campaign)
    clock.pass_time(CHALLENGE)
    world.pay(3)
    fee = 100 * unit * 100 // 900
    escrow.withdrawPool(escrow.poolFree(), {"from": world.governance})
    gained = {person: token.balanceOf(person) - before[person] for person in world.people}
    assert gained[world.worker] == 90 * unit
    assert gained[world.other] == 110 * unit
    assert gained[world.lead] == fee
    assert gained[world.treasury] == 10_000 * unit - 100 * unit - fee
    assert token.balanceOf(escrow) == 0
    world.check_books()
    assert world.points(world.worker) == 90 * 10**18
    assert world.points(world.other) == 10 * 10**18
    assert world.points(world.lead) == fee * 10**9 // unit * 10**9  # points are kept to a billionth
