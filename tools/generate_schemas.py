#!/usr/bin/env python3
"""Write docs/schemas/**/*.json and the tables of docs/documents.md; with --check only compare."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import TypeAdapter  # noqa: E402

from dmo.capabilities import registry  # noqa: E402
from dmo.capabilities.acts import act_schema, acts, data_schema  # noqa: E402
from dmo.core.files import canonical_json  # noqa: E402
from dmo.home import outputs  # noqa: E402
from dmo.home.papers import KINDS, File, Front, Goal  # noqa: E402
from dmo.season.outputs import Demo  # noqa: E402
from tools.mutation.telling import Mutants  # noqa: E402
from tools.outputs import Coalitions, Coverage, Gas, Growth, Liveness  # noqa: E402

DOCUMENTS = Path("docs") / "documents.md"
FOLDER = Path("docs") / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TOOLS = {
    "coalitions": Coalitions,
    "coverage": Coverage,
    "gas": Gas,
    "growth": Growth,
    "liveness": Liveness,
    "mutants": Mutants,
}
SCHEMAS = {"demo": Demo, **TOOLS, **outputs.SCHEMAS}
_TABLE = re.compile(r"(<!-- fields: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def schema(name: str) -> str:
    """The JSON schema of an output."""
    models = SCHEMAS[name]
    adapter: TypeAdapter[Any]
    if isinstance(models, tuple):
        joined: Any = models[0]
        for model in models[1:]:
            joined = joined | model
        adapter = TypeAdapter(joined)
    else:
        adapter = TypeAdapter(models)
    body = adapter.json_schema(mode="serialization", by_alias=True)
    return canonical_json({"$schema": DIALECT, **body})


def of_registry() -> dict[Path, str]:
    """Every act's fields, and the ``data`` of every command."""
    bodies = {
        **{Path("acts") / _file(one.name): act_schema(one) for one in acts()},
        **{Path("views") / _file(name): data_schema(one) for name, one in registry().items()},
    }
    return {FOLDER / at: canonical_json({"$schema": DIALECT, **b}) for at, b in bodies.items()}


def _file(name: str) -> str:
    return f"{name.replace(' ', '-')}.json"


def table(name: str) -> str:
    """The fields of a kind, or of a part of one, as a markdown table."""
    parts: dict[str, Any] = {**KINDS, "all": Front, "goal": Goal, "file": File}
    model = parts[name]
    common = set(Front.model_fields) if name in KINDS else set()
    rows = ["| field | needed | what |", "|---|---|---|"]
    for field, info in model.model_fields.items():
        if field not in common:
            rows.append(f"| `{field}` | {'yes' if info.is_required() else 'no'} | {info.description} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "No further fields.\n"


def generate() -> dict[Path, str]:
    """Path → content of everything generated."""
    files = {FOLDER / f"{name}.json": schema(name) for name in SCHEMAS}
    files.update(of_registry())
    text = (ROOT / DOCUMENTS).read_text("utf-8")
    files[DOCUMENTS] = _TABLE.sub(lambda match: match[1] + table(match[2]) + match[3], text)
    return files


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 if stale")
    check = parser.parse_args().check
    stale, files = 0, generate()
    for leftover in sorted((ROOT / FOLDER).rglob("*.json")):
        if leftover.relative_to(ROOT) not in files:
            stale += 1
            print(f"of nothing: {leftover.relative_to(ROOT)}")
            if not check:
                leftover.unlink()
    for path, content in files.items():
        target = ROOT / path
        if target.exists() and target.read_text("utf-8") == content:
            continue
        stale += 1
        if check:
            print(f"stale: {path} (run tools/generate_schemas.py)")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, "utf-8")
            print(f"written: {path}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
