"""HolderGovernor: proposing, voting, quorum.

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
"""

from __future__ import annotations

from brownie import web3
from brownie.test import given
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import strategies as st

from tests.support.clock import mine_at, now, pass_time, set_next
from tests.support.governance import (
    ABSTAIN,
    ACTIVE,
    AGAINST,
    DEFEATED,
    EXECUTED,
    FOR,
    HOLDING_SECONDS,
    HOLDINGS,
    LATE_QUORUM_SECONDS,
    PENDING,
    PROPOSAL_FLOOR,
    PROPOSAL_THRESHOLD_BPS,
    QUORUM_BPS,
    QUORUM_FLOOR,
    SUCCEEDED,
    VOTABLE,
    VOTING_DELAY_SECONDS,
    VOTING_PERIOD_SECONDS,
    WAD,
    bitmap,
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
    set_next(snapshot - 10)
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
