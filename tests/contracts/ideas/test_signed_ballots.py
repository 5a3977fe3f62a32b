"""IdeaBoard: ballots by signature.

ballotDigest
  given any ballot -> test_digest_is_that_of_typed_data
castBallotBySig
  when the voter signed it -> test_counts_as_if_cast_directly
  when it is sent again -> test_replay_reverts
  when it is older than the voter's ballot -> test_older_ballot_reverts
  when it is dated in the future -> test_future_ballot_reverts
  when it is dated now -> test_ballot_dated_now_counts
  when it is dated before the vote opened -> test_early_ballot_reverts
  when it was signed for another round, board or chain -> test_foreign_signature_reverts
  when anything of it was changed -> test_changed_ballot_reverts
  when its signature is no signature -> test_broken_signature_reverts
  when it was signed early and arrives late -> test_late_arrival_takes_no_new_for
  given a voter with code
    when the contract agrees -> test_contract_agrees
    when the contract refuses, burns, floods or enters again -> test_contract_misbehaves
    when the account keeps its key -> test_key_counts_although_the_account_has_code
castBallotsBySig
  when it is empty -> test_empty_batch
  when one ballot is bad -> test_bad_ballots_are_skipped
  when a bad one names an idea that was withdrawn -> test_skipped_ballot_leaves_nothing_behind
  when all contracts are hostile -> test_hostile_contracts_do_not_sink_the_batch
  when a skipped ballot is sent again -> test_skipped_ballot_is_not_used_up
  when the gas runs out -> test_starved_batch_reverts
  when too little gas is left to ask a contract -> test_starved_contract_reverts
  given a contract that answers otherwise than it did when the gas was estimated
    when it spends all it may -> test_estimate_covers_a_contract_that_burns
    when it agrees where it refused -> test_estimate_covers_a_contract_that_agrees_after_all
  when a contract has no votes -> test_contract_without_votes_is_not_asked
"""

from __future__ import annotations

import brownie
import pytest
from brownie import web3
from brownie.test import given
from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import strategies as st

from tests.support import boards, clock
from tests.support.boards import UNIT, no, yes
from tests.support.reverts import VirtualMachineError, reverts

KEYS = boards.keys(5)
WHOLE = 20_000
WEIGHT = WHOLE * UNIT
AGREES, REFUSES, BURNS, FLOODS, FLOODS_AND_REVERTS, ANSWERS_SHORT, REENTERS = range(7)


@pytest.fixture(scope="module")
def world(accounts):
    return boards.deploy(accounts, extra={key.address: WHOLE for key in KEYS})


def _tally(world, number):
    tally = world.board.tallyOf(1, number)
    return tally["forVotes"], tally["againstVotes"]


def _send(world, ballot, at=None):
    clock.set_next(clock.now() + 1 if at is None else at)
    return world.board.castBallotBySig(ballot, {"from": world.stranger})


@given(
    round_number=st.integers(0, 2**32 - 1),
    at=st.integers(0, 2**32 - 1),
    choices=st.lists(st.integers(0, 2**33 - 1), max_size=12),
)
def test_digest_is_that_of_typed_data(world, round_number, at, choices):
    voter = KEYS[0].address
    data = boards.typed_data(world.board.address, voter, round_number, at, choices)
    expected = _hash_eip191_message(encode_typed_data(full_message=data)).hex()
    digest = world.board.ballotDigest(voter, round_number, at, *boards.sides(choices))
    assert str(digest).removeprefix("0x") == expected.removeprefix("0x")


def test_counts_as_if_cast_directly(voting):
    at = clock.now()
    tx = _send(voting, voting.sign(KEYS[0], [yes(1), no(3)], at=at))
    cast = tx.events["BallotCast"]
    assert (cast["voter"], cast["round"], cast["votes"]) == (KEYS[0].address, 1, WEIGHT)
    assert voting.board.ballotOf(KEYS[0].address) == (1, at, [1], [3])
    assert (_tally(voting, 1), _tally(voting, 3)) == ((WEIGHT, 0), (0, WEIGHT))


def test_replay_reverts(voting):
    at = clock.now()
    ballot = voting.sign(KEYS[0], [yes(1)], at=at)
    _send(voting, ballot)
    with reverts(voting.board, "IdeaBoardStaleBallot", at, at):
        _send(voting, ballot)


def test_older_ballot_reverts(voting):
    clock.pass_time(5)
    at = clock.now()
    _send(voting, voting.sign(KEYS[0], [], at=at))
    with reverts(voting.board, "IdeaBoardStaleBallot", at - 1, at):
        _send(voting, voting.sign(KEYS[0], [yes(1)], at=at - 1))


