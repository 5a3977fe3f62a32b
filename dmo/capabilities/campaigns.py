"""Campaigns: funded ideas and their money, from the pool to the lead's fee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities.documents import TITLE
from dmo.capabilities.ideas import idea_title
from dmo.capabilities.lens import CAMPAIGN, GOVERNANCE, MONEY, page_reads, pages
from dmo.core import words
from dmo.core.act import Act, Done, arg
from dmo.core.due import Item, due, wanted
from dmo.core.facts import Fact, of
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, SHARE, TIME, Value, choice
from dmo.core.view import Query

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home

__all__ = ["Campaign", "campaign", "campaigns"]

ESCROW = "CampaignEscrow"
STATE = choice("campaign_state", "running", "ended", "closed")


@dataclass
class Campaign(
    Fact,
    key=("campaign",),
    born="CampaignEscrow.CampaignFunded",
    changed=("CampaignEscrow.CampaignEndMoved", "CampaignEscrow.LeadReplaced"),
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
    fee_settled: bool = of(FLAG, False)
    voted_free: int = of(MONEY, 0)
    voted_paid: int = of(MONEY, 0)
    gift_free: int = of(MONEY, 0)
    live: int = of(NUMBER, 0)
    lessons: int | None = of(NUMBER, None)
    lessons_until: int = of(TIME, 0)

    def state(self, now: int) -> str:
        """Running, ended, or closed."""
        if now < self.ends_at:
            return "running"
        return "closed" if self.fee_settled and not self.live else "ended"


def campaigns(home: Home) -> list[Campaign]:
    """All campaigns, with what follows from their facts now."""
    known = home.facts(Campaign)
    for told in pages(home, "campaigns", len(known)):
        told["fee_earned"], told["fee_settled"] = told["earned"], told["is_fee_settled"]
        known[told["id"]].update(**{**told, "lessons": told["lessons"] or None})
    return list(known.values())


def campaign(home: Home, number: int) -> Campaign:
    """One campaign.

    Raises:
        NotFound: There is no such campaign.
    """
    for one in campaigns(home):
        if one.campaign == number:
            return one
    raise words.missing("no_campaign", campaign=number)


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Deposit(
    Act,
    name="campaign deposit",
    call="CampaignEscrow.deposit",
    told_by="PoolDeposited",
    tells={"amount": MONEY},
    pays="amount",
):
    """Pay money into the pool."""

    amount: int = arg(MONEY)


@dataclass(frozen=True)
class WithdrawPool(
    Act,
    name="campaign recall",
    call="CampaignEscrow.withdrawPool",
    told_by="PoolWithdrawn",
    tells={"amount": MONEY},
    who=GOVERNANCE,
):
    """Take free pool money back into the treasury."""

    amount: int = arg(MONEY)


@dataclass(frozen=True)
class TopUp(
    Act,
    name="campaign top-up",
    call="CampaignEscrow.topUp",
    told_by="CampaignToppedUp",
    tells={"amount": MONEY},
    pays="amount",
):
    """Give money to a campaign."""

    campaign: int = arg(CAMPAIGN)
    amount: int = arg(MONEY)


@dataclass(frozen=True)
class Close(
    Act,
    name="campaign close",
    call="CampaignEscrow.closeCampaign",
    told_by="CampaignSwept",
    tells={"voted": MONEY, "gift": MONEY},
):
    """Close what can be closed of an ended campaign."""

    campaign: int = arg(CAMPAIGN)

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """What went to the pool; nothing, where only the fee did."""
        event = done.event(self.told_by)
        voted, gift = (event.arguments["voted"], event.arguments["gift"]) if event else (0, 0)
        return {"voted": MONEY(voted), "gift": MONEY(gift), "swept": MONEY(voted + gift)}


@dataclass(frozen=True)
class EndEarly(
    Act,
    name="campaign end",
    call="CampaignEscrow.endEarly",
    told_by="CampaignEndMoved",
    tells={"endsAt": TIME},
    who="lead or governance",
):
    """Let a campaign end earlier."""

    campaign: int = arg(CAMPAIGN)
    ends_at: int = arg(TIME)


@dataclass(frozen=True)
class ReplaceLead(
    Act,
    name="campaign lead",
    call="CampaignEscrow.replaceLead",
    told_by="LeadReplaced",
    tells={"lead": ACCOUNT},
    who=GOVERNANCE,
):
    """Give a campaign another lead."""

    campaign: int = arg(CAMPAIGN)
    lead: str = arg(ACCOUNT)


# ── queries ─────────────────────────────────────────────────────────────────────────────────────

CAMPAIGN_SHAPE = {**Campaign.shape(), "state": STATE, "title": TITLE}


def row(home: Home, one: Campaign) -> dict[str, Any]:
    """A campaign with its idea's title, for tables and machines."""
    return {
        **vars(one),
        "state": one.state(home.now),
        "title": idea_title(home, one.round, one.number),
    }


@dataclass(frozen=True)
class ListCampaigns(
    Query, name="campaign list", gives={"campaigns": [CAMPAIGN_SHAPE], "pool": MONEY}
):
    """All campaigns, and what is in the pool."""

    def answer(self, home: Home) -> Mapping[str, Any]:
        """Campaigns in the order of their numbers."""
        pool = home.reading("CampaignEscrow", "poolFree")
        home.read([pool, *page_reads(home, "campaigns", len(home.facts(Campaign)))])
        found = campaigns(home)
        return {"campaigns": [row(home, one) for one in found], "pool": home.read([pool])[0]}


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return page_reads(home, "campaigns", len(home.facts(Campaign)))


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    for one in campaigns(home):
        values = {"campaign": CAMPAIGN(one.campaign)}
        if one.lead != account:
            continue
        if home.now < one.ends_at:
            if one.voted_free:
                more = {**values, "free": MONEY(one.voted_free)}
                yield Item("bounty", one.ends_at, False, "bounty new", more)
        elif not one.lessons and home.now < one.lessons_until and not one.fee_settled:
            more = {**values, "fee": MONEY(one.fee_earned)}
            yield Item("lessons", one.lessons_until, True, "lesson new", more)
