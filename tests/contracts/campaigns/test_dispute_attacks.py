"""DisputeDesk, CampaignEscrow and Jury: attacks on disputes. `tools/list_attacks.py` lists them.

friendly challenge
  of good work, so that nobody else can dispute it -> test_friendly_challenge_costs_half_its_bond
  of good work, without a ruling -> test_friendly_challenge_without_ruling_costs_a_tenth
  of junk, for the challenger's reward -> test_friendly_challenge_of_junk_gains_nothing
  the most that it gains: without bond and fee -> test_friendly_challenge_gains_half_a_bond_at_most
flood of disputes
  each costs its bond, and delays nobody else -> test_flood_of_disputes_costs_a_bond_each
circular disputes for points
  nothing but paid work earns points -> test_circular_disputes_earn_no_points
juror who copies a commitment
  cannot reveal it, before or after -> test_copied_commitment_cannot_be_revealed
double commitment
  the last one counts, once -> test_double_commitment_counts_once
selective reveal
  loses weight and pay -> test_selective_reveal_loses_weight_and_pay
jurors kept off the bench as payees
  costs what it gives them -> test_jurors_cannot_be_kept_off_the_bench_for_nothing
self-dealing lead
  one challenger is enough -> test_self_dealing_lead_loses_to_one_challenger
  cannot judge its own case -> test_self_dealing_lead_cannot_be_juror
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
late ruling
  changes nothing, before or after the end -> test_late_ruling_changes_nothing
starved payment
  pays jurors' part in full, or reverts -> test_starved_payment_of_disputed_work_is_whole_or_reverts
  of a juror -> test_starved_juror_is_paid_in_full_or_reverts
  is told what is missing -> test_too_little_gas_for_shares_is_named
first and last second
  of every window of a dispute -> test_first_and_last_second_of_every_window
order of settlement
  moves the fee between disputes, and nothing else -> test_order_of_settlement_moves_only_the_fee
"""

from __future__ import annotations

import itertools

import pytest
from brownie import web3
from eth_abi import decode

from tests.support import clock
from tests.support.campaigns import ANSWER, ARBITRATION, BETTER, CHALLENGE, DAY, REVIEW, STATUS, World, digest
from tests.support.governance import WAD
from tests.support.jury import COMMIT_SECONDS, decide, salt, seat_jury
from tests.support.reverts import reverts

# Votes of honest jurors, and of those who attack.
VOTES = {"other": 30, "giver": 25, "board": 20, "worker": 10, "stranger": 10, "lead": 5}
YEAR = 365 * DAY
SHARES_GAS = 100_000
GAS = range(100_000, 1_500_000, 14_007)

attack = pytest.mark.attack


@pytest.fixture(scope="module")
def jury(world):
    return seat_jury(world, {getattr(world, role): votes for role, votes in VOTES.items()})


def fund_under(world, arbitrator, **changes):
    """Fund a campaign for which this arbitrator decides."""
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    return world.fund(**changes)


@pytest.fixture
def campaign(world, jury):
    """A campaign that the jury decides for."""
    return fund_under(world, jury)


def judged(world, jury, ruling, jurors=("other", "giver")):
    """The jury's last dispute is ruled by honest jurors."""
    decide(jury, jury.disputes(), {getattr(world, role): ruling for role in jurors})


def end(world, work):
    (world.pay if world.status(work) == "Payable" else world.release)(work)


def worth(world, *people):
    """What these people have, credits included."""
    return sum(world.token.balanceOf(person) + world.escrow.creditOf(person)["amount"] for person in people)


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
def test_friendly_challenge_gains_half_a_bond_at_most(world, jury):
    """A lead that asks for no bond and no fee risks nothing: docs/threat-model.md."""
    friends = (world.worker, world.stranger, world.lead)
    before = worth(world, *friends)
    work = world.submit(world.post(fund_under(world, jury, feeBps=0), bond=0))
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2)
    end(world, work)
    assert worth(world, *friends) == before + 5 * world.unit


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


