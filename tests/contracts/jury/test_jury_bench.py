"""Jury: who judges, with what weight, and how many have to speak.

the source of jurors
  given fewer points than the minimum when the round began
    it is the token -> test_jurors_come_from_the_token_at_first
  given the minimum when the round began, to the unit
    it is reputation -> test_jurors_come_from_reputation_from_the_minimum_on
  given points that fade below the minimum within the round
    it stays for all disputes of the round -> test_the_moment_of_opening_chooses_nothing
  given the minimum with the points of excluded accounts alone
    it is the token -> test_points_of_excluded_accounts_make_no_jury
  given no minimum and no points
    it is the token -> test_nobodys_reputation_is_no_source
  when the dispute opens in the first second of a round
    it is the last round's -> test_the_first_second_has_the_bench_before
weightOf
  given votes that moved after the round began
    it ignores them -> test_votes_count_as_the_round_began
  given votes held for less than a holding period when the round began
    they weigh nothing, nor do those lent away then -> test_votes_rented_for_the_start_of_a_round_weigh_nothing
  given an excluded account
    it is zero, by votes and by points -> test_excluded_accounts_have_no_weight
  given a party
    it is zero -> test_parties_have_no_weight
the quorum
  given a total that its share does not divide
    it is rounded up, to the unit -> test_the_quorum_is_rounded_up, test_what_is_left_of_it_is_rounded_up_too
  given a floor
    it stands for the share of tokens, not of points -> test_the_quorum_of_tokens_has_a_floor
  given parties
    it is a share of what is not theirs -> test_parties_are_not_in_the_quorum
  given parties with nearly all votes, and a floor
    the rest can still rule -> test_a_floor_leaves_the_rest_a_ruling
  given a wrapped token with less than the floor
    nobody can rule -> test_who_wraps_a_few_tokens_is_no_jury
  given a commitment
    it is stored, and no later answer of the arbitrable moves it -> test_the_first_commitment_stores_the_quorum
  given parties named twice, or strangers among them
    nothing breaks -> test_an_arbitrable_that_names_nonsense_spoils_its_own_dispute
  given any weights and parties
    it is what the model says -> test_quorums_agree_with_the_model
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support.clock import set_next
from tests.support.governance import WAD
from tests.support.jury import HOLDING_SECONDS, JURORS, MIN_POINTS, QUORUM, QUORUM_BPS, ROUND_SECONDS, frame, salt
from tests.support.models import jury as model
from tests.support.reverts import reverts

WEIGHT = {name: tokens * WAD for name, tokens in JURORS.items()}


@pytest.fixture(scope="module")
def deploy(Jury, court, admin):
    """Deploy another jury for the same arbitrable, with changes to the frame by name."""

    def deploy_with(votes=court.token, **changes):
        kept = frame(court.reputation, **changes)
        return Jury.deploy(court.manager, votes, court.excluded, court.arbitrable, kept, {"from": admin})

    return deploy_with


def test_jurors_come_from_the_token_at_first(court, jury, jurors, stranger):
    court.award({stranger: MIN_POINTS - 10**9})
    dispute = court.open()
    assert not jury.caseOf(dispute)["isFromReputation"]
    for name, juror in jurors.items():
        assert jury.weightOf(dispute, juror) == WEIGHT[name]
    assert jury.weightOf(dispute, stranger) == 0


def test_jurors_come_from_reputation_from_the_minimum_on(court, jury, admin, ann, stranger):
    court.reputation.awardMany([stranger], [MIN_POINTS], {"from": admin})
    early = court.open()  # they do not count yet
    court.next_round()
    dispute = court.open()
    case = jury.caseOf(dispute)
    assert (jury.caseOf(early)["isFromReputation"], case["isFromReputation"]) == (False, True)
    assert case["quorum"] == model.quorum(MIN_POINTS, QUORUM_BPS)
    assert jury.weightOf(dispute, stranger) == MIN_POINTS
    assert jury.weightOf(dispute, ann) == jury.weightOf(early, stranger) == 0


def test_the_moment_of_opening_chooses_nothing(court, jury, ann, stranger):
    """Within a round points fade below the minimum, more are earned and tokens move: all disputes have one bench."""
    court.award({stranger: MIN_POINTS})
    first, start = court.open(), int(jury.caseOf(jury.disputes())["boundary"])
    assert court.reputation.totalPoints() < MIN_POINTS
    court.reputation.awardMany([ann], [MIN_POINTS], {"from": court.admin})
    last = court.open(start + ROUND_SECONDS)
    for dispute in (first, last):
        case = jury.caseOf(dispute)
        assert (case["boundary"], case["isFromReputation"], case["quorum"]) == (start, True, MIN_POINTS // 10)
        assert (jury.weightOf(dispute, stranger), jury.weightOf(dispute, ann)) == (MIN_POINTS, 0)
    assert jury.weightOf(court.open(start + ROUND_SECONDS + 1), ann) == MIN_POINTS


def test_points_of_excluded_accounts_make_no_jury(court, jury, treasury, ann, stranger):
    court.award({treasury: MIN_POINTS, stranger: MIN_POINTS - 10**9})
    assert not jury.caseOf(court.open())["isFromReputation"]


def test_nobodys_reputation_is_no_source(court, deploy, arbitrable, admin):
    jury = deploy(minPoints=0)
    arbitrable.open(jury, 2, {"from": admin})
    case = jury.caseOf(1)
    assert (case["isFromReputation"], case["quorum"]) == (False, QUORUM)


def test_the_first_second_has_the_bench_before(court, jury, stranger):
    start = court.next_round() + ROUND_SECONDS
    court.reputation.awardMany([stranger], [MIN_POINTS], {"from": court.admin})
    same, later = court.open(start), court.open(start + 1)
    assert jury.caseOf(same)["boundary"] == start - ROUND_SECONDS
    assert not jury.caseOf(same)["isFromReputation"]
    assert jury.caseOf(later)["boundary"] == start
    assert jury.weightOf(later, stranger) == MIN_POINTS


def test_votes_count_as_the_round_began(court, jury, ann, stranger):
    start = court.next_round()
    court.token.transfer(stranger, WEIGHT["ann"], {"from": ann})
    dispute = court.open(start + ROUND_SECONDS)
    assert (jury.weightOf(dispute, ann), jury.weightOf(dispute, stranger)) == (WEIGHT["ann"], 0)
    dispute = court.open(start + ROUND_SECONDS + 1)
    assert (jury.weightOf(dispute, ann), jury.weightOf(dispute, stranger)) == (0, WEIGHT["ann"])


@pytest.mark.parametrize(("held", "weighs"), [(HOLDING_SECONDS, True), (HOLDING_SECONDS - 1, False)])
def test_votes_rented_for_the_start_of_a_round_weigh_nothing(court, jury, ann, stranger, held, weighs):
    start = court.next_round() + ROUND_SECONDS
    set_next(start - held)
    court.token.transfer(stranger, WEIGHT["ann"], {"from": ann})
    set_next(start + 1)
    court.token.transfer(ann, WEIGHT["ann"], {"from": stranger})
    dispute = court.open(start + 2)
    assert jury.weightOf(dispute, stranger) == (WEIGHT["ann"] if weighs else 0)
    assert jury.weightOf(dispute, ann) == 0


@pytest.mark.parametrize("is_from_points", [False, True])
def test_excluded_accounts_have_no_weight(court, jury, treasury, escrow, stranger, is_from_points):
    if is_from_points:
        court.award({treasury: 9 * MIN_POINTS, escrow: MIN_POINTS, stranger: MIN_POINTS})
    dispute = court.open()
    case = jury.caseOf(dispute)
    assert case["isFromReputation"] is is_from_points
    assert case["quorum"] == (MIN_POINTS // 10 if is_from_points else QUORUM)
    for account in (treasury, escrow):
        assert court.token.getVotes(account) > 0
        assert jury.weightOf(dispute, account) == 0
        commitment = jury.commitmentFor(dispute, account, 1, salt(1))
        with reverts(jury, "JuryNoWeight", account):
            jury.commit(dispute, commitment, {"from": account})


def test_parties_have_no_weight(court, jury, arbitrable, admin, ann, ben):
    dispute, other = court.open(), court.open()
    arbitrable.setParties(jury, dispute, [ann], {"from": admin})
    assert jury.weightOf(dispute, ann) == 0
    assert jury.weightOf(other, ann) == WEIGHT["ann"]
    assert jury.weightOf(dispute, ben) == WEIGHT["ben"]


def test_the_quorum_is_rounded_up(court, jury, ann, stranger, treasury):
    court.token.transfer(treasury, 11, {"from": ann})  # a tenth of it is 1.1
    court.next_round()
    assert jury.caseOf(court.open())["quorum"] == QUORUM - 1
    court.award({stranger: MIN_POINTS + 10**9})
    assert jury.caseOf(court.open())["quorum"] == MIN_POINTS // 10 + 10**8


def test_what_is_left_of_it_is_rounded_up_too(court, jury, arbitrable, admin, ann, dee):
    """A party with one unit more leaves nine tenths of a unit less, and the quorum as it was."""
    court.token.transfer(dee, 1, {"from": ann})
    court.next_round()
    dispute = court.open()
    arbitrable.setParties(jury, dispute, [dee], {"from": admin})
    assert jury.caseOf(dispute)["quorum"] == QUORUM * 600_000 // 650_000 == 60_000 * WAD


def test_the_quorum_of_tokens_has_a_floor(court, deploy, arbitrable, admin, stranger):
    for floor, quorum in ((QUORUM - 1, QUORUM), (QUORUM + 1, QUORUM + 1)):
        jury = deploy(quorumFloor=floor)
        arbitrable.open(jury, 2, {"from": admin})
        assert jury.caseOf(1)["quorum"] == quorum
    court.award({stranger: MIN_POINTS})
    arbitrable.open(jury, 2, {"from": admin})
    assert jury.caseOf(2)["quorum"] == model.quorum(MIN_POINTS, QUORUM_BPS)


def test_parties_are_not_in_the_quorum(court, jury, arbitrable, admin, ann, ben, stranger, dee):
    dispute = court.open()
    arbitrable.setParties(jury, dispute, [ann, ben, stranger], {"from": admin})
    assert jury.caseOf(dispute)["quorum"] == 15_000 * WAD
    court.award({stranger: 9 * MIN_POINTS, ann: MIN_POINTS})
    dispute = court.open()
    arbitrable.setParties(jury, dispute, [stranger], {"from": admin})
    assert jury.caseOf(dispute)["quorum"] == MIN_POINTS // 10


def test_a_floor_leaves_the_rest_a_ruling(court, deploy, arbitrable, admin, ann, ben, cem, dee):
    """The floor is more than all that is left beside the parties; it is cut as the share is."""
    jury = deploy(quorumFloor=60_000 * WAD)
    arbitrable.open(jury, 2, {"from": admin})
    arbitrable.setParties(jury, 1, [ann, ben, cem], {"from": admin})
    assert jury.weightOf(1, dee) == WEIGHT["dee"]
    assert jury.caseOf(1)["quorum"] == model.quorum(650_000 * WAD, QUORUM_BPS, 600_000 * WAD) == WEIGHT["dee"] // 10


def test_who_wraps_a_few_tokens_is_no_jury(PlainVotesToken, court, deploy, arbitrable, admin, ann):
    """Ann holds all votes there are, a unit less than the floor."""
    votes = PlainVotesToken.deploy(True, {"from": admin})
    jury = deploy(votes=votes, quorumFloor=1_000 * WAD)
    votes.mint(ann, 1_000 * WAD - 1, {"from": admin})
    votes.delegate(ann, {"from": ann})
    court.next_round()
    arbitrable.open(jury, 2, {"from": admin})
    assert jury.caseOf(1)["quorum"] > jury.weightOf(1, ann) == 1_000 * WAD - 1


def test_the_first_commitment_stores_the_quorum(court, jury, arbitrable, admin, ann, ben, dee):
    dispute = court.open()
    arbitrable.setParties(jury, dispute, [ann], {"from": admin})
    quorum = jury.caseOf(dispute)["quorum"]
    court.commit(dispute, ben, 1)
    arbitrable.setParties(jury, dispute, [ann, dee], {"from": admin})
    court.commit(dispute, ben, 2)
    assert jury.caseOf(dispute)["quorum"] == quorum == 35_000 * WAD


def test_an_arbitrable_that_names_nonsense_spoils_its_own_dispute(court, jury, arbitrable, admin, ann, dee, stranger):
    dispute, other = court.open(), court.open()
    arbitrable.setParties(jury, dispute, [ann, ann, ann, stranger], {"from": admin})
    assert jury.caseOf(dispute)["quorum"] == 0
    court.commit(dispute, dee, 2)
    court.start_reveals(dispute)
    court.reveal(dispute, dee, 2)
    court.end_reveals(dispute)
    jury.executeRuling(dispute, {"from": stranger})
    assert arbitrable.rulings(jury, dispute) == 2
    assert jury.caseOf(other)["quorum"] == QUORUM


@given(
    points=st.lists(st.integers(0, 10**6), min_size=4, max_size=4),
    parties=st.sets(st.integers(0, 3)),
    bps=st.integers(100, 5_000),
)
def test_quorums_agree_with_the_model(court, deploy, arbitrable, admin, jurors, points, parties, bps):
    people = list(jurors.values())
    jury = deploy(quorumBps=bps, minPoints=1)
    court.award({who: number * 10**9 for who, number in zip(people, points, strict=True)})
    arbitrable.open(jury, 2, {"from": admin})
    arbitrable.setParties(jury, 1, [people[place] for place in parties], {"from": admin})
    weights = [number * 10**9 for number in points] if any(points) else list(WEIGHT.values())
    whole, theirs = sum(weights), sum(weights[place] for place in parties)
    assert jury.caseOf(1)["isFromReputation"] is any(points)
    assert jury.caseOf(1)["quorum"] == model.quorum(whole, bps, theirs)
