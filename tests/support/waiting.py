"""Wait for what is expected, never for time: a busy machine is slow, and no test red for that."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 300.0
"""Until it is a fault that something does not come; costs nothing where it comes."""
PAUSE_SECONDS = 0.05

Said = TypeVar("Said")


def until(says: Callable[[], Said], why: Callable[[], object] = str) -> Said:
    """What it says, once that is something; else AssertionError, with the reason."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (said := says()):
        assert time.monotonic() < deadline, why()
        time.sleep(PAUSE_SECONDS)
    return said
