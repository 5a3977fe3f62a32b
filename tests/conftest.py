"""Settings shared by all tests; nothing here needs a chain.

Under Brownie tests/support/chain_fixtures.py is added: isolation of every test, exact coverage.
Hypothesis profiles: `default` is quick (what `make test` runs), `brief` is for `make coverage`,
which follows every step, `deep` for assurance runs: `DMO_HYPOTHESIS=deep make test`.
"""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from tests.support import shard

# name: examples per property
PROFILES = {"brief": 5, "default": 20, "deep": 500}

for _name, _examples in PROFILES.items():
    settings.register_profile(
        f"dmo-{_name}",
        max_examples=_examples,
        deadline=None,
        database=None,
        print_blob=True,
        derandomize=_name != "deep",
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.function_scoped_fixture,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
        ],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the Hypothesis profile and, under Brownie, add the fixtures of the chain."""
    name = os.environ.get("DMO_HYPOTHESIS", "default")
    if name not in PROFILES:
        raise pytest.UsageError(f"DMO_HYPOTHESIS must be one of {', '.join(PROFILES)}")
    settings.load_profile(f"dmo-{name}")
    gc.set_threshold(5_000, 10, 10)  # a tenth of the time was to look for garbage
    if config.pluginmanager.hasplugin("pytest-brownie"):
        from tests.support import chain_fixtures

        config.pluginmanager.register(chain_fixtures, "dmo-chain-fixtures")
    shard.join(config)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the events of the tests' chains out of the cache of whoever runs them."""
    os.environ["DMO_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def _off_the_disk() -> Iterator[None]:
    """Wait for no disk: tests kill processes, which loses nothing that was written, not the machine."""

    def connected(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=OFF")

    sa.event.listen(sa.Engine, "connect", connected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield
    sa.event.remove(sa.Engine, "connect", connected)


@pytest.fixture(scope="session", autouse=True)
def _frozen_heap() -> None:
    """Keep the compiled project out of garbage collection."""
    gc.collect()
    gc.freeze()
