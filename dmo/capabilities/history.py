"""History: all that a deployment did, and what follows from it. What a report is made of.

Ideas, campaigns, work, disputes and proposals are the capabilities' own facts; what is counted and summed up over all
of them, and when each thing happened, stands beside them. Amounts are in units of the tokens, times in Unix seconds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.disputes import Dispute
from dmo.capabilities.ends import Ruling
from dmo.capabilities.governance import Proposal
from dmo.capabilities.ideas import Idea, Settled
from dmo.capabilities.payments import Credit
from dmo.capabilities.submissions import Submission
from dmo.home.deployment import Dmo
from dmo.home.documents import Document, Unreadable

Key = tuple[object, ...]
"""An event's name, alone or with the first or the first two of its arguments."""


class RoundHeld(NamedTuple):
    """A round with ideas; ``ballots`` are voters' last ones that hold choices, ``threshold`` is 0 while not known."""

    number: int
    opens: int
    closes: int
    cap: int
    threshold: int
    settled: Settled | None
    ballots: int
    choices: int


class Payment(NamedTuple):
    """Budget money on its way to who earned it, ``to`` an account; credited where that refused it.

    Its kind: work, gift, fee, won (in a dispute), juror; or credit, one that left the escrow later, of no campaign.
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


def kind_of(one: Bounty) -> str:
    """What its payments are for, disputes aside."""
    return "fee" if one.is_lessons else "gift" if one.is_gift else "work"


class Award(NamedTuple):
    """Points that were earned, WAD."""

    at: int
    account: str
    points: int


class GivenPaper(NamedTuple):
    """A document that was given in a dispute."""

    at: int
    by: str
    digest: bytes


class HeardJuror(NamedTuple):
    """A juror of a dispute; without a reveal there is no weight. ``paid``: or credited."""

    account: str
    committed_at: int
    revealed_at: int | None = None
    ruling: Ruling = Ruling.NONE
    weight: int = 0
    paid: int = 0


class Appraised(NamedTuple):
    """What was expected of ideas and what came of their campaigns, in ppm of the goal, where rooms tell it.

    Attributes:
        has_outcomes: Whether there is a room that tells outcomes.
        has_forecasts: Whether there is one that tells forecasts.
        outcomes: Campaign → its outcome, where that is final.
        forecasts: (round, number) → the forecast when the idea's vote closed, or as it is.
    """

    has_outcomes: bool = False
    has_forecasts: bool = False
    outcomes: Mapping[int, int] = {}
    forecasts: Mapping[tuple[int, int], int] = {}


@dataclass(frozen=True)
class History:
    """All there is to show.

    Attributes:
        began: Time of the deployment's first block.
        lessons: Campaign → the submission that holds its lessons; they are not among the work.
        papers: Submission → what was given in its dispute, the opener's statement first.
        jurors: Submission → its dispute's jurors in the order of reveals, who did not reveal last.
        standing: Account → points (WAD) at each of the moments, fading included.
        documents: As far as published, by digest.
        books: The escrow's own totals by name.
        origin: When the board's first round and season began.
        level_unit: Whole points that levels are measured by.
        appraised: Outcomes and forecasts.
        tactics: Entry of the plan → digest of its text, where that is a tactic's.
        choices_changed: Choices that turned round when voters replaced their ballots.
        counts: How often each event happened, by its name.
        more: Rows of further tables, by name.
        when: When it last happened, and the sums of the amounts, rewards or points that it told.
    """

    dmo: Dmo
    block: int
    now: int
    began: int
    origin: int = 0
    level_unit: int = 1
    appraised: Appraised = field(default_factory=Appraised)
    tactics: Mapping[int, bytes] = field(default_factory=dict)
    rounds: Sequence[RoundHeld] = ()
    ideas: Mapping[tuple[int, int], Idea] = field(default_factory=dict)
    campaigns: Sequence[Campaign] = ()
    bounties: Mapping[int, Bounty] = field(default_factory=dict)
    work: Sequence[Submission] = ()
    lessons: Mapping[int, Submission] = field(default_factory=dict)
    payments: Sequence[Payment] = ()
    disputes: Sequence[Dispute] = ()
    papers: Mapping[int, Sequence[GivenPaper]] = field(default_factory=dict)
    jurors: Mapping[int, Sequence[HeardJuror]] = field(default_factory=dict)
    awards: Sequence[Award] = ()
    moments: Sequence[int] = ()
    standing: Mapping[str, Sequence[int]] = field(default_factory=dict)
    proposals: Sequence[Proposal] = ()
    documents: Mapping[bytes, Document | Unreadable] = field(default_factory=dict)
    credits: Sequence[Credit] = ()
    books: Mapping[str, int] = field(default_factory=Counter)
    choices_changed: int = 0
    more: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=Counter)
    when: Mapping[Key, int] = field(default_factory=dict)
    sums: Mapping[Key, int] = field(default_factory=dict)

    def has(self, what: str) -> bool:
        """Whether there is any of something, or a row of a further table."""
        return bool(getattr(self, what, ()) or self.more.get(what))

    def at(self, *key: object) -> int | None:
        return self.when.get(key)

    def sum(self, *key: object) -> int:
        return self.sums.get(key, 0)

    @cached_property
    def edited(self) -> set[tuple[int, int]]:
        """The ideas that a new version replaced, by round and number."""
        return {(one.round, one.replaces) for one in self.ideas.values() if one.replaces}

    @property
    def is_calibrated(self) -> bool:
        """Whether a forecast has met its outcome."""
        known = self.appraised
        return any(
            (one.round, one.number) in known.forecasts and one.campaign in known.outcomes for one in self.campaigns
        )

    @cached_property
    def work_of(self) -> dict[int, Submission]:
        """Submissions by number, lessons among them."""
        return {one.submission: one for one in (*self.work, *self.lessons.values())}

    def outcome(self, one: Idea) -> str:
        """What became of an idea."""
        if one.is_withdrawn:
            return "replaced" if (one.round, one.number) in self.edited else "withdrawn"
        return "funded" if one.campaign else "did_not_fit" if one.is_passing else "did_not_pass"

    def ending(self, one: Dispute) -> str:
        """What a dispute came to."""
        if one.is_open(self.now):
            return "open"
        if one.is_contested:
            return "not_upheld"
        if one.ruling is Ruling.NONE:
            return "no_ruling"
        if one.is_challenge:
            return "challenge_won" if one.ruling is Ruling.REFUSE else "challenge_lost"
        return "rejection_overturned" if one.ruling is Ruling.PAY else "rejection_upheld"

    def is_silent(self, one: Submission) -> bool:
        """Whether work was paid although the lead never said a word of it, as it was in the end."""
        steps = ("Rejected", "Reworked", "Accepted", "Paid")
        rejected, reworked, accepted, paid = (self.at(f"Work{step}", one.submission) or 0 for step in steps)
        return bool(paid and not accepted and rejected <= reworked)

    def first_payment(self, campaign: int) -> int | None:
        """When a campaign first paid a worker."""
        its = (one.at for one in self.payments if one.campaign == campaign and one.kind in ("work", "gift"))
        return min(its, default=None)

    def closed_at(self, campaign: int) -> int | None:
        """When a campaign was last settled: its fee, its lessons, what it left."""
        paid = self.at("WorkPaid", its.submission) if (its := self.lessons.get(campaign)) else None
        ends = (self.at("FeeSettled", campaign), self.at("CampaignSwept", campaign), paid)
        return max((at for at in ends if at), default=None)

    @cached_property
    def spent(self) -> dict[int, dict[str, int]]:
        """Campaign → what was given to it, and where its money went, by name.

        ``left`` is at work, or back in the pool once it is closed. What disputes move comes from bonds alone.
        """
        kinds = ("work", "gift", "fee")
        gone = [(one.campaign, f"{one.kind}_paid", one.amount) for one in self.payments if one.kind in kinds]
        found = {}
        for one in self.campaigns:
            gifts = self.sum("CampaignToppedUp", one.campaign)
            paid = dict.fromkeys(("work_paid", "gift_paid", "fee_paid"), 0)
            found[one.campaign] = {"gifts": gifts, **paid, "left": one.ask + gifts}
        for campaign, name, amount in gone:
            found[campaign][name] += amount
            found[campaign]["left"] -= amount
        return found

    @cached_property
    def bonds(self) -> dict[str, int]:
        """All bonds, workers' and disputes', and where they went by name; returned ones as credits too."""
        ends = [one.settlement for one in self.disputes if one.settlement]
        won = sum(end.to_opener + end.to_upholder + end.to_worker for end in ends)
        jurors, pool = sum(end.to_jurors for end in ends), sum(end.to_pool - end.fee_taken for end in ends)
        kinds = ("Received", "Paid", "Credited", "Forfeited")
        put_up, paid, credited, lost = (self.sum(f"Bond{kind}") for kind in kinds)
        gone = {"returned": paid + credited, "to_jurors": jurors, "won": won, "to_pool": lost + pool}
        return {"put_up": put_up, **gone, "bonds_kept": put_up - sum(gone.values())}
