"""CampaignEscrow: verdicts on work, and what silence brings.

acceptWork
  when the submission is unknown -> test_accept_reverts_when_unknown
  when the caller is not the lead -> test_verdicts_revert_when_not_the_lead
  when it shows other evidence -> test_verdicts_revert_on_other_evidence
  when it is not in review -> test_verdicts_revert_when_not_in_review
  given the worker or a payee became lead -> test_accept_reverts_when_the_lead_would_be_paid
  when all is well -> test_accept_records_the_verdict
rejectWork
  when the reason is missing -> test_reject_reverts_without_a_reason
  when all is well -> test_reject_records_the_verdict
reworkWork
  when the submission is unknown -> test_rework_reverts_when_unknown
  when the caller is not the worker -> test_rework_reverts_when_not_the_worker
  when it is not rejected -> test_rework_reverts_when_not_rejected
  when it was reworked before -> test_rework_reverts_the_second_time
  when the evidence is missing -> test_rework_reverts_without_evidence
  when all is well -> test_rework_returns_to_review
statusOf
  by windows, to the second
    review ends in silent acceptance, then payable -> test_silence_accepts_and_pays_to_the_second
    acceptance ends in payable -> test_acceptance_ends_to_the_second
    rejection ends in void -> test_rejection_ends_to_the_second
    rework opens a whole review -> test_rework_opens_a_whole_review
  of unknown submissions -> test_unknown_work_has_no_status
"""

from __future__ import annotations

from tests.support import clock
from tests.support.campaigns import ANSWER, BETTER, CHALLENGE, EMPTY, EVIDENCE, REASON, REVIEW, STATUS
from tests.support.reverts import reverts


def test_accept_reverts_when_unknown(world, escrow, work):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownSubmission", unknown):
            world.accept(unknown)


def test_verdicts_revert_when_not_the_lead(world, escrow, work):
    for caller in (world.worker, world.governance):
        with reverts(escrow, "CampaignEscrowNotLead", caller, world.lead):
            escrow.acceptWork(work, EVIDENCE, {"from": caller})
        with reverts(escrow, "CampaignEscrowNotLead", caller, world.lead):
            escrow.rejectWork(work, EVIDENCE, REASON, {"from": caller})


def test_verdicts_revert_on_other_evidence(world, escrow, work):
    with reverts(escrow, "CampaignEscrowOtherEvidence", BETTER, EVIDENCE):
        world.accept(work, BETTER)
    with reverts(escrow, "CampaignEscrowOtherEvidence", BETTER, EVIDENCE):
        world.reject(work, BETTER)


def test_verdicts_revert_when_not_in_review(world, escrow, bounty, work):
    second = world.submit(bounty, by=world.other)
    world.accept(work)
    world.reject(second)
    for each, status in ((work, "Accepted"), (second, "Rejected")):
        args = (each, STATUS.index(status))
        with reverts(escrow, "CampaignEscrowWrongStatus", *args):
            world.accept(each)
        with reverts(escrow, "CampaignEscrowWrongStatus", *args):
            world.reject(each)


def test_accept_reverts_when_the_lead_would_be_paid(world, escrow, campaign, bounty, work):
    shared = world.submit(bounty, by=world.other, payees=[(world.other, 9_000), (world.giver, 1_000)])
    for lead in (world.worker, world.other):
        with reverts(escrow, "CampaignEscrowLeadHasWork", lead, 1):
            escrow.replaceLead(campaign, lead, {"from": world.governance})
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    with reverts(escrow, "CampaignEscrowLeadIsPayee", world.giver):
        escrow.acceptWork(shared, EVIDENCE, {"from": world.giver})
    escrow.rejectWork(shared, EVIDENCE, REASON, {"from": world.giver})


def test_accept_records_the_verdict(world, escrow, work):
    before, books = escrow.submissionOf(work).dict(), world.books()
    tx = world.accept(work)
    assert dict(tx.events["WorkAccepted"]) == {"submission": work, "lead": world.lead, "evidence": EVIDENCE}
    assert escrow.submissionOf(work).dict() == before | {"stage": 2, "since": tx.timestamp}
    assert world.books() == books


def test_reject_reverts_without_a_reason(world, escrow, work):
    with reverts(escrow, "CampaignEscrowNoDigest"):
        escrow.rejectWork(work, EVIDENCE, EMPTY, {"from": world.lead})


