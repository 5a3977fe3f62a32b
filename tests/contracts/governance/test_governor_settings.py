"""HolderGovernor: hard bounds of its settings, and who may do what.

constructor
  when a time is out of bounds
    it reverts -> test_deployment_refuses_times_out_of_bounds
  when a share is out of bounds
    it reverts -> test_deployment_refuses_shares_out_of_bounds
  when all settings are on their bounds
    it deploys -> test_deploys_on_the_bounds
setVotingDelay, setVotingPeriod, setLateQuorumSeconds, setProposalThreshold,
updateQuorumNumerator
  when the new value is out of bounds
    the proposal's execution reverts -> test_governance_cannot_leave_the_bounds
  when it is on a bound
    it is set -> test_governance_moves_settings_within_bounds
updateTimelock
  when the new treasury is not excluded
    the proposal's execution reverts -> test_a_new_treasury_has_to_be_excluded
  when it is
    it is the executor from now on -> test_replaces_the_treasury_by_an_excluded_one
permissions
  when anybody calls what belongs to governance
    it reverts -> test_only_governance_changes_settings
  when anybody calls what belongs to the treasury's own roles
    it reverts -> test_only_the_governor_schedules_cancels_and_executes
  given the deployer
    it has no role in the treasury -> test_deployer_has_no_role_in_the_treasury
  when money is sent to the governor
    it reverts -> test_governor_takes_no_money
"""

from __future__ import annotations

import pytest
from brownie import web3

from tests.support.governance import (
    DAY,
    LATE_QUORUM_SECONDS,
    VOTING_DELAY_SECONDS,
    VOTING_PERIOD_SECONDS,
    deploy_governor,
    deploy_treasury,
    hold,
    proposal,
    settings,
)
from tests.support.reverts import reverts

MAX_DELAY, MAX_PERIOD = 7 * DAY, 14 * DAY
MAX_LATE = VOTING_PERIOD_SECONDS // 2


@pytest.mark.parametrize(
    ("changes", "bounds"),
    [
        ({"votingDelaySeconds": 0}, (0, 1, MAX_DELAY)),
        ({"votingDelaySeconds": MAX_DELAY + 1}, (MAX_DELAY + 1, 1, MAX_DELAY)),
        ({"votingPeriodSeconds": 0}, (0, 1, MAX_PERIOD)),
        ({"votingPeriodSeconds": MAX_PERIOD + 1}, (MAX_PERIOD + 1, 1, MAX_PERIOD)),
        ({"lateQuorumSeconds": MAX_LATE + 1}, (MAX_LATE + 1, 0, MAX_LATE)),
    ],
)
def test_deployment_refuses_times_out_of_bounds(HolderGovernor, dao, deployer, changes, bounds):
    with reverts(HolderGovernor, "HolderGovernorTimeOutOfBounds", *bounds):
        HolderGovernor.deploy(dao.token, dao.timelock, dao.excluded, settings(**changes), {"from": deployer})


@pytest.mark.parametrize(
    ("changes", "bounds"),
    [
        ({"proposalThresholdBps": 0}, (0, 1, 1_000)),
        ({"proposalThresholdBps": 1_001}, (1_001, 1, 1_000)),
        ({"quorumBps": 99}, (99, 100, 5_000)),
        ({"quorumBps": 5_001}, (5_001, 100, 5_000)),
    ],
)
def test_deployment_refuses_shares_out_of_bounds(HolderGovernor, dao, deployer, changes, bounds):
    with reverts(HolderGovernor, "ElectorateShareOutOfBounds", *bounds):
        HolderGovernor.deploy(dao.token, dao.timelock, dao.excluded, settings(**changes), {"from": deployer})


