"""What a visitor is shown first, and in which words.

an act that comes next
├── is the page's first button for whom it is
└── for others it is folded, with whose it is
a document's fields have names, those of its groups too; an account in it leads to its page
a text that was written field by field is shown as people will read it
an amount in a preview is written as the page's language does
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.core import words
from dmo.core.view import Exhibit, View
from dmo.faces.web import draw, offers, pages
from tests.support.village import AUTHOR, ME, Village
from tests.support.web import Served


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    village = Village()
    village.grow(20)
    return Served(village, tmp_path, monkeypatch)


@pytest.mark.parametrize(("who", "is_first"), [(ME, True), (AUTHOR, False), (None, False)])
def test_what_comes_next_is_first_for_whom_it_is(served: Served, who: str | None, is_first: bool) -> None:
    place = next(one for one in pages.pages() if one.noun == "work")
    visitor = served.site.visitor(served.site.moment, who)
    view = View(next=("the lead judges: dmo work accept 1",), data={"lead": ME, "document": {"lead": AUTHOR}})
    found = {name: comes for comes, name, _ in offers.offered(visitor, place, {"submission": "1"}, [view])}
    assert found["work accept"] is is_first
    assert found["work pay"] is False


def test_what_is_folded_says_whose_it_is() -> None:
    assert (pages.who_may("work accept"), pages.who_may("work pay")) == ("the lead", "")
    with words.speaking("es"):
        assert pages.who_may("brand add") == "quien cuida la marca"


def test_fields_of_documents_have_names() -> None:
    goal = "metric: wallets, metric: theirs\nbaseline: 0\nother: 1"
    fields = (("objective", "demand"), ("audience", "user, partner"), ("goal", goal), ("worker", AUTHOR))
    with words.speaking("es"):
        shown = dict(draw.paper(Exhibit("idea: x", fields)).fields)
    assert shown["Objetivo"] == "demanda"
    assert shown["Para quién"] == "usuarios, socios"
    assert shown["Meta"].startswith("Qué se cuenta: wallets")
    assert shown["Meta"].endswith("<br>Cuánto hay ahora: 0<br>other: 1")
    assert f'href="/account/{AUTHOR}"' in shown["Quien hizo el trabajo"]


def test_what_was_written_is_shown_as_it_is_read(served: Served) -> None:
    parts = {"file.title": "Tea", "file.lang": "en", "file.about": "1/1", "file.body": "Told *over* tea."}
    page = served.client.post("/act/document/publish", data={**parts, "_kind": "comment", "_write": "yes"}).text
    assert "<em>over</em>" in page
    assert "<details><summary>The whole text</summary>" in page


def test_amounts_of_a_preview_are_written_as_the_language_does(served: Served) -> None:
    fields = {"campaign": "1", "amount": "1500", "_from": ME}
    english, spanish = (served.preview("campaign top-up", fields, f"?lang={one}") for one in ("en", "es"))
    assert "1,500" in english["steps"][-1]["description"]
    assert all("1.500" in step["description"] for step in spanish["steps"])


def test_amounts_of_a_refusal_are_written_as_the_language_does(served: Served) -> None:
    visitor = served.site.visitor(served.site.moment)
    coin = visitor.unit("budget")[1]
    said = f"me has 1,000 {coin} and needs 1,000.5 {coin}, 0.5% of 1,200 ideas; {coin}, 3,5."
    assert visitor.spoken(said) == said
    with words.speaking("es"):
        assert (
            visitor.spoken(said) == f"me has 1.000 {coin} and needs 1.000,5 {coin}, 0,5% of 1,200 ideas; {coin}, 3,5."
        )
