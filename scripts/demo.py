"""The demo: `make demo`, or `./brownie run demo`. A season of Tidepool on a fresh local chain.

Writes build/demo/summary.json and build/demo/report.html; exit 1 if an equation does not hold.
"""

from __future__ import annotations

from rich.console import Console

from dmo.story.perform import perform
from dmo.story.telling import Narrator, closing_tables, next_steps
from scripts._common import BUILD, ROOT, reported, this_chain

WIDTH_WITHOUT_TERMINAL = 120


def main() -> None:
    """Play the demo."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    with reported():
        played = perform(this_chain(), ROOT, BUILD / "demo", Narrator(console))
        stage = played.stage
        for table in closing_tables(played.history, stage.names(), stage.gas, console.width):
            console.print()
            console.print(table)
        console.print()
        console.print(next_steps(played.summary, "build/demo/report.html"))
