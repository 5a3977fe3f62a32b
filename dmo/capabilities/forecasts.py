"""Forecasts: what an idea's outcome will be, if it is funded; a market an idea, open exactly while its vote is.

All follows from the log and the clock: forecast, positions, what is free and what a market is worth, in exact integers
as the contract has them. Shares in millionths, amounts in units of the budget token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from dmo.capabilities.campaigns import Terms
from dmo.capabilities.ideas import Idea, Settled, as_posted, frame, ideas
from dmo.capabilities.lens import CAMPAIGN, MONEY
from dmo.capabilities.outcomes import has_outcomes, standing, terms_of
from dmo.core.chain import Event
from dmo.core.facts import Fact, Snapshot, of, on
from dmo.core.kinds import ACCOUNT, NUMBER, PPM, TIME
from dmo.home.home import Home
from dmo.home.rounds import RoundTimes, round_times

FORECASTS = "Forecasts"
ONE = 10**6
SQUARE = ONE * ONE
LINK_SECONDS = 14 * 86_400
AVERAGE_SECONDS = 3 * 86_400
STATES = ("none", "open", "pending", "final", "void")
Key = tuple[int, int]
"""Round and number of an idea."""


@dataclass
class ForecastMarket(Fact, key=("round", "number"), born="Forecasts.ForecastSponsored"):
    """An idea's market; ``since`` is when it was opened."""

    round: int = of(NUMBER)
    number: int = of(NUMBER)
    sponsor: str = of(ACCOUNT)
    amount: int = of(MONEY)
    depth: int = of(MONEY)
    ppm: int = of(PPM)
    at: int = of(TIME)
    campaign: int | None = of(CAMPAIGN, None)

    @on("Forecasts.ForecastSponsored")
    def deepen(self, event: Event) -> None:
        """More of it, from anybody."""
        self.amount += event.arguments["amount"]
        self.depth += event.arguments["depth"]

    @on("Forecasts.ForecastMoved")
    def move(self, event: Event) -> None:
        """To another forecast."""
        self.ppm = event.arguments["toPpm"]

    @on("Forecasts.ForecastLinked")
    def link(self, event: Event) -> None:
        """To what its idea became."""
        self.campaign = event.arguments["campaign"]

    @property
    def idea(self) -> Key:
        """Which idea it is about."""
        return self.round, self.number


