"""DisputeDesk: arbitrators, honest and hostile.

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
an arbitrator that is gone
  opens nothing; acceptances stand, contested rejections fall -> test_arbitrator_that_is_gone_opens_nothing
an arbitrator that misbehaves in opening
  by refusing -> test_refusing_arbitrator_opens_nothing
  by an id it used -> test_used_id_opens_nothing
  by ruling at once -> test_ruling_at_once_is_refused
  by re-entering desk and escrow -> test_re_entering_while_opening_changes_nothing
an arbitrator that misbehaves in telling its jurors' shares
  by reverting, burning gas, nonsense -> test_payment_does_not_wait_for_shares
  by being gone -> test_payment_does_not_wait_for_an_arbitrator_that_is_gone
an arbitrator that declares its time
  once that is over
    its answer is the ruling -> test_its_answer_is_the_ruling_once_its_time_is_over
    it may still push it -> test_it_may_still_push_what_it_would_answer
  given it pushed one before -> test_what_it_pushed_before_counts
  given it fails
    it is waited for until the end -> test_one_that_fails_is_waited_for_until_the_end
  given a caller that keeps gas back -> test_no_caller_can_starve_the_question
an arbitrator that never rules
  the lead's verdict stands -> test_silent_arbitrator_leaves_the_verdict
"""

from __future__ import annotations

import pytest
from brownie import web3

from tests.support import clock
from tests.support.campaigns import ARBITRATION, CHALLENGE, DAY, STATEMENT, digest, terms
from tests.support.governance import WAD
from tests.support.jury import COMMIT_SECONDS, decide, salt, seat_jury, start_round
from tests.support.models.arbitrators import BURNING_GAS, PLAINLY, REVERTING, SAYING_NOTHING, SAYING_TOO_MUCH
from tests.support.reverts import reverts

GUARD = "0x3ee5aeb5"  # ReentrancyGuardReentrantCall()
MORE = digest("more evidence")


def rejected_work(world):
    work = world.submit(world.post(world.fund()))
    world.reject(work)
    return work


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
    desk.submitEvidence(judged, MORE, {"from": world.stranger})
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


# ── hostile in opening ──────────────────────────────────────────────────────────────────────────


def test_arbitrator_that_is_gone_opens_nothing(world, desk, arbitrator):
    bounty = world.post(world.fund())
    accepted, contested = world.submit(bounty), world.submit(bounty)
    world.accept(accepted)
    world.reject(contested)
    web3.provider.make_request("anvil_setCode", [arbitrator.address, "0x"])
    world.contest(contested)
    for act, work in ((desk.challenge, accepted), (desk.uphold, contested)):
        data = act.encode_input(work, 10 * world.unit, STATEMENT)
        with pytest.raises(ValueError, match="execution reverted"):
            web3.eth.call({"from": world.stranger.address, "to": desk.address, "data": data})
    clock.pass_time(CHALLENGE)
    world.pay(accepted, contested)
    world.check_books()


def test_refusing_arbitrator_opens_nothing(world, arbitrator):
    work = rejected_work(world)
    world.contest(work)
    before = world.books()
    arbitrator.setRefusing(True, {"from": world.stranger})
    with reverts(arbitrator, "HostileArbitratorRefuses"):
        world.uphold(work)
    assert world.books() == before
    assert world.status(work) == "Contested"
    arbitrator.setRefusing(False, {"from": world.stranger})
    world.uphold(work)


def test_used_id_opens_nothing(world, desk, arbitrator):
    first, second = rejected_work(world), rejected_work(world)
    world.dispute(first)
    world.contest(second)
    before = world.books()
    arbitrator.setNextID(0, {"from": world.stranger})
    with reverts(desk, "DisputeDeskIdTaken", arbitrator, 0):
        world.uphold(second)
    arbitrator.rule(0, 1, {"from": world.stranger})
    world.pay(first)
    arbitrator.setNextID(0, {"from": world.stranger})
    with reverts(desk, "DisputeDeskIdTaken", arbitrator, 0):
        world.uphold(second)  # nor is an id free again
    assert world.status(second) == "Contested"
    assert world.books()["bondsHeld"] == before["bondsHeld"] - 30 * world.unit
    arbitrator.setNextID(2**256 - 1, {"from": world.stranger})
    world.check_books()


