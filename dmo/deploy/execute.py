"""Carries a plan out, so that it can be killed at any moment and run again.

Before a step is sent, its nonce and address are in the journal. A nonce is used once, so a step that is sent again with
its own nonce cannot happen twice; one that was mined is recognised by what the transaction of this nonce carried.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.chain import Chain, Receipt
from dmo.core.errors import DmoError, NetworkError, NotMined
from dmo.deploy.artifacts import digest
from dmo.deploy.journal import Entry, Journal
from dmo.deploy.plan import Plan, Step, created_address
from dmo.deploy.sender import DeploySender

Progress = Callable[[int, int, Step, Entry, bool], None]
"""Told of each finished step: number, of how many, the step, its entry, whether it was sent now."""

_PATIENCE, _LAG = 300, 10
"""How long to wait for a block, and for one whose nonce is counted already, in seconds."""


def _stopped(name: str, kind: type[DmoError] = DmoError, /, **values: Any) -> DmoError:
    return words.stopped(kind, f"deploy_{name}", **values)


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
            raise words.bad("deploy_not_deployer", account=self.sender.address, deployer=self.account)

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
                raise _stopped("gone", contract=step.contract, address=entry.address)
            if progress is not None:
                progress(number, len(steps), step, entry, sent_now)

    # ── one step ────────────────────────────────────────────────────────────────────────────────

    def _do(self, index: int, step: Step) -> Entry:
        entry = self.journal.steps.get(step.key)
        if entry is not None and entry.state == "sending":
            if max(self._nonce(), self._nonce(pending=True)) > entry.nonce:
                # A transaction with this nonce is mined, or waits in the node.
                if self._finish(step, entry, self._mined(entry)):
                    return entry
                entry = None
            elif step.contract == "IdeaBoard" and (self.journal.origin or 0) <= self.chain.now():
                self._forget(step)  # its origin is past
                entry = None
        else:
            entry = None
        data = self._payload(step)
        if entry is None:
            entry = self._planned(index, step, digest(data))
            self._write(step, entry)
        elif entry.digest != digest(data):
            raise _stopped("changed", title=step.title)
        try:
            entry.tx = self.sender.send(None if step.creates else entry.address, data, entry.nonce)
        except DmoError as error:
            error.message = f"{step.title}: {error.message}"
            raise
        self._write(step, entry)
        if not self._finish(step, entry, self._mined(entry)):
            raise _stopped("refused", title=step.title, tx=entry.tx)
        return entry

    def _planned(self, index: int, step: Step, carried: str) -> Entry:
        """A step with its nonce, as it is written down before it is sent."""
        nonce, wanted = self._nonce(), self.plan.first_nonce + index
        if step.pinned and nonce != wanted:
            raise _stopped("nonce_gone", account=self.account, contract=step.contract, wanted=wanted, nonce=nonce)
        to = created_address(self.account, nonce) if step.creates else self.journal.at(step.contract)
        return Entry(nonce=nonce, address=to, digest=carried)

    def _payload(self, step: Step) -> bytes:
        if step.key == "create/IdeaBoard" and self.journal.origin is None:
            # The tokens are out; what is decided now is in the journal before it is sent.
            self.journal.origin = self.plan.choose_origin(self.chain.now())
        return self.plan.payload(step, self.journal.origin or 0, self.journal.at("IdeaBoard"))

    def _finish(self, step: Step, entry: Entry, receipt: Receipt) -> bool:
        """Note what became of a mined transaction; whether it did what it should."""
        entry.tx, entry.block, entry.gas_used = receipt.hash, receipt.block, receipt.gas_used
        if receipt.is_ok and step.creates and not self.chain.code(entry.address):
            raise _stopped("no_code_at", contract=step.contract, address=entry.address)
        entry.state = "done" if receipt.is_ok else "failed"
        if not receipt.is_ok and not step.pinned:
            self._forget(step)
            return False
        self._write(step, entry)
        if not receipt.is_ok:
            # The nonce is used up, and with it the address that other contracts rely on.
            raise _stopped("failed", contract=step.contract, tx=entry.tx)
        return True

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
                    raise _stopped("lost", NetworkError, nonce=entry.nonce)
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
            raise _stopped("nonce_used", account=self.account, nonce=entry.nonce, tx=found["hash"])
        return self.chain.receipt(found["hash"])

    def _transaction(self, nonce: int) -> Any:
        """The mined transaction with this nonce: blocks are searched from the newest down."""
        own = self.account.lower()
        for number in range(self.chain.block().number, self.journal.start_block, -1):
            block = self.chain.transport.request("eth_getBlockByNumber", [hex(number), True])
            nonces = {int(tx["nonce"], 16): tx for tx in block["transactions"] if tx["from"].lower() == own}
            if nonces and min(nonces) <= nonce:
                return nonces.get(nonce)
        return None
