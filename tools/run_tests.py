"""Run the test suites, join their JUnit files and close with one pytest-style line.

The package tests run without a chain and without compiling; the others run under Brownie. The
joined report is build/test/junit.xml. Arguments: `package`, `chain`, or both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "test"
CHAIN_FOLDERS = ("tests/contracts", "tests/scripts", "tests/invariants", "tests/gas")
NO_TESTS_COLLECTED = 5


def _has_tests(folder: str) -> bool:
    return any((ROOT / folder).rglob("test_*.py"))


def _run(suite: str) -> tuple[int, Path]:
    report = OUT / f"{suite}.xml"
    report.unlink(missing_ok=True)
    if suite == "package":
        folders = [f for f in ("tests/package",) if _has_tests(f)]
        command = [f"{ROOT}/.venv/bin/python", "-m", "pytest", "-p", "no:pytest-brownie", *folders]
    else:
        folders = [f for f in CHAIN_FOLDERS if _has_tests(f)]
        command = [f"{ROOT}/brownie", "test", *folders]
    if not folders:
        print(f"no {suite} tests yet")
        return 0, report
    print(f"\n== {suite} tests: {' '.join(folders)}", flush=True)
    options = os.environ.get("PYTEST_ADDOPTS", "")
    environment = {**os.environ, "PYTEST_ADDOPTS": f"{options} --junitxml={report}".strip()}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return (0 if code == NO_TESTS_COLLECTED else code), report


def _join(reports: list[Path], target: Path) -> dict[str, int]:
    """Write all suites into one file and return the sums of their counters."""
    joined = ET.Element("testsuites", name="dmo")
    sums = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for report in reports:
        if not report.is_file():
            continue
        for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314  (our own file)
            suite.attrib.pop("hostname", None)
            suite.set("name", report.stem)
            joined.append(suite)
            for key in sums:
                sums[key] += int(suite.get(key, 0))
    for key, value in sums.items():
        joined.set(key, str(value))
    temporary = target.with_suffix(".tmp")
    ET.ElementTree(joined).write(temporary, encoding="utf-8", xml_declaration=True)
    temporary.replace(target)
    return sums


def main(suites: list[str]) -> int:
    """Run the named suites; 0 only if all of them passed."""
    OUT.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    results = [_run(suite) for suite in suites or ["package", "chain"]]
    sums = _join([report for _, report in results], OUT / "junit.xml")
    failed = any(code for code, _ in results)
    passed = sums["tests"] - sums["failures"] - sums["errors"] - sums["skipped"]
    counts = [
        (sums["failures"], "failed"),
        (passed, "passed"),
        (sums["skipped"], "skipped"),
        (sums["errors"], "error" if sums["errors"] == 1 else "errors"),
    ]
    text = ", ".join(f"{n} {word}" for n, word in counts if n) or "no tests ran"
    if failed and not (sums["failures"] or sums["errors"]):
        text += ", but a test run broke off"
    print(f"\n{f' {text} in {time.monotonic() - start:.2f}s ':=^80}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
