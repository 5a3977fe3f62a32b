"""Jurors without a chain: their commitments, what they reveal, and who is owed what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import disputes, jury, rulings
from dmo.capabilities.jury import ExpireJurors, PayJurors
from dmo.capabilities.rulings import CommitRuling, HandOver, RevealRulings
from dmo.core import act, engine, explain
from dmo.core.abi.codec import checksum
from dmo.core.act import AlreadyDone
from dmo.core.chain import Receipt
from dmo.core.errors import BadInput
from dmo.home.salts import Secret, read_secret
from tests.support.node import Node, log
from tests.support.rulings import (
    JUROR,
    JURY,
    LEAD,
    OTHER,
    SALT,
    WORKER,
    jury_at,
    opened,
    paid,
    revealed,
    ruled,
    settled,
    terms,
)

# ── jurors' pay ─────────────────────────────────────────────────────────────────────────────────


def test_tells_whom_a_settled_dispute_still_owes(place: Any) -> None:
    shares = [revealed(WORKER, 2), revealed(JUROR, 4), revealed(LEAD, 1)]
    told = [terms(), *opened(), *shares, settled(101), paid(JUROR, 58)]
    home = place(jury_at(Node(), 1_000, total=7), *told)
    # 101 × 2/7 = 28; 101 × 6/7 = 86
    assert jury.owed(home) == ({3: {WORKER: 28, LEAD: 15}}, [])
    assert jury.jurors_due(home) == [PayJurors([3])]


@pytest.mark.parametrize(
    ("ruling", "total", "owed"),
    [
        (1, 3, {WORKER: 33, LEAD: 68}),
        (2, 4, {JUROR: 101}),
        # 101 × 2/7 = 28; 101 × 3/7 = 43: of one side after the other
        (0, 7, {WORKER: 28, LEAD: 15, JUROR: 58}),
    ],
)
def test_the_side_that_ruled_is_owed(place: Any, ruling: int, total: int, owed: dict[str, int]) -> None:
    rulings = [revealed(WORKER, 1), revealed(JUROR, 4, ruling=2), revealed(LEAD, 2)]
    if not ruling:
        rulings = [revealed(WORKER, 2), revealed(JUROR, 4, ruling=2), revealed(LEAD, 1)]
    home = place(jury_at(Node(), 1_000, total=total, ruling=ruling), terms(), *opened(), *rulings, settled(101))
    assert jury.owed(home)[0] == {3: owed}


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
        return [log("Jury", "RulingRevealed", revealed(JUROR, 2)[1])]

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
    planned = engine.plan(home, wanted)
    assert not list(tmp_path.glob("salts/*"))
    sending = Sending(home.salts.folder)
    engine.send(home, engine.Preview(planned, (1,)), sending)  # type: ignore[arg-type]
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
    engine.plan(home, CommitRuling(3, "pay"))  # its salt is not here, so it is worth another
    home.salts.keep(secret())
    with pytest.raises(AlreadyDone, match="committed to “pay” on submission 3 already"):
        engine.plan(home, CommitRuling(3, "pay"))
    told = CommitRuling(3, "pay").facts(home)
    assert (told["commitment"].value, told["replaces"].value) == (secret().committed, False)
    other = engine.plan(home, CommitRuling(3, "refuse"))
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
    planned = engine.plan(home, RevealRulings(3))
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
        engine.plan(place(Node(), account=None), wanted)


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
