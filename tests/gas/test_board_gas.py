"""Gas of ideas and ballots, one act per transaction."""

from __future__ import annotations

import pytest

from tests.support import boards, clock
from tests.support.boards import yes
from tests.support.gas import FIRST

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
    gas("ballot.cast", one)
    gas("ballot.choice", (eleven - one) // 10)


def test_gas_of_a_first_ballot(world, gas):
    """Of a voter without any, on an idea without votes."""
    gas("ballot.cast", world.vote(world.dewi, TWELVE[-1:], number=2).gas_used, FIRST)


def test_gas_of_signed_ballots(world, gas):
    tx = world.board.castBallotsBySig(_signed(world, 2), {"from": world.stranger})
    assert tx.return_value == len(KEYS)
    gas("ballot.relay", tx.gas_used // len(KEYS))


def test_gas_of_posting(world, gas):
    gas("idea.post", world.post(world.budi).gas_used, FIRST)
    gas("idea.post", world.post(world.budi).gas_used)
