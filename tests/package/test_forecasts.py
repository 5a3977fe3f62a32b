"""Forecasts without a chain: books of the log, a forecast in words, and what acts may take.

given any history of sponsoring, moving, depositing and claiming
├── depth, positions, worth at every outcome and what void returns are the plain model's, to the unit
└── what is free is the contract's rule: moves are paid from it first, and what comes back is free
given a forecast that moved
├── its average is weighted by time over three days, over less where there was less, and ends with the vote
└── moving by a fifth and back costs b · 0.04 at most where it was right before
given a market
├── its state follows from the clock, the vote and the outcome; one of an idea that fell short is void
├── it is linked and claimed by anybody, each once; deposits for moves to come are left alone
└── two own accounts forecast well for nothing, and the board says so
given an act
├── a move takes a tenth more than now at the most, less what is free; what it may bring is told
├── a sponsor is bound to where the forecast is; the first proposes what outcomes came to
├── a purse that has too little says so
└── nonsense is refused: no market, no share, an idea without a campaign
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities import forecast_acts
from dmo.capabilities.forecast_acts import ClaimForecast, LinkForecast, MoveForecast, OpenForecast, SponsorForecast
from dmo.capabilities.forecast_shown import ForecastBoard, ShowForecast
from dmo.capabilities.forecasts import ForecastMarket, books, folded, state, swing, weighted
from dmo.core import engine, explain, words
from dmo.core.act import read
from dmo.core.chain import Event
from dmo.core.errors import BadInput, Refused
from dmo.core.kinds import Amount
from tests.support import told_outcomes as told
from tests.support.models.market import ONE, Market
from tests.support.node import ADDRESSES, Node
from tests.support.told_outcomes import BEGINS, BOND, DAY, GIVER, JUROR, LEAD, REPORTER, TIMES, at_outcome, begun

OPEN = TIMES.voting_opens
IDEA = (1, 1)
PEOPLE = [LEAD, REPORTER, GIVER, JUROR]
PURSE = ADDRESSES["Forecasts"]
SEEDS = 40


def sponsored(at: int, who: str, amount: int, depth: int, ppm: int) -> told.Past:
    its = {"round": 1, "number": 1, "sponsor": who, "amount": amount, "depth": depth, "ppm": ppm}
    return at, "Forecasts.ForecastSponsored", its


def moved(at: int, who: str, before: int, to: int, depth: int, paid: int) -> told.Past:
    its = {"round": 1, "number": 1, "account": who, "fromPpm": before, "toPpm": to, "depth": depth, "paid": paid}
    return at, "Forecasts.ForecastMoved", {**its, "why": bytes(32)}


def freed(at: int, who: str, free: int) -> told.Past:
    return at, "Forecasts.ForecastFreeChanged", {"account": who, "free": free}


def claimed(at: int, who: str, amount: int) -> told.Past:
    return at, "Forecasts.ForecastClaimed", {"round": 1, "number": 1, "account": who, "amount": amount}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Homes that are told of idea 1/1 and its market; its idea passes, unless said otherwise."""

    def at(past: Any, now: int, account: str | None = None, *, passes: bool = True) -> Any:
        node = Node()
        node.view("ERC20", "balanceOf", lambda *_: 10**9)
        node.view("ERC20", "allowance", lambda *_: 10**9)
        node.view("Forecasts", "withdraw", lambda *_: ())
        home = at_outcome(tmp_path, monkeypatch, past, now, account, node)
        monkeypatch.setattr("dmo.capabilities.forecasts.ideas", lambda home, number: [])
        for one in home.facts(forecast_acts.Idea).values():
            one.is_passing = passes
        return home

    return at


