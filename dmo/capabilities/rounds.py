"""Rounds: cut from time by arithmetic; their rules, and settling them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities.ideas import IDEA_SHAPE, Idea, idea_row, ideas, order_of
from dmo.capabilities.lens import GOVERNANCE, MONEY, VOTES
from dmo.core import abi, words
from dmo.core.act import Act, Done, arg, option
from dmo.core.due import Item, due, wanted
from dmo.core.errors import Refused
from dmo.core.facts import Fact, of
from dmo.core.kinds import DURATION, FLAG, NUMBER, SHARE, TEXT, TIME, Amount, Value, choice, listed, shape
from dmo.core.view import Query
from dmo.home.rounds import Frame, Phase, RoundTimes, round_at, round_times

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home


PHASE = choice("phase", *(one.value for one in Phase), "settled")
ROUND = NUMBER.called("ROUND")
FOLLOWING = choice("round_next", "posting", "voting", "settling")


@dataclass
class Settled(Fact, key=("round",), born="IdeaBoard.RoundSettled"):
    """A round that was settled."""

    round: int = of(ROUND)
    budget: int = of(MONEY)
    assigned: int = of(MONEY)
    passing: int = of(NUMBER)
    funded: int = of(NUMBER)


@dataclass(frozen=True)
class Clock:
    """What the rounds are at now.

    Attributes:
        frame: What never changes.
        posting: The round being posted; None before the origin.
        voting: The round being voted on, if any.
        settling: The rounds that can be settled, the earliest first.
    """

    frame: Frame
    posting: RoundTimes | None
    voting: RoundTimes | None
    settling: tuple[RoundTimes, ...]


def frame(home: Home) -> Frame:
    """What never changes of the board."""
    return Frame(**abi.named("IdeaBoard", "frame", home.ask("IdeaBoard", "frame")))


def clock(home: Home) -> Clock:
    """What the rounds are at."""
    fixed = frame(home)
    current = round_at(fixed, home.now)
    earlier = [round_times(fixed, number) for number in range(max(current - 3, 1), current)]
    return Clock(
        fixed,
        round_times(fixed, current) if current else None,
        next((times for times in earlier if times.phase(home.now) is Phase.VOTING), None),
        tuple(times for times in earlier if times.phase(home.now) is Phase.SETTLING),
    )


def rules(home: Home, number: int) -> dict[str, Any]:
    """The rules of a round: cap (units of the budget token), passing and posting share in bps."""
    found: dict[str, Any] = abi.named("IdeaBoard", "rulesOf", home.ask("IdeaBoard", "rulesOf", number))
    return found


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


class Settle(Act, name="round settle", call="IdeaBoard.settle", told_by="RoundSettled"):
    round: int | None = arg(ROUND, default=None)

    def number(self, home: Home) -> int:
        """The round: the one that is due, where none is named."""
        if self.round is not None:
            return self.round
        number, _ = home.ask("Lens", "settlementDue")
        if not number:
            raise words.bad("nothing_to_settle")
        return int(number)

    def arguments(self, home: Home) -> Sequence[Any]:
        number = self.number(home)
        return [number, order_of(ideas(home, number))]

    def facts(self, home: Home) -> Mapping[str, Value]:
        number, order = self.arguments(home)
        return {"round": ROUND(number), "passing": TEXT(str(len(order)))}

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event("RoundSettled")
        funded = [{key: one.arguments[key] for key in ("number", "campaign")} for one in done.events("IdeaFunded")]
        number = self.number(home) if event is None else event.arguments["round"]
        lines = [words.word("round", "funded").format(round=number, **one) for one in funded]
        return {
            "funded": FUNDED(funded),
            "assigned": MONEY(event.arguments["assigned"] if event else 0),
            "count": COUNT("one" if len(funded) == 1 else "many"),
            "many": TEXT(str(len(funded))),
            "ideas": TEXT("\n".join(lines)),
            "first": NUMBER(funded[0]["campaign"] if funded else None),
        }


FUNDED = listed(NUMBER, "FUNDED")
COUNT = choice("ideas_counted", "one", "many")


class SetRules(Act, name="round rules", call="IdeaBoard.setRules", told_by="RulesSet", who=GOVERNANCE):
    cap: Amount | None = option(MONEY)
    passing: int | None = option(SHARE)
    posting: int | None = option(SHARE)

    def arguments(self, home: Home) -> Sequence[Any]:
        posting = clock(home).posting
        old = rules(home, posting.round if posting else 1)
        new = (
            old["cap"] if self.cap is None else self.cap,
            old["passing_bps"] if self.passing is None else self.passing,
            old["posting_bps"] if self.posting is None else self.posting,
        )
        if new == tuple(old.values()):
            raise words.bad("same_rules")
        return [new]

    def facts(self, home: Home) -> Mapping[str, Value]:
        cap, passing, posting = self.arguments(home)[0]
        return {"cap": MONEY(cap), "passing": SHARE(passing), "posting": SHARE(posting)}


# ── queries ─────────────────────────────────────────────────────────────────────────────────────

ROUND_SHAPE = shape(
    (PHASE, "phase state"),
    (TIME, "posting_opens voting_opens late_from voting_closes lapses_at"),
    (MONEY, "cap ask_min ask_max"),
    (SHARE, "passing_bps posting_bps"),
    round=ROUND,
    settled=FLAG,
    round_seconds=DURATION,
    passing_threshold=VOTES,
    live=TEXT,
    following=FOLLOWING,
)


class ShowRound(
    Query,
    name="round show",
    gives={**ROUND_SHAPE, "ideas": [IDEA_SHAPE], "ranked": [IDEA_SHAPE], "settlement_order": listed(NUMBER)},
):
    round: int | None = arg(ROUND, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        fixed = clock(home)
        current = fixed.voting or fixed.posting
        if self.round is None and current is None:
            raise words.bad("not_begun", origin=TIME.show(home, fixed.frame.origin))
        number = self.round or (current.round if current else 1)
        times = round_times(fixed.frame, number)
        phase = times.phase(home.now)
        now = rules(home, number)
        found = ideas(home, number)
        order = order_of(found)
        is_settled = number in home.facts(Settled)
        threshold = _threshold(home, number) if phase is not Phase.FUTURE else None
        live = [one for one in found if not one.is_withdrawn]
        ranked = sorted(live, key=lambda one: (-one.net, one.number))
        state = "settled" if is_settled else phase.value
        return {
            **vars(times),
            **now,
            "phase": phase.value,
            "settled": is_settled,
            "state": state,
            "round_seconds": fixed.frame.round_seconds,
            "ask_min": -(-now["cap"] // 100),
            "ask_max": now["cap"] // 3,
            "passing_threshold": threshold,
            "live": str(len(live)),
            "following": state if found and not is_settled else None,
            "ideas": [idea_row(home, one, order) for one in found],
            "ranked": [idea_row(home, one, order) for one in ranked],
            "settlement_order": order,
        }


def _threshold(home: Home, number: int) -> int | None:
    """For − against that an idea needs; known once the vote opens."""
    read = home.reading("IdeaBoard", "passingThreshold", number)
    answer = home.snapshot.try_read([read])[0]
    return None if isinstance(answer, Refused) else int(answer)


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return [home.reading("IdeaBoard", "frame"), home.reading("Lens", "settlementDue")]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    number, passing = home.ask("Lens", "settlementDue")
    if number:
        until = round_times(frame(home), number).lapses_at
        values = {"round": ROUND(number), "passing": NUMBER(len(passing))}
        yield Item("settle", until, True, f"round settle {number}", values, (Settle(number),))
    if account is not None:
        yield from _voting(home, account)


def _voting(home: Home, account: str) -> Iterator[Item]:
    now = clock(home)
    if now.voting is not None:
        known = [one for one in home.facts(Idea).values() if one.round == now.voting.round]
        if known:
            votes, ballot = home.read(
                [
                    home.votes_reading("getPastVotes", account, now.voting.snapshot),
                    home.reading("IdeaBoard", "ballotOf", account),
                ]
            )
            if votes:
                is_cast = ballot[0] == now.voting.round
                yield Item(
                    "voted" if is_cast else "vote",
                    now.voting.voting_closes,
                    not is_cast,
                    f"round show {now.voting.round}",
                    {"round": ROUND(now.voting.round)},
                    count=len(known),
                )
    left = posting_left(home, account)
    if left is not None and left[1] and now.posting is not None:
        values = {"round": ROUND(left[0])}
        opens = now.posting.voting_opens
        yield Item("post", opens, False, "idea new", values, count=left[1])


def posting_left(home: Home, account: str) -> tuple[int, int] | None:
    """The round being posted, and how many ideas an account can still post in it."""
    number = round_at(frame(home), home.now)
    if not number:
        return None
    power, threshold, posted = home.read(
        [
            home.reading("IdeaBoard", "postingPower", account, number),
            home.reading("IdeaBoard", "postingThreshold", number),
            home.reading("IdeaBoard", "postedBy", account, number),
        ]
    )
    return number, max(power // threshold - posted, 0) if threshold else 0
