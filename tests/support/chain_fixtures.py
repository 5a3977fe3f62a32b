"""Fixtures of all tests that run under Brownie; tests/conftest.py registers them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from brownie import rpc

from tests.support import brisk, coverage_calls, immutables
from tests.support.gas import _measured, gas, growth

__all__ = ["_fresh_module", "_measured", "_own_chain", "gas", "growth", "isolation"]

brisk.repair()
immutables.repair()
coverage_calls.repair()


@pytest.fixture(scope="session", autouse=True)
def _own_chain() -> None:
    """Refuse a chain that Brownie did not start itself."""
    # Where the port was taken in the meantime, ours has ended, and Brownie talks to the other's.
    if not rpc.is_child() or rpc.process.poll() is not None:
        pytest.exit("the tests run only on the chain that Brownie starts itself", returncode=2)
    brisk.connect()


@pytest.fixture(scope="module", autouse=True)
def _fresh_module(_own_chain: None, module_isolation: None) -> Iterator[None]:
    """Every module starts on an empty chain; deploy in module-scoped fixtures."""
    return


@pytest.fixture(autouse=True)
def isolation(_fresh_module: None, fn_isolation: None) -> Iterator[None]:
    """Every test starts on the chain as the module-scoped fixtures left it."""
    return
