"""Compare a deployment with its sources and its config: `./brownie run check main <config>`.

Code is compiled anew, roles and scheduled operations are rebuilt from the logs. Exit code 1 if
anything differs.
"""

from dmo.deploy.check import check_deployment
from dmo.deploy.show import report_view
from dmo.faces.terminal import Screen
from dmo.home.deployment import load_book
from scripts._common import CONFIG, DEPLOYMENTS, ROOT, named_file, reported, this_chain


def main(config: str = "local") -> None:
    """Check the deployment of config/<config>.toml."""
    with reported():
        file = named_file(config, CONFIG, ".toml")
        book = load_book(DEPLOYMENTS / f"{file.stem}.json", is_whole=True)
        report = check_deployment(this_chain(), file, book, ROOT)
        Screen(as_json=False).view(report_view(report, file.stem))
        report.require(file.stem)
        print(f"{file.stem}: {len(report.findings)} comparisons, no difference.")
