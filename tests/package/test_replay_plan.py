"""Rounds, ideas, authors, ballots, and what must come out; no chain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.core.errors import BadInput
from dmo.replay.model import expect
from dmo.replay.plan import Choices, make_plan, round_of
from dmo.replay.records import UNIT, Holder, Holders, PastProposal, Side, Vote, Votes
from dmo.replay.rules import ReplayOptions, parse_options

GIVEN = {
    **{"holders": "h", "votes": "v", "round_days": "14"},
    **{"ask": "1000", "budget": "5000", "threshold_bps": "400"},
}
OPTIONS = ReplayOptions(Path("holders.csv"), Path("votes.csv"))
DAY = 86_400
START = 1_700_298_923_287_000_000


def make_holders(*tokens: int) -> Holders:
    rows = [Holder(f"0x{i:040x}", amount * UNIT) for i, amount in enumerate(tokens, 1)]
    return Holders(rows, sum(row.amount for row in rows), "0" * 64)


def make_votes(*proposals: tuple[int, int, dict[int, Side]]) -> Votes:
    """Number, milliseconds after the start, choices by place."""
    found, line = {}, 1
    for number, later_ms, choices in proposals:
        proposal = PastProposal(number, START + later_ms * 10**6, line + 1)
        for place, choice in choices.items():
            line += 1
            proposal.votes[place] = Vote(choice, line)
        found[number] = proposal
    return Votes(found, line - 1, "0" * 64)


YES, NO, NONE = Side.FOR, Side.AGAINST, Side.ABSTAIN
FORTNIGHT_MS = 14 * DAY * 1000


def test_rounds_are_exact_to_the_millisecond() -> None:
    votes = make_votes(
        (1, 0, {0: YES}),
        (2, FORTNIGHT_MS - 1, {0: YES}),
        (3, FORTNIGHT_MS, {0: YES}),
        (4, 4 * FORTNIGHT_MS - 1, {0: YES}),
    )
    plan = make_plan(OPTIONS, make_holders(100), votes)
    assert {r.number: [p.number for p in r.proposals] for r in plan.rounds} == {1: [1, 2], 2: [3], 4: [4]}


@given(st.integers(0, 10**18), st.integers(3600, 90 * DAY))
def test_a_round_holds_its_moments(later_ns: int, length: int) -> None:
    number = round_of(START + later_ns, START, length)
    assert (number - 1) * length * 10**9 <= later_ns < number * length * 10**9


def test_ideas_are_in_order_of_moment_then_number() -> None:
    votes = make_votes((10, 5, {0: YES}), (9, 5, {0: YES}), (3, 7, {0: YES}), (77, 0, {0: YES}))
    [played] = make_plan(OPTIONS, make_holders(100), votes).rounds
    assert [p.number for p in played.proposals] == [77, 9, 10, 3]


def test_a_ballot_is_whole_ascending_and_without_abstentions() -> None:
    votes = make_votes((2, 1, {0: NO, 1: NONE}), (1, 0, {0: YES, 1: NONE, 2: YES}), (3, 2, {0: NONE, 2: NO}))
    [played] = make_plan(OPTIONS, make_holders(50, 30, 20), votes).rounds
    assert played.ballots == {0: Choices([1], [2]), 2: Choices([1], [3])}


def test_the_largest_holders_post() -> None:
    votes = make_votes(*((number, number, {0: YES}) for number in range(1, 6)))
    holders = make_holders(30, 9_960, 10, 0, 0)  # an idea takes 0.1 % of 10,000
    [played] = make_plan(OPTIONS, holders, votes).rounds
    assert played.authors == [1] * 5
    many = make_votes(*((number, number, {0: NONE}) for number in range(1, 1000)))
    [played] = make_plan(OPTIONS, holders, many).rounds
    assert played.authors == [1] * 996 + [0] * 3


def test_the_posting_share_falls_when_holders_are_small() -> None:
    votes = make_votes((1, 0, {0: YES}), (2, 1, {0: YES}))
    plan = make_plan(OPTIONS, make_holders(*[10] * 2500), votes)  # each holds 0.04 %
    assert (plan.posting_bps, plan.rounds[0].authors) == (4, [0, 1])


def test_refuses_when_nobody_can_post() -> None:
    with pytest.raises(BadInput, match="the holders can post 0 of the 1 ideas of round 1"):
        make_plan(OPTIONS, make_holders(*[1] * 10_001), make_votes((1, 0, {0: YES})))


def test_a_ballot_has_at_most_a_hundred_choices() -> None:
    holders = make_holders(50, 50)
    hundred = [(number, number, {0: YES, 1: NO}) for number in range(1, 101)]
    [played] = make_plan(OPTIONS, holders, make_votes(*hundred)).rounds
    assert len(played.ballots[0]) == 100
    one_more = make_votes(*hundred, (101, 101, {0: NONE, 1: NO}))
    with pytest.raises(BadInput, match="more than 100 choices in round 1") as caught:
        make_plan(OPTIONS, holders, one_more)
    assert (caught.value.file, caught.value.line) == ("votes.csv", 203)


def test_expects_passing_at_the_threshold_and_no_ties() -> None:
    votes = make_votes((1, 0, {0: YES}), (2, 1, {1: YES}), (3, 2, {0: YES, 2: YES, 1: NO}), (4, 3, {1: YES, 2: NO}))
    holders = make_holders(40, 39, 921)  # 4 % of 1,000 are 40
    found = expect(OPTIONS, holders, votes)
    assert found.threshold == 40 * UNIT
    assert [(r.number, r.is_passed, r.is_funded) for r in found.results] == [
        (1, True, True),
        (2, False, False),
        (3, True, True),
        (4, False, False),
    ]
    assert (found.ballots, found.choices) == (3, 7)


def test_the_threshold_is_rounded_up() -> None:
    holders = make_holders(1)
    one_more = replace(holders, supply=holders.supply + 1)
    votes = make_votes((1, 0, {0: YES}))
    found = expect(OPTIONS, one_more, votes).threshold
    assert found == expect(OPTIONS, holders, votes).threshold + 1


def test_expects_funding_by_net_then_by_order_as_far_as_money_goes() -> None:
    holders = make_holders(50, 30, 20)
    choices = [{0: YES}, {0: YES, 1: YES}, {0: YES}, {2: YES}, {0: YES}, {1: YES}, {0: YES}]
    votes = make_votes(*((n, n, c) for n, c in enumerate(choices, 1)))
    found = expect(OPTIONS, holders, votes)
    assert [r.number for r in found.results if r.is_funded] == [1, 2, 3, 5, 7]
    assert all(r.is_passed for r in found.results)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("ask", "49.999999"),
        ("ask", "1666.666667"),
        ("ask", "0"),
        ("ask", "-1"),
        ("ask", "1000.0000001"),
        ("ask", "1e3"),
        ("ask", ""),
        ("budget", "100000000000000000000000"),
        ("budget", "NaN"),
        ("budget", "0"),
        ("round_days", "0"),
        ("round_days", "91"),
        ("round_days", "0.04"),
        ("round_days", "1.000001"),
        ("round_days", "--1"),
        ("threshold_bps", "199"),
        ("threshold_bps", "5001"),
        ("threshold_bps", "1.9%"),
        ("threshold_bps", "400.1"),
        ("threshold_bps", "٤٠٠"),
    ],
)
def test_refuses_options(option: str, value: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_options(**GIVEN | {option: value})
    assert caught.value.field == f"--{option.replace('_', '-')}"
    assert caught.value.expected


def test_reads_options() -> None:
    found = parse_options("h", "v", "0.5", "1666.666666", "5,000", "2%")
    assert (found.round_seconds, found.ask) == (43_200, 1_666_666_666)
    assert (found.budget, found.threshold_bps) == (5_000_000_000, 200)
    assert parse_options(**GIVEN) == ReplayOptions(Path("h"), Path("v"))
