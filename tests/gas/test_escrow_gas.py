"""Gas of a job, from posted bounty to payment, and of payments in a batch of a hundred.

One transaction per block, receipt.gasUsed. Steady state: campaign, payee and reputation are known,
all books and counters are non-zero. StandardBounties takes 527,643 for the same job.
"""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from brownie import accounts, project, web3

from tests.support import clock
from tests.support.campaigns import CHALLENGE, EVIDENCE, deploy_world
from tests.support.gas import FIRST, OPENZEPPELIN

UNIT = 10**6
BATCH, SLOTS = 100, 20
PAYEES = [web3.to_checksum_address(f"0x{number:040x}") for number in range(10_000, 10_000 + BATCH)]
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


def job(world, campaign):
    """Do one job, with the least bond; returns the gas of each of its four transactions."""
    params = world.params(campaign, reward=UNIT, bond=0, slots=1)
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


def test_gas_of_a_job_from_posting_to_payment(world, gas):
    campaign = world.fund()
    world.submit(world.post(campaign))  # the books of bonds, the campaign's counters
    acts = {"post": "bounty.post", "submit": "work.submit", "accept": "work.accept", "pay": "work.pay"}
    for column in (FIRST, "steady"):
        parts = job(world, campaign)
        for part, used in parts.items():
            gas(acts[part], used, column)
        gas("job", sum(parts.values()), column)
    assert sum(parts.values()) < STANDARD_BOUNTIES


def test_gas_of_jobs_in_one_bounty(world, gas):
    campaign = world.fund()
    workers = [person for person in world.people if person != world.lead]

    def jobs():
        params = world.params(campaign, reward=UNIT, bond=0, slots=SLOTS)
        posted = world.escrow.postBounty(params, {"from": world.lead})
        bounty = posted.events["BountyPosted"]["bounty"]
        used, works = posted.gas_used, []
        for worker in islice(cycle(workers), SLOTS):
            submitted = world.escrow.submitWork(bounty, EVIDENCE, [], UNIT // 10, {"from": worker})
            works.append(submitted.events["WorkSubmitted"]["submission"])
            used += submitted.gas_used
        used += sum(world.accept(work).gas_used for work in works)
        clock.pass_time(CHALLENGE)
        return (used + world.pay(*works).gas_used) // SLOTS

    jobs()  # from now on the workers have balance and points
    gas("job.slots", jobs())


def test_gas_of_a_batch_of_payments(world, gas):
    campaign = world.fund(ask=10_000 * UNIT)
    bounty = world.post(campaign, reward=UNIT, bond=0, slots=2 * BATCH)

    def batch():
        works = [world.submit(bounty, payees=[(worker, 10_000)]) for worker in PAYEES]
        for work in works:
            world.accept(work)
        clock.pass_time(CHALLENGE)
        return world.pay(*works).gas_used // BATCH

    gas("work.pay.batch", batch(), FIRST)  # from now on the payees have balance and points
    gas("work.pay.batch", batch())


def test_gas_of_a_plain_multisend(world, PlainMultisend, gas):
    """The same hundred payments by somebody who need not account for them."""
    sender = PlainMultisend.deploy({"from": world.stranger})
    world.mint(world.giver, 2 * BATCH * UNIT)
    world.token.approve(sender, 2**255, {"from": world.giver})
    order = (world.token, PAYEES, [UNIT] * BATCH)
    sender.send(*order, {"from": world.giver})  # from now on the payees have balance
    tx = sender.send(*order, {"from": world.giver})
    gas("work.pay.batch", tx.gas_used // BATCH, OPENZEPPELIN)
