"""What is done with work, what is due, and credits, against a node that is a table.

given evidence that is judged
    it is shown; unseen it is refused; unreadable it can be rejected, not accepted
    copied it is said to be
given what is due
    work is paid in batches of 20, everything in one command, each batch by itself
given credits
    the latest event of an account says whether one is left; what the token takes now can be delivered by anybody;
    after a year anybody may move it
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode

from dmo.capabilities.bounties import PostBounty
from dmo.capabilities.payments import CREDIT_LIFE, PayWork, ReleaseWork, credited, credits_left
from dmo.capabilities.work import AcceptWork, RejectWork, SubmitWork
from dmo.core import act, due, engine
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.core.kinds import Value, looking
from dmo.core.words import fill
from dmo.home.documents import parse
from dmo.home.home import Home
from tests.support.work import ALICE, BOB, CAROL, UNIT, ZERO, A, C, Escrow, evidence, handed, posted

# ── acts ────────────────────────────────────────────────────────────────────────────────────────

PARAMS = "(uint32,uint112,uint112,uint32,uint16,bool,address,bytes32)"
BRIEF_TEXT = """---
kind: brief
title: A spot
lang: en
deliverable: a spot
acceptance: it was on air
disclosure: paid
---

Two minutes.
"""


def calls(home: Home, wanted: act.Act) -> list[Any]:
    return [step.call for step in engine.plan(home, wanted).steps]


def test_a_bounty_is_posted_as_the_escrow_takes_it(opened: Any) -> None:
    brief = parse(BRIEF_TEXT.encode(), "brief.md", "brief")
    home = opened(Escrow(), account=ALICE)
    wanted = PostBounty(1, brief, 301 * UNIT, 1_500_000, 2)  # type: ignore[arg-type]
    (call, publication) = calls(home, wanted)
    expected = (1, 301 * UNIT, 0, 1_500_000, 2, False, ZERO, brief.digest)  # a bond of 0 means the least
    assert call.data[4:] == encode([PARAMS], [expected])
    assert call.description == "Post a bounty in campaign 1: 2 × 301 PLAY"
    assert publication.contract == "DocumentLog"
    assert "a worker leaves a bond of 30.1 PLAY" in engine.plan(home, wanted).effects[0]
    odd = PostBounty(1, brief, 15, 9, worker_bond=3, gift=True, worker=BOB)  # type: ignore[arg-type]
    assert odd.arguments(home) == [(1, 15, 3, 9, 1, True, BOB, brief.digest)]


def test_the_same_offer_is_not_posted_twice(opened: Any) -> None:
    brief = parse(BRIEF_TEXT.encode(), "brief.md", "brief")
    home = opened(Escrow(), posted(2, brief.digest, reward=15), account=ALICE)
    same, other = PostBounty(1, brief, 15, 9, 2), PostBounty(1, brief, 15, 9, 3)  # type: ignore[arg-type]
    refused = same.repeated(home)
    assert refused is not None
    assert refused.message.startswith("brief.md: this very text is bounty 2 of campaign 1")
    assert other.repeated(home) is None
    assert "The very same text stands already: bounty 2." in engine.plan(home, other).effects


def test_work_is_handed_in_by_the_worker_it_names(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "evidence.md"
    file.write_bytes(evidence())
    home = opened(Escrow(), account=BOB)
    given = {"bounty": "1", "file": str(file), "payee": [f"{BOB}:60%", f"{ALICE}:40%"]}
    wanted = act.read(SubmitWork, home, given)
    approval, call = calls(home, wanted)[:2]
    pairs, kinds = [(BOB, 6000), (ALICE, 4000)], ["uint32", "bytes32", "(address,uint16)[]", "uint256"]
    assert approval.description.endswith("30 PLAY")
    assert call.data[4:] == encode(kinds, [1, digest(evidence()), pairs, 30 * UNIT])
    # More than the bond, of a token that keeps a part.
    planned = engine.plan(home, act.read(SubmitWork, home, {**given, "send": "31"}))
    assert planned.steps[1].call.data[4:] == encode(kinds, [1, digest(evidence()), pairs, 31 * UNIT])
    assert "What arrives of 1 PLAY more is the campaign's gift." in planned.effects
    other = opened(Escrow(), account=ALICE)
    with pytest.raises(BadInput, match="the evidence names") as caught:
        engine.plan(other, wanted)
    assert (caught.value.file, caught.value.field) == (str(file), "worker")
    with pytest.raises(BadInput, match="'bob' names no share"):
        act.read(SubmitWork, home, {**given, "payee": ["bob"]})


def judging(opened: Any, raw: bytes | None, found: bytes = b"", payees: Any = ()) -> Home:
    home: Home = opened(Escrow(n1="review"), handed(1, found=found or raw or b"", payees=payees), account=ALICE)
    if raw is not None:
        home.store.put(raw)
    return home


def test_what_nobody_has_seen_is_not_judged(opened: Any) -> None:
    home = judging(opened, None)
    for one in (AcceptWork(1), RejectWork(1, because="No.")):
        with pytest.raises(BadInput, match="the evidence cannot be found"):
            one.shown(home)
    view = AcceptWork(1, unseen=True).shown(home)
    assert view.data["document"] is None
    assert "is nowhere to be found" in view.texts[0]


def test_what_cannot_be_read_is_rejected_and_not_accepted(opened: Any) -> None:
    home = judging(opened, b"junk")
    with pytest.raises(BadInput, match="the evidence is unreadable, because it does not begin"):
        AcceptWork(1).shown(home)
    assert RejectWork(1, because="No.").shown(home).data["document"]["unreadable"]
    assert AcceptWork(1, unseen=True).shown(home).data["document"]["unreadable"]


def test_copied_evidence_is_said_to_be(opened: Any) -> None:
    view = AcceptWork(1).shown(judging(opened, evidence(CAROL)))
    assert "warning: the evidence names" in view.texts[0]
    assert view.data["named"] == CAROL
    honest = AcceptWork(1).shown(judging(opened, evidence(BOB)))
    assert (honest.texts, honest.data["named"]) == ((), None)


def test_judging_binds_to_the_evidence_and_says_who_gets_what(opened: Any) -> None:
    home = judging(opened, evidence(), payees=[(BOB, 6000), (CAROL, 4000)])
    planned = engine.plan(home, AcceptWork(1))
    assert planned.steps[0].call.data[4:] == encode(["uint32", "bytes32"], [1, digest(evidence())])
    assert "gets 180 PLAY, " in planned.effects[0]
    assert "gets 120 PLAY from " in planned.effects[0]
    assert planned.data["payable_from"] == home.now + C
    rejected = engine.plan(home, RejectWork(1, because=" The link. "))
    reason = parse(b"---\nkind: reason\ntitle: Why submission 1 is rejected\nlang: en\n---\n\nThe link.\n")
    arguments = [1, digest(evidence()), reason.digest]
    assert rejected.steps[0].call.data[4:] == encode(["uint32", "bytes32", "bytes32"], arguments)
    assert rejected.data["answer_until"] == home.now + A
    for one in (RejectWork(1), RejectWork(1, reason, "both")):
        with pytest.raises(BadInput, match="a rejection needs one reason"):
            engine.plan(home, one)


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


def own(home: Home, account: str | None) -> dict[str, due.Item]:
    names = ("bounties", "payments", "submissions")
    parts = [import_module(f"dmo.capabilities.{name}")._due for name in names]
    return {item.kind: item for part in parts for item in part(home, account)}


def test_work_is_paid_in_batches(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = {f"n{number}": "payable" for number in range(1, 43)} | {"n43": "void"}
    home = opened(Escrow(**statuses), *(handed(number) for number in range(1, 44)), account=ALICE)
    found = own(home, None)
    assert [len(one.submissions) for one in found["pay"].acts] == [20, 20, 2]  # type: ignore[attr-defined]
    assert found["pay"].text(home) == "42 submissions can be paid"
    assert found["release"].text(home) == "1 submission ended unpaid; its money can be freed"
    jurors = due.Item("jurors", 0, True, "dispute pay", acts=(ReleaseWork((9,)),))
    monkeypatch.setattr("dmo.capabilities.payments.items", lambda *_: [jurors, *own(home, None).values()])
    planned = engine.plan(home, PayWork())
    told = [step.call.description for step in planned.steps]
    assert told[2:] == ["Pay submissions 41, 42", "Release submissions 9"]
    assert all(step.is_independent for step in planned.steps)
    assert planned.data["submissions"] == list(range(1, 43))
    assert calls(home, PayWork((7,)))[0].description == "Pay submission 7"


def test_nothing_to_pay_is_said_with_what_waits(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.capabilities.payments.items", lambda *_: [])
    home = opened(Escrow(n1="void"), handed(1), account=ALICE)
    with pytest.raises(BadInput, match="nothing is payable now") as caught:
        engine.plan(home, PayWork())
    assert "`dmo work release 1`: it is void" in caught.value.hint
    empty = opened(Escrow(n1="review"), handed(1), account=ALICE)
    with pytest.raises(BadInput, match="nothing is payable now") as caught:
        engine.plan(empty, PayWork())
    assert "dmo due" in caught.value.hint
    with pytest.raises(BadInput, match="nothing can be released now"):
        engine.plan(empty, ReleaseWork())


@pytest.mark.parametrize(
    ("account", "status", "kind"),
    [
        (ALICE, "review", "judge"),
        (BOB, "review", "review"),
        (BOB, "accepted", "accepted"),
        (BOB, "rejected", "rejected"),
        (CAROL, "rejected", None),
        (ALICE, "contested", "uphold"),
        (BOB, "contested", "contesting"),
        (CAROL, "contested", "upholdable"),
        (ALICE, "disputed", None),
    ],
)
def test_what_waits_for_whom(opened: Any, account: str, status: str, kind: str | None) -> None:
    found = own(opened(Escrow(n1=status), handed(1)), account)
    assert set(found) - {"work"} == ({kind} if kind else set())
    assert ("work" in found) == (account != ALICE)


# ── credits ─────────────────────────────────────────────────────────────────────────────────────


def test_credits_are_left_until_they_are_taken(opened: Any) -> None:
    credit_ = {"campaign": 1, "submission": 1, "amount": 5}
    told = [
        ("CampaignEscrow.PayeeCredited", {**credit_, "payee": BOB}),
        ("CampaignEscrow.BondCredited", {"submission": 1, "amount": 5, "to": ALICE}),
        ("CampaignEscrow.CreditWithdrawn", {"account": BOB, "to": BOB, "amount": 5}),
        ("CampaignEscrow.PayeeCredited", {**credit_, "payee": CAROL}),
        ("CampaignEscrow.CreditExpired", {"account": CAROL, "amount": 5}),
        ("CampaignEscrow.PayeeCredited", {**credit_, "payee": CAROL}),
    ]
    node = Escrow()
    node.now = 50_000_000
    node.credits = {ALICE: (5, 0, node.now - CREDIT_LIFE), CAROL: (6, 6, node.now - CREDIT_LIFE + 1)}
    home = opened(node, *told)
    assert credited(home) == [ALICE, CAROL]
    assert [one.amount for one in credits_left(home)] == [5, 6]
    node.blocked = {ALICE}
    found = own(home, CAROL)
    assert [one.arguments(home) for one in found["deliver"].acts] == [[CAROL]]
    assert found["deliver"].text(home) == "1 credit can be delivered to its owner"
    (expire,) = found["expired"].acts
    assert expire.arguments(home) == [ALICE]
    assert found["credit"].until == node.now + 1
    assert "credit" not in own(home, BOB)


def test_words_of_rows_are_filled_from_them(opened: Any) -> None:
    from dmo.capabilities.payments import PAYMENTS

    row = {"submission": 4, "payee": ALICE, "amount": 5 * UNIT, "credit": False, "source": "prize"}
    home = opened(Escrow())
    shown = Value(PAYMENTS, [{**row, "said": "paid"}, {**row, "said": "credited"}])
    text = fill("{rows}", looking(home, {"rows": shown}))
    first, second = text.split("\n")
    assert first.endswith("5 PLAY for the dispute of submission 4, from what was lost there.")
    assert second.endswith("waits as a credit: dmo credit withdraw")
    assert set(PAYMENTS.plain(shown.value)[0]) == set(row)
