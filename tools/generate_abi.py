#!/usr/bin/env python3
"""Write dmo/core/abi/*.json from the compiled contracts; with --check only compare.

Deployed contracts come from Brownie's build. Where a contract is not built, its ABI is put
together from the compiled interfaces and OpenZeppelin's own artifacts, or left as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dmo.core.abi.codec import keccak  # noqa: E402
from tools import natspec  # noqa: E402

OUT = ROOT / "dmo" / "core" / "abi"
BUILD = ROOT / "build" / "contracts"
OZ = ROOT / "node_modules" / "@openzeppelin" / "contracts" / "build" / "contracts"

TOKEN = ["ERC20Votes", "ERC20Permit", "IERC20Metadata"]
# Contract: its interfaces, and OpenZeppelin's artifacts it is built on.
PARTS: dict[str, tuple[list[str], list[str]]] = {
    "HolderToken": (["IHolderToken"], TOKEN),
    "VotesWrapper": (["IVotesWrapper"], [*TOKEN, "ERC20Wrapper"]),
    "HolderGovernor": (
        ["IHolderGovernor"],
        ["GovernorTimelockControl", "GovernorSettings", "GovernorVotesQuorumFraction", "GovernorCountingSimple"],
    ),
    "IdeaBoard": (["IIdeaBoard"], ["AccessManaged", "EIP712"]),
    "CampaignEscrow": (["ICampaignEscrow"], ["AccessManaged"]),
    "DisputeDesk": (["IDisputeDesk"], ["AccessManaged"]),
    "Reputation": (["IReputation"], ["AccessManaged", "IERC5805", "IERC20Metadata"]),
    "DocumentLog": (["IDocumentLog"], []),
    "NeedsBoard": (["INeedsBoard"], ["AccessManaged"]),
    "ContentRegistry": (["IContentRegistry"], ["AccessManaged"]),
    "Drops": (["IDrops"], []),
    "Outcomes": (["IOutcomes"], []),
    "Forecasts": (["IForecasts"], ["AccessManaged"]),
    "Badges": (["IBadges"], ["AccessManaged", "ERC721"]),
    "BadgeRule": (["IBadgeRule"], []),
    **dict.fromkeys(("PointsRule", "RulingsRule", "FundedIdeaRule", "OutcomeRule"), (["IBadgeRule"], [])),
    "Advisor": (["IAdvisor"], []),
    "Lens": (["ILens"], []),
    "Jury": (["IJury"], []),
    "Treasury": (["ITreasury"], ["TimelockController"]),
    "AccessManager": ([], ["AccessManager"]),
    "ERC20": ([], ["IERC20Metadata", "IERC20Errors", "IERC5805", "IERC6372", "IERC20Permit"]),
}
# Errors of libraries can bubble up without standing in a contract's ABI.
LIBRARIES = [
    "IERC20Errors",
    "SafeERC20",
    "SafeCast",
    "ECDSA",
    "Checkpoints",
    "Nonces",
    "Errors",
    "Address",
    "ReentrancyGuardTransient",
    "IAccessManaged",
    "IAccessManager",
    "Votes",
    "ShortStrings",
    "ERC20Permit",
    "IGovernor",
    "TimelockController",
    "Strings",
    "VotesExtended",
    "ERC20Wrapper",
    "IERC721Errors",
]


def tidy(raw: dict[str, Any]) -> dict[str, Any]:
    """An entry with signature and selector, without what nobody reads."""

    def field(source: dict[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {k: source[k] for k in ("name", "type", "indexed") if k in source}
        if not kept.get("indexed", True):
            del kept["indexed"]
        if "components" in source:
            kept["components"] = [field(member) for member in source["components"]]
        return kept

    entry: dict[str, Any] = {k: raw[k] for k in ("type", "name", "stateMutability") if k in raw}
    entry["inputs"] = [field(source) for source in raw.get("inputs", [])]
    if raw.get("outputs"):
        entry["outputs"] = [field(source) for source in raw["outputs"]]
    if "name" in raw:
        entry["signature"] = natspec.signature(raw)
        digest = keccak(entry["signature"].encode()).hex()
        entry["selector"] = digest if raw["type"] == "event" else digest[:8]
    return entry


def sorted_abi(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tidy, without doubles, sorted by kind and signature."""
    unique = {
        (entry["type"], entry.get("signature", "")): entry
        for entry in map(tidy, entries)
        if entry["type"] in ("function", "event", "error", "constructor")
    }
    return [unique[key] for key in sorted(unique)]


