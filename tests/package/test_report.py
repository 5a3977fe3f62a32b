"""The report's page, from a made-up history: no chain, no browser."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from dmo.client.disputes import Ruling
from dmo.client.escrow import Books
from dmo.report import pictures, render_page
from dmo.report.facts import Bonds, Document, JurorFacts
from dmo.report.flow import ENDS, money_flow
from dmo.report.history import History, parse_document
from dmo.report.prose import to_html
from dmo.report.svg import PATTERNS, Drawing, cut
from dmo.report.trial import MOST_ROWS, steps, trial_time, trial_votes
from dmo.report.words import moved, moved_words, work_story


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


sample_module = _load("history_sample")


@pytest.fixture(scope="module")
def history() -> History:
    found = sample_module.sample()
    assert isinstance(found, History)
    return found


@pytest.fixture(scope="module")
def page(history: History) -> str:
    return render_page(history, sample_module.NAMES, title="Tidepool")


class _Balance(HTMLParser):
    """Checks that every element is closed by its own tag."""

    VOID = frozenset(("meta", "rect", "path", "circle", "br"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_asks_nobody_for_anything(page: str) -> None:
    assert not re.findall(r"<script|<link|<iframe|@import|src=|url\((?!#)|https?://", page)


def test_page_closes_every_element(page: str) -> None:
    checker = _Balance()
    checker.feed(page)
    checker.close()
    assert checker.open == []


def test_every_picture_has_words_and_a_table(page: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", page, re.S)
    assert len(figures) == 7
    for figure in figures:
        assert re.search(r'role="img" aria-label="[^"]{20,}"', figure)
        assert "<details><summary>The same as a table" in figure
        assert "<table" in figure


def test_tables_say_on_narrow_screens_what_each_cell_is(page: str) -> None:
    for table in re.findall(r"<table.*?</table>", page, re.S):
        labels = re.findall(r'<th role="columnheader"[^>]*>([^<]+)</th>', table)
        for row in re.findall(r'<tr role="row">(<td.*?)</tr>', table):
            assert re.findall(r'data-label="([^"]+)"', row) == labels


def test_every_fill_and_mark_is_defined(page: str) -> None:
    fills = set(re.findall(r"url\(#p-(\w+)\)", page))
    assert fills <= set(re.findall(r'id="p-(\w+)"', PATTERNS))
    style = page[: page.index("</style>")]
    classes = {
        name for text in re.findall(r'<path[^>]* class="([\w ]+)"', page) for name in text.split()
    }
    assert {name for name in classes if f".{name}" not in style} == set()


def test_documents_are_marked_with_their_language(page: str) -> None:
    assert '<span lang="zh-Hans">厦门赶海人的水质日记</span>' in page
    assert '<details lang="id"><summary>Laut Kita, Data Kita: pelajaran' in page


def test_names_people_and_shortens_strangers(page: str) -> None:
    assert "Citra Wulandari" in page
    assert "0x0000…0005" in page


def test_shows_every_outcome_of_an_idea(page: str) -> None:
    for words in ("funded", "did not pass", "passed, did not fit", "replaced by an edit"):
        assert words in page
    assert "builds on 1.1" in page
    assert "new version of 1.4" in page


def test_shows_what_happened_to_work(page: str) -> None:
    assert "rejected, reworked, accepted, disputed, rejection overturned, paid" in page
    assert "accepted by silence, challenged, paid" in page
    assert "no ruling, released unpaid" in page
    assert "10 USDX wait as credits" in page


def test_shows_both_sides_of_a_dispute(page: str) -> None:
    section = page[page.index('id="dispute-1"') : page.index('id="dispute-2"')]
    assert "Outcome: <strong>rejection overturned</strong>" in section
    assert "by TIDE they held a second before" in section
    sides = re.findall(r"<h4>([^<]+)</h4>", section)
    assert sides[:3] == ["For the work", "Against it", "Others"]
    for words in ("Citra Wulandari, statement", "Ayu Lestari, the rejection", "not published"):
        assert words in section
    assert "Laut Kita, Data Kita: pelajaran" in section
    assert "back to Citra Wulandari" in section


def test_shows_a_dispute_that_another_arbitrator_rules(page: str) -> None:
    section = page[page.index('id="dispute-2"') : page.index('id="dispute-3"')]
    assert "Another arbitrator rules: 0x0000…005f" in section
    assert "Outcome: <strong>open</strong>" in section
    assert "Revealed weight" not in section
    assert "What moved" not in section


def test_shows_who_committed_and_did_not_reveal(page: str) -> None:
    section = page[page.index('id="dispute-3"') : page.index('id="points"')]
    assert "Outcome: <strong>no ruling</strong>" in section
    assert "Oskar Lund committed and has not revealed." in section
    assert "no ruling in time" in section


def test_escapes_what_strangers_published(history: History) -> None:
    evil = '"><script>alert(1)</script>'
    documents = {key: Document(evil, evil, evil) for key in history.documents}
    page = render_page(replace(history, documents=documents), {sample_module.AYU: evil})
    assert "<script" not in page


def test_renders_a_dmo_that_has_done_nothing(history: History) -> None:
    empty = replace(
        history,
        rounds=(),
        ideas=(),
        campaigns=(),
        work=(),
        payments=(),
        awards=(),
        moments=(),
        standing={},
        proposals=(),
        documents={},
        credits={},
        deposited=0,
        books=Books(*[0] * 8),
        bonds=Bonds(),
        disputes=(),
    )
    page = render_page(empty)
    assert "No lessons yet." in page
    assert "Judged again" not in page


def test_pictures_are_well_formed(history: History) -> None:
    drawn = (
        money_flow(history),
        pictures.votes(history, 1),
        pictures.points_over_time(history, str),
        pictures.timeline(history),
        *(trial_time(history, one, str) for one in history.disputes),
        *(trial_votes(history, one, str) for one in history.disputes),
    )
    for picture in drawn:
        root = ElementTree.fromstring(picture)
        assert root.attrib["role"] == "img"


def test_money_flow_conserves_money(history: History) -> None:
    for campaign in history.campaigns:
        work = campaign.work_paid + campaign.gift_paid
        disputes = campaign.to_jurors + campaign.won
        assert work + disputes + campaign.fee_paid + campaign.left == campaign.ask + campaign.gifts
    bonds = history.bonds
    gone = bonds.returned + bonds.to_jurors + bonds.won + bonds.to_pool
    assert gone + bonds.held == bonds.put_up


def test_money_flow_says_where_bonds_and_disputes_went(history: History) -> None:
    label = ElementTree.fromstring(money_flow(history)).attrib["aria-label"]
    for words in ("Bonds 100", "Jurors 10", "Won in disputes 5", "Bonds returned 40"):
        assert words in label
    assert f"{ENDS['held']} 50" in label


def test_tells_the_steps_of_a_dispute_in_order(history: History) -> None:
    one = history.disputes[0]
    found = steps(history, one, lambda account: sample_module.NAMES.get(account, "?"))
    assert [step.words for step in found] == [
        "Citra Wulandari disputes",
        "Ayu Lestari gives evidence",
        "Oskar Lund gives evidence",
        "2 jurors commit",
        "2 jurors reveal",
        "ruling: pay",
        "settled, work paid",
    ]
    assert [len(step.moments) for step in found] == [1, 1, 1, 2, 2, 1, 1]


def test_a_dispute_with_many_papers_and_jurors_stays_small(history: History) -> None:
    one = history.disputes[0]
    crowd = tuple(
        JurorFacts(
            sample_module.address(200 + n), one.opened_at, one.commit_until, Ruling.PAY, n + 1
        )
        for n in range(60)
    )
    big = replace(one, papers=one.papers * 20, jurors=crowd)
    marks = ElementTree.fromstring(trial_time(history, big, str)).attrib["aria-label"]
    assert marks.count(";") == MOST_ROWS - 1
    assert "more, see the table" in marks
    assert "settled" in marks
    assert "52 others" in trial_votes(history, big, str)


def test_says_who_got_what_in_the_same_words(history: History) -> None:
    one, work = history.disputes[0], history.work[0]
    names = sample_module.NAMES
    assert one.settlement is not None
    said = moved_words(one.settlement, one.worker, names.__getitem__, str)
    assert said == [
        "50000000 of the dispute's bond back to Citra Wulandari",
        "5000000 of the lead's fee to Citra Wulandari",
        "5000000 of the lead's fee to the jurors",
    ]
    found = [(m.source, m.to) for m in moved(one, replace(work, bond=7), names.__getitem__)]
    assert found[:2] == [
        ("the reward", "who did the work"),
        ("the worker's bond", "back to Citra Wulandari"),
    ]
    lost = replace(one, is_paid=False)
    assert [m.to for m in moved(lost, replace(work, bond=7), names.__getitem__)][:2] == [
        "free again",
        "the pool",
    ]
    assert len(moved(one, None, names.__getitem__)) == len(said)


@pytest.mark.parametrize(
    ("number", "story"),
    [
        (0, "rejected, reworked, accepted, disputed, rejection overturned, paid"),
        (1, "accepted by silence, challenged, paid"),
        (2, "rejected, accepted by silence, challenged, no ruling, released unpaid"),
    ],
)
def test_tells_the_story_of_disputed_work(history: History, number: int, story: str) -> None:
    work = history.work[number]
    assert work_story(work, history.dispute_of.get(work.id), history.now) == story


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("厦门赶海", 4, "厦门…"), ("ab, cd", 3, "ab…")],
)
def test_cuts_by_columns(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


def test_draws_text_above_everything() -> None:
    drawing = Drawing(10, 10, "a & b")
    drawing.text(1, 1, "<words>")
    drawing.rect(0, 0, 5, 5, "work", "half")
    picture = drawing.render()
    assert picture.index("<rect") < picture.index("<text")
    assert "&lt;words&gt;" in picture
    assert 'aria-label="a &amp; b"' in picture


def test_prose_knows_headings_lists_and_bold() -> None:
    html = to_html("# Title\n\nOne **two**\nthree\n\n- first\n  goes on\n- <b>second</b>\n")
    assert html == (
        "<h5>Title</h5>\n<p>One <strong>two</strong> three</p>\n"
        "<ul><li>first goes on</li><li>&lt;b&gt;second&lt;/b&gt;</li></ul>"
    )


@pytest.mark.parametrize(
    ("raw", "title", "lang"),
    [
        (b"---\nkind: reason\ntitle: A\nlang: es\n---\nbody", "A", "es"),
        (b"---\ntitle: A\nlang: es\n---\nbody", "(unreadable, because kind is missing)", "und"),
        (b"# A", "(unreadable, because it does not begin with front matter)", "und"),
        (b"\xff\xfe", "(unreadable, because it is not UTF-8)", "und"),
        (b"", "(unreadable, because it does not begin with front matter)", "und"),
    ],
)
def test_reads_whatever_was_published(raw: bytes, title: str, lang: str) -> None:
    document = parse_document(raw)
    assert (document.title, document.lang) == (title, lang)


def test_shows_the_text_of_what_cannot_be_read() -> None:
    assert parse_document(b"# A\r\n\x1b[2Jb").text == "# A\n\ufffd[2Jb"
