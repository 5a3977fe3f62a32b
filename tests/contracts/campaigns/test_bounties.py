"""CampaignEscrow: bounties.

postBounty
  given a halt -> test_post_reverts_while_halted
  when the campaign is unknown -> test_post_reverts_when_the_campaign_is_unknown
  when the campaign has ended -> test_post_reverts_when_the_campaign_has_ended
  when the caller is not the lead -> test_post_reverts_when_not_the_lead
  when the reward is zero -> test_post_reverts_when_the_reward_is_zero
  when the reward does not fit -> test_post_reverts_when_the_reward_does_not_fit
  when the bond is below a stake, 0 meaning just that -> test_post_reverts_when_the_bond_is_below_a_stake
  when the bond is above the reward -> test_post_reverts_when_the_bond_is_above_the_reward
  when there is no slot, or too many -> test_post_reverts_without_a_slot
  when the deadline is out of bounds -> test_post_reverts_when_the_deadline_is_out_of_bounds
  when the named worker is the lead -> test_post_reverts_when_the_lead_is_named
  when the brief is missing -> test_post_reverts_without_a_brief
  when the money is not free -> test_post_reverts_when_money_is_not_free
  when paid from voted money -> test_post_sets_voted_money_aside
  when paid from top-ups -> test_post_sets_gift_money_aside
  when all of both moneys is asked for -> test_post_uses_money_to_the_last_unit
cancelBounty
  when the bounty is unknown -> test_cancel_reverts_when_unknown
  when the caller is not the lead -> test_cancel_reverts_when_not_the_lead
  when the bounty is closed -> test_cancel_reverts_when_closed
  when it closes within one notice anyway -> test_cancel_reverts_when_it_would_gain_nothing
  when all is well -> test_cancel_moves_the_deadline_to_one_notice_from_now
reclaimBounty
  when the bounty is unknown -> test_reclaim_reverts_when_unknown
  when the bounty is open -> test_reclaim_reverts_when_open
  when no slot is free -> test_reclaim_reverts_when_nothing_is_free
  given the campaign runs
    voted money is free again -> test_reclaim_gives_voted_money_to_the_campaign
    gift money is free again -> test_reclaim_gives_gift_money_to_the_campaign
  given the campaign has ended
    all money goes to the pool -> test_reclaim_gives_money_to_the_pool_after_the_end
halt
  stops nothing but new bounties -> test_halt_stops_nothing_but_new_bounties
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import BRIEF, CHALLENGE, DAY, HALT, NOTICE
from tests.support.reverts import reverts

MAX_SLOTS, MAX_REWARD = 2**14 - 1, 2**92 - 1


def test_post_reverts_while_halted(world, escrow, campaign):
    until = escrow.halt({"from": world.guardian}).timestamp + HALT
    clock.set_next(until - 1)
    with reverts(escrow, "HaltableHalted", until):
        world.post(campaign)
    clock.set_next(until)
    world.post(campaign)


def test_post_reverts_when_the_campaign_is_unknown(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowUnknownCampaign", 2):
        world.post(2, submitBy=clock.now() + DAY)


def test_post_reverts_when_the_campaign_has_ended(world, escrow, campaign):
    end = escrow.campaignOf(campaign)["endsAt"]
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowEnded", campaign, end):
        world.post(campaign, submitBy=end + 1)


def test_post_reverts_when_not_the_lead(world, escrow, campaign):
    for caller in (world.governance, world.stranger):
        with reverts(escrow, "CampaignEscrowNotLead", caller, world.lead):
            world.post(campaign, by=caller)


def test_post_reverts_when_the_reward_is_zero(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowZeroAmount"):
        world.post(campaign, reward=0, bond=0)


def test_post_reverts_when_the_bond_is_above_the_reward(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowBondAboveReward", 11, 10):
        world.post(campaign, reward=10, bond=11)
    world.post(campaign, reward=10, bond=10)


def test_post_reverts_without_a_slot(world, escrow, campaign):
    for slots in (0, MAX_SLOTS + 1):
        with reverts(escrow, "CampaignEscrowBadSlots", slots, MAX_SLOTS):
            world.post(campaign, slots=slots)


def test_post_reverts_when_the_reward_does_not_fit(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowRewardTooHigh", MAX_REWARD + 1, MAX_REWARD):
        world.post(campaign, reward=MAX_REWARD + 1, bond=0)


def test_post_reverts_when_the_bond_is_below_a_stake(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowBondTooLow", 10, 11):
        world.post(campaign, reward=101, bond=10)
    bounties = world.post(campaign, reward=101, bond=11), world.post(campaign, reward=101, bond=0)
    assert [escrow.bountyOf(bounty)["bond"] for bounty in bounties] == [11, 11]
    tx = escrow.postBounty(world.params(campaign, reward=101, bond=0), {"from": world.lead})
    assert tx.events["BountyPosted"]["facts"]["bond"] == 11


def test_post_reverts_when_the_deadline_is_out_of_bounds(world, escrow, campaign):
    start, end = clock.now(), escrow.campaignOf(campaign)["endsAt"]
    for moment, submit_by in ((start + 100, 1), (start + 200, start + 200), (start + 300, end + 1)):
        clock.set_next(moment)
        with reverts(escrow, "CampaignEscrowDeadlineOutOfBounds", submit_by, moment, end):
            world.post(campaign, submitBy=submit_by)
    world.post(campaign, submitBy=clock.set_next(start + 400) + 1)
    world.post(campaign, submitBy=end)


def test_post_reverts_when_the_lead_is_named(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.post(campaign, worker=world.lead)


def test_post_reverts_without_a_brief(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowNoDigest"):
        world.post(campaign, brief="0x" + "00" * 32)


def test_post_reverts_when_money_is_not_free(world, escrow, campaign):
    free = 900 * world.unit
    args = (2 * (free // 2 + 1), free)
    with reverts(escrow, "CampaignEscrowNotEnough", *args):
        world.post(campaign, reward=free // 2 + 1, bond=0)
    with reverts(escrow, "CampaignEscrowNotEnough", MAX_SLOTS * MAX_REWARD, free):
        world.post(campaign, reward=MAX_REWARD, bond=0, slots=MAX_SLOTS)
    with reverts(escrow, "CampaignEscrowNotEnough", 1, 0):
        world.post(campaign, reward=1, bond=0, slots=1, isGift=True)


def test_post_sets_voted_money_aside(world, escrow, campaign):
    before = world.books()
    params = world.params(campaign, worker=world.worker)
    tx = escrow.postBounty(params, {"from": world.lead})
    facts = {
        "reward": 100 * world.unit,
        "bond": 10 * world.unit,
        "campaign": campaign,
        "submitBy": params[3],
        "freeSlots": 2,
        "isGift": False,
        "worker": world.worker,
    }
    assert tx.return_value == 1
    assert tx.events["BountyPosted"]["bounty"] == 1
    assert tx.events["BountyPosted"]["campaign"] == campaign
    assert tx.events["BountyPosted"]["facts"] == params
    assert params[-1] == BRIEF
    assert escrow.bountyOf(1).dict() == facts
    assert escrow.campaignOf(campaign)["votedUsed"] == 200 * world.unit
    assert world.books() == before
    assert escrow.counts() == (1, 1, 0)
    world.check_books()


def test_post_sets_gift_money_aside(world, escrow, campaign):
    escrow.topUp(campaign, 201 * world.unit, {"from": world.giver})
    bounty = world.post(campaign, isGift=True)
    assert escrow.bountyOf(bounty)["isGift"]
    assert escrow.campaignOf(campaign)["giftFree"] == world.unit
    assert escrow.campaignOf(campaign)["votedUsed"] == 0
    world.check_books()


def test_post_uses_money_to_the_last_unit(world, escrow, campaign):
    escrow.topUp(campaign, 7, {"from": world.giver})
    world.post(campaign, reward=900 * world.unit, bond=0, slots=1)
    world.post(campaign, reward=7, bond=0, slots=1, isGift=True)
    with reverts(escrow, "CampaignEscrowNotEnough", 1, 0):
        world.post(campaign, reward=1, bond=0, slots=1)
    world.check_books()


def test_cancel_reverts_when_unknown(world, escrow, bounty):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownBounty", unknown):
            escrow.cancelBounty(unknown, {"from": world.lead})


def test_cancel_reverts_when_not_the_lead(world, escrow, bounty):
    with reverts(escrow, "CampaignEscrowNotLead", world.governance, world.lead):
        escrow.cancelBounty(bounty, {"from": world.governance})


def test_cancel_reverts_when_closed(world, escrow, bounty):
    closes_at = escrow.bountyOf(bounty)["submitBy"]
    clock.set_next(closes_at)
    with reverts(escrow, "CampaignEscrowBountyClosed", bounty, closes_at):
        escrow.cancelBounty(bounty, {"from": world.lead})


def test_cancel_reverts_when_it_would_gain_nothing(world, escrow, bounty):
    closes_at = escrow.bountyOf(bounty)["submitBy"]
    moment = clock.set_next(closes_at - NOTICE)
    args = (closes_at, moment, closes_at)
    with reverts(escrow, "CampaignEscrowDeadlineOutOfBounds", *args):
        escrow.cancelBounty(bounty, {"from": world.lead})


def test_cancel_moves_the_deadline_to_one_notice_from_now(world, escrow, bounty):
    closes_at = escrow.bountyOf(bounty)["submitBy"]
    before = escrow.bountyOf(bounty).dict()
    moment = clock.set_next(closes_at - NOTICE - 1)
    tx = escrow.cancelBounty(bounty, {"from": world.lead})
    submit_by = moment + NOTICE
    assert dict(tx.events["BountyCancelled"]) == {"bounty": bounty, "submitBy": submit_by}
    assert escrow.bountyOf(bounty).dict() == before | {"submitBy": submit_by}
    clock.set_next(submit_by - 1)
    world.submit(bounty)
    clock.set_next(submit_by)
    escrow.reclaimBounty(bounty, {"from": world.stranger})


def test_reclaim_reverts_when_unknown(world, escrow, bounty):
    with reverts(escrow, "CampaignEscrowUnknownBounty", 2):
        escrow.reclaimBounty(2, {"from": world.stranger})


def test_reclaim_reverts_when_open(world, escrow, bounty):
    closes_at = escrow.bountyOf(bounty)["submitBy"]
    clock.set_next(closes_at - 1)
    with reverts(escrow, "CampaignEscrowBountyOpen", bounty, closes_at):
        escrow.reclaimBounty(bounty, {"from": world.stranger})


def test_reclaim_reverts_when_nothing_is_free(world, escrow, bounty):
    clock.set_next(escrow.bountyOf(bounty)["submitBy"])
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    with reverts(escrow, "CampaignEscrowNoFreeSlot", bounty):
        escrow.reclaimBounty(bounty, {"from": world.stranger})


def test_reclaim_gives_voted_money_to_the_campaign(world, escrow, campaign, bounty, work):
    before = world.books()
    clock.set_next(escrow.bountyOf(bounty)["submitBy"])
    tx = escrow.reclaimBounty(bounty, {"from": world.stranger})
    assert dict(tx.events["BountyReclaimed"]) == {"bounty": bounty, "slots": 1, "amount": 100 * world.unit}
    assert escrow.bountyOf(bounty)["freeSlots"] == 0
    assert escrow.campaignOf(campaign)["votedUsed"] == 100 * world.unit
    assert world.books() == before
    world.check_books()


def test_reclaim_gives_gift_money_to_the_campaign(world, escrow, campaign):
    escrow.topUp(campaign, 200 * world.unit, {"from": world.giver})
    bounty = world.post(campaign, isGift=True)
    clock.set_next(escrow.bountyOf(bounty)["submitBy"])
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    assert escrow.campaignOf(campaign)["giftFree"] == 200 * world.unit
    assert escrow.campaignOf(campaign)["votedUsed"] == 0
    world.check_books()


@pytest.mark.parametrize("is_gift", [False, True])
def test_reclaim_gives_money_to_the_pool_after_the_end(world, escrow, campaign, is_gift):
    escrow.topUp(campaign, 200 * world.unit, {"from": world.giver})
    bounty = world.post(campaign, isGift=is_gift)
    pool, facts = world.books()["pool"], escrow.campaignOf(campaign)
    clock.set_next(facts["endsAt"])
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    assert world.books()["pool"] == pool + 200 * world.unit
    assert escrow.campaignOf(campaign) == facts
    world.check_books()


def test_halt_stops_nothing_but_new_bounties(world, escrow, campaign, bounty, work):
    escrow.halt({"from": world.guardian})
    escrow.deposit(1, {"from": world.governance})
    escrow.topUp(campaign, 1, {"from": world.giver})
    world.fund()
    second = world.submit(bounty, by=world.other)
    world.reject(second)
    escrow.withdrawWork(second, {"from": world.other})
    world.accept(work)
    escrow.cancelBounty(bounty, {"from": world.lead})
    clock.pass_time(CHALLENGE)
    world.pay(work)
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    escrow.withdrawPool(1, {"from": world.governance})
    world.check_books()
