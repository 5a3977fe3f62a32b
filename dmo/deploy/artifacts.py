"""What is deployed: ABI and code of a contract, and the encoding of its constructor's arguments."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.abi import Field, field_of
from dmo.core.abi.codec import encode


@dataclass(frozen=True)
class Artifact:
    """A compiled contract."""

    name: str
    source: str  # the path, from the project's root
    abi: list[dict[str, Any]]
    creation: bytes  # without arguments
    runtime: bytes  # with zeros where immutables go
    immutables: tuple[tuple[int, int], ...] = ()  # (start, length) in bytes; none if the compiler was not asked

    @property
    def parameters(self) -> tuple[Field, ...]:
        """The constructor's parameters."""
        found = (item["inputs"] for item in self.abi if item["type"] == "constructor")
        return tuple(field_of(raw) for raw in next(found, ()))


def load_artifacts(build: Path, names: Iterable[str]) -> dict[str, Artifact]:
    """Load contracts from Brownie's build folder; BadInput where one cannot be deployed as it is."""
    found = {path.stem: path for path in sorted((build / "contracts").rglob("*.json"))}
    artifacts = {}
    for name in names:
        if name not in found:
            raise words.bad("deploy_not_built", contract=name, build=build.name)
        artifacts[name] = _built(name, found[name], found[name].stat().st_mtime_ns)
    return artifacts


@cache
def _built(name: str, file: Path, _written: int) -> Artifact:
    """A contract as it was built at a time: the files are large, and a rehearsal and a check want them again."""
    data = json.loads(file.read_text(encoding="utf-8"))
    if not data["bytecode"] or "_" in data["bytecode"]:
        raise words.bad("deploy_no_code", contract=name)
    creation, runtime = (bytes.fromhex(data[key]) for key in ("bytecode", "deployedBytecode"))
    return Artifact(name, data["sourcePath"], data["abi"], creation, runtime)


def creation_input(artifact: Artifact, arguments: Mapping[str, object]) -> bytes:
    """Creation code with its arguments, as the deploying transaction carries it."""
    values = named_arguments(artifact, arguments).values()
    return artifact.creation + encode_values(artifact.parameters, list(values))


def named_arguments(artifact: Artifact, arguments: Mapping[str, object]) -> dict[str, object]:
    """Values by parameter, without underscores, in the constructor's order; BadInput where it asks for others."""
    return _named(f"the constructor of {artifact.name}", artifact.parameters, arguments)


def encode_values(fields: Sequence[Field], values: Sequence[object]) -> bytes:
    """Encode values by their parameters; structs by name or in order, integers also as text."""
    plain = [_plain(field, value) for field, value in zip(fields, values, strict=True)]
    return encode([field.kind for field in fields], plain)


def digest(code: bytes) -> str:
    """sha2-256 in hex."""
    return sha256(code).hexdigest()


def _named(what: str, fields: Sequence[Field], values: Any) -> dict[str, Any]:
    names = [field.name.strip("_") for field in fields]
    given = values if isinstance(values, Mapping) else dict(zip(names, values, strict=True))
    if set(names) != set(given):
        known, wanted = (", ".join(some) or "nothing" for some in (given, names))
        raise words.bad("deploy_arguments", what=what, wanted=wanted, given=known)
    return {name: given[name] for name in names}


def _plain(field: Field, value: Any) -> Any:
    """A value as the codec takes it: structs as tuples, all the way down."""
    if field.kind.endswith("]"):
        inner = replace(field, kind=field.kind[: field.kind.rindex("[")])
        return [_plain(inner, item) for item in value]
    if field.members:
        named = _named(field.name, field.members, value).values()
        return tuple(_plain(member, item) for member, item in zip(field.members, named, strict=True))
    return int(value) if isinstance(value, str) and field.kind.startswith(("uint", "int")) else value
