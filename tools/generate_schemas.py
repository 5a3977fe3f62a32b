#!/usr/bin/env python3
"""Write docs/schemas/**/*.json and the tables of docs/documents.md and docs/deploying.md; with --check only compare."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, get_args

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import TypeAdapter  # noqa: E402
from pydantic.fields import FieldInfo  # noqa: E402

from dmo.capabilities import registry  # noqa: E402
from dmo.capabilities.acts import act_schema, acts, data_schema  # noqa: E402
from dmo.core import words  # noqa: E402
from dmo.core.files import canonical_json  # noqa: E402
from dmo.deploy import config  # noqa: E402
from dmo.deploy.config import DeployConfig  # noqa: E402
from dmo.home import outputs  # noqa: E402
from dmo.home.papers import KINDS, AssetFile, DataSet, Day, File, Foretold, Front, Goal, PageLink, Replicated  # noqa: E402
from dmo.season.outputs import Demo  # noqa: E402
from tools.mutation.telling import Mutants  # noqa: E402
from tools.outputs import Coalitions, Coverage, Fuzz, Gas, Growth, Keeping, Liveness, Relay  # noqa: E402

DOCUMENTS = Path("docs") / "documents.md"
DEPLOYING = Path("docs") / "deploying.md"
FOLDER = Path("docs") / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TOOLS = {
    "coalitions": Coalitions,
    "coverage": Coverage,
    "fuzz": Fuzz,
    "gas": Gas,
    "growth": Growth,
    "keeper": Keeping,
    "liveness": Liveness,
    "mutants": Mutants,
    "relay": Relay,
}
SCHEMAS = {"demo": Demo, **TOOLS, **outputs.SCHEMAS}
_KEYS = re.compile(r"(<!-- keys -->\n).*?(<!-- end -->)", re.DOTALL)
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
    parts: dict[str, Any] = {
        **KINDS,
        "all": Front,
        "measure": Goal,
        "file": File,
        "piece": AssetFile,
        "dataset": DataSet,
        "foretold": Foretold,
        "replicated": Replicated,
        "link": PageLink,
        "day": Day,
    }
    model = parts[name]
    common = set(Front.model_fields) if name in KINDS else set()
    rows = ["| field | needed | what |", "|---|---|---|"]
    for field, info in model.model_fields.items():
        if field not in common:
            rows.append(f"| `{field}` | {'yes' if info.is_required() else 'no'} | {info.description} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "No further fields.\n"


def keys() -> str:
    """All keys of a deployment's config as a markdown table, with what is needed and how far they go."""
    rows = ["| key | default | bounds | meaning |", "|---|---|---|---|"]
    for section, whole in DeployConfig.model_fields.items():
        models = [one for one in (whole.annotation, *get_args(whole.annotation)) if isinstance(one, type)]
        for key in dict.fromkeys(key for model in models for key in model.model_fields):
            found = {model: model.model_fields[key] for model in models if key in model.model_fields}
            kinds = [get_args(model.model_fields["kind"].annotation)[0] for model in found if len(models) > 1]
            where = "" if len(found) == len(models) else f" for {', '.join(kinds)}"
            field = next(iter(found.values()))
            default = f"**needed**{where}" if field.is_required() else config_default(field)
            meaning = words.load()["config"][section][key]
            rows.append(f"| `{section}.{key}` | {default} | {config_bounds(field)} | {meaning} |")
    return "\n".join(rows) + "\n"


def config_default(field: FieldInfo) -> str:
    """A key's default as a person would write it."""
    if field.default in (None, ()):
        return "–"
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def config_bounds(field: FieldInfo) -> str:
    """The least and the most a key may hold, where that is fixed."""
    named = {name: getattr(one, name) for one in field.metadata for name in ("gt", "ge", "le") if hasattr(one, name)}
    said = {"gt": "more than {}", "ge": "at least {}", "le": "at most {}"}
    return ", ".join(said[name].format(config.shown(field, value)) for name, value in named.items())


def generate() -> dict[Path, str]:
    """Path → content of everything generated."""
    files = {FOLDER / f"{name}.json": schema(name) for name in SCHEMAS}
    files.update(of_registry())
    text = (ROOT / DOCUMENTS).read_text("utf-8")
    files[DOCUMENTS] = _TABLE.sub(lambda match: match[1] + table(match[2]) + match[3], text)
    text = (ROOT / DEPLOYING).read_text("utf-8")
    files[DEPLOYING] = _KEYS.sub(lambda match: match[1] + keys() + match[2], text)
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
