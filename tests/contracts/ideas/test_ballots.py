"""IdeaBoard: direct ballots.

castBallot
  when the round is not being voted on -> test_reverts_when_not_voting
  when the round is 0, or later -> test_reverts_for_other_rounds
  when nobody posted in the round -> test_reverts_when_round_has_no_ideas
  when the voter is excluded -> test_reverts_when_excluded
  when the voter had no votes when the vote opened -> test_reverts_without_votes_at_the_snapshot
  when the voter had none a holding period before -> test_reverts_without_votes_a_holding_period_before
  when votes moved between or after the readings -> test_weight_is_the_smaller_reading
  when there are more than 100 choices -> test_reverts_above_hundred_choices
  when there are exactly 100 choices -> test_takes_hundred_choices
  when numbers do not ascend, or stand in both lists -> test_reverts_when_choices_not_ascending
  when an idea is unknown -> test_reverts_when_idea_unknown
  when an idea was withdrawn -> test_reverts_when_idea_withdrawn
  when a second ballot comes in the same second -> test_reverts_in_the_same_second
  given no ballot in the round
    when it is the first of all -> test_first_ballot_fixes_the_threshold
    when it is empty -> test_empty_ballot_without_predecessor
    when its voter has a ballot in an earlier round -> test_ballot_of_earlier_round_is_left_alone
  given a ballot in the round
    when it is replaced -> test_replacing_moves_every_tally
    when it is emptied -> test_empty_ballot_takes_all_back
passing
  when net support is one short, exact, one over -> test_passing_begins_at_the_threshold
  when an idea crosses up and down again and again -> test_counter_follows_every_crossing
  when support equals opposition -> test_tie_is_no
the last tenth
  given its first second -> test_last_tenth_begins_on_the_second
  given a predecessor -> test_last_tenth_allows_no_gain
units
  given any supply -> test_any_supply_fits_the_tallies
  when a weight is no multiple of the unit -> test_dust_counts_for_nothing
  when the supply grows after the board's birth -> test_minting_does_not_stop_a_vote
  when a token's votes are more than its supply -> test_sums_beyond_the_supply_are_refused
"""

from __future__ import annotations

import pytest

from tests.support import boards, clock
from tests.support.boards import UNIT, no, yes
from tests.support.models import board as model
from tests.support.reverts import reverts

ANA = 500_000 * UNIT
BUDI = 200_000 * UNIT


def _tally(world, number, round_number=1):
    tally = world.board.tallyOf(round_number, number)
    return tally["forVotes"], tally["againstVotes"]


def test_reverts_when_not_voting(posting):
    posting.post(posting.ana)
    opens, closes = posting.calendar.vote_opens(1), posting.calendar.vote_closes(1)
    clock.mine_at(opens - 10)
    for moment, works in [(opens - 1, False), (opens, True), (closes - 1, True), (closes, False)]:
        clock.reach(moment - 1)
        if works:
            posting.vote(posting.ana, [no(1)], at=moment)
        else:
            with reverts(posting.board, "IdeaBoardNotVoting", 1, opens, closes):
                posting.vote(posting.ana, [no(1)], at=moment)


@pytest.mark.parametrize("number", [2, 3, 2**32 - 1])
def test_reverts_for_other_rounds(voting, number):
    calendar = voting.calendar
    for wrong in (0, number):
        opens, closes = calendar.vote_opens(wrong), calendar.vote_closes(wrong)
        with reverts(voting.board, "IdeaBoardNotVoting", wrong, opens, closes):
            voting.vote(voting.ana, [], number=wrong)


def test_reverts_when_round_has_no_ideas(posting):
    posting.to_vote()
    for choices in ([], [yes(1)]):
        with reverts(posting.board, "IdeaBoardNoIdeas", 1):
            posting.vote(posting.ana, choices)


def test_reverts_when_excluded(voting):
    with reverts(voting.board, "ElectorateExcluded", voting.treasury):
        voting.vote(voting.treasury, [yes(1)])


def test_reverts_without_votes_at_the_snapshot(posting):
    posting.post(posting.ana)
    opens = posting.calendar.vote_opens(1)
    clock.mine_at(opens - 10)
    clock.set_next(opens)
    posting.token.transfer(posting.stranger, UNIT, {"from": posting.ana})
    with reverts(posting.board, "IdeaBoardNoVotes", posting.stranger, opens - 1):
        posting.vote(posting.stranger, [yes(1)])


