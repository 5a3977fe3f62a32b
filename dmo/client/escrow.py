"""What can be read of the escrow: campaigns, bounties, submissions, credits, books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeVar

from dmo.client.campaigns import Payee, Terms, Windows
from dmo.core import abi, explain
from dmo.core.chain import Event, Read
from dmo.home.deployment import Dmo

__all__ = [
    "Books",
    "Bounty",
    "Campaign",
    "Credit",
    "Payment",
    "Status",
    "Submission",
    "books",
    "bounties",
    "bounty",
    "campaign",
    "campaigns",
    "counts",
    "credit",
    "latest_payment",
    "latest_terms",
    "payees",
    "payments",
    "status",
    "submission",
    "submissions",
    "terms",
]

ESCROW = "CampaignEscrow"
DESK = "DisputeDesk"
LENS = "Lens"
ZERO = "0x" + "00" * 20
CREDIT_LIFE = 365 * 86_400
_PAGE = 100
_T = TypeVar("_T")


class Status(IntEnum):
    """What a submission is now."""

    NONE = 0
    REVIEW = 1
    ACCEPTED = 2
    REJECTED = 3
    DISPUTED = 4
    PAYABLE = 5
    VOID = 6
    DONE = 7

    @property
    def text(self) -> str:
        """In words."""
        return self.name.lower()


@dataclass(frozen=True)
class Books:
    """The escrow's totals, in units of the budget token."""

    received: int
    paid: int
    refunded: int
    held: int
    pool: int
    bonds_received: int
    bonds_paid: int
    bonds_held: int


@dataclass(frozen=True)
class Campaign:
    """A campaign; amounts in units of the budget token, times in Unix seconds.

    Attributes:
        id: Its number.
        lead: Who runs it.
        ends_at: When it ends.
        round: Round of its idea.
        number: Number of its idea.
        terms_id: The terms it was funded under.
        ask: Voted money, fee included.
        voted_used: Voted money set aside, paid or returned.
        fee_bps: The lead's fee as a share of the ask.
        is_fee_settled: The fee was paid or went to the pool.
        gift_free: Top-ups that are free for bounties.
        voted_paid: Voted money paid for work.
        live: Submissions that are not done.
        fee_taken: What lost disputes took of the fee.
        lessons: Submission that holds the lessons; 0 while they are not filed.
        fee: The lead's whole fee.
        voted_free: Voted money free for bounties.
        earned: What lessons filed now would earn of the fee; 0 once it is settled.
        lessons_until: Lessons are taken from the end until then.
    """

    id: int
    lead: str
    ends_at: int
    round: int
    number: int
    terms_id: int
    ask: int
    voted_used: int
    fee_bps: int
    is_fee_settled: bool
    gift_free: int
    voted_paid: int
    live: int
    fee_taken: int
    lessons: int
    fee: int
    voted_free: int
    earned: int
    lessons_until: int


@dataclass(frozen=True)
class Bounty:
    """A bounty; closes_at (Unix seconds) also heeds the campaign's end."""

    id: int
    reward: int
    bond: int
    campaign: int
    worker: str | None
    submit_by: int
    slots: int
    free_slots: int
    is_gift: bool
    brief: bytes
    closes_at: int

    @property
    def is_funded(self) -> bool:
        """A bounty's money is set aside when it is posted, so it is, while it has slots."""
        return self.free_slots > 0

    def is_open(self, now: int) -> bool:
        """Whether work can be submitted."""
        return now < self.closes_at and self.free_slots > 0


@dataclass(frozen=True)
class Submission:
    """A submission; times in Unix seconds.

    Attributes:
        id: Its number.
        worker: Who did it.
        bounty: For which bounty.
        since: When its stage was recorded.
        stage: What has been recorded.
        payees: How many payees were named; 0 means the worker.
        is_reworked: It was reworked.
        evidence: Digest of the evidence.
        status: What it is now.
        status_until: When time alone will change the status; 0 if it will not.
        is_challenge: Disputed as accepted work is; otherwise a rejection is disputed.
    """

    id: int
    worker: str
    bounty: int
    since: int
    stage: int
    payees: int
    is_reworked: bool
    evidence: bytes
    status: Status
    status_until: int
    is_challenge: bool = False


@dataclass(frozen=True)
class Credit:
    """What is owed to an account, in units of the budget token; expires_at in Unix seconds."""

    account: str
    amount: int
    voted: int
    since: int

    @property
    def expires_at(self) -> int:
        """From then on anybody may move it to the pool."""
        return self.since + CREDIT_LIFE if self.amount else 0


@dataclass(frozen=True)
class Payment:
    """One payment to a payee, or a credit instead of it; the fee is paid for the lessons."""

    campaign: int
    submission: int
    payee: str
    amount: int
    is_credit: bool
    block: int
    tx: str


def _pages(dmo: Dmo, function: str, build: Callable[[Mapping[str, Any]], _T]) -> list[_T]:
    found: list[_T] = []
    start = 1
    while start:
        page, start = dmo.record(LENS, function, start, _PAGE)
        found += [build(raw) for raw in page]
    return found


def _one(
    dmo: Dmo, function: str, kind: str, number: int, build: Callable[[Mapping[str, Any]], _T]
) -> _T:
    page, _ = dmo.record(LENS, function, number, 1)
    if not page:
        # Views answer zeros for what is unknown: said here as the escrow says it to acts.
        raise explain.refused(f"CampaignEscrowUnknown{kind}", {kind.lower(): number})
    return build(page[0])


