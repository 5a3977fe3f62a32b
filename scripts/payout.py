"""Pay whatever is payable: `./brownie run payout main <deployment> [yes] --network <network>`.

Does everything that anybody may and that is due, again until nothing is: a ruling makes work
payable, its payment makes jurors so. Safe to repeat and to run from cron: when nothing is due it
says so and ends with exit code 0. `./brownie run payout plan <deployment>` only shows what is due.
"""

from dmo.core import words
from dmo.faces import script
from scripts._common import home_of, reported


def main(deployment: str = "local", *options: str) -> None:
    """Do everything that is due."""
    with reported():
        if unknown := set(options) - {"yes"}:
            raise words.bad("no_pay_out_word", given=" ".join(sorted(unknown))[:60])
        script.pay_out(home_of(deployment), {"yes": "yes" in options})


def plan(deployment: str = "local") -> None:
    """Show what is due, send nothing."""
    with reported():
        script.show_due(home_of(deployment))
