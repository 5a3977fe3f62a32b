"""Electorate, which governor and board inherit.

constructor
  when the token keeps time in blocks
    it reverts -> test_reverts_when_the_clock_is_in_blocks
  when the token has no CLOCK_MODE
    it reverts -> test_reverts_when_the_token_has_no_clock
  when seven accounts are excluded
    it reverts -> test_electorate_reverts_when_seven_accounts_are_excluded
  when all is well
    it remembers token and accounts -> test_remembers_token_and_excluded_accounts
votableSupply
  when the timepoint is not past
    it reverts -> test_reverts_when_the_timepoint_is_not_past
  given somebody delegated to an excluded account
    those votes are out of reach too -> test_votes_delegated_to_the_excluded_are_not_votable
  given everything is excluded
    it is zero -> test_nothing_is_votable_when_all_is_excluded
  given excluded accounts with votes
    it is the past supply less their past votes -> test_votable_supply_leaves_out_the_excluded
_share
  when the share is not whole
    it is rounded up -> test_share_is_rounded_up
  when the share is below the floor
    it is the floor -> test_share_is_never_below_its_floor
  for any supply, share and floor
    it is what the model says -> test_share_agrees_with_the_model
_requireIncluded
  when the account is excluded
    it reverts -> test_excluded_account_is_refused
  when it is not, or zero
    it passes -> test_included_accounts_pass
  when only its last byte is that of an excluded account
    it passes -> test_last_byte_alone_excludes_nobody
_requireShareWithin
  when the share is outside
    it reverts -> test_share_outside_its_bounds_is_refused
  when the share is on a bound
    it passes -> test_share_on_its_bounds_passes
"""

from __future__ import annotations

import brownie
import pytest
from brownie import ZERO_ADDRESS
from brownie.test import given
from hypothesis import strategies as st

from tests.support.clock import now, pass_time, set_next
from tests.support.governance import ESCROW_TOKENS, SUPPLY, VOTABLE, WAD
from tests.support.models import shares
from tests.support.reverts import reverts

MAX_SUPPLY = 2**112 - 1


@pytest.fixture(scope="module")
def electorate(PlainElectorate, dao, deployer):
    return PlainElectorate.deploy(dao.token, dao.excluded, 60, {"from": deployer})


def test_reverts_when_the_clock_is_in_blocks(PlainElectorate, PlainVotesToken, deployer):
    token = PlainVotesToken.deploy(False, {"from": deployer})
    mode = "mode=blocknumber&from=default"
    with reverts(PlainElectorate, "ElectorateNotTimestampClock", mode):
        PlainElectorate.deploy(token, [], 60, {"from": deployer})


def test_reverts_when_the_token_has_no_clock(PlainElectorate, Stablecoin, deployer):
    token = Stablecoin.deploy("S", "S", 6, {"from": deployer})
    with brownie.reverts(""):  # the token itself says no, without a reason
        PlainElectorate.deploy(token, [], 60, {"from": deployer})


def test_electorate_reverts_when_seven_accounts_are_excluded(PlainElectorate, token, accounts, deployer):
    with reverts(PlainElectorate, "ExcludedAccountsTooMany", 7, 6):
        PlainElectorate.deploy(token, accounts[:7], 60, {"from": deployer})


def test_remembers_token_and_excluded_accounts(electorate, dao, ann):
    assert electorate.votesToken() == dao.token
    assert electorate.excludedAccounts() == dao.excluded
    assert all(electorate.isExcluded(account) for account in dao.excluded)
    assert not electorate.isExcluded(ann)
    assert not electorate.isExcluded(ZERO_ADDRESS)


def test_reverts_when_the_timepoint_is_not_past(electorate, token):
    with reverts(token, "ERC5805FutureLookup", now(), now()):
        electorate.votableSupply(now())


def test_votes_delegated_to_the_excluded_are_not_votable(electorate, token, ann, escrow):
    token.delegate(escrow, {"from": ann})
    moment = now()
    pass_time(1)
    assert electorate.votableSupply(moment) == VOTABLE - token.balanceOf(ann)