@dataclass
class Stake:
    """What an account has in a market: (a + b·x) ÷ 10^12 of its moves at outcome x, and its sponsorships' sums."""

    a: int = 0
    b: int = 0
    amount: int = 0
    depth: int = 0
    depth_ppm: int = 0
    depth_ppm2: int = 0
    forecast: int | None = None
    """Where the account moved the forecast last."""
    moves: int = 0
    claimed: int | None = None

    @property
    def collateral(self) -> int:
        """What its moves lose at the worst, rounded up."""
        return -(min(0, self.a, self.a + self.b * ONE) // SQUARE)

    @property
    def left(self) -> int:
        """What it left, and gets back where there is no outcome."""
        return self.collateral + self.amount

    def worth(self, last: int, ppm: int) -> int:
        """What it is paid at an outcome, where ``last`` is the last forecast."""
        loss = self.depth_ppm2 - last**2 * self.depth + 2 * ppm * (last * self.depth - self.depth_ppm)
        return self.left + (self.a + self.b * ppm) // SQUARE + -loss // SQUARE

    def sponsored(self, amount: int, depth: int, ppm: int) -> None:
        """More depth at a forecast."""
        self.amount += amount
        self.depth += depth
        self.depth_ppm += depth * ppm
        self.depth_ppm2 += depth * ppm * ppm

    def moved(self, depth: int, at: int, to: int) -> Stake:
        """The same after a move, of which the market knows not yet."""
        a, b = self.a + depth * (at * at - to * to), self.b + 2 * depth * (to - at)
        sums = self.amount, self.depth, self.depth_ppm, self.depth_ppm2
        return Stake(a, b, *sums, forecast=to, moves=self.moves + 1)


@dataclass(frozen=True)
class Books:
    """What everybody has: in each market by account, and free."""

    stakes: dict[Key, dict[str, Stake]]
    free: dict[str, int]

    def of(self, idea: Key, account: str | None) -> Stake:
        """An account's stake in an idea's market; empty for none."""
        return self.stakes.get(idea, {}).get(account or "", Stake())


_BOOKS: WeakKeyDictionary[Snapshot, Books] = WeakKeyDictionary()
_NAMES = tuple(f"Forecasts.Forecast{name}" for name in ("Sponsored", "Moved", "Claimed", "FreeChanged"))


def has_forecasts(home: Home) -> bool:
    """Whether the deployment has the room."""
    return FORECASTS in home.dmo.addresses


def books(home: Home) -> Books:
    """What everybody has, worked out of the log once."""
    if home.snapshot not in _BOOKS:
        events = sorted(home.events(*_NAMES), key=lambda one: (one.block, one.index))
        _BOOKS[home.snapshot] = folded(events, home.dmo.addresses.get(FORECASTS, ""))
    return _BOOKS[home.snapshot]


def folded(events: Iterable[Event], purse: str) -> Books:
    """The same of events in the order of the chain; ``purse`` is whom the purse sponsors as."""
    found = Books({}, {})
    for event in events:
        told = event.arguments
        if event.name == "ForecastFreeChanged":
            found.free[told["account"]] = told["free"]
            continue
        who = told["sponsor"] if event.name == "ForecastSponsored" else told["account"]
        stakes = found.stakes.setdefault((told["round"], told["number"]), {})
        its, has = stakes.setdefault(who, Stake()), found.free.get(who, 0)
        if event.name == "ForecastSponsored":
            its.sponsored(told["amount"], told["depth"], told["ppm"])
            if who.lower() == purse.lower():
                found.free[who] = has - told["amount"]
        elif event.name == "ForecastMoved":
            stakes[who] = its.moved(told["depth"], told["fromPpm"], told["toPpm"])
            # What is free pays first, and what comes back is free.
            found.free[who] = has - min(has, told["paid"])
        else:
            stakes[who] = Stake(forecast=its.forecast, moves=its.moves, claimed=told["amount"])
            found.free[who] = has + told["amount"]
    return found


def times_of(home: Home, idea: Key) -> RoundTimes:
    """The moments of an idea's round."""
    return round_times(frame(home), idea[0])


def market(home: Home, idea: Key) -> ForecastMarket | None:
    """An idea's market; Refused, as the board has it, where there is no such idea."""
    as_posted(home, *idea)
    return home.facts(ForecastMarket).get(idea)


def state(home: Home, one: ForecastMarket) -> tuple[str, int | None]:
    """What is known of a market, and its outcome where that is final."""
    times = times_of(home, one.idea)
    if home.now < times.voting_closes:
        return "open", None
    if one.campaign:
        its = standing(home, one.campaign)
        return (its.state, its.ppm) if its.is_decided else ("pending", None)
    is_late = home.now >= times.lapses_at + LINK_SECONDS
    if is_late or (home.now >= times.lapses_at and one.round not in home.facts(Settled)):
        return "void", None
    ideas(home, one.round)  # asks for its votes
    return ("pending" if home.facts(Idea)[one.idea].is_passing else "void"), None


def is_open(home: Home, idea: Key) -> bool:
    """Whether forecasts of it move now."""
    times = times_of(home, idea)
    return times.voting_opens <= home.now < times.voting_closes


def average(home: Home, one: ForecastMarket) -> int:
    """The forecast over the last three days, weighted by time; over less where there was less.

    Up to now, or to the close of the vote.
    """
    moves = [
        (event.at, event.arguments["fromPpm"])
        for event in home.events("Forecasts.ForecastMoved", round=one.round, number=one.number)
    ]
    end = min(home.now, times_of(home, one.idea).voting_closes)
    return weighted(one.at, moves, one.ppm, end)


def weighted(opened: int, moves: Sequence[tuple[int, int]], last: int, end: int) -> int:
    """The average of a forecast before its end: moves are when, and from what; rounded down."""
    start = max(opened, end - AVERAGE_SECONDS)
    if end <= start:
        return last
    total, at = 0, start
    for when, before in moves:
        upto = min(max(when, at), end)
        total, at = total + (upto - at) * before, upto
    return (total + (end - at) * last) // (end - start)


def least_sponsorship(ask: int) -> int:
    """What the first sponsor leaves at least."""
    return -(-ask // 100)


def depth_of(amount: int, ppm: int) -> int:
    """The depth that an amount gives."""
    return amount * SQUARE // max(ppm, ONE - ppm) ** 2


def swing(depth: int) -> int:
    """What moving a forecast by a fifth of the whole loses at most, where it was right before: b · 0.04."""
    return depth * 4 // 100


def locked_until(home: Home, idea: Key) -> int:
    """When money in its market is free at the latest, if somebody claims it; Unix seconds."""
    one, times = as_posted(home, *idea), times_of(home, idea)
    its = terms_of(home, one.campaign) if one.campaign else home.facts(Terms)[max(home.facts(Terms))]
    outcome = times.lapses_at + one.duration_seconds + 90 * 86_400
    return outcome + its.challenge_seconds + its.arbitration_seconds


def linkable(home: Home) -> list[tuple[Key, int]]:
    """The markets whose campaign is known and was not told to them, in time."""
    found = []
    for one in home.facts(ForecastMarket).values():
        campaign = home.facts(Idea)[one.idea].campaign
        if one.campaign is None and campaign and state(home, one)[0] == "pending":
            found.append((one.idea, campaign))
    return found


def claimable(home: Home) -> list[tuple[Key, str]]:
    """Who has something in a decided market."""
    decided = [one.idea for one in home.facts(ForecastMarket).values() if state(home, one)[0] in ("final", "void")]
    return [
        (idea, account)
        for idea in decided
        for account, its in books(home).stakes.get(idea, {}).items()
        if its.a or its.b or its.amount
    ]


@dataclass(frozen=True)
class Score:
    """How an account forecast in markets whose outcome is final.

    Attributes:
        markets: In how many it moved the forecast, or sponsored.
        profit: What it was paid, or is, beyond what it left; in units of the budget token.
        brier: Mean square of how far its last forecasts were off, in millionths; None where it moved none.
    """

    account: str
    markets: int
    profit: int
    brier: int | None


def scores(home: Home) -> list[Score]:
    """Of all accounts, the largest profit first."""
    found: dict[str, list[tuple[int, int | None]]] = {}
    for one in home.facts(ForecastMarket).values() if has_outcomes(home) else ():
        its, ppm = state(home, one)
        if its != "final" or ppm is None:
            continue
        for account, (gain, forecast) in gains(home, one, ppm).items():
            found.setdefault(account, []).append((gain, None if forecast is None else (forecast - ppm) ** 2 // ONE))
    rows = [_score(account, its) for account, its in found.items()]
    return sorted(rows, key=lambda row: (-row.profit, row.account))


def _score(account: str, its: Sequence[tuple[int, int | None]]) -> Score:
    squares = [square for _, square in its if square is not None]
    return Score(account, len(its), sum(gain for gain, _ in its), sum(squares) // len(squares) if squares else None)


def gains(home: Home, one: ForecastMarket, ppm: int) -> dict[str, tuple[int, int | None]]:
    """What a market brings to whom at an outcome, and where each moved the forecast last."""
    events = sorted(home.events(*_NAMES[:2], round=one.round, number=one.number), key=lambda it: (it.block, it.index))
    stakes = folded(events, "").stakes[one.idea]
    return {who: (its.worth(one.ppm, ppm) - its.left, its.forecast) for who, its in stakes.items()}
