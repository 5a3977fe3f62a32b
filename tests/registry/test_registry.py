"""All acts and queries are said once and whole; what is planted is found.

given every external function that writes
├── it is an act's call, or stands in not_acts.toml with its reason
└── when one is planted that nobody says, or an entry that is of nothing: it is told
given every act and query
├── its call and its event are in the ABI, its words are whole, its examples can be typed
├── it has its row in docs/permissions.md, its schemas and its place in the help
├── every refusal that it can meet is a sentence without a raw placeholder
└── when one is planted without words, field, event or with an unknown placeholder: it is told
given every word
├── it is used, and what the code uses exists
└── when one is planted that is not: it is told
given a new contract, and an act declared with one entry of words
└── it has help, JSON, docs row, permission row and schemas
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import click
import pytest

from dmo.capabilities import registry
from dmo.capabilities.acts import acts
from dmo.core import abi, explain, words
from dmo.core.act import Act
from dmo.core.explain import Words
from dmo.faces import cli
from tests.registry import faults
from tests.registry.planted import WORDS, planted
from tests.registry.watching import misfits
from tools import generate_cli_docs, generate_schemas

ROOT = faults.ROOT
LISTS = faults.not_acts()
ACTS = acts()
SAMPLES = {"address": "0x" + "11" * 20, "bool": True, "string": "text"}


# ── as it is ────────────────────────────────────────────────────────────────────────────────────


def test_every_function_that_writes_is_said() -> None:
    assert faults.contract_faults(ACTS, LISTS, abi.names()) == []
    assert set(LISTS[faults.NO_EVENT]) <= set(Act.registry)


@pytest.mark.parametrize("name", sorted(Act.registry))
def test_every_act_calls_what_there_is(name: str) -> None:
    assert faults.call_faults(Act.registry[name], LISTS[faults.NO_EVENT]) == []


@pytest.mark.parametrize("name", sorted(registry()))
def test_every_act_and_query_has_its_words(name: str) -> None:
    assert faults.word_faults(registry()[name]) == []


def test_every_word_is_used_and_every_used_word_exists() -> None:
    assert _as_it_is() == set()


def test_errors_are_given_words_and_no_sentences() -> None:
    sources = {one.name: one.read_text("utf-8") for one in (faults.ROOT / "dmo").rglob("*.py")}
    assert {name: said for name, text in sources.items() if (said := faults.spoken(text))} == {}


@pytest.mark.parametrize(
    "code",
    ['BadInput(f"{1} is no number")', 'errors.Refused("X", message="it said no")', 'NotFound(name, hint="ask her")'],
)
def test_a_sentence_in_code_is_found(code: str) -> None:
    assert len(faults.spoken(code)) == 1
    assert faults.spoken('Refused("BalanceTooSmall", {}, message=told)') == []


def test_every_noun_is_in_the_help() -> None:
    said = words.load()["cli"]
    nouns = {name.split()[0] for name in registry() if " " in name}
    alone = {name for name in registry() if " " not in name}
    assert set(said["nouns"]) == nouns
    assert sorted(one for _, names in said["groups"] for one in names) == sorted(nouns | alone)
    assert set(said["short"].values()) <= set(registry())
    assert not set(said["short"]) & (nouns | alone)


def test_every_act_has_its_row_in_the_permissions() -> None:
    told = (ROOT / "docs/permissions.md").read_text("utf-8")
    for one in ACTS:
        assert one.who, one.name
        assert generate_cli_docs.permission_row(one) in told


def test_what_is_generated_is_up_to_date() -> None:
    assert (ROOT / "docs/cli.md").read_text("utf-8") == generate_cli_docs.cli()
    assert (ROOT / "docs/permissions.md").read_text("utf-8") == generate_cli_docs.permissions()
    stale = [
        str(path)
        for path, text in generate_schemas.of_registry().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text
    ]
    assert stale == []


def _sample(kind: str) -> Any:
    if kind.endswith("[]"):
        return []
    if kind.startswith("bytes"):
        return b"\x11" * 32
    return SAMPLES.get(kind, 1)


@pytest.mark.parametrize("contract", abi.names())
def test_refusals_are_sentences(contract: str) -> None:
    for one in abi.load(contract):
        if one.kind == "error":
            arguments = {field.name: _sample(field.kind) for field in one.inputs}
            said = " ".join(explain.explain(one.name, arguments, Words()))
            assert said.strip(), one.name
            assert not set("{}") & set(said), said


# ── what is planted ─────────────────────────────────────────────────────────────────────────────


def test_a_function_that_nobody_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with planted(monkeypatch):
        assert faults.contract_faults(ACTS, LISTS, abi.names()) == [
            "Lantern.deposit is no act's call and stands on no list"
        ]
        assert faults.contract_faults(acts(), LISTS, abi.names()) == []


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"Jury.sing": "It sings."}, "Jury.sing is on a list and in no ABI"),
        ({"Jury.commit": "It commits."}, "Jury.commit is on a list and an act's call"),
        ({"Jury.appeal": ""}, "Jury.appeal is on a list without a reason"),
    ],
)
def test_an_entry_of_nothing_is_told(entry: dict[str, str], told: str) -> None:
    lists = {**LISTS, "wallets": {**LISTS["wallets"], **entry}}
    lists["contract to contract"] = {key: why for key, why in LISTS["contract to contract"].items() if key not in entry}
    assert faults.contract_faults(ACTS, lists, abi.names()) == [told]
    assert faults.contract_faults(ACTS, {**LISTS, "other": {}}, abi.names()) == ["other is no list"]


def _without(key: str) -> str:
    return "".join(line for line in WORDS.splitlines(True) if not line.startswith(key))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "campaign lantern has no help"),
        (_without("call"), "campaign lantern has no call"),
        (_without("example"), "campaign lantern has no example"),
        (_without("field"), "campaign lantern: field amount has no words"),
        (WORDS + 'field.oil = "What?"\n', "campaign lantern: oil is no field"),
        (WORDS.replace("effect = ", 'next = "{moon}"\neffect = '), "{moon} is neither field nor"),
        (WORDS.replace("lantern 5", "lantern 5 6"), "cannot be typed: Got unexpected"),
        (WORDS.replace("lantern 5", "top-up 1 5"), "is no example of it"),
        (WORDS.replace("lantern 5", "lanterns 5"), "cannot be typed"),
    ],
)
def test_wrong_words_are_told(monkeypatch: pytest.MonkeyPatch, said: str, told: str) -> None:
    with planted(monkeypatch) as one:
        assert faults.word_faults(one) == []
    with planted(monkeypatch, said) as one:
        assert any(told in fault for fault in faults.word_faults(one)), faults.word_faults(one)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"call": ("Lantern", "dance")}, "campaign lantern: Lantern has no function dance"),
        ({"call": ("", "")}, "campaign lantern calls nothing"),
        ({"told_by": "Danced"}, "campaign lantern: Lantern has no event Danced"),
        ({"told_by": ""}, "campaign lantern is told by no event"),
        ({"tells": {"moon": None}}, "campaign lantern: moon is not in PoolDeposited"),
        ({"pays": "oil"}, "campaign lantern pays oil, which is no field"),
    ],
)
def test_a_wrong_call_is_told(monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], told: str) -> None:
    with planted(monkeypatch) as one:
        assert faults.call_faults(one, {}) == []
    with planted(monkeypatch, **changed) as one:
        assert faults.call_faults(one, {}) == [told]


@cache
def _as_it_is() -> set[str]:
    return {*faults.code_faults(faults.modules(), words.load(), registry())}


def _new(modules: dict[str, faults.Module], said: dict[str, Any]) -> set[str]:
    """Faults that are not there as it is."""
    return {*faults.code_faults(modules, said, registry())} - _as_it_is()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said["word"]["campaign_state"].update(sunk="?"), "nothing uses word.campaign_state.sunk"),
        (lambda said: said["item"].update(lantern={"text": "Light"}), "nothing uses item.lantern"),
        (lambda said: said["wrong"].update(no_oil={"says": "x"}), "nothing uses wrong.no_oil"),
        (lambda said: said.update({"lantern light": {}}), "nothing uses [lantern light]"),
    ],
)  # fmt: skip
def test_a_word_that_nothing_uses_is_told(change: Callable[[Any], None], told: str) -> None:
    said = {key: dict(table) for key, table in words.load().items()}
    said["word"] = {key: dict(table) for key, table in said["word"].items()}
    change(said)
    assert _new(faults.modules(), said) == {told}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('words.word("flag", "unsure")', "x.py: there is no word.flag.unsure"),
        ('words.bad("no_oil")', "x.py: there is no wrong.no_oil"),
        ('words.network("no_oil", place=1)', "x.py: there is no wrong.no_oil"),
        ('words.bad("clock_back" if back else "no_oil")', "x.py: there is no wrong.no_oil"),
        ('_words("not_mined", tx=1)', "x.py: wrong.not_mined is given no seconds"),
        ('words.bad("posted_already", round=1)', "x.py: wrong.posted_already is given no number"),
        ('Item("lantern", 0, True, "")', "x.py: there is no item.lantern"),
    ],
)
def test_a_word_that_is_missing_is_told(code: str, told: str) -> None:
    modules = {**faults.modules(), "x.py": faults.read_module(code)}
    assert _new(modules, words.load()) == {told}


# ── all from one declaration ────────────────────────────────────────────────────────────────────


def test_a_new_action_has_everything_from_one_declaration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Command and script send it in test_examples.py, where there is a chain."""
    with planted(monkeypatch):
        assert cli.main(["campaign", "lantern", "--help"]) == 0
        assert "dmo campaign lantern 5" in capsys.readouterr().out
        assert cli.main(["acts", "--format", "json"]) == 0
        listed = json.loads(capsys.readouterr().out)["data"]["acts"]
        (found,) = [one for one in listed if one["name"] == "campaign lantern"]
        assert (found["who"], found["contract"], found["function"], found["event"]) == (
            *("anyone", "Lantern", "deposit", "PoolDeposited"),
        )
        assert found["fields"]["amount"]["required"]
        assert "### dmo campaign lantern" in generate_cli_docs.cli()
        row = "| anyone | `campaign lantern` | `Lantern.deposit` | Light a lantern. |"
        assert row in generate_cli_docs.permissions()
        schemas = {str(path): text for path, text in generate_schemas.of_registry().items()}
        fields = json.loads(schemas["docs/schemas/acts/campaign-lantern.json"])
        assert fields["required"] == ["amount"]
        assert "docs/schemas/views/campaign-lantern.json" in schemas
    assert "campaign lantern" not in registry()


def test_the_list_of_acts_is_as_its_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["acts", "--format", "json"])
    data = json.loads(capsys.readouterr().out)["data"]
    schema = json.loads((ROOT / "docs/schemas/views/acts.json").read_text("utf-8"))
    assert misfits(schema, data) == []
    assert [one["name"] for one in data["acts"]] == sorted(Act.registry)
    assert misfits(schema, {"acts": [{"name": 1}]}) != []


def test_gift_no_means_no() -> None:
    from dmo.core.kinds import FLAG

    assert FLAG.read(None, "no") is False
    with pytest.raises(click.ClickException):
        cli.command("bounty post").make_context("post", ["1"])
