"""CampaignEscrow: a hundred pieces of work are paid, whatever five payees and the token do.

payWork
  given a hundred accepted submissions
    when five payees cannot receive and one transfer burns all gas -> test_a_hundred_are_paid
  given payees who fail
    each takes no more gas than is said -> test_a_failed_payment_takes_no_more_than_this
    the worst of submissions fits a transaction -> test_the_worst_submission_fits_a_transaction
"""

from __future__ import annotations

import pytest
from brownie import accounts, project, web3

from dmo.capabilities.payments import BATCH, batches
from tests.support import clock
from tests.support.campaigns import CHALLENGE, REVIEW, deploy_world
from tests.support.hostile import ALL_GAS, GAS_LIMIT

WORKS = 100
FAILED_GAS = 250_000
"""What a payment that fails takes at the most, beyond one that arrives: the transfer's gas, and the credit."""
TRANSFER_GAS = 200_000
CODE = "0x5f5ffd"  # reverts whatever it is told


@pytest.fixture(scope="module")
def world():
    has, by = project.get_loaded_projects()[0], {"from": accounts[0]}
    world = deploy_world(has, has.HostileToken.deploy(6, by), 10**6)
    for one in (world.worker, world.other):
        world.mint(one, 100_000 * world.unit)
    world.fill(100_000 * world.unit)
    return world


def handed_in(world, many, payees=()):
    """So many pieces of work of a new campaign, accepted by silence; of the worker, or for these payees."""
    campaign = world.fund(ask=20_000 * world.unit)
    bounty = world.post(campaign, slots=many)
    works = [world.submit(bounty, payees=[payees[place]] if payees else ()) for place in range(many)]
    clock.pass_time(REVIEW + CHALLENGE)
    return works


def pay(world, *works):
    return world.escrow.payWork(list(works), {"from": world.stranger, "gas_limit": GAS_LIMIT})


@pytest.mark.attack("payment-at-a-bad-moment")
def test_a_hundred_are_paid(world):
    """Each of another payee: four are blocked, one reverts, and one more takes all gas that it gets."""
    token, by = world.token, {"from": world.guardian}
    people = [f"0x{place:040x}" for place in range(0xA000, 0xA000 + WORKS)]
    works = handed_in(world, WORKS, [(one, 10_000) for one in people])
    bad = people[3::17][:6]
    for one in bad[:4]:
        token.setBlocked(one, True, by)
    web3.provider.make_request("anvil_setCode", [bad[4], CODE])
    token.setListener(bad[4], by)
    token.setAppetite(bad[5], ALL_GAS, by)
    before = world.books()

    sent = [pay(world, *batch) for batch in batches(works)]

    assert len(sent) == WORKS // BATCH
    assert max(tx.gas_used for tx in sent) < GAS_LIMIT
    assert {world.status(work) for work in works} == {"Done"}
    reward = 100 * world.unit
    got = {one: (token.balanceOf(one), world.escrow.creditOf(one)["amount"]) for one in people}
    assert got == {one: (0, reward) if one in bad else (reward, 0) for one in people}
    after = world.books()
    assert after["paid"] - before["paid"] == (WORKS - len(bad)) * reward
    assert after["received"] == after["paid"] + after["refunded"] + after["held"]
    assert after["bondsHeld"] == 0


def test_a_failed_payment_takes_no_more_than_this(world):
    """A batch in which everything fails, reward and bond, against one in which everything arrives."""
    used = []
    for appetite in (0, ALL_GAS):
        works = handed_in(world, BATCH)
        world.token.setAppetite(world.worker, appetite, {"from": world.guardian})
        used.append(pay(world, *works).gas_used)
        world.token.setAppetite(world.worker, 0, {"from": world.guardian})
    each = (used[1] - used[0]) // (2 * BATCH)
    print(f"\n  a failed payment: {each:,} gas; a batch of {BATCH}: {used[0]:,}, where all fail {used[1]:,}")
    assert TRANSFER_GAS // 2 < each < FAILED_GAS
    assert used[1] < GAS_LIMIT


def test_the_worst_submission_fits_a_transaction(world):
    """Disputed, with eight payees, and everything that is paid fails: fourteen payments."""
    has = project.get_loaded_projects()[0]
    arbitrator = has.HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    payees = [(f"0x{place:040x}", 1_250) for place in range(0xB000, 0xB008)]
    work = world.submit(world.post(world.fund()), payees=payees)
    world.reject(work)
    world.contest(work)
    world.mint(world.giver, 100 * world.unit)
    world.uphold(work, by=world.giver)
    arbitrator.rule(0, 1, {"from": world.governance})
    world.token.setAppetite("0x" + "00" * 20, ALL_GAS, {"from": world.guardian})
    tx = pay(world, work)
    print(f"\n  the worst submission: {tx.gas_used:,} gas")
    failed = len(tx.events["PayeeCredited"]) + len(tx.events["BondCredited"])
    assert failed >= len(payees) + 3
    assert tx.gas_used < failed * FAILED_GAS + 500_000 < GAS_LIMIT
    assert world.status(work) == "Done"
