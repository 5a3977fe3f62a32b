"""A deployment from its config file to its address book; it can be killed at any moment and run again.

Before a step is sent, its nonce and address are in the journal. A nonce is used once, so a step that is sent again with
its own nonce cannot happen twice; one that was mined is recognised by what the transaction of this nonce carried.
"""

import fcntl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from dmo.core import words
from dmo.core.chain import Chain, Receipt
from dmo.core.errors import DmoError, NetworkError, NotMined
from dmo.core.files import plain
from dmo.deploy.artifacts import Artifact, digest, load_artifacts, named_arguments
from dmo.deploy.check import recompile
from dmo.deploy.compiler import standard_input
from dmo.deploy.config import VotesToken, load_config
from dmo.deploy.contracts import contracts_needed, created_address
from dmo.deploy.facts import deposited, lent, read_facts
from dmo.deploy.journal import Journal, JournalEntry
from dmo.deploy.plan import POOL_FILLED, DeployPlan, DeployStep
from dmo.deploy.rehearsal import rehearse
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import save_book
from dmo.home.outputs import BookContract, DeploymentBook

Progress = Callable[[int, int, DeployStep, JournalEntry, bool], None]
"""Told of each finished step: number, of how many, the step, its entry, whether it was sent now."""

_SAME = ("chain_id", "genesis", "deployer", "first_nonce", "fingerprint")
"""What of a journal says that it is of the same deployment."""
_PATIENCE, _LAG = 300, 10
"""How long to wait for a block, and for one whose nonce is counted already, in seconds."""


@dataclass(frozen=True)
class DeployRun:
    """One deployment, begun now or gone on with; its name is the config file's, without ending."""

    name: str
    chain: Chain
    plan: DeployPlan
    journal: Journal
    read: Journal | None  # what stood on the disk
    journal_path: Path  # deployments/<name>.journal.json
    book_path: Path  # deployments/<name>.json
    root: Path

    @classmethod
    def prepare(
        cls,
        chain: Chain,
        file: Path,
        deployer: str,
        root: Path,
        deployments: Path,
        artifacts: Mapping[str, Artifact] | None = None,
    ) -> Self:
        """Load the config, read the chain, and plan; nothing is sent.

        A journal in the folder of deployments is gone on with; that of a local chain which no longer exists is set
        aside. The contracts are those of root/build unless given.

        Raises:
            BadInput: Something does not fit, or the journal is of another chain, account, config or code.
            WrongChain: The node serves another chain than the config names.
        """
        config = load_config(file)
        facts = read_facts(chain, config, deployer)
        code = load_artifacts(root / "build", contracts_needed(config)) if artifacts is None else artifacts
        path = deployments / f"{file.stem}.journal.json"
        read = Journal.load(path)
        journal = read.model_copy(deep=True) if read else None
        if journal is not None and (journal.chain_id, journal.genesis) != (facts.chain_id, facts.genesis):
            if facts.is_live:
                raise words.bad("deploy_other_chain", chain_id=journal.chain_id).at(str(path))
            journal = None
        if journal is not None:
            plan = DeployPlan(config, facts.as_begun(journal.first_nonce, int(journal.supply)), code, file.parent)
            if journal.deployer != facts.deployer:
                who = {"deployer": journal.deployer, "account": facts.deployer}
                raise words.bad("deploy_other_account", None, **who).at(str(path))
            if journal.fingerprint != plan.fingerprint:
                raise words.bad("deploy_other_plan").at(str(path))
        else:
            plan = DeployPlan(config, facts, code, file.parent)
            plan.choose_origin(facts.now)  # too early now is too early later
            for account, delegatee in lent(chain, config, plan.excluded).items():
                raise words.bad("deploy_lent", "token.excluded", account=account, delegatee=delegatee)
            held = chain.call("ERC20", plan.budget_token, "balanceOf", deployer) if plan.pool else 0
            if held < plan.pool:
                raise words.bad("deploy_pool", "budget.pool", held=held, asked=plan.pool)
            journal = Journal(
                chain_id=facts.chain_id,
                genesis=facts.genesis,
                deployer=facts.deployer,
                first_nonce=plan.first_nonce,
                fingerprint=plan.fingerprint,
                start_block=facts.block,
                supply=str(facts.votes.supply),
            )
        return cls(file.stem, chain, plan, journal, read, path, deployments / f"{file.stem}.json", root)

    @property
    def steps_done(self) -> int:
        """How many steps are done."""
        return sum(entry.state == "done" for entry in self.journal.steps.values())

    @property
    def fee_taken(self) -> str:
        """What the budget token kept of the pool's money, in words; empty where it kept nothing."""
        step = self.journal.steps.get(POOL_FILLED)
        at = self.plan.at("CampaignEscrow")
        return self.plan.fee_taken(deposited(self.chain, at, step.tx)) if step else ""

    def require_fresh(self) -> None:
        """Compile anew, and refuse a build folder that is behind the sources with BadInput."""
        fresh, known = recompile(self.root, self.plan.config), self.plan.artifacts
        stale = [name for name in self.plan.contracts if fresh[name].creation != known[name].creation]
        if stale:
            raise words.bad("deploy_stale", names=", ".join(stale))

    def rehearse(self) -> None:
        """Try the whole deployment, and a life after it, on a private chain. Raises CheckFailed: it would not do."""
        if fault := rehearse(self.plan, self.root, self.journal.origin).fault:
            raise fault

    def send(
        self,
        sender: UnlockedSender,
        *,
        confirmations: int = 1,
        progress: Progress | None = None,
        is_rehearsed: bool = False,
    ) -> DeploymentBook:
        """Do what is not done, telling of every step, and write the address book; an error says how to go on.

        Before the first step it is rehearsed, unless it was. One run at a time.
        """
        with _alone(self.journal_path.with_suffix("").with_suffix(".lock")):
            self._read_again()
            if not self.journal.steps and not is_rehearsed:
                self.rehearse()
            Executor(self, sender, confirmations).run(progress)
            book = self._book()
            save_book(self.book_path, book)
            self.journal.finished = True
            self.journal.save(self.journal_path)
        return book

    def _read_again(self) -> None:
        """Take what another run has done since this one read the journal."""
        now, own = Journal.load(self.journal_path), self.journal
        if now == self.read:
            return
        if now is None or any(getattr(now, key) != getattr(own, key) for key in _SAME):
            raise words.bad("deploy_meanwhile").at(str(self.journal_path))
        own.__dict__.update(now.__dict__)

    def _book(self) -> DeploymentBook:
        plan, steps = self.plan, self.journal.steps
        contracts: dict[str, BookContract] = {}
        for name in plan.contracts:
            entry, artifact = steps[f"create/{name}"], plan.artifacts[name]
            arguments = plan.arguments(name, self.journal.origin or 0, self.journal.places)
            contracts[plan.book_name(name)] = BookContract(
                address=entry.address,
                block=entry.block,
                tx=entry.tx,
                args=[_json_ready(one) for one in named_arguments(artifact, arguments).values()],
                code_sha256=digest(self.chain.code(entry.address)),
                input_json=standard_input(self.root, {artifact.name: artifact.source}),
            )
        contracts.setdefault("BudgetToken", BookContract(address=plan.budget_token))
        if isinstance(plan.config.token, VotesToken):
            contracts["VotesToken"] = BookContract(address=plan.votes_token)
        chain_id, commit = self.journal.chain_id, _project_commit(self.root)
        return DeploymentBook(chain_id=chain_id, commit=commit, contracts=contracts)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a deployment's lock, which goes with the process. Raises BadInput: another run holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise words.bad("deploy_running").at(str(path)) from None
        yield


