"""Attacks on governance.

the first wrapper
  given no floor
    one wrapped token takes the treasury -> test_first_wrapper_owns_a_dao_without_floors
  given floors
    it cannot propose -> test_first_wrapper_cannot_propose_given_floors
    it cannot decide either -> test_first_wrapper_cannot_decide_given_floors
the treasury votes with its own tokens
  when a proposal votes directly
    its execution reverts -> test_treasury_cannot_vote_through_a_proposal
  when a proposal delegates
    it cannot be proposed, whatever the token -> test_treasury_cannot_delegate_through_a_proposal
  when a proposal delegates through the governor's relay
    the governor has nothing to lend -> test_relay_lends_only_the_governors_own_votes
a temporary proposer
  given it scheduled an operation before it lost its role
    the operation survives and gives the role back -> test_leftover_operation_survives
a decoy quorum
  given abstentions that reach the quorum early
    a majority of the last second extends the vote -> test_decoy_quorum_extends_the_vote
flash-loaned votes
  when they propose
    they count for nothing -> test_flash_loaned_votes_cannot_propose
  when they vote
    they weigh nothing -> test_flash_loaned_votes_weigh_nothing
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.clock import pass_time, reach, set_next
from tests.support.governance import (
    ABSTAIN,
    AGAINST,
    DEFEATED,
    FOR,
    LATE_QUORUM_SECONDS,
    TIMELOCK_SECONDS,
    WAD,
    deploy_governor,
    proposal,
)
from tests.support.reverts import reverts

UNDERLYING = 1_000_000 * WAD
TREASURE = 50_000 * WAD


# ── the first wrapper ────────────────────────────────────────────────────────────────────────────


def wrapped_dao(ReentrantToken, VotesWrapper, deployer, attacker, escrow, **floors):
    """A DAO over a wrapper into which the attacker was the first to put a single token."""
    underlying = ReentrantToken.deploy({"from": deployer})
    wrapper = VotesWrapper.deploy(underlying, "Wrapped", "W", [escrow], {"from": deployer})
    dao = deploy_governor(deployer, wrapper, escrow=escrow, **floors)
    underlying.mint(deployer, UNDERLYING, {"from": deployer})
    underlying.transfer(dao.timelock, TREASURE, {"from": deployer})
    underlying.transfer(attacker, 2 * WAD, {"from": deployer})
    underlying.approve(wrapper, 2 * WAD, {"from": attacker})
    wrapper.depositFor(attacker, WAD, {"from": attacker})
    pass_time(1)
    loot = proposal((underlying, underlying.transfer.encode_input(attacker, TREASURE)))
    return dao, underlying, loot


def test_first_wrapper_owns_a_dao_without_floors(ReentrantToken, VotesWrapper, deployer, stranger, escrow):
    dao, underlying, loot = wrapped_dao(
        ReentrantToken, VotesWrapper, deployer, stranger, escrow, proposalFloor=0, quorumFloor=0
    )
    dao.enact(loot, stranger, [stranger])
    assert underlying.balanceOf(stranger) == TREASURE + WAD


FLOORS = {"proposalFloor": UNDERLYING // 10 // 100, "quorumFloor": UNDERLYING // 10 // 10}


def test_first_wrapper_cannot_propose_given_floors(ReentrantToken, VotesWrapper, deployer, stranger, escrow):
    dao, _, loot = wrapped_dao(ReentrantToken, VotesWrapper, deployer, stranger, escrow, **FLOORS)
    floor = FLOORS["proposalFloor"]
    with reverts(dao.governor, "GovernorInsufficientProposerVotes", stranger, WAD, floor):
        dao.governor.propose(*loot.by_text, {"from": stranger})


def test_first_wrapper_cannot_decide_given_floors(ReentrantToken, VotesWrapper, deployer, stranger, escrow):
    floors = {**FLOORS, "proposalFloor": WAD}
    dao, _, loot = wrapped_dao(ReentrantToken, VotesWrapper, deployer, stranger, escrow, **floors)
    pid = dao.propose(loot, stranger)
    dao.open_vote(pid)
    dao.governor.castVote(pid, FOR, {"from": stranger})
    dao.close_vote(pid)
    assert dao.governor.state(pid) == DEFEATED


# ── the treasury votes with its own tokens ───────────────────────────────────────────────────────


def test_treasury_cannot_vote_through_a_proposal(dao, governor, timelock, ann, ben):
    aim = proposal((governor, governor.setProposalThreshold.encode_input(1)), description="Aim")
    id_of_aim = governor.hashProposal(*aim.by_hash)
    vote = proposal((governor, governor.castVote.encode_input(id_of_aim, FOR)))
    pid = dao.propose(vote, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    governor.queue(*vote.by_hash, {"from": ann})
    dao.propose(aim, ben)
    reach(governor.proposalEta(pid))
    assert governor.state(id_of_aim) == 1
    with reverts(governor, "ElectorateExcluded", timelock):
        governor.execute(*vote.by_hash, {"from": ann})


@pytest.mark.parametrize("kind", ["HolderToken", "PlainVotesToken"])
def test_treasury_cannot_delegate_through_a_proposal(dao, deployer, ann, escrow, PlainVotesToken, kind):
    if kind == "PlainVotesToken":  # an existing token, which knows of no excluded accounts
        token = PlainVotesToken.deploy(True, {"from": deployer})
        dao = deploy_governor(deployer, token, escrow=escrow)
        token.mint(ann, UNDERLYING, {"from": deployer})
        token.delegate(ann, {"from": ann})
        pass_time(1)
    lend = proposal((dao.token, dao.token.delegate.encode_input(ann)))
    with reverts(dao.governor, "HolderGovernorDelegatesTreasury", 0):
        dao.governor.propose(*lend.by_text, {"from": ann})


def test_relay_lends_only_the_governors_own_votes(dao, governor, token, timelock, ann, stranger):
    data = token.delegate.encode_input(stranger)
    dao.enact(proposal((governor, governor.relay.encode_input(token, 0, data))), ann, [ann])
    assert token.delegates(governor) == stranger
    assert token.delegates(timelock) == timelock
    assert token.getVotes(stranger) == 0


# ── a temporary proposer ─────────────────────────────────────────────────────────────────────────


def test_leftover_operation_survives(TimelockController, deployer, stranger):
    # What the deploy script must never do, and why `check` rebuilds operations from the logs.
    timelock = TimelockController.deploy(TIMELOCK_SECONDS, [deployer], [ZERO_ADDRESS], deployer, {"from": deployer})
    proposer = timelock.PROPOSER_ROLE()
    back = timelock.grantRole.encode_input(proposer, deployer)
    call = (timelock, 0, back, "0x" + "00" * 32, "0x" + "00" * 32)
    scheduled = timelock.schedule(*call, TIMELOCK_SECONDS, {"from": deployer})
    for role in ("PROPOSER_ROLE", "CANCELLER_ROLE", "DEFAULT_ADMIN_ROLE"):
        timelock.renounceRole(getattr(timelock, role)(), deployer, {"from": deployer})
    assert not timelock.hasRole(proposer, deployer)
    operation = scheduled.events["CallScheduled"]["id"]
    assert timelock.isOperationPending(operation)
    reach(timelock.getTimestamp(operation))
    timelock.execute(*call, {"from": stranger})
    assert timelock.hasRole(proposer, deployer)


# ── a decoy quorum ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.attack("decoy-quorum")
def test_decoy_quorum_extends_the_vote(dao, governor, token, ann, ben, cem, dee):
    """One hand abstains with a quorum, where nobody is in favour, and votes for it at the end."""
    plan = proposal((token, token.transfer.encode_input(dee, 300_000 * WAD)))
    pid = dao.propose(plan, dee)
    dao.open_vote(pid)
    tx = governor.castVote(pid, ABSTAIN, {"from": cem})
    assert "ProposalExtended" not in tx.events
    deadline = set_next(governor.proposalDeadline(pid))
    tx = governor.castVote(pid, FOR, {"from": dee})
    extended = deadline + LATE_QUORUM_SECONDS
    assert tx.events["ProposalExtended"]["extendedDeadline"] == extended
    set_next(extended)
    governor.castVote(pid, AGAINST, {"from": ben})
    dao.close_vote(pid)
    assert governor.state(pid) == DEFEATED


# ── flash-loaned votes ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def borrower(FlashBorrower, token, stranger, ann):
    borrower = FlashBorrower.deploy({"from": stranger})
    token.approve(borrower, 2**256 - 1, {"from": ann})
    return borrower


def test_flash_loaned_votes_cannot_propose(governor, token, borrower, ann, stranger):
    what = proposal((token, token.transfer.encode_input(stranger, 1)))
    data = governor.propose.encode_input(*what.by_text)
    needed = governor.proposalThreshold()
    with reverts(governor, "GovernorInsufficientProposerVotes", borrower, 0, needed):
        borrower.borrow(token, ann, token.balanceOf(ann), governor, data, {"from": stranger})


def test_flash_loaned_votes_weigh_nothing(dao, governor, token, borrower, ann, stranger):
    pid = dao.propose(proposal((token, token.transfer.encode_input(stranger, 1))), ann)
    dao.open_vote(pid)
    data = governor.castVote.encode_input(pid, FOR)
    borrower.borrow(token, ann, token.balanceOf(ann), governor, data, {"from": stranger})
    assert governor.hasVoted(pid, borrower)
    assert governor.proposalVotes(pid) == (0, 0, 0)
