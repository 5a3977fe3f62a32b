"""What a juror keeps: on the disk before it is needed, for its owner alone, and never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmo.client.disputes import Ruling, commitment
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput, NotFound
from dmo.home.salts import Salts, Secret, read_secret, write_secret
from tests.support.node import ADDRESSES, ALICE, BOB, OFFLINE, Node, dmo_on

CASE = 4
JURY = ADDRESSES["Jury"]


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


def secret(**changes: Any) -> Secret:
    known = Secret(31337, checksum(JURY), CASE, checksum(BOB), Ruling.PAY, b"\x05" * 32)
    return replace(known, **changes)


def test_a_secret_knows_its_commitment() -> None:
    one = secret()
    assert one.committed == commitment(OFFLINE, CASE, one.juror, Ruling.PAY, one.salt)
    assert one.committed != replace(one, jury=checksum(ALICE)).committed


def test_lists_what_is_kept_for_a_dispute(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts")
    assert salts.of(31337, JURY, CASE) == []
    mine, others = secret(), secret(juror=checksum(ALICE))
    for one in (mine, others, secret(case=5), secret(chain_id=1), secret(jury=checksum(ALICE))):
        salts.keep(one)
    found = salts.of(31337, JURY, CASE)
    assert {one.juror for one in found} == {mine.juror, others.juror}
    assert len(found) == 2


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    salts.keep(secret())
    (tmp_path / "00.json").write_text('{"chain_id"')
    assert salts.of(31337, JURY, CASE) == [secret()]


def test_no_secret_replaces_another(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    file = salts.keep(secret())
    before = file.read_bytes()
    with pytest.raises(BadInput, match="already there"):
        salts.keep(secret())
    assert file.read_bytes() == before


def test_what_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be made"):
        Salts(tmp_path / "file" / "salts").keep(secret())
    with pytest.raises(BadInput, match="cannot be written"):
        write_secret(tmp_path / "nowhere/salt.json", secret())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0x05", "0x"),
        ("0x05", "0xzz"),
        ('"ruling": 1', '"ruling": 7'),
        ('"dispute"', '"case"'),
        ('"dispute": 4', '"dispute": null'),
        ("{", "["),
    ],
)
def test_what_is_no_salt_is_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "salt.json"
    write_secret(file, secret())
    assert read_secret(file) == secret()
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(BadInput, match="is no salt"):
        read_secret(file)
