"""HolderGovernor: proposing, voting, quorum, the way to execution.

constructor
  when the timelock is not among the excluded accounts
    it reverts -> test_reverts_when_the_treasury_is_not_excluded
  when all is well
    it keeps settings, floors and electorate -> test_keeps_what_it_was_deployed_with
proposalThreshold
  given its share is above the floor
    it is the share of the supply one second ago -> test_proposal_threshold_is_a_share
  given its share is below the floor
    it is the floor -> test_proposal_threshold_is_never_below_its_floor
propose
  when the proposer is excluded
    it reverts for want of votes -> test_excluded_account_cannot_propose
  when the proposer has too few votes
    it reverts -> test_reverts_when_the_proposer_has_too_few_votes
  when the lists differ in length
    it reverts -> test_reverts_when_proposal_lists_differ_in_length
  when the proposer's votes are younger than a holding period
    it reverts -> test_votes_younger_than_a_holding_period_cannot_propose
  when the proposer has just enough votes
    the proposal waits for its vote -> test_proposes_with_just_enough_votes
castVote and its kin
  when the vote has not opened or has closed
    they revert -> test_reverts_when_voting_outside_the_period
  when the voter is excluded
    they revert -> test_excluded_account_cannot_vote
  when the voter has voted
    they revert -> test_reverts_when_voting_twice
  when votes were acquired after the snapshot
    they weigh nothing -> test_votes_acquired_after_the_snapshot_weigh_nothing
  when votes came, or went, within a holding period of the snapshot
    the smaller reading weighs -> test_weight_is_the_smaller_of_two_readings
  when all is well
    votes are counted with their past weight -> test_counts_past_votes
    a reason may be given -> test_votes_with_a_reason
    a signature will do -> test_votes_by_signature
quorum
  for any supply and share
    it is the share, rounded up, never below the floor -> test_quorum_agrees_with_the_model
  given the numerator changed after the snapshot
    it keeps the old one -> test_quorum_of_a_snapshot_never_changes
  given one vote less than it
    the proposal is defeated -> test_defeated_one_vote_below_the_quorum
  given exactly it, by for and abstain
    the proposal succeeds -> test_succeeds_with_exactly_the_quorum
  given a tie
    the proposal is defeated -> test_a_tie_is_no
the last part of a vote
  given a proposal
    its late part is what it was told when it was made -> test_a_vote_keeps_its_late_part
  when it has begun
    for and abstain revert, against is taken -> test_late_only_against_is_taken
the way to execution
  given a proposal that passed
    it changes a parameter after queue and delay -> test_lifecycle_changes_a_parameter
    it cannot be executed before the delay -> test_reverts_when_executed_too_early
    the treasury pays -> test_treasury_pays_what_was_voted
    it expires 30 days after its vote, queued or not -> test_what_passed_expires
    it expires 60 days after where it waits beyond the 30 -> test_queued_late_expires_a_month_later
  given a proposal that did not pass
    it cannot be queued -> test_reverts_when_a_defeated_proposal_is_queued
  given a pending proposal
    when its proposer cancels it
      it is canceled -> test_proposer_cancels_a_pending_proposal
    when anybody else, or the guardian, cancels it
      it reverts -> test_nobody_else_cancels
"""

from __future__ import annotations

import pytest
from brownie import web3
from brownie.test import given
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import strategies as st

from tests.support.clock import mine_at, now, pass_time, reach, set_next
from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    CANCELED,
    DAY,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    FOR,
    HOLDING_SECONDS,
    HOLDINGS,
    LATE_QUORUM_SECONDS,
    LIFE_SECONDS,
    PENDING,
    PROPOSAL_FLOOR,
    PROPOSAL_THRESHOLD_BPS,
    QUEUED,
    QUORUM_BPS,
    QUORUM_FLOOR,
    SUCCEEDED,
    TIMELOCK_SECONDS,
    TREASURY_TOKENS,
    VOTABLE,
    VOTING_DELAY_SECONDS,
    VOTING_PERIOD_SECONDS,
    WAD,
    deploy_governor,
    hold,
    proposal,
    settings,
)
from tests.support.models import shares
from tests.support.reverts import reverts

