"""Outcomes: how much of its goal a campaign reached, as it was reported, challenged and ruled.

A state is worked out of events and the clock alone, as the contract does it. Shares in millionths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from dmo.capabilities import documents
from dmo.capabilities.campaigns import Campaign, Terms, terms
from dmo.capabilities.documents import Stand
from dmo.capabilities.ideas import Idea, frame, ideas
from dmo.capabilities.lens import CAMPAIGN, MONEY, ZERO
from dmo.core import explain
from dmo.core.chain import Event
from dmo.core.facts import Fact, Snapshot, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, PPM, TIME, Timestamp
from dmo.home.home import Home
from dmo.home.rounds import round_times

OUTCOMES = "Outcomes"
ONE = 1_000_000
REPORT_SECONDS = 90 * 86_400
CREDIT_LIFE = 365 * 86_400
"""From so long after the last of it on (seconds) the treasury gets what nobody fetched."""
MOST_DOUBLINGS = 3
STANDS, FALLS = 1, 2
REPORT = NUMBER.called("REPORT")
STATES = ("none", "pending", "final", "void")


@dataclass
class OutcomeReport(Fact, key=("report",), born="Outcomes.OutcomeReported"):
    """A report, and what became of it; ``until`` is that of its ruling, where it is challenged."""

    report: int = of(REPORT)
    campaign: int = of(CAMPAIGN)
    reporter: str = of(ACCOUNT)
    ppm: int = of(PPM)
    bond: int = of(MONEY)
    lead: str = of(ACCOUNT)
    evidence: bytes = of(DIGEST)
    at: int = of(TIME)
    challenger: str | None = of(ACCOUNT, None)
    is_asked: bool = of(FLAG, False)
    dispute_id: int = of(NUMBER, 0)
    until: int = of(TIME, 0)
    statement: bytes | None = of(DIGEST, None)
    challenged_at: int = of(TIME, 0)
    is_ruled: bool = of(FLAG, False)
    ruling: int = of(NUMBER, 0)
    is_settled: bool = of(FLAG, False)
    settled_at: int = of(TIME, 0)
    to_reporter: int = of(MONEY, 0)
    to_challenger: int = of(MONEY, 0)
    to_treasury: int = of(MONEY, 0)
    pot: int = of(MONEY, 0)
    pot_whole: int = of(MONEY, 0)
    paid: set[str] = field(default_factory=set)

    @on("Outcomes.OutcomeChallenged")
    def challenge(self, event: Event) -> None:
        """Whoever cannot be asked rules nothing."""
        told = self.named(OUTCOMES, event)
        self.update(**told)
        self.is_ruled, self.challenged_at = not self.is_asked, event.at

    @on("Outcomes.OutcomeSettled")
    def settle(self, event: Event) -> None:
        """What its bonds came to."""
        told = self.named(OUTCOMES, event)
        self.update(**told)
        self.is_settled, self.settled_at = True, event.at
        self.is_ruled = self.challenger is not None
        self.pot = self.pot_whole = told["to_jurors"]

    @on("Outcomes.OutcomeJurorPaid")
    @on("Outcomes.OutcomeJurorsExpired")
    def pay(self, event: Event) -> None:
        """A juror fetched its part, or the treasury got what was left."""
        self.pot -= event.arguments["amount"]
        if event.name == "OutcomeJurorPaid":
            self.paid.add(event.arguments["juror"])

    def is_open(self, now: int) -> bool:
        """Challenged, and a ruling can come."""
        return self.challenger is not None and not self.is_ruled and now < self.until

    def ends_at(self, its: Terms) -> int:
        """When it is over at the latest, Unix seconds."""
        return self.until if self.challenger is not None else self.at + its.challenge_seconds

    def verdict(self, its: Terms, now: int) -> tuple[bool, bool]:
        """Whether it is over, and whether it stands."""
        if self.challenger is None:
            return (is_over := now >= self.ends_at(its)), is_over
        return not self.is_open(now), self.ruling == STANDS


@dataclass
class Bonus(Fact, key=("campaign", "giver"), born="Outcomes.BonusOffered"):
    """What somebody offers a campaign's lead: as much of it as of the goal will have been reached."""

    campaign: int = of(CAMPAIGN)
    giver: str = of(ACCOUNT)
    amount: int = of(MONEY)
    is_settled: bool = of(FLAG, False)
    to_lead: int = of(MONEY, 0)
    to_giver: int = of(MONEY, 0)

    @on("Outcomes.BonusOffered")
    def offer(self, event: Event) -> None:
        """More of it."""
        self.amount += event.arguments["amount"]

    @on("Outcomes.BonusSettled")
    def settle(self, event: Event) -> None:
        """Its parts are credits."""
        self.is_settled = True
        self.to_lead, self.to_giver = event.arguments["toLead"], event.arguments["toGiver"]


