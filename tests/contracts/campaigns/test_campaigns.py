"""CampaignEscrow: campaigns.

fund
  when the ask is zero -> test_fund_reverts_when_the_ask_is_zero
  when the fee is above 30 % -> test_fund_reverts_when_the_fee_is_too_high
  when the pool has less than all asks -> test_fund_reverts_when_the_pool_has_less
  when the end would not fit 32 bits -> test_fund_reverts_when_the_end_does_not_fit
  when there is no seed -> test_fund_of_nothing_does_nothing
  when all is well -> test_fund_opens_campaigns_in_order
topUp
  when the campaign is unknown -> test_top_up_reverts_when_unknown
  when the campaign has ended -> test_top_up_reverts_when_ended
  when nothing arrives -> test_top_up_reverts_when_zero
  when tokens arrive -> test_top_up_is_a_gift_to_the_campaign
endEarly
  when the campaign is unknown -> test_end_early_reverts_when_unknown
  when the campaign has ended -> test_end_early_reverts_when_ended
  when the caller may not -> test_end_early_reverts_when_neither_lead_nor_governance
  when sooner than one notice or later than the old end -> test_end_early_reverts_when_out_of_bounds
  when the lead moves it -> test_lead_ends_early
  when governance moves it -> test_governance_ends_early
  given an earlier end
    bounties close with it, live work goes on -> test_early_end_closes_bounties_and_spares_live_work
replaceLead
  when the campaign is unknown -> test_replace_lead_reverts_when_unknown
  when the new lead is zero, escrow or token -> test_replace_lead_reverts_when_it_cannot_be_paid
  when all is well -> test_replaced_lead_has_no_say_and_live_work_goes_on
"""

from __future__ import annotations

from brownie import ZERO_ADDRESS

from tests.support import clock
from tests.support.campaigns import DAY, DURATION, EVIDENCE, NOTICE, REVIEW
from tests.support.reverts import reverts, reverts_with_panic  # noqa: F401


def test_fund_reverts_when_the_ask_is_zero(world, escrow):
    with reverts(escrow, "CampaignEscrowZeroAmount"):
        world.fund(ask=0)


def test_fund_reverts_when_the_fee_is_too_high(world, escrow):
    with reverts(escrow, "CampaignEscrowFeeTooHigh", 3001, 3000):
        world.fund(feeBps=3001)


def test_fund_reverts_when_the_pool_has_less(world, escrow):
    seeds = [world.seed(ask=5_000 * world.unit), world.seed(ask=5_000 * world.unit + 1)]
    args = (10_000 * world.unit + 1, 10_000 * world.unit)
    with reverts(escrow, "CampaignEscrowNotEnough", *args):
        escrow.fund(seeds, {"from": world.board})


def test_fund_reverts_when_the_end_does_not_fit(world, escrow):
    last = 2**32 - 1
    moment = clock.set_next(clock.now() + 10)
    with reverts(
        [
            {
                "type": "error",
                "name": "SafeCastOverflowedUintDowncast",
                "inputs": [{"name": "bits", "type": "uint8"}, {"name": "value", "type": "uint256"}],
            }
        ],
        "SafeCastOverflowedUintDowncast",
        32,
        moment + last,
    ):
        world.fund(durationSeconds=last)


def test_fund_of_nothing_does_nothing(world, escrow, campaign):
    before = world.books()
    assert escrow.fund([], {"from": world.board}).return_value == 2
    assert world.books() == before
    assert escrow.counts()[0] == 1


def test_fund_opens_campaigns_in_order(world, escrow):
    before = world.books()
    seeds = [
        world.seed(round=7, number=3, ask=100, feeBps=3000, durationSeconds=DAY),
        world.seed(round=7, number=1, ask=10_000 * world.unit - 100, feeBps=0, lead=world.other),
    ]
    tx = escrow.fund(seeds, {"from": world.board})
    assert tx.return_value == 1
    assert dict(tx.events["CampaignFunded"][0]) == {
        "campaign": 1,
        "round": 7,
        "number": 3,
        "lead": world.lead,
        "ask": 100,
        "feeBps": 3000,
        "endsAt": tx.timestamp + DAY,
        "termsId": 1,
    }
    assert tx.events["CampaignFunded"][1]["campaign"] == 2
    facts = escrow.campaignOf(2).dict()
    assert facts == {
        "lead": world.other,
        "endsAt": tx.timestamp + DURATION,
        "round": 7,
        "termsId": 1,
        "formerLeads": 0,
        "isFeeSettled": False,
        "ask": 10_000 * world.unit - 100,
        "votedUsed": 0,
        "feeBps": 0,
        "number": 1,
        "giftFree": 0,
        "votedPaid": 0,
        "live": 0,
        "feeTaken": 0,
        "leadTaken": 0,
        "lessons": 0,
    }
    assert world.books() == before | {"pool": 0}
    assert escrow.counts() == (2, 0, 0)
    world.check_books()


def test_top_up_reverts_when_unknown(world, escrow, campaign):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownCampaign", unknown):
            escrow.topUp(unknown, 1, {"from": world.giver})


