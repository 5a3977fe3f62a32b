"""Disputes without a chain: what rulings bring, and what events tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dmo.capabilities import dispute_shown, disputes, jury, rulings
from dmo.capabilities.disputing import Disputed, SetTerms
from dmo.capabilities.ends import Ruling
from dmo.capabilities.jury import Juror
from dmo.core.errors import BadInput, NotFound, Refused
from dmo.core.kinds import Bps, Seconds
from dmo.deploy.contracts import meta_evidence
from tests.support.home import Told
from tests.support.node import ALICE, BOB, Node, revert
from tests.support.rulings import (
    ANSWER,
    DAY,
    JUROR,
    JURY,
    LEAD,
    OTHER,
    PATH,
    STATEMENT,
    UPHOLDER,
    WORKER,
    contested,
    jury_at,
    opened,
    paid,
    ruled,
    settled,
    terms,
)

# ── what events tell ────────────────────────────────────────────────────────────────────────────


def test_events_tell_of_a_dispute_from_its_opening_to_its_jurors_pay(place: Any) -> None:
    told = [terms(), *opened(), ruled(1), settled(25), paid(JUROR, 10), paid(LEAD, 9)]
    one = disputes.disputes(place(Node(), *told))[3]
    assert (one.opener, one.dispute_id, one.until, one.statement) == (WORKER, 4, 900, STATEMENT)
    assert (one.upholder, one.answer, one.is_contested) == (UPHOLDER, ANSWER, False)
    assert (one.terms_id, one.pays_jurors) == (1, True)
    assert (one.is_ruled, one.ruling, one.is_paid) == (True, Ruling.PAY, True)
    assert (one.is_settled, one.settled_at) == (True, 6)
    assert (one.pot, one.pot_whole, one.paid) == (6, 25, {JUROR, LEAD})
    assert one.settlement is not None
    assert one.settlement.fee_taken == 9


def test_a_contested_rejection_falls_unless_it_is_upheld(place: Any) -> None:
    node = Node()
    node.now = 199
    home = place(jury_at(node, 199), terms(), contested())
    one = disputes.dispute(home, 3)
    assert (one.opener, one.upholder, one.is_contested, one.is_paid) == (WORKER, None, True, True)
    assert disputes.phase(one, 199) == ("uphold", 200)
    assert disputes.row(one, 199)["stands"] == "contested"
    assert disputes.phase(one, 200) == ("over", 0)
    assert (disputes.row(one, 200)["stands"], disputes.row(one, 200)["ruling"]) == ("unanswered", None)
    assert one.follows == "pay"


def test_what_the_desk_reads_counts_without_being_handed_over(place: Any) -> None:
    node = jury_at(Node(), 600)
    node.view("DisputeDesk", "verdictOf", lambda _: (True, True, 1))
    one = disputes.dispute(place(node, terms(), *opened()), 3)
    assert (one.is_ruled, one.ruling, one.is_open(600)) == (True, Ruling.PAY, False)
    assert disputes.phase(one, 600) == ("over", 0)
    assert not rulings.to_hand_over(place(node, terms(), *opened()))


def test_the_pool_gets_what_expires(place: Any) -> None:
    expired = ("DisputeDesk.JurorsExpired", {"submission": 3, "amount": 25})
    home = place(Node(), terms(), *opened(), settled(25), expired)
    assert disputes.disputes(home)[3].pot == 0
    assert disputes.moving(home) == []


def test_another_ruling_is_none_and_the_leads_verdict_stands(place: Any) -> None:
    told = [terms(), *opened(), *opened(8, 5, isChallenge=True), ruled(7), ruled(3, 5)]
    found = disputes.disputes(place(Node(), *told))
    assert [one.ruling for one in found.values()] == [Ruling.NONE, Ruling.NONE]
    assert [one.is_ruled for one in found.values()] == [True, True]
    assert [one.is_paid for one in found.values()] == [False, True]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (399, ("commit", 400)),
        (400, ("reveal", 600)),
        (599, ("reveal", 600)),
        (600, ("rule", 900)),
        (899, ("rule", 900)),
        (900, ("over", 0)),
    ],
)
def test_a_dispute_waits_for_one_thing_at_a_time(place: Any, now: int, expected: tuple[str, int]) -> None:
    home = place(jury_at(Node(), now), terms(), *opened())
    assert disputes.phase(disputes.dispute(home, 3), now) == expected


def test_a_dispute_is_over_when_it_is_ruled_or_settled(place: Any) -> None:
    home = place(Node(), terms(), *opened(), *opened(8, 5), ruled(1), ruled(1, 5), settled(0, 8))
    over, done = disputes.disputes(home).values()
    assert disputes.phase(over, 500) == ("over", 0)
    assert disputes.phase(done, 500) == ("settled", 0)


def test_what_is_not_disputed_is_not_found(place: Any) -> None:
    with pytest.raises(NotFound, match="Submission 3 is not disputed"):
        disputes.dispute(place(Node()), 3)


# ── arbitrators ─────────────────────────────────────────────────────────────────────────────────


def refuse(*_: Any) -> Any:
    raise revert("JuryUnknownDispute", 4, contract="Jury")


def test_an_arbitrator_that_pays_jurors_may_be_a_jury(place: Any) -> None:
    node = jury_at(Node(), 300, OTHER)
    told = [terms(), terms(2, arbitrator=OTHER), *opened(3, 4, OTHER)]
    one = disputes.dispute(place(node, *told), 3)
    assert (one.has_jury, one.commit_until, one.quorum, one.lead) == (True, 400, 5, LEAD)


def before_two(place: Any, node: Node) -> tuple[Any, list[Any]]:
    """Dispute 3 before our own jury and 8 before another arbitrator, both looked at."""
    home = place(node, terms(), terms(2, arbitrator=OTHER), *opened(), *opened(8, 9, OTHER))
    found = list(disputes.disputes(home).values())
    disputes.look_at(home, found)
    return home, found


@pytest.mark.parametrize("answer", [refuse, lambda *_: b"", lambda *_: b"\xff" * 95])
def test_an_arbitrator_that_answers_nonsense_is_no_jury(place: Any, answer: Any) -> None:
    node = jury_at(jury_at(Node(), 300), 300, OTHER)
    node.view("Jury", "caseOf", answer, OTHER)
    home, found = before_two(place, node)
    assert [one.has_jury for one in found] == [True, False]
    assert disputes.phase(found[1], 300) == ("arbitrator", 900)
    with pytest.raises(BadInput, match=r"submission 8 is judged by 0x7777.*no jury of this kind"):
        rulings.before_jury(home, 8)


def test_another_jury_that_does_not_answer_stops_nobody(place: Any) -> None:
    node = jury_at(jury_at(Node(), 300), 300, OTHER)
    node.view("Jury", "weightOf", refuse, OTHER)
    home, found = before_two(place, node)
    asked = [(one, JUROR) for one in reversed(found)]
    assert jury.jurors(home, asked) == {(3, JUROR): Juror(7, b"", False)}


def test_our_own_jury_has_to_answer(place: Any) -> None:
    node = jury_at(Node(), 300)
    node.view("Jury", "weightOf", refuse)
    home = place(node, terms(), *opened())
    one = disputes.dispute(home, 3)
    with pytest.raises(Refused) as refusal:
        jury.jurors(home, [(one, JUROR)])
    assert (refusal.value.name, refusal.value.arguments) == ("JuryUnknownDispute", {"disputeID": 4})


# ── papers and terms ────────────────────────────────────────────────────────────────────────────


def test_parties_come_first_and_everybodys_first_text_before_a_second(place: Any) -> None:
    def said(party: str, number: int) -> Told:
        path = PATH + bytes([number] * 32).hex()
        facts = {"_arbitrator": JURY, "_evidenceGroupID": 3, "_party": party, "_evidence": path}
        return "DisputeDesk.Evidence", facts

    given = [said(ALICE, 1), said(ALICE, 2), said(BOB, 3), said(LEAD, 4), said(WORKER, 5)]
    given.append(said(LEAD, 6))
    home = place(Node(), terms(), *opened(), said(WORKER, 7), said(UPHOLDER, 8), *given)
    one = disputes.disputes(home)[3]
    one.lead = LEAD

    class Its:
        worker, evidence, lead, brief = WORKER, b"e", LEAD, b"b"
        submission, lessons_of = 3, 0

    about = Disputed(Its(), Its(), Its(), Its())  # type: ignore[arg-type]
    found = dispute_shown._papers(home, one, about)
    assert [paper.role for paper in found[:4]] == ["brief", "evidence", "statement", "answer"]
    assert [(paper.party, paper.digest[0]) for paper in found[4:]] == [
        *((LEAD, 4), (WORKER, 5), (LEAD, 6)),
        *((ALICE, 1), (BOB, 3), (ALICE, 2)),
    ]


def test_new_terms_keep_what_is_not_named(place: Any) -> None:
    home = place(Node(), terms())
    wanted = SetTerms(review=Seconds(5 * DAY), dispute_bond=Bps(1_500), pays_jurors="no")
    measures = (5 * DAY, DAY, DAY, DAY, DAY, 1_500, 50)
    assert wanted.arguments(home) == [(measures, JURY, False, b"\x0d" * 32, b"")]
    with pytest.raises(BadInput, match="these are the terms already"):
        SetTerms(review=Seconds(DAY)).arguments(home)
    assert json.dumps({key: one.kind.plain(one.value) for key, one in wanted.facts(home).items()})


def test_the_question_to_jurors_names_both_rulings_in_their_order() -> None:
    asked = json.loads(meta_evidence())
    assert {"title", "description", "question", "category"} <= asked.keys()
    options = asked["rulingOptions"]
    assert (Ruling.PAY, Ruling.REFUSE) == (1, 2)
    assert ["not" in title for title in options["titles"]] == [False, True]
    assert ["the work is paid" in told for told in options["descriptions"]] == [True, False]
    assert ["the work is not paid" in told for told in options["descriptions"]] == [False, True]
