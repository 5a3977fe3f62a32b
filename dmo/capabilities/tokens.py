"""Tokens and points: votes, their lending, wrapping; reputation earned by paid work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities.lens import MONEY, VOTES
from dmo.core.act import Act, arg
from dmo.core.chain import Read
from dmo.core.kinds import ACCOUNT, COIN, DURATION, NUMBER, POINTS, TEXT, Amount, Points, Value, amount, choice, shape
from dmo.core.view import Query

if TYPE_CHECKING:
    from dmo.home.home import Home


UNDERLYING = amount("underlying")
LENDING = choice("lending", "self", "other")
WHO = TEXT.called("WHO")


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


class Delegate(Act, name="token delegate", call="HolderToken.delegate", told_by="DelegateChanged", who="holder"):
    delegate: str = arg(ACCOUNT)

    def target(self, home: Home) -> str:
        return home.dmo.votes_address

    def facts(self, home: Home) -> Mapping[str, Value]:
        is_self = self.delegate == home.maybe_me
        return {key: LENDING(f"{'self' if is_self else 'other'}_{key}") for key in _LENDING_TEXTS}


_LENDING_TEXTS = ("told", "means", "ended")


class _Wrapping(Act):
    """What needs a DMO made for an existing token."""

    amount: Amount = arg(UNDERLYING)

    def arguments(self, home: Home) -> Sequence[Any]:
        return [home.me, self.amount]


class Wrap(
    _Wrapping,
    name="token wrap",
    call="VotesWrapper.depositFor",
    told_by="Transfer",
    pays="amount",
    token="underlying",
    who="holder of the underlying token",
):
    """Wrap an existing token into votes, one for one."""


class Unwrap(_Wrapping, name="token unwrap", call="VotesWrapper.withdrawTo", told_by="Transfer", who="holder"):
    """Unwrap votes, one for one."""


# ── queries ─────────────────────────────────────────────────────────────────────────────────────


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


class ShowHolding(
    Query,
    name="token show",
    gives=shape(
        (ACCOUNT, "account delegate lent_to"),
        (TEXT, "address share coin"),
        (VOTES, "votes_balance votes votes_supply"),
        (NUMBER, "ideas_left round"),
        budget_balance=MONEY,
        native=COIN,
        gas=choice("gas", "none", "some"),
    ),
):
    account: str = arg(WHO, default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.rounds import posting_left

        who = home.account(self.account)
        budget = Read("ERC20", home.dmo.budget_address, "balanceOf", (who,))
        views = ("balanceOf", "getVotes", "delegates")
        reads = [home.votes_reading(view, who) for view in views]
        held, votes, lent_to, supply, money = home.read([*reads, home.votes_reading("totalSupply"), budget])
        native = home.chain.balance(who)
        left = posting_left(home, who)
        return {
            "account": who,
            "address": home.names.who(who, long=True),
            "votes_balance": held,
            "votes": votes,
            "share": _percent(votes, supply),
            "delegate": lent_to,
            "lent_to": lent_to if lent_to != who else None,
            "votes_supply": supply,
            "budget_balance": money,
            "native": native,
            "gas": "some" if native else "none",
            "coin": home.network.coin,
            "ideas_left": left[1] if left else None,
            "round": left[0] if left else None,
        }


# ── points ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Standing:
    """An account's place; points faded to now, and all it ever earned (WAD)."""

    rank: int
    account: str
    points: Points
    earned: Points


def earned(home: Home) -> dict[str, list[int]]:
    """Every account's awards, WAD, in the order of the chain."""
    found: dict[str, list[int]] = {}
    for event in home.events("Reputation.PointsAwarded"):
        found.setdefault(event.arguments["account"], []).append(event.arguments["pointsWad"])
    return found


def standings(home: Home) -> list[Standing]:
    """Everybody with points, the most first; equals by address."""
    awards = earned(home)
    now = home.read([home.reading("Reputation", "getVotes", who) for who in awards])
    ranked = sorted(zip(awards, now, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return [
        Standing(place, who, Points(faded), Points(sum(awards[who]))) for place, (who, faded) in enumerate(ranked, 1)
    ]


class ShowPoints(
    Query,
    name="points show",
    gives=shape((POINTS, "points earned"), account=ACCOUNT, address=TEXT, awards=NUMBER, half_life_seconds=DURATION),
):
    account: str = arg(WHO, default="me")

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = home.account(self.account)
        now, half_life = home.read(
            [home.reading("Reputation", "getVotes", who), home.reading("Reputation", "halfLifeSeconds")]
        )
        awards = earned(home).get(who, [])
        return {
            "account": who,
            "address": home.names.who(who, long=True),
            "points": now,
            "earned": sum(awards),
            "awards": len(awards),
            "half_life_seconds": half_life,
        }


class Board(
    Query,
    name="points board",
    gives={"board": [{"rank": NUMBER, "account": ACCOUNT, "points": POINTS, "earned": POINTS}]},
):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return {"board": standings(home)}
