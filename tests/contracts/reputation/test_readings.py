"""Reputation: what is read of points, now and in the past.

growth
  when the timepoint is before birth
    it is the half-life -> test_growth_before_birth_is_the_half_life
  when 144 half-lives have passed
    it is the largest number -> test_growth_is_the_largest_number_at_last
  for any moment in between
    it is what the model says -> test_growth_agrees_with_the_model
boundaryOf
  it is the latest boundary until then -> test_boundaries_are_whole_rounds_from_the_origin
getVotes, getPastVotes, getPastTotalSupply, totalPoints, pendingOf, lifetimeOf
  when the timepoint is not past
    they revert -> test_reverts_when_the_moment_is_not_past
  when the timepoint is no boundary
    they revert, and name one -> test_reverts_when_the_moment_is_no_boundary
  given points of this round
    they do not count before the next boundary -> test_points_count_from_the_next_boundary_on
  given an award in a boundary's own second
    it counts from the next one on -> test_a_boundarys_own_second_belongs_to_the_round_it_begins
  given points one half-life old
    half of them are left -> test_points_halve_every_half_life
  given a moment before any award
    they are zero -> test_nobody_had_points_before_the_first_award
  given any history of awards
    they are what the model says -> test_readings_agree_with_the_model
  given points that have faded
    the points of a lifetime have not -> test_lifetime_points_never_fade
  given more than there is room for
    lifetime points stay where they are, and no award fails for it -> test_lifetime_points_stay_at_their_largest
  given two accounts
    time never changes their order -> test_order_never_changes
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support.clock import mine_at, now, pass_time, set_next
from tests.support.models import decay
from tests.support.points import DAY, GRAIN, HALF_LIFE, LONGEST, MAX_POINTS, ROUND, SHORTEST, WAD
from tests.support.reverts import reverts

MAX_UINT256 = 2**256 - 1


def test_growth_before_birth_is_the_half_life(reputation):
    assert reputation.growth(reputation.birth()) == HALF_LIFE
    assert reputation.growth(reputation.birth() - 1) == HALF_LIFE
    assert reputation.growth(0) == HALF_LIFE


def test_growth_is_the_largest_number_at_last(deploy):
    for half_life in (SHORTEST, LONGEST):
        reputation = deploy(half_life)
        last = reputation.birth() + 144 * half_life
        assert reputation.growth(last - 1) == decay.growth(144 * half_life - 1, half_life)
        assert reputation.growth(last) == reputation.growth(MAX_UINT256) == MAX_UINT256
        assert (2**136 - 1) * GRAIN // decay.growth(144 * half_life, half_life) == 0


@given(half_life=st.integers(SHORTEST, LONGEST), ages=st.lists(st.integers(0, 143 * SHORTEST)))
def test_growth_agrees_with_the_model(deploy, half_life, ages):
    reputation = deploy(half_life)
    born = reputation.birth()
    for age in (0, half_life - 1, half_life, *ages):
        assert reputation.growth(born + age) == decay.growth(age, half_life)


def test_boundaries_are_whole_rounds_from_the_origin(reputation, origin):
    for rounds in (-3, -1, 0, 1, 100):
        boundary = origin + rounds * ROUND
        assert reputation.boundaryOf(boundary) == reputation.boundaryOf(boundary + ROUND - 1) == boundary
    phase = reputation.phase()
    assert reputation.boundaryOf(phase) == phase
    assert reputation.boundaryOf(phase - 1) == reputation.boundaryOf(0) == 0


def test_reverts_when_the_moment_is_not_past(reputation, ann, origin):
    mine_at(origin)
    for moment in (now(), now() + ROUND):
        with reverts(reputation, "ERC5805FutureLookup", moment, now()):
            reputation.getPastVotes(ann, moment)
        with reverts(reputation, "ERC5805FutureLookup", moment, now()):
            reputation.getPastTotalSupply(moment)


def test_reverts_when_the_moment_is_no_boundary(reputation, ann, origin):
    mine_at(origin + 2 * ROUND)
    for moment, boundary in ((origin + 1, origin), (origin + ROUND - 1, origin), (origin - 1, origin - ROUND)):
        with reverts(reputation, "ReputationNotABoundary", moment, boundary):
            reputation.getPastVotes(ann, moment)
        with reverts(reputation, "ReputationNotABoundary", moment, boundary):
            reputation.getPastTotalSupply(moment)


def test_points_count_from_the_next_boundary_on(reputation, award, ann, origin):
    award(ann, at=origin + 5)
    award(ann, points=2 * WAD, at=origin + ROUND - 2)
    mine_at(origin + ROUND - 1)
    assert reputation.getVotes(ann) == reputation.totalPoints() == 0
    assert reputation.pendingOf(ann) == reputation.lifetimeOf(ann) == 3 * WAD
    mine_at(origin + ROUND)
    assert reputation.getVotes(ann) == reputation.totalPoints() == 3 * WAD
    assert reputation.pendingOf(ann) == 0
    award(ann, points=4 * WAD, at=origin + ROUND + HALF_LIFE)
    left = 3 * WAD * reputation.growth(origin + ROUND) // reputation.growth(now())
    assert 3 * WAD // 2 - WAD // 10 < left == reputation.getVotes(ann) == reputation.totalPoints()
    assert reputation.pendingOf(ann) == 4 * WAD
    assert reputation.getPastVotes(ann, origin + ROUND) == 3 * WAD
    assert reputation.getPastVotes(ann, origin) == 0


def test_a_boundarys_own_second_belongs_to_the_round_it_begins(reputation, award, ann, origin):
    assert award(ann, at=origin + ROUND) == origin + 2 * ROUND
    assert reputation.getVotes(ann) == 0
    mine_at(origin + 2 * ROUND)
    assert reputation.getVotes(ann) == WAD


@pytest.mark.parametrize("age", [0, 1, HALF_LIFE - 1, HALF_LIFE // 2, 5 * HALF_LIFE + 12_345])
def test_points_halve_every_half_life(reputation, award, ann, age):
    start = award(ann, points=80 * WAD, at=reputation.birth() + 1_000 + age)
    for halvings in (0, 1, 2, 3):
        mine_at(start + halvings * HALF_LIFE)
        assert reputation.getVotes(ann) == reputation.totalPoints() == 80 * WAD >> halvings


def test_nobody_had_points_before_the_first_award(reputation, award, ann):
    before = award(ann) - ROUND
    mine_at(before + 2 * ROUND)
    assert reputation.getPastVotes(ann, before) == reputation.getPastTotalSupply(before) == 0
    assert reputation.getPastVotes(ann, 0) == 0


@given(
    history=st.lists(
        st.tuples(
            st.integers(1, 4 * ROUND), st.lists(st.tuples(st.sampled_from(["ann", "ben"]), st.integers(0, MAX_POINTS)))
        ),
        min_size=1,
        max_size=6,
    ),
    wait=st.integers(1, 800 * DAY),
)
def test_readings_agree_with_the_model(deploy, awarder, ann, ben, origin, history, wait):
    people = {"ann": ann, "ben": ben}
    reputation = deploy()
    model = decay.Points(reputation.birth(), HALF_LIFE, origin, ROUND)
    boundaries = {model.boundary(now())}
    for pause, awards in history:
        at = set_next(now() + pause)
        reputation.awardMany([people[name] for name, _ in awards], [points for _, points in awards], {"from": awarder})
        for name, points in awards:
            boundaries.add(model.award(at, name, points))
        boundaries.add(model.boundary(at))
        for name, account in people.items():
            assert reputation.getVotes(account) == model.read(at, name)
            assert reputation.pendingOf(account) == model.pending(at, name)
            assert reputation.lifetimeOf(account) == model.lifetime(name)
    pass_time(ROUND + wait)
    assert reputation.totalPoints() == model.read(now())
    for moment in sorted(boundaries):
        assert reputation.getPastTotalSupply(moment) == model.read(moment)
        for name, account in people.items():
            assert reputation.getPastVotes(account, moment) == model.read(moment, name)


def test_lifetime_points_never_fade(reputation, award, ann):
    award(ann, points=5 * WAD)
    pass_time(160 * HALF_LIFE)
    assert reputation.getVotes(ann) == 0
    assert reputation.lifetimeOf(ann) == 5 * WAD


def test_lifetime_points_stay_at_their_largest(reputation, award, ann, ben):
    most = (2**72 - 1) * GRAIN
    award(ann, points=most - WAD)
    award(ann, ben, points=3 * WAD)
    assert reputation.lifetimeOf(ann) == most
    assert reputation.pendingOf(ann) == most + 2 * WAD
    assert reputation.pendingOf(ben) == reputation.lifetimeOf(ben) == 3 * WAD


def test_order_never_changes(reputation, award, ann, ben):
    """Ben earns later what is left of Ann's points by then, to the last grain that fits."""
    whole = 1_000_001
    earlier = award(ann, points=whole * GRAIN)
    later = reputation.boundaryOf(now() + HALF_LIFE) + ROUND
    left = whole * reputation.growth(earlier) // reputation.growth(later)
    assert award(ben, points=left * GRAIN, at=now() + HALF_LIFE) == later
    mine_at(later)
    for days in (0, 1, 89, 180, 1_000, 3_000):
        pass_time(days * DAY + 1)
        assert reputation.getVotes(ann) >= reputation.getVotes(ben)
        both = reputation.getVotes(ann) + reputation.getVotes(ben)
        assert both <= reputation.totalPoints() <= both + 1
