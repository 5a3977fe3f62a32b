"""Run random histories of a machine against the local chain, one per seed.

For machines whose acts mostly make sense only after others: Hypothesis spends a small number of
examples on histories of a step or two. A failure names its seed and its acts; the same seed gives
the same history again. `DMO_HISTORIES` sets how many, `DMO_FIRST_SEED` where they begin.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol

from brownie.network.state import Chain


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
    begin: Callable[[random.Random], Machine],
    *,
    histories: int,
    steps: int,
    must_hold: Iterable[str] = (),
) -> Counter[str]:
    """Run histories, each from the chain as it is now; returns how often each act was logged.

    Args:
        begin: Makes a machine that draws from the given randomness.
        histories: How many, unless DMO_HISTORIES says otherwise.
        steps: Acts per history.
        must_hold: Acts that have to be logged at least once, or the histories prove too little;
            checked when no fewer histories ran than `histories`.
    """
    start = Chain()._take_snapshot()
    first = int(os.environ.get("DMO_FIRST_SEED", "1"))
    seen: Counter[str] = Counter()
    count = int(os.environ.get("DMO_HISTORIES", histories))
    for seed in range(first, first + count):
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
    missing = [act for act in must_hold if not seen[act]]
    assert count < histories or not missing, f"no history holds {missing}: {dict(seen)}"
    return seen
