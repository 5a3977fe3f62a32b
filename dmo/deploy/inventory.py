"""What is deployed, as contracts.toml has it, and what arbitrators are asked."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from dmo.deploy.config import DeployConfig


def meta_evidence() -> bytes:
    """What an arbitrator is asked, as ERC-1497 has it; the terms carry its sha2-256 digest."""
    return (resources.files(__package__) / "meta-evidence.json").read_bytes()


def outcome_meta_evidence() -> bytes:
    """The same where a report of a goal is challenged."""
    return (resources.files(__package__) / "outcome-meta-evidence.json").read_bytes()


@cache
def table() -> dict[str, dict[str, Any]]:
    """contracts.toml: what is deployed, by name in this order."""
    return tomllib.loads((resources.files(__package__) / "contracts.toml").read_text("utf-8"))


def contracts_needed(config: DeployConfig) -> tuple[str, ...]:
    """The contracts of a deployment, in the order in which they are created."""
    asked = {config.token.kind, *(["mock"] if config.budget.mock else [])}
    asked |= {name for name, is_there in config.rooms if is_there}
    return tuple(name for name, it in table().items() if asked.issuperset(it.get("only", "").split()))


def is_last(contract: str) -> bool:
    """Whether it comes after the tokens, and nobody relies on its nonce."""
    return bool(table()[contract].get("last"))
