"""Ballots that others signed, sent by an account that pays for them, within a budget."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dmo.core import words
from dmo.core.calls import make_call
from dmo.core.errors import DmoError, Refused
from dmo.core.sender import Sender
from dmo.home.ballots import SignedBallot, ballot_digest, signed_ballot
from dmo.home.home import Home

_log = logging.getLogger(__name__)
EVERY, FULL = 20.0, 50
"""Seconds after which a batch is sent, and ballots that fill one."""
PER_ROUND = 3
"""Ballots that a voter may have sent for each round."""
PER_DAY = 5_000
FLOOR = 10
"""A voter's weight is a tenth of what posting an idea takes, at least."""
_DAY = 86_400
_KEPT = 10_000


@dataclass
class Taken:
    """A ballot on its way: waiting, sent, cast or skipped."""

    ballot: SignedBallot
    state: str = "waiting"
    tx: str | None = None
    block: int | None = None
    message: str = ""


class Relay:
    """What is taken, in the order it came, and sent in batches.

    Args:
        home: The deployment.
        sender: Who pays.
        per_day: Ballots that are sent in a day at most.
    """

    def __init__(
        self, home: Home, sender: Sender, *, per_day: int = PER_DAY, clock: Callable[[], float] = time.time
    ) -> None:
        self.home, self._sender, self._per_day, self._clock = home, sender, per_day, clock
        self._entries: OrderedDict[str, Taken] = OrderedDict()
        self._counts: Counter[tuple[str, int]] = Counter()
        self._taken: list[float] = []
        self._lock = threading.Lock()
        self._full = threading.Event()

    def take(self, home: Home, raw: bytes) -> dict[str, Any]:
        """Take a ballot in, once it was tried. Raises BadInput, Refused: why not."""
        from dmo.capabilities.ballots import domain

        one = signed_ballot(raw, home.dmo.chain_id, home.dmo.address("IdeaBoard"))
        key = "0x" + ballot_digest(domain(home), one.ballot).hex()
        with self._lock:
            if key in self._entries:
                return {"ok": True, "id": key, "state": self._entries[key].state}
        self._within_budget(home, one)
        home.chain.read([home.reading("IdeaBoard", "castBallotBySig", one.as_tuple())])
        with self._lock:
            now = self._clock()
            self._taken = [at for at in self._taken if at > now - _DAY]
            if len(self._taken) >= self._per_day:
                raise words.bad("relay_day", most=self._per_day)
            if self._counts[one.ballot.voter, one.ballot.round] >= PER_ROUND:
                raise words.bad("relay_often", most=PER_ROUND)
            self._counts[one.ballot.voter, one.ballot.round] += 1
            self._taken.append(now)
            self._entries[key] = Taken(one)
            while len(self._entries) > _KEPT:
                self._entries.popitem(last=False)
            waiting = sum(entry.state == "waiting" for entry in self._entries.values())
        if waiting >= FULL:
            self._full.set()
        return {"ok": True, "id": key, "state": "waiting"}

    @staticmethod
    def _within_budget(home: Home, one: SignedBallot) -> None:
        """Raise BadInput: the voter's weight is dust, so that it would drain who pays."""
        from dmo.capabilities.rounds import clock, weight_reads
        from dmo.home.rounds import round_times

        times = round_times(clock(home).frame, one.ballot.round)
        threshold = home.reading("IdeaBoard", "postingThreshold", one.ballot.round)
        *powers, least = home.read([*weight_reads(home, one.ballot.voter, times), threshold])
        if min(powers) * FLOOR < least:
            raise words.bad("relay_light")

    def state(self, key: str) -> dict[str, Any]:
        """What became of a ballot."""
        with self._lock:
            one = self._entries.get(key.lower())
        if one is None:
            return {"state": "unknown"}
        return {"state": one.state, "tx": one.tx, "block": one.block, "message": one.message}

    def send(self) -> int:
        """Send what waits, in one batch; says how many ballots."""
        with self._lock:
            waiting = [one for one in self._entries.values() if one.state == "waiting"][:FULL]
            self._full.clear()
        if not waiting:
            return 0
        self.home.look_again()
        calls = [self.home.reading("IdeaBoard", "castBallotBySig", one.ballot.as_tuple()) for one in waiting]
        good = []
        for one, told in zip(waiting, self.home.chain.try_read(calls), strict=True):
            if isinstance(told, Refused):
                one.state, one.message = "skipped", self.home.explained(told).message
            else:
                good.append(one)
        if good:
            self._cast(good)
        return len(good)

    def _cast(self, good: list[Taken]) -> None:
        board = self.home.dmo.address("IdeaBoard")
        ballots = [one.ballot.as_tuple() for one in good]
        said = words.word("web_relay", "cast").format(len(good))
        call = make_call("IdeaBoard", board, "castBallotsBySig", [ballots], said)
        for one in good:
            one.state = "sent"
        try:
            receipt = self._sender.send(call)
        except DmoError as error:
            _log.warning("ballots were not sent: %s", error.message)
            for one in good:
                one.state, one.message = "waiting", error.message
            return
        skipped = {
            event.arguments["voter"]
            for event in self.home.chain.events_of(receipt, "IdeaBoard", board, "BallotSkipped")
        }
        for one in good:
            one.tx, one.block = receipt.hash, receipt.block
            one.state = "skipped" if one.ballot.ballot.voter in skipped else "cast"

    def close(self) -> None:
        """Wake who waits for a full batch."""
        self._full.set()

    def run(self, over: threading.Event) -> None:
        """Send again and again until it is over, as soon as a batch is full or has waited long enough."""
        while not over.is_set():
            self._full.wait(EVERY)
            try:
                while self.send() == FULL:
                    pass
            except DmoError as error:
                _log.warning("%s", error.message)
