"""Experiments: the plan, the data in its order, and the e-value.

given arms that convert alike
├── no bet is better than fair, counted exactly, whatever was seen before
└── looked at after every pair, at most 5 % of 2,000 claim a difference
given arms that do not
└── it is found, after as many visitors as the page says
given a plan and its data
├── visitors are counted in the plan's order, whatever the file's is
├── what comes after the plan stops is not counted
├── what was not reported counts as nothing
├── what does not fit the plan is refused with its line
└── a hostile arm is text
given a plan
├── one that cannot be read is refused
└── it is registered before it begins, and not after
given plans and findings on the chain
├── what was read is written as a finding, and counts once its plan's publisher has published it
├── what was registered and not reported counts as nothing in the e-value of all
└── nothing counts that is too early, too late, said twice, or somebody else's
"""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.evalues import UNIT, Wager, mean, read_blocks, shown
from dmo.capabilities.experiments import ListExperiments, PlanExperiment, ReadExperiment
from dmo.core.errors import BadInput
from dmo.home.documents import Document, read
from tests.package.test_feeds import HOSTILE
from tests.package.test_voice import ALICE, BOB, NOW, Stage
from tests.support.voice import paper
from tools import measure_experiments

FIELDS = """metric: signs up
arms: [control, other]
begins: 2027-03-31
block: {block}
order: time, id
stops_at: 20
most_blocks: {most}
replications: {replications}
"""
DAY = 1_806_451_200
"""2027-03-31, 00:00 UTC."""


def plan(block: int = 1, most: int = 1000, replications: int = 1, **changed: Any) -> Document:
    fields = FIELDS.format(block=block, most=most, replications=replications)
    for name, value in changed.items():
        fields = re.sub(f"^{name}: .*$", f"{name}: {value}", fields, flags=re.MULTILINE)
    return paper("experiment", "Two posters", fields)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path, monkeypatch)


