"""All facts of an escrow at one moment, read in one call, and what their money has to add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.models.disputes import bond_of
from tests.support.system.stage import Stage

REVIEW, ACCEPTED, REJECTED, CONTESTED, DISPUTED, PAYABLE, VOID, DONE = range(1, 9)


def account_of(word: int) -> str:
    """The address in a word, lower case."""
    return f"0x{word:040x}"


@dataclass(frozen=True)
class Promise:
    """What a campaign was told when it was funded, and never changes."""

    ask: int
    fee: int
    windows: tuple[int, ...]  # review, answer, challenge, arbitration, notice
    bond_bps: int
    bond_min: int

    def bond_of(self, reward: int) -> int:
        return bond_of(reward, self.bond_bps, self.bond_min)

    @property
    def life(self) -> int:
        """The longest a submission can live, and one review."""
        review, answer, challenge, arbitration, _ = self.windows
        return 3 * review + answer + max(2 * answer, challenge) + arbitration


@dataclass(frozen=True)
class Offer:
    """What a bounty promises."""

    reward: int
    bond: int
    campaign: int
    is_gift: bool


@dataclass(frozen=True)
class Campaign:
    lead: str
    ends_at: int
    voted_used: int
    is_fee_settled: bool
    gift: int
    voted_paid: int
    live: int
    fee_taken: int
    lead_taken: int
    stints: tuple[tuple[str, int, int], ...]  # lead, fee, earned
    lessons: int

    def fee_left(self, promise: Promise, stint: int) -> int:
        """What a dispute can take from who led then."""
        if self.is_fee_settled:
            return 0
        if stint < len(self.stints):
            return self.stints[stint][1]
        return promise.fee - self.fee_taken - sum(fee for _, fee, _ in self.stints)


@dataclass(frozen=True)
class Dispute:
    opener: str
    until: int
    ruled: int  # 0: not yet told
    is_challenge: bool
    lead: str
    settled_at: int
    pulls_from: int
    upholder: str
    number: int
    bond: int
    pot: int


@dataclass(frozen=True)
class Work:
    status: int
    since: int
    stint: int
    dispute: Dispute | None


@dataclass(frozen=True)
class Bounty:
    free_slots: int
    submit_by: int


@dataclass
class Known:
    """What need be read but once.

    Attributes:
        promises, offers: By campaign and by bounty, from 1 on.
        bounty_of: The bounty of each submission.
        disputed: Submissions that have been challenged or contested.
        stints: How many leads have been replaced, by campaign.
    """

    promises: list[Promise] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    bounty_of: list[int] = field(default_factory=list)
    disputed: set[int] = field(default_factory=set)
    stints: dict[int, int] = field(default_factory=dict)

    def promise_of(self, work: int) -> Promise:
        return self.promises[self.offer_of(work).campaign - 1]

    def offer_of(self, work: int) -> Offer:
        return self.offers[self.bounty_of[work - 1] - 1]


@dataclass(frozen=True)
class Reading:
    """The escrow and its people at a moment.

    Attributes:
        books: paid, held, received, refunded, pool, bonds received, bonds paid, bonds held, balance.
        wealth: Balance and credit, by account.
        credits: By account.
    """

    books: dict[str, int]
    campaigns: tuple[Campaign, ...]
    bounties: tuple[Bounty, ...]
    works: tuple[Work, ...]
    wealth: dict[str, int]
    credits: dict[str, int]

    def places(self, known: Known) -> tuple[int, int]:
        """Budget money and bonds, added up wherever they lie."""
        held = self.books["pool"] + sum(self.credits.values())
        for campaign, promise in zip(self.campaigns, known.promises, strict=True):
            held += promise.ask - promise.fee - campaign.voted_used + campaign.gift
            held += 0 if campaign.is_fee_settled else promise.fee - campaign.fee_taken
        for bounty, offer in zip(self.bounties, known.offers, strict=True):
            held += bounty.free_slots * offer.reward
        bonds = 0
        for number, work in enumerate(self.works, 1):
            offer, dispute = known.offer_of(number), work.dispute
            held += dispute.pot if dispute else 0
            if work.status != DONE:
                held += offer.reward
                bonds += offer.bond
                if dispute:
                    bonds += dispute.bond * (2 if int(dispute.upholder, 16) else 1)
        return held, bonds


def read(stage: Stage, known: Known) -> Reading:
    """Read everything, in two calls once all is known."""
    campaigns, bounties, works = stage.ask("CampaignEscrow", "counts")
    _learn(stage, known, campaigns, bounties, works)
    escrow = stage.contracts["CampaignEscrow"].address
    words = iter(stage.ask("EscrowProbe", "all", escrow, list(stage.people), skip=2))

    def some(count: int) -> list[int]:
        return [next(words) for _ in range(count)]

    names = ("paid", "held", "received", "refunded", "pool", "bonds received", "bonds paid", "bonds held", "balance")
    books = dict(zip(names, some(9), strict=True))
    found = tuple(_campaign(some, known.stints.get(i, 0)) for i in range(1, campaigns + 1))
    offered = []
    for _ in range(bounties):
        _, free, until = some(3)
        offered.append(Bounty(free, until))
    worked = tuple(_work(some, is_disputed=i in known.disputed) for i in range(1, works + 1))
    wealth, owed = {}, {}
    for who in stage.people:
        credit, _, _, balance = some(4)
        wealth[who], owed[who] = balance + credit, credit
    assert next(words, None) is None, "the probe tells more than is read"
    return Reading(books, found, tuple(offered), worked, wealth, owed)


def _campaign(some: Any, former: int) -> Campaign:
    lead, ends_at, _, used, settled, gift, voted, live, taken, by_lead = some(10)
    stints = tuple((account_of(who), fee, earned) for who, _, fee, earned in (some(4) for _ in range(former)))
    (lessons,) = some(1)
    return Campaign(account_of(lead), ends_at, used, bool(settled), gift, voted, live, taken, by_lead, stints, lessons)


def _work(some: Any, *, is_disputed: bool) -> Work:
    status, since, stint = some(3)
    if not is_disputed:
        return Work(status, since, stint, None)
    opener, until, _, ruled, challenge, lead, settled, pulls, upholder, number, bond, pot, _, _ = some(14)
    who = account_of(opener), account_of(lead), account_of(upholder)
    dispute = Dispute(who[0], until, ruled, bool(challenge), who[1], settled, pulls, who[2], number, bond, pot)
    return Work(status, since, stint, dispute)


def _learn(stage: Stage, known: Known, campaigns: int, bounties: int, works: int) -> None:
    for number in range(len(known.promises) + 1, campaigns + 1):
        _, _, _, terms, _, _, ask, _, fee_bps, *_ = stage.ask("CampaignEscrow", "campaignOf", number)
        (word,) = stage.ask("DisputeDesk", "measuresOf", terms)
        windows = tuple(word >> 32 * i & 2**32 - 1 for i in range(5))
        stakes = word >> 160 & 2**16 - 1, word >> 176 & 2**80 - 1
        known.promises.append(Promise(ask, ask * fee_bps // 10_000, windows, *stakes))
    for number in range(len(known.offers) + 1, bounties + 1):
        reward, bond, campaign, _, _, is_gift, _ = stage.ask("CampaignEscrow", "bountyOf", number)
        known.offers.append(Offer(reward, bond, campaign, bool(is_gift)))
    for number in range(len(known.bounty_of) + 1, works + 1):
        known.bounty_of.append(stage.ask("CampaignEscrow", "submissionOf", number)[1])


def live_works(reading: Reading, *statuses: int) -> Iterator[int]:
    """Submissions in one of these statuses."""
    return (i for i, work in enumerate(reading.works, 1) if work.status in statuses)
