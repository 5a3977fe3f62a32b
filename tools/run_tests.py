"""Run the tests side by side, join their JUnit files and close with one pytest-style line.

The package tests need neither chain nor compiler and run while the contracts are compiled. Then one
shard per core takes chain tests until none is left (tests/support/shard.py), each with Brownie and
a chain of its own on a free port. A line tells of each module as it ends; what failed is shown
whole at the end, and all of a shard's output is in build/test/<shard>.log. The joined report is
build/test/junit.xml, what the modules took build/test/seconds.json.

Arguments: `package`, `chain`, or both; or `deep`: the state machines alone with many random
histories, shared out by their seeds; what they recorded is summed up in build/histories.json.
DMO_JOBS says how many shards, DMO_HISTORIES how many histories of each machine in `deep`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from tools.run_brownie import MISUSE, free_ports

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "test"
SECONDS = OUT / "seconds.json"
RECORDS = OUT / "histories"
CHAIN_FOLDERS = ("tests/contracts", "tests/scripts", "tests/registry", "tests/invariants", "tests/gas")
MACHINES = "tests/invariants"
DEEP_HISTORIES, MOST_HISTORIES = 2_000, 10**9
NO_TESTS_COLLECTED = 5
PATIENCE_SECONDS = 20  # for a shard to end after it was told to
JOBS_BY_ITSELF, MOST_JOBS = 8, 64
LAST_LINES = 20  # of the log of a shard that died
# Brownie says these each time.
CHATTER = re.compile(r"\s*$|Brownie v|Launching '|Terminating local RPC client|\.+ *\[")
# From here on pytest shows what failed.
DETAILS = re.compile(r"=+ (FAILURES|ERRORS|short test summary info|no tests ran.*) =+$")
CLOSING = re.compile(r"-+ generated xml file: .* -+$|\d+ .* in [\d.]+s( \(.*\))?$")


class Shard:
    """A pytest process whose output is told line by line.

    Args:
        name: Names its log and its report.
        command: What to run.
        environment: Added to this process's own.

    Attributes:
        report: Its JUnit file.
        results: What Brownie learned, coverage among it.
    """

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self.name = name
        self.report = OUT / f"{name}.xml"
        self.results = _results(name)
        for old in (self.report, self.results):
            old.unlink(missing_ok=True)
        self.details: list[str] = []
        quiet = f"-q -o console_output_style=classic --junitxml={self.report}"
        options = f"{os.environ.get('PYTEST_ADDOPTS', '')} {quiet}"
        # A session of its own: Ctrl-C comes to us alone, and we end the shard with all it started.
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment, "PYTEST_ADDOPTS": options.strip()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            errors="replace",
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        with (OUT / f"{self.name}.log").open("w") as log:
            for line in self.process.stdout or ():
                log.write(line)
                log.flush()
                line = line.rstrip("\n")
                if self.details or DETAILS.match(line):
                    self.details.append(line)
                elif not CHATTER.match(line) and not CLOSING.match(line):
                    print(f"{line}\n", end="", flush=True)  # at once: shards tell of themselves side by side

    def wait(self) -> int:
        """Wait for its end; returns its exit code, 0 where it found nothing to run."""
        code = self.process.wait()
        if self.reader.is_alive():
            # What it left behind would hold its output open.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.reader.join()
        return 0 if code == NO_TESTS_COLLECTED else code

    def show_details(self) -> None:
        """Print what pytest said of failures, or the last it said before it died."""
        log = OUT / f"{self.name}.log"
        lines = self.details or log.read_text().splitlines()[-LAST_LINES:]
        code = self.process.returncode
        end = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        print(f"\n== {self.name}: {end}, build/test/{log.name}", flush=True)
        print("\n".join(line for line in lines if not CLOSING.match(line)), flush=True)


@contextmanager
def ended(shards: list[Shard]) -> Iterator[None]:
    """No shard outlives this block, whatever ends it."""
    try:
        yield
    finally:
        running = [shard for shard in shards if shard.process.poll() is None]
        for shard in running:
            shard.process.send_signal(signal.SIGINT)
        until = time.monotonic() + PATIENCE_SECONDS
        for shard in running:
            with suppress(subprocess.TimeoutExpired):
                shard.process.wait(max(0.0, until - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(shard.process.pid, signal.SIGKILL)
            shard.wait()


def _count(name: str, usual: int, most: int) -> int:
    """A number that the environment may set; anything but one from 1 to `most` ends the run."""
    told = os.environ.get(name) or str(usual)
    if told.isascii() and told.isdigit() and 1 <= int(told) <= most:
        return int(told)
    print(f"tests: {name} must be a number from 1 to {most:,}, not {told!r}", file=sys.stderr)
    sys.exit(MISUSE)


def _jobs() -> int:
    """One shard per core; each takes some 800 MB with its chain."""
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
    return _count("DMO_JOBS", min(cores or 1, JOBS_BY_ITSELF), MOST_JOBS)


def _package() -> Shard:
    python = [f"{ROOT}/.venv/bin/python", "-m", "pytest", "-p", "no:pytest-brownie"]
    return Shard("package", [*python, "tests/package"], {"DMO_SHARD": json.dumps({})})


def compile_contracts() -> bool:
    """Compile what has changed; False if it does not compile."""
    print("== compiling the contracts", flush=True)
    command = [f"{ROOT}/brownie", "compile"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}", flush=True)
    elif "Generating build data" in done.stdout:
        # The first load after a compilation removes what nothing depends on: not in all shards.
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return done.returncode == 0


def chain(name: str, folders: Sequence[str], *options: str) -> list[Shard]:
    """Start shards that take the modules of these folders.

    Args:
        name: Names them, with their numbers.
        folders: Folders or files of tests.
        options: For pytest.
    """
    OUT.mkdir(parents=True, exist_ok=True)
    claims = OUT / "claims"
    shutil.rmtree(claims, ignore_errors=True)
    claims.mkdir()
    seconds = json.loads(SECONDS.read_text()) if SECONDS.is_file() else {}
    order = {"claims": str(claims), "seconds": seconds}
    return [
        _brownie(f"{name}-{number}", port, [*folders, *options], order)
        for number, port in enumerate(free_ports(_jobs()), 1)
    ]


def _deep() -> list[Shard]:
    jobs = _jobs()
    histories = _count("DMO_HISTORIES", DEEP_HISTORIES, MOST_HISTORIES)
    first = _count("DMO_FIRST_SEED", 1, MOST_HISTORIES)
    shutil.rmtree(RECORDS, ignore_errors=True)
    RECORDS.mkdir()
    shards = []
    for number, port in enumerate(free_ports(jobs), 1):
        part = histories * number // jobs - histories * (number - 1) // jobs
        seeds = {"DMO_HISTORIES": str(part), "DMO_FIRST_SEED": str(first), "DMO_HISTORIES_OUT": str(RECORDS)}
        shards.append(_brownie(f"deep-{number}", port, [MACHINES], {}, seeds))
        first += part
    return shards


def _sum_up() -> None:
    """Join what the histories of all shards recorded; of `max_…` the largest counts."""
    sums: dict[str, dict[str, int]] = {}
    for file in sorted(RECORDS.glob("*.json")):
        known = sums.setdefault(file.stem.rpartition("-")[0], {})
        for key, number in json.loads(file.read_text()).items():
            both = known.get(key, 0), number
            known[key] = max(both) if key.startswith("max_") else sum(both)
    content = {"schema": "dmo.histories/1", "tests": sums}
    (ROOT / "build" / "histories.json").write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    for test, numbers in sums.items():
        print(f"{test}: {numbers['histories']:,} histories", flush=True)


def _results(name: str) -> Path:
    return OUT / f"{name}.tests.json"


def _brownie(
    name: str, port: int, arguments: Sequence[str], order: dict[str, object], environment: dict[str, str] | None = None
) -> Shard:
    order = {**order, "results": str(_results(name))}
    own = {"DMO_PORT": str(port), "DMO_SHARD": json.dumps(order)}
    return Shard(name, [f"{ROOT}/brownie", "test", *arguments], {**own, **(environment or {})})


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


def _modules(report: Path) -> dict[str, float]:
    """What each module took, in seconds, by path."""
    found: dict[str, float] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314  (our own file)
        path = case.get("classname", "").replace(".", "/") + ".py"
        found[path] = found.get(path, 0.0) + float(case.get("time", 0))
    return found


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def all_pass(shards: list[Shard]) -> bool:
    """Wait for shards and show what failed."""
    codes = [shard.wait() for shard in shards]
    for shard, code in zip(shards, codes, strict=True):
        if code:
            shard.show_details()
    return not any(codes)


def _run(suites: set[str], shards: list[Shard]) -> bool:
    """Start and await the shards; False if one failed or could not be started."""
    if "package" in suites:
        shards.append(_package())
    is_good = suites == {"package"} or compile_contracts()
    if is_good and "chain" in suites:
        shards += chain("chain", CHAIN_FOLDERS)
    if is_good and "deep" in suites:
        shards += _deep()
    is_good = all_pass(shards) and is_good
    if "deep" in suites:
        _sum_up()
    return is_good


def main(arguments: list[str]) -> int:
    """Run the named suites; 0 only if all of them passed."""
    _jobs()
    signal.signal(signal.SIGTERM, _interrupt)
    # What runs in the background is told to ignore it; the shards, who take it over, have to end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    OUT.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    shards: list[Shard] = []
    is_good = is_interrupted = False
    try:
        with ended(shards):
            is_good = _run(set(arguments) or {"package", "chain"}, shards)
    except KeyboardInterrupt:
        is_interrupted = True
    sums = _join([shard.report for shard in shards], OUT / "junit.xml")
    if is_good and "deep" not in arguments and not os.environ.get("PYTEST_ADDOPTS"):
        known = json.loads(SECONDS.read_text()) if SECONDS.is_file() else {}
        SECONDS.write_text(json.dumps(known | _modules(OUT / "junit.xml"), indent=1))
    passed = sums["tests"] - sums["failures"] - sums["errors"] - sums["skipped"]
    counts = [
        (sums["failures"], "failed"),
        (passed, "passed"),
        (sums["skipped"], "skipped"),
        (sums["errors"], "error" if sums["errors"] == 1 else "errors"),
    ]
    text = ", ".join(f"{n} {word}" for n, word in counts if n) or "no tests ran"
    if is_interrupted:
        text += ", interrupted"
    elif not is_good and not (sums["failures"] or sums["errors"]):
        text += ", but a test run broke off"
    print(f"\n{f' {text} in {time.monotonic() - start:.2f}s ':=^80}", flush=True)
    return 130 if is_interrupted else 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