def history(seed: int) -> tuple[Market, dict[str, int], list[told.Past]]:
    """The model after a while, what is free by the contract's rule, and what the contract told."""
    rnd, model, free, past, at = random.Random(seed), Market(), dict.fromkeys(PEOPLE, 0), [], OPEN
    for turn in range(30):
        at, who = at + rnd.randint(1, 9_000), rnd.choice(PEOPLE)
        what = "sponsor" if not turn else rnd.choice(["sponsor", "move", "move", "move", "deposit"])
        if what == "sponsor":
            amount, start = rnd.choice([1, 77, 10**6, 10**15]), rnd.randint(0, ONE)
            added = model.sponsor(who, amount, start)
            past.append(sponsored(at, who, amount, added, model.ppm or 0))
        elif what == "move":
            before = model.ppm or 0
            to = rnd.choice([0, ONE, rnd.randint(0, ONE)])
            if to != before:
                paid = model.move(who, to)
                past.append(moved(at, who, before, to, model.depth, paid))
                free[who] -= min(free[who], paid)
        else:
            free[who] += (amount := rnd.randint(1, 10**7))
            past.append(freed(at, who, free[who]))
    return model, free, past


@pytest.mark.parametrize("seed", range(SEEDS))
def test_books_are_the_models_to_the_unit(seed: int) -> None:
    model, free, past = history(seed)
    events = [Event(full.split(".")[1], said, PURSE, 1, "0x", 0, at) for at, full, said in past]
    found = folded(events, PURSE)
    stakes = found.stakes[IDEA]
    assert {*stakes} == model.accounts()
    for who in stakes:
        assert stakes[who].left == model.void(who)
        for ppm in (0, 1, 333_333, model.ppm or 0, ONE):
            assert stakes[who].worth(model.ppm or 0, ppm) == model.worth(who, ppm)
    assert {who: found.free.get(who, 0) for who in PEOPLE} == free


def test_the_purse_sponsors_from_what_it_has_free() -> None:
    past = [freed(OPEN, PURSE, 100), sponsored(OPEN, PURSE, 50, 200, 500_000)]
    events = [Event(full.split(".")[1], said, PURSE, 1, "0x", 0, at) for at, full, said in past]
    assert folded(events, PURSE).free == {PURSE: 50}


