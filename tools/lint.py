"""Run every check of style and types, and every check of generated files; report all, then judge.

A generated file is checked by the tool that writes it: each executable Python file
tools/generate_*.py must accept `--check` and end with 1 when its file is not up to date.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
TYPED = ("dmo", "scripts")
PYTHON = (*TYPED, "tools", "tests")


def _checks() -> list[tuple[str, list[str]]]:
    solhint = ["node_modules/.bin/solhint", "--disc", "--noPoster", "--max-warnings", "0"]
    checks = [
        ("ruff check", [f"{BIN}/ruff", "check", "--quiet", *PYTHON]),
        ("ruff format", [f"{BIN}/ruff", "format", "--check", "--quiet", *PYTHON]),
        ("mypy --strict", [f"{BIN}/mypy", "--strict", *TYPED]),
        ("solhint", [*solhint, "contracts/**/*.sol", "interfaces/**/*.sol"]),
    ]
    for tool in sorted((ROOT / "tools").glob("generate_*.py")):
        checks.append((tool.stem.replace("_", " "), [f"{BIN}/python", str(tool), "--check"]))
    return checks


def main() -> int:
    """Run all checks; 1 when one of them fails."""
    failed = []
    for name, command in _checks():
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        good = done.returncode == 0
        print(f"lint: {name}: {'ok' if good else 'FAILED'}", flush=True)
        if not good:
            failed.append(name)
            print(f"{done.stdout}{done.stderr}".rstrip(), flush=True)
    if failed:
        print(f"lint: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
