"""What is deployed: ABI and code of a contract, and the encoding of its constructor's arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from dmo.core.abi.codec import encode
from dmo.core.errors import BadInput

__all__ = [
    "Artifact",
    "Refs",
    "creation_input",
    "digest",
    "load_artifacts",
    "named_arguments",
    "pick_artifact",
]

Refs = tuple[tuple[int, int], ...]
"""Places of immutables in the runtime code: (start, length), in bytes."""


@dataclass(frozen=True)
class Artifact:
    """A compiled contract.

    Attributes:
        name: The contract's name.
        source: The path of its source, from the project's root.
        abi: Its ABI.
        creation: Its creation code, without arguments.
        runtime: Its runtime code, with zeros where immutables go.
        immutables: Where immutables go; empty where the compiler's answer was not kept.
    """

    name: str
    source: str
    abi: list[dict[str, Any]]
    creation: bytes
    runtime: bytes
    immutables: Refs = ()

    @property
    def constructor_inputs(self) -> list[dict[str, Any]]:
        """The constructor's parameters."""
        for entry in self.abi:
            if entry["type"] == "constructor":
                return list(entry["inputs"])
        return []


def load_artifacts(build: Path, names: Iterable[str]) -> dict[str, Artifact]:
    """Load contracts from Brownie's build folder.

    Raises:
        BadInput: A contract was not compiled, or cannot be deployed as it is.
    """
    found = {path.stem: path for path in sorted((build / "contracts").rglob("*.json"))}
    artifacts = {}
    for name in names:
        if name not in found:
            raise BadInput(
                f"the contract {name} is not in {build.name}/", expected="`./brownie compile` first"
            )
        data = json.loads(found[name].read_text(encoding="utf-8"))
        if not data["bytecode"] or "_" in data["bytecode"]:
            raise BadInput(f"the contract {name} has no code that can be deployed")
        artifacts[name] = Artifact(
            name=name,
            source=data["sourcePath"],
            abi=data["abi"],
            creation=bytes.fromhex(data["bytecode"]),
            runtime=bytes.fromhex(data["deployedBytecode"]),
        )
    return artifacts


def pick_artifact(artifacts: Mapping[str, Artifact], name: str) -> Artifact:
    """The artifact of this name, or a clear error."""
    try:
        return artifacts[name]
    except KeyError as error:
        raise BadInput(f"the contract {name} was not loaded") from error


def creation_input(artifact: Artifact, arguments: Mapping[str, object]) -> bytes:
    """Creation code with its arguments, as the deploying transaction carries it.

    Args:
        artifact: The contract.
        arguments: Values by parameter name without underscores; structs as mappings by field.

    Raises:
        BadInput: The constructor asks for something else.
    """
    inputs = artifact.constructor_inputs
    values = named_arguments(artifact, arguments)
    return artifact.creation + encode(
        [_kind(item) for item in inputs],
        [_plain(item, values[item["name"].strip("_")]) for item in inputs],
    )


def named_arguments(artifact: Artifact, arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments in the constructor's order.

    Raises:
        BadInput: A parameter has no value, or a value no parameter.
    """
    wanted = [item["name"].strip("_") for item in artifact.constructor_inputs]
    if set(wanted) != set(arguments):
        raise BadInput(
            f"the constructor of {artifact.name} takes {', '.join(wanted) or 'nothing'}",
            expected=f"{', '.join(arguments) or 'nothing'}, as the deployment knows it",
        )
    return {name: arguments[name] for name in wanted}


def digest(code: bytes) -> str:
    """sha2-256 in hex."""
    return sha256(code).hexdigest()


def _kind(item: Mapping[str, Any]) -> str:
    """The ABI type, tuples written out."""
    kind = str(item["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(_kind(member) for member in item['components'])}){kind[5:]}"


def _plain(item: Mapping[str, Any], value: Any) -> Any:
    """Structs as tuples, all the way down."""
    if item["type"].endswith("]"):
        inner = {**item, "type": item["type"][: item["type"].rindex("[")]}
        return [_plain(inner, entry) for entry in value]
    if item["type"] == "tuple":
        fields = [field["name"] for field in item["components"]]
        if set(fields) != set(value):
            raise BadInput(
                f"{item['name']} has the fields {', '.join(fields)}",
                expected=f"{', '.join(value)}, as the deployment knows them",
            )
        return tuple(_plain(field, value[field["name"]]) for field in item["components"])
    return value
