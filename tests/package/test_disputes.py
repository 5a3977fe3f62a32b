"""Disputes against a node that is a table: what is read, what is said, what a juror commits to."""

from __future__ import annotations

import json
from typing import Any

import eth_abi
import pytest
from eth_utils import keccak

from dmo.client import disputes, escrow, jurors, lens
from dmo.client.campaigns import Terms, Windows
from dmo.client.disputes import Price, Ruling
from dmo.core.errors import NotFound
from dmo.core.explain import Words
from dmo.deploy.plan import meta_evidence
from tests.support.node import ADDRESSES, ALICE, BOB, OFFLINE, Node, dmo_on, log, revert

D = b"\x07" * 32
ZERO = "0x" + "00" * 20
JURY = ADDRESSES["Jury"]
CAROL = "0x" + "ca" * 19 + "33"
COURT = "0x" + "c0" * 20
WORDS = Words(18, "VOTE", 6, "USDX")
SALT = b"\x09" * 32


def case(**changes: Any) -> tuple[Any, ...]:
    """A dispute as the desk tells it."""
    known = {
        "opener": BOB, "until": 900, "terms_id": 1, "ruling": 0, "is_ruled": False,
        "is_challenge": False, "is_settled": False, "lead": ALICE, "settled_at": 0,
        "dispute_id": 4, "bond": 50, "pot": 0, "pot_whole": 0, "shares_total": 0,
    }  # fmt: skip
    assert changes.keys() <= known.keys()
    return tuple((known | changes).values())


def court(arbitrator: str = JURY, pays: bool = True, **changes: Any) -> Node:
    """A node on which submission 3 is disputed, before this arbitrator."""
    node = Node()
    node.view("DisputeDesk", "disputeOf", lambda n: case(**changes) if n == 3 else case(until=0))
    terms = ((5, 3, 3, 7, 2), 1000, 1, arbitrator, pays, D, b"")
    node.view("DisputeDesk", "termsOf", lambda _: terms)
    node.view("DisputeDesk", "isJurorPaid", lambda _, juror: juror.lower() == ALICE)
    node.view("Jury", "caseOf", lambda _: (ADDRESSES["DisputeDesk"], 100, True, False, 7, 2, 5))
    node.view("Jury", "windowsOf", lambda _: (400, 600))
    node.view("Jury", "currentRuling", lambda _: 1)
    return node


def reveals(*weights: tuple[str, int]) -> list[Any]:
    return [
        log(
            "Jury",
            "RulingRevealed",
            {"disputeID": 4, "juror": who, "ruling": 1 + place % 2, "weight": weight},
            block=10,
            index=place,
        )
        for place, (who, weight) in enumerate(weights)
    ]


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


def test_reads_a_dispute_with_the_jurys_case() -> None:
    one = disputes.dispute(dmo_on(court()), 3)
    assert (one.submission, one.case, one.opener.lower(), one.bond) == (3, 4, BOB, 50)
    assert one.jury is not None
    assert (one.jury.commit_until, one.jury.reveal_until, one.jury.quorum) == (400, 600, 5)
    assert (one.jury.for_one, one.jury.for_two, one.jury.ruling) == (7, 2, Ruling.PAY)
    assert [one.jury.is_executable(now) for now in (599, 600)] == [False, True]
    assert [one.is_open(now) for now in (899, 900)] == [True, False]


def test_reads_a_dispute_before_another_arbitrator() -> None:
    one = disputes.dispute(dmo_on(court(COURT, pays=False)), 3)
    assert one.arbitrator.lower() == COURT
    assert one.jury is None


def test_an_arbitrator_that_pays_jurors_may_be_a_jury() -> None:
    node = court(COURT)
    node.view(
        "Jury", "caseOf", lambda _: (ADDRESSES["DisputeDesk"], 9, False, False, 1, 0, 5), COURT
    )
    node.view("Jury", "windowsOf", lambda _: (40, 60), COURT)
    node.view("Jury", "currentRuling", lambda _: 0, COURT)
    one = disputes.dispute(dmo_on(node), 3)
    assert one.jury is not None
    assert (one.jury.address.lower(), one.jury.id, one.jury.commit_until) == (COURT, 4, 40)


def test_an_arbitrator_that_answers_nothing_is_no_jury() -> None:
    node = court(COURT)

    def refuse(_: int) -> None:
        raise revert("JuryUnknownDispute", 4, contract="Jury")

    for view in ("caseOf", "windowsOf", "currentRuling"):
        node.view("Jury", view, refuse, COURT)
    assert disputes.dispute(dmo_on(node), 3).jury is None


def test_what_is_not_disputed_is_not_found() -> None:
    with pytest.raises(NotFound, match="Submission 2 is not disputed"):
        disputes.dispute(dmo_on(court()), 2)