def test_reject_records_the_verdict(world, escrow, work):
    before, books = escrow.submissionOf(work).dict(), world.books()
    tx = world.reject(work)
    assert dict(tx.events["WorkRejected"]) == {
        "submission": work,
        "lead": world.lead,
        "evidence": EVIDENCE,
        "reason": REASON,
    }
    assert escrow.submissionOf(work).dict() == before | {"stage": 3, "since": tx.timestamp}
    assert world.books() == books


def test_rework_reverts_when_unknown(world, escrow, work):
    with reverts(escrow, "CampaignEscrowUnknownSubmission", 2):
        escrow.reworkWork(2, BETTER, {"from": world.worker})


def test_rework_reverts_when_not_the_worker(world, escrow, work):
    world.reject(work)
    with reverts(escrow, "CampaignEscrowNotWorker", world.other, world.worker):
        escrow.reworkWork(work, BETTER, {"from": world.other})


def test_rework_reverts_when_not_rejected(world, escrow, work):
    args = (work, STATUS.index("Review"))
    with reverts(escrow, "CampaignEscrowWrongStatus", *args):
        escrow.reworkWork(work, BETTER, {"from": world.worker})
    since = world.reject(work).timestamp
    clock.set_next(since + ANSWER)
    args = (work, STATUS.index("Void"))
    with reverts(escrow, "CampaignEscrowWrongStatus", *args):
        escrow.reworkWork(work, BETTER, {"from": world.worker})


def test_rework_reverts_the_second_time(world, escrow, work):
    world.reject(work)
    escrow.reworkWork(work, BETTER, {"from": world.worker})
    world.reject(work, BETTER)
    with reverts(escrow, "CampaignEscrowReworked", work):
        escrow.reworkWork(work, EVIDENCE, {"from": world.worker})


def test_rework_reverts_without_evidence(world, escrow, work):
    world.reject(work)
    with reverts(escrow, "CampaignEscrowNoDigest"):
        escrow.reworkWork(work, EMPTY, {"from": world.worker})


def test_rework_returns_to_review(world, escrow, campaign, work):
    since = world.reject(work).timestamp
    before, books = escrow.submissionOf(work).dict(), world.books()
    clock.set_next(since + ANSWER - 1)
    tx = escrow.reworkWork(work, BETTER, {"from": world.worker})
    assert dict(tx.events["WorkReworked"]) == {"submission": work, "evidence": BETTER}
    assert escrow.submissionOf(work).dict() == before | {
        "stage": 1,
        "since": tx.timestamp,
        "isReworked": True,
        "evidence": BETTER,
    }
    assert world.books() == books
    assert escrow.campaignOf(campaign)["live"] == 1
    with reverts(escrow, "CampaignEscrowOtherEvidence", EVIDENCE, BETTER):
        world.accept(work)


def watch(world, work, *turns):
    """Check the status just before and at each turn: (seconds since, before, after)."""
    since = world.escrow.submissionOf(work)["since"]
    for seconds, before, after in turns:
        clock.mine_at(since + seconds - 1)
        assert world.status(work) == before
        clock.mine_at(since + seconds)
        assert world.status(work) == after


def test_silence_accepts_and_pays_to_the_second(world, work):
    watch(
        world,
        work,
        (REVIEW, "Review", "Accepted"),
        (REVIEW + CHALLENGE, "Accepted", "Payable"),
        (1_000 * REVIEW, "Payable", "Payable"),
    )


def test_acceptance_ends_to_the_second(world, work):
    world.accept(work)
    watch(world, work, (CHALLENGE, "Accepted", "Payable"))


def test_rejection_ends_to_the_second(world, work):
    world.reject(work)
    watch(world, work, (ANSWER, "Rejected", "Void"), (1_000 * ANSWER, "Void", "Void"))


def test_rework_opens_a_whole_review(world, escrow, work):
    clock.set_next(clock.now() + REVIEW - 10)
    world.reject(work)
    escrow.reworkWork(work, BETTER, {"from": world.worker})
    watch(world, work, (REVIEW, "Review", "Accepted"))


def test_unknown_work_has_no_status(world, work):
    assert world.status(0) == "None"
    assert world.status(2) == "None"
