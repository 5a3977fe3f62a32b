"""Carries a plan out, so that it can be killed at any moment and run again.

Before a step is sent, its nonce and address are in the journal. A nonce is used once, so a step
that is sent again with its own nonce cannot happen twice; one that was mined is recognised by what
the transaction of this nonce carried.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core.chain import Chain, Receipt
from dmo.core.errors import DmoError, NetworkError, NotMined
from dmo.deploy.artifacts import digest
from dmo.deploy.journal import Entry, Journal
from dmo.deploy.plan import Plan, Step, created_address
from dmo.deploy.sender import DeploySender
from dmo.deploy.sentences import bad, stopped

__all__ = ["Executor", "Progress", "open_journal"]

Progress = Callable[[int, int, Step, Entry, bool], None]
"""Told of each finished step: number, of how many, the step, its entry, whether it was sent now."""

_PATIENCE, _LAG = 300, 10
"""How long to wait for a block, and for one whose nonce is counted already, in seconds."""


def open_journal(path: Path, plan_of: Callable[[Journal | None], Plan]) -> tuple[Plan, Journal]:
    """Begin a journal, or go on with the one that is there.

    The plan is made with the journal, if there is one; one of a local chain that no longer exists
    is set aside.

    Raises:
        BadInput: The journal is of another chain, account, config or code.
    """
    journal = Journal.load(path)
    plan = plan_of(journal)
    facts = plan.facts
    if journal is not None:
        if (journal.chain_id, journal.genesis) == (facts.chain_id, facts.genesis):
            _require_same(journal, plan, path)
            return plan, journal
        if facts.is_live:
            raise bad("other_chain", chain_id=journal.chain_id).at(str(path))
        plan = plan_of(None)
        facts = plan.facts
    plan.choose_origin(facts.now)  # too early now is too early later
    return plan, Journal(
        chain_id=facts.chain_id,
        genesis=facts.genesis,
        deployer=facts.deployer,
        first_nonce=plan.first_nonce,
        fingerprint=plan.fingerprint,
        start_block=facts.block,
        supply=str(facts.votes.supply),
    )


def _require_same(journal: Journal, plan: Plan, path: Path) -> None:
    if journal.deployer != plan.facts.deployer:
        who = {"deployer": journal.deployer, "account": plan.facts.deployer}
        raise bad("other_account", **who).at(str(path))
    if journal.fingerprint != plan.fingerprint:
        raise bad("other_plan").at(str(path))


@dataclass
class Executor:
    """Sends what is not done yet, each step once the last has so many confirmations (blocks)."""

    chain: Chain
    plan: Plan
    journal: Journal
    path: Path  # the journal's
    sender: DeploySender
    confirmations: int

    def __post_init__(self) -> None:
        self.account = self.plan.facts.deployer
        if self.sender.address != self.account:
            raise bad("not_deployer", account=self.sender.address, deployer=self.account)

    def run(self, progress: Progress | None = None) -> None:
        """Do every step that is not done.

        Raises:
            DmoError: A step failed, or somebody else used the account.
            NetworkError: The node did not do its part; run again.
        """
        steps = self.plan.steps
        for number, step in enumerate(steps, 1):
            entry = self.journal.steps.get(step.key)
            sent_now = entry is None or entry.state != "done"
            if entry is None or sent_now:
                entry = self._do(number - 1, step)
            elif step.creates and not self.chain.code(entry.address):
                raise stopped("gone", contract=step.contract, address=entry.address)
            if progress is not None:
                progress(number, len(steps), step, entry, sent_now)

    # ── one step ────────────────────────────────────────────────────────────────────────────────

    def _do(self, index: int, step: Step) -> Entry:
        entry = self.journal.steps.get(step.key)
        is_late = step.contract == "IdeaBoard" and (self.journal.origin or 0) <= self.chain.now()
        if entry is not None and entry.state != "sending":
            entry = None
        elif entry is not None and max(self._nonce(), self._nonce(pending=True)) > entry.nonce:
            # A transaction with this nonce is mined, or waits in the node.
            if self._finish(step, entry, self._mined(entry)):
                return entry
            entry = None
        elif entry is not None and is_late:
            self._forget(step)
            entry = None
        data = self._payload(step)
        if entry is None:
            entry = self._planned(index, step, digest(data))
            self._write(step, entry)
        elif entry.digest != digest(data):
            raise stopped("changed", title=step.title)
        try:
            to = None if step.creates else entry.address
            entry.tx = self.sender.send(to, data, entry.nonce)
        except DmoError as error:
            error.message = f"{step.title}: {error.message}"
            raise
        self._write(step, entry)
        if not self._finish(step, entry, self._mined(entry)):
            raise stopped("refused", title=step.title, tx=entry.tx)
        return entry

    def _planned(self, index: int, step: Step, carried: str) -> Entry:
        """A step with its nonce, as it is written down before it is sent."""
        nonce, wanted = self._nonce(), self.plan.first_nonce + index
        if step.pinned and nonce != wanted:
            about = {"contract": step.contract, "wanted": wanted, "nonce": nonce}
            raise stopped("nonce_gone", account=self.account, **about)
        to = created_address(self.account, nonce) if step.creates else self._at(step.contract)
        return Entry(nonce=nonce, address=to, digest=carried)

    def _payload(self, step: Step) -> bytes:
        if step.key == "create/IdeaBoard" and self.journal.origin is None:
            # The tokens are out; what is decided now is in the journal before it is sent.
            self.journal.origin = self.plan.choose_origin(self.chain.now())
        return self.plan.payload(step, self.journal.origin or 0, self._at("IdeaBoard"))

    def _at(self, contract: str) -> str:
        """Where a contract is, once its creation is in the journal."""
        entry = self.journal.steps.get(f"create/{contract}")
        return entry.address if entry else ""

    def _finish(self, step: Step, entry: Entry, receipt: Receipt) -> bool:
        """Note what became of a mined transaction; whether it did what it should."""
        entry.tx, entry.block, entry.gas_used = receipt.hash, receipt.block, receipt.gas_used
        if receipt.is_ok:
            if step.creates and not self.chain.code(entry.address):
                raise stopped("no_code_at", contract=step.contract, address=entry.address)
            entry.state = "done"
            self._write(step, entry)
            return True
        entry.state = "failed"
        if step.pinned:
            # The nonce is used up, and with it the address that other contracts rely on.
            self._write(step, entry)
            raise stopped("failed", contract=step.contract, tx=entry.tx)
        self._forget(step)
        return False

    def _forget(self, step: Step) -> None:
        """Leave a step to be planned anew."""
        self.journal.steps.pop(step.key, None)
        if step.contract == "IdeaBoard":
            self.journal.origin = None
        self.journal.save(self.path)

    def _write(self, step: Step, entry: Entry) -> None:
        self.journal.steps[step.key] = entry
        self.journal.save(self.path)

    # ── what the chain knows ────────────────────────────────────────────────────────────────────

    def _nonce(self, *, pending: bool = False) -> int:
        return self.chain.nonce(self.account, pending=pending)

    def _mined(self, entry: Entry) -> Receipt:
        """Wait until the nonce is used, and find the receipt of what used it."""
        begun, pause = time.monotonic(), 0.01
        while True:
            try:
                receipt = self._receipt(entry)
            except NetworkError:
                # A node may count the nonce a moment before it shows the block.
                if time.monotonic() > begun + _LAG:
                    raise
                receipt = None
            wanted = self.confirmations
            if receipt is not None and (wanted < 2 or self.chain.block().number - receipt.block + 1 >= wanted):
                return receipt
            if time.monotonic() > begun + _PATIENCE:
                if self._nonce() > entry.nonce:
                    raise stopped("lost", NetworkError, nonce=entry.nonce)
                raise NotMined(entry.tx or f"with nonce {entry.nonce}", _PATIENCE)
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _receipt(self, entry: Entry) -> Receipt | None:
        receipt = self.chain.receipt(entry.tx) if entry.tx is not None else None
        if receipt is not None or self._nonce() <= entry.nonce:
            return receipt
        # Mined under another hash, or killed before the hash was written down.
        found = self._transaction(entry.nonce)
        if found is None:  # a node may count a transaction a moment before it shows it
            return None
        if digest(bytes.fromhex(found["input"][2:])) != entry.digest:
            about = {"nonce": entry.nonce, "tx": found["hash"]}
            raise stopped("nonce_used", account=self.account, **about)
        return self.chain.receipt(found["hash"])

    def _transaction(self, nonce: int) -> Any:
        """The mined transaction with this nonce: blocks are searched from the newest down."""
        own = self.account.lower()
        for number in range(self.chain.block().number, self.journal.start_block, -1):
            block = self.chain.transport.request("eth_getBlockByNumber", [hex(number), True])
            sent = [tx for tx in block["transactions"] if tx["from"].lower() == own]
            nonces = {int(tx["nonce"], 16): tx for tx in sent}
            if nonce in nonces:
                return nonces[nonce]
            if nonces and min(nonces) < nonce:
                return None
        return None
