"""The board's packed words against the Python model.

ballot words
  given any ballot -> test_ballot_packs_and_unpacks
  given counts around the words' edges -> test_ballot_takes_as_few_words_as_it_can
  given any two lists -> test_packing_is_that_of_plain_python
  given any two ballots -> test_without_leaves_what_the_other_has_not
  given any ballot and side -> test_first_of_a_side
tally words
  given any votes -> test_adding_leaves_the_other_sums
  given votes that were added -> test_taking_undoes_adding
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

from tests.support import boards
from tests.support.models import board as model
from tests.support.reverts import reverts, reverts_with_panic

U32 = st.integers(0, 2**32 - 1)
U16 = st.integers(0, 2**16 - 1)
SUM = st.integers(0, 2**62 - 1)
IDEAS = 65_535
CHOICES = st.lists(st.integers(2, 2**17 - 1), max_size=model.MAX_CHOICES, unique_by=lambda choice: choice // 2).map(
    sorted
)
FEW = st.lists(st.integers(2, 61), max_size=30, unique_by=lambda choice: choice // 2).map(sorted)
FLAGS = 5 << 124  # any version


@pytest.fixture(scope="module")
def words(PlainWords, accounts):
    return PlainWords.deploy({"from": accounts[0]})


@given(round_number=U32, at=U32, choices=CHOICES)
def test_ballot_packs_and_unpacks(words, round_number, at, choices):
    packed, bad = words.packBallot(round_number, at, *boards.sides(choices), IDEAS)
    assert (list(packed), bad) == (model.pack_ballot(round_number, at, choices), 0)
    assert words.unpackBallot(packed) == (round_number, at, choices)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 1), (1, 1), (10, 1), (11, 2), (25, 2), (26, 3), (85, 6), (86, 7), (100, 7)]
)
def test_ballot_takes_as_few_words_as_it_can(words, count, expected):
    choices = list(range(2**17 - 2 * count + 1, 2**17, 2))
    packed, _ = words.packBallot(2**32 - 1, 2**32 - 1, *boards.sides(choices), IDEAS)
    assert len(packed) == expected
    assert list(packed) == model.pack_ballot(2**32 - 1, 2**32 - 1, choices)


NUMBERS = st.lists(st.integers(0, 24) | st.integers(0, 2**32 - 1), max_size=12)


def _merged(in_favour, against, ideas):
    """Both lists merged as they are, and one more than the first number that is none or does not ascend."""
    choices, last, lists = [], 0, [list(in_favour), list(against)]
    while any(lists):
        is_for = not lists[1] or (bool(lists[0]) and lists[0][0] < lists[1][0])
        number = lists[1 - is_for].pop(0)
        if number <= last or number > ideas:
            return choices, number + 1
        last = number
        choices.append(number * 2 + is_for)
    return choices, 0


@given(
    in_favour=NUMBERS | NUMBERS.map(sorted),
    against=NUMBERS | NUMBERS.map(sorted),
    ideas=st.integers(0, 30) | st.just(IDEAS),
)
def test_packing_is_that_of_plain_python(words, in_favour, against, ideas):
    """The assembly, too, where numbers are wrong."""
    choices, expected = _merged(in_favour, against, ideas)
    packed, bad = words.packBallot(1, 2, in_favour, against, ideas)
    assert bad == expected
    if not bad:
        assert list(packed) == model.pack_ballot(1, 2, choices)
    assert words.plainPack(1, 2, in_favour, against, ideas) == (packed if not bad else (), bad)


@given(first=FEW, second=FEW)
def test_without_leaves_what_the_other_has_not(words, first, second):
    one, other = (model.pack_ballot(1, 2, choices) for choices in (first, second))
    left = sorted(set(first) - set(second))
    assert list(words.withoutBallot(one, other)) == left


@given(choices=FEW, side=st.integers(0, 1))
def test_first_of_a_side(words, choices, side):
    packed = model.pack_ballot(1, 2, choices)
    assert words.firstOf(packed, side) == next((choice for choice in choices if choice % 2 == side), 2**256 - 1)


def _tally(supporting, opposing):
    return FLAGS | opposing << 62 | supporting


def _pair(number, tally, neighbour):
    halves = (neighbour, tally) if number % 2 else (tally, neighbour)
    return halves[0] | halves[1] << 128


SUMS = st.tuples(st.integers(0, 2**61), st.integers(0, 2**61))
NUMBER = st.integers(1, 2**16 - 1)
HALF = st.integers(0, 2**128 - 1)


@given(sums=SUMS, votes=st.integers(1, 2**60), is_for=st.booleans(), number=NUMBER, neighbour=HALF)
def test_adding_leaves_the_other_sums(words, sums, votes, is_for, number, neighbour):
    after = list(sums)
    after[1 - is_for] += votes
    start, expected = (_pair(number, _tally(*one), neighbour) for one in (sums, after))
    assert words.moveVotes(start, number * 2 + is_for, votes, False) == expected


@given(sums=SUMS, votes=st.integers(1, 2**60), is_for=st.booleans(), number=NUMBER, neighbour=HALF)
def test_taking_undoes_adding(words, sums, votes, is_for, number, neighbour):
    start, choice = _pair(number, _tally(*sums), neighbour), number * 2 + is_for
    assert words.moveVotes(words.moveVotes(start, choice, votes, False), choice, votes, True) == start


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_overflows(words, choice):
    full = _tally(2**62 - 2, 2**62 - 2)
    assert words.moveVotes(full, choice, 1, False) != full
    with reverts(words, "SafeCastOverflowedUintDowncast", 62, 2**62):
        words.moveVotes(full, choice, 2, False)


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_underflows(words, choice):
    with reverts_with_panic():
        words.moveVotes(_tally(4, 4), choice, 5, True)


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
