"""CampaignEscrow: attacks.

a stranger who keeps gas back
  cannot turn a payment into a credit -> test_starved_payment_pays_in_full_or_reverts
  can neither lose an award -> test_starved_award_awards_in_full_or_reverts
  cannot lose the points of a credit -> test_starved_credit_withdrawal_awards_in_full_or_reverts
  is told what is missing -> test_too_little_gas_is_named
a payee who burns gas
  becomes a credit, and the batch goes on -> test_gas_burning_payee_gets_a_credit
a reputation that burns gas
  costs the points, not the money -> test_gas_burning_reputation_costs_points_only
a front-runner
  who pays one of a batch does not sink it -> test_front_run_batch_goes_on
  who copies evidence takes a slot only -> test_copied_evidence_is_a_submission_of_its_own
  who reworks before the verdict cannot be judged blindly -> test_verdict_is_bound_to_what_was_shown
a lead
  who posts for itself through payees -> test_lead_cannot_pay_itself
  who cancels or ends early spares live work -> test_live_work_survives_every_exit_of_the_lead
  who never returns cannot keep anything -> test_absent_lead_keeps_nothing
workers
  who squat all slots lose their bonds, and the slots return -> test_squatted_slots_cost_their_bonds
points
  by top-up: gift money comes back without points -> test_points_by_top_up
a deposit by donation
  cannot be withdrawn -> test_donation_cannot_be_withdrawn
governance
  cannot touch what is set aside -> test_governance_takes_only_the_pool
"""

from __future__ import annotations

import pytest
from brownie import web3
from eth_abi import decode

from tests.support import clock
from tests.support.campaigns import (
    ANSWER,
    BETTER,
    CHALLENGE,
    EVIDENCE,
    HALF_LIFE,
    LIFE,
    NOTICE,
    REVIEW,
    World,
    deploy_escrow,
    deploy_world,
)
from tests.support.reverts import reverts

WAD = 10**18
TRANSFER_GAS, AWARD_GAS = 200_000, 150_000 + 70_000  # one award
NOT_ENOUGH_GAS = "CampaignEscrowNotEnoughGas"
GAS = range(150_000, 900_000, 9_973)


def hungry_world(the_project, accounts):
    """A world whose token and reputation burn gas on demand, with one payable submission."""
    deployer = {"from": accounts[0]}
    token = the_project.HostileToken.deploy(18, deployer)
    world = deploy_world(the_project, token, 10**18)
    reputation = the_project.HungryReputation.deploy(deployer)
    desk, escrow = deploy_escrow(the_project, world.manager, token, reputation)
    world.manager.setTargetFunctionRole(escrow, [escrow.fund.signature], 1, deployer)
    world = World(world.manager, token, reputation, desk, escrow, 10**18)
    for account in (world.worker, world.other):
        world.mint(account, 1_000 * world.unit)
    world.fill(10_000 * world.unit)
    work = world.submit(world.post(world.fund()))
    world.accept(work)
    clock.pass_time(CHALLENGE)
    return world, work


def starve(starver, world, data, gas):
    """Make the call with so much gas, without keeping it; returns (succeeded, credit, points)."""
    views = [world.escrow.creditOf.encode_input(world.worker), world.reputation.points.encode_input(world.worker)]
    targets = [world.escrow.address, world.reputation.address]
    call = starver.starve.encode_input(world.escrow, data, gas, views, targets)
    answer = web3.eth.call({"to": starver.address, "data": call, "gas": 30_000_000})
    succeeded, credit, points = decode(["bool", "bytes", "bytes"], answer)
    return succeeded, int.from_bytes(credit[:32]), int.from_bytes(points)


