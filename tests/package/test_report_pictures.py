"""The report's pictures and tables, from a made-up history: no chain, no browser."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from dmo.capabilities.ends import Ruling
from dmo.capabilities.history import HeardJuror, History
from dmo.faces.html import PICTURES
from dmo.faces.sheets import SHEETS, closing_views, story
from dmo.faces.svg import Drawing, cut
from dmo.faces.terminal import Screen
from dmo.faces.timelines import NARROW, WIDE, trial_time, trial_votes
from dmo.faces.told import Told
from tests.support import past


@pytest.fixture(scope="module")
def told(history: History) -> Told:
    return Told(history, past.NAMES)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────


def test_pictures_are_well_formed(told: Told) -> None:
    history = told.history
    abouts = {"votes": history.rounds, "trial": history.disputes}
    for name, draw in PICTURES.items():
        for about in abouts.get(name, (None,)):
            for width in (WIDE, NARROW):
                roots = ElementTree.fromstring(f"<div>{draw(told, about, width)}</div>")
                assert len(roots)
                # What leads somewhere is no image: nothing in an image can be followed.
                for root in roots:
                    assert root.attrib["role"] == ("img" if root.find(".//a") is None else "group")
                    assert root.attrib["viewBox"].startswith(f"0 0 {width} ")


def test_money_flow_conserves_money(history: History) -> None:
    for one in history.campaigns:
        given, *gone = history.spent[one.campaign].values()
        assert sum(gone) == one.ask + given
    assert [*history.spent[1].values()] == [n * past.USD for n in (500, 1500, 500, 260, 840)]
    put_up, *gone = history.bonds.values()
    assert sum(gone) == put_up


def test_money_flow_says_where_bonds_and_disputes_went(told: Told) -> None:
    label = ElementTree.fromstring(PICTURES["money_flow"](told, None, WIDE)).attrib["aria-label"]
    for words in ("Bonds: 100", "Jurors: 5", "Won in disputes: 5", "Bonds returned: 40"):
        assert words in label
    assert "Bonds still held: 40" in label


def test_tells_the_steps_of_a_dispute_in_order(told: Told) -> None:
    found = list(SHEETS["steps"](told, told.history.disputes[0]))
    assert [step["what"] for step in found] == [
        "Citra Wulandari contests",
        "Ayu Lestari upholds",
        "Ayu Lestari gives evidence",
        "Oskar Lund gives evidence",
        "2 jurors commit",
        "2 jurors reveal",
        "ruling: pay",
        "settled, work paid",
    ]
    assert [len(step["moments"]) for step in found] == [1, 1, 1, 1, 2, 2, 1, 1]


def test_a_dispute_with_many_papers_and_jurors_stays_small(history: History) -> None:
    one = history.disputes[0]
    crowd = [HeardJuror(past.address(200 + n), one.opened_at, one.commit_until, Ruling.PAY, n + 1) for n in range(60)]
    big = replace(history, papers={1: [*history.papers[1]] * 20}, jurors={1: crowd})
    told = Told(big, {})
    marks = ElementTree.fromstring(trial_time(told, one, WIDE)).attrib["aria-label"]
    assert marks.count(";") == 13
    assert "more, see the table" in marks
    assert "settled" in marks
    assert "52 others" in trial_votes(told, one, WIDE)


def test_says_who_got_what(told: Told) -> None:
    one = told.history.disputes[0]
    row = next(SHEETS["disputes"](told, None))
    assert told.show("got", row["got"]).split("\n") == [
        "10 of Citra Wulandari's stake back",
        "10 of the lead's fee to the pool",
        "5 of Ayu Lestari's stake to Citra Wulandari",
        "5 of Ayu Lestari's stake to the jurors",
    ]
    for ruling, end in ((Ruling.PAY, "payees"), (Ruling.REFUSE, "free")):
        assert next(SHEETS["moves"](told, replace(one, ruling=ruling)))["whither"] == end


@pytest.mark.parametrize(
    ("place", "told_of"),
    [
        (0, "rejected reworked accepted disputed rejection_overturned paid"),
        (1, "silent challenged paid"),
        (2, "rejected silent challenged no_ruling released"),
    ],
)
def test_tells_the_story_of_disputed_work(told: Told, place: int, told_of: str) -> None:
    assert story(told, told.history.work[place]) == told_of.split()


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("厦门赶海", 4, "厦门…"), ("ab, cd", 3, "ab…")],
)
def test_cuts_by_columns(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


def test_draws_text_above_everything() -> None:
    drawing = Drawing(10, 10, "a & b")
    drawing.text(1, 1, "<words>", "label")
    drawing.rect(0, 0, 5, 5, "work", "half")
    picture = drawing.render()
    assert picture.index("<rect") < picture.index("<text")
    assert "&lt;words&gt;" in picture
    assert 'aria-label="a &amp; b"' in picture


# ── in a terminal ───────────────────────────────────────────────────────────────────────────────


def test_closing_tables_tell_the_season(history: History) -> None:
    screen, stream = Screen(as_json=False), io.StringIO()
    with redirect_stdout(stream):
        for view in closing_views(history, past.NAMES, {"IdeaBoard.post": [3, 1_000, 20]}):
            screen.view(view)
    said = stream.getvalue()
    for number in ("−360,000", "545,000", "1,500", "1,383.3", "260"):
        assert number in said
    assert re.search(r"1 +Laut Kita, Data Kita: .* 30 +450 +512 +2,260 +4\.69", said)
    assert re.search(r"IdeaBoard.post +3 +3 +20 +1,000", said)
    assert "replaced by an edit" in said
    for words in ("2 jurors", "work, credited", "rejection overturned; jurors: 2 by TIDE"):
        assert words in said
    assert "open; by another arbitrator" in said
    assert f"0x{5:040x} → Ayu Lestari" in said
    reputation = said.split("Reputation (points)")[1].split("Gas per act")[0]
    names = [line.split("  ")[0] for line in reputation.splitlines()[3:] if line.strip()]
    assert names == ["Citra Wulandari", "Ayu Lestari"]  # and nobody who was paid and never earned a point


def test_leaves_out_a_table_without_rows(history: History) -> None:
    views = closing_views(replace(history, disputes=()), {}, {})
    titles = [table.title for view in views for table in view.tables]
    assert "Disputes (USDX)" not in titles
    assert "Payments (USDX)" in titles
    assert "Gas per act" not in titles
