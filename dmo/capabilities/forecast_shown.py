"""Forecasts as they are shown: as a sentence, with what stands behind it and what it takes to change it."""

from collections.abc import Mapping
from typing import Any

from dmo.capabilities.documents import TITLE
from dmo.capabilities.forecast_acts import usual_start
from dmo.capabilities.forecasts import (
    FORECASTS,
    STATES,
    ForecastMarket,
    Key,
    average,
    books,
    is_open,
    least_sponsorship,
    locked_until,
    market,
    scores,
    state,
    swing,
    times_of,
)
from dmo.capabilities.ideas import IDEA, Idea, as_posted, idea_title, latest_round
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.rounds import clock
from dmo.capabilities.worth import at_share, goal_of, per_token, written
from dmo.core import words
from dmo.core.act import arg
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, PPM, TEXT, TIME, choice, shape
from dmo.core.view import Query
from dmo.home.home import Home

STATE = choice("forecast_state", *STATES)
MARKET = {
    **shape((PPM, "ppm average outcome start"), (MONEY, "depth sponsored swing least"), (NUMBER, "accounts")),
    **{"idea": IDEA, "title": TITLE, "state": STATE, "campaign": CAMPAIGN, "symbol": TEXT},
    **shape((TIME, "opens closes locked"), (TEXT, "value per_token metric says next"), open=FLAG),
}
MINE = shape((MONEY, "left sponsored if_none if_half if_all if_forecast free claimed"), account=ACCOUNT, forecast=PPM)
MOVE = shape((PPM, "before ppm"), account=ACCOUNT, at=TIME, paid=MONEY, why=DIGEST)
_MOVES = 20
_UNMOVED = {"final": "unmoved_final", "void": "unmoved_void"}
"""Where a market began is its first sponsor's word alone, and nobody's expectation."""


def market_row(home: Home, idea: Key) -> dict[str, Any]:
    """An idea's market for tables and machines; one that nobody sponsors, too."""
    posted, one, times = as_posted(home, *idea), market(home, idea), times_of(home, idea)
    its, outcome = state(home, one) if one else ("none", None)
    can_move, goal = is_open(home, idea), goal_of(home, posted.digest)
    row: dict[str, Any] = {
        **{"idea": idea, "title": idea_title(home, *idea), "state": its, "outcome": outcome, "open": can_move},
        **{"opens": times.voting_opens, "closes": times.voting_closes, "locked": locked_until(home, idea)},
        **{"campaign": posted.campaign, "symbol": home.unit("budget")[1], "says": its},
    }
    if one is None:
        row |= {"least": least_sponsorship(posted.ask), "start": usual_start(home)}
        key = "sponsor" if can_move and not posted.is_withdrawn else ""
    else:
        held = books(home).stakes.get(idea, {}).values()
        row |= {"ppm": one.ppm, "average": average(home, one), "depth": one.depth, "sponsored": one.amount}
        row |= {"accounts": sum(bool(stake.moves) for stake in held), "swing": swing(one.depth)}
        if not row["accounts"]:
            row["says"] = _UNMOVED.get(its, "unmoved")
        if goal:
            told = at_share(goal, one.ppm)
            row |= {"value": written(told), "metric": goal["metric"]}
            row |= {"per_token": per_token(goal, one.ppm, posted.ask, home.unit("budget")[0]) or None}
        key = "move" if can_move else "claim" if its in ("final", "void") else ""
    named = {"idea": f"{idea[0]}/{idea[1]}"}
    return {**row, "next": words.word("forecast_next", key).format(**named) if key else ""}


def _mine(home: Home, one: ForecastMarket, account: str) -> dict[str, Any] | None:
    its, free = books(home).of(one.idea, account), books(home).free.get(account, 0)
    if not (its.moves or its.amount or free):
        return None
    if its.claimed is not None:
        return {"claimed": its.claimed, "free": free or None, "forecast": its.forecast, "account": account}
    worth = {key: its.worth(one.ppm, ppm) for key, ppm in (("if_none", 0), ("if_half", 500_000), ("if_all", 1_000_000))}
    told = {"left": its.collateral, "sponsored": its.amount or None, "free": free or None, "forecast": its.forecast}
    return {**told, **worth, "if_forecast": its.worth(one.ppm, one.ppm), "account": account}


class ShowForecast(Query, name="forecast show", room=FORECASTS, gives={"market": MARKET, "me": MINE, "moves": [MOVE]}):
    idea: Key = arg(IDEA)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one, me = market(home, self.idea), home.maybe_me
        events = home.events("Forecasts.ForecastMoved", round=self.idea[0], number=self.idea[1])[-_MOVES:]
        moves = [
            {
                **{"account": told["account"], "before": told["fromPpm"], "ppm": told["toPpm"], "at": event.at},
                **{"paid": told["paid"], "why": told["why"] if any(told["why"]) else None},
            }
            for event in events
            for told in [event.arguments]
        ]
        return {
            "market": market_row(home, self.idea),
            "me": _mine(home, one, me) if one and me else None,
            "moves": moves[::-1],
        }


class ListForecasts(Query, name="forecast list", room=FORECASTS, gives={"round": NUMBER, "markets": [MARKET]}):
    round: int | None = arg(NUMBER.called("ROUND"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        number = self.round or _moving(home) or latest_round(home)
        known = [one for one in home.facts(Idea).values() if one.round == number and not one.is_withdrawn]
        return {"round": number, "markets": [market_row(home, (one.round, one.number)) for one in known]}


def _moving(home: Home) -> int:
    """The round being voted on, whose forecasts move; 0 where it has no ideas."""
    voting = clock(home).voting
    rounds = {one.round for one in home.facts(Idea).values()}
    return voting.round if voting and voting.round in rounds else 0


SCORE = shape(account=ACCOUNT, markets=NUMBER, profit=MONEY, brier=PPM)


class ForecastBoard(Query, name="forecast board", room=FORECASTS, gives={"scores": [SCORE]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return {"scores": [vars(one) for one in scores(home)]}
