"""The board's packed words against the Python model.

ballot words
  given any choices -> test_ballot_packs_and_unpacks
  given counts around the words' edges -> test_ballot_takes_as_few_words_as_it_can
  given any two lists -> test_merge_is_that_of_plain_solidity
  given two lists as they should be -> test_merge_takes_good_lists
tally words
  given any move -> test_tally_moves_and_leaves_its_neighbour
  given votes that are only added -> test_adding_is_moving
  when a sum leaves 62 bits -> test_tally_reverts_when_sum_overflows
  when more is taken out than is in -> test_tally_reverts_when_sum_underflows
  given any sums and threshold -> test_tally_passing
round words
  given any facts of the posting -> test_posting_packs
  when the posting threshold is beyond its bits -> test_posting_threshold_is_clipped
  given any facts of vote and settlement -> test_vote_packs_and_unpacks
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support.models import board as model
from tests.support.reverts import reverts, reverts_with_panic

U32 = st.integers(0, 2**32 - 1)
U16 = st.integers(0, 2**16 - 1)
SUM = st.integers(0, 2**62 - 1)
CHOICES = st.lists(st.integers(0, 2**17 - 1), max_size=model.MAX_CHOICES)
FLAGS = 5 << 124  # any version


@pytest.fixture(scope="module")
def words(PlainWords, accounts):
    return PlainWords.deploy({"from": accounts[0]})


@given(round_number=U32, at=U32, choices=CHOICES)
def test_ballot_packs_and_unpacks(words, round_number, at, choices):
    packed = words.packBallot(round_number, at, choices)
    assert list(packed) == model.pack_ballot(round_number, at, choices)
    assert words.unpackBallot(packed) == (round_number, at, choices)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 1), (1, 1), (10, 1), (11, 2), (25, 2), (26, 3), (85, 6), (86, 7), (100, 7)]
)
def test_ballot_takes_as_few_words_as_it_can(words, count, expected):
    choices = [2**17 - 1] * count
    packed = words.packBallot(2**32 - 1, 2**32 - 1, choices)
    assert len(packed) == expected
    assert list(packed) == model.pack_ballot(2**32 - 1, 2**32 - 1, choices)


NUMBERS = st.lists(st.integers(0, 24) | st.integers(0, 2**32 - 1), max_size=12)


@given(
    in_favour=NUMBERS | NUMBERS.map(sorted),
    against=NUMBERS | NUMBERS.map(sorted),
    ideas=st.integers(0, 30) | st.just(65_535),
)
def test_merge_is_that_of_plain_solidity(words, in_favour, against, ideas):
    assert words.merge(in_favour, against, ideas) == words.plainMerge(in_favour, against, ideas)


@given(
    lists=st.lists(st.integers(1, 60), unique=True).map(sorted), sides=st.lists(st.booleans(), min_size=60, max_size=60)
)
def test_merge_takes_good_lists(words, lists, sides):
    parts = [[n for n in lists if sides[n - 1] is side] for side in (True, False)]
    assert words.merge(*parts, 60) == ([n * 2 + sides[n - 1] for n in lists], 0)


def _tally(supporting, opposing):
    return FLAGS | opposing << 62 | supporting


def _pair(number, tally, neighbour):
    halves = (neighbour, tally) if number % 2 else (tally, neighbour)
    return halves[0] | halves[1] << 128


@given(
    sums=st.tuples(st.integers(0, 2**61), st.integers(0, 2**61)),
    votes=st.integers(1, 2**60),
    before=st.booleans() | st.none(),
    after=st.booleans() | st.none(),
    number=st.integers(1, 2**16 - 1),
    neighbour=st.integers(0, 2**128 - 1),
)
def test_tally_moves_and_leaves_its_neighbour(words, sums, votes, before, after, number, neighbour):
    choices = [0 if side is None else number * 2 + side for side in (before, after)]
    inside, expected = list(sums), list(sums)
    if before is not None:
        inside[1 - before] += votes
    if after is not None:
        expected[1 - after] += votes
    start = _pair(number, _tally(*inside), neighbour)
    assert words.moveTally(start, number, *choices, votes) == _pair(number, _tally(*expected), neighbour)


@given(
    sums=st.tuples(st.integers(0, 2**61), st.integers(0, 2**61)),
    votes=st.integers(1, 2**60),
    is_for=st.booleans(),
    number=st.integers(1, 2**16 - 1),
    neighbour=st.integers(0, 2**128 - 1),
    threshold=st.integers(1, 2**62 - 1) | st.integers(1, 3),
)
def test_adding_is_moving(words, sums, votes, is_for, number, neighbour, threshold):
    start, choice = _pair(number, _tally(*sums), neighbour), number * 2 + is_for
    after = [*sums]
    after[1 - is_for] += votes
    crossed = (after[0] - after[1] >= threshold) - (sums[0] - sums[1] >= threshold)
    moved = words.moveTally(start, number, 0, choice, votes)
    assert words.addVotes(start, choice, votes, threshold) == (moved, crossed % 2**256)
    out = _pair(number, _tally(*sums) | 1 << 127, neighbour)
    assert words.addVotes(out, choice, votes, threshold) == (out, 2)


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_overflows(words, choice):
    full = _tally(2**62 - 2, 2**62 - 2)
    assert words.moveTally(full, 4, 0, choice, 1) != full
    with reverts(words, "SafeCastOverflowedUintDowncast", 62, 2**62):
        words.moveTally(full, 4, 0, choice, 2)


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_underflows(words, choice):
    with reverts_with_panic():
        words.moveTally(_tally(4, 4), 4, choice, 0, 5)


@given(supporting=SUM, opposing=SUM, distance=st.integers(-2, 2), threshold=st.none() | SUM)
def test_tally_passing(words, supporting, opposing, distance, threshold):
    limit = max(supporting - opposing + distance, 1) if threshold is None else max(threshold, 1)
    assert words.isPassing(_tally(supporting, opposing), limit) is (supporting - opposing >= limit)


@given(threshold=st.integers(0, 2**184 - 1), previous=U32, ideas=st.integers(0, 40))
def test_posting_packs(words, threshold, previous, ideas):
    expected = f"{threshold:0184b}" + "00" + f"{previous:032b}{0:016b}{ideas:016b}"
    assert words.packPosting(threshold, previous, ideas) == int(expected, 2)


@pytest.mark.parametrize("threshold", [2**184 - 1, 2**184, 2**256 - 1])
def test_posting_threshold_is_clipped(words, threshold):
    assert words.packPosting(threshold, 0, 0) == 2**184 - 1 << 66


@given(
    threshold=SUM,
    exponent=st.integers(0, 63),
    previous=U32,
    ideas=st.integers(0, 40),
    passing=U16,
    walked=U16,
    assigned=st.integers(0, 2**96 - 1),
    funded=st.integers(0, 100),
    settled=st.booleans(),
)
def test_vote_packs_and_unpacks(
    words, threshold, exponent, previous, ideas, passing, walked, assigned, funded, settled
):
    progress = (walked, assigned, funded)
    packed = words.packVote(previous, ideas, passing, threshold, exponent, progress, settled)
    expected = f"{funded:08b}{assigned:096b}{walked:016b}{exponent:06b}{threshold:062b}"
    expected += f"{int(settled)}1{previous:032b}{passing:016b}{ideas:016b}"
    assert packed == int(expected, 2)
    assert words.unpackVote(packed) == (threshold, 10**exponent, walked, assigned, funded)
