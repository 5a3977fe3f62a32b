"""The report's page, from a made-up history: no chain, no browser."""

from __future__ import annotations

import io
import json
import re
import time
from base64 import b64decode
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from dmo.capabilities.achieved import ACHIEVED, achieved
from dmo.capabilities.ends import Ruling, Settlement
from dmo.capabilities.history import HeardJuror, History
from dmo.core.digests import digest as hashed
from dmo.core.kinds import plain
from dmo.faces.fonts import face
from dmo.faces.html import PICTURES, prose, render_page
from dmo.faces.sheets import SHEETS, closing_views, story
from dmo.faces.svg import Drawing, cut
from dmo.faces.terminal import Screen
from dmo.faces.timelines import NARROW, WIDE, trial_time, trial_votes
from dmo.faces.told import Told
from dmo.home.documents import read_document
from tests.support import past

EVIL = '"><script>alert(1)</script>{deposited}'


@pytest.fixture(scope="module")
def history() -> History:
    return past.sample()


@pytest.fixture(scope="module")
def told(history: History) -> Told:
    return Told(history, past.NAMES)


@pytest.fixture(scope="module")
def page(history: History) -> str:
    return render_page(history, past.NAMES, "Tidepool")


def _text(html: str) -> str:
    """What stands on a page, without its marks."""
    return re.sub(r"<[^>]+>", "", html)


class _Balance(HTMLParser):
    """Checks that every element is closed by its own tag, and keeps what there is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _parsed(page: str) -> _Balance:
    checker = _Balance()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker


def test_page_asks_nobody_for_anything(page: str) -> None:
    assert not re.findall(r"<script|<link|<iframe|@import|src=|url\((?!#|data:font/woff;base64,)|https?://", page)
    assert not re.findall(r'href="(?!#)', page)  # this chain has no explorer


def test_page_closes_every_element(page: str) -> None:
    _parsed(page)


def test_every_picture_has_words_and_a_table(page: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", page, re.S)
    assert len(figures) == 8
    for figure in figures:
        assert re.search(r'<div class="wide"><svg[^>]* role="(img|group)" aria-label="[^"]{20,}"', figure)
        assert re.search(r'<div class="narrow"><svg[^>]* role="(img|group)" aria-label="[^"]{20,}"', figure)
        assert "<details><summary>The same as a table" in figure
        assert "<table" in figure


def test_tables_say_on_narrow_screens_what_each_cell_is(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.S):
        labels = re.findall(r'<th role="columnheader"[^>]*>([^<]+)</th>', table)
        for row in re.findall(r'<tr role="row">(<td.*?)</tr>', table):
            assert re.findall(r'data-label="([^"]+)"', row) == labels


def test_every_fill_and_mark_is_defined(page: str) -> None:
    defined = set(re.findall(r'id="([pm]-\w+)"', page))
    used = set(re.findall(r'(?:url\(#|href="#)([pm]-\w+)', page))
    assert used
    assert used <= defined
    style = page[: page.index("</style>")]
    drawn = re.findall(r'<(?:path|use)[^>]* class="([\w -]+)"', page)
    classes = {name for text in drawn for name in text.split()}
    assert {name for name in classes if f".{name}" not in style} == set()


def test_no_placeholder_and_no_key_is_left(page: str) -> None:
    text = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    assert not re.findall(r"\{\w+\}|did_not|_overturned|None", text)


def test_documents_are_marked_with_their_language(page: str) -> None:
    assert '<span lang="zh-Hans">厦门赶海人的水质日记</span>' in page
    assert '<details lang="id"><summary>Laut Kita, Data Kita: pelajaran' in page


def test_names_people_and_writes_strangers_out(page: str) -> None:
    assert "Citra Wulandari" in page
    assert "0x" + "0" * 39 + "5" in page


def test_sums_up_the_season(page: str) -> None:
    assert "They posted 4 ideas and voted 2 of them a budget. 1 of 1 reached their goals. 4 people were paid." in page
    assert "by votes, by deadlines, by juries, and by whoever" in page
    assert "<b>12</b>ballots with 41 choices" in page
    assert "<b>2,770</b>USDX earned by 2 pieces of work, 1 leads, and in disputes" in page
    assert "by 12 holders. Together they held 41.2 % of all votes. 5,000 of 9,000 USDX assigned, the round" in page
    assert "received 6,510 = paid out 2,770 + sent back 0 + held 3,740 USDX" in page


def test_every_number_is_defined_once(page: str, told: Told) -> None:
    """The picture's bonds are those of the books: put up, and what became of them adds up."""
    assert "Bonds: put up 100 = paid back 40 + held 50 + moved to the first book 10 USDX" in page
    label = ElementTree.fromstring(PICTURES["money_flow"](told, None, WIDE)).attrib["aria-label"]
    assert "Bonds: 100" in label
    earned = sum(row["earned"] for row in SHEETS["people"](told, None))
    assert f"<b>{told.show('earned', earned)}</b>" in page


