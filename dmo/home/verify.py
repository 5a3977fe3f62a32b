"""What block explorers ask for to verify a deployment's source, from its address book alone.

Etherscan and Blockscout take the standard-JSON compiler input and the constructor's arguments as
hex; Sourcify takes one request with input, compiler and the contract's name. The files hold all
of it; nothing is sent from here, because every explorer wants its own key, form or upload.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import encode
from dmo.core.errors import BadInput
from dmo.home.outputs import BookContract, DeploymentBook, write_text

__all__ = ["COMPILER", "Verification", "verifications", "write_verifications"]

COMPILER = "0.8.37+commit.f401782d"
"""The compiler's full version, as explorers name it (with a v before it)."""


@dataclass(frozen=True)
class Verification:
    """One contract's proof of source.

    Attributes:
        name: Its name in the address book.
        address: Where it is.
        identifier: Path of its source and name, such as contracts/ideas/IdeaBoard.sol:IdeaBoard.
        compiler_input: The standard-JSON compiler input.
        arguments: The constructor's arguments, ABI-encoded.
        creation_tx: The transaction that created it.
    """

    name: str
    address: str
    identifier: str
    compiler_input: dict[str, Any]
    arguments: bytes
    creation_tx: str | None

    @property
    def sourcify(self) -> dict[str, Any]:
        """Body of Sourcify's POST /v2/verify/{chainId}/{address}."""
        body: dict[str, Any] = {
            "stdJsonInput": self.compiler_input,
            "compilerVersion": COMPILER,
            "contractIdentifier": self.identifier,
        }
        if self.creation_tx:
            body["creationTransactionHash"] = self.creation_tx
        return body


def verifications(book: DeploymentBook, folder: Path) -> list[Verification]:
    """Everything there is to verify, by name.

    Args:
        book: The address book.
        folder: Where the book lies; compiler inputs may be files beside it.

    Raises:
        BadInput: A compiler input is missing or names no contract of this name.
    """
    return sorted(_all(book, folder), key=lambda one: one.name)


def _all(book: DeploymentBook, folder: Path) -> Iterator[Verification]:
    for name, contract in book.contracts.items():
        question = _input(contract, folder)
        if question is None:
            continue  # a token that was there before
        chosen = question.get("settings", {}).get("outputSelection", {})
        sources = [(source, known) for source, names in chosen.items() for known in names]
        wanted = [place for place in sources if place[1] == name] or sources[:1]
        if not wanted:
            raise BadInput(f"the compiler input of {name} names no contract")
        source, own = wanted[0]
        if own not in abi.names():
            continue  # play money, which nobody has to trust
        yield Verification(
            name=name,
            address=contract.address,
            identifier=f"{source}:{own}",
            compiler_input=question,
            arguments=_arguments(own, contract.args),
            creation_tx=contract.tx,
        )


def _input(contract: BookContract, folder: Path) -> dict[str, Any] | None:
    known = contract.input_json
    if known is None or isinstance(known, dict):
        return known
    file = folder / known
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput("the compiler input cannot be read", file=str(file)) from error
    if not isinstance(content, dict):
        raise BadInput("is no compiler input", file=str(file))
    return content


def _arguments(contract: str, given: list[Any]) -> bytes:
    """The constructor's arguments, ABI-encoded; the book writes integers as text."""
    if not given:
        return b""
    inputs = abi.entry(contract, "", "constructor").inputs
    if len(inputs) != len(given):
        raise BadInput(
            f"{contract} has {len(given)} arguments in the address book",
            expected=f"{len(inputs)}, as its constructor takes",
        )
    values = [_value(field, value) for field, value in zip(inputs, given, strict=True)]
    return encode([field.kind for field in inputs], values)


def _value(field: abi.Field, value: Any) -> Any:
    if field.kind.endswith("]"):
        inner = abi.Field(field.name, field.kind[: field.kind.rindex("[")], False, field.members)
        return [_value(inner, item) for item in value]
    if field.members:
        ordered = list(value.values()) if isinstance(value, dict) else value
        if isinstance(value, dict):
            ordered = [value[member.name.strip("_")] for member in field.members]
        return tuple(
            _value(member, item) for member, item in zip(field.members, ordered, strict=True)
        )
    if field.kind.startswith(("uint", "int")) and isinstance(value, str):
        return int(value)
    return value


def write_verifications(book: DeploymentBook, folder: Path, out: Path, name: str) -> list[Path]:
    """Write the files; returns them, the index first.

    Args:
        book: The address book.
        folder: Where the book lies.
        out: The folder to write.
        name: The deployment's name.

    Raises:
        BadInput: The book holds nothing to verify.
    """
    found = verifications(book, folder)
    if not found:
        raise BadInput(
            "the address book holds no compiler input", expected="one that the deploy script wrote"
        )
    out.mkdir(parents=True, exist_ok=True)
    index = out / "index.md"
    written = [index]
    for one in found:
        contents = {
            f"{one.name}.input.json": _json(one.compiler_input),
            f"{one.name}.args.txt": one.arguments.hex() + "\n",
            f"{one.name}.sourcify.json": _json(one.sourcify),
        }
        for file, text in contents.items():
            write_text(out / file, text)
            written.append(out / file)
    write_text(index, _index(book, found, name))
    return written


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n"


def _index(book: DeploymentBook, found: list[Verification], name: str) -> str:
    settings = found[0].compiler_input["settings"]
    runs = settings["optimizer"]["runs"]
    rows = [
        f"| {one.name} | `{one.address}` | `{one.identifier}` | {len(one.arguments)} |"
        for one in found
    ]
    return f"""# Verifying {name} on chain {book.chain_id}

Compiler `v{COMPILER}`, optimizer on with {runs} runs, EVM {settings["evmVersion"]}, commit
`{book.commit}`. One contract at a time, `X` its name below.

- **Etherscan**: Verify & Publish → Solidity (Standard-Json-Input) → the compiler above → upload
  `X.input.json` → contract name as below → constructor arguments: the content of `X.args.txt`.
  By its API (`export ETHERSCAN_API_KEY=…`):

      curl "https://api.etherscan.io/v2/api?chainid={book.chain_id}" \\
        --data-urlencode module=contract --data-urlencode action=verifysourcecode \\
        --data-urlencode "apikey=$ETHERSCAN_API_KEY" \\
        --data-urlencode codeformat=solidity-standard-json-input \\
        --data-urlencode sourceCode@X.input.json \\
        --data-urlencode contractaddress=<address> --data-urlencode "contractname=<contract>" \\
        --data-urlencode compilerversion=v{COMPILER} \\
        --data-urlencode "constructorArguments=$(cat X.args.txt)"

- **Blockscout**: the contract's page → Verify → Solidity (Standard JSON input) → the compiler
  above → `X.input.json`; it finds the constructor arguments itself, else `X.args.txt`.
- **Sourcify**:

      curl -H 'content-type: application/json' --data @X.sourcify.json \\
        https://sourcify.dev/server/v2/verify/{book.chain_id}/<address>

| name | address | contract | bytes of arguments |
|---|---|---|---|
{chr(10).join(rows)}
"""