def test_nothing_is_votable_when_all_is_excluded(PlainElectorate, HolderToken, deployer, ann):
    token = HolderToken.deploy("H", "H", 10, ann, [ann], {"from": deployer})
    electorate = PlainElectorate.deploy(token, [ann], 60, {"from": deployer})
    moment = now()
    pass_time(1)
    assert electorate.votableSupply(moment) == 0
    assert electorate.share(moment, 10_000, 3) == 3


def test_votable_supply_leaves_out_the_excluded(electorate, token, ann, escrow):
    before = now()
    set_next(before + 1)
    token.transfer(ann, ESCROW_TOKENS * WAD, {"from": escrow})
    after = now()
    pass_time(1)
    assert token.getPastTotalSupply(before) == SUPPLY
    assert electorate.votableSupply(before) == VOTABLE
    assert electorate.votableSupply(after) == VOTABLE + ESCROW_TOKENS * WAD


def test_share_is_rounded_up(PlainElectorate, HolderToken, deployer, ann):
    token = HolderToken.deploy("H", "H", 10_001, ann, [], {"from": deployer})
    electorate = PlainElectorate.deploy(token, [], 60, {"from": deployer})
    moment = now()
    pass_time(1)
    assert electorate.share(moment, 1, 0) == 2
    assert electorate.share(moment, 5_000, 0) == 5_001
    assert electorate.share(moment, 10_000, 0) == 10_001


def test_share_is_never_below_its_floor(electorate):
    moment = now()
    pass_time(1)
    exact = VOTABLE // 100
    assert electorate.share(moment, 100, exact - 1) == exact
    assert electorate.share(moment, 100, exact) == exact
    assert electorate.share(moment, 100, exact + 1) == exact + 1


@given(
    supply=st.integers(0, MAX_SUPPLY),
    excluded_bps=st.integers(0, 10_000),
    share_bps=st.integers(0, 10_000),
    floor=st.integers(0, MAX_SUPPLY),
)
def test_share_agrees_with_the_model(
    PlainElectorate, HolderToken, deployer, ann, escrow, supply, excluded_bps, share_bps, floor
):
    token = HolderToken.deploy("H", "H", supply, ann, [escrow], {"from": deployer})
    outside = supply * excluded_bps // 10_000
    token.transfer(escrow, outside, {"from": ann})
    electorate = PlainElectorate.deploy(token, [escrow], 60, {"from": deployer})
    moment = now()
    pass_time(1)
    votable = shares.votable(supply, [outside])
    assert electorate.votableSupply(moment) == votable
    assert electorate.share(moment, share_bps, floor) == shares.share(votable, share_bps, floor)


def test_excluded_account_is_refused(electorate, dao, escrow):
    with reverts(electorate, "ElectorateExcluded", escrow):
        electorate.requireIncluded(escrow)


def test_included_accounts_pass(electorate, ann):
    electorate.requireIncluded(ann)
    electorate.requireIncluded(ZERO_ADDRESS)


def test_last_byte_alone_excludes_nobody(PlainElectorate, dao, deployer, ann):
    """Also zero, which fills the free places, beside an account that ends like it."""
    ends_in_zeros = "0x" + "11" * 19 + "00"
    electorate = PlainElectorate.deploy(dao.token, [ann, ends_in_zeros], 60, {"from": deployer})
    same_end = "0x" + "22" * 19 + ann.address[-2:]
    for account in (ZERO_ADDRESS, same_end):
        assert not electorate.isExcluded(account)
        electorate.requireIncluded(account)
    for account in (ann.address, ends_in_zeros):
        assert electorate.isExcluded(account)
        with reverts(electorate, "ElectorateExcluded", account):
            electorate.requireIncluded(account)


@pytest.mark.parametrize("share_bps", [0, 9, 21, 10_000])
def test_share_outside_its_bounds_is_refused(electorate, share_bps):
    with reverts(electorate, "ElectorateShareOutOfBounds", share_bps, 10, 20):
        electorate.requireShareWithin(share_bps, 10, 20)


def test_share_on_its_bounds_passes(electorate):
    electorate.requireShareWithin(10, 10, 20)
    electorate.requireShareWithin(20, 10, 20)
