"""The clock of a chain on this machine."""

from __future__ import annotations

import pytest

from dmo.core.errors import BadInput
from dmo.core.localtime import LONGEST, advance, require_local
from tests.support.node import Node, dmo_on

HERE = "http://127.0.0.1:8547"


@pytest.fixture
def node() -> Node:
    made = Node()
    made.methods["web3_clientVersion"] = lambda: "anvil/v1.7.1"

    def increase(seconds: int) -> int:
        made.now += seconds
        return seconds

    made.methods["evm_increaseTime"] = increase
    made.methods["evm_mine"] = lambda: "0x0"
    return made


def test_moves_on(node: Node) -> None:
    chain = dmo_on(node).chain
    before = chain.now()
    assert advance(chain, 3 * 86_400) == before + 3 * 86_400


@pytest.mark.parametrize("seconds", [0, -1, LONGEST + 1])
def test_refuses_to_go_back_or_too_far(node: Node, seconds: int) -> None:
    with pytest.raises(BadInput):
        advance(dmo_on(node).chain, seconds)


def test_takes_a_development_node_of_this_machine(node: Node) -> None:
    require_local(dmo_on(node).chain, HERE)


def test_refuses_another_machine_and_another_node(node: Node) -> None:
    chain = dmo_on(node).chain
    with pytest.raises(BadInput, match="cannot be moved"):
        require_local(chain, "https://node.example")
    node.methods["web3_clientVersion"] = lambda: "Geth/v1.16"
    with pytest.raises(BadInput, match="cannot be moved"):
        require_local(chain, HERE)