def test_ruling_at_once_is_refused(world, desk, arbitrator):
    work = rejected_work(world)
    call = arbitrator.ruleAt.encode_input(desk, 0, 1)
    arbitrator.setReentry(arbitrator, call, {"from": world.stranger})
    world.dispute(work)
    assert not arbitrator.hasReentered()
    assert str(arbitrator.reentryResult()) == GUARD
    assert desk.verdictOf(work)[:2] == (False, False)
    arbitrator.rule(0, 1, {"from": world.stranger})
    world.pay(work)


def test_re_entering_while_opening_changes_nothing(world, escrow, desk, arbitrator):
    bounty = world.post(world.fund(), bond=0, reward=world.unit, slots=13)
    payable, *works = (world.submit(bounty) for _ in range(13))
    world.accept(payable)
    clock.pass_time(CHALLENGE)
    for work in works:
        world.reject(work)
    for work, (target, call) in zip(
        works,
        [
            (desk, lambda _: desk.challenge.encode_input(payable, 1, STATEMENT)),
            (desk, lambda _: desk.contest.encode_input(works[-1], 1, STATEMENT)),
            (desk, lambda _: desk.uphold.encode_input(works[-1], 1, STATEMENT)),
            (desk, lambda work: desk.payJurors.encode_input(work, [world.other])),
            (desk, lambda work: desk.expireJurors.encode_input(work)),
            (desk, lambda work: desk.settle.encode_input(work, 1, 1)),
            (desk, lambda _: desk.setTerms.encode_input(terms())),
            (escrow, lambda _: escrow.beginDispute.encode_input(works[-1], world.worker, 1, 0, 3)),
            (escrow, lambda work: escrow.payWork.encode_input([work])),
            (escrow, lambda work: escrow.releaseWork.encode_input([work])),
            (escrow, lambda work: escrow.withdrawWork.encode_input(work)),
        ],
        strict=False,
    ):
        arbitrator.setReentry(target, call(work), {"from": world.stranger})
        world.dispute(work)
        assert not arbitrator.hasReentered()
        assert world.status(work) == "Disputed"
    call = escrow.payWork.encode_input([payable])
    arbitrator.setReentry(escrow, call, {"from": world.stranger})
    world.dispute(works[-1])
    assert arbitrator.hasReentered()  # other work is anybody's to pay, then as ever
    assert (world.status(payable), world.status(works[-1])) == ("Done", "Disputed")
    world.check_books()


# ── hostile in telling shares, or silent ────────────────────────────────────────────────────────


@pytest.mark.parametrize("telling", [REVERTING, BURNING_GAS, SAYING_NOTHING, SAYING_TOO_MUCH])
def test_payment_does_not_wait_for_shares(world, desk, arbitrator, telling):
    paid, released = rejected_work(world), rejected_work(world)
    for number, work in enumerate((paid, released)):
        world.dispute(work)
        arbitrator.setShares(number, [world.other], [1], {"from": world.stranger})
        arbitrator.rule(number, 1 + number, {"from": world.stranger})
    arbitrator.setTelling(telling, {"from": world.stranger})
    pool = world.escrow.poolFree()
    tx = world.pay(paid)
    assert tx.gas_used < 700_000
    world.release(released)
    assert desk.disputeOf(paid)["pot"] == desk.disputeOf(released)["pot"] == 0
    assert world.escrow.poolFree() == pool + (5 + 10 + 5 + 10) * world.unit
    world.check_books()


def test_payment_does_not_wait_for_an_arbitrator_that_is_gone(world, desk, arbitrator):
    work = rejected_work(world)
    world.dispute(work)
    arbitrator.rule(0, 1, {"from": world.stranger})
    web3.provider.make_request("anvil_setCode", [arbitrator.address, "0x"])
    world.pay(work)
    assert desk.disputeOf(work)["pot"] == 0
    world.check_books()


# ── asked for its ruling ────────────────────────────────────────────────────────────────────────

NEEDED = 5 * DAY


@pytest.fixture
def punctual(world, HostileArbitrator):
    """An arbitrator that declares it needs five of nine days."""
    punctual = HostileArbitrator.deploy({"from": world.governance})
    punctual.setRulingSeconds(NEEDED, {"from": world.stranger})
    world.set_terms(arbitrator=punctual, paysJurors=True)
    return punctual


