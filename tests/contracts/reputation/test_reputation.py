"""Reputation.

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
from brownie.test import given
from hypothesis import strategies as st

from tests.support.clock import mine_at, now, pass_time, set_next
from tests.support.models import decay
from tests.support.reverts import reverts

AWARDER = 2
DAY = 86_400
HALF_LIFE = 180 * DAY
SHORTEST, LONGEST = 90 * DAY, 720 * DAY
ROUND = 28 * DAY
SHORTEST_ROUND, LONGEST_ROUND = 10, 90 * DAY
WAD = 10**18
GRAIN = decay.GRAIN
MAX_POINTS = 10**9 * WAD
MAX_UINT256 = 2**256 - 1


@pytest.fixture(scope="module")
def awarder(accounts):
    return accounts[1]


@pytest.fixture(scope="module")
def ann(accounts):
    return accounts[2]


@pytest.fixture(scope="module")
def ben(accounts):
    return accounts[3]


@pytest.fixture(scope="module")
def manager(AccessManager, accounts, awarder):
    manager = AccessManager.deploy(accounts[0], {"from": accounts[0]})
    manager.grantRole(AWARDER, awarder, 0, {"from": accounts[0]})
    return manager


@pytest.fixture(scope="module")
def origin():
    """A boundary some days ahead."""
    return now() + 12 * DAY


@pytest.fixture(scope="module")
def deploy(Reputation, manager, accounts, origin):
    """Deploy a Reputation whose awarder is set up."""

    def deploy_with(half_life=HALF_LIFE, length=ROUND):
        reputation = Reputation.deploy(manager, half_life, origin, length, {"from": accounts[0]})
        selectors = [reputation.awardMany.signature]
        manager.setTargetFunctionRole(reputation, selectors, AWARDER, {"from": accounts[0]})
        return reputation

    return deploy_with


@pytest.fixture(scope="module")
def reputation(deploy):
    return deploy()


@pytest.fixture(scope="module")
def award(reputation, awarder):
    """Award points to accounts, at a moment if one is named; returns when they begin to count."""

    def award_to(*accounts, points=WAD, at=None):
        if at is not None:
            set_next(at)
        tx = reputation.awardMany(accounts, [points] * len(accounts), {"from": awarder})
        return reputation.boundaryOf(tx.timestamp) + ROUND

    return award_to


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
