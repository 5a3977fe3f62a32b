"""CampaignEscrow and DisputeDesk under the recommended terms: what was promised, and what keeps it.

The jury is honest. Amounts are whole budget tokens.

payment at a bad moment
  the credit of a mute payee is delivered by anyone -> test_credit_of_a_mute_payee_is_delivered
  a whole payroll -> test_payroll_in_a_pause_is_delivered
  refused again, it is kept -> test_credit_that_cannot_be_delivered_is_kept
terms that take disputes away
  by a least stake -> test_terms_cannot_name_any_least_stake
  by a time too short for their jury -> test_terms_cannot_leave_a_jury_no_time
ruling that nobody carries over -> test_unanimous_ruling_counts_when_nobody_carries_it_over
transfer fee that is switched on -> test_transfer_fee_does_not_end_disputes
slot kept shut -> test_slot_kept_shut_is_given_back
points for gas
  by one's own deposit -> test_nobody_buys_points_by_a_deposit
  by a second escrow in a cheap token -> test_points_of_a_cheap_token_are_as_governance_rates_it
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import BETTER, DAY, POINTS_PER_TOKEN, deploy_escrow, deploy_world, end, terms, worth
from tests.support.governance import WAD
from tests.support.jury import seat_jury
from tests.support.recommended import ANSWER, CHALLENGE, REVIEW, judge, post, recommend, seat
from tests.support.reverts import reverts

attack = pytest.mark.attack


@pytest.fixture(scope="module")
def jury(world):
    return seat(world)


# ── owed but not delivered ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def splitter(world, PlainHaltable):
    """A contract that takes tokens and cannot call."""
    return PlainHaltable.deploy(world.manager, DAY, {"from": world.governance})


@attack("payment-at-a-bad-moment")
def test_credit_of_a_mute_payee_is_delivered(world, escrow, jury, splitter):
    work = world.submit(post(world, world.fund(), 100), payees=[(splitter, 10_000)])
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(splitter, True, {"from": world.governance})
    world.pay(work)
    world.token.setBlocked(splitter, False, {"from": world.governance})
    assert escrow.creditOf(splitter)["amount"] == 100 * world.unit
    tx = escrow.deliverCredit(splitter, {"from": world.stranger})
    assert dict(tx.events["CreditWithdrawn"]) == {"account": splitter, "to": splitter, "amount": 100 * world.unit}
    assert world.token.balanceOf(splitter) == 100 * world.unit
    assert world.points(splitter) == 100 * WAD
    with reverts(escrow, "CampaignEscrowNoCredit", splitter):
        escrow.deliverCredit(splitter, {"from": world.stranger})
    world.check_books()


@attack("payment-at-a-bad-moment")
def test_payroll_in_a_pause_is_delivered(world, escrow, jury, splitter):
    bounty = post(world, world.fund(), 10, slots=20)
    before = worth(world, world.worker)
    works = [world.submit(bounty, payees=[(splitter, 10_000)]) for _ in range(20)]
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(escrow, True, {"from": world.governance})  # nothing leaves
    world.pay(*works)
    world.token.setBlocked(escrow, False, {"from": world.governance})
    for account in (splitter, world.worker):
        escrow.deliverCredit(account, {"from": world.stranger})
    assert world.token.balanceOf(splitter) == 200 * world.unit
    assert worth(world, world.worker) == before
    world.check_books()


@attack("payment-at-a-bad-moment")
def test_credit_that_cannot_be_delivered_is_kept(world, escrow, jury, splitter):
    work = world.submit(post(world, world.fund(), 100), payees=[(splitter, 10_000)])
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(splitter, True, {"from": world.governance})
    world.pay(work)
    facts = escrow.creditOf(splitter)
    with reverts(escrow, "CampaignEscrowNotDelivered", splitter, 100 * world.unit):
        escrow.deliverCredit(splitter, {"from": world.stranger})
    assert escrow.creditOf(splitter) == facts


# ── terms and rulings ───────────────────────────────────────────────────────────────────────────


@attack("terms-without-disputes")
def test_terms_cannot_name_any_least_stake(the_project, world, jury):
    """The largest is a thousandth of a round's cap, fixed for ever; and no stake is above the reward."""
    largest = 100 * world.unit
    desk, _ = deploy_escrow(the_project, world.manager, world.token, world.reputation, largest=largest)
    with reverts(desk, "DisputeDeskLeastBondTooHigh", largest + 1, largest):
        desk.setTerms(terms(disputeBondMin=largest + 1), {"from": world.governance})
    recommend(world, jury, disputeBondMin=2**80 - 1)
    work = world.submit(post(world, world.fund(), 100))
    assert world.desk.priceOf(work)[0] == 100 * world.unit


