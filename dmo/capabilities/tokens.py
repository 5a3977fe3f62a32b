"""Tokens and points: votes, their lending, wrapping; reputation earned by paid work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dmo.capabilities.lens import MONEY, VOTES
from dmo.capabilities.merits import level_of
from dmo.capabilities.recognition import MERITS, WHO, merits, unit
from dmo.capabilities.rounds import posting_left
from dmo.core.abi.codec import checksum
from dmo.core.act import Act, arg
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.kinds import ACCOUNT, COIN, DURATION, FLAG, NUMBER, POINTS, TEXT, Amount, Points, Value, amount, shape
from dmo.core.view import Query
from dmo.home.home import Home


class Delegate(Act, name="token delegate", call="HolderToken.delegate", told_by="DelegateChanged", who="holder"):
    delegate: str = arg(ACCOUNT)

    def target(self, home: Home) -> str:
        return home.dmo.votes_address

    def without_effect(self, home: Home) -> str:
        me = home.maybe_me
        is_so = me is not None and home.read([home.votes_reading("delegates", me)]) == [self.delegate]
        return home.word("lending", "is_so").format(who=home.who(self.delegate)) if is_so else ""

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"lent": FLAG(self.delegate != home.maybe_me)}


class _Wrapping(Act, told_by="Transfer", token="underlying"):
    amount: Amount = arg(amount("underlying"))
    compared = Compared({"account": "me", "value": "amount"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [home.me, self.amount]


class Wrap(
    _Wrapping, name="token wrap", call="VotesWrapper.depositFor", pays="amount", who="holder of the underlying token"
):
    """Wrap an existing token into votes, one for one."""


class Unwrap(_Wrapping, name="token unwrap", call="VotesWrapper.withdrawTo", who="holder"):
    """Unwrap votes, one for one."""


HOLDING = {
    **shape((ACCOUNT, "account delegate lent_to"), (TEXT, "address share coin"), (NUMBER, "ideas_left round")),
    **shape((VOTES, "votes_balance votes votes_supply votable"), (FLAG, "excluded"), budget_balance=MONEY, native=COIN),
}


class ShowHolding(Query, name="token show", gives=HOLDING):
    account: str = arg(WHO, default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = home.account(self.account)
        budget = Read("ERC20", home.dmo.budget_address, "balanceOf", (who,))
        reads = [home.votes_reading(view, who) for view in ("balanceOf", "getVotes", "delegates")]
        reads += [home.votes_reading("totalSupply"), budget, home.reading("IdeaBoard", "excludedAccounts")]
        held, votes, lent_to, supply, money, excluded = home.read(reads)
        votable = supply - sum(home.read([home.votes_reading("getVotes", one) for one in excluded]))
        is_excluded = who in map(checksum, excluded)
        votes = 0 if is_excluded else votes  # the token counts them, and nobody else does
        number, left = posting_left(home, who) or (None, None)
        share = Decimal(votes * 10_000 // votable if votable else 0) / 100
        return {
            **{"account": who, "address": home.names.who(who), "excluded": is_excluded, "votable": votable},
            **{"votes_balance": held, "votes": votes, "votes_supply": supply, "share": f"{share:.2f}%"},
            **{"delegate": lent_to, "lent_to": lent_to if lent_to != who else None, "budget_balance": money},
            **{"native": home.chain.balance(who), "coin": home.network.coin, "ideas_left": left, "round": number},
        }


@dataclass(frozen=True)
class Standing:
    """An account's place; points faded to now, of the next round, and ever earned (WAD)."""

    rank: int
    account: str
    points: Points
    pending: Points
    earned: Points


@dataclass
class Earned:
    """An account's awards: how many, and points (WAD)."""

    awards: int = 0
    pending: int = 0
    earned: int = 0


def earned(home: Home) -> dict[str, Earned]:
    """Every account's awards, in the order of the chain."""
    found: dict[str, Earned] = {}
    for event in home.events("Reputation.PointsAwarded"):
        its, points = found.setdefault(event.arguments["account"], Earned()), event.arguments["pointsWad"]
        its.awards += 1
        its.earned += points
        its.pending += points if event.arguments["countsFrom"] > home.now else 0
    return found


def standings(home: Home) -> list[Standing]:
    """Everybody with points, the most first; equals by address."""
    awards = earned(home)
    now = home.read([home.reading("Reputation", "getVotes", who) for who in awards])
    ranked = sorted(zip(now, awards, strict=True), key=lambda pair: (-pair[0], pair[1]))
    its = [(place, who, faded, awards[who]) for place, (faded, who) in enumerate(ranked, 1)]
    return [Standing(place, who, faded, Points(one.pending), Points(one.earned)) for place, who, faded, one in its]


SHARED = {"account": ACCOUNT, "points": POINTS, "pending": POINTS, "earned": POINTS}


class ShowPoints(
    Query,
    name="points show",
    gives={**SHARED, **MERITS, "address": TEXT, "awards": NUMBER, "half_life_seconds": DURATION},
):
    account: str = arg(WHO, default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = home.account(self.account)
        votes, half_life = home.reading("Reputation", "getVotes", who), home.reading("Reputation", "halfLifeSeconds")
        told = dict(zip(("points", "half_life_seconds"), home.read([votes, half_life]), strict=True))
        told |= {"account": who, "address": home.names.who(who)}
        its = earned(home).get(who, Earned())
        return {**told, **vars(its), **merits(home, who, its.earned)}


class Board(Query, name="points board", gives={"board": [{"rank": NUMBER, "level": NUMBER, **SHARED}]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        base = unit(home)
        return {"board": [{**vars(one), "level": level_of(one.earned, base)} for one in standings(home)]}
