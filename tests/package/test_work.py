"""Campaigns, bounties, work and credits, told by events and by a node that is a table.

given work of every status
    its day of payment follows from terms and clock; only pages that hold what is not done are read
given lessons
    they are a submission of the lead, for the bounty without a brief
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

from dmo.capabilities.bounties import PostBounty, bounties
from dmo.capabilities.campaigns import campaign, terms
from dmo.capabilities.payments import CREDIT_LIFE, PayWork, ReleaseWork, credited, credits_left
from dmo.capabilities.shown import lead_record
from dmo.capabilities.submissions import STATUSES, Payee, Submission, latest_payment, shares, submission, submissions
from dmo.capabilities.work import AcceptWork, RejectWork, SubmitWork
from dmo.core import act, due
from dmo.core.abi.codec import checksum
from dmo.core.digests import digest
from dmo.core.errors import BadInput, Refused
from dmo.core.kinds import Bps, Value, looking
from dmo.core.words import fill
from dmo.home.documents import parse
from dmo.home.home import Home
from tests.support import node as table
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, Node, revert

ZERO = "0x" + "00" * 20
ALICE, BOB, CAROL = map(checksum, (table.ALICE, table.BOB, "0x" + "ca" * 19 + "33"))
DAYS = 86_400
R, A, C, D, N = (number * DAYS for number in (5, 3, 2, 7, 1))
UNIT = 10**6
BRIEF, LESSONS = b"\x07" * 32, b"\x08" * 32
EVIDENCE = """---
kind: evidence
title: On air
lang: en
worker: "{}"
files: []
disclosure: paid by Harbour
---

Every day.
"""


def evidence(worker: str = BOB) -> bytes:
    return EVIDENCE.format(worker).encode()


def funded(number: int = 1, lead: str = ALICE) -> Told:
    told = {"campaign": number, "round": 1, "number": number, "lead": lead, "ask": 1500 * UNIT}
    return "CampaignEscrow.CampaignFunded", {
        **told, "feeBps": 1000, "endsAt": 2_000_000, "termsId": 1,
    }  # fmt: skip


def posted(number: int, brief: bytes = BRIEF, reward: int = 300 * UNIT, bond: int = 0) -> Told:
    facts = (1, reward, bond, 1_900_000, 2, False, ZERO, brief)
    return "CampaignEscrow.BountyPosted", {"bounty": number, "campaign": 1, "facts": facts}


def handed(number: int, worker: str = BOB, found: bytes = b"", payees: Any = ()) -> Told:
    told = {"submission": number, "bounty": 1, "worker": worker, "payees": list(payees)}
    return "CampaignEscrow.WorkSubmitted", {**told, "evidence": digest(found or evidence())}


def ended(number: int, name: str = "WorkPaid") -> Told:
    return f"CampaignEscrow.{name}", {"submission": number, "campaign": 1, "reward": 5}


TERMS: Told = (
    "DisputeDesk.TermsSet",
    {"termsId": 1, "terms": ((R, A, C, D, N, 1000, 10 * UNIT), BOB, True, BRIEF, b"x")},
)
BASE = (TERMS, funded(), posted(1))


class Escrow(Node):
    """A node that knows one campaign, its bounties, and submissions by status."""

    def __init__(self, **statuses: str) -> None:
        super().__init__()
        self.statuses = {int(key[1:]): status for key, status in statuses.items()}
        self.pages: list[int] = []
        self.bounties_ = 1
        self.credits: dict[str, tuple[int, int, int]] = {}
        self.view("Lens", "campaigns", self.campaigns)
        self.view("Lens", "closable", lambda *_: ([], 0))
        self.view("Lens", "bounties", self.bounties)
        self.view("Lens", "submissions", self.submissions)
        self.blocked: set[str] = set()
        self.leads = dict.fromkeys(range(1, 60), ALICE)
        self.view("CampaignEscrow", "deliverCredit", self.deliver)
        case = (BOB, 9, 1, 0, False, False, False)
        self.view("DisputeDesk", "disputeOf", lambda number: (*case, self.leads[number], 0, 0, ZERO, *[0] * 5))
        self.view("ERC20", "balanceOf", lambda account: 10**12)
        self.view("ERC20", "allowance", lambda account, spender: 0)
        self.view("DisputeDesk", "verdictOf", lambda number: (False, False, 0))
        self.view("CampaignEscrow", "creditOf", lambda who: self.credits.get(who, (0, 0, 0)))
        self.view("ERC20", "decimals", lambda: 6)
        self.view("ERC20", "symbol", lambda: "PLAY")
        self.view("CampaignEscrow", "budgetToken", lambda: ADDRESSES["BudgetToken"])

    def deliver(self, account: str) -> Any:
        if account in self.blocked:
            raise revert("CampaignEscrowNotDelivered", account, 5, contract="CampaignEscrow")
        return ()

    @staticmethod
    def campaigns(start: int, count: int) -> Any:
        facts = (ALICE, 2_000_000, 1, 1, 0, False, 1500 * UNIT, 0, 1000, 1, 0, 0, 0, 0, 0, 0)
        return [(1, facts, 150 * UNIT, 0, 1350 * UNIT, 7 * UNIT, 3_000_000)][:count], 0

    def bounties(self, start: int, count: int) -> Any:
        rows = [
            (number, (300 * UNIT, 30 * UNIT, 1, 1_900_000, 1, False, ZERO), 1_900_000)
            for number in range(1, self.bounties_ + 1)
        ]
        return rows[start - 1 : start - 1 + count], 0

    def submissions(self, start: int, count: int) -> Any:
        self.pages.append(start)
        rows = []
        for number in range(start, min(start + count, max(self.statuses) + 1)):
            status = STATUSES.index(self.statuses.get(number, "done"))
            facts = (BOB, 1, 900_000, 1, 0, 0, False, digest(evidence()))
            rows.append((number, facts, status, 1_100_000, 30 * UNIT))
        return rows, 0


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes, by what they were told."""

    def open_(node: Node, *told: Told, account: str | None = None) -> Home:
        return at_home(tmp_path, monkeypatch, node, [*BASE, *told], account)

    return open_


