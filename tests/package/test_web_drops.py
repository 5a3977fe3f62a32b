"""Drops on the page: what a claimant finds.

given a drop whose manifest is on the chain
├── its page says what is theirs, to who looks as themselves, and nothing of the kind to others
├── the preview of a claim is the call with its proof
├── the list has it, and leads to it
└── of one that is listed who has a part is told; of a stranger's not
given one whose manifest is nowhere
└── its page says so, and a claim takes the file that is handed over
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dmo.core import abi
from dmo.core.abi.codec import checksum
from dmo.core.merkle import Share
from dmo.faces.web.answers import linked
from dmo.home import manifests
from dmo.home.manifests import Manifest
from tests.package.test_merkle import risen
from tests.support.chronicle import account
from tests.support.node import ADDRESSES
from tests.support.village import AUTHOR, ME, ORIGIN, Village
from tests.support.web import Served

FAR: Manifest = manifests.made([Share(0, checksum(ME), 7_500_000), Share(1, checksum(AUTHOR), 2_500_000)])


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    village = Village()
    village.speak()
    drop = {"drop": 2, "creator": AUTHOR, "token": ADDRESSES["BudgetToken"], "amount": 10_000_000}
    more = {"root": FAR.tree.root, "manifest": FAR.digest, "startsAt": ORIGIN, "expiresAt": 2**31}
    village.block([("Drops", "DropCreated", {**drop, **more})])
    return Served(village, tmp_path, monkeypatch)


def claimed(told: dict[str, Any]) -> dict[str, Any]:
    assert told["ok"], told
    (step,) = told["steps"]
    name, arguments = abi.decode_call("Drops", bytes.fromhex(step["data"][2:]))
    assert name == "claim"
    return dict(arguments)


def test_a_claimant_finds_what_is_theirs_and_claims(served: Served) -> None:
    assert 'href="/drop/1' in served.text("/drops")
    own, other = served.text(f"/drop/1?account={ME}"), served.text(f"/drop/1?account={account(5)}")
    assert "0.000009" in own
    assert "not claimed" in own
    assert "not claimed" not in other
    assert "sound: every share once" in other
    told = served.preview("drop claim", {"drop": "1", "_from": ME})
    call = claimed(told)
    assert (call["drop"], call["index"], call["account"], call["amount"]) == (1, 0, ME, 9)


def test_a_manifest_can_be_handed_over(served: Served) -> None:
    page = served.text(f"/drop/2?account={ME}")
    assert "not found; give it by --file" in page
    assert "anybody can put up a drop" in page
    without = served.preview("drop claim", {"drop": "2", "_from": ME})
    assert "nowhere to be found" in without["error"]["message"]
    told = served.preview("drop claim", {"drop": "2", "file": FAR.raw.decode(), "_from": ME})
    call = claimed(told)
    share = FAR.by_account[checksum(ME)]
    assert (call["index"], call["amount"]) == (share.index, share.amount)
    assert risen(share.leaf, list(call["proof"])) == FAR.tree.root
    wrong = served.preview("drop claim", {"drop": "2", "file": FAR.raw.decode() + " ", "_from": ME})
    assert "not the manifest of drop 2" in wrong["error"]["message"]


def test_a_part_of_a_listed_drop_waits_for_who_has_it(served: Served) -> None:
    def read(path: str) -> str:
        return re.sub(r"<[^>]*>", "", served.text(path)).replace("\xa0", " ")

    own, other = read(f"/?account={ME}"), read(f"/?account={account(5)}")
    assert "0.000009 PLAY of drop 1 are yours" in own
    assert "of drop 2" not in own, "a stranger's drop is mail from anybody"
    assert "are yours" not in other
    listed, everybodys = served.text(f"/drops?account={ME}"), served.text(f"/drops/all?account={ME}")
    assert "0.000009 PLAY, not claimed" in read(f"/drops?account={ME}")
    assert 'href="/drop/2' not in listed
    assert 'href="/drop/2' in everybodys
    assert '<a href="/drops/all' in listed
    assert linked("none: dmo drop list --all") == [["none: ", ""], ["Those of everybody", "/drops/all"]]
