"""The languages that words are told in.

a language besides English
├── says nothing that English does not
├── fills the same placeholders, and nothing else
└── has all of the page's own words
what two languages share is said once: what is not translated is told in English
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dmo.core import words


def flat(table: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All sentences by their path."""
    for key, one in table.items():
        if isinstance(one, Mapping):
            yield from flat(one, (*before, key))
        else:
            yield (*before, key), one


def sentences(told: Any) -> list[str]:
    """The sentences of a value: one, several, or those of a table's columns."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, list | tuple):
        return [text for one in told for text in sentences(one)]
    return [text for one in told.values() for text in sentences(one)] if isinstance(told, Mapping) else []


def faults(other: Mapping[str, Any], english: Mapping[str, Any]) -> list[str]:
    """What is wrong with a language's words."""
    known = dict(flat(english))
    found = []
    for path, told in flat(other):
        name = ".".join(path)
        if path not in known:
            found.append(f"{name}: English has no such words")
        elif type(told) is not type(known[path]):
            found.append(f"{name}: is of another form")
        else:
            mine, theirs = (
                Counter(p for s in sentences(one) for p in words.names_in(s)) for one in (told, known[path])
            )
            found += [f"{name}: {sorted(mine)} instead of {sorted(theirs)}"] if set(mine) != set(theirs) else []
    said = {path for path, _ in flat(other.get("face", {}))}
    return [*found, *(f"face.{'.'.join(path)}: lacks" for path, _ in flat(english["face"]) if path not in said)]


@pytest.mark.parametrize("language", words.languages())
def test_a_language_says_what_english_says(language: str) -> None:
    assert faults(words.told(language), words.told("en")) == []


def test_what_is_wrong_with_a_language_is_found() -> None:
    english = {"face": {"a": "{x} and {y}", "b": ["one", "two"]}, "idea show": {"help": "Show."}}
    assert faults({"face": {"a": "{x} y {y}", "b": ["uno", "dos"]}}, english) == []
    assert faults({"face": {"a": "{x}", "b": ["uno"]}}, english) == ["face.a: ['x'] instead of ['x', 'y']"]
    assert faults({"face": {"b": "uno"}}, english) == ["face.b: is of another form", "face.a: lacks"]
    assert faults({"face": english["face"], "idea": {"help": "x"}}, english) == ["idea.help: English has no such words"]


def test_english_fills_what_a_language_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"en": {"word": {"a": {"x": "one", "y": "two"}}}, "es": {"word": {"a": {"x": "uno"}}}}
    monkeypatch.setattr(words, "told", told.__getitem__)
    words._whole.cache_clear()
    try:
        with words.speaking("es"):
            assert (words.word("a", "x"), words.word("a", "y")) == ("uno", "two")
            with words.speaking("en"):
                assert words.word("a", "x") == "one"
            assert words.spoken() == "es"
        assert words.word("a", "x") == "one"
    finally:
        words._whole.cache_clear()
