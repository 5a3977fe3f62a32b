"""A pytest plugin: this process is one of several that share the tests (tools/run_tests.py).

Every shard collects all tests. It then takes the next module that no other shard has taken, runs
it, and comes back for more, so that all are busy until the end whatever the modules take. To take
a module is to create its file in the folder of claims. The longest come first, by what they took
last time, else by a guess. As a module ends, one line says how it went.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ORDER = "DMO_SHARD"  # environment: the runner's order, as JSON
# Guesses, for a module that has no recorded time.
BYTES_PER_SECOND, MACHINE_SECONDS = 3_000, 15.0
WORDS = (("failed", "FAILED"), ("error", "ERROR"), ("passed", "passed"), ("skipped", "skipped"))


_config: pytest.Config | None = None


def join(config: pytest.Config) -> None:
    """Become a shard, if the runner said so."""
    global _config
    if order := os.environ.pop(ORDER, None):
        _config = config
        config.pluginmanager.register(Shard(config, json.loads(order)), "dmo-shard")


def say(text: str) -> None:
    """Write a line to a shard's output, past pytest's capturing; nothing where this is none."""
    if _config is not None:
        capture = _config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n{text}", flush=True)


class Shard:
    """Takes modules and tells of them.

    Attributes:
        claims: The folder of claims; None for a shard that runs all it collects.
        seconds: Recorded time of modules, by path.
        results: The file for what Brownie knows of the tests.
    """

    def __init__(self, config: pytest.Config, order: dict[str, Any]) -> None:
        self.config = config
        self.claims = Path(order["claims"]) if order.get("claims") else None
        self.seconds: dict[str, float] = order.get("seconds", {})
        self.outcomes: Counter[str] = Counter()
        self.spent = 0.0
        self.results: str = order.get("results", "")

    def pytest_sessionstart(self) -> None:
        """Let Brownie write what it knows of the tests into a file of the shard's own."""
        if brownie := self.config.pluginmanager.getplugin("brownie-core"):
            write = brownie._sessionfinish
            brownie._sessionfinish = lambda _name: write(self.results)

    # ── which ───────────────────────────────────────────────────────────────────────────────────

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run module after module."""
        if self.claims is None or session.config.option.collectonly or session.testsfailed:
            return None
        # Stands for the next test, which nobody knows yet: ends the module, not the session.
        unknown = SimpleNamespace(listchain=lambda: [session])
        for module in self._mine(session.items):
            for item, following in zip(module, [*module[1:], unknown], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
                if session.shouldstop:
                    raise session.Interrupted(session.shouldstop)
        return True

    def _mine(self, items: list[pytest.Item]) -> Iterator[list[pytest.Item]]:
        modules: dict[str, list[pytest.Item]] = {}
        for item in items:
            modules.setdefault(_path(item.nodeid), []).append(item)
        for path in sorted(modules, key=lambda path: (-self._cost(path), path)):
            if self._claim(path):
                yield modules[path]

    def _cost(self, path: str) -> float:
        if path in self.seconds:
            return self.seconds[path]
        guess = (self.config.rootpath / path).stat().st_size / BYTES_PER_SECOND
        return guess + (MACHINE_SECONDS if "/invariants/" in path else 0.0)

    def _claim(self, path: str) -> bool:
        assert self.claims is not None
        try:
            (self.claims / path.replace("/", "+")).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    # ── how it went ─────────────────────────────────────────────────────────────────────────────

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: Any) -> Any:
        """Count, and print nothing of a single test."""
        category, _, word = yield
        if category:
            self.outcomes[category] += 1
        return category, "", word

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what the module took."""
        self.spent += report.duration

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: Any) -> Any:
        """After a module's last test, say how the module went."""
        result = yield
        path = _path(item.nodeid)
        if _path(getattr(nextitem, "nodeid", "")) != path:
            told = ", ".join(f"{self.outcomes[key]} {word}" for key, word in WORDS if self.outcomes[key])
            say(f"{path:<58} {told:>12} {self.spent:7.1f} s")
            self.outcomes.clear()
            self.spent = 0.0
        return result


def _path(nodeid: str) -> str:
    return nodeid.split("::", maxsplit=1)[0]
