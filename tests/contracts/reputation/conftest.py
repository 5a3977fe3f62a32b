"""Points whose boundaries lie four weeks apart, their awarder, and two who earn."""

from __future__ import annotations

import pytest

from tests.support.clock import now, set_next
from tests.support.points import AWARDER, DAY, HALF_LIFE, ROUND, WAD


@pytest.fixture(scope="module")
def awarder(accounts):
    return accounts[1]


@pytest.fixture(scope="module")
def ann(accounts):
    return accounts[2]


@pytest.fixture(scope="module")
def ben(accounts):
    return accounts[3]


@pytest.fixture(scope="module")
def manager(AccessManager, accounts, awarder):
    manager = AccessManager.deploy(accounts[0], {"from": accounts[0]})
    manager.grantRole(AWARDER, awarder, 0, {"from": accounts[0]})
    return manager


@pytest.fixture(scope="module")
def origin():
    """A boundary some days ahead."""
    return now() + 12 * DAY


@pytest.fixture(scope="module")
def deploy(Reputation, manager, accounts, origin):
    """Deploy a Reputation whose awarder is set up."""

    def deploy_with(half_life=HALF_LIFE, length=ROUND):
        reputation = Reputation.deploy(manager, half_life, origin, length, {"from": accounts[0]})
        selectors = [reputation.awardMany.signature]
        manager.setTargetFunctionRole(reputation, selectors, AWARDER, {"from": accounts[0]})
        return reputation

    return deploy_with


@pytest.fixture(scope="module")
def reputation(deploy):
    return deploy()


@pytest.fixture(scope="module")
def award(reputation, awarder):
    """Award points to accounts, at a moment if one is named; returns when they begin to count."""

    def award_to(*accounts, points=WAD, at=None):
        if at is not None:
            set_next(at)
        tx = reputation.awardMany(accounts, [points] * len(accounts), {"from": awarder})
        return reputation.boundaryOf(tx.timestamp) + ROUND

    return award_to
