"""Any act: `./brownie run act main <deployment> "<noun verb>" field=value … [yes] --network <net>`.

`dmo acts` lists them with their fields, and docs/cli.md shows an example of each. It is shown in
words before it is sent, and asked for on a live network; a last word `yes`, or DMO_YES=1, answers.
"""

from dmo.core import words
from dmo.faces import script
from scripts._common import home_of, reported


def main(deployment: str = "", name: str = "", *line: str) -> None:
    """Do an act, or show what a query answers."""
    with reported():
        if not name:
            raise words.bad("no_act_said")
        script.run(home_of(deployment), name, line)
