"""What a juror keeps: on the disk before it is needed, for its owner alone, and never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dmo.client.disputes import Ruling, commitment
from dmo.errors import NotFound
from dmo.salts import Salts
from tests.support.node import ALICE, BOB, OFFLINE, Node, dmo_on

CASE = 4


def chain_with(committed: bytes) -> Node:
    node = Node()
    node.view("Jury", "commitmentOf", lambda case, juror: committed)
    return node


def test_the_salt_is_on_the_disk_for_its_owner_alone(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts")
    committed = salts.commit(OFFLINE, CASE, ALICE, Ruling.REFUSE)
    file = salts.path(committed)
    assert file.stat().st_mode & 0o777 == 0o600
    assert salts.folder.stat().st_mode & 0o777 == 0o700
    kept = json.loads(file.read_text("utf-8"))
    salt = bytes.fromhex(kept["salt"][2:])
    assert commitment(OFFLINE, CASE, ALICE, Ruling.REFUSE, salt) == committed


def test_finds_the_one_of_several_that_counts(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    first = salts.commit(OFFLINE, CASE, ALICE, Ruling.PAY)
    second = salts.commit(OFFLINE, CASE, ALICE, Ruling.REFUSE)
    assert first != second
    for committed, ruling in ((first, Ruling.PAY), (second, Ruling.REFUSE)):
        kept = salts.find(dmo_on(chain_with(committed)), CASE, ALICE)
        assert kept.ruling is ruling
        assert commitment(OFFLINE, CASE, ALICE, ruling, kept.salt) == committed


def test_says_when_there_is_nothing_to_reveal(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no commitment in dispute 4 that waits"):
        Salts(tmp_path).find(dmo_on(chain_with(bytes(32))), CASE, ALICE)


@pytest.mark.parametrize("damage", ["gone", "broken", "ruling", "somebody else's"])
def test_says_where_a_lost_salt_belongs(tmp_path: Path, damage: str) -> None:
    salts = Salts(tmp_path)
    committed = salts.commit(OFFLINE, CASE, ALICE, Ruling.PAY)
    file, juror = salts.path(committed), ALICE
    if damage == "gone":
        file.unlink()
    elif damage == "broken":
        file.write_text("{", "utf-8")
    elif damage == "ruling":
        file.write_text(file.read_text("utf-8").replace('"ruling": 1', '"ruling": 2'), "utf-8")
    else:
        juror = BOB
    with pytest.raises(NotFound, match="is not on this machine") as lost:
        salts.find(dmo_on(chain_with(committed)), CASE, juror)
    assert str(file) in lost.value.hint
