"""CampaignEscrow: budget tokens of all kinds.

a whole campaign
  in tokens of 18, 8 and 2 decimals, and one that returns nothing -> test_money_goes_round
a token that takes a fee on transfer
  deposits and top-ups are booked at what arrived -> test_fee_on_transfer_is_booked_at_what_arrived
  bonds have to arrive whole -> test_bond_that_does_not_arrive_is_refused
a token that returns false
  nothing comes in -> test_false_return_takes_nothing_in
  what cannot go out becomes a credit -> test_false_return_becomes_a_credit
a token that re-enters
  during a deposit, a bond, a payment or a withdrawal -> test_reentrant_token_changes_nothing
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import CHALLENGE, EVIDENCE, deploy_world
from tests.support.reverts import reverts

GUARD = "0x3ee5aeb5"  # ReentrancyGuardReentrantCall()
SAFE_ERC20 = [{"type": "error", "name": "SafeERC20FailedOperation", "inputs": [{"name": "token", "type": "address"}]}]


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


def test_fee_on_transfer_is_booked_at_what_arrived(the_project, accounts):
    token = the_project.FeeOnTransferToken.deploy({"from": accounts[0]})
    world = small_world(the_project, token)
    tx = world.escrow.deposit(1_000, {"from": world.governance})
    assert tx.events["PoolDeposited"]["amount"] == 990
    campaign = world.fund(ask=990, feeBps=0)
    world.escrow.topUp(campaign, 200, {"from": world.giver})
    assert world.escrow.campaignOf(campaign)["giftFree"] == 198
    world.check_books()
    world.accept_and_pay(world.submit(world.post(campaign, reward=990, bond=0, slots=1)))
    assert world.books()["paid"] == 990
    world.check_books()


def test_bond_that_does_not_arrive_is_refused(the_project, accounts):
    token = the_project.FeeOnTransferToken.deploy({"from": accounts[0]})
    world = small_world(the_project, token)
    world.escrow.deposit(2_000, {"from": world.governance})
    bounty = world.post(world.fund(ask=1_000), reward=100, bond=100)
    with reverts(world.escrow, "CampaignEscrowBondShort", 99, 100):
        world.submit(bounty)
    world.submit(bounty, amount=102)  # 101 arrive
    assert world.escrow.campaignOf(1)["giftFree"] == 1
    token.setFee(0, {"from": world.stranger})
    world.submit(bounty)
    world.check_books()


def test_false_return_takes_nothing_in(the_project, accounts):
    token = the_project.FalseReturningToken.deploy({"from": accounts[0]})
    world = small_world(the_project, token)
    with reverts(SAFE_ERC20, "SafeERC20FailedOperation", token):
        world.escrow.deposit(1_000, {"from": world.governance})


def test_false_return_becomes_a_credit(the_project, accounts):
    token = the_project.FalseReturningToken.deploy({"from": accounts[0]})
    world = small_world(the_project, token)
    token.setBroken(False, {"from": world.stranger})
    world.escrow.deposit(10_000, {"from": world.governance})
    work = world.submit(world.post(world.fund(ask=1_000), reward=100, bond=10))
    token.setBroken(True, {"from": world.stranger})
    world.accept_and_pay(work)
    assert world.escrow.creditOf(world.worker)["amount"] == 110
    with reverts(SAFE_ERC20, "SafeERC20FailedOperation", token):
        world.escrow.withdrawCredit(world.worker, {"from": world.worker})
    with reverts(SAFE_ERC20, "SafeERC20FailedOperation", token):
        world.escrow.withdrawPool(1, {"from": world.governance})
    world.check_books()
    token.setBroken(False, {"from": world.stranger})
    world.escrow.withdrawCredit(world.worker, {"from": world.worker})
    world.check_books()


def test_reentrant_token_changes_nothing(the_project, accounts):
    token = the_project.ReentrantToken.deploy({"from": accounts[0]})
    world = small_world(the_project, token)
    escrow = world.escrow
    token.mint(token, 10**18, {"from": world.stranger})
    escrow.deposit(10_000, {"from": world.governance})
    campaign = world.fund(ask=1_000)
    bounty = world.post(campaign, reward=100, bond=10, slots=3)
    work = world.submit(bounty)
    world.accept(work)
    clock.pass_time(CHALLENGE)
    attacks = [
        escrow.deposit.encode_input(1),
        escrow.topUp.encode_input(campaign, 1),
        escrow.payWork.encode_input([work]),
        escrow.releaseWork.encode_input([work]),
        escrow.submitWork.encode_input(bounty, EVIDENCE, [], 10),
        escrow.withdrawWork.encode_input(work),
        escrow.withdrawCredit.encode_input(world.stranger),
        escrow.deliverCredit.encode_input(world.stranger),
        escrow.expireCredit.encode_input(world.stranger),
        escrow.closeCampaign.encode_input(campaign),
        escrow.reclaimBounty.encode_input(bounty),
        escrow.deliver.encode_input(world.stranger, 1),
    ]
    for data in attacks:
        token.setCall(escrow, data, {"from": world.stranger})
        for act in (
            lambda: escrow.deposit(1, {"from": world.governance}),
            lambda: escrow.withdrawPool(1, {"from": world.governance}),
        ):
            calls = token.calls()
            act()
            assert token.calls() == calls + 1
            assert not token.lastSucceeded()
            if data != attacks[-1]:
                assert str(token.lastResult()) == GUARD
        world.check_books()
    token.setCall(escrow, attacks[2], {"from": world.stranger})
    balance = token.balanceOf(world.worker)
    world.submit(bounty, by=world.other)
    world.pay(work)
    assert not token.lastSucceeded()
    assert token.balanceOf(world.worker) == balance + 110
    world.check_books()
