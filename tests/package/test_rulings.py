"""Disputes without a chain: what rulings bring, what events tell, commitments, who is owed what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import dispute_shown, disputes, jury, rulings
from dmo.capabilities.disputing import Disputed, SetTerms
from dmo.capabilities.ends import Ruling
from dmo.capabilities.jury import ExpireJurors, Juror, PayJurors
from dmo.capabilities.rulings import CommitRuling, HandOver, RevealRulings
from dmo.core import act, explain
from dmo.core.abi.codec import checksum
from dmo.core.act import AlreadyDone
from dmo.core.chain import Receipt
from dmo.core.errors import BadInput, NotFound, Refused
from dmo.core.kinds import Bps, Seconds
from dmo.deploy.plan import meta_evidence
from dmo.home.deployment import Token
from dmo.home.home import Home
from dmo.home.salts import Secret, read_secret
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, ALICE, BOB, Node, log, revert

JURY, DESK = ADDRESSES["Jury"], ADDRESSES["DisputeDesk"]
OTHER = "0x" + "77" * 20
WORKER, JUROR, LEAD, UPHOLDER = (checksum("0x" + byte * 20) for byte in ("11", "22", "33", "44"))
SALT, STATEMENT, ANSWER = b"\x05" * 32, b"\x07" * 32, b"\x08" * 32
PATH = "/ipfs/f01551220"
DAY = 86_400
FIRST = ((*(DAY,) * 5, 1_000, 50), JURY, True, b"\x0d" * 32, b"")


def terms(number: int = 1, **changes: Any) -> Told:
    names = ("measures", "arbitrator", "pays", "meta", "extra")
    return (
        "DisputeDesk.TermsSet",
        {"termsId": number, "terms": tuple((dict(zip(names, FIRST, strict=True)) | changes).values())},
    )


def contested(submission: int = 3) -> Told:
    facts = {"submission": submission, "opener": WORKER, "bond": 50, "until": 200, "statement": STATEMENT}
    return "DisputeDesk.RejectionContested", facts


def opened(submission: int = 3, number: int = 4, at: str = JURY, **changes: Any) -> list[Told]:
    """A rejection, contested and upheld: commitments until 400, reveals until 600, rulings until 900."""
    facts = {
        "submission": submission,
        "by": UPHOLDER,
        "arbitrator": at,
        "disputeID": number,
        "isChallenge": False,
        "bond": 50,
        "until": 900,
        "statement": ANSWER,
    }
    link = {"_arbitrator": at, "_disputeID": number, "_evidenceGroupID": submission}
    return [
        *([] if changes.get("isChallenge") else [contested(submission)]),
        ("DisputeDesk.DisputeOpened", facts | changes),
        ("DisputeDesk.Dispute", {**link, "_metaEvidenceID": 1 if at == JURY else 2}),
    ]


def ruled(ruling: int, number: int = 4) -> Told:
    facts = {"_arbitrator": JURY, "_disputeID": number, "_ruling": ruling}
    return "DisputeDesk.Ruling", facts


def settled(to_jurors: int, submission: int = 3) -> Told:
    amounts = (WORKER, UPHOLDER, 50, 50, 0, 5, 9, 0, 0, 50 - to_jurors, to_jurors, 9)
    facts = {"submission": submission, "ruling": 1, "isPaid": True, "settlement": amounts}
    return "DisputeDesk.DisputeSettled", facts


def revealed(juror: str, weight: int, ruling: int = 1, number: int = 4) -> Told:
    facts = {"disputeID": number, "juror": juror, "ruling": ruling, "weight": weight}
    return "Jury.RulingRevealed", facts


def paid(juror: str, amount: int, submission: int = 3) -> Told:
    return "DisputeDesk.JurorPaid", {"submission": submission, "juror": juror, "amount": amount}


def jury_at(node: Node, now: int, address: str = JURY, total: int = 0, committed: bytes = bytes(32)) -> Node:
    """The desk's and a jury's views, as they are at a moment."""
    node.now = now
    case = (WORKER, 0, 1, 0, False, False, False, LEAD, 0, 0, UPHOLDER, 4, 50, 0, 0, total)
    node.view("DisputeDesk", "disputeOf", lambda _: case)
    node.view("DisputeDesk", "verdictOf", lambda _: (False, False, 0))
    told: dict[str, Any] = {
        "caseOf": (DESK, 100, False, False, 0, 0, 5),
        "windowsOf": (400, 600),
        "currentRuling": 1,
        "weightOf": 7,
        "commitmentOf": committed,
        "shareOf": (0, 0),
    }
    for view, answer in told.items():
        node.view("Jury", view, lambda *_, answer=answer: answer, address)
    return node


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(node: Node, *told: Told, account: str | None = JUROR) -> Home:
        home = at_home(tmp_path, monkeypatch, node, told, account)
        for name in ("votes_token", "budget_token"):
            home.dmo.__dict__[name] = Token(ADDRESSES["HolderToken"], "HRB", 0)
        return home

    return at


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


# ── jurors' pay ─────────────────────────────────────────────────────────────────────────────────


def test_tells_whom_a_settled_dispute_still_owes(place: Any) -> None:
    shares = [revealed(WORKER, 2), revealed(JUROR, 4), revealed(LEAD, 1)]
    told = [terms(), *opened(), *shares, settled(101), paid(JUROR, 58)]
    home = place(jury_at(Node(), 1_000, total=7), *told)
    # 101 × 2/7 = 28; 101 × 6/7 = 86
    assert jury.owed(home) == ({3: {WORKER: 28, LEAD: 15}}, [])
    assert jury.jurors_due(home) == [PayJurors([3])]


def test_a_share_too_small_for_a_unit_is_not_owed(place: Any) -> None:
    told = [terms(), *opened(), revealed(WORKER, 1), revealed(JUROR, 999), settled(10)]
    home = place(jury_at(Node(), 1_000, total=1_000), *told)
    assert jury.owed(home)[0] == {3: {JUROR: 10}}


def test_what_nobody_fetched_goes_to_the_pool_after_a_year(place: Any) -> None:
    told = [terms(), *opened(), settled(25)]
    late = 5 + disputes.POT_LIFE
    assert jury.jurors_due(place(jury_at(Node(), late - 1, total=7), *told)) == []
    assert jury.jurors_due(place(jury_at(Node(), late, total=7), *told)) == [ExpireJurors(3)]


def test_a_jury_outside_the_address_book_is_asked_for_its_logs(place: Any) -> None:
    node = jury_at(Node(), 1_000, OTHER, total=2)
    asked = []

    def logs(order: Any) -> Any:
        asked.append(order["address"])
        return [log("Jury", "RulingRevealed", revealed(JUROR, 2, ruling=7)[1])]

    node.methods["eth_getLogs"] = logs
    told = [terms(), terms(2, arbitrator=OTHER), *opened(at=OTHER), settled(10)]
    assert jury.owed(place(node, *told))[0] == {3: {JUROR: 10}}
    assert asked == [OTHER]


def test_a_jury_whose_logs_are_none_stops_nobody(place: Any) -> None:
    late = 1_000 + disputes.POT_LIFE
    node = jury_at(jury_at(Node(), late, OTHER, total=2), late, total=2)
    broken = log("Jury", "RulingRevealed", revealed(JUROR, 2)[1]) | {"data": "0x07"}
    node.methods["eth_getLogs"] = lambda _: [broken]
    told = [terms(), terms(2, arbitrator=OTHER), *opened(8, 9, OTHER), settled(10, 8)]
    told += [*opened(), revealed(JUROR, 2), settled(10)]
    assert jury.owed(place(node, *told)) == ({3: {JUROR: 10}}, [])


def test_jurors_are_paid_in_batches(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.capabilities.payments.BATCH", 2)
    shares = [revealed(one, 2) for one in (WORKER, JUROR, LEAD)]
    home = place(jury_at(Node(), 1_000, total=6), terms(), *opened(), *shares, settled(60))
    steps = PayJurors().steps(home)
    assert [step.call.decoded() for step in steps] == [
        ("payJurors", {"submission": 3, "jurors": [WORKER, JUROR]}),
        ("payJurors", {"submission": 3, "jurors": [LEAD]}),
    ]
    assert [step.call.description for step in steps] == [
        "Pay 2 jurors of the dispute about submission 3",
        "Pay 1 juror of the dispute about submission 3",
    ]
    assert all(step.is_independent for step in steps)


def test_who_asks_for_pay_too_early_is_told_what_goes_first(place: Any) -> None:
    home = place(jury_at(Node(), 700), terms(), *opened(), ruled(1))
    with pytest.raises(BadInput) as early:
        PayJurors([3]).steps(home)
    assert "dmo work pay 3" in early.value.hint


# ── committing and revealing ────────────────────────────────────────────────────────────────────


class Sending:
    """A sender that looks at the folder of salts when something leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[list[str]] = []

    def send(self, call: Any) -> Receipt:
        self.seen.append([file.stem for file in self.folder.glob("*.json")])
        assert call.decoded()[1]["commitment"].hex() in self.seen[-1]
        return Receipt("0x", 1, 1, True, 1, None, ())


