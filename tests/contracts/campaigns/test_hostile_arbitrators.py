"""DisputeDesk: arbitrators that are gone, that misbehave, or that are asked for their ruling.

an arbitrator that is gone
  opens nothing; acceptances stand, contested rejections fall -> test_arbitrator_that_is_gone_opens_nothing
an arbitrator that misbehaves in opening
  by refusing -> test_refusing_arbitrator_opens_nothing
  by an id it used -> test_used_id_opens_nothing
  by ruling at once -> test_ruling_at_once_is_refused
  by re-entering desk and escrow -> test_re_entering_while_opening_changes_nothing,
    test_challenging_within_a_challenge_is_refused
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
from tests.support.campaigns import ARBITRATION, BETTER, CHALLENGE, DAY, STATEMENT, rejected_work, terms
from tests.support.models.arbitrators import BURNING_GAS, PLAINLY, REVERTING, SAYING_NOTHING, SAYING_TOO_MUCH
from tests.support.reverts import reverts

GUARD = "0x3ee5aeb5"  # ReentrancyGuardReentrantCall()

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


def test_challenging_within_a_challenge_is_refused(world, desk, arbitrator):
    """By the desk's own lock, before anything else is looked at."""
    bounty = world.post(world.fund())
    first, second = world.submit(bounty), world.submit(bounty)
    for work in (first, second):
        world.accept(work)
    call = desk.challenge.encode_input(second, world.stake(second), STATEMENT)
    arbitrator.setReentry(desk, call, {"from": world.stranger})
    world.challenge(first)
    assert (arbitrator.hasReentered(), str(arbitrator.reentryResult())) == (False, GUARD)
    world.challenge(second, by=world.other)


# ── hostile in telling shares ───────────────────────────────────────────────────────────────────


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
        desk.submitEvidence(work, BETTER, {"from": world.stranger})
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
