"""Five hundred bad inputs, each in a fork; `make fuzz` tries ten thousand.

given a bad input of a seed
├── it is refused with a word, in time, and leaves no half of a file
└── the same seed makes the same one
given an input that crashes, hangs, is silent or leaves half a file
└── it is told
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import fuzz
from tools.bad_inputs import GROUPS

ROOT = Path(__file__).resolve().parents[2]


def test_five_hundred_bad_inputs_are_refused_as_they_should_be(tmp_path: Path) -> None:
    out = tmp_path / "fuzz.json"
    command = [sys.executable, str(ROOT / "tools" / "fuzz.py"), "--count", "500", "--jobs", "1", "--out", str(out)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(out.read_text())
    assert (told["schema"], told["inputs"], told["faults"]) == ("dmo.fuzz/1", 500, [])
    ends = told["groups"].values()
    assert sum(sum(one.values()) for one in ends) == 500
    assert all(one["refused"] for one in ends)


def test_a_seed_makes_the_same_inputs() -> None:
    one, other = fuzz.inputs(40, 3), fuzz.inputs(40, 3)
    assert one == other
    assert {name.partition(":")[0] for name, _ in one} == set(GROUPS)
    assert fuzz.inputs(40, 4) != one


@pytest.mark.parametrize(
    ("code", "said", "seconds", "most", "after", "fault"),
    [
        (2, "error: no", 0.1, 1, {"a": b"a"}, ""),
        (0, "", 0.1, 1, {"a": b"a", "new": b"x"}, ""),
        (99, "", 0.1, 1, {"a": b"a"}, "traceback"),
        (1, "This should not have happened (X)", 0.1, 1, {"a": b"a"}, "traceback"),
        (2, "error: no", 11.0, 1, {"a": b"a"}, "time"),
        (None, "", 0.1, 1, {"a": b"a"}, "time"),
        (2, "error: no", 0.1, 2**31, {"a": b"a"}, "memory"),
        (2, "error: no", 0.1, 1, {"a": b"b"}, "file (a)"),
        (2, "error: no", 0.1, 1, {"a": b"a", "half": b"{"}, "file (half)"),
        (0, "", 0.1, 1, {"a": b"a", "x/.new.abc": b""}, "file (x/.new.abc)"),
        (2, "\n", 0.1, 1, {"a": b"a"}, "silence"),
        (7, "error: no", 0.1, 1, {"a": b"a"}, "code 7"),
        (-11, "error: no", 0.1, 1, {"a": b"a"}, "code -11"),
    ],
)
def test_a_fault_is_told(
    code: int | None, said: str, seconds: float, most: int, after: dict[str, bytes], fault: str
) -> None:
    assert " ".join(fuzz._faults(code, said, seconds, most, {"a": b"a"}, after)) == fault
