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
from dmo.core.errors import BadInput, DmoError, NetworkError, NotMined
from dmo.deploy.artifacts import digest
from dmo.deploy.journal import Entry, Journal
from dmo.deploy.plan import SETUP, Plan, Step, created_address
from dmo.deploy.sender import DeploySender

__all__ = ["Executor", "Progress", "open_journal"]

Progress = Callable[[int, int, Step, Entry, bool], None]
"""Told of each finished step: number, of how many, the step, its entry, whether it was sent now."""


@dataclass(frozen=True)
class _Sent:
    """What a step sends: a creation, or a call."""

    address: str
    data: bytes


def open_journal(path: Path, plan_of: Callable[[Journal | None], Plan]) -> tuple[Plan, Journal]:
    """Begin a journal, or go on with the one that is there.

    A journal of a local chain that no longer exists is set aside.

    Args:
        path: The journal's file.
        plan_of: Makes the plan, given the journal if there is one.

    Raises:
        BadInput: The journal is of another chain, account, config or code.
    """
    journal = Journal.load(path)
    if journal is not None:
        plan = plan_of(journal)
        facts = plan.facts
        if (journal.chain_id, journal.genesis) != (facts.chain_id, facts.genesis):
            if facts.is_live:
                raise BadInput(
                    f"was begun on another chain (id {journal.chain_id})",
                    expected="the chain it was begun on, or another name for this deployment",
                    file=str(path),
                )
            journal = None
        elif journal.deployer != facts.deployer:
            raise BadInput(
                f"was begun by {journal.deployer}",
                expected=f"that account instead of {facts.deployer}",
                file=str(path),
            )
        elif journal.fingerprint != plan.fingerprint:
            raise BadInput(
                "was begun with another config, holders' list or code",
                expected="what it was begun with; to begin anew, use another name",
                file=str(path),
            )
        else:
            return plan, journal
    plan = plan_of(None)
    facts = plan.facts
    plan.choose_origin(facts.now)  # too early now is too early later
    journal = Journal(
        chain_id=facts.chain_id,
        genesis=facts.genesis,
        deployer=facts.deployer,
        first_nonce=plan.first_nonce,
        fingerprint=plan.fingerprint,
        start_block=facts.block,
        supply=str(facts.votes.supply),
    )
    return plan, journal


