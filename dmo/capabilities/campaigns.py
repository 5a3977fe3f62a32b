"""Campaigns: funded ideas and their money, from the pool to the lead's fee."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dmo.capabilities.documents import TITLE
from dmo.capabilities.ideas import idea_title
from dmo.capabilities.lens import CAMPAIGN, GOVERNANCE, MONEY, ZERO, every, ids, page_reads, single
from dmo.core.act import Act, arg, simple_act
from dmo.core.chain import Event, Read
from dmo.core.due import Item, chores, due, wanted
from dmo.core.engine import Done
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, DURATION, FLAG, NUMBER, SHARE, TIME, Timestamp, Value, choice
from dmo.core.units import share_rounded_up
from dmo.core.view import Query
from dmo.home.home import Home


@dataclass
class Terms(Fact, key=("terms_id",), born="DisputeDesk.TermsSet"):
    """What governance set for the campaigns funded from then on, until others are set.

    What each is for stands with the words of ``terms set``; ``arbitrator`` is zero while nothing can be disputed.
    """

    terms_id: int = of(NUMBER)
    review_seconds: int = of(DURATION)
    answer_seconds: int = of(DURATION)
    challenge_seconds: int = of(DURATION)
    arbitration_seconds: int = of(DURATION)
    notice_seconds: int = of(DURATION)
    dispute_bond_bps: int = of(SHARE)
    dispute_bond_min: int = of(MONEY)
    arbitrator: str = of(ACCOUNT)
    pays_jurors: bool = of(FLAG)
    meta_evidence: bytes = of(DIGEST)
    arbitrator_extra_data: bytes = of(DIGEST)

    @classmethod
    def named(cls, contract: str, event: Event) -> dict[str, Any]:
        found = super().named(contract, event)
        return {**found, **found.pop("measures")}

    @property
    def has_arbitrator(self) -> bool:
        """Whether a verdict can be disputed."""
        return self.arbitrator != ZERO

    def stake(self, reward: int) -> int:
        """The least bond of a worker, and what each side leaves in a dispute: in units of the budget token."""
        return min(max(share_rounded_up(reward, self.dispute_bond_bps), self.dispute_bond_min), reward)

    def unjudged(self, at: int) -> Timestamp:
        """When work handed in at a moment (Unix seconds) is paid if nobody acts."""
        return Timestamp(at + self.review_seconds + self.challenge_seconds)


def terms(home: Home, terms_id: int) -> Terms:
    """Terms by id."""
    return home.facts(Terms)[terms_id]


_CHANGED = ("CampaignEscrow.CampaignEndMoved", "CampaignEscrow.LeadReplaced")


@dataclass
class Campaign(
    Fact, key=("campaign",), born="CampaignEscrow.CampaignFunded", changed=_CHANGED, listed="Lens.campaigns"
):
    """A funded idea. What events do not tell, the Lens does: ``campaigns`` asks it."""

    campaign: int = of(CAMPAIGN)
    round: int = of(NUMBER)
    number: int = of(NUMBER)
    lead: str = of(ACCOUNT)
    ask: int = of(MONEY)
    fee_bps: int = of(SHARE)
    ends_at: int = of(TIME)
    terms_id: int = of(NUMBER)
    fee: int = of(MONEY, 0)
    fee_earned: int = of(MONEY, 0)
    fee_taken: int = of(MONEY, 0)
    booked: int = of(MONEY, 0)
    fee_settled: bool = of(FLAG, False)
    voted_free: int = of(MONEY, 0)
    voted_paid: int = of(MONEY, 0)
    gift_free: int = of(MONEY, 0)
    live: int = of(NUMBER, 0)
    lessons: int | None = of(NUMBER, None)
    lessons_until: int = of(TIME, 0)
    fee_due: int = of(MONEY, 0)
    fee_to_pool: int = of(MONEY, 0)

    @on("CampaignEscrow.FeeSettled")
    def settle(self, event: Event) -> None:
        """The lead's part is the reward of the lessons; the pool has the rest."""
        self.fee_due, self.fee_to_pool = event.arguments["earned"], event.arguments["toPool"]

    def update(self, **told: Any) -> None:
        """The Lens has other names for two of these, and 0 for no lessons."""
        names = {"earned": "fee_earned", "is_fee_settled": "fee_settled"}
        super().update(**{names.get(name, name): value for name, value in told.items()})
        self.lessons = self.lessons or None

    def state(self, now: int) -> str:
        """Running, ended, or closed."""
        if now < self.ends_at:
            return "running"
        return "closed" if self.fee_settled and not self.live else "ended"


