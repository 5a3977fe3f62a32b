"""Keeping: turn after turn, until nothing is left or for ever; what happens is told, and no fault ends it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from dmo.core import words
from dmo.core.errors import FAULTS, DmoError, NetworkError, WrongChain
from dmo.home.home import Home
from dmo.home.keeping.gauges import Gauges
from dmo.home.keeping.keeper import Keeper, Settings, Turn
from dmo.home.keeping.logbook import DAY
from dmo.home.keeping.sending import sends_by

_PATIENCE, _LONGEST, _TOLD = 120.0, 60.0, 100
_ALARMS = ("fees", "cap", "balance")
"""For what a person has to do something."""


@dataclass
class Service:
    """A keeper that runs.

    Args:
        wait: Waits so many seconds; says whether it is over.
        write: Takes a line of the log.
    """

    home: Home
    settings: Settings
    every: float
    wait: Callable[[float], bool]
    write: Callable[[str], None]
    private: str | None = None
    gauges: Gauges = field(init=False)
    sent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_TOLD))
    _waits: str = ""
    _failures: int = 0

    def __post_init__(self) -> None:
        self.gauges = Gauges(max(10 * self.every, _PATIENCE))

    @cached_property
    def keeper(self) -> Keeper:
        """What does it. Raises DmoError: there is no such key, the node does not answer, or is another chain's."""
        for one in (self.home.chain, self.home.chain.transport):
            one.sleep = self.wait  # type: ignore[union-attr]  # told to stop, it waits for no node
        return Keeper(self.home, self.settings, self.say, sends_by(self.home, self.private))

    def say(self, event: str, **told: Any) -> None:
        """One line of the log, a JSON object; what it says in words is ``says``."""
        known = {key: value for key, value in told.items() if value not in (None, "")}
        says = words.word("keeper", event).format_map(_Known(known))
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.gauges.count("events_total", event)
        self.write(json.dumps({"at": at, "event": event, **known, "says": says}, ensure_ascii=False))
        if event in ("sent", "raised", "freed", "would_send"):
            self.sent.append(known)
        if event in ("mined", "reverted"):
            self.gauges.count("spent_wei_total", by=told["cost"])

    def start(self, metrics: str | None, *, is_once: bool = False) -> bool:
        """Say what begins, once the node answers; whether it did before it was over. Once does not wait for it."""
        if metrics:
            self.say("metrics", place=self.gauges.serve(metrics))
        while not (is_once or self._is_met()):
            if self.wait(self._pause):
                return False
        keeper, settings = self.keeper, self.settings
        told = {"account": keeper.account, "deployment": self.home.dmo.name, "chain_id": self.home.dmo.chain_id}
        mode = words.word("keeper_mode", "sending" if settings.is_sending else "dry")
        self.say("started", **told, sends=settings.is_sending, max_fee=settings.max_fee, cap=settings.cap, mode=mode)
        return True

    def _is_met(self) -> bool:
        try:
            return self.keeper is not None
        except WrongChain:
            raise
        except NetworkError as error:
            self._failed(error.message)
            return False

    def run(self, *, is_once: bool) -> Turn | None:
        """Turn after turn; once ends where nothing is left to do, or a person is needed. Says the last turn."""
        last: Turn | None = None
        pause = 0.0
        while not self.wait(pause):
            turn = self._turn()
            last = turn or last
            if is_once and turn is not None and self._is_over(turn):
                break
            pause = self._pause
        self.keeper.journal.close()
        self.say("stopped", block=last.head.number if last else None)
        return last

    @property
    def _pause(self) -> float:
        return min(self.every * 2**self._failures, max(self.every, _LONGEST)) if self._failures else self.every

    def _failed(self, why: str) -> None:
        self._failures += 1
        self.gauges.well(why)
        self.say("failed", why=why, times=self._failures)

    def _is_over(self, turn: Turn) -> bool:
        return turn.is_idle or turn.waits in _ALARMS or not self.settings.is_sending

    def _turn(self) -> Turn | None:
        trips = self._trips
        try:
            turn = self.keeper.turn()
        except (DmoError, *FAULTS) as error:
            self._failed(error.message if isinstance(error, DmoError) else f"{type(error).__name__}: {error}")
            return None
        self._failures = 0
        self.gauges.well()
        if turn is not None:
            self._told(turn, self._trips - trips)
        return turn

    @property
    def _trips(self) -> int:
        return int(getattr(self.home.chain.transport, "trips", 0))

    def _told(self, turn: Turn, trips: int) -> None:
        """What a turn came to: in the log where there was something to do, in numbers always."""
        keeper, head = self.keeper, turn.head
        flying = len({one.nonce for one in keeper.journal.open})
        if turn.due > turn.left or flying or turn.waits:
            told = {"due": turn.due, "left_out": turn.left, "in_flight": flying, "requests": trips, "waits": turn.waits}
            self.say("turn", block=head.number, hash=head.hash, nonce=keeper.nonce, **told)
        if turn.waits != self._waits and turn.waits in _ALARMS:
            self.say("alarm", reason=turn.waits, why=words.word("keeper_waits", turn.waits), block=head.number)
        self._waits = turn.waits
        self.gauges.count("turns_total")
        self.gauges.count("requests_total", by=trips)
        self.gauges.put(
            block=head.number,
            block_time_seconds=head.timestamp,
            due=turn.due,
            left_out=turn.left,
            in_flight=flying,
            nonce=keeper.nonce,
            balance_wei=keeper.balance,
            base_fee_wei=head.base_fee or 0,
            spent_today_wei=keeper.journal.spent(head.timestamp // DAY),
            alarm=float(turn.waits in _ALARMS),
        )


class _Known(dict[str, Any]):
    """What a sentence asks for and nobody said is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