def _campaign(raw: Mapping[str, Any]) -> Campaign:
    rest = dict(raw)
    return Campaign(**rest.pop("facts"), **rest)


def _bounty(raw: Mapping[str, Any]) -> Bounty:
    rest = dict(raw)
    facts = rest.pop("facts")
    worker = None if facts["worker"] == ZERO else facts["worker"]
    return Bounty(**{**facts, "worker": worker}, **rest)


def _submission(raw: Mapping[str, Any]) -> Submission:
    rest = dict(raw)
    return Submission(**rest.pop("facts"), **{**rest, "status": Status(rest["status"])})


def books(dmo: Dmo) -> Books:
    """The escrow's totals."""
    return Books(**dmo.record(ESCROW, "books"))


def counts(dmo: Dmo) -> tuple[int, int, int]:
    """How many campaigns, bounties and submissions there are."""
    campaigns_, bounties_, submissions_ = dmo.read(ESCROW, "counts")
    return campaigns_, bounties_, submissions_


def terms(dmo: Dmo, terms_id: int) -> Terms:
    """Terms by id."""
    raw = dmo.record(DESK, "termsOf", terms_id)
    return Terms(**{**raw, "windows": Windows(**raw["windows"])})


def latest_terms(dmo: Dmo) -> int:
    """Id of the terms in force, which is also how many there have been."""
    terms_id, _ = dmo.read(DESK, "latestTerms")
    return int(terms_id)


def campaigns(dmo: Dmo) -> list[Campaign]:
    """All campaigns."""
    return _pages(dmo, "campaigns", _campaign)


def campaign(dmo: Dmo, number: int) -> Campaign:
    """One campaign.

    Raises:
        Refused: There is no such campaign.
    """
    return _one(dmo, "campaigns", "Campaign", number, _campaign)


def bounties(dmo: Dmo) -> list[Bounty]:
    """All bounties."""
    return _pages(dmo, "bounties", _bounty)


def bounty(dmo: Dmo, number: int) -> Bounty:
    """One bounty.

    Raises:
        Refused: There is no such bounty.
    """
    return _one(dmo, "bounties", "Bounty", number, _bounty)


def submissions(dmo: Dmo) -> list[Submission]:
    """All submissions."""
    return _with_disputes(dmo, _pages(dmo, "submissions", _submission))


def submission(dmo: Dmo, number: int) -> Submission:
    """One submission.

    Raises:
        Refused: There is no such submission.
    """
    one = _one(dmo, "submissions", "Submission", number, _submission)
    return _with_disputes(dmo, [one])[0]


def _with_disputes(dmo: Dmo, found: list[Submission]) -> list[Submission]:
    """The same, with what is disputed about those that are."""
    disputed = [one.id for one in found if one.status is Status.DISPUTED]
    answers = dmo.chain.read([Read(DESK, dmo.address(DESK), "disputeOf", (n,)) for n in disputed])
    challenges = {
        number: abi.named(DESK, "disputeOf", raw)["is_challenge"]
        for number, raw in zip(disputed, answers, strict=True)
    }
    return [replace(one, is_challenge=challenges.get(one.id, False)) for one in found]


def status(dmo: Dmo, number: int) -> Status:
    """What a submission is now."""
    return Status(dmo.read(ESCROW, "statusOf", number))


def payees(dmo: Dmo, number: int) -> tuple[Payee, ...]:
    """The payees of a submission; none means the worker."""
    return tuple(Payee(**raw) for raw in dmo.record(ESCROW, "payeesOf", number))


def credit(dmo: Dmo, account: str) -> Credit:
    """What is owed to an account."""
    return Credit(account, **dmo.record(ESCROW, "creditOf", account))


def payments(dmo: Dmo, campaign_id: int | None = None) -> list[Payment]:
    """All payments and credits, in the order of the chain."""
    found: list[Event] = []
    for name in ("PayeePaid", "PayeeCredited"):
        found += dmo.events(ESCROW, name, campaign=campaign_id)
    return [
        Payment(
            event.arguments["campaign"],
            event.arguments["submission"],
            event.arguments["payee"],
            event.arguments["amount"],
            event.name == "PayeeCredited",
            event.block,
            event.tx,
        )
        for event in sorted(found, key=lambda event: (event.block, event.index))
    ]


def latest_payment(
    terms_of_campaign: Terms, work: Submission | None, now: int, closes_at: int = 0
) -> int:
    """When work is paid at the latest if nobody acts, Unix seconds; 0 if it will not be.

    Without a ruling the lead's verdict stands: a challenge ends in payment, a disputed rejection
    does not.

    Args:
        terms_of_campaign: The campaign's terms.
        work: The submission; None for work handed in at the bounty's last moment.
        now: The chain's clock, Unix seconds.
        closes_at: When the bounty closes, Unix seconds; used without a submission.
    """
    windows = terms_of_campaign.windows
    unjudged = windows.review_seconds + windows.challenge_seconds
    if work is None:
        return max(closes_at, now) + unjudged
    match work.status:
        case Status.REVIEW:
            return work.since + unjudged
        case Status.ACCEPTED:
            return work.status_until
        case Status.PAYABLE:
            return now
        case Status.DISPUTED if work.is_challenge:
            return work.status_until
    return 0
