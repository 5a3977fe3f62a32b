"""What a history is made of; amounts in units of the tokens, times in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmo.client.disputes import Ruling
from dmo.client.settlements import Settlement

__all__ = [
    "Award",
    "Bonds",
    "CampaignFacts",
    "DisputeFacts",
    "Document",
    "IdeaFacts",
    "JurorFacts",
    "Paper",
    "Payment",
    "ProposalFacts",
    "RoundFacts",
    "WorkFacts",
    "ending",
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
    """A submission; evidence, reason and brief are digests as 0x text; no payees: the worker."""

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
    bond: int = 0
    payees: tuple[str, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Paid although the lead never said a word about it, as it was in the end."""
        is_rejected = self.rejected_at is not None and (self.reworked_at or 0) < self.rejected_at
        return self.paid_at is not None and self.accepted_at is None and not is_rejected


@dataclass(frozen=True)
class Payment:
    """Budget money on its way to a person.

    Attributes:
        at: When.
        campaign: Which campaign paid; 0 where a credit was withdrawn.
        submission: For which work, or lessons; 0 for a credit.
        payee: Who earned it.
        to: Where it went.
        amount: How much.
        kind: ``work``, ``gift``, ``fee``, ``won`` (what a dispute brought opener or worker),
            ``juror``, or ``credit`` (one that was withdrawn).
        tx: The transaction's hash.
        is_credited: It could not be delivered and waits as a credit.
    """

    at: int
    campaign: int
    submission: int
    payee: str
    to: str
    amount: int
    kind: str
    tx: str
    is_credited: bool = False


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign: what came in and where it went.

    ``to_jurors`` and ``won`` are what disputes took of its rewards and of the lead's fee, for
    jurors and for whoever was right.
    """

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
    lessons: str
    lessons_at: int | None
    closed_at: int | None
    is_closed: bool
    to_jurors: int = 0
    won: int = 0

    @property
    def left(self) -> int:
        """What was not paid out: at work, or back in the pool once the campaign is closed."""
        work = self.work_paid + self.gift_paid
        return self.ask + self.gifts - work - self.fee_paid - self.to_jurors - self.won


@dataclass(frozen=True)
class Bonds:
    """All bonds, workers' and disputes', and where they went.

    Attributes:
        put_up: What was left.
        returned: What went back, as a credit where it could not be delivered.
        to_jurors: What disputes moved of it to jurors.
        won: What disputes moved of it to the worker.
        to_pool: What went to the pool, from a dispute or with unpaid work.
    """

    put_up: int = 0
    returned: int = 0
    to_jurors: int = 0
    won: int = 0
    to_pool: int = 0

    @property
    def held(self) -> int:
        """What is still held."""
        gone = self.returned + self.to_jurors + self.won + self.to_pool
        return self.put_up - gone


def ending(is_challenge: bool, ruling: Ruling) -> str:
    """What a dispute came to, in words."""
    if ruling is Ruling.NONE:
        return "no ruling"
    if is_challenge:
        return "challenge won" if ruling is Ruling.REFUSE else "challenge lost"
    return "rejection overturned" if ruling is Ruling.PAY else "rejection upheld"


@dataclass(frozen=True)
class Paper:
    """A document that was given in a dispute; digest as 0x text."""

    at: int
    by: str
    digest: str


@dataclass(frozen=True)
class JurorFacts:
    """A juror of a dispute.

    Attributes:
        account: Who.
        committed_at: When it last committed.
        revealed_at: When it revealed, if it did.
        ruling: What it revealed.
        weight: Its weight, in units of the dispute's source of jurors; 0 until it revealed.
        paid: What it was paid, or credited.
    """

    account: str
    committed_at: int
    revealed_at: int | None = None
    ruling: Ruling = Ruling.NONE
    weight: int = 0
    paid: int = 0


@dataclass(frozen=True)
class DisputeFacts:
    """A dispute. What only this deployment's jury knows is empty where another one ruled.

    Attributes:
        submission: What it is about.
        campaign: The campaign.
        worker: Whose work it is.
        opener: The worker of a rejected submission, or who challenges an acceptance.
        lead: The campaign's lead at the opening.
        arbitrator: Who rules.
        is_challenge: An acceptance is challenged.
        bond: What the opener left.
        opened_at: When.
        until: A ruling counts until then.
        papers: What was given, the opener's statement first.
        is_from_reputation: Jurors come from reputation; None where another arbitrator rules.
        quorum: Weight that has to be revealed.
        commit_until: Jurors commit until then.
        reveal_until: And reveal until then.
        jurors: In the order of their reveals, those who did not reveal last.
        ruled_at: When the ruling was handed over, if it was.
        ruling: What it was; none until then.
        settled_at: When the submission ended, if it did.
        is_paid: Whether it was paid.
        settlement: Who got what.
    """

    submission: int
    campaign: int
    worker: str
    opener: str
    lead: str
    arbitrator: str
    is_challenge: bool
    bond: int
    opened_at: int
    until: int
    papers: tuple[Paper, ...] = ()
    is_from_reputation: bool | None = None
    quorum: int = 0
    commit_until: int = 0
    reveal_until: int = 0
    jurors: tuple[JurorFacts, ...] = ()
    ruled_at: int | None = None
    ruling: Ruling = Ruling.NONE
    settled_at: int | None = None
    is_paid: bool = False
    settlement: Settlement | None = None

    def is_over(self, now: int) -> bool:
        """Whether a ruling was given, or would come too late."""
        return self.ruled_at is not None or now >= self.until

    def ending(self, now: int) -> str:
        """What it came to, in words."""
        return ending(self.is_challenge, self.ruling) if self.is_over(now) else "open"


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
