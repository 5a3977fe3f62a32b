"""What is deployed: contracts.toml, the questions that arbitrators are asked, and where contracts land."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from dmo.core.abi.codec import checksum, keccak
from dmo.deploy.config import DeployConfig


def created_address(account: str, nonce: int) -> str:
    """Where a contract lands that the account creates with this nonce."""
    # RLP of [account, nonce]; a nonce below 128 is its own encoding, zero the empty string.
    digits = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    number = digits if 0 < nonce < 128 else bytes([128 + len(digits)]) + digits
    body = b"\x94" + bytes.fromhex(account[2:]) + number
    return checksum("0x" + keccak(bytes([192 + len(body)]) + body)[12:].hex())


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
    """Whether it is created when the origin is chosen, and lands where nobody can know before."""
    return bool(table()[contract].get("last"))
