"""DisputeDesk: how work comes before an arbitrator.

challenge, contest, uphold
  when the statement is missing -> test_reverts_without_a_statement
  when the submission is unknown -> test_reverts_when_the_work_is_unknown
  when the campaign's terms name no arbitrator -> test_reverts_without_an_arbitrator
  when the native coin is not exactly the cost -> test_reverts_at_any_other_cost
  when the submission is in another status -> test_reverts_in_every_other_status
  when the stake is not allowed -> test_reverts_without_the_stake
  when less than the stake arrives -> test_reverts_when_the_stake_arrives_short
  when more arrives
    the rest is the campaign's gift, the pool's after its end -> test_what_arrives_beyond_the_stake_is_a_gift
challenge
  spoken: anyone challenges it, to the last second -> test_anyone_challenges_a_spoken_acceptance
  silent: anyone challenges it, to the last second -> test_anyone_challenges_a_silent_acceptance
  given lessons -> test_anyone_challenges_lessons
uphold
  when nothing was contested -> test_uphold_reverts_when_nothing_was_contested
  when anyone upholds it, to the last second -> test_anyone_upholds_a_contested_rejection
given an arbitrator that costs
  the cost passes through, the desk keeps nothing -> test_cost_passes_through_to_the_arbitrator
when all is well
  facts are written before the arbitrator is called -> test_facts_stand_before_the_call
the lead whose verdict it is
  given a replaced lead
    is who spoke it -> test_verdict_is_of_who_spoke_it
    is who led in the last second of a silent review -> test_silence_is_of_who_led_when_the_review_ended
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import (
    ANSWER,
    ARBITRATION,
    CHALLENGE,
    EMPTY,
    NO_DISPUTE,
    REVIEW,
    STATEMENT,
    STATUS,
    deploy_world,
    path,
)
from tests.support.reverts import reverts

pytestmark = pytest.mark.usefixtures("arbitrator")


@pytest.fixture
def three(world, campaign):
    """Work that is accepted, rejected, and contested."""
    bounty = world.post(campaign, slots=3)
    works = [world.submit(bounty) for _ in range(3)]
    world.accept(works[0])
    world.reject(works[1])
    world.reject(works[2])
    world.contest(works[2])
    return works


def acts(world):
    """Each act, with who does it when all is well."""
    return [(world.challenge, world.stranger), (world.contest, world.worker), (world.uphold, world.lead)]


# ── each of them ────────────────────────────────────────────────────────────────────────────────


def test_reverts_without_a_statement(world, desk, three):
    for (act, by), work in zip(acts(world), three, strict=True):
        with reverts(desk, "DisputeDeskNoDigest"):
            act(work, by=by, statement=EMPTY)


def test_reverts_when_the_work_is_unknown(world, escrow, desk, rejected):
    for unknown in (0, 2):
        for act in (world.challenge, world.contest):
            with reverts(escrow, "CampaignEscrowUnknownSubmission", unknown):
                act(unknown, amount=1)
        with reverts(desk, "DisputeDeskUnknownDispute", unknown):
            world.uphold(unknown, amount=1)


def test_reverts_without_an_arbitrator(world, desk, rejected):
    world.set_terms()
    bounty = world.post(world.fund())
    works = world.submit(bounty), world.submit(bounty)
    world.accept(works[0])
    world.reject(works[1])
    for act, work in ((world.challenge, works[0]), (world.contest, works[1])):
        with reverts(desk, "DisputeDeskNoArbitrator", work):
            act(work)
    world.contest(rejected)  # the terms it was funded under
    world.uphold(rejected)


def test_reverts_at_any_other_cost(world, desk, arbitrator, three):
    with reverts(desk, "DisputeDeskWrongCost", 1, 0):
        world.challenge(three[0], value=1)
    arbitrator.setCost(1_000, {"from": world.stranger})
    for sent in (0, 999, 1_001):
        with reverts(desk, "DisputeDeskWrongCost", sent, 1_000):
            world.challenge(three[0], value=sent)
        with reverts(desk, "DisputeDeskWrongCost", sent, 1_000):
            world.uphold(three[2], value=sent)


def test_reverts_in_every_other_status(world, escrow, campaign):
    bounty = world.post(campaign, slots=8)
    works = {
        name: world.submit(bounty)
        for name in ("Review", "Accepted", "Rejected", "Contested", "Disputed", "Payable", "Void", "Done")
    }
    world.reject(works["Void"])
    for name in ("Payable", "Done"):
        world.accept(works[name])
    clock.pass_time(CHALLENGE)
    world.pay(works["Done"])
    world.accept(works["Accepted"])
    for name in ("Rejected", "Contested", "Disputed"):
        world.reject(works[name])
    world.contest(works["Contested"])
    world.dispute(works["Disputed"])
    for name, work in works.items():
        wrong = ("CampaignEscrowWrongStatus", work, STATUS.index(name))
        if name != "Accepted":
            with reverts(escrow, *wrong):
                world.challenge(work)
        if name != "Rejected":
            with reverts(escrow, *wrong):
                world.contest(work)
        if name == "Disputed":
            with reverts(escrow, *wrong):
                world.uphold(work)
    assert {name: world.status(work) for name, work in works.items()} == {name: name for name in works}


def test_reverts_without_the_stake(world, escrow, three):
    stake = 10 * world.unit
    for (act, by), work in zip(acts(world), three, strict=True):
        world.token.approve(escrow, stake - 1, {"from": by})
        with reverts(world.token, "ERC20InsufficientAllowance", escrow, stake - 1, stake):
            act(work, by=by)
        world.token.approve(escrow, stake, {"from": by})
        world.token.setBlocked(by, True, {"from": world.governance})
        with reverts(world.token, "StablecoinBlocked", by):
            act(work, by=by)
    assert [world.status(work) for work in three] == ["Accepted", "Rejected", "Contested"]


def test_reverts_when_the_stake_arrives_short(the_project, world, escrow, arbitrator, accounts, three):
    stake = 10 * world.unit
    for (act, by), work in zip(acts(world), three, strict=True):
        for sent in (0, stake - 1):
            with reverts(escrow, "CampaignEscrowBondShort", sent, stake):
                act(work, by=by, amount=sent)
    token = the_project.HostileToken.deploy(18, {"from": accounts[0]})
    token.setFee(100, {"from": accounts[0]})  # a hundredth
    other = deploy_world(the_project, token, 10**18)
    other.set_terms(arbitrator=arbitrator)
    for person in (other.worker, other.stranger):
        other.mint(person, 10**21)
    other.fill(10**22)
    work = other.submit(other.post(other.fund()), amount=11 * other.unit)
    other.accept(work)
    stake = 10 * other.unit
    with reverts(other.escrow, "CampaignEscrowBondShort", stake - stake // 100, stake):
        other.challenge(work)
    other.challenge(work, amount=stake + stake // 50)
    other.check_books()


@pytest.mark.parametrize("has_ended", [False, True])
def test_what_arrives_beyond_the_stake_is_a_gift(world, escrow, campaign, has_ended):
    bounty = world.post(campaign, submitBy=escrow.campaignOf(campaign)["endsAt"], slots=3)
    if has_ended:
        clock.reach(escrow.campaignOf(campaign)["endsAt"] - 3_600)
    works = [world.submit(bounty, amount=10 * world.unit + 1) for _ in range(3)]
    assert escrow.campaignOf(campaign)["giftFree"] == 3
    world.accept(works[0])
    for work in works[1:]:
        world.reject(work)
    world.contest(works[2])
    if has_ended:
        clock.reach(escrow.campaignOf(campaign)["endsAt"])
    before, gift = world.books(), escrow.campaignOf(campaign)["giftFree"]
    for count, ((act, by), work) in enumerate(zip(acts(world), works, strict=True), 1):
        tx = act(work, by=by, amount=10 * world.unit + 7)
        assert tx.events["BondReceived"]["amount"] == 10 * world.unit
        name = "PoolDeposited" if has_ended else "CampaignToppedUp"
        assert (tx.events[name]["from"], tx.events[name]["amount"]) == (by, 7)
        assert escrow.poolFree() - before["pool"] == (7 * count if has_ended else 0)
        assert escrow.campaignOf(campaign)["giftFree"] - gift == (0 if has_ended else 7 * count)
    world.check_books()


# ── challenge ───────────────────────────────────────────────────────────────────────────────────


def check_opened(world, arbitrator, work, by, tx, case):
    """Everything the opening of a dispute about a reward of 100 leaves behind."""
    bond, until = 10 * world.unit, tx.timestamp + ARBITRATION
    assert tx.return_value == 0
    assert dict(tx.events["DisputeOpened"]) == {
        "submission": work,
        "by": by,
        "arbitrator": arbitrator,
        "disputeID": 0,
        "isChallenge": case.get("isChallenge", False),
        "bond": bond,
        "until": until,
        "statement": STATEMENT,
    }
    assert dict(tx.events["Dispute"]) == {
        "_arbitrator": arbitrator,
        "_disputeID": 0,
        "_metaEvidenceID": 2,
        "_evidenceGroupID": work,
    }
    assert dict(tx.events["Evidence"]) == {
        "_arbitrator": arbitrator,
        "_evidenceGroupID": work,
        "_party": by,
        "_evidence": path(STATEMENT),
    }
    assert dict(tx.events["BondReceived"]) == {"submission": work, "from": by, "amount": bond}
    expected = NO_DISPUTE | {"until": until, "termsId": 2, "lead": world.lead, "bond": bond} | case
    assert world.desk.disputeOf(work).dict() == expected
    assert world.desk.submissionOf(arbitrator, 0) == work
    assert world.desk.verdictOf(work) == (False, False, 0)
    facts = world.escrow.submissionOf(work)
    assert (STATUS[world.escrow.statusOf(work)], facts["stage"]) == ("Disputed", 5)
    assert facts["since"] == tx.timestamp
    assert world.escrow.campaignOf(1)["live"] == 1
    world.check_books()


def test_anyone_challenges_a_spoken_acceptance(world, escrow, arbitrator, accepted):
    clock.set_next(escrow.submissionOf(accepted)["since"] + CHALLENGE - 1)
    tx = world.challenge(accepted)
    case = {"opener": world.stranger, "isChallenge": True}
    check_opened(world, arbitrator, accepted, world.stranger, tx, case)


@pytest.mark.parametrize("seconds", [REVIEW, REVIEW + CHALLENGE - 1])
def test_anyone_challenges_a_silent_acceptance(world, escrow, arbitrator, work, seconds):
    since = escrow.submissionOf(work)["since"]
    clock.set_next(since + REVIEW - 1)
    with reverts(escrow, "CampaignEscrowWrongStatus", work, STATUS.index("Review")):
        world.challenge(work)
    clock.set_next(since + seconds)
    tx = world.challenge(work)
    case = {"opener": world.stranger, "isChallenge": True}
    check_opened(world, arbitrator, work, world.stranger, tx, case)


def test_anyone_challenges_lessons(world, escrow, desk, campaign, work):
    world.accept_and_pay(work)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = world.file_lessons(campaign).events["LessonsFiled"]["submission"]
    world.challenge(lessons)
    facts = desk.disputeOf(lessons)
    earned = 100 * world.unit // 9
    assert (facts["isChallenge"], facts["opener"]) == (True, world.stranger)
    assert facts["bond"] == -(-earned // 10)
    assert world.status(lessons) == "Disputed"
    world.check_books()


# ── uphold ──────────────────────────────────────────────────────────────────────────────────────


def test_uphold_reverts_when_nothing_was_contested(world, desk, rejected):
    with reverts(desk, "DisputeDeskUnknownDispute", rejected):
        world.uphold(rejected)


@pytest.mark.parametrize("who", ["lead", "stranger", "worker"])
def test_anyone_upholds_a_contested_rejection(world, escrow, arbitrator, rejected, who):
    by = getattr(world, who)
    until = world.contest(rejected).timestamp + ANSWER
    clock.set_next(until - 1)
    tx = world.uphold(rejected, by=by)
    check_opened(world, arbitrator, rejected, by, tx, {"opener": world.worker, "upholder": by})
    with reverts(escrow, "CampaignEscrowWrongStatus", rejected, STATUS.index("Disputed")):
        world.uphold(rejected)


# ── the arbitrator's call ───────────────────────────────────────────────────────────────────────


def test_cost_passes_through_to_the_arbitrator(world, desk, arbitrator, three):
    arbitrator.setCost(1_000, {"from": world.stranger})
    for work in three:
        assert desk.priceOf(work) == (10 * world.unit, 1_000)
    for act, work, by in ((world.challenge, three[0], world.stranger), (world.uphold, three[2], world.lead)):
        balance = by.balance()
        act(work, by=by, value=1_000)
        assert by.balance() == balance - 1_000
    assert arbitrator.balance() == 2_000
    assert desk.balance() == world.escrow.balance() == 0


def test_facts_stand_before_the_call(world, desk, arbitrator, rejected):
    world.contest(rejected)
    arbitrator.setReentry(desk, desk.disputeOf.encode_input(rejected), {"from": world.stranger})
    tx = world.uphold(rejected, by=world.giver)
    seen = str(arbitrator.reentryResult())[2:]
    words = [int(seen[i : i + 64], 16) for i in range(0, len(seen), 64)]
    assert arbitrator.hasReentered()
    assert words[:3] == [int(world.worker.address, 16), tx.timestamp + ARBITRATION, 2]
    assert words[7] == int(world.lead.address, 16)
    assert words[10] == int(world.giver.address, 16)
    assert words[12] == 10 * world.unit


# ── whose verdict it is ─────────────────────────────────────────────────────────────────────────


def test_verdict_is_of_who_spoke_it(world, escrow, desk, campaign, three):
    escrow.replaceLead(campaign, world.other, {"from": world.governance})
    world.challenge(three[0])
    world.contest(three[1])
    for work in three:
        assert desk.disputeOf(work)["lead"] == world.lead
        assert escrow.submissionOf(work)["stint"] == 0


@pytest.mark.parametrize(("moment", "stint"), [(-1, 1), (0, 0)])
def test_silence_is_of_who_led_when_the_review_ended(world, escrow, desk, campaign, work, moment, stint):
    ends = escrow.submissionOf(work)["since"] + REVIEW
    clock.set_next(ends + moment)
    escrow.replaceLead(campaign, world.other, {"from": world.governance})
    clock.set_next(ends + 10)
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    world.challenge(work)
    assert desk.disputeOf(work)["lead"] == (world.other if stint else world.lead)
    assert escrow.submissionOf(work)["stint"] == stint
