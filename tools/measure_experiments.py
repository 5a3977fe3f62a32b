"""Measure what experiments find: how often, and after how many visitors; write the tables of docs/experiments.md.

Simulated, looked at after every block, by seed: the same tables on every machine. The code under measure is
dmo/capabilities/evalues.py, the one that `dmo ab read` reads with.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dmo.capabilities.evalues import UNIT, Wager, is_over
from dmo.core.files import write_text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "experiments.md"
STOPS_AT = 20
RUNS, ALIKE_RUNS = 200, 1_000
VISITORS, ALIKE_VISITORS = 3_000, 1_000
ALIKE = (0.02, 0.1, 0.5)
APART = ((0.02, 0.04), (0.05, 0.075), (0.05, 0.1), (0.1, 0.15), (0.1, 0.2), (0.3, 0.4))
BLOCKS = (1, 20)
_TABLE = "(<!-- {} -->\n).*?(<!-- end -->)"


class Found(NamedTuple):
    """Of so many runs: how many stopped, and after how many visitors of each arm those did, in ascending order."""

    runs: int
    stops: Sequence[int]

    def share(self, visitors: int) -> float:
        """The share of runs that stopped within so many visitors of each arm."""
        return sum(one <= visitors for one in self.stops) / self.runs

    def quantile(self, share: float) -> str:
        """Visitors of each arm within which this share of all runs stopped; empty where fewer ever did."""
        place = max(round(share * self.runs), 1) - 1
        return f"{self.stops[place]:,}" if place < len(self.stops) else "–"


def simulated(rates: tuple[float, float], block: int = 1, runs: int = RUNS, visitors: int = VISITORS) -> Found:
    """Experiments whose arms convert at these rates, up to so many visitors of each arm."""
    draw = random.Random(f"{rates} {block}").random  # noqa: S311 - it has to be the same again
    stops = []
    for _ in range(runs):
        one = Wager(block)
        while not is_over(one, STOPS_AT, visitors // block):
            one.take(*(sum(draw() < rate for _ in range(block)) for rate in rates))
        if one.value >= STOPS_AT * UNIT:
            stops.append(one.blocks * block)
    return Found(runs, sorted(stops))


def alike_row(rate: float) -> str:
    """A row of the table of arms that convert alike."""
    found = simulated((rate, rate), 1, ALIKE_RUNS, ALIKE_VISITORS)
    return f"| {rate:.0%} | {found.share(100):.1%} | {found.share(ALIKE_VISITORS):.1%} |"


def apart_row(rates: tuple[float, float], block: int) -> str:
    """A row of the table of arms that do not."""
    found = simulated(rates, block)
    shares = " | ".join(f"{found.share(many):.0%}" for many in (300, 1_000, VISITORS))
    stops = " | ".join(found.quantile(share) for share in (0.5, 0.8))
    return f"| {rates[0]:.1%} and {rates[1]:.1%} | {block} | {shares} | {stops} |"


def tables() -> dict[str, list[str]]:
    """The rows of all tables."""
    return {
        "alike": [alike_row(rate) for rate in ALIKE],
        "apart": [apart_row(rates, block) for rates in APART for block in BLOCKS],
    }


def main() -> None:
    """Write them into the page."""
    page = PAGE.read_text("utf-8")
    for name, rows in tables().items():
        head = re.search(rf"<!-- {name} -->\n(\|.*\n\|.*\n)", page)
        if head is None:
            raise SystemExit(f"experiments: docs/experiments.md has no table {name}")
        body = head[1] + "\n".join(rows) + "\n"
        page = re.sub(_TABLE.format(name), rf"\g<1>{body}\g<2>", page, flags=re.DOTALL)
    write_text(PAGE, page)


if __name__ == "__main__":
    main()