def test_future_ballot_reverts(voting):
    moment = clock.now() + 5
    with reverts(voting.board, "IdeaBoardFutureBallot", moment + 1, moment):
        _send(voting, voting.sign(KEYS[0], [yes(1)], at=moment + 1), at=moment)


def test_ballot_dated_now_counts(voting):
    moment = clock.now() + 5
    _send(voting, voting.sign(KEYS[0], [yes(1)], at=moment), at=moment)
    assert _tally(voting, 1) == (WEIGHT, 0)


@pytest.mark.parametrize(("before", "counts"), [(0, True), (1, False)])
def test_early_ballot_reverts(posting, before, counts):
    """What it would be about can change until the vote opens."""
    posting.post(posting.ana)
    posting.to_vote()
    opens = posting.calendar.vote_opens(1)
    ballot = posting.sign(KEYS[0], [yes(1)], at=opens - before)
    if counts:
        _send(posting, ballot)
        assert _tally(posting, 1) == (WEIGHT, 0)
    else:
        with reverts(posting.board, "IdeaBoardEarlyBallot", opens - 1, opens):
            _send(posting, ballot)


@pytest.mark.parametrize("what", ["round", "board", "chain", "name", "version", "voter"])
def test_foreign_signature_reverts(voting, what):
    at = clock.now()
    good = voting.sign(KEYS[0], [yes(1)], at=at)
    data = {
        "round": lambda: voting.sign(KEYS[0], [yes(1)], round_number=2, at=at),
        "board": lambda: _sign_for(voting, voting.escrow.address, at),
        "chain": lambda: voting.sign(KEYS[0], [yes(1)], at=at, chain_id=1),
        "name": lambda: voting.sign(KEYS[0], [yes(1)], at=at, name="Board"),
        "version": lambda: voting.sign(KEYS[0], [yes(1)], at=at, version="2"),
        "voter": lambda: voting.sign(KEYS[1], [yes(1)], at=at, voter=KEYS[0].address),
    }[what]()
    with reverts(voting.board, "IdeaBoardBadSignature", KEYS[0].address):
        _send(voting, (*good[:5], data[5]))


def _sign_for(world, board, at):
    other = boards.World(type("Board", (), {"address": board}), world.token, world.escrow, world.manager, None, {})
    return other.sign(KEYS[0], [yes(1)], at=at)


@pytest.mark.parametrize(("place", "value"), [(2, None), (3, [1, 2]), (3, [2]), (3, []), (4, [2]), (0, None)])
def test_changed_ballot_reverts(voting, place, value):
    ballot = list(voting.sign(KEYS[0], [yes(1)], at=clock.now()))
    ballot[place] = {0: KEYS[1].address, 2: clock.now() + 1}[place] if value is None else value
    with reverts(voting.board, "IdeaBoardBadSignature", ballot[0]):
        _send(voting, tuple(ballot))


@pytest.mark.parametrize("signature", ["0x", "0x00", "0x" + "00" * 65, "0x" + "ff" * 65, "0x" + "11" * 200])
def test_broken_signature_reverts(voting, signature):
    ballot = voting.sign(KEYS[0], [yes(1)], at=clock.now())
    with reverts(voting.board, "IdeaBoardBadSignature", KEYS[0].address):
        _send(voting, (*ballot[:5], signature))


def test_late_arrival_takes_no_new_for(voting):
    signed = voting.sign(KEYS[0], [yes(1)], at=clock.now())
    doubt = voting.sign(KEYS[1], [no(1)], at=clock.now())
    late = voting.to_late()
    with reverts(voting.board, "IdeaBoardLateFor", 1, late):
        _send(voting, signed)
    _send(voting, doubt)
    assert _tally(voting, 1) == (0, WEIGHT)


@pytest.fixture
def contract_voter(world, ContractVoter):
    """A contract with votes, while the vote on three ideas runs."""
    voter = ContractVoter.deploy(world.board, {"from": world.deployer})
    world.token.transfer(voter, WEIGHT, {"from": world.rest})
    world.to_posting()
    world.post_many(world.ana, 3)
    world.to_vote()
    return voter


def test_contract_agrees(world, contract_voter):
    _send(world, (contract_voter.address, 1, clock.now(), [1], [], "0x1234"))
    assert _tally(world, 1) == (WEIGHT, 0)


