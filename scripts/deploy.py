"""Deploy a DMO: `./brownie run deploy main <config> [yes]`, with config/<config>.toml.

A run that was interrupted goes on where it was when started again; nothing is deployed twice.
"""

from brownie import network

from dmo.deploy.concentration import measure
from dmo.deploy.journal import JournalEntry
from dmo.deploy.plan import DeployStep
from dmo.deploy.run import DeployRun
from dmo.deploy.show import plan_view
from dmo.faces.terminal import Screen
from scripts import _common
from scripts._common import DEPLOYMENTS, ROOT, confirmations, deploy_sender, sending_account, this_chain


def main(config: str = "local", *options: str) -> None:
    """Deploy config/<config>.toml; the option "yes" answers the question of a live network."""
    with _common.reported():
        # load and plan
        chain, account = this_chain(), sending_account()
        file = _common.named_file(config, _common.CONFIG, ".toml")
        run = DeployRun.prepare(chain, file, account.address, ROOT, DEPLOYMENTS)

        # show
        Screen(as_json=False).view(plan_view(run.plan, measure(chain, run.plan), run.name))
        if run.steps_done:
            print(f"Going on: {run.steps_done} of {len(run.plan.steps)} steps are done.")
        if _common.is_live(chain):
            run.require_fresh()

        # confirm, send and record
        risk = ", unaudited and with real money" if run.plan.is_real_money else ""
        left = len(run.plan.steps) - run.steps_done
        if left:
            _common.confirm(chain, f"Send this to chain {chain.chain_id}{risk}?", options)
        run.send(deploy_sender(chain, account), confirmations=confirmations(chain), progress=_progress)
        _common.wire(run.book_path)
        gas = sum(entry.gas_used or 0 for entry in run.journal.steps.values())
        done = f"Deployed in {len(run.journal.steps)} transactions, {gas:,} gas."
        print(done if left else "Already deployed; nothing was sent.")
        print(f"Addresses: {str(run.book_path).removeprefix(f'{ROOT}/')}")
        active = network.show_active()
        on = "" if active == "development" else f" --network {active}"
        print(f"Compare them with the sources: ./brownie run check main {config}{on}")


def _progress(number: int, count: int, step: DeployStep, entry: JournalEntry, sent_now: bool) -> None:
    state = f"{entry.gas_used:>10,} gas" if sent_now else "already done"
    print(f"[{number:>2}/{count}] {step.title:<36} {entry.address}  {state}", flush=True)
