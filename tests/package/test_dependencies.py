"""The package declares what it imports: every module of others comes from a declared dependency."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(text: str) -> set[str]:
    """First parts of the names of all modules that a source imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"dmo"}


def test_imports_nothing_undeclared() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        lines = tomllib.load(file)["project"]["dependencies"]
    declared = {canonical(re.split(r"[\s<>=!~\[;]", line)[0]) for line in lines}
    modules = set().union(*(imported(p.read_text("utf-8")) for p in (ROOT / "dmo").rglob("*.py")))
    known = packages_distributions()
    homes = {module: {canonical(one) for one in known.get(module, [module])} for module in modules}
    assert {module for module, home in homes.items() if not home & declared} == set()
