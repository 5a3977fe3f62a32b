"""Jury and Reputation with the real escrow and desk: attacks on the bench, under the recommended terms.

who holds nine tenths of the weight
  loses what it submitted to the other tenth, by points -> test_the_heaviest_worker_can_lose_a_challenge
  loses as lead, by tokens -> test_a_founder_is_not_above_the_token_jury
  wins too, if the others say so -> test_the_heaviest_worker_can_win_a_challenge
  challenges, and the others rule -> test_the_heaviest_juror_can_challenge
a thief who names the heaviest juror as payee
  has the others to fear -> test_naming_the_heaviest_juror_as_payee_acquits_nobody
who opens a dispute
  chooses no source, whatever is paid or fades meanwhile -> test_the_opener_chooses_no_bench
  makes no jurors with points of the same round -> test_points_of_this_round_judge_nothing
votes that are rented
  for the second in which a round begins weigh nothing -> test_votes_rented_for_a_second_judge_nothing
  for a holding period before it do: the true bound -> test_votes_held_for_a_holding_period_judge_a_round
the treasury as payee
  judges nothing -> test_the_treasury_is_no_juror_by_points
a juror who does not look
  earns nothing where the others do -> test_only_jurors_of_the_ruling_are_paid
governance
  takes nobody off the bench after the opening -> test_governance_takes_no_juror_off_the_bench
  ends no right to dispute -> test_governance_switches_off_no_disputes
the first who are paid the minimum
  are the whole jury: the true bound -> test_the_first_points_are_the_whole_jury
the recommended jury
  is the one of these tests -> test_the_jury_is_the_recommended_one
a majority of the bench
  rules against everybody else: the true bound -> test_a_majority_of_the_bench_rules_as_it_likes
"""

from __future__ import annotations

import pytest
from brownie import project, reverts

from dmo.deploy.config import Campaigns, JurySection
from tests.support import clock
from tests.support.governance import WAD
from tests.support.jury import AWARDER, HOLDING_SECONDS, MIN_POINTS, decide, frame, salt, seat_jury, start_round

attack = pytest.mark.attack
FREE, PAID, REFUSED = 0, 1, 2


def recommended(world, jury):
    """Set the recommended terms for campaigns funded from now on."""
    asked, windows = Campaigns(), ("review", "answer", "challenge", "arbitration", "notice")
    world.set_terms(
        **{f"{name}Seconds": getattr(asked, name) for name in windows},
        disputeBondBps=asked.dispute_bond,
        disputeBondMin=world.unit,
        arbitrator=jury,
        paysJurors=True,
    )


def seat(world, votes, **points):
    """Seat a jury by whole votes, and whole points by role; returns it."""
    jury = seat_jury(world, votes)
    recommended(world, jury)
    give(world, **points)
    return jury


def give(world, **points):
    """Let people have whole points, which count from now on."""
    if not points:
        return
    world.manager.grantRole(AWARDER, world.governance, 0, {"from": world.governance})
    accounts = [getattr(world, role) for role in points]
    world.reputation.awardMany(accounts, [whole * WAD for whole in points.values()], {"from": world.governance})
    start_round(world.reputation)


def challenge(world, jury, by="stranger", rulings=None, **submitted):
    """Challenge accepted work, and let jurors by role rule; returns submission and dispute."""
    work = world.submit(world.post(world.fund()), **submitted)
    world.accept(work)
    world.challenge(work, getattr(world, by))
    dispute = jury.disputes()
    if rulings:
        decide(jury, dispute, {getattr(world, role): ruling for role, ruling in rulings.items()})
    return work, dispute


def test_the_jury_is_the_recommended_one():
    asked = JurySection()
    kept = dict(zip(("points", "least", "commit", "reveal", "quorum"), frame("points"), strict=False))
    assert (asked.commit, asked.reveal, asked.quorum) == (kept["commit"], kept["reveal"], kept["quorum"])
    assert asked.min_points == "3"  # in caps: here they pay some 10,000 points


@attack("weight-above-the-quorum")
def test_the_heaviest_worker_can_lose_a_challenge(world):
    """The worker of junk has 92 % of all points; a juror with 5 % is enough, for 8 % may vote."""
    jury = seat(world, {world.governance: 1000}, worker=9_200, other=500, board=300)
    work, dispute = challenge(world, jury, rulings={"other": REFUSED})
    case = jury.caseOf(dispute)
    assert case["isFromReputation"]
    assert case["quorum"] < 81 * WAD < 490 * WAD < case["forTwo"]
    assert (jury.currentRuling(dispute), world.status(work)) == (REFUSED, "Void")


