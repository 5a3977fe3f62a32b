"""How the money of a deployment is read from its logs: a node that is a table, two disputes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dmo.capabilities.ends import Ruling
from dmo.capabilities.history import History
from dmo.capabilities.ledger import boundaries_of, read_history
from dmo.core.chain import Chain
from dmo.core.facts import Snapshot
from dmo.core.store import EventStore
from dmo.home.deployment import Dmo
from dmo.home.home import Home
from tests.support.node import ADDRESSES, ALICE, BOB, Node, log

ESCROW, DESK, JURY = "CampaignEscrow", "DisputeDesk", "Jury"
CAROL, DAVE, ERIN, FRANK = (f"0x{number:040x}" for number in range(0xC0, 0xC4))
ZERO = "0x" + "00" * 20
D, E = b"\x07" * 32, b"\x08" * 32
PATH = "/ipfs/f01551220"
COURT = ADDRESSES[JURY]


def settlement(opener: str, upholder: str = ZERO, **amounts: int) -> tuple[Any, ...]:
    names = ("bond", "openerBack", "upholderBack", "workerBack", "feeTaken")
    names += ("toOpener", "toUpholder", "toWorker", "toJurors", "toPool")
    assert amounts.keys() <= set(names)
    return (opener, upholder, *(amounts.get(name, 0) for name in names))


def submitted(number: int, payees: list[tuple[str, int]]) -> list[tuple[str, str, dict[str, Any]]]:
    work = {"submission": number, "bounty": 1, "worker": ALICE, "evidence": D, "payees": payees}
    bond = {"submission": number, "from": ALICE, "amount": 10}
    return [(ESCROW, "WorkSubmitted", work), (ESCROW, "BondReceived", bond)]


def contested(number: int, opener: str) -> list[tuple[str, str, dict[str, Any]]]:
    facts = {"submission": number, "opener": opener, "bond": 10, "until": 800, "statement": D}
    bond = {"submission": number, "from": opener, "amount": 10}
    paper = {"_arbitrator": COURT, "_evidenceGroupID": number, "_party": opener, "_evidence": PATH + D.hex()}
    return [(ESCROW, "BondReceived", bond), (DESK, "RejectionContested", facts), (DESK, "Evidence", paper)]


def opened(number: int, opener: str, is_challenge: bool) -> list[tuple[str, str, dict[str, Any]]]:
    """A challenge, or the upholding of a rejection that is contested."""
    facts = {
        "submission": number,
        "by": opener,
        "arbitrator": COURT,
        "disputeID": number,
        "isChallenge": is_challenge,
        "bond": 10,
        "until": 900,
        "statement": E,
    }
    said = {"_arbitrator": COURT, "_evidenceGroupID": number, "_party": opener}
    case = {"_arbitrator": COURT, "_disputeID": number, "_metaEvidenceID": 1}
    return [
        (ESCROW, "BondReceived", {"submission": number, "from": opener, "amount": 10}),
        (DESK, "DisputeOpened", facts),
        (DESK, "Dispute", case | {"_evidenceGroupID": number}),
        (DESK, "Evidence", said | {"_evidence": PATH + E.hex()}),
    ]


def ruled(number: int, ruling: int) -> tuple[str, str, dict[str, Any]]:
    facts = {"_arbitrator": COURT, "_disputeID": number, "_ruling": ruling}
    return (DESK, "Ruling", facts)


def paid(number: int, payee: str, amount: int, event: str = "PayeePaid") -> Any:
    facts = {"campaign": 1, "submission": number, "payee": payee, "amount": amount}
    return (ESCROW, event, facts)


def juror(number: int, account: str, amount: int) -> Any:
    return (DESK, "JurorPaid", {"submission": number, "juror": account, "amount": amount})


def returned(number: int, to: str) -> Any:
    return (ESCROW, "BondPaid", {"submission": number, "to": to, "amount": 10})


TERMS = {"termsId": 1, "terms": ((5, 3, 3, 7, 2, 1000, 1), COURT, True, D, b"")}
CAMPAIGN = {
    "campaign": 1,
    "round": 1,
    "number": 1,
    "lead": BOB,
    "ask": 1000,
    "feeBps": 1000,
    "endsAt": 5000,
    "termsId": 1,
}
BOUNTY = {"bounty": 1, "campaign": 1, "facts": (1, 100, 10, 4000, 2, False, ZERO, D)}
REJECTED = {"submission": 2, "lead": BOB, "evidence": D, "reason": E}
END = {"campaign": 1, "reward": 100}
LOG = [
    (DESK, "TermsSet", TERMS),
    (ESCROW, "CampaignFunded", CAMPAIGN),
    (ESCROW, "BountyPosted", BOUNTY),
    *submitted(1, []),
    # Alice's share of the second reward is as much as she wins in its dispute.
    *submitted(2, [(ALICE, 500), (DAVE, 9500)]),
    (ESCROW, "WorkAccepted", {"submission": 1, "lead": BOB, "evidence": D}),
    (ESCROW, "WorkRejected", REJECTED),
    *opened(1, CAROL, True),
    *contested(2, ALICE),
    *opened(2, BOB, False),
    (JURY, "RulingCommitted", {"disputeID": 2, "juror": ERIN, "commitment": D}),
    (JURY, "RulingCommitted", {"disputeID": 2, "juror": CAROL, "commitment": D}),
    (JURY, "RulingCommitted", {"disputeID": 2, "juror": FRANK, "commitment": D}),
    (JURY, "RulingRevealed", {"disputeID": 2, "juror": FRANK, "ruling": 2, "weight": 4}),
    (JURY, "RulingRevealed", {"disputeID": 2, "juror": ERIN, "ruling": 1, "weight": 6}),
    ruled(1, 2),
    ruled(2, 1),
    (ESCROW, "WorkPaid", {"submission": 2} | END),
    (
        DESK,
        "DisputeSettled",
        {
            "submission": 2,
            "ruling": 1,
            "isPaid": True,
            "settlement": settlement(
                ALICE, BOB, bond=10, openerBack=10, workerBack=10, feeTaken=10, toWorker=5, toJurors=5, toPool=10
            ),
        },
    ),
    returned(2, ALICE),
    paid(2, ALICE, 5),
    paid(2, ALICE, 5),
    paid(2, DAVE, 95),
    returned(2, ALICE),
    juror(2, FRANK, 2),
    paid(2, FRANK, 2, "PayeeCredited"),
    juror(2, ERIN, 3),
    paid(2, ERIN, 3),
    (ESCROW, "WorkReleased", {"submission": 1} | END),
    (
        DESK,
        "DisputeSettled",
        {
            "submission": 1,
            "ruling": 2,
            "isPaid": False,
            "settlement": settlement(CAROL, bond=10, openerBack=10, feeTaken=10, toOpener=5, toJurors=5, toPool=10),
        },
    ),
    returned(1, CAROL),
    paid(1, CAROL, 5),
    (ESCROW, "LeadReplaced", {"campaign": 1, "lead": DAVE, "former": BOB, "booked": 7}),
    (ESCROW, "BountyPosted", {"bounty": 2, "campaign": 1, "facts": (1, 50, 0, 4000, 1, False, ZERO, bytes(32))}),
    (ESCROW, "LessonsFiled", {"campaign": 1, "submission": 3, "lead": DAVE, "lessons": D}),
    paid(3, BOB, 4),
    paid(0, BOB, 3, "PayeeCredited"),
    (ESCROW, "WorkPaid", {"submission": 3, "campaign": 1, "reward": 50}),
    paid(3, DAVE, 50),
    *(
        ("DocumentLog", "DocumentPublished", {"publisher": BOB, "digest": one, "text": b"x"})
        for one in (E, b"\x09" * 32)
    ),
]


def case(number: int) -> tuple[Any, ...]:
    opener, ruling = ((CAROL, 2), (ALICE, 1))[number - 1]
    head = (opener, 900, 1, ruling, True, number == 1, True, BOB)
    return (*head, 800, 0, ZERO if number == 1 else BOB, number, 10, 0, 5, 10)


def told(*missing: str) -> Home:
    """The home of a deployment, perhaps without some contracts, whose node tells this log."""
    node = Node()
    entries = [entry for entry in LOG if entry[0] not in missing]
    raws = [
        log(contract, event, values, block=1 + place // 4, index=place) | {"blockTimestamp": hex(1000 + place)}
        for place, (contract, event, values) in enumerate(entries)
    ]
    node.methods["eth_getLogs"] = lambda order: raws
    campaign = (DAVE, 5000, 1, 1, 1, False, 1000, 100, 1000, 1, 0, 100, 0, 20, 0, 0)
    node.view("Lens", "campaigns", lambda *_: [[(1, campaign, 0, 0, 0, 0, 0)], 0])
    node.view("Lens", "submissions", lambda *_: [[], 0])
    node.view("IdeaBoard", "frame", lambda: (0, 100, 0, 0, 0))
    node.view(ESCROW, "creditOf", lambda who: (2, 0, 700) if who.lower() == FRANK else (0, 0, 0))
    node.view(ESCROW, "books", lambda: (110, 892, 1010, 8, 870, 30, 30, 0))
    node.view(DESK, "disputeOf", case)
    node.view(DESK, "verdictOf", lambda number: (True, number == 2, 3 - number))
    node.view(JURY, "caseOf", lambda n: (ADDRESSES[DESK], 100, 70, n == 1, True, 6, 4, 5))
    node.view(JURY, "windowsOf", lambda _: (400, 600))
    node.view(JURY, "currentRuling", lambda n: 3 - n)
    node.view("Outcomes", "outcomeOf", lambda _: (0, 0, ZERO))
    for token in ("HolderToken", "BudgetToken"):
        node.view("ERC20", "symbol", lambda: "X", ADDRESSES[token])
        node.view("ERC20", "decimals", lambda: 6, ADDRESSES[token])
    addresses = {name: at for name, at in ADDRESSES.items() if name not in ("VotesWrapper", *missing)}
    dmo = Dmo("test", 31337, addresses, 1, Chain(node))
    home = Home(dmo=dmo)
    head = dmo.chain.block()
    store = EventStore(None, 31337, addresses, 1)
    home.__dict__["snapshot"] = Snapshot(dmo.chain.pinned(head.number), head, store)
    return home


@pytest.fixture(scope="module")
def history() -> History:
    return read_history(told())


def test_says_what_every_payment_was_for(history: History) -> None:
    found = [(p.kind, p.payee.lower(), p.amount, p.is_credited) for p in history.payments]
    assert found == [
        ("won", ALICE, 5, False),
        ("work", ALICE, 5, False),
        ("work", DAVE, 95, False),
        ("juror", FRANK, 2, True),
        ("juror", ERIN, 3, False),
        ("won", CAROL, 5, False),
        ("fee", BOB, 4, False),
        ("fee", BOB, 3, True),
        ("fee", DAVE, 50, False),
    ]


def test_campaign_knows_what_it_paid_and_prizes_come_from_bonds(history: History) -> None:
    (campaign,) = history.campaigns
    spent = history.spent[1]
    assert (spent["work_paid"], spent["fee_paid"]) == (100, 57)
    assert spent["left"] == 1000 - 100 - 57
    assert campaign.lead.lower() == DAVE
    assert history.counts["LeadReplaced"] == 1


def test_bonds_are_followed_to_their_end(history: History) -> None:
    bonds = history.bonds
    # Two workers' bonds and three stakes: the challenged worker and the upholder lost theirs.
    assert (bonds["put_up"], bonds["returned"], bonds["to_pool"]) == (50, 30, 0)
    assert (bonds["to_jurors"], bonds["won"], bonds["bonds_kept"]) == (10, 10, 0)


def test_disputes_tell_both_sides_and_their_end(history: History) -> None:
    challenge, dispute = history.disputes
    assert [history.ending(one) for one in history.disputes] == ["challenge_won", "rejection_overturned"]
    assert [one.is_paid for one in history.disputes] == [False, True]
    assert challenge.opener.lower() == CAROL
    assert challenge.lead.lower() == BOB
    assert [(p.by.lower(), p.digest) for p in history.papers[1]] == [(CAROL, E)]
    assert [(p.by.lower(), p.digest) for p in history.papers[2]] == [(ALICE, D), (BOB, E)]
    assert (dispute.opener.lower(), (dispute.upholder or "").lower(), dispute.answer) == (ALICE, BOB, E)
    assert challenge.is_from_reputation
    assert not dispute.is_from_reputation
    assert history.jurors[1] == []


def test_jurors_stand_in_the_order_of_their_reveals(history: History) -> None:
    jurors = history.jurors[2]
    found = [(j.account.lower(), j.ruling, j.weight, j.paid) for j in jurors]
    assert found == [(FRANK, Ruling.REFUSE, 4, 2), (ERIN, Ruling.PAY, 6, 3), (CAROL, Ruling.NONE, 0, 0)]
    assert [juror.revealed_at is not None for juror in jurors] == [True, True, False]


def test_overturned_work_was_not_accepted_by_silence(history: History) -> None:
    work, when = history.work[1], dict(history.when)
    assert history.at("WorkPaid", 2)
    assert not history.is_silent(work)
    rejected = when.pop(("WorkRejected", 2))
    assert replace(history, when=when).is_silent(work)
    when |= {("WorkRejected", 2): rejected, ("WorkReworked", 2): rejected}
    assert replace(history, when=when).is_silent(work)
    assert [payee.account.lower() for payee in work.payees] == [ALICE, DAVE]


def test_reads_documents_that_something_cites_and_no_others(history: History) -> None:
    assert [*history.documents] == [E]


def test_credits_are_what_is_still_owed(history: History) -> None:
    assert [(one.account.lower(), one.amount) for one in history.credits] == [(FRANK, 2)]


def test_times_are_those_of_the_events(history: History) -> None:
    assert history.at("WorkRejected", 2) == 1000 + [entry[1] for entry in LOG].index("WorkRejected")
    assert history.at("WorkReworked", 2) is None
    assert history.first_payment(1) == history.payments[1].at


def test_reads_a_deployment_without_desk_and_jury() -> None:
    found = read_history(told(DESK, JURY))
    assert list(found.disputes) == []
    assert [work.submission for work in found.work] == [1, 2]


@pytest.mark.parametrize(("rounds", "every"), [(1, 1), (72, 1), (73, 2), (10_000, 139)])
def test_points_are_read_where_rounds_began(rounds: int, every: int) -> None:
    starts = [100 + 7 * place for place in range(rounds)]
    found = boundaries_of([*starts, *starts, 100 + 7 * rounds], 100 + 7 * rounds)
    assert found == starts[::every]
    assert len(found) <= 72


def test_without_awards_no_points_are_read() -> None:
    assert boundaries_of([], 1_000) == []
