"""The worst settlement that anyone can force, in steps that each stay within a transaction's gas.

A ballot has at most 100 choices and an idea passes with 2 % of the votes at the least, so that at most 5,000 ideas pass
in a round, whatever governance sets; caps decide how many are funded, and of those at most a hundred.

settle
  given 5,000 passing ideas
    when each can be funded -> test_no_step_takes_more_than_a_transaction
    when most are only looked at -> test_no_step_takes_more_than_a_transaction
  given what the client reckons with
    when there are more passing ideas -> test_client_reckons_with_enough_for_a_passing_idea
    when there are more to fund or to look at -> test_client_reckons_with_enough_for_a_step

Ideas and tallies are written into the board's storage as posts and ballots leave them.
"""

from __future__ import annotations

import json
import os

import pytest
from brownie import accounts, web3

from dmo.capabilities.rounds import BASE_GAS, CALL_GAS, CHECK_GAS, FUND_GAS, LOOK_GAS
from tests.support import core
from tests.support.boards import yes
from tests.support.core import UNIT

MOST, SOME, FEW = 5_000, 500, 4
CAP = 100_000 * UNIT
LEAST_ASK, LARGEST_ASK = CAP // 100, CAP // 3
ROUNDS, TALLIES, IDEAS = 1, 3, 4  # slots
PASSING_AT, PROGRESS_AT, ASSIGNED_AT = 16, 134, 150  # bits of a round's word
WORDS = 3  # of an idea
STEPS = (CALL_GAS - BASE_GAS - CHECK_GAS * MOST) // FUND_GAS, (CALL_GAS - BASE_GAS - CHECK_GAS * MOST) // LOOK_GAS

pytestmark = pytest.mark.skipif(
    os.environ.get("DMO_PIPELINE") == "legacy", reason="what is not optimized takes more than what is deployed"
)


def _hash(*words):
    return int.from_bytes(web3.keccak(b"".join(word.to_bytes(32, "big") for word in words)), "big")


def _read(board, slot):
    return int.from_bytes(web3.eth.get_storage_at(board.address, slot), "big")


def _write(board, words):
    """Set words of the board's storage, all at once."""
    body = [
        {
            "jsonrpc": "2.0",
            "id": place,
            "method": "anvil_setStorageAt",
            "params": [board.address, f"0x{slot:064x}", f"0x{word:064x}"],
        }
        for place, (slot, word) in enumerate(words)
    ]
    for first in range(0, len(body), 2_000):
        answers = json.loads(web3.provider._make_request("", json.dumps(body[first : first + 2_000]).encode()))
        assert not [one for one in answers if "error" in one]


@pytest.fixture(scope="module")
def crowded():
    """A round in its settlement, with 5,000 ideas of the least ask and 5,000 of the largest; all pass, all are even."""
    world = core.deploy({str(accounts[place]): 40_000 for place in (1, 2)}, CAP)
    world.escrow.fill(2 * CAP)
    board = world.board.board
    board.setRules((CAP, 200, 1), {"from": accounts[0]})
    world.board.to_posting(1)
    for ask in (LARGEST_ASK, LEAST_ASK):
        world.board.post(accounts[0], ask=ask)
    world.board.to_vote(1)
    world.board.vote(accounts[0], [yes(1), yes(2)])
    world.board.to_settlement(1)

    ideas = [[_read(board, _hash(number, _hash(1, IDEAS)) + word) for word in range(WORDS)] for number in (1, 2)]
    first = _hash(1, TALLIES)
    odd, even = _read(board, first) >> 128, _read(board, first + 1) % 2**128
    assert odd == even
    words = [(first + place, even << 128 | even) for place in range(MOST + 1)]
    for number in range(1, 2 * MOST + 1):
        slot = _hash(number, _hash(1, IDEAS))
        words += [(slot + word, value) for word, value in enumerate(ideas[number > MOST])]
    _write(board, words)
    assert board.ideaOf(1, MOST)["ask"] == LARGEST_ASK
    assert board.ideaOf(1, 2 * MOST)["ask"] == LEAST_ASK
    assert board.tallyOf(1, MOST)["isPassing"]
    return world


def _gas(world, passing, most, *, is_funded):
    """What settling takes where so many ideas pass, and the call goes on by so many places."""
    board = world.board.board
    slot = _hash(1, ROUNDS)
    word = _read(board, slot) & ((1 << PROGRESS_AT) - 1) & ~(0xFFFF << PASSING_AT)
    word |= passing << PASSING_AT | 2 * MOST & 0xFFFF
    if not is_funded:  # room for the least ask, and not for these
        word |= CAP // 2 + CAP // 4 << ASSIGNED_AT
    _write(board, [(slot, word)])
    begin = MOST + 1 if is_funded else 1
    data = board.settle.encode_input(1, list(range(begin, begin + passing)), most)
    return web3.eth.estimate_gas({"from": str(accounts[0]), "to": board.address, "data": data})


@pytest.mark.parametrize(("is_funded", "each"), [(True, FUND_GAS), (False, LOOK_GAS)])
def test_no_step_takes_more_than_a_transaction(crowded, is_funded, each):
    """As many places as the client goes on by."""
    places = STEPS[not is_funded]
    assert places > 0
    used = _gas(crowded, MOST, places, is_funded=is_funded)
    assert used < CALL_GAS
    assert used <= BASE_GAS + CHECK_GAS * MOST + each * places


def test_client_reckons_with_enough_for_a_passing_idea(crowded):
    few, many = (_gas(crowded, passing, 1, is_funded=False) for passing in (SOME, MOST))
    assert many - few <= CHECK_GAS * (MOST - SOME)
    assert few - SOME * (many - few) // (MOST - SOME) <= BASE_GAS


@pytest.mark.parametrize(("is_funded", "each"), [(True, FUND_GAS), (False, LOOK_GAS)])
def test_client_reckons_with_enough_for_a_step(crowded, is_funded, each):
    one, few = (_gas(crowded, SOME, places, is_funded=is_funded) for places in (1, FEW))
    assert few - one <= each * (FEW - 1)
