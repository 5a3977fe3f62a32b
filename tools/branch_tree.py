"""Read the given/when trees that stand in the docstrings of test modules.

A leaf is a docstring line that ends with `-> test_name` (several names: `-> test_a, test_b`, perhaps
on the next line). The format is described in tests/README.md; tests/package/test_trees.py checks
every module.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

_WRAPPED = re.compile(r",\n\s+(?=test_)")
_LEAF = re.compile(r"->\s*(test_\w+(?:\s*,\s*test_\w+)*)\s*$")
_BROKEN_LEAF = re.compile(r"->(?!\s*test_\w+(?:\s*,\s*test_\w+)*\s*$)")
_CONDITION = re.compile(r"^(given|when|it)\b")


@dataclass(frozen=True)
class Tree:
    """The leaves of a module's docstring and the tests of the module."""

    leaves: tuple[str, ...]
    tests: tuple[str, ...]
    broken_lines: tuple[str, ...]

    def problems(self) -> list[str]:
        """Say what does not fit, one sentence each."""
        named, existing = set(self.leaves), set(self.tests)
        found = [f"leaf without a test name: {line}" for line in self.broken_lines]
        found += [f"leaf names no test: {name}" for name in sorted(named - existing)]
        found += [f"test is in no leaf: {name}" for name in sorted(existing - named)]
        found += [f"test is in more than one leaf: {name}" for name in sorted(named) if self.leaves.count(name) > 1]
        return found


def read(source: str) -> Tree:
    """Read the tree and the tests of a module's source text."""
    module = ast.parse(source)
    leaves: list[str] = []
    broken: list[str] = []
    lines = _WRAPPED.sub(", ", ast.get_docstring(module) or "").splitlines()
    for number, line in enumerate(lines):
        if found := _LEAF.search(line):
            leaves += [name.strip() for name in found[1].split(",")]
        elif _BROKEN_LEAF.search(line) or _ends_a_branch(lines, number):
            broken.append(line.strip())
    return Tree(tuple(leaves), tuple(_tests(module)), tuple(broken))


def _ends_a_branch(lines: list[str], number: int) -> bool:
    """Say whether a given/when line has nothing below it, so that it is an untested leaf."""
    line = lines[number]
    if not _CONDITION.match(line.strip()):
        return False
    following = next((text for text in lines[number + 1 :] if text.strip()), "")
    return _depth(following) <= _depth(line)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _tests(module: ast.Module) -> list[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = []
    for node in module.body:
        if isinstance(node, functions) and node.name.startswith("test_"):
            names.append(node.name)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            names += [part.name for part in node.body if isinstance(part, functions) and part.name.startswith("test_")]
    return names


def check(folder: Path) -> dict[str, list[str]]:
    """Return the problems of each test module below `folder`, by file name."""
    found = {
        file.relative_to(folder).as_posix(): read(file.read_text(encoding="utf-8")).problems()
        for file in sorted(folder.rglob("test_*.py"))
    }
    return {name: problems for name, problems in found.items() if problems}
