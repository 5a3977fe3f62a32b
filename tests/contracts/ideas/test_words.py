"""The board's packed words against the Python model.

ballot words
  given any choices -> test_ballot_packs_and_unpacks
  given counts around the words' edges -> test_ballot_takes_as_few_words_as_it_can
tally words
  given any move -> test_tally_moves
  when a sum leaves 112 bits -> test_tally_reverts_when_sum_overflows
  when more is taken out than is in -> test_tally_reverts_when_sum_underflows
  given any sums and threshold -> test_tally_passing
round words
  given any facts -> test_round_packs
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support.models import board as model
from tests.support.reverts import reverts, reverts_with_panic

U32 = st.integers(0, 2**32 - 1)
U112 = st.integers(0, 2**112 - 1)
CHOICES = st.lists(st.integers(0, 2**17 - 1), max_size=model.MAX_CHOICES)
FLAGS = 5 << 224  # any version


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


def _tally(supporting, opposing):
    return FLAGS | opposing << 112 | supporting


@given(
    sums=st.tuples(st.integers(0, 2**111), st.integers(0, 2**111)),
    votes=st.integers(1, 2**110),
    before=st.sampled_from([0, 8, 9]),
    after=st.sampled_from([0, 8, 9]),
)
def test_tally_moves(words, sums, votes, before, after):
    supporting, opposing = sums
    inside = [supporting, opposing]
    if before:
        inside[1 - before % 2] += votes
    start = _tally(*inside)
    expected = [supporting, opposing]
    if after:
        expected[1 - after % 2] += votes
    assert words.moveTally(start, before, after, votes) == _tally(*expected)


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_overflows(words, choice):
    full = _tally(2**112 - 2, 2**112 - 2)
    assert words.moveTally(full, 0, choice, 1) != full
    with reverts(words, "SafeCastOverflowedUintDowncast", 112, 2**112):
        words.moveTally(full, 0, choice, 2)


@pytest.mark.parametrize("choice", [8, 9])
def test_tally_reverts_when_sum_underflows(words, choice):
    with reverts_with_panic():
        words.moveTally(_tally(4, 4), choice, 0, 5)


@given(supporting=U112, opposing=U112, distance=st.integers(-2, 2), threshold=st.none() | U112)
def test_tally_passing(words, supporting, opposing, distance, threshold):
    limit = max(supporting - opposing + distance, 1) if threshold is None else max(threshold, 1)
    expected = supporting - opposing >= limit
    if opposing + limit < 2**112:
        assert words.isPassing(_tally(supporting, opposing), limit) is expected


@given(threshold=U112, previous=U32, ideas=st.integers(0, 40), passing=U32, settled=st.booleans())
def test_round_packs(words, threshold, previous, ideas, passing, settled):
    expected = format(1, "b") + str(int(settled)) + f"{previous:032b}{passing:032b}{ideas:032b}{threshold:0112b}"
    assert words.packRound(threshold, previous, ideas, passing, settled) == int(expected, 2)