def test_top_up_reverts_when_ended(world, escrow, campaign):
    end = escrow.campaignOf(campaign)["endsAt"]
    clock.set_next(end - 1)
    escrow.topUp(campaign, 1, {"from": world.giver})
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowEnded", campaign, end):
        escrow.topUp(campaign, 1, {"from": world.giver})


def test_top_up_reverts_when_zero(world, escrow, campaign):
    with reverts(escrow, "CampaignEscrowZeroAmount"):
        escrow.topUp(campaign, 0, {"from": world.giver})


def test_top_up_is_a_gift_to_the_campaign(world, escrow, campaign):
    before, balance = world.books(), world.token.balanceOf(world.giver)
    tx = escrow.topUp(campaign, 55, {"from": world.giver})
    assert dict(tx.events["CampaignToppedUp"]) == {"campaign": campaign, "from": world.giver, "amount": 55}
    changed = {"received": 55, "held": 55}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert escrow.campaignOf(campaign)["giftFree"] == 55
    assert escrow.campaignOf(campaign)["votedUsed"] == 0
    assert world.token.balanceOf(world.giver) == balance - 55
    world.check_books()


def test_end_early_reverts_when_unknown(world, escrow):
    with reverts(escrow, "CampaignEscrowUnknownCampaign", 1):
        escrow.endEarly(1, clock.now() + 9 * DAY, {"from": world.lead})


def test_end_early_reverts_when_ended(world, escrow, campaign):
    end = escrow.campaignOf(campaign)["endsAt"]
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowEnded", campaign, end):
        escrow.endEarly(campaign, end, {"from": world.lead})


def test_end_early_reverts_when_neither_lead_nor_governance(world, escrow, campaign):
    for caller in (world.stranger, world.board, world.guardian):
        with reverts(escrow, "CampaignEscrowNotLeadNorGovernance", caller, world.lead):
            escrow.endEarly(campaign, clock.now() + 9 * DAY, {"from": caller})


def test_end_early_reverts_when_out_of_bounds(world, escrow, campaign):
    end = escrow.campaignOf(campaign)["endsAt"]
    moment = clock.set_next(clock.now() + 100)
    args = (moment + NOTICE - 1, moment + NOTICE, end)
    with reverts(escrow, "CampaignEscrowEndOutOfBounds", *args):
        escrow.endEarly(campaign, args[0], {"from": world.lead})
    moment = clock.set_next(clock.now() + 100)
    with reverts(escrow, "CampaignEscrowEndOutOfBounds", end + 1, moment + NOTICE, end):
        escrow.endEarly(campaign, end + 1, {"from": world.lead})


def test_lead_ends_early(world, escrow, campaign):
    moment = clock.set_next(clock.now() + 100)
    tx = escrow.endEarly(campaign, moment + NOTICE, {"from": world.lead})
    assert dict(tx.events["CampaignEndMoved"]) == {"campaign": campaign, "endsAt": moment + NOTICE}
    assert escrow.campaignOf(campaign)["endsAt"] == moment + NOTICE


def test_governance_ends_early(world, escrow, campaign):
    moment = clock.set_next(clock.now() + 100)
    escrow.endEarly(campaign, moment + NOTICE, {"from": world.governance})
    assert escrow.campaignOf(campaign)["endsAt"] == moment + NOTICE


def test_early_end_closes_bounties_and_spares_live_work(world, escrow, campaign, bounty, work):
    moment = clock.set_next(clock.now() + 100)
    end = moment + NOTICE
    escrow.endEarly(campaign, end, {"from": world.lead})
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowBountyClosed", bounty, end):
        world.submit(bounty)
    escrow.reclaimBounty(bounty, {"from": world.stranger})
    clock.pass_time(REVIEW - NOTICE - 200)
    world.accept_and_pay(work)
    assert world.status(work) == "Done"
    assert world.token.balanceOf(world.worker) == 1_100 * world.unit
    world.check_books()


def test_replace_lead_reverts_when_unknown(world, escrow):
    with reverts(escrow, "CampaignEscrowUnknownCampaign", 1):
        escrow.replaceLead(1, world.other, {"from": world.governance})


def test_replace_lead_reverts_when_it_cannot_be_paid(world, escrow, campaign):
    for account in (ZERO_ADDRESS, escrow, world.token):
        with reverts(escrow, "CampaignEscrowBadLead", account):
            escrow.replaceLead(campaign, account, {"from": world.governance})


def test_replaced_lead_has_no_say_and_live_work_goes_on(world, escrow, campaign, bounty, work):
    before, facts = world.books(), escrow.campaignOf(campaign).dict()
    tx = escrow.replaceLead(campaign, world.other, {"from": world.governance})
    assert dict(tx.events["LeadReplaced"]) == {
        "campaign": campaign,
        "lead": world.other,
        "former": world.lead,
        "booked": 0,
    }
    assert world.books() == before
    assert escrow.campaignOf(campaign).dict() == facts | {"lead": world.other, "formerLeads": 1}
    with reverts(escrow, "CampaignEscrowNotLead", world.lead, world.other):
        world.accept(work)
    escrow.acceptWork(work, EVIDENCE, {"from": world.other})
    assert world.status(work) == "Accepted"
