"""An address book that is wrong, and a node that lags, are told before anything is believed.

a book
  of numbers that are none, or another schema -> test_a_book_of_another_form_is_refused
  of contracts that are none, or others -> test_a_wrong_address_is_told_with_the_contract_that_says_so
  before its contracts' first block -> test_before_the_contracts_there_is_nothing_to_compare
  that the node says nothing of -> test_what_a_node_does_not_answer_says_nothing_of_the_book
a node
  whose latest block is old, on a chain that others use -> test_an_old_block_is_told_once
  that gives its own clock for the next block -> test_a_node_that_gives_its_own_clock_for_the_next_block_is_told_too
  of a chain on this machine -> test_here_time_may_stand_still
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Chain
from dmo.core.errors import BadInput, NodeError
from dmo.home.deployment import Dmo
from dmo.home.home import Home, Options
from tests.support.node import ADDRESSES, Node, hexed, revert, tied

BLOCK = 50
BOOK: dict[str, Any] = {
    "schema": "dmo.deployment/1",
    "chain_id": 31337,
    "commit": "",
    "contracts": {name: {"address": at, "block": BLOCK} for name, at in ADDRESSES.items()},
}


def book(folder: Path, **changes: Any) -> Path:
    file = folder / "one.json"
    file.write_text(json.dumps(BOOK | changes))
    return file


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    node = Node()
    tied(node)
    monkeypatch.setattr(Chain, "connect", classmethod(lambda cls, url, **_: cls(node)))
    return node


def home_of(file: Path, rpc: str = "http://127.0.0.1:9") -> Home:
    return Home(Options(deployment=str(file), rpc=rpc))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"schema": "dmo.deployment/9"}, "schema: is 'dmo.deployment/9'"),
        ({"schema": None}, "schema: is 'None'"),
        ({"chain_id": "31337"}, "chain_id: '31337' is no whole number"),
        ({"chain_id": -1}, "chain_id: -1 is no whole number"),
        ({"chain_id": 1.0}, "chain_id: 1.0 is no whole number"),
        ({"chain_id": True}, "chain_id: True is no whole number"),
        ({"contracts": {"Jury": {"address": ADDRESSES["Jury"], "block": -1}}}, "block: -1 is no whole number"),
        ({"contracts": {"Jury": {"address": ADDRESSES["Jury"], "block": "7"}}}, "block: '7' is no whole number"),
    ],
)
def test_a_book_of_another_form_is_refused(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    file = book(tmp_path, **changes)
    with pytest.raises(BadInput, match=why) as caught:
        Dmo.read_from(file)
    assert caught.value.file == str(file)
    assert caught.value.hint


def _none(*_: Any) -> bytes:
    return b""


def _refuses(*_: Any) -> Any:
    raise revert("ElectorateExcluded", ADDRESSES["Jury"])


@pytest.mark.parametrize(
    ("by", "view", "answer", "why"),
    [
        ("IdeaBoard", "escrow", _none, "is no IdeaBoard"),
        ("IdeaBoard", "escrow", _refuses, "is no IdeaBoard"),
        (
            "IdeaBoard",
            "escrow",
            lambda: ADDRESSES["Jury"],
            "the IdeaBoard names 0x.* as the CampaignEscrow, and the book",
        ),
        ("IdeaBoard", "votesToken", lambda: ADDRESSES["Jury"], "as the HolderToken"),
        ("CampaignEscrow", "budgetToken", lambda: ADDRESSES["HolderToken"], "as the BudgetToken"),
        ("Lens", "board", _none, "is no Lens"),
    ],
)
def test_a_wrong_address_is_told_with_the_contract_that_says_so(
    tmp_path: Path, node: Node, by: str, view: str, answer: Any, why: str
) -> None:
    file = book(tmp_path)
    assert home_of(file).now == node.now
    node.view(by, view, answer)
    home = home_of(file)
    with pytest.raises(BadInput, match=why) as caught:
        _ = home.now
    assert caught.value.file == str(file)
    assert "dmo book show" in caught.value.hint
    assert home.chain.chain_id == 31337, "what compares them can still ask"


def test_what_a_node_does_not_answer_says_nothing_of_the_book(tmp_path: Path, node: Node) -> None:
    def busy(*_: Any) -> Any:
        raise NodeError("eth_call", "the method does not exist", -32601)

    node.methods["eth_call"] = busy
    assert home_of(book(tmp_path)).now == node.now


def test_before_the_contracts_there_is_nothing_to_compare(tmp_path: Path, node: Node) -> None:
    for by, view in (("IdeaBoard", "escrow"), ("IdeaBoard", "votesToken"), ("Lens", "board")):
        node.view(by, view, _none)
    node.head = BLOCK - 1
    assert home_of(book(tmp_path)).snapshot.head.number == BLOCK - 1
    node.head = BLOCK
    with pytest.raises(BadInput, match="is no IdeaBoard"):
        _ = home_of(book(tmp_path)).now


# ── a node that lags ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def live(tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The book of a deployment on a chain that others use."""
    node.methods["eth_chainId"] = lambda: hexed(11155111)
    monkeypatch.delenv("DMO_RPC", raising=False)
    return book(tmp_path, chain_id=11155111)


@pytest.mark.parametrize(("late", "is_told"), [(900, False), (901, True), (86_400, True), (-86_400, False)])
def test_an_old_block_is_told_once(
    live: Path, node: Node, caplog: pytest.LogCaptureFixture, late: int, is_told: bool
) -> None:
    home = home_of(live)
    home.clock = lambda: node.now + late + 0.5
    for _ in range(3):
        _ = home.now
        home.look_again()
    assert caplog.text.count("latest block is of 1970-01-12 13:46:40 UTC") == is_told
    assert [one.levelno for one in caplog.records] == [logging.WARNING] * is_told


def test_a_node_that_gives_its_own_clock_for_the_next_block_is_told_too(
    live: Path, node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    old = node.block
    node.block = lambda tag: old(tag) | ({"timestamp": hexed(node.now + 5_000)} if tag == "pending" else {})  # type: ignore[method-assign]
    node.methods["eth_call"] = lambda *_: "0x" + "00" * 32
    home = home_of(live)
    home._wrong = None
    home.clock = lambda: node.now + 5_000
    chain = home.dmo.chain
    home._tell_age(chain.seen)
    assert chain.time == node.now + 5_000
    assert "1h 23m before this machine's clock" in caplog.text


def test_here_time_may_stand_still(tmp_path: Path, live: Path, node: Node, caplog: pytest.LogCaptureFixture) -> None:
    live.with_name("one.local.json").write_text(json.dumps({"rpc": "http://127.0.0.1:9"}))
    plays = Home(Options(deployment=str(live)))
    node.methods["eth_chainId"] = lambda: hexed(11155111)
    plays.clock = lambda: node.now + 86_400
    _ = plays.now
    node.methods["eth_chainId"] = lambda: hexed(31337)
    local = home_of(book(tmp_path))
    local.clock = lambda: node.now + 86_400
    _ = local.now
    assert not caplog.text
