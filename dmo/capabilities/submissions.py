"""Submissions: work that was handed in, what it is now, and who is paid for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.bounties import Bounty, bounty_with
from dmo.capabilities.campaigns import Campaign, Terms, terms
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, WORK, flat, reads, single
from dmo.core import words
from dmo.core.chain import Event, Read
from dmo.core.due import Item, due, wanted
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, SHARE, TIME, Bps, Kind, Timestamp, choice, listed
from dmo.core.units import cut_shares
from dmo.home.home import Home

PAGE = 200
STATUSES = ("none", "review", "accepted", "rejected", "contested", "disputed", "payable", "void", "done")
STATUS = choice("work_status", *STATUSES)
ENDED = choice("work_ended", "paid", "released", "withdrawn")


@dataclass(frozen=True)
class Payee:
    """Who gets which share of a reward."""

    account: str
    share_bps: Bps


def _payee(home: Home, text: str) -> Payee:
    name, colon, share = text.rpartition(":")
    if not colon:
        raise words.bad("no_share", given=text[:40])
    return Payee(home.account(name), SHARE.read(home, share))


PAYEE = Kind(
    "WHO:SHARE",
    _payee,
    lambda home, one: f"{ACCOUNT.show(home, one.account)} {SHARE.show(home, one.share_bps)}",
    vars,
    {"type": "object"},
    like="payee",
)
PAYEES = listed(PAYEE)


_LESSONS = "CampaignEscrow.LessonsFiled"
_BORN = ("CampaignEscrow.WorkSubmitted", _LESSONS)
_RENAMED = {_LESSONS: {"worker": "lead", "evidence": "lessons", "lessons_of": "campaign"}}


@dataclass
class Submission(Fact, key=("submission",), born=_BORN, listed="Lens.submissions", watched=True, renamed=_RENAMED):
    """Work that was handed in, or a campaign's lessons. ``submissions`` asks the Lens for the rest.

    Attributes:
        bounty: What it is for; 0 of lessons, which are a submission of the lead, until ``_known`` finds it.
        payees: Who is paid instead of the worker.
        reason: Digest of why it was rejected the last time.
        since: When its stage was recorded, Unix seconds.
        status_until: When time alone will change the status; 0 if it will not.
        stake: What challenging, contesting or upholding takes.
        lessons_of: The campaign whose lessons these are; 0 for other work.
    """

    submission: int = of(WORK)
    worker: str = of(ACCOUNT)
    bounty: int = of(BOUNTY, 0)
    evidence: bytes = of(DIGEST, b"")
    payees: tuple[Payee, ...] = of(PAYEES, ())
    lessons_of: int = of(CAMPAIGN, 0)
    reason: bytes | None = of(DIGEST, None)
    is_reworked: bool = of(FLAG, False)
    is_challenge: bool = of(FLAG, False)
    status: str = of(STATUS, "none")
    since: int = of(TIME, 0)
    status_until: int = of(TIME, 0)
    stake: int = of(MONEY, 0)
    ended: str | None = of(ENDED, None)

    @classmethod
    def holds_until(cls, answer: Any) -> int | None:
        # A ruling is pulled: no event of ours tells of it, and it counts before the time for it is over.
        (record,) = cls.records(answer)
        return 0 if STATUSES[record["status"]] == "disputed" else super().holds_until(answer)

    @property
    def is_over(self) -> bool:
        return self.status == "done"

    def update(self, **told: Any) -> None:
        self.since, self.status_until, self.status = told["since"], told["status_until"], STATUSES[told["status"]]
        self.stake = told["bond"]

    @on("CampaignEscrow.WorkReworked")
    def rework(self, event: Event) -> None:
        self.evidence, self.is_reworked = event.arguments["evidence"], True

    @on("CampaignEscrow.WorkRejected")
    def reject(self, event: Event) -> None:
        self.reason = event.arguments["reason"]

    @on("DisputeDesk.DisputeOpened")
    def dispute(self, event: Event) -> None:
        self.is_challenge = event.arguments["isChallenge"]

    @on("CampaignEscrow.WorkPaid")
    @on("CampaignEscrow.WorkReleased")
    @on("CampaignEscrow.WorkWithdrawn")
    def end(self, event: Event) -> None:
        self.status, self.ended = "done", event.name.removeprefix("Work").lower()


def _known(home: Home) -> dict[int, Submission]:
    """All submissions as events tell them."""
    known: dict[int, Submission] = home.facts(Submission)
    own = [one for one in known.values() if not one.bounty]
    holding = {one.campaign: one.bounty for one in home.facts(Bounty).values() if one.is_lessons} if own else {}
    for one in own:
        one.bounty = holding[one.lessons_of]
    return known


@documents.binds
def _binds(home: Home) -> Iterator[documents.Stand]:
    yield from (documents.Stand(one.evidence, "work", one.said()) for one in _known(home).values())


def _live(home: Home) -> dict[int, Read]:
    """What asks the Lens for each that is not done."""
    return {n: home.reading("Lens", "submissions", n, 1) for n, one in _known(home).items() if not one.is_over}


def live_pages(home: Home) -> list[Read]:
    """The pages that hold anything which is not done, and which the index was not told of."""
    live = {(number - 1) // PAGE for number, read in _live(home).items() if not home.snapshot.knows(read)}
    return [home.reading("Lens", "submissions", page * PAGE + 1, PAGE) for page in sorted(live)]


@wanted
def _wanted(home: Home, account: str | None) -> list[Read]:
    """What is nobody's own the index tells by itself."""
    return [] if account is None and home.snapshot.still(Submission) is not None else live_pages(home)


