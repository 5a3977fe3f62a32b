"""Run slither over contracts/ and list what it finds, highest impact first.

Slither cannot follow Brownie's build with imported libraries, so it gets the compiler's standard
JSON of contracts/ itself; it reads the sources' trees, which are the same without the IR. Findings
inside node_modules and contracts/mocks are left out. Ends with 1 when a finding of medium or high
impact is not named in docs/threat-model.md (by its check and the first function or contract it is
about, as `check: Contract.function`).
"""

from __future__ import annotations

import inspect
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from tools.run_brownie import LEGACY

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "slither"
THREATS = ROOT / "docs" / "threat-model.md"
LEVELS = ("High", "Medium", "Low", "Informational", "Optimization")


def _input() -> Path:
    sources = {
        file.relative_to(ROOT).as_posix(): {"content": file.read_text(encoding="utf-8")}
        for file in sorted((ROOT / "contracts").rglob("*.sol"))
        if "mocks" not in file.relative_to(ROOT).parts
    }
    document = {
        "language": "Solidity",
        "sources": sources,
        "settings": {
            "evmVersion": "cancun",
            **LEGACY,
            "remappings": ["@openzeppelin=node_modules/@openzeppelin", "@kleros=node_modules/@kleros"],
            "outputSelection": {
                "*": {
                    "*": ["abi", "metadata", "devdoc", "userdoc", "evm.bytecode", "evm.deployedBytecode"],
                    "": ["ast"],
                }
            },
        },
    }
    OUT.mkdir(parents=True, exist_ok=True)
    target = OUT / "input.json"
    target.write_text(json.dumps(document), encoding="utf-8")
    return target


def _findings() -> list[dict[str, Any]]:
    from crytic_compile import CryticCompile
    from crytic_compile.platform.solc_standard_json import SolcStandardJson
    from slither import Slither
    from slither.detectors import all_detectors
    from slither.detectors.abstract_detector import AbstractDetector

    logging.getLogger("Slither").setLevel(logging.ERROR)
    logging.getLogger("CryticCompile").setLevel(logging.ERROR)
    platform = SolcStandardJson(json.loads(_input().read_text(encoding="utf-8")))
    compilation = CryticCompile(platform, solc=str(ROOT / "tools" / "solc" / "solc-v0.8.37"))
    analysis = Slither(compilation, filter_paths=["node_modules", "contracts/mocks"])
    for _, detector in inspect.getmembers(all_detectors, inspect.isclass):
        if issubclass(detector, AbstractDetector):
            analysis.register_detector(detector)
    return [finding for found in analysis.run_detectors() for finding in found]


def _subject(finding: dict[str, Any]) -> str:
    """Name the function or contract that the finding's first element is or is inside of."""
    for element in finding["elements"]:
        inside = element
        while inside:
            parent = inside.get("type_specific_fields", {}).get("parent", {})
            if inside["type"] == "function":
                return f"{parent['name']}.{inside['name']}"
            if inside["type"] == "contract":
                return str(inside["name"])
            inside = parent
    return "?"


def main() -> int:
    """Print the findings; 1 when one of medium or high impact is unexplained."""
    os.chdir(ROOT)
    findings = sorted(_findings(), key=lambda f: (LEVELS.index(f["impact"]), f["check"]))
    explained = " ".join(THREATS.read_text(encoding="utf-8").split())
    report, open_ones = [], 0
    for finding in findings:
        key = f"{finding['check']}: {_subject(finding)}"
        serious = finding["impact"] in ("High", "Medium")
        known = key in explained
        open_ones += serious and not known
        mark = "explained" if known else "OPEN" if serious else ""
        report.append(
            {
                "impact": finding["impact"],
                "check": finding["check"],
                "subject": _subject(finding),
                "explained": known,
                "description": finding["description"].strip(),
            }
        )
        if serious or "-v" in sys.argv:
            print(f"{finding['impact']:<7} {mark:<10} {key}\n    {finding['description'].strip()}")
    (OUT / "findings.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    counts = ", ".join(f"{sum(f['impact'] == level for f in findings)} {level.lower()}" for level in LEVELS)
    print(f"slither: {counts}; not explained in docs/threat-model.md: {open_ones}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
