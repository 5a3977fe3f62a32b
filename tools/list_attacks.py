"""List the named attacks and the tests that show how they fail.

A test names what it is about with `@pytest.mark.attack("name")`, or `attack = pytest.mark.attack`
and `@attack("name")`. As JSON with --json: `[{"id": …, "test": …}]`, sorted.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _named(decorator: ast.expr) -> str | None:
    """The name in `attack("name")` or `pytest.mark.attack("name")`."""
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return None
    called = decorator.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    first = decorator.args[0]
    is_ours = name == "attack" and isinstance(first, ast.Constant)
    return str(first.value) if is_ours and isinstance(first, ast.Constant) else None


def attacks(folder: Path = ROOT / "tests") -> Iterator[tuple[str, str]]:
    """Every named attack with a test of it: name, and path::test."""
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for name in filter(None, map(_named, node.decorator_list)):
                    yield name, f"{path.relative_to(folder.parent)}::{node.name}"


def main(arguments: list[str]) -> int:
    """Print them."""
    found = sorted(attacks())
    if "--json" in arguments:
        print(json.dumps([{"id": name, "test": test} for name, test in found], indent=2))
        return 0
    width = max(len(name) for name, _ in found)
    for name, test in found:
        print(f"{name:<{width}}  {test}")
    print(f"{len({name for name, _ in found})} named attacks, {len(found)} tests")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