@pytest.mark.parametrize(("second", "counts"), [(-1, True), (0, True), (1, False)])
def test_reverts_without_votes_a_holding_period_before(posting, second, counts):
    posting.post(posting.ana)
    opens = posting.calendar.vote_opens(1)
    clock.mine_at(opens - 1 - boards.HOLDING - 10)
    clock.set_next(opens - 1 - boards.HOLDING + second)
    posting.token.transfer(posting.stranger, UNIT, {"from": posting.ana})
    posting.to_vote()
    if counts:
        posting.vote(posting.stranger, [yes(1)])
        assert _tally(posting, 1) == (UNIT, 0)
    else:
        with reverts(posting.board, "IdeaBoardNoVotes", posting.stranger, opens - 1):
            posting.vote(posting.stranger, [yes(1)])


def test_weight_is_the_smaller_reading(posting):
    """Budi's tokens grow between the readings, Ana's shrink after the second."""
    posting.post(posting.ana)
    opens = posting.calendar.vote_opens(1)
    clock.mine_at(opens - 10)
    clock.set_next(opens - 1)
    posting.token.transfer(posting.budi, UNIT, {"from": posting.ana})
    clock.set_next(opens)
    posting.token.transfer(posting.budi, ANA - UNIT, {"from": posting.ana})
    posting.vote(posting.budi, [no(1)])
    posting.vote(posting.ana, [yes(1)])
    assert _tally(posting, 1) == (ANA - UNIT, BUDI)


@pytest.fixture
def crowded(posting):
    """101 ideas."""
    posting.post_many(posting.ana, 101)
    posting.to_vote()
    return posting


def test_reverts_above_hundred_choices(crowded):
    with reverts(crowded.board, "IdeaBoardTooManyChoices", 101, 100):
        crowded.vote(crowded.ana, [yes(n) for n in range(1, 102)])


def test_takes_hundred_choices(crowded):
    choices = [yes(n) for n in range(1, 101)]
    crowded.vote(crowded.ana, choices)
    assert crowded.board.ballotOf(crowded.ana)[2] == list(range(1, 101))
    assert crowded.board.roundOf(1)["passing"] == 100
    later = [no(n) for n in range(2, 102)]
    tx = crowded.vote(crowded.ana, later)
    assert crowded.board.ballotOf(crowded.ana) == (1, tx.timestamp, *boards.sides(later))
    assert crowded.board.roundOf(1)["passing"] == 0
    assert _tally(crowded, 1) == (0, 0)
    assert _tally(crowded, 101) == (0, ANA)


@pytest.mark.parametrize(
    ("in_favour", "against", "number"),
    [
        ([2, 1], [], 1),
        ([], [2, 1], 1),
        ([1, 1], [], 1),
        ([], [3, 3], 3),
        ([2], [2], 2),
        ([1, 3], [2, 3], 3),
        ([1], [3, 2], 2),
        ([2], [3, 1], 1),
    ],
)
def test_reverts_when_choices_not_ascending(voting, in_favour, against, number):
    with reverts(voting.board, "IdeaBoardChoicesNotAscending", number):
        voting.board.castBallot(1, in_favour, against, {"from": voting.ana})


