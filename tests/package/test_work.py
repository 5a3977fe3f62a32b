"""Campaigns, bounties and work, told by events and by a node that is a table.

given work of every status
    its day of payment follows from terms and clock; only pages that hold what is not done are read
given lessons
    they are a submission of the lead, for the bounty without a brief
"""

from __future__ import annotations

from typing import Any

import pytest

from dmo.capabilities.bounties import bounties
from dmo.capabilities.campaigns import campaign, terms
from dmo.capabilities.shown import lead_record
from dmo.capabilities.submissions import STATUSES, Payee, Submission, latest_payment, shares, submission, submissions
from dmo.core.errors import Refused
from dmo.core.kinds import Bps
from tests.support.home import Told
from tests.support.work import ALICE, BOB, BRIEF, CAROL, LESSONS, UNIT, A, C, Escrow, N, R, ended, handed, posted


def test_terms_are_told_by_their_event(opened: Any) -> None:
    one = terms(opened(Escrow()), 1)
    assert (one.review_seconds, one.answer_seconds, one.notice_seconds) == (R, A, N)
    assert (one.dispute_bond_bps, one.pays_jurors, one.arbitrator_extra_data) == (1000, True, b"x")
    assert one.has_arbitrator
    assert one.unjudged(5) == 5 + R + C
    # A tenth, rounded up; at least ten, and at most the reward itself.
    rewards = (0, 1, 10 * UNIT + 1, 301 * UNIT, 301 * UNIT + 1)
    assert [one.stake(reward) for reward in rewards] == [0, 1, 10 * UNIT, 301 * UNIT // 10, 301 * UNIT // 10 + 1]


@pytest.mark.parametrize(
    ("kind", "call"), [("Campaign", campaign), ("Submission", submission)], ids=["campaign", "submission"]
)
def test_what_is_not_there_is_refused_as_the_escrow_does(opened: Any, kind: str, call: Any) -> None:
    with pytest.raises(Refused) as caught:
        call(opened(Escrow()), 9)
    assert caught.value.name == f"CampaignEscrowUnknown{kind}"
    assert caught.value.arguments == {kind.lower(): 9}


def test_only_pages_that_hold_what_is_not_done_are_read(opened: Any) -> None:
    node = Escrow(n1="done", n450="review")
    told = [handed(number) for number in range(1, 451)]
    told += [ended(number) for number in range(1, 450) if number != 201]
    home = opened(node, *told, ended(201, "WorkWithdrawn"))
    found = submissions(home)
    assert node.pages == [401]
    assert [one.status for one in found[-2:]] == ["done", "review"]
    assert found[-1].since == 900_000
    assert submissions(home) == found
    assert node.pages == [401]


def test_lessons_are_a_submission_of_the_lead(opened: Any) -> None:
    told = {"campaign": 1, "submission": 2, "lead": ALICE, "lessons": LESSONS}
    node = Escrow(n1="done", n2="accepted")
    node.bounties_ = 2
    home = opened(node, handed(1), ended(1), posted(2, bytes(32)), ("CampaignEscrow.LessonsFiled", told))
    one = submissions(home)[1]
    assert (one.worker, one.evidence, one.lessons_of, one.bounty) == (ALICE, LESSONS, 1, 2)
    assert [one.is_lessons for one in bounties(home)] == [False, True]


def test_better_evidence_and_reasons_replace_earlier_ones(opened: Any) -> None:
    judged = {"submission": 1, "lead": ALICE, "evidence": BRIEF}
    told = [
        handed(1),
        ("CampaignEscrow.WorkRejected", {**judged, "reason": b"1" * 32}),
        ("CampaignEscrow.WorkReworked", {"submission": 1, "evidence": b"2" * 32}),
        ("CampaignEscrow.WorkRejected", {**judged, "reason": b"3" * 32}),
    ]
    one = submission(opened(Escrow(n1="rejected"), *told), 1)
    assert (one.evidence, one.reason, one.is_reworked) == (b"2" * 32, b"3" * 32, True)


@pytest.mark.parametrize(
    ("status", "is_challenge", "expected"),
    [
        ("review", False, 500 + R + C),
        ("accepted", False, 7_000),
        ("contested", False, 7_000),
        ("payable", False, 6_000),
        ("disputed", True, 7_000),
        ("disputed", False, 0),
        ("rejected", False, 0),
        ("void", False, 0),
        ("done", False, 0),
    ],
)
def test_the_latest_payment_if_nobody_acts(opened: Any, status: str, is_challenge: bool, expected: int) -> None:
    fixed = terms(opened(Escrow()), 1)
    one = Submission(1, BOB, 1, b"", is_challenge=is_challenge, status=status, since=500, status_until=7_000)
    assert latest_payment(fixed, one, 6_000) == expected


def test_shares_add_up_to_the_reward() -> None:
    thirds = tuple(Payee(who, Bps(part)) for who, part in ((ALICE, 3333), (BOB, 3333), (CAROL, 3334)))
    one = Submission(1, BOB, 1, b"", thirds)
    assert shares(one, 100) == [(ALICE, 33), (BOB, 33), (CAROL, 34)]
    assert shares(Submission(1, BOB, 1, b""), 100) == [(BOB, 100)]


def test_a_leads_record_counts_silence_and_what_a_jury_turned(opened: Any) -> None:
    def judged(name: str, number: int, **more: Any) -> Told:
        told = {"submission": number, "lead": ALICE, "evidence": BRIEF, **more}
        return f"CampaignEscrow.{name}", told

    def ruled(number: int, is_challenge: bool, ruling: int) -> list[Told]:
        return disputed(number, is_challenge=is_challenge, ruling=ruling)

    told = [handed(number) for number in range(1, 8)]
    told += [judged("WorkAccepted", 1), judged("WorkRejected", 2, reason=BRIEF), ended(1), ended(3)]
    told += [*ruled(1, True, 2), *ruled(2, False, 2), *ruled(3, True, 1), *ruled(4, False, 1)]
    told += [*ruled(5, True, 0), *ruled(6, False, 0), *ruled(7, False, 2)]
    node = Escrow(n2="rejected", n4="disputed", n5="accepted", n6="void", n7="review")
    counts = {"accepted": 1, "rejected": 1, "silent": 2, "paid": 2}
    assert lead_record(opened(node, *told), ALICE) == {"campaigns": 1, "overturned": 2, **counts}
    assert lead_record(opened(node, *told), BOB)["campaigns"] == 0


def disputed(number: int, *, is_challenge: bool, ruling: int) -> list[Told]:
    """A dispute that another arbitrator has ruled: a challenge, or a rejection that was contested and upheld."""
    case = {"submission": number, "by": CAROL, "arbitrator": CAROL, "disputeID": number + 50}
    opened_ = {**case, "isChallenge": is_challenge, "bond": 1, "until": 9, "statement": BRIEF}
    contested = {"submission": number, "opener": BOB, "bond": 1, "until": 8, "statement": BRIEF}
    link = {"_arbitrator": CAROL, "_disputeID": number + 50}
    return [
        *([] if is_challenge else [("DisputeDesk.RejectionContested", contested)]),
        ("DisputeDesk.DisputeOpened", opened_),
        ("DisputeDesk.Dispute", {**link, "_metaEvidenceID": 1, "_evidenceGroupID": number}),
        ("DisputeDesk.Ruling", {**link, "_ruling": ruling}),
    ]


def test_a_lead_answers_for_its_own_verdicts(opened: Any) -> None:
    told = [*disputed(1, is_challenge=False, ruling=1), *disputed(2, is_challenge=False, ruling=1)]
    replaced = {"campaign": 1, "lead": CAROL, "former": ALICE, "booked": 5}
    node = Escrow(n1="review")
    node.leads[2] = CAROL
    home = opened(node, handed(1), handed(2), ("CampaignEscrow.LeadReplaced", replaced), *told)
    records = {lead: lead_record(home, lead) for lead in (ALICE, CAROL)}
    assert {lead: one["overturned"] for lead, one in records.items()} == {ALICE: 1, CAROL: 1}
    assert {lead: one["campaigns"] for lead, one in records.items()} == {ALICE: 0, CAROL: 1}


@pytest.mark.parametrize(
    ("status", "until", "expected"), [("review", 7_000, 7_000), ("disputed", 7_000, 0), ("payable", 0, None)]
)
def test_what_is_told_of_disputed_work_holds_for_no_block(
    monkeypatch: pytest.MonkeyPatch, status: str, until: int, expected: int | None
) -> None:
    told = {"status": STATUSES.index(status), "status_until": until}
    monkeypatch.setattr(Submission, "records", lambda answer: [answer])
    assert Submission.holds_until(told) == expected
