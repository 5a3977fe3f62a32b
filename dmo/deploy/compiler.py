"""The compiler, asked the same question as Brownie asks it, with nothing cached.

`check` compares the chain with what comes out of the sources as they lie here; the same input goes
into the address book, so that any explorer can verify the source.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from dmo.core.errors import BadInput, CheckFailed
from dmo.deploy.artifacts import Artifact

__all__ = ["compile_contracts", "standard_input"]

_IMPORT = re.compile(r"""^\s*import\b[^;"']*["']([^"']+)["']\s*;""", re.MULTILINE)
_OUTPUT = ["abi", "evm.bytecode.object", "evm.deployedBytecode"]


def standard_input(root: Path, contracts: Mapping[str, str]) -> dict[str, Any]:
    """The standard-JSON compiler input of these contracts, with all that they import.

    Args:
        root: The project's folder.
        contracts: Paths of sources, such as contracts/ideas/IdeaBoard.sol, by contract.

    Raises:
        BadInput: A source is missing.
    """
    settings = _settings(root)
    remappings = [tuple(entry.split("=", 1)) for entry in settings["remappings"]]
    contents: dict[str, dict[str, str]] = {}
    waiting = list(contracts.values())
    while waiting:
        path = waiting.pop()
        if path in contents:
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except OSError as error:
            raise BadInput(f"the source {path} cannot be read", file=path) from error
        contents[path] = {"content": text}
        waiting += [_resolve(path, name, remappings) for name in _IMPORT.findall(text)]
    return {
        "language": "Solidity",
        "sources": dict(sorted(contents.items())),
        "settings": {
            "evmVersion": settings["evm_version"],
            "optimizer": settings["optimizer"],
            "outputSelection": {
                source: {name: _OUTPUT for name, at in contracts.items() if at == source}
                for source in contracts.values()
            },
            "remappings": settings["remappings"],
        },
    }


def compile_contracts(root: Path, contracts: Mapping[str, str]) -> dict[str, Artifact]:
    """Compile contracts anew.

    Args:
        root: The project's folder.
        contracts: Path of the source by the contract's name.

    Raises:
        BadInput: The compiler is missing or a source does not compile.
    """
    question = standard_input(root, contracts)
    answer = _ask(root, question)
    errors = [e["formattedMessage"] for e in answer.get("errors", ()) if e["severity"] == "error"]
    if errors:
        raise BadInput(f"the sources do not compile: {errors[0]}")
    artifacts = {}
    for name, source in contracts.items():
        try:
            made = answer["contracts"][source][name]
        except KeyError as error:
            raise CheckFailed(f"{source} holds no contract {name}") from error
        deployed = made["evm"]["deployedBytecode"]
        artifacts[name] = Artifact(
            name=name,
            source=source,
            abi=made["abi"],
            creation=bytes.fromhex(made["evm"]["bytecode"]["object"]),
            runtime=bytes.fromhex(deployed["object"]),
            immutables=tuple(
                (place["start"], place["length"])
                for places in deployed.get("immutableReferences", {}).values()
                for place in places
            ),
        )
    return artifacts


def _settings(root: Path) -> dict[str, Any]:
    config = yaml.safe_load((root / "brownie-config.yaml").read_text(encoding="utf-8"))
    solc = config["compiler"]["solc"]
    return {
        "version": solc["version"],
        "evm_version": config["compiler"]["evm_version"],
        "optimizer": solc["optimizer"],
        "remappings": list(solc.get("remappings", ())),
    }


def _resolve(importer: str, name: str, remappings: list[tuple[str, ...]]) -> str:
    if name.startswith("."):
        parts: list[str] = []
        for part in (PurePosixPath(importer).parent / name).parts:
            if part == "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/".join(parts)
    for prefix, target in remappings:
        if name.startswith(prefix):
            return target + name[len(prefix) :]
    return name


def _ask(root: Path, question: Mapping[str, Any]) -> Any:
    folder = Path(os.environ.get("SOLCX_BINARY_PATH", root / "tools" / "solc"))
    solc = folder / f"solc-v{_settings(root)['version']}"
    try:
        done = subprocess.run(  # noqa: S603 - the project's own locked compiler
            [str(solc), "--standard-json"],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise BadInput(
            f"the compiler {solc.name} does not run", expected="`make setup` first"
        ) from error
    return json.loads(done.stdout)
