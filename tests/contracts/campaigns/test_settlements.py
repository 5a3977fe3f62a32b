"""DisputeDesk and CampaignEscrow: who gets what when a disputed submission ends.

the table of ends, in numbers
  with jurors, and without -> test_each_end_to_the_unit
the table of ends, exhaustively
  its five properties -> test_five_properties_of_the_table
the table of ends, against the model
  given any proportions of reward, bonds and fee
    every unit arrives where the model says -> test_ends_agree_with_the_model
  given any others -> test_random_ends_agree_with_the_model
  given several payees -> test_ends_with_several_payees
  given gift money -> test_ends_of_gift_money
  given lessons -> test_ends_of_lessons
    that earned nothing -> test_lessons_of_nothing_cannot_be_disputed
  given an ended campaign -> test_ends_after_the_campaign
  given blocked parties
    what cannot be delivered becomes a credit -> test_ends_with_blocked_accounts
  given a campaign and a submission of different numbers
    each payment names both -> test_payments_name_campaign_and_submission
  given a token of 18 decimals -> test_ends_in_a_token_of_eighteen_decimals
settle
  when nobody pays or releases it
    nothing moves, however late -> test_nothing_moves_until_somebody_ends_it
  when the shares can no longer be told
    the jurors' part is the pool's -> test_shares_are_read_at_the_settlement
the lead's fee
  given several lost disputes
    it loses a bond's worth each, while it lasts -> test_fee_loses_a_bond_per_lost_dispute
  given what lost disputes took
    less is earned, never less than nothing -> test_earned_fee_is_less_what_lost_disputes_took
  given a lapsed fee
    it waits for live work -> test_fee_does_not_lapse_while_work_is_live
slots
  of a won challenge -> test_slot_of_a_won_challenge_is_free_again
  of an upheld rejection -> test_slot_of_an_upheld_rejection_is_free_again
"""

from __future__ import annotations

import itertools

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import ARBITRATION, DAY, LIFE, REVIEW, deploy_world
from tests.support.models import disputes as model
from tests.support.models.disputes import CHALLENGED, CONTESTED, DOES_NOT_PAY, NO_RULING, PAYS, UPHELD, bond_of
from tests.support.reverts import reverts
from tests.support.settlements import bring, end_and_check, start

RULED = tuple(itertools.product((UPHELD, CHALLENGED), (NO_RULING, PAYS, DOES_NOT_PAY)))
ENDS = ((CONTESTED, NO_RULING), *RULED)
MAX_REWARD, MAX_ASK = 300 * 10**6, 1_000 * 10**6
pytestmark = pytest.mark.usefixtures("arbitrator")
# with jurors: worker, opener, upholder, pot, pool, free for others, taken of the fee
NUMBERS = {
    (CHALLENGED, PAYS): (101 + 17 + 6, 0, 0, 5, 0, 0, 0),
    (CHALLENGED, DOES_NOT_PAY): (0, 11 + 6, 0, 5, 6 + 11, 101, 11),
    (CHALLENGED, NO_RULING): (101 + 17, 10, 0, 1, 0, 0, 0),
    (CONTESTED, NO_RULING): (101 + 17 + 11, 0, 0, 0, 0, 0, 0),
    (UPHELD, PAYS): (101 + 17 + 11 + 6, 0, 0, 5, 11, 0, 11),
    (UPHELD, DOES_NOT_PAY): (0, 0, 11 + 6, 5, 17, 101, 0),
    (UPHELD, NO_RULING): (17 + 10, 0, 10, 2, 0, 101, 0),
}


@pytest.mark.parametrize("end", NUMBERS)
@pytest.mark.parametrize("has_jurors", [True, False])
def test_each_end_to_the_unit(world, escrow, desk, arbitrator, end, has_jurors):
    case = bring(world, arbitrator, start(world), end, has_jurors)
    worker, opener, upholder, pot, pool, free, taken = NUMBERS[end]
    if not has_jurors:
        pot, pool = 0, pool + pot
    people = (world.worker, world.stranger, world.giver)
    money = [world.token.balanceOf(person) for person in people]
    before, campaign = escrow.poolFree(), escrow.campaignOf(1)
    (world.release if free else world.pay)(case.work)
    got = [world.token.balanceOf(person) - had for person, had in zip(people, money, strict=True)]
    assert got == [worker, opener, upholder]
    assert desk.disputeOf(case.work)["pot"] == pot
    assert escrow.poolFree() == before + pool
    after, slots = escrow.campaignOf(1), escrow.bountyOf(1)["freeSlots"]
    assert campaign["votedUsed"] == after["votedUsed"]
    assert slots * 101 == free
    assert after["feeTaken"] == taken
    world.check_books()


