"""CampaignEscrow: work that is handed in and withdrawn.

submitWork
  when the bounty is unknown -> test_submit_reverts_when_the_bounty_is_unknown
  when the bounty is for somebody else -> test_submit_reverts_when_not_the_named_worker
  when the bounty is closed -> test_submit_reverts_when_closed
  when all slots are taken -> test_submit_reverts_without_a_free_slot
  when the evidence is missing -> test_submit_reverts_without_evidence
  when the lead submits -> test_submit_reverts_when_the_lead_is_worker
  when the lead is a payee -> test_submit_reverts_when_the_lead_is_payee
  when a payee is zero, escrow or token -> test_submit_reverts_when_a_payee_cannot_be_paid
  when there are more than eight payees -> test_submit_reverts_with_too_many_payees
  when the shares do not sum to all -> test_submit_reverts_when_shares_do_not_sum
  when the bond is not there -> test_submit_reverts_without_the_bond
  when all is well
    a slot is taken and the bond booked -> test_submit_takes_a_slot_and_the_bond
    payees are kept -> test_submit_keeps_payees
    what is beyond the bond is a gift -> test_submit_gives_the_campaign_what_is_beyond_the_bond
    live work is counted by worker -> test_live_work_is_counted
withdrawWork
  when the caller is not the worker -> test_withdraw_reverts_when_not_the_worker
  when it is accepted, payable, void or done -> test_withdraw_reverts_when_too_late
  given review or rejection
    slot free, bond to the pool -> test_withdraw_frees_the_slot_and_forfeits_the_bond
    the money is free after the deadline -> test_slot_held_in_vain_is_open_for_an_answer_longer
    that is open longer anyway -> test_slot_of_a_bounty_that_is_open_longer_keeps_its_deadline
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support import clock
from tests.support.campaigns import ANSWER, CHALLENGE, EMPTY, EVIDENCE, STATUS
from tests.support.reverts import reverts


def test_submit_reverts_when_the_bounty_is_unknown(world, escrow, bounty):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownBounty", unknown):
            world.submit(unknown)


def test_submit_reverts_when_not_the_named_worker(world, escrow, campaign):
    bounty = world.post(campaign, worker=world.worker)
    with reverts(escrow, "CampaignEscrowNotNamedWorker", world.other, world.worker):
        world.submit(bounty, by=world.other)
    world.submit(bounty, by=world.worker)


def test_submit_reverts_when_closed(world, escrow, bounty):
    closes_at = escrow.bountyOf(bounty)["submitBy"]
    clock.set_next(closes_at - 1)
    world.submit(bounty)
    clock.set_next(closes_at)
    with reverts(escrow, "CampaignEscrowBountyClosed", bounty, closes_at):
        world.submit(bounty)


def test_submit_reverts_without_a_free_slot(world, escrow, bounty):
    world.submit(bounty)
    world.submit(bounty, by=world.other)
    with reverts(escrow, "CampaignEscrowNoFreeSlot", bounty):
        world.submit(bounty)


def test_submit_reverts_without_evidence(world, escrow, bounty):
    with reverts(escrow, "CampaignEscrowNoDigest"):
        world.submit(bounty, evidence=EMPTY)


def test_submit_reverts_when_the_lead_is_worker(world, escrow, bounty):
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.submit(bounty, by=world.lead)
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.submit(bounty, by=world.lead, payees=[(world.other, 10_000)])


def test_submit_reverts_when_the_lead_is_payee(world, escrow, bounty):
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.lead):
        world.submit(bounty, payees=[(world.worker, 9_999), (world.lead, 1)])


def test_submit_reverts_when_a_payee_cannot_be_paid(world, escrow, bounty):
    for account in (ZERO_ADDRESS, escrow, world.token):
        with reverts(escrow, "CampaignEscrowBadPayee", account):
            world.submit(bounty, payees=[(world.worker, 5_000), (account, 5_000)])


def test_submit_reverts_with_too_many_payees(world, escrow, bounty):
    payees = [(world.worker, 1_000)] * 9 + [(world.other, 1_000)]
    with reverts(escrow, "CampaignEscrowTooManyPayees", 10, 8):
        world.submit(bounty, payees=payees)


@pytest.mark.parametrize("shares", [[9_999], [10_000, 1], [65_535] * 8, [0]])
def test_submit_reverts_when_shares_do_not_sum(world, escrow, bounty, shares):
    with reverts(escrow, "CampaignEscrowBadShares", sum(shares), 10_000):
        world.submit(bounty, payees=[(world.worker, share) for share in shares])


def test_submit_reverts_without_the_bond(world, escrow, bounty):
    world.token.approve(escrow, 0, {"from": world.worker})
    args = (escrow, 0, 10 * world.unit)
    with reverts(world.token, "ERC20InsufficientAllowance", *args):
        world.submit(bounty)


def test_submit_takes_a_slot_and_the_bond(world, escrow, campaign, bounty):
    before, balance = world.books(), world.token.balanceOf(world.worker)
    facts = escrow.bountyOf(bounty).dict()
    tx = escrow.submitWork(bounty, EVIDENCE, [], 10 * world.unit, {"from": world.worker})
    bond = 10 * world.unit
    assert tx.return_value == 1
    assert dict(tx.events["WorkSubmitted"]) == {
        "submission": 1,
        "bounty": bounty,
        "worker": world.worker,
        "evidence": EVIDENCE,
        "payees": (),
    }
    assert dict(tx.events["BondReceived"]) == {"submission": 1, "from": world.worker, "amount": bond}
    assert escrow.submissionOf(1).dict() == {
        "worker": world.worker,
        "bounty": bounty,
        "since": tx.timestamp,
        "stage": 1,
        "payees": 0,
        "stint": 0,
        "isReworked": False,
        "evidence": EVIDENCE,
    }
    assert escrow.bountyOf(bounty).dict() == facts | {"freeSlots": 1}
    assert escrow.campaignOf(campaign)["live"] == 1
    changed = {"bondsReceived": bond, "bondsHeld": bond}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert world.token.balanceOf(world.worker) == balance - bond
    assert escrow.counts() == (1, 1, 1)
    world.check_books()


def test_submit_keeps_payees(world, escrow, bounty):
    payees = [(world.worker, 3_333), (world.other, 1), (world.worker, 6_666)]
    tx = escrow.submitWork(bounty, EVIDENCE, payees, 10 * world.unit, {"from": world.worker})
    assert tx.events["WorkSubmitted"]["payees"] == payees
    assert escrow.payeesOf(1) == payees
    assert escrow.submissionOf(1)["payees"] == 3


def test_submit_gives_the_campaign_what_is_beyond_the_bond(world, escrow, campaign, bounty):
    with reverts(escrow, "CampaignEscrowBondShort", 10 * world.unit - 1, 10 * world.unit):
        world.submit(bounty, amount=10 * world.unit - 1)
    before = world.books()
    tx = escrow.submitWork(bounty, EVIDENCE, [], 10 * world.unit + 3, {"from": world.worker})
    assert tx.events["BondReceived"]["amount"] == 10 * world.unit
    assert dict(tx.events["CampaignToppedUp"]) == {"campaign": campaign, "from": world.worker, "amount": 3}
    assert escrow.campaignOf(campaign)["giftFree"] == 3
    assert world.books()["received"] == before["received"] + 3
    world.check_books()


def test_live_work_is_counted(world, escrow, campaign, bounty, work):
    second = world.submit(bounty)
    assert escrow.liveWorkOf(campaign, world.worker) == 2
    assert escrow.liveWorkOf(campaign, world.other) == escrow.liveWorkOf(campaign + 1, world.worker) == 0
    world.accept_and_pay(work)
    escrow.withdrawWork(second, {"from": world.worker}) if world.status(second) == "Review" else world.pay(second)
    assert escrow.liveWorkOf(campaign, world.worker) == 0


def test_withdraw_reverts_when_not_the_worker(world, escrow, work):
    with reverts(escrow, "CampaignEscrowNotWorker", world.lead, world.worker):
        escrow.withdrawWork(work, {"from": world.lead})


def test_withdraw_reverts_when_too_late(world, escrow, bounty, work):
    def refused(each, by, status):
        args = (each, STATUS.index(status))
        with reverts(escrow, "CampaignEscrowWrongStatus", *args):
            escrow.withdrawWork(each, {"from": by})

    second = world.submit(bounty, by=world.other)
    world.reject(second)
    world.accept(work)
    refused(work, world.worker, "Accepted")
    clock.pass_time(CHALLENGE)
    refused(work, world.worker, "Payable")
    refused(second, world.other, "Void")
    world.pay(work)
    refused(work, world.worker, "Done")


@pytest.mark.parametrize("rejected", [False, True])
def test_withdraw_frees_the_slot_and_forfeits_the_bond(world, escrow, campaign, bounty, work, rejected):
    if rejected:
        world.reject(work)
    before, balance = world.books(), world.token.balanceOf(world.worker)
    tx = escrow.withdrawWork(work, {"from": world.worker})
    bond = 10 * world.unit
    assert dict(tx.events["WorkWithdrawn"]) == {"submission": work}
    assert dict(tx.events["BondForfeited"]) == {"submission": work, "amount": bond}
    assert dict(tx.events["WorkReleased"]) == {"submission": work, "campaign": campaign, "reward": 100 * world.unit}
    changed = {"received": bond, "held": bond, "pool": bond, "bondsReceived": -bond, "bondsHeld": -bond}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert escrow.bountyOf(bounty)["freeSlots"] == 2
    assert escrow.campaignOf(campaign)["live"] == 0
    assert world.status(work) == "Done"
    assert world.token.balanceOf(world.worker) == balance
    world.check_books()


def test_slot_held_in_vain_is_open_for_an_answer_longer(world, escrow, campaign):
    """However it ends: withdrawn, rejected; to the second, and not beyond the campaign's end."""
    end = escrow.campaignOf(campaign)["endsAt"]
    bounty = world.post(campaign, submitBy=clock.now() + 1_000, slots=1)
    for by in (world.worker, world.other):
        work = world.submit(bounty, by=by)
        clock.reach(escrow.bountyOf(bounty)["submitBy"])
        tx = escrow.withdrawWork(work, {"from": by})
        assert dict(tx.events["BountyReopened"]) == {"bounty": bounty, "submitBy": tx.timestamp + ANSWER}
        facts = escrow.bountyOf(bounty)
        assert (facts["freeSlots"], facts["submitBy"]) == (1, tx.timestamp + ANSWER)
        assert escrow.campaignOf(campaign)["votedUsed"] == 100 * world.unit
    clock.set_next(tx.timestamp + ANSWER - 1)
    work = world.submit(bounty)
    world.reject(work)
    clock.set_next(end - 5)
    assert escrow.releaseWork([work], {"from": world.stranger}).events["BountyReopened"]["submitBy"] == end
    clock.set_next(end - 1)
    last = world.submit(bounty)
    clock.set_next(end)
    with reverts(escrow, "CampaignEscrowBountyClosed", bounty, end):
        world.submit(bounty)
    pool = escrow.poolFree()
    tx = escrow.withdrawWork(last, {"from": world.worker})
    assert "BountyReopened" not in tx.events
    assert escrow.poolFree() == pool + 110 * world.unit
    world.check_books()


def test_slot_of_a_bounty_that_is_open_longer_keeps_its_deadline(world, escrow, bounty, work):
    submit_by = escrow.bountyOf(bounty)["submitBy"]
    tx = escrow.withdrawWork(work, {"from": world.worker})
    assert "BountyReopened" not in tx.events
    assert escrow.bountyOf(bounty)["submitBy"] == submit_by
