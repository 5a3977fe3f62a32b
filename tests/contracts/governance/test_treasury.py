"""Treasury: OpenZeppelin's timelock with guards of its own.

constructor
  when the delay is above seven days
    it reverts -> test_deployment_refuses_a_delay_that_is_too_long
  when it is not among the excluded accounts
    it reverts -> test_treasury_has_to_be_excluded
  given a token of ours
    its votes are its own -> test_keeps_what_it_was_made_with
  given an existing votes token
    it delegates to itself, so that its tokens are not votable -> test_delegates_to_itself_at_birth
schedule, scheduleBatch
  when nothing changes the treasury
    the delay is the one asked -> test_other_operations_wait_as_asked
  when a call's target is the treasury
    it waits 30 days at least, whatever was asked -> test_own_changes_wait_thirty_days
updateDelay
  when anybody but the treasury calls
    it reverts -> test_only_the_treasury_changes_its_delay
  when the new delay is below a quarter of the first, or above seven days
    the operation reverts -> test_delay_stays_within_its_bounds
  when it is on a bound
    it is set -> test_delay_moves_within_its_bounds
renounceRole
  when anybody but the treasury calls
    it reverts -> test_roles_are_not_given_up_without_a_wait
execute, executeBatch
  when votes are delegated to nobody, or to somebody who may vote
    it reverts, whatever the detour -> test_votes_are_not_lent
  when they are delegated to an excluded account
    it passes -> test_votes_may_go_to_an_excluded_account
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.clock import now, pass_time, reach, set_next
from tests.support.governance import (
    DAY,
    ESCROW_TOKENS,
    SUPPLY,
    TIMELOCK_SECONDS,
    VOTABLE,
    WAD,
    deploy_governor,
    deploy_treasury,
)
from tests.support.reverts import reverts

OWN_CHANGE_SECONDS = 30 * DAY
MAX_DELAY_SECONDS = 7 * DAY
ZERO_32 = bytes(32)


@pytest.fixture(scope="module")
def plain(PlainVotesToken, deployer):
    """A votes token that somebody else wrote."""
    return PlainVotesToken.deploy(True, {"from": deployer})


@pytest.fixture(scope="module")
def treasury(plain, deployer, escrow, ann):
    """Holds plain votes; ann schedules, cancels and executes."""
    itself = deployer.get_deployment_address(deployer.nonce)
    treasury = deploy_treasury(deployer, plain, ann, [itself, escrow])
    plain.mint(treasury, 600 * WAD, {"from": deployer})
    return treasury


def schedule(treasury, by, target, data, delay=TIMELOCK_SECONDS):
    """Schedule one call; returns when it is ready, Unix seconds."""
    tx = treasury.schedule(target, 0, data, ZERO_32, ZERO_32, delay, {"from": by})
    return treasury.getTimestamp(tx.events["CallScheduled"]["id"])


def carry_out(treasury, by, target, data):
    """Schedule one call, wait and execute it."""
    reach(schedule(treasury, by, target, data))
    return treasury.execute(target, 0, data, ZERO_32, ZERO_32, {"from": by})


def test_deployment_refuses_a_delay_that_is_too_long(Treasury, dao, deployer):
    for delay in (MAX_DELAY_SECONDS + 1, 2**256 - 1):
        with reverts(Treasury, "TreasuryDelayOutOfBounds", delay, 0, MAX_DELAY_SECONDS):
            deploy_treasury(deployer, dao.token, dao.governor, dao.excluded, delay)


def test_treasury_has_to_be_excluded(Treasury, dao, plain, deployer, escrow):
    for token in (dao.token, plain):
        itself = deployer.get_deployment_address(deployer.nonce)
        with reverts(Treasury, "TreasuryLendsVotes", itself):
            deploy_treasury(deployer, token, dao.governor, [escrow])


def test_keeps_what_it_was_made_with(dao, timelock, token):
    assert timelock.getMinDelay() == TIMELOCK_SECONDS
    assert timelock.shortestDelaySeconds() == TIMELOCK_SECONDS // 4
    assert timelock.votesToken() == token
    assert timelock.excludedAccounts() == dao.excluded
    assert token.delegates(timelock) == timelock


@pytest.mark.attack("undelegated-treasury")
def test_delegates_to_itself_at_birth(plain, deployer, ann, escrow):
    """An existing token counts as votable what was never delegated; the treasury's tokens are not."""
    dao = deploy_governor(deployer, plain, escrow=escrow)
    assert plain.delegates(dao.timelock) == dao.timelock
    plain.mint(ann, VOTABLE, {"from": deployer})
    plain.mint(dao.timelock, SUPPLY - VOTABLE, {"from": deployer})
    moment = now()
    pass_time(1)
    assert plain.getPastTotalSupply(moment) == SUPPLY
    assert dao.governor.votableSupply(moment) == VOTABLE
    plain.mint(escrow, ESCROW_TOKENS * WAD, {"from": deployer})  # who never delegated stays votable
    moment = now()
    pass_time(1)
    assert dao.governor.votableSupply(moment) == VOTABLE + ESCROW_TOKENS * WAD


