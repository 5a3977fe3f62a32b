"""What the machine behind every act, query and fact says, to people and to machines.

fill
  given a placeholder that has nothing to say -> test_a_sentence_without_its_fact_is_left_out
  given braces that a stranger wrote -> test_braces_of_strangers_are_no_placeholders
  given a word that holds placeholders -> test_a_words_placeholders_are_looked_for_beside_it
  given a placeholder with a group -> test_a_placeholder_may_name_the_group_that_says_it
  given rows -> test_rows_are_said_one_a_line
plain
  given a value of any shape -> test_plain_holds_the_shape_and_nothing_else
  given its schema -> test_a_schema_says_what_plain_gives
view
  given rows, cards, labels -> test_a_view_is_laid_out_as_its_words_say
  given nothing -> test_what_is_empty_is_left_out
items
  given deadlines, opportunities, reveals -> test_items_are_sorted_by_urgency
  given what capabilities want to read -> test_all_wanted_reads_go_in_one_batch
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dmo.core import due, kinds, words
from dmo.core.chain import Read
from dmo.core.kinds import ACCOUNT, DIGEST, NUMBER, SHARE, TEXT, TIME, Value, listed, plain, schema_of
from dmo.core.view import view
from tests.support.calls import ZERO
from tests.support.lamps import ESCROW, LAMP, LINES, MONEY, Lamps

# ── sentences ───────────────────────────────────────────────────────────────────────────────────


def said(home: Any, sentence: str, **values: Any) -> str:
    return words.fill(sentence, kinds.looking(home, values))


def test_a_sentence_without_its_fact_is_left_out(home: Any) -> None:
    assert said(home, "Costs {a}, until {b}.", a=MONEY(5 * 10**6), b=TIME(0)) == ""
    assert said(home, "Costs {a}.", a=MONEY(5 * 10**6)) == "Costs 5 PLAY."
    assert said(home, "{unknown} it is.") == ""
    look = kinds.looking(home, {"a": TEXT("x")})
    assert words.filled(["{a}.", "{b}.", "No more."], look) == ["x.", "No more."]
    assert words.filled(None, look) == []


def test_braces_of_strangers_are_no_placeholders(home: Any) -> None:
    values = {"title": TEXT("{me} {} {0}"), "me": TEXT("secret"), "plain": "{me}"}
    assert said(home, "{title}: {plain}", **values) == "{me} {} {0}: {me}"


def test_a_words_placeholders_are_looked_for_beside_it(home: Any) -> None:
    lamp = kinds.valued(LAMP, {"name": "a", "watts": 5, "state": "lit"})
    assert said(home, "It is {lamp.state}.", lamp=lamp, watts=NUMBER(9)) == "It is lit with 5 W."
    assert said(home, "It is {state}.", state=lamp["state"], watts=NUMBER(9)) == ("It is lit with 9 W.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MONEY(0), "Off."),
        (TEXT("red"), "Red at 5 W."),
        (MONEY(3), "Costs 5 W."),
        (ACCOUNT("0x" + "00" * 20), "Off."),
        (listed(NUMBER)([7]), "One."),
        (listed(NUMBER)([7, 8]), "Costs 5 W."),
    ],
)
def test_a_placeholder_may_name_the_group_that_says_it(
    home: Any, monkeypatch: pytest.MonkeyPatch, value: Value, text: str
) -> None:
    group = {"none": "Off.", "some": "Costs {watts} W.", "red": "{name:lamp_name} at {watts} W.", "1": "One."}
    monkeypatch.setitem(words.load()["word"], "lamp_said", group)
    monkeypatch.setitem(words.load()["word"], "lamp_name", {"a": "Red"})
    lamp = {**kinds.valued(LAMP, {"name": "a", "watts": 5, "state": "lit"}), "it": value}
    assert said(home, "{lamp.it:lamp_said}", lamp=lamp) == text
    assert said(home, "It: {lamp.name:lamp_said}, {gone:lamp_said}", lamp=lamp) == ""
    del group["none"]
    assert said(home, "It: {it:lamp_said}", it=MONEY(0)) == ""


def test_rows_are_said_one_a_line(home: Any) -> None:
    rows = [{"name": "{a}", "watts": 5, "said": "lit"}, {"name": "b", "watts": 0, "said": "dark"}]
    look = kinds.looking(home, {"rows": LINES(rows), "none": LINES([])})
    assert words.filled(["{rows}", "{none}"], look) == ["{a} gives 5 W", "b is dark"]


# ── for machines ────────────────────────────────────────────────────────────────────────────────

SHAPE = {"sum": MONEY, "at": TIME, "who": ACCOUNT, "digest": DIGEST, "lamps": [LAMP], "one": LAMP}


def test_plain_holds_the_shape_and_nothing_else() -> None:
    lamp = SimpleNamespace(name="a", watts=5, state="lit", since=0, secret="x")
    found = {"sum": 10**30, "at": 0, "who": ZERO, "digest": b"\1\2", "lamps": [lamp], "more": 1}
    assert plain(SHAPE, found) == {
        "sum": str(10**30),
        "at": None,
        "who": None,
        "digest": "0x0102",
        "lamps": [{"name": "a", "watts": 5, "state": "lit", "since": None}],
        "one": None,
    }
    assert plain([SHARE], [1, None]) == [1, None]


def test_a_schema_says_what_plain_gives() -> None:
    schema = schema_of(SHAPE)
    assert (schema["additionalProperties"], schema["required"]) == (False, sorted(SHAPE))
    properties = schema["properties"]
    assert properties["sum"]["type"] == ["string", "null"]
    assert properties["lamps"]["type"] == "array"
    assert properties["lamps"]["items"]["properties"]["state"]["enum"] == ["lit", "dark", "", None]
    assert properties["one"]["type"] == ["object", "null"]
    assert properties["at"]["x-kind"] == "TIME"


# ── views ───────────────────────────────────────────────────────────────────────────────────────


def test_a_view_is_laid_out_as_its_words_say(home: Any) -> None:
    found = Lamps().view(home)
    assert found.heading == "Lamps of Ayu"
    (table,) = found.tables
    assert (table.title, table.columns) == ("Of Ayu", ("no.", ">W", "is"))
    assert table.rows == (("a", "5", "lit with 5 W"), ("{owner}", "60", "dark"))
    second, first = found.cards
    assert first.fields == (("watts", "5"), ("since", "1970-01-01 00:15 UTC (1m 40s ago)"))
    assert (second.heading, second.next) == ("{owner}", ("repair {owner}",))
    assert found.next == ("buy one",)
    assert found.data["lamps"][1] == {"name": "{owner}", "watts": 60, "state": "dark", "since": None}


def test_what_is_empty_is_left_out(home: Any) -> None:
    found = Lamps().view(home)
    assert found.fields == (("owner", "Ayu"),)
    assert found.texts == ("None is broken.", "2 in all.")
    assert found.cards[0].fields == (("watts", "60"),)
    bare = view(home, "lamp list", Lamps.gives, {"owner": "Ayu", "count": 0}, 10)
    assert (bare.tables, bare.cards, bare.code) == ((), (), 10)
    assert view(home, "no words of it", {"a": TEXT}, {"a": "b"}).data == {"a": "b"}


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_ITEMS", "_WANTED"):
        monkeypatch.setattr(due, name, [])


def test_items_are_sorted_by_urgency(home: Any, empty: None) -> None:
    @due.due
    def later(home: Any, account: str | None) -> Iterator[due.Item]:
        yield due.Item("light", 0, True, "lamp light", count=3)
        yield due.Item("sweep", 500, False, "sweep", {"name": TEXT("{b}")})
        yield due.Item("light", 9_000, True, "lamp light")

    @due.due
    def sooner(home: Any, account: str | None) -> Iterator[due.Item]:
        if account:
            yield due.Item("sweep", 9_999, True, "sweep", {"name": TEXT(account)}, is_first=True)

    found = due.items(home, "bob")
    assert [one.text(home) for one in found] == ["Sweep bob", "1 lamp to light", "3 lamps to light", "Sweep {b}"]
    assert [one.deadline(home) for one in found[1:]] == [
        "until 1970-01-01 02:30 UTC (in 2h 13m)",
        "any time",
        "by 1970-01-01 00:08:20 UTC (8m 20s ago)",
    ]
    assert len(due.items(home, None)) == 3


def test_all_wanted_reads_go_in_one_batch(home: Any, empty: None) -> None:
    due.wanted(lambda home, account: [Read("Lens", ESCROW, "one")])
    due.wanted(lambda home, account: [Read("Lens", ESCROW, str(account))])
    due.items(home, "bob")
    assert home.batches == [[Read("Lens", ESCROW, "one"), Read("Lens", ESCROW, "bob")]]
