"""Writes the address book of a finished deployment: deployments/<name>.json."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmo.core.chain import Chain
from dmo.deploy.artifacts import Artifact, digest, named_arguments
from dmo.deploy.compiler import standard_input
from dmo.deploy.journal import Journal
from dmo.deploy.plan import Plan
from dmo.home.deployment import save_book
from dmo.home.outputs import BookContract, DeploymentBook

__all__ = ["book_arguments", "project_commit", "write_book"]


def write_book(
    chain: Chain, plan: Plan, journal: Journal, path: Path, root: Path
) -> DeploymentBook:
    """Write the address book of a finished deployment.

    Args:
        chain: The chain.
        plan: What was deployed.
        journal: How it went; every step is done.
        path: The book's file.
        root: The project's folder.
    """
    contracts: dict[str, BookContract] = {}
    for step in plan.steps:
        if not step.creates:
            continue
        entry, artifact = journal.steps[step.key], plan.artifacts[step.contract]
        arguments = plan.arguments(step.contract, journal.origin or 0)
        if step.contract == "Lens":
            arguments["board"] = journal.steps["create/IdeaBoard"].address
        contracts[plan.book_name(step.contract)] = BookContract(
            address=entry.address,
            block=entry.block,
            tx=entry.tx,
            args=book_arguments(artifact, arguments),
            code_sha256=digest(chain.code(entry.address)),
            input_json=standard_input(root, {artifact.name: artifact.source}),
        )
    contracts.setdefault("BudgetToken", BookContract(address=plan.budget_token))
    if plan.votes_contract is None:
        contracts["VotesToken"] = BookContract(address=plan.votes_token)
    book = DeploymentBook(
        chain_id=journal.chain_id, commit=project_commit(root), contracts=contracts
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    save_book(path, book)
    return book


def book_arguments(artifact: Artifact, arguments: Mapping[str, object]) -> list[Any]:
    """Constructor arguments in order: integers as decimal strings, bytes in hex."""
    return [_json_ready(value) for value in named_arguments(artifact, arguments).values()]


def project_commit(root: Path) -> str:
    """The commit the sources are at, with ``+`` if they differ from it; ``unknown`` without git."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", "contracts", "interfaces")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+" if changed else commit


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", "-C", str(root), *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _json_ready(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    return [_json_ready(item) for item in value]
