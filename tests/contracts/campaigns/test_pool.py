"""CampaignEscrow: construction and the pool.

constructor
  when an address is zero -> test_constructor_reverts_when_an_address_is_zero
  when the token has more than 18 decimals -> test_constructor_reverts_when_decimals_exceed_points
  when the rate of points is zero -> test_constructor_reverts_without_points
  when all is well -> test_constructor_keeps_its_frame
deposit
  when the caller is not governance -> test_deposit_reverts_for_others
  when nothing arrives -> test_deposit_reverts_when_zero
  when the token refuses -> test_deposit_reverts_when_the_token_refuses
  when custody would not fit 112 bits -> test_deposit_reverts_when_custody_overflows
  when tokens arrive -> test_deposit_books_what_arrived
withdrawPool
  when the amount is zero -> test_withdraw_pool_reverts_when_zero
  when the pool has less -> test_withdraw_pool_reverts_when_the_pool_has_less
  when the pool has enough -> test_withdraw_pool_sends_to_the_treasury
a donation
  changes nothing -> test_donation_changes_no_book
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.campaigns import HALT, POINTS_PER_TOKEN
from tests.support.reverts import reverts

FIT = 2**112 - 1


def frame(world, **changes):
    values = {
        "budgetToken": world.token,
        "treasury": world.treasury,
        "reputation": world.reputation,
        "desk": world.desk,
        "haltSeconds": HALT,
        "pointsPerToken": POINTS_PER_TOKEN,
    }
    return tuple((values | changes).values())


@pytest.mark.parametrize("field", ["budgetToken", "treasury", "reputation", "desk"])
def test_constructor_reverts_when_an_address_is_zero(world, CampaignEscrow, field):
    broken = frame(world, **{field: ZERO_ADDRESS})
    with reverts(CampaignEscrow, "CampaignEscrowZeroAddress"):
        CampaignEscrow.deploy(world.manager, broken, {"from": world.governance})


def test_constructor_reverts_when_decimals_exceed_points(world, CampaignEscrow, Stablecoin):
    token = Stablecoin.deploy("Fine", "F", 19, {"from": world.governance})
    with reverts(CampaignEscrow, "CampaignEscrowTooManyDecimals", 19, 18):
        CampaignEscrow.deploy(world.manager, frame(world, budgetToken=token), {"from": world.governance})


def test_constructor_reverts_without_points(world, CampaignEscrow):
    with reverts(CampaignEscrow, "CampaignEscrowZeroRate"):
        CampaignEscrow.deploy(world.manager, frame(world, pointsPerToken=0), {"from": world.governance})


def test_constructor_keeps_its_frame(world, escrow):
    assert escrow.budgetToken() == world.token
    assert escrow.treasury() == world.treasury
    assert escrow.reputation() == world.reputation
    assert escrow.desk() == world.desk
    assert escrow.haltSeconds() == HALT
    assert escrow.pointsPerToken() == POINTS_PER_TOKEN
    assert escrow.authority() == world.manager
    assert escrow.counts() == (0, 0, 0)


def test_deposit_reverts_for_others(world, escrow):
    for caller in (world.giver, world.board, world.lead, world.guardian):
        with reverts(escrow, "AccessManagedUnauthorized", caller):
            escrow.deposit(1, {"from": caller})


def test_deposit_reverts_when_zero(world, escrow):
    with reverts(escrow, "CampaignEscrowZeroAmount"):
        escrow.deposit(0, {"from": world.governance})


def test_deposit_reverts_when_the_token_refuses(world, escrow):
    world.token.approve(escrow, 0, {"from": world.governance})
    with reverts(world.token, "ERC20InsufficientAllowance", escrow, 0, 1):
        escrow.deposit(1, {"from": world.governance})


def test_deposit_reverts_when_custody_overflows(world, escrow):
    world.mint(world.governance, FIT)
    with reverts(escrow, "CampaignEscrowTooMuch", FIT + escrow.books()["held"], FIT):
        escrow.deposit(FIT, {"from": world.governance})
    escrow.deposit(FIT - escrow.books()["held"], {"from": world.governance})
    world.check_books()
    with reverts(escrow, "CampaignEscrowTooMuch", FIT + 1, FIT):
        escrow.deposit(1, {"from": world.governance})


def test_deposit_books_what_arrived(world, escrow):
    before, balance = world.books(), world.token.balanceOf(world.governance)
    tx = escrow.deposit(123, {"from": world.governance})
    assert dict(tx.events["PoolDeposited"]) == {"from": world.governance, "amount": 123}
    changed = {"received": 123, "held": 123, "pool": 123}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert world.token.balanceOf(world.governance) == balance - 123
    assert escrow.poolFree() == before["pool"] + 123
    world.check_books()


def test_withdraw_pool_reverts_when_zero(world, escrow):
    with reverts(escrow, "CampaignEscrowZeroAmount"):
        escrow.withdrawPool(0, {"from": world.governance})


def test_withdraw_pool_reverts_when_the_pool_has_less(world, escrow, campaign):
    free = 9_000 * world.unit
    with reverts(escrow, "CampaignEscrowNotEnough", free + 1, free):
        escrow.withdrawPool(free + 1, {"from": world.governance})


def test_withdraw_pool_sends_to_the_treasury(world, escrow, campaign):
    before, balance = world.books(), world.token.balanceOf(world.treasury)
    free = 9_000 * world.unit
    tx = escrow.withdrawPool(free, {"from": world.governance})
    assert dict(tx.events["PoolWithdrawn"]) == {"treasury": world.treasury, "amount": free}
    changed = {"refunded": free, "held": -free, "pool": -free}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert world.token.balanceOf(world.treasury) == balance + free
    world.check_books()


def test_donation_changes_no_book(world, escrow, work):
    before = world.books()
    world.token.transfer(escrow, 777, {"from": world.stranger})
    assert world.books() == before
    escrow.deposit(5, {"from": world.governance})
    assert world.books()["pool"] == before["pool"] + 5
    world.accept_and_pay(work)
    world.check_books(donated=777)
