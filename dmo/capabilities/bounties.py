"""Bounties: paid tasks of a campaign."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.campaigns import AMOUNT, Campaign, Terms, campaign, terms
from dmo.capabilities.documents import TITLE, DocumentAct, Stand, TemplateQuery, paper
from dmo.capabilities.lens import BOUNTY, CAMPAIGN, MONEY, ZERO, every, page_reads, reads, single
from dmo.core import words
from dmo.core.act import arg, option, simple_act
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, chores, due, wanted
from dmo.core.errors import BadInput
from dmo.core.facts import Fact, of
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Amount, Timestamp, Value, choice, number
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home

_MOVED = ("CampaignEscrow.BountyCancelled", "CampaignEscrow.BountyReopened")


@dataclass
class Bounty(Fact, key=("bounty",), born="CampaignEscrow.BountyPosted", changed=_MOVED, listed="Lens.bounties"):
    """A bounty; ``bounties`` asks the Lens for its free slots, and until when it takes work as the campaign ends."""

    bounty: int = of(BOUNTY)
    campaign: int = of(CAMPAIGN)
    reward: int = of(MONEY)
    bond: int = of(MONEY)
    slots: int = of(NUMBER)
    submit_by: int = of(TIME)
    is_gift: bool = of(FLAG)
    worker: str = of(ACCOUNT)
    brief: bytes = of(DIGEST)
    free_slots: int = of(NUMBER, 0)
    closes_at: int = of(TIME, 0)

    @property
    def is_lessons(self) -> bool:
        """Whether it only holds a campaign's lessons, without a brief."""
        return not any(self.brief)

    def state(self, now: int) -> str:
        """Open to work, all slots taken, or closed."""
        return "closed" if now >= self.closes_at else "open" if self.free_slots else "taken"

    def is_open(self, now: int) -> bool:
        """Whether work can be handed in."""
        return self.state(now) == "open"


@documents.binds
def _binds(home: Home) -> Iterator[Stand]:
    yield from (Stand(one.brief, "brief", one.said()) for one in home.facts(Bounty).values() if not one.is_lessons)


def bounties(home: Home) -> list[Bounty]:
    """All bounties, those that hold lessons among them."""
    return every(home, Bounty, "bounties")


def bounty(home: Home, number: int) -> Bounty:
    """One bounty; Refused, as the escrow says it, where there is none."""
    return single(home, Bounty, "bounties", number)


def bounty_with(home: Home, number: int) -> tuple[Bounty, Campaign, Terms]:
    """A bounty, its campaign and its terms, read at once."""
    if number in home.facts(Bounty):
        home.read(reads(home, bounties=number, campaigns=home.facts(Bounty)[number].campaign))
    found = bounty(home, number)
    its = campaign(home, found.campaign)
    return found, its, terms(home, its.terms_id)


ITS = {"bounty": BOUNTY}


class PostBounty(
    DocumentAct, name="bounty post", call="CampaignEscrow.postBounty", told_by="BountyPosted", tells=ITS, who="lead"
):
    campaign: int = arg(CAMPAIGN)
    file: Document = arg(paper("brief"))
    reward: Amount = option(MONEY, MISSING)
    until: Timestamp = option(TIME, MISSING)
    slots: int = option(number("N", most=2**14 - 1), 1)
    worker_bond: Amount | None = option(MONEY, flag="bond")
    gift: bool = option(FLAG, False)
    worker: str | None = option(ACCOUNT)
    compared = Compared(
        {
            **{f"params.{key}": key for key in ("campaign", "reward", "slots")},
            **{"params.bond": "worker_bond or 0", "params.submitBy": "until", "params.isGift": "gift"},
            **{"params.worker": "worker or 0", "params.brief": "file"},
        }
    )

    def repeated(self, home: Home) -> BadInput | None:
        # A command that was cut off is repeated: the same offer would be paid for twice.
        offer = (self.campaign, self.file.digest, self.reward, self.slots)
        for one in home.facts(Bounty).values():
            if offer == (one.campaign, one.brief, one.reward, one.slots):
                error = words.bad("bounty_posted_already", bounty=one.bounty, campaign=one.campaign)
                return error.at(self.file.file)
        return None

    def arguments(self, home: Home) -> Sequence[Any]:
        params = self.campaign, self.reward, self.worker_bond or 0, self.until, self.slots, self.gift
        return [(*params, self.worker or ZERO, self.file.digest)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        least = terms(home, campaign(home, self.campaign).terms_id).stake(self.reward)
        told = {"total": MONEY(self.reward * self.slots), "leaves": MONEY(self.worker_bond or least)}
        return {**super().facts(home), **told}


UNTIL = {"tells": {"submit_by": TIME}, "who": "lead"}
CancelBounty = simple_act("bounty cancel", "CampaignEscrow.cancelBounty", "BountyCancelled", ITS, **UNTIL)
ReclaimBounty = simple_act("bounty reclaim", "CampaignEscrow.reclaimBounty", "BountyReclaimed", ITS, tells=AMOUNT)


class NewBounty(TemplateQuery, name="bounty new", template="brief"):
    file: str = arg(TEXT.called("FILE"), default="brief.md")


STATE = choice("bounty_state", "open", "taken", "closed")
BOUNTY_SHAPE = {**Bounty.shape(), "gift": FLAG, "title": TITLE, "state": STATE, "same_as": TEXT}
del BOUNTY_SHAPE["is_gift"]


def bounty_row(home: Home, one: Bounty) -> dict[str, Any]:
    """A bounty with its brief's title, for tables and machines."""
    title = "" if one.is_lessons else documents.title(home, one.brief)
    same = "" if one.is_lessons else documents.same_text(home, one.brief, bounty=one.bounty)
    return {**vars(one), "gift": one.is_gift, "title": title, "state": one.state(home.now), "same_as": same}


class ListBounties(Query, name="bounty list", gives={"bounties": [BOUNTY_SHAPE], "closed": NUMBER}):
    everything: bool = option(FLAG, False, flag="all")

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = [one for one in bounties(home) if not one.is_lessons]
        shown = [one for one in found if self.everything or one.is_open(home.now)]
        return {"bounties": [bounty_row(home, one) for one in shown], "closed": len(found) - len(shown)}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return page_reads(home, "bounties", len(home.facts(Bounty)))


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    known = bounties(home)
    held = [one.bounty for one in known if one.free_slots and home.now >= one.closes_at]
    yield from chores("reclaim", [ReclaimBounty(number) for number in held])
    led = home.facts(Campaign)
    fitting = [one for one in known if one.is_open(home.now) and one.worker in (ZERO, account)]
    until = [one.closes_at for one in fitting if not one.is_lessons and led[one.campaign].lead != account]
    if until and account:
        yield Item("work", min(until), False, "bounty list", count=len(until))