def test_the_salt_is_on_the_disk_before_the_commitment_leaves(place: Any, tmp_path: Path) -> None:
    home = place(jury_at(Node(), 300), terms(), *opened())
    copy = tmp_path / "copy.json"
    wanted = CommitRuling(3, "refuse", str(copy))
    planned = act.plan(home, wanted)
    assert not list(tmp_path.glob("salts/*"))
    sending = Sending(home.salts.folder)
    act.send(home, act.Preview(planned, (1,)), sending)  # type: ignore[arg-type]
    assert len(sending.seen) == 1
    kept = read_secret(copy)
    assert (kept.jury, kept.dispute, kept.juror, kept.ruling) == (JURY, 4, JUROR, 2)
    (step,) = planned.steps
    assert step.call.to == JURY
    assert step.call.decoded() == ("commit", {"disputeID": 4, "commitment": kept.committed})


def test_two_commitments_have_two_salts() -> None:
    assert CommitRuling(3, "pay").salt != CommitRuling(3, "pay").salt


def secret(juror: str = JUROR, ruling: int = 1, **changes: Any) -> Secret:
    return Secret(31337, changes.get("at", JURY), changes.get("number", 4), juror, ruling, SALT)


def test_a_commitment_that_says_the_same_is_told_and_not_sent(place: Any) -> None:
    home = place(jury_at(Node(), 300, committed=secret().committed), terms(), *opened())
    act.plan(home, CommitRuling(3, "pay"))  # its salt is not here, so it is worth another
    home.salts.keep(secret())
    with pytest.raises(AlreadyDone, match="committed to “pay” on submission 3 already"):
        act.plan(home, CommitRuling(3, "pay"))
    told = CommitRuling(3, "pay").facts(home)
    assert (told["commitment"].value, told["replaces"].value) == (secret().committed, False)
    other = act.plan(home, CommitRuling(3, "refuse"))
    assert other.effects[0] == "It replaces your earlier commitment."


