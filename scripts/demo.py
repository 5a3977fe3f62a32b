"""The demo: `make demo`, or `./brownie run demo`. A season of Tidepool on a fresh local chain.

Writes build/demo: summary.json, report.html, the kit and its zip; exit 1 if an equation does not hold.
"""

from rich.console import Console

from dmo.core import words
from dmo.faces.sheets import closing_views
from dmo.faces.terminal import Screen
from dmo.season.demo import perform
from dmo.season.telling import Narrator
from scripts._common import BUILD, ROOT, reported, this_chain

WIDTH_WITHOUT_TERMINAL = 120


def main() -> None:
    """Play the demo."""
    console, screen = Console(highlight=False), Screen(as_json=False)
    if not console.is_terminal:
        console.width = WIDTH_WITHOUT_TERMINAL
    with reported():
        played = perform(this_chain(), ROOT, BUILD / "demo", Narrator(console))
        for view in closing_views(played.history, played.season.names(), played.season.gas):
            screen.say()
            screen.view(view)
        screen.say()
        said = words.word("season", "closing")
        screen.say(said.format(report="build/demo/report.html", kit="build/demo/kit", **played.summary.model_dump()))
