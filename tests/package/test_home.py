"""Home: which chain, which block, who is meant, and what is paid for before an act.

opened by an address book
  given a node of its chain -> test_id_and_head_are_asked_at_once
  given a node of another chain -> test_another_chain_is_refused
look_again
  given blocks since -> test_a_home_stays_at_its_block_until_it_looks_again
acting_as
  given somebody else -> test_another_person_sees_the_same_block
approvals
  given too little of the token -> test_no_approval_is_paid_for_a_bond_that_is_not_there
  given too small an allowance -> test_an_approval_is_added_where_one_is_needed
  given a token that wants zero first -> test_an_allowance_that_must_be_zero_first_is_taken_back
  given calldata untried -> test_what_is_untried_needs_no_balance
budget_token
  given a symbol of 32 bytes, or none -> test_old_tokens_have_a_symbol_of_one_word_or_none
explained
  given accounts of this machine -> test_refusals_name_whom_they_know
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmo.core.chain import Chain
from dmo.core.errors import NodeError, Refused, WrongChain
from dmo.home.deployment import Token
from dmo.home.home import Home, Options
from dmo.home.keystores import Keystores
from tests.support.home import at_home
from tests.support.node import ADDRESSES, Node, tied

OTHER = "0x00000000000000000000000000000000000000A1"
KEY = b"\x07" * 32


class Counting(Node):
    """Counts what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.trips: list[list[str]] = []

    def batch(self, requests: Any) -> list[Any]:
        self.trips.append([method for method, _ in requests])
        return super().batch(requests)


@pytest.fixture
def booked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Counting]:
    """A home that has an address book alone, and its node."""
    node = Counting()
    tied(node)
    contracts = {name: {"address": at} for name, at in ADDRESSES.items()}
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"chain_id": 31337, "commit": "", "contracts": contracts}))
    monkeypatch.setenv("DMO_HOME", str(tmp_path))
    monkeypatch.delenv("DMO_ACCOUNT", raising=False)
    monkeypatch.setattr(Chain, "connect", classmethod(lambda cls, url, **_: cls(node)))
    return Home(Options(deployment=str(file), rpc="http://127.0.0.1:9", account=OTHER)), node


def test_id_and_head_are_asked_at_once(booked: tuple[Home, Counting]) -> None:
    home, node = booked
    assert home.now == node.now
    assert node.trips == [["eth_chainId", *["eth_getBlockByNumber"] * 2, *["eth_call"] * 4]], (
        "and whose contracts they are"
    )
    assert node.asked == node.trips[0]


def test_another_chain_is_refused(booked: tuple[Home, Counting]) -> None:
    home, node = booked
    node.methods["eth_chainId"] = lambda: "0x1"
    with pytest.raises(WrongChain, match="31337"):
        _ = home.dmo


def test_a_home_stays_at_its_block_until_it_looks_again(booked: tuple[Home, Counting]) -> None:
    home, node = booked
    assert home.dmo.name == "one"
    node.head, node.now = 120, node.now + 20
    assert home.snapshot.head.number == 100
    home.look_again()
    assert (home.snapshot.head.number, home.now) == (120, node.now)
    home.look_again()
    home.look_again()
    assert home.snapshot.chain.at == 120


def test_another_person_sees_the_same_block(booked: tuple[Home, Counting]) -> None:
    home, node = booked
    assert home.now == node.now
    node.head, node.now = 120, node.now + 20
    other = home.acting_as(ADDRESSES["Treasury"])
    assert other.snapshot is home.snapshot
    assert (home.me, other.me.lower()) == (OTHER, ADDRESSES["Treasury"])
    assert other.options.is_sending is False


# ── before an act ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def home(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Holds 9 PLAY, of which the escrow may take 8."""
    node.view("ERC20", "approve", lambda *_: True)
    node.view("ERC20", "symbol", lambda: "PLAY")
    node.view("ERC20", "decimals", lambda: 0)
    node.view("ERC20", "balanceOf", lambda _: 9)
    node.view("ERC20", "allowance", lambda *_: 8)
    found = at_home(tmp_path, monkeypatch, node, account=OTHER)
    found.dmo.__dict__["votes_token"] = Token(OTHER, "VOTE", 18)
    return found


@pytest.mark.parametrize(
    ("answer", "symbol"), [(b"MKR".ljust(32, b"\0"), "MKR"), (b"\0" * 32, "tokens"), (None, "tokens")]
)
def test_old_tokens_have_a_symbol_of_one_word_or_none(
    home: Home, node: Node, answer: bytes | None, symbol: str
) -> None:
    def told() -> bytes:
        if answer is None:
            raise NodeError("eth_call", "execution reverted", 3, b"")
        return answer

    node.view("ERC20", "symbol", told)
    assert home.dmo.budget_token.symbol == symbol


def test_no_approval_is_paid_for_a_bond_that_is_not_there(home: Home) -> None:
    with pytest.raises(Refused, match="holds 9 PLAY and needs 10 PLAY") as refused:
        home.approvals("budget", "CampaignEscrow", 10)
    assert refused.value.name == "BalanceTooSmall"
    assert refused.value.arguments == {"account": OTHER, "balance": 9, "needed": 10}
    assert home.explained(refused.value).message == refused.value.message


def test_an_approval_is_added_where_one_is_needed(home: Home) -> None:
    (call,) = home.approvals("budget", "CampaignEscrow", 9)
    assert call.to.lower() == ADDRESSES["BudgetToken"]
    assert call.decoded() == ("approve", {"spender": ADDRESSES["CampaignEscrow"], "value": 9})
    assert call.description == "Let the escrow take 9 PLAY"
    assert home.approvals("budget", "CampaignEscrow", 8) == []


def test_an_allowance_that_must_be_zero_first_is_taken_back(home: Home, node: Node) -> None:
    def by_way_of_zero(spender: str, value: int) -> bool:
        if value:
            raise NodeError("eth_call", "execution reverted", 3, b"")
        return True

    node.view("ERC20", "approve", by_way_of_zero)
    calls = home.approvals("budget", "CampaignEscrow", 9)
    assert [call.decoded()[1]["value"] for call in calls] == [0, 9]
    assert calls[0].description.startswith("Take back what the escrow may take")


def test_what_is_untried_needs_no_balance(home: Home) -> None:
    home.options = replace(home.options, is_tried=False)
    (call,) = home.approvals("budget", "CampaignEscrow", 10)
    assert call.decoded()[1]["value"] == 10


def test_refusals_name_whom_they_know(home: Home, tmp_path: Path) -> None:
    address = Keystores(tmp_path / "keystores").put("dave", KEY, "secret", iterations=1024)
    refusal = Refused("CampaignEscrowNotLead", {"account": OTHER, "lead": address})
    said = home.explained(refusal)
    assert said.hint == f"Its lead is dave ({address})."
    assert OTHER in said.message
    assert (said.name, said.arguments) == (refusal.name, refusal.arguments)
