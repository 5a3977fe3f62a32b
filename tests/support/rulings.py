"""What a home is told of disputes, and a jury that is a table."""

from __future__ import annotations

from typing import Any

from dmo.core.abi.codec import checksum
from tests.support.home import Told
from tests.support.node import ADDRESSES, Node

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


def jury_at(
    node: Node, now: int, address: str = JURY, total: int = 0, committed: bytes = bytes(32), ruling: int = 1
) -> Node:
    """The desk's and a jury's views, as they are at a moment."""
    node.now = now
    case = (WORKER, 0, 1, 0, False, False, False, LEAD, 0, 0, UPHOLDER, 4, 50, 0, 0, total)
    node.view("DisputeDesk", "disputeOf", lambda _: case)
    node.view("DisputeDesk", "verdictOf", lambda _: (False, False, 0))
    told: dict[str, Any] = {
        "caseOf": (DESK, 100, 70, False, False, 0, 0, 5),
        "windowsOf": (400, 600),
        "currentRuling": ruling,
        "weightOf": 7,
        "commitmentOf": committed,
        "revealOf": (0, 0),
    }
    for view, answer in told.items():
        node.view("Jury", view, lambda *_, answer=answer: answer, address)
    return node
