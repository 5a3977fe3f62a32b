"""Compare a deployment with its sources and its config: `./brownie run check main <config> [all]`.

Code is compiled anew, roles and scheduled operations are rebuilt from the logs, and all that was done until the
hand-over is compared with a rehearsal. What differs is shown; with `all`, what does not, too. Exit code 1 if anything
differs.
"""

from dmo.core import words
from dmo.deploy.check import check_deployment
from dmo.deploy.show import report_view
from dmo.faces.terminal import Screen
from dmo.home.deployment import load_book
from scripts._common import CONFIG, DEPLOYMENTS, ROOT, named_file, reported, this_chain


def main(config: str = "local", *options: str) -> None:
    """Check the deployment of config/<config>.toml; the option "all" shows every comparison."""
    with reported():
        given = {one.lstrip("-") for one in options}
        if unknown := given - {"all"}:
            raise words.bad("no_check_word", given=" ".join(sorted(unknown))[:60])
        file = named_file(config, CONFIG, ".toml")
        book = load_book(DEPLOYMENTS / f"{file.stem}.json", is_whole=True)
        report = check_deployment(this_chain(), file, book, ROOT)
        Screen(as_json=False).view(report_view(report, file.stem, is_whole="all" in given))
        report.require(file.stem)
        print(f"{file.stem}: {len(report.findings)} comparisons, no difference.")
