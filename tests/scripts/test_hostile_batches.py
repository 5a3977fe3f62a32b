"""The command line pays a hundred pieces of work, whatever payees, token and the node's gas limit do.

a payout, by hand and by the keeper
  given a hundred accepted submissions
    when five payees cannot receive and one transfer burns all gas -> test_a_hundred_are_paid
  given batches that would take more gas than a transaction may
    they are cut -> test_a_batch_beyond_the_gas_limit_is_cut
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from brownie import project

from dmo.capabilities.submissions import STATUSES
from dmo.core.chain import GAS_LIMIT
from tests.support.hostile import ALL_GAS, PAYEES
from tests.support.hostile_scene import UNIT, WORKS, Scene, hostile_scene

DONE = STATUSES.index("done")
KEEPER = "dmo keeper once --send --every 1s --format json"
ZERO = "0x" + "00" * 20


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Iterator[Scene]:
    code = bytes.fromhex(project.get_loaded_projects()[0].HostileToken.bytecode)
    with hostile_scene(tmp_path_factory.mktemp("hostile"), code) as scene:
        yield scene


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    with built.undone():
        yield built
    shutil.rmtree(built.folder / "home" / "keeper", ignore_errors=True)  # what was sent there never was


def people(first: int, many: int) -> list[str]:
    return [f"0x{place:040x}" for place in range(first, first + many)]


def spoiled(scene: Scene) -> tuple[list[int], list[str], list[str]]:
    """A hundred payable submissions, their payees, and the six who cannot receive."""
    payees = people(0xA000, WORKS)
    works = scene.hand_in([[(one, 10_000)] for one in payees])
    bad = payees[3::17][:6]
    for one in bad[:4]:
        scene.tell("setBlocked(address,bool)", one, True)
    scene.chain.transport.request("anvil_setCode", [bad[4], PAYEES["payee refuses"]])
    scene.tell("setListener(address)", bad[4])
    scene.tell("setAppetite(address,uint256)", bad[5], ALL_GAS)
    return works, payees, bad


def check(scene: Scene, works: list[int], payees: list[str], bad: list[str]) -> None:
    """Everybody has what is theirs, or a credit of it."""
    assert {scene.status(work) for work in works} == {DONE}
    got = {one: (scene.held(one), scene.credit(one)) for one in payees}
    assert got == {one: (0, 10 * UNIT) if one in bad else (10 * UNIT, 0) for one in payees}
    books = scene.books()
    assert books["received"] == books["paid"] + books["refunded"] + books["held"]
    assert books["bonds_held"] == 0


def by_hand(scene: Scene) -> list[str]:
    answer = scene.ok("dmo work pay --yes --format json", "carol").json
    return [one["hash"] for one in answer["transactions"]]


def by_keeper(scene: Scene) -> list[str]:
    """Again until it has nothing to send."""
    found: list[str] = []
    while sent := scene.ok(KEEPER, "carol").json["data"]["sent"]:
        found += [one["hash"] for one in sent]
    return found


PAYERS = pytest.mark.parametrize("payer", [by_hand, by_keeper])


@PAYERS
def test_a_hundred_are_paid(scene, payer):
    works, payees, bad = spoiled(scene)
    receipts = [scene.chain.receipt(one) for one in payer(scene)]
    assert all(one.is_ok for one in receipts)
    assert WORKS // 100 <= len(receipts) <= WORKS // 10
    assert max(one.gas_used for one in receipts) < GAS_LIMIT
    check(scene, works, payees, bad)


@PAYERS
@pytest.mark.parametrize("limit", [60_000_000, GAS_LIMIT])
def test_a_batch_beyond_the_gas_limit_is_cut(scene, payer, limit):
    """Eight payees each, and each burns all that it gets: a batch of twenty would take 35 million.

    Where the node gives no call more than a transaction may take, it is the escrow that says so.
    """
    payees = people(0xB000, 8)
    works = scene.hand_in([[(one, 1_250) for one in payees]] * 20)
    scene.tell("setAppetite(address,uint256)", ZERO, ALL_GAS)
    scene.chain.transport.request("evm_setBlockGasLimit", [hex(limit)])
    assert 1 < len(payer(scene)) <= 8
    assert {scene.status(work) for work in works} == {DONE}
    assert [scene.credit(one) for one in payees] == [20 * 10 * UNIT // 8] * 8
