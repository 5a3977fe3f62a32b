"""Processor time that can be compared with a bound: a busy machine, or a slower one, takes longer for everything."""

from __future__ import annotations

import time
from collections.abc import Callable

_LOOP_SECONDS = 0.005
"""What the loop takes where the bounds were found."""


def _loop() -> float:
    """Seconds of the processor for what is the same everywhere."""
    begun, seen = time.process_time(), dict[str, int]()
    for number in range(20_000):
        key = f"{number * 7919 % 1000:x}"
        seen[key] = seen.get(key, 0) + len(key)
    return time.process_time() - begun


def paced(work: Callable[[], object]) -> float:
    """Seconds of the processor that something takes, as where the bounds were found, or on a quicker machine."""
    before, begun = _loop(), time.process_time()
    work()
    took = time.process_time() - begun
    return took / max((before + _loop()) / 2 / _LOOP_SECONDS, 1.0)