@attack("terms-without-disputes")
def test_terms_cannot_leave_a_jury_no_time(world, desk, jury):
    needed = jury.rulingSeconds()
    with reverts(desk, "DisputeDeskArbitrationTooShort", needed + DAY - 1, needed + DAY):
        recommend(world, jury, arbitrationSeconds=needed + DAY - 1)
    recommend(world, jury, arbitrationSeconds=needed + DAY)


@attack("ruling-nobody-carries-over")
@pytest.mark.parametrize("late", [0, 400 * DAY])
def test_unanimous_ruling_counts_when_nobody_carries_it_over(world, jury, late):
    work = world.submit(post(world, world.fund(), 100))
    world.accept(work)
    world.challenge(work)
    before = worth(world, world.worker)
    judge(world, jury, [work], 2, {world.board: 2, world.governance: 2})
    clock.pass_time(late + 1)
    assert world.status(work) == "Void"
    end(world, work)
    assert worth(world, world.worker) == before
    assert world.desk.disputeOf(work)["ruling"] == 2


@attack("transfer-fee-switched-on")
def test_transfer_fee_does_not_end_disputes(the_project, accounts):
    token = the_project.HostileToken.deploy(18, {"from": accounts[0]})
    world = deploy_world(the_project, token, WAD)
    for one in (world.worker, world.other, world.stranger, world.lead):
        world.mint(one, 1_000 * WAD)
    world.fill(10_000 * WAD)
    jury = seat_jury(world, {world.board: 60, world.governance: 40})
    recommend(world, jury)
    bounty = post(world, world.fund(), 100, slots=3)
    honest, friend = world.submit(bounty), world.submit(bounty, by=world.other)
    world.reject(honest)
    world.accept(friend)
    token.setFee(1, {"from": accounts[0]})  # a hundredth of a percent
    stake = 10 * WAD
    with reverts(world.escrow, "CampaignEscrowBondShort", stake - stake // 10_000, stake):
        world.contest(honest)
    enough = stake + stake // 9_000
    world.contest(honest, amount=enough)
    world.challenge(friend, amount=enough)
    world.submit(bounty, amount=enough)
    assert [world.status(work) for work in (honest, friend, 3)] == ["Contested", "Disputed", "Review"]
    world.check_books()


@attack("slot-kept-shut")
def test_slot_kept_shut_is_given_back(world, escrow, jury):
    """Six days of a bounty of six days; the honest worker still has an answer window, and the stake is the pool's."""
    bounty = post(world, world.fund(), 100, submitBy=clock.now() + 6 * DAY - 60)
    before = worth(world, world.stranger)
    squat = world.submit(bounty, by=world.stranger)
    world.reject(squat)
    clock.set_next(escrow.submissionOf(squat)["since"] + ANSWER - 1)
    escrow.reworkWork(squat, BETTER, {"from": world.stranger})
    world.reject(squat, BETTER)
    clock.reach(escrow.submissionOf(squat)["since"] + ANSWER)
    world.release(squat)
    clock.set_next(clock.now() + ANSWER - 10)
    work = world.submit(bounty)
    assert world.status(work) == "Review"
    assert worth(world, world.stranger) == before - 10 * world.unit


# ── points ──────────────────────────────────────────────────────────────────────────────────────


@attack("points-for-gas")
def test_nobody_buys_points_by_a_deposit(world, escrow, jury):
    """Voted money is the treasury's; one's own is a gift, which earns no points."""
    with reverts(escrow, "AccessManagedUnauthorized", world.stranger):
        escrow.deposit(20 * world.unit, {"from": world.stranger})
    campaign = world.fund()
    escrow.topUp(campaign, 500 * world.unit, {"from": world.stranger})
    work = world.submit(post(world, campaign, 500, isGift=True), by=world.other)
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(work)
    assert world.reputation.totalPoints() == 0


@attack("points-of-a-cheap-token")
def test_points_of_a_cheap_token_are_as_governance_rates_it(world, the_project, accounts, jury):
    """A second escrow has a rate of its own, which governance sees when it grants the role: here a millionth."""
    cheap = the_project.Stablecoin.deploy("Cheap", "C", 18, {"from": accounts[0]})
    second = deploy_world(the_project, cheap, WAD, rate=POINTS_PER_TOKEN // 10**6)
    assert second.escrow.pointsPerToken() == 10**12
    second.mint(second.other, 10**6 * WAD)
    second.fill(10**6 * WAD)
    work = second.submit(
        second.post(second.fund(ask=10**6 * WAD, feeBps=0), reward=10**6 * WAD, bond=0, slots=1), by=second.other
    )
    second.accept_and_pay(work)
    assert second.points(second.other) == WAD
