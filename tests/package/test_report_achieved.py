"""What a report says of goals and results, and the ways around it, from a made-up history: no chain, no browser."""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from dmo.capabilities.achieved import ACHIEVED, achieved
from dmo.capabilities.history import History
from dmo.core.digests import digest as hashed
from dmo.core.kinds import plain
from dmo.faces.fonts import face
from dmo.faces.html import PICTURES, render_page
from dmo.faces.sheets import SHEETS
from dmo.faces.timelines import NARROW, WIDE
from dmo.faces.told import Told
from dmo.home.documents import read_document
from tests.support import past
from tests.support.pages import parsed, text_of


@pytest.fixture(scope="module")
def told(history: History) -> Told:
    return Told(history, past.NAMES)


@pytest.fixture(scope="module")
def page(history: History) -> str:
    return render_page(history, past.NAMES, "Tidepool")


def test_every_number_is_defined_once(page: str, told: Told) -> None:
    """The picture's bonds are those of the books: put up, and what became of them adds up."""
    assert "Bonds: put up 100 = paid back 40 + held 50 + moved to the first book 10 USDX" in page
    label = ElementTree.fromstring(PICTURES["money_flow"](told, None, WIDE)).attrib["aria-label"]
    assert "Bonds: 100" in label
    earned = sum(row["earned"] for row in SHEETS["people"](told, None))
    assert f"<b>{told.show('earned', earned)}</b>" in page


def test_says_what_was_achieved(page: str, told: Told) -> None:
    first, second = SHEETS["goals"](told, None)
    assert (first["baseline"], first["target"], first["value"], first["state"]) == (30, 450, 512, "reached")
    assert told.show("way", first["way"]) == "115 %"
    # All that the campaign paid, 1,500 and 500 and 260, for 482 families more; 2,600 for 420 was the plan.
    assert [told.show("unit_cost", first[key]) for key in ("unit_cost", "unit_cost_planned")] == [
        "4.688797",
        "6.190476",
    ]
    assert (second["state"], second["value"], second["unit_cost"]) == ("none", None, None)
    label = ElementTree.fromstring(PICTURES["goals"](told, None, NARROW)).attrib["aria-label"]
    assert "nelayan: 512 of 450, goal reached; 厦门赶海人的水质日记: no lessons yet" in label
    assert "512 of 450 · 4.69 USDX each" in page
    assert "<b>1 of 1</b>goals reached" in page


def test_shows_every_field_of_a_document(page: str) -> None:
    for field in ("Meant for", "Audience", "Goal", "Stands on", "Answers the need", "Result", "As a number", "No more"):
        assert f'<dt lang="en">{field}</dt>' in page
    assert "rumah tangga nelayan di Makassar yang mengenal arti tiga warna di peta</span>: from 30 to 450 by" in page
    assert "<dd>512</dd>" in page
    assert "Datang pukul empat pagi" in page


def _lesson(text: str) -> History:
    """The sample with other lessons of the first campaign, which may be any document."""
    history = past.sample()
    raw = text.encode()
    return replace(history, documents={**history.documents, past.digest(9): read_document(raw, hashed(raw))})


_LESSON = "---\nkind: lesson\ntitle: T\nlang: en\nresult: some\nrepeat: a\navoid: b\n{}---\nText\n"


@pytest.mark.parametrize(
    ("value", "state", "way", "each"),
    [
        ("value: 240", "short", "50 %", "10.76"),
        ("value: 30", "short", "0 %", ""),
        ("value: 9", "short", "−5 %", ""),
        ("value: 1.0e+300", "reached", "2.38E+299 %", "0"),
        ("value: " + "9" * 300, "reached", "2.38E+299 %", "0"),
        ("x: 1", "unknown", "", ""),
    ],
)
def test_measures_any_number_that_lessons_hold(value: str, state: str, way: str, each: str) -> None:
    told = Told(_lesson(_LESSON.format(f"{value}\n")), {}, is_coarse=True)
    row = next(SHEETS["goals"](told, None))
    assert (row["state"], told.show("way", row["way"]), told.show("unit_cost", row["unit_cost"])) == (state, way, each)
    parsed(render_page(told.history, {}))
    json.dumps(plain([ACHIEVED], list(achieved(told.history))), allow_nan=False)


def test_a_goal_may_be_to_have_less() -> None:
    raw = past.read("ideas/1-komik-laut").raw
    raw = raw.replace(b"baseline: 30", b"baseline: 500").replace(b"target: 450", b"target: 100")
    history = _lesson(_LESSON.format("value: 300\n"))
    idea = read_document(raw, hashed(raw))
    told = Told(replace(history, documents={**history.documents, past.digest(1): idea}), {}, is_coarse=True)
    row = next(SHEETS["goals"](told, None))
    assert (told.show("way", row["way"]), told.show("unit_cost", row["unit_cost"])) == ("50 %", "11.3")


