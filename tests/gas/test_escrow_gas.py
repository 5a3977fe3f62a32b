"""Gas of a job, from posted bounty to payment, and of payments in a batch of a hundred.

One transaction per block, receipt.gasUsed. Steady state: campaign, payee and reputation are known,
all books and counters are non-zero. StandardBounties takes 527,643 for the same job.
"""

from __future__ import annotations

import pytest
from brownie import accounts, project, web3

from tests.support import clock
from tests.support.campaigns import CHALLENGE, EVIDENCE, deploy_world

UNIT = 10**6
BATCH = 100
STANDARD_BOUNTIES = 527_643


@pytest.fixture(scope="module")
def world():
    project_ = project.get_loaded_projects()[0]
    token = project_.Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    world = deploy_world(project_, token, UNIT)
    for account in world.people:
        world.mint(account, 1_000 * UNIT)
    world.fill(100_000 * UNIT)
    return world


def job(world, campaign, bond):
    """Do one job; returns the gas of each of its four transactions."""
    params = world.params(campaign, reward=UNIT, bond=bond, slots=1)
    posted = world.escrow.postBounty(params, {"from": world.lead})
    bounty = posted.events["BountyPosted"]["bounty"]
    submitted = world.escrow.submitWork(
        bounty, EVIDENCE, [], world.escrow.bountyOf(bounty)["bond"], {"from": world.worker}
    )
    work = submitted.events["WorkSubmitted"]["submission"]
    accepted = world.accept(work)
    clock.pass_time(CHALLENGE)
    paid = world.pay(work)
    transactions = {"post": posted, "submit": submitted, "accept": accepted, "pay": paid}
    return {name: tx.gas_used for name, tx in transactions.items()}


@pytest.mark.parametrize("bond", [0, UNIT // 10])
def test_gas_of_a_job_from_posting_to_payment(world, bond, gas):
    campaign = world.fund()
    world.submit(world.post(campaign))  # the books of bonds, the campaign's counters
    job(world, campaign, bond)
    parts = job(world, campaign, bond)
    total = sum(parts.values())
    what = "with" if bond else "without"
    for part, used in parts.items():
        gas(f"job {what} a bond: {part}", used)
    gas(f"job {what} a bond, from posted bounty to payment", total)
    assert total < STANDARD_BOUNTIES


def test_gas_of_a_batch_of_payments(world, gas):
    campaign = world.fund(ask=10_000 * UNIT)
    bounty = world.post(campaign, reward=UNIT, bond=0, slots=2 * BATCH)
    workers = [web3.to_checksum_address(f"0x{i:040x}") for i in range(10_000, 10_000 + BATCH)]

    def batch():
        works = [world.submit(bounty, payees=[(worker, 10_000)]) for worker in workers]
        for work in works:
            world.accept(work)
        clock.pass_time(CHALLENGE)
        return world.pay(*works)

    batch()  # from now on the payees have balance and points
    tx = batch()
    gas(f"payment in a batch of {BATCH}, each", tx.gas_used // BATCH)
