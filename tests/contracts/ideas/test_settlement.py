"""IdeaBoard: settlement.

settle
  when the round is 0 or outside its window -> test_reverts_outside_the_window
  when nobody posted in the round -> test_reverts_when_round_has_no_ideas
  when it is settled -> test_reverts_when_settled
  when the round before is open -> test_reverts_while_round_before_is_open
  when the round before has no passing ideas -> test_round_without_passing_ideas_blocks_nothing
  when the round before lapsed -> test_lapsed_round_blocks_nothing
  when an idea is left out or shown too often -> test_reverts_when_count_is_wrong
  when an idea is not passing, withdrawn or unknown -> test_reverts_when_not_passing
  when ideas are out of order or doubled -> test_reverts_when_out_of_order
  when nothing passed -> test_settles_nothing
  when all fits -> test_funds_all_in_order
  when the cap is reached -> test_skips_what_does_not_fit
  when the pool cannot pay the next -> test_pool_stops_the_walk_and_more_money_goes_on
  when the pool pays nothing -> test_reverts_when_pool_pays_nothing
  given a round settled in part
    when another list is shown -> test_next_call_takes_the_same_list_only
    when a later round is settled -> test_later_round_waits_for_a_paused_one
  when it is to go on by some places only -> test_settles_in_parts
  when the escrow refuses -> test_reverts_when_escrow_refuses
  given ballots that tie -> test_ties_take_the_lower_number_first
  given rules changed after posting -> test_uses_the_rules_of_its_round
  given any votes, asks, pools and parts -> test_settlement_follows_the_model
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support import boards, clock
from tests.support.boards import CAP, UNIT, no, yes
from tests.support.models import board as model
from tests.support.reverts import VirtualMachineError, reverts

THIRD = CAP // 3
MIN_ASK, _ = model.ask_bounds(CAP)
ANA = 500_000 * UNIT


def _settle(world, numbers, round_number=1, at=None, most=0):
    return world.settle(numbers, round_number, most=most, at=at)


def _fill(world, pool):
    world.escrow.setPool(pool, {"from": world.deployer})


def _funded(tx):
    return [event["number"] for event in tx.events["IdeaFunded"]] if "IdeaFunded" in tx.events else []


@pytest.fixture
def ranked(posting):
    """Ideas 3, 1, 2 pass, in this order; 4 does not, 5 is withdrawn."""
    for ask in (THIRD, THIRD - 1, THIRD, MIN_ASK, MIN_ASK):
        posting.post(posting.ana, ask=ask)
    posting.board.withdraw(1, 5, {"from": posting.ana})
    posting.to_vote()
    posting.vote(posting.ana, [yes(1), yes(2), yes(3)])
    posting.vote(posting.budi, [no(2), yes(3)])
    posting.vote(posting.carla, [no(4)])
    return posting


def test_reverts_outside_the_window(ranked):
    closes, lapses = ranked.calendar.vote_closes(1), ranked.calendar.lapses(1)
    clock.reach(closes - 10)
    with reverts(ranked.board, "IdeaBoardNotSettling", 1, closes, lapses):
        _settle(ranked, [3, 1, 2], at=closes - 1)
    clock.reach(ranked.calendar.opens(2))
    with reverts(ranked.board, "IdeaBoardNotSettling", 0, ranked.calendar.opens(2), ranked.calendar.opens(4)):
        _settle(ranked, [], round_number=0)
    clock.reach(lapses - 10)
    with reverts(ranked.board, "IdeaBoardNotSettling", 1, closes, lapses):
        _settle(ranked, [3, 1, 2], at=lapses)


def test_reverts_when_round_has_no_ideas(posting):
    posting.to_settlement()
    with reverts(posting.board, "IdeaBoardNoIdeas", 1):
        _settle(posting, [])


def test_reverts_when_settled(ranked):
    closes = ranked.calendar.vote_closes(1)
    clock.reach(closes - 10)
    _settle(ranked, [3, 1, 2], at=closes)
    with reverts(ranked.board, "IdeaBoardSettled", 1):
        _settle(ranked, [3, 1, 2])
    assert ranked.escrow.calls() == 1


@pytest.fixture
def two_rounds(ranked):
    """A second round with one passing idea, ready to be settled; the first is open."""
    ranked.post(ranked.ana)
    ranked.to_vote(2)
    ranked.vote(ranked.ana, [yes(1)], number=2)
    ranked.to_settlement(2)
    return ranked


def test_reverts_while_round_before_is_open(two_rounds):
    with reverts(two_rounds.board, "IdeaBoardEarlierRoundOpen", 2, 1):
        _settle(two_rounds, [1], round_number=2)
    _settle(two_rounds, [3, 1, 2])
    _settle(two_rounds, [1], round_number=2)
    assert two_rounds.board.roundOf(2)["isSettled"] is True


def test_round_without_passing_ideas_blocks_nothing(voting):
    voting.vote(voting.ana, [no(1)])
    voting.post(voting.ana)
    voting.to_vote(2)
    voting.vote(voting.ana, [yes(1)], number=2)
    voting.to_settlement(2)
    _settle(voting, [1], round_number=2)
    assert voting.board.roundOf(1)["isSettled"] is False
    _settle(voting, [])


def test_lapsed_round_blocks_nothing(two_rounds):
    lapses = two_rounds.calendar.lapses(1)
    clock.reach(lapses - 10)
    with reverts(two_rounds.board, "IdeaBoardEarlierRoundOpen", 2, 1):
        _settle(two_rounds, [1], round_number=2, at=lapses - 1)
    tx = _settle(two_rounds, [1], round_number=2, at=lapses)
    assert tx.events["RoundSettled"]["funded"] == 1
    with reverts(two_rounds.board, "IdeaBoardNotSettling", 1, two_rounds.calendar.vote_closes(1), lapses):
        _settle(two_rounds, [3, 1, 2])


@pytest.mark.parametrize("numbers", [[], [3], [3, 1], [3, 1, 2, 4], [3, 3, 1, 2]])
def test_reverts_when_count_is_wrong(ranked, numbers):
    ranked.to_settlement()
    with reverts(ranked.board, "IdeaBoardWrongCount", len(numbers), 3):
        _settle(ranked, numbers)


@pytest.mark.parametrize(
    ("numbers", "index"), [([3, 1, 4], 2), ([5, 3, 1], 0), ([3, 6, 1], 1), ([0, 3, 1], 0), ([3, 2**32 - 1, 1], 1)]
)
def test_reverts_when_not_passing(ranked, numbers, index):
    ranked.to_settlement()
    with reverts(ranked.board, "IdeaBoardNotPassing", index, numbers[index]):
        _settle(ranked, numbers)


@pytest.mark.parametrize(
    ("numbers", "index"), [([1, 3, 2], 1), ([3, 2, 1], 2), ([3, 3, 1], 1), ([3, 1, 1], 2), ([2, 1, 3], 1)]
)
def test_reverts_when_out_of_order(ranked, numbers, index):
    ranked.to_settlement()
    with reverts(ranked.board, "IdeaBoardOutOfOrder", index, numbers[index]):
        _settle(ranked, numbers)


def test_settles_nothing(voting):
    voting.to_settlement()
    tx = _settle(voting, [])
    assert tx.events["RoundSettled"] == {"round": 1, "budget": CAP, "assigned": 0, "passing": 0, "funded": 0}
    assert voting.board.roundOf(1)["isSettled"] is True
    assert voting.escrow.calls() == 0


def test_funds_all_in_order(ranked):
    ranked.to_settlement()
    tx = _settle(ranked, [3, 1, 2])
    assert tx.events["RoundSettled"] == {
        "round": 1,
        "budget": CAP,
        "assigned": 3 * THIRD - 1,
        "passing": 3,
        "funded": 3,
    }
    asks = {3: THIRD, 1: THIRD, 2: THIRD - 1}
    assert [dict(event) for event in tx.events["IdeaFunded"]] == [
        {"round": 1, "number": number, "campaign": place, "ask": asks[number]}
        for place, number in enumerate([3, 1, 2], 1)
    ]
    seeds = [(1, n, ranked.ana.address, asks[n], 1000, 30 * boards.DAY) for n in (3, 1, 2)]
    assert [ranked.escrow.seedOf(place) for place in (1, 2, 3)] == seeds
    word = ranked.board.roundOf(1)
    assert (word["isSettled"], word["passing"], word["threshold"]) == (True, 3, boards.PASSING)


def test_skips_what_does_not_fit(posting):
    asks = [THIRD, THIRD, THIRD - MIN_ASK, MIN_ASK + 1, MIN_ASK, MIN_ASK]
    for ask in asks:
        posting.post(posting.ana, ask=ask)
    posting.to_vote()
    posting.vote(posting.ana, [yes(n) for n in range(1, 7)])
    posting.to_settlement()
    tx = _settle(posting, [1, 2, 3, 4, 5, 6])
    assert [event["number"] for event in tx.events["IdeaFunded"]] == [1, 2, 3, 5]
    assert tx.events["RoundSettled"]["assigned"] == CAP
    assert posting.escrow.assigned() == CAP


def test_pool_stops_the_walk_and_more_money_goes_on(ranked):
    """Idea 1 waits for the last unit; idea 2, which the pool could pay, does not go before it."""
    _fill(ranked, 2 * THIRD - 1)
    ranked.to_settlement()
    tx = _settle(ranked, [3, 1, 2])
    assert _funded(tx) == [3]
    assert tx.events["SettlementPaused"] == {"round": 1, "walked": 1, "assigned": THIRD, "funded": 1, "missing": 1}
    assert "RoundSettled" not in tx.events
    facts = ranked.board.roundOf(1)
    assert (facts["walked"], facts["assigned"], facts["funded"], facts["isSettled"]) == (1, THIRD, 1, False)
    with reverts(ranked.board, "IdeaBoardPoolTooSmall", THIRD - 1, THIRD):
        _settle(ranked, [3, 1, 2])
    _fill(ranked, 2 * THIRD - 1)
    tx = _settle(ranked, [3, 1, 2])
    assert _funded(tx) == [1, 2]
    assert tx.events["RoundSettled"] == {
        "round": 1,
        "budget": CAP,
        "assigned": 3 * THIRD - 1,
        "passing": 3,
        "funded": 3,
    }
    facts = ranked.board.roundOf(1)
    assert (facts["walked"], facts["assigned"], facts["funded"], facts["isSettled"]) == (3, 3 * THIRD - 1, 3, True)
    assert (facts["passing"], facts["threshold"]) == (3, boards.PASSING)


@pytest.mark.parametrize("pool", [0, THIRD - 1])
def test_reverts_when_pool_pays_nothing(ranked, pool):
    _fill(ranked, pool)
    ranked.to_settlement()
    with reverts(ranked.board, "IdeaBoardPoolTooSmall", pool, THIRD):
        _settle(ranked, [3, 1, 2])
    assert ranked.escrow.calls() == 0


def test_next_call_takes_the_same_list_only(ranked):
    _fill(ranked, THIRD)
    ranked.to_settlement()
    _settle(ranked, [3, 1, 2])
    _fill(ranked, CAP)
    with reverts(ranked.board, "IdeaBoardOutOfOrder", 1, 3):
        _settle(ranked, [1, 3, 2])
    with reverts(ranked.board, "IdeaBoardWrongCount", 2, 3):
        _settle(ranked, [1, 2])
    assert _funded(_settle(ranked, [3, 1, 2])) == [1, 2]


def test_later_round_waits_for_a_paused_one(two_rounds):
    _fill(two_rounds, THIRD)
    _settle(two_rounds, [3, 1, 2])
    _fill(two_rounds, CAP)
    with reverts(two_rounds.board, "IdeaBoardEarlierRoundOpen", 2, 1):
        _settle(two_rounds, [1], round_number=2)
    lapses = two_rounds.calendar.lapses(1)
    clock.reach(lapses - 10)
    with reverts(two_rounds.board, "IdeaBoardNotSettling", 1, two_rounds.calendar.vote_closes(1), lapses):
        clock.reach(lapses - 1)
        _settle(two_rounds, [3, 1, 2], at=lapses)
    assert _funded(_settle(two_rounds, [1], round_number=2)) == [1]


def test_settles_in_parts(ranked):
    """By as many places as the caller says: passing over counts, too."""
    ranked.to_settlement()
    tx = _settle(ranked, [3, 1, 2], most=1)
    assert _funded(tx) == [3]
    assert tx.events["SettlementPaused"] == {"round": 1, "walked": 1, "assigned": THIRD, "funded": 1, "missing": 0}
    tx = _settle(ranked, [3, 1, 2], most=1)
    assert _funded(tx) == [1]
    tx = _settle(ranked, [3, 1, 2], most=2**32 - 1)
    assert _funded(tx) == [2]
    assert tx.events["RoundSettled"]["funded"] == 3


def test_reverts_when_escrow_refuses(ranked, EscrowStub):
    ranked.escrow.setRefusing(True, {"from": ranked.deployer})
    ranked.to_settlement()
    with reverts(EscrowStub, "EscrowStubRefuses"):
        _settle(ranked, [3, 1, 2])
    assert ranked.board.roundOf(1)["isSettled"] is False
    ranked.escrow.setRefusing(False, {"from": ranked.deployer})
    _settle(ranked, [3, 1, 2])


def test_ties_take_the_lower_number_first(voting):
    voting.vote(voting.ana, [yes(1), yes(2), yes(3)])
    voting.to_settlement()
    with reverts(voting.board, "IdeaBoardOutOfOrder", 1, 1):
        _settle(voting, [2, 1, 3])
    with reverts(voting.board, "IdeaBoardOutOfOrder", 2, 2):
        _settle(voting, [1, 3, 2])
    _settle(voting, [1, 2, 3])


def test_uses_the_rules_of_its_round(ranked):
    ranked.board.setRules((300, 5000, 500), {"from": ranked.deployer})
    ranked.to_settlement()
    tx = _settle(ranked, [3, 1, 2])
    assert tx.events["RoundSettled"]["budget"] == CAP


VOTERS = ("ana", "budi", "carla", "dewi", "rest")
IDEAS = 6


@given(
    asks=st.lists(st.integers(MIN_ASK, THIRD), min_size=IDEAS, max_size=IDEAS),
    votes=st.lists(
        st.lists(st.sampled_from("+-."), min_size=IDEAS, max_size=IDEAS), min_size=len(VOTERS), max_size=len(VOTERS)
    ),
    pools=st.lists(st.integers(0, CAP // 2), max_size=4),
    most=st.integers(0, IDEAS),
)
def test_settlement_follows_the_model(world, asks, votes, pools, most):
    """However the pool is filled, and in however many parts: the same ideas are funded, in the same order."""
    weights = {world.people[role].address: boards.PEOPLE[role][1] * UNIT for role in VOTERS}
    expected = model.RoundModel(boards.PASSING, ideas=IDEAS, weights=weights)
    world.to_posting()
    for ask in asks:
        world.post(world.ana, ask=ask)
    world.to_vote()
    for role, row in zip(VOTERS, votes, strict=True):
        choices = [n * 2 + (sign == "+") for n, sign in enumerate(row, 1) if sign != "."]
        world.vote(world.people[role], choices)
        expected.cast(world.people[role].address, 1, choices)
    world.to_settlement()
    order, prices = expected.passing(), dict(enumerate(asks, 1))
    chosen = model.chosen(order, prices, CAP)
    funded = []
    for pool in pools:
        _fill(world, pool)
        with suppress(VirtualMachineError):  # the pool pays nothing, or all is done
            funded += _funded(_settle(world, order, most=most))
        assert funded == chosen[: len(funded)]
    _fill(world, CAP)
    while not world.board.roundOf(1)["isSettled"]:
        funded += _funded(_settle(world, order, most=most))
    assert funded == chosen
    assert world.escrow.assigned() == sum(prices[n] for n in chosen) <= CAP
