"""A home without a chain: events are told, views are answered from a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Event
from dmo.core.facts import Snapshot
from dmo.core.store import EventStore
from dmo.home.home import Home, Options
from tests.support.node import ADDRESSES, Node, dmo_on

Told = tuple[str, dict[str, Any]]


def at_home(
    folder: Path, patch: pytest.MonkeyPatch, node: Node, told: Sequence[Told] = (), account: str | None = None
) -> Home:
    """A home of an account, in a folder of its own, that was told these events."""
    for name in ("DMO_ACCOUNT", "DMO_KEYSTORE_DIR", "DMO_STORE", "DMO_GATEWAYS", "DMO_DEPLOYMENT"):
        patch.delenv(name, raising=False)
    patch.setenv("DMO_HOME", str(folder))
    patch.setenv("DMO_DEPLOYMENTS", str(folder))
    dmo = dmo_on(node)
    home = Home(Options(account=account), dmo)
    head = dmo.chain.block()
    store = EventStore(None, dmo.chain_id, dmo.addresses, dmo.birth)
    snapshot = Snapshot(dmo.chain.pinned(head.number), head, store)
    snapshot._events = [
        (contract, Event(name, arguments, ADDRESSES[contract], place, "0x", 0, place))
        for place, (full, arguments) in enumerate(told, 1)
        for contract, name in [full.split(".")]
    ]
    home.__dict__["snapshot"] = snapshot
    return home
