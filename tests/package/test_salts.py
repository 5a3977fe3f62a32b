"""What a juror keeps: on the disk before it is needed, for its owner alone, and never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.ends import Ruling
from dmo.core.abi.codec import checksum, encode, keccak
from dmo.core.errors import BadInput
from dmo.home.salts import Salts, Secret, read_secret, write_secret
from tests.support.node import ADDRESSES, ALICE, BOB

DISPUTE = 4
JURY = ADDRESSES["Jury"]


def secret(**changes: Any) -> Secret:
    known = Secret(31337, checksum(JURY), DISPUTE, checksum(BOB), Ruling.PAY, b"\x05" * 32)
    return replace(known, **changes)


def test_a_secret_knows_its_commitment() -> None:
    one = Secret(31337, checksum(ALICE), DISPUTE, checksum(BOB), Ruling.REFUSE, b"\x05" * 32)
    kinds = ["uint256", "address", "uint256", "address", "uint256", "bytes32"]
    assert one.committed == keccak(encode(kinds, [31337, ALICE, 4, BOB, 2, one.salt]))
    for other in (
        replace(one, jury=checksum(BOB)),
        replace(one, dispute=5),
        replace(one, juror=checksum(ALICE)),
        replace(one, ruling=1),
        replace(one, chain_id=1),
        replace(one, salt=bytes(32)),
    ):
        assert one.committed != other.committed


def test_the_salt_is_on_the_disk_for_its_owner_alone(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts")
    file = salts.keep(secret())
    assert file == salts.path(secret().committed)
    assert file.stat().st_mode & 0o777 == 0o600
    assert salts.folder.stat().st_mode & 0o777 == 0o700
    assert json.loads(file.read_text("utf-8"))["salt"] == "0x" + "05" * 32


@pytest.mark.parametrize("damage", ["none", "gone", "broken", "ruling"])
def test_finds_what_is_behind_a_commitment(tmp_path: Path, damage: str) -> None:
    salts = Salts(tmp_path)
    salts.keep(secret(ruling=2))
    file = salts.keep(secret())
    if damage == "gone":
        file.unlink()
    elif damage == "broken":
        file.write_text("{", "utf-8")
    elif damage == "ruling":
        file.write_text(file.read_text("utf-8").replace('"ruling": 1', '"ruling": 2'), "utf-8")
    found = salts.behind(secret().committed)
    assert found == (secret() if damage == "none" else None)


def test_lists_what_is_kept_for_a_dispute(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts")
    assert salts.of(31337, JURY, DISPUTE) == []
    mine, others = secret(), secret(juror=checksum(ALICE))
    for one in (mine, others, secret(dispute=5), secret(chain_id=1), secret(jury=checksum(ALICE))):
        salts.keep(one)
    found = salts.of(31337, JURY, DISPUTE)
    assert {one.juror for one in found} == {mine.juror, others.juror}
    assert len(found) == 2


def test_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    salts.keep(secret())
    (tmp_path / "00.json").write_text('{"chain_id"')
    assert salts.of(31337, JURY, DISPUTE) == [secret()]


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
        ('"ruling": 1', '"ruling": 0'),
        ('"dispute"', '"number"'),
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
