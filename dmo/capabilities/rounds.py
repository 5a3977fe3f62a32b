"""Rounds: cut from time by arithmetic; their rules, and settling them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.capabilities.ideas import IDEA_SHAPE, Idea, Settled, frame, idea_row, ideas, order_of
from dmo.capabilities.lens import CAMPAIGN, GOVERNANCE, MONEY, VOTES
from dmo.core import abi, kinds, words
from dmo.core.act import Act, arg, option
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, due, wanted
from dmo.core.engine import Done
from dmo.core.errors import Refused
from dmo.core.kinds import DURATION, FLAG, NUMBER, SHARE, TIME, Amount, Value
from dmo.core.view import Query
from dmo.home.ballots import COUNT_AT
from dmo.home.home import Home
from dmo.home.rounds import Frame, Phase, RoundTimes, round_at, round_times

ROUND = NUMBER.called("ROUND")


@dataclass(frozen=True)
class Clock:
    """What the rounds are at now: the one being posted, and the one voted on."""

    frame: Frame
    posting: RoundTimes | None
    voting: RoundTimes | None


def clock(home: Home) -> Clock:
    """What the rounds are at."""
    fixed = frame(home)
    current = round_at(fixed, home.now)
    posting, voting = (round_times(fixed, number) if number > 0 else None for number in (current, current - 1))
    return Clock(fixed, posting, voting)


def rules(home: Home, number: int) -> dict[str, Any]:
    """The rules of a round: cap (units of the budget token), passing and posting share in bps."""
    found: dict[str, Any] = abi.named("IdeaBoard", "rulesOf", home.ask("IdeaBoard", "rulesOf", number))
    return found


CALL_GAS = 2**24
"""The most a transaction may take."""
BASE_GAS, CHECK_GAS, LOOK_GAS, FUND_GAS = 250_000, 3_200, 3_500, 150_000
"""What settling takes at the most: for the call, for each passing idea, for each looked at, for each funded."""


@dataclass(frozen=True)
class Walk:
    """How far a call that settles a round would come."""

    order: list[int]  # all passing ideas, the strongest first
    most: int  # how many of them the call can go on by, for its gas; 0 for no limit
    missing: int  # what the pool lacks for the first to be funded, units of the budget token; 0 if it can begin


def settlement(home: Home, number: int) -> Walk:
    """Go through a round's passing ideas as the board would."""
    found = ideas(home, number)
    asks, order = {one.number: one.ask for one in found}, order_of(found)
    told = [home.reading("IdeaBoard", "roundOf", number), home.reading("CampaignEscrow", "poolFree")]
    facts, pool = home.read(told)
    its, cap = abi.named("IdeaBoard", "roundOf", facts), rules(home, number)["cap"]
    room, gas, is_begun = cap - its["assigned"], CALL_GAS - BASE_GAS - CHECK_GAS * len(order), False
    for place, one in enumerate(order[its["walked"] :]):
        if room * 100 < cap:  # no ask has room any more
            break
        has_room = asks[one] <= room
        gas -= FUND_GAS if has_room else LOOK_GAS
        if gas < 0:
            return Walk(order, max(place, 1), 0)
        if not has_room:
            continue
        if asks[one] > pool:
            return Walk(order, 0, 0 if is_begun else asks[one] - pool)
        room, pool, is_begun = room - asks[one], pool - asks[one], True
    return Walk(order, 0, 0)


FUNDED = kinds.lines("round", {"round": ROUND, "number": NUMBER, "campaign": CAMPAIGN})


class Settle(Act, name="round settle", call="IdeaBoard.settle", told_by="RoundSettled", tells={"assigned": MONEY}):
    round: int | None = arg(ROUND, default=None)
    compared = Compared({"round": "round or shown.round", "numbers": "shown.order", "most": "shown.most"})

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return dict(zip(("round", "order", "most"), self.arguments(home), strict=True))

    def arguments(self, home: Home) -> Sequence[Any]:
        number = self.round or home.ask("Lens", "settlementDue")
        if not number:
            raise words.bad("nothing_to_settle")
        found = settlement(home, number)
        return [number, found.order, found.most]

    def facts(self, home: Home) -> Mapping[str, Value]:
        number, order, most = self.arguments(home)
        return {"round": ROUND(number), "passing": NUMBER(len(order)), "most": NUMBER(most or None)}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        funded = [{**one.arguments, "said": "funded"} for one in done.events("IdeaFunded")]
        first = funded[0]["campaign"] if funded else None
        counted = {"funded": FUNDED(funded), "count": NUMBER(len(funded)), "first": CAMPAIGN(first)}
        paused = done.event("SettlementPaused")
        so_far, missing = (paused.arguments[key] if paused else None for key in ("assigned", "missing"))
        rest = {"so_far": MONEY(so_far), "missing": MONEY(missing or None)}
        return {**super().told(home, done), **counted, **rest}


class SetRules(Act, name="round rules", call="IdeaBoard.setRules", told_by="RulesSet", who=GOVERNANCE):
    cap: Amount | None = option(MONEY)
    passing: int | None = option(SHARE)
    posting: int | None = option(SHARE)
    compared = Compared(
        {
            "newRules.cap": "cap or shown.cap",
            **{f"newRules.{key}Bps": f"{key} or shown.{key}" for key in ("passing", "posting")},
        }
    )

    def arguments(self, home: Home) -> Sequence[Any]:
        posting = clock(home).posting
        old = tuple(rules(home, posting.round if posting else 1).values())
        given = (self.cap, self.passing, self.posting)
        new = tuple(was if wished is None else wished for was, wished in zip(old, given, strict=True))
        if new == old:
            raise words.bad("same_rules")
        return [new]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {key: self.kind(key)(rule) for key, rule in zip(self.parameters(), self.arguments(home)[0], strict=True)}

    @classmethod
    def recognised(cls, home: Home, arguments: Mapping[str, Any]) -> Mapping[str, Value]:
        (new,) = arguments.values()
        return {key: cls.kind(key)(rule) for key, rule in zip(cls.parameters(), new.values(), strict=True)}