@pytest.mark.parametrize(("answer", "ruling"), [(1, 1), (2, 2), (0, 0), (3, 0), (2**256 - 1, 0)])
@pytest.mark.parametrize("is_challenge", [False, True])
def test_its_answer_is_the_ruling_once_its_time_is_over(world, desk, punctual, is_challenge, answer, ruling):
    work = world.submit(world.post(world.fund()))
    (world.accept if is_challenge else world.reject)(work)
    opened = world.dispute(work).timestamp
    punctual.setRuling(0, answer, {"from": world.stranger})
    clock.mine_at(opened + NEEDED - 1)
    assert desk.verdictOf(work) == (False, False, 0)
    clock.mine_at(opened + NEEDED)
    is_paid = is_challenge if ruling == 0 else ruling == 1
    assert desk.verdictOf(work) == (True, is_paid, ruling)
    with reverts(desk, "DisputeDeskNotOpen", work, opened + ARBITRATION):
        desk.submitEvidence(work, MORE, {"from": world.stranger})
    (world.pay if is_paid else world.release)(work)
    facts = desk.disputeOf(work)
    assert (facts["isRuled"], facts["ruling"]) == (True, ruling)
    punctual.setRuling(0, 3 - answer if answer < 3 else 1, {"from": world.stranger})
    assert desk.verdictOf(work) == (True, is_paid, ruling)  # what was settled stays
    world.check_books()


def test_what_it_pushed_before_counts(world, desk, punctual):
    work = rejected_work(world)
    opened = world.dispute(work).timestamp
    punctual.setRuling(0, 2, {"from": world.stranger})
    punctual.rule(0, 1, {"from": world.stranger})
    clock.mine_at(opened + NEEDED)
    assert desk.verdictOf(work) == (True, True, 1)
    world.pay(work)


def test_it_may_still_push_what_it_would_answer(world, desk, punctual):
    work = rejected_work(world)
    world.dispute(work)
    punctual.setRuling(0, 1, {"from": world.stranger})
    clock.pass_time(NEEDED)
    tx = punctual.rule(0, 1, {"from": world.stranger})
    assert tx.events["Ruling"]["_ruling"] == 1
    world.pay(work)
    with reverts(desk, "DisputeDeskNotOpen", work, desk.disputeOf(work)["until"]):
        punctual.rule(0, 1, {"from": world.stranger})


@pytest.mark.parametrize("telling", [REVERTING, BURNING_GAS, SAYING_NOTHING])
def test_one_that_fails_is_waited_for_until_the_end(world, desk, punctual, telling):
    works = [rejected_work(world) for _ in range(2)]
    for number, work in enumerate(works):
        world.dispute(work)
        punctual.setRuling(number, 1, {"from": world.stranger})
    punctual.setTelling(telling, {"from": world.stranger})
    until = desk.disputeOf(works[1])["until"]
    clock.mine_at(until - 1)
    assert desk.verdictOf(works[1]) == (False, False, 0)
    clock.mine_at(until)
    assert desk.verdictOf(works[1]) == (True, False, 0)
    world.release(works[0])
    punctual.setTelling(PLAINLY, {"from": world.stranger})
    assert [desk.verdictOf(work) for work in works] == [(True, False, 0), (True, True, 1)]
    world.pay(works[1])
    world.check_books()


def test_no_caller_can_starve_the_question(world, escrow, desk, punctual):
    """With too little gas the whole call reverts; it never becomes another verdict."""
    work = rejected_work(world)
    world.dispute(work)
    punctual.setRuling(0, 1, {"from": world.stranger})
    until = desk.disputeOf(work)["until"]
    clock.mine_at(until)
    seen = set()
    for gas in range(40_000, 240_000, 5_000):
        try:
            answer = web3.eth.call({"to": desk.address, "data": desk.verdictOf.encode_input(work), "gas": gas})
        except ValueError:
            continue
        seen.add(desk.verdictOf.decode_output(answer.hex()))
    assert seen == {(True, True, 1)}
    starved = 0
    for gas in range(100_000, 1_000_000, 50_000):
        call = {"from": world.stranger.address, "to": escrow.address, "gas": gas}
        try:
            web3.eth.call(call | {"data": escrow.releaseWork.encode_input([work])})
        except ValueError:
            starved += 1
    assert starved == 18  # the void it is not


@pytest.mark.parametrize("is_challenge", [False, True])
def test_silent_arbitrator_leaves_the_verdict(world, arbitrator, is_challenge):
    work = world.submit(world.post(world.fund()))
    (world.accept if is_challenge else world.reject)(work)
    world.dispute(work)
    clock.pass_time(ARBITRATION - DAY)
    assert world.status(work) == "Disputed"
    clock.pass_time(DAY)
    (world.pay if is_challenge else world.release)(work)
    assert world.status(work) == "Done"
    world.check_books()
