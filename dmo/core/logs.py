"""Logs in as few questions as a provider allows; what range of blocks it takes is learnt."""

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.core import words
from dmo.core.errors import NodeError
from dmo.core.rpc import Request, Transport, is_busy

_log = logging.getLogger(__name__)
AT_ONCE = 20
"""Ranges asked for in one round trip."""
USUAL = 10_000
"""Blocks that most providers take."""
_QUIET = 2.0
"""Seconds without a word, while there is more to read."""
_GOOD = 5
_SPAN = re.compile(r"\[\s*(0x[0-9a-f]+)\s*,\s*(0x[0-9a-f]+)\s*\]", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.#-])(\d{1,3}(?:[,_]\d{3})+|\d+)(k?)\b(?!\s*(?:results|logs|entries|events|items))", re.IGNORECASE
)


class Moved(Exception):
    """Chain or index changed while it was read: look again, at its argument as the head if it has one."""


@dataclass
class Span:
    """How many blocks a provider takes in one eth_getLogs.

    Attributes:
        blocks: So many; None while no limit is known.
        ceiling: So many or more were refused lately.
        is_tried: Whether so many were given before; if not, one range is asked for alone.
    """

    blocks: int | None = None
    ceiling: int | None = None
    is_tried: bool = True
    _good: int = 0

    def refused(self, low: int, high: int, reason: str) -> None:
        """Learn from a refused range: what the error names, or else less than was asked for."""
        asked = high - low + 1
        hint = _SPAN.search(reason)
        named = [int(hint[2], 16) - int(hint[1], 16) + 1] if hint else _numbers(reason, low, high)
        fitting = [number for number in named if 0 < number < asked]
        if fitting:
            self.blocks = max(fitting)
            self.ceiling = asked if hint else self.blocks + 1
        else:
            self.blocks = USUAL if asked > 2 * USUAL else max(asked // 2, 1)
            self.ceiling = asked
        self._good, self.is_tried = 0, False
        _log.debug("%d blocks of logs refused (%s): %d now", asked, reason[:200], self.blocks)

    def answered(self, low: int, high: int) -> None:
        """Learn from an answer: after five of full length a longer range is tried."""
        if self.blocks is None or high - low + 1 < self.blocks:
            return
        self._good, self.is_tried = self._good + 1, True
        longer = self.blocks + max(self.blocks // 2, 1)
        if self._good >= _GOOD and (self.ceiling is None or longer < self.ceiling):
            self.blocks, self._good, self.is_tried = longer, 0, False

    def cut(self, low: int, high: int) -> tuple[int, int]:
        """The first part of a range that may be asked for."""
        return low, high if self.blocks is None else min(high, low + self.blocks - 1)


def _numbers(reason: str, low: int, high: int) -> list[int]:
    found = [
        int(re.sub("[,_]", "", number)) * (1000 if thousand else 1) for number, thousand in _NUMBER.findall(reason)
    ]
    return [number for number in found if number not in (low, high)]


def sign_of_life(since: float, at: int, last: int) -> float:
    """Says where a long reading is, if that was long ago; when it was last said."""
    if time.monotonic() - since <= _QUIET:
        return since
    _log.warning(words.word("node", "reading").format(at, last))
    return time.monotonic()


def read_logs(
    transport: Transport, span: Span, order: Mapping[str, Any], low: int, high: int, also: Sequence[Request] = ()
) -> tuple[list[Any], list[Any]]:
    """Raw logs of a range of blocks, in the order of the chain, and the answers to ``also``.

    What else is asked goes with every round trip; the answers are the last one's, NodeErrors among
    them. A limit is halved or taken as named, and ``span`` learns it.

    Raises:
        NetworkError: An answer is no list of logs.
        NodeError: The node refuses even a single block, or is busy for too long.
    """
    found: dict[int, list[Any]] = {}
    waiting = [(low, high)] if low <= high else []
    others: list[Any] = []
    silent_since = time.monotonic()
    while waiting or (also and not others):
        ranges: list[tuple[int, int]] = []
        while waiting and len(ranges) < (AT_ONCE if span.is_tried else 1):
            first, last = waiting.pop()
            part = span.cut(first, last)
            ranges.append(part)
            if part[1] < last:
                waiting.append((part[1] + 1, last))
        asked: list[Request] = [("eth_getLogs", [{**order, "fromBlock": hex(a), "toBlock": hex(b)}]) for a, b in ranges]
        answers = transport.batch([*asked, *also])
        others = answers[len(asked) :]
        again: list[tuple[int, int]] = []
        for (first, last), answer in zip(ranges, answers, strict=False):
            if not isinstance(answer, NodeError):
                if not isinstance(answer, list) or not {*map(type, answer)} <= {dict}:
                    raise words.network("no_logs")
                span.answered(first, last)
                found[first] = answer
                continue
            if is_busy(answer) or first == last:
                raise answer
            if span.blocks is None or last - first + 1 <= span.blocks:
                span.refused(first, last, answer.reason)
            again.append((first, last))
        waiting += reversed(again)
        if waiting:
            silent_since = sign_of_life(silent_since, waiting[-1][0], high)
    return [raw for first in sorted(found) for raw in found[first]], others
