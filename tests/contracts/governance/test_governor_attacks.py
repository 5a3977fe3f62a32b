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
    its execution reverts, whatever the token -> test_treasury_cannot_delegate_through_a_proposal
  when a proposal delegates through the governor's relay
    the governor has nothing to lend -> test_relay_lends_only_the_governors_own_votes
a temporary proposer
  given it scheduled an operation before it lost its role
    the operation survives and gives the role back -> test_leftover_operation_survives
the end of a vote
  given abstentions that reach the quorum early
    nobody lifts it late -> test_decoy_quorum_lifts_nothing_late
  given votes that were kept back
    they cannot swing the last second -> test_kept_back_votes_do_not_swing_the_last_second
    what they swing before can be answered -> test_a_swing_before_the_late_part_can_be_answered
what passed long ago
  when its author, or a friend, carries it out
    it has expired -> test_what_passed_long_ago_is_carried_out_by_nobody
votes held for a block
  when they are lent over the snapshot
    they weigh nothing -> test_votes_held_for_a_block_weigh_nothing
  when they are lent over both readings
    they weigh, which is the true bound -> test_votes_held_at_both_readings_weigh
flash-loaned votes
  when they propose
    they count for nothing -> test_flash_loaned_votes_cannot_propose
  when they vote
    they weigh nothing -> test_flash_loaned_votes_weigh_nothing
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.clock import now, pass_time, reach, set_next
from tests.support.governance import (
    ABSTAIN,
    AGAINST,
    DAY,
    DEFEATED,
    EXPIRED,
    FOR,
    HOLDING_SECONDS,
    LIFE_SECONDS,
    QUEUED,
    SUCCEEDED,
    WAD,
    deploy_governor,
    deploy_treasury,
    hold,
    plain_dao,
    proposal,
)
from tests.support.reverts import reverts

UNDERLYING = 1_000_000 * WAD
TREASURE = 50_000 * WAD


# ── the first wrapper ────────────────────────────────────────────────────────────────────────────


def wrapped_dao(HostileToken, VotesWrapper, deployer, attacker, escrow, **floors):
    """A DAO over a wrapper into which the attacker was the first to put a single token."""
    underlying = HostileToken.deploy(18, {"from": deployer})
    wrapper = VotesWrapper.deploy(underlying, "Wrapped", "W", [escrow], {"from": deployer})
    dao = deploy_governor(deployer, wrapper, escrow=escrow, **floors)
    underlying.mint(deployer, UNDERLYING, {"from": deployer})
    underlying.transfer(dao.timelock, TREASURE, {"from": deployer})
    underlying.transfer(attacker, 2 * WAD, {"from": deployer})
    underlying.approve(wrapper, 2 * WAD, {"from": attacker})
    wrapper.depositFor(attacker, WAD, {"from": attacker})
    hold()
    loot = proposal((underlying, underlying.transfer.encode_input(attacker, TREASURE)))
    return dao, underlying, loot


def test_first_wrapper_owns_a_dao_without_floors(HostileToken, VotesWrapper, deployer, stranger, escrow):
    dao, underlying, loot = wrapped_dao(
        HostileToken, VotesWrapper, deployer, stranger, escrow, proposalFloor=0, quorumFloor=0
    )
    dao.enact(loot, stranger, [stranger])
    assert underlying.balanceOf(stranger) == TREASURE + WAD


