"""The report's page, from a made-up history: no chain, no browser."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from dmo.capabilities.ends import Ruling, Settlement
from dmo.capabilities.history import History
from dmo.core.digests import digest as hashed
from dmo.faces.html import prose, render_page
from dmo.faces.sheets import SHEETS, story
from dmo.faces.told import Told
from dmo.home.documents import read_document
from tests.support import past
from tests.support.pages import parsed, text_of

EVIL = '"><script>alert(1)</script>{deposited}'


@pytest.fixture(scope="module")
def page(history: History) -> str:
    return render_page(history, past.NAMES, "Tidepool")


def test_page_asks_nobody_for_anything(page: str) -> None:
    assert not re.findall(r"<script|<link|<iframe|@import|src=|url\((?!#|data:font/woff;base64,)|https?://", page)
    assert not re.findall(r'href="(?!#)', page)  # this chain has no explorer


def test_page_closes_every_element(page: str) -> None:
    parsed(page)


def test_every_picture_has_words_and_a_table(page: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", page, re.S)
    assert len(figures) == 9
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


def test_shows_what_holders_miss_and_what_is_said_in_one_voice(page: str) -> None:
    section = text_of(page[page.index('id="needs"') : page.index('id="law"')])
    assert '<span lang="id">Kirim lewat suara</span>' in page
    for words in ("none for more than thirty days", "not kept", "All may be copied.", "attribution", "endorsed"):
        assert words in section
    assert section.count("nobody works on it") == 1


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
    text = text_of(section)
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
    assert f"Another arbitrator rules: 0x{0x5F:040x}" in text_of(section)
    assert 'Outcome: <span class="tag">open</span>' in section
    assert "Revealed weight" not in section
    assert "What moved" not in section


def test_shows_who_committed_and_did_not_reveal(page: str) -> None:
    section = page[page.index('id="dispute-3"') : page.index('id="points"')]
    assert 'Outcome: <span class="tag">no ruling</span>' in section
    assert "Oskar Lund committed and has not revealed." in section
    assert "no ruling in time" not in section  # that of the jury counts when its reveals have ended


# ── strangers' texts ────────────────────────────────────────────────────────────────────────────


def test_escapes_what_strangers_published(history: History) -> None:
    head = f"kind: reason\ntitle: '{EVIL}'\nlang: en\n"
    raws = [f"---\n{head}---\n{EVIL}".encode(), EVIL.encode(), b"\xff" + EVIL.encode()]
    clean = parsed(render_page(history, past.NAMES))
    for raw in raws:
        document = read_document(raw, hashed(raw))
        documents = dict.fromkeys(history.documents, document)
        hostile = render_page(replace(history, documents=documents), {past.AYU: EVIL}, EVIL)
        found = parsed(hostile)
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
    checker = parsed(html)
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
    parsed(str(prose(text * (16 * 1024 // len(text)))))
    assert time.process_time() - began < 2


def test_prose_knows_headings_lists_and_bold() -> None:
    html = str(prose("# Title\n\nOne **two**\nthree\n\n- first\n  goes on\n- <b>second</b>\n"))
    assert html == (
        "<h5>Title</h5>\n<p>One <strong>two</strong>\nthree</p>\n"
        "<ul>\n<li>first\ngoes on</li>\n<li>&lt;b&gt;second&lt;/b&gt;</li>\n</ul>\n"
    )


# ── seasons of a kind ───────────────────────────────────────────────────────────────────────────


def test_renders_a_dmo_that_has_done_nothing(history: History) -> None:
    page = render_page(History(history.dmo, history.block, history.now, history.began), {})
    parsed(page)
    assert "<h1>Nothing is decided yet</h1>" in page
    assert "No idea has been posted yet." in page
    assert re.findall(r"<h2[^>]*>([^<]+)<", page) == ["Check it yourself"]  # no heading over nothing
    assert "<figure" not in page
    assert "<li><b>" not in page
    assert "0.0" not in page


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


def test_lessons_can_be_disputed_too(history: History) -> None:
    units = (*(n * past.USD for n in (10, 10, 0, 0, 9, 5)), 0, 0, *(n * past.USD for n in (5, 9)))
    ended = Settlement(past.OSKAR, past.ZERO, *units)
    more = {"is_challenge": True, "upholder": None, "answer": None, "settlement": ended}
    one = replace(history.disputes[0], submission=9, opener=past.OSKAR, ruling=Ruling.REFUSE, **more)
    page = render_page(replace(history, disputes=[one]), past.NAMES)
    section = page[page.index('id="dispute-9"') :]
    assert "Oskar Lund against Ayu Lestari: Laut Kita, Data Kita" in text_of(section)
    assert "Ayu Lestari, the work" in section
    assert [row["whither"] for row in SHEETS["moves"](Told(history, {}), one)] == ["back", "pool", "account", "jurors"]


def test_renders_a_dmo_whose_first_round_is_open(history: History) -> None:
    """Ideas and votes, no budget yet: no picture of a money flow that is one grey block."""
    ideas = {key: replace(one, campaign=0) for key, one in history.ideas.items()}
    first = [history.rounds[0]._replace(settled=None, threshold=0)]
    young = History(history.dmo, 9, history.now, history.began, rounds=first, ideas=ideas, sums=history.sums)
    page = render_page(young, {})
    parsed(page)
    assert "They posted 4 ideas and voted 0 of them a budget." in page
    assert "Where the money went" not in page
    assert "Not settled yet." in page
