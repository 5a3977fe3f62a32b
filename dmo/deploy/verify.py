"""What block explorers ask for to verify a deployment's source, from its address book alone.

Etherscan and Blockscout take the standard-JSON compiler input and the constructor's arguments as
hex; Sourcify takes one request with input, compiler and the contract's name. The files hold all
of it, and a script that sends them all; nothing is sent from here, because every explorer wants its own key.
"""

import json
import shlex
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from dmo.core import abi, words
from dmo.core.errors import FAULTS
from dmo.core.files import write_text
from dmo.core.text import one_line
from dmo.deploy.artifacts import encode_values
from dmo.deploy.shipped import compiler_input_of
from dmo.home.deployment import compiler_input
from dmo.home.outputs import BookContract, DeploymentBook

_SCRIPT = "verify.sh"
COMPILER = "0.8.37+commit.f401782d"
"""The compiler's full version, as explorers name it (with a v before it)."""


@dataclass(frozen=True)
class Verification:
    """One contract's proof of source; its name is that in the address book."""

    name: str
    address: str
    identifier: str  # contracts/ideas/IdeaBoard.sol:IdeaBoard
    compiler_input: dict[str, Any]
    arguments: bytes  # the constructor's, ABI-encoded
    creation_tx: str | None

    @property
    def sourcify(self) -> dict[str, Any]:
        """Body of Sourcify's POST /v2/verify/{chainId}/{address}."""
        said = {"compilerVersion": COMPILER, "contractIdentifier": self.identifier}
        created = {"creationTransactionHash": self.creation_tx} if self.creation_tx else {}
        return {"stdJsonInput": self.compiler_input, **said, **created}


def verifications(book: DeploymentBook, folder: Path) -> list[Verification]:
    """Everything there is to verify, by name; compiler inputs may be files in the book's folder."""
    found = []
    for name, it in sorted(book.contracts.items()):
        question = _asked(name, it, folder) if it.tx else None
        if question is None:
            continue  # a token that was there before
        try:
            chosen = question.get("settings", {}).get("outputSelection", {})
            places = [(str(source), str(known)) for source, names in chosen.items() for known in names]
        except FAULTS as error:
            raise words.bad("deploy_bad_input").at(name) from error
        source, own = next((at for at in places if at[1] == name), (*places, ("", ""))[0])
        if not own:
            raise words.bad("deploy_input_empty", contract=name)
        if not name.isidentifier():
            raise words.bad("deploy_bad_input").at(name)
        if own in abi.names():  # not play money, which nobody has to trust
            arguments = _arguments(own, it.args)
            found.append(Verification(name, it.address, f"{source}:{own}", question, arguments, it.tx))
    return found


def _asked(name: str, it: BookContract, folder: Path) -> dict[str, Any] | None:
    """What the compiler was asked, by the book, or by this release where a book was handed around alone."""
    given = it.input_json
    if isinstance(given, str) and not (folder / given).exists():
        given = compiler_input_of(name) or given
    return compiler_input_of(name) if given is None else compiler_input(given, folder)


def _arguments(contract: str, given: list[Any]) -> bytes:
    inputs = abi.entry(contract, "", "constructor").inputs if given else ()
    if len(inputs) != len(given):
        raise words.bad("deploy_book_arguments", contract=contract, given=len(given), wanted=len(inputs))
    return encode_values(inputs, given)


def write_verifications(book: DeploymentBook, folder: Path, out: Path, name: str) -> list[Path]:
    """Write the files to the folder ``out``; returns them, the index first. BadInput if there is nothing to verify."""
    found = verifications(book, folder)
    if not found:
        raise words.bad("deploy_no_input")
    try:
        files = {"index.md": _index(book, found, name), _SCRIPT: _script(book, found, name)}
    except FAULTS as error:
        raise words.bad("deploy_bad_input").at(found[0].name) from error
    for one in found:
        files[f"{one.name}.input.json"] = _json(one.compiler_input)
        files[f"{one.name}.args.txt"] = one.arguments.hex() + "\n"
        files[f"{one.name}.sourcify.json"] = _json(one.sourcify)
    for file, text in files.items():
        write_text(out / file, text, mode=0o755 if file == _SCRIPT else 0o644)
    return [out / file for file in files]


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n"


def _script(book: DeploymentBook, found: list[Verification], name: str) -> str:
    rows = "\n".join(f"one {shlex.join([one.name, one.address, one.identifier])}" for one in found)
    text = (resources.files(__package__) / _SCRIPT).read_text("utf-8")
    for key, value in {"name": one_line(name), "chain_id": book.chain_id, "compiler": COMPILER, "rows": rows}.items():
        text = text.replace(f"@{key}@", str(value))
    return text


def _index(book: DeploymentBook, found: list[Verification], name: str) -> str:
    settings = found[0].compiler_input["settings"]
    rows = [f"| {one.name} | `{one.address}` | `{one.identifier}` | {len(one.arguments)} |" for one in found]
    about = {"name": name, "chain_id": book.chain_id, "compiler": COMPILER, "commit": book.commit}
    about |= {"runs": settings["optimizer"]["runs"], "evm": settings["evmVersion"], "rows": "\n".join(rows)}
    return (resources.files(__package__) / "verify.md").read_text("utf-8").format(**about)
