"""Write build/coalitions.json: the most that coalitions gained, by kind of end, in random histories.

The test of the whole DMO writes it for its own histories; after `make test-deep`, run as a program, it does so
for those of all shards.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from dmo.core.files import write_json
from tools.outputs import Coalitions, Gain

ROOT = Path(__file__).resolve().parents[1]
TEST = "test_no_coalition_gains_by_guilt"
GAIN, SHARE = "gain", "gain in bps"
# What the threat model says is the most, in stakes b and rewards w; of a fee F, for junk paid out of a budget W.
BOUNDS = {
    "honest": "0",
    "unpaid": "0",
    "guilty": "0",
    "right": "b",
    "kept": "w",
    "unruled": "w + b / 5",
    "captured": "w + b",
    "fee": "F w / W",
}


def write(numbers: Mapping[str, int]) -> None:
    """Write the file, and say what is in it."""
    kinds = {
        kind: Gain(
            ends=numbers.get(kind, 0),
            bound=bound,
            largest_gain=numbers.get(f"max_{GAIN} {kind}", 0),
            largest_gain_bps=numbers.get(f"max_{SHARE} {kind}", 0),
        )
        for kind, bound in BOUNDS.items()
    }
    found = Coalitions(
        histories=numbers["histories"],
        stuck=numbers["stuck"],
        max_calls=numbers["max_calls"],
        minorities_outvoted=numbers.get("minorities", 0),
        kinds=kinds,
    )
    write_json(ROOT / "build" / "coalitions.json", found)
    for kind, told in kinds.items():
        share = told.largest_gain_bps / 100
        print(f"coalitions: {kind}: {told.ends:,} ends, {share:g} % of a reward at most; bound {told.bound}")


def main() -> int:
    """Read what all shards recorded, and write."""
    numbers = json.loads((ROOT / "build" / "histories.json").read_text("utf-8"))["tests"].get(TEST)
    if numbers is None:
        print(f"coalitions: {TEST} has not run", file=sys.stderr)
        return 1
    write(numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
