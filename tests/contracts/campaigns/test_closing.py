"""CampaignEscrow: lessons, the lead's fee, closing.

fileLessons
  when the campaign is unknown -> test_lessons_revert_when_unknown
  when the caller is not the lead -> test_lessons_revert_when_not_the_lead
  when it is too early or too late -> test_lessons_revert_outside_their_window
  when work is live -> test_lessons_revert_while_work_is_live
  when they were filed -> test_lessons_revert_the_second_time
  when the digest is missing -> test_lessons_revert_without_a_digest
  when all is well
    they are a submission, born accepted -> test_lessons_are_a_submission_born_accepted
    the fee is paid after the window -> test_fee_is_paid_with_points_after_the_challenge_window
    the fee is earned in proportion, rounded down -> test_fee_agrees_with_the_model
    nothing paid earns nothing -> test_lessons_of_a_campaign_without_work_earn_nothing
    all voted money paid earns all of the fee -> test_all_work_paid_earns_the_whole_fee
    gifts earn nothing -> test_gifts_earn_the_lead_nothing
  given a replaced lead
    the new one files, the former is paid -> test_replaced_lead_files_and_the_former_is_paid
  given the lead is blocked -> test_blocked_lead_gets_the_fee_as_credit
closeCampaign
  when the campaign is unknown -> test_close_reverts_when_unknown
  when the campaign runs -> test_close_reverts_when_it_has_not_ended
  when there is nothing to close -> test_close_reverts_when_nothing_is_left
  given free money
    it goes to the pool -> test_close_sweeps_free_money
  given no lessons in time
    the fee goes to the pool -> test_close_sends_the_fee_to_the_pool_without_lessons
  given a campaign that never posted a bounty -> test_campaign_without_bounty_returns_everything
  given the last seconds that 32 bits can tell
    money leaves after them too -> test_money_leaves_when_32_bits_end
  given everything
    a campaign reaches zero in a bounded number of calls -> test_campaign_reaches_zero
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import CHALLENGE, DAY, LESSONS, LIFE, REVIEW
from tests.support.reverts import reverts

WAD = 10**18


@pytest.fixture
def end(escrow, campaign):
    """The campaign's end, Unix seconds."""
    return escrow.campaignOf(campaign)["endsAt"]


def file(world, campaign, by=None, lessons=LESSONS):
    tx = world.file_lessons(campaign, by, lessons)
    return tx.events["LessonsFiled"]["submission"]