class Executor:
    """Sends what is not done yet.

    Args:
        chain: The chain.
        plan: What to do.
        journal: What has been done.
        path: The journal's file.
        sender: Who sends.
        confirmations: Blocks that have to lie on top of a step before the next is sent.
        patience: How long to wait for a block, in seconds.
    """

    def __init__(
        self,
        chain: Chain,
        plan: Plan,
        journal: Journal,
        path: Path,
        sender: DeploySender,
        *,
        confirmations: int = 0,
        patience: float = 300,
    ) -> None:
        if sender.address != plan.facts.deployer:
            raise BadInput(f"{sender.address} is not the deployer {plan.facts.deployer}")
        self._chain = chain
        self._plan = plan
        self._journal = journal
        self._path = path
        self._sender = sender
        self._confirmations = confirmations
        self._patience = patience

    @property
    def addresses(self) -> dict[str, str]:
        """Where the contracts are that have been created."""
        return {
            step.contract: self._journal.steps[step.key].address
            for step in self._plan.steps
            if step.creates and step.key in self._journal.steps
        }

    def run(self, progress: Progress | None = None) -> None:
        """Do every step that is not done.

        Raises:
            DmoError: A step failed, or somebody else used the account.
            NetworkError: The node did not do its part; run again.
        """
        steps = self._plan.steps
        for number, step in enumerate(steps, 1):
            entry = self._journal.steps.get(step.key)
            sent_now = entry is None or entry.state != "done"
            if entry is None or sent_now:
                entry = self._do(number - 1, step)
            elif step.creates and not self._chain.code(entry.address):
                raise DmoError(
                    f"{step.contract} was created at {entry.address}, and nothing is there now.",
                    hint="The chain may have been reorganised; begin again under another name.",
                )
            if progress is not None:
                progress(number, len(steps), step, entry, sent_now)

    # ── one step ────────────────────────────────────────────────────────────────────────────────

    def _do(self, index: int, step: Step) -> Entry:
        entry = self._journal.steps.get(step.key)
        if entry is not None and entry.state == "sending":
            if self._is_under_way(entry):
                mined = self._mined(entry)
                if self._finish(step, entry, mined):
                    return entry
                entry = None
            elif step.contract == "IdeaBoard" and (self._journal.origin or 0) <= self._chain.now():
                self._forget(step)
                entry = None
        else:
            entry = None
        sent = self._payload(step)
        if entry is None:
            nonce = self._chain.nonce(self._address, pending=False)
            if step.pinned and nonce != self._plan.first_nonce + index:
                raise DmoError(
                    f"The account {self._address} has sent something else meanwhile:"
                    f" {step.contract} needs its nonce {self._plan.first_nonce + index},"
                    f" the next is {nonce}.",
                    hint="Begin again under another name, with an account that does nothing else.",
                )
            address = created_address(self._address, nonce) if step.creates else sent.address
            entry = Entry(nonce=nonce, address=address, digest=digest(sent.data))
            self._write(step, entry)
        elif entry.digest != digest(sent.data):
            raise DmoError(f"{step.title}: what would be sent is not what was written down.")
        entry.tx = self._send(step, sent, entry.nonce)
        self._write(step, entry)
        if not self._finish(step, entry, self._mined(entry)):
            raise DmoError(
                f"{step.title}: the transaction {entry.tx} was refused by the chain.",
                hint="Run again to try it once more.",
            )
        return entry

    def _payload(self, step: Step) -> _Sent:
        plan = self._plan
        if step.creates:
            if step.contract == "IdeaBoard" and self._journal.origin is None:
                # The tokens are out; what is decided now is in the journal before it is sent.
                self._journal.origin = plan.choose_origin(self._chain.now())
            origin = self._journal.origin or 0
            board = self.addresses.get("IdeaBoard")
            return _Sent("", plan.creation(step.contract, origin, board))
        if step.key == SETUP:
            data = plan.setup_call(self.addresses["IdeaBoard"])
        else:
            data = plan.batch_call(int(step.key.rpartition("/")[2]))
        return _Sent(self.addresses[step.contract], data)

    def _send(self, step: Step, sent: _Sent, nonce: int) -> str:
        try:
            return self._sender.send(None if step.creates else sent.address, sent.data, nonce)
        except DmoError as error:
            error.message = f"{step.title}: {error.message}"
            raise

    def _finish(self, step: Step, entry: Entry, receipt: Receipt) -> bool:
        """Note what became of a mined transaction; whether it did what it should."""
        entry.tx, entry.block, entry.gas_used = receipt.hash, receipt.block, receipt.gas_used
        if receipt.is_ok:
            if step.creates and not self._chain.code(entry.address):
                raise DmoError(
                    f"{step.contract} was created, and there is no code at {entry.address}."
                )
            entry.state = "done"
            self._write(step, entry)
            return True
        entry.state = "failed"
        if step.pinned:
            # The nonce is used up, and with it the address that other contracts rely on.
            self._write(step, entry)
            raise DmoError(
                f"{step.contract} could not be created (transaction {entry.tx}), and others rely on"
                " the address it was to have.",
                hint="Begin again under another name.",
            )
        self._forget(step)
        return False

    def _forget(self, step: Step) -> None:
        """Leave a step to be planned anew."""
        self._journal.steps.pop(step.key, None)
        if step.contract == "IdeaBoard":
            self._journal.origin = None
        self._journal.save(self._path)

    # ── what the chain knows ────────────────────────────────────────────────────────────────────

    @property
    def _address(self) -> str:
        return self._plan.facts.deployer

    def _is_under_way(self, entry: Entry) -> bool:
        """Whether a transaction with this nonce is mined or waits in the node."""
        return any(
            self._chain.nonce(self._address, pending=pending) > entry.nonce
            for pending in (False, True)
        )

    def _mined(self, entry: Entry) -> Receipt:
        """Wait until the nonce is used, and find the receipt of what used it."""
        deadline, pause = time.monotonic() + self._patience, 0.01
        lost = time.monotonic() + min(self._patience, 10)
        while True:
            try:
                receipt = self._receipt(entry)
            except NetworkError:
                # A node may count the nonce a moment before it shows the block.
                if time.monotonic() > lost:
                    raise
                receipt = None
            if receipt is not None and self._is_deep(receipt.block):
                return receipt
            if time.monotonic() > deadline:
                if self._chain.nonce(self._address, pending=False) > entry.nonce:
                    raise NetworkError(
                        f"The transaction with nonce {entry.nonce} was mined and cannot be found.",
                        hint="Use a node that keeps the blocks since the deployment began.",
                    )
                raise NotMined(entry.tx or f"with nonce {entry.nonce}", self._patience)
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _is_deep(self, block: int) -> bool:
        wanted = self._confirmations
        return wanted < 2 or self._chain.block().number - block + 1 >= wanted

    def _receipt(self, entry: Entry) -> Receipt | None:
        receipt = self._chain.receipt(entry.tx) if entry.tx is not None else None
        if receipt is not None:
            return receipt
        if self._chain.nonce(self._address, pending=False) <= entry.nonce:
            return None
        # Mined under another hash, or killed before the hash was written down.
        found = self._transaction(entry.nonce)
        if found is None:  # a node may count a transaction a moment before it shows it
            return None
        if digest(bytes.fromhex(found["input"][2:])) != entry.digest:
            raise DmoError(
                f"The account {self._address} used nonce {entry.nonce} for something else"
                f" ({found['hash']}).",
                hint="Begin again under another name, with an account that does nothing else.",
            )
        return self._chain.receipt(found["hash"])

    def _transaction(self, nonce: int) -> Any:
        """The mined transaction with this nonce: blocks are searched from the newest down."""
        own = self._address.lower()
        for number in range(self._chain.block().number, self._journal.start_block, -1):
            block = self._chain.transport.request("eth_getBlockByNumber", [hex(number), True])
            nonces = {
                int(tx["nonce"], 16): tx
                for tx in block["transactions"]
                if tx["from"].lower() == own
            }
            if nonce in nonces:
                return nonces[nonce]
            if nonces and min(nonces) < nonce:
                return None
        return None

    def _write(self, step: Step, entry: Entry) -> None:
        self._journal.steps[step.key] = entry
        self._journal.save(self._path)
