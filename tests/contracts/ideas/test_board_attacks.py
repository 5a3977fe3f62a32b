"""Attacks on the idea board, each of which fails.

posting
  given tokens that go round between the two instants -> test_attack_rotated_posting_power
  given tokens split over many accounts -> test_attack_split_posting_power
  given an idea edited after voters read it -> test_attack_edited_idea
voting
  given votes cast, moved on and cast again -> test_attack_votes_moved_and_cast_again
  given a ballot that was replaced -> test_attack_replaced_ballot
  given late money -> test_attack_late_for
  given an "against" that was only there to be taken back -> test_attack_against_taken_back_late
  given the treasury's own votes -> test_attack_treasury_votes_its_own_tokens
settlement
  given a settler who omits, doubles or reorders -> test_attack_settlement_omits_or_reorders
  given a settler who stalls until a later round -> test_attack_later_round_settled_first
"""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.support import boards, clock
from tests.support.boards import UNIT, no, yes
from tests.support.reverts import VirtualMachineError, reverts


def test_attack_rotated_posting_power(world):
    """One bag of tokens, walked through three accounts, posts for one of them at most."""
    opens = world.calendar.opens(2)
    bag = boards.POSTING
    first, second, third = world.guardian, world.stranger, world.deployer
    world.token.transfer(first, bag, {"from": world.rest})
    clock.reach(opens - 1 - boards.HOLDING)
    clock.reach(opens - boards.HOLDING + 5)
    world.token.transfer(second, bag, {"from": first})
    clock.reach(opens - 10)
    world.token.transfer(third, bag, {"from": second})
    clock.reach(opens)
    for account in (first, second, third):
        with reverts(world.board, "IdeaBoardNotEnoughPower", 0, boards.POSTING, 0):
            world.post(account)
    world.token.transfer(first, bag, {"from": third})
    with reverts(world.board, "IdeaBoardNotEnoughPower", 0, boards.POSTING, 0):
        world.post(first)


def test_attack_split_posting_power(world):
    """2,699 tokens are two ideas, in one hand or in two."""
    world.token.transfer(world.stranger, 1_349 * UNIT, {"from": world.dewi})
    world.to_posting()
    posted = 0
    for account in (world.dewi, world.stranger):
        for _ in range(3):
            try:
                world.post(account)
                posted += 1
            except VirtualMachineError:
                break
    assert posted == 2


def test_attack_edited_idea(posting):
    """A choice names a number, and a number never changes what it stands for."""
    posting.post(posting.dewi)
    stored = posting.board.ideaOf(1, 1)
    ballot = boards.keys(1)[0]
    posting.token.transfer(ballot.address, boards.PASSING, {"from": posting.rest})
    clock.reach(posting.calendar.vote_opens(1) - 10)
    posting.board.edit(1, 1, boards.params(digest="0x" + "ee" * 32), {"from": posting.dewi})
    posting.to_vote()
    with reverts(posting.board, "IdeaBoardWithdrawn", 1, 1):
        posting.vote(posting.ana, [yes(1)])
    assert posting.board.ideaOf(1, 1) == stored
    frozen = posting.calendar.vote_opens(1)
    with reverts(posting.board, "IdeaBoardFrozen", 1, frozen):
        posting.board.edit(1, 2, boards.params(), {"from": posting.dewi})


def test_attack_votes_moved_and_cast_again(voting):
    voting.vote(voting.ana, [yes(1)])
    voting.token.transfer(voting.stranger, 500_000 * UNIT, {"from": voting.ana})
    with reverts(voting.board, "IdeaBoardNoVotes", voting.stranger, voting.calendar.vote_opens(1) - 1):
        voting.vote(voting.stranger, [yes(1)])
    voting.vote(voting.ana, [yes(1)])
    assert voting.board.tallyOf(1, 1)["forVotes"] == 500_000 * UNIT


