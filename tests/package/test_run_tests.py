"""The runner of all tests, on small tests of its own in place of ours.

the runner
├── shares modules among shards, each test once, and joins their reports
├── ends a module's fixtures with it, a session's with the shard
├── shows what failed whole, at the end
├── refuses a number of shards or histories that would run nothing, or too much
├── given a shard that dies
│   └── says so, and the others run the rest
├── given an interruption
│   └── ends the shards with all they started
├── gives a shard's node minutes to start
└── sums up what histories recorded
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE_SECONDS, until
from tools import run_brownie, run_tests

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = """
import os, pytest
from tests.support import shard

def pytest_configure(config):
    shard.join(config)

def note(text):
    with open("notes", "a") as notes:
        notes.write(f"{text} {os.getpid()}\\n")

@pytest.fixture(scope="session", autouse=True)
def _session():
    yield
    note("session ends")

@pytest.fixture(scope="module", autouse=True)
def _module(request):
    yield
    note(f"{request.module.__name__} ends")
"""
GOOD = "def test_one(): pass\ndef test_two(): pass\n"
# Passes only while the other one runs, too.
MEETS = """
import time
from pathlib import Path

def test_meets():
    Path("{own}").touch()
    until = time.monotonic() + 300
    while not Path("{other}").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
"""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Write test modules, then run them in two shards."""
    out = tmp_path / "build" / "test"
    for name, value in (("ROOT", tmp_path), ("OUT", out), ("SECONDS", out / "seconds.json")):
        monkeypatch.setattr(run_tests, name, value)
    monkeypatch.setattr(run_tests, "CHAIN_FOLDERS", ("sample",))
    monkeypatch.setattr(run_tests, "compile_contracts", lambda: True)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DMO_JOBS", "2")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # these small tests need none
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # In place of ./brownie: called with `test` and the folders.
    brownie = tmp_path / "brownie"
    brownie.write_text(
        f"#!/bin/sh\nshift\nexec {sys.executable} -m pytest -p no:pytest-brownie"
        ' --import-mode=importlib -p no:cacheprovider "$@"\n'
    )
    brownie.chmod(0o755)
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "conftest.py").write_text(CONFTEST)

    def run(**modules: str) -> int:
        for name, text in modules.items():
            (tmp_path / "sample" / f"test_{name}.py").write_text(text)
        return run_tests.main(["chain"])

    return run