QUORUM = VOTABLE * QUORUM_BPS // 10_000
THRESHOLD = VOTABLE * PROPOSAL_THRESHOLD_BPS // 10_000
MAX_SUPPLY = 2**112 - 1


def bitmap(*states):
    return "0x" + sum(1 << state for state in states).to_bytes(32, "big").hex()


@pytest.fixture(scope="module")
def plan(governor):
    """Raise the quorum to 20 %."""
    return proposal((governor, governor.updateQuorumNumerator.encode_input(2_000)))


@pytest.fixture
def pid(dao, plan, ann):
    """The plan, in its first second of voting."""
    proposal_id = dao.propose(plan, ann)
    dao.open_vote(proposal_id)
    return proposal_id


# ── constructor ──────────────────────────────────────────────────────────────────────────────────


def test_reverts_when_the_treasury_is_not_excluded(HolderGovernor, dao, escrow, deployer):
    with reverts(HolderGovernor, "HolderGovernorTreasuryIncluded", dao.timelock):
        HolderGovernor.deploy(dao.token, dao.timelock, [escrow], settings(), {"from": deployer})


def test_keeps_what_it_was_deployed_with(governor, dao):
    assert governor.name() == "HolderGovernor"
    assert governor.token() == governor.votesToken() == dao.token
    assert governor.timelock() == dao.timelock
    assert governor.excludedAccounts() == dao.excluded
    assert governor.votingDelay() == VOTING_DELAY_SECONDS
    assert governor.votingPeriod() == VOTING_PERIOD_SECONDS
    assert governor.lateQuorumSeconds() == LATE_QUORUM_SECONDS
    assert governor.proposalThresholdBps() == PROPOSAL_THRESHOLD_BPS
    assert governor.proposalFloor() == PROPOSAL_FLOOR
    assert governor.quorumFloor() == QUORUM_FLOOR
    assert governor.quorumDenominator() == 10_000
    assert governor.quorumNumerator(now()) == governor.quorumNumerator() == QUORUM_BPS
    assert governor.shortestDelaySeconds() == VOTING_DELAY_SECONDS // 4
    assert governor.shortestPeriodSeconds() == VOTING_PERIOD_SECONDS // 4
    assert governor.shortestLateQuorumSeconds() == LATE_QUORUM_SECONDS // 4
    assert governor.clock() == now()
    assert governor.CLOCK_MODE() == "mode=timestamp"
    assert governor.COUNTING_MODE() == "support=bravo&quorum=for,abstain"


# ── proposing ────────────────────────────────────────────────────────────────────────────────────


def test_proposal_threshold_is_a_share(governor):
    assert governor.proposalThreshold() == THRESHOLD


def test_proposal_threshold_is_never_below_its_floor(dao, deployer, escrow):
    other = deploy_governor(deployer, dao.token, escrow=escrow, proposalFloor=THRESHOLD * 2)
    assert other.governor.proposalThreshold() == THRESHOLD * 2


def test_excluded_account_cannot_propose(governor, plan, escrow):
    with reverts(governor, "GovernorInsufficientProposerVotes", escrow, 0, THRESHOLD):
        governor.propose(*plan.by_text, {"from": escrow})


def test_reverts_when_the_proposer_has_too_few_votes(governor, token, plan, ann, stranger):
    token.transfer(stranger, THRESHOLD - 1, {"from": ann})
    hold()
    with reverts(governor, "GovernorInsufficientProposerVotes", stranger, THRESHOLD - 1, THRESHOLD):
        governor.propose(*plan.by_text, {"from": stranger})


