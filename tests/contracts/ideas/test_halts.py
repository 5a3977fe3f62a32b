"""IdeaBoard: what a halt of its escrow stops.

post, edit
  given the escrow was halted in the round before
    they revert in every second of the round -> test_a_halt_stops_the_whole_next_round
  given it was halted in the round itself
    nobody is stopped, whoever was first -> test_a_halt_picks_nobody_out
  for the first and last second of every round
    only the round after it is stopped -> test_a_halt_stops_one_round
withdrawing, voting, settling
  go on -> test_a_halt_stops_nothing_that_has_begun
"""

from __future__ import annotations

import pytest

from tests.support import boards, clock
from tests.support.reverts import reverts


def halt(world, at):
    """The escrow was halted at this moment, Unix seconds."""
    world.escrow.setHaltedAt(at, {"from": world.guardian})


def test_a_halt_stops_the_whole_next_round(posting):
    board, until = posting.board, posting.board.votingOpens(2)
    halt(posting, board.postingOpens(1) + boards.DAY)
    for moment in (board.postingOpens(2), until - 1):
        clock.set_next(moment)
        with reverts(board, "HaltableHalted", until):
            posting.post(posting.ana)
    clock.set_next(until)
    posting.post(posting.ana)
    assert board.latestRound() == 3


@pytest.mark.attack("halt-that-selects")
def test_a_halt_picks_nobody_out(posting):
    """A guardian who halts one second after a friend posted stops nobody else in that round."""
    posting.post(posting.budi)
    halt(posting, clock.now() + 1)
    clock.set_next(clock.now() + 2)
    posting.post(posting.ana)
    posting.board.edit(1, 2, boards.params(), {"from": posting.ana})
    clock.set_next(posting.board.votingOpens(1) - 1)
    posting.post(posting.ana)
    clock.set_next(posting.board.postingOpens(2))
    for author in (posting.ana, posting.budi):
        with reverts(posting.board, "HaltableHalted", posting.board.votingOpens(2)):
            posting.post(author)


@pytest.mark.parametrize("is_last_second", [False, True])
@pytest.mark.parametrize(("halted", "stopped"), [(-1, None), (0, 1), (1, 2), (2, 3), (3, None)])
def test_a_halt_stops_one_round(world, halted, stopped, is_last_second):
    board, origin = world.board, world.calendar.origin
    halt(world, origin + (halted - 1) * boards.LENGTH + (boards.LENGTH - 1 if is_last_second else 0))
    for number in (1, 2, 3):
        clock.set_next(board.postingOpens(number))
        if number == stopped:
            with reverts(board, "HaltableHalted", board.votingOpens(number)):
                world.post(world.ana)
        else:
            world.post(world.ana)


def test_a_halt_stops_nothing_that_has_begun(posting):
    posting.post_many(posting.ana, 2)
    halt(posting, posting.board.postingOpens(1))
    posting.board.withdraw(1, 1, {"from": posting.ana})
    posting.to_vote()
    posting.vote(posting.ana, [boards.yes(2)])
    posting.to_settlement()
    posting.board.settle(1, [2], 0, {"from": posting.stranger})