def weight_reads(home: Home, account: str, times: RoundTimes) -> list[Read]:
    """The two readings whose smaller one is an account's weight in a round."""
    moments = (times.snapshot, times.snapshot - frame(home).holding_seconds)
    return [home.votes_reading("getPastVotes", account, at) for at in moments]


def cast(home: Home, number: int) -> dict[str, tuple[int, Sequence[int]]]:
    """The ballots of a round that count, voter → weight and what the board keeps; empty ones are taken back."""
    latest = {one.arguments["voter"]: one.arguments for one in home.events("IdeaBoard.BallotCast", round=number)}
    return {who: (one["votes"], one["words"]) for who, one in latest.items() if one["words"][0] >> COUNT_AT & 0xFF}


ROUND_SHAPE = {
    **dict.fromkeys(("phase", "state"), kinds.choice("phase", *(one.value for one in Phase), "settled")),
    **kinds.shape((TIME, "posting_opens voting_opens late_from voting_closes lapses_at")),
    **kinds.shape((MONEY, "cap ask_min ask_max"), (SHARE, "passing_bps posting_bps")),
    **{"round": ROUND, "settled": FLAG, "round_seconds": DURATION, "passing_threshold": VOTES, "live": NUMBER},
    **{"voters": NUMBER, "votes_cast": VOTES, "my_weight": VOTES, "my_ballot": FLAG},
    **{"ideas": [IDEA_SHAPE], "ranked": [IDEA_SHAPE], "settlement_order": kinds.listed(NUMBER)},
}


class ShowRound(Query, name="round show", gives=ROUND_SHAPE):
    round: int | None = arg(ROUND, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        fixed = clock(home)
        current = fixed.voting or fixed.posting
        number = self.round or (current.round if current else 0)
        if not number:
            raise words.missing("not_begun", origin=TIME.show(home, fixed.frame.origin))
        times, its = round_times(fixed.frame, number), rules(home, number)
        phase, is_settled = times.phase(home.now), number in home.facts(Settled)
        found = ideas(home, number)
        order = order_of(found)
        # Known once the vote opens.
        threshold = home.snapshot.try_read([home.reading("IdeaBoard", "passingThreshold", number)])[0]
        ranked = sorted((one for one in found if not one.is_withdrawn), key=lambda one: (-one.net, one.number))
        ballots, me = cast(home, number), home.maybe_me
        weighed = home.snapshot.try_read(weight_reads(home, me, times)) if me and home.now >= times.voting_opens else []
        weights = [one for one in weighed if not isinstance(one, Refused)]
        return {
            **vars(times),
            **its,
            **{"voters": len(ballots), "votes_cast": sum(votes for votes, _ in ballots.values()) or None},
            **{"my_weight": min(weights, default=None), "my_ballot": me in ballots},
            **{"phase": phase.value, "settled": is_settled, "state": "settled" if is_settled else phase.value},
            **{"ask_min": -(-its["cap"] // 100), "ask_max": its["cap"] // 3, "live": len(ranked)},
            "round_seconds": fixed.frame.round_seconds,
            "passing_threshold": None if isinstance(threshold, Refused) else threshold,
            "ideas": [idea_row(home, one, order) for one in found],
            "ranked": [idea_row(home, one, order) for one in ranked],
            "settlement_order": order,
        }


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return [home.reading("IdeaBoard", "frame"), home.reading("Lens", "settlementDue")]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    number = home.ask("Lens", "settlementDue")
    if number and not (found := settlement(home, number)).missing:
        until = round_times(frame(home), number).lapses_at
        values = {"round": ROUND(number), "passing": NUMBER(len(found.order))}
        yield Item("settle", until, True, f"round settle {number}", values, (Settle(number),))
    if account is None:
        return
    now = clock(home)
    if (voting := now.voting) and (count := sum(one.round == voting.round for one in home.facts(Idea).values())):
        own = home.reading("IdeaBoard", "ballotOf", account)
        *powers, ballot = home.read([*weight_reads(home, account, voting), own])
        votes = min(powers)
        is_cast, command = ballot[0] == voting.round, f"round show {voting.round}"
        if votes:
            kind, values = "voted" if is_cast else "vote", {"round": ROUND(voting.round)}
            yield Item(kind, voting.voting_closes, not is_cast, command, values, count=count)
    _, left = posting_left(home, account) or (0, 0)
    if left and now.posting:
        values = {"round": ROUND(now.posting.round)}
        yield Item("post", now.posting.voting_opens, False, "idea new", values, count=left)


def posting_left(home: Home, account: str) -> tuple[int, int] | None:
    """The round being posted, and how many ideas an account can still post in it."""
    number = round_at(frame(home), home.now)
    if not number:
        return None
    views = {"postingPower": (account, number), "postingThreshold": (number,), "postedBy": (account, number)}
    power, threshold, posted = home.read([home.reading("IdeaBoard", view, *about) for view, about in views.items()])
    return number, max(power // threshold - posted, 0) if threshold else 0
