"""Lint and likeness of ideas: planted faults, good ideas, copies, in four languages.

given what the registry holds
├── twenty good ideas in four languages: no fault
├── sixty with one planted fault each: that fault, at its field, and no other
├── every fault has its words in every language
└── the same from the book's file as from what it was made of
given earlier ideas
├── a copy with changed words comes first, in each of four languages; a true copy is wholly alike
└── what shares nothing is left out, and what is rare weighs more
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from dmo.capabilities import lint
from dmo.capabilities.likeness import MILLION, likeness, nearest, pieces
from dmo.capabilities.lint import faults
from dmo.core import words
from dmo.core.errors import BadInput
from dmo.home.bookfile import read_book
from dmo.home.documents import Document, parse
from tests.support.voice import CLAIM, DISCLOSURE, LANGUAGES, laid_out, lamp

BOOK = lamp()
TEXTS = {
    "en": ("A short film every week", "We film how people use it at night, and ask {n} of them what they would miss."),
    "es": (
        "Un vídeo corto cada semana",
        "Filmamos cómo se usa de noche y preguntamos a {n} personas qué echarían en falta.",
    ),
    "id": ("Video pendek tiap minggu", "Kami merekam pemakaiannya pada malam hari dan bertanya kepada {n} orang."),
    "zh-Hans": ("每周一个短片", "我们拍摄人们夜里怎样使用它，并询问{n}个人会怀念什么。"),  # noqa: RUF001
}
EXTRA = ["", "claims: [10]\n", "assets: [1, 2]\n", "claims: [10, 13]\nassets: [9]\n", "claims: 10\nassets: 1\n"]


def idea(lang: str = "en", number: int = 1, extra: str = "claims: [10]\nassets: [1, 2]\n") -> str:
    title, body = TEXTS[lang]
    return f"""\
---
kind: idea
title: {title}
lang: {lang}
objective: awareness
audience: [user]
goal:
  metric: people who come back
  baseline: 10
  target: 250
  date: 2027-03-31
