"""What tools/measure_gas.py makes of measured gas; nothing is measured here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools import measure_gas

COMPILER = {"evm_version": "cancun", "solc": {"version": "0.8.37"}}
KNOWN = measure_gas.constants()


@pytest.fixture
def cells() -> measure_gas.Cells:
    """Every act takes a thousand and one gas, and at OpenZeppelin's three thousand."""
    return {act: {"first": 2_000, "steady": 1_001, "openzeppelin": 3_000} for act in KNOWN["act"]}


def test_gas_has_all_keys(cells: measure_gas.Cells) -> None:
    found = measure_gas.result(cells, KNOWN, COMPILER).model_dump(mode="json")
    assert found["schema"] == "dmo.gas/1"
    assert (found["evm"], found["solc"]) == ("cancun", "0.8.37")
    assert found["ballot_repeat"] == found["job_single"] == 1_001
    assert found["idea_to_campaign_ratio"] == found["transfer_ratio"] == 0.3337
    assert found["acts"][0] == {
        "act": "idea.post",
        "first": 2_000,
        "steady": 1_001,
        "floor": KNOWN["act"]["idea.post"]["floor"],
        "openzeppelin": 3_000,
    }


def test_what_has_nothing_to_compare_is_null(cells: measure_gas.Cells) -> None:
    cells["ballot.ten"] = {"steady": 7}
    acts = measure_gas.result(cells, KNOWN, COMPILER).model_dump(mode="json")["acts"]
    [ten] = [one for one in acts if one["act"] == "ballot.ten"]
    assert ten == {"act": "ballot.ten", "first": 7, "steady": 7, "floor": None, "openzeppelin": None}


def test_an_act_that_nobody_named_ends_the_run(cells: measure_gas.Cells) -> None:
    del cells["job"]
    with pytest.raises(SystemExit, match="job"):
        measure_gas.result(cells, KNOWN, COMPILER)


def test_a_bound_that_is_not_met_is_told(cells: measure_gas.Cells) -> None:
    assert measure_gas.problems(cells, KNOWN) == ["from idea to campaign, ratio: 0.3337, at most 0.2400"]
    cells["campaign.idea"]["openzeppelin"] = 10_000
    assert measure_gas.problems(cells, KNOWN) == []
    cells["ballot.cast"]["steady"] = 53_001
    assert measure_gas.problems(cells, KNOWN) == ["ballot of one choice, repeat voter: 53,001, at most 53,000"]


def test_what_was_recorded_is_within_its_bounds() -> None:
    assert measure_gas.problems(measure_gas.recorded(), KNOWN) == []


def test_tables_are_read_as_they_were_written(
    cells: measure_gas.Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cells["ballot.ten"]["openzeppelin"]
    page = tmp_path / "gas.md"
    page.write_text("before\n<!-- acts -->\nold\n<!-- end -->\nafter\n<!-- growth -->\n<!-- end -->\n")
    monkeypatch.setattr(measure_gas, "PAGE", page)
    page.write_text(measure_gas.with_table(page.read_text(), "acts", measure_gas.table_of_acts(cells, KNOWN)))
    assert measure_gas.recorded() == cells
    assert page.read_text().startswith("before\n<!-- acts -->\n| act |")
    assert page.read_text().endswith("<!-- end -->\nafter\n<!-- growth -->\n<!-- end -->\n")


def test_growth_is_sorted_and_judged() -> None:
    found = measure_gas.series({"b (flat)": {"1000": 1_031, "10": 1_000}, "a": {"1": 1, "2": 2}})
    assert [one.name for one in found.series] == ["a", "b"]
    assert found.model_dump(mode="json")["series"][1] == {
        "name": "b",
        "is_flat": True,
        "ratio": 1.031,
        "points": [{"n": 10, "gas": 1_000}, {"n": 1_000, "gas": 1_031}],
    }
    assert measure_gas.steep(found) == ["b: 1.0310 times the least, at most 1.03"]
    assert "| b | 10: 1,000 · 1,000: 1,031 | 1.0310 | flat |" in measure_gas.table_of_growth(found)


def test_nothing_is_recorded_where_measuring_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure_gas, "_run", lambda *_: False)
    assert measure_gas.main([]) == 1
    assert "nothing is recorded" in capsys.readouterr().err


def test_writes_and_judges(cells: measure_gas.Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "gas.md"
    page.write_text(measure_gas.PAGE.read_text("utf-8"))
    (tmp_path / "brownie-config.yaml").write_text(json.dumps({"compiler": COMPILER}))
    for name, value in {"ROOT": tmp_path, "PAGE": page, "CELLS": tmp_path / "cells.json"}.items():
        monkeypatch.setattr(measure_gas, name, value)

    def run(*_: Any) -> bool:
        measure_gas.keep(cells)
        return True

    monkeypatch.setattr(measure_gas, "_run", run)
    assert measure_gas.main([]) == 1  # the ratio
    cells["campaign.idea"]["openzeppelin"] = 10_000
    assert measure_gas.main([]) == 0
    first = (tmp_path / "build" / "gas.json").read_text("utf-8"), page.read_text("utf-8")
    assert measure_gas.main([]) == 0
    assert ((tmp_path / "build" / "gas.json").read_text("utf-8"), page.read_text("utf-8")) == first
    assert json.loads(first[0])["idea_to_campaign_ratio"] == 0.1001
