"""CampaignEscrow: payments, releases, credits.

payWork
  when none of the list is payable -> test_pay_reverts_when_nothing_is_payable
  when the list is empty -> test_pay_reverts_when_the_list_is_empty
  when one worker is paid
    from voted money -> test_pay_sends_reward_bond_and_points
    from top-ups, without points -> test_pay_from_top_ups_earns_no_points
  when several payees are paid
    shares add up to the unit -> test_pay_cuts_shares_to_the_unit
    any shares agree with the model -> test_shares_agree_with_the_model
    a share of nothing is passed over -> test_pay_passes_over_a_share_of_nothing
  when a batch holds others
    other and doubled ids are passed over -> test_pay_passes_over_what_is_not_payable
    every payable one is paid, by anyone -> test_pay_pays_a_whole_batch
  given a payee that the token refuses
    the share becomes a credit -> test_blocked_payee_gets_a_credit_and_others_are_paid
    the bond becomes a credit too -> test_blocked_worker_gets_bond_and_reward_as_credit
  given an award that fails
    the payment goes on -> test_failed_award_is_an_event
  given a replaced lead -> test_pay_does_not_ask_the_lead
releaseWork
  when none of the list is void -> test_release_reverts_when_nothing_is_void
  when the bounty is open
    the slot is free again -> test_release_frees_the_slot
  when the bounty is closed
    the money is free, or the pool's -> test_release_after_the_end_feeds_the_pool
  when a batch holds others -> test_release_passes_over_what_is_not_void
deliver
  when the caller is not the escrow -> test_deliver_reverts_when_not_the_escrow
withdrawCredit
  when there is no credit -> test_withdraw_credit_reverts_without_credit
  when it would go to zero, escrow or token -> test_withdraw_credit_reverts_to_who_cannot_be_paid
  when the token refuses the receiver -> test_withdraw_credit_reverts_when_the_receiver_is_blocked
  when all is well
    voted money earns points then -> test_withdraw_credit_pays_elsewhere_and_awards_then
    two credits are one -> test_credits_of_one_account_add_up
expireCredit
  when there is no credit -> test_expire_credit_reverts_without_credit
  when a year has not passed -> test_expire_credit_reverts_before_a_year
  when a year has passed -> test_expired_credit_feeds_the_pool
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import ANSWER, AWARDER, CHALLENGE, DAY, REVIEW, STATUS
from tests.support.models.escrow_facts import shares
from tests.support.reverts import reverts

YEAR = 365 * DAY
WAD = 10**18
MAX_REWARD = 800 * 10**6


def changed(before, **changes):
    return {key: value + changes.get(key, 0) for key, value in before.items()}


@pytest.fixture
def payable(world, work):
    """An accepted submission whose challenge window is over."""
    world.accept(work)
    clock.pass_time(CHALLENGE)
    return work


@pytest.fixture
def credited(world, payable):
    """The worker was blocked when paid: a credit of reward and bond, the worker still blocked."""
    world.token.setBlocked(world.worker, True, {"from": world.governance})
    world.pay(payable)
    return world.worker


def test_pay_reverts_when_nothing_is_payable(world, escrow, bounty, work):
    args = (work, STATUS.index("Review"))
    with reverts(escrow, "CampaignEscrowNothingDue", *args):
        world.pay(work)
    world.accept(work)
    since = escrow.submissionOf(work)["since"]
    clock.set_next(since + CHALLENGE - 1)
    args = (work, STATUS.index("Accepted"))
    with reverts(escrow, "CampaignEscrowNothingDue", *args):
        world.pay(work)
    with reverts(escrow, "CampaignEscrowNothingDue", 9, 0):
        world.pay(9, 8)


def test_pay_reverts_when_the_list_is_empty(world, escrow, work):
    with reverts(escrow, "CampaignEscrowNothingDue", 0, 0):
        world.pay()


def test_pay_sends_reward_bond_and_points(world, escrow, campaign, payable):
    before, balance = world.books(), world.token.balanceOf(world.worker)
    tx = world.pay(payable)
    reward, bond = 100 * world.unit, 10 * world.unit
    where = {"submission": payable, "campaign": campaign}
    assert dict(tx.events["WorkPaid"]) == where | {"reward": reward}
    assert dict(tx.events["PayeePaid"]) == where | {"payee": world.worker, "amount": reward}
    assert dict(tx.events["BondPaid"]) == {"submission": payable, "to": world.worker, "amount": bond}
    assert tx.events["PointsAwarded"]["account"] == world.worker
    assert tx.events["PointsAwarded"]["pointsWad"] == 100 * WAD
    assert world.books() == changed(before, paid=reward, held=-reward, bondsPaid=bond, bondsHeld=-bond)
    assert world.token.balanceOf(world.worker) == balance + reward + bond
    assert world.status(payable) == "Done"
    facts = escrow.campaignOf(campaign)
    assert (facts["live"], facts["votedPaid"]) == (0, reward)
    world.check_books()


def test_pay_from_top_ups_earns_no_points(world, escrow, campaign):
    escrow.topUp(campaign, 200 * world.unit, {"from": world.giver})
    work = world.submit(world.post(campaign, isGift=True))
    tx = world.accept_and_pay(work)
    assert dict(tx.events["PayeePaid"])["amount"] == 100 * world.unit
    assert "PointsAwarded" not in tx.events
    assert "AwardFailed" not in tx.events
    assert world.points(world.worker) == 0
    assert escrow.campaignOf(campaign)["votedPaid"] == 0
    world.check_books()


def test_pay_cuts_shares_to_the_unit(world, escrow, campaign):
    bounty = world.post(campaign, reward=101, bond=11)
    payees = [(world.worker, 3_333), (world.other, 3_333), (world.stranger, 3_334)]
    before = [world.token.balanceOf(account) for account, _ in payees]
    work = world.submit(bounty, payees=payees)
    tx = world.accept_and_pay(work)
    after = [world.token.balanceOf(account) for account, _ in payees]
    gained = [b - a for a, b in zip(before, after, strict=True)]
    assert gained == [33, 34, 34]  # the bond went out and came back
    assert [event["amount"] for event in tx.events["PayeePaid"]] == [33, 34, 34]
    assert world.points(world.other) == 34 * 10**12
    world.check_books()


@given(
    reward=st.integers(1, MAX_REWARD),
    cuts=st.lists(st.integers(1, 9_999), min_size=0, max_size=7, unique=True).map(sorted),
)
def test_shares_agree_with_the_model(world, escrow, campaign, reward, cuts):
    bps = [end - start for start, end in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    bounty = world.post(campaign, reward=reward, bond=0, slots=1)
    payees = [(account, share) for account, share in zip(world.people[1:9], bps, strict=False)]
    payees = [(world.giver if a == world.lead else a, share) for a, share in payees]
    tx = world.accept_and_pay(world.submit(bounty, payees=payees))
    expected = [amount for amount in shares(reward, bps) if amount]
    assert [event["amount"] for event in tx.events["PayeePaid"]] == expected
    assert sum(expected) == reward


def test_pay_passes_over_a_share_of_nothing(world, campaign):
    bounty = world.post(campaign, reward=5, bond=0, slots=1)
    work = world.submit(bounty, payees=[(world.other, 1), (world.worker, 9_999), (world.giver, 0)])
    tx = world.accept_and_pay(work)
    assert [(e["payee"], e["amount"]) for e in tx.events["PayeePaid"]] == [(world.worker, 5)]
    world.check_books()


def test_pay_passes_over_what_is_not_payable(world, campaign):
    bounty = world.post(campaign, slots=4)
    first, second, third, fourth = (world.submit(bounty) for _ in range(4))
    for work in (first, second, third):
        world.accept(work)
    clock.pass_time(CHALLENGE)
    world.pay(first)  # somebody was faster
    balance = world.token.balanceOf(world.worker)
    tx = world.pay(99, first, second, 0, second, fourth, third, third)
    assert [event["submission"] for event in tx.events["WorkPaid"]] == [second, third]
    assert world.token.balanceOf(world.worker) == balance + 220 * world.unit
    assert world.status(fourth) == "Review"
    world.check_books()


def test_pay_pays_a_whole_batch(world, campaign):
    bounty = world.post(campaign, reward=world.unit, bond=0, slots=25)
    works = [world.submit(bounty, by=[world.worker, world.other][i % 2]) for i in range(25)]
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(*works, by=world.giver)
    assert {world.status(work) for work in works} == {"Done"}
    assert world.points(world.worker) == 13 * WAD
    assert world.points(world.other) == 12 * WAD
    world.check_books()


def test_blocked_payee_gets_a_credit_and_others_are_paid(world, escrow, campaign, bounty):
    work = world.submit(bounty, payees=[(world.other, 2_500), (world.worker, 7_500)])
    world.token.setBlocked(world.other, True, {"from": world.governance})
    before, balance = world.books(), world.token.balanceOf(world.worker)
    tx = world.accept_and_pay(work)
    owed, bond = 25 * world.unit, 10 * world.unit
    assert dict(tx.events["PayeeCredited"]) == {
        "campaign": campaign,
        "submission": work,
        "payee": world.other,
        "amount": owed,
    }
    assert escrow.creditOf(world.other) == (owed, owed, tx.timestamp)
    assert world.token.balanceOf(world.worker) == balance + 3 * owed + bond
    assert world.books() == changed(before, paid=3 * owed, held=-3 * owed, bondsPaid=bond, bondsHeld=-bond)
    assert world.points(world.other) == 0
    assert escrow.campaignOf(campaign)["votedPaid"] == 4 * owed
    world.check_books()


def test_blocked_worker_gets_bond_and_reward_as_credit(world, escrow, payable):
    before = world.books()
    world.token.setBlocked(world.worker, True, {"from": world.governance})
    tx = world.pay(payable)
    reward, bond = 100 * world.unit, 10 * world.unit
    assert dict(tx.events["BondCredited"]) == {"submission": payable, "to": world.worker, "amount": bond}
    assert escrow.creditOf(world.worker) == (reward + bond, reward, tx.timestamp)
    assert world.books() == changed(before, received=bond, held=bond, bondsReceived=-bond, bondsHeld=-bond)
    world.check_books()


def test_failed_award_is_an_event(world, escrow, payable):
    world.manager.revokeRole(AWARDER, escrow, {"from": world.governance})
    balance = world.token.balanceOf(world.worker)
    tx = world.pay(payable)
    assert dict(tx.events["AwardFailed"]) == {"account": world.worker, "pointsWad": 100 * WAD}
    assert world.token.balanceOf(world.worker) == balance + 110 * world.unit
    world.check_books()


def test_pay_does_not_ask_the_lead(world, escrow, campaign, payable):
    escrow.replaceLead(campaign, world.other, {"from": world.governance})
    world.pay(payable)
    assert world.status(payable) == "Done"


def test_release_reverts_when_nothing_is_void(world, escrow, work):
    args = (work, STATUS.index("Review"))
    with reverts(escrow, "CampaignEscrowNothingDue", *args):
        escrow.releaseWork([work], {"from": world.stranger})
    with reverts(escrow, "CampaignEscrowNothingDue", 0, 0):
        escrow.releaseWork([], {"from": world.stranger})


def test_release_frees_the_slot(world, escrow, campaign, bounty, work):
    world.reject(work)
    clock.pass_time(ANSWER)
    before = world.books()
    tx = escrow.releaseWork([work], {"from": world.stranger})
    bond = 10 * world.unit
    assert dict(tx.events["WorkReleased"]) == {"submission": work, "campaign": campaign, "reward": 100 * world.unit}
    assert dict(tx.events["BondForfeited"]) == {"submission": work, "amount": bond}
    assert world.books() == changed(before, received=bond, held=bond, pool=bond, bondsReceived=-bond, bondsHeld=-bond)
    assert escrow.bountyOf(bounty)["freeSlots"] == 2
    assert escrow.campaignOf(campaign)["live"] == 0
    assert world.status(work) == "Done"
    world.check_books()


@pytest.mark.parametrize("is_gift", [False, True])
def test_release_after_the_end_feeds_the_pool(world, escrow, campaign, is_gift):
    escrow.topUp(campaign, 100 * world.unit, {"from": world.giver})
    end = escrow.campaignOf(campaign)["endsAt"]
    bounty = world.post(campaign, submitBy=end, isGift=is_gift, slots=1)
    clock.set_next(end - 1)
    work = world.submit(bounty)
    world.reject(work)
    clock.pass_time(ANSWER)
    pool = world.books()["pool"]
    escrow.releaseWork([work], {"from": world.stranger})
    assert world.books()["pool"] == pool + 110 * world.unit
    assert escrow.bountyOf(bounty)["freeSlots"] == 0
    world.check_books()


def test_release_passes_over_what_is_not_void(world, escrow, bounty, work):
    second = world.submit(bounty, by=world.other)
    world.reject(work)
    clock.pass_time(ANSWER)
    tx = escrow.releaseWork([second, 99, work, work], {"from": world.stranger})
    assert [event["submission"] for event in tx.events["WorkReleased"]] == [work]
    assert world.status(second) == "Review"
    world.check_books()


def test_deliver_reverts_when_not_the_escrow(world, escrow):
    for caller in (world.governance, world.lead, world.board, world.guardian):
        with reverts(escrow, "CampaignEscrowNotSelf", caller):
            escrow.deliver(caller, 1, {"from": caller})


def test_withdraw_credit_reverts_without_credit(world, escrow, work):
    with reverts(escrow, "CampaignEscrowNoCredit", world.worker):
        escrow.withdrawCredit(world.worker, {"from": world.worker})


def test_withdraw_credit_reverts_to_who_cannot_be_paid(world, escrow, credited):
    for account in (ZERO_ADDRESS, escrow, world.token):
        with reverts(escrow, "CampaignEscrowBadPayee", account):
            escrow.withdrawCredit(account, {"from": credited})


def test_withdraw_credit_reverts_when_the_receiver_is_blocked(world, escrow, credited):
    with reverts(world.token, "StablecoinBlocked", credited):
        escrow.withdrawCredit(credited, {"from": credited})
    assert escrow.creditOf(credited)["amount"] == 110 * world.unit


def test_withdraw_credit_pays_elsewhere_and_awards_then(world, escrow, credited):
    before, balance = world.books(), world.token.balanceOf(world.other)
    tx = escrow.withdrawCredit(world.other, {"from": credited})
    amount = 110 * world.unit
    assert dict(tx.events["CreditWithdrawn"]) == {"account": credited, "to": world.other, "amount": amount}
    assert world.books() == changed(before, paid=amount, held=-amount)
    assert world.token.balanceOf(world.other) == balance + amount
    assert escrow.creditOf(credited) == (0, 0, 0)
    assert world.points(credited) == 100 * WAD
    assert world.points(world.other) == 0
    with reverts(escrow, "CampaignEscrowNoCredit", credited):
        escrow.withdrawCredit(world.other, {"from": credited})
    world.check_books()


def test_credits_of_one_account_add_up(world, escrow, bounty, credited):
    first = escrow.creditOf(credited)["since"]
    shared = world.submit(bounty, by=world.other, payees=[(credited, 10_000)])
    world.accept_and_pay(shared)
    credit = escrow.creditOf(credited)
    assert (credit["amount"], credit["voted"]) == (210 * world.unit, 200 * world.unit)
    assert credit["since"] > first
    escrow.withdrawCredit(world.other, {"from": credited})
    assert world.points(credited) == 200 * WAD
    world.check_books()


def test_expire_credit_reverts_without_credit(world, escrow, work):
    with reverts(escrow, "CampaignEscrowNoCredit", world.worker):
        escrow.expireCredit(world.worker, {"from": world.stranger})


def test_expire_credit_reverts_before_a_year(world, escrow, credited):
    end = escrow.creditOf(credited)["since"] + YEAR
    clock.set_next(end - 1)
    with reverts(escrow, "CampaignEscrowCreditAlive", credited, end):
        escrow.expireCredit(credited, {"from": world.stranger})


def test_expired_credit_feeds_the_pool(world, escrow, credited):
    before = world.books()
    clock.set_next(escrow.creditOf(credited)["since"] + YEAR)
    tx = escrow.expireCredit(credited, {"from": world.stranger})
    amount = 110 * world.unit
    assert dict(tx.events["CreditExpired"]) == {"account": credited, "amount": amount}
    assert world.books() == changed(before, pool=amount)
    assert escrow.creditOf(credited) == (0, 0, 0)
    assert world.points(credited) == 0
    world.check_books()
