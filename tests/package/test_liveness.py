"""What tools/write_liveness.py makes of recorded histories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import write_liveness

GOOD = {
    "histories": 2_000,
    "payWork": 9_999,
    "stopped in review": 700,
    "stopped in void": 20,
    "max_calls": 21,
    "stuck": 0,
}


def test_good_histories_are_enough() -> None:
    found = write_liveness.summary(GOOD)
    assert found.stopped_in == {"review": 700, "void": 20}
    assert (found.histories, found.max_calls, found.stuck) == (2_000, 21, 0)
    assert write_liveness.problems(found) == []
    few = write_liveness.summary(GOOD | {"histories": 1_999, "stopped in void": 0})
    assert write_liveness.problems(few) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"stuck": 1}, "in 1 histories money got stuck"),
        ({"stopped in void": 19}, "only 19 histories stopped in 'void', 20 are wanted"),
    ],
)
def test_anything_less_is_told(change: dict[str, int], problem: str) -> None:
    assert write_liveness.problems(write_liveness.summary(GOOD | change)) == [problem]


def test_writes_and_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(write_liveness, "ROOT", tmp_path)
    (tmp_path / "build").mkdir()
    histories = tmp_path / "build" / "histories.json"
    histories.write_text(json.dumps({"tests": {write_liveness.TEST: GOOD}}))
    assert write_liveness.main() == 0
    written = json.loads((tmp_path / "build" / "liveness.json").read_text("utf-8"))
    assert written == {
        "schema": "dmo.liveness/1",
        "histories": 2_000,
        "stopped_in": {"review": 700, "void": 20},
        "max_calls": 21,
        "stuck": 0,
    }
    histories.write_text(json.dumps({"tests": {write_liveness.TEST: GOOD | {"stuck": 3}}}))
    assert write_liveness.main() == 1
    histories.write_text(json.dumps({"tests": {}}))
    assert write_liveness.main() == 1
    assert "has not run" in capsys.readouterr().err