@pytest.mark.parametrize("appetite", [0, 150_000])
def test_starved_payment_pays_in_full_or_reverts(the_project, accounts, appetite):
    world, work = hungry_world(the_project, accounts)
    starver = the_project.Starver.deploy({"from": world.stranger})
    world.token.setAppetite(world.worker, appetite, {"from": world.stranger})
    data = world.escrow.payWork.encode_input([work])
    outcomes = [starve(starver, world, data, gas) for gas in GAS]
    assert {o for o in outcomes if not o[0]} == {(False, 0, 0)}
    assert {o for o in outcomes if o[0]} == {(True, 0, 100 * WAD)}


@pytest.mark.parametrize("appetite", [100_000, 190_000])
def test_starved_award_awards_in_full_or_reverts(the_project, accounts, appetite):
    world, work = hungry_world(the_project, accounts)
    starver = the_project.Starver.deploy({"from": world.stranger})
    world.reputation.setAppetite(appetite, {"from": world.stranger})
    data = world.escrow.payWork.encode_input([work])
    outcomes = [starve(starver, world, data, gas) for gas in GAS]
    assert {o for o in outcomes if not o[0]} == {(False, 0, 0)}
    assert {o for o in outcomes if o[0]} == {(True, 0, 100 * WAD)}


def test_starved_credit_withdrawal_awards_in_full_or_reverts(the_project, accounts):
    world, work = hungry_world(the_project, accounts)
    world.token.setAppetite(world.worker, 10**6, {"from": world.stranger})
    world.reputation.setAppetite(190_000, {"from": world.stranger})
    world.pay(work)
    assert world.escrow.creditOf(world.worker)["amount"] == 110 * world.unit
    data = world.escrow.withdrawCredit.encode_input(world.other)
    call = {"from": world.worker.address, "to": world.escrow.address, "data": data}

    def passes(gas):
        try:
            web3.eth.call(call | {"gas": gas})
        except ValueError:
            return False
        return True

    least = next(gas for gas in GAS if passes(gas))
    assert least > AWARD_GAS
    world.escrow.withdrawCredit(world.other, {"from": world.worker, "gas_limit": least})
    assert world.reputation.points(world.worker) == 100 * WAD


def test_gas_burning_payee_gets_a_credit(the_project, accounts):
    world, work = hungry_world(the_project, accounts)
    world.token.setAppetite(world.worker, TRANSFER_GAS, {"from": world.stranger})
    third = world.submit(world.post(1, slots=1), by=world.other)
    world.accept(third)
    clock.pass_time(CHALLENGE)
    balance = world.token.balanceOf(world.other)
    tx = world.pay(work, third)
    assert tx.events["PayeeCredited"]["payee"] == world.worker
    assert world.escrow.creditOf(world.worker)["amount"] == 110 * world.unit
    assert world.token.balanceOf(world.other) == balance + 110 * world.unit
    world.check_books()


def test_gas_burning_reputation_costs_points_only(the_project, accounts):
    world, work = hungry_world(the_project, accounts)
    world.reputation.setAppetite(AWARD_GAS, {"from": world.stranger})
    balance = world.token.balanceOf(world.worker)
    tx = world.pay(work)
    assert tx.events["AwardFailed"]["pointsWad"] == 100 * WAD
    assert world.token.balanceOf(world.worker) == balance + 110 * world.unit
    world.check_books()


def test_too_little_gas_is_named(the_project, accounts):
    world, work = hungry_world(the_project, accounts)
    data = world.escrow.payWork.encode_input([work])
    call = {"to": world.escrow.address, "data": data, "gas": 180_000}
    with pytest.raises(ValueError, match="custom error") as caught:
        web3.eth.call(call)
    data = caught.value.args[0]["data"]
    needed = (TRANSFER_GAS + 10_000) * 64 // 63
    assert data[:10] == web3.keccak(text=NOT_ENOUGH_GAS + "(uint256,uint256)")[:4].to_0x_hex()
    assert int(data[10:74], 16) < needed == int(data[74:], 16)


def test_front_run_batch_goes_on(world, campaign):
    bounty = world.post(campaign, slots=3)
    works = [world.submit(bounty) for _ in range(3)]
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(works[1], by=world.other)
    world.pay(*works)
    assert {world.status(work) for work in works} == {"Done"}
    world.check_books()


