"""A deployment from its config file to its address book, for whoever drives it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.files import plain
from dmo.deploy.artifacts import Artifact, digest, load_artifacts, named_arguments
from dmo.deploy.check import recompile
from dmo.deploy.compiler import standard_input
from dmo.deploy.config import VotesToken, load_config
from dmo.deploy.execute import Executor, Progress
from dmo.deploy.facts import read_facts
from dmo.deploy.journal import Journal
from dmo.deploy.plan import Plan, contracts_needed
from dmo.deploy.sender import DeploySender
from dmo.home.deployment import save_book
from dmo.home.outputs import BookContract, DeploymentBook


@dataclass(frozen=True)
class DeployRun:
    """One deployment, begun now or gone on with; its name is the config file's, without ending."""

    name: str
    chain: Chain
    plan: Plan
    journal: Journal
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
    ) -> DeployRun:
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
        journal = Journal.load(path)
        if journal is not None and (journal.chain_id, journal.genesis) != (facts.chain_id, facts.genesis):
            if facts.is_live:
                raise words.bad("deploy_other_chain", chain_id=journal.chain_id).at(str(path))
            journal = None
        if journal is not None:
            plan = Plan(config, facts.as_begun(journal.first_nonce, int(journal.supply)), code, file.parent)
            if journal.deployer != facts.deployer:
                who = {"deployer": journal.deployer, "account": facts.deployer}
                raise words.bad("deploy_other_account", None, **who).at(str(path))
            if journal.fingerprint != plan.fingerprint:
                raise words.bad("deploy_other_plan").at(str(path))
        else:
            plan = Plan(config, facts, code, file.parent)
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
        return cls(file.stem, chain, plan, journal, path, deployments / f"{file.stem}.json", root)

    @property
    def steps_done(self) -> int:
        """How many steps are done."""
        return sum(entry.state == "done" for entry in self.journal.steps.values())

    def require_fresh(self) -> None:
        """Compile anew, and refuse a build folder that is behind the sources with BadInput."""
        fresh, known = recompile(self.root, self.plan.config), self.plan.artifacts
        stale = [name for name in self.plan.contracts if fresh[name].creation != known[name].creation]
        if stale:
            raise words.bad("deploy_stale", names=", ".join(stale))

    def send(self, sender: DeploySender, *, confirmations: int = 1, progress: Progress | None = None) -> DeploymentBook:
        """Do what is not done, telling of every step, and write the address book.

        Raises:
            DmoError: A step failed; run again, or begin anew under another name if it says so.
        """
        plan, journal, path = self.plan, self.journal, self.journal_path
        Executor(self.chain, plan, journal, path, sender, confirmations).run(progress)
        book = self._book()
        save_book(self.book_path, book)
        journal.finished = True
        journal.save(path)
        return book

    def _book(self) -> DeploymentBook:
        plan, steps = self.plan, self.journal.steps
        contracts: dict[str, BookContract] = {}
        for name in plan.contracts:
            entry, artifact = steps[f"create/{name}"], plan.artifacts[name]
            arguments = plan.arguments(name, self.journal.origin or 0, self.journal.at("IdeaBoard"))
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


def _project_commit(root: Path) -> str:
    """The commit the sources are at, with ``+`` if they differ from it; ``unknown`` without git."""
    said = []
    for asked in ("rev-parse HEAD", "status --porcelain -- contracts interfaces"):
        command = ["git", "-C", str(root), *asked.split()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            return "unknown"
        said.append(done.stdout.strip())
    return f"{said[0]}+" if said[1] else said[0]


def _json_ready(value: Any) -> Any:
    """Integers as decimal text: JSON's numbers are too short for them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    return [_json_ready(item) for item in value] if isinstance(value, list) else plain(value)
