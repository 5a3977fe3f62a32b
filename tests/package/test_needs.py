"""Needs: weights, conviction and answers, against a plain model and by their invariants.

given what holders said, and the votes' own history
├── N1 in each round every unit of posting power counts at most once over all needs, merged ones included
├── N2 no conviction is above the largest weight so far
├── N3 the order in which different holders speak within a round changes nothing
├── N4 all of it agrees with the rule written down again, to the unit
├── a need counts while its author's power has room for it; the first post of a digest is the need
├── tokens passed on, lent or sold count once, and no more from the next round on
├── a need that merged counts for its target; circles, and targets that nobody posted, merge nothing
├── answers: within thirty days or late; the first date kept, broken or open; effort and priority
└── a thousand needs, ten thousand holders, fifty rounds: at most two seconds of processor time
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmo.capabilities.needs import (
    ANSWER_SECONDS,
    Answer,
    Answered,
    Backed,
    HeardNeed,
    Posted,
    Said,
    VotesHistory,
    standing,
)
from dmo.home.rounds import Frame, round_at
from tests.support.pace import paced

FRAME = Frame(origin=1_000, round_seconds=100, holding_seconds=30)
NEEDS = [bytes([number]) * 32 for number in range(1, 7)]
HOLDERS = [f"0x{number:040x}" for number in range(1, 6)]
NOTHING = b"\x00" * 32
BAR = 10
MOST_SECONDS = 2.0


def opens(number: int) -> int:
    return FRAME.origin + (number - 1) * FRAME.round_seconds


def found(said: Sequence[Said], power: dict[tuple[str, int], int], now: int) -> dict[bytes, HeardNeed]:
    got = standing(said, FRAME, now, lambda who, its: power.get((who, its), 0), lambda its: BAR)
    return {one.need: one for one in got}


def written_again(said: Sequence[Said], power: dict[tuple[str, int], int], now: int) -> dict[bytes, list[int]]:
    """The rule a second time, round by round and need by need: the weights of each need that counts."""
    born: dict[bytes, int] = {}
    for one in said:
        if isinstance(one, Posted) and one.need not in born and (its := round_at(FRAME, one.at)):
            mine = sum(1 for need, when in born.items() if when == its and author[need] == one.author) if born else 0
            if power.get((one.author, its), 0) >= max((mine + 1) * BAR, 1):
                born[one.need] = its
                author[one.need] = one.author
    weights: dict[bytes, list[int]] = {need: [] for need in born}
    for number in range(1, round_at(FRAME, now) + 1):
        before = [one for one in said if one.at < opens(number)]
        lists = {one.holder: one for one in before if isinstance(one, Backed)}
        answers = {one.need: one for one in before if isinstance(one, Answered)}

        def goes_to(need: bytes, number: int = number, answers: dict[bytes, Answered] = answers) -> bytes:
            chain = [need]
            while (its := answers.get(chain[-1])) and its.answer == 5 and born.get(its.reason, number) < number:
                if its.reason in chain:
                    return need
                chain.append(its.reason)
            return chain[-1]

        row = dict.fromkeys(born, 0)
        for holder, named in lists.items():
            for need, share in zip(named.needs, named.percents, strict=True):
                if born.get(need, number) < number:
                    row[goes_to(need)] += power.get((holder, number), 0) * share // 100
        for need, weight in row.items():
            weights[need].append(weight)
    return weights


author: dict[bytes, str] = {}

MOMENTS = st.integers(opens(1) - 20, opens(9))
A_POST = st.builds(Posted, MOMENTS, st.sampled_from(NEEDS), st.sampled_from(HOLDERS))
ANSWERS = st.builds(
    Answered,
    MOMENTS,
    st.sampled_from(NEEDS),
    st.sampled_from([1, 2, 3, 4, 5, 5, 5]),
    st.integers(0, 2_000),
    st.integers(0, 8),
    st.sampled_from([*NEEDS, NOTHING]),
)


@st.composite
def a_list(draw: st.DrawFn) -> Backed:
    needs = sorted(draw(st.sets(st.sampled_from(NEEDS), max_size=4)))
    percents = [draw(st.integers(1, 25)) for _ in needs]
    return Backed(draw(MOMENTS), draw(st.sampled_from(HOLDERS)), needs, percents)


LOGS = st.lists(st.one_of(A_POST, A_POST, a_list(), a_list(), ANSWERS), max_size=30).map(
    lambda log: sorted(log, key=lambda one: one.at)
)
POWERS = st.dictionaries(st.tuples(st.sampled_from(HOLDERS), st.integers(1, 9)), st.integers(0, 10**24), min_size=20)


@settings(max_examples=60, deadline=None)
@given(LOGS, POWERS, st.integers(opens(1) - 50, opens(9) + 99), st.randoms())
def test_the_invariants_hold(said: list[Said], power: dict[tuple[str, int], int], now: int, order: Random) -> None:
    told = [one for one in said if one.at <= now]
    got = found(said, power, now)
    author.clear()
    again = written_again(told, power, now)
    assert {need: its.weights for need, its in got.items()} == again  # N4
    for number in range(1, round_at(FRAME, now) + 1):
        whole = sum(power.get((holder, number), 0) for holder in HOLDERS)
        assert sum(its.weights[number - 1] for its in got.values()) <= whole  # N1
    for its in got.values():
        y, most = 0, 0
        for weight in its.weights:
            y, most = (y + weight) // 2, max(most, weight)
            assert y <= most  # N2
        assert its.conviction == y
    lists = [one for one in said if isinstance(one, Backed)]
    order.shuffle(lists)
    lists.sort(key=lambda one: (round_at(FRAME, one.at), one.holder, one.at))
    kept: dict[tuple[int, str], list[Backed]] = {}
    for one in [one for one in said if isinstance(one, Backed)]:
        kept.setdefault((round_at(FRAME, one.at), one.holder), []).append(one)
    shuffled: list[Said] = [one for one in said if not isinstance(one, Backed)]
    groups = list(kept)
    order.shuffle(groups)
    groups.sort(key=lambda group: group[0])
    shuffled += [one for group in groups for one in kept[group]]
    other = found(shuffled, power, now)
    assert {need: its.weights for need, its in other.items()} == again  # N3


def test_needs_beyond_an_authors_power_do_not_count() -> None:
    ann, ben, *_ = HOLDERS
    at = opens(2)
    said = [Posted(at, need, ann) for need in NEEDS[:3]] + [Posted(at + 1, NEEDS[2], ben)]
    got = found(said, {(ann, 2): 2 * BAR + 9, (ben, 2): BAR}, at + 5)
    assert [(one.need, one.author, one.number) for one in got.values()] == [
        (NEEDS[0], ann, 1),
        (NEEDS[1], ann, 2),
        (NEEDS[2], ben, 3),
    ]
    again = [Posted(at, NEEDS[0], ann), Posted(at, NEEDS[0], ann), Posted(at, NEEDS[1], ann)]
    assert [*found(again, {(ann, 2): 2 * BAR}, at)] == NEEDS[:2], "said twice, it uses power once"
    assert found([Posted(opens(1) - 1, NEEDS[0], ann)], {(ann, 0): 10**9, (ann, 1): 10**9}, at) == {}


@pytest.mark.attack("rotated tokens back a need again and again")
def test_rotated_tokens_count_once() -> None:
    """A whale moves to a new account each round; what an account said stays, its power does not."""
    whale, need, rounds = 10**22, NEEDS[0], 12
    held = {(f"w{number - 1}", number): whale for number in range(2, rounds + 1)} | {(HOLDERS[0], 1): BAR}
    said: list[Said] = [Posted(opens(1), need, HOLDERS[0])]
    said += [Backed(opens(number) + 1, f"w{number}", [need], [100]) for number in range(1, rounds)]
    moved = found(said, held, opens(rounds))[need]
    stayed = [said[0], Backed(opens(1) + 1, "w", [need], [100])]
    still = found(stayed, {("w", number): whale for number in range(1, 20)} | held, opens(rounds))[need]
    assert max(moved.weights) == whale
    assert moved.conviction == still.conviction < whale
    assert moved.backers == 1


@pytest.mark.attack("sold tokens that still back a need")
def test_sold_tokens_stop_counting_next_round() -> None:
    ann, need = HOLDERS[0], NEEDS[0]
    votes = VotesHistory(FRAME, {ann: [(100, 500), (opens(4) + 10, 0)]})
    said: list[Said] = [Posted(opens(1), need, ann), Backed(opens(1), ann, [need], [100])]
    (one,) = standing(said, FRAME, opens(6), votes.power, lambda its: BAR)
    assert one.weights == [0, 500, 500, 500, 0, 0]
    assert one.backers == 0
    assert votes.power(ann, 5) == 0


@pytest.mark.attack("lent votes that back a need twice")
def test_delegated_votes_count_at_the_delegate_alone() -> None:
    """Ann lends Bob her votes in the fourth round, and both go on saying the same."""
    ann, bob, need = *HOLDERS[:2], NEEDS[0]
    lent = opens(4) + 10
    votes = VotesHistory(FRAME, {ann: [(100, 500), (lent, 0)], bob: [(100, 70), (lent, 570)]})
    said: list[Said] = [Posted(opens(1), need, ann)]
    said += [Backed(opens(1), who, [need], [100]) for who in (ann, bob)]
    (one,) = standing(said, FRAME, opens(6), votes.power, lambda its: BAR)
    assert one.weights == [0, 570, 570, 570, 570, 570], "from the round after, all of it at Bob"
    assert one.backers == 1
    assert votes.power(ann, 4) == 500


def test_power_is_the_smaller_of_two_moments() -> None:
    ann, ben = HOLDERS[:2]
    late, early = opens(3) - 1, opens(3) - 1 - FRAME.holding_seconds
    votes = VotesHistory(FRAME, {ann: [(early + 1, 70)], ben: [(early, 70), (late, 90)]}, excluded=[HOLDERS[2]])
    assert votes.power(ann, 3) == 0
    assert votes.power(ann, 4) == 70
    assert votes.power(ben, 3) == 70
    assert votes.power(ben, 4) == 90
    assert votes.power(HOLDERS[3], 3) == 0
    assert VotesHistory(FRAME, {ann: [(0, 5)]}, [ann]).power(ann, 3) == 0


def test_a_merged_need_counts_for_its_target() -> None:
    ann, ben = HOLDERS[:2]
    one, two, three = NEEDS[:3]
    power = {(who, number): 1_000 for who in (ann, ben) for number in range(1, 9)}
    said: list[Said] = [Posted(opens(1), need, ann) for need in (one, two, three)]
    said += [Backed(opens(1), ann, [one, two], [60, 40]), Backed(opens(1), ben, [two], [50])]
    said.append(Answered(opens(3), two, Answer.MERGED, 0, 0, one))
    got = found(said, power, opens(4))
    assert got[one].weights == [0, 600, 600, 1_500]
    assert got[two].weights == [0, 900, 900, 0]
    assert got[one].backers == 2
    assert got[two].backers == 0
    assert got[two].merged_into == one
    circle = [*said, Answered(opens(4), one, Answer.MERGED, 0, 0, two)]
    got = found(circle, power, opens(5))
    assert (got[one].weights[-1], got[two].weights[-1], got[one].merged_into) == (600, 900, None)
    nowhere = [*said, Answered(opens(4), two, Answer.MERGED, 0, 0, NEEDS[5])]
    assert found(nowhere, power, opens(5))[two].weights[-1] == 900
    unborn = [*nowhere, Posted(opens(5), NEEDS[5], ann)]
    assert found(unborn, power, opens(5))[two].weights[-1] == 900, "nobody had posted the other when the round began"
    back = [*said, Answered(opens(4), two, Answer.PLANNED, 0, 0, NOTHING)]
    assert found(back, power, opens(5))[two].weights[-1] == 900
    chain = [*said, Answered(opens(4), one, Answer.MERGED, 0, 0, three)]
    assert found(chain, power, opens(5))[three].weights[-1] == 1_500


def test_what_was_answered_and_which_dates_were_kept() -> None:
    ann, need, day = HOLDERS[0], NEEDS[0], 86_400
    start = opens(1)

    def after(*answers: Answered) -> HeardNeed:
        return found([Posted(start, need, ann), *answers], {(ann, 1): BAR}, start + 400 * day)[need]

    silent = after()
    assert silent.answer is None
    assert silent.is_kept(start) is None
    assert [silent.is_late(start + ANSWER_SECONDS - 1), silent.is_late(start + ANSWER_SECONDS)] == [False, True]
    moved = after(
        Answered(start + 5 * day, need, Answer.PLANNED, start + 20 * day, 4, NOTHING),
        Answered(start + 19 * day, need, Answer.IN_PROGRESS, start + 60 * day, 0, NOTHING),
    )
    assert moved.seconds_to_answer(start + 90 * day) == 5 * day
    assert not moved.is_late(start + 90 * day)
    assert (moved.first_eta, moved.latest_eta) == (start + 20 * day, start + 60 * day)
    assert moved.is_kept(start + 20 * day - 1) is None
    assert moved.is_kept(start + 20 * day) is False, "a date that was moved is not kept"
    assert (moved.effort, moved.priority) == (4, moved.conviction // 4)
    planned = Answered(start + 31 * day, need, Answer.PLANNED, start + 50 * day, 0, NOTHING)
    done = after(planned, Answered(start + 50 * day - 1, need, Answer.DONE, 0, 0, NOTHING))
    assert (done.is_late(0), done.is_kept(start + 99 * day), done.priority) == (True, True, None)
    late = after(planned, Answered(start + 50 * day, need, Answer.DONE, 0, 0, NOTHING))
    assert late.is_kept(start + 99 * day) is False
    declined = after(planned, Answered(start + 40 * day, need, Answer.DECLINED, 0, 0, b"\x01" * 32))
    assert declined.is_kept(start + 99 * day) is None


def test_what_comes_later_does_not_count_yet() -> None:
    ann, need = HOLDERS[0], NEEDS[0]
    said: list[Said] = [
        Posted(opens(2), need, ann),
        Backed(opens(1), ann, [need], [100]),
        Backed(opens(3), ann, [], []),
    ]
    power = {(ann, number): 10**6 for number in range(1, 9)}
    assert found(said, power, opens(2) - 1) == {}
    assert found(said, power, opens(3))[need].weights == [0, 0, 10**6]
    assert found(said, power, opens(3))[need].backers == 1
    assert found(said, power, opens(4))[need].weights == [0, 0, 10**6, 0]


def test_a_thousand_needs_of_ten_thousand_holders_in_two_seconds() -> None:
    rng = Random(1)
    needs = [rng.randbytes(32) for _ in range(1_000)]
    holders = [f"0x{number:040x}" for number in range(10_000)]
    rounds = 50
    said: list[Said] = [Posted(opens(1), need, holder) for need, holder in zip(needs, holders, strict=False)]
    for holder in holders:
        for at in sorted(rng.randrange(opens(1), opens(rounds)) for _ in range(2)):
            said.append(Backed(at, holder, sorted(rng.sample(needs, 8)), [12] * 8))
    votes = {
        one: [(at, rng.randrange(10**24)) for at in sorted(rng.randrange(opens(rounds)) for _ in range(10))]
        for one in holders
    }
    votes |= {one: [(0, 10**22), *its] for one, its in votes.items()}
    history = VotesHistory(FRAME, votes)
    said.sort(key=lambda one: one.at)
    got: list[Any] = []
    took = paced(lambda: got.extend(standing(said, FRAME, opens(rounds), history.power, lambda its: BAR)))
    assert len(got) == 1_000
    assert got[0].conviction > 0
    assert took <= MOST_SECONDS