# ── what events and the Lens tell ───────────────────────────────────────────────────────────────


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
    return [step.call for step in act.plan(home, wanted).steps]


def test_a_bounty_is_posted_as_the_escrow_takes_it(opened: Any) -> None:
    brief = parse(BRIEF_TEXT.encode(), "brief.md", "brief")
    home = opened(Escrow(), account=ALICE)
    wanted = PostBounty(1, brief, 301 * UNIT, 1_500_000, 2)  # type: ignore[arg-type]
    (call, publication) = calls(home, wanted)
    expected = (1, 301 * UNIT, 0, 1_500_000, 2, False, ZERO, brief.digest)  # a bond of 0 means the least
    assert call.data[4:] == encode([PARAMS], [expected])
    assert call.description == "Post a bounty in campaign 1: 2 × 301 PLAY"
    assert publication.contract == "DocumentLog"
    assert "a worker leaves a bond of 30.1 PLAY" in act.plan(home, wanted).effects[0]
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
    assert "The very same text stands already: bounty 2." in act.plan(home, other).effects


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
    planned = act.plan(home, act.read(SubmitWork, home, {**given, "send": "31"}))
    assert planned.steps[1].call.data[4:] == encode(kinds, [1, digest(evidence()), pairs, 31 * UNIT])
    assert "What arrives of 1 PLAY more is the campaign's gift." in planned.effects
    other = opened(Escrow(), account=ALICE)
    with pytest.raises(BadInput, match="the evidence names") as caught:
        act.plan(other, wanted)
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
    planned = act.plan(home, AcceptWork(1))
    assert planned.steps[0].call.data[4:] == encode(["uint32", "bytes32"], [1, digest(evidence())])
    assert "gets 180 PLAY, " in planned.effects[0]
    assert "gets 120 PLAY from " in planned.effects[0]
    assert planned.data["payable_from"] == home.now + C
    rejected = act.plan(home, RejectWork(1, because=" The link. "))
    reason = parse(b"---\nkind: reason\ntitle: Why submission 1 is rejected\nlang: en\n---\n\nThe link.\n")
    arguments = [1, digest(evidence()), reason.digest]
    assert rejected.steps[0].call.data[4:] == encode(["uint32", "bytes32", "bytes32"], arguments)
    assert rejected.data["answer_until"] == home.now + A
    for one in (RejectWork(1), RejectWork(1, reason, "both")):
        with pytest.raises(BadInput, match="a rejection needs one reason"):
            act.plan(home, one)


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
    planned = act.plan(home, PayWork())
    told = [step.call.description for step in planned.steps]
    assert told[2:] == ["Pay submissions 41, 42", "Release submissions 9"]
    assert all(step.is_independent for step in planned.steps)
    assert planned.data["submissions"] == list(range(1, 43))
    assert calls(home, PayWork((7,)))[0].description == "Pay submission 7"


def test_nothing_to_pay_is_said_with_what_waits(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.capabilities.payments.items", lambda *_: [])
    home = opened(Escrow(n1="void"), handed(1), account=ALICE)
    with pytest.raises(BadInput, match="nothing is payable now") as caught:
        act.plan(home, PayWork())
    assert "`dmo work release 1`: it is void" in caught.value.hint
    empty = opened(Escrow(n1="review"), handed(1), account=ALICE)
    with pytest.raises(BadInput, match="nothing is payable now") as caught:
        act.plan(empty, PayWork())
    assert "dmo due" in caught.value.hint
    with pytest.raises(BadInput, match="nothing can be released now"):
        act.plan(empty, ReleaseWork())


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
