"""Drops for tests: put up, and claimed."""

from __future__ import annotations

import hashlib
from typing import Any

from dmo.core.merkle import Share, Tree
from tests.support.clock import now, set_next

DAY = 86_400
AMOUNT = 1_000 * 10**6
MANIFEST = hashlib.sha256(b"who gets what").digest()


def put_up(
    drops: Any,
    token: Any,
    root: bytes,
    by: Any,
    *,
    manifest: bytes = MANIFEST,
    amount: int = AMOUNT,
    at: int | None = None,
    wait: int = DAY,
    life: int = 30 * DAY,
    tx: bool = False,
) -> Any:
    """Create a drop; returns its id, or the transaction.

    Args:
        at: The moment of the block that takes it, where that is set already, Unix seconds.
        wait: Seconds until claims begin.
        life: Seconds for which they run.
    """
    at = at or set_next(now() + 10)
    made = drops.create(token, root, manifest, amount, at + wait, at + wait + life, {"from": by})
    return made if tx else made.return_value


def claim_of(drops: Any, drop: int, tree: Tree, share: Share, by: Any) -> Any:
    """Have a share paid; returns the transaction."""
    return drops.claim(drop, *share, tree.proof(share), {"from": by})
