"""What the interfaces' NatSpec says: sentences of errors, and a unit for every number.

A parameter's unit is a phrase of its ``@param``; style and order of phrases are the project's own.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Phrase → unit as dmo.core.explain writes it; the first that is found counts.
UNITS = (
    (r"units of the budget token", "budget"),
    (r"units of the votes token", "votes"),
    (r"token units|units of the token\b", "token"),
    (r"\bWAD\b", "points"),
    (r"\bUnix seconds\b", "time"),
    (r"\bin bps\b", "bps"),
    (r"\bppm\b", "ppm"),
    (r"\bin seconds\b", "span"),
    (r"\bin wei\b", "wei"),
    (r"\bin gas\b", "gas"),
    (r"\bblocks\b", "blocks"),
    (r"\b([Nn]umbers?|[Ii]ds?|[Hh]ow many)\b", "number"),
)
# What is no number needs no phrase.
_PLAIN = {"address": "account", "bool": "flag", "string": "text", "tuple": "record"}

_COMPILE = (
    "const s=require('solc'),fs=require('fs');"
    "const find=p=>{const a=[p,'node_modules/'+p].filter(f=>fs.existsSync(f));"
    "return a.length?{contents:fs.readFileSync(a[0],'utf8')}:{error:'not found: '+p}};"
    "console.log(s.compile(fs.readFileSync(0,'utf8'),{import:find}))"
)


def compiled(sources: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """File → contract → its ABI, ``userdoc`` and ``devdoc``, imported files included.

    Args:
        sources: Text by path from the repository's root.
    """
    order = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sources.items()},
        "settings": {"outputSelection": {"*": {"*": ["abi", "userdoc", "devdoc"]}}},
    }
    done = subprocess.run(
        ["node", "-e", _COMPILE], input=json.dumps(order), cwd=ROOT, text=True, capture_output=True, check=True
    )
    result = json.loads(done.stdout)
    faults = [e["formattedMessage"] for e in result.get("errors", []) if e["severity"] == "error"]
    if faults:
        raise SystemExit("\n".join(faults))
    found: dict[str, dict[str, Any]] = result["contracts"]
    return found


def interfaces() -> dict[str, dict[str, Any]]:
    """Everything in interfaces/, and what it imports, from the compiler."""
    files = sorted((ROOT / "interfaces").glob("*.sol"))
    return compiled({str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files})


def kind_of(field: Mapping[str, Any]) -> str:
    """A parameter's type, tuples written out."""
    kind: str = field["type"]
    if kind.startswith("tuple"):
        return f"({','.join(kind_of(member) for member in field['components'])}){kind[5:]}"
    return kind


def signature(entry: Mapping[str, Any]) -> str:
    """Name and types."""
    return f"{entry['name']}({','.join(kind_of(field) for field in entry['inputs'])})"


def unit_of(field: Mapping[str, Any], said: str) -> str:
    """The unit of a parameter; empty if it is a number and nothing says of what.

    Args:
        field: The parameter, as the compiler writes it.
        said: What its ``@param`` or ``@return`` says.
    """
    kind = str(field["type"]).split("[")[0]
    inner = str(field.get("internalType", ""))
    if inner.startswith("enum "):
        return inner.removeprefix("enum ").split("[")[0].rpartition(".")[2]
    if not kind.startswith(("uint", "int")):
        return _PLAIN.get(kind, "bytes")
    return next((unit for phrase, unit in UNITS if re.search(phrase, said)), "")


def _docs(contract: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The notice of an entry, and the rest of what is said of it."""
    place = {"function": "methods", "event": "events", "error": "errors"}[entry["type"]]
    known = [contract[of].get(place, {}).get(signature(entry), {}) for of in ("userdoc", "devdoc")]
    user, dev = (one[0] if isinstance(one, list) else one for one in known)
    return str(user.get("notice", "")), dict(dev)


def errors(contract: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Signature → sentences and units of a contract's errors: ``says``, ``right``, ``units``."""
    found = {}
    for entry in contract["abi"]:
        if entry["type"] == "error":
            notice, dev = _docs(contract, entry)
            said = dev.get("params", {})
            found[signature(entry)] = {
                "says": notice,
                "right": dev.get("custom:right", ""),
                "units": {f["name"]: unit_of(f, said.get(f["name"], "")) for f in entry["inputs"]},
            }
    return found


def missing(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What the NatSpec of our interfaces leaves unsaid, one line each.

    Args:
        files: What ``compiled`` found; other people's interfaces are not asked.
    """
    theirs = {
        (entry["type"], signature(entry))
        for path, contracts in files.items()
        if not path.startswith("interfaces/")
        for contract in contracts.values()
        for entry in contract["abi"]
        if "name" in entry
    }
    for path, contracts in sorted(files.items()):
        if path.startswith("interfaces/"):
            for name, contract in sorted(contracts.items()):
                for entry in contract["abi"]:
                    if (entry["type"], signature(entry)) not in theirs:
                        where = f"{name}.{signature(entry)}"
                        yield from (f"{where}: {what}" for what in _unsaid(contract, entry))


def _unsaid(contract: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[str]:
    notice, dev = _docs(contract, entry)
    if not notice:
        yield "@notice"
    if entry["type"] == "error" and not dev.get("custom:right"):
        yield "@custom:right"
    for tag, fields, said in (
        ("@param", entry["inputs"], dev.get("params", {})),
        ("@return", entry.get("outputs", []), dev.get("returns", {})),
    ):
        for index, field in enumerate(fields):
            text = said.get(field["name"] or f"_{index}", "")
            if not text:
                yield f"{tag} {field['name'] or index}"
            elif not unit_of(field, text):
                yield f"{tag} {field['name'] or index} without a unit"
