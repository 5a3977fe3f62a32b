"""Analytics: from idea to outcome, from a made-up history; what rooms tell, where a deployment has them.

the functions
  given a history without rooms -> test_what_is_not_known_is_left_out
  given outcomes and forecasts -> test_forecasts_meet_their_outcomes
  given several campaigns of a metric -> test_what_one_more_cost_is_added_up_by_metric
  given an idea that names a tactic -> test_a_tactic_tells_the_channel
  given several names for a campaign -> test_each_name_counts_once
  given an outcome that is final -> test_a_final_outcome_counts_for_more_than_its_leads_word
  given any pairs -> test_tenths_and_the_brier_score_agree_with_the_pairs
the rooms
  given none, or answers of both -> test_rooms_are_asked_where_they_are
what is shown
  given forecasts that met outcomes -> test_the_picture_shows_every_pair
  given a folder -> test_every_table_is_written
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmo.capabilities import analytics, appraised, ledger
from dmo.capabilities.analysing import ANALYTICS, Analytics, analysed
from dmo.capabilities.analytics import ONE, Foreseen
from dmo.capabilities.history import Appraised, History
from dmo.core import explain, kinds
from dmo.faces.html import PICTURES, Page, render_page, render_sections
from dmo.faces.timelines import NARROW, WIDE
from dmo.faces.told import Told
from tests.support import past
from tests.support.voice import paper


def test_what_is_not_known_is_left_out(history: History) -> None:
    history = replace(history, appraised=Appraised())
    found = analysed(history)
    steps = {one["step"]: one["count"] for one in found["funnel"]}
    assert steps == {"posted": 4, "passed": 3, "funded": 2, "paid": 2, "taught": 1, "measured": 1}
    assert [one["share"] for one in found["funnel"]][:2] == [None, 7_500]
    assert (found["foreseen"], found["brier"], found["calibrated"]) == ([], None, None)
    assert {one["outcome"] for one in found["leads"]} == {None}
    # Everything has its kind, so that JSON and its schema agree.
    assert set(kinds.plain(ANALYTICS, found)) == set(found) | {"folder"}
    assert "calibration" not in str(render_sections(Page(history, past.NAMES), ["calibration"]))


def test_forecasts_meet_their_outcomes(history: History) -> None:
    found = analysed(history)
    assert [(one["step"], one["count"]) for one in found["funnel"]][-2:] == [("judged", 2), ("reached", 1)]
    assert [(one["forecast"], one["outcome"], one["off"]) for one in found["foreseen"]] == [
        (620_000, ONE, 380_000),
        (900_000, 100_000, -800_000),
    ]
    assert found["brier"] == (380_000**2 + 800_000**2) // (2 * ONE)
    assert [one["outcome"] for one in found["leads"]] == [ONE, 100_000]


def test_what_one_more_cost_is_added_up_by_metric(history: History) -> None:
    first, second = analytics.costs(replace(history, appraised=Appraised()))
    assert (first["campaigns"], first["gained"]) == (1, 482.0)
    assert (first["unit_cost"], first["unit_cost_planned"]) == (4_688_797, 6_190_476)
    assert first["per_thousand"] == 213.2743  # at 4.688797 each
    assert (second["unit_cost"], second["gained"], second["spent"]) == (None, None, None)
    one = history.campaigns[0]
    (whole,) = analytics.costs(replace(history, campaigns=[one, replace(one, campaign=2)], appraised=Appraised()))
    # The second says no result yet: it is in the plan, and in no price.
    assert (whole["campaigns"], whole["unit_cost"], whole["unit_cost_planned"]) == (2, 4_688_797, 6_190_476)


def test_a_final_outcome_counts_for_more_than_its_leads_word(history: History) -> None:
    goal = {"baseline": 0, "target": 400, "value": 482}
    for ppm, value in [(None, 482), (ONE, 482), (ONE - 20_000, 482), (600_000, 240), (0, 0)]:
        assert analytics.reached(goal, ppm) == value
    assert analytics.reached({**goal, "value": None}, 600_000) == 240
    assert analytics.reached({**goal, "value": None}, None) is None
    first, second = analytics.costs(history)
    assert first["gained"] == 482.0
    assert second["spent"]
    assert second["unit_cost"] == round(second["spent"] / second["gained"])


def test_a_tactic_tells_the_channel(history: History) -> None:
    tactic = paper("tactic", "Films", "audience: [user]\nchannel: video\nhow: briefly\n")
    one = history.campaigns[0]
    its = history.ideas[one.round, one.number].digest
    goal = "goal: {metric: readers, baseline: 0, target: 9, date: 2027-06-30}\n"
    named = paper("idea", "Films", f"objective: awareness\naudience: [user]\n{goal}tactic: '3'\n")
    known = {**history.documents, its: named, tactic.digest: tactic}
    found = replace(history, documents=known, tactics={3: tactic.digest})
    assert analytics.channels(found) == {1: "video"}
    assert [(row["name"], row["campaigns"]) for row in analysed(found)["channels"]] == [("video", 1)]
    assert analytics.channels(replace(found, tactics={})) == {}


def test_each_name_counts_once(history: History) -> None:
    (row,) = analytics.brought(history, lambda row: ["a", "a"])
    assert (row["campaigns"], row["reached"], row["outcome"]) == (2, 1, 550_000)
    assert row["spent"] == sum(
        sum(history.spent[n][key] for key in ("work_paid", "gift_paid", "fee_paid")) for n in (1, 2)
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, ONE), st.integers(0, ONE)), max_size=30))
def test_tenths_and_the_brier_score_agree_with_the_pairs(pairs: list[tuple[int, int]]) -> None:
    found = [Foreseen(place, 1, place, *pair) for place, pair in enumerate(pairs)]
    rows = analytics.tenths(found)
    assert sum(row["count"] for row in rows) == len(pairs)
    for row in rows:
        assert row["first"] <= row["forecast"] < row["first"] + ONE // 10 or row["forecast"] == ONE
    if pairs:
        exact = sum((a - b) ** 2 for a, b in pairs) / len(pairs) / ONE
        score = analytics.brier(found)
        assert score is not None
        assert exact - 1 < score <= exact


# ── the rooms ───────────────────────────────────────────────────────────────────────────────────


def test_rooms_are_asked_where_they_are() -> None:
    """By a home that answers for both; a deployment without them is asked nothing."""
    other = explain.refused("OutcomesOtherBoard", {"campaign": 4})
    answers = {1: (2, 700_000, ""), 2: (1, 0, ""), 3: (3, 0, ""), 4: other}
    events = [
        ("ForecastSponsored", {"round": 1, "number": 4, "ppm": 500_000}),
        ("ForecastMoved", {"round": 1, "number": 4, "toPpm": 640_000}),
        ("ForecastSponsored", {"round": 2, "number": 1, "ppm": 10}),
    ]
    home: Any = SimpleNamespace(
        dmo=SimpleNamespace(addresses={"Outcomes": "0x", "Forecasts": "0x"}),
        facts=lambda kind: dict.fromkeys(answers),
        reading=lambda contract, view, campaign: campaign,
        snapshot=SimpleNamespace(try_read=lambda reads: [answers[one] for one in reads]),
        events=lambda *names: [
            SimpleNamespace(name=name, arguments=its, block=place, index=0)
            for place, (name, its) in enumerate(events)
            if f"Forecasts.{name}" in names
        ],
    )
    found = appraised.appraised(home)
    assert found == Appraised(True, True, {1: 700_000}, {(1, 4): 640_000})  # nobody moved the other
    assert appraised.appraised(SimpleNamespace(dmo=SimpleNamespace(addresses={}))) == Appraised()  # type: ignore[arg-type]


# ── what is shown ───────────────────────────────────────────────────────────────────────────────


def test_the_picture_shows_every_pair(history: History) -> None:
    for width in (WIDE, NARROW):
        drawn = ElementTree.fromstring(PICTURES["calibration"](Told(history, past.NAMES), None, width))
        label = drawn.attrib["aria-label"]
        assert "62% expected, 100% came" in label
        assert "90% expected, 10% came" in label
        marks = [one for one in drawn.iter() if one.tag.endswith("use")]
        assert len(marks) == 2
        across = [float(one.attrib["x"]) for one in marks]
        down = [float(one.attrib["y"]) for one in marks]
        assert across[0] < across[1]
        assert down[0] < down[1]
        assert max(across) < width
    section = str(render_sections(Page(history, past.NAMES), ["calibration"]))
    assert section.count("-80%") == 1
    assert "What was foreseen" in render_page(history, past.NAMES)


def test_every_table_is_written(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "read_history", lambda home: history)
    for _ in range(2):  # again, in their place
        found = Analytics(str(tmp_path / "out")).answer(None)  # type: ignore[arg-type]
    written = {file.name for file in (tmp_path / "out").iterdir()}
    tables = {name for name, shape in ANALYTICS.items() if isinstance(shape, list)}
    assert written == {f"{name}.csv" for name in tables} | {"analytics.json"}
    whole = json.loads((tmp_path / "out/analytics.json").read_text("utf-8"))
    assert whole["brier"] == found["brier"]
    rows = list(csv.DictReader((tmp_path / "out/foreseen.csv").read_text("utf-8").splitlines()))
    assert [row["off"] for row in rows] == ["380000", "-800000"]
