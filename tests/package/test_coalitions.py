"""What tools/write_coalitions.py makes of recorded histories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.models.coalitions import KINDS
from tools import write_coalitions

GOOD = {
    "histories": 2_000,
    "stuck": 0,
    "max_calls": 21,
    "minorities": 7,
    "kept": 5,
    "max_gain kept": 90,
    "max_gain in bps kept": 9_000,
}


def test_every_kind_of_end_has_a_bound() -> None:
    assert write_coalitions.BOUNDS.keys() == KINDS.keys()


def test_histories_of_all_shards_are_summed_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(write_coalitions, "ROOT", tmp_path)
    (tmp_path / "build").mkdir()
    histories = tmp_path / "build" / "histories.json"
    histories.write_text(json.dumps({"tests": {}}))
    assert write_coalitions.main() == 1
    histories.write_text(json.dumps({"tests": {write_coalitions.TEST: GOOD}}))
    assert write_coalitions.main() == 0
    assert "kept: 5 ends, 90 % of a reward at most; bound w" in capsys.readouterr().out
    written = json.loads((tmp_path / "build" / "coalitions.json").read_text())
    assert written["kinds"]["kept"] == {"ends": 5, "bound": "w", "largest_gain": 90, "largest_gain_bps": 9_000}
    assert written["minorities_outvoted"] == 7
