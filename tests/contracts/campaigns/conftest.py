"""An escrow in a six-decimal stablecoin, 10,000 of it in the pool, and its people."""

from __future__ import annotations

import pytest
from brownie import project

from tests.support.campaigns import deploy_world
from tests.support.jury import seat_jury

UNIT = 10**6
# Whole votes of honest jurors, and of those who attack.
VOTES = {"other": 30, "giver": 25, "board": 20, "worker": 10, "stranger": 10, "lead": 5}


@pytest.fixture(scope="session")
def the_project():
    """The loaded Brownie project, for helpers that need many containers."""
    return project.get_loaded_projects()[0]


@pytest.fixture(scope="module")
def world(the_project, Stablecoin, accounts):
    token = Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    world = deploy_world(the_project, token, UNIT)
    for account in world.people:
        world.mint(account, 1_000 * UNIT)
    world.fill(10_000 * UNIT)
    return world


@pytest.fixture(scope="module")
def escrow(world):
    return world.escrow


@pytest.fixture
def campaign(world):
    """A campaign of 1,000, a tenth of it the lead's fee, for 30 days."""
    return world.fund()


@pytest.fixture
def bounty(world, campaign):
    """Two slots of 100, bond 10, open for ten days."""
    return world.post(campaign)


@pytest.fixture
def work(world, bounty):
    """A submission in review."""
    return world.submit(bounty)


@pytest.fixture(scope="module")
def desk(world):
    return world.desk


@pytest.fixture(scope="module")
def arbitrator(world, HostileArbitrator):
    """Does what it is told; decides the disputes of campaigns funded from now on."""
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    return arbitrator


@pytest.fixture(scope="module")
def jury(world):
    """Decides the disputes of campaigns funded from now on."""
    jury = seat_jury(world, {getattr(world, role): votes for role, votes in VOTES.items()})
    world.set_terms(arbitrator=jury, paysJurors=True)
    return jury


@pytest.fixture
def rejected(world, work):
    world.reject(work)
    return work


@pytest.fixture
def accepted(world, work):
    world.accept(work)
    return work
