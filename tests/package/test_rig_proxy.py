"""The rig's door to a chain and its pool, on a node that answers from a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from eth_account import Account

from dmo.core.errors import NodeError
from tools.rig import proxy
from tools.rig.chain import GWEI, LiveChain
from tools.rig.faults import DEEPEST, FATES, MIX, SPREAD, fate, faults
from tools.rig.proxy import LONG_POLL, REACTED, ROUNDS, Proxy, Watch, Weather

KEY = Account.from_key(b"\x01" * 32)
TO = "0x" + "12" * 20
FEE, TIP = 3 * GWEI, GWEI
CLIENT = httpx.Client(trust_env=False, verify=False)  # nothing but this machine


class Still(LiveChain):
    """A chain whose node answers from a table, and takes every transaction."""

    def __init__(self) -> None:
        self.pool, self.late, self.mined = {}, [], []
        self.base_fee, self.number, self.hash = GWEI, 1_000, "0x" + "ab" * 32
        self.anvil, self.url = object(), "http://127.0.0.1:9"  # type: ignore[assignment]
        self.next, self.coins, self.shown = 0, 10**20, 0

    def ask(self, method: str, *parameters: Any) -> Any:
        if method == "eth_sendRawTransaction":
            self.shown += 1
        return {"eth_getTransactionCount": hex(self.next), "eth_getBalance": hex(self.coins)}.get(method)


def signed(nonce: int = 0, fee: int = FEE, tip: int = TIP, value: int = 1) -> str:
    """A transaction as it leaves a keeper; fees in wei per gas."""
    order = {"type": 2, "chainId": 1, "nonce": nonce, "to": TO, "value": value, "data": "0x", "gas": 21_000}
    return (
        "0x"
        + bytes(KEY.sign_transaction({**order, "maxFeePerGas": fee, "maxPriorityFeePerGas": tip}).raw_transaction).hex()
    )


@pytest.fixture
def chain() -> Still:
    return Still()


@pytest.fixture
def door(chain: Still) -> Iterator[Proxy]:
    found = Proxy(chain, 1)
    yield found
    found.close()


def asked(door: Proxy, method: str, *parameters: Any) -> httpx.Response:
    """What the door answers to one question."""
    order = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    return CLIENT.post(door.url("keeper"), json=order)


def told(door: Proxy, method: str, *parameters: Any) -> Any:
    """The result, or what was wrong."""
    said = asked(door, method, *parameters).json()
    return said["result"] if "result" in said else said["error"]["message"]


# -- the pool ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fee", "tip", "is_taken"),
    [(110, 110, True), (109, 110, False), (110, 109, False), (109, 109, False), (200, 100, False), (100, 200, False)],
)
def test_a_replacement_pays_a_tenth_more_of_both(door: Proxy, fee: int, tip: int, is_taken: bool) -> None:
    first = told(door, "eth_sendRawTransaction", signed())
    second = told(door, "eth_sendRawTransaction", signed(fee=FEE * fee // 100, tip=TIP * tip // 100))
    (waiting,) = door.chain.pool.values()
    assert (waiting.tx != first) is is_taken
    assert second == (waiting.tx if is_taken else "replacement transaction underpriced")


def test_the_same_is_known_and_an_old_nonce_too_low(door: Proxy, chain: Still) -> None:
    told(door, "eth_sendRawTransaction", signed())
    assert told(door, "eth_sendRawTransaction", signed()) == "already known"
    chain.next = 1
    assert told(door, "eth_sendRawTransaction", signed(fee=2 * FEE, tip=2 * TIP)).startswith("nonce too low")


def test_who_cannot_pay_is_refused(door: Proxy, chain: Still) -> None:
    chain.coins = 21_000 * FEE
    assert told(door, "eth_sendRawTransaction", signed()) == "insufficient funds for gas * price + value"
    assert told(door, "eth_sendRawTransaction", signed(value=0)).startswith("0x")


def test_what_a_block_cannot_afford_waits_in_the_pool_alone(door: Proxy, chain: Still) -> None:
    tx = told(door, "eth_sendRawTransaction", signed(fee=GWEI - 1, tip=1))
    assert chain.shown == 0
    assert told(door, "eth_getTransactionByHash", tx)["blockNumber"] is None
    told(door, "eth_sendRawTransaction", signed(nonce=1))
    assert chain.shown == 1
    assert told(door, "eth_getTransactionCount", KEY.address, "pending") == "0x2"
    told(door, "eth_sendRawTransaction", signed(nonce=3))
    assert told(door, "eth_getTransactionCount", KEY.address.lower(), "pending") == "0x2"


def test_nobody_moves_the_chain_through_the_door(door: Proxy) -> None:
    for method in ("evm_mine", "anvil_reorg", "eth_sendTransaction", "txpool_content"):
        assert told(door, method) == f"the method {method} does not exist"


# -- moods ---------------------------------------------------------------------------------------------------------


def test_says_429_or_its_words(door: Proxy) -> None:
    door.weather = Weather(busy=1)
    answers = [asked(door, "eth_gasPrice") for _ in range(8)]
    assert {one.status_code for one in answers} == {429}
    assert {one.headers["Retry-After"] for one in answers} == {"0"}
    assert {b"rate limit" in one.content for one in answers} == {True, False}


def test_breaks_down_in_several_ways(door: Proxy) -> None:
    door.weather = Weather(broken=1)
    assert {asked(door, "eth_gasPrice").status_code for _ in range(16)} == {200, 500, 503}


def test_an_answer_is_lost_when_all_was_done_and_a_cut_comes_before(door: Proxy, chain: Still) -> None:
    for weather, waiting in ((Weather(cut=1), 0), (Weather(lost=1), 1)):
        door.weather = weather
        with pytest.raises(httpx.RemoteProtocolError):
            asked(door, "eth_sendRawTransaction", signed())
        assert len(chain.pool) == waiting
    assert door.met == {"cut": 1, "lost": 1}


def test_a_node_that_is_gone_is_a_bad_gateway(door: Proxy, chain: Still) -> None:
    chain.anvil = None
    assert asked(door, "eth_sendRawTransaction", signed()).status_code == 502


@pytest.mark.parametrize(("last", "is_given"), [(99, True), (100, False), ("latest", False)])
def test_gives_so_many_blocks_of_logs(door: Proxy, last: int | str, is_given: bool) -> None:
    door.weather = Weather(cap=100)
    end = hex(last) if isinstance(last, int) else last
    if is_given:
        assert asked(door, "eth_getLogs", {"fromBlock": "0x0", "toBlock": end}).status_code == 502  # asks the node
    else:
        said = asked(door, "eth_getLogs", {"fromBlock": "0x0", "toBlock": end}).json()["error"]
        assert said["code"] == -32005
        assert "100" in said["message"]


def test_a_block_comes_while_a_batch_is_answered(chain: Still) -> None:
    moved: list[int] = []
    door = Proxy(chain, 1, lambda: moved.append(1))
    try:
        door.weather = Weather(between=1)
        order = {"jsonrpc": "2.0", "method": "eth_getTransactionCount", "params": [KEY.address, "pending"]}
        for size, times in ((1, 0), (4, 1)):
            door.answer("keeper", json.dumps([{**order, "id": place} for place in range(size)]).encode())
            assert len(moved) <= times
        for _ in range(8):
            door.answer("keeper", json.dumps([{**order, "id": place} for place in range(4)]).encode())
        assert len(moved) > 3
    finally:
        door.close()


def test_springs_a_trap_when_all_was_carried_out_and_before_that_is_heard(door: Proxy, chain: Still) -> None:
    sprung: list[int] = []
    door.url("keeper")
    door.trap("keeper", 2, lambda: sprung.append(len(chain.pool)))
    told(door, "eth_sendRawTransaction", signed())
    with pytest.raises(httpx.RemoteProtocolError):
        asked(door, "eth_sendRawTransaction", signed(nonce=1))
    assert sprung == [2]
    told(door, "eth_sendRawTransaction", signed(nonce=2))
    door.trap("keeper", 1, lambda: sprung.append(0))
    door.free("keeper")
    told(door, "eth_sendRawTransaction", signed(nonce=3))
    assert sprung == [2]


# -- what a keeper did with a head ---------------------------------------------------------------------------------


def test_a_keeper_has_reacted_when_it_sent_or_only_waits() -> None:
    assert not Watch().has_reacted("0x1")
    assert not Watch(told="0x1", polls=REACTED - 1).has_reacted("0x1")
    assert Watch(told="0x1", polls=REACTED).has_reacted("0x1")
    assert not Watch(told="0x1", polls=REACTED).has_reacted("0x2")
    assert not Watch(told="0x1", looks=ROUNDS - 1).has_reacted("0x1")
    assert Watch(told="0x1", looks=ROUNDS).has_reacted("0x1")
    assert Watch(sent_at="0x2").has_reacted("0x2")
    assert LONG_POLL < 1


def test_a_keeper_that_asks_the_same_at_every_look_only_waits(
    door: Proxy, chain: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "_forwarded", lambda *_: {"id": 1, "result": {"hash": chain.hash}})
    for _ in range(ROUNDS + 1):
        assert not door.watches.get("keeper", Watch()).has_reacted(chain.hash)
        told(door, "eth_getBlockByNumber", "latest", False)
        told(door, "eth_call", {"to": TO}, {"blockHash": chain.hash})
    assert door.watches["keeper"].has_reacted(chain.hash)
    chain.hash = "0x" + "cd" * 32
    told(door, "eth_getBlockByNumber", "latest", False)
    assert not door.watches["keeper"].has_reacted(chain.hash)


# -- faults by seed ------------------------------------------------------------------------------------------------


def test_a_seed_always_has_the_same_faults() -> None:
    found = faults(7, 5)
    assert found == faults(7, 5) != faults(8, 5)
    assert len(found) == sum(MIX.values())
    assert all(one.wave < 5 and one.after < SPREAD for one in found)
    assert DEEPEST == 20


def test_what_becomes_of_orphans_is_drawn_as_said() -> None:
    import random

    draw = random.Random(1)
    drawn = [fate(draw) for _ in range(400)]
    for kind, weight in FATES:
        assert abs(sum(one.startswith(kind) for one in drawn) / 4 - weight) < 8


def test_refusals_are_the_nodes_own_words(chain: Still) -> None:
    with pytest.raises(NodeError, match="replacement transaction underpriced"):
        (chain.send(signed()), chain.send(signed(value=2)))
