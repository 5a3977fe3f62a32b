"""HolderGovernor: the end of a vote, and the way to execution.

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

from tests.support.clock import mine_at, now, reach, set_next
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
    HOLDINGS,
    LATE_QUORUM_SECONDS,
    LIFE_SECONDS,
    PENDING,
    QUEUED,
    QUORUM_BPS,
    SUCCEEDED,
    TIMELOCK_SECONDS,
    TREASURY_TOKENS,
    WAD,
    bitmap,
    proposal,
)
from tests.support.reverts import reverts

# ── the last part of a vote ───────────────────────────────────────────────────────────────────────


def test_a_vote_keeps_its_late_part(dao, governor, plan, ann):
    change = proposal((governor, governor.setLateQuorumSeconds.encode_input(DAY // 2)), description="Half a day")
    dao.pass_to_execution(change, ann, [ann])
    pid = dao.propose(plan, ann)
    late = governor.proposalDeadline(pid) + 1 - LATE_QUORUM_SECONDS
    told = governor.execute(*change.by_hash, {"from": ann}).events["LateQuorumSecondsSet"]
    assert dict(told) == {"oldSeconds": LATE_QUORUM_SECONDS, "newSeconds": DAY // 2}
    assert governor.lateFrom(pid) == late
    set_next(late)
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVote(pid, FOR, {"from": ann})
    later = dao.propose(proposal((governor, "0x"), description="Later"), ann)
    assert governor.lateFrom(later) == governor.proposalDeadline(later) + 1 - DAY // 2


def test_late_only_against_is_taken(dao, governor, pid, ann, ben, cem, dee):
    late, last = governor.lateFrom(pid), governor.proposalDeadline(pid)
    set_next(late - 1)
    governor.castVote(pid, FOR, {"from": ben})
    set_next(late)
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVote(pid, FOR, {"from": ann})
    set_next(late + 1)
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVoteWithReasonAndParams(pid, ABSTAIN, "", "0x01", {"from": ann})
    set_next(last - 2)
    governor.castVote(pid, AGAINST, {"from": cem})
    set_next(last - 1)
    with reverts(governor, "HolderGovernorLateFor", pid, late):
        governor.castVote(pid, FOR, {"from": ann})
    set_next(last)
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
