"""The demo's people and documents, without a chain."""

from __future__ import annotations

import csv
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from dmo.core.chain import Event
from dmo.core.errors import CheckFailed
from dmo.home.books import differences
from dmo.home.deployment import Dmo
from dmo.home.documents import parse
from dmo.home.outputs import Demo
from dmo.story.cast import CAST, key_of
from dmo.story.stage import Stage, choices_of
from dmo.story.summary import check_summary, choices_changed

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "examples" / "documents"
PATHS = sorted(
    str(path.relative_to(DOCUMENTS).with_suffix("")) for path in DOCUMENTS.glob("*/*.md")
)


class _Silent:
    def chapter(self, title: str, words: str) -> None:
        pass

    def line(self, at: int, who: object, words: str, why: str = "") -> None:
        pass


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(Dmo("demo", 31337, {}), DOCUMENTS, _Silent())


@pytest.mark.parametrize("path", PATHS)
def test_documents_are_valid(stage: Stage, path: str) -> None:
    document = stage.document(path)
    assert document.kind == {"ideas": "idea", "evidence": "evidence"}.get(
        path.split("/")[0], path.split("/")[0].removesuffix("s")
    )
    assert parse(document.raw).digest == sha256(document.raw).digest()
    assert "{{" not in document.raw.decode()
    assert not document.unknown


def test_documents_speak_four_languages(stage: Stage) -> None:
    spoken = Counter(stage.document(path).front.lang for path in PATHS)
    assert set(spoken) == {"en", "es", "id", "zh-Hans"}
    assert min(spoken.values()) >= 5


def test_evidence_shows_files_that_are_there(stage: Stage) -> None:
    shown = set()
    for path in (path for path in PATHS if path.startswith("evidence/")):
        for file in stage.document(path).front.files:  # type: ignore[attr-defined]
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


def test_choices_are_read_as_people_write_them() -> None:
    assert [(c.number, c.is_for) for c in choices_of("+1 -12")] == [(1, True), (12, False)]
    assert choices_of("") == ()


def _cast(voter: str, values: list[int]) -> Event:
    word = 1 | len(values) << 234
    for place, value in enumerate(values):
        word |= value << (64 + 17 * place)
    return Event("BallotCast", {"voter": voter, "round": 1, "words": (word,)}, "0x", 1, "0x", 0)


def test_only_turned_choices_count_as_changed() -> None:
    cast = [
        _cast("a", [3, 5]),
        _cast("b", [3]),
        _cast("a", [2, 5, 7]),  # 1 turned, 3 added
        _cast("b", [3, 4]),  # 2 added
        _cast("a", [2]),  # taken away
    ]
    assert choices_changed(cast) == 1


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
