"""Disputes: judged work, judged again. What they are, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from dmo.capabilities.campaigns import terms
from dmo.capabilities.ends import RULING, Ruling, Settlement, settlement_of
from dmo.capabilities.lens import MONEY, WORK, ZERO
from dmo.capabilities.submissions import Submission
from dmo.core import abi, words
from dmo.core.chain import Event, Read
from dmo.core.errors import DmoError
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TIME, choice, shape
from dmo.home.home import Home

J = TypeVar("J", "Dispute", "JuryCase", "Judged")
DESK = "DisputeDesk"
_BORN = ("DisputeDesk.RejectionContested", "DisputeDesk.DisputeOpened")
JURY = "Jury"
POT_LIFE = 365 * 86_400
"""From so long after the settlement on (seconds) the pool gets what jurors did not fetch."""
STANDS = choice("dispute_stands", "contested", "unanswered", "rejection", "acceptance", "asked", "ruled", "unruled")
DISPUTE = {
    **shape((ACCOUNT, "opener upholder"), submission=WORK, challenge=FLAG, bond=MONEY, until=TIME, ruling=RULING),
    "stands": STANDS,
}
REST = {"settled": FLAG, "owed_to_jurors": MONEY}
"""What is told of every dispute; and of most."""


def kind_of(one: Dispute | Submission) -> str:
    """What of work is disputed, or contested."""
    is_contested = isinstance(one, Submission) and one.status == "contested"
    return "acceptance" if one.is_challenge else "contested" if is_contested else "rejection"


@dataclass
class Dispute(Fact, key=("submission",), born=_BORN, renamed={"DisputeDesk.DisputeOpened": {"opener": "by"}}):
    """A submission's dispute, ``dispute_id`` to its arbitrator. What events do not tell, ``look_at`` asks.

    A rejection is contested by its worker, the opener, and disputed once somebody upholds it, for the reason of
    ``answer``. It is about the verdict of ``lead``; all after ``has_jury`` is told by an arbitrator that is like ours.
    """

    submission: int = of(WORK)
    opener: str = of(ACCOUNT)
    bond: int = of(MONEY)
    until: int = of(TIME)
    statement: bytes = of(DIGEST)
    arbitrator: str = of(ACCOUNT, ZERO)
    dispute_id: int = of(NUMBER, 0)
    is_challenge: bool = of(FLAG, False)
    upholder: str | None = of(ACCOUNT, None)
    answer: bytes | None = of(DIGEST, None)
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
    paid: set[str] = field(default_factory=set)
    settlement: Settlement | None = None
    has_jury: bool = of(FLAG, False)
    opened_at: int = of(TIME, 0)
    boundary: int = of(TIME, 0)
    commit_until: int = of(TIME, 0)
    reveal_until: int = of(TIME, 0)
    is_from_reputation: bool = of(FLAG, False)
    is_executed: bool = of(FLAG, False)
    for_one: int = of(NUMBER, 0)
    for_two: int = of(NUMBER, 0)
    quorum: int = of(NUMBER, 0)
    jury_ruling: Ruling = of(NUMBER, Ruling.NONE)

    @on("DisputeDesk.DisputeOpened")
    def uphold(self, event: Event) -> None:
        told = self.named(DESK, event)
        self.upholder, self.answer, self.until = told["by"], told["statement"], told["until"]
        self.arbitrator, self.dispute_id = told["arbitrator"], told["dispute_id"]

    @on("DisputeDesk.DisputeSettled")
    def settle(self, event: Event) -> None:
        self.is_settled, self.settled_at = True, event.at
        self.settlement, self.ruling = settlement_of(event), Ruling(event.arguments["ruling"])
        self.pot = self.pot_whole = self.settlement.to_jurors

    @on("DisputeDesk.JurorPaid")
    @on("DisputeDesk.JurorsExpired")
    def pay(self, event: Event) -> None:
        """A juror fetched its part, or the pool got what was left."""
        self.pot -= event.arguments["amount"]
        if event.name == "JurorPaid":
            self.paid.add(event.arguments["juror"])

    @property
    def subject(self) -> int:
        """What it is about, as people name it."""
        return self.submission

    @property
    def is_contested(self) -> bool:
        """Whether it is a rejection that nobody has upheld."""
        return not self.is_challenge and self.upholder is None

    @property
    def is_paid(self) -> bool:
        """Whether the work is paid as things stand; without a ruling the lead's verdict does, if somebody upheld it."""
        if self.ruling is Ruling.NONE:
            return self.is_challenge or self.is_contested
        return self.ruling is Ruling.PAY

    @property
    def follows(self) -> str:
        """What the work waits for once it is ruled: ``dmo work pay``, or ``release``."""
        return "pay" if self.is_paid else "release"

    def is_open(self, now: int) -> bool:
        """Whether a ruling would still count, or somebody can still uphold the rejection."""
        return not self.is_settled and not self.is_ruled and now < self.until


