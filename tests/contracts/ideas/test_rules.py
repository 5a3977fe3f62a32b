"""IdeaBoard: time, rules, thresholds, permissions.

constructor
  it keeps what it was given -> test_keeps_what_it_was_given
  when a length of the frame is out of bounds -> test_refuses_frame
  when the holding period is out of bounds -> test_refuses_holding_periods
  when lengths and origin are at their bounds -> test_takes_frames_at_their_bounds
  when there is no contract at the escrow's address -> test_refuses_escrow_without_code
  when a rule is out of bounds -> test_refuses_rules
currentRound and the windows
  given any origin and length -> test_windows_follow_the_model
  given the first and last second of every window -> test_rounds_change_on_the_second
setRules
  when called before the origin -> test_rules_before_origin_hold_from_round_one
  when called in a round -> test_rules_hold_from_the_next_round
  when called by somebody without the role -> test_permissions
thresholds
  given any share and floor -> test_thresholds_follow_the_model
  given floors above the shares -> test_floors_hold
  given nobody can vote -> test_thresholds_are_never_zero
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS
from brownie.test import given
from hypothesis import strategies as st

from tests.support import boards, clock
from tests.support.models import board as model
from tests.support.reverts import reverts

TREASURY_TOKENS = 100_000 * boards.UNIT


def test_keeps_what_it_was_given(world):
    board = world.board
    frame = (world.calendar.origin, boards.LENGTH, boards.HOLDING, 0, 0)
    assert board.frame() == frame
    assert board.escrow() == world.escrow
    assert board.votesToken() == world.token
    assert board.authority() == world.manager
    assert board.excludedAccounts() == [world.treasury]
    assert board.latestRound() == 0
    rules = (boards.CAP, boards.PASSING_BPS, boards.POSTING_BPS)
    assert board.rulesOf(1) == rules == board.rulesOf(2**32 - 1)
    assert board.rulesOf(0) == (0, 0, 0)
    assert board.tx.events["RulesSet"] == {
        "fromRound": 1,
        "cap": boards.CAP,
        "passingBps": boards.PASSING_BPS,
        "postingBps": boards.POSTING_BPS,
    }


def _deploy(world, container, *, frame=None, rules=None, escrow=None):
    return container.deploy(
        world.manager,
        world.token,
        escrow or world.escrow,
        [world.treasury],
        frame or (world.calendar.origin, boards.LENGTH, boards.HOLDING, 0, 0),
        rules or (boards.CAP, boards.PASSING_BPS, boards.POSTING_BPS),
        {"from": world.deployer},
    )


@pytest.mark.parametrize(("origin", "length", "holding"), [(10**9, 9, 1), (10**9, 90 * boards.DAY + 1, 1), (11, 10, 1)])
def test_refuses_frame(world, IdeaBoard, origin, length, holding):
    with reverts(IdeaBoard, "IdeaBoardBadFrame", origin, length, holding):
        _deploy(world, IdeaBoard, frame=(origin, length, holding, 0, 0))


@pytest.mark.parametrize("holding", [0, 90 * boards.DAY + 1])
def test_refuses_holding_periods(world, IdeaBoard, holding):
    with reverts(IdeaBoard, "ElectorateHoldingOutOfBounds", holding, 1, 90 * boards.DAY):
        _deploy(world, IdeaBoard, frame=(10**9, 10, holding, 0, 0))


@pytest.mark.parametrize(("length", "holding"), [(10, 1), (90 * boards.DAY, 1), (10, 90 * boards.DAY)])
def test_takes_frames_at_their_bounds(world, IdeaBoard, length, holding):
    frame = (length + holding + 1, length, holding, 0, 0)
    assert _deploy(world, IdeaBoard, frame=frame).frame() == frame


def test_refuses_escrow_without_code(world, IdeaBoard):
    with reverts(IdeaBoard, "IdeaBoardNoEscrow", world.stranger):
        _deploy(world, IdeaBoard, escrow=world.stranger)


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ((99, 400, 10), ("IdeaBoardCapTooSmall", 99, 100)),
        ((100, 199, 10), ("ElectorateShareOutOfBounds", 199, 200, 5000)),
        ((100, 5001, 10), ("ElectorateShareOutOfBounds", 5001, 200, 5000)),
        ((100, 400, 0), ("ElectorateShareOutOfBounds", 0, 1, 500)),
        ((100, 400, 501), ("ElectorateShareOutOfBounds", 501, 1, 500)),
    ],
)
def test_refuses_rules(world, IdeaBoard, rules, error):
    with reverts(IdeaBoard, *error):
        _deploy(world, IdeaBoard, rules=rules)
    with reverts(IdeaBoard, *error):
        world.board.setRules(rules, {"from": world.deployer})


@given(
    origin=st.integers(200 * boards.DAY, 2**40),
    length=st.integers(10, 90 * boards.DAY),
    number=st.integers(1, 2**32 - 1),
)
def test_windows_follow_the_model(world, IdeaBoard, origin, length, number):
    board = _deploy(world, IdeaBoard, frame=(origin, length, 1, 0, 0))
    calendar = model.Calendar(origin, length)
    assert board.postingOpens(number) == calendar.opens(number)
    assert board.votingOpens(number) == calendar.vote_opens(number)
    assert board.votingCloses(number) == calendar.vote_closes(number)
    assert board.lateFrom(number) == calendar.late_from(number)
    assert board.lapsesAt(number) == calendar.lapses(number)
    assert board.currentRound() == calendar.round_at(clock.now())


def test_rounds_change_on_the_second(world):
    for number in range(4):
        clock.mine_at(world.calendar.opens(number + 1) - 1)
        assert world.board.currentRound() == number
        clock.mine_at(world.calendar.opens(number + 1))
        assert world.board.currentRound() == number + 1


def test_rules_before_origin_hold_from_round_one(world):
    tx = world.board.setRules((500, 300, 20), {"from": world.deployer})
    assert tx.events["RulesSet"]["fromRound"] == 1
    assert world.board.rulesOf(1) == (500, 300, 20)


def test_rules_hold_from_the_next_round(voting):
    rules = (500, 300, 20)
    tx = voting.board.setRules(rules, {"from": voting.deployer})
    assert tx.events["RulesSet"] == {"fromRound": 3, "cap": 500, "passingBps": 300, "postingBps": 20}
    old = (boards.CAP, boards.PASSING_BPS, boards.POSTING_BPS)
    assert [voting.board.rulesOf(n) for n in (1, 2, 3, 4)] == [old, old, rules, rules]
    voting.vote(voting.ana, [boards.yes(1)])
    assert voting.board.roundOf(1)["threshold"] == boards.PASSING
    voting.post(voting.ana)
    voting.to_posting(3)
    with reverts(voting.board, "IdeaBoardAskOutOfBounds", boards.ASK, 5, 166):
        voting.post(voting.ana)


PERMISSIONS = [
    # function, arguments, roles that may call it
    ("setRules", [(500, 300, 20)], {"deployer"}),
    ("post", [boards.params()], {"ana", "budi", "carla", "dewi", "rest"}),
    ("castBallotsBySig", [[]], set(boards.PEOPLE)),
]


@pytest.mark.parametrize(("function", "arguments", "allowed"), PERMISSIONS)
def test_permissions(posting, function, arguments, allowed):
    for role in boards.PEOPLE:
        caller = posting.people[role]
        act = getattr(posting.board, function)
        if role in allowed:
            act(*arguments, {"from": caller})
            continue
        if function == "post":
            error = ("IdeaBoardNotEnoughPower", 0, boards.POSTING, 0)
            if role == "treasury":
                error = ("ElectorateExcluded", caller)
        else:
            error = ("AccessManagedUnauthorized", caller)
        with reverts(posting.board, *error):
            act(*arguments, {"from": caller})


@given(
    passing=st.integers(200, 5000),
    posting_bps=st.integers(1, 500),
    floors=st.tuples(st.integers(0, boards.SUPPLY), st.integers(0, boards.SUPPLY)),
)
def test_thresholds_follow_the_model(world, IdeaBoard, passing, posting_bps, floors):
    world.to_vote()
    board = _deploy(
        world,
        IdeaBoard,
        frame=(world.calendar.origin, boards.LENGTH, boards.HOLDING, *floors),
        rules=(boards.CAP, passing, posting_bps),
    )
    votable = boards.SUPPLY - TREASURY_TOKENS
    wanted = model.share(votable, passing, floors[0])
    unit = model.unit_of_votes(boards.SUPPLY, wanted)
    assert board.passingThreshold(1) == model.ceil_div(wanted, unit) * unit
    assert board.postingThreshold(1) == model.share(votable, posting_bps, floors[1])


def test_floors_hold(world, IdeaBoard):
    board = _deploy(
        world,
        IdeaBoard,
        frame=(world.calendar.origin, boards.LENGTH, boards.HOLDING, 7 * boards.PASSING, 3 * boards.POSTING),
    )
    world.to_posting()
    assert board.postingThreshold(1) == 3 * boards.POSTING
    with reverts(board, "IdeaBoardNotEnoughPower", 2_699 * boards.UNIT, 3 * boards.POSTING, 0):
        board.post(boards.params(), {"from": world.dewi})
    board.post(boards.params(), {"from": world.ana})
    world.to_vote()
    board.castBallot(1, [1], [], {"from": world.budi})
    assert board.tallyOf(1, 1)["isPassing"] is False
    board.castBallot(1, [1], [], {"from": world.ana})
    assert board.roundOf(1)["threshold"] == 7 * boards.PASSING
    assert board.tallyOf(1, 1)["isPassing"] is True


def test_thresholds_are_never_zero(world, PlainVotesToken, IdeaBoard):
    token = PlainVotesToken.deploy(True, {"from": world.deployer})
    board = IdeaBoard.deploy(
        world.manager,
        token,
        world.escrow,
        [],
        (world.calendar.origin, boards.LENGTH, boards.HOLDING, 0, 0),
        (boards.CAP, 400, 10),
        {"from": world.deployer},
    )
    world.to_vote()
    assert board.postingThreshold(1) == 1 == board.passingThreshold(1)
    with reverts(board, "IdeaBoardNotEnoughPower", 0, 1, 0):
        board.post(boards.params(lead=ZERO_ADDRESS), {"from": world.ana})