@pytest.mark.parametrize("mood", [REFUSES, BURNS, FLOODS_AND_REVERTS, ANSWERS_SHORT, REENTERS])
def test_contract_misbehaves(world, contract_voter, mood):
    contract_voter.setMood(mood, {"from": world.stranger})
    with reverts(world.board, "IdeaBoardBadSignature", contract_voter):
        _send(world, (contract_voter.address, 1, clock.now(), [1], [], "0x"))
    tx = world.board.castBallotsBySig(
        [(contract_voter.address, 1, clock.now(), [1], [], "0x")], {"from": world.stranger}
    )
    assert tx.gas_used < 600_000


def test_key_counts_although_the_account_has_code(voting, ContractVoter):
    refusing = ContractVoter.deploy(voting.board, {"from": voting.deployer})
    code = web3.eth.get_code(refusing.address).hex()
    key = KEYS[0]
    web3.provider.make_request("anvil_setCode", [key.address, "0x" + code.removeprefix("0x")])
    slot = "0x" + "00" * 32
    web3.provider.make_request("anvil_setStorageAt", [key.address, slot, "0x" + "00" * 31 + "01"])
    _send(voting, voting.sign(key, [yes(1)], at=clock.now()))
    assert _tally(voting, 1) == (WEIGHT, 0)


def test_empty_batch(voting):
    tx = voting.board.castBallotsBySig([], {"from": voting.stranger})
    assert tx.return_value == 0
    assert not tx.events


def test_bad_ballots_are_skipped(voting):
    clock.pass_time(5)
    at = clock.now()
    good = [voting.sign(key, [yes(1)], at=at) for key in KEYS[:2]]
    stale = voting.sign(KEYS[0], [no(1)], at=at - 1)
    unknown = voting.sign(KEYS[2], [yes(9)], at=at)
    unsigned = (KEYS[3].address, 1, at, [1], [], "0x")
    poor = voting.sign(boards.keys(9)[8], [yes(1)], at=at)
    tx = voting.board.castBallotsBySig([good[0], stale, unknown, unsigned, poor, good[1]], {"from": voting.stranger})
    assert tx.return_value == 2
    assert _tally(voting, 1) == (2 * WEIGHT, 0)
    skipped = tx.events["BallotSkipped"]
    expected = [
        ("IdeaBoardStaleBallot(uint256,uint256)", stale[0], at - 1),
        ("IdeaBoardUnknownIdea(uint256,uint256)", unknown[0], at),
        ("IdeaBoardBadSignature(address)", unsigned[0], at),
        ("IdeaBoardNoVotes(address,uint256)", poor[0], at),
    ]
    assert len(skipped) == len(expected)
    for event, (error, voter, signed_at) in zip(skipped, expected, strict=True):
        assert (event["voter"], event["round"], event["at"]) == (voter, 1, signed_at)
        selector = web3.keccak(text=error)[:4].hex().removeprefix("0x")
        assert str(event["reason"]).removeprefix("0x").startswith(selector)


@pytest.mark.parametrize("before", [[], [yes(1), no(2), yes(5)], [no(1), yes(2), no(4)]])
def test_skipped_ballot_leaves_nothing_behind(posting, before):
    """Whatever it would have moved before the idea that was withdrawn: first ballot or a later one."""
    posting.post_many(posting.ana, 5)
    posting.board.withdraw(1, 3, {"from": posting.ana})
    posting.to_vote()
    posting.vote(posting.carla, [yes(1), yes(2), yes(4)])  # exactly what passing takes
    if before:
        _send(posting, posting.sign(KEYS[0], before, at=clock.now()))
    clock.pass_time(5)

    def found():
        tallies = [posting.board.tallyOf(1, number) for number in range(1, 6)]
        return posting.board.roundOf(1), tallies, posting.board.ballotOf(KEYS[0].address)

    expected = found()
    for choices in ([yes(1), no(2), yes(3), yes(4)], [no(1), yes(2), no(3)], [yes(3), yes(5)], [yes(1), no(2), no(3)]):
        ballots = [posting.sign(KEYS[0], choices, at=clock.now())]
        tx = posting.board.castBallotsBySig(ballots, {"from": posting.stranger})
        assert tx.return_value == 0
        selector = web3.keccak(text="IdeaBoardWithdrawn(uint256,uint256)")[:4].hex().removeprefix("0x")
        assert str(tx.events["BallotSkipped"]["reason"]).removeprefix("0x").startswith(selector)
        assert found() == expected


