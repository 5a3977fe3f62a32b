"""Gas of a job, from posted bounty to payment, and of payments in a batch of a hundred.

One transaction per block, receipt.gasUsed. Steady state: campaign, payee and reputation are known,
all books and counters are non-zero, and payee and others already got points since the round began.
The first payment of a round keeps the words of the round before; it has rows of its own.
StandardBounties takes 527,643 for the same job.

gas
  of a job
    from posting to payment -> test_gas_of_a_job_from_posting_to_payment
    in a bounty of twenty slots -> test_gas_of_jobs_in_one_bounty
  of a hundred payments in one batch -> test_gas_of_a_batch_of_payments
  of the same by a plain multi-send -> test_gas_of_a_plain_multisend
"""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from brownie import accounts, project, web3

from tests.support.campaigns import EVIDENCE, deploy_world
from tests.support.gas import FIRST, OPENZEPPELIN, gas_of_call

UNIT = 10**6
BATCH, SLOTS = 100, 20
PAYEES = [web3.to_checksum_address(f"0x{number:040x}") for number in range(10_000, 10_000 + BATCH)]
STANDARD_BOUNTIES = 527_643
JOB = {"post": "bounty.post", "submit": "work.submit", "accept": "work.accept"}


@pytest.fixture(scope="module")
def world():
    project_ = project.get_loaded_projects()[0]
    token = project_.Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    world = deploy_world(project_, token, UNIT)
    for account in world.people:
        world.mint(account, 1_000 * UNIT)
    world.fill(100_000 * UNIT)
    return world


def accepted(world, campaign):
    """Do a job up to its verdict, with the least bond; returns the submission and the gas of each act."""
    params = world.params(campaign, reward=UNIT, bond=0, slots=1)
    posted = world.escrow.postBounty(params, {"from": world.lead})
    bounty = posted.events["BountyPosted"]["bounty"]
    submitted = world.escrow.submitWork(
        bounty, EVIDENCE, [], world.escrow.bountyOf(bounty)["bond"], {"from": world.worker}
    )
    work = submitted.events["WorkSubmitted"]["submission"]
    transactions = {"post": posted, "submit": submitted, "accept": world.accept(work)}
    return work, {name: tx.gas_used for name, tx in transactions.items()}


def test_gas_of_a_job_from_posting_to_payment(world, gas):
    campaign = world.fund()
    world.submit(world.post(campaign))  # the books of bonds, the campaign's counters
    jobs = [accepted(world, campaign)]
    world.begin_round()
    payments = [world.pay(jobs[0][0])]
    jobs += [accepted(world, campaign) for _ in range(2)]
    world.begin_round()
    payments += [world.pay(work) for work, _ in jobs[1:]]
    suffixes = (("", FIRST), (".round", "steady"), ("", "steady"))
    for (_, parts), paid, (suffix, column) in zip(jobs, payments, suffixes, strict=True):
        gas(f"work.pay{suffix}", paid.gas_used, column)
        gas(f"points.award{suffix}", gas_of_call(paid, world.reputation), column)
        gas(f"job{suffix}", sum(parts.values()) + paid.gas_used, column)
    for (_, parts), column in ((jobs[0], FIRST), (jobs[2], "steady")):
        for part, used in parts.items():
            gas(JOB[part], used, column)
    assert sum(jobs[2][1].values()) + payments[2].gas_used < STANDARD_BOUNTIES


def test_gas_of_jobs_in_one_bounty(world, gas):
    campaign = world.fund()
    workers = [person for person in world.people if person != world.lead]

    def jobs():
        """All up to the verdict, by known workers; returns the submissions and the gas."""
        params = world.params(campaign, reward=UNIT, bond=0, slots=SLOTS)
        posted = world.escrow.postBounty(params, {"from": world.lead})
        bounty = posted.events["BountyPosted"]["bounty"]
        used, works = posted.gas_used, []
        for worker in islice(cycle(workers), SLOTS):
            submitted = world.escrow.submitWork(bounty, EVIDENCE, [], UNIT // 10, {"from": worker})
            works.append(submitted.events["WorkSubmitted"]["submission"])
            used += submitted.gas_used
        return works, used + sum(world.accept(work).gas_used for work in works)

    works, _ = jobs()
    world.begin_round()
    world.pay(*works)  # from now on the workers have balance and points
    bounties = [jobs(), jobs()]
    world.begin_round()
    for act, (works, used) in zip(("job.slots.round", "job.slots"), bounties, strict=True):
        gas(act, (used + world.pay(*works).gas_used) // SLOTS)


def test_gas_of_a_batch_of_payments(world, gas):
    campaign = world.fund(ask=10_000 * UNIT)
    bounty = world.post(campaign, reward=UNIT, bond=0, slots=3 * BATCH)

    def works():
        works = [world.submit(bounty, payees=[(worker, 10_000)]) for worker in PAYEES]
        for work in works:
            world.accept(work)
        return works

    batches = [works()]
    world.begin_round()
    gas("work.pay.batch", world.pay(*batches[0]).gas_used // BATCH, FIRST)
    batches += [works(), works()]  # from now on the payees have balance and points
    world.begin_round()
    for act, batch in zip(("work.pay.batch.round", "work.pay.batch"), batches[1:], strict=True):
        gas(act, world.pay(*batch).gas_used // BATCH)


def test_gas_of_a_plain_multisend(world, PlainMultisend, gas):
    """The same hundred payments by somebody who need not account for them."""
    sender = PlainMultisend.deploy({"from": world.stranger})
    world.mint(world.giver, 2 * BATCH * UNIT)
    world.token.approve(sender, 2**255, {"from": world.giver})
    order = (world.token, PAYEES, [UNIT] * BATCH)
    sender.send(*order, {"from": world.giver})  # from now on the payees have balance
    tx = sender.send(*order, {"from": world.giver})
    gas("work.pay.batch", tx.gas_used // BATCH, OPENZEPPELIN)
