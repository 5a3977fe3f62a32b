"""The season as data, its people and documents, and how it is told, without a chain.

the season
  given its documents
    when they are filled in -> test_documents_are_valid, test_documents_speak_four_languages
    when they name files -> test_evidence_shows_files_that_are_there
  given its people
    it has accounts for them -> test_everybody_has_an_account_of_their_own
    it agrees with the config -> test_config_lists_the_holders_of_the_cast
    it leaves nobody a majority -> test_no_holder_could_pass_an_idea_alone
  given its brand book
    its ideas name what is in it -> test_ideas_name_entries_of_the_right_kind
  given its steps
    it knows each -> test_every_step_is_an_act_or_a_scene
    it names before it uses -> test_names_are_given_before_they_are_used
    it goes on in time -> test_time_only_goes_on
the summary
  given equations that hold -> test_summary_whose_equations_hold_is_accepted
  given a wrong amount -> test_summary_with_a_wrong_amount_is_refused
the narrator
  given somebody's second line -> test_introduces_people_once
  given wide letters -> test_does_not_cut_lines_with_wide_letters
  given no terminal -> test_writes_no_control_characters_without_a_terminal
"""

from __future__ import annotations

import csv
import inspect
import io
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from dmo.capabilities import registry
from dmo.core.errors import CheckFailed
from dmo.home.deployment import Dmo
from dmo.home.documents import Document, parse
from dmo.season.books import differences
from dmo.season.outputs import Demo
from dmo.season.player import Season, key_of, load, moment
from dmo.season.scenes import SCENES
from dmo.season.summary import check_summary
from dmo.season.telling import Narrator

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "examples" / "documents"
WRITTEN = load(ROOT / "examples" / "season.toml")
CAST = WRITTEN["cast"]
PATHS = sorted(str(path.relative_to(DOCUMENTS).with_suffix("")) for path in DOCUMENTS.glob("*/*.md"))
OF_A_STEP = {"at", "who", "do", "say", "why", "name", "refused"}


class _Silent:
    def chapter(self, title: str, words: str) -> None:
        pass

    def line(self, at: int, who: object, words: str, why: str = "") -> None:
        pass


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Season:
    folder = tmp_path_factory.mktemp("season")
    return Season(Dmo("demo", 31337, {}), WRITTEN, DOCUMENTS, folder, _Silent())


def document(season: Season, path: str) -> Document:
    return parse(Path(season.paper(path)).read_bytes())


# ── documents and people ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PATHS)
def test_documents_are_valid(season: Season, path: str) -> None:
    found = document(season, path)
    folder, name = path.split("/")
    assert found.kind == (name.partition("-")[0] if folder == "plan" else folder.removesuffix("s"))
    assert found.digest == sha256(found.raw).digest()
    assert "{{" not in found.raw.decode()
    assert not found.unknown


def test_documents_speak_four_languages(season: Season) -> None:
    spoken = Counter(document(season, path).front.lang for path in PATHS)
    assert set(spoken) == {"en", "es", "id", "zh-Hans"}
    assert min(spoken.values()) >= 5


def test_evidence_shows_files_that_are_there(season: Season) -> None:
    shown = set()
    for path in (path for path in PATHS if path.startswith(("evidence/", "assets/"))):
        for file in document(season, path).front.files:  # type: ignore[attr-defined]
            raw = (ROOT / file.where).read_bytes()
            assert (sha256(raw).hexdigest(), len(raw)) == (file.sha256, file.size)
            shown.add(file.where)
    assert len(shown) == len(list((DOCUMENTS / "files").iterdir()))


def test_everybody_has_an_account_of_their_own() -> None:
    assert len({person.index for person in CAST.values()}) == len(CAST)


def test_config_lists_the_holders_of_the_cast() -> None:
    with (ROOT / "config" / "demo-holders.csv").open() as file:
        listed = {row["address"]: int(row["tokens"]) for row in csv.DictReader(file)}
    assert listed == {str(key_of(p).address): p.tide for p in CAST.values() if p.tide}
    guardian = str(key_of(CAST["nora"]).address)
    assert re.search(f'address = "{guardian}"', (ROOT / "config" / "demo.toml").read_text())


def test_no_holder_could_pass_an_idea_alone() -> None:
    votable = sum(person.tide for person in CAST.values())
    assert max(person.tide for person in CAST.values()) < votable * 15 // 100


# ── steps ───────────────────────────────────────────────────────────────────────────────────────


def steps() -> Iterator[dict[str, Any]]:
    for chapter in WRITTEN["chapter"]:
        yield from chapter["steps"]


