"""People of the rooms that name them so; the shares are those of HOLDINGS and of JURORS."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def ann(accounts):
    """Has 30 % of all tokens."""
    return accounts[1]


@pytest.fixture(scope="module")
def ben(accounts):
    """Has 20 %."""
    return accounts[2]


@pytest.fixture(scope="module")
def cem(accounts):
    """Has 10 %."""
    return accounts[3]


@pytest.fixture(scope="module")
def dee(accounts):
    """Has 5 %."""
    return accounts[4]


@pytest.fixture(scope="module")
def escrow(accounts):
    """An excluded account that a test can act for."""
    return accounts[8]


@pytest.fixture(scope="module")
def stranger(accounts):
    """Owns nothing."""
    return accounts[9]