class Executor:
    """Sends what is not done yet, each step once the last has so many confirmations (blocks)."""

    def __init__(self, run: DeployRun, sender: UnlockedSender, confirmations: int) -> None:
        self.chain, self.plan, self.journal, self.path = run.chain, run.plan, run.journal, run.journal_path
        self.sender, self.confirmations = sender, confirmations
        self.account = run.plan.facts.deployer
        if self.sender.address != self.account:
            raise words.bad("deploy_not_deployer", account=self.sender.address, deployer=self.account)

    def run(self, progress: Progress | None = None) -> None:
        """Do every step that is not done; raises what ``send`` does."""
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

    def _do(self, index: int, step: DeployStep) -> JournalEntry:
        entry = self._begun(step)
        if entry is not None and entry.state == "done":
            return entry
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

    def _begun(self, step: DeployStep) -> JournalEntry | None:
        """What an earlier run wrote down before it sent the step, if that still holds."""
        entry = self.journal.steps.get(step.key)
        if entry is None or entry.state != "sending":
            return None
        if max(self._nonce(), self._nonce(pending=True)) > entry.nonce:
            # A transaction with this nonce is mined, or waits in the node.
            return entry if self._finish(step, entry, self._mined(entry)) else None
        if step.contract == "IdeaBoard" and (self.journal.origin or 0) <= self.chain.now():
            self._forget(step)  # its origin is past
            return None
        return entry

    def _planned(self, index: int, step: DeployStep, carried: str) -> JournalEntry:
        """A step with its nonce, as it is written down before it is sent."""
        nonce, wanted = self._nonce(), self.plan.first_nonce + index
        if step.pinned and nonce != wanted:
            raise _stopped("nonce_gone", account=self.account, contract=step.contract, wanted=wanted, nonce=nonce)
        to = self.plan.target(step) or created_address(self.account, nonce)
        return JournalEntry(nonce=nonce, address=to, digest=carried)

    def _payload(self, step: DeployStep) -> bytes:
        if step.key in ("create/Reputation", "create/IdeaBoard") and step.key not in self.journal.steps:
            # What is decided now is in the journal before it is sent; for the board the tokens are out.
            self.journal.origin = self.plan.choose_origin(self.chain.now(), self.journal.origin)
        return self.plan.payload(step, self.journal.origin or 0, self.journal.places)

    def _finish(self, step: DeployStep, entry: JournalEntry, receipt: Receipt) -> bool:
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

    def _forget(self, step: DeployStep) -> None:
        """Leave a step to be planned anew."""
        self.journal.steps.pop(step.key, None)
        self.journal.save(self.path)

    def _write(self, step: DeployStep, entry: JournalEntry) -> None:
        self.journal.steps[step.key] = entry
        self.journal.save(self.path)

    def _nonce(self, *, pending: bool = False) -> int:
        return self.chain.nonce(self.account, pending=pending)

    def _mined(self, entry: JournalEntry) -> Receipt:
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

    def _receipt(self, entry: JournalEntry) -> Receipt | None:
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


def _stopped(name: str, kind: type[DmoError] = DmoError, /, **values: Any) -> DmoError:
    return words.stopped(kind, f"deploy_{name}", **values)


def _project_commit(root: Path) -> str:
    """The commit the sources are at, with ``+`` if they differ from it; ``unknown`` without git."""

    def git(asked: str) -> str:
        command = ["git", "-C", str(root), *asked.split()]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603

    try:
        return git("rev-parse HEAD") + ("+" if git("status --porcelain -- contracts interfaces") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _json_ready(value: Any) -> Any:
    """Integers as decimal text: JSON's numbers are too short for them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    return [_json_ready(item) for item in value] if isinstance(value, list) else plain(value)