def test_reverts_when_proposal_lists_differ_in_length(governor, token, ann):
    data = token.delegate.encode_input(ann)
    with reverts(governor, "GovernorInvalidProposalLength", 2, 1, 2):
        governor.propose([token, token], [0, 0], [data], "short", {"from": ann})
    with reverts(governor, "GovernorInvalidProposalLength", 0, 0, 0):
        governor.propose([], [], [], "nothing", {"from": ann})


def test_votes_younger_than_a_holding_period_cannot_propose(governor, token, plan, ann, stranger):
    arrived = set_next(now() + 10)
    token.transfer(stranger, THRESHOLD, {"from": ann})
    set_next(arrived + HOLDING_SECONDS)
    with reverts(governor, "GovernorInsufficientProposerVotes", stranger, 0, THRESHOLD):
        governor.propose(*plan.by_text, {"from": stranger})
    set_next(arrived + HOLDING_SECONDS + 1)
    governor.propose(*plan.by_text, {"from": stranger})


def test_proposes_with_just_enough_votes(governor, token, plan, ann, stranger):
    token.transfer(stranger, THRESHOLD, {"from": ann})
    at = set_next(now() + HOLDING_SECONDS + 1)
    tx = governor.propose(*plan.by_text, {"from": stranger})
    event = tx.events["ProposalCreated"]
    assert event["proposer"] == stranger
    assert event["voteStart"] == at + VOTING_DELAY_SECONDS
    assert event["voteEnd"] == at + VOTING_DELAY_SECONDS + VOTING_PERIOD_SECONDS
    assert event["proposalId"] == tx.return_value
    assert governor.state(tx.return_value) == PENDING
    assert governor.proposalNeedsQueuing(tx.return_value)


# ── voting ───────────────────────────────────────────────────────────────────────────────────────


def test_reverts_when_voting_outside_the_period(dao, governor, plan, ann):
    pid = dao.propose(plan, ann)
    set_next(governor.proposalSnapshot(pid))
    allowed = bitmap(ACTIVE)
    with reverts(governor, "GovernorUnexpectedProposalState", pid, PENDING, allowed):
        governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    with reverts(governor, "GovernorUnexpectedProposalState", pid, DEFEATED, allowed):
        governor.castVote(pid, FOR, {"from": ann})


def test_excluded_account_cannot_vote(governor, pid, escrow):
    with reverts(governor, "ElectorateExcluded", escrow):
        governor.castVote(pid, FOR, {"from": escrow})
    with reverts(governor, "ElectorateExcluded", escrow):
        governor.castVoteWithReason(pid, FOR, "because", {"from": escrow})
    with reverts(governor, "ElectorateExcluded", escrow):
        governor.castVoteWithReasonAndParams(pid, FOR, "because", "0x01", {"from": escrow})


def test_reverts_when_voting_twice(governor, pid, ann):
    governor.castVote(pid, FOR, {"from": ann})
    with reverts(governor, "GovernorAlreadyCastVote", ann):
        governor.castVote(pid, AGAINST, {"from": ann})


def test_votes_acquired_after_the_snapshot_weigh_nothing(governor, token, pid, ann, stranger):
    token.transfer(stranger, token.balanceOf(ann), {"from": ann})
    assert governor.castVote(pid, FOR, {"from": stranger}).return_value == 0
    assert governor.castVote(pid, FOR, {"from": ann}).return_value == HOLDINGS["ann"] * WAD


