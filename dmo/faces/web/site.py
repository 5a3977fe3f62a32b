"""The deployment as it stands: followed in the background, one snapshot a head for everybody who looks."""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dmo.core.chain import Block
from dmo.core.errors import DmoError
from dmo.core.facts import Fact
from dmo.faces.web.visitor import Visitor
from dmo.home.context import LOCAL_CHAINS
from dmo.home.following import Follower
from dmo.home.home import Home

_log = logging.getLogger(__name__)
STALE = 90
"""Seconds without a word of the node after which nothing is offered to be done."""
OLD = 900
"""Seconds that the latest block may be old."""
_PAGES = 400
_BYTES = 16 * 1024 * 1024


@dataclass
class Sight:
    """A head, and what was drawn at it.

    Attributes:
        base: The home at this block, which visitors look through.
        seen: When the node last told that this is the head, on the monotonic clock.
    """

    head: Block
    base: Visitor
    seen: float
    drawn: OrderedDict[Any, tuple[str, bytes, bytes]] = field(default_factory=OrderedDict)
    size: int = 0

    def keep(self, key: Any, body: bytes) -> str:
        """Keep what was drawn, as much as fits; returns its tag."""
        tag = f'"{self.head.hash[2:14]}-{hashlib.sha256(body).hexdigest()[:16]}"'
        packed = gzip.compress(body, mtime=0)
        self.drawn[key] = tag, body, packed
        self.size += len(body) + len(packed)
        while len(self.drawn) > _PAGES or self.size > _BYTES:
            _, (_, *gone) = self.drawn.popitem(last=False)
            self.size -= sum(map(len, gone))
        return tag


class Site:
    """What all pages are drawn from.

    Args:
        home: The deployment.
        known: Address → name, where the page is its owner's alone.
        publish: Whether acts publish their texts; None for where coins cost nothing.
        is_public: Whether strangers look, who are told no names of this machine.
        clock: Seconds, monotonic; and those of the calendar.
    """

    def __init__(
        self,
        home: Home,
        *,
        known: Mapping[str, str] | None = None,
        publish: bool | None = None,
        is_public: bool = False,
        clock: Callable[[], float] = time.monotonic,
        calendar: Callable[[], float] = time.time,
    ) -> None:
        self.home, self.publish = home, publish
        self.known = {} if is_public else dict(known or {})
        self._clock, self._calendar = clock, calendar
        self._follower = Follower(home)
        self._lock = threading.Lock()
        self._moment: Sight | None = None
        self._over = threading.Event()

    def look(self) -> Sight:
        """Bring the index to the chain's head, and let everybody see that. Raises NetworkError."""
        with self._lock:
            head = self._follower.step()
            now = self._clock()
            if self._moment is not None and self._moment.head == head:
                self._moment.seen = now
                return self._moment
            for kind in Fact.kinds:
                if kind.__module__.startswith("dmo."):
                    self.home.snapshot.facts(kind)
            base = Visitor(self.home, None, self.known, publish=self.publish)
            self._moment = Sight(head, base, now)
            return self._moment

    @property
    def moment(self) -> Sight:
        """What the page shows now."""
        return self._moment or self.look()

    def follow(self, every: float) -> None:
        """Look again and again, until ``close``; a node that fails is asked again."""
        while not self._over.wait(every):
            try:
                self.look()
            except DmoError as error:
                _log.warning("%s", error.message)

    def close(self) -> None:
        """Stop following."""
        self._over.set()

    def age(self, moment: Sight) -> int:
        """How old what the page shows is, in seconds."""
        silent = self._clock() - moment.seen
        if self.home.dmo.chain_id in LOCAL_CHAINS or self.home.local.rpc:
            return round(silent)  # whose clock is moved by hand
        return round(max(silent, self._calendar() - moment.head.timestamp))

    def is_stale(self, moment: Sight) -> bool:
        """Whether acts are off, because what they would rest on is old."""
        return self._clock() - moment.seen > STALE or self.age(moment) > OLD

    def visitor(self, moment: Sight, account: str | None = None, *, is_marking: bool = True) -> Visitor:
        """The deployment at a moment, for whoever looks."""
        return Visitor(moment.base, account, self.known, is_marking=is_marking, publish=self.publish)
