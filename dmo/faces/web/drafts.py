"""Texts of documents that people hand over: drafts for a day, kept once the chain names their digest."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from dmo.core import words
from dmo.core.digests import cid, digest
from dmo.home.documents import parse
from dmo.home.home import Home
from dmo.home.store import Store

DAY = 86_400
MOST = 512
"""Drafts that are held; the oldest goes first."""


class Drafts:
    """Drafts in memory, and the store that they come into when the chain names them."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = store, clock
        self._held: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, raw: bytes) -> dict[str, Any]:
        """Hold a draft. Raises BadInput: it is no document."""
        parse(raw)
        value = digest(raw)
        with self._lock:
            self._held.pop(value, None)
            self._held[value] = raw, self._clock() + DAY
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return {"ok": True, "digest": "0x" + value.hex(), "cid": cid(value), "until": round(self._clock() + DAY)}

    def get(self, value: bytes) -> bytes | None:
        """A draft that is not too old."""
        with self._lock:
            raw, until = self._held.get(value, (None, 0.0))
        return raw if until > self._clock() else None

    def settle(self, home: Home) -> int:
        """Keep those that the chain names, forget what is too old; says how many were kept."""
        with self._lock:
            self._held = OrderedDict((key, one) for key, one in self._held.items() if one[1] > self._clock())
            waiting = dict(self._held)
        kept = 0
        for value, (raw, _) in waiting.items():
            if names(home, value):
                self._store.keep(raw)
                with self._lock:
                    self._held.pop(value, None)
                kept += 1
        return kept


def names(home: Home, value: bytes) -> bool:
    """Whether the chain names a digest: something is bound to it, or its text was published."""
    from dmo.capabilities.documents import published, same_text

    return bool(same_text(home, value)) or published(home, value) is not None


def required(home: Home, value: bytes) -> None:
    """Raise NotFound: the chain does not name it."""
    if not names(home, value):
        raise words.missing("web_unnamed", cid=cid(value))