def test_lessons_of_another_kind_say_nothing_of_goals() -> None:
    text = "---\nkind: reason\ntitle: T\nlang: en\nvalue: [1]\ngoal: 7\ncites: {a: 1}\n1: 2\n---\nText\n"
    history = _lesson(text)
    page = render_page(
        replace(history, documents=dict.fromkeys(history.documents, history.documents[past.digest(9)])), {}
    )
    parsed(page)
    assert "What it achieved" in page
    assert 'aria-label="Goals and results: ' not in page  # nothing to draw


def test_tells_how_it_was_said_that_work_is_paid() -> None:
    history = past.sample()
    read = {past.digest(12): past.read("briefs/video"), past.digest(11): past.read("evidence/s3-video")}
    told = Told(replace(history, documents={**history.documents, **read}), {})
    asked = [row["asked"] for row in SHEETS["disclosures"](told, None)]
    assert asked
    assert all(asked)


@pytest.mark.parametrize(
    ("paid", "label", "caption"),
    [
        ({93: 6000}, "Came in: CampaignEscrow: 5,000; Gifts: 500", "Paid into the pool: CampaignEscrow: 6,000."),
        ({1: 4000, 92: 2000}, "Came in: The pool: 5,000", "Paid into the pool: Ayu Lestari: 4,000, IdeaBoard: 2,000."),
    ],
)
def test_names_who_paid_in(history: History, paid: dict[int, int], label: str, caption: str) -> None:
    """Whoever paid in is named by the event's sender, be it the treasury or the founder."""
    sums = {("PoolDeposited", past.address(who)): units * past.USD for who, units in paid.items()}
    page = render_page(replace(history, sums={**history.sums, ("PoolDeposited",): 5000 * past.USD, **sums}), past.NAMES)
    assert label in page
    assert caption in page
    assert "reasury" not in page[page.index("<h1") :]


def test_a_legend_names_what_the_picture_shows(page: str) -> None:
    for figure in re.findall(r"<figure>.*?</figure>", page, re.S):
        legend, picture = figure.split("</ul>")[0], figure[figure.find('<div class="wide">') :]
        for kind in re.findall(r"#p-(\w+)", legend):
            assert f"#p-{kind})" in picture


# ── ways around ────────────────────────────────────────────────────────────────────────────────


def test_every_link_leads_somewhere(page: str) -> None:
    marks = re.findall(r' id="([^"]+)"', page)
    assert len(marks) == len(set(marks))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(marks)
    sections = re.findall(r'<h2 id="([^"]+)"', page)
    assert re.findall(r'href="#([^"]+)"', page[page.index("<nav") : page.index("</nav>")]) == sections
    assert {"idea-1-1", "lessons-1", f"who-{past.CITRA}"} <= links


def test_shows_everybodys_own_part(page: str, told: Told) -> None:
    part = page[page.index(f'id="who-{past.CITRA}"') :]
    text = text_of(part[: part.index("</details>")])
    for words in ("handed in Submission 1: rejected, reworked", "was paid for work", "1,500", "won in a dispute"):
        assert words in text
    assert len(told.doers()) == len(re.findall(r'id="who-', page))


def test_payments_lead_to_the_explorer_of_the_chain(history: History) -> None:
    dmo = replace(history.dmo, chain_id=11155111)
    dmo.__dict__.update(votes_token=history.dmo.votes_token, budget_token=history.dmo.budget_token)
    page = render_page(replace(history, dmo=dmo), past.NAMES)
    assert '<a href="https://sepolia.etherscan.io/tx/0x20"><code>' in page
    assert f'<a href="https://sepolia.etherscan.io/address/{past.address(93)}">' in page


# ── letters ────────────────────────────────────────────────────────────────────────────────────


def test_a_page_brings_the_chinese_letters_that_it_holds(page: str, history: History) -> None:
    [raw] = re.findall(r'src:url\(data:font/woff;base64,([^)]+)\) format\("woff"\)', page)
    font = TTFont(io.BytesIO(b64decode(raw)))
    letters = {letter for letter in page if "\u4e00" <= letter <= "\u9fff"}
    assert len(letters) > 100
    assert {*map(ord, letters)} <= set(font.getBestCmap())
    assert len(raw) < 200_000
    assert page == render_page(history, past.NAMES, "Tidepool")  # the same bytes each time
    latin = render_page(History(history.dmo, history.block, history.now, history.began), {})
    assert "@font-face" not in latin


def test_letters_that_the_font_has_not_do_no_harm() -> None:
    assert face("abc") == ""
    assert face("\u9fff\ua000") == ""
    assert face("厦\u9fff").startswith("@font-face{")