def generate(*, fresh: bool) -> dict[str, str]:
    """File name → content of everything in dmo/core/abi.

    Args:
        fresh: Put contracts that are not built together anew instead of keeping what is there.
    """
    files = natspec.interfaces()
    unsaid = list(natspec.missing(files))
    if unsaid:
        raise SystemExit("\n".join(["NatSpec is missing:", *unsaid]))
    compiled = {name: one for contracts in files.values() for name, one in contracts.items()}
    interfaces = {name: one["abi"] for name, one in compiled.items()}

    def oz(name: str) -> list[dict[str, Any]]:
        abi: list[dict[str, Any]] = json.loads((OZ / f"{name}.json").read_text("utf-8"))["abi"]
        return abi

    abis: dict[str, list[dict[str, Any]]] = {}
    for name, (ours, theirs) in PARTS.items():
        built = BUILD / f"{name}.json"
        if ours and not all(part in interfaces for part in ours):
            continue
        if ours and built.exists():
            abis[name] = sorted_abi(json.loads(built.read_text("utf-8"))["abi"])
        elif ours and (OUT / f"{name}.json").exists() and not fresh:
            abis[name] = json.loads((OUT / f"{name}.json").read_text("utf-8"))
        else:
            parts = [entry for part in theirs for entry in oz(part)]
            parts = [entry for entry in parts if not (ours and entry["type"] == "constructor")]
            abis[name] = sorted_abi(parts + [e for part in ours for e in interfaces[part]])
    said = {key: one for unit in compiled.values() for key, one in natspec.errors(unit).items()}
    errors: dict[str, Any] = {}
    libraries = [entry for name in LIBRARIES if (OZ / f"{name}.json").exists() for entry in oz(name)]
    for source in (sorted_abi(libraries), *(sorted_abi(abi) for abi in interfaces.values()), *abis.values()):
        for entry in source:
            if entry["type"] == "error":
                errors[entry["selector"]] = with_sentences(entry, said.get(entry["signature"], {}))
    texts = {f"{name}.json": write(abi) for name, abi in abis.items()}
    texts["errors.json"] = write(dict(sorted(errors.items(), key=lambda pair: pair[1]["name"])))
    return texts


def with_sentences(error: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """An error with units, and with the sentences of its NatSpec if it is ours."""

    def with_unit(field: dict[str, Any]) -> dict[str, Any]:
        unit = said.get("units", {}).get(field["name"]) or natspec.unit_of(field, "")
        return {**field, "unit": unit} if unit else field

    kept = {key: value for key, value in error.items() if key != "selector"}
    sentences: dict[str, Any] = {key: said[key] for key in ("says", "right") if key in said}
    return {**kept, **sentences, "inputs": [with_unit(one) for one in error["inputs"]]}


def write(entries: list[dict[str, Any]] | dict[str, Any]) -> str:
    """JSON with one entry a line, so that differences read well."""

    def dump(value: Any) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    if isinstance(entries, dict):
        lines = [f"{dump(key)}:{dump(value)}" for key, value in entries.items()]
        return "{\n" + ",\n".join(lines) + "\n}\n"
    return "[\n" + ",\n".join(dump(entry) for entry in entries) + "\n]\n"


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing; exit 1 if stale")
    parser.add_argument("--fresh", action="store_true", help="put contracts that are not built together anew")
    options = parser.parse_args()
    check = options.check
    files = generate(fresh=options.fresh)
    present = {path.name for path in OUT.glob("*.json")}
    stale = [
        name
        for name in sorted(files.keys() | present)
        if files.get(name) != ((OUT / name).read_text("utf-8") if name in present else None)
    ]
    if check:
        for name in stale:
            print(f"stale: dmo/core/abi/{name} (./brownie compile, then tools/generate_abi.py)")
        return 1 if stale else 0
    for name in stale:
        if name in files:
            (OUT / name).write_text(files[name], "utf-8")
        else:
            (OUT / name).unlink()
        print(f"written: dmo/core/abi/{name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
