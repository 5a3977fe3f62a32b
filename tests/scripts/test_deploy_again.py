"""Deploying: again, killed and gone on with, and where the chain fails.

deploy
  given a finished deployment
    when it is run again -> test_deploying_twice_equals_deploying_once
  given a deployment that was killed
    when before a step was broadcast, or after, or before it was noted -> test_goes_on_after_a_kill
    when by the operating system -> test_goes_on_after_sigkill
    when the config, the code or the account has changed -> test_refuses_another_journal
    when the local chain is a new one -> test_begins_anew_on_a_new_local_chain
  given somebody else uses the deployer's account -> test_stops_when_the_account_was_used
  given a creation fails
    when others rely on its address -> test_stops_when_a_pinned_creation_fails
    when nobody does -> test_tries_an_unpinned_creation_again
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from dmo.core.chain import Chain
from dmo.core.errors import BadInput, DmoError
from dmo.deploy.run import DeployRun, Executor
from tests.support.deployments import (
    ROOT,
    STEPS,
    TREASURY_REST,
    DyingSender,
    Killed,
    StingySender,
    act_as,
    balance,
    bend,
)

# ── again, and after a kill ─────────────────────────────────────────────────────────────────────


def test_deploying_twice_equals_deploying_once(prepare, sender, node, folder):
    prepare().send(sender)
    nonce, book = node.nonce(sender.address), (folder / "local.json").read_bytes()
    journal = (folder / "local.journal.json").read_bytes()

    prepare().send(sender)

    assert node.nonce(sender.address) == nonce
    assert (folder / "local.json").read_bytes() == book
    assert (folder / "local.journal.json").read_bytes() == journal


@pytest.mark.parametrize("moment", ["before", "after", "unnoted"])
def test_goes_on_after_a_kill(prepare, sender, node, monkeypatch, moment):
    """Each of the steps is where one run dies."""
    first, planned = node.nonce(sender.address), prepare().plan.addresses
    finish = Executor._finish
    for step in range(STEPS):
        run = prepare()
        assert len(run.plan.steps) == STEPS
        dying, patched = sender, finish
        if moment == "before":
            dying = DyingSender(sender, step - run.steps_done, is_broadcast=False)
        elif moment == "after":  # what was broadcast is found, and not sent again
            dying = DyingSender(sender, 0, is_broadcast=True)
        else:
            patched = _die_in(finish, run.plan.steps[step].key)
        with monkeypatch.context() as patch:
            patch.setattr(Executor, "_finish", patched)
            with pytest.raises(Killed):
                run.send(dying)
        assert node.nonce(sender.address) == first + step + (moment != "before")

    book = prepare().send(sender)

    assert node.nonce(sender.address) == first + STEPS
    assert {run.plan.book_name(name): at for name, at in planned.items()} == {
        name: contract.address for name, contract in book.contracts.items()
    }
    assert balance(node, run, run.plan.treasury) == TREASURY_REST
    assert balance(node, run, sender.address) == 0


def _die_in(finish, key: str):
    def die(executor, step, entry, receipt):
        if step.key == key:
            raise Killed
        return finish(executor, step, entry, receipt)

    return die


PROCESS = """
import os, signal, sys
from pathlib import Path
from dmo.core.chain import Chain
from dmo.deploy.run import DeployRun, Executor
from dmo.deploy.sender import KeyDeploySender, UnlockedSender

url, file, root, account, last, place = sys.argv[1:]

def killed(is_it):
    if is_it:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying(UnlockedSender):
    sent = 0

    def send(self, to, data, nonce):
        self.sent += 1
        killed(place == "before" and self.sent == int(last))
        tx = super().send(to, data, nonce)
        killed(place == "after" and self.sent == int(last))
        return tx

chain = Chain.connect(url)
sender, finish = Dying(chain, account), Executor._finish

def mined(*step):
    killed(place == "mined" and sender.sent == int(last))
    return finish(*step)

Executor._finish = mined
run = DeployRun.prepare(chain, Path(file), account, Path(root), Path(file).parent)
run.send(sender, is_rehearsed=True)
"""
DEATHS = ((2, "before"), (4, "after"), (3, "mined"), (4, "before"))  # which of those that it sends, and when


def test_goes_on_after_sigkill(folder, accounts, other_chain):
    url, account = other_chain, str(accounts[0])
    node = Chain.connect(url)
    command = [sys.executable, "-c", PROCESS, url, folder / "local.toml", ROOT, account]
    for number, place in DEATHS:
        died = subprocess.run([*command, str(number), place], cwd=ROOT, check=False)
        assert died.returncode == -signal.SIGKILL

    subprocess.run([*command, "0", "nowhere"], cwd=ROOT, check=True)

    run = DeployRun.prepare(node, folder / "local.toml", account, ROOT, folder)
    assert run.journal.finished
    assert node.nonce(account) == STEPS
    assert balance(node, run, run.plan.treasury) == TREASURY_REST
    assert balance(node, run, account) == 0


def test_refuses_another_journal(prepare, sender, folder, accounts):
    with pytest.raises(Killed):
        prepare().send(DyingSender(sender, 3, is_broadcast=False))

    with pytest.raises(BadInput, match=f"was begun by {sender.address}"):
        prepare(accounts[1])
    bend(folder / "local.toml", "6,000", "7,000")
    with pytest.raises(BadInput, match="another config, holders' list or code"):
        prepare()


def test_begins_anew_on_a_new_local_chain(prepare, sender, node, folder):
    run = prepare()
    run.send(sender)
    run.journal.genesis = "0x" + 64 * "1"
    run.journal.save(run.journal_path)

    again = prepare()

    assert again.steps_done == 0
    assert again.plan.first_nonce == node.nonce(sender.address)


def test_stops_when_the_account_was_used(prepare, sender, accounts, node):
    run = prepare()
    with pytest.raises(Killed):
        run.send(DyingSender(sender, 3, is_broadcast=False))
    act_as(node, sender.address, str(accounts[1]), b"")

    with pytest.raises(DmoError, match="used nonce 3 for something else"):
        prepare().send(sender)


# ── failures on the chain ───────────────────────────────────────────────────────────────────────


def test_stops_when_a_pinned_creation_fails(prepare, node, accounts, sender):
    with pytest.raises(DmoError, match="HolderGovernor could not be created"):
        prepare().send(StingySender(node, str(accounts[0]), 4))
    with pytest.raises(DmoError, match="has sent something else meanwhile"):
        prepare().send(sender)


def test_tries_an_unpinned_creation_again(prepare, sender, node, accounts):
    with pytest.raises(DmoError, match=r"create IdeaBoard: the transaction .* was refused"):
        prepare().send(StingySender(node, str(accounts[0]), 11))

    book = prepare().send(sender)

    assert node.nonce(sender.address) == STEPS + 1
    assert node.call("IdeaBoard", book.contracts["IdeaBoard"].address, "currentRound") == 0
    lens = book.contracts["Lens"].address
    assert node.call("Lens", lens, "board") == book.contracts["IdeaBoard"].address