FLOORS = {"proposalFloor": UNDERLYING // 10 // 100, "quorumFloor": UNDERLYING // 10 // 10}


def test_first_wrapper_cannot_propose_given_floors(HostileToken, VotesWrapper, deployer, stranger, escrow):
    dao, _, loot = wrapped_dao(HostileToken, VotesWrapper, deployer, stranger, escrow, **FLOORS)
    floor = FLOORS["proposalFloor"]
    with reverts(dao.governor, "GovernorInsufficientProposerVotes", stranger, WAD, floor):
        dao.governor.propose(*loot.by_text, {"from": stranger})


def test_first_wrapper_cannot_decide_given_floors(HostileToken, VotesWrapper, deployer, stranger, escrow):
    floors = {**FLOORS, "proposalFloor": WAD}
    dao, _, loot = wrapped_dao(HostileToken, VotesWrapper, deployer, stranger, escrow, **floors)
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
def test_treasury_cannot_delegate_through_a_proposal(dao, deployer, ann, escrow, kind):
    if kind == "PlainVotesToken":  # an existing token, which knows of no excluded accounts
        dao = plain_dao(deployer, ann, escrow)
    lend = proposal((dao.token, dao.token.delegate.encode_input(ann)))
    dao.pass_to_execution(lend, ann, [ann])
    wrong = ("HolderVotesExcluded", dao.timelock) if kind == "HolderToken" else ("TreasuryLendsVotes", ann)
    with reverts([*dao.token.abi, *dao.timelock.abi], *wrong):
        dao.governor.execute(*lend.by_hash, {"from": ann})


def test_relay_lends_only_the_governors_own_votes(dao, governor, token, timelock, ann, stranger):
    data = token.delegate.encode_input(stranger)
    dao.enact(proposal((governor, governor.relay.encode_input(token, 0, data))), ann, [ann])
    assert token.delegates(governor) == stranger
    assert token.delegates(timelock) == timelock
    assert token.getVotes(stranger) == 0


# ── a temporary proposer ─────────────────────────────────────────────────────────────────────────


def test_leftover_operation_survives(token, deployer, ann):
    # What the deploy script must never do, and why `check` rebuilds operations from the logs.
    itself = deployer.get_deployment_address(deployer.nonce)
    timelock = deploy_treasury(deployer, token, deployer, [itself])
    proposer, executor = timelock.PROPOSER_ROLE(), timelock.EXECUTOR_ROLE()

    def schedule(function, role, account):
        call = (timelock, 0, getattr(timelock, function).encode_input(role, account), bytes(32), bytes(32))
        timelock.schedule(*call, 0, {"from": deployer})
        return call

    back, open_to_all, gone = (
        schedule("grantRole", proposer, ann),
        schedule("grantRole", executor, ZERO_ADDRESS),
        schedule("revokeRole", proposer, deployer),
    )
    pass_time(LIFE_SECONDS)
    for call in (open_to_all, gone):
        timelock.execute(*call, {"from": deployer})
    assert not timelock.hasRole(proposer, deployer)
    pass_time(365 * DAY)
    timelock.execute(*back, {"from": ann})
    assert timelock.hasRole(proposer, ann)


# ── the end of a vote ────────────────────────────────────────────────────────────────────────────


@pytest.mark.attack("decoy-quorum")
def test_decoy_quorum_lifts_nothing_late(dao, governor, token, ben, cem, dee):
    """One hand abstains with a quorum, where nobody is in favour, and votes for it at the end."""
    plan = proposal((token, token.transfer.encode_input(dee, 300_000 * WAD)))
    pid = dao.propose(plan, dee)
    dao.open_vote(pid)
    governor.castVote(pid, ABSTAIN, {"from": cem})
    late = set_next(governor.lateFrom(pid))
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVote(pid, FOR, {"from": dee})
    dao.close_vote(pid)
    assert governor.state(pid) == DEFEATED


@pytest.mark.attack("last-second-swing")
def test_kept_back_votes_do_not_swing_the_last_second(dao, governor, token, ann, ben, cem, stranger):
    """Win at once, be outvoted, and lift it with votes kept back: until the late part everybody can answer."""
    pid = dao.propose(proposal((token, token.transfer.encode_input(stranger, 1))), cem)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": cem})
    governor.castVote(pid, AGAINST, {"from": ben})
    for moment in (governor.lateFrom(pid), governor.proposalDeadline(pid)):
        set_next(moment)
        with reverts(governor, "HolderGovernorLateFor", pid, governor.lateFrom(pid)):
            governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    assert governor.state(pid) == DEFEATED


@pytest.mark.attack("last-second-swing")
def test_a_swing_before_the_late_part_can_be_answered(dao, governor, token, ann, ben, cem, dee, stranger):
    """The true bound: the last moment for "for" leaves all who are against a day to say so."""
    pid = dao.propose(proposal((token, token.transfer.encode_input(stranger, 1))), cem)
    dao.open_vote(pid)
    set_next(governor.lateFrom(pid) - 1)
    governor.castVote(pid, FOR, {"from": ann})
    set_next(governor.proposalDeadline(pid) - DAY + 2)
    for who in (ben, cem, dee):
        governor.castVote(pid, AGAINST, {"from": who})
    dao.close_vote(pid)
    assert governor.state(pid) == DEFEATED


# ── what passed long ago ─────────────────────────────────────────────────────────────────────────


@pytest.mark.attack("sleeping-proposal")
@pytest.mark.parametrize("is_queued", [False, True])
def test_what_passed_long_ago_is_carried_out_by_nobody(dao, governor, token, timelock, ann, ben, stranger, is_queued):
    """A proposal of sleepy days, whose author has sold everything since, waits for the treasury to be worth it."""
    plan = proposal((token, token.transfer.encode_input(stranger, TREASURE)), description="A reserve for later")
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    if is_queued:
        dao.queue(plan, pid, stranger)
    token.transfer(ben, token.balanceOf(ann), {"from": ann})
    reach(governor.proposalDeadline(pid) + LIFE_SECONDS)
    needed = QUEUED if is_queued else SUCCEEDED
    with reverts(governor, "GovernorUnexpectedProposalState", pid, EXPIRED, "0x" + (1 << needed).to_bytes(32).hex()):
        (governor.execute if is_queued else governor.queue)(*plan.by_hash, {"from": stranger})
    # Nor past the governor: nobody else executes.
    salt = bytes(a ^ b for a, b in zip(bytes.fromhex(governor.address[2:]) + bytes(12), keccak(plan), strict=True))
    with reverts(timelock, "AccessControlUnauthorizedAccount", stranger, timelock.EXECUTOR_ROLE()):
        timelock.executeBatch(*plan.by_text[:3], bytes(32), salt, {"from": stranger})


def keccak(plan):
    """Digest of a proposal's text."""
    return bytes.fromhex(plan.by_hash[3].removeprefix("0x"))


# ── votes held for a block ───────────────────────────────────────────────────────────────────────


@pytest.mark.attack("votes-held-for-a-block")
def test_votes_held_for_a_block_weigh_nothing(dao, governor, token, ann, dee, stranger):
    """Lent the block before the snapshot, given back the block after."""
    pid = dao.propose(proposal((token, token.transfer.encode_input(stranger, TREASURE))), dee)
    snapshot = set_next(governor.proposalSnapshot(pid))
    token.transfer(stranger, token.balanceOf(ann), {"from": ann})
    set_next(snapshot + 12)
    token.transfer(ann, token.balanceOf(stranger), {"from": stranger})
    assert token.getPastVotes(stranger, snapshot) > 0
    governor.castVote(pid, FOR, {"from": stranger})
    assert governor.proposalVotes(pid) == (0, 0, 0)


@pytest.mark.attack("votes-held-for-a-block")
def test_votes_held_at_both_readings_weigh(dao, governor, token, ann, dee, stranger):
    """The true bound: two readings, a holding period apart, not all that lies between them."""
    what = proposal((token, token.transfer.encode_input(stranger, TREASURE)))
    held = token.balanceOf(ann)
    first = now() + 3 * DAY  # who proposes itself chooses both moments
    set_next(first)
    token.transfer(stranger, held, {"from": ann})
    set_next(first + 1)
    token.transfer(ann, held, {"from": stranger})
    set_next(first + HOLDING_SECONDS - DAY)
    pid = governor.propose(*what.by_text, {"from": dee}).return_value
    assert governor.proposalSnapshot(pid) == first + HOLDING_SECONDS
    set_next(first + HOLDING_SECONDS)
    token.transfer(stranger, held, {"from": ann})
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": stranger})
    assert governor.proposalVotes(pid) == (0, held, 0)


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
