"""A jury, four jurors, somebody who has disputes."""

from __future__ import annotations

import pytest

from tests.support.jury import JURORS, deploy_court


@pytest.fixture(scope="module")
def admin(accounts):
    return accounts[0]


@pytest.fixture(scope="module")
def jurors(accounts):
    return dict(zip(JURORS, accounts[1:5], strict=True))


@pytest.fixture(scope="module")
def treasury(accounts):
    """An excluded account with tokens."""
    return accounts[7]


@pytest.fixture(scope="module")
def court(admin, jurors, treasury, escrow):
    return deploy_court(admin, jurors, treasury, escrow)


@pytest.fixture(scope="module")
def jury(court):
    return court.jury


@pytest.fixture(scope="module")
def arbitrable(court):
    return court.arbitrable
