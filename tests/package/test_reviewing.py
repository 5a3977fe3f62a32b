"""A draft looked over: what is wrong with it, what it is like, advice, and how hard it is to read.

a review
├── of an idea tells its faults and its neighbours; of any other document that only ideas are compared
├── says that no advisor is known to help, or what those say that are
├── tells what of it stands already, and whether it fits on the chain
└── is the same on the page's form, in four languages, and keeps what was written
reading
├── counts words, sentences and minutes, code and addresses left out
├── is by letters a sentence where a script sets no words apart
├── rises from short sentences to long ones
└── of anything at all are whole numbers
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.capabilities import reviewing
from dmo.capabilities.reviewing import Advice, ReviewDocument, reading
from dmo.core import words
from dmo.core.act import read
from dmo.home.documents import Document
from dmo.home.home import Home
from tests.support.cli_chain import filled
from tests.support.village import ME, Village
from tests.support.web import Served

EASY = "We go on air. We ask people. They tell us what they like. "
HARD = (
    "Notwithstanding considerable organisational heterogeneity, comprehensive interdisciplinary communication "
    "infrastructures systematically necessitate disproportionately extensive administrative preparation. "
)
CHINESE = "我们每周拍摄一个短片。我们询问人们怀念什么。"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    village = Village()
    village.grow(20)
    village.speak()
    village.post(filled("idea", "Radio in the morning").replace("objective:", "tactic: 6\nobjective:"))
    with pytest.MonkeyPatch.context() as patch:
        yield Served(village, tmp_path_factory.mktemp("review"), patch)


def reviewed(served: Served, text: str) -> Any:
    visitor = served.site.visitor(served.site.moment, ME, is_marking=False)
    with visitor.handed({"file": text}):
        return read(ReviewDocument, visitor, {"file": "file"}).view(visitor)


def test_an_idea_is_held_against_what_there_is(served: Served) -> None:
    draft = filled("idea", "Radio in the evening")
    view = reviewed(served, draft)
    told = view.data
    assert view.code == 1
    assert told["count"] == len(told["faults"]) > 0
    assert told["ideas"][0]["idea"] == [1, 1]
    assert [table.title for table in view.tables] == ["What is wrong", "What it is like"]
    assert "No advisor is known to help." in view.texts
    assert told["room"] == 16 * 1024 - len(draft.encode())
    other = reviewed(served, filled("brief", "A spot"))
    assert (other.code, other.data["faults"], other.data["ideas"]) == (0, [], [])
    assert "Only ideas are compared with earlier ones." in other.texts
    copied = reviewed(served, filled("idea", "Radio in the morning").replace("objective:", "tactic: 6\nobjective:"))
    assert copied.data["same_as"] == "idea 1/1"
    long = reviewed(served, filled("brief", "A spot") + EASY * 400)
    assert long.data["room"] is None
    assert any("too long" in text for text in long.texts)


def test_advisors_speak_where_there_are_some(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def advisor(home: Home, draft: Document) -> Iterator[Advice]:
        yield Advice("model 2", f"{draft.title}: as likely as not", ("radio", "morning"))

    monkeypatch.setattr(reviewing, "_ADVISORS", [advisor])
    view = reviewed(served, filled("idea", "Radio"))
    assert view.data["advice"] == [{"by": "model 2", "says": "Radio: as likely as not", "moved_by": "radio, morning"}]
    assert view.tables[-1].title == "What advisors say"


@pytest.mark.parametrize("language", words.languages())
def test_a_form_is_looked_over(served: Served, language: str) -> None:
    draft = filled("idea", "<b>Radio</b>")
    data = {"file": draft, "ask": "1500", "_review": "yes"}
    html = served.client.post(f"/act/idea/post?lang={language}", data=data).text
    with words.speaking(language):
        said = words.load()["document review"]
        assert said["tables"][2]["empty"] in html
        assert words.load()["face"]["form"]["review"] in served.text(f"/act/idea/post?lang={language}")
    assert "<b>Radio</b>" not in html
    assert "&lt;b&gt;Radio" in html
    assert 'value="1500"' in html, "nothing that was filled in is lost"
    published = served.client.post("/act/document/publish", data={"file": filled("reason", "Why"), "_review": "yes"})
    assert "Why" in published.text
    refused = served.client.post("/act/idea/post", data={"file": "no document", "_review": "yes"})
    assert refused.status_code == 200
    assert "refusal" in refused.text
    assert "_review" not in served.text("/act/campaign/deposit")


def test_a_text_is_counted() -> None:
    its = reading(
        "We go on air at 7. See https://example.org/a.b.c for more!\n\n```\ncode. code. code.\n```\n\n- one\n- two"
    )
    assert (its.sentences, its.words) == (4, 10)
    assert its.minutes == 1
    assert its.is_spaced
    assert reading("") == reviewing.Reading(0, 0, 0, 0, 0, "", is_spaced=True)
    assert reading(EASY * 200).minutes == 13


def test_scripts_without_spaces_are_read_by_letters() -> None:
    its = reading(CHINESE)
    assert (its.is_spaced, its.sentences, its.letters) == (False, 2, 20)
    assert (its.score, its.level) == (10, "easy")
    assert reading(CHINESE.replace("。我们询问", "\uff0c我们询问") * 3).score == 20
    assert reading(CHINESE.replace("。", "\uff0c") * 3).level == "very_hard"


def test_long_words_in_long_sentences_are_hard() -> None:
    levels = [reading(text).level for text in (EASY * 5, EASY * 3 + HARD, HARD * 5)]
    assert levels[0] == "easy"
    assert levels[-1] == "very_hard"
    assert reading(EASY).score < reading(EASY + HARD).score < reading(HARD).score


@given(st.text(max_size=300))
def test_anything_is_read(text: str) -> None:
    its = reading(text)
    assert all(type(one) is int and one >= 0 for one in (its.words, its.letters, its.sentences, its.minutes, its.score))
    assert bool(its.level) is bool(its.letters)