def test_copied_evidence_is_a_submission_of_its_own(world, escrow, bounty, work):
    copy = world.submit(bounty, by=world.other)
    assert copy != work
    world.reject(copy)
    world.accept_and_pay(work)
    assert world.status(work) == "Done"
    assert world.status(copy) == "Void"
    world.check_books()


def test_verdict_is_bound_to_what_was_shown(world, escrow, work):
    world.reject(work)
    escrow.reworkWork(work, BETTER, {"from": world.worker})
    with reverts(escrow, "CampaignEscrowOtherEvidence", EVIDENCE, BETTER):
        world.accept(work, EVIDENCE)


def test_lead_cannot_pay_itself(world, escrow, campaign, bounty):
    for payees in ([(world.lead, 10_000)], [(world.worker, 9_999), (world.lead, 1)]):
        with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
            world.submit(bounty, payees=payees)
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.submit(bounty, by=world.lead)
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.post(campaign, worker=world.lead)


def test_live_work_survives_every_exit_of_the_lead(world, escrow, campaign, bounty, work):
    escrow.cancelBounty(bounty, {"from": world.lead})
    escrow.endEarly(campaign, clock.now() + NOTICE + 100, {"from": world.lead})
    clock.pass_time(NOTICE + 100)
    escrow.reclaimBounty(bounty, {"from": world.lead})
    escrow.closeCampaign(campaign, {"from": world.lead})
    escrow.withdrawPool(escrow.poolFree(), {"from": world.governance})
    balance = world.token.balanceOf(world.worker)
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(work)
    assert world.token.balanceOf(world.worker) == balance + 110 * world.unit
    world.check_books()


def test_absent_lead_keeps_nothing(world, escrow, campaign, bounty, work):
    clock.reach(escrow.campaignOf(campaign)["endsAt"] + LIFE + REVIEW)
    world.pay(work)
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    escrow.closeCampaign(campaign, {"from": world.stranger})
    books = world.books()
    assert books["held"] == books["pool"] == 9_900 * world.unit
    assert books["bondsHeld"] == 0


def test_squatted_slots_cost_their_bonds(world, escrow, bounty):
    squats = [world.submit(bounty, by=world.other) for _ in range(2)]
    with reverts(escrow, "CampaignEscrowNoFreeSlot", bounty):
        world.submit(bounty)
    pool = escrow.poolFree()
    for squat in squats:
        world.reject(squat)
    clock.pass_time(ANSWER)
    escrow.releaseWork(squats, {"from": world.stranger})
    assert escrow.poolFree() == pool + 20 * world.unit
    world.accept_and_pay(world.submit(bounty))
    world.check_books()


def test_points_by_top_up(world, escrow, campaign):
    escrow.topUp(campaign, 500 * world.unit, {"from": world.stranger})
    work = world.submit(world.post(campaign, reward=500 * world.unit, bond=0, slots=1, isGift=True))
    world.accept_and_pay(work)
    assert world.points(world.worker) == 0
    assert world.reputation.totalPoints() == 0
    assert world.reputation.halfLifeSeconds() == HALF_LIFE


def test_donation_cannot_be_withdrawn(world, escrow):
    world.token.transfer(escrow, 500, {"from": world.stranger})
    free = escrow.poolFree()
    with reverts(escrow, "CampaignEscrowNotEnough", free + 1, free):
        escrow.withdrawPool(free + 1, {"from": world.governance})


def test_governance_takes_only_the_pool(world, escrow, campaign, bounty, work):
    escrow.withdrawPool(escrow.poolFree(), {"from": world.governance})
    with reverts(escrow, "CampaignEscrowNotEnough", 1, 0):
        escrow.withdrawPool(1, {"from": world.governance})
    world.accept_and_pay(work)
    world.check_books()
