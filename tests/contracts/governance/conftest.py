"""People and a small DAO."""

from __future__ import annotations

import pytest

from tests.support.governance import HOLDINGS, deploy_dao


@pytest.fixture(scope="module")
def deployer(accounts):
    return accounts[0]


@pytest.fixture(scope="module")
def holders(accounts):
    return dict(zip(HOLDINGS, accounts[1:5], strict=True))


@pytest.fixture(scope="module")
def ann(holders):
    """30 % of all tokens."""
    return holders["ann"]


@pytest.fixture(scope="module")
def ben(holders):
    """20 % of all tokens."""
    return holders["ben"]


@pytest.fixture(scope="module")
def cem(holders):
    """10 % of all tokens."""
    return holders["cem"]


@pytest.fixture(scope="module")
def dee(holders):
    """5 % of all tokens."""
    return holders["dee"]


@pytest.fixture(scope="module")
def escrow(accounts):
    """An excluded account that a test can act for."""
    return accounts[8]


@pytest.fixture(scope="module")
def stranger(accounts):
    """Owns nothing."""
    return accounts[9]


@pytest.fixture(scope="module")
def dao(deployer, holders, escrow):
    return deploy_dao(deployer, holders, escrow)


@pytest.fixture(scope="module")
def token(dao):
    return dao.token


@pytest.fixture(scope="module")
def governor(dao):
    return dao.governor


@pytest.fixture(scope="module")
def timelock(dao):
    return dao.timelock
