"""Ballots that others signed, sent by an account that pays for them, within a budget."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.calls import make_call
from dmo.core.errors import DmoError, Refused
from dmo.core.explain import refused
from dmo.core.records import Receipt
from dmo.core.sender import KeySender, Sender, Sent
from dmo.faces.web.queue import DAY, RelayQueue, Taken
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


class Relay:
    """What is taken, in the order it came, and sent in batches.

    Args:
        home: The deployment.
        sender: Who pays.
        file: Where the queue is kept; None for memory alone.
        per_day: Ballots that are sent in a day at most.
    """

    def __init__(
        self,
        home: Home,
        sender: Sender,
        file: Path | None = None,
        *,
        per_day: int = PER_DAY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.home, self._sender, self._per_day, self._clock = home, sender, per_day, clock
        self.queue = RelayQueue(file, (home.dmo.chain_id, home.dmo.address("IdeaBoard")))
        self._leaving: list[str] = []
        self._lock = threading.Lock()
        self._full = threading.Event()
        if isinstance(sender, KeySender):
            sender.journal = self._leaves
        if self.queue.of("waiting", "sent"):
            self._full.set()  # from before

    def take(self, home: Home, raw: bytes) -> dict[str, Any]:
        """Take a ballot in, once it was tried. Raises BadInput, Refused: why not."""
        from dmo.capabilities.ballots import domain

        one = signed_ballot(raw, home.dmo.chain_id, home.dmo.address("IdeaBoard"))
        key = "0x" + ballot_digest(domain(home), one.ballot).hex()
        with self._lock:
            if key in self.queue.entries:
                return {"ok": True, "id": key, "state": self.queue.entries[key].state}
        self._within_budget(home, one)
        home.chain.read([home.reading("IdeaBoard", "castBallotBySig", one.as_tuple())])
        with self._lock:
            now = self._clock()
            if self.queue.since(now - DAY) >= self._per_day:
                raise words.bad("relay_day", most=self._per_day)
            if self.queue.counts[one.ballot.voter, one.ballot.round] >= PER_ROUND:
                raise words.bad("relay_often", most=PER_ROUND)
            if key not in self.queue.entries:
                self.queue.take(key, Taken(one, now))
            waiting = len(self.queue.of("waiting"))
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
        """What became of a ballot, in the language that is spoken."""
        with self._lock:
            one = self.queue.entries.get(key.lower())
        if one is None:
            return {"state": "unknown"}
        why = self.home.explained(refused(*one.why)).message if one.why else ""
        return {"state": one.state, "tx": one.txs[-1] if one.txs else None, "block": one.block, "message": why}

    def send(self) -> int:
        """Send what waits, in one batch; says how many ballots."""
        with self._lock:
            self._full.clear()
            left = {tx for _, one in self.queue.of("waiting", "sent") for tx in one.txs}
        self.home.look_again()
        for tx in left:
            if (receipt := self.home.chain.receipt(tx)) is not None and receipt.is_ok:
                self._counted(receipt)
        with self._lock:
            waiting = self.queue.of("waiting", "sent")[:FULL]
        if not waiting:
            return 0
        calls = [self.home.reading("IdeaBoard", "castBallotBySig", one.ballot.as_tuple()) for _, one in waiting]
        good = []
        for (key, one), told in zip(waiting, self.home.chain.try_read(calls), strict=True):
            if isinstance(told, Refused):
                self._become([key], state="skipped", why=(told.name, dict(told.arguments)))
            else:
                good.append((key, one))
        if good:
            self._cast(good)
        return len(good)

    def _cast(self, good: Sequence[tuple[str, Taken]]) -> None:
        board = self.home.dmo.address("IdeaBoard")
        ballots = [one.ballot.as_tuple() for _, one in good]
        said = words.word("web_relay", "cast").format(len(good))
        call = make_call("IdeaBoard", board, "castBallotsBySig", [ballots], said)
        self._leaving = [key for key, _ in good]
        try:
            receipt = self._sender.send(call)
        except DmoError as error:
            _log.warning("ballots were not sent: %s", error.message)
            why = (error.name, dict(error.arguments)) if isinstance(error, Refused) else None
            self._become(self._leaving, state="waiting", why=why)
            return
        self._become(self._leaving, state="sent", tx=receipt.hash)
        self._counted(receipt)

    def _leaves(self, sent: Sent) -> None:
        """A transaction is about to leave: were it mined after a kill, its ballots are found by it."""
        self._become(self._leaving, state="sent", tx=sent.tx)

    def _counted(self, receipt: Receipt) -> None:
        """What became of the ballots of a transaction that was mined."""
        board = self.home.dmo.address("IdeaBoard")
        events = self.home.chain.events_of(receipt, "IdeaBoard", board, "BallotSkipped")
        skipped = {event.arguments["voter"] for event in events}
        with self._lock:
            its = [(key, one) for key, one in self.queue.of("waiting", "sent") if receipt.hash in one.txs]
        for state, is_skipped in (("cast", False), ("skipped", True)):
            keys = [key for key, one in its if (one.ballot.ballot.voter in skipped) is is_skipped]
            self._become(keys, state=state, tx=receipt.hash, block=receipt.block, why=None)

    def _become(self, keys: Iterable[str], **new: Any) -> None:
        with self._lock:
            self.queue.become(keys, **new)

    def close(self) -> None:
        """Wake who waits for a full batch, and let the queue's file go."""
        self._full.set()
        with self._lock:
            self.queue.close()

    def run(self, over: threading.Event) -> None:
        """Send again and again until it is over, as soon as a batch is full or has waited long enough."""
        while not over.is_set():
            self._full.wait(EVERY)
            try:
                while self.send() == FULL:
                    pass
            except DmoError as error:
                _log.warning("%s", error.message)
