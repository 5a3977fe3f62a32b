"""The project's contracts where the package is installed: code and sources that its wheel carries.

``contracts.json`` is written by tools/release.py. In a clone there is none, and the build folder serves.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.clone import clone
from dmo.deploy.artifacts import Artifact, load_artifacts
from dmo.deploy.compiler import standard_input

FILE = "contracts.json"
_HOLE = b"\x7f" + bytes(32)


def pack(root: Path, names: Iterable[str]) -> str:
    """What a wheel carries of these contracts, the same text each time; from a clone's folder, compiled."""
    sources: dict[str, str] = {}
    contracts = {}
    for name, one in load_artifacts(root / "build", names).items():
        asked = standard_input(root, {name: one.source})
        sources |= {path: it["content"] for path, it in asked["sources"].items()}
        made = [item for item in one.abi if item["type"] == "constructor"]
        code: dict[str, Any] = {
            "source": one.source,
            "abi": made,
            "creation": one.creation.hex(),
            "runtime": one.runtime.hex(),
        }
        contracts[name] = code | {"input": {**asked, "sources": sorted(asked["sources"])}}
    return json.dumps({"sources": sources, "contracts": contracts}, sort_keys=True) + "\n"


@lru_cache(maxsize=1)
def _packed() -> dict[str, Any] | None:
    file = resources.files(__package__) / FILE
    if not file.is_file():
        return None
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return content


def artifacts(names: Iterable[str]) -> dict[str, Artifact]:
    """Contracts as this release, or this clone, has them. Raises BadInput: one is not there."""
    if (root := clone()) is not None:
        return load_artifacts(root / "build", names)
    known = (_packed() or {}).get("contracts", {})
    found = {}
    for name in names:
        if name not in known:
            raise words.bad("no_contracts_here", contract=name)
        creation, runtime = (bytes.fromhex(known[name][key]) for key in ("creation", "runtime"))
        found[name] = Artifact(name, known[name]["source"], known[name]["abi"], creation, runtime)
    return found


def compiler_input_of(contract: str) -> dict[str, Any] | None:
    """What the compiler was asked for a contract; nothing where it is not carried."""
    packed = _packed()
    if packed is None or contract not in packed["contracts"]:
        return None
    asked: dict[str, Any] = packed["contracts"][contract]["input"]
    return {**asked, "sources": {path: {"content": packed["sources"][path]} for path in asked["sources"]}}


def is_code_of(artifact: Artifact, code: bytes) -> bool:
    """Whether a chain's code is this contract's, whatever its immutables say."""
    wanted = artifact.runtime
    if len(code) != len(wanted):
        return False
    masked, at = bytearray(code), 0
    while at < len(wanted):
        # Immutables are 32 zero bytes that are pushed; what is pushed is no instruction.
        if wanted[at : at + len(_HOLE)] == _HOLE:
            masked[at + 1 : at + len(_HOLE)] = bytes(32)
        at += 1 + (wanted[at] - 0x5F if 0x60 <= wanted[at] <= 0x7F else 0)
    return bytes(masked) == wanted