def test_attack_replaced_ballot(world):
    """Whoever kept a voter's earlier signed ballot cannot bring it back, nor count it twice."""
    key = boards.keys(1)[0]
    world.token.transfer(key.address, boards.PASSING, {"from": world.rest})
    world.to_posting()
    world.post_many(world.ana, 2)
    world.to_vote()
    at = clock.now()
    kept = world.sign(key, [yes(1)], at=at)
    clock.pass_time(10)
    for ballot in (kept, world.sign(key, [no(1), yes(2)], at=at + 5), kept, kept):
        world.board.castBallotsBySig([ballot], {"from": world.stranger})
    assert world.board.tallyOf(1, 1)["forVotes"] == 0
    assert world.board.tallyOf(1, 1)["againstVotes"] == boards.PASSING
    assert world.board.roundOf(1)["passing"] == 1
    world.board.castBallotsBySig([world.sign(key, [], at=at + 6)], {"from": world.stranger})
    tx = world.board.castBallotsBySig([kept], {"from": world.stranger})
    assert tx.return_value == 0
    assert world.board.roundOf(1)["passing"] == 0


def test_attack_late_for(voting):
    """Money that hides until the end finds the door shut, also through a placeholder against."""
    voting.vote(voting.ana, [no(1)])
    late = voting.to_late()
    for voter in (voting.ana, voting.budi):
        with reverts(voting.board, "IdeaBoardLateFor", 1, late):
            voting.vote(voter, [yes(1)])
    assert voting.board.tallyOf(1, 1)["forVotes"] == 0


@pytest.mark.attack("against-taken-back-late")
def test_attack_against_taken_back_late(voting):
    """Two accounts of one hand keep an idea below the threshold, to lift it when all have gone."""
    voting.vote(voting.carla, [yes(1)])
    voting.vote(voting.budi, [no(1), no(2), no(3)])
    assert voting.board.roundOf(1)["passing"] == 0
    late = voting.to_late()
    for choices, number in [([], 1), ([no(2), no(3)], 1), ([no(1), no(3)], 2), ([no(1), no(2)], 3)]:
        with reverts(voting.board, "IdeaBoardLateFor", number, late):
            voting.vote(voting.budi, choices)
    assert voting.board.roundOf(1)["passing"] == 0
    # Doubt goes on: support may still be taken back, and turned round.
    voting.vote(voting.carla, [])
    voting.vote(voting.carla, [no(1)])
    assert voting.board.tallyOf(1, 1)["forVotes"] == 0


def test_attack_treasury_votes_its_own_tokens(posting):
    for act in (lambda: posting.post(posting.treasury), lambda: posting.vote(posting.treasury, [])):
        with reverts(posting.board, "ElectorateExcluded", posting.treasury):
            act()
    assert posting.board.votableSupply(clock.now() - 1) == boards.SUPPLY - 100_000 * UNIT


def test_attack_settlement_omits_or_reorders(voting):
    voting.vote(voting.ana, [yes(1), yes(2), yes(3)])
    voting.vote(voting.budi, [no(2)])
    voting.to_settlement()
    wrong = [[], [1], [1, 3], [3, 2], [1, 1, 1], [1, 3, 3], [1, 2, 2], [1, 3, 2, 2]]
    wrong += [list(order) for order in permutations([1, 2, 3]) if order != (1, 3, 2)]
    for numbers in wrong:
        with pytest.raises(VirtualMachineError, match=r"IdeaBoard(WrongCount|OutOfOrder)"):
            voting.board.settle(1, numbers, {"from": voting.stranger})
    voting.board.settle(1, [1, 3, 2], {"from": voting.stranger})


def test_attack_later_round_settled_first(voting):
    voting.vote(voting.ana, [yes(1)])
    voting.post(voting.budi)
    voting.to_vote(2)
    voting.vote(voting.budi, [yes(1)], number=2)
    voting.to_settlement(2)
    with reverts(voting.board, "IdeaBoardEarlierRoundOpen", 2, 1):
        voting.board.settle(2, [1], {"from": voting.budi})