def test_hostile_contracts_do_not_sink_the_batch(world, contract_voter, ContractVoter):
    hostile = []
    for mood in (BURNS, FLOODS, FLOODS_AND_REVERTS, REENTERS):
        voter = ContractVoter.deploy(world.board, {"from": world.deployer})
        voter.setMood(mood, {"from": world.deployer})
        hostile.append((voter.address, 1, clock.now(), [1], [], "0x"))
    ballot = world.sign(KEYS[0], [yes(1)], at=clock.now())
    tx = world.board.castBallotsBySig([*hostile, ballot], {"from": world.stranger})
    assert tx.return_value == 1
    assert len(tx.events["BallotSkipped"]) == 4
    assert tx.gas_used < 4 * 700_000


def test_skipped_ballot_is_not_used_up(voting):
    at = clock.now() + 10
    ballot = voting.sign(KEYS[0], [yes(1)], at=at)
    assert voting.board.castBallotsBySig([ballot], {"from": voting.stranger}).return_value == 0
    assert voting.board.roundOf(1)["isVoteBegun"] is False
    clock.reach(at)
    assert voting.board.castBallotsBySig([ballot], {"from": voting.stranger}).return_value == 1


@pytest.mark.parametrize("percent", [65, 80, 95])
def test_starved_batch_reverts(voting, percent):
    """Whatever is left for the board, nothing is skipped for want of gas."""
    ballot = voting.sign(KEYS[0], [yes(1), yes(2), yes(3)], at=clock.now())
    needed = voting.board.castBallotsBySig.estimate_gas([ballot], {"from": voting.stranger})
    starved = {"from": voting.stranger, "gas_limit": needed * percent // 100}
    with brownie.reverts():
        voting.board.castBallotsBySig([ballot], starved)
    assert voting.board.castBallotsBySig([ballot], {"from": voting.stranger}).return_value == 1


def test_starved_contract_reverts(world, contract_voter):
    ballot = (contract_voter.address, 1, clock.now(), [1], [], "0x")
    for act, argument in [("castBallotBySig", ballot), ("castBallotsBySig", [ballot])]:
        with pytest.raises(VirtualMachineError, match="IdeaBoardNotEnoughGas"):
            getattr(world.board, act)(argument, {"from": world.stranger, "gas_limit": 400_000})


@pytest.mark.parametrize("before", [AGREES, REFUSES, FLOODS])
def test_estimate_covers_a_contract_that_burns(world, contract_voter, before):
    """What it could have spent and did not is left at the end: with the margin of the project's own sender, nobody
    else's ballot is starved."""
    at = clock.now()
    ballots = [(contract_voter.address, 1, at, [1], [], "0x")] + [world.sign(key, [yes(1)], at=at) for key in KEYS]
    contract_voter.setMood(before, {"from": world.stranger})
    estimate = world.board.castBallotsBySig.estimate_gas(ballots, {"from": world.stranger})
    contract_voter.setMood(BURNS, {"from": world.stranger})
    tx = world.board.castBallotsBySig(ballots, {"from": world.stranger, "gas_limit": estimate * 5 // 4})
    assert tx.return_value == len(KEYS)


def test_estimate_covers_a_contract_that_agrees_after_all(world, ContractVoter):
    """Refused while the gas is estimated, its ballot of thirty choices counts in the end."""
    voter = ContractVoter.deploy(world.board, {"from": world.deployer})
    world.token.transfer(voter, WEIGHT, {"from": world.rest})
    world.to_posting()
    world.post_many(world.ana, 60)
    world.to_vote()
    at = clock.now()
    ballots = [
        (voter.address, 1, at, list(range(1, 61, 2)), [], "0x"),
        *(world.sign(key, [yes(1)], at=at) for key in KEYS),
    ]
    voter.setMood(REFUSES, {"from": world.stranger})
    estimate = world.board.castBallotsBySig.estimate_gas(ballots, {"from": world.stranger})
    voter.setMood(AGREES, {"from": world.stranger})
    tx = world.board.castBallotsBySig(ballots, {"from": world.stranger, "gas_limit": estimate})
    assert tx.return_value == len(ballots)


def test_contract_without_votes_is_not_asked(voting, ContractVoter):
    """A burner that has no part in the vote costs nobody its gas."""
    burner = ContractVoter.deploy(voting.board, {"from": voting.deployer})
    burner.setMood(BURNS, {"from": voting.deployer})
    tx = voting.board.castBallotsBySig(
        [(burner.address, 1, clock.now(), [1], [], "0x")], {"from": voting.stranger, "gas_limit": 200_000}
    )
    assert tx.return_value == 0