def test_lessons_revert_when_unknown(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowUnknownCampaign", 2):
        file(world, 2)


def test_lessons_revert_when_not_the_lead(world, escrow, campaign, end):
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowNotLead", world.governance, world.lead):
        file(world, campaign, by=world.governance)


def test_lessons_revert_outside_their_window(world, escrow, campaign, end):
    until = end + LIFE + REVIEW
    args = (campaign, end, until)
    clock.set_next(end - 1)
    with reverts(escrow, "CampaignEscrowNoLessonsNow", *args):
        file(world, campaign)
    clock.set_next(until)
    with reverts(escrow, "CampaignEscrowNoLessonsNow", *args):
        file(world, campaign)


def test_lessons_revert_while_work_is_live(world, escrow, campaign, work, end):
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowLiveWork", campaign, 1):
        file(world, campaign)
    world.pay(work)
    file(world, campaign)


def test_lessons_revert_the_second_time(world, escrow, campaign, end):
    clock.set_next(end)
    file(world, campaign)
    with reverts(escrow, "CampaignEscrowLessonsFiled", campaign):
        file(world, campaign)


def test_lessons_revert_without_a_digest(world, escrow, campaign, end):
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowNoDigest"):
        file(world, campaign, lessons="0x" + "00" * 32)


def test_lessons_are_a_submission_born_accepted(world, escrow, campaign, bounty, work, end):
    world.accept_and_pay(work)
    before = world.books()
    clock.set_next(end + LIFE + REVIEW - 1)
    tx = world.file_lessons(campaign)
    earned = 100 * world.unit * 100 // 900
    to_pool, bond = 100 * world.unit - earned, -(-earned // 10)
    assert tx.return_value == 2
    assert dict(tx.events["LessonsFiled"]) == {
        "campaign": campaign,
        "submission": 2,
        "lead": world.lead,
        "lessons": LESSONS,
    }
    assert dict(tx.events["FeeSettled"]) == {
        "campaign": campaign,
        "lead": world.lead,
        "earned": earned,
        "toPool": to_pool,
    }
    assert tx.events["BountyPosted"]["bounty"] == 2
    assert escrow.bountyOf(2).dict() == {
        "reward": earned,
        "bond": bond,
        "campaign": campaign,
        "submitBy": tx.timestamp,
        "freeSlots": 0,
        "isGift": False,
        "worker": world.lead,
    }
    assert escrow.submissionOf(2).dict() == {
        "worker": world.lead,
        "bounty": 2,
        "since": tx.timestamp,
        "stage": 2,
        "payees": 0,
        "stint": 0,
        "isReworked": False,
        "evidence": LESSONS,
    }
    facts = escrow.campaignOf(campaign)
    assert (facts["isFeeSettled"], facts["lessons"], facts["live"]) == (True, 2, 1)
    assert world.books() == before | {
        "pool": before["pool"] + to_pool,
        "bondsReceived": before["bondsReceived"] + bond,
        "bondsHeld": before["bondsHeld"] + bond,
    }
    assert dict(tx.events["BondReceived"]) == {"submission": 2, "from": world.lead, "amount": bond}
    assert world.status(2) == "Accepted"
    world.check_books()


def test_fee_is_paid_with_points_after_the_challenge_window(world, escrow, campaign, work, end):
    world.accept_and_pay(work)
    clock.set_next(end)
    lessons = file(world, campaign)
    earned = escrow.bountyOf(2)["reward"]
    balance, bond = world.token.balanceOf(world.lead), escrow.bountyOf(2)["bond"]
    clock.set_next(end + CHALLENGE - 1)
    with reverts(escrow, "CampaignEscrowNothingDue", lessons, 2):
        world.pay(lessons)
    clock.set_next(end + CHALLENGE)
    tx = world.pay(lessons)
    assert dict(tx.events["PayeePaid"]) == {
        "campaign": campaign,
        "submission": lessons,
        "payee": world.lead,
        "amount": earned,
    }
    assert world.token.balanceOf(world.lead) == balance + earned + bond
    assert world.points(world.lead) == earned * WAD // world.unit
    world.check_books()


@given(ask=st.integers(1, 10**9), fee_bps=st.integers(0, 3_000), part=st.floats(0, 1))
def test_fee_agrees_with_the_model(world, escrow, ask, fee_bps, part):
    campaign = world.fund(ask=ask, feeBps=fee_bps)
    fee = ask * fee_bps // 10_000
    reward = min(int((ask - fee) * part), ask - fee)
    if reward:
        work = world.submit(world.post(campaign, reward=reward, bond=0, slots=1))
        world.accept_and_pay(work)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = file(world, campaign)
    earned = escrow.bountyOf(escrow.submissionOf(lessons)["bounty"])["reward"]
    assert earned == fee * reward // (ask - fee)
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    if reward < ask - fee:
        escrow.closeCampaign(campaign, {"from": world.stranger})
    assert world.books()["held"] == world.books()["pool"]
    world.check_books()


def test_lessons_of_a_campaign_without_work_earn_nothing(world, escrow, campaign, end):
    clock.set_next(end)
    lessons = file(world, campaign)
    clock.pass_time(CHALLENGE)
    tx = world.pay(lessons)
    assert tx.events["WorkPaid"]["reward"] == 0
    assert "PayeePaid" not in tx.events
    assert world.points(world.lead) == 0
    world.check_books()


def test_all_work_paid_earns_the_whole_fee(world, escrow, campaign, end):
    bounty = world.post(campaign, reward=300 * world.unit, bond=0, slots=3)
    works = [world.submit(bounty) for _ in range(3)]
    clock.set_next(end)
    world.pay(*works)
    file(world, campaign)
    assert escrow.bountyOf(2)["reward"] == 100 * world.unit


def test_gifts_earn_the_lead_nothing(world, escrow, campaign, end):
    escrow.topUp(campaign, 100 * world.unit, {"from": world.giver})
    world.accept_and_pay(world.submit(world.post(campaign, isGift=True, slots=1)))
    clock.set_next(end)
    file(world, campaign)
    assert escrow.bountyOf(2)["reward"] == 0


def test_replaced_lead_files_and_the_former_is_paid(world, escrow, campaign, work, end):
    world.accept_and_pay(work)
    clock.set_next(end)
    escrow.replaceLead(campaign, world.other, {"from": world.governance})
    with reverts(escrow, "CampaignEscrowNotLead", world.lead, world.other):
        file(world, campaign)
    balance = world.token.balanceOf(world.lead)
    lessons = file(world, campaign, by=world.other)
    assert world.token.balanceOf(world.lead) == balance + 100 * world.unit // 9
    assert escrow.bountyOf(escrow.submissionOf(lessons)["bounty"])["reward"] == 0


def test_blocked_lead_gets_the_fee_as_credit(world, escrow, campaign, work, end):
    world.accept_and_pay(work)
    clock.set_next(end)
    lessons = file(world, campaign)
    world.token.setBlocked(world.lead, True, {"from": world.governance})
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    earned = 100 * world.unit // 9
    assert escrow.creditOf(world.lead)["amount"] == earned + -(-earned // 10)
    escrow.withdrawCredit(world.other, {"from": world.lead})
    assert world.points(world.lead) == earned * WAD // world.unit
    world.check_books()


def test_close_reverts_when_unknown(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowUnknownCampaign", 2):
        escrow.closeCampaign(2, {"from": world.stranger})


def test_close_reverts_when_it_has_not_ended(world, escrow, campaign, end):
    clock.set_next(end - 1)
    with reverts(escrow, "CampaignEscrowNotEnded", campaign, end):
        escrow.closeCampaign(campaign, {"from": world.stranger})


def test_close_reverts_when_nothing_is_left(world, escrow, campaign, end):
    clock.set_next(end)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    until = end + LIFE + REVIEW
    clock.set_next(until - 1)
    with reverts(escrow, "CampaignEscrowNothingToClose", campaign):
        escrow.closeCampaign(campaign, {"from": world.stranger})
    clock.set_next(until)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    with reverts(escrow, "CampaignEscrowNothingToClose", campaign):
        escrow.closeCampaign(campaign, {"from": world.stranger})


def test_close_sweeps_free_money(world, escrow, campaign, bounty, end):
    escrow.topUp(campaign, 77, {"from": world.giver})
    before = world.books()
    clock.set_next(end)
    tx = escrow.closeCampaign(campaign, {"from": world.stranger})
    voted = 700 * world.unit
    assert dict(tx.events["CampaignSwept"]) == {"campaign": campaign, "voted": voted, "gift": 77}
    assert "FeeSettled" not in tx.events
    assert world.books() == before | {"pool": before["pool"] + voted + 77}
    facts = escrow.campaignOf(campaign)
    assert (facts["votedUsed"], facts["giftFree"]) == (900 * world.unit, 0)
    world.check_books()


def test_close_sends_the_fee_to_the_pool_without_lessons(world, escrow, campaign, work, end):
    world.accept_and_pay(work)
    clock.set_next(end + LIFE + REVIEW)
    before = world.books()
    tx = escrow.closeCampaign(campaign, {"from": world.stranger})
    assert dict(tx.events["FeeSettled"]) == {
        "campaign": campaign,
        "lead": world.lead,
        "earned": 0,
        "toPool": 100 * world.unit,
    }
    assert world.books()["pool"] == before["pool"] + 800 * world.unit
    assert escrow.campaignOf(campaign)["isFeeSettled"]
    assert world.points(world.lead) == 0
    world.check_books()


def test_campaign_without_bounty_returns_everything(world, escrow, campaign, end):
    clock.set_next(end + LIFE + REVIEW)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    assert world.books()["pool"] == 10_000 * world.unit == world.books()["held"]
    world.check_books()


def test_money_leaves_when_32_bits_end(world, escrow):
    """A campaign ends a day before 2^32; its lessons' time ends after it, in 2106."""
    end = 2**32 - DAY
    moment = clock.set_next(clock.now() + 10)
    campaign = world.fund(durationSeconds=end - moment)
    world.submit(world.post(campaign, submitBy=end))
    clock.set_next(end)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    clock.set_next(end + REVIEW + CHALLENGE)
    world.pay(1)
    clock.set_next(end + LIFE + REVIEW)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    world.check_books()


def test_campaign_reaches_zero(world, escrow, campaign, end):
    escrow.topUp(campaign, 200 * world.unit, {"from": world.giver})
    mine = [world.post(campaign), world.post(campaign, isGift=True)]
    paid, silent = world.submit(mine[0]), world.submit(mine[1])
    rejected = world.submit(mine[0], by=world.other)
    world.accept(paid)
    world.reject(rejected)
    clock.set_next(end)
    calls = 0
    for bounty in mine:
        if escrow.bountyOf(bounty)["freeSlots"]:
            escrow.reclaimBounty(bounty, {"from": world.stranger})
            calls += 1
    world.pay(paid, silent)
    escrow.releaseWork([rejected], {"from": world.stranger})
    lessons = file(world, campaign)
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    assert calls == 1
    books = world.books()
    assert books["held"] == books["pool"]
    assert books["bondsHeld"] == 0
    assert escrow.campaignOf(campaign)["live"] == 0
    escrow.withdrawPool(books["pool"], {"from": world.governance})
    assert world.token.balanceOf(escrow) == 0
