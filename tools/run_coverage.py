"""Measure how much of contracts/ the chain tests execute; write build/coverage.json.

Brownie prints only functions with branches; its build data has every function, so the sums are
made here: each statement and each of a branch's two ways counts once for the contract that defines
it, whichever contract it was compiled into. contracts/mocks and node_modules do not count. The
tests run in shards, as in tools/run_tests.py.

    tools/run_coverage.py [--no-run] [test paths]    (default: tests/contracts)
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from tools import run_tests

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "build" / "coverage.json"
SHARDS = "coverage"
STATEMENTS_AT_LEAST = 0.98
BRANCHES_AT_LEAST = 0.95

Spot = tuple[str, str, int, int]  # source path, contract.function, start, stop


def _counts(path: str) -> bool:
    return path.startswith("contracts/") and not path.startswith("contracts/mocks/")


def _executed() -> dict[tuple[str, str], list[set[int]]]:
    """Per (contract, path id): the statement, branch-false and branch-true indexes seen."""
    seen: dict[tuple[str, str], list[set[int]]] = defaultdict(lambda: [set(), set(), set()])
    files = sorted(run_tests.OUT.glob(f"{SHARDS}-*.tests.json"))
    if not files:
        raise SystemExit("coverage: no shard has left its results; run without --no-run")
    for results in files:
        for transaction in json.loads(results.read_text(encoding="utf-8"))["tx"].values():
            for contract, paths in transaction.items():
                for path_id, lists in paths.items():
                    for known, new in zip(seen[contract, path_id], lists, strict=True):
                        known.update(new)
    return seen


def measure() -> dict[str, Any]:
    """Join Brownie's build data with what the tests executed."""
    seen = _executed()
    statements: dict[Spot, bool] = {}
    branches: dict[Spot, tuple[bool, bool]] = {}
    for file in sorted((ROOT / "build" / "contracts").glob("*.json")):
        build = json.loads(file.read_text(encoding="utf-8"))
        if "coverageMap" not in build:
            continue
        name = build["contractName"]
        paths = build["allSourcePaths"]
        for path_id, functions in build["coverageMap"]["statements"].items():
            if _counts(path := paths[path_id]):
                done = seen[name, path_id][0]
                for function, spots in functions.items():
                    for index, (start, stop) in spots.items():
                        spot = (path, function, start, stop)
                        statements[spot] = statements.get(spot, False) or int(index) in done
        for path_id, functions in build["coverageMap"]["branches"].items():
            if _counts(path := paths[path_id]):
                _, false, true = seen[name, path_id]
                for function, spots in functions.items():
                    for index, (start, stop, *_) in spots.items():
                        spot = (path, function, start, stop)
                        old = branches.get(spot, (False, False))
                        number = int(index)
                        branches[spot] = (old[0] or number in false, old[1] or number in true)
    by_contract: dict[str, Any] = {}
    missed: dict[str, list[str]] = defaultdict(list)
    for spot, covered in statements.items():
        entry = _entry(by_contract, spot)["statements"]
        entry["total"] += 1
        entry["covered"] += covered
        if not covered:
            missed[spot[1]].append(f"{spot[0]}:{_line(spot)} not executed")
    for spot, ways in branches.items():
        entry = _entry(by_contract, spot)["branches"]
        entry["total"] += 2
        entry["covered"] += sum(ways)
        if not all(ways):
            text = "neither way taken" if not any(ways) else "only one way taken"
            missed[spot[1]].append(f"{spot[0]}:{_line(spot)} {text}")
    return {
        "schema": "dmo.coverage/1",
        "statements": _sum(by_contract, "statements"),
        "branches": _sum(by_contract, "branches"),
        "by_contract": by_contract,
    } | ({"missed": dict(missed)} if missed else {})


def _entry(by_contract: dict[str, Any], spot: Spot) -> dict[str, dict[str, int]]:
    name = spot[1].split(".")[0]
    empty = {"statements": {"covered": 0, "total": 0}, "branches": {"covered": 0, "total": 0}}
    entry: dict[str, dict[str, int]] = by_contract.setdefault(name, empty)
    return entry


def _line(spot: Spot) -> int:
    source = (ROOT / spot[0]).read_text(encoding="utf-8")
    return source.count("\n", 0, spot[2]) + 1


def _sum(by_contract: dict[str, Any], kind: str) -> dict[str, int]:
    entries = [entry[kind] for entry in by_contract.values()]
    return {key: sum(entry[key] for entry in entries) for key in ("covered", "total")}


def _share(part: dict[str, int]) -> float:
    return part["covered"] / part["total"] if part["total"] else 1.0


def _show(result: dict[str, Any], missed: dict[str, list[str]]) -> None:
    rows = [*sorted(result["by_contract"].items()), ("all", result)]
    width = max(len(name) for name, _ in rows)
    print(f"\n{'contract':<{width}}  {'statements':>18}  {'branches':>18}")
    for name, entry in rows:
        cells = (
            f"{e['covered']:>5} / {e['total']:<5}{_share(e):>6.1%}" for e in (entry["statements"], entry["branches"])
        )
        print(f"{name:<{width}}  {'  '.join(cells)}")
    if missed:
        print("\nmissed:")
        for function in sorted(missed):
            print(f"  {function}")
            for place in sorted(set(missed[function])):
                print(f"    {place}")


def _run(paths: list[str]) -> bool:
    """Run the tests under coverage; False if they do not pass."""
    (ROOT / "build" / "tests.json").unlink(missing_ok=True)  # what was covered before
    for old in run_tests.OUT.glob(f"{SHARDS}-*.tests.json"):
        old.unlink()
    # Of optimized code Brownie cannot tell what ran; the next `make test` compiles the deployed code again.
    os.environ["DMO_PIPELINE"] = "legacy"
    os.environ.setdefault("DMO_HYPOTHESIS", "brief")
    shards: list[run_tests.Shard] = []
    with run_tests.ended(shards):
        if not run_tests.compile_contracts():
            return False
        shards += run_tests.chain(SHARDS, paths, "--coverage")
        return run_tests.all_pass(shards)


def main(arguments: list[str]) -> int:
    """Run the tests under coverage and judge; 1 when they fail or too little is covered."""
    if "--no-run" not in arguments and not _run(arguments or ["tests/contracts"]):
        print("coverage: the tests did not pass", file=sys.stderr)
        return 1
    result = measure()
    missed = result.pop("missed", {})
    temporary = TARGET.with_suffix(".tmp")
    text = json.dumps(result, indent=2, sort_keys=True) + "\n"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(TARGET)
    _show(result, missed)
    enough = _share(result["statements"]) >= STATEMENTS_AT_LEAST and _share(result["branches"]) >= BRANCHES_AT_LEAST
    verdict = "enough" if enough else "TOO LITTLE"
    limits = f"{STATEMENTS_AT_LEAST:.0%} of statements, {BRANCHES_AT_LEAST:.0%} of branches"
    print(f"\n{verdict} (wanted: {limits}); build/coverage.json")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
