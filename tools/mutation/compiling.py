"""The code of contracts with one source changed, quickly: without the IR, without optimizing."""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from dmo.deploy import compiler
from tools.run_brownie import LEGACY

SETTINGS = {
    **LEGACY,
    "metadata": {"bytecodeHash": "none"},  # names the sources: would differ where the code does not
}
_IMPORT = re.compile(r"""^\s*import\b[^;"']*["'](\.[^"']+)["']\s*;""", re.M)
_CONTRACT = re.compile(r"^contract\s+(\w+)", re.M)

Code = dict[str, tuple[str, str]]  # contract: creation and runtime code, hex


class Tree:
    """The sources of a tree, and which of them a contract is made of.

    Attributes:
        sources: Text by path, below contracts/.
        contracts: Path by the name of what can be deployed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        files = sorted((root / "contracts").rglob("*.sol"))
        self.sources = {file.relative_to(root).as_posix(): file.read_text("utf-8") for file in files}
        self.contracts = {name: path for path, text in self.sources.items() for name in _CONTRACT.findall(text)}
        self._known: dict[str, set[str]] = {}

    def made_of(self, path: str) -> set[str]:
        """A source and all of contracts/ that it imports, directly or not."""
        if path not in self._known:
            self._known[path] = {path}
            folder = posixpath.dirname(path)
            for name in _IMPORT.findall(self.sources[path]):
                imported = posixpath.normpath(posixpath.join(folder, name))
                if imported in self.sources:
                    self._known[path] |= self.made_of(imported)
        return self._known[path]

    def affected(self, path: str) -> dict[str, str]:
        """The contracts, those of tests among them, that hold a source."""
        return {name: at for name, at in self.contracts.items() if path in self.made_of(at)}

    @cached_property
    def _questions(self) -> dict[str, dict[str, Any]]:
        return {}

    def question(self, path: str, text: str) -> dict[str, Any]:
        """The compiler's input for what a source is in, with this text of it."""
        if path not in self._questions:
            names = self.affected(path)
            question = compiler.standard_input(self.root, names)
            question["settings"] |= SETTINGS
            wanted = ["evm.bytecode.object", "evm.deployedBytecode.object"]
            question["settings"]["outputSelection"] = {
                at: {name: wanted for name, place in names.items() if place == at} for at in names.values()
            }
            self._questions[path] = question
        question = self._questions[path]
        return {**question, "sources": {**question["sources"], path: {"content": text}}}


class Compiler:
    """One compiler process."""

    def __init__(self, root: Path) -> None:
        script = Path(__file__).with_name("compile.js")
        self._process = subprocess.Popen(
            ["node", str(script), str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def compile(self, question: Mapping[str, Any]) -> Code | None:
        """The code of every contract that was asked for; None where it does not compile."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101
        assert stdout is not None  # noqa: S101
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if any(one["severity"] == "error" for one in answer.get("errors", ())):
            return None
        return {
            name: (made["evm"]["bytecode"]["object"], made["evm"]["deployedBytecode"]["object"])
            for contracts in answer["contracts"].values()
            for name, made in contracts.items()
            if "evm" in made
        }

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()
