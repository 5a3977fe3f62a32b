#!/usr/bin/env python3
"""Write what docs/guard.md has of the page's guard: its SHA-256, what it compares; with --check only compare."""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dmo.capabilities.acts import acts  # noqa: E402
from dmo.faces.web.guardbook import act_entry  # noqa: E402

FILE = Path("docs") / "guard.md"
GUARD = ROOT / "dmo" / "faces" / "web" / "static" / "guard.js"
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def told(source: Mapping[str, Any]) -> str:
    """Where an argument stands, in words."""
    among = "one of " if source.get("among") else ""
    if source.get("me"):
        found = "the connected account"
    elif "is" in source:
        found = f"`{source['is'] if source['is'] != [] else 'none'}`" if not _is_zero(source["is"]) else "zero"
    elif "shown" in source:
        found = f"shown: {among}`{source['shown']}`"
    elif "hash" in source:
        found = f"Keccak-256 of what is shown: `{source['hash']['shown']}`"
    elif "commitment" in source:
        found = "made in the page"
    elif "document" in source:
        found = f"the text `{source['document']}`"
    else:
        part = f", its {source['part']}" if isinstance(source.get("part"), str) else ""
        place = f", part {source['part'] + 1}" if isinstance(source.get("part"), int) else ""
        found = f"{among}`{source['field']}`{part}{place}"
    return f"{found}; empty: {told(source['else'])}" if "else" in source else found


def _is_zero(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("0x") and not int(value, 16)


def rows() -> Iterator[str]:
    """A line for each argument of each call."""
    for act in acts():
        entry = act_entry(act)
        for key in entry["calls"] if entry else ():
            if key.startswith("DocumentLog.") and key not in entry["main"]:
                continue
            for path, source in entry["arguments"][key].items() or {"–": None}.items():
                yield f"| {act.name} | `{key.partition('(')[0]}` | {path} | {told(source) if source else '–'} |"
        if entry and entry["value"]:
            yield f"| {act.name} | | value | {told(entry['value'])} |"


def parts() -> dict[str, str]:
    """What is generated of the document, by its mark."""
    raw = GUARD.read_bytes()
    digest, lines = hashlib.sha256(raw).hexdigest(), len(raw.splitlines())
    apart = ", ".join(f"`{act.name}`" for act in acts() if act_entry(act) is None)
    compared = ["| act | call | argument | is |", "|---|---|---|---|", *dict.fromkeys(rows())]
    return {
        "sum": f"guard.js: {lines} lines, {len(raw):,} bytes, SHA-256\n`{digest}`\n",
        "compared": "".join(f"{row}\n" for row in compared),
        "apart": f"{apart}\n",
    }


def text() -> str:
    """The document, with what is generated of it anew."""
    found = parts()
    return _PART.sub(lambda part: f"{part[1]}{found[part[2]]}{part[3]}", (ROOT / FILE).read_text("utf-8"))


def main() -> int:
    """Write or compare the document; 1 where it is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    wanted = text()
    path = ROOT / FILE
    if parser.parse_args().check:
        if not path.is_file() or path.read_text("utf-8") != wanted:
            print(f"not up to date: {FILE}; run tools/generate_guard_docs.py", file=sys.stderr)
            return 1
        return 0
    path.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
