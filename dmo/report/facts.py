"""What a history is made of; amounts in units of the tokens, times in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Award",
    "CampaignFacts",
    "Document",
    "IdeaFacts",
    "Payment",
    "ProposalFacts",
    "RoundFacts",
    "WorkFacts",
]


@dataclass(frozen=True)
class Document:
    """A published document, its front matter read as far as it can be."""

    title: str
    lang: str
    text: str


@dataclass(frozen=True)
class IdeaFacts:
    """An idea with its tally and what became of it.

    Attributes:
        round: Its posting round.
        number: Its number in the round.
        digest: sha2-256 of its document, as 0x text.
        author: Who posted it.
        lead: Who would run it.
        ask: What it asks for, fee included.
        fee_bps: The lead's fee as a share of the ask.
        posted_at: When.
        replaces: The number that it is a new version of; 0 for none.
        builds_on: Round and number of the idea it builds on, if any.
        is_withdrawn: Withdrawn or edited.
        for_votes: Votes for it.
        against_votes: Votes against it.
        is_passing: Whether it reached the threshold.
        campaign: The campaign it became; 0 for none.
    """

    round: int
    number: int
    digest: str
    author: str
    lead: str
    ask: int
    fee_bps: int
    posted_at: int
    replaces: int
    builds_on: tuple[int, int] | None
    is_withdrawn: bool
    for_votes: int
    against_votes: int
    is_passing: bool
    campaign: int = 0

    @property
    def net(self) -> int:
        """For less against."""
        return self.for_votes - self.against_votes


@dataclass(frozen=True)
class RoundFacts:
    """A round of ideas; settled_at is None while it is not settled."""

    number: int
    opens: int
    closes: int
    threshold: int
    cap: int
    settled_at: int | None
    budget: int
    assigned: int
    ballots: int
    choices: int


@dataclass(frozen=True)
class WorkFacts:
    """A submission; evidence, reason and brief are digests as 0x text."""

    id: int
    bounty: int
    campaign: int
    worker: str
    reward: int
    is_gift: bool
    submitted_at: int
    evidence: str
    brief: str
    accepted_at: int | None
    rejected_at: int | None
    reworked_at: int | None
    reason: str
    paid_at: int | None
    released_at: int | None
    withdrawn_at: int | None = None

    @property
    def is_silent(self) -> bool:
        """Paid although the lead never said a word about it."""
        return self.paid_at is not None and self.accepted_at is None


@dataclass(frozen=True)
class Payment:
    """Budget money on its way to a person.

    Attributes:
        at: When.
        campaign: Which campaign paid; 0 where a credit was withdrawn.
        submission: For which work; 0 for a fee or a credit.
        payee: Who earned it.
        to: Where it went.
        amount: How much.
        kind: ``work``, ``gift``, ``fee``, ``credited`` (could not be delivered) or ``credit``.
        tx: The transaction's hash.
    """

    at: int
    campaign: int
    submission: int
    payee: str
    to: str
    amount: int
    kind: str
    tx: str


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign: what came in and where it went."""

    id: int
    round: int
    number: int
    lead: str
    ask: int
    funded_at: int
    ends_at: int
    gifts: int
    work_paid: int
    gift_paid: int
    fee_paid: int
    credited: int
    lessons: str
    lessons_at: int | None
    closed_at: int | None
    is_closed: bool

    @property
    def left(self) -> int:
        """What was not paid out: at work, or back in the pool once the campaign is closed."""
        return self.ask + self.gifts - self.work_paid - self.gift_paid - self.fee_paid


@dataclass(frozen=True)
class Award:
    """Points that were earned; WAD."""

    at: int
    account: str
    points: int


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal of governance; votes in units of the votes token."""

    id: int
    title: str
    proposer: str
    proposed_at: int
    executed_at: int | None
    for_votes: int
    against_votes: int
    abstain_votes: int
    actions: tuple[str, ...] = field(default=())
