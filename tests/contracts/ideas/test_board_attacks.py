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
  given votes held for a block -> test_attack_votes_held_for_a_block
  given a random crowd in the last tenth -> test_attack_nothing_gains_late
  given two ballots of one second -> test_attack_two_ballots_of_one_second
signed ballots
  given a contract that votes and burns gas -> test_attack_contract_voter_sinks_a_batch
  given an author who edits in the last second -> test_attack_author_sinks_ballots_signed_early
  given signatures in other forms -> test_attack_signatures_in_other_forms
  given a reorganisation across the opening -> test_bound_a_ballot_follows_the_number_through_a_deep_reorganisation
settlement
  given a settler who chooses the second -> test_attack_who_settles_chooses_the_pool
  given a pool one unit short -> test_attack_a_pool_one_unit_short
  given a settler who stops half way -> test_attack_settler_stops_half_way
  given a settler who omits, doubles or reorders -> test_attack_settlement_omits_or_reorders
  given a settler who stalls until a later round -> test_attack_later_round_settled_first
"""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import permutations

import pytest
from brownie import chain

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
    clock.set_next(posting.calendar.vote_opens(1) - 10)
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
    with reverts(posting.board, "ElectorateExcluded", posting.treasury):
        posting.post(posting.treasury)
    posting.post(posting.ana)
    posting.to_vote()
    with reverts(posting.board, "ElectorateExcluded", posting.treasury):
        posting.vote(posting.treasury, [])
    assert posting.board.votableSupply(clock.now() - 1) == boards.SUPPLY - 100_000 * UNIT


def test_attack_settlement_omits_or_reorders(voting):
    voting.vote(voting.ana, [yes(1), yes(2), yes(3)])
    voting.vote(voting.budi, [no(2)])
    voting.to_settlement()
    wrong = [[], [1], [1, 3], [3, 2], [1, 1, 1], [1, 3, 3], [1, 2, 2], [1, 3, 2, 2]]
    wrong += [list(order) for order in permutations([1, 2, 3]) if order != (1, 3, 2)]
    for numbers in wrong:
        with pytest.raises(VirtualMachineError, match=r"IdeaBoard(WrongCount|OutOfOrder)"):
            voting.settle(numbers)
    voting.settle([1, 3, 2])


def test_attack_later_round_settled_first(voting):
    voting.vote(voting.ana, [yes(1)])
    voting.post(voting.budi)
    voting.to_vote(2)
    voting.vote(voting.budi, [yes(1)], number=2)
    voting.to_settlement(2)
    with reverts(voting.board, "IdeaBoardEarlierRoundOpen", 2, 1):
        voting.settle([1], 2, by=voting.budi)


def test_attack_votes_held_for_a_block(world):
    """A third of a cap three times over, bought in the snapshot's second and sold after it, buys nothing."""
    world.to_posting()
    for _ in range(3):
        world.post(world.ana, ask=boards.CAP // 3, lead=world.stranger.address)
    opens = world.calendar.vote_opens(1)
    clock.set_next(opens - 1)
    world.token.transfer(world.stranger, 36_000 * UNIT, {"from": world.carla})
    clock.set_next(opens + 11)
    world.token.transfer(world.carla, 36_000 * UNIT, {"from": world.stranger})
    for voter in (world.stranger, world.carla):
        with reverts(world.board, "IdeaBoardNoVotes", voter, opens - 1):
            world.vote(voter, [yes(1), yes(2), yes(3)])


LATE_KEYS = boards.keys(4)


@pytest.mark.parametrize("seed", range(6))
def test_attack_nothing_gains_late(accounts, seed):
    """In the last tenth no ballots, direct or signed, replaced, emptied, turned round, lift any idea; and the counter
    of passing ideas stays that of a recount."""
    dice = random.Random(seed)
    extra = {key.address: 40_000 if place < 2 else 9_000 for place, key in enumerate(LATE_KEYS)}
    world = boards.deploy(accounts, extra=extra)
    world.to_posting()
    world.post_many(world.ana, 6)
    world.to_vote()

    def nets():
        tallies = [world.board.tallyOf(1, n) for n in range(1, 7)]
        return [tally["forVotes"] - tally["againstVotes"] for tally in tallies]

    def some():
        return [dice.choice((yes, no))(n) for n in range(1, 7) if dice.random() < 0.5]

    for key in LATE_KEYS:
        world.board.castBallotBySig(world.sign(key, some(), at=clock.now()), {"from": world.stranger})
    for voter in (world.ana, world.budi, world.carla):
        world.vote(voter, some())
    world.to_late()
    for _ in range(20):
        before = nets()
        clock.pass_time(1)
        with suppress(VirtualMachineError):
            if dice.random() < 0.5:
                ballot = world.sign(dice.choice(LATE_KEYS), some(), at=clock.now())
                world.board.castBallotBySig(ballot, {"from": world.stranger})
            else:
                world.vote(dice.choice((world.ana, world.budi, world.carla, world.rest)), some())
        after = nets()
        assert all(now <= was for now, was in zip(after, before, strict=True))
        facts = world.board.roundOf(1)
        assert facts["passing"] == sum(net >= facts["threshold"] for net in after)


def test_attack_two_ballots_of_one_second(voting):
    """Of two ballots with the same time the first stays, whoever brings the other."""
    key = boards.keys(1)[0]
    voting.token.transfer(key.address, UNIT, {"from": voting.rest})
    voting.post(voting.ana)
    voting.to_vote(2)
    at = clock.now()
    first = voting.sign(key, [yes(1)], round_number=2, at=at)
    voting.board.castBallotBySig(first, {"from": voting.stranger})
    with reverts(voting.board, "IdeaBoardStaleBallot", at, at):
        other = voting.sign(key, [no(1)], round_number=2, at=at)
        voting.board.castBallotBySig(other, {"from": voting.stranger})


@pytest.fixture
def relayed(accounts, ContractVoter):
    """Twenty holders with keys and a contract, while the vote on three ideas runs."""
    keys = boards.keys(20)
    world = boards.deploy(accounts, extra={key.address: 10 for key in keys})
    voter = ContractVoter.deploy(world.board, {"from": world.stranger})
    world.token.transfer(voter, UNIT, {"from": world.ana})
    world.to_posting()
    world.post_many(world.ana, 3)
    world.to_vote()
    return world, keys, voter


def test_attack_contract_voter_sinks_a_batch(relayed):
    """A contract answers cheaply while the relayer estimates, and burns all it may in the block: the estimate has
    covered that, so the twenty honest ballots count."""
    world, keys, voter = relayed
    at = clock.now()
    ballots = [(voter.address, 1, at, [1], [], "0x")] + [world.sign(key, [yes(1), yes(2)], at=at) for key in keys]
    assert world.board.castBallotsBySig.call(ballots, {"from": world.stranger}) == 21
    estimate = world.board.castBallotsBySig.estimate_gas(ballots, {"from": world.stranger})
    voter.setMood(2, {"from": world.stranger})  # burns
    tx = world.board.castBallotsBySig(ballots, {"from": world.stranger, "gas_limit": estimate * 5 // 4})
    assert tx.return_value == 20
    assert world.board.tallyOf(1, 1)["forVotes"] == 200 * UNIT


def test_attack_author_sinks_ballots_signed_early(world):
    """A ballot signed while authors can still edit is refused as early, before and after the edit: the voter signs what
    stands. One signed once the vote has opened cannot be sunk."""
    key = boards.keys(1)[0]
    world.token.transfer(key.address, boards.PASSING, {"from": world.rest})
    world.to_posting()
    world.post_many(world.ana, 3)
    opens = world.calendar.vote_opens(1)
    early = world.sign(key, [yes(1), no(3)], at=clock.now())
    clock.set_next(opens - 1)
    world.board.edit(1, 3, boards.params(), {"from": world.ana})
    world.to_vote()
    with reverts(world.board, "IdeaBoardEarlyBallot", early[2], opens):
        world.board.castBallotBySig(early, {"from": world.stranger})
    with reverts(world.board, "IdeaBoardFrozen", 1, opens):
        world.board.edit(1, 1, boards.params(), {"from": world.ana})
    world.board.castBallotBySig(world.sign(key, [yes(1), no(4)], at=clock.now()), {"from": world.stranger})
    assert world.board.tallyOf(1, 1)["forVotes"] == boards.PASSING


def test_attack_signatures_in_other_forms(relayed):
    """Mirrored, compact, with v of 0 or 1, too long, of another voter, time or choice: each is refused, and what was
    replaced cannot be sent again."""
    world, (key, other, *_), _ = relayed
    board, by = world.board, {"from": world.stranger}
    clock.pass_time(5)
    at = clock.now()
    ballot = world.sign(key, [yes(1)], at=at)
    raw = bytes.fromhex(ballot[-1][2:])
    r, s, v = raw[:32], int.from_bytes(raw[32:64], "big"), raw[64]
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    mirrored = r + (order - s).to_bytes(32, "big") + bytes([55 - v])
    compact = r + (s | (v - 27) << 255).to_bytes(32, "big")
    for form in (mirrored, compact, raw[:64] + bytes([v - 27]), raw + b"\x00", b""):
        with reverts(board, "IdeaBoardBadSignature", key.address):
            board.castBallotBySig((*ballot[:-1], "0x" + form.hex()), by)
    for place, changed in [(0, other.address), (2, at - 1), (3, []), (4, [2])]:
        false = [*ballot]
        false[place] = changed
        with reverts(board, "IdeaBoardBadSignature", false[0]):
            board.castBallotBySig(tuple(false), by)
    board.castBallotBySig(ballot, by)
    clock.pass_time(5)
    board.castBallotBySig(world.sign(key, [], at=at + 2), by)
    with reverts(board, "IdeaBoardStaleBallot", at, at + 2):
        board.castBallotBySig(ballot, by)


def test_bound_a_ballot_follows_the_number_through_a_deep_reorganisation(accounts):
    """What holds: numbers are fixed once the block that closes the posting is. What does not: who signs in the same
    second, and whose chain is turned back beyond it, has signed a number that another idea may get."""
    key = boards.keys(1)[0]
    world = boards.deploy(accounts, extra={key.address: 10})
    kept, slipped_in = "0x" + "aa" * 32, "0x" + "bb" * 32
    opens = world.calendar.vote_opens(1)
    clock.reach(opens - 2)
    chain.snapshot()
    clock.set_next(opens - 1)
    world.post(world.ana, digest=kept)
    ballot = world.sign(key, [yes(1)], at=opens)
    chain.revert()
    clock.forget()
    clock.set_next(opens - 1)
    world.post(world.budi, digest=slipped_in)
    world.to_vote()
    world.board.castBallotBySig(ballot, {"from": world.stranger})
    assert str(world.board.ideaOf(1, 1)["digest"]) == slipped_in
    assert world.board.tallyOf(1, 1)["forVotes"] == 10 * UNIT
    with reverts(world.board, "IdeaBoardFrozen", 1, opens):
        world.board.edit(1, 1, boards.params(digest=kept), {"from": world.budi})


def test_attack_who_settles_chooses_the_pool(posting):
    """The author of a small idea at the end of the list settles before the money for the winner is there: it waits."""
    posting.escrow.setPool(boards.CAP // 100, {"from": posting.deployer})
    posting.post(posting.ana, ask=boards.CAP // 3)
    posting.post(posting.budi, ask=boards.CAP // 100)
    posting.to_vote()
    posting.vote(posting.ana, [yes(1)])
    posting.vote(posting.budi, [yes(2)])
    posting.to_settlement()
    with reverts(posting.board, "IdeaBoardPoolTooSmall", boards.CAP // 100, boards.CAP // 3):
        posting.settle([1, 2], by=posting.budi)
    posting.escrow.setPool(10 * boards.CAP, {"from": posting.deployer})
    tx = posting.settle([1, 2], by=posting.budi)
    assert [event["number"] for event in tx.events["IdeaFunded"]] == [1, 2]


def test_attack_a_pool_one_unit_short(posting):
    """It is the first that waits for the unit, not the second that is paid in its place."""
    ask = boards.CAP // 3
    posting.post(posting.ana, ask=ask)
    posting.post(posting.budi, ask=ask - 1)
    posting.to_vote()
    posting.vote(posting.ana, [yes(1)])
    posting.vote(posting.budi, [yes(2)])
    posting.escrow.setPool(ask - 1, {"from": posting.deployer})
    posting.to_settlement()
    with reverts(posting.board, "IdeaBoardPoolTooSmall", ask - 1, ask):
        posting.settle([1, 2])
    posting.escrow.setPool(2 * ask - 1, {"from": posting.deployer})
    posting.settle([1, 2])
    assert [posting.escrow.seedOf(place)["number"] for place in (1, 2)] == [1, 2]


def test_attack_settler_stops_half_way(posting):
    """Whoever settles in parts of one decides nothing: what follows goes on with the same list, to the same end."""
    for ask in (boards.CAP // 3, boards.CAP // 3, boards.CAP // 3, boards.CAP // 100):
        posting.post(posting.ana, ask=ask)
    posting.to_vote()
    posting.vote(posting.ana, [yes(n) for n in range(1, 5)])
    posting.to_settlement()
    posting.settle([1, 2, 3, 4], most=1, by=posting.budi)
    for wrong in ([2, 1, 3, 4], [1, 2, 4, 3], [1, 2, 3], [2, 3, 4]):
        with pytest.raises(VirtualMachineError, match=r"IdeaBoard(WrongCount|OutOfOrder)"):
            posting.settle(wrong, by=posting.budi)
    posting.settle([1, 2, 3, 4], most=1, by=posting.budi)
    tx = posting.settle([1, 2, 3, 4])
    assert tx.events["RoundSettled"]["funded"] == 3
    assert [posting.escrow.seedOf(place)["number"] for place in (1, 2, 3)] == [1, 2, 3]