def test_other_operations_wait_as_asked(treasury, plain, ann, stranger):
    pay = plain.transfer.encode_input(stranger, 1)
    for delay in (TIMELOCK_SECONDS, 90 * DAY):
        at = set_next(now() + 5)
        salt = delay.to_bytes(32, "big")
        tx = treasury.scheduleBatch([plain] * 2, [0] * 2, [pay] * 2, ZERO_32, salt, delay, {"from": ann})
        assert treasury.getTimestamp(tx.events["CallScheduled"][0]["id"]) == at + delay
    for asked, delay in ((0, 0), (TIMELOCK_SECONDS - 1, TIMELOCK_SECONDS - 1)):
        with reverts(treasury, "TimelockInsufficientDelay", delay, TIMELOCK_SECONDS):
            schedule(treasury, ann, plain, pay, asked)
    at = set_next(now() + 5)
    assert schedule(treasury, ann, plain, pay) == at + TIMELOCK_SECONDS


@pytest.mark.parametrize(
    ("asked", "waits"), [(0, OWN_CHANGE_SECONDS), (OWN_CHANGE_SECONDS, OWN_CHANGE_SECONDS), (31 * DAY, 31 * DAY)]
)
def test_own_changes_wait_thirty_days(treasury, plain, ann, stranger, asked, waits):
    coup = treasury.grantRole.encode_input(treasury.PROPOSER_ROLE(), stranger)
    at = set_next(now() + 5)
    assert schedule(treasury, ann, treasury, coup, asked) == at + waits
    calls = [plain.transfer.encode_input(stranger, 1), coup]
    at = set_next(now() + 5)
    tx = treasury.scheduleBatch([plain, treasury], [0] * 2, calls, ZERO_32, ZERO_32, asked, {"from": ann})
    scheduled = tx.events["CallScheduled"]
    assert treasury.getTimestamp(scheduled[0]["id"]) == at + waits
    assert {event["delay"] for event in scheduled} == {waits}  # what the logs tell is true


def test_only_the_treasury_changes_its_delay(treasury, ann):
    with reverts(treasury, "TimelockUnauthorizedCaller", ann):
        treasury.updateDelay(TIMELOCK_SECONDS, {"from": ann})


@pytest.mark.parametrize("delay", [0, TIMELOCK_SECONDS // 4 - 1, MAX_DELAY_SECONDS + 1])
def test_delay_stays_within_its_bounds(treasury, ann, delay):
    data = treasury.updateDelay.encode_input(delay)
    with reverts(treasury, "TreasuryDelayOutOfBounds", delay, TIMELOCK_SECONDS // 4, MAX_DELAY_SECONDS):
        carry_out(treasury, ann, treasury, data)


def test_delay_moves_within_its_bounds(treasury, ann):
    for delay in (TIMELOCK_SECONDS // 4, MAX_DELAY_SECONDS):
        carry_out(treasury, ann, treasury, treasury.updateDelay.encode_input(delay))
        assert treasury.getMinDelay() == delay
        assert treasury.shortestDelaySeconds() == TIMELOCK_SECONDS // 4


def test_roles_are_not_given_up_without_a_wait(treasury, ann):
    canceller = treasury.CANCELLER_ROLE()
    with reverts(treasury, "TimelockUnauthorizedCaller", ann):
        treasury.renounceRole(canceller, ann, {"from": ann})
    carry_out(treasury, ann, treasury, treasury.revokeRole.encode_input(canceller, ann))
    assert not treasury.hasRole(canceller, ann)
    admin = treasury.DEFAULT_ADMIN_ROLE()
    carry_out(treasury, ann, treasury, treasury.renounceRole.encode_input(admin, treasury))
    assert not treasury.hasRole(admin, treasury)


@pytest.mark.parametrize("is_batch", [False, True])
@pytest.mark.parametrize("takes_a_detour", [False, True])
def test_votes_are_not_lent(treasury, plain, ann, stranger, is_batch, takes_a_detour):
    for delegatee in (stranger, ZERO_ADDRESS):
        lend = plain.delegate.encode_input(delegatee)
        if takes_a_detour:
            lend = plain.multicall.encode_input([lend])
        if is_batch:  # also where a later call would take it back
            back = plain.delegate.encode_input(treasury)
            call = ([plain, plain], [0, 0], [lend, back], ZERO_32, ZERO_32)
            treasury.scheduleBatch(*call, TIMELOCK_SECONDS, {"from": ann})
            pass_time(TIMELOCK_SECONDS)
            with reverts(treasury, "TreasuryLendsVotes", delegatee):
                treasury.executeBatch(*call, {"from": ann})
        else:
            with reverts(treasury, "TreasuryLendsVotes", delegatee):
                carry_out(treasury, ann, plain, lend)
    assert plain.delegates(treasury) == treasury
    assert plain.getVotes(stranger) == 0


def test_votes_may_go_to_an_excluded_account(treasury, plain, ann, escrow):
    carry_out(treasury, ann, plain, plain.delegate.encode_input(escrow))
    assert plain.delegates(treasury) == escrow
