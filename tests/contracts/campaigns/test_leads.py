"""CampaignEscrow: who leads, and whose the fee is.

replaceLead
  when the account cannot lead, or leads already -> test_replace_reverts_when_it_cannot_lead
  when it has live work in the campaign -> test_replace_reverts_while_the_account_has_live_work
  when the campaign has had its leads -> test_replace_reverts_after_eight_leads
  when all is well
    what was earned so far is booked -> test_outgoing_lead_keeps_what_was_earned
  given the fee is settled
    nothing is booked any more -> test_replace_after_the_lessons_books_nothing
the fee
  given several leads
    it is shared by what was paid in their stints, to the unit -> test_stints_add_up_to_the_whole_fee
  given one lead in two stints -> test_lead_that_comes_back_is_paid_for_both_stints
  given a lost dispute
    about a former lead's verdict: it pays, whoever leads now -> test_lost_dispute_costs_who_gave_the_verdict
    about silence: who led when the review ended pays -> test_lost_dispute_about_silence_costs_who_was_silent
    of a lead that earned nothing yet: its successor's share is whole -> test_successor_pays_for_nothing_of_the_former
  given no lessons
    former leads are paid all the same, at the closing -> test_former_leads_are_paid_at_the_closing
  given a former lead that is blocked -> test_blocked_former_lead_gets_a_credit
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS, accounts
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import CHALLENGE, EVIDENCE, LIFE, REVIEW
from tests.support.reverts import reverts

WAD = 10**18
MAX_LEADS = 8


def replace(world, campaign, lead):
    return world.escrow.replaceLead(campaign, lead, {"from": world.governance})


def pay(world, campaign, reward, lead=None, by=None):
    """Post, do and pay work of this reward."""
    lead = lead or world.lead
    work = world.submit(world.post(campaign, by=lead, reward=reward, bond=0, slots=1), by=by)
    world.escrow.acceptWork(work, EVIDENCE, {"from": lead})
    clock.pass_time(CHALLENGE)
    world.pay(work)


def stints(world, campaign):
    return [tuple(stint) for stint in world.escrow.stintsOf(campaign)]


# ── replaceLead ─────────────────────────────────────────────────────────────────────────────────


def test_replace_reverts_when_it_cannot_lead(world, escrow, campaign):
    for account in (ZERO_ADDRESS, escrow, world.token, world.lead):
        with reverts(escrow, "CampaignEscrowBadLead", account):
            replace(world, campaign, account)


def test_replace_reverts_while_the_account_has_live_work(world, escrow, campaign, bounty, work):
    world.submit(bounty)
    with reverts(escrow, "CampaignEscrowLeadHasWork", world.worker, 2):
        replace(world, campaign, world.worker)
    replace(world, world.fund(), world.worker)  # in another campaign
    for live in (2, 1):
        with reverts(escrow, "CampaignEscrowLeadHasWork", world.worker, live):
            replace(world, campaign, world.worker)
        escrow.withdrawWork(live, {"from": world.worker})
    replace(world, campaign, world.worker)
    assert escrow.campaignOf(campaign)["lead"] == world.worker


def test_replace_reverts_after_eight_leads(world, escrow, campaign):
    for number in range(MAX_LEADS - 1):
        replace(world, campaign, accounts[10 + number])
    assert escrow.campaignOf(campaign)["formerLeads"] == MAX_LEADS - 1
    with reverts(escrow, "CampaignEscrowTooManyLeads", campaign, MAX_LEADS):
        replace(world, campaign, world.giver)


def test_outgoing_lead_keeps_what_was_earned(world, escrow, campaign):
    pay(world, campaign, 450 * world.unit)  # half of all there is, so half of 100
    tx = replace(world, campaign, world.giver)
    assert tx.events["LeadReplaced"]["booked"] == 50 * world.unit
    assert stints(world, campaign) == [(world.lead, tx.timestamp, 50 * world.unit, 50 * world.unit)]
    world.check_books()


def test_replace_after_the_lessons_books_nothing(world, escrow, campaign):
    pay(world, campaign, 450 * world.unit)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = world.file_lessons(campaign).events["LessonsFiled"]["submission"]
    assert replace(world, campaign, world.giver).events["LeadReplaced"]["booked"] == 0
    before = world.token.balanceOf(world.lead)
    clock.pass_time(CHALLENGE)
    world.pay(lessons)  # who filed them is paid
    assert world.token.balanceOf(world.lead) == before + 55 * world.unit
    world.check_books()


# ── the fee ─────────────────────────────────────────────────────────────────────────────────────


@given(fee_bps=st.integers(1, 3_000), rewards=st.lists(st.integers(0, 250 * 10**6), min_size=2, max_size=4))
def test_stints_add_up_to_the_whole_fee(world, escrow, fee_bps, rewards):
    campaign = world.fund(ask=10**9 + 7, feeBps=fee_bps)
    fee = (10**9 + 7) * fee_bps // 10_000
    whole = 10**9 + 7 - fee
    leads = [world.lead, *(accounts[10 + number] for number in range(len(rewards) - 1))]
    done, shares = 0, []
    for number, (lead, asked) in enumerate(zip(leads, rewards, strict=True)):
        reward = min(asked, whole - done)
        if number:
            replace(world, campaign, lead)
        if reward:
            pay(world, campaign, reward, lead)
        shares.append(fee * (done + reward) // whole - fee * done // whole)
        done += reward
    world.mint(leads[-1], 10**9)
    before = [world.token.balanceOf(lead) for lead in leads]
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = world.file_lessons(campaign, by=leads[-1]).events["LessonsFiled"]["submission"]
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    got = [world.token.balanceOf(lead) - had for lead, had in zip(leads, before, strict=True)]
    assert got == shares
    assert sum(shares) == fee * done // whole
    assert [stint[2] for stint in stints(world, campaign)] == [0] * (len(leads) - 1)
    world.check_books()


def test_lead_that_comes_back_is_paid_for_both_stints(world, escrow, campaign):
    pay(world, campaign, 180 * world.unit)
    replace(world, campaign, world.giver)
    pay(world, campaign, 360 * world.unit, world.giver)
    replace(world, campaign, world.lead)
    pay(world, campaign, 90 * world.unit)
    before = [world.token.balanceOf(lead) for lead in (world.lead, world.giver)]
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    tx = world.file_lessons(campaign)
    assert tx.events["FeeSettled"]["earned"] == 10 * world.unit
    assert [event["amount"] for event in tx.events["PayeePaid"]] == [20 * world.unit, 40 * world.unit]
    clock.pass_time(CHALLENGE)
    world.pay(tx.events["LessonsFiled"]["submission"])
    got = [world.token.balanceOf(lead) - had for lead, had in zip((world.lead, world.giver), before, strict=True)]
    assert got == [30 * world.unit, 40 * world.unit]
    assert [world.points(lead) for lead in (world.lead, world.giver)] == [30 * WAD, 40 * WAD]
    world.check_books()


@pytest.mark.parametrize("kind", ["rejection", "acceptance"])
def test_lost_dispute_costs_who_gave_the_verdict(world, escrow, arbitrator, kind):
    campaign = world.fund()
    pay(world, campaign, 450 * world.unit)
    work = world.submit(world.post(campaign))
    (world.reject if kind == "rejection" else world.accept)(work)
    replace(world, campaign, world.giver)
    world.dispute(work, upholder=world.stranger)
    arbitrator.rule(0, 1 if kind == "rejection" else 2, {"from": world.stranger})
    (world.pay if kind == "rejection" else world.release)(work)
    facts = escrow.campaignOf(campaign)
    assert (facts["feeTaken"], facts["leadTaken"]) == (10 * world.unit, 0)
    assert stints(world, campaign)[0][2:] == (40 * world.unit, 50 * world.unit)
    world.check_books()


def test_lost_dispute_about_silence_costs_who_was_silent(world, escrow, arbitrator):
    campaign = world.fund()
    pay(world, campaign, 450 * world.unit)
    replace(world, campaign, world.giver)
    work = world.submit(world.post(campaign, by=world.giver))
    clock.pass_time(REVIEW)
    replace(world, campaign, world.other)
    world.challenge(work)
    arbitrator.rule(0, 2, {"from": world.stranger})
    world.release(work)
    # The silent lead had earned nothing in its stint, so there was nothing to lose.
    assert [stint[2] for stint in stints(world, campaign)] == [50 * world.unit, 0]
    assert escrow.campaignOf(campaign)["feeTaken"] == 0
    world.check_books()


def test_successor_pays_for_nothing_of_the_former(world, escrow, arbitrator):
    """Nine verdicts of the first lead fall: 90 of 100 are lost while it leads; the next one earns in full."""
    campaign = world.fund(ask=2_000 * world.unit, feeBps=1_000)  # fee 200 of 1,800
    bounty = world.post(campaign, slots=4)
    for number in range(4):
        work = world.submit(bounty)
        world.reject(work)
        world.dispute(work)
        arbitrator.rule(number, 1, {"from": world.stranger})
        world.pay(work)
    assert escrow.campaignOf(campaign)["leadTaken"] == 40 * world.unit
    tx = replace(world, campaign, world.giver)
    assert tx.events["LeadReplaced"]["booked"] == 400 * world.unit * 200 // 1_800 - 40 * world.unit
    pay(world, campaign, 900 * world.unit, world.giver)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    tx = world.file_lessons(campaign, by=world.giver)
    assert tx.events["FeeSettled"]["earned"] == 1_300 * world.unit * 200 // 1_800 - 400 * world.unit * 200 // 1_800
    world.check_books()


def test_former_leads_are_paid_at_the_closing(world, escrow, campaign):
    pay(world, campaign, 450 * world.unit)
    replace(world, campaign, world.giver)
    pay(world, campaign, 90 * world.unit, world.giver)
    clock.reach(escrow.campaignOf(campaign)["endsAt"] + LIFE + REVIEW)
    before = world.token.balanceOf(world.lead)
    tx = escrow.closeCampaign(campaign, {"from": world.stranger})
    assert dict(tx.events["PayeePaid"]) == {
        "campaign": campaign,
        "submission": 0,
        "payee": world.lead,
        "amount": 50 * world.unit,
    }
    assert (tx.events["FeeSettled"]["earned"], tx.events["FeeSettled"]["toPool"]) == (0, 50 * world.unit)
    assert world.token.balanceOf(world.lead) == before + 50 * world.unit
    assert world.points(world.lead) == 50 * WAD
    world.check_books()


def test_blocked_former_lead_gets_a_credit(world, escrow, campaign):
    pay(world, campaign, 450 * world.unit)
    replace(world, campaign, world.giver)
    world.token.setBlocked(world.lead, True, {"from": world.governance})
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    world.file_lessons(campaign, by=world.giver)
    assert escrow.creditOf(world.lead)[:2] == (50 * world.unit, 50 * world.unit)
    world.check_books()
