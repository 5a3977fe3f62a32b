"""Try code on the tests, in a copy of the tree: the compiled project is loaded once, then forked.

Reads one order a line on stdin, {"code": {contract: [creation, runtime]}, "tests": [modules],
"seconds": limit}, and answers each with one line: {"ending", "by", "why", "seconds", "modules"}.
The tests run in the given order until the first fails; the checkout is never touched.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from tools import run_brownie

# A chain that breaks off says nothing of the code.
TROUBLE = (
    "ConnectionError",
    "ConnectionRefused",
    "RPCProcessError",
    "RPCConnectionError",
    "BrokenPipe",
    "TimeoutError",
)
PASSED, FAILED = 0, 1  # pytest's exit codes
ATTEMPTS = 3


class Watcher:
    """A pytest plugin that remembers what failed first and what each module took."""

    def __init__(self) -> None:
        self.by = self.why = ""
        self.modules: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a phase of a test."""
        module = report.nodeid.split("::")[0]
        self.modules[module] = self.modules.get(module, 0.0) + report.duration
        self._note(report)

    def pytest_collectreport(self, report: Any) -> None:
        """Note a module that cannot be read."""
        self._note(report)

    def _note(self, report: Any) -> None:
        if report.failed and not self.by:
            self.by = report.nodeid
            crash = getattr(report.longrepr, "reprcrash", None)
            self.why = (crash.message if crash else str(report.longrepr)).splitlines()[0][:200]


def _fight(loaded: Any, order: dict[str, Any], answer: int) -> None:
    """In the fork: put the code in place, run the tests, tell how it went."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    for container in loaded:
        if container._name in order["code"]:
            creation, runtime = order["code"][container._name]
            container._build["bytecode"] = container.bytecode = creation
            container._build["deployedBytecode"] = runtime
    import pytest
    from brownie import project

    project.load = lambda *_, **__: loaded
    loaded.load_config = lambda: None
    arguments = [*order["tests"], "-x", "-q", "--failfast", "--tb=short", "-p", "no:cacheprovider"]
    sys.argv = ["brownie", "test", *arguments]
    watcher = Watcher()
    code = int(pytest.main(arguments, ["pytest-brownie", watcher]))
    told = {"code": code, "by": watcher.by, "why": watcher.why, "modules": watcher.modules}
    os.write(answer, json.dumps(told).encode())


def _try(loaded: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Fork, wait no longer than allowed, clean up."""
    start = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            _fight(loaded, order, writing)
        finally:
            os._exit(0)
    os.close(writing)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, order["seconds"])
    try:
        with open(reading, "rb") as pipe:  # noqa: PTH123  (a descriptor)
            told = pipe.read()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # the chain that it started, too
        os.waitpid(child, 0)
    spent = round(time.monotonic() - start, 1)
    late = {"ending": "killed", "by": "", "why": "took too long", "modules": {}}
    return {**(_judge(json.loads(told)) if told else late), "seconds": spent}


def _judge(told: dict[str, Any]) -> dict[str, Any]:
    code = told.pop("code")
    trouble = code not in (PASSED, FAILED) and not told["by"]
    if trouble or any(word in told["why"] for word in TROUBLE):
        return {**told, "ending": "broken", "why": told["why"] or f"pytest ended with {code}"}
    return {**told, "ending": "killed" if code else "survived"}


def _await_port(port: int) -> None:
    until = time.monotonic() + 20
    while not run_brownie._is_free(port) and time.monotonic() < until:
        time.sleep(0.05)


def main() -> None:
    """Load the project, then serve orders until stdin ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever Brownie prints is no answer
    port = run_brownie.free_ports(1)[0]
    os.environ["DMO_PIPELINE"] = "legacy"
    run_brownie._prepare(port)
    run_brownie._repair(port, "test")
    from brownie import project
    from brownie._config import CONFIG

    CONFIG.argv["cli"] = "test"
    loaded = project.load(run_brownie.ROOT)
    loaded.load_config()
    project.main._add_to_sys_path(run_brownie.ROOT)
    import eth_account  # noqa: F401  (once, not in every fork)
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401

    gc.collect()
    gc.freeze()
    print("{}", file=answers, flush=True)  # ready
    for line in sys.stdin:
        for _ in range(ATTEMPTS):
            _await_port(port)
            answer = _try(loaded, json.loads(line))
            if answer["ending"] != "broken":
                break
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
