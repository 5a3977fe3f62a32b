"""What the package needs of others, said once and locked twice.

a dependency
├── every module of others that dmo imports comes from a declared one; those of a face with an extra, from that
└── every lock holds each declared one, in a version that is allowed, with hashes
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements/runtime.lock")
_LOCKED = re.compile(r"^([\w.-]+)==([\w.]+)[^\\\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def declared(extra: str = "") -> dict[str, Requirement]:
    """The dependencies, or those of an extra."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


def imported(text: str) -> set[str]:
    """First parts of the names of all modules of others that a source imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"dmo"}


def test_imports_nothing_undeclared() -> None:
    known, dmo = packages_distributions(), ROOT / "dmo"
    extras = {"web": dmo / "faces" / "web", "mcp": dmo / "faces" / "agents", "advisor": dmo / "advisor"}
    for file in dmo.rglob("*.py"):
        own = (declared(extra) for extra, folder in extras.items() if file.is_relative_to(folder))
        ours = {*declared()}.union(*own)
        homes = {one: set(map(canonicalize_name, known.get(one, [one]))) for one in imported(file.read_text("utf-8"))}
        assert {one for one, home in homes.items() if not home & ours} == set(), file


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_what_is_declared(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    locked: dict[str, list[str]] = {}
    for name, version, _hashes in _LOCKED.findall(text):
        locked.setdefault(name, []).append(version)
    assert sum(map(len, locked.values())) == len(re.findall(r"^\w", text, re.MULTILINE))
    for name, requirement in declared().items():
        assert locked.get(name), f"{name} is not in {lock}; `make lock` writes it"
        assert all(map(requirement.specifier.contains, locked[name])), f"{lock}: {requirement}"
