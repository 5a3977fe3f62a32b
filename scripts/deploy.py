"""Deploy a DMO: `./brownie run deploy main <config> [yes]`, with config/<config>.toml.

A run that was interrupted goes on where it was when started again; nothing is deployed twice.
"""

from __future__ import annotations

from dmo.deploy.artifacts import load_artifacts
from dmo.deploy.book import write_book
from dmo.deploy.concentration import measure
from dmo.deploy.config import load_config
from dmo.deploy.execute import Executor, open_journal
from dmo.deploy.facts import read_facts
from dmo.deploy.journal import Entry
from dmo.deploy.plan import Plan, Step, contracts_needed
from dmo.deploy.show import plan_view, print_view
from scripts._brownie_sender import BrownieDeploySender
from scripts._common import (
    BUILD,
    CONFIG,
    DEPLOYMENTS,
    ROOT,
    confirm,
    confirmations,
    named_file,
    reported,
    sending_account,
    this_chain,
)


def main(config: str = "local", *options: str) -> None:
    """Deploy config/<config>.toml; the option "yes" answers the question of a live network."""
    with reported():
        # load
        file = named_file(config, CONFIG, ".toml")
        asked = load_config(file)
        chain, account = this_chain(), sending_account()
        facts = read_facts(chain, asked, account.address)
        artifacts = load_artifacts(BUILD, contracts_needed(asked))
        journal_path = DEPLOYMENTS / f"{file.stem}.journal.json"

        # plan
        plan, journal = open_journal(
            journal_path, lambda nonce: Plan(asked, facts, artifacts, file.parent, nonce)
        )

        # show and confirm
        print_view(plan_view(plan, measure(chain, plan), file.stem))
        if journal.steps:
            done = sum(entry.state == "done" for entry in journal.steps.values())
            print(f"Going on: {done} of {len(plan.steps)} steps are done.")
        confirm(chain, f"Send this to chain {facts.chain_id}?", options)

        # send
        Executor(
            chain,
            plan,
            journal,
            journal_path,
            BrownieDeploySender(account),
            confirmations=confirmations(chain),
        ).run(_progress)

        # record
        book_path = DEPLOYMENTS / f"{file.stem}.json"
        write_book(chain, plan, journal, book_path, ROOT)
        journal.finished = True
        journal.save(journal_path)
        gas = sum(entry.gas_used or 0 for entry in journal.steps.values())
        print(
            f"Deployed in {len(journal.steps)} transactions, {gas:,} gas; see {_shown(book_path)}."
        )
        print(f"Compare it with the sources: ./brownie run check main {config}")


def _progress(number: int, count: int, step: Step, entry: Entry, sent_now: bool) -> None:
    state = f"{entry.gas_used:>10,} gas" if sent_now else "already done"
    print(f"[{number:>2}/{count}] {step.title:<36} {entry.address}  {state}", flush=True)


def _shown(path: object) -> str:
    return str(path).removeprefix(f"{ROOT}/")
