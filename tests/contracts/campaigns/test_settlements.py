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
from dataclasses import dataclass

import pytest
from brownie import ZERO_ADDRESS
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock, coverage_calls
from tests.support.campaigns import ANSWER, ARBITRATION, DAY, LIFE, REVIEW, deploy_world
from tests.support.models import disputes as model
from tests.support.models.disputes import (
    CHALLENGED,
    CONTESTED,
    DOES_NOT_PAY,
    FEE,
    FREE,
    JURORS,
    NO_RULING,
    OPENER,
    PAYEES,
    PAYS,
    POOL,
    SECOND,
    STAKE,
    UPHELD,
    UPHOLDER,
    WORKER,
    WORKER_BOND,
    bond_of,
    total,
)
from tests.support.models.escrow import shares
from tests.support.reverts import reverts

RULED = tuple(itertools.product((UPHELD, CHALLENGED), (NO_RULING, PAYS, DOES_NOT_PAY)))
ENDS = ((CONTESTED, NO_RULING), *RULED)
MAX_REWARD, MAX_ASK = 300 * 10**6, 1_000 * 10**6

pytestmark = pytest.mark.usefixtures("arbitrator")


@dataclass
class Case:
    """A contested or disputed submission that is about to end."""

    work: int
    opener: object
    kind: str
    ruling: int
    has_jurors: bool
    upholder: object = ZERO_ADDRESS


def bring(world, arbitrator, work, end, has_jurors):
    """Contest or challenge a submission in review (or lessons), and bring that to this end.

    The worker contests, a giver upholds, a stranger challenges; "other" is the juror.
    """
    kind, ruling = end
    opener = world.stranger if kind == CHALLENGED else world.worker
    if world.status(work) == "Review":
        (world.accept if kind == CHALLENGED else world.reject)(work)
    if kind == CONTESTED:
        world.contest(work)
        clock.pass_time(ANSWER)
        return Case(work, opener, kind, ruling, has_jurors=False)
    tx = world.dispute(work, by=opener, upholder=world.giver)
    number = tx.events["DisputeOpened"]["disputeID"]
    if has_jurors:
        arbitrator.setShares(number, [world.other], [7], {"from": world.stranger})
    if ruling == NO_RULING:
        clock.pass_time(ARBITRATION)
    else:
        arbitrator.rule(number, ruling, {"from": world.stranger})
    return Case(work, opener, kind, ruling, has_jurors, world.giver if kind == UPHELD else ZERO_ADDRESS)


def start(world, **facts):
    """A submission in review of a fresh campaign: w 101, wb 17, b 11, F 101 unless told otherwise.

    Args:
        ask, fee_bps: Of the campaign.
        anything else: Of the bounty.
    """
    campaign = world.fund(ask=facts.pop("ask", 1_010), feeBps=facts.pop("fee_bps", 1_000))
    payees = facts.pop("payees", ())
    if facts.get("isGift"):
        world.escrow.topUp(campaign, facts.get("reward", 101), {"from": world.giver})
    facts = {"reward": 101, "bond": 17, "slots": 1} | facts
    return world.submit(world.post(campaign, **facts), payees=payees)


def flows_of(world, case):
    """What the model says of a case."""
    work = world.escrow.submissionOf(case.work)
    bounty = world.escrow.bountyOf(work["bounty"])
    campaign = world.escrow.campaignOf(bounty["campaign"])
    fee = campaign["ask"] * campaign["feeBps"] // 10_000 - campaign["feeTaken"]
    return model.flows(
        case.kind,
        case.ruling,
        bounty["reward"],
        bounty["bond"],
        world.desk.disputeOf(case.work)["bond"],
        0 if campaign["isFeeSettled"] else fee,
        case.has_jurors,
    )


@coverage_calls.untraced()
def holdings(world, accounts):
    """Balance and credit of each account."""
    return {account: world.token.balanceOf(account) + world.escrow.creditOf(account)["amount"] for account in accounts}


