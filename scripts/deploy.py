"""Deploy a DMO: `./brownie run deploy main <config> [yes]`, with config/<config>.toml.

It is rehearsed on a private chain before it is asked for. A run that was interrupted goes on where it was when started
again; nothing is deployed twice, and two of one name do not run at once. The local chain ends with the script: what is
tried there stays nowhere.
"""

from brownie import network

from dmo.deploy.concentration import measure
from dmo.deploy.journal import JournalEntry
from dmo.deploy.plan import DeployStep
from dmo.deploy.run import DeployRun
from dmo.deploy.show import plan_view
from dmo.faces.terminal import Screen
from scripts import _common
from scripts._common import BUILD, DEPLOYMENTS, ROOT, confirmations, deploy_sender, sending_account, this_chain

_ENDS = """\
The local chain ends here, and with it all of this.
A DMO that stays, with people to play: make play
On a test network or for real: docs/deploying.md"""


def main(config: str = "local", *options: str) -> None:
    """Deploy config/<config>.toml; the option "yes" answers the question of a live network."""
    with _common.reported():
        # load and plan
        chain, account = this_chain(), sending_account()
        file = _common.named_file(config, _common.CONFIG, ".toml")
        is_live = _common.is_live(chain)
        run = DeployRun.prepare(chain, file, account.address, ROOT, DEPLOYMENTS if is_live else BUILD / "deployments")

        # show
        Screen(as_json=False).view(plan_view(run.plan, measure(chain, run.plan), run.name))
        if run.steps_done:
            print(f"Going on: {run.steps_done} of {len(run.plan.steps)} steps are done.")
        if is_live:
            run.require_fresh()
        left = len(run.plan.steps) - run.steps_done
        if left:
            run.rehearse()
            print("Rehearsed on a private chain: every step, a proposal, an idea and a halt.")

        # confirm, send and record
        risk = ", unaudited and with real money" if run.plan.is_real_money else ""
        if left:
            _common.confirm(chain, risk, options)
        sender = deploy_sender(chain, account)
        run.send(sender, confirmations=confirmations(chain), progress=_progress, is_rehearsed=True)
        gas = sum(entry.gas_used or 0 for entry in run.journal.steps.values())
        done = f"Deployed in {len(run.journal.steps)} transactions, {gas:,} gas."
        print(done if left else "Already deployed; nothing was sent.")
        if run.fee_taken:
            print(run.fee_taken)
        print(_told(run, config) if is_live else _ENDS)


def _told(run: DeployRun, config: str) -> str:
    """Where it is written down, and what to type next."""
    active = network.show_active()
    _common.wire(run.book_path)
    book = str(run.book_path).removeprefix(f"{ROOT}/")
    return f"Addresses: {book}\nCompare them with the sources: ./brownie run check main {config} --network {active}"


def _progress(number: int, count: int, step: DeployStep, entry: JournalEntry, sent_now: bool) -> None:
    state = f"{entry.gas_used:>10,} gas" if sent_now else "already done"
    print(f"[{number:>2}/{count}] {step.title:<36} {entry.address}  {state}", flush=True)
