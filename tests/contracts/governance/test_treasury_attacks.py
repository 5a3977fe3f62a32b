"""Attacks on the treasury, by somebody who won one vote.

a captured vote
  given it makes its author the treasury's proposer and the delay short
    it waits 30 days, and the next vote cancels it -> test_a_captured_vote_is_seen_and_cancelled
  given the governor's slowest settings and the treasury's longest delay
    a vote still cancels it in time -> test_the_slowest_vote_cancels_in_time
  given it plans to make cancelling impossible
    the governor's roles cannot be given up -> test_the_governor_keeps_cancelling
the governor's relay
  when it schedules what lends the treasury's votes
    nobody but the governor executes it, and then it reverts -> test_relay_and_schedule_lend_nothing
  when it schedules what changes the treasury, with a short delay
    it waits 30 days -> test_relay_does_not_shorten_the_wait
  when it schedules something for later
    that takes another vote, whenever -> test_what_relay_planted_takes_another_vote
an excluded account of an existing token
  when it delegates after all
    its votes count: only `check` tells -> test_an_excluded_account_of_an_existing_token_can_lend
a successor
  given the holders agree
    it takes over after the wait -> test_a_successor_of_the_governor_takes_over
"""

from __future__ import annotations

import pytest

from tests.support.clock import now, pass_time, reach
from tests.support.governance import (
    AGAINST,
    CANCELED,
    DAY,
    EXECUTED,
    FOR,
    QUEUED,
    SUCCEEDED,
    TIMELOCK_SECONDS,
    TREASURY_TOKENS,
    WAD,
    Dao,
    containers,
    deploy_treasury,
    hold,
    plain_dao,
    proposal,
    settings,
)
from tests.support.reverts import reverts

attack = pytest.mark.attack
OWN_CHANGE_SECONDS = 30 * DAY
SLOWEST = {"votingDelaySeconds": 7 * DAY, "votingPeriodSeconds": 14 * DAY, "lateQuorumSeconds": 7 * DAY}
TREASURE = TREASURY_TOKENS * WAD
NO_SALT = (bytes(32), bytes(32))


def coup(dao, stranger):
    """What makes a stranger the treasury's proposer, at the shortest delay."""
    timelock = dao.timelock
    return proposal(
        (timelock, timelock.grantRole.encode_input(timelock.PROPOSER_ROLE(), stranger)),
        (timelock, timelock.updateDelay.encode_input(timelock.shortestDelaySeconds())),
        description="Modernize the treasury's housekeeping",
    )


def win(dao, what, voter):
    """Propose, vote for and queue; returns the proposal's number."""
    pid = dao.propose(what, voter)
    dao.open_vote(pid)
    dao.governor.castVote(pid, FOR, {"from": voter})
    dao.close_vote(pid)
    dao.governor.queue(*what.by_hash, {"from": voter})
    return pid


def operation(dao, what):
    """The operation in the treasury that a proposal leads to."""
    digest = bytes.fromhex(what.by_hash[3].removeprefix("0x"))
    own = bytes.fromhex(dao.governor.address[2:]) + bytes(12)
    salt = bytes(a ^ b for a, b in zip(own, digest, strict=True))
    return dao.timelock.hashOperationBatch(*what.by_text[:3], bytes(32), salt)


def relayed(dao, data, description):
    """A proposal that makes the governor call the treasury."""
    relay = dao.governor.relay.encode_input(dao.timelock, 0, data)
    return proposal((dao.governor, relay), description=description)


def cancelling(dao, what):
    """A proposal that cancels another's operation."""
    return relayed(dao, dao.timelock.cancel.encode_input(operation(dao, what)), "Stop it")


# ── a captured vote ──────────────────────────────────────────────────────────────────────────────


