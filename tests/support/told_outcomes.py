"""A home that is told of one campaign and its outcome: every event at a moment of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dmo.core.abi.codec import checksum
from dmo.core.chain import Event
from dmo.home.deployment import Token
from dmo.home.home import Home
from dmo.home.rounds import Frame, round_times
from tests.support.home import at_home
from tests.support.models.outcomes import Outcomes
from tests.support.node import ADDRESSES, Node
from tests.support.rulings import terms

DAY = 86_400
FRAME = Frame(origin=1_000_000, round_seconds=7 * DAY, holding_seconds=DAY)
DURATION, ASK = 30 * DAY, 5_000
JURY, DESK, OUTCOMES = ADDRESSES["Jury"], ADDRESSES["DisputeDesk"], ADDRESSES["Outcomes"]
LEAD, REPORTER, CHALLENGER, GIVER, JUROR = (checksum("0x" + byte * 20) for byte in ("33", "55", "66", "99", "22"))
EVIDENCE, STATEMENT = b"\x0e" * 32, b"\x0f" * 32
TIMES = round_times(FRAME, 1)
FUNDED = TIMES.voting_closes + DAY
BEGINS = FUNDED + DURATION
ENDS = TIMES.lapses_at + DURATION + 90 * DAY
BOND = 500
Past = tuple[int, str, dict[str, Any]]
"""When, Unix seconds; which event; what it says."""


def idea(digest: bytes = b"\x01" * 32) -> Past:
    told = {"round": 1, "number": 1, "author": LEAD, "digest": digest, "ask": ASK, "lead": LEAD, "version": 1}
    more = {"durationSeconds": DURATION, "feeBps": 0, "buildsOnRound": 0, "buildsOnNumber": 0, "replaces": 0}
    return TIMES.posting_opens, "IdeaBoard.IdeaPosted", {**told, **more}


def funded(campaign: int = 1, **changes: Any) -> list[Past]:
    told = {"campaign": campaign, "round": 1, "number": 1, "lead": LEAD, "ask": ASK, "feeBps": 0, "termsId": 1}
    told |= {"endsAt": BEGINS, **changes}
    board = {"round": 1, "number": 1, "campaign": campaign, "ask": ASK}
    return [(FUNDED, "CampaignEscrow.CampaignFunded", told), (FUNDED, "IdeaBoard.IdeaFunded", board)]


def begun(digest: bytes = b"\x01" * 32) -> list[Past]:
    """One campaign whose challenges take a day, and rulings as long."""
    return [(TIMES.posting_opens, *terms()), idea(digest), *funded()]


def reported(number: int, at: int, ppm: int, bond: int) -> Past:
    told = {"report": number, "campaign": 1, "reporter": REPORTER, "ppm": ppm, "bond": bond, "lead": LEAD}
    return at, "Outcomes.OutcomeReported", {**told, "evidence": EVIDENCE}


def challenged(number: int, at: int, *, is_asked: bool = True, dispute: int = 4, jury: str = JURY) -> list[Past]:
    told = {"report": number, "challenger": CHALLENGER, "isAsked": is_asked, "disputeID": dispute if is_asked else 0}
    told |= {"until": at + DAY, "statement": STATEMENT}
    linked = {"_arbitrator": jury, "_disputeID": dispute, "_metaEvidenceID": 0, "_evidenceGroupID": number}
    asked: list[Past] = [(at, "Outcomes.Dispute", linked)] if is_asked else []
    return [*asked, (at, "Outcomes.OutcomeChallenged", told)]


def ruled(at: int, ruling: int, dispute: int = 4, jury: str = JURY) -> Past:
    return at, "Outcomes.Ruling", {"_arbitrator": jury, "_disputeID": dispute, "_ruling": ruling}


def settled(number: int, at: int, ruling: int, *parts: int) -> Past:
    """What reporter, challenger, jurors and treasury get."""
    names = ("toReporter", "toChallenger", "toJurors", "toTreasury")
    told = {"report": number, "stands": ruling == 1 or not sum(parts[1:]), "ruling": ruling}
    return at, "Outcomes.OutcomeSettled", {**told, **dict(zip(names, parts, strict=True))}


def model() -> Outcomes:
    """The same campaign, written down plainly."""
    return Outcomes(BEGINS, ENDS, BOND, DAY, DAY)


def at_outcome(
    folder: Path,
    patch: pytest.MonkeyPatch,
    past: Sequence[Past],
    now: int,
    account: str | None = None,
    node: Node | None = None,
) -> Home:
    """A home at a moment, told all of that."""
    node = node or Node()
    node.now = now
    node.view("IdeaBoard", "frame", lambda: tuple(vars(FRAME).values()))
    home = at_home(folder, patch, node, (), account)
    home.snapshot._events = [
        (contract, Event(name, arguments, ADDRESSES[contract], place, "0x", 0, at))
        for place, (at, full, arguments) in enumerate(past, 1)
        for contract, name in [full.split(".")]
    ]
    for name in ("votes_token", "budget_token"):
        home.dmo.__dict__[name] = Token(ADDRESSES["BudgetToken"], "USD", 0)
    return home