def test_lists_all_disputes_in_order() -> None:
    node = court()
    facts = {
        "opener": BOB, "arbitrator": JURY, "disputeID": 4, "isChallenge": False, "bond": 50,
        "until": 900, "statement": D,
    }  # fmt: skip
    node.methods["eth_getLogs"] = lambda order: [
        log("DisputeDesk", "DisputeOpened", {"submission": 3, **facts})
    ]
    assert [one.submission for one in disputes.disputes(dmo_on(node))] == [3]


@pytest.mark.parametrize(
    ("is_challenge", "ruling", "is_paid"),
    [
        (False, 0, False),
        (False, 1, True),
        (False, 2, False),
        (True, 0, True),
        (True, 1, True),
        (True, 2, False),
    ],
)
def test_without_a_ruling_the_leads_verdict_stands(
    is_challenge: bool, ruling: int, is_paid: bool
) -> None:
    node = court(is_challenge=is_challenge, ruling=ruling)
    assert disputes.dispute(dmo_on(node), 3).is_paid is is_paid


def test_only_a_challenge_without_a_ruling_ends_in_payment() -> None:
    node = Node()
    rows = [
        (number, (BOB, 1, 300, stage, 0, False, D), status, 307)
        for number, stage, status in ((1, 1, 1), (2, 4, 4), (3, 4, 4))
    ]
    node.view("Lens", "submissions", lambda *_: (rows, 0))
    node.view("DisputeDesk", "disputeOf", lambda number: case(is_challenge=number == 3))
    terms = Terms(Windows(5, 3, 3, 7, 2), 1000, 1)
    found = escrow.submissions(dmo_on(node))
    assert [one.is_challenge for one in found] == [False, False, True]
    assert [escrow.latest_payment(terms, one, 301) for one in found] == [308, 0, 307]


def test_reads_evidence_as_digests() -> None:
    node = Node()
    values = {"_arbitrator": JURY, "_evidenceGroupID": 3, "_party": BOB}
    path = "/ipfs/f01551220" + D.hex()
    node.methods["eth_getLogs"] = lambda order: [
        log("DisputeDesk", "Evidence", {**values, "_evidence": path}, 8)
    ]
    (one,) = disputes.evidence(dmo_on(node), 3)
    assert (one.digest, one.party.lower(), one.block) == (D, BOB, 8)


# ── jurors ──────────────────────────────────────────────────────────────────────────────────────


def test_a_juror_commits_to_what_the_jury_computes() -> None:
    packed = eth_abi.encode(
        ["uint256", "address", "uint256", "address", "uint256", "bytes32"],
        [OFFLINE.chain_id, JURY, 4, ALICE, 2, SALT],
    )
    assert disputes.commitment(OFFLINE, 4, ALICE, Ruling.REFUSE, SALT) == keccak(packed)


def test_salts_are_32_bytes_and_never_the_same() -> None:
    salts = {disputes.new_salt() for _ in range(50)}
    assert len(salts) == 50
    assert {len(salt) for salt in salts} == {32}


def test_tells_whom_a_settled_dispute_still_owes() -> None:
    node = court(pot=60, pot_whole=101, shares_total=7, is_settled=True)
    node.methods["eth_getLogs"] = lambda order: reveals((ALICE, 3), (BOB, 2), (CAROL, 2))
    one = disputes.dispute(dmo_on(node), 3)
    told = jurors.revealed(dmo_on(node), [one])[3]
    assert [(its.start, its.end, its.ruling) for its in told] == [
        (0, 3, Ruling.PAY),
        (3, 5, Ruling.REFUSE),
        (5, 7, Ruling.PAY),
    ]
    # Alice has her 43 of 101; prefix sums give Bob 72 − 43 and Carol the rest, to the unit
    owed = jurors.unpaid_jurors(dmo_on(node), [one])[3]
    assert {who.lower(): amount for who, amount in owed.items()} == {BOB: 29, CAROL: 29}


def test_nobody_is_owed_when_the_pot_is_empty_or_jurors_are_not_paid() -> None:
    node = court(pot=0, pot_whole=101, shares_total=7)
    node.methods["eth_getLogs"] = lambda order: reveals((BOB, 2))
    assert jurors.unpaid_jurors(dmo_on(node), [disputes.dispute(dmo_on(node), 3)]) == {}
    elsewhere = court(COURT, pays=False, pot=5, pot_whole=5, shares_total=2)
    elsewhere.methods["eth_getLogs"] = lambda order: reveals((BOB, 2))
    one = disputes.dispute(dmo_on(elsewhere), 3)
    assert jurors.unpaid_jurors(dmo_on(elsewhere), [one]) == {}