def last_line(capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """All that was said, and the last line without the time."""
    said = capfd.readouterr().out
    return said, re.sub(r" in [\d.]+s =+$", "", said.rstrip().rpartition("\n")[2]).lstrip("= ")


def is_gone(pid: int) -> bool:
    """Whether a process has ended; nobody may have asked after it yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_shares_modules_and_joins_reports(
    runner: Callable[..., int], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one, two = MEETS.format(own="one", other="two"), MEETS.format(own="two", other="one")
    assert runner(a=one, b=two, c=GOOD, d=GOOD) == 0
    said, closing = last_line(capfd)
    assert closing == "6 passed"
    assert sorted(re.findall(r"^sample/test_(\w)\.py +(\d passed)", said, re.MULTILINE)) == [
        ("a", "1 passed"),
        ("b", "1 passed"),
        ("c", "2 passed"),
        ("d", "2 passed"),
    ]
    joined = ET.parse(tmp_path / "build/test/junit.xml").getroot()
    names = [f"{case.get('classname')}.{case.get('name')}" for case in joined.iter("testcase")]
    assert len(names) == len(set(names)) == 6
    assert joined.get("tests") == "6"
    assert {suite.get("name") for suite in joined} == {"chain-1", "chain-2"}
    seconds = json.loads((tmp_path / "build/test/seconds.json").read_text())
    assert set(seconds) == {f"sample/test_{name}.py" for name in "abcd"}
    notes = (tmp_path / "notes").read_text().splitlines()
    shards = {note.split()[-1] for note in notes}
    assert len(shards) == 2
    for shard in shards:
        own = [note.rpartition(" ")[0] for note in notes if note.endswith(f" {shard}")]
        assert own.index("session ends") == len(own) - 1 > 0


def test_shows_what_failed_at_the_end(runner: Callable[..., int], capfd: pytest.CaptureFixture[str]) -> None:
    assert runner(a=GOOD, b="def test_bad():\n    print('a hint')\n    assert 1 == 2\n") == 1
    said, closing = last_line(capfd)
    assert closing == "1 failed, 2 passed"
    details = said.partition("= FAILURES =")[2]
    assert "assert 1 == 2" in details
    assert "a hint" in details
    assert re.search(r"^FAILED sample/test_b.py::test_bad", details, re.MULTILINE)
    assert re.search(r"^sample/test_b\.py +1 FAILED", said, re.MULTILINE)
    assert len(re.findall(r"^=+ .*(?:passed|failed).* =+$", said, re.MULTILINE)) == 1


def test_a_module_that_cannot_be_read_is_an_error(
    runner: Callable[..., int], capfd: pytest.CaptureFixture[str]
) -> None:
    assert runner(a=GOOD, b="import nothing_of_this_name\n") == 1
    said, closing = last_line(capfd)
    assert closing.endswith("errors")
    assert "No module named 'nothing_of_this_name'" in said


def test_says_that_a_shard_died(runner: Callable[..., int], capfd: pytest.CaptureFixture[str]) -> None:
    dies = "import os\ndef test_dies(): os._exit(7)\n" + "#" * 9_000  # the largest comes first
    assert runner(a=GOOD, b=GOOD, c=dies) == 1
    said, closing = last_line(capfd)
    assert closing == "4 passed, but a test run broke off"
    assert re.search(r"^== chain-\d: exit code 7, ", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "told"),
    [("DMO_JOBS", told) for told in ("0", "-3", "65", "two", "²")] + [("DMO_HISTORIES", "0"), ("DMO_FIRST_SEED", "-1")],
)
def test_refuses_a_number_that_makes_no_sense(
    runner: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    told: str,
) -> None:
    monkeypatch.setattr(run_tests, "RECORDS", tmp_path / "records")
    (tmp_path / "build" / "test").mkdir(parents=True)
    monkeypatch.setenv(name, told)
    with pytest.raises(SystemExit) as stopped:
        run_tests.main(["chain" if name == "DMO_JOBS" else "deep"])
    assert stopped.value.code == 2
    assert capfd.readouterr().err.startswith(f"tests: {name} must be a number from 1 to ")


def test_an_interruption_ends_all(runner: Callable[..., int], tmp_path: Path) -> None:
    waits = (
        "import subprocess, time\n"
        "def test_waits():\n"
        "    child = subprocess.Popen(['sleep', '600'])\n"
        "    open('child', 'w').write(str(child.pid))\n"
        "    time.sleep(600)\n"
    )
    (tmp_path / "sample" / "test_waits.py").write_text(waits)
    start = (
        "import sys; from pathlib import Path; from tools import run_tests as r;"
        f"r.ROOT = Path({str(tmp_path)!r}); r.OUT = r.ROOT / 'build/test';"
        "r.SECONDS = r.OUT / 's'; r.CHAIN_FOLDERS = ('sample',);"
        "r.compile_contracts = lambda: True;"
        "sys.exit(r.main(['chain']))"
    )
    process = subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = tmp_path / "child"
    until(lambda: (child.exists() and child.read_text()) or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert ", interrupted in " in said.rstrip().rpartition("\n")[2]
    assert is_gone(int(child.read_text()))


def test_a_node_may_take_minutes_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    pause = run_brownie.growing()
    for _ in range(100):
        pause(0.1)
    assert slept[0] == 0.1
    assert 200 < sum(slept) < 400


def test_sums_up_what_histories_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    monkeypatch.setattr(run_tests, "RECORDS", tmp_path)
    (tmp_path / "build").mkdir()
    for number, record in enumerate(
        [{"histories": 2, "vote": 5, "max_calls": 9}, {"histories": 3, "settle": 1, "max_calls": 7}]
    ):
        (tmp_path / f"test_board-{number}.json").write_text(json.dumps(record))
    run_tests._sum_up()
    assert json.loads((tmp_path / "build/histories.json").read_text()) == {
        "schema": "dmo.histories/1",
        "tests": {"test_board": {"histories": 5, "vote": 5, "settle": 1, "max_calls": 9}},
    }