# Rewards around a least stake of 10, worker's bonds from the least to all, fees from nothing to more than enough.
REWARDS, BOND_SHARES, FEES = (1, 2, 5, 9, 10, 11, 20, 49, 50, 51, 99, 100, 1_000), (0, 10, 50, 100), (0, 3, 10, 500)


@pytest.mark.parametrize("bps", [100, 1_000, 5_000])
@pytest.mark.parametrize("kind", [CHALLENGED, CONTESTED, UPHELD])
def test_five_properties_of_the_table(bps, kind):
    for w, share, f in itertools.product(REWARDS, BOND_SHARES, FEES):
        b = bond_of(w, bps, 10)
        assert model.violations(kind, w, max(w * share // 100, b), b, f) == []


# of 101, 17, 11, 101: names of what differs, and the facts that make it so
PROPORTIONS = {
    "all are odd": {},
    "all are even": {"ask": 2_000, "reward": 200, "bond": 40},
    "the least worker's bond": {"bond": 0},
    "the reward as worker's bond": {"bond": 101},
    "no fee": {"fee_bps": 0},
    "fee below half the bond": {"ask": 1_000, "fee_bps": 40},
    "fee between half the bond and the bond": {"ask": 1_000, "fee_bps": 80},
    "fee of exactly half the bond": {"ask": 1_000, "fee_bps": 50},
    "a reward of one unit": {"reward": 1, "bond": 1},
    "a reward of nine units": {"reward": 9, "bond": 9},
}
LEASTS = {"least above the reward": 150, "least of one unit above it": 102, "equal to it": 101}


@pytest.mark.parametrize("name", [*PROPORTIONS, *LEASTS])
def test_ends_agree_with_the_model(world, arbitrator, name):
    if name in LEASTS:
        world.set_terms(arbitrator=arbitrator, paysJurors=True, disputeBondMin=LEASTS[name])
    for end in ENDS:
        work = start(world, **PROPORTIONS.get(name, {"bond": 0}))
        end_and_check(world, bring(world, arbitrator, work, end, name != "all are even"))
    world.check_books()


def test_ends_with_several_payees(world, arbitrator):
    payees = [(world.guardian, 3_333), (world.worker, 3_333), (world.giver, 1), (world.board, 3_333)]
    for end in ENDS:
        work = start(world, payees=payees)
        end_and_check(world, bring(world, arbitrator, work, end, True))
    world.check_books()


def test_ends_of_gift_money(world, arbitrator):
    for end in ENDS:
        end_and_check(world, bring(world, arbitrator, start(world, isGift=True), end, True))
    world.check_books()
    assert world.points(world.worker) == 0


def test_ends_of_lessons(world, escrow, arbitrator):
    for ruling in (NO_RULING, PAYS, DOES_NOT_PAY):
        campaign = world.fund(ask=1_010)
        world.accept_and_pay(world.submit(world.post(campaign, reward=909, bond=0, slots=1)))
        clock.reach(escrow.campaignOf(campaign)["endsAt"])
        had = world.token.balanceOf(world.lead)
        tx = world.file_lessons(campaign)
        lessons = tx.events["LessonsFiled"]["submission"]
        assert (tx.events["FeeSettled"]["earned"], tx.events["BondReceived"]["amount"]) == (101, 11)
        case = bring(world, arbitrator, lessons, (CHALLENGED, ruling), True)
        end_and_check(world, case)
        got = world.token.balanceOf(world.lead) - had
        assert got == {NO_RULING: 101, PAYS: 101 + 6, DOES_NOT_PAY: -11}[ruling]
    world.check_books()


def test_lessons_of_nothing_cannot_be_disputed(world, escrow, arbitrator):
    campaign = world.fund(ask=1_010)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = world.file_lessons(campaign).events["LessonsFiled"]["submission"]
    with reverts(escrow, "CampaignEscrowNothingAtStake", lessons):
        world.challenge(lessons, amount=5)
    assert world.desk.priceOf(lessons) == (0, 0)


def test_ends_after_the_campaign(world, escrow, arbitrator):
    for end in ENDS:
        work = start(world, isGift=end[1] == PAYS, submitBy=clock.now() + DAY)
        campaign = escrow.bountyOf(escrow.submissionOf(work)["bounty"])["campaign"]
        case = bring(world, arbitrator, work, end, True)
        clock.reach(escrow.campaignOf(campaign)["endsAt"])
        escrow.closeCampaign(campaign, {"from": world.stranger})
        end_and_check(world, case)
    world.check_books()


@pytest.mark.parametrize("blocked", ["worker", "stranger", "giver", "all"])
def test_ends_with_blocked_accounts(world, escrow, arbitrator, blocked):
    roles = ("worker", "stranger", "giver") if blocked == "all" else (blocked,)
    accounts = [getattr(world, role) for role in roles]
    for end in ENDS:
        case = bring(world, arbitrator, start(world), end, True)
        for account in accounts:
            world.token.setBlocked(account, True, {"from": world.governance})
        before = {account: world.token.balanceOf(account) for account in accounts}
        end_and_check(world, case)
        assert before == {account: world.token.balanceOf(account) for account in accounts}
        for account in accounts:
            world.token.setBlocked(account, False, {"from": world.governance})
    for account in accounts:
        owed = escrow.creditOf(account)["amount"]
        assert owed > 0
        escrow.withdrawCredit(account, {"from": account})
    world.check_books()


@pytest.mark.parametrize(
    ("end", "paid"),
    [
        ((UPHELD, PAYS), [("worker", 6), ("worker", 101)]),
        ((UPHELD, DOES_NOT_PAY), [("giver", 6)]),
        ((CHALLENGED, DOES_NOT_PAY), [("stranger", 6)]),
    ],
)
def test_payments_name_campaign_and_submission(world, desk, arbitrator, end, paid):
    world.fund()  # campaign 1 has no work, so that submission 1 is campaign 2's
    case = bring(world, arbitrator, start(world), end, True)
    tx = (world.pay if end[1] == PAYS else world.release)(case.work)
    payments = [tuple(event.values()) for event in tx.events["PayeePaid"]]
    assert payments == [(2, 1, getattr(world, role), amount) for role, amount in paid]
    tx = desk.payJurors(case.work, [world.other], {"from": world.stranger})
    assert tuple(tx.events["PayeePaid"].values()) == (2, 1, world.other, 5)


def test_ends_in_a_token_of_eighteen_decimals(the_project, accounts, arbitrator):
    token = the_project.Stablecoin.deploy("Ether", "E", 18, {"from": accounts[0]})
    world = deploy_world(the_project, token, 10**18)
    for account in world.people:
        world.mint(account, 1_000 * world.unit)
    world.fill(10_000 * world.unit)
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    arbitrator.setNextID(100, {"from": world.stranger})
    odd = 10 * world.unit + 1
    for end in ENDS:
        work = start(world, ask=1_000 * world.unit + 7, reward=odd, bond=odd // 5)
        end_and_check(world, bring(world, arbitrator, work, end, True))
    world.check_books()


@given(
    reward=st.integers(1, MAX_REWARD),
    bond_share=st.floats(0, 1),
    fee_bps=st.integers(0, 3_000),
    bps=st.integers(100, 5_000),
    least=st.sampled_from([0, 0, 10**6, 400 * 10**6]),
    end=st.sampled_from(ENDS),
    has_jurors=st.booleans(),
)
def test_random_ends_agree_with_the_model(world, arbitrator, reward, bond_share, fee_bps, bps, least, end, has_jurors):
    world.set_terms(arbitrator=arbitrator, paysJurors=True, disputeBondBps=bps, disputeBondMin=least)
    bond = max(min(int(reward * bond_share), reward), bond_of(reward, bps, least))
    work = start(world, ask=MAX_ASK, fee_bps=fee_bps, reward=reward, bond=bond)
    end_and_check(world, bring(world, arbitrator, work, end, has_jurors))
    world.check_books()


# ── settle ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_moves_until_somebody_ends_it(world, escrow, desk, arbitrator):
    case = bring(world, arbitrator, start(world), (UPHELD, PAYS), True)
    before = world.books()
    clock.pass_time(400 * ARBITRATION)
    assert world.books() == before
    assert not desk.disputeOf(case.work)["isSettled"]
    with reverts(escrow, "CampaignEscrowNothingDue", case.work, 6):
        world.release(case.work)
    end_and_check(world, case)
    world.check_books()
    with reverts(escrow, "CampaignEscrowNothingDue", case.work, 8):
        world.pay(case.work)


def test_shares_are_read_at_the_settlement(world, desk, arbitrator):
    case = bring(world, arbitrator, start(world), (CHALLENGED, PAYS), True)
    arbitrator.setTotal(0, 0, {"from": world.stranger})
    case.has_jurors = False
    end_and_check(world, case)
    arbitrator.setShares(0, [world.other], [7], {"from": world.stranger})
    with reverts(desk, "DisputeDeskNothingDue", case.work):
        desk.payJurors(case.work, [world.other], {"from": world.stranger})


# ── the lead's fee ──────────────────────────────────────────────────────────────────────────────


def test_fee_loses_a_bond_per_lost_dispute(world, escrow, arbitrator):
    campaign = world.fund(ask=1_000, feeBps=250)
    bounty = world.post(campaign, reward=100, bond=0, slots=5)
    works = [world.submit(bounty) for _ in range(5)]
    taken = []
    for work, end in zip(
        works,
        [(UPHELD, PAYS), (CHALLENGED, DOES_NOT_PAY), (UPHELD, PAYS), (UPHELD, PAYS), (CHALLENGED, DOES_NOT_PAY)],
        strict=True,
    ):
        end_and_check(world, bring(world, arbitrator, work, end, True))
        taken.append(escrow.campaignOf(campaign)["feeTaken"])
    assert taken == [10, 20, 25, 25, 25]
    world.check_books()


@pytest.mark.parametrize(
    ("least", "works", "earned", "to_pool"), [(0, 1, 40 - 16, 160), (0, 2, 80 - 32, 120), (60, 1, 0, 140)]
)
def test_earned_fee_is_less_what_lost_disputes_took(world, escrow, arbitrator, least, works, earned, to_pool):
    world.set_terms(arbitrator=arbitrator, paysJurors=True, disputeBondMin=least)
    campaign = world.fund(ask=1_000, feeBps=2_000)  # 200 for 800 of voted money
    bounty = world.post(campaign, reward=160, bond=0, slots=works)
    for _ in range(works):
        case = bring(world, arbitrator, world.submit(bounty), (UPHELD, PAYS), True)
        end_and_check(world, case)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    tx = world.file_lessons(campaign)
    assert (tx.events["FeeSettled"]["earned"], tx.events["FeeSettled"]["toPool"]) == (earned, to_pool)
    world.check_books()


def test_fee_does_not_lapse_while_work_is_live(world, escrow, arbitrator):
    work = start(world)
    end = escrow.campaignOf(1)["endsAt"]
    case = bring(world, arbitrator, work, (UPHELD, PAYS), True)
    clock.reach(end + LIFE + REVIEW)
    escrow.closeCampaign(1, {"from": world.stranger})  # what is free
    with reverts(escrow, "CampaignEscrowNothingToClose", 1):
        escrow.closeCampaign(1, {"from": world.stranger})
    tx = end_and_check(world, case)
    assert tx.events["DisputeSettled"]["settlement"]["feeTaken"] == 11
    tx = escrow.closeCampaign(1, {"from": world.stranger})
    assert tx.events["FeeSettled"]["toPool"] == 90
    world.check_books()


# ── slots ───────────────────────────────────────────────────────────────────────────────────────


def test_slot_of_a_won_challenge_is_free_again(world, escrow, arbitrator):
    work = start(world)
    end_and_check(world, bring(world, arbitrator, work, (CHALLENGED, DOES_NOT_PAY), True))
    again = world.submit(1, by=world.other)
    world.accept_and_pay(again)
    assert world.status(again) == "Done"
    world.check_books()


def test_slot_of_an_upheld_rejection_is_free_again(world, arbitrator):
    work = start(world)
    end_and_check(world, bring(world, arbitrator, work, (UPHELD, DOES_NOT_PAY), True))
    again = world.submit(1, by=world.other)
    world.accept_and_pay(again)
    assert world.status(again) == "Done"
    world.check_books()
