"""Levels, weekly streaks, seasons and holding: pure functions of the log, and what a profile tells of them.

levels
  given any points and unit -> test_a_level_is_the_largest_that_is_paid_for
  given a cap in whole tokens -> test_the_unit_is_a_thousandth_of_the_first_cap
streaks
  given deeds of any weeks -> test_a_streak_agrees_with_counting_weeks_one_by_one
  given a week that is not over -> test_a_week_that_still_runs_breaks_nothing
seasons
  given any awards -> test_every_award_is_of_exactly_one_season
  given who earned the same -> test_equals_share_a_rank
  given the last second of one -> test_a_season_is_half_open
holding
  given any transfers -> test_the_smallest_balance_of_the_starts_counts
  given tokens that came the day before -> test_borrowed_tokens_do_not_count_as_held
what an account is told
  given awards, ballots, payments and reveals -> test_a_profile_tells_level_weeks_and_season
  given a juror with dust -> test_a_reveal_with_dust_is_no_deed
  given a season, or one that has not begun -> test_a_season_is_shown_with_its_board
  given logs without their time -> test_what_was_held_is_read_from_transfers
  given a report of the same history -> test_the_report_says_the_same
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmo.capabilities import merits, recognition
from dmo.capabilities.history import Award, History
from dmo.capabilities.merits import SEASON_SECONDS, WEEK_SECONDS, Streak, TokenMove
from dmo.capabilities.recognition import ShowHeld, ShowSeason
from dmo.capabilities.tokens import Board, ShowPoints
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput
from dmo.core.units import WAD
from dmo.faces.html import render_page
from dmo.faces.sheets import SHEETS
from dmo.faces.told import Told as Shown
from dmo.home.ballots import pack
from dmo.home.home import Home
from tests.support import node as table
from tests.support import past
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, Node, log

ALICE, BOB = checksum(table.ALICE), checksum(table.BOB)
ZERO = "0x" + "00" * 20
WHO = [f"0x{number:040x}" for number in range(1, 5)]
MONDAY = 1_800_230_400
"""2027-01-18, at midnight."""
ORIGIN = MONDAY - SEASON_SECONDS
LENGTH = 14 * 86_400
FEW = settings(max_examples=60, deadline=None)


# ── the functions ───────────────────────────────────────────────────────────────────────────────


@FEW
@given(st.integers(0, 10**30), st.integers(1, 10**6))
def test_a_level_is_the_largest_that_is_paid_for(points: int, unit: int) -> None:
    level = merits.level_of(points, unit)
    assert level >= 1
    assert merits.points_for(level, unit) <= points < merits.points_for(level + 1, unit)
    exact = merits.points_for(level + 1, unit)
    assert merits.level_of(exact, unit) == level + 1
    assert merits.level_of(exact - 1, unit) == level


@pytest.mark.parametrize(
    ("cap", "decimals", "unit"), [(30_000 * 10**6, 6, 30), (999 * 10**6, 6, 1), (0, 18, 1), (2_999_999, 0, 2_999)]
)
def test_the_unit_is_a_thousandth_of_the_first_cap(cap: int, decimals: int, unit: int) -> None:
    assert merits.level_unit(cap, decimals) == unit


@FEW
@given(st.lists(st.integers(0, 20), max_size=20), st.integers(0, 22))
def test_a_streak_agrees_with_counting_weeks_one_by_one(weeks: list[int], this: int) -> None:
    now = MONDAY + this * WEEK_SECONDS + 50
    found = merits.streak([MONDAY + week * WEEK_SECONDS + week for week in weeks], now)
    done = {week for week in weeks if week <= this}
    last = this if this in done else this - 1
    run = 0
    while last - run in done:
        run += 1
    most = max((sum(1 for _ in _run(done, start)) for start in done), default=0)
    assert found == Streak(run, most)


def _run(done: set[int], start: int) -> Any:
    while start in done:
        yield start
        start += 1


def test_a_week_that_still_runs_breaks_nothing() -> None:
    sunday, monday = MONDAY - 1, MONDAY
    assert merits.streak([sunday], monday) == Streak(1, 1)
    assert merits.streak([sunday, monday], monday) == Streak(2, 2)
    assert merits.streak([sunday], monday + WEEK_SECONDS - 1) == Streak(1, 1)
    assert merits.streak([sunday], monday + WEEK_SECONDS) == Streak(0, 1)
    assert merits.streak([monday + 1], monday) == Streak(0, 0)


AWARDS = st.lists(
    st.builds(Award, st.integers(ORIGIN, ORIGIN + 3 * SEASON_SECONDS - 1), st.sampled_from(WHO), st.integers(1, 9)),
    max_size=30,
)


@FEW
@given(AWARDS)
def test_every_award_is_of_exactly_one_season(awards: list[Award]) -> None:
    boards = [merits.season_board(awards, ORIGIN, number) for number in (1, 2, 3)]
    whole: Counter[str] = Counter()
    for board in boards:
        assert [one.rank for one in board] == [1 + sum(its.points > one.points for its in board) for one in board]
        whole.update({one.account: one.points for one in board})
    earned: Counter[str] = Counter()
    for one in awards:
        earned[one.account] += one.points
    assert whole == earned


def test_equals_share_a_rank() -> None:
    awards = [Award(ORIGIN, who, points) for who, points in zip(WHO, (5, 9, 5, 1), strict=True)]
    board = merits.season_board(awards, ORIGIN, 1)
    assert [(one.rank, one.account) for one in board] == [(1, WHO[1]), (2, WHO[0]), (2, WHO[2]), (4, WHO[3])]


def test_a_season_is_half_open() -> None:
    assert [merits.season_at(ORIGIN, ORIGIN + at) for at in (-1, 0, SEASON_SECONDS - 1, SEASON_SECONDS)] == [0, 1, 1, 2]
    for number in (1, 2):
        opens, closes = merits.season_times(ORIGIN, number)
        assert [merits.season_at(ORIGIN, at) for at in (opens, closes - 1, closes)] == [number, number, number + 1]


MOVES = st.lists(
    st.builds(TokenMove, st.integers(0, 50), st.sampled_from(WHO), st.sampled_from(WHO), st.integers(0, 9)), max_size=30
)


@FEW
@given(MOVES, st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_the_smallest_balance_of_the_starts_counts(moved: list[TokenMove], starts: list[int]) -> None:
    ordered = sorted(moved, key=lambda one: one.at)
    balances = [
        sum((one.to == WHO[0]) * one.amount - (one.sender == WHO[0]) * one.amount for one in ordered if one.at < start)
        for start in starts
    ]
    assert merits.held(ordered, WHO[0], starts) == min(balances)
    assert merits.held(ordered, WHO[0], []) is None


@pytest.mark.attack("tokens borrowed over the start of a round, to seem held")
def test_borrowed_tokens_do_not_count_as_held() -> None:
    starts = [100, 200, 300]
    there = [TokenMove(299, WHO[1], WHO[0], 10**6), TokenMove(301, WHO[0], WHO[1], 10**6)]
    assert merits.held([TokenMove(5, WHO[1], WHO[0], 7), *there], WHO[0], starts) == 7
    assert merits.held(there, WHO[0], starts) == 0
    # What it takes is the tokens at every one of the starts.
    assert merits.held([TokenMove(99, WHO[1], WHO[0], 50)], WHO[0], starts) == 50


# ── what is told ────────────────────────────────────────────────────────────────────────────────


def _home(folder: Path, patch: pytest.MonkeyPatch, told: dict[int, Told], now: int = MONDAY + 9) -> Home:
    """A home that was told things at moments, counted from the Monday."""
    node = Node()
    node.now = now
    node.view("IdeaBoard", "frame", lambda: (ORIGIN, LENGTH, 10, 1, 1))
    node.view("Reputation", "getVotes", lambda who: 3 * WAD)
    node.view("Reputation", "halfLifeSeconds", lambda: 5)
    node.view("Jury", "caseOf", lambda its: (ALICE, 0, 0, True, False, 0, 0, 10_000))
    for token in ("HolderToken", "BudgetToken"):
        node.view("ERC20", "symbol", lambda: "TOK", ADDRESSES[token])
        node.view("ERC20", "decimals", lambda: 0, ADDRESSES[token])
    home = at_home(folder, patch, node, list(told.values()), account=ALICE)
    events = home.snapshot._events or []
    home.snapshot._events = [
        (name, type(one)(**{**vars(one), "at": MONDAY + at})) for at, (name, one) in zip(told, events, strict=True)
    ]
    return home


def _award(who: str, points: int) -> Told:
    return "Reputation.PointsAwarded", {"account": who, "pointsWad": points * WAD, "countsFrom": 1}


RULES: Told = ("IdeaBoard.RulesSet", {"fromRound": 1, "cap": 10_000, "passingBps": 1, "postingBps": 1})
LATER: Told = ("IdeaBoard.RulesSet", {"fromRound": 2, "cap": 900_000, "passingBps": 1, "postingBps": 1})
DAY = 86_400


def _deeds() -> dict[int, Told]:
    ballot, empty = pack(1, 1, [3]), pack(1, 1, [])
    return {
        -SEASON_SECONDS: RULES,
        -SEASON_SECONDS + 1: LATER,
        -22 * DAY: _award(ALICE, 20),
        -15 * DAY: ("CampaignEscrow.PayeePaid", {"campaign": 1, "submission": 1, "payee": ALICE, "amount": 5}),
        -8 * DAY: ("IdeaBoard.BallotCast", {"voter": ALICE, "round": 1, "votes": 1, "words": ballot}),
        -29 * DAY: ("IdeaBoard.BallotCast", {"voter": ALICE, "round": 1, "votes": 1, "words": empty}),
        -DAY: ("Jury.RulingRevealed", {"disputeID": 4, "juror": ALICE, "ruling": 1, "weight": 100}),
        1: _award(ALICE, 15),
        2: _award(BOB, 25),
        4: ("Badges.ClassAdded", {"class": 2, "rule": BOB, "title": "Juror", "art": bytes(32)}),
        5: ("Badges.Transfer", {"from": ZERO, "to": ALICE, "tokenId": 2 << 160 | int(ALICE, 16)}),
        3: ("CampaignEscrow.PayeeCredited", {"campaign": 1, "submission": 1, "payee": BOB, "amount": 5}),
    }


def test_a_profile_tells_level_weeks_and_season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, _deeds())
    found = ShowPoints(ALICE).answer(home)
    # 35 points by a unit of 10: level 3 from 30 points on, level 4 from 60.
    assert {key: found[key] for key in ("earned", "level", "next_level", "level_left")} == {
        **{"earned": 35 * WAD, "level": 3, "next_level": 4, "level_left": 25 * WAD}
    }
    assert (found["weeks"], found["weeks_longest"]) == (3, 3)
    assert (found["season"], found["season_rank"], found["season_points"]) == (2, 2, 15 * WAD)
    assert {(one["account"], one["level"]) for one in Board().answer(home)["board"]} == {(ALICE, 3), (BOB, 2)}
    assert "level 4 is 25 points away" in str(ShowPoints(ALICE).view(home).fields)
    assert found["badges"] == ["Juror"]
    assert recognition.streak_of(home, BOB) == Streak(1, 1)


@pytest.mark.attack("a juror with dust keeps a streak")
def test_a_reveal_with_dust_is_no_deed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = _deeds()
    name, its = told[-DAY]
    told[-DAY] = name, {**its, "weight": 99}
    assert recognition.streak_of(_home(tmp_path, monkeypatch, told), ALICE) == Streak(0, 2)


def test_a_season_is_shown_with_its_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, _deeds())
    now = ShowSeason().answer(home)
    assert (now["season"], now["before"], now["after"], now["is_over"]) == (2, 1, None, False)
    assert [(one["rank"], one["account"], one["points"], one["level"]) for one in now["board"]] == [
        (1, BOB, 25 * WAD, 2),
        (2, ALICE, 15 * WAD, 3),
    ]
    first = ShowSeason(1).answer(home)
    assert (first["before"], first["after"], first["is_over"]) == (None, 2, True)
    # At its end; what was earned later raises no level of it.
    assert [(one["account"], one["level"]) for one in first["board"]] == [(ALICE, 2)]
    with pytest.raises(BadInput, match="season 3 has not begun"):
        ShowSeason(3).answer(home)
    early = _home(tmp_path, monkeypatch, {}, ORIGIN - 5)
    assert (ShowSeason().answer(early)["season"], ShowSeason().answer(early)["board"]) == (1, [])


def test_what_was_held_is_read_from_transfers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = _home(tmp_path, monkeypatch, {})
    node: Any = home.dmo.chain.transport
    node.head = 50
    sent = [(10, BOB, ALICE, 30), (20, ALICE, BOB, 5), (21, ALICE, ALICE, 9), (30, BOB, ALICE, 100)]
    logs = [log("HolderToken", "Transfer", {"from": one, "to": to, "value": much}, at) for at, one, to, much in sent]
    asked = []

    def answer(order: Any) -> Any:
        asked.append(order)
        place = next(at for at in (1, 2) if order["topics"][at : at + 1] not in ([], [None]))
        return [one for one in logs if one["topics"][place] in order["topics"][place]]

    node.methods["eth_getLogs"] = answer
    times = {block: ORIGIN + LENGTH * block // 10 - 1 for block in range(60)}
    header = node.methods["eth_getBlockByNumber"]
    node.methods["eth_getBlockByNumber"] = lambda tag, full: {
        **header(tag, full),
        **({"timestamp": hex(times[int(tag, 16)])} if tag.startswith("0x") and int(tag, 16) < 50 else {}),
    }
    found = ShowHeld(ALICE, rounds=4).answer(home)
    assert (found["first"], found["last"], found["rounds"]) == (4, 7, 4)
    assert found["held"] == 125
    whole = ShowHeld(ALICE, rounds=100).answer(home)
    assert (whole["first"], whole["held"]) == (1, 0)
    assert len(asked) == 4
    assert [a for a, b in pairwise(sorted({str(one["topics"]) for one in asked})) if a == b] == []


def test_the_report_says_the_same(history: History) -> None:
    told = Shown(replace(history, level_unit=100), past.NAMES)
    first, second = SHEETS["seasons"](told, None)
    assert [(one["season"], one["rank"], one["account"], one["points"]) for one in (first, second)] == [
        (1, 1, past.CITRA, 1500 * WAD),
        (1, 2, past.AYU, 500 * WAD),
    ]
    levels = {row["account"]: row["level"] for row in SHEETS["people"](told, None)}
    assert (levels[past.CITRA], levels[past.AYU]) == (6, 3)  # 15 and 3 times the unit
    page = render_page(history, past.NAMES)
    assert "Points earned in each season of 90 days" in page
