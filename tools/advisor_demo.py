"""An advisor's life on a chain of its own: train, register, wait, judge, show. The same for a seed.

    tools/advisor_demo.py [--seed 2] [--rounds 4]

People of Tidepool's size post ideas whose words tell something; holders vote. What `dmo` says is printed as it says it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import advised_chain
from tests.support.cli_chain import Stage, anvil

WAIT = 2
"""Rounds from the last idea until its vote is closed."""


def demo(stage: Stage, seed: int, rounds: int) -> None:
    """Play it."""

    def say(command: str) -> str:
        told = stage.ok(command).out
        print(f"$ {command}\n{told}")
        return told

    stage.deploy(rooms=("advisor",))
    first = advised_chain.rounds(1, 5, seed)
    print(f"{len(first)} ideas are posted, told and voted on.\n", flush=True)
    advised_chain.play(stage, first)
    say("dmo advisor train")
    say("dmo advisor register card.md model.bin")
    say("dmo advisor list")
    at = 5 + WAIT + 1
    for number in range(at, at + rounds * (WAIT + 1), WAIT + 1):
        later = advised_chain.rounds(number, 2, seed + number)
        advised_chain.play(stage, later)
        print(f"{len(later)} ideas later:\n")
        say("dmo advisor list")
    say(f"dmo advisor show {later[0].round}/1")


def main() -> int:
    """Have a chain, and play."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="how often two rounds are played after the registration")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, anvil() as (chain, url):
        os.environ["DMO_CACHE"] = folder
        demo(Stage(chain, url, Path(folder) / "stage"), options.seed, options.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
