"""A market whose vote is open, and which nobody sponsors yet."""

from __future__ import annotations

import pytest

from tests.support import forecasts


@pytest.fixture(scope="module")
def market():
    """Open, without a sponsor."""
    return forecasts.deploy(ideas=2)


@pytest.fixture(scope="module")
def contract(market):
    return market.contract
