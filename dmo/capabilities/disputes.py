"""Disputes: judged work, judged again. What they are, and how they stand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dmo.capabilities.campaigns import terms
from dmo.capabilities.ends import Ruling, Settlement, settlement_of
from dmo.capabilities.lens import MONEY, WORK, ZERO
from dmo.core import abi, words
from dmo.core.chain import Event, Read
from dmo.core.errors import DmoError
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TIME, choice

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = [
    "DESK",
    "JURY",
    "OPENED",
    "PHASE",
    "POT_LIFE",
    "RULING",
    "Dispute",
    "dispute",
    "disputes",
    "look_at",
    "moving",
    "own_jury",
    "phase",
    "reads",
]

DESK = "DisputeDesk"
JURY = "Jury"
POT_LIFE = 365 * 86_400
"""From so long after the settlement on (seconds) the pool gets what jurors did not fetch."""

RULING = choice("ruling", "no ruling", "pay", "refuse")
OPENED = choice("dispute_kind", "rejection", "acceptance")
PHASE = choice("dispute_phase", "commit", "reveal", "rule", "arbitrator", "over", "settled")


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Dispute(Fact, key=("submission",), born="DisputeDesk.DisputeOpened"):
    """A submission's dispute. What events do not tell, ``look_at`` asks.

    Attributes:
        dispute_id: The arbitrator's number of it.
        until: A ruling counts until then.
        lead: The campaign's lead at the opening.
        pot: What of the jurors' part is left for them.
        pot_whole: The jurors' part.
        shares_total: Sum of the jurors' shares at the settlement.
        has_jury: The arbitrator is a jury like ours; what follows is told by it.
        jury_ruling: What it comes to; none while jurors can still reveal.
    """

    submission: int = of(WORK)
    opener: str = of(ACCOUNT)
    arbitrator: str = of(ACCOUNT)
    dispute_id: int = of(NUMBER)
    is_challenge: bool = of(FLAG)
    bond: int = of(MONEY)
    until: int = of(TIME)
    statement: bytes = of(DIGEST)
    terms_id: int = of(NUMBER, 0)
    pays_jurors: bool = of(FLAG, False)
    lead: str = of(ACCOUNT, ZERO)
    ruling: Ruling = of(NUMBER, Ruling.NONE)
    is_ruled: bool = of(FLAG, False)
    is_settled: bool = of(FLAG, False)
    settled_at: int = of(TIME, 0)
    pot: int = of(MONEY, 0)
    pot_whole: int = of(MONEY, 0)
    shares_total: int = of(NUMBER, 0)
    has_jury: bool = of(FLAG, False)
    opened_at: int = of(TIME, 0)
    commit_until: int = of(TIME, 0)
    reveal_until: int = of(TIME, 0)
    is_from_reputation: bool = of(FLAG, False)
    is_executed: bool = of(FLAG, False)
    for_one: int = of(NUMBER, 0)
    for_two: int = of(NUMBER, 0)
    quorum: int = of(NUMBER, 0)
    jury_ruling: Ruling = of(NUMBER, Ruling.NONE)
    paid: set[str] = field(default_factory=set)
    settlement: Settlement | None = None

    @on("DisputeDesk.DisputeSettled")
    def settle(self, event: Event) -> None:
        """The work was paid or released."""
        self.is_settled, self.settled_at = True, event.at
        self.settlement = settlement_of(event)
        self.pot = self.pot_whole = self.settlement.to_jurors

    @on("DisputeDesk.JurorPaid")
    def pay(self, event: Event) -> None:
        """A juror fetched its part."""
        self.pot -= event.arguments["amount"]
        self.paid.add(event.arguments["juror"])

    @on("DisputeDesk.JurorsExpired")
    def expire(self, event: Event) -> None:
        """The pool got what was left."""
        self.pot = 0

    @property
    def kind(self) -> str:
        """What is disputed."""
        return "acceptance" if self.is_challenge else "rejection"

    @property
    def is_paid(self) -> bool:
        """Whether the work is paid as things stand; without a ruling the lead's verdict does."""
        return self.is_challenge if self.ruling is Ruling.NONE else self.ruling is Ruling.PAY

    def is_open(self, now: int) -> bool:
        """Whether a ruling would still count."""
        return not self.is_ruled and now < self.until