def has_outcomes(home: Home) -> bool:
    """Whether the deployment has the room."""
    return OUTCOMES in home.dmo.addresses


_REPORTS: WeakKeyDictionary[Snapshot, dict[int, list[OutcomeReport]]] = WeakKeyDictionary()


def reports(home: Home) -> dict[int, OutcomeReport]:
    """All reports by id, in the order they were made."""
    return {one.report: one for its in reports_of(home).values() for one in its}


def reports_of(home: Home) -> dict[int, list[OutcomeReport]]:
    """All reports by campaign, in the order they were made; worked out once."""
    if home.snapshot not in _REPORTS:
        found: dict[int, list[OutcomeReport]] = {}
        for one in _ruled(home).values():
            found.setdefault(one.campaign, []).append(one)
        _REPORTS[home.snapshot] = found
    return _REPORTS[home.snapshot]


def _ruled(home: Home) -> dict[int, OutcomeReport]:
    """The reports with what was ruled on them, which tells no report's id."""
    found = home.facts(OutcomeReport)
    known = {(arbitrator_of(home, one), one.dispute_id): one for one in found.values() if one.is_asked}
    for event in home.events("Outcomes.Ruling"):
        one = known[event.arguments["_arbitrator"], event.arguments["_disputeID"]]
        said = event.arguments["_ruling"]
        one.is_ruled, one.ruling = True, said if said in (STANDS, FALLS) else 0
    return found


def terms_of(home: Home, campaign: int) -> Terms:
    """A campaign's own terms."""
    return terms(home, home.facts(Campaign)[campaign].terms_id)


def arbitrator_of(home: Home, one: OutcomeReport) -> str:
    """Who rules about a report."""
    return terms_of(home, one.campaign).arbitrator


@dataclass(frozen=True)
class OutcomeStanding:
    """What is known of a campaign's goal.

    Attributes:
        latest: Its latest report.
        starts: When reports begin, Unix seconds.
        ends: When they have ended, Unix seconds; it never changes.
        ppm: How much was reached, where it is final.
        lead: Who gets the bonuses; zero before the first report.
        fallen: How many reports fell.
        bond: What the next report takes, in units of the budget token.
    """

    campaign: int
    state: str
    latest: OutcomeReport | None
    starts: Timestamp
    ends: Timestamp
    ppm: int | None
    lead: str
    fallen: int
    bond: int

    def is_reportable(self, now: int) -> bool:
        """Whether a report is taken now, as far as the clock goes and no other is in force."""
        return self.state == "none" and self.starts <= now < self.ends

    @property
    def is_decided(self) -> bool:
        """Whether it will never change again."""
        return self.state in ("final", "void")


def _idea_of(home: Home, one: Campaign) -> Idea | None:
    """The idea that passed before a campaign ended, and whose ask and fee it has; None where it is of another board."""
    idea, closes = home.facts(Idea).get((one.round, one.number)), round_times(frame(home), one.round).voting_closes
    if idea is None or (idea.ask, idea.fee_bps) != (one.ask, one.fee_bps) or min(home.now, one.ends_at - 1) < closes:
        return None
    if idea.campaign is None:
        ideas(home, one.round)  # asks for its votes
    return idea if idea.campaign or idea.is_passing else None


