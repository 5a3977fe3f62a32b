"""Recognition: what an account has earned over time, seasons and their boards, and who kept tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from dmo.capabilities.disputes import JURY
from dmo.capabilities.earning import titles_of
from dmo.capabilities.history import Award
from dmo.capabilities.ideas import frame
from dmo.capabilities.lens import VOTES
from dmo.capabilities.merits import (
    Streak,
    TokenMove,
    held,
    level_of,
    level_unit,
    points_for,
    season_at,
    season_board,
    season_times,
    streak,
)
from dmo.core import abi, words
from dmo.core.act import arg, option
from dmo.core.chain import Event
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, POINTS, TEXT, TIME, listed, number, shape
from dmo.core.view import Query
from dmo.home.ballots import unpack
from dmo.home.home import Home
from dmo.home.rounds import round_at, round_times

WHO = TEXT.called("WHO")
ROUNDS = 4
MOST_ROUNDS = 1_000
QUORUM_PART = 100
"""A juror counts with a hundredth of its dispute's quorum: dust does not."""
_DEEDS = {"payee": ("CampaignEscrow.PayeePaid", "CampaignEscrow.PayeeCredited"), "voter": ("IdeaBoard.BallotCast",)}


def awards(home: Home) -> list[Award]:
    """Every award of points, in the order of the chain."""
    told = home.events("Reputation.PointsAwarded")
    return [Award(one.at, one.arguments["account"], one.arguments["pointsWad"]) for one in told]


def unit(home: Home) -> int:
    """Whole points that levels are measured by."""
    first = next(iter(home.events("IdeaBoard.RulesSet")), None)
    return level_unit(first.arguments["cap"] if first else 0, home.unit("budget")[0])


def _revealed(home: Home, account: str | None) -> list[Event]:
    """Reveals with a weight that mattered, of one account or all."""
    where = {} if account is None else {"juror": account}
    told = home.events(f"{JURY}.RulingRevealed", **where)
    disputes = sorted({one.arguments["disputeID"] for one in told})
    answers = home.read([home.reading(JURY, "caseOf", its) for its in disputes])
    quorums = {its: abi.named(JURY, "caseOf", answer)["quorum"] for its, answer in zip(disputes, answers, strict=True)}
    return [one for one in told if one.arguments["weight"] * QUORUM_PART >= quorums[one.arguments["disputeID"]]]


def deeds(home: Home, account: str | None = None) -> dict[str, list[int]]:
    """When accounts were paid, judged with a weight that mattered, or voted; of one account or all."""
    found: dict[str, list[int]] = defaultdict(list)
    for key, names in _DEEDS.items():
        for one in home.events(*names, **({} if account is None else {key: account})):
            if key != "voter" or unpack(one.arguments["words"])[2]:
                found[one.arguments[key]].append(one.at)
    for one in _revealed(home, account):
        found[one.arguments["juror"]].append(one.at)
    return found


def streak_of(home: Home, account: str) -> Streak:
    """An account's weeks in a row."""
    return streak(deeds(home, account).get(account, ()), home.now)


def merits(home: Home, account: str, earned: int) -> dict[str, Any]:
    """What a profile tells of an account that ever earned so many points (WAD): level, weeks, this season."""
    base, origin = unit(home), frame(home).origin
    reached, season = level_of(earned, base), season_at(origin, home.now)
    weeks = streak_of(home, account)
    board = {one.account: one for one in season_board(awards(home), origin, season)} if season else {}
    its = board.get(account)
    return {
        **{"level": reached, "next_level": reached + 1, "level_left": points_for(reached + 1, base) - earned},
        **{"weeks": weeks.weeks or None, "weeks_longest": weeks.longest or None},
        **{"season": season or None, "season_rank": its.rank if its else None},
        **{"season_points": its.points if its else None, "badges": titles_of(home, account), "owner": account},
    }


MERITS = shape(
    (NUMBER, "level next_level weeks weeks_longest season season_rank"),
    (POINTS, "level_left season_points"),
    badges=listed(TEXT),
    owner=TEXT,
)
SEASON = {
    **shape((NUMBER, "season before after"), (TIME, "opens closes"), is_over=FLAG),
    "board": [shape((NUMBER, "rank level"), account=ACCOUNT, points=POINTS)],
}


class ShowSeason(Query, name="season show", gives=SEASON):
    season: int | None = arg(number("SEASON"), default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        origin = frame(home).origin
        last = max(season_at(origin, home.now), 1)
        its = self.season or last
        if its > last:
            raise words.bad("season_not_begun", field="season", season=its, last=last)
        opens, closes = season_times(origin, its)
        told, base = awards(home), unit(home)
        earned: dict[str, int] = defaultdict(int)
        for one in told:
            earned[one.account] += one.points if one.at < closes else 0
        board = season_board(told, origin, its)
        rows = [{**one._asdict(), "level": level_of(earned[one.account], base)} for one in board]
        around = {"before": its - 1 or None, "after": its + 1 if its < last else None}
        return {"season": its, **around, "opens": opens, "closes": closes, "is_over": home.now >= closes, "board": rows}


HELD = {**shape((NUMBER, "first last rounds"), account=ACCOUNT, address=TEXT, held=VOTES), "token": TEXT}


class ShowHeld(Query, name="token held", gives=HELD):
    account: str = arg(WHO, default="me")
    rounds: int = option(number("COUNT", most=MOST_ROUNDS), ROUNDS)

    def answer(self, home: Home) -> Mapping[str, Any]:
        who, fixed = home.account(self.account), frame(home)
        last = round_at(fixed, home.now)
        first = max(last - self.rounds + 1, 1)
        starts = [round_times(fixed, its).posting_opens for its in range(first, last + 1)]
        told = {"account": who, "address": home.names.who(who), "rounds": len(starts), "token": home.unit("votes")[1]}
        least = held(moves(home, who) if starts else [], who, starts)
        return {**told, "first": first if starts else None, "last": last or None, "held": least}


def moves(home: Home, account: str) -> list[TokenMove]:
    """What went to an account and from it, of the votes token; asked of the node, as no index holds all transfers."""
    chain, found = home.snapshot.chain, dict[tuple[int, int], Event]()
    for side in ("from", "to"):
        told = chain.events(
            "ERC20", home.dmo.votes_address, "Transfer", {side: account}, from_block=home.dmo.birth or 0
        )
        found |= {(one.block, one.index): one for one in told}
    untold = chain.blocks(one.block for one in found.values() if not one.at)
    return [
        TokenMove(one.at or untold[one.block].timestamp, *(one.arguments[key] for key in ("from", "to", "value")))
        for _, one in sorted(found.items())
    ]