def campaigns(home: Home) -> list[Campaign]:
    """All campaigns."""
    return every(home, Campaign, "campaigns")


def campaign(home: Home, number: int) -> Campaign:
    """One campaign; Refused, as the escrow says it, where there is none."""
    return single(home, Campaign, "campaigns", number)


AMOUNT = {"amount": MONEY}
SWEPT = {"voted": MONEY, "gift": MONEY}
GIVEN = {"campaign": CAMPAIGN, "amount": MONEY}
POOLED = {"pays": "amount", "who": GOVERNANCE}
Deposit = simple_act("campaign deposit", "CampaignEscrow.deposit", "PoolDeposited", AMOUNT, **POOLED)
WithdrawPool = simple_act("campaign recall", "CampaignEscrow.withdrawPool", "PoolWithdrawn", AMOUNT, who=GOVERNANCE)
TopUp = simple_act("campaign top-up", "CampaignEscrow.topUp", "CampaignToppedUp", GIVEN, pays="amount")
MOVED = {"campaign": CAMPAIGN, "ends_at": TIME}
EARLY = {"tells": {"ends_at": TIME}, "who": "lead or governance"}
EndCampaign = simple_act("campaign end", "CampaignEscrow.endEarly", "CampaignEndMoved", MOVED, **EARLY)


class ReplaceLead(
    Act,
    name="campaign lead",
    call="CampaignEscrow.replaceLead",
    told_by="LeadReplaced",
    tells={"former": ACCOUNT, "booked": MONEY},
    who=GOVERNANCE,
):
    campaign: int = arg(CAMPAIGN)
    lead: str = arg(ACCOUNT)

    def facts(self, home: Home) -> Mapping[str, Value]:
        one = campaign(home, self.campaign)
        return {"former": ACCOUNT(one.lead), "fee_earned": MONEY(one.fee_earned)}


class CloseCampaign(
    Act, name="campaign close", call="CampaignEscrow.closeCampaign", told_by="CampaignSwept", tells=SWEPT
):
    campaign: int = arg(CAMPAIGN)

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        # Nothing is swept where only the fee was left to settle.
        swept = {key: one.value or 0 for key, one in super().told(home, done).items()}
        return {key: MONEY(value) for key, value in {**swept, "swept": sum(swept.values())}.items()}


STATE = choice("campaign_state", "running", "ended", "closed")
CAMPAIGN_SHAPE = {**Campaign.shape(), "state": STATE, "title": TITLE}


def row(home: Home, one: Campaign) -> dict[str, Any]:
    """A campaign with its idea's title, for tables and machines."""
    return {**vars(one), "state": one.state(home.now), "title": idea_title(home, one.round, one.number)}


class ListCampaigns(Query, name="campaign list", gives={"campaigns": [CAMPAIGN_SHAPE], "pool": MONEY}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        pool = home.reading("CampaignEscrow", "poolFree")
        free, *_ = home.read([pool, *page_reads(home, "campaigns", len(home.facts(Campaign)))])
        return {"campaigns": [row(home, one) for one in campaigns(home)], "pool": free}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    last = len(home.facts(Campaign))
    return [*page_reads(home, "closable", last), *(page_reads(home, "campaigns", last) if account else [])]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    yield from chores("close", [CloseCampaign(one) for one in ids(home, "closable", len(home.facts(Campaign)))])
    for one in campaigns(home) if account else ():
        if one.lead != account:
            continue
        if home.now < one.ends_at and one.voted_free:
            yield Item("bounty", one.ends_at, False, "bounty new", one.said())
        if one.lessons or one.fee_settled or home.now >= one.lessons_until:
            continue
        if home.now < one.ends_at:
            if one.fee:
                yield Item("lessons_later", one.ends_at, False, f"campaign show {one.campaign}", one.said())
        elif one.live:  # lessons come last
            until, values = one.lessons_until, {**one.said(), "count": NUMBER(one.live)}
            yield Item("lessons_wait", until, False, f"campaign show {one.campaign}", values, count=one.live)
        else:
            yield Item("lessons", one.lessons_until, True, "lesson new", one.said())
