"""The compiler, asked the same question as Brownie asks it, with nothing cached.

`check` compares the chain with what comes out of the sources as they lie here; the same input goes
into the address book, so that any explorer can verify the source.
"""

import json
import os
import posixpath
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dmo.core import words
from dmo.deploy.artifacts import Artifact

_IMPORT = re.compile(r"""^\s*import\b[^;"']*["']([^"']+)["']\s*;""", re.MULTILINE)
_OUTPUT = ["abi", "evm.bytecode.object", "evm.deployedBytecode"]


def standard_input(root: Path, contracts: Mapping[str, str]) -> dict[str, Any]:
    """The standard-JSON compiler input of contracts, by path of source, with all they import."""
    asked = _settings(root)
    solc, remappings = asked["solc"], list(asked["solc"].get("remappings", ()))
    contents: dict[str, dict[str, str]] = {}
    waiting = list(contracts.values())
    while waiting:
        path = waiting.pop()
        if path in contents:
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except OSError as error:
            raise words.bad("deploy_no_source", path=path).at(path) from error
        contents[path] = {"content": text}
        waiting += [_resolve(path, name, remappings) for name in _IMPORT.findall(text)]
    return {
        "language": "Solidity",
        "sources": dict(sorted(contents.items())),
        "settings": {
            "evmVersion": asked["evm_version"],
            "optimizer": solc["optimizer"],
            "outputSelection": {
                source: {name: _OUTPUT for name, at in contracts.items() if at == source}
                for source in contracts.values()
            },
            "remappings": remappings,
            "viaIR": solc.get("viaIR", False),
        },
    }


def compile_contracts(root: Path, contracts: Mapping[str, str]) -> dict[str, Artifact]:
    """Compile contracts anew; BadInput if the compiler is missing or a source does not compile."""
    answer = _ask(root, standard_input(root, contracts))
    errors = [e["formattedMessage"] for e in answer.get("errors", ()) if e["severity"] == "error"]
    if errors:
        raise words.bad("deploy_uncompiled", why=errors[0])
    artifacts = {}
    for name, source in contracts.items():
        made = answer["contracts"][source][name]
        deployed = made["evm"]["deployedBytecode"]
        places = [at for each in deployed.get("immutableReferences", {}).values() for at in each]
        immutables = tuple((at["start"], at["length"]) for at in places)
        creation, runtime = (bytes.fromhex(it["object"]) for it in (made["evm"]["bytecode"], deployed))
        artifacts[name] = Artifact(name, source, made["abi"], creation, runtime, immutables)
    return artifacts


def _settings(root: Path) -> Any:
    return yaml.safe_load((root / "brownie-config.yaml").read_text(encoding="utf-8"))["compiler"]


def _resolve(importer: str, name: str, remappings: list[str]) -> str:
    if name.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
    for prefix, _, target in (entry.partition("=") for entry in remappings):
        if name.startswith(prefix):
            return target + name[len(prefix) :]
    return name


def _ask(root: Path, question: Mapping[str, Any]) -> Any:
    folder = Path(os.environ.get("SOLCX_BINARY_PATH", root / "tools" / "solc"))
    solc = folder / f"solc-v{_settings(root)['solc']['version']}"
    command, asked = [str(solc), "--standard-json"], json.dumps(question)
    try:
        done = subprocess.run(  # noqa: S603 - the project's own locked compiler
            command, input=asked, capture_output=True, text=True, check=True, cwd=root
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise words.bad("deploy_no_compiler", compiler=solc.name) from error
    return json.loads(done.stdout)
