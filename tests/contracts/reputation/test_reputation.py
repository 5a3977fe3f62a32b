"""Reputation.

constructor
  when the half-life is outside 90 to 720 days
    it reverts -> test_reverts_when_the_half_life_is_out_of_bounds
  when it is on a bound
    it is kept, and time counts from here -> test_keeps_half_life_and_birth
award
  when the caller is not an awarder
    it reverts -> test_reverts_when_the_caller_is_not_an_awarder
  when the account is zero
    it reverts -> test_reverts_when_the_account_is_zero
  when stored points no longer fit (after 94 half-lives at a billion points)
    it reverts, readings go on -> test_awards_end_at_the_horizon_and_readings_do_not
  when all is well
    it adds points and tells -> test_award_adds_points
    several awards in one second are one checkpoint -> test_awards_of_one_second_add_up
growth
  when the timepoint is before birth
    it is the half-life -> test_growth_before_birth_is_the_half_life
  when 208 half-lives have passed
    it is the largest number -> test_growth_is_the_largest_number_at_last
  for any moment in between
    it is what the model says -> test_growth_agrees_with_the_model
getVotes, getPastVotes, getPastTotalSupply, totalPoints
  when the timepoint is not past
    they revert -> test_reverts_when_the_moment_is_not_past
  given points one half-life old
    half of them are left -> test_points_halve_every_half_life
  given a moment before any award
    they are zero -> test_nobody_had_points_before_the_first_award
  given any history of awards
    they are what the model says -> test_readings_agree_with_the_model
  given two accounts
    time never changes their order -> test_order_never_changes
delegate, delegateBySig
  they revert -> test_points_cannot_be_delegated
delegates
  it is the account itself -> test_everybody_represents_themselves
clock
  it is the block's timestamp -> test_reputation_keeps_time_in_seconds
the votes of a Governor or jury
  an Electorate can read them -> test_reads_as_votes
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
WAD = 10**18
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
def deploy(Reputation, manager, accounts):
    """Deploy a Reputation whose awarder is set up."""

    def deploy_with(half_life=HALF_LIFE):
        reputation = Reputation.deploy(manager, half_life, {"from": accounts[0]})
        selectors = [reputation.award.signature]
        manager.setTargetFunctionRole(reputation, selectors, AWARDER, {"from": accounts[0]})
        return reputation

    return deploy_with


@pytest.fixture(scope="module")
def reputation(deploy):
    return deploy()


@pytest.mark.parametrize("half_life", [0, SHORTEST - 1, LONGEST + 1])
def test_reverts_when_the_half_life_is_out_of_bounds(Reputation, manager, accounts, half_life):
    with reverts(Reputation, "ReputationHalfLifeOutOfBounds", half_life, SHORTEST, LONGEST):
        Reputation.deploy(manager, half_life, {"from": accounts[0]})


@pytest.mark.parametrize("half_life", [SHORTEST, LONGEST])
def test_keeps_half_life_and_birth(Reputation, manager, accounts, half_life):
    born = set_next(now() + 10)
    reputation = Reputation.deploy(manager, half_life, {"from": accounts[0]})
    assert reputation.halfLifeSeconds() == half_life
    assert reputation.birth() == born
    assert reputation.authority() == manager


def test_reverts_when_the_caller_is_not_an_awarder(reputation, accounts, ann):
    for caller in (accounts[0], ann):  # not even the administrator
        with reverts(reputation, "AccessManagedUnauthorized", caller):
            reputation.award(ann, WAD, {"from": caller})


def test_reverts_when_the_account_is_zero(reputation, awarder):
    with reverts(reputation, "ReputationBadAccount", ZERO_ADDRESS):
        reputation.award(ZERO_ADDRESS, WAD, {"from": awarder})


def test_awards_end_at_the_horizon_and_readings_do_not(reputation, awarder, ann, ben):
    born = reputation.birth()
    last = born + 94 * HALF_LIFE
    set_next(last)
    reputation.award(ann, MAX_POINTS, {"from": awarder})
    assert reputation.getVotes(ann) == MAX_POINTS
    set_next(last + HALF_LIFE)
    stored = MAX_POINTS * decay.growth(95 * HALF_LIFE, HALF_LIFE)
    with reverts(reputation, "SafeCastOverflowedUintDowncast", 208, stored):
        reputation.award(ben, MAX_POINTS, {"from": awarder})
    mine_at(last + 2 * HALF_LIFE)
    assert reputation.getVotes(ann) == MAX_POINTS // 4
    assert reputation.getPastVotes(ann, last) == MAX_POINTS
    mine_at(born + 300 * HALF_LIFE)
    assert reputation.getVotes(ann) == reputation.totalPoints() == 0
    assert reputation.getPastTotalSupply(last) == MAX_POINTS
    with reverts(reputation, "SafeCastOverflowedUintDowncast", 208, MAX_UINT256):
        reputation.award(ben, 1, {"from": awarder})


def test_award_adds_points(reputation, awarder, ann, ben):
    at = set_next(now() + 1_000)
    tx = reputation.award(ann, 3 * WAD, {"from": awarder})
    stored = 3 * WAD * (HALF_LIFE + at - reputation.birth())
    assert dict(tx.events["PointsAwarded"]) == {"account": ann, "pointsWad": 3 * WAD, "stored": stored}
    set_next(at + 1)
    reputation.award(ben, WAD, {"from": awarder})
    assert reputation.getPastVotes(ann, at) == reputation.getPastTotalSupply(at) == 3 * WAD
    assert reputation.getVotes(ben) == WAD
    assert reputation.totalPoints() == WAD + stored // reputation.growth(at + 1)


def test_awards_of_one_second_add_up(reputation, deploy, awarder, ann, web3):
    web3.provider.make_request("evm_setAutomine", [False])
    pending = [
        reputation.award(ann, points, {"from": awarder, "required_confs": 0, "gas_limit": 300_000})
        for points in (WAD, 2 * WAD)
    ]
    web3.provider.make_request("evm_mine", [])
    web3.provider.make_request("evm_setAutomine", [True])
    for tx in pending:
        tx.wait(1)
    assert len({tx.block_number for tx in pending}) == 1
    assert reputation.getVotes(ann) == reputation.totalPoints() == 3 * WAD


def test_growth_before_birth_is_the_half_life(reputation):
    assert reputation.growth(reputation.birth()) == HALF_LIFE
    assert reputation.growth(reputation.birth() - 1) == HALF_LIFE
    assert reputation.growth(0) == HALF_LIFE


def test_growth_is_the_largest_number_at_last(reputation):
    last = reputation.birth() + 208 * HALF_LIFE
    assert reputation.growth(last - 1) == decay.growth(208 * HALF_LIFE - 1, HALF_LIFE)
    assert reputation.growth(last) == MAX_UINT256
    assert reputation.growth(MAX_UINT256) == MAX_UINT256


@given(half_life=st.integers(SHORTEST, LONGEST), ages=st.lists(st.integers(0, 50 * 365 * DAY)))
def test_growth_agrees_with_the_model(deploy, half_life, ages):
    reputation = deploy(half_life)
    born = reputation.birth()
    for age in (0, half_life - 1, half_life, *ages):
        assert reputation.growth(born + age) == decay.growth(age, half_life)


def test_reverts_when_the_moment_is_not_past(reputation, ann):
    for moment in (now(), now() + 1):
        with reverts(reputation, "ERC5805FutureLookup", moment, now()):
            reputation.getPastVotes(ann, moment)
        with reverts(reputation, "ERC5805FutureLookup", moment, now()):
            reputation.getPastTotalSupply(moment)


@pytest.mark.parametrize("age", [0, 1, HALF_LIFE - 1, HALF_LIFE // 2, 5 * HALF_LIFE + 12_345])
def test_points_halve_every_half_life(reputation, awarder, ann, age):
    at = set_next(reputation.birth() + 1_000 + age)
    reputation.award(ann, 80 * WAD, {"from": awarder})
    for halvings in (1, 2, 3):
        mine_at(at + halvings * HALF_LIFE)
        assert reputation.getVotes(ann) == reputation.totalPoints() == 80 * WAD >> halvings


def test_nobody_had_points_before_the_first_award(reputation, awarder, ann):
    before = now()
    set_next(before + 10)
    reputation.award(ann, WAD, {"from": awarder})
    assert reputation.getPastVotes(ann, before) == reputation.getPastTotalSupply(before) == 0
    assert reputation.getPastVotes(ann, 0) == 0


@given(
    history=st.lists(
        st.tuples(st.integers(1, 400 * DAY), st.sampled_from(["ann", "ben"]), st.integers(0, MAX_POINTS)),
        min_size=1,
        max_size=3,
    ),
    wait=st.integers(1, 800 * DAY),
)
def test_readings_agree_with_the_model(deploy, awarder, ann, ben, history, wait):
    people = {"ann": ann, "ben": ben}
    reputation = deploy()
    model = decay.Points(reputation.birth(), HALF_LIFE)
    moments = []
    for pause, name, points in history:
        at = set_next(now() + pause)
        reputation.award(people[name], points, {"from": awarder})
        model.award(at, name, points)
        moments += [at - 1, at]
        assert reputation.getVotes(people[name]) == model.read(at, name)
    pass_time(wait)
    assert reputation.totalPoints() == model.read(now())
    for moment in moments:
        assert reputation.getPastTotalSupply(moment) == model.read(moment)
        for name, account in people.items():
            assert reputation.getPastVotes(account, moment) == model.read(moment, name)


def test_order_never_changes(reputation, awarder, ann, ben):
    reputation.award(ann, 1_000_001, {"from": awarder})
    set_next(now() + HALF_LIFE)
    reputation.award(ben, 500_000, {"from": awarder})
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


def test_reads_as_votes(PlainElectorate, reputation, awarder, accounts, ann, ben):
    electorate = PlainElectorate.deploy(reputation, [ben], {"from": accounts[0]})
    reputation.award(ann, 30 * WAD, {"from": awarder})
    at = now()
    set_next(at + 1)
    reputation.award(ben, 70 * WAD, {"from": awarder})
    pass_time(1)
    assert electorate.votableSupply(at) == 30 * WAD
    assert 30 * WAD - 10**13 < electorate.votableSupply(at + 1) < 30 * WAD