def test_reveals_for_every_juror_whose_salt_is_here(place: Any) -> None:
    node = jury_at(Node(), 500)
    held = [secret(), secret(LEAD, 2), secret(WORKER)]
    live = {one.juror: one.committed for one in held[:2]}
    node.view("Jury", "commitmentOf", lambda _, juror: live.get(checksum(juror), bytes(32)))
    home = place(node, terms(), *opened())
    for one in [*held, secret(LEAD, 1), secret(number=5), secret(at=OTHER)]:
        home.salts.keep(one)
    for wanted in (RevealRulings(3), RevealRulings(everything=True)):
        calls = [step.call.decoded()[1] for step in wanted.steps(home)]
        told = {(call["juror"], call["ruling"], call["salt"]) for call in calls}
        assert told == {(JUROR, 1, SALT), (LEAD, 2, SALT)}


def test_says_whose_salt_is_missing(place: Any) -> None:
    node = jury_at(Node(), 500)
    live = {JUROR: secret().committed, LEAD: secret(LEAD).committed}
    node.view("Jury", "commitmentOf", lambda _, juror: live.get(checksum(juror), bytes(32)))
    home = place(node, terms(), *opened())
    with pytest.raises(BadInput, match="the salt of your commitment on submission 3 is not on"):
        RevealRulings(3).steps(home)
    home.salts.keep(secret(LEAD))
    planned = act.plan(home, RevealRulings(3))
    assert len(planned.steps) == 1
    assert planned.effects[-1].startswith("The salt of your own commitment on submission 3")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (RevealRulings(), "which rulings are meant"),
        (RevealRulings(3, everything=True), "which rulings are meant"),
        (RevealRulings(everything=True, salt_file="x"), "which rulings are meant"),
        (RevealRulings(everything=True), "nothing that was committed to"),
        (HandOver(), "no ruling can be handed over now"),
        (PayJurors(), "no juror can be paid now"),
    ],
)
def test_says_when_there_is_nothing_to_do(place: Any, wanted: act.Act, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        act.plan(place(Node(), account=None), wanted)


def test_a_salt_of_another_dispute_is_refused(place: Any, tmp_path: Path) -> None:
    home = place(jury_at(Node(), 500), terms(), *opened())
    file = home.salts.keep(secret(number=5))
    with pytest.raises(BadInput, match=f"is for dispute 5 of {JURY}, not for submission 3"):
        RevealRulings(3, salt_file=str(file)).steps(home)


def test_rulings_are_handed_over_at_their_own_jury(place: Any) -> None:
    node = jury_at(jury_at(Node(), 700), 700, OTHER)
    told = [terms(), terms(2, arbitrator=OTHER), *opened(), *opened(8, 9, OTHER)]
    steps = HandOver().steps(place(node, *told))
    assert [step.call.to for step in steps] == [JURY, checksum(OTHER)]
    assert [step.call.decoded()[1] for step in steps] == [{"disputeID": 4}, {"disputeID": 9}]


def test_refusals_speak_of_the_submission(place: Any) -> None:
    home = place(jury_at(Node(), 500), terms(), *opened())
    rulings.before_jury(home, 3)
    said = home.explained(explain.refused("JuryUnknownDispute", {"disputeID": 4}))
    assert "4 (about submission 3)" in said.message
    assert "(about" not in home.explained(explain.refused("JuryUnknownDispute", {"disputeID": 5})).message


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