def phase(one: Dispute, now: int) -> tuple[str, int]:
    """What a dispute waits for, and until when (Unix seconds; 0 without an end).

    ``rule`` is the jury's ruling to be handed over, ``arbitrator`` one whose ways we do not know,
    ``over`` a payment or release.
    """
    if one.is_settled:
        return "settled", 0
    if not one.is_open(now):
        return "over", 0
    if not one.has_jury:
        return "arbitrator", one.until
    if now < one.commit_until:
        return "commit", one.commit_until
    if now < one.reveal_until:
        return "reveal", one.reveal_until
    return "rule", one.until


def disputes(home: Home) -> dict[int, Dispute]:
    """All disputes by submission, in the order they were opened, as events tell of them."""
    found = home.facts(Dispute)
    known = {(one.arbitrator, one.dispute_id): one for one in found.values()}
    for event in home.events("DisputeDesk.Dispute", "DisputeDesk.Ruling"):
        one = known[event.arguments["_arbitrator"], event.arguments["_disputeID"]]
        if event.name == "Dispute":
            one.terms_id = event.arguments["_metaEvidenceID"]
            one.pays_jurors = terms(home, one.terms_id).pays_jurors
        else:
            said = event.arguments["_ruling"]
            one.is_ruled, one.ruling = True, Ruling(said) if said in (1, 2) else Ruling.NONE
    return found


def moving(home: Home) -> list[Dispute]:
    """The disputes that are not settled, or owe jurors something."""
    return [one for one in disputes(home).values() if not one.is_settled or one.pot]


def own_jury(home: Home) -> str:
    """The deployment's jury; zero where it has none."""
    return home.dmo.addresses.get(JURY, ZERO)


def _jury_reads(one: Dispute) -> list[Read]:
    views = ("caseOf", "windowsOf", "currentRuling")
    return [Read(JURY, one.arbitrator, view, (one.dispute_id,)) for view in views]


def reads(home: Home, found: Iterable[Dispute]) -> list[Read]:
    """What ``look_at`` asks, of the deployment's own contracts."""
    asked = []
    for one in found:
        asked.append(home.reading(DESK, "disputeOf", one.submission))
        asked += _jury_reads(one) if one.arbitrator == own_jury(home) else []
    return asked


def look_at(home: Home, found: Sequence[Dispute]) -> None:
    """Ask what events do not tell of these disputes, in one batch; one more a foreign jury."""
    home.read(reads(home, found))
    for one in found:
        raw = home.ask(DESK, "disputeOf", one.submission)
        told = abi.named(DESK, "disputeOf", raw)
        one.lead, one.shares_total = told["lead"], told["shares_total"]
    for arbitrator in dict.fromkeys(one.arbitrator for one in found):
        its = [one for one in found if one.arbitrator == arbitrator]
        if arbitrator == own_jury(home):
            _hear(home, its)
        elif any(one.pays_jurors for one in its):
            # One that governance named: a jury like ours answers as ours does, others do not.
            with contextlib.suppress(DmoError, ValueError):
                _hear(home, its)


def _hear(home: Home, found: Sequence[Dispute]) -> None:
    """What a jury says of its disputes."""
    answers = iter(home.read([read for one in found for read in _jury_reads(one)]))
    for one in found:
        told = abi.named(JURY, "caseOf", next(answers))
        one.update(**told)
        one.commit_until, one.reveal_until = next(answers)
        one.jury_ruling = Ruling(next(answers))
        one.has_jury = True


def dispute(home: Home, submission: int) -> Dispute:
    """A submission's dispute, looked at.

    Raises:
        NotFound: It has none.
    """
    found = disputes(home).get(submission)
    if found is None:
        raise words.missing("not_disputed", submission=submission)
    look_at(home, [found])
    return found