@attack("weight-above-the-quorum")
def test_the_heaviest_worker_can_win_a_challenge(world):
    jury = seat(world, {world.governance: 1000}, worker=9_200, other=500, board=300)
    work, dispute = challenge(world, jury, rulings={"other": PAID})
    assert (jury.currentRuling(dispute), world.status(work)) == (PAID, "Payable")


@attack("weight-above-the-quorum")
def test_a_founder_is_not_above_the_token_jury(world):
    jury = seat(world, {world.lead: 9_200, world.other: 500, world.board: 300})
    work, dispute = challenge(world, jury, rulings={"other": REFUSED, "board": REFUSED})
    assert not jury.caseOf(dispute)["isFromReputation"]
    assert (jury.caseOf(dispute)["quorum"], world.status(work)) == (80 * WAD, "Void")


@attack("weight-above-the-quorum")
def test_the_heaviest_juror_can_challenge(world):
    jury = seat(world, {world.governance: 1000}, other=9_200, giver=800)
    work, dispute = challenge(world, jury, by="other", rulings={"giver": REFUSED})
    assert (jury.currentRuling(dispute), world.status(work)) == (REFUSED, "Void")


@attack("juror-made-a-party")
def test_naming_the_heaviest_juror_as_payee_acquits_nobody(world):
    """Lead and worker share; a tenth goes to who has most points, who is a party then and out of the quorum."""
    jury = seat(world, {world.governance: 1000}, board=9_200, giver=800)
    payees = [(world.board, 1_000), (world.worker, 9_000)]
    work, dispute = challenge(world, jury, payees=payees, rulings={"giver": REFUSED})
    assert jury.weightOf(dispute, world.board) == 0
    assert (jury.currentRuling(dispute), world.status(work)) == (REFUSED, "Void")


@attack("chosen-bench")
def test_the_opener_chooses_no_bench(world):
    """Two like disputes at both ends of a round: points fade below the minimum, and others are earned."""
    jury = seat(world, {world.other: 1000}, board=10_040)
    _, first = challenge(world, jury)
    boundary = jury.caseOf(first)["boundary"]
    world.reputation.awardMany([world.giver], [10**6 * WAD], {"from": world.governance})
    clock.mine_at(boundary + world.reputation.roundSeconds() - 3_600)
    challenge(world, jury)
    assert world.reputation.totalPoints() < MIN_POINTS
    one, two = (jury.caseOf(dispute) for dispute in (first, jury.disputes()))
    assert (one["boundary"], one["isFromReputation"], one["quorum"]) == (boundary, True, two["quorum"])
    assert (two["boundary"], two["isFromReputation"]) == (boundary, True)
    assert jury.weightOf(jury.disputes(), world.giver) == 0


@attack("points-for-a-dispute")
def test_points_of_this_round_judge_nothing(world):
    """Whatever is paid once a dispute is in sight, its payees judge from the next round on."""
    jury = seat(world, {world.other: 1000}, board=10_000)
    campaign = world.fund(ask=3_000 * world.unit)
    world.accept_and_pay(
        world.submit(world.post(campaign, reward=2_000 * world.unit, bond=0, slots=1), by=world.stranger)
    )
    assert world.reputation.pendingOf(world.stranger) == 2_000 * WAD
    _, dispute = challenge(world, jury, by="giver")
    assert jury.weightOf(dispute, world.stranger) == 0
    with reverts():
        jury.commit(dispute, salt(1), {"from": world.stranger})


def rent(world, jury, seconds):
    """The giver lends its votes to a stranger so long before a round begins, and has them back in its first second."""
    token = project.get_loaded_projects()[0].HolderToken.at(jury.votesToken())
    start = int(world.reputation.boundaryOf(clock.now() + HOLDING_SECONDS) + world.reputation.roundSeconds())
    clock.set_next(start - seconds)
    token.transfer(world.stranger, 1_000 * WAD, {"from": world.giver})
    clock.set_next(start + 1)
    token.transfer(world.giver, 1_000 * WAD, {"from": world.stranger})


@attack("rented-votes")
def test_votes_rented_for_a_second_judge_nothing(world):
    """In the second that counts the renter has more than anybody else; a holding period before, it had nothing."""
    jury = seat(world, {world.giver: 1_000, world.board: 150})
    rent(world, jury, 1)
    _, dispute = challenge(world, jury, by="governance", rulings={"board": PAID})
    assert jury.weightOf(dispute, world.stranger) == jury.weightOf(dispute, world.giver) == 0
    assert jury.currentRuling(dispute) == PAID


