"""DisputeDesk: arbitrators that do their work: ERC-792's examples, and our jury.

ERC-792's example arbitrator
  it takes its price and decides -> test_example_arbitrator_decides
ERC-792's example arbitrator with appeal
  it decides after an appeal -> test_appealed_ruling_decides
  when the appeal takes too long -> test_late_appeal_changes_nothing
two arbitrators
  with the same ids -> test_ids_of_two_arbitrators_do_not_meet
  changed by governance in between -> test_campaign_keeps_its_arbitrator
our jury
  it decides, and its jurors are paid -> test_jury_decides_and_is_paid
  given no quorum
    those who revealed get their tenth -> test_jury_without_a_quorum_gets_its_tenth
  given a ruling that nobody executed
    it counts, in time and after it -> test_ruling_that_nobody_executes_counts
  given points
    jurors come from reputation -> test_jurors_come_from_reputation
  parties cannot be jurors -> test_parties_cannot_be_jurors
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import ARBITRATION, BETTER, DAY, rejected_work
from tests.support.governance import WAD
from tests.support.jury import COMMIT_SECONDS, decide, salt, seat_jury, start_round
from tests.support.reverts import reverts


def gains(world, act, *people):
    """What these people's balances gain by an act."""
    before = [world.token.balanceOf(person) for person in people]
    act()
    return [world.token.balanceOf(p) - b for p, b in zip(people, before, strict=True)]


# ── ERC-792's examples ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("ruling", "end"), [(0, "Void"), (1, "Payable"), (2, "Void")])
def test_example_arbitrator_decides(world, desk, SimpleCentralizedArbitrator, ruling, end):
    example = SimpleCentralizedArbitrator.deploy({"from": world.other})
    world.set_terms(arbitrator=example, arbitratorExtraData="0x1234")
    work = rejected_work(world)
    price = 10**17
    assert desk.priceOf(work) == (10 * world.unit, price)
    tx = world.dispute(work, value=price)
    assert tx.events["DisputeCreation"]["_arbitrable"] == desk
    assert example.disputes(0) == (desk, 2, 0, 0)
    assert example.balance() == price
    assert desk.submissionOf(example, 0) == work
    tx = example.rule(0, ruling, {"from": world.other})
    assert tx.events["Ruling"]["_ruling"] == ruling
    assert world.status(work) == end
    with reverts(example, "InvalidStatus", 2, 0):
        example.rule(0, 1, {"from": world.other})
    before = world.escrow.poolFree()
    (world.pay if end == "Payable" else world.release)(work)
    # It has no jurors to pay: their part is the pool's.
    to_pool = {0: 1 + 1, 1: 5 + 10, 2: 5 + 10}[ruling] * world.unit
    assert world.escrow.poolFree() == before + to_pool
    assert desk.balance() == world.escrow.balance() == 0
    world.check_books()


@pytest.fixture
def appealable(world, CentralizedArbitratorWithAppeal):
    example = CentralizedArbitratorWithAppeal.deploy({"from": world.other})
    world.set_terms(arbitrator=example)
    return example


def test_appealed_ruling_decides(world, desk, appealable):
    work = rejected_work(world)
    with reverts(desk, "DisputeDeskWrongCost", 0, 10**15):
        world.dispute(work)
    world.dispute(work, value=10**15)
    appealable.giveRuling(0, 2, {"from": world.other})
    assert not desk.disputeOf(work)["isRuled"]
    appealable.appeal(0, b"", {"from": world.worker, "value": 2 * 10**15})
    appealable.giveRuling(0, 1, {"from": world.other})
    clock.pass_time(181)
    appealable.executeRuling(0, {"from": world.stranger})
    assert desk.verdictOf(work)[:2] == (True, True)
    world.pay(work)
    world.check_books()


def test_late_appeal_changes_nothing(world, desk, appealable):
    work = rejected_work(world)
    world.dispute(work, value=10**15)
    until = desk.disputeOf(work)["until"]
    appealable.giveRuling(0, 1, {"from": world.other})
    clock.mine_at(until)
    with reverts(desk, "DisputeDeskNotOpen", work, until):
        appealable.executeRuling(0, {"from": world.stranger})
    world.release(work)
    with reverts(desk, "DisputeDeskNotOpen", work, until):
        appealable.executeRuling(0, {"from": world.stranger})
    world.check_books()


def test_ids_of_two_arbitrators_do_not_meet(world, desk, arbitrator, HostileArbitrator):
    first = rejected_work(world)
    other = HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=other)
    second = rejected_work(world)
    world.dispute(first)
    world.dispute(second)
    assert desk.submissionOf(arbitrator, 0) == first
    assert desk.submissionOf(other, 0) == second
    other.rule(0, 1, {"from": world.stranger})
    assert desk.verdictOf(first)[:2] == (False, False)
    assert desk.verdictOf(second)[:2] == (True, True)
    arbitrator.rule(0, 2, {"from": world.stranger})
    assert desk.verdictOf(first)[:2] == (True, False)