def test_shows_every_outcome_of_an_idea(page: str) -> None:
    for words in ("funded", "did not pass", "passed, did not fit", "replaced by an edit"):
        assert words in page
    assert '<span class="tag">builds on 1/1</span>' in page
    assert '<span class="tag">new version of 1/4</span>' in page


def test_shows_what_happened_to_work(page: str) -> None:
    assert "rejected, reworked, accepted, contested and upheld, rejection overturned, paid" in page
    assert "accepted by silence, challenged, paid" in page
    assert "no ruling, released unpaid" in page
    assert "10 USDX of all this wait as credits" in page


def test_shows_both_sides_of_a_dispute(page: str) -> None:
    section = page[page.index('id="dispute-1"') : page.index('id="dispute-2"')]
    text = _text(section)
    assert 'Outcome: <span class="tag yes">rejection overturned</span>' in section
    assert "by TIDE they held when the round began" in section
    sides = re.findall(r"<h4>([^<]+)</h4>", section)
    assert sides == ["For the work", "Against it", "Others", "What moved, 3 Apr 2026"]
    for words in ("Citra Wulandari, statement", "Ayu Lestari, the rejection", "not published"):
        assert words in section
    assert "Laut Kita, Data Kita: pelajaran" in section
    assert "Ayu Lestari upholds it, with as much." in text
    assert "Citra Wulandari&#x27;s stake" in text or "Citra Wulandari's stake" in text


def test_shows_a_dispute_that_another_arbitrator_rules(page: str) -> None:
    section = page[page.index('id="dispute-2"') : page.index('id="dispute-3"')]
    assert f"Another arbitrator rules: 0x{0x5F:040x}" in _text(section)
    assert 'Outcome: <span class="tag">open</span>' in section
    assert "Revealed weight" not in section
    assert "What moved" not in section


def test_shows_who_committed_and_did_not_reveal(page: str) -> None:
    section = page[page.index('id="dispute-3"') : page.index('id="points"')]
    assert 'Outcome: <span class="tag">no ruling</span>' in section
    assert "Oskar Lund committed and has not revealed." in section
    assert "no ruling in time" not in section  # that of the jury counts when its reveals have ended


# ── what was achieved ──────────────────────────────────────────────────────────────────────────


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
    _parsed(render_page(told.history, {}))
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
    _parsed(page)
    assert "What it achieved" in page
    assert 'aria-label="Goals and results: ' not in page  # nothing to draw


def test_tells_how_it_was_said_that_work_is_paid() -> None:
    history = past.sample()
    read = {past.digest(12): past.read("briefs/video"), past.digest(11): past.read("evidence/s3-video")}
    told = Told(replace(history, documents={**history.documents, **read}), {})
    asked = [row["asked"] for row in SHEETS["disclosures"](told, None)]
    assert asked
    assert all(asked)


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
    text = _text(part[: part.index("</details>")])
    for words in ("handed in Submission 1: rejected, reworked", "was paid for work", "1,500", "won in a dispute"):
        assert words in text
    assert len(told.doers()) == len(re.findall(r'id="who-', page))


def test_payments_lead_to_the_explorer_of_the_chain(history: History) -> None:
    dmo = replace(history.dmo, chain_id=11155111)
    dmo.__dict__.update(votes_token=history.dmo.votes_token, budget_token=history.dmo.budget_token)
    page = render_page(replace(history, dmo=dmo), past.NAMES)
    assert '<a href="https://sepolia.etherscan.io/tx/0x20"><code>' in page
    assert f'<a href="https://sepolia.etherscan.io/address/{past.address(93)}">' in page


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


# ── strangers' texts ────────────────────────────────────────────────────────────────────────────


def test_escapes_what_strangers_published(history: History) -> None:
    head = f"kind: reason\ntitle: '{EVIL}'\nlang: en\n"
    raws = [f"---\n{head}---\n{EVIL}".encode(), EVIL.encode(), b"\xff" + EVIL.encode()]
    clean = _parsed(render_page(history, past.NAMES))
    for raw in raws:
        document = read_document(raw, hashed(raw))
        documents = dict.fromkeys(history.documents, document)
        hostile = render_page(replace(history, documents=documents), {past.AYU: EVIL}, EVIL)
        found = _parsed(hostile)
        assert "script" not in found.seen
        assert "&lt;script" in hostile
        assert "{deposited}" in hostile
        assert ("(unreadable, because" in hostile) is (raw is not raws[0])
        assert found.attributes == clean.attributes
        assert found.seen["h2"] == clean.seen["h2"]


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "<script>alert(1)</script>",
        "</div></details></main>",
        "[x](javascript:alert(1))",
        "[x](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "<https://evil.example>",
        "[x]: https://evil.example\n\n[x]",
        "&#x202e;x",
        "&lt;script&gt;",
        '``` " onclick="x\ncode\n```',
        "<!-- x",
        "- x\n\n  </ul>",
    ],
)
def test_markdown_writes_nothing_but_text(text: str) -> None:
    html = str(prose(text))
    checker = _parsed(html)
    allowed = {"p", "ul", "ol", "li", "h5", "strong", "em", "code", "pre", "blockquote"}
    assert set(checker.seen) <= allowed
    assert checker.attributes <= {"class"}
    assert "\u202e" not in html


