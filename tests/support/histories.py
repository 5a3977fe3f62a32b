"""Run random histories of a machine against the local chain, one per seed.

For machines whose acts mostly make sense only after others: Hypothesis spends a small number of
examples on histories of a step or two. A failure names its seed and its acts; the same seed gives
the same history again. `DMO_HISTORIES` sets how many, `DMO_FIRST_SEED` where they begin.
`make test-deep` runs many, shared out over the cores, and sums up what they recorded.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from brownie.network.state import Chain

from tests.support import shard

TELL_SECONDS = 60


class Machine(Protocol):
    """What a history needs."""

    log: list[str]

    def step(self) -> None:
        """Do one random act."""

    def check(self) -> None:
        """Check what always holds."""

    def drain(self) -> None:
        """Check the end of the history."""


def run_histories(
    begin: Callable[[random.Random], Machine], *, histories: int, steps: int, must_hold: Iterable[str] = ()
) -> Counter[str]:
    """Run histories, each from the chain as it is now; returns how often each act was logged.

    Args:
        begin: Makes a machine that draws from the given randomness.
        histories: How many, unless DMO_HISTORIES says otherwise.
        steps: Acts per history.
        must_hold: Acts that have to be logged at least once, or the histories prove too little;
            checked for the usual seeds, and for others when they are many.
    """
    start = Chain()._take_snapshot()
    first = int(os.environ.get("DMO_FIRST_SEED", "1"))
    seen: Counter[str] = Counter()
    count = int(os.environ.get("DMO_HISTORIES", histories))
    told = time.monotonic()
    for seed in range(first, first + count):
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            shard.say(f"{_test()}: {seed - first} of {count} histories")
        machine = begin(random.Random(seed))
        try:
            for _ in range(steps):
                machine.step()
                machine.check()
            machine.drain()
        except BaseException as problem:
            problem.add_note(f"seed {seed}, acts: " + "; ".join(machine.log))
            raise
        seen.update(entry.split("(")[0] for entry in machine.log)
        start = Chain()._revert(start)
    record({"histories": count, **seen})
    is_enough = count >= histories * (1 if first == 1 else 4)
    missing = [act for act in must_hold if not seen[act]]
    assert not missing or not is_enough, f"no history holds {missing}: {dict(seen)}"
    return seen


def record(numbers: Mapping[str, int]) -> None:
    """Hand numbers of the running test to `make test-deep`, for build/histories.json.

    Over all shards numbers are added up; of those named `max_…` the largest is taken.
    """
    if folder := os.environ.get("DMO_HISTORIES_OUT"):
        file = Path(folder) / f"{_test()}-{time.time_ns()}.json"
        file.write_text(json.dumps(dict(numbers)))


def _test() -> str:
    """Name of the running test."""
    return os.environ["PYTEST_CURRENT_TEST"].split(" ")[0].split("::")[-1]
