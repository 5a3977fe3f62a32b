"""Jurors without a chain: phases, pots, shares, and what rulings bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmo.client import jurors, lens
from dmo.client.disputes import Dispute, JuryCase, Ruling
from dmo.client.jurors import Phase
from dmo.client.outcomes import Stakes, outcome
from dmo.core.abi.codec import checksum
from dmo.core.errors import Refused
from tests.support.models import disputes as model
from tests.support.node import ADDRESSES, ALICE, BOB, OFFLINE, Node, dmo_on, log, revert

JURY = ADDRESSES["Jury"]
UNITS = st.integers(min_value=0, max_value=10**30)
SALT = b"\x05" * 32


def dispute(**changes: Any) -> Dispute:
    """An open dispute: commitments until 400, reveals until 600, rulings until 900."""
    case = JuryCase(
        JURY, 4, ADDRESSES["DisputeDesk"], 100, False, False, 0, 0, 5, 400, 600, Ruling(0)
    )
    known = Dispute(
        3, BOB, 900, 1, Ruling(0), False, False, False, ALICE, 0, 4, 50, 0, 0, 0, JURY, True, case
    )
    return replace(known, **changes)


# ── what rulings bring ──────────────────────────────────────────────────────────────────────────


def _flow(rows: list[model.Flow], source: str, to: str) -> int:
    return sum(amount for one, other, amount in rows if (one, other) == (source, to))


@settings(max_examples=300, deadline=None)
@given(st.booleans(), st.sampled_from(Ruling), UNITS, UNITS, UNITS, UNITS, st.booleans())
def test_outcomes_agree_with_the_table_of_ends(
    is_challenge: bool, ruling: Ruling, w: int, wb: int, b: int, f: int, has_jurors: bool
) -> None:
    found = outcome(Stakes(is_challenge, w, wb, b, f, has_jurors), ruling)
    rows = model.flows(is_challenge, int(ruling), w, wb, b, f, has_jurors)
    to = {
        who: model.total(rows, to=who)
        for who in (
            *(model.PAYEES, model.WORKER, model.OPENER),
            *(model.JURORS, model.POOL, model.FREE),
        )
    }
    assert found.is_paid is model.is_paid(is_challenge, int(ruling))
    assert found.payees == to[model.PAYEES]
    opener = to[model.OPENER] if is_challenge else 0
    assert found.challenger == opener
    assert found.worker == to[model.WORKER] + to[model.OPENER] - opener
    assert (found.jurors, found.pool) == (to[model.JURORS], to[model.POOL])
    assert found.campaign == to[model.FREE]
    assert found.fee_lost == model.total(rows, source=model.FEE)
    assert found.worker_bond == _flow(rows, model.WORKER_BOND, model.WORKER)
    assert found.opener_bond == _flow(rows, model.BOND, model.OPENER)


# ── where a dispute stands ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (399, (Phase.COMMIT, 400)),
        (400, (Phase.REVEAL, 600)),
        (599, (Phase.REVEAL, 600)),
        (600, (Phase.RULE, 900)),
        (899, (Phase.RULE, 900)),
        (900, (Phase.OVER, 0)),
    ],
)
def test_a_dispute_waits_for_one_thing_at_a_time(now: int, expected: tuple[Phase, int]) -> None:
    assert jurors.phase(dispute(), now) == expected


def test_a_dispute_is_over_when_it_is_ruled_or_settled() -> None:
    assert jurors.phase(dispute(is_ruled=True), 500) == (Phase.OVER, 0)
    assert jurors.phase(dispute(is_ruled=True, is_settled=True), 500) == (Phase.SETTLED, 0)
    assert jurors.phase(dispute(jury=None), 500) == (Phase.ARBITRATOR, 900)


def test_reads_what_an_account_is_in_many_disputes_at_once() -> None:
    node = Node()
    node.view("Jury", "weightOf", lambda case, _: 7 if case == 4 else 0)
    node.view("Jury", "commitmentOf", lambda case, _: SALT if case == 4 else bytes(32))
    node.view("Jury", "shareOf", lambda case, _: (0, 0) if case == 4 else (3, 5))
    other = dispute()
    assert other.jury is not None
    second = replace(other, submission=8, jury=replace(other.jury, id=5))
    elsewhere = dispute(submission=9, jury=None)
    asked = [(one, BOB) for one in (other, second, elsewhere)]
    found = jurors.standings(dmo_on(node), asked)
    assert found == {
        (3, BOB): jurors.Standing(7, SALT, False),
        (8, BOB): jurors.Standing(0, b"", True),
    }


# ── pots ────────────────────────────────────────────────────────────────────────────────────────


def settled(submission: int, to_jurors: int, place: int) -> Any:
    values = (BOB, 50, 50, 0, 9, 0, 0, to_jurors, 0, False)
    facts = {"submission": submission, "ruling": 1, "isPaid": True, "settlement": values}
    return log("DisputeDesk", "DisputeSettled", facts, block=place)


def paid(event: str, submission: int, amount: int, place: int) -> Any:
    facts = {"submission": submission, "juror": BOB, "amount": amount}
    return log("DisputeDesk", event, facts, block=place)


def test_finds_pots_in_the_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jurors, "disputes_of", lambda _, numbers: numbers)
    node = Node()
    node.methods["eth_getLogs"] = lambda order: [
        settled(3, 25, 1),
        settled(4, 25, 2),
        settled(5, 0, 3),
        settled(6, 25, 4),
        paid("JurorPaid", 3, 10, 5),
        paid("JurorPaid", 4, 25, 6),
        paid("JurorsExpired", 6, 25, 7),
    ]
    assert jurors.with_pots(dmo_on(node)) == [3]


def test_reads_what_many_disputes_owe_in_one_query() -> None:
    node = Node()
    node.view("DisputeDesk", "isJurorPaid", lambda submission, _: submission == 8)
    asked: list[Any] = []

    def answer(order: Any) -> list[Any]:
        asked.append(order)
        facts = {"juror": BOB, "ruling": 1, "weight": 2}
        return [
            log("Jury", "RulingRevealed", {"disputeID": case, **facts}, index=case)
            for case in (4, 5, 6)
        ]

    node.methods["eth_getLogs"] = answer
    one = dispute(pot=60, pot_whole=101, shares_total=7)
    others = (
        replace(one, submission=8, case=5),
        replace(one, submission=9, case=6),
        replace(one, submission=10, pot=0),
        replace(one, submission=11, pays_jurors=False),
    )
    # 101 × 2/7 = 28
    owed = dict.fromkeys((3, 9), 28)
    found = jurors.unpaid_jurors(dmo_on(node), [one, *others])
    assert {number: dict(whom) for number, whom in found.items()} == {
        number: {checksum(BOB): amount} for number, amount in owed.items()
    }
    assert len(asked) == 1


def test_due_rulings_and_unpaid_jurors_become_calls() -> None:
    found = lens.Due(None, (), (), (), (), (dispute(),), {3: {ALICE: 29, BOB: 29}}, (5,))
    assert found.count == 3
    calls = [call.decoded() for call in lens.due_calls(OFFLINE, found, batch=1)]
    names = [name for name, _ in calls]
    assert names == ["executeRuling", "payJurors", "payJurors", "expireJurors"]
    assert calls[0][1] == {"disputeID": 4}
    assert [str(call["jurors"][0]).lower() for _, call in calls[1:3]] == [ALICE, BOB]


def test_a_ruling_is_handed_over_at_its_own_jury() -> None:
    one = dispute()
    assert one.jury is not None
    other = replace(one, jury=replace(one.jury, address=ALICE))
    (call,) = lens.due_calls(OFFLINE, lens.Due(None, (), (), (), (), (other,)))
    assert call.to.lower() == ALICE


# ── hostile arbitrators ─────────────────────────────────────────────────────────────────────────


def refuse(*_: Any) -> Any:
    raise revert("JuryUnknownDispute", 4, contract="Jury")


def test_another_jury_that_does_not_answer_stops_nobody() -> None:
    node = Node()
    node.view("Jury", "weightOf", lambda *_: 7)
    node.view("Jury", "commitmentOf", lambda *_: SALT)
    node.view("Jury", "shareOf", lambda *_: (0, 0))
    for view in ("weightOf", "commitmentOf", "shareOf"):
        node.view("Jury", view, refuse, ALICE)
    one = dispute()
    assert one.jury is not None
    hostile = replace(one, submission=8, jury=replace(one.jury, address=ALICE))
    found = jurors.standings(dmo_on(node), [(hostile, BOB), (one, BOB)])
    assert found == {(3, BOB): jurors.Standing(7, SALT, False)}


def test_our_own_jury_has_to_answer() -> None:
    node = Node()
    for view in ("weightOf", "commitmentOf", "shareOf"):
        node.view("Jury", view, refuse)
    with pytest.raises(Refused) as refusal:
        jurors.standings(dmo_on(node), [(dispute(), BOB)])
    assert (refusal.value.name, refusal.value.arguments) == ("JuryUnknownDispute", {"disputeID": 4})


def test_a_reveal_of_nonsense_stops_nobody() -> None:
    node = Node()
    facts = {"disputeID": 4, "juror": BOB, "ruling": 7, "weight": 2}
    node.methods["eth_getLogs"] = lambda order: [log("Jury", "RulingRevealed", facts)]
    assert jurors.revealed(dmo_on(node), [dispute()])[3][0].ruling is Ruling.NONE