def test_a_share_too_small_for_a_unit_is_not_owed() -> None:
    node = court(pot=1, pot_whole=1, shares_total=4)
    node.methods["eth_getLogs"] = lambda order: reveals((BOB, 2), (CAROL, 2))
    owed = jurors.unpaid_jurors(dmo_on(node), [disputes.dispute(dmo_on(node), 3)])[3]
    assert {who.lower(): amount for who, amount in owed.items()} == {CAROL: 1}


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


def due_on(node: Node) -> lens.Due:
    node.view("Lens", "settlementDue", lambda: (0, []))
    for name in ("payableWork", "releasable", "reclaimable", "closable"):
        node.view("Lens", name, lambda *_: ([], 0))
    node.view("Lens", "disputed", lambda *_: ([3], 0))
    return lens.due(dmo_on(node))


@pytest.mark.parametrize(
    ("now", "changes", "due"),
    [(599, {}, {}), (600, {}, {3: 4}), (900, {}, {}), (600, {"is_ruled": True}, {})],
)
def test_a_ruling_is_due_after_the_reveals_and_while_it_counts(
    now: int, changes: dict[str, Any], due: dict[int, int]
) -> None:
    node = court(**changes)
    node.now = now
    found = due_on(node)
    assert {one.submission: one.case for one in found.rule} == due
    assert found.count == len(due)
    assert [call.decoded() for call in lens.due_calls(dmo_on(node), found)] == [
        ("executeRuling", {"disputeID": number}) for number in due.values()
    ]


def settled(to_jurors: int) -> dict[str, Any]:
    return {
        "submission": 3, "ruling": 1, "isPaid": True,
        "settlement": (BOB, 50, 50, 0, 50, 0, 50 - to_jurors, to_jurors, 0, False),
    }  # fmt: skip


def with_pot(pot: int, told: list[Any]) -> Node:
    node = court(pot=pot, pot_whole=42, shares_total=7, is_settled=True, settled_at=1_000)
    logs = [log("DisputeDesk", "DisputeSettled", settled(42), 12)]
    if pot < 42:
        paid = {"submission": 3, "juror": ALICE, "amount": 42 - pot}
        logs.append(log("DisputeDesk", "JurorPaid", paid, 13))

    def answer(order: Any) -> list[Any]:
        asked = order["topics"][0]
        return [raw for raw in logs + told if raw["topics"][0] in asked]

    node.methods["eth_getLogs"] = answer
    return node


def test_unpaid_jurors_are_due_in_batches() -> None:
    node = with_pot(24, reveals((ALICE, 3), (BOB, 2), (CAROL, 2)))
    found = due_on(node)
    assert {number: [who.lower() for who in owed] for number, owed in found.jurors.items()} == {
        3: [BOB, CAROL]
    }
    names = [call.decoded() for call in lens.due_calls(dmo_on(node), found, batch=1)]
    assert [(name, given["submission"], len(given["jurors"])) for name, given in names] == [
        ("payJurors", 3, 1),
        ("payJurors", 3, 1),
    ]


def test_nothing_is_due_when_all_jurors_were_paid() -> None:
    node = with_pot(0, reveals((ALICE, 7)))
    assert due_on(node).count == 0


def test_what_nobody_fetched_goes_to_the_pool_after_a_year() -> None:
    node = with_pot(42, [])
    node.now = 1_000 + jurors.POT_LIFE - 1
    assert due_on(node).count == 0
    node.now += 1
    found = due_on(node)
    assert found.expire == (3,)
    (call,) = lens.due_calls(dmo_on(node), found)
    assert call.decoded() == ("expireJurors", {"submission": 3})


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_opening_a_dispute_says_bond_cost_and_who_is_judged() -> None:
    asked = Price(3, 5_000_000, 0, JURY, False, ALICE, BOB)
    call = disputes.open_dispute(OFFLINE, asked, D, WORDS)
    assert call.value == 0
    assert call.description == (
        f"Dispute that {ALICE} rejected submission 3, with a bond of 5 USDX and no cost"
    )
    costly = Price(3, 5_000_000, 2 * 10**15, COURT, True, ALICE, BOB)
    call = disputes.open_dispute(OFFLINE, costly, D, WORDS)
    assert call.value == 2 * 10**15
    assert call.description == (
        f"Challenge the acceptance of submission 3 by {BOB}, with a bond of 5 USDX and"
        f" 0.002 ETH to {COURT}"
    )


def test_the_question_to_jurors_names_both_rulings_in_their_order() -> None:
    asked = json.loads(meta_evidence())
    assert {"title", "description", "question", "rulingOptions", "category"} <= asked.keys()
    options = asked["rulingOptions"]
    assert [title.lower() for title in options["titles"]] == [
        Ruling.PAY.text,
        Ruling.REFUSE.text,
    ]
    assert len(options["descriptions"]) == 2
