"""Every token and payee of the hostile world, wrapped into votes; wrapper.py says what is claimed.

wrapping or unwrapping with a token or a payee that misbehaves
  moves what the cell says, to the unit, or is refused as it says -> test_cell
"""

from __future__ import annotations

import pytest
from brownie import project

from tests.contracts.hostile.wrapper import CLAIMS
from tests.support.claims import cells
from tests.support.hostile import DECIMALS, HALF, Order, expected, misbehave, moved

PLAIN = {"wrap into votes": {"owner": -50, "votes": 50}, "unwrap": {"owner": 50, "votes": -50}}
CELLS = [cell for cell in cells(CLAIMS) if cell[2].verdict]


@pytest.mark.parametrize(("column", "row", "claim"), CELLS, ids=[f"{column}-{row}" for column, row, _ in CELLS])
def test_cell(accounts, column, row, claim):
    by, owner = accounts[0], accounts[1]
    has, decimals = project.get_loaded_projects()[0], DECIMALS.get(row, 6)
    unit = 10**decimals
    token = has.HostileToken.deploy(decimals, {"from": by})
    wrapper = has.VotesWrapper.deploy(token, "Wrapped", "W", [], {"from": by})
    if row == "fee":
        token.setFee(HALF, {"from": by})
    if row == "fee on top":
        token.setFeeOnTop(HALF, {"from": by})
    token.mint(owner, 1_000 * unit, {"from": by})
    token.approve(wrapper, 2**255, {"from": owner})
    if row != "fee":
        wrapper.depositFor(owner, 100 * unit, {"from": owner})
    misbehave(token, row, owner, wrapper, wrapper.depositFor.encode_input(token, unit), by)

    def look():
        supply = wrapper.totalSupply()
        short = supply - token.balanceOf(wrapper)
        return {
            name: amount // unit
            for name, amount in {"owner": token.balanceOf(owner), "votes": supply, "short": short}.items()
        }

    def value(named):
        return named * unit if isinstance(named, int) else str({"owner": owner, "token": token}.get(named, wrapper))

    before = look()
    function = wrapper.depositFor if column.startswith("wrap") else wrapper.withdrawTo
    order = Order(function, (owner, 50 * unit), owner)
    if claim.verdict == "refused":
        assert order.refusal() == expected(claim, (wrapper, token), value)
        assert look() == before
        return
    order.send()
    wanted = {who: PLAIN[column].get(who, 0) + claim.moves.get(who, 0) for who in before}
    assert moved(before, look()) == {who: amount for who, amount in wanted.items() if amount}
    assert wrapper.getVotes(owner) == wrapper.balanceOf(owner)
