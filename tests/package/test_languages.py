"""The languages that words are told in.

a language besides English
├── says nothing that English does not
├── fills the same placeholders, and nothing else, in tables of the same rows
├── has all of the page's own words
└── says every error of every contract, with the same commands
what two languages share is said once: what is not translated is told in English
what is told again is told in the language that is spoken
├── why a contract said no, and why a document cannot be read
└── but a document keeps its own: who speaks which changes no digest
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dmo.capabilities.work import RejectWork
from dmo.core import abi, words
from dmo.core.digests import digest
from dmo.core.errors import BadInput
from dmo.core.explain import refused
from dmo.core.kinds import LANGUAGE, choice
from dmo.home.documents import Unreadable, read_document

OTHERS = words.languages()[1:]
WHOLE = ("face", "error")
"""Tables of which a language has all."""


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
            if path[-1] in ("tables", "cards") and rows(told) != rows(known[path]):
                found.append(f"{name}: rows of {rows(told)}")
            if path[0] == "error" and commands(told) != commands(known[path]):
                found.append(f"{name}: other commands")
    said = {path for path, _ in flat(other)}
    return [*found, *(f"{'.'.join(path)}: lacks" for path in known if _is_needed(path) and path not in said)]


def _is_needed(path: tuple[str, ...]) -> bool:
    return path[0] in WHOLE and "units" not in path


def rows(tables: Any) -> list[Any]:
    """What the tables of an answer have a row for."""
    return [one.get("rows") for one in tables]


def commands(told: Any) -> Counter[str]:
    """What stands in sentences as it is typed."""
    return Counter(one for text in sentences(told) for one in re.findall("`[^`]+`", text))


def english() -> dict[str, Any]:
    """What English says: its files, and the sentences of our own contracts' errors, which stand with them."""
    ours = {one["name"]: {"says": one["says"], "right": one["right"]} for one in abi.error_data() if one.get("says")}
    theirs = words.told("en")["error"]
    return {
        **words.told("en"),
        "error": {name: {**ours.get(name, {}), **one} for name, one in {**ours, **theirs}.items()},
    }


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_what_english_says(language: str) -> None:
    known = english()
    assert len(known["error"]) > 200
    assert faults(words.told(language), known) == []


def test_what_is_wrong_with_a_language_is_found() -> None:
    english = {"face": {"a": "{x} and {y}", "b": ["one", "two"]}, "idea show": {"help": "Show."}}
    assert faults({"face": {"a": "{x} y {y}", "b": ["uno", "dos"]}}, english) == []
    assert faults({"face": {"a": "{x}", "b": ["uno"]}}, english) == ["face.a: ['x'] instead of ['x', 'y']"]
    assert faults({"face": {"b": "uno"}}, english) == ["face.b: is of another form", "face.a: lacks"]
    assert faults({"face": english["face"], "idea": {"help": "x"}}, english) == ["idea.help: English has no such words"]
    lists = {"idea list": {"tables": [{"rows": "ideas", "title": "{x}"}]}, "face": {}}
    assert faults({"idea list": {"tables": [{"title": "{x}"}]}}, lists) == ["idea list.tables: rows of [None]"]
    contracts = {"error": {"X": {"says": "{a}", "right": "Use `dmo due`."}}, "face": {}}
    assert faults({"error": {"X": {"says": "{a}", "right": "`dmo pay`"}}}, contracts) == [
        "error.X.right: other commands"
    ]
    assert faults({"error": {"X": {"says": "{a}"}}}, contracts) == ["error.X.right: lacks"]


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


def test_what_is_told_again_is_told_in_the_language_that_is_spoken() -> None:
    no_document = b"\xff\xfe"
    told: dict[str, list[str]] = {}
    for language in (*OTHERS, *words.languages()):
        with words.speaking(language):
            found = read_document(no_document, digest(no_document))
            no = refused("CampaignEscrowNothingDue", {"submission": 3, "status": 5})
            status = words.load()["enum"]["Status"][5]
            with pytest.raises(BadInput) as wrong:
                choice("vote", "for", "against").read(None, "maybe")  # type: ignore[arg-type]
        assert isinstance(found, Unreadable)
        assert status in no.message
        lines = [found.title, no.message, no.hint, wrong.value.hint]
        assert told.setdefault(language, lines) == lines, "whoever was told before"
    assert all(len({lines[place] for lines in told.values()}) == len(told) for place in range(4))


def test_a_document_keeps_its_own_language() -> None:
    def made(spoken: str, **fields: str) -> Any:
        with words.speaking(spoken):
            return RejectWork(3, because="Roto.", **fields).document(None)  # type: ignore[arg-type]

    assert len({made(one).digest for one in words.languages()}) == 1
    assert len({made(one, lang="es").digest for one in words.languages()}) == 1
    spanish, swiss = made("en", lang="es"), made("zh", lang="de-CH")
    assert (spanish.lang, swiss.lang) == ("es", "de-CH")
    assert "entrega 3" in spanish.title
    assert swiss.title == made("en").title, "in English, where there are no words"
    for odd in ("", "en\nkind: idea", "e", "x" * 40, "{}", "en_US"):
        with pytest.raises(BadInput):
            LANGUAGE.read(None, odd)