@attack("captured-vote")
def test_a_captured_vote_is_seen_and_cancelled(dao, governor, timelock, ann, ben, cem, stranger):
    plan = coup(dao, stranger)
    taken = win(dao, plan, ann)
    assert governor.proposalEta(taken) == now() + OWN_CHANGE_SECONDS == timelock.getTimestamp(operation(dao, plan))
    stop = cancelling(dao, plan)
    stopped = dao.propose(stop, ben)
    dao.open_vote(stopped)
    for who in (ben, cem):
        governor.castVote(stopped, FOR, {"from": who})
    dao.close_vote(stopped)
    dao.queue(stop, stopped, cem)
    waiting = "0x" + (1 << 2).to_bytes(32, "big").hex()
    with reverts(timelock, "TimelockUnexpectedOperationState", operation(dao, plan), waiting):
        governor.execute(*plan.by_hash, {"from": ann})  # eight days later it still waits
    governor.execute(*stop.by_hash, {"from": cem})
    assert governor.state(taken) == CANCELED
    assert not timelock.hasRole(timelock.PROPOSER_ROLE(), stranger)


@attack("captured-vote")
def test_the_slowest_vote_cancels_in_time(dao, token, deployer, ann, ben, stranger):
    """A captured vote may slow down all later ones as far as their bounds let it."""
    nonce = deployer.nonce
    itself, governor_at = (deployer.get_deployment_address(nonce + n) for n in (0, 1))
    timelock = deploy_treasury(deployer, token, governor_at, [itself, dao.timelock], 7 * DAY)
    governor = containers().HolderGovernor.deploy(
        token, timelock, [itself, dao.timelock], settings(**SLOWEST), {"from": deployer}
    )
    slow = Dao(token, timelock, governor, (itself,))
    plan = coup(slow, stranger)
    taken = win(slow, plan, ann)
    stop = cancelling(slow, plan)
    slow.pass_to_execution(stop, ben, [ben])
    assert now() < governor.proposalEta(taken) - DAY
    governor.execute(*stop.by_hash, {"from": ben})
    assert governor.state(taken) == CANCELED


@attack("captured-vote")
def test_the_governor_keeps_cancelling(dao, governor, timelock, ann):
    renounce = timelock.renounceRole.encode_input(timelock.CANCELLER_ROLE(), governor)
    deaf = relayed(dao, renounce, "Nobody shall cancel")
    dao.pass_to_execution(deaf, ann, [ann])
    with reverts(timelock, "TimelockUnauthorizedCaller", governor):
        governor.execute(*deaf.by_hash, {"from": ann})


# ── the governor's relay ─────────────────────────────────────────────────────────────────────────


@attack("relay-and-schedule")
def test_relay_and_schedule_lend_nothing(deployer, ann, escrow, stranger):
    dao = plain_dao(deployer, ann, escrow)
    call = (dao.token, 0, dao.token.delegate.encode_input(stranger), *NO_SALT)
    schedule = dao.timelock.schedule.encode_input(*call, TIMELOCK_SECONDS)
    dao.enact(relayed(dao, schedule, "Plant it"), ann, [ann])
    pass_time(TIMELOCK_SECONDS)
    with reverts(dao.timelock, "AccessControlUnauthorizedAccount", stranger, dao.timelock.EXECUTOR_ROLE()):
        dao.timelock.execute(*call, {"from": stranger})
    harvest = relayed(dao, dao.timelock.execute.encode_input(*call), "Harvest it")
    dao.pass_to_execution(harvest, ann, [ann])
    with reverts(dao.timelock, "TreasuryLendsVotes", stranger):
        dao.governor.execute(*harvest.by_hash, {"from": ann})
    assert dao.token.getVotes(stranger) == 0


@attack("relay-and-schedule")
def test_relay_does_not_shorten_the_wait(dao, timelock, ann, stranger):
    grant = timelock.grantRole.encode_input(timelock.EXECUTOR_ROLE(), stranger)
    call = (timelock, 0, grant, *NO_SALT)
    schedule = timelock.schedule.encode_input(*call, TIMELOCK_SECONDS)
    dao.enact(relayed(dao, schedule, "Housekeeping"), ann, [ann])
    assert timelock.getTimestamp(timelock.hashOperation(*call)) == now() + OWN_CHANGE_SECONDS