def test_weight_is_the_smaller_of_two_readings(dao, governor, token, plan, ann, ben, stranger):
    pid = dao.propose(plan, ann)
    snapshot = governor.proposalSnapshot(pid)
    held = HOLDINGS["ben"] * WAD
    reach(snapshot - 10)
    token.transfer(stranger, held // 2, {"from": ben})
    dao.open_vote(pid)
    assert governor.getVotes(ben, snapshot) == governor.getVotesWithParams(ben, snapshot, "0x01") == held // 2
    governor.castVoteWithReasonAndParams(pid, FOR, "half is left", "0x01", {"from": ben})
    governor.castVote(pid, FOR, {"from": stranger})
    assert governor.proposalVotes(pid) == (0, held // 2, 0)


def test_counts_past_votes(governor, pid, ann, ben, cem):
    for voter, support in ((ann, FOR), (ben, AGAINST), (cem, ABSTAIN)):
        tx = governor.castVote(pid, support, {"from": voter})
        event = tx.events["VoteCast"]
        assert (event["voter"], event["proposalId"], event["support"]) == (voter, pid, support)
        assert event["weight"] == tx.return_value
        assert governor.hasVoted(pid, voter)
    held = [HOLDINGS[name] * WAD for name in ("ben", "ann", "cem")]
    assert governor.proposalVotes(pid) == tuple(held)


def test_votes_with_a_reason(governor, pid, ann):
    tx = governor.castVoteWithReason(pid, FOR, "It is time", {"from": ann})
    assert tx.events["VoteCast"]["reason"] == "It is time"


def test_votes_by_signature(dao, governor, token, plan, ann, stranger):
    signer = Account.from_key("0x" + "22" * 32)
    token.transfer(signer.address, 500, {"from": ann})
    hold()
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    fields = [("proposalId", "uint256"), ("support", "uint8"), ("voter", "address"), ("nonce", "uint256")]
    domain = {
        "name": "HolderGovernor",
        "version": "1",
        "chainId": web3.eth.chain_id,
        "verifyingContract": governor.address,
    }
    message = {"proposalId": pid, "support": FOR, "voter": signer.address, "nonce": 0}
    types = {"Ballot": [{"name": name, "type": kind} for name, kind in fields]}
    signature = signer.sign_message(encode_typed_data(domain, types, message)).signature
    with reverts(governor, "GovernorInvalidSignature", signer.address):
        governor.castVoteBySig(pid, AGAINST, signer.address, signature, {"from": stranger})
    governor.castVoteBySig(pid, FOR, signer.address, signature, {"from": stranger})
    assert governor.proposalVotes(pid)[FOR] == 500


# ── quorum ───────────────────────────────────────────────────────────────────────────────────────


@given(
    supply=st.integers(10, MAX_SUPPLY),
    outside_bps=st.integers(0, 10_000),
    quorum_bps=st.integers(100, 5_000),
    floor=st.integers(0, MAX_SUPPLY),
)
def test_quorum_agrees_with_the_model(HolderToken, deployer, ann, escrow, supply, outside_bps, quorum_bps, floor):
    token = HolderToken.deploy("H", "H", supply, ann, [escrow], {"from": deployer})
    outside = supply * outside_bps // 10_000
    token.transfer(escrow, outside, {"from": ann})
    dao = deploy_governor(deployer, token, escrow=escrow, quorumBps=quorum_bps, quorumFloor=floor)
    moment = now()
    pass_time(1)
    expected = shares.share(shares.votable(supply, [outside]), quorum_bps, floor)
    assert dao.governor.quorum(moment) == expected


def test_quorum_of_a_snapshot_never_changes(dao, governor, plan, ann, ben):
    other = proposal((governor, governor.setProposalThreshold.encode_input(200)), description="Another")
    changed = dao.pass_to_execution(plan, ann, [ann])
    pid = dao.propose(other, ann)
    dao.open_vote(pid)
    snapshot = governor.proposalSnapshot(pid)
    governor.execute(*plan.by_hash, {"from": ben})
    assert governor.state(changed) == EXECUTED
    assert governor.quorum(snapshot) == QUORUM
    governor.castVote(pid, FOR, {"from": ann})
    assert governor.quorum(snapshot) == QUORUM
    pass_time(1)
    assert governor.quorum(now() - 1) == 2 * QUORUM


def give_exactly(token, giver, to, amount):
    token.transfer(to, amount, {"from": giver})
    hold()


def test_defeated_one_vote_below_the_quorum(dao, governor, token, plan, ann, ben, stranger):
    give_exactly(token, ann, stranger, QUORUM - 1)
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": stranger})
    dao.close_vote(pid)
    assert governor.state(pid) == DEFEATED


def test_succeeds_with_exactly_the_quorum(dao, governor, token, plan, ann, dee, stranger):
    give_exactly(token, ann, stranger, QUORUM - token.balanceOf(dee))
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": stranger})
    governor.castVote(pid, ABSTAIN, {"from": dee})
    mine_at(governor.proposalDeadline(pid))
    assert governor.state(pid) == ACTIVE
    dao.close_vote(pid)
    assert governor.state(pid) == SUCCEEDED


def test_a_tie_is_no(dao, governor, token, pid, ben, cem, dee, ann, plan):
    token.transfer(cem, HOLDINGS["cem"] * WAD, {"from": ann})  # cem now equals ben
    hold()
    again = proposal(*zip([governor], plan.calldatas, strict=True), description="Tie")
    tie = dao.propose(again, ann)
    dao.open_vote(tie)
    governor.castVote(tie, FOR, {"from": ben})
    governor.castVote(tie, AGAINST, {"from": cem})
    against, in_favour, _ = governor.proposalVotes(tie)
    assert against == in_favour
    dao.close_vote(tie)
    assert governor.state(tie) == DEFEATED


# ── the last part of a vote ───────────────────────────────────────────────────────────────────────


def test_a_vote_keeps_its_late_part(dao, governor, plan, ann):
    change = proposal((governor, governor.setLateQuorumSeconds.encode_input(DAY // 2)), description="Half a day")
    dao.pass_to_execution(change, ann, [ann])
    pid = dao.propose(plan, ann)
    late = governor.proposalDeadline(pid) + 1 - LATE_QUORUM_SECONDS
    governor.execute(*change.by_hash, {"from": ann})
    assert governor.lateFrom(pid) == late
    set_next(late)
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVote(pid, FOR, {"from": ann})
    later = dao.propose(proposal((governor, "0x"), description="Later"), ann)
    assert governor.lateFrom(later) == governor.proposalDeadline(later) + 1 - DAY // 2


def test_late_only_against_is_taken(dao, governor, pid, ann, ben, cem, dee):
    late = governor.lateFrom(pid)
    set_next(late - 1)
    governor.castVote(pid, FOR, {"from": ben})
    for moment in (late, governor.proposalDeadline(pid)):
        set_next(moment)
        with reverts(governor, "HolderGovernorLateFor", pid, late):
            governor.castVote(pid, FOR, {"from": ann})
        with reverts(governor, "HolderGovernorLateFor", pid, late):
            governor.castVoteWithReasonAndParams(pid, ABSTAIN, "", "0x01", {"from": ann})
    governor.castVote(pid, AGAINST, {"from": cem})
    governor.castVoteWithReason(pid, AGAINST, "no", {"from": dee})
    assert governor.proposalVotes(pid) == ((HOLDINGS["cem"] + HOLDINGS["dee"]) * WAD, HOLDINGS["ben"] * WAD, 0)


# ── the way to execution ─────────────────────────────────────────────────────────────────────────


def test_lifecycle_changes_a_parameter(dao, governor, timelock, plan, ann, ben, stranger):
    pid = dao.propose(plan, ann)
    assert governor.state(pid) == PENDING
    dao.open_vote(pid)
    assert governor.state(pid) == ACTIVE
    governor.castVote(pid, FOR, {"from": ann})
    governor.castVote(pid, AGAINST, {"from": ben})
    dao.close_vote(pid)
    assert governor.state(pid) == SUCCEEDED
    at = set_next(now() + 5)
    governor.queue(*plan.by_hash, {"from": stranger})
    assert governor.state(pid) == QUEUED
    assert governor.proposalEta(pid) == at + TIMELOCK_SECONDS
    reach(at + TIMELOCK_SECONDS)
    tx = governor.execute(*plan.by_hash, {"from": stranger})
    assert governor.state(pid) == EXECUTED
    assert governor.quorumNumerator() == 2_000
    event = tx.events["QuorumNumeratorUpdated"]
    assert (event["oldQuorumNumerator"], event["newQuorumNumerator"]) == (QUORUM_BPS, 2_000)


def test_reverts_when_executed_too_early(dao, governor, timelock, plan, ann):
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    governor.queue(*plan.by_hash, {"from": ann})
    salt = bytes(
        a ^ b
        for a, b in zip(
            bytes.fromhex(governor.address[2:]) + bytes(12),
            bytes.fromhex(plan.by_hash[3].removeprefix("0x")),
            strict=True,
        )
    )
    operation = timelock.hashOperationBatch(*plan.by_text[:3], bytes(32), salt)
    assert timelock.getTimestamp(operation) == governor.proposalEta(pid)
    set_next(governor.proposalEta(pid) - 1)
    with reverts(timelock, "TimelockUnexpectedOperationState", operation, bitmap(2)):
        governor.execute(*plan.by_hash, {"from": ann})


@pytest.mark.parametrize("is_queued", [False, True])
def test_what_passed_expires(dao, governor, plan, ann, is_queued):
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": ann})
    dao.close_vote(pid)
    if is_queued:
        governor.queue(*plan.by_hash, {"from": ann})
    expires = governor.proposalDeadline(pid) + LIFE_SECONDS
    assert governor.expiresAt(pid) == expires
    mine_at(expires - 1)
    assert governor.state(pid) == (QUEUED if is_queued else SUCCEEDED)
    set_next(expires)
    act, needed = (governor.execute, QUEUED) if is_queued else (governor.queue, SUCCEEDED)
    with reverts(governor, "GovernorUnexpectedProposalState", pid, EXPIRED, bitmap(needed)):
        act(*plan.by_hash, {"from": ann})


@pytest.mark.parametrize("spare", [0, 1])
def test_queued_late_expires_a_month_later(dao, governor, plan, ann, spare):
    pid = dao.propose(plan, ann)
    dao.open_vote(pid)
    governor.castVote(pid, FOR, {"from": ann})
    expires = governor.proposalDeadline(pid) + LIFE_SECONDS
    set_next(expires - TIMELOCK_SECONDS - spare)
    governor.queue(*plan.by_hash, {"from": ann})
    assert governor.proposalEta(pid) == expires - spare
    expires += 0 if spare else LIFE_SECONDS
    assert governor.expiresAt(pid) == expires
    mine_at(expires - 1)
    assert governor.state(pid) == QUEUED
    mine_at(expires)
    assert governor.state(pid) == EXPIRED


def test_treasury_pays_what_was_voted(dao, token, timelock, ann, stranger):
    pay = proposal((token, token.transfer.encode_input(stranger, 700)))
    dao.enact(pay, ann, [ann])
    assert token.balanceOf(stranger) == 700
    assert token.balanceOf(timelock) == TREASURY_TOKENS * WAD - 700


def test_reverts_when_a_defeated_proposal_is_queued(dao, governor, plan, pid, ann, ben):
    governor.castVote(pid, AGAINST, {"from": ann})
    governor.castVote(pid, FOR, {"from": ben})
    dao.close_vote(pid)
    with reverts(governor, "GovernorUnexpectedProposalState", pid, DEFEATED, bitmap(SUCCEEDED)):
        governor.queue(*plan.by_hash, {"from": ann})


def test_proposer_cancels_a_pending_proposal(dao, governor, plan, ann):
    pid = dao.propose(plan, ann)
    governor.cancel(*plan.by_hash, {"from": ann})
    assert governor.state(pid) == CANCELED


def test_nobody_else_cancels(dao, governor, plan, ann, ben, deployer):
    pid = dao.propose(plan, ann)
    for other in (ben, deployer):
        with reverts(governor, "GovernorUnableToCancel", pid, other):
            governor.cancel(*plan.by_hash, {"from": other})
    dao.open_vote(pid)
    with reverts(governor, "GovernorUnableToCancel", pid, ann):
        governor.cancel(*plan.by_hash, {"from": ann})