def test_hides_nothing_that_strangers_wrote(history: History) -> None:
    raw = "A\u202ereversed\u200bhidden".encode()
    documents = dict.fromkeys(history.documents, read_document(raw, hashed(raw)))
    page = render_page(replace(history, documents=documents), {past.AYU: "A\u202eyu"})
    assert not re.findall("[\u202a-\u202e\u2066-\u2069\u200b]", page)


@pytest.mark.parametrize("text", ["[", "*a ", "> ", "- ", "`", "_*", "#", "<", "![[", "\\", "(["])
def test_markdown_takes_a_bounded_time(text: str) -> None:
    began = time.process_time()
    _parsed(str(prose(text * (16 * 1024 // len(text)))))
    assert time.process_time() - began < 2


def test_prose_knows_headings_lists_and_bold() -> None:
    html = str(prose("# Title\n\nOne **two**\nthree\n\n- first\n  goes on\n- <b>second</b>\n"))
    assert html == (
        "<h5>Title</h5>\n<p>One <strong>two</strong>\nthree</p>\n"
        "<ul>\n<li>first\ngoes on</li>\n<li>&lt;b&gt;second&lt;/b&gt;</li>\n</ul>\n"
    )


# ── pictures ────────────────────────────────────────────────────────────────────────────────────


def test_renders_a_dmo_that_has_done_nothing(history: History) -> None:
    page = render_page(History(history.dmo, history.block, history.now, history.began), {})
    _parsed(page)
    assert "<h1>Nothing is decided yet</h1>" in page
    assert "No idea has been posted yet." in page
    assert re.findall(r"<h2[^>]*>([^<]+)<", page) == ["Check it yourself"]  # no heading over nothing
    assert "<figure" not in page
    assert "<li><b>" not in page
    assert "0.0" not in page


def test_renders_a_dmo_whose_first_round_is_open(history: History) -> None:
    """Ideas and votes, no budget yet: no picture of a money flow that is one grey block."""
    ideas = {key: replace(one, campaign=0) for key, one in history.ideas.items()}
    first = [history.rounds[0]._replace(settled=None, threshold=0)]
    young = History(history.dmo, 9, history.now, history.began, rounds=first, ideas=ideas, sums=history.sums)
    page = render_page(young, {})
    _parsed(page)
    assert "They posted 4 ideas and voted 0 of them a budget." in page
    assert "Where the money went" not in page
    assert "Not settled yet." in page


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


def test_tells_of_a_rejection_that_nobody_upheld(history: History) -> None:
    one = history.disputes[0]
    units = (*(n * past.USD for n in (10, 10, 0, 7)), *[0] * 6)
    ended = Settlement(past.CITRA, past.ZERO, *units)
    fell = replace(one, upholder=None, answer=None, has_jury=False, ruling=Ruling.NONE, settlement=ended)
    past_told = Told(replace(history, disputes=[fell], papers={1: history.papers[1][:1]}, jurors={}), past.NAMES)
    row = next(SHEETS["disputes"](past_told, None))
    assert row["ending"] == "not_upheld"
    shown = past_told.show("got", row["got"]).split("\n")
    assert shown == ["10 of Citra Wulandari's stake back", "7 of Citra Wulandari's bond back"]
    steps = [step["what"] for step in SHEETS["steps"](past_told, fell)]
    assert steps == ["Citra Wulandari contests", "nobody upheld it", "settled, work paid"]
    assert story(past_told, history.work[0])[-3:] == ["contested", "not_upheld", "paid"]
    page = render_page(past_told.history, past.NAMES)
    section = page[page.index('id="dispute-1"') : page.index('id="points"')]
    assert "It came before no jury." in section
    assert 'Outcome: <span class="tag">rejection not upheld</span>' in section


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


def test_lessons_can_be_disputed_too(history: History) -> None:
    units = (*(n * past.USD for n in (10, 10, 0, 0, 9, 5)), 0, 0, *(n * past.USD for n in (5, 9)))
    ended = Settlement(past.OSKAR, past.ZERO, *units)
    more = {"is_challenge": True, "upholder": None, "answer": None, "settlement": ended}
    one = replace(history.disputes[0], submission=9, opener=past.OSKAR, ruling=Ruling.REFUSE, **more)
    page = render_page(replace(history, disputes=[one]), past.NAMES)
    section = page[page.index('id="dispute-9"') :]
    assert "Oskar Lund against Ayu Lestari: Laut Kita, Data Kita" in _text(section)
    assert "Ayu Lestari, the work" in section
    assert [row["whither"] for row in SHEETS["moves"](Told(history, {}), one)] == ["back", "pool", "account", "jurors"]
