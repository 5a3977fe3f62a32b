"""What the tests' own chain support changes of Brownie, and that its answers stay the same.

the chain support
├── given a transaction that reverts
│   ├── the error is Brownie's text, and the lines of the source are there for who reads them
│   ├── a panic has Brownie's words
│   └── a revert without data is one, too
├── what a transaction returned is decoded
├── given the chain goes back
│   └── what was in the pool is not mined any more
└── contracts deployed after a snapshot are forgotten with it
"""

from __future__ import annotations

import pytest
from brownie import chain, web3
from brownie.exceptions import VirtualMachineError

from tests.support.reverts import PANIC_OVERFLOW, reverts_with_panic

HELD = 1_000


@pytest.fixture(scope="module")
def token(Stablecoin, accounts):
    token = Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    token.mint(accounts[0], HELD, {"from": accounts[0]})
    return token


def test_a_revert_has_its_error_and_its_source(token, accounts):
    with pytest.raises(VirtualMachineError) as caught:
        token.transfer(accounts[1], HELD + 1, {"from": accounts[0]})
    holder = accounts[0].address.lower()
    assert caught.value.revert_msg == f"ERC20InsufficientBalance: {holder}, {HELD}, {HELD + 1}"
    assert "Trace step" in str(caught.value)


def test_a_panic_has_words(token, accounts):
    with reverts_with_panic(PANIC_OVERFLOW):
        token.mint(accounts[0], 2**256 - 1, {"from": accounts[0]})


def test_a_revert_without_data_is_one(token, accounts):
    with pytest.raises(VirtualMachineError) as caught:
        accounts[0].transfer(token, 1)
    assert caught.value.revert_type == "revert"


def test_a_return_value_is_decoded(token, accounts):
    tx = token.transfer(accounts[1], 1, {"from": accounts[0]})
    assert tx.return_value is True
    assert tx.events["Transfer"]["value"] == 1


def test_the_pool_goes_back_with_the_chain(token, accounts):
    """A transaction stays in the pool for a moment after its block; here it waits for one."""
    chain.snapshot()
    ask = web3.provider.make_request
    ask("evm_setAutomine", [False])
    data = token.transfer.encode_input(accounts[1], HELD)
    order = {"from": accounts[0].address, "to": token.address, "data": data}
    assert "result" in ask("eth_sendTransaction", [order])
    chain.revert()
    ask("evm_setAutomine", [True])
    ask("evm_mine", [])
    assert token.balanceOf(accounts[1]) == 0


def test_contracts_are_forgotten_with_their_block(Stablecoin, token, accounts):
    chain.snapshot()
    later = Stablecoin.deploy("Euro", "EUR", 6, {"from": accounts[0]})
    assert list(Stablecoin) == [token, later]
    chain.revert()
    assert list(Stablecoin) == [token]