def test_every_step_is_an_act_or_a_scene() -> None:
    wrong = []
    for step in steps():
        do, given = step["do"], set(step) - OF_A_STEP
        if do in SCENES:
            known = set(inspect.signature(SCENES[do]).parameters)
        else:
            known = set(registry()[do].parameters()) if do in registry() else set()
            known |= {one.metadata.get("flag") for one in registry()[do].parameters().values()}
            assert step["who"] in CAST, step
        if given - known:
            wrong.append((do, sorted(given - known)))
    assert wrong == []
    assert set(WRITTEN["tell"]) <= {step["do"] for step in steps()}


def test_ideas_name_entries_of_the_right_kind(season: Season) -> None:
    kinds, assets, needs, named = [""], 0, 0, Counter[str]()
    for step in (step for step in steps() if "refused" not in step):
        if step["do"] in ("brand add", "plan add", "claim add"):
            kinds.append(step.get("what", "claim"))
            assert document(season, step["file"]).kind == kinds[-1]
        assets, needs = assets + (step["do"] == "asset add"), needs + (step["do"] == "need post")
        if step["do"] in ("idea post", "idea edit"):
            said = document(season, step["file"]).fields
            for field in ("pillar", "tactic", "claims"):
                given = said.get(field) or []
                for number in (int(one) for one in ([given] if isinstance(given, str) else given) if one.isdigit()):
                    assert kinds[number] == field.removesuffix("s"), step
                    named[field] += 1
            assert all(int(one) <= assets for one in said["assets"])
            assert not str(said.get("need", "")).isdigit() or int(said["need"]) <= needs
    assert min(named[field] for field in ("pillar", "tactic", "claims")) >= 3


def test_names_are_given_before_they_are_used() -> None:
    named: set[str] = set()
    for step in steps():
        used = {value[1:] for value in step.values() if isinstance(value, str) and value.startswith("@")}
        assert used <= named, step
        named |= {step["name"]} if "name" in step else set()


def test_time_only_goes_on() -> None:
    moments = [moment(WRITTEN["begin"]), *(moment(step["at"]) for step in steps() if "at" in step)]
    assert moments == sorted(set(moments))
    assert len(moments) > 50


# ── the summary ─────────────────────────────────────────────────────────────────────────────────


def _summary(**other: str) -> Demo:
    token = {"address": "0x" + "0" * 39 + "1", "symbol": "T", "decimals": 6}
    counts = {
        name: 0
        for name, field in Demo.model_fields.items()
        if field.is_required() and name not in ("vote_token", "budget_token")
    }
    money = {
        "received": "10",
        "paid": "4",
        "refunded": "1",
        "held": "5",
        "token_in": "13",
        "token_out": "6",
        "token_balance": "7",
        "bonds_received": "3",
        "bonds_paid": "1",
        "bonds_held": "2",
        "points_awarded": "0",
    }
    facts = counts | money | other | {"vote_token": token, "budget_token": token}
    return Demo.model_validate(facts)


def test_summary_whose_equations_hold_is_accepted() -> None:
    check_summary(_summary())


@pytest.mark.parametrize(
    "name",
    [
        *("received", "paid", "refunded", "held"),
        *("bonds_received", "bonds_paid", "bonds_held"),
        *("token_in", "token_out", "token_balance"),
    ],
)
def test_summary_with_a_wrong_amount_is_refused(name: str) -> None:
    wrong = _summary(**{name: "99"})
    with pytest.raises(CheckFailed) as caught:
        check_summary(wrong)
    assert list(caught.value.differences) == differences(wrong)


# ── how it is told ──────────────────────────────────────────────────────────────────────────────


def _console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_introduces_people_once() -> None:
    console = _console(120)
    narrator = Narrator(console)
    for words in ("posts [1]", "votes"):
        narrator.line(1_773_014_400, CAST["ayu"], words, "why not")
    first, second = _said(console).splitlines()
    assert "09 Mar 00:00  Ayu Lestari (holder and lead, Makassar) posts [1] — why not" in first
    assert "Ayu Lestari votes" in second


def test_does_not_cut_lines_with_wide_letters() -> None:
    console = _console(60)
    Narrator(console).line(1_773_014_400, CAST["chen"], "submits work 1 “青岛石老人滩四页日记”", "in fog")
    said = _said(console)
    assert "…" not in said
    assert "— in fog" in " ".join(said.split())


def test_writes_no_control_characters_without_a_terminal() -> None:
    console = _console(80)
    narrator = Narrator(console)
    narrator.chapter("A chapter", "with words")
    narrator.line(1_773_014_400, None, "and a line")
    assert "\x1b" not in _said(console)