def test_campaign_keeps_its_arbitrator(world, desk, arbitrator, HostileArbitrator):
    work = rejected_work(world)
    new = HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=new, disputeBondMin=10**12, arbitrationSeconds=DAY)
    tx = world.dispute(work)
    assert tx.events["DisputeOpened"]["arbitrator"] == arbitrator
    assert tx.events["DisputeOpened"]["bond"] == 10 * world.unit
    world.set_terms()
    with reverts(desk, "DisputeDeskNotArbitrator", new, 0):
        new.ruleAt(desk, 0, 2, {"from": world.stranger})
    clock.pass_time(ARBITRATION - DAY)
    arbitrator.rule(0, 1, {"from": world.stranger})
    world.pay(work)
    world.check_books()


# ── our jury ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def weights(world):
    """Whole votes; the worker is a party in all that follows."""
    return {world.other: 30, world.giver: 25, world.board: 20, world.guardian: 5, world.worker: 20}


@pytest.fixture(scope="module")
def jury(world, weights):
    return seat_jury(world, weights)


@pytest.fixture
def judged(world, jury):
    """A rejected submission of a campaign that the jury decides for."""
    world.set_terms(arbitrator=jury, paysJurors=True)
    return rejected_work(world)


def test_jury_decides_and_is_paid(world, desk, jury, judged):
    other, giver, board = world.other, world.giver, world.board
    tx = world.dispute(judged)
    assert tx.events["DisputeOpened"]["disputeID"] == 1
    desk.submitEvidence(judged, BETTER, {"from": world.stranger})
    tx = decide(jury, 1, {other: 1, giver: 2, board: 1})
    assert tx.events["Ruling"]["_ruling"] == 1
    assert desk.verdictOf(judged)[:2] == (True, True)
    # 100 and the worker's bond, its stake, and of the lead's stake what jurors left.
    assert gains(world, lambda: world.pay(judged), world.worker) == [125 * world.unit]
    assert desk.disputeOf(judged)["sharesTotal"] == 50 * WAD
    pot = 5 * world.unit
    paid = gains(
        world, lambda: desk.payJurors(judged, [board, other, giver], {"from": world.stranger}), *(other, giver, board)
    )
    assert paid == [pot * 30 // 50, 0, pot * 20 // 50]  # by weight, to the side that ruled
    assert sum(paid) == pot
    world.check_books()


def test_jury_without_a_quorum_gets_its_tenth(world, desk, jury, judged):
    world.dispute(judged)
    tx = decide(jury, 1, {world.guardian: 1})
    assert tx.events["RulingExecuted"]["ruling"] == 0
    pool = world.escrow.poolFree()
    gained = gains(world, lambda: world.release(judged), world.worker)
    assert gained == [(10 + 9) * world.unit]
    assert world.escrow.poolFree() == pool
    paid = gains(world, lambda: desk.payJurors(judged, [world.guardian], {"from": world.stranger}), world.guardian)
    assert paid == [2 * world.unit]
    world.check_books()


@pytest.mark.parametrize("is_late", [False, True])
def test_ruling_that_nobody_executes_counts(world, desk, jury, judged, is_late):
    world.dispute(judged)
    commitment = jury.commitmentFor(1, world.other, 1, salt(1))
    jury.commit(1, commitment, {"from": world.other})
    clock.pass_time(COMMIT_SECONDS)
    jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    facts = desk.disputeOf(judged)
    assert facts["pullsFrom"] == jury.windowsOf(1)[1]
    clock.mine_at(facts["pullsFrom"] - 1)
    assert world.status(judged) == "Disputed"
    clock.mine_at(facts["until"] + ARBITRATION if is_late else facts["pullsFrom"])
    assert world.status(judged) == "Payable"
    world.pay(judged)
    facts = desk.disputeOf(judged)
    assert (facts["isRuled"], facts["ruling"], facts["pot"]) == (True, 1, 5 * world.unit)
    world.check_books()


def test_jurors_come_from_reputation(world, desk, weights):
    jury = seat_jury(world, weights, minPoints=90 * WAD)
    world.set_terms(arbitrator=jury, paysJurors=True)
    campaign = world.fund()
    world.accept_and_pay(world.submit(world.post(campaign), by=world.stranger))
    start_round(world.reputation)
    disputed = world.submit(world.post(campaign))
    world.reject(disputed)
    world.dispute(disputed)
    assert jury.caseOf(1)["isFromReputation"]
    commitment = jury.commitmentFor(1, world.other, 1, salt(1))
    with reverts(jury, "JuryNoWeight", world.other):
        jury.commit(1, commitment, {"from": world.other})
    decide(jury, 1, {world.stranger: 1})
    assert desk.verdictOf(disputed)[:2] == (True, True)
    world.pay(disputed)
    paid = gains(world, lambda: desk.payJurors(disputed, [world.stranger], {"from": world.stranger}), world.stranger)
    assert paid == [5 * world.unit]
    assert world.points(world.stranger) == 100 * WAD
    world.check_books()


def test_parties_cannot_be_jurors(world, jury, judged):
    world.dispute(judged, upholder=world.giver)
    commitment = jury.commitmentFor(1, world.other, 1, salt(1))
    for party in (world.worker, world.giver, world.lead):
        with reverts(jury, "JuryParty", party):
            jury.commit(1, commitment, {"from": party})
    jury.commit(1, commitment, {"from": world.other})
    world.escrow.replaceLead(1, world.other, {"from": world.governance})
    clock.pass_time(COMMIT_SECONDS)
    jury.reveal(1, world.other, 1, salt(1), {"from": world.other})  # nobody is made a party later