pillar: 2
tactic: 7
{extra}disclosure: {DISCLOSURE[lang]}.
---
{body.format(n=number)}
"""


GOOD = [(lang, number, extra) for lang in LANGUAGES for number, extra in enumerate(EXTRA, 1)]

PLANTED: list[tuple[str, str, str, str]] = [
    # what is changed, into what, the fault, its field
    ("pillar: 2\n", "", "no_pillar", "pillar"),
    ("pillar: 2", "pillar: 1", "other_pillar", "pillar"),
    ("pillar: 2", "pillar: 99", "other_pillar", "pillar"),
    ("pillar: 2", "pillar: warmth", "other_pillar", "pillar"),
    ("pillar: 2", "pillar: 7", "other_pillar", "pillar"),
    ("pillar: 2", "pillar: 0", "other_pillar", "pillar"),
    ("pillar: 2", "pillar: 3", "retired", "pillar"),
    ("tactic: 7\n", "", "no_tactic", "tactic"),
    ("tactic: 7", "tactic: 6", "other_tactic", "tactic"),
    ("tactic: 7", "tactic: 14", "other_tactic", "tactic"),
    ("tactic: 7", "tactic: films", "other_tactic", "tactic"),
    ("tactic: 7", "tactic: -7", "other_tactic", "tactic"),
    ("tactic: 7", "tactic: 8", "retired", "tactic"),
    ("tactic: 7", "tactic: 9", "expired", "tactic"),
    ("claims: [10]", "claims: [2]", "other_claim", "claims"),
    ("claims: [10]", "claims: [10, 77]", "other_claim", "claims"),
    ("claims: [10]", "claims: fast", "other_claim", "claims"),
    ("claims: [10]", "claims: [10, 11]", "retired", "claims"),
    ("claims: [10]", "claims: 12", "expired", "claims"),
    ("claims: [10]", "claims: [10, 10]", "twice", "claims"),
    ("claims: [10]\n", "claims: [13]\n", "", ""),
    ("We film", "Lamp never goes out. We film", "claim_not_approved", "claims"),
    ("We film", "LAMP never\n  goes OUT! We film", "claim_not_approved", "claims"),
    ("title: A short film every week", "title: Lamp is the first of its kind", "claim_not_approved", "claims"),
    ("claims: [10]\n", "", "", ""),
    ("We film", "Lamp saves a third. We film", "claim_unnamed", "claims"),
    ("We film", f"{CLAIM['zh-Hans']}。 Lamp saves a third", "claim_unnamed", "claims"),
    ("assets: [1, 2]", "assets: [1, 20]", "other_asset", "assets"),
    ("assets: [1, 2]", "assets: logo", "other_asset", "assets"),
    ("assets: [1, 2]", "assets: [1, 1]", "twice", "assets"),
    ("assets: [1, 2]", "assets: [3]", "retired", "assets"),
    ("assets: [1, 2]", "assets: [1, 4]", "expired", "assets"),
    ("assets: [1, 2]", "assets: 5", "not_endorsed", "assets"),
    ("assets: [1, 2]", "assets: [6]", "not_commercial", "assets"),
    ("assets: [1, 2]", "assets: [7]", "unknown_licence", "assets"),
    ("assets: [1, 2]", "assets: [1, 8]", "other_licence", "assets"),
    ("disclosure: Paid by the holders of Lamp.\n", "", "no_disclosure", "disclosure"),
    (
        "disclosure: Paid by the holders of Lamp.",
        "disclosure: with thanks to our friends",
        "other_disclosure",
        "disclosure",
    ),
    ("disclosure: Paid by the holders of Lamp.", "disclosure: Paid by the holders", "other_disclosure", "disclosure"),
    ("target: 250", "target: 10", "no_way", "goal"),
    ("target: 250", "target: 10.0", "no_way", "goal"),
    ("target: 250", f"target: {10**16}", "far_goal", "goal"),
    ("baseline: 10", f"baseline: -{10**16}", "far_goal", "goal"),
    ("metric: people who come back", "metric: '%'", "no_metric", "goal"),
    ("metric: people who come back", "metric: 12 / 34", "no_metric", "goal"),
    ("date: 2027-03-31", "date: 2027-01-15", "goal_over", "goal"),
    ("date: 2027-03-31", "date: 2024-12-31", "goal_over", "goal"),
]
OTHERS = [one for one in PLANTED if one[2] in ("no_way", "goal_over", "no_metric", "retired", "expired", "other_asset")]


def read(text: str) -> Document:
    return parse(text.encode())


@pytest.mark.parametrize(("lang", "number", "extra"), GOOD)
def test_a_good_idea_has_no_fault(lang: str, number: int, extra: str) -> None:
    assert len(GOOD) >= 20
    assert faults(read(idea(lang, number, extra)), BOOK) == []


def test_every_planted_fault_is_found_and_nothing_else() -> None:
    cases = [("en", *one) for one in PLANTED] + [("zh-Hans", *one) for one in OTHERS] + [("es", *one) for one in OTHERS]
    planted = [one for one in cases if one[3]]
    assert len(planted) >= 60
    assert len({one[3] for one in planted}) >= 20
    for lang, old, new, said, field in cases:
        assert old in idea(lang), old
        found = faults(read(idea(lang).replace(old, new, 1)), BOOK)
        told = [(one["said"], one["field"]) for one in found]
        assert told == ([(said, field)] if said else []), (lang, new)


def test_other_faults_of_what_it_names() -> None:
    """A claim that is not for this audience; an asset without its text; a tactic below what has expired."""
    investor = idea(extra="claims: [13]\n").replace("audience: [user]", "audience: [user, investor]")
    assert [one["said"] for one in faults(read(investor), BOOK)] == ["claim_not_for"]
    bare = {value: one for value, one in BOOK.papers.items() if one.kind != "asset"}
    book = type(BOOK)(BOOK.name, BOOK.at, BOOK.entries, BOOK.assets, bare)
    assert [one["said"] for one in faults(read(idea(extra="assets: 1\n")), book)] == ["asset_without_text"]
    over = replace(BOOK.entries[5], until=BOOK.at - 1)
    book = type(BOOK)(BOOK.name, BOOK.at, {**BOOK.entries, 5: over}, BOOK.assets, BOOK.papers)
    assert [(one["said"], one["number"]) for one in faults(read(idea()), book)] == [("expired", 7)]


def test_every_fault_has_its_words() -> None:
    tree = ast.parse(inspect.getsource(lint))
    known = {
        one.args[0].value
        for one in ast.walk(tree)
        if isinstance(one, ast.Call)
        and getattr(one.func, "id", "") == "_fault"
        and isinstance(one.args[0], ast.Constant)
    }
    known |= {f"{kind}_{field}" for kind in ("no", "other") for field in ("pillar", "tactic")}
    known |= {"claim_unnamed", "claim_not_approved"}
    for language in words.languages():
        assert known - words.told(language)["word"]["lint"].keys() == set()
    assert {one[2] for one in PLANTED} - {""} <= known


def test_a_books_file_says_the_same(tmp_path: Path) -> None:
    file = laid_out(BOOK, tmp_path / "book")
    again = read_book(file)
    assert again.text() == BOOK.text()
    assert {*BOOK.digests()} <= {*again.papers}
    for _, old, new, *_ in [("", *one) for one in PLANTED]:
        one = read(idea().replace(old, new, 1))
        assert faults(one, again) == faults(one, BOOK)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"number": 2', '"number": 1'),
        ('"parent": 1', '"parent": 2'),
        ("dmo.brandbook/1", "dmo.brandbook/9"),
        ('"kind": "pillar"', '"kind": "poem"'),
        ('"is_live": true', '"is_live": true, "more": 1'),
        ("{", "["),
    ],
)
def test_refuses_what_is_no_book(tmp_path: Path, old: str, new: str) -> None:
    file = laid_out(BOOK, tmp_path / "book")
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput):
        read_book(file)
    with pytest.raises(BadInput):
        read_book(tmp_path / "nowhere.json")


# ── likeness ────────────────────────────────────────────────────────────────────────────────────

PAST = {
    "en": ["A guide for new holders", "Meet builders in ten towns", "Reward who explains it best"],
    "es": ["Una guía para holders nuevos", "Encuentros con quienes construyen", "Premiar a quien mejor lo explica"],
    "id": ["Panduan bagi pemegang baru", "Bertemu pembangun di sepuluh kota", "Hadiah bagi penjelas terbaik"],
    "zh-Hans": ["新持有者指南", "在十个城市与开发者见面", "奖励讲解得最好的人"],
}
BODIES = {
    "en": "Every step with a picture, checked by somebody who has never held a token.",
    "es": "Cada paso con una imagen, revisado por alguien que nunca tuvo un token.",
    "id": "Setiap langkah dengan gambar, diperiksa oleh orang yang belum pernah memegang token.",
    "zh-Hans": "每一步都配一张图，由从未持有过代币的人检查。",  # noqa: RUF001
}
CHANGED = {
    "en": ("Every step with a picture", "Each step has its pictures"),
    "es": ("Cada paso con una imagen", "Todos los pasos con imágenes"),
    "id": ("Setiap langkah dengan gambar", "Tiap langkah bergambar"),
    "zh-Hans": ("每一步都配一张图", "每个步骤配有图片"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_copy_is_nearest(lang: str) -> None:
    earlier: dict[tuple[int, int], Document] = {}
    for tongue in LANGUAGES:
        for title in PAST[tongue]:
            text = idea(tongue, len(earlier), "").replace(TEXTS[tongue][0], title)
            earlier[1, len(earlier) + 1] = read(text)
    target = idea(lang, 5, "claims: 10\n").replace(TEXTS[lang][0], PAST[lang][0])
    target = target.replace(TEXTS[lang][1].format(n=5), BODIES[lang])
    earlier[2, 1] = read(target)
    assert nearest(read(target), earlier)[0][0] == (2, 1)
    assert likeness(read(target), earlier)[2, 1].ppm == MILLION
    copy = target.replace(*CHANGED[lang]).replace(PAST[lang][0], f"{PAST[lang][0]} 2")
    first, second = nearest(read(copy), earlier)[:2]
    assert first[0] == (2, 1)
    assert first[1].ppm > 1.2 * second[1].ppm
    assert first[1].shared


def test_what_shares_nothing_is_left_out() -> None:
    one = read(idea("zh-Hans").replace("people who come back", "回来的人"))
    other = idea("en", extra="").replace("awareness", "demand").replace("[user]", "[partner]")
    other = other.replace("pillar: 2\ntactic: 7\n", "").replace("people who come back", "sales").replace("ask 1", "ask")
    assert nearest(one, {1: read(other)}) == []
    assert nearest(one, {}) == []


def test_pieces_of_words_and_of_scripts_without_spaces() -> None:
    assert pieces("Video") == {"video ", "vide", "ideo"}
    assert pieces("短视频AI") == {"短视", "视频", "ai "}
    assert pieces("短") == {"短"}
    assert pieces("ＡＢＣ ﬁne") == {"abc ", "fine ", "fine"}  # noqa: RUF001
    assert {"notif", "notific"} & pieces("notification notifications") == set()
    assert len(pieces("notification") & pieces("notifications")) >= 9
