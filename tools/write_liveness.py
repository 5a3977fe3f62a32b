"""Write build/liveness.json from what `make test-deep` recorded of the escrow's histories.

In every history everyone stops at a random moment; from then on only time and a stranger's calls go
on. Ends with 1 when money got stuck, or when many histories are too much alike to say: every state
has to be one that enough of them stopped in.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from dmo.core.files import write_json
from tools.outputs import Liveness

ROOT = Path(__file__).resolve().parents[1]
TEST = "test_escrow_agrees_with_the_model"
PREFIX = "stopped in "
HISTORIES, EACH = 2_000, 20


def summary(numbers: Mapping[str, int]) -> Liveness:
    """What the histories' numbers say of liveness."""
    return Liveness(
        histories=numbers["histories"],
        stopped_in={name.removeprefix(PREFIX): count for name, count in numbers.items() if name.startswith(PREFIX)},
        max_calls=numbers["max_calls"],
        stuck=numbers["stuck"],
    )


def problems(found: Liveness) -> list[str]:
    """What is wrong, one sentence each; of few histories no variety is asked."""
    told = [f"in {found.stuck} histories money got stuck"] if found.stuck else []
    if found.histories >= HISTORIES:
        told += [
            f"only {count} histories stopped in {state!r}, {EACH} are wanted"
            for state, count in sorted(found.stopped_in.items())
            if count < EACH
        ]
    return told


def main() -> int:
    """Read, write, judge."""
    source = ROOT / "build" / "histories.json"
    numbers = json.loads(source.read_text("utf-8"))["tests"].get(TEST)
    if numbers is None:
        print(f"liveness: {TEST} has not run", file=sys.stderr)
        return 1
    found = summary(numbers)
    write_json(ROOT / "build" / "liveness.json", found)
    states = len(found.stopped_in)
    print(
        f"liveness: {found.histories:,} histories stopped in {states} states, "
        f"{found.max_calls} calls at most, {found.stuck} stuck; build/liveness.json"
    )
    if found.histories < HISTORIES:
        print(f"liveness: {HISTORIES:,} histories are wanted for a proof")
    told = problems(found)
    for problem in told:
        print(f"liveness: {problem}", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
