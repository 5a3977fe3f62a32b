"""VotesWrapper; what it shares with HolderToken is tested there, tokens that misbehave in tests/contracts/hostile.

constructor
  it takes its name and symbol, in this order -> test_takes_its_name_and_symbol
  it keeps the underlying token's decimals -> test_keeps_the_decimals_of_the_underlying
depositFor
  when the account is the wrapper
    it reverts -> test_refuses_to_deposit_for_itself
  when the underlying returns nothing
    it mints one for one -> test_deposits_one_for_one
  when the underlying calls back
    every wrapped token stays backed -> test_reentrant_deposit_stays_backed
withdrawTo
  when more is asked than owned
    it reverts -> test_reverts_when_more_is_withdrawn_than_owned
  when enough is owned
    it burns and pays, the votes go too -> test_withdraws_one_for_one
getVotes
  given a deposit
    it votes for its owner at once -> test_wrapped_tokens_vote_for_their_owner
delegate
  when the caller is excluded
    it reverts -> test_excluded_account_cannot_delegate_wrapped_tokens
  given an excluded account holds wrapped tokens
    its votes are not votable -> test_excluded_wrapped_votes_are_not_votable
"""

from __future__ import annotations

import pytest

from tests.support.clock import now, pass_time
from tests.support.reverts import reverts


@pytest.fixture(scope="module")
def underlying(ReturnsNothingToken, deployer, ann, ben):
    token = ReturnsNothingToken.deploy({"from": deployer})
    token.mint(ann, 1_000, {"from": deployer})
    token.mint(ben, 500, {"from": deployer})
    return token


@pytest.fixture(scope="module")
def wrapper(VotesWrapper, underlying, deployer, escrow, ann, ben):
    wrapper = VotesWrapper.deploy(underlying, "Wrapped", "W", [escrow], {"from": deployer})
    for owner in (ann, ben):
        underlying.approve(wrapper, 2**256 - 1, {"from": owner})
    return wrapper


def test_takes_its_name_and_symbol(wrapper):
    assert (wrapper.name(), wrapper.symbol()) == ("Wrapped", "W")
    assert wrapper.eip712Domain()["name"] == "Wrapped"


def test_keeps_the_decimals_of_the_underlying(wrapper, underlying):
    assert wrapper.decimals() == underlying.decimals() == 6
    assert wrapper.underlying() == underlying


def test_refuses_to_deposit_for_itself(wrapper, ann):
    with reverts(wrapper, "ERC20InvalidReceiver", wrapper):
        wrapper.depositFor(wrapper, 1, {"from": ann})


def test_deposits_one_for_one(wrapper, underlying, ann, ben):
    tx = wrapper.depositFor(ben, 300, {"from": ann})
    assert tx.return_value is True
    assert wrapper.balanceOf(ben) == wrapper.totalSupply() == 300
    assert underlying.balanceOf(wrapper) == 300
    assert underlying.balanceOf(ann) == 700
    assert tx.events["Transfer"][-1]["to"] == ben


def test_reentrant_deposit_stays_backed(VotesWrapper, HostileToken, deployer, ann):
    underlying = HostileToken.deploy(18, {"from": deployer})
    wrapper = VotesWrapper.deploy(underlying, "Wrapped", "W", [], {"from": deployer})
    underlying.mint(ann, 1_000, {"from": deployer})
    underlying.approve(wrapper, 1_000, {"from": ann})
    underlying.mint(underlying, 50, {"from": deployer})
    underlying.setCall(underlying, underlying.approve.encode_input(wrapper, 50), {"from": deployer})
    wrapper.depositFor(ann, 100, {"from": ann})  # the token now lets the wrapper take its own 50
    underlying.setCall(wrapper, wrapper.depositFor.encode_input(ann, 50), {"from": deployer})
    with reverts(wrapper, "VotesWrapperUnsupportedToken", 150, 100):
        wrapper.depositFor(ann, 100, {"from": ann})
    assert wrapper.totalSupply() == underlying.balanceOf(wrapper) == 100


def test_reverts_when_more_is_withdrawn_than_owned(wrapper, ann):
    wrapper.depositFor(ann, 10, {"from": ann})
    with reverts(wrapper, "ERC20InsufficientBalance", ann, 10, 11):
        wrapper.withdrawTo(ann, 11, {"from": ann})


def test_withdraws_one_for_one(wrapper, underlying, ann, stranger):
    wrapper.depositFor(ann, 300, {"from": ann})
    tx = wrapper.withdrawTo(stranger, 120, {"from": ann})
    assert tx.return_value is True
    assert wrapper.balanceOf(ann) == wrapper.getVotes(ann) == wrapper.totalSupply() == 180
    assert underlying.balanceOf(stranger) == 120
    assert underlying.balanceOf(wrapper) == 180


def test_wrapped_tokens_vote_for_their_owner(wrapper, ann):
    wrapper.depositFor(ann, 300, {"from": ann})
    assert wrapper.delegates(ann) == ann
    assert wrapper.getVotes(ann) == 300


def test_excluded_account_cannot_delegate_wrapped_tokens(wrapper, escrow, ann):
    with reverts(wrapper, "HolderVotesExcluded", escrow):
        wrapper.delegate(ann, {"from": escrow})


def test_excluded_wrapped_votes_are_not_votable(PlainElectorate, wrapper, deployer, escrow, ann):
    wrapper.depositFor(ann, 300, {"from": ann})
    wrapper.depositFor(escrow, 200, {"from": ann})
    electorate = PlainElectorate.deploy(wrapper, [escrow], 60, {"from": deployer})
    moment = now()
    pass_time(1)
    assert electorate.votableSupply(moment) == 300