@pytest.mark.parametrize(
    ("moves", "last", "end", "average"),
    [
        ([], 400_000, 5 * DAY, 400_000),
        ([(4 * DAY, 400_000)], 700_000, 5 * DAY, 500_000),  # two days of 40, one of 70
        ([(DAY, 0), (4 * DAY, 400_000)], 700_000, 5 * DAY, 500_000),  # what was before three days does not count
        ([(DAY // 2, 0)], ONE, DAY, 500_000),  # a market of a day
        ([(5 * DAY, 400_000)], 700_000, 5 * DAY, 400_000),  # moved in the last second
        ([], 123, 0, 123),
    ],
)
def test_an_average_is_weighted_by_time(moves: Any, last: int, end: int, average: int) -> None:
    assert weighted(0, moves, last, end) == average


def test_a_lie_costs_a_twenty_fifth_of_the_depth() -> None:
    market = Market()
    market.sponsor("sponsor", 10**9, 500_000)
    market.move("liar", 700_000)
    # The forecast was right before: the outcome is a half.
    assert market.void("liar") - market.worth("liar", 500_000) == swing(market.depth) == market.depth * 4 // 100


# ── states, and what is due ─────────────────────────────────────────────────────────────────────

MARKET = [sponsored(OPEN, GIVER, 100, 400, 500_000), moved(OPEN + DAY, REPORTER, 500_000, 620_000, 400, 24)]
LINKED = (told.FUNDED + DAY, "Forecasts.ForecastLinked", {"round": 1, "number": 1, "campaign": 1})


def test_a_state_follows_from_the_clock_the_vote_and_the_outcome(place: Any) -> None:
    unfunded = [one for one in begun() if one[1] not in ("IdeaBoard.IdeaFunded", "CampaignEscrow.CampaignFunded")]
    settled = (
        told.FUNDED,
        "IdeaBoard.RoundSettled",
        {"round": 1, "budget": 9, "assigned": 9, "passing": 1, "funded": 1},
    )
    closes, lapses = TIMES.voting_closes, TIMES.lapses_at
    report = told.reported(1, BEGINS, 620_000, BOND)
    for before, now, wanted in [
        (unfunded, closes - 1, ("open", None)),
        (unfunded, closes, ("pending", None)),
        (unfunded, lapses - 1, ("pending", None)),
        (unfunded, lapses, ("void", None)),  # nobody settled the round
        ([*begun(), settled], lapses + 14 * DAY - 1, ("pending", None)),
        ([*begun(), settled], lapses + 14 * DAY, ("void", None)),  # nobody linked it
        ([*begun(), settled, LINKED], lapses + 14 * DAY, ("pending", None)),
        ([*begun(), LINKED, report], BEGINS + DAY, ("final", 620_000)),
        ([*begun(), LINKED], told.ENDS, ("void", None)),
    ]:
        home = place([*MARKET, *before], now)
        assert state(home, home.facts(ForecastMarket)[IDEA]) == wanted, (now, wanted)
    home = place([*unfunded, *MARKET], closes, passes=False)
    assert state(home, home.facts(ForecastMarket)[IDEA]) == ("void", None)


def test_anybody_links_and_claims_and_leaves_deposits_alone(place: Any) -> None:
    def acts(home: Any, kind: str) -> tuple[Any, ...]:
        return tuple(act for item in forecast_acts._due(home, None) if item.kind == kind for act in item.acts)

    home = place([*begun(), *MARKET], told.FUNDED)
    assert acts(home, "forecast_link") == (LinkForecast(IDEA, 1),)
    assert acts(home, "forecast_claim") == ()
    past = [*begun(), *MARKET, freed(OPEN, JUROR, 70), LINKED, told.reported(1, BEGINS, 620_000, BOND)]
    home = place(past, BEGINS + DAY)
    assert acts(home, "forecast_link") == ()
    assert {*acts(home, "forecast_claim")} == {ClaimForecast(IDEA, GIVER), ClaimForecast(IDEA, REPORTER)}
    home = place([*past, claimed(BEGINS + DAY, REPORTER, 30)], BEGINS + DAY)
    assert acts(home, "forecast_claim") == (ClaimForecast(IDEA, GIVER),)
    assert [one.arguments[0] for one in forecast_acts._deliveries(home)] == [REPORTER]
    assert books(home).free == {JUROR: 70, REPORTER: 30}


def test_two_own_accounts_forecast_well_for_nothing(place: Any) -> None:
    model, past = Market(), []
    past.append(sponsored(OPEN, GIVER, 100, model.sponsor(GIVER, 100, 500_000), 500_000))
    for at, who, to in ((1, LEAD, ONE), (2, JUROR, 620_000)):
        before = model.ppm or 0
        past.append(moved(OPEN + at, who, before, to, model.depth, model.move(who, to)))
    home = place([*begun(), *past, LINKED, told.reported(1, BEGINS, 620_000, BOND)], BEGINS + DAY)
    rows = {one["account"]: one for one in ForecastBoard().answer(home)["scores"]}
    assert rows[JUROR]["brier"] == 0
    assert rows[JUROR]["profit"] > 0 > rows[LEAD]["profit"]
    # Together they have what one account had that moved it there: the second looks like a seer for nothing of its own.
    alone = Market()
    alone.sponsor(GIVER, 100, 500_000)
    alone.move("one", 620_000)
    assert abs(rows[JUROR]["profit"] + rows[LEAD]["profit"] - (alone.worth("one", 620_000) - alone.void("one"))) <= 2
    assert "two accounts of one person forecast well for nothing" in str(words.command("forecast board")["notes"])


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


def test_a_forecast_is_a_sentence_with_what_stands_behind_it(place: Any) -> None:
    home = place([*begun(), *MARKET], OPEN + 2 * DAY, REPORTER)
    view = ShowForecast(IDEA).view(home)
    fields = dict(view.fields)
    assert view.heading.startswith("Holders expect 62% of the goal – idea 1/1: ")
    assert fields["average"] == "56% over the last three days"
    assert fields["depth"] == "400 USD, from 100 USD of sponsors; 1 account moved it"
    assert "costs 16 USD if the idea is funded and it was right before, and nothing" in fields["a lie"]
    assert any("is locked until the outcome" in one for one in view.texts)
    assert any("a jury that reaches its quorum" in one for one in view.texts)
    # Who opens it says where it begins, and is nobody's expectation.
    begins, closes = [*begun(), *MARKET[:1]], TIMES.voting_closes
    for now, said, passes in (
        (OPEN + DAY, "It began at 50%, and nobody moved it", True),
        (closes, "It began at 50%, and nobody moved it", True),
        (closes, "It began at 50%, and nobody moved it; there is no outcome, and everything returns", False),
    ):
        view = ShowForecast(IDEA).view(place(begins, now, REPORTER, passes=passes))
        assert view.heading.startswith(f"{said} – idea 1/1: ")
    empty = ShowForecast(IDEA).view(place(begun(), OPEN, REPORTER))
    assert empty.heading.startswith("Nobody has opened a forecast yet")
    assert dict(empty.fields)["to open one"].startswith("leave 50 USD at least; 50% is a proposed start")


def test_a_move_takes_a_tenth_more_than_now_at_the_most(place: Any) -> None:
    home = place([*begun(), *MARKET, freed(OPEN + DAY, JUROR, 30)], OPEN + 2 * DAY, JUROR)
    act = read(MoveForecast, home, {"idea": "1/1", "to": "82%"})
    model = Market(620_000, 400)
    paid = model.move(JUROR, 820_000)
    most = paid + -(-paid // 10)
    assert act.shown_before(home) == {"most": str(most), "taken": str(most - 30)}
    plan = engine.plan(home, act)
    assert plan.steps[-1].call.decoded()[1] == {
        **{"round": 1, "number": 1, "toPpm": 820_000, "maxPay": most, "why": bytes(32)}
    }
    assert any("if the idea has no outcome" in one for one in plan.effects)
    down = engine.plan(home, read(MoveForecast, home, {"idea": "1/1", "to": "0%", "max_pay": "5"}))
    assert any("Talking an idea down costs nothing if it is believed" in one for one in down.effects)
    assert down.steps[-1].call.decoded()[1]["maxPay"] == 5


def test_a_sponsor_is_bound_to_where_the_forecast_is(place: Any) -> None:
    def call(home: Any, **given: str) -> dict[str, Any]:
        act = read(SponsorForecast, home, {"idea": "1/1", "amount": "60", **given})
        found: dict[str, Any] = engine.plan(home, act).steps[-1].call.decoded()[1]
        return found

    known = place([*begun(), *MARKET], OPEN + DAY, LEAD)
    told_ = call(known)
    assert (told_["minPpm"], told_["maxPpm"]) == (570_000, 670_000)
    assert call(known, at_least="0%", at_most="100%")["maxPpm"] == ONE
    fresh = place(begun(), OPEN, LEAD)
    assert (call(fresh)["start"], call(fresh)["minPpm"], call(fresh)["maxPpm"]) == (500_000,) * 3
    assert (call(fresh, start="40%")["start"], call(fresh, start="40%")["maxPpm"]) == (400_000,) * 2


def test_a_purse_that_is_used_up_says_so(place: Any) -> None:
    home, told_ = place(begun(), OPEN, LEAD), {"amount": 2, "least": 50}
    error = OpenForecast(IDEA).refused(home, explain.refused("ForecastsTooLittle", told_))
    assert (error.is_told, str(error.message)) == (True, "The purse has 2 USD, and this forecast takes 50 USD.")


def test_nonsense_is_refused(place: Any) -> None:
    home = place(begun(), OPEN, LEAD)
    with pytest.raises(Refused) as refused:
        engine.plan(home, MoveForecast(IDEA, 500_000, Amount(5)))
    assert refused.value.name == "ForecastsNotSponsored"
    with pytest.raises(Refused) as refused:
        engine.plan(home, MoveForecast((1, 9), 500_000))
    assert refused.value.name == "IdeaBoardUnknownIdea"
    unfunded = [one for one in begun() if one[1] != "IdeaBoard.IdeaFunded"]
    with pytest.raises(BadInput, match="no campaign"):
        engine.plan(place([*unfunded, *MARKET], OPEN, LEAD), LinkForecast(IDEA))
    for given in ("62", "101%", "-1%", "62%%", "", "1e2%"):
        with pytest.raises(BadInput):
            read(MoveForecast, home, {"idea": "1/1", "to": given})