@attack("rented-votes")
def test_votes_held_for_a_holding_period_judge_a_round(world):
    """What remains: who rents a majority for a holding period before a round begins is the bench of the round."""
    jury = seat(world, {world.giver: 1_000, world.board: 150})
    rent(world, jury, HOLDING_SECONDS)
    work, dispute = challenge(world, jury, by="governance", rulings={"stranger": REFUSED, "board": PAID})
    assert jury.weightOf(dispute, world.stranger) == 1_000 * WAD
    assert world.status(work) == "Void"


@attack("excluded-juror")
def test_the_treasury_is_no_juror_by_points(world):
    """The treasury was paid more than all others, and is neither in the minimum nor in the quorum nor on the bench."""
    jury = seat(world, {world.other: 1000}, treasury=90_000, board=10_001)
    _, dispute = challenge(world, jury)
    assert jury.weightOf(dispute, world.treasury) == 0
    assert jury.caseOf(dispute)["isFromReputation"]
    assert jury.caseOf(dispute)["quorum"] < 1_001 * WAD


@attack("juror-who-does-not-look")
def test_only_jurors_of_the_ruling_are_paid(world):
    """Five of them rule by what they see; who says the other thing without looking gets nothing of the pot."""
    jury = seat(world, {world.other: 60, world.board: 30, world.giver: 20})
    work, dispute = challenge(world, jury, rulings={"other": REFUSED, "board": PAID, "giver": REFUSED})
    assert jury.sharesTotal(dispute) == 80 * WAD
    assert jury.shareOf(dispute, world.other) == (0, 60 * WAD)
    assert jury.shareOf(dispute, world.board) == (0, 0)
    assert jury.shareOf(dispute, world.giver) == (60 * WAD, 80 * WAD)
    world.release(work)
    jurors = [world.board, world.other, world.giver]
    before = [world.token.balanceOf(juror) for juror in jurors]
    world.desk.payJurors(work, jurors, {"from": world.stranger})
    pot = world.desk.disputeOf(work)["potWhole"]
    paid = [world.token.balanceOf(juror) - had for juror, had in zip(jurors, before, strict=True)]
    assert paid == [0, pot * 60 // 80, pot - pot * 60 // 80]


@attack("juror-made-a-party")
def test_governance_takes_no_juror_off_the_bench(world, escrow):
    """A proposal made beforehand makes the heaviest juror lead, between commitment and reveal."""
    jury = seat(world, {world.board: 60, world.giver: 40})
    work, dispute = challenge(world, jury)
    for juror, ruling in ((world.board, REFUSED), (world.giver, PAID)):
        jury.commit(dispute, jury.commitmentFor(dispute, juror, ruling, salt(1)), {"from": juror})
    clock.reach(jury.windowsOf(dispute)[0])
    campaign = escrow.bountyOf(escrow.submissionOf(work)["bounty"])["campaign"]
    escrow.replaceLead(campaign, world.board, {"from": world.governance})
    for juror, ruling in ((world.board, REFUSED), (world.giver, PAID)):
        jury.reveal(dispute, juror, ruling, salt(1), {"from": juror})
    clock.reach(jury.windowsOf(dispute)[1])
    assert jury.currentRuling(dispute) == REFUSED


@attack("disputes-switched-off")
def test_governance_switches_off_no_disputes(world):
    """What the AccessManager's admin can do to the jury reaches no campaign that was promised one."""
    jury = seat(world, {world.board: 100})
    work = world.submit(world.post(world.fund()))
    world.accept(work)
    for role in range(1, 6):
        world.manager.revokeRole(role, world.desk, {"from": world.governance})
    world.manager.setTargetClosed(jury, True, {"from": world.governance})
    world.challenge(work, world.stranger)
    decide(jury, jury.disputes(), {world.board: REFUSED})
    assert world.status(work) == "Void"


@attack("jury-majority")
def test_the_first_points_are_the_whole_jury(world):
    """What remains: the first to earn the minimum judge everybody, whatever all holders of tokens think."""
    jury = seat(world, {world.giver: 1_000_000}, board=10_001)
    work, dispute = challenge(world, jury, rulings={"board": REFUSED})
    assert jury.weightOf(dispute, world.giver) == 0
    assert world.status(work) == "Void"


@attack("jury-majority")
def test_a_majority_of_the_bench_rules_as_it_likes(world):
    """What remains: 51 of 100 make good work unpaid, or junk paid; of every slot that stands open."""
    jury = seat(world, {world.giver: 51, world.board: 49})
    for ruling, status in ((REFUSED, "Void"), (PAID, "Payable")):
        other = REFUSED + PAID - ruling
        work, _ = challenge(world, jury, rulings={"giver": ruling, "board": other})
        assert world.status(work) == status