@pytest.mark.parametrize(
    "values", [(1, 1, 0, 1, 100, 0, 0, 60), (MAX_DELAY, MAX_PERIOD, MAX_PERIOD // 2, 1_000, 5_000, 1, 1, 60)]
)
def test_deploys_on_the_bounds(HolderGovernor, dao, deployer, values):
    governor = HolderGovernor.deploy(dao.token, dao.timelock, dao.excluded, values, {"from": deployer})
    assert governor.votingDelay() == values[0]
    assert governor.votingPeriod() == values[1]


TIME, SHARE = "HolderGovernorTimeOutOfBounds", "ElectorateShareOutOfBounds"
SETTINGS = [
    # function, error, least, most, getter
    ("setVotingDelay", TIME, VOTING_DELAY_SECONDS // 4, MAX_DELAY, "votingDelay"),
    ("setVotingPeriod", TIME, 2 * LATE_QUORUM_SECONDS, MAX_PERIOD, "votingPeriod"),
    ("setLateQuorumSeconds", TIME, LATE_QUORUM_SECONDS // 4, MAX_LATE, "lateQuorumSeconds"),
    ("setProposalThreshold", SHARE, 1, 1_000, "proposalThresholdBps"),
    ("updateQuorumNumerator", SHARE, 100, 5_000, "quorumNumerator"),
]
NAMES = [row[0] for row in SETTINGS]


@pytest.mark.parametrize(("function", "error", "least", "most", "getter"), SETTINGS, ids=NAMES)
def test_governance_cannot_leave_the_bounds(dao, governor, ann, function, error, least, most, getter):
    for value in (least - 1, most + 1):
        what = proposal((governor, getattr(governor, function).encode_input(value)), description=str(value))
        dao.pass_to_execution(what, ann, [ann])
        with reverts(governor, error, value, least, most):
            governor.execute(*what.by_hash, {"from": ann})


@pytest.mark.parametrize(("function", "error", "least", "most", "getter"), SETTINGS, ids=NAMES)
def test_governance_moves_settings_within_bounds(dao, governor, ann, ben, function, error, least, most, getter):
    for value in (least, most):
        what = proposal((governor, getattr(governor, function).encode_input(value)), description=str(value))
        dao.enact(what, ann, [ann, ben])
        assert getattr(governor, getter)() == value


def test_a_new_treasury_has_to_be_excluded(dao, governor, deployer, ann):
    itself = deployer.get_deployment_address(deployer.nonce)
    other = deploy_treasury(deployer, dao.token, governor, [itself])
    what = proposal((governor, governor.updateTimelock.encode_input(other)))
    dao.pass_to_execution(what, ann, [ann])
    with reverts(governor, "HolderGovernorTreasuryIncluded", other):
        governor.execute(*what.by_hash, {"from": ann})


def test_replaces_the_treasury_by_an_excluded_one(HolderToken, deployer, ann):
    at = deployer.nonce
    # token, next treasury, then (in deploy_governor) treasury and governor
    successor_address, governor_address = (deployer.get_deployment_address(at + n) for n in (1, 3))
    token = HolderToken.deploy("H", "H", 10**24, ann, [], {"from": deployer})
    successor = deploy_treasury(deployer, token, governor_address, [successor_address])
    dao = deploy_governor(deployer, token, escrow=successor)
    governor = dao.governor
    hold()
    dao.enact(proposal((governor, governor.updateTimelock.encode_input(successor))), ann, [ann])
    assert governor.timelock() == successor
    change = proposal((governor, governor.setVotingDelay.encode_input(2 * DAY)))
    dao.enact(change, ann, [ann])
    assert governor.votingDelay() == 2 * DAY


@pytest.mark.parametrize(
    ("function", "make_args"),
    [
        ("setVotingDelay", lambda dao: [DAY]),
        ("setVotingPeriod", lambda dao: [DAY * 5]),
        ("setLateQuorumSeconds", lambda dao: [DAY]),
        ("setProposalThreshold", lambda dao: [100]),
        ("updateQuorumNumerator", lambda dao: [1_000]),
        ("updateTimelock", lambda dao: [dao.timelock]),
        ("relay", lambda dao: [dao.token, 0, "0x"]),
    ],
)
def test_only_governance_changes_settings(dao, governor, deployer, ann, escrow, stranger, function, make_args):
    for caller in (deployer, ann, escrow, stranger):
        with reverts(governor, "GovernorOnlyExecutor", caller):
            getattr(governor, function)(*make_args(dao), {"from": caller})


ZERO_32 = "0x" + "00" * 32


@pytest.mark.parametrize(
    ("function", "role", "make_args"),
    [
        ("schedule", "PROPOSER_ROLE", lambda dao: [dao.token, 0, "0x", ZERO_32, ZERO_32, DAY * 2]),
        ("scheduleBatch", "PROPOSER_ROLE", lambda dao: [[dao.token], [0], ["0x"], ZERO_32, ZERO_32, DAY * 2]),
        ("cancel", "CANCELLER_ROLE", lambda dao: [ZERO_32]),
        ("execute", "EXECUTOR_ROLE", lambda dao: [dao.token, 0, "0x", ZERO_32, ZERO_32]),
        ("executeBatch", "EXECUTOR_ROLE", lambda dao: [[dao.token], [0], ["0x"], ZERO_32, ZERO_32]),
        ("grantRole", "DEFAULT_ADMIN_ROLE", lambda dao: [ZERO_32, dao.token]),
        ("revokeRole", "DEFAULT_ADMIN_ROLE", lambda dao: [ZERO_32, dao.token]),
    ],
)
def test_only_the_governor_schedules_cancels_and_executes(
    dao, timelock, deployer, ann, stranger, function, role, make_args
):
    needed = getattr(timelock, role)()
    for caller in (deployer, ann, stranger):
        with reverts(timelock, "AccessControlUnauthorizedAccount", caller, needed):
            getattr(timelock, function)(*make_args(dao), {"from": caller})
    with reverts(timelock, "TimelockUnauthorizedCaller", stranger):
        timelock.updateDelay(1, {"from": stranger})


def test_deployer_has_no_role_in_the_treasury(timelock, governor, deployer):
    roles = ("DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE")
    for role in roles:
        assert not timelock.hasRole(getattr(timelock, role)(), deployer)
    for role in ("PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"):
        assert timelock.hasRole(getattr(timelock, role)(), governor)
    assert timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), timelock)


def test_governor_takes_no_money(governor, ann):
    with reverts(governor, "GovernorDisabledDeposit"):
        ann.transfer(governor, 1)
    assert web3.eth.get_balance(governor.address) == 0