@dataclass
class JuryCase:
    """A dispute that another contract than the desk brought before an arbitrator, of which juries are asked alike.

    Attributes:
        subject: What it is about, as people name it: ``r3`` is report 3, ``c12`` case 12 of the jury.
        arbitrable: Who asked.
        until: A ruling is awaited before this moment, Unix seconds; 0 where only who asked knows.
    """

    subject: str
    arbitrable: str
    arbitrator: str
    dispute_id: int
    pays_jurors: bool
    until: int = 0
    ruling: Ruling = Ruling.NONE
    is_ruled: bool = False
    is_settled: bool = False
    settled_at: int = 0
    pot: int = 0
    pot_whole: int = 0
    shares_total: int = 0
    paid: set[str] = field(default_factory=set)
    has_jury: bool = False
    opened_at: int = 0
    boundary: int = 0
    commit_until: int = 0
    reveal_until: int = 0
    is_from_reputation: bool = False
    is_executed: bool = False
    for_one: int = 0
    for_two: int = 0
    quorum: int = 0
    jury_ruling: Ruling = Ruling.NONE
    is_contested: ClassVar[bool] = False

    def update(self, **told: Any) -> None:
        """Set what a jury tells, by name."""
        for name, value in told.items():
            if name in vars(self) and name != "arbitrable":
                setattr(self, name, value)

    def is_open(self, now: int) -> bool:
        """Whether a ruling would still count, as far as is known."""
        return not (self.is_settled or self.is_ruled or self.is_executed) and (not self.until or now < self.until)


Judged = Dispute | JuryCase


def row(one: Dispute, now: int) -> dict[str, Any]:
    """A dispute for tables and machines."""
    if one.is_contested:
        stands = "contested" if one.is_open(now) else "unanswered"
    else:
        stands = kind_of(one) if one.is_open(now) else "ruled" if one.ruling else "unruled"
    has_ruling = not one.is_contested and (one.is_ruled or one.is_settled)
    told = {"ruling": one.ruling if has_ruling else None, "stands": stands}
    names = {"challenge": one.is_challenge, "settled": one.is_settled, "owed_to_jurors": one.pot}
    return {**vars(one), **names, **told}


def phase(one: Judged, now: int) -> tuple[str, int]:
    """What a dispute waits for, and until when (Unix seconds; 0 without an end); in the words' ``dispute_phase``."""
    if one.is_settled or not one.is_open(now):
        return "settled" if one.is_settled else "over", 0
    if one.is_contested:
        return "uphold", one.until
    if not one.has_jury:
        return "arbitrator", one.until
    if now < one.commit_until:
        return "commit", one.commit_until
    return ("reveal", one.reveal_until) if now < one.reveal_until else ("rule", one.until)


