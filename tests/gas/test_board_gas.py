"""Gas of the idea board, one act per transaction.

The escrow is a stub here: what a campaign costs in the real one comes on top.
"""

from __future__ import annotations

import pytest

from tests.support import boards, clock
from tests.support.boards import yes

KEYS = boards.keys(50)
IDEAS = 12
TWELVE = [yes(n) for n in range(1, IDEAS + 1)]


@pytest.fixture(scope="module")
def world(accounts):
    """Two rounds of twelve ideas; everybody has a ballot in the first, Ana in both."""
    world = boards.deploy(accounts, extra={key.address: 1_000 for key in KEYS})
    world.to_posting(1)
    world.post_many(world.ana, IDEAS)
    world.to_posting(2)
    world.post_many(world.ana, IDEAS)
    for voter in (world.ana, world.budi, world.carla):
        world.vote(voter, TWELVE)
    world.board.castBallotsBySig(_signed(world, 1), {"from": world.stranger})
    world.to_vote(2)
    world.vote(world.ana, TWELVE, number=2)
    return world


def _signed(world, number):
    at = clock.now()
    return [world.sign(key, [yes(1)], round_number=number, at=at) for key in KEYS]


def test_gas_of_direct_ballots(world, gas):
    one = world.vote(world.budi, TWELVE[:1], number=2).gas_used
    eleven = world.vote(world.carla, TWELVE[:11], number=2).gas_used
    gas("ballot, repeat voter, one choice", one)
    gas("ballot, each further choice", (eleven - one) // 10)


def test_gas_of_signed_ballots(world, gas):
    tx = world.board.castBallotsBySig(_signed(world, 2), {"from": world.stranger})
    assert tx.return_value == len(KEYS)
    gas(f"ballot, signed, in a batch of {len(KEYS)}, each", tx.gas_used // len(KEYS))


def test_gas_of_posting(world, gas):
    gas("idea, first of a round", world.post(world.budi).gas_used)
    gas("idea, the author's next", world.post(world.budi).gas_used)


@pytest.mark.parametrize("passing", [0, 1, IDEAS])
def test_gas_of_settlement(world, gas, passing):
    world.vote(world.ana, TWELVE[:passing], number=2)
    clock.reach(world.calendar.lapses(1))
    clock.reach(world.calendar.vote_closes(2))
    tx = world.settle(list(range(1, passing + 1)), 2)
    funded = tx.events["RoundSettled"]["funded"]
    gas(f"settlement, {passing} passing, {funded} funded, without the escrow's part", tx.gas_used)
