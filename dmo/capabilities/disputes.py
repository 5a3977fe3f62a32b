"""Disputes: judged work, judged again. What they are, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dmo.capabilities.campaigns import terms
from dmo.capabilities.ends import RULING, Ruling, Settlement, settlement_of
from dmo.capabilities.lens import MONEY, WORK, ZERO
from dmo.capabilities.submissions import Submission
from dmo.core import abi, words
from dmo.core.chain import Event, Read
from dmo.core.errors import DmoError
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TIME, shape
from dmo.home.home import Home

DESK = "DisputeDesk"
JURY = "Jury"
POT_LIFE = 365 * 86_400
"""From so long after the settlement on (seconds) the pool gets what jurors did not fetch."""
DISPUTE = shape(submission=WORK, challenge=FLAG, opener=ACCOUNT, bond=MONEY, until=TIME, ruling=RULING)
REST = {"settled": FLAG, "owed_to_jurors": MONEY}
"""What is told of every dispute; and of most."""


def kind_of(one: Dispute | Submission) -> str:
    """What of work is disputed."""
    return "acceptance" if one.is_challenge else "rejection"


@dataclass
class Dispute(Fact, key=("submission",), born="DisputeDesk.DisputeOpened"):
    """A submission's dispute, ``dispute_id`` to its arbitrator. What events do not tell, ``look_at`` asks.

    ``lead`` led the campaign at the opening; all after ``has_jury`` is told by an arbitrator that is one like ours.
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

    @on("DisputeDesk.DisputeSettled")
    def settle(self, event: Event) -> None:
        self.is_settled, self.settled_at = True, event.at
        self.settlement = settlement_of(event)
        self.pot = self.pot_whole = self.settlement.to_jurors

    @on("DisputeDesk.JurorPaid")
    @on("DisputeDesk.JurorsExpired")
    def pay(self, event: Event) -> None:
        """A juror fetched its part, or the pool got what was left."""
        self.pot -= event.arguments["amount"]
        if event.name == "JurorPaid":
            self.paid.add(event.arguments["juror"])

    @property
    def is_paid(self) -> bool:
        """Whether the work is paid as things stand; without a ruling the lead's verdict does."""
        return self.is_challenge if self.ruling is Ruling.NONE else self.ruling is Ruling.PAY

    @property
    def follows(self) -> str:
        """What the work waits for once it is ruled: ``dmo work pay``, or ``release``."""
        return "pay" if self.is_paid else "release"

    def is_open(self, now: int) -> bool:
        """Whether a ruling would still count."""
        return not self.is_ruled and now < self.until


def row(one: Dispute, now: int) -> dict[str, Any]:
    """A dispute for tables and machines."""
    over = "ruled" if one.is_ruled else "unruled" if now >= one.until else None
    told = {"ruling": one.ruling if one.is_ruled else None, "stands": over or kind_of(one)}
    names = {"challenge": one.is_challenge, "settled": one.is_settled, "owed_to_jurors": one.pot}
    return {**vars(one), **names, **told}


def phase(one: Dispute, now: int) -> tuple[str, int]:
    """What a dispute waits for, and until when (Unix seconds; 0 without an end); in the words' ``dispute_phase``."""
    if one.is_settled or not one.is_open(now):
        return "settled" if one.is_settled else "over", 0
    if not one.has_jury:
        return "arbitrator", one.until
    if now < one.commit_until:
        return "commit", one.commit_until
    return ("reveal", one.reveal_until) if now < one.reveal_until else ("rule", one.until)


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
            one.is_ruled, said = True, event.arguments["_ruling"]
            one.ruling = Ruling(said) if said in (1, 2) else Ruling.NONE
    return found


def moving(home: Home) -> list[Dispute]:
    """The disputes that are not settled, or owe jurors something."""
    return [one for one in disputes(home).values() if not one.is_settled or one.pot]


def own_jury(home: Home) -> str:
    """The deployment's jury; zero where it has none."""
    return home.dmo.addresses.get(JURY, ZERO)


@contextmanager
def heeding(home: Home, arbitrator: str) -> Iterator[None]:
    """Only our own jury is trusted to answer; another must not stop what is read of ours."""
    try:
        yield
    except (DmoError, ValueError):
        if arbitrator == own_jury(home):
            raise


def by_arbitrator(found: Sequence[Dispute]) -> dict[str, list[Dispute]]:
    """Disputes by who rules."""
    known = dict.fromkeys(one.arbitrator for one in found)
    return {who: [one for one in found if one.arbitrator == who] for who in known}


def _jury_reads(one: Dispute) -> list[Read]:
    return [Read(JURY, one.arbitrator, view, (one.dispute_id,)) for view in ("caseOf", "windowsOf", "currentRuling")]


def juror_reads(one: Dispute, account: str) -> list[Read]:
    """What a jury tells of an account in a dispute."""
    views = ("weightOf", "commitmentOf", "revealOf")
    return [Read(JURY, one.arbitrator, view, (one.dispute_id, account)) for view in views]


def reads(home: Home, found: Iterable[Dispute], account: str | None = None) -> list[Read]:
    """What is asked of the deployment's own contracts to look at disputes, open ones for an account."""
    asked = []
    for one in found:
        asked.append(home.reading(DESK, "disputeOf", one.submission))
        if one.arbitrator == own_jury(home):
            asked += _jury_reads(one)
            asked += juror_reads(one, account) if account and one.is_open(home.now) else []
    return asked


def look_at(home: Home, found: Sequence[Dispute]) -> None:
    """Ask what events do not tell of these disputes, in one batch; one more a foreign jury."""
    home.read(reads(home, found))
    for one in found:
        told = abi.named(DESK, "disputeOf", home.ask(DESK, "disputeOf", one.submission))
        one.lead, one.shares_total = told["lead"], told["shares_total"]
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