def submissions(home: Home) -> list[Submission]:
    """All submissions, with what they are now."""
    known = _known(home)
    told = [read for read in _live(home).values() if home.snapshot.knows(read)]
    for answer in home.read([*live_pages(home), *told]):
        for record in flat("submissions", answer):
            if not known[record["id"]].is_over:  # of what is done nothing is told, whatever stands on its page
                known[record["id"]].update(**record)
    return list(known.values())


def waiting(home: Home) -> dict[str, list[int]]:
    """Work that is to be ended by somebody, by status; the index says it without a look at all the rest."""
    answers = home.snapshot.still(Submission)
    if answers is None:
        pairs = [(one.status, one.submission) for one in submissions(home)]
    else:
        told = [record for answer in answers for record in flat("submissions", answer)]
        pairs = [(STATUSES[record["status"]], record["id"]) for record in told]
    return {status: sorted(n for its, n in pairs if its == status) for status in ("payable", "void", "disputed")}


def submission(home: Home, number: int) -> Submission:
    """One submission, with what it is now; Refused, as the escrow says it, where there is none."""
    _known(home)
    return single(home, Submission, "submissions", number)


def submission_with(home: Home, number: int) -> tuple[Submission, Bounty, Campaign, Terms]:
    """A submission with its bounty, campaign and terms, read at once."""
    if one := _known(home).get(number):
        its = home.facts(Bounty)[one.bounty]
        home.read(reads(home, submissions=number, bounties=its.bounty, campaigns=its.campaign))
    found = submission(home, number)
    return found, *bounty_with(home, found.bounty)


def latest_payment(fixed: Terms, one: Submission, now: int) -> Timestamp:
    """When work is paid at the latest if nobody acts, Unix seconds; 0 if it will not be, as a rejection upheld."""
    if one.status == "review":
        return fixed.unjudged(one.since)
    if one.status in ("accepted", "contested") or (one.status == "disputed" and one.is_challenge):
        return Timestamp(one.status_until)
    return Timestamp(now if one.status == "payable" else 0)


def shares(one: Submission, reward: int) -> list[tuple[str, int]]:
    """What of a reward goes to whom, in its units: to the worker, or to whom the worker named."""
    if not one.payees:
        return [(one.worker, reward)]
    parts = cut_shares(reward, [payee.share_bps for payee in one.payees])
    return [(payee.account, part) for payee, part in zip(one.payees, parts, strict=True)]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    if account is None:
        return
    its = {one.bounty: home.facts(Campaign)[one.campaign] for one in home.facts(Bounty).values()}
    mine: dict[str, list[Submission]] = {"review": [], "accepted": [], "contested": []}
    others: list[Submission] = []
    for one in submissions(home):
        judges, answers = its[one.bounty].lead == account, one.worker == account
        if one.status == "review" and judges:
            yield Item("judge", one.status_until, True, f"work show {one.submission}", one.said())
        if one.status == "rejected" and answers:
            kind = "reworked" if one.is_reworked else "rejected"
            yield Item(kind, one.status_until, True, f"work show {one.submission}", one.said())
        if one.status == "contested" and judges:
            yield Item("uphold", one.status_until, True, f"work show {one.submission}", one.said())
        elif one.status == "contested" and not answers:
            others.append(one)
        if one.status in mine and answers:
            mine[one.status].append(one)
    if others:
        command = f"work show {others[0].submission}" if len(others) == 1 else "dispute list"
        until = min(one.status_until for one in others)
        yield Item("upholdable", until, False, command, {**others[0].said()}, count=len(others))
    for status, work in mine.items():
        if work:
            until = min(latest_payment(terms(home, its[one.bounty].terms_id), one, home.now) for one in work)
            command = f"work show {work[0].submission}" if len(work) == 1 else "work list"
            kind = "contesting" if status == "contested" else status
            yield Item(kind, until, False, command, work[0].said(), count=len(work))
