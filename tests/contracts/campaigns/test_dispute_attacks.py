"""DisputeDesk and CampaignEscrow: attacks by disputing, and on disputes. `tools/list_attacks.py` lists them.

friendly challenge
  of good work, so that nobody else can dispute it -> test_friendly_challenge_costs_half_its_bond
  of good work, without a ruling -> test_friendly_challenge_without_ruling_costs_a_tenth
  of junk, for the challenger's reward -> test_friendly_challenge_of_junk_gains_nothing
  the most that it gains: without bond and fee -> test_friendly_challenge_costs_half_a_stake_without_a_fee_too
flood of disputes
  each costs its bond, and delays nobody else -> test_flood_of_disputes_costs_a_bond_each
circular disputes for points
  nothing but paid work earns points -> test_circular_disputes_earn_no_points
self-dealing lead
  one challenger is enough -> test_self_dealing_lead_loses_to_one_challenger
squatted slots
  by disputing every rejection: two bonds a slot -> test_squatted_slots_cost_two_bonds_each
sleepy lead
  good work is paid without it -> test_sleepy_lead_does_not_stop_payment
  junk is not -> test_sleepy_lead_does_not_pay_junk
copied evidence
  is a submission that its lead rejects and a dispute that it loses -> test_copied_evidence_loses
lessons of nothing
  lose the whole fee to a challenge -> test_lessons_of_nothing_lose_the_fee
  of a campaign that paid nothing -> test_lessons_of_a_campaign_without_work_gain_nothing
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import ARBITRATION, BETTER, CHALLENGE, DAY, REVIEW, STATUS, digest, end, worth
from tests.support.governance import WAD
from tests.support.jury import COMMIT_SECONDS, commit, decide, judged, salt
from tests.support.reverts import reverts

attack = pytest.mark.attack
pytestmark = pytest.mark.usefixtures("jury")

# ── challenges among friends ────────────────────────────────────────────────────────────────────


@attack("friendly-challenge")
def test_friendly_challenge_costs_half_its_bond(world, escrow, jury, bounty):
    friends = (world.worker, world.stranger)
    before = worth(world, *friends)
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    args = (work, STATUS.index("Disputed"))
    with reverts(escrow, "CampaignEscrowWrongStatus", *args):
        world.dispute(work, by=world.other)
    # Whoever has something to say still says it, and the jury hears it.
    world.desk.submitEvidence(work, BETTER, {"from": world.other})
    judged(world, jury, 1)
    end(world, work)
    assert worth(world, *friends) == before + (100 - 5) * world.unit


@attack("friendly-challenge")
def test_friendly_challenge_without_ruling_costs_a_tenth(world, jury, bounty):
    friends = (world.worker, world.stranger)
    before = worth(world, *friends)
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    clock.pass_time(ARBITRATION)
    end(world, work)
    assert worth(world, *friends) == before + 100 * world.unit - world.unit


@attack("friendly-challenge")
def test_friendly_challenge_of_junk_gains_nothing(world, escrow, jury, campaign, bounty):
    """The lead, the worker and the challenger are one; the jury says that it is junk."""
    friends = (world.worker, world.stranger, world.lead)
    before = worth(world, *friends)
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2)
    end(world, work)
    assert worth(world, *friends) == before + (5 - 10) * world.unit  # and a tenth of the fee
    assert escrow.campaignOf(campaign)["feeTaken"] == 10 * world.unit


@attack("friendly-challenge")
def test_friendly_challenge_costs_half_a_stake_without_a_fee_too(world, jury):
    """A lead that asks for the least bond and no fee has it cheapest: docs/threat-model.md."""
    friends = (world.worker, world.stranger, world.lead)
    before = worth(world, *friends)
    work = world.submit(world.post(world.fund(feeBps=0), bond=0))
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2)
    end(world, work)
    assert worth(world, *friends) == before - 5 * world.unit


# ── floods and circles ──────────────────────────────────────────────────────────────────────────


@attack("flood-of-disputes")
def test_flood_of_disputes_costs_a_bond_each(world, desk, jury, campaign):
    bounty = world.post(campaign, reward=10 * world.unit, bond=world.unit, slots=9)
    honest = world.submit(bounty, by=world.giver)
    world.reject(honest)
    flood = [world.submit(bounty) for _ in range(8)]
    for work in flood:
        world.reject(work)
    before = worth(world, world.worker)
    until = world.dispute(honest, by=world.giver).timestamp + ARBITRATION
    for work in flood:
        world.dispute(work)
    assert before - worth(world, world.worker) == 8 * world.unit
    # Jurors decide the one they care for; it is not delayed.
    assert desk.disputeOf(honest)["until"] == until
    decide(jury, 1, {world.other: 1, world.board: 1})
    end(world, honest)
    assert world.status(honest) == "Done"
    clock.reach(until + DAY)
    world.release(*flood)
    # Without a ruling each returns its worker's bond, and its own less a tenth.
    assert before - worth(world, world.worker) == 8 * world.unit // 10 - 8 * world.unit
    world.check_books()


@attack("circular-disputes-for-points")
def test_circular_disputes_earn_no_points(world, escrow, desk, jury, campaign):
    """Three friends submit, challenge and judge one another; only voted money paid earns points."""
    escrow.topUp(campaign, 300 * world.unit, {"from": world.giver})
    gifts = world.post(campaign, reward=50 * world.unit, bond=0, slots=3, isGift=True)
    friends = (world.other, world.giver, world.board)
    works = [world.submit(gifts, by=friend) for friend in friends]
    for work in works:
        world.accept(work)
    for work, challenger in zip(works, (*friends[1:], friends[0]), strict=True):
        world.dispute(work, by=challenger)
    judges = (friends[2], friends[0], friends[1])
    for dispute, judge in enumerate(judges, 1):
        jury.commit(dispute, jury.commitmentFor(dispute, judge, 1, salt(1)), {"from": judge})
    clock.pass_time(COMMIT_SECONDS)
    for dispute, judge in enumerate(judges, 1):
        jury.reveal(dispute, judge, 1, salt(1), {"from": judge})
    clock.reach(max(jury.windowsOf(dispute)[1] for dispute in (1, 2, 3)))
    for dispute, judge in enumerate(judges, 1):
        jury.executeRuling(dispute, {"from": judge})
    world.pay(*works)
    for work, judge in zip(works, judges, strict=True):
        desk.payJurors(work, [judge], {"from": world.stranger})
    assert [world.points(friend) for friend in friends] == [0, 0, 0]
    assert world.reputation.totalPoints() == 0
    # Of voted money the reward earns points; what a dispute brings does not.
    work = world.submit(world.post(campaign))
    world.reject(work)
    world.dispute(work)
    judged(world, jury, 1)
    end(world, work)
    assert world.points(world.worker) == 100 * WAD
    world.check_books()


# ── leads ───────────────────────────────────────────────────────────────────────────────────────


@attack("self-dealing-lead")
def test_self_dealing_lead_loses_to_one_challenger(world, escrow, jury, campaign, bounty):
    friends = (world.lead, world.worker)
    before, challenger = worth(world, *friends), worth(world, world.stranger)
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2)
    end(world, work)
    assert worth(world, *friends) == before - 10 * world.unit
    assert worth(world, world.stranger) == challenger + 5 * world.unit
    assert escrow.campaignOf(campaign)["feeTaken"] == 10 * world.unit


@attack("squatted-slots")
def test_squatted_slots_cost_two_bonds_each(world, escrow, jury, bounty):
    before = worth(world, world.stranger)
    squats = [world.submit(bounty, by=world.stranger) for _ in range(2)]
    with reverts(escrow, "CampaignEscrowNoFreeSlot", bounty):
        world.submit(bounty)
    for dispute, squat in enumerate(squats, 1):
        world.reject(squat)
        world.dispute(squat, by=world.stranger)
        commit(jury, world.other, 2, 1, dispute=dispute)
    clock.pass_time(COMMIT_SECONDS)
    for dispute in (1, 2):
        jury.reveal(dispute, world.other, 2, salt(1), {"from": world.other})
    clock.mine_at(jury.windowsOf(2)[1])
    for dispute, squat in enumerate(squats, 1):
        jury.executeRuling(dispute, {"from": world.stranger})
        end(world, squat)
    assert before - worth(world, world.stranger) == 2 * (10 + 10) * world.unit
    assert escrow.bountyOf(bounty)["freeSlots"] == 2
    world.accept_and_pay(world.submit(bounty))
    world.check_books()


@attack("sleepy-lead")
def test_sleepy_lead_does_not_stop_payment(world, bounty):
    before = worth(world, world.worker)
    work = world.submit(bounty)
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(work)
    assert worth(world, world.worker) == before + 100 * world.unit


@attack("sleepy-lead")
def test_sleepy_lead_does_not_pay_junk(world, escrow, jury, bounty):
    before = worth(world, world.worker)
    work = world.submit(bounty)
    clock.pass_time(REVIEW + CHALLENGE - DAY)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2)
    end(world, work)
    assert worth(world, world.worker) == before - 10 * world.unit
    assert escrow.campaignOf(1)["feeTaken"] == 10 * world.unit


# ── evidence and lessons ────────────────────────────────────────────────────────────────────────


@attack("copied-evidence")
def test_copied_evidence_loses(world, jury, bounty):
    """The chain cannot know who made it; it takes the copy, with a bond, beside the original."""
    mine = digest("evidence that names its worker")
    before, thief = worth(world, world.worker), worth(world, world.stranger)
    copy = world.submit(bounty, by=world.stranger, evidence=mine)  # seen in the mempool, and first
    work = world.submit(bounty, evidence=mine)
    world.accept(work, evidence=mine)
    world.reject(copy, evidence=mine)
    world.dispute(copy, by=world.stranger)
    judged(world, jury, 2)
    world.pay(work)
    end(world, copy)
    assert worth(world, world.worker) == before + 100 * world.unit
    assert worth(world, world.stranger) == thief - 20 * world.unit


@pytest.fixture
def lessons(world, escrow, campaign, bounty):
    """Lessons of a campaign that paid 100 of 900: a ninth of the fee."""
    world.accept_and_pay(world.submit(bounty))
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    tx = world.file_lessons(campaign, lessons=digest("nothing"))
    return tx.events["LessonsFiled"]["submission"]


@attack("lessons-of-nothing")
def test_lessons_of_nothing_lose_the_fee(world, escrow, jury, lessons):
    earned = 100 * world.unit // 9
    bond = -(-earned // 10)
    before, pool = worth(world, world.lead), escrow.poolFree()
    challenger = worth(world, world.other)
    world.dispute(lessons, by=world.other)
    decide(jury, 1, {world.giver: 2})
    end(world, lessons)
    assert worth(world, world.lead) == before
    assert worth(world, world.other) == challenger + bond - bond // 2
    assert escrow.poolFree() == pool + earned
    assert world.points(world.lead) == 0
    with reverts(escrow, "CampaignEscrowLessonsFiled", 1):
        world.file_lessons(1)
    world.check_books()


@attack("lessons-of-nothing")
def test_lessons_of_a_campaign_without_work_gain_nothing(world, escrow, desk, jury, campaign):
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    world.file_lessons(campaign)
    before = worth(world, world.lead)
    assert desk.priceOf(1) == (0, 0)
    with reverts(escrow, "CampaignEscrowNothingAtStake", 1):
        world.dispute(1, by=world.other)
    clock.pass_time(CHALLENGE)
    end(world, 1)
    assert worth(world, world.lead) == before
    assert world.points(world.lead) == 0
    world.check_books()