def end_and_check(world, case):
    """End a case, and compare every unit with the model."""
    escrow, desk = world.escrow, world.desk
    row = flows_of(world, case)
    work = escrow.submissionOf(case.work)
    number, before = work["bounty"], world.books()
    bounty = escrow.bountyOf(number).dict()
    campaign = escrow.campaignOf(bounty["campaign"]).dict()
    answer = desk.termsOf(campaign["termsId"])["measures"][1]
    payees = [(p["account"], p["shareBps"]) for p in escrow.payeesOf(case.work)]
    payees = payees or [(work["worker"], 10_000)]
    had = holdings(world, {work["worker"], str(case.opener), str(case.upholder), *dict(payees)})
    is_paid = model.is_paid(case.kind, case.ruling)
    over = (False, False, 0) if case.kind == CONTESTED else (True, is_paid, case.ruling)
    assert desk.verdictOf(case.work) == over
    tx = (world.pay if is_paid else world.release)(case.work)

    # who has what
    parts = shares(total(row, to=PAYEES), [bps for _, bps in payees])
    for account, part in [
        (work["worker"], total(row, to=WORKER)),
        (str(case.opener), total(row, to=OPENER)),
        (str(case.upholder), total(row, to=UPHOLDER)),
        *zip((account for account, _ in payees), parts, strict=True),
    ]:
        had[account] += part
    assert holdings(world, had) == had

    # the pool, the pot, the campaign, the slot
    ended, free = tx.timestamp >= campaign["endsAt"], total(row, to=FREE)
    assert escrow.poolFree() == before["pool"] + total(row, to=POOL) + (free if ended else 0)
    facts = desk.disputeOf(case.work)
    assert facts["pot"] == facts["potWhole"] == total(row, to=JURORS)
    assert facts["sharesTotal"] == (7 if case.has_jurors else 0)
    assert (facts["isSettled"], facts["settledAt"]) == (True, tx.timestamp)
    after = escrow.campaignOf(bounty["campaign"]).dict()
    voted = 0 if bounty["isGift"] else total(row, to=PAYEES)
    assert after == campaign | {
        "live": campaign["live"] - 1,
        "feeTaken": campaign["feeTaken"] + total(row, source=FEE),
        "leadTaken": campaign["leadTaken"] + total(row, source=FEE),
        "votedPaid": campaign["votedPaid"] + voted,
    }
    reopened = {
        "freeSlots": bounty["freeSlots"] + 1,
        "submitBy": max(bounty["submitBy"], min(tx.timestamp + answer, campaign["endsAt"])),
    }
    assert escrow.bountyOf(number).dict() == bounty | (reopened if free and not ended else {})

    # what was told
    settled = tx.events["DisputeSettled"]
    assert settled["submission"] == case.work
    assert (settled["ruling"], settled["isPaid"]) == (case.ruling, is_paid)
    assert settled["settlement"] == (
        case.opener,
        case.upholder,
        facts["bond"],
        total(row, source=STAKE, to=OPENER),
        total(row, source=SECOND, to=UPHOLDER),
        total(row, source=WORKER_BOND, to=WORKER),
        total(row, source=FEE),
        total(row, source=WORKER_BOND, to=OPENER),
        total(row, source=STAKE, to=UPHOLDER),
        total(row, to=WORKER) - total(row, source=WORKER_BOND, to=WORKER),
        total(row, to=JURORS),
        total(row, to=POOL),
    )
    if "PayeeCredited" not in tx.events:
        awarded = sum(event["pointsWad"] for event in told(tx, "PointsAwarded"))
        assert awarded == voted * 10**9 // world.unit * 10**9  # to a billionth of a point
    return tx


def told(tx, name):
    """The events of a name; none if there were none."""
    return tx.events[name] if name in tx.events else ()  # noqa: SIM401  (no dict)


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