def window(home: Home, number: int) -> tuple[Timestamp, Timestamp]:
    """When a campaign's outcome can be reported: from, until. Raises Refused: it is no campaign of this board."""
    one = home.facts(Campaign).get(number)
    if one is None:
        raise explain.refused("CampaignEscrowUnknownCampaign", {"campaign": number})
    idea = _idea_of(home, one)
    if idea is None:
        raise explain.refused("OutcomesOtherBoard", {"campaign": number})
    times = round_times(frame(home), one.round)
    starts = max(one.ends_at, times.voting_closes + idea.duration_seconds)
    return Timestamp(starts), Timestamp(times.lapses_at + idea.duration_seconds + REPORT_SECONDS)


def standing(home: Home, number: int) -> OutcomeStanding:
    """What is known of a campaign's goal now. Raises Refused: it is no campaign of this board."""
    starts, ends = window(home, number)
    its = reports_of(home).get(number, [])
    fixed, latest = terms_of(home, number), its[-1] if its else None
    is_over, stands = latest.verdict(fixed, home.now) if latest else (True, False)
    state = "final" if stands else "none" if home.now < ends else "void"
    state = state if is_over else "pending"
    fallen = len(its) - (state in ("pending", "final"))
    bond = fixed.stake(home.facts(Campaign)[number].ask) << min(fallen, MOST_DOUBLINGS)
    ppm = latest.ppm if latest and stands else None
    return OutcomeStanding(number, state, latest, starts, ends, ppm, its[0].lead if its else ZERO, fallen, bond)


def standings(home: Home) -> dict[int, OutcomeStanding]:
    """Those of all campaigns of this board."""
    known = home.facts(Campaign).items()
    return {number: standing(home, number) for number, one in known if _idea_of(home, one)}


def to_lead(amount: int, ppm: int) -> int:
    """What of a bonus is its lead's."""
    return amount * ppm // ONE


class Owing(NamedTuple):
    """A credit: how much, in units of the budget token, and when the latest of it was credited, Unix seconds."""

    amount: int
    since: int

    @property
    def expires_at(self) -> int:
        """From then on it can go to the treasury."""
        return self.since + CREDIT_LIFE if self.amount else 0


_CREDITING = ("OutcomeSettled", "OutcomeJurorPaid", "BonusSettled", "OutcomeCreditPaid", "OutcomeCreditExpired")


def credits_owed(home: Home) -> dict[str, Owing]:
    """What waits for whom."""
    found: dict[str, Owing] = {}
    events = home.events(*(f"Outcomes.{name}" for name in _CREDITING))
    for event in sorted(events, key=lambda one: (one.block, one.index)):
        for account, amount in _credited(home, event):
            known = found.get(account, Owing(0, 0))
            found[account] = Owing(known.amount + amount, event.at)
        if event.name in ("OutcomeCreditPaid", "OutcomeCreditExpired"):
            found.pop(event.arguments["account"], None)
    return found


def _credited(home: Home, event: Event) -> Iterator[tuple[str, int]]:
    told = event.arguments
    if event.name == "OutcomeSettled":
        one = home.facts(OutcomeReport)[told["report"]]
        parts = [(one.reporter, told["toReporter"]), (one.challenger or ZERO, told["toChallenger"])]
    elif event.name == "BonusSettled":
        parts = [(told["lead"], told["toLead"]), (told["giver"], told["toGiver"])]
    else:
        parts = [(told["juror"], told["amount"])] if event.name == "OutcomeJurorPaid" else []
    yield from ((account, amount) for account, amount in parts if amount)


def for_treasury(home: Home) -> int:
    """What is the treasury's and was not sent yet, in units of the budget token."""
    signs = {"OutcomeJurorsExpired": 1, "OutcomeCreditExpired": 1, "OutcomeTreasuryPaid": -1}
    moved: int = sum(
        sign * event.arguments["amount"] for name, sign in signs.items() for event in home.events(f"Outcomes.{name}")
    )
    return moved + sum(one.to_treasury for one in home.facts(OutcomeReport).values())


@documents.binds
def _binds(home: Home) -> Iterator[Stand]:
    for one in home.facts(OutcomeReport).values():
        yield Stand(one.evidence, "report", one.said())
