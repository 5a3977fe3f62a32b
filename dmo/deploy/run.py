"""A deployment from its config file to its address book, for whoever drives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dmo.core.chain import Chain
from dmo.core.errors import BadInput
from dmo.deploy.artifacts import Artifact, load_artifacts
from dmo.deploy.book import write_book
from dmo.deploy.check import recompile
from dmo.deploy.config import load_config
from dmo.deploy.execute import Executor, Progress, open_journal
from dmo.deploy.facts import read_facts
from dmo.deploy.journal import Journal
from dmo.deploy.plan import Plan, contracts_needed
from dmo.deploy.sender import DeploySender
from dmo.home.outputs import DeploymentBook

__all__ = ["DeployRun"]


@dataclass(frozen=True)
class DeployRun:
    """One deployment, begun now or gone on with.

    Attributes:
        name: Its name: the config file's without ending.
        chain: The chain.
        plan: What is to be done.
        journal: What has been done.
        folder: Of journals and address books.
        root: The project's folder.
    """

    name: str
    chain: Chain
    plan: Plan
    journal: Journal
    folder: Path
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
    ) -> DeployRun:
        """Load, read the chain, and plan; nothing is sent.

        Args:
            chain: The chain.
            file: The config file.
            deployer: Who will send.
            root: The project's folder, compiled.
            deployments: The folder of journals and address books.
            artifacts: The contracts; from root/build unless given.

        Raises:
            BadInput: Something does not fit.
            WrongChain: The node serves another chain than the config names.
        """
        config = load_config(file)
        facts = read_facts(chain, config, deployer)
        if artifacts is None:
            artifacts = load_artifacts(root / "build", contracts_needed(config))

        def plan_of(begun: Journal | None) -> Plan:
            known = facts if begun is None else facts.as_begun(begun.first_nonce, int(begun.supply))
            return Plan(config, known, artifacts, file.parent)

        plan, journal = open_journal(deployments / f"{file.stem}.journal.json", plan_of)
        return cls(file.stem, chain, plan, journal, deployments, root)

    @property
    def journal_path(self) -> Path:
        """deployments/<name>.journal.json."""
        return self.folder / f"{self.name}.journal.json"

    @property
    def book_path(self) -> Path:
        """deployments/<name>.json."""
        return self.folder / f"{self.name}.json"

    @property
    def steps_done(self) -> int:
        """How many steps are done."""
        return sum(entry.state == "done" for entry in self.journal.steps.values())

    def require_fresh(self) -> None:
        """Compile anew, and refuse code that is not what the sources say.

        Raises:
            BadInput: The build folder is behind the sources.
        """
        fresh, known = recompile(self.root, self.plan.config), self.plan.artifacts
        names = self.plan.contracts
        stale = [name for name in names if fresh[name].creation != known[name].creation]
        if stale:
            raise BadInput(
                f"build/ is behind the sources of {', '.join(stale)}",
                expected="`./brownie compile --all` first",
            )

    def send(
        self, sender: DeploySender, *, confirmations: int = 1, progress: Progress | None = None
    ) -> DeploymentBook:
        """Do what is not done, and write the address book.

        Args:
            sender: Who sends.
            confirmations: Blocks to wait for.
            progress: Told of every step.

        Raises:
            DmoError: A step failed; run again, or begin anew under another name if it says so.
        """
        plan, journal, path = self.plan, self.journal, self.journal_path
        Executor(self.chain, plan, journal, path, sender, confirmations=confirmations).run(progress)
        book = write_book(self.chain, plan, journal, self.book_path, self.root)
        journal.finished = True
        journal.save(path)
        return book
