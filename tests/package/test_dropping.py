"""Drops from files and from the chain's events: made, checked, found, claimed.

given a table of accounts and amounts
├── its manifest is the same whatever the rows' order, and the tree is OpenZeppelin's
└── what cannot be used is refused with its line
given a manifest
├── its check finds a wrong sum, root or digest, an account that stands twice, numbers that are not 0 to n - 1
└── what is no manifest is refused
given drops on the chain
├── the list has the treasury's and those that accepted work names; all where all are asked for
├── a stranger's token is named by its address, and its nonsense spoils no list
├── one is shown with the share of who looks, paid or not, and its states
├── a manifest comes from store, chain or a file, and is no other drop's
├── what is claimed is the share with its proof; elsewhere for its owner
└── what is put up pays for the whole of it, and comes back to who asks
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.dropping import CancelDrop, ClaimDrop, CreateDrop, TakeBackDrop
from dmo.capabilities.drops import CheckDrop, Held, ListDrops, MakeDrop, ShowDrop
from dmo.core.abi.codec import checksum
from dmo.core.errors import BadInput, CheckFailed, Refused
from dmo.core.merkle import Share
from dmo.home import manifests
from dmo.home.home import Home
from dmo.home.manifests import Manifest
from tests.package.test_merkle import risen
from tests.package.test_voice import NOW, Stage, published
from tests.support.home import Told
from tests.support.node import ADDRESSES, ALICE, BOB

DAY = 86_400
CAROL = checksum("0x" + "c0" * 20)
PRIZES = {checksum(ALICE): 300, checksum(BOB): 200}


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path, monkeypatch)


def table(rows: dict[str, Any], name: str = "prizes.csv") -> Path:
    Path(name).write_text("address,tokens\n" + "".join(f"{who},{amount}\n" for who, amount in rows.items()))
    return Path(name)


def manifest(rows: dict[str, int] = PRIZES) -> Manifest:
    return manifests.made([Share(place, who, amount) for place, (who, amount) in enumerate(sorted(rows.items()))])


def created(number: int, one: Manifest, creator: str, start: int = NOW - 1, amount: int | None = None) -> Told:
    told = {"drop": number, "creator": creator, "token": ADDRESSES["BudgetToken"], "root": one.tree.root}
    more = {"amount": one.tree.total if amount is None else amount, "manifest": one.digest}
    return "Drops.DropCreated", {**told, **more, "startsAt": start, "expiresAt": start + 30 * DAY}


def as_(home: Home, who: str) -> Home:
    home.names.__dict__["maybe_me"] = checksum(who)
    return home


# ── files ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_manifest_is_the_same_for_everybody(stage: Stage) -> None:
    home = stage([])
    one = MakeDrop(table(PRIZES), decimals=6, out="a.json").answer(home)
    MakeDrop(table(dict(reversed(PRIZES.items())), "b.csv"), decimals=6, out="b.json").answer(home)
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    assert (one["shares"], one["total"]) == (2, 500 * 10**6)
    found = manifests.read(Path("a.json"))
    assert found.tree.root == one["root"]
    for share in found.tree.shares:
        assert risen(share.leaf, found.tree.proof(share)) == found.tree.root
    assert json.loads(found.raw)["leafEncoding"] == ["uint256", "address", "uint256"]
    assert CheckDrop(Path("a.json"), one["total"], one["root"], one["digest"]).answer(home)["cid"] == one["cid"]
    with pytest.raises(BadInput):
        MakeDrop(table(PRIZES), decimals=6, out="a.json").answer(home)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"{ALICE},1", "twice|already|again"),
        (f"{CAROL},0", "0|nothing|empty"),
        (f"{CAROL},-1", "amount"),
        ("carol,1", "address"),
        (f"{'0x' + '00' * 20},1", "nobody|address"),
    ],
)
def test_refuses_tables_that_pay_nobody_twice(stage: Stage, row: str, why: str) -> None:
    file = table({ALICE: 1, BOB: 2})
    file.write_text(file.read_text() + row + "\n")
    with pytest.raises(BadInput) as told:
        MakeDrop(file, decimals=6).answer(stage([]))
    assert "prizes.csv:4" in str(told.value)
    assert not Path("drop.json").exists()


@pytest.mark.attack("a drop whose tree promises more than was paid for")
def test_sum_above_amount_is_found_by_check(stage: Stage) -> None:
    home = stage([])
    alice, bob = PRIZES
    honest = manifest()
    cases: list[tuple[list[Share], dict[str, Any], str]] = [
        (list(honest.tree.shares), {"amount": 499}, "500 units, and 499 are paid for"),
        (list(honest.tree.shares), {"root": b"\1" * 32}, "root is another"),
        (list(honest.tree.shares), {"manifest": b"\1" * 32}, "sha2-256 is another"),
        ([Share(0, alice, 300), Share(1, alice, 200)], {"amount": 500}, f"{alice} stands there twice"),
        ([Share(0, alice, 300), Share(0, bob, 200)], {}, "numbered 0 to 1"),
        ([Share(0, alice, 300), Share(2, bob, 200)], {}, "numbered 0 to 1"),
    ]
    for place, (shares, given, why) in enumerate(cases):
        Path(f"{place}.json").write_bytes(manifests.made(shares).raw)
        with pytest.raises(CheckFailed) as told:
            CheckDrop(Path(f"{place}.json"), **given).answer(home)
        (difference,) = told.value.differences
        assert why in difference
    # the same on the chain: the claimant sees it before claims begin, and before anybody is paid short
    home = as_(stage([created(1, honest, BOB, NOW + DAY, amount=499)]), ALICE)
    home.store.put(honest.raw)
    shown = ShowDrop(1)
    found = shown.answer(home)
    assert [one["fault"] for one in found["faults"]] == ["The shares come to 500 units, and 499 are paid for."]
    assert (found["item"]["state"], shown.code(found)) == ("announced", 1)
    with pytest.raises(CheckFailed):
        CreateDrop(manifests.made(cases[3][0]), starts_at=NOW + 2 * DAY, expires_at=NOW + 30 * DAY).check(home)


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff", b"[" * 9999, manifest().raw.replace(b'"300"', b'"301"')])
def test_refuses_what_is_no_manifest(stage: Stage, raw: bytes) -> None:
    Path("x.json").write_bytes(raw)
    with pytest.raises(BadInput, match="no manifest"):
        CheckDrop(Path("x.json")).answer(stage([]))


# ── the chain ───────────────────────────────────────────────────────────────────────────────────────


def test_lists_what_the_treasury_or_a_campaign_answers_for(stage: Stage) -> None:
    one = manifest()
    told = [created(1, one, BOB), created(2, one, ADDRESSES["Treasury"]), created(3, manifest({CAROL: 5}), BOB)]
    home = stage(told)
    assert [row["drop"] for row in ListDrops().answer(home)["drops"]] == [2]
    assert [row["drop"] for row in ListDrops(everything=True).answer(home)["drops"]] == [1, 2, 3]
    assert ListDrops().view(home).tables[0].rows[0][2] == "500 TOK"
    with pytest.raises(Refused, match="no drop 4"):
        ShowDrop(4).answer(home)


@pytest.mark.attack("a stranger's token in a drop that says it is ours, or nonsense")
def test_a_strangers_token_speaks_for_itself_alone(stage: Stage) -> None:
    """Anybody can put up a drop of anything; one of them spoils no list, and is taken for no other."""
    (name, its), fake = created(1, manifest(), BOB), checksum("0x" + "fa" * 20)
    home = stage([(name, {**its, "token": fake}), created(2, manifest(), BOB)])
    node: Any = home.dmo.chain.transport
    node.view("ERC20", "symbol", lambda: "TOK", fake.lower())
    node.view("ERC20", "decimals", lambda: 2, fake.lower())
    views = {key: view for key, view in node.views.items() if key.endswith(fake.lower())}
    assert len(views) == 2

    def amounts() -> list[str]:
        home.snapshot._known.clear()
        return [row[2] for row in ListDrops(everything=True).view(home).tables[0].rows]

    assert amounts() == [f"5 TOK ({home.who(fake)})", "500 TOK"]
    for nonsense in (b"", b"\xff" * 32, b"\xff" * 64):
        node.views |= dict.fromkeys(views, lambda data, nonsense=nonsense: nonsense)
        assert amounts() == [f"500 × 10⁻ⁿ {home.who(fake)}", "500 TOK"]


def test_shows_the_share_of_who_looks(stage: Stage) -> None:
    one = manifest()
    share = one.by_account[checksum(ALICE)]
    paid = {"drop": 1, "index": share.index, "account": ALICE, "to": ALICE, "amount": share.amount}
    told: list[Told] = [created(1, one, BOB), ("Drops.DropClaimed", paid)]
    home = stage(told)
    home.store.put(one.raw)
    its = ShowDrop(1).answer(as_(home, ALICE))
    mine = {"index": str(share.index), "account": checksum(ALICE), "amount": Held(300, ADDRESSES["BudgetToken"])}
    assert its["mine"] == {**mine, "state": "paid"}
    assert (its["item"]["left"].units, its["item"]["claims"], its["item"]["state"]) == (200, 1, "open")
    assert ShowDrop(1).answer(as_(home, BOB))["mine"]["state"] == "unpaid"
    assert ShowDrop(1).answer(as_(home, CAROL))["mine"] is None
    view = ShowDrop(1).view(as_(home, BOB))
    assert "dmo drop claim 1" in view.next
    ends = ("Drops.DropReturned", {"drop": 1, "to": BOB, "amount": 200, "isCancelled": False})
    assert ShowDrop(1).answer(stage([*told, ends]))["item"]["state"] == "returned"
    cancelled = ("Drops.DropReturned", {"drop": 1, "to": BOB, "amount": 500, "isCancelled": True})
    assert ShowDrop(1).answer(stage([told[0], cancelled]))["item"]["state"] == "cancelled"


def test_finds_manifests_and_takes_no_other(stage: Stage, tmp_path: Path) -> None:
    one, other = manifest(), manifest({CAROL: 5})
    home = as_(stage([created(1, one, BOB)]), ALICE)
    assert ShowDrop(1).answer(home)["item"]["shares"] is None
    with pytest.raises(BadInput, match="nowhere"):
        ClaimDrop(1).arguments(home)
    with pytest.raises(BadInput, match="is not the manifest"):
        ShowDrop(1, file=other).answer(home)
    text: Any = type("Text", (), {"digest": one.digest, "raw": one.raw})
    on_chain = as_(stage([created(1, one, BOB), published(text)]), ALICE)
    assert ShowDrop(1).answer(on_chain)["mine"]["state"] == "unpaid"
    assert ShowDrop(1, file=one).answer(home)["mine"]["state"] == "unpaid"
    assert ShowDrop(1).answer(home)["item"]["shares"] == 2  # kept


def test_a_claim_is_the_share_with_its_proof(stage: Stage) -> None:
    one = manifest()
    home = as_(stage([created(1, one, BOB)]), ALICE)
    home.store.put(one.raw)
    share = one.by_account[checksum(ALICE)]
    for act, function, wanted in (
        (ClaimDrop(1), "claim", share),
        (ClaimDrop(1, account=checksum(BOB)), "claim", one.by_account[checksum(BOB)]),
        (ClaimDrop(1, to=CAROL), "claimTo", share),
    ):
        (step,) = act.steps(home)
        name, told = step.call.decoded()
        assert (name, told["index"], told["account"], told["amount"]) == (function, *wanted)
        assert risen(wanted.leaf, list(told["proof"])) == one.tree.root
    shown = ClaimDrop(1).shown_before(home)
    assert (shown["index"], shown["units"]) == (str(share.index), "300")
    with pytest.raises(BadInput, match="no share"):
        ClaimDrop(1, account=CAROL).arguments(home)


def test_puts_up_all_of_it_and_takes_it_back(stage: Stage) -> None:
    one = manifest()
    home = as_(stage([created(1, one, ALICE, NOW + DAY)]), ALICE)
    home.options = type(home.options)(account=None, is_tried=False, publish=True)
    home.__dict__["approvals"] = lambda token, spender, amount: []
    act = CreateDrop(one, starts_at=NOW + 2 * DAY, expires_at=NOW + 30 * DAY)
    act.check(home)
    main, text = (step.call.decoded() for step in act.steps(home))
    assert main[1]["amount"] == act.bond(home) == 500
    assert text[1]["text"] == one.raw == home.store.get(main[1]["manifest"])
    assert CancelDrop(1).steps(home)[0].call.decoded()[1] == {"drop": 1, "to": checksum(ALICE)}
    assert TakeBackDrop(1).steps(home)[0].call.decoded() == ("takeBack", {"drop": 1})
    assert TakeBackDrop(1, to=CAROL).steps(home)[0].call.decoded() == ("takeBackTo", {"drop": 1, "to": CAROL})