# ── jurors ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def rejected(world, bounty):
    """A rejection before the jury, as its dispute 1."""
    work = world.submit(bounty)
    world.reject(work)
    world.dispute(work)
    return work


def commit(jury, juror, ruling, number, dispute=1):
    commitment = jury.commitmentFor(dispute, juror, ruling, salt(number))
    jury.commit(dispute, commitment, {"from": juror})
    return commitment


@attack("copied-commitment")
def test_copied_commitment_cannot_be_revealed(world, jury, rejected):
    original = commit(jury, world.other, 1, 1)
    jury.commit(1, original, {"from": world.giver})
    clock.mine_at(jury.windowsOf(1)[0])
    for _ in range(2):  # before and after the original is revealed
        mine = jury.commitmentFor(1, world.giver, 1, salt(1))
        with reverts(jury, "JuryOtherCommitment", mine, original):
            jury.reveal(1, world.giver, 1, salt(1), {"from": world.giver})
        if _ == 0:
            jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    assert jury.caseOf(1)["forOne"] == 30 * WAD


@attack("double-commitment")
def test_double_commitment_counts_once(world, jury, rejected):
    commit(jury, world.other, 1, 1)
    second = commit(jury, world.other, 2, 2)
    clock.mine_at(jury.windowsOf(1)[0])
    first = jury.commitmentFor(1, world.other, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", first, second):
        jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    jury.reveal(1, world.other, 2, salt(2), {"from": world.other})
    for ruling, number, shown in ((1, 1, first), (2, 2, second)):
        with reverts(jury, "JuryOtherCommitment", shown, "0x" + "00" * 32):
            jury.reveal(1, world.other, ruling, salt(number), {"from": world.other})
    facts = jury.caseOf(1)
    assert (facts["forOne"], facts["forTwo"]) == (0, 30 * WAD)


@attack("selective-reveal")
def test_selective_reveal_loses_weight_and_pay(world, desk, jury, rejected):
    """A juror who sees how the others reveal can keep silent, and no more."""
    commit(jury, world.other, 1, 1)
    commit(jury, world.giver, 2, 1)
    clock.mine_at(jury.windowsOf(1)[0])
    jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    shown = jury.commitmentFor(1, world.giver, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", shown, jury.commitmentOf(1, world.giver)):
        jury.reveal(1, world.giver, 1, salt(1), {"from": world.giver})
    clock.mine_at(jury.windowsOf(1)[1])
    jury.executeRuling(1, {"from": world.stranger})
    end(world, rejected)
    with reverts(desk, "DisputeDeskNothingDue", rejected):
        desk.payJurors(rejected, [world.giver], {"from": world.giver})
    before = worth(world, world.other)
    desk.payJurors(rejected, [world.giver, world.other], {"from": world.stranger})
    assert worth(world, world.other) == before + 5 * world.unit


@attack("jurors-kept-off-the-bench")
def test_jurors_cannot_be_kept_off_the_bench_for_nothing(world, jury, bounty):
    """A worker names the heaviest jurors as payees of next to nothing: no quorum would be left."""
    heavy = [world.other, world.giver, world.board]
    payees = [*((juror, 1) for juror in heavy), (world.worker, 9_997)]
    work = world.submit(bounty, payees=payees)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2, jurors=("other", "giver", "board"))
    assert world.status(work) == "Void"
    payees = [*((juror, 1_000) for juror in heavy), (world.worker, 7_000)]
    work = world.submit(bounty, payees=payees)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    for juror in heavy:  # it gives each of them a tenth
        with reverts(jury, "JuryParty", juror):
            commit(jury, juror, 2, 1, dispute=2)


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


@attack("self-dealing-lead")
def test_self_dealing_lead_cannot_be_juror(world, jury, bounty):
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    for party in (world.lead, world.worker, world.stranger):
        with reverts(jury, "JuryParty", party):
            commit(jury, party, 1, 1)
        assert jury.weightOf(1, party) == 0


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
    tx = escrow.fileLessons(campaign, digest("nothing"), {"from": world.lead})
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
    assert escrow.poolFree() == pool + earned - bond
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
    world.dispute(1, by=world.other)
    clock.pass_time(ARBITRATION)
    end(world, 1)
    assert worth(world, world.lead) == before
    assert world.points(world.lead) == 0
    world.check_books()


# ── time and gas ────────────────────────────────────────────────────────────────────────────────


@attack("late-ruling")
@pytest.mark.parametrize("is_challenge", [False, True])
def test_late_ruling_changes_nothing(world, desk, arbitrator, is_challenge):
    work = world.submit(world.post(fund_under(world, arbitrator)))
    (world.accept if is_challenge else world.reject)(work)
    world.dispute(work, by=world.stranger if is_challenge else world.worker)
    until = desk.disputeOf(work)["until"]
    verdict = (True, is_challenge)
    clock.set_next(until)
    for _ in range(2):  # before the end and after it
        with reverts(desk, "DisputeDeskNotOpen", work, until):
            arbitrator.rule(0, 2 if is_challenge else 1, {"from": world.stranger})
        assert desk.verdictOf(work) == verdict
        books = world.books()
        if world.status(work) != "Done":
            end(world, work)
        else:
            assert world.books() == books


def starved(starver, target, data, gas, desk, work):
    """Make a call with so much gas, without keeping it: whether it passed, and what the pot is."""
    view = desk.disputeOf.encode_input(work)
    call = starver.starve.encode_input(target, data, gas, [view, view], [desk.address] * 2)
    answer = web3.eth.call({"to": starver.address, "data": call, "gas": 30_000_000})
    passed, facts, _ = decode(["bool", "bytes", "bytes"], answer)
    return passed, int.from_bytes(facts[11 * 32 : 12 * 32])


@attack("starved-payment")
@pytest.mark.parametrize(("ruling", "act"), [(1, "payWork"), (2, "releaseWork")])
def test_starved_payment_of_disputed_work_is_whole_or_reverts(world, desk, jury, rejected, Starver, ruling, act):
    """Gas kept back can neither make jurors unknown nor anybody's payment a credit."""
    judged(world, jury, ruling)
    starver = Starver.deploy({"from": world.stranger})
    data = getattr(world.escrow, act).encode_input([rejected])
    outcomes = {starved(starver, world.escrow.address, data, gas, desk, rejected) for gas in GAS}
    assert outcomes == {(False, 0), (True, 5 * world.unit)}


@attack("starved-payment")
def test_too_little_gas_for_shares_is_named(world, escrow, jury, rejected):
    judged(world, jury, 2)
    data = escrow.releaseWork.encode_input([rejected])
    with pytest.raises(ValueError, match="custom error") as caught:
        web3.eth.call({"to": escrow.address, "data": data, "gas": 150_000})
    error = caught.value.args[0]["data"]
    needed = (SHARES_GAS + 10_000) * 64 // 63
    name = web3.keccak(text="CampaignEscrowNotEnoughGas(uint256,uint256)")[:4].to_0x_hex()
    assert error[:10] == name
    assert int(error[10:74], 16) < needed == int(error[74:], 16)


@attack("starved-payment")
def test_starved_juror_is_paid_in_full_or_reverts(world, desk, jury, rejected, Starver):
    judged(world, jury, 1)
    end(world, rejected)
    starver = Starver.deploy({"from": world.stranger})
    data = desk.payJurors.encode_input(rejected, [world.other, world.giver])
    outcomes = {starved(starver, desk.address, data, gas, desk, rejected) for gas in GAS}
    assert outcomes == {(False, 5 * world.unit), (True, 0)}
    world.check_books()


def nothing(world, work):
    """Work is in review as soon as it is submitted."""


def reject_and_dispute(world, work):
    world.reject(work)
    world.dispute(work)


def accept(world, arbitrator, work):
    world.accept(work)


def reject(world, arbitrator, work):
    world.reject(work)


def dispute(world, arbitrator, work):
    world.dispute(work)


def challenge(world, arbitrator, work):
    world.dispute(work, by=world.stranger)


def rule(world, arbitrator, work):
    number = world.desk.disputeOf(work)["disputeID"]
    arbitrator.rule(number, 1, {"from": world.stranger})


def add_evidence(world, arbitrator, work):
    world.desk.submitEvidence(work, BETTER, {"from": world.stranger})


# what is done before, when the window opens after that, how long it is, what is done in it, and
# the status after it
WINDOWS = {
    "review, accepted": (nothing, 0, REVIEW, accept, "Accepted"),
    "review, rejected": (nothing, 0, REVIEW, reject, "Accepted"),
    "answer": (World.reject, 0, ANSWER, dispute, "Void"),
    "challenge of a spoken acceptance": (World.accept, 0, CHALLENGE, challenge, "Payable"),
    "challenge of a silent acceptance": (nothing, REVIEW, CHALLENGE, challenge, "Payable"),
    "arbitration, ruled": (reject_and_dispute, 0, ARBITRATION, rule, "Void"),
    "arbitration, evidence": (reject_and_dispute, 0, ARBITRATION, add_evidence, "Void"),
}


@attack("first-and-last-second")
@pytest.mark.parametrize("name", WINDOWS)
def test_first_and_last_second_of_every_window(world, escrow, desk, arbitrator, name):
    before, delay, seconds, act, after = WINDOWS[name]
    bounty = world.post(fund_under(world, arbitrator), reward=world.unit, bond=0, slots=3)
    works = [world.submit(bounty) for _ in range(3)]
    opens = []
    for work in works:
        before(world, work)
        opens.append(escrow.submissionOf(work)["since"] + delay)
    clock.set_next(max(opens[0], clock.now() + 1))
    act(world, arbitrator, works[0])
    clock.set_next(opens[1] + seconds - 1)
    act(world, arbitrator, works[1])
    clock.set_next(opens[2] + seconds)
    refused = reverts(escrow, "CampaignEscrowWrongStatus", works[2], STATUS.index(after))
    if before is reject_and_dispute:
        refused = reverts(desk, "DisputeDeskNotOpen", works[2], opens[2] + seconds)
    with refused:
        act(world, arbitrator, works[2])
    assert world.status(works[2]) == after


@attack("order-of-settlement")
def test_order_of_settlement_moves_only_the_fee(world, escrow, desk, arbitrator):
    """What is left of a fee goes to the disputes that end first; bonds and rewards do not move."""
    for order in itertools.permutations(range(3)):
        campaign = fund_under(world, arbitrator, ask=1_000, feeBps=150)  # 15, disputes of 10 each
        before = worth(world, world.other), worth(world, world.stranger), escrow.poolFree()
        bounty = world.post(campaign, reward=100, bond=10, slots=3)
        works = []
        for ruling, is_challenge in ((1, False), (1, False), (2, True)):
            work = world.submit(bounty, by=world.other)
            (world.accept if is_challenge else world.reject)(work)
            tx = world.dispute(work, by=world.stranger if is_challenge else world.other)
            number = tx.events["DisputeOpened"]["disputeID"]
            arbitrator.setShares(number, [world.giver], [1], {"from": world.stranger})
            arbitrator.rule(number, ruling, {"from": world.stranger})
            works.append(work)
        for i in order:
            end(world, works[i])
        fees = {i: (10, 5, 0)[order.index(i)] for i in range(3)}
        pots = [min(5, fees[0]), min(5, fees[1]), 5]
        assert [desk.disputeOf(work)["pot"] for work in works] == pots
        assert escrow.campaignOf(campaign)["feeTaken"] == 15
        # Two rewards, the third one's bond gone, and what jurors leave of the fee.
        worker = 200 - 10 + fees[0] + fees[1] - pots[0] - pots[1]
        assert worth(world, world.other) - before[0] == worker
        assert worth(world, world.stranger) - before[1] == 5
        assert escrow.poolFree() - before[2] == 10 + fees[2]
    world.check_books()
