"""The rig in short: its chain does what it is told, it catches who does it wrong, and the keeper stands a seed of it.

`make rig` runs twenty seeds of all faults; this one has a few of each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account

from dmo.core.errors import NetworkError, NodeError
from tools.rig.chain import CHAIN_ID, GWEI, LiveChain, Waiting
from tools.rig.keepers import Keeper, settings
from tools.rig.proxy import Weather
from tools.rig.seeds import founded, problems, run
from tools.rig.world import KEEPERS, World

MIX = {
    "kill": 2,
    "kill and empty the disk": 1,
    "kill the index": 1,
    "kill the node": 1,
    "reorganise": 4,
    "empty the pool": 1,
    "triple the fee": 1,
    "skew the clock": 1,
}
ACTS = 60
KEY = Account.from_key("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
TO = "0x" + "12" * 20


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[LiveChain]:
    live = LiveChain(tmp_path / "chain")
    for _ in range(22):
        live.mine()
    live.settle(22)
    yield live
    live.stop()


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    with founded() as folder:
        yield folder


def signed(nonce: int, fee: int = 3 * GWEI) -> str:
    """One wei, on its way; the fee in wei per gas."""
    order = {"type": 2, "chainId": CHAIN_ID, "nonce": nonce, "to": TO, "value": 1, "data": "0x", "gas": 21_000}
    return (
        "0x"
        + bytes(
            KEY.sign_transaction({**order, "maxFeePerGas": fee, "maxPriorityFeePerGas": GWEI}).raw_transaction
        ).hex()
    )


def mined(chain: LiveChain) -> list[int]:
    """The nonces that the chain holds."""
    return [one.nonce for block in chain.mined for one in block.waiting]


def usual(world: World, name: str, url: str) -> Keeper:
    """A keeper that does it the usual wrong way."""
    folder, book = world.folder / f"disk-{name}", world.book_for(name, url)
    place = str(8 + KEEPERS.index(name))
    command = [sys.executable, "-m", "tests.support.usual_keeper", url, str(book), place]
    return Keeper(name, command, settings(book, folder), folder)


# -- the chain -----------------------------------------------------------------------------------------------------


def test_blocks_say_the_time_they_are_told(chain: LiveChain) -> None:
    before = chain.number, chain.time
    chain.mine(900)
    assert (chain.number, chain.time) == (before[0] + 1, before[1] + 900)
    assert chain.time > 1_900_000_000  # not the machine's


def test_what_waits_is_mined_when_there_is_room_and_it_can_be_afforded(chain: LiveChain) -> None:
    tx = chain.send(signed(0))
    assert not chain.mine(is_full=True).waiting
    assert [one.tx for one in chain.mine(base_fee=4 * GWEI).waiting] == [tx]
    chain.send(signed(1))  # its fee is below the next block's
    assert not chain.mine(base_fee=GWEI).waiting
    assert [one.nonce for one in chain.mine().waiting] == [1]


def test_orphans_stay_return_come_late_or_are_lost(chain: LiveChain) -> None:
    for nonce in range(4):
        chain.send(signed(nonce))
        chain.mine()
    head = chain.hash
    fates = {0: "same", 1: "pool", 2: "late3", 3: "lost"}
    assert chain.reorganise(6, lambda one: fates[one.nonce]) == 6
    assert chain.hash != head
    assert mined(chain) == [0, 1]  # from the pool into the block that makes the branch the longer one
    assert not chain.pool
    for _ in range(5):
        chain.mine()
    assert mined(chain) == [0, 1, 2]
    with pytest.raises(NodeError, match="nonce too low"):
        chain.send(signed(2))
    assert chain.nonce(KEY.address) == 3


def test_no_reorganisation_takes_back_what_the_world_did(chain: LiveChain) -> None:
    assert chain.reorganise(100, lambda _: "lost") == 22


def test_a_killed_node_comes_back_from_its_state_and_lives_through_the_rest_again(chain: LiveChain) -> None:
    for nonce in range(2):
        chain.send(signed(nonce))
        chain.mine()
    chain.save()
    for nonce in range(2, 4):
        chain.send(signed(nonce))
        chain.mine()
    chain.send(signed(4))
    number, time, head = chain.number, chain.time, chain.hash
    chain.kill()
    with pytest.raises(NetworkError):
        chain.ask("eth_chainId")
    chain.restart(lambda one: "lost" if one.nonce == 3 else "same")
    assert (chain.number, chain.time) == (number, time)
    assert chain.hash != head
    assert mined(chain) == [0, 1, 2]
    assert [one.nonce for one in chain.pool.values()] == [4]
    chain.send(signed(3))
    chain.mine()
    assert mined(chain) == [0, 1, 2, 3, 4]
    assert chain.nonce(KEY.address, hex(number - 10)) == 0  # what it knew of old states it knows again


def test_an_empty_pool_is_empty(chain: LiveChain) -> None:
    chain.send(signed(0))
    assert chain.empty_pool() == 1
    assert not chain.mine().waiting
    assert chain.nonce(KEY.address) == 0


def test_reads_what_was_signed() -> None:
    one = Waiting.of(signed(7, fee=5 * GWEI))
    assert (one.sender, one.nonce, one.fee, one.tip, one.to) == (KEY.address, 7, 5 * GWEI, GWEI, TO)
    assert one.cost == 21_000 * 5 * GWEI + 1


# -- keepers -------------------------------------------------------------------------------------------------------


def test_catches_a_keeper_that_does_it_the_usual_way(kept: Path, tmp_path: Path) -> None:
    found = run(kept, tmp_path, 1, acts=ACTS, starts=usual, mix={}, weather=Weather(full=0.5), waves=1)
    assert found.doubled > 0
    assert found.reverted > 0
    assert any("were doubled" in one for one in problems(1, found))


def test_the_keeper_does_everything_once_whatever_goes_wrong(kept: Path, tmp_path: Path) -> None:
    found = run(kept, tmp_path, 1, acts=ACTS, mix=MIX, has_index=True)
    assert problems(1, found) == []
    assert (found.due, found.done, found.doubled, found.lost) == (ACTS, ACTS, 0, 0)
    assert found.kills == 6  # with the disk of keeper and index both
    assert found.restarts == 1
    assert found.reorg_depth > 4
