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

from dmo.report import pictures, render_page
from dmo.report.facts import Document
from dmo.report.history import History, parse_document
from dmo.report.prose import to_html
from dmo.report.svg import Drawing, cut


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
    assert len(figures) == 4
    for figure in figures:
        assert re.search(r'role="img" aria-label="[^"]{20,}"', figure)
        assert "<details><summary>The same as a table" in figure
        assert "<table>" in figure


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
    assert "rejected, reworked, accepted, paid" in page
    assert "accepted by silence, paid" in page
    assert "rejected, released unpaid" in page
    assert "10 USDX wait as credits" in page


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
        books=dict.fromkeys(("received", "paid", "refunded", "held"), 0),
    )
    assert "No lessons yet." in render_page(empty)


def test_pictures_are_well_formed(history: History) -> None:
    drawn = (
        pictures.money_flow(history),
        pictures.votes(history, 1),
        pictures.points_over_time(history, str),
        pictures.timeline(history),
    )
    for picture in drawn:
        root = ElementTree.fromstring(picture)
        assert root.attrib["role"] == "img"


def test_money_flow_conserves_money(history: History) -> None:
    for campaign in history.campaigns:
        parts = campaign.work_paid + campaign.gift_paid + campaign.fee_paid + campaign.left
        assert parts == campaign.ask + campaign.gifts


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
        (b"---\ntitle: A\nlang: es\n---\nbody", "A", "es"),
        (b"# Only a heading\nand text", "Only a heading", "und"),
        (b"---\n: [\n---\nFirst line", "First line", "und"),
        (b"\xff\xfe", "\ufffd\ufffd", "und"),
        (b"", "Untitled", "und"),
    ],
)
def test_reads_whatever_was_published(raw: bytes, title: str, lang: str) -> None:
    document = parse_document(raw)
    assert (document.title, document.lang) == (title, lang)
