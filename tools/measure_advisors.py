"""What advisors can do and what not: luck, skill, the season, a replayed history. The same for a seed.

    tools/measure_advisors.py [--replay build/replay.json] [--summary build/demo/summary.json]

A history that was replayed has no texts, only what passed: told is what the best of all models could reach with it, and
what one makes of the proposals' names.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dmo.advisor.hashed import ONE
from dmo.advisor.judging import FixedIdea, Likelihoods, bar
from dmo.advisor.training import LEAST_IDEAS, parted, train
from dmo.core.errors import BadInput
from tests.support.advised import first_shown, history, skilled, unskilled

RUNS, IDEAS, MODELS = 400, 150, 10


def luck(rng: random.Random) -> str:
    """Runs in which any of ten models without skill was ever shown."""
    shown = 0
    for _ in range(RUNS):
        passed = [rng.random() < 0.4 for _ in range(IDEAS)]
        shown += any(first_shown(unskilled(rng, passed), rank) for rank in range(1, MODELS + 1))
    return f"{MODELS} models without skill over {IDEAS} ideas: any shown in {shown} of {RUNS} runs"


def skill(rng: random.Random) -> str:
    """Runs in which a model of AUC 0.72 was shown, by its rank."""
    runs = [[skilled(rng) for _ in range(IDEAS)] for _ in range(RUNS)]
    found = (f"the {rank}. in {sum(first_shown(run, rank) is not None for run in runs)}" for rank in (1, 3, 10))
    return f"a model of AUC 0.72, shown within {IDEAS} ideas in {RUNS} runs: {', '.join(found)}"


def best(count: int, passed: int) -> str:
    """What a model that knew everything would reach."""
    found = Likelihoods()
    for place in range(count):
        found.add(ONE if place < passed else 0, passed=place < passed)
    return f"a model that knew all {count} would reach {float(found.ratio):,.0f}; asked of the first are {bar(1)}"


def learnt(items: list[FixedIdea]) -> str:
    """What training says of later ideas."""
    try:
        its = train(items).figures
    except BadInput as error:
        return f"cannot be trained: {error.reason}"
    auc = "–" if its.auc is None else f"{its.auc / ONE:.2f}"
    losses = f"{its.loss / 1_000:.3f} bits an idea, the constant {its.constant / 1_000:.3f}"
    return f"{its.count} later ones foretold in {len(parted(items)) - 1} parts: AUC {auc}, {losses}"


def main() -> int:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--summary", type=Path)
    options = parser.parse_args()
    print(luck(random.Random(400)))  # noqa: S311  a seed
    print(skill(random.Random(72)))  # noqa: S311  a seed
    for strength in (1.6, 0.0):
        words = "that tell" if strength else "that tell nothing"
        print(f"120 made-up ideas of words {words}: {learnt(history(1, 30, strength=strength))}")
    if options.summary:
        told = json.loads(options.summary.read_text("utf-8"))
        posted, passed = told["ideas_posted"], told["ideas_passed"]
        print(f"the season: {posted} ideas, {passed} passed; too few to learn from (least {LEAST_IDEAS})")
        print(f"the season: {best(posted, passed)}")
    if options.replay:
        rows = json.loads(options.replay.read_text("utf-8"))["proposals"]
        passed = sum(row["passed"] for row in rows)
        items = [
            FixedIdea(
                (place, 0), row["round"], place, str(place), b"", f"proposal {row['proposal']}".encode(), row["passed"]
            )
            for place, row in enumerate(rows, 1)
        ]
        print(f"the history: {len(rows)} proposals, {passed} passed; {best(len(rows), passed)}")
        print(f"the history, of names alone: {learnt(items)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