def disputes(home: Home) -> dict[int, Dispute]:
    """All disputes by submission, in the order they began, as events tell of them."""
    found = home.facts(Dispute)
    known = {(one.arbitrator, one.dispute_id): one for one in found.values()}
    for event in home.events("DisputeDesk.Dispute", "DisputeDesk.Ruling"):
        one = known[event.arguments["_arbitrator"], event.arguments["_disputeID"]]
        if event.name == "Dispute":
            one.terms_id = event.arguments["_metaEvidenceID"]
            one.pays_jurors = terms(home, one.terms_id).pays_jurors
        else:
            one.is_ruled, said = True, event.arguments["_ruling"]
            one.ruling = Ruling(said) if said in (1, 2) else Ruling.NONE
    return found


def moving(home: Home) -> list[Dispute]:
    """The disputes that are not settled, or owe jurors something."""
    return [one for one in disputes(home).values() if not one.is_settled or one.pot]


def own_jury(home: Home) -> str:
    """The deployment's jury; empty where it has none."""
    return home.dmo.addresses.get(JURY, "")


@contextmanager
def heeding(home: Home, arbitrator: str) -> Iterator[None]:
    """Only our own jury is trusted to answer; another must not stop what is read of ours."""
    try:
        yield
    except (DmoError, ValueError):
        if arbitrator == own_jury(home):
            raise


def by_arbitrator(found: Iterable[J]) -> dict[str, list[J]]:
    """Disputes by who rules."""
    known: dict[str, list[J]] = {}
    for one in found:
        known.setdefault(one.arbitrator, []).append(one)
    return known


def _jury_reads(one: Judged) -> list[Read]:
    return [Read(JURY, one.arbitrator, view, (one.dispute_id,)) for view in ("caseOf", "windowsOf", "currentRuling")]


def juror_reads(one: Judged, account: str) -> list[Read]:
    """What a jury tells of an account in a dispute."""
    views = ("weightOf", "commitmentOf", "revealOf")
    return [Read(JURY, one.arbitrator, view, (one.dispute_id, account)) for view in views]


def _may_be_over(one: Dispute) -> bool:
    """Whether the desk knows better than events do: it asks the arbitrator."""
    return not (one.is_contested or one.is_ruled or one.is_settled)


def reads(home: Home, found: Iterable[Judged], account: str | None = None) -> list[Read]:
    """What is asked of the deployment's own contracts to look at disputes, open ones for an account."""
    asked: list[Read] = []
    for one in found:
        if isinstance(one, Dispute):
            views = ("disputeOf", "verdictOf") if _may_be_over(one) else ("disputeOf",)
            asked += [home.reading(DESK, view, one.submission) for view in views]
        if one.arbitrator == own_jury(home):
            asked += _jury_reads(one)
            asked += juror_reads(one, account) if account and one.is_open(home.now) else []
    return asked


def look_at(home: Home, found: Sequence[Judged]) -> None:
    """Ask what events do not tell of these disputes, in one batch; one more a foreign jury."""
    home.read(reads(home, found))
    for one in found:
        if isinstance(one, JuryCase):
            continue
        told = abi.named(DESK, "disputeOf", home.ask(DESK, "disputeOf", one.submission))
        one.lead, one.shares_total = told["lead"], told["shares_total"]
        # What was ruled counts whenever it is read: nobody has to carry it over.
        if _may_be_over(one):
            one.is_ruled, _, ruling = home.ask(DESK, "verdictOf", one.submission)
            one.ruling = Ruling(ruling)
    for arbitrator, its in by_arbitrator(found).items():
        # Another that pays jurors may be a jury like ours, named by governance.
        if arbitrator != own_jury(home) and not any(one.pays_jurors for one in its):
            continue
        with heeding(home, arbitrator):
            answers = iter(home.read([read for one in its for read in _jury_reads(one)]))
            for one in its:
                one.update(**abi.named(JURY, "caseOf", next(answers)))
                one.commit_until, one.reveal_until = next(answers)
                one.jury_ruling, one.has_jury = Ruling(next(answers)), True


def dispute(home: Home, submission: int) -> Dispute:
    """A submission's dispute, looked at; NotFound where it has none."""
    found = disputes(home).get(submission)
    if found is None:
        raise words.missing("not_disputed", submission=submission)
    look_at(home, [found])
    return found
