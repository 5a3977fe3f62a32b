"""DisputeDesk: rejections that their worker contests.

contest
  when the caller is not the worker -> test_contest_reverts_when_it_is_not_ones_own
  when the worker contests it, to the last second
    no arbitrator is called -> test_worker_contests_a_rejection
  after a rework -> test_worker_contests_the_second_rejection
  given nobody upholds it
    the work is paid, all stakes return -> test_contested_rejection_falls_when_nobody_upholds_it
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import ANSWER, BETTER, NO_DISPUTE, STATEMENT, STATUS, path
from tests.support.reverts import reverts

pytestmark = pytest.mark.usefixtures("arbitrator")


def test_contest_reverts_when_it_is_not_ones_own(world, escrow, rejected):
    for by in (world.stranger, world.lead, world.governance):
        with reverts(escrow, "CampaignEscrowNotWorker", by, world.worker):
            world.contest(rejected, by=by)


def check_contested(world, arbitrator, work, tx):
    bond, until = 10 * world.unit, tx.timestamp + ANSWER
    assert dict(tx.events["RejectionContested"]) == {
        "submission": work,
        "opener": world.worker,
        "bond": bond,
        "until": until,
        "statement": STATEMENT,
    }
    assert dict(tx.events["Evidence"])["_evidence"] == path(STATEMENT)
    assert "DisputeOpened" not in tx.events
    assert arbitrator.nextID() == 0
    assert world.desk.disputeOf(work).dict() == NO_DISPUTE | {
        "opener": world.worker,
        "until": until,
        "termsId": 2,
        "lead": world.lead,
        "bond": bond,
    }
    assert world.desk.verdictOf(work) == (False, False, 0)
    facts = world.escrow.submissionOf(work)
    assert (STATUS[world.escrow.statusOf(work)], facts["stage"], facts["since"]) == ("Contested", 4, tx.timestamp)
    world.check_books()


def test_worker_contests_a_rejection(world, escrow, arbitrator, rejected):
    before, balance = world.books(), world.token.balanceOf(world.worker)
    clock.set_next(escrow.submissionOf(rejected)["since"] + ANSWER - 1)
    check_contested(world, arbitrator, rejected, world.contest(rejected))
    bond = 10 * world.unit
    changed = {"bondsReceived": bond, "bondsHeld": bond}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert world.token.balanceOf(world.worker) == balance - bond


def test_worker_contests_the_second_rejection(world, escrow, arbitrator, rejected):
    escrow.reworkWork(rejected, BETTER, {"from": world.worker})
    world.reject(rejected, BETTER)
    check_contested(world, arbitrator, rejected, world.contest(rejected))


def test_contested_rejection_falls_when_nobody_upholds_it(world, escrow, arbitrator, rejected):
    balance = world.token.balanceOf(world.worker)
    until = world.contest(rejected).timestamp + ANSWER
    clock.mine_at(until - 1)
    assert world.status(rejected) == "Contested"
    clock.mine_at(until)
    assert world.status(rejected) == "Payable"
    with reverts(escrow, "CampaignEscrowWrongStatus", rejected, STATUS.index("Payable")):
        world.uphold(rejected)
    tx = world.pay(rejected)
    assert tx.events["DisputeSettled"]["isPaid"]
    assert world.token.balanceOf(world.worker) == balance + 110 * world.unit
    assert escrow.campaignOf(1)["feeTaken"] == 0
    world.check_books()
