"""Ballots that others signed, sent by an account that pays for them, within a budget."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.calls import make_call
from dmo.core.chain import raised
from dmo.core.errors import FAULTS, DmoError, NodeError, Refused
from dmo.core.explain import refused
from dmo.core.records import Receipt, number
from dmo.core.rpc import Request
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
FINAL = 64
"""Blocks after which one is final where the node does not say."""
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
        self._final = -1
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
        self._full.clear()
        underway = self._look()
        self.home.look_again()
        with self._lock:
            waiting = [(key, one) for key, one in self.queue.of("waiting", "sent") if not underway & {*one.txs}][:FULL]
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

    def _look(self) -> set[str]:
        """What became of all that left, as long as a reorganisation may undo it; says what is under way yet.

        Sent twice, the second would be told as skipped. All of it is asked at once.
        """
        with self._lock:
            left = self.queue.unsettled(self._final)
        txs = [*dict.fromkeys(tx for _, one in left for tx in one.txs)]
        if not txs:
            return set()
        methods = ("eth_getTransactionReceipt", "eth_getTransactionByHash")
        asked: list[Request] = [(method, [tx]) for method in methods for tx in txs]
        blocks: list[Request] = [("eth_blockNumber", []), ("eth_getBlockByNumber", ["finalized", False])]
        head, final, *told = self.home.chain.transport.batch([*blocks, *asked])
        raised([head, *told], NodeError)
        receipts = {tx: receipt for tx, raw in zip(txs, told, strict=False) if (receipt := Receipt.of(raw)) is not None}
        underway = {tx for tx, known in zip(txs, told[len(txs) :], strict=True) if known and tx not in receipts}
        self._settle(left, receipts, underway, number(head))
        self._final = number(final["number"]) if isinstance(final, dict) else number(head) - FINAL
        return underway

    def _settle(
        self,
        left: Iterable[tuple[str, Taken]],
        receipts: Mapping[str, Receipt],
        underway: Set[str] = frozenset(),
        head: int = -1,
    ) -> None:
        """Write down what is new of ballots, by the receipts of their transactions, up to a head."""
        skipped = {tx: self._skipped(receipt) for tx, receipt in receipts.items()}
        changed: dict[tuple[str, str | None, int | None], list[str]] = defaultdict(list)
        for key, one in left:
            ballot = one.ballot.ballot
            its = (ballot.voter, ballot.round, ballot.at)
            mined = [tx for tx in one.txs if tx in receipts and receipts[tx].is_ok]
            if mined:
                tx = next((tx for tx in mined if its not in skipped[tx]), mined[-1])
                state, block = "skipped" if its in skipped[tx] else "cast", receipts[tx].block
                if (one.state, one.block, one.txs[-1]) != (state, block, tx):
                    changed[state, tx, block].append(key)
            elif one.block is not None and one.block <= head:  # it is gone, and what was told of it
                _log.warning("block %d was undone, and a ballot of %s with it", one.block, ballot.voter)
                changed["sent" if underway & {*one.txs} else "waiting", None, None].append(key)
        for new, keys in changed.items():
            self._become(keys, **dict(zip(("state", "tx", "block"), new, strict=True)), why=None)

    def _skipped(self, receipt: Receipt) -> set[tuple[str, int, int]]:
        """The ballots that a transaction left out, by voter, round and time."""
        board = self.home.dmo.address("IdeaBoard")
        events = self.home.chain.events_of(receipt, "IdeaBoard", board, "BallotSkipped")
        return {(one.arguments["voter"], one.arguments["round"], one.arguments["at"]) for one in events}

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
        with self._lock:
            its = [(key, self.queue.entries[key]) for key in self._leaving]
        self._settle(its, {receipt.hash: receipt})

    def _leaves(self, sent: Sent) -> None:
        """A transaction is about to leave: were it mined after a kill, its ballots are found by it."""
        self._become(self._leaving, state="sent", tx=sent.tx)

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
            except (DmoError, *FAULTS) as error:  # or ballots would wait for ever
                _log.warning("%s", getattr(error, "message", error))
