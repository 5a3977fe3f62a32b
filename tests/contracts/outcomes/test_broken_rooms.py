"""Rooms that are broken on purpose, beside a campaign that pays.

payments
  whichever room is broken, and however -> test_broken_rooms_stop_no_payment
disputes of work
  while the outcomes that the jury admitted are broken -> test_broken_outcomes_spoil_no_dispute_of_work
"""

from __future__ import annotations

import pytest
from brownie import accounts, chain, web3

from tests.support import clock, forecasts
from tests.support.campaigns import CHALLENGE, DAY, EVIDENCE, STATEMENT
from tests.support.governance import containers
from tests.support.jury import JURORS, decide, deploy_court

LEAD, WORKER = 4, 5
BROKEN = {
    "reverts": "0x5f5ffd",
    "burns all gas": "0xfe",
    "answers nonsense": "0x60ff5f5260ff60205260605ff3",
    "is gone": "0x",
}


@pytest.fixture(scope="module")
def market():
    """A vote that is open, about an idea that passes; with every room, each in use."""
    market = forecasts.deploy()
    market.sponsor()
    market.move(700_000)
    market.scene.core.escrow.mint(accounts[WORKER], 10**9)
    return market


@pytest.fixture(scope="module")
def rooms(market):
    has, by = containers(), {"from": accounts[0]}
    badges = has.Badges.deploy(market.scene.core.escrow.manager, "Badges", "B", by)
    return [market.scene.outcomes, market.contract, has.Drops.deploy(by), badges]


def life(scene):
    """From the settlement of the idea to its fee: gas of every step, and what everybody has then."""
    world, ruler = scene.core.escrow, scene.arbitrator
    escrow, lead, worker = world.escrow, {"from": accounts[LEAD]}, {"from": accounts[WORKER]}
    scene.core.board.to_settlement(1)
    steps = [scene.core.settle(1, [1])]
    campaign = steps[0].events["IdeaFunded"]["campaign"]
    steps.append(escrow.postBounty(world.params(campaign, slots=2), lead))
    bounty = steps[-1].events["BountyPosted"]["bounty"]
    for _ in range(2):
        steps.append(escrow.submitWork(bounty, EVIDENCE, [], 10 * world.unit, worker))
        steps.append(escrow.acceptWork(steps[-1].events["WorkSubmitted"]["submission"], EVIDENCE, lead))
    steps.append(world.desk.challenge(2, world.stake(2), STATEMENT, {"from": accounts[3]}))
    dispute = int(world.desk.disputeOf(2)["disputeID"])
    steps.append(ruler.rule(dispute, 1, {"from": accounts[6]}))
    clock.pass_time(CHALLENGE)
    steps.append(escrow.payWork([1, 2], {"from": accounts[6]}))
    assert len(steps[-1].events["WorkPaid"]) == 2
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    steps.append(world.file_lessons(campaign, by=accounts[LEAD]))
    clock.pass_time(90 * DAY)
    steps.append(escrow.closeCampaign(campaign, {"from": accounts[6]}))
    return [step.gas_used for step in steps], [world.token.balanceOf(who) for who in accounts[:10]], world.books()


def test_broken_rooms_stop_no_payment(market, rooms):
    """Settlement, work, dispute, payment, lessons and fee: as if there were no such room, to the unit and the gas."""
    market.scene.core.escrow.mint(accounts[3], 10**9)
    market.scene.core.escrow.mint(accounts[LEAD], 10**9)
    chain.snapshot()
    whole = life(market.scene)
    for room in rooms:
        for how, code in BROKEN.items():
            chain.revert()
            web3.provider.make_request("anvil_setCode", [room.address, code])
            assert life(market.scene) == whole, (room._name, how)


def test_broken_outcomes_spoil_no_dispute_of_work(market):
    """The jury asks who brought a dispute for its parties: the desk for the desk's, whoever else it admitted."""
    court = deploy_court(accounts[0], dict(zip(JURORS, accounts[11:15], strict=True)), accounts[7], accounts[9])
    court.jury.admit(market.scene.outcomes, {"from": accounts[0]})
    web3.provider.make_request("anvil_setCode", [market.scene.outcomes.address, BROKEN["burns all gas"]])
    dispute = court.open()
    decide(court.jury, dispute, {accounts[11]: 2})
    assert court.jury.currentRuling(dispute) == 2
