"""Good inputs of every kind, to be spoilt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.spoiling import ANN, BEN, NO_NODE

ROOT = Path(__file__).resolve().parents[1]


def _contracts() -> dict[str, Any]:
    names = (
        "AccessManager",
        "HolderToken",
        "TimelockController",
        "HolderGovernor",
        "CampaignEscrow",
        "Jury",
        "IdeaBoard",
        "Lens",
    )
    source = {"language": "Solidity", "sources": {"a.sol": {"content": "x"}}, "settings": {"optimizer": {"runs": 200}}}
    made = {"tx": "0x" + "11" * 32, "args": [], "block": 5, "input_json": None}
    every = {name: {"address": f"0x{place:040d}", **made} for place, name in enumerate(names, 1)}
    choice = {"outputSelection": {"a.sol": {"IdeaBoard": ["abi"]}}, "evmVersion": "cancun", **source["settings"]}  # type: ignore[dict-item]
    every["IdeaBoard"]["input_json"] = {**source, "settings": choice}
    return every


BOOK = {"schema": "dmo.deployment/1", "chain_id": 31337, "commit": "0" * 40, "contracts": _contracts()}
BOOKS = {"books/t.json": json.dumps(BOOK).encode()}
AWAY = {"DMO_DEPLOYMENTS": "books", "DMO_RPC": NO_NODE}
KEYSTORE = {
    "address": ANN[2:].lower(),
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "11" * 16},
        "ciphertext": "22" * 32,
        "kdf": "pbkdf2",
        "kdfparams": {"c": 2, "dklen": 32, "prf": "hmac-sha256", "salt": "33" * 16},
        "mac": "44" * 32,
    },
    "id": "00000000-0000-4000-8000-000000000000",
    "version": 3,
}
SCRYPT = {"dklen": 32, "n": 2, "p": 1, "r": 8, "salt": "33" * 16}
BALLOT = {
    "voter": ANN,
    "round": 1,
    "at": 1_700_000_000,
    "in_favour": [1],
    "against": [2],
    "signature": "0x" + "ab" * 65,
}
BALLOT |= {"chain_id": 31337, "board": BEN}
SECRET = {"chain_id": 31337, "jury": ANN, "dispute": 1, "juror": BEN, "ruling": 1, "salt": "0x" + "11" * 32}
STEP = {
    "nonce": 0,
    "address": ANN,
    "digest": "0" * 64,
    "state": "done",
    "tx": "0x" + "11" * 32,
    "block": 2,
    "gas_used": 5,
}
JOURNAL = {
    **{"schema": "dmo.journal/1", "chain_id": 31337, "genesis": "0x" + "11" * 32, "deployer": ANN, "first_nonce": 0},
    **{
        "fingerprint": "0" * 64,
        "start_block": 1,
        "supply": "5",
        "origin": None,
        "finished": False,
        "steps": {"a": STEP},
    },
}
HOLDERS = "address,tokens\n" + "".join(f"0x{place:040x},{place * 100}\n" for place in range(1, 13))
_CHOICES = ("yes", "no", "veto", "abstain")
VOTES = "proposal,opened_at,voter,choice\n" + "".join(
    f"{number},2023-11-{10 + number}T09:15:23Z,0x{place:040x},{_CHOICES[(number + place) % 4]}\n"
    for number in range(1, 6)
    for place in range(1, 8)
)
REPORT = "address,choice,voting_power,timestamp,author_ipfs_hash,reason\n" + "".join(
    f'0x{place:040x},{1 + place % 3},{place}.5,{1_700_000_000 + place},bafk{place},"\'why, ""so"""\n'
    for place in range(1, 8)
)
DOCUMENTS = [path for path in sorted((ROOT / "examples").rglob("*.md")) if path.read_bytes().startswith(b"---")]
CONFIG = (ROOT / "config" / "local.toml").read_bytes()
CONFIG_HOLDERS = (ROOT / "config" / "local-holders.csv").read_bytes()
