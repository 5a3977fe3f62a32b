"""IdeaBoard: replacing ballots, against the Python model.

castBallot
  given any two ballots of one voter and another voter's -> test_merge_follows_the_model
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support import boards
from tests.support.boards import UNIT
from tests.support.models import board as model

ANA = 500_000 * UNIT


BALLOT = st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=30, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [n * 2 + int(is_for) for n, is_for in sorted(pairs)]
)


@pytest.fixture(scope="module")
def thirty(world):
    """Thirty ideas in the vote; module-scoped, for fuzzing."""
    world.to_posting()
    world.post_many(world.ana, 30)
    world.to_vote()
    return world


@given(first=BALLOT, second=BALLOT, other=BALLOT)
def test_merge_follows_the_model(thirty, first, second, other):
    weights = {thirty.ana.address: ANA, thirty.carla.address: boards.PASSING}
    expected = model.RoundModel(boards.PASSING, ideas=30, weights=weights)
    for voter, choices in [(thirty.ana, first), (thirty.carla, other), (thirty.ana, second)]:
        tx = thirty.vote(voter, choices)
        expected.cast(voter.address, tx.timestamp, choices)
        assert thirty.board.ballotOf(voter) == (1, tx.timestamp, *boards.sides(choices))
        assert list(tx.events["BallotCast"]["words"]) == model.pack_ballot(1, tx.timestamp, choices)
        assert thirty.board.roundOf(1)["passing"] == len(expected.passing())
    for number in {choice // 2 for choice in [*first, *second, *other]}:
        tally = thirty.board.tallyOf(1, number)
        assert (tally["forVotes"], tally["againstVotes"]) == expected.tally(number)
