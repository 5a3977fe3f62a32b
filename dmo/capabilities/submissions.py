"""Submissions: work that was handed in, what it is now, and who is paid for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities.bounties import Bounty, bounty_with
from dmo.capabilities.campaigns import Campaign, Terms, campaigns, terms
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, WORK, records
from dmo.core import abi, explain, words
from dmo.core.due import Item, due, wanted
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, SHARE, TIME, Bps, Kind, Timestamp, choice, listed
from dmo.core.units import cut_shares

if TYPE_CHECKING:
    from dmo.core.chain import Event, Read
    from dmo.home.home import Home

__all__ = [
    "PAYEES",
    "STATUS",
    "Payee",
    "Submission",
    "latest_payment",
    "shares",
    "submission",
    "submission_with",
    "submissions",
]

PAGE = 200
STATUSES = ("none", "review", "accepted", "rejected", "disputed", "payable", "void", "done")
STATUS = choice("work_status", *STATUSES)


# ── who is paid ─────────────────────────────────────────────────────────────────────────────────


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
    lambda one: {"account": one.account, "share_bps": one.share_bps},
    {"type": "object"},
)
PAYEES = listed(PAYEE)


# ── submissions ─────────────────────────────────────────────────────────────────────────────────


@dataclass
class Submission(
    Fact,
    key=("submission",),
    born=("CampaignEscrow.WorkSubmitted", "CampaignEscrow.LessonsFiled"),
):
    """Work that was handed in, or a campaign's lessons. ``submissions`` asks the Lens for the rest.

    Attributes:
        payees: Who is paid instead of the worker.
        evidence: Digest of the evidence, as it is now.
        reason: Digest of why it was rejected the last time.
        status: What it is now.
        since: When its stage was recorded, Unix seconds.
        status_until: When time alone will change the status; 0 if it will not.
        lessons_of: The campaign whose lessons these are; 0 for other work.
        is_challenge: Disputed as accepted work is; otherwise a rejection is.
    """

    submission: int = of(WORK)
    worker: str = of(ACCOUNT)
    bounty: int = of(BOUNTY)
    evidence: bytes = of(DIGEST)
    payees: tuple[Payee, ...] = of(PAYEES, ())
    lessons_of: int = of(CAMPAIGN, 0)
    reason: bytes | None = of(DIGEST, None)
    is_reworked: bool = of(FLAG, False)
    is_challenge: bool = of(FLAG, False)
    status: str = of(STATUS, "none")
    since: int = of(TIME, 0)
    status_until: int = of(TIME, 0)

    @classmethod
    def named(cls, contract: str, event: Event) -> dict[str, Any]:
        """Lessons are a submission of the lead, for a bounty that ``_known`` finds."""
        found = super().named(contract, event)
        if event.name == "WorkSubmitted":
            return {**found, "payees": tuple(Payee(**one) for one in found["payees"])}
        own = {"worker": found["lead"], "evidence": found["lessons"], "bounty": 0}
        return {**found, **own, "lessons_of": found["campaign"]}

    @on("CampaignEscrow.WorkReworked")
    def rework(self, event: Event) -> None:
        """Better evidence."""
        self.evidence, self.is_reworked = event.arguments["evidence"], True

    @on("CampaignEscrow.WorkRejected")
    def reject(self, event: Event) -> None:
        """Rejected with a reason."""
        self.reason = event.arguments["reason"]

    @on("DisputeDesk.DisputeOpened")
    def dispute(self, event: Event) -> None:
        """A verdict is disputed."""
        self.is_challenge = event.arguments["isChallenge"]

    @on("CampaignEscrow.WorkPaid")
    @on("CampaignEscrow.WorkReleased")
    @on("CampaignEscrow.WorkWithdrawn")
    def end(self, event: Event) -> None:
        """Paid, released or taken back."""
        self.status = "done"


def _known(home: Home) -> dict[int, Submission]:
    """All submissions as events tell them."""
    known: dict[int, Submission] = home.facts(Submission)
    own = [one for one in known.values() if not one.bounty]
    if own:
        posted = home.facts(Bounty).values()
        holding = {one.campaign: one.bounty for one in posted if one.is_lessons}
        for one in own:
            one.bounty = holding[one.lessons_of]
    return known


def _page_reads(home: Home) -> list[Read]:
    """The pages that hold anything which is not done."""
    live = {(one.submission - 1) // PAGE for one in _known(home).values() if one.status != "done"}
    return [home.reading("Lens", "submissions", page * PAGE + 1, PAGE) for page in sorted(live)]


def _told(one: Submission, record: dict[str, Any]) -> None:
    """Take over what the Lens tells."""
    one.since, one.status_until = record["since"], record["status_until"]
    one.status = STATUSES[record["status"]]


def submissions(home: Home) -> list[Submission]:
    """All submissions, with what they are now."""
    known = _known(home)
    for answer in home.read(_page_reads(home)):
        for record in abi.named("Lens", "submissions", answer)[0]:
            _told(known[record["id"]], {**record.pop("facts"), **record})
    return list(known.values())


def submission(home: Home, number: int) -> Submission:
    """One submission, with what it is now.

    Raises:
        Refused: There is no such submission; as the escrow says it.
    """
    one = _known(home).get(number)
    if one is None:
        raise explain.refused("CampaignEscrowUnknownSubmission", {"submission": number})
    _told(one, records(home, "submissions", [number])[0])
    return one


def submission_with(home: Home, number: int) -> tuple[Submission, Bounty, Campaign, Terms]:
    """A submission with its bounty, campaign and terms, read at once."""
    one = _known(home).get(number)
    if one is not None:
        its = home.facts(Bounty)[one.bounty].campaign
        reads = [("submissions", number), ("bounties", one.bounty), ("campaigns", its)]
        home.read([home.reading("Lens", function, at, 1) for function, at in reads])
    found = submission(home, number)
    return found, *bounty_with(home, found.bounty)


def latest_payment(fixed: Terms, one: Submission, now: int) -> Timestamp:
    """When work is paid at the latest if nobody acts, Unix seconds; 0 if it will not be.

    Without a ruling the lead's verdict stands: a challenge ends in payment, a disputed rejection
    does not.
    """
    if one.status == "review":
        return fixed.unjudged(one.since)
    if one.status == "accepted" or (one.status == "disputed" and one.is_challenge):
        return Timestamp(one.status_until)
    return Timestamp(now if one.status == "payable" else 0)


def shares(one: Submission, reward: int) -> list[tuple[str, int]]:
    """What of a reward goes to whom, in its units: to the worker, or to whom the worker named."""
    if not one.payees:
        return [(one.worker, reward)]
    parts = cut_shares(reward, [payee.share_bps for payee in one.payees])
    return [(payee.account, part) for payee, part in zip(one.payees, parts, strict=True)]


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return _page_reads(home)


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    if account is None:
        return
    work = submissions(home)
    its = {one.bounty: one.campaign for one in home.facts(Bounty).values()}
    known = {one.campaign: one for one in campaigns(home)}
    for one in work:
        values, command = {"submission": WORK(one.submission)}, f"work show {one.submission}"
        if one.status == "review" and known[its[one.bounty]].lead == account:
            yield Item("judge", one.status_until, True, command, values)
        elif one.status == "rejected" and one.worker == account:
            kind = "reworked" if one.is_reworked else "rejected"
            yield Item(kind, one.status_until, True, command, values)
    for kind in ("review", "accepted"):
        mine = [one for one in work if one.worker == account and one.status == kind]
        if not mine:
            continue
        days = [
            latest_payment(terms(home, known[its[one.bounty]].terms_id), one, home.now)
            for one in mine
        ]
        first = mine[0].submission
        command = f"work show {first}" if len(mine) == 1 else "work list"
        yield Item(kind, min(days), False, command, {"submission": WORK(first)}, count=len(mine))
