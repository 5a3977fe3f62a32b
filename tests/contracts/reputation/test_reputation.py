"""Reputation: its frame, awards, and what votes tokens have besides.

constructor
  when the half-life is outside 90 to 720 days
    it reverts -> test_reverts_when_the_half_life_is_out_of_bounds
  when a round is outside 10 seconds to 90 days
    it reverts -> test_reverts_when_a_round_is_out_of_bounds
  when all is on a bound
    it is kept, and time counts from here -> test_keeps_its_frame
  given any moment of the grid as origin
    the boundaries are the same -> test_any_boundary_is_an_origin
awardMany
  when the caller is not an awarder
    it reverts -> test_reverts_when_the_caller_is_not_an_awarder
  when the lists differ in length
    it reverts -> test_reverts_when_the_lists_differ
  when stored points no longer fit (after 50 half-lives at a billion points), or in 2106
    it reverts, readings go on -> test_awards_end_at_the_horizon_and_readings_do_not, test_awards_end_in_2106
  when all is well
    it adds points and tells -> test_award_adds_points
  given an account that is named twice
    both count -> test_an_account_may_be_named_twice
  given the zero address among others
    it is passed over, and nobody loses points -> test_the_zero_address_costs_nobody_their_points
  given parts of a billionth
    they are dropped -> test_less_than_a_billionth_is_dropped
delegate, delegateBySig
  they revert -> test_points_cannot_be_delegated
delegates
  it is the account itself -> test_everybody_represents_themselves
clock
  it is the block's timestamp -> test_reputation_keeps_time_in_seconds
the gas of an award
  given a known account, and a round with points before
    a word for each account, and one for all -> test_an_award_within_a_round_writes_two_words
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.clock import mine_at, now, set_next
from tests.support.models import decay
from tests.support.points import (
    DAY,
    GRAIN,
    HALF_LIFE,
    LONGEST,
    LONGEST_ROUND,
    MAX_POINTS,
    ROUND,
    SHORTEST,
    SHORTEST_ROUND,
    WAD,
)
from tests.support.reverts import reverts


@pytest.mark.parametrize("half_life", [0, SHORTEST - 1, LONGEST + 1])
def test_reverts_when_the_half_life_is_out_of_bounds(Reputation, manager, accounts, half_life):
    with reverts(Reputation, "ReputationHalfLifeOutOfBounds", half_life, SHORTEST, LONGEST):
        Reputation.deploy(manager, half_life, 0, ROUND, {"from": accounts[0]})


@pytest.mark.parametrize("length", [0, SHORTEST_ROUND - 1, LONGEST_ROUND + 1])
def test_reverts_when_a_round_is_out_of_bounds(Reputation, manager, accounts, length):
    with reverts(Reputation, "ReputationRoundOutOfBounds", length, SHORTEST_ROUND, LONGEST_ROUND):
        Reputation.deploy(manager, HALF_LIFE, 0, length, {"from": accounts[0]})


@pytest.mark.parametrize(("half_life", "length"), [(SHORTEST, SHORTEST_ROUND), (LONGEST, LONGEST_ROUND)])
def test_keeps_its_frame(Reputation, manager, accounts, half_life, length):
    born = set_next(now() + 10)
    reputation = Reputation.deploy(manager, half_life, born + 7, length, {"from": accounts[0]})
    assert reputation.halfLifeSeconds() == half_life
    assert reputation.birth() == born
    assert reputation.roundSeconds() == length
    assert reputation.phase() == (born + 7) % length
    assert reputation.authority() == manager


def test_any_boundary_is_an_origin(Reputation, manager, accounts, origin):
    phases = {
        Reputation.deploy(manager, HALF_LIFE, at, ROUND, {"from": accounts[0]}).phase()
        for at in (origin, origin % ROUND, origin + 7 * ROUND)
    }
    assert phases == {origin % ROUND}


def test_reverts_when_the_caller_is_not_an_awarder(reputation, accounts, ann):
    for caller in (accounts[0], ann):  # not even the administrator
        with reverts(reputation, "AccessManagedUnauthorized", caller):
            reputation.awardMany([ann], [WAD], {"from": caller})


def test_reverts_when_the_lists_differ(reputation, awarder, ann):
    for points in ([], [WAD, WAD]):
        with reverts(reputation, "ReputationListsDiffer", 1, len(points)):
            reputation.awardMany([ann], points, {"from": awarder})


def test_awards_end_at_the_horizon_and_readings_do_not(deploy, awarder, ann, ben):
    reputation = deploy(length=90 * DAY)  # half a half-life: boundaries fall where half-lives do, or between
    born, length = reputation.birth(), 90 * DAY

    def award(account, half_lives):
        set_next(born + half_lives * HALF_LIFE)
        return reputation.awardMany([account], [MAX_POINTS], {"from": awarder})

    award(ann, 50)
    start = reputation.boundaryOf(now()) + length
    mine_at(start)
    assert reputation.getVotes(ann) == MAX_POINTS
    mine_at(start + 2 * HALF_LIFE)
    assert reputation.getVotes(ann) == MAX_POINTS // 4
    set_next(born + 53 * HALF_LIFE)
    at = reputation.boundaryOf(born + 53 * HALF_LIFE) + length
    stored = MAX_POINTS // GRAIN * decay.growth(at - born, HALF_LIFE)
    with reverts(reputation, "SafeCastOverflowedUintDowncast", 136, stored):
        reputation.awardMany([ben], [MAX_POINTS], {"from": awarder})
    assert reputation.getPastVotes(ann, start) == MAX_POINTS
    mine_at(born + 144 * HALF_LIFE)
    assert reputation.getVotes(ann) == reputation.totalPoints() == 0
    assert reputation.getPastTotalSupply(start) == reputation.lifetimeOf(ann) == MAX_POINTS


def test_awards_end_in_2106(deploy, awarder, ann):
    reputation = deploy(LONGEST)
    last = reputation.boundaryOf(2**32 - 1)
    set_next(last - 1)
    reputation.awardMany([ann], [WAD], {"from": awarder})
    set_next(last)
    with reverts(reputation, "SafeCastOverflowedUintDowncast", 32, last + ROUND):
        reputation.awardMany([ann], [WAD], {"from": awarder})
    assert reputation.getVotes(ann) == WAD


def test_award_adds_points(reputation, award, awarder, origin, ann, ben):
    set_next(origin + 1_000)
    tx = reputation.awardMany([ann, ben], [3 * WAD, WAD], {"from": awarder})
    told = [dict(event) for event in tx.events["PointsAwarded"]]
    assert told == [
        {"account": ann, "pointsWad": 3 * WAD, "countsFrom": origin + ROUND},
        {"account": ben, "pointsWad": WAD, "countsFrom": origin + ROUND},
    ]
    award(ann, points=2 * WAD)
    mine_at(origin + ROUND + 1)
    assert reputation.getPastVotes(ann, origin + ROUND) == 5 * WAD
    assert reputation.getPastVotes(ben, origin + ROUND) == WAD
    assert reputation.getPastTotalSupply(origin + ROUND) == 6 * WAD


def test_an_account_may_be_named_twice(reputation, award, ann, ben):
    mine_at(award(ann, ben, ann))
    assert reputation.getVotes(ann) == 2 * WAD
    assert reputation.totalPoints() == 3 * WAD


def test_the_zero_address_costs_nobody_their_points(reputation, awarder, ann, ben):
    tx = reputation.awardMany([ann, ZERO_ADDRESS, ben], [WAD, 5 * WAD, 2 * WAD], {"from": awarder})
    assert [event["account"] for event in tx.events["PointsAwarded"]] == [ann, ben]
    mine_at(reputation.boundaryOf(now()) + ROUND)
    assert reputation.getVotes(ZERO_ADDRESS) == reputation.lifetimeOf(ZERO_ADDRESS) == 0
    assert reputation.totalPoints() == 3 * WAD


def test_less_than_a_billionth_is_dropped(reputation, awarder, ann, ben):
    tx = reputation.awardMany([ann, ben], [7 * GRAIN + GRAIN - 1, GRAIN - 1], {"from": awarder})
    assert [event["pointsWad"] for event in tx.events["PointsAwarded"]] == [7 * GRAIN, 0]
    assert reputation.pendingOf(ann) == reputation.lifetimeOf(ann) == 7 * GRAIN
    mine_at(reputation.boundaryOf(now()) + ROUND)
    assert reputation.totalPoints() == 7 * GRAIN


def test_points_cannot_be_delegated(reputation, ann, ben):
    with reverts(reputation, "ReputationNotDelegable", ann):
        reputation.delegate(ben, {"from": ann})
    with reverts(reputation, "ReputationNotDelegable", ann):
        reputation.delegateBySig(ben, 0, 2**40, 27, b"\x01" * 32, b"\x02" * 32, {"from": ann})


def test_everybody_represents_themselves(reputation, ann):
    assert reputation.delegates(ann) == ann
    assert reputation.delegates(ZERO_ADDRESS) == ZERO_ADDRESS


def test_reputation_keeps_time_in_seconds(reputation):
    assert reputation.clock() == now()
    assert reputation.CLOCK_MODE() == "mode=timestamp"


def test_an_award_within_a_round_writes_two_words(reputation, awarder, ann, ben, origin):
    """The account's and the total's, once a call; a past word each is written where a boundary was crossed."""

    def gas(*accounts, at):
        set_next(at)
        return reputation.awardMany(accounts, [WAD] * len(accounts), {"from": awarder}).gas_used

    gas(ann, ben, at=origin)
    within, both = gas(ann, at=origin + 1), gas(ann, ben, at=origin + 2)
    crossing = gas(ann, at=origin + ROUND)
    assert 5_000 < both - within < 13_000
    assert 2 * 22_100 <= crossing - within < 2 * 22_600