def answer(stage: Stage, its: Document, *files: str) -> dict[str, Any]:
    Path("experiment.md").write_bytes(its.raw)
    for place, text in enumerate(files):
        Path(f"{place}.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    return dict(ReadExperiment([Path(f"{place}.csv") for place in range(len(files))]).answer(stage([])))


def rows(*visitors: tuple[int, str, str, int], replication: int = 1) -> str:
    lines = [f"{DAY + at},{who},{arm},{has},{replication}" for at, who, arm, has in visitors]
    return "\n".join(["time,id,arm,converted,replication", *lines]) + "\n"


# ── the e-value ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", [1, 3])
def test_no_bet_is_better_than_fair(block: int) -> None:
    """The expectation of a factor, exactly, under every one rate, whatever the blocks before were."""
    for seen in ([], [(block, 0)], [(block, 0)] * 5, [(0, 0)] * 9 + [(0, block)]):
        for rate in (Fraction(place, 10) for place in range(11)):
            expected = Fraction(0)
            for a, b in product(range(block + 1), repeat=2):
                one = Wager(block)
                for before in seen:
                    one.take(*before)
                one.value = UNIT
                chance = comb(block, a) * comb(block, b) * rate ** (a + b) * (1 - rate) ** (2 * block - a - b)
                expected += chance * one.take(a, b)
            assert expected <= UNIT


def test_false_positives_stay_below_five_percent() -> None:
    draw, claimed = random.Random(13).random, 0
    for place in range(2_000):
        rate, one = (0.02, 0.1, 0.3, 0.5)[place % 4], Wager(1)
        for _ in range(150):
            if one.take(draw() < rate, draw() < rate) >= 20 * UNIT:
                claimed += 1
                break
    assert 0 < claimed <= 100


def test_finds_what_the_page_says() -> None:
    page = measure_experiments.PAGE.read_text("utf-8")
    assert measure_experiments.apart_row((0.1, 0.2), 20) in page
    claimed = re.findall(r"^\| \d+% \| .*?% \| (.*?)% \|$", page, re.MULTILINE)
    assert len(claimed) == len(measure_experiments.ALIKE)
    assert all(float(one) <= 5 for one in claimed)


# ── plan and data ───────────────────────────────────────────────────────────────────────────────────


def test_reads_in_the_order_of_the_plan(stage: Stage) -> None:
    visitors = [
        (place // 4, f"v{place:03}", ("control", "other")[place % 2], int(place % 8 in (1, 3, 5, 6)))
        for place in range(80)
    ]
    straight = answer(stage, plan(), rows(*visitors))
    assert straight["e"] > UNIT
    random.Random(1).shuffle(visitors)
    one, other = rows(*visitors[:30]), rows(*visitors[30:])
    for told in (answer(stage, plan(), rows(*visitors)), answer(stage, plan(), one, other)):
        assert told["replications"] == straight["replications"]
    turned = [(80 - at, who, arm, has) for at, who, arm, has in visitors]
    assert answer(stage, plan(), rows(*turned))["e"] != straight["e"]


def test_stops_where_the_plan_stops(stage: Stage) -> None:
    good = [(place, f"{place}{arm}", arm, int(arm == "other")) for place in range(30) for arm in ("control", "other")]
    told = answer(stage, plan(), rows(*good))
    (its,) = told["replications"]
    assert (its["state"], told["said"]) == ("stopped", "the arms convert differently")
    assert its["e"] == read_blocks(1, [[False] * its["blocks"], [True] * its["blocks"]], 20, 1000).value
    assert its["left"] == 60 - 2 * its["blocks"] > 0
    spoiled = [
        (at + (at >= its["blocks"]), who, arm, has if at < its["blocks"] else 1 - has) for at, who, arm, has in good
    ]
    assert answer(stage, plan(), rows(*spoiled))["e"] == its["e"]
    assert answer(stage, plan(most=3), rows(*good))["replications"][0]["state"] == "over"
    assert answer(stage, plan(block=20), rows(*good))["replications"][0]["blocks"] == 1


@pytest.mark.attack("replications that went badly are left out of a report")
def test_unreported_replication_lowers_the_mean(stage: Stage) -> None:
    good = [(place, f"{place}{arm}", arm, int(arm == "other")) for place in range(30) for arm in ("control", "other")]
    alone = answer(stage, plan(), rows(*good))["e"]
    for registered in (2, 5):
        told = answer(stage, plan(replications=registered), rows(*good, replication=2))
        assert told["e"] == alone // registered
        assert [one["state"] for one in told["replications"]].count("unreported") == registered - 1
        assert told["reported"] == 1
    assert told["said"] == "not known yet"
    bad = [(place, f"{place}{arm}", arm, place % 2) for place in range(30) for arm in ("control", "other")]
    honest = answer(stage, plan(replications=2), rows(*good), rows(*bad, replication=2))
    assert honest["e"] > alone // 2
    assert mean([], 3) == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"{DAY - 1},v1,control,1,1", "before the plan's 2027-03-31"),
        (f"{DAY},v0,control,1,1", "stands there twice"),
        (f"{DAY},v1,third,1,1", "arm: 'third' is none of them"),
        (f"{DAY},v1,control,perhaps,1", "'perhaps'"),
        (f"{DAY},v1,control,1,2", "is no replication"),
        (f"{DAY},,control,1,1", "empty or too long"),
        ("soon,v1,control,1,1", "time"),
    ],
)
def test_refuses_data_that_do_not_fit_the_plan(stage: Stage, line: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as told:
        answer(stage, plan(), rows((0, "v0", "control", 1)) + line + "\n")
    assert "0.csv:3" in str(told.value)


@pytest.mark.attack("a hostile name of an arm in an experiment")
def test_hostile_arms_are_text(stage: Stage) -> None:
    for text in HOSTILE:
        with pytest.raises(BadInput) as told:
            answer(
                stage, plan(), rows((0, "v0", "control", 1)) + f'{DAY},v1,"{text.replace(chr(34), chr(34) * 2)}",1,1\n'
            )
        assert str(told.value).isprintable()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"arms": "[a]"}, "is empty"),
        ({"arms": "[a, b, c]"}, "arms"),
        ({"arms": "[a, A]"}, "two arms of one name"),
        ({"block": "0"}, "too small"),
        ({"order": "id"}, "none of the possible"),
        ({"stops_at": "1"}, "too small"),
        ({"begins": "soon"}, "not a date"),
    ],
)
def test_refuses_bad_plans(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        plan(**changed)


def test_a_plan_is_registered_before_it_begins(stage: Stage) -> None:
    home = stage([])  # on 2027-01-15, at eight
    with pytest.raises(BadInput, match="begun already"):
        PlanExperiment(plan(begins="2027-01-15")).check(home)
    its = plan(begins="2027-01-16")
    act = PlanExperiment(its)
    act.check(home)
    (step,) = act.steps(home)
    assert step.call.decoded()[1]["text"] == its.raw
    assert shown(20 * UNIT - 1) == "19.99"


# ── what was registered, and what was reported ──────────────────────────────────────────────────────

BEGUN = "2027-01-10"
"""Five days ago, for whoever looks."""
BEGAN = NOW - 10 - 5 * 86_400 - 8 * 3_600


def finding(plan: Document, *e: str, first: int = 1) -> Document:
    rows_ = "".join(f"  - {{replication: {n}, e: '{one}', shown: 40}}\n" for n, one in enumerate(e, first))
    told = f"plan: '{plan.digest.hex()}'\nreplications:\n{rows_}data: {'ab' * 32}\n"
    return paper("finding", f"Finding {first} {e}", told)


def listed(stage: Stage, *told: tuple[int, str, Document]) -> list[dict[str, Any]]:
    """Experiments as they are listed when these documents were published, when and by whom."""
    events = [
        ("DocumentLog.DocumentPublished", {"digest": one.digest, "publisher": who, "text": one.raw})
        for _, who, one in told
    ]
    found = ListExperiments().answer(stage(events, [at for at, *_ in told]))
    return list(found["experiments"])


def test_what_was_read_is_written_as_a_finding(stage: Stage) -> None:
    its = plan(replications=2)
    told = answer(stage, its, rows((0, "v0", "control", 1), (1, "v1", "other", 0)))
    assert (told["reported"], told["file"]) == (1, None)
    read_ = ReadExperiment([Path("0.csv")], out="finding.md")
    assert dict(read_.answer(stage([])))["file"] == "finding.md"
    found = read("finding.md", "finding")
    front: Any = found.front
    assert front.plan == its.digest.hex()
    (row,) = front.replications
    assert (row.replication, row.shown, row.e) == (1, 1, shown(told["replications"][0]["e"], 6))
    assert front.data == [told["files"][0]["sha256"]]
    with pytest.raises(BadInput, match="is already there"):
        read_.answer(stage([]))


def test_what_was_not_reported_counts_as_nothing_of_all(stage: Stage) -> None:
    its = plan(begins=BEGUN, replications=4)
    (one,) = listed(stage, (BEGAN - 9, ALICE, its), (BEGAN, ALICE, finding(its, "60.000000", "30")))
    assert (one["registered"], one["reported"], one["missing"], one["state"]) == (4, 2, 2, "open")
    assert one["e"] == 90 * UNIT // 4
    assert one["said"] == "the arms convert differently"
    view = ListExperiments().view(stage([]))
    assert "No experiment was registered." in view.texts
    (whole,) = listed(
        stage,
        (BEGAN - 9, ALICE, its),
        (BEGAN, ALICE, finding(its, "1", "0.5")),
        (NOW - 1, ALICE, finding(its, "0", "0", first=3)),
    )
    assert (whole["reported"], whole["missing"], whole["state"]) == (4, None, "reported")
    assert whole["said"] == "no difference was found"


def test_the_first_word_of_whoever_registered_it_counts(stage: Stage) -> None:
    its = plan(begins=BEGUN)
    registered = (BEGAN - 1, ALICE, its)
    for told in [
        (BEGAN - 1, ALICE, finding(its, "99")),  # nobody was shown anything yet
        (BEGAN, BOB, finding(its, "99")),  # somebody else's
        (BEGAN, ALICE, finding(its, "99", first=2)),  # of a replication that was not registered
        (BEGAN, ALICE, finding(plan(begins=BEGUN, block=2), "99")),  # of another plan
    ]:
        (one,) = listed(stage, registered, told)
        assert (one["reported"], one["e"], one["state"]) == (0, 0, "open")
    (one,) = listed(
        stage, registered, (BEGAN, ALICE, finding(its, "0.5")), (BEGAN + 1, ALICE, finding(its, "99")), (NOW, BOB, its)
    )
    assert (one["e"], one["by"]) == (UNIT // 2, ALICE)
    (late,) = listed(stage, (BEGAN, ALICE, its), (BEGAN, ALICE, finding(its, "99")))
    assert (late["state"], late["reported"], late["e"], late["missing"]) == ("late", 0, None, None)
    (early,) = listed(stage, (BEGAN, ALICE, plan()))
    assert (early["state"], early["e"], early["missing"]) == ("announced", None, None)