@attack("relay-and-schedule")
def test_what_relay_planted_takes_another_vote(dao, governor, timelock, token, ann, stranger):
    call = (token, 0, token.transfer.encode_input(stranger, TREASURE), *NO_SALT)
    dao.enact(relayed(dao, timelock.schedule.encode_input(*call, TIMELOCK_SECONDS), "For later"), ann, [ann])
    pass_time(3 * 365 * DAY)
    with reverts(timelock, "AccessControlUnauthorizedAccount", ann, timelock.EXECUTOR_ROLE()):
        timelock.execute(*call, {"from": ann})
    with reverts(governor, "GovernorOnlyExecutor", ann):
        governor.relay(timelock, 0, timelock.execute.encode_input(*call), {"from": ann})
    dao.enact(relayed(dao, timelock.execute.encode_input(*call), "Now"), ann, [ann])
    assert token.balanceOf(stranger) == TREASURE


# ── an excluded account of an existing token ─────────────────────────────────────────────────────


@attack("excluded-account-lends")
def test_an_excluded_account_of_an_existing_token_can_lend(deployer, ann, escrow, stranger):
    """The true bound: such a token knows of no exclusion. `deploy` and `check` demand that the account delegated to an
    excluded one; then its tokens are not votable. If it delegates anew, `check` tells."""
    dao = plain_dao(deployer, ann, escrow)  # `escrow` stands for an account that somebody holds
    dao.token.mint(escrow, 500_000 * WAD, {"from": deployer})
    dao.token.delegate(dao.timelock, {"from": escrow})
    pass_time(1)
    assert dao.governor.votableSupply(now() - 1) == 400_000 * WAD
    dao.token.delegate(stranger, {"from": escrow})
    hold()
    pid = dao.propose(proposal((dao.token, "0x")), stranger)
    dao.open_vote(pid)
    with reverts(dao.governor, "ElectorateExcluded", escrow):
        dao.governor.castVote(pid, FOR, {"from": escrow})
    dao.governor.castVote(pid, FOR, {"from": stranger})
    dao.governor.castVote(pid, AGAINST, {"from": ann})
    dao.close_vote(pid)
    assert dao.governor.state(pid) == SUCCEEDED


# ── a successor ──────────────────────────────────────────────────────────────────────────────────


def test_a_successor_of_the_governor_takes_over(dao, governor, timelock, token, deployer, ann, stranger):
    successor = containers().HolderGovernor.deploy(token, timelock, dao.excluded, settings(), {"from": deployer})
    roles = [getattr(timelock, f"{name}_ROLE")() for name in ("PROPOSER", "CANCELLER", "EXECUTOR")]
    grants = [(timelock, timelock.grantRole.encode_input(role, successor)) for role in roles]
    hand_over = proposal(*grants, description="A new governor")
    pid = win(dao, hand_over, ann)
    # Its wait ends after the 30 days from the end of its vote, so it has 30 more.
    reach(governor.proposalEta(pid))
    assert governor.state(pid) == QUEUED
    assert governor.expiresAt(pid) == governor.proposalDeadline(pid) + 60 * DAY
    governor.execute(*hand_over.by_hash, {"from": stranger})
    assert governor.state(pid) == EXECUTED
    new = Dao(token, timelock, successor, dao.excluded)
    revoke = [(timelock, timelock.revokeRole.encode_input(role, governor)) for role in roles]
    new.enact(proposal(*revoke, description="Thank the old one"), ann, [ann])
    assert not any(timelock.hasRole(role, governor) for role in roles)
    new.enact(proposal((token, token.transfer.encode_input(stranger, TREASURE))), ann, [ann])
    assert token.balanceOf(stranger) == TREASURE
