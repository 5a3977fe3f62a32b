"""Writes the address book of a finished deployment: deployments/<name>.json."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from dmo.core.chain import Chain
from dmo.deploy.artifacts import digest, named_arguments
from dmo.deploy.compiler import standard_input
from dmo.deploy.journal import Journal
from dmo.deploy.plan import Plan
from dmo.home.deployment import save_book
from dmo.home.outputs import BookContract, DeploymentBook

__all__ = ["project_commit", "write_book"]


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
    board = journal.steps["create/IdeaBoard"].address
    for name in plan.contracts:
        entry, artifact = journal.steps[f"create/{name}"], plan.artifacts[name]
        arguments = plan.arguments(name, journal.origin or 0, board)
        contracts[plan.book_name(name)] = BookContract(
            address=entry.address,
            block=entry.block,
            tx=entry.tx,
            args=[_json_ready(one) for one in named_arguments(artifact, arguments).values()],
            code_sha256=digest(chain.code(entry.address)),
            input_json=standard_input(root, {artifact.name: artifact.source}),
        )
    contracts.setdefault("BudgetToken", BookContract(address=plan.budget_token))
    if not plan.votes_contract:
        contracts["VotesToken"] = BookContract(address=plan.votes_token)
    commit = project_commit(root)
    book = DeploymentBook(chain_id=journal.chain_id, commit=commit, contracts=contracts)
    save_book(path, book)
    return book


def project_commit(root: Path) -> str:
    """The commit the sources are at, with ``+`` if they differ from it; ``unknown`` without git."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", "contracts", "interfaces")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+" if changed else commit


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed
    return done.stdout.strip()


def _json_ready(value: Any) -> Any:
    """Integers as decimal text: JSON's numbers are too short for them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {key: _json_ready(item) for key, item in value.items()}
    return [_json_ready(item) for item in value] if isinstance(value, list) else value
