"""What people do about forecasts: sponsor, move, link, claim, and the money that is free; the purse is governance's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dmo.capabilities.campaigns import AMOUNT
from dmo.capabilities.forecasts import (
    FORECASTS,
    ONE,
    ForecastMarket,
    Key,
    Stake,
    books,
    claimable,
    depth_of,
    has_forecasts,
    is_open,
    least_sponsorship,
    linkable,
    locked_until,
    market,
    state,
    swing,
    times_of,
)
from dmo.capabilities.ideas import IDEA, Idea, as_posted
from dmo.capabilities.lens import CAMPAIGN, GOVERNANCE, MONEY
from dmo.capabilities.outcome_shown import past
from dmo.capabilities.outcomes import standings
from dmo.core import explain, words
from dmo.core.act import Act, arg, option, simple_act
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, chores, due, wanted
from dmo.core.engine import Done
from dmo.core.errors import Refused
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, PPM, TEXT, TIME, Amount, Value
from dmo.home.home import Home

ROOM = 50_000
"""So much more or less than it is now may a forecast be, unless something else is said, in millionths."""
_NOTHING = "0x" + "00" * 32


def usual_start(home: Home) -> int:
    """What a market may open with: what outcomes came to so far, or half."""
    shares = past(standings(home))
    return sum(shares) // len(shares) if shares else ONE // 2


class SponsorForecast(
    Act, name="forecast sponsor", call="Forecasts.sponsor", told_by="ForecastSponsored", pays="amount"
):
    idea: Key = arg(IDEA)
    amount: Amount = arg(MONEY)
    start: int | None = option(PPM)
    at_least: int | None = option(PPM)
    at_most: int | None = option(PPM)
    compared = Compared(
        {
            **{"round": "idea.0", "number": "idea.1", "amount": "amount", "start": "start or shown.start"},
            **{"minPpm": "at_least or shown.least_ppm", "maxPpm": "at_most or shown.most_ppm"},
        }
    )

    def bounds(self, home: Home) -> tuple[int, int, int]:
        """The forecast that it is, or begins with, and what it may be when this arrives."""
        known = market(home, self.idea)
        if known is None:
            start = usual_start(home) if self.start is None else self.start
            least, most = start, start
        else:
            start = known.ppm
            least, most = max(start - ROOM, 0), min(start + ROOM, ONE)
        return (
            start,
            least if self.at_least is None else self.at_least,
            most if self.at_most is None else self.at_most,
        )

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        start, least, most = self.bounds(home)
        begins = start if self.start is None else self.start
        return {"start": str(begins), "least_ppm": str(least), "most_ppm": str(most)}

    def arguments(self, home: Home) -> Sequence[Any]:
        start, least, most = self.bounds(home)
        return [*self.idea, self.amount, start if self.start is None else self.start, least, most]

    def facts(self, home: Home) -> Mapping[str, Value]:
        start, least, most = self.bounds(home)
        is_first = market(home, self.idea) is None
        return {
            **{"ppm": PPM(start), "least_ppm": PPM(least), "most_ppm": PPM(most), "opens": FLAG(is_first)},
            **{"depth": MONEY(depth_of(self.amount, start)), "locked": TIME(locked_until(home, self.idea))},
            "least": MONEY(least_sponsorship(as_posted(home, *self.idea).ask) if is_first else None),
        }


class MoveForecast(Act, name="forecast move", call="Forecasts.move", told_by="ForecastMoved", tells={"paid": MONEY}):
    idea: Key = arg(IDEA)
    to: int = arg(PPM)
    max_pay: Amount | None = option(MONEY)
    why: bytes | None = option(DIGEST)
    compared = Compared(
        {
            **{"round": "idea.0", "number": "idea.1", "toPpm": "to", "maxPay": "max_pay or shown.most"},
            "why": f"why or {_NOTHING}",
        },
        taken="shown.taken",
    )

    def known(self, home: Home) -> ForecastMarket:
        """The market. Raises Refused: nobody sponsors it."""
        one = market(home, self.idea)
        if one is None:
            told = dict(zip(("round", "number"), self.idea, strict=True))
            raise explain.refused("ForecastsNotSponsored", told)
        return one

    def costs(self, home: Home) -> int:
        """What it takes as things are; below 0 where some comes back."""
        one, mine = self.known(home), books(home).of(self.idea, home.maybe_me)
        return mine.moved(one.depth, one.ppm, self.to).collateral - mine.collateral

    def most(self, home: Home) -> int:
        """What it may take: as much as was said, or a tenth more than now."""
        costs = max(self.costs(home), 0)
        return costs + -(-costs // 10) if self.max_pay is None else self.max_pay

    def bond(self, home: Home) -> int:
        """What of it is not free already."""
        return max(self.most(home) - books(home).free.get(home.maybe_me or "", 0), 0)

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"most": str(self.most(home)), "taken": str(self.bond(home))}

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*self.idea, self.to, self.most(home), self.why or bytes(32)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, costs = self.known(home), self.costs(home)
        after = books(home).of(self.idea, home.maybe_me).moved(one.depth, one.ppm, self.to)
        return {
            **{"ppm": PPM(one.ppm), "costs": MONEY(max(costs, 0) or None), "back": MONEY(max(-costs, 0) or None)},
            **{"most": MONEY(self.most(home)), "locked": TIME(locked_until(home, self.idea))},
            **{"if_right": MONEY(_worth(after, self.to)), "if_as_before": MONEY(_worth(after, one.ppm))},
            **{"if_void": MONEY(after.collateral), "is_down": FLAG(self.to < one.ppm)},
        }

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event(self.told_by)
        paid = event.arguments["paid"] if event else 0
        return {"paid": MONEY(paid), "took": MONEY(max(paid, 0) or None), "freed": MONEY(max(-paid, 0) or None)}


def _worth(after: Stake, ppm: int) -> int:
    """What the moves alone are paid at an outcome."""
    return after.collateral + (after.a + after.b * ppm) // (ONE * ONE)


class LinkForecast(Act, name="forecast link", call="Forecasts.link", told_by="ForecastLinked"):
    idea: Key = arg(IDEA)
    campaign: int | None = arg(CAMPAIGN, default=None)
    compared = Compared({"round": "idea.0", "number": "idea.1", "campaign": "campaign or shown.campaign"})

    def which(self, home: Home) -> int:
        """The campaign that the idea became, or the one that was named."""
        return self.campaign or as_posted(home, *self.idea).campaign or 0

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"campaign": str(self.which(home))}

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*self.idea, self.which(home)]

    def facts(self, home: Home) -> Mapping[str, Value]:
        if not (number := self.which(home)):
            raise words.bad("not_funded", idea=IDEA.show(home, self.idea)).at(field="campaign")
        return {"campaign": CAMPAIGN(number)}


class ClaimForecast(Act, name="forecast claim", call="Forecasts.claim", told_by="ForecastClaimed", tells=AMOUNT):
    idea: Key = arg(IDEA)
    account: str | None = arg(ACCOUNT, default=None)
    compared = Compared({"round": "idea.0", "number": "idea.1", "account": "account or me"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*self.idea, self.account or home.me]

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, who = market(home, self.idea), self.account or home.me
        its, ppm = state(home, one) if one else ("none", None)
        mine = books(home).of(self.idea, who)
        brings = mine.left if its == "void" else mine.worth(one.ppm, ppm) if one and ppm is not None else None
        return {"account": ACCOUNT(who), "brings": MONEY(brings), "left": MONEY(mine.left)}


class DepositForecast(Act, name="forecast deposit", call="Forecasts.depositFor", told_by="ForecastFreeChanged"):
    amount: Amount = arg(MONEY)
    account: str | None = option(ACCOUNT, flag="for")
    compared = Compared({"account": "account or me", "amount": "amount"})

    def bond(self, home: Home) -> int:
        return self.amount

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.account or home.me, self.amount]

    def facts(self, home: Home) -> Mapping[str, Value]:
        who = self.account or home.me
        is_purse = who.lower() == home.dmo.address(FORECASTS).lower()
        return {"account": ACCOUNT(who), "purse": FLAG(is_purse)}


class WithdrawForecast(Act, name="forecast withdraw", call="Forecasts.withdrawTo", told_by="ForecastFreeChanged"):
    to: str | None = arg(ACCOUNT.called("TO"), default=None)
    compared = Compared({"to": "to or me"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.to or home.me]

    def facts(self, home: Home) -> Mapping[str, Value]:
        to, free = self.to or home.me, books(home).free.get(home.maybe_me or "", 0)
        return {"to": ACCOUNT(to), "address": TEXT(to), "owed": MONEY(free)}


_WHO = {"account": ACCOUNT}
DeliverForecast = simple_act("forecast deliver", "Forecasts.withdraw", "ForecastFreeChanged", _WHO)


class OpenForecast(Act, name="forecast open", call="Forecasts.openFromPurse", told_by="ForecastSponsored"):
    idea: Key = arg(IDEA)
    compared = Compared({"round": "idea.0", "number": "idea.1"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return list(self.idea)

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"takes": MONEY(least_sponsorship(as_posted(home, *self.idea).ask))}

    def refused(self, home: Home, error: Refused) -> Refused:
        """It is the purse that has too little, not who asks."""
        if error.name == "ForecastsTooLittle":
            shown = {key: MONEY.show(home, error.arguments[key]) for key in ("amount", "least")}
            error.message, error.hint = words.wrong("purse_short", shown)
            error.is_told = True
        return error


_START = {"ppm": PPM}
StartForecasts = simple_act("forecast start", "Forecasts.setPurseStart", "PurseStartSet", _START, who=GOVERNANCE)
EmptyPurse = simple_act("forecast empty", "Forecasts.emptyPurse", "ForecastFreeChanged", {}, who=GOVERNANCE)


# ── what is due ──


def _deliveries(home: Home) -> list[Read]:
    """Deliveries, tried: to whom claimed and has nothing at work; what somebody deposited for moves to come stays."""
    stakes = [(who, one) for its in books(home).stakes.values() for who, one in its.items()]
    at_work = {who for who, one in stakes if one.a or one.b or one.amount} | {home.dmo.address(FORECASTS)}
    over = dict.fromkeys(who for who, one in stakes if one.claimed is not None and who not in at_work)
    waiting = [who for who in over if books(home).free.get(who)]
    return [home.reading(FORECASTS, "withdraw", who) for who in home.some(waiting)]


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return _deliveries(home) if has_forecasts(home) else []


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    if not has_forecasts(home) or not home.facts(ForecastMarket):
        return
    yield from _chores("forecast_link", [LinkForecast(*one) for one in linkable(home)])
    yield from _chores("forecast_claim", [ClaimForecast(*one) for one in claimable(home)])
    tried = zip(_deliveries(home), home.snapshot.try_read(_deliveries(home)), strict=True)
    taken = [read.arguments[0] for read, answer in tried if not isinstance(answer, Refused)]
    yield from chores("forecast_deliver", [DeliverForecast(one) for one in taken])
    for one in home.facts(ForecastMarket).values() if account else ():
        mine = books(home).of(one.idea, account)
        if is_open(home, one.idea) and not mine.moves and not home.facts(Idea)[one.idea].is_withdrawn:
            until = times_of(home, one.idea).voting_closes
            yield Item("forecast", until, False, f"forecast show {one.round}/{one.number}", _values(one))


def _chores(kind: str, acts: Sequence[LinkForecast | ClaimForecast]) -> Iterator[Item]:
    """What anybody can do, as one types it: an idea is round/number."""
    for first in acts[:1]:
        (number, place), what = first.idea, [*vars(first).values()][1]
        yield Item(kind, 0, True, f"{first.name} {number}/{place} {what}", {}, tuple(acts), len(acts))


def _values(one: ForecastMarket) -> dict[str, Value]:
    return {"idea": IDEA(one.idea), "ppm": PPM(one.ppm), "swing": MONEY(swing(one.depth))}