@pytest.mark.parametrize("choice", [0, 1, 8, 9, 2**17 + 2, 2**33 - 1])
def test_reverts_when_idea_unknown(voting, choice):
    with reverts(voting.board, "IdeaBoardUnknownIdea", 1, choice // 2):
        voting.vote(voting.ana, [choice])
    voting.vote(voting.ana, [yes(1)])
    with reverts(voting.board, "IdeaBoardUnknownIdea", 1, choice // 2):
        voting.vote(voting.ana, [choice])


def test_reverts_when_idea_withdrawn(posting):
    posting.post_many(posting.ana, 2)
    posting.board.withdraw(1, 1, {"from": posting.ana})
    posting.to_vote()
    for choice in (yes(1), no(1)):
        with reverts(posting.board, "IdeaBoardWithdrawn", 1, 1):
            posting.vote(posting.ana, [choice, yes(2)])


def test_reverts_in_the_same_second(voting):
    tx = voting.vote(voting.ana, [yes(1)])
    with reverts(voting.board, "IdeaBoardStaleBallot", tx.timestamp, tx.timestamp):
        voting.vote(voting.ana, [no(1)], at=tx.timestamp)


def test_first_ballot_fixes_the_threshold(voting):
    board = voting.board
    assert board.roundOf(1) == (boards.POSTING, 1, 3, 0, 0, 0, 0, 0, False, False)
    tx = voting.vote(voting.budi, [yes(1), no(3)])
    words = model.pack_ballot(1, tx.timestamp, [3, 6])
    assert tx.events["BallotCast"] == {"voter": voting.budi, "round": 1, "votes": BUDI, "words": tuple(words)}
    assert board.roundOf(1) == (boards.PASSING, boards.VOTES_UNIT, 3, 1, 0, 0, 0, 0, True, False)
    assert board.tallyOf(1, 1) == (BUDI, 0, 1, False, True)
    assert board.tallyOf(1, 2) == (0, 0, 1, False, False)
    assert board.tallyOf(1, 3) == (0, BUDI, 1, False, False)
    assert board.ballotOf(voting.budi) == (1, tx.timestamp, [1], [3])
    assert board.postingThreshold(1) == boards.POSTING
    assert board.passingThreshold(1) == boards.PASSING


def test_empty_ballot_without_predecessor(voting):
    tx = voting.vote(voting.ana, [])
    assert voting.board.ballotOf(voting.ana) == (1, tx.timestamp, [], [])
    assert voting.board.roundOf(1) == (boards.PASSING, boards.VOTES_UNIT, 3, 0, 0, 0, 0, 0, True, False)


def test_ballot_of_earlier_round_is_left_alone(voting):
    voting.vote(voting.ana, [yes(1), yes(2), yes(3)])
    voting.post_many(voting.budi, 2)
    voting.to_vote(2)
    voting.vote(voting.ana, [no(2)], number=2)
    assert [_tally(voting, n) for n in (1, 2, 3)] == [(ANA, 0)] * 3
    assert _tally(voting, 2, 2) == (0, ANA)
    assert voting.board.ballotOf(voting.ana)[2:] == ([], [2])
    assert voting.board.roundOf(1)["passing"] == 3


def test_replacing_moves_every_tally(voting):
    voting.vote(voting.ana, [yes(1), no(2)])
    voting.vote(voting.budi, [yes(1)])
    tx = voting.vote(voting.ana, [yes(2), yes(3)])
    assert [_tally(voting, n) for n in (1, 2, 3)] == [(BUDI, 0), (ANA, 0), (ANA, 0)]
    assert voting.board.ballotOf(voting.ana) == (1, tx.timestamp, [2, 3], [])
    assert voting.board.roundOf(1)["passing"] == 3


def test_empty_ballot_takes_all_back(voting):
    voting.vote(voting.ana, [yes(1), no(2), yes(3)])
    tx = voting.vote(voting.ana, [])
    assert [_tally(voting, n) for n in (1, 2, 3)] == [(0, 0)] * 3
    assert voting.board.ballotOf(voting.ana) == (1, tx.timestamp, [], [])
    assert voting.board.roundOf(1)["passing"] == 0


@pytest.mark.parametrize(("short", "passes"), [(1, False), (0, True), (-1, True)])
def test_passing_begins_at_the_threshold(world, short, passes):
    posting = world
    posting.token.transfer(posting.stranger, boards.PASSING - short, {"from": posting.rest})
    posting.to_posting()
    posting.post(posting.ana)
    posting.to_vote()
    posting.vote(posting.stranger, [yes(1)])
    assert posting.board.tallyOf(1, 1)["isPassing"] is passes
    assert posting.board.roundOf(1)["passing"] == int(passes)


def test_counter_follows_every_crossing(voting):
    for _ in range(3):
        voting.vote(voting.carla, [yes(1), yes(2)])
        assert voting.board.roundOf(1)["passing"] == 2
        voting.vote(voting.dewi, [no(1)])
        assert voting.board.roundOf(1)["passing"] == 1
        voting.vote(voting.dewi, [yes(1), no(2), no(3)])
        assert voting.board.roundOf(1)["passing"] == 1
        voting.vote(voting.budi, [yes(3)])
        assert voting.board.roundOf(1)["passing"] == 2
        voting.vote(voting.dewi, [])
        voting.vote(voting.budi, [no(1), no(2), no(3)])
        assert voting.board.roundOf(1)["passing"] == 0
        voting.vote(voting.budi, [])
        assert voting.board.roundOf(1)["passing"] == 2


def test_tie_is_no(world):
    posting = world
    posting.token.transfer(posting.stranger, 200_000 * UNIT, {"from": posting.ana})
    posting.to_posting()
    posting.post(posting.ana)
    posting.to_vote()
    posting.vote(posting.stranger, [yes(1)])
    posting.vote(posting.budi, [no(1)])
    assert posting.board.tallyOf(1, 1) == (BUDI, BUDI, 1, False, False)
    assert posting.board.roundOf(1)["passing"] == 0


def test_last_tenth_begins_on_the_second(voting):
    late = voting.calendar.late_from(1)
    clock.mine_at(late - 10)
    voting.vote(voting.ana, [yes(1)], at=late - 1)
    with reverts(voting.board, "IdeaBoardLateFor", 1, late):
        voting.vote(voting.budi, [yes(1)], at=late)


def test_last_tenth_allows_no_gain(voting):
    voting.vote(voting.ana, [yes(1), no(2)])
    late = voting.to_late()
    for choices, number in [
        ([yes(1), yes(2)], 2),  # an against turned round
        ([yes(1), no(2), yes(3)], 3),
        ([yes(2)], 2),
        ([no(1), no(2), yes(3)], 3),
        ([yes(1)], 2),  # an against given up
        ([yes(1), no(3)], 2),
        ([], 2),
    ]:
        with reverts(voting.board, "IdeaBoardLateFor", number, late):
            voting.vote(voting.ana, choices)
    voting.vote(voting.ana, [yes(1), no(2), no(3)])
    voting.vote(voting.ana, [no(2), no(3)])
    with reverts(voting.board, "IdeaBoardLateFor", 1, late):
        voting.vote(voting.ana, [yes(1), no(2), no(3)])
    voting.vote(voting.ana, [no(1), no(2), no(3)])
    voting.vote(voting.budi, [no(1), no(2)])
    assert [_tally(voting, n) for n in (1, 2, 3)] == [(0, ANA + BUDI), (0, ANA + BUDI), (0, ANA)]


def _with_supply(accounts, token, shares):
    """A board whose token is held so by ana, budi and carla, and its vote."""
    for place, amount in enumerate(shares, 2):
        token.mint(accounts[place], amount, {"from": accounts[0]})
        token.delegate(accounts[place], {"from": accounts[place]})
    world = boards.deploy(accounts, token=token)
    world.to_posting()
    world.post(world.ana)
    world.to_vote()
    return world


@pytest.fixture
def growing(accounts, PlainVotesToken):
    """A votes token that anybody mints."""
    return PlainVotesToken.deploy(True, {"from": accounts[0]})


@pytest.mark.parametrize("supply", [1, 25, 2**62 - 2, 2**62 - 1, 2**112 - 1, 10**62, 2**207])
def test_any_supply_fits_the_tallies(accounts, growing, supply):
    """Whoever holds everything passes, and can turn round; what counts is rounded down to the unit."""
    world = _with_supply(accounts, growing, [supply])
    threshold = model.share(supply, boards.PASSING_BPS, 0)
    unit = model.unit_of_votes(supply, threshold)
    counted = supply // unit * unit
    assert world.board.passingThreshold(1) == -(-threshold // unit) * unit
    world.vote(world.ana, [no(1)])
    assert _tally(world, 1) == (0, counted)
    assert world.board.roundOf(1)["passing"] == 0
    tx = world.vote(world.ana, [yes(1)])
    assert tx.events["BallotCast"]["votes"] == counted
    assert _tally(world, 1) == (counted, 0)
    assert world.board.roundOf(1)[:2] == (-(-threshold // unit) * unit, unit)
    assert world.board.tallyOf(1, 1)["isPassing"] is True


def test_dust_counts_for_nothing(world):
    """A unit is a millionth of a millionth of a token here; what is less than one is no vote."""
    dust = boards.VOTES_UNIT - 1
    world.token.transfer(world.stranger, dust, {"from": world.rest})
    world.token.transfer(world.dewi, dust, {"from": world.rest})
    world.to_posting()
    world.post(world.ana)
    world.to_vote()
    with reverts(world.board, "IdeaBoardNoVotes", world.stranger, world.calendar.vote_opens(1) - 1):
        world.vote(world.stranger, [yes(1)])
    world.vote(world.dewi, [yes(1)])
    assert _tally(world, 1) == (2_699 * UNIT, 0)


def test_minting_does_not_stop_a_vote(accounts, growing):
    """Each round has the unit of its own supply: one that grows to a multiple, before the readings or after them,
    neither overflows a tally nor keeps anybody from voting."""
    world = _with_supply(accounts, growing, [10**18, 10**18])
    growing.mint(world.carla, 2**150, {"from": world.deployer})
    growing.delegate(world.carla, {"from": world.carla})
    world.vote(world.ana, [yes(1)])
    world.vote(world.budi, [no(1)])
    assert _tally(world, 1) == (10**18, 10**18)
    world.post(world.ana)
    world.to_vote(2)
    world.vote(world.carla, [yes(1)], number=2)
    unit = world.board.roundOf(2)["unit"]
    assert _tally(world, 1, 2) == (2**150 // unit * unit, 0)
    with reverts(world.board, "IdeaBoardNoVotes", world.ana, world.calendar.vote_opens(2) - 1):
        world.vote(world.ana, [yes(1)], number=2)


def test_sums_beyond_the_supply_are_refused(accounts, FalseVotesToken):
    """A token that counts votes twice: its sums stay in their places all the same."""
    token = FalseVotesToken.deploy({"from": accounts[0]})
    world = boards.deploy(accounts, token=token)
    world.to_posting()
    world.post(world.ana)
    world.to_vote()
    world.vote(world.ana, [yes(1)])
    with reverts(world.board, "SafeCastOverflowedUintDowncast", 62, 2 * (2**62 - 2)):
        world.vote(world.budi, [yes(1)])
    world.vote(world.budi, [no(1)])
    assert _tally(world, 1) == (2**62 - 2, 2**62 - 2)
