"""What an account holds, and which share of the votes that is.

token show
  given the treasury, which never votes -> test_shares_are_of_what_can_vote
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.capabilities import tokens
from dmo.core.abi.codec import checksum
from tests.support import node as table
from tests.support.home import at_home
from tests.support.node import ADDRESSES, Node

ALICE, BOB = checksum(table.ALICE), checksum(table.BOB)


def test_shares_are_of_what_can_vote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    treasury, token = checksum(ADDRESSES["Treasury"]), ADDRESSES["HolderToken"]
    held = {treasury: 600, BOB: 100, ALICE: 300}
    node = Node()
    node.view("IdeaBoard", "frame", lambda: (node.now + 1, 100, 10, 1, 1))
    node.view("IdeaBoard", "excludedAccounts", lambda: [treasury])
    for function, answer in {
        "balanceOf": lambda who: held[checksum(who)],
        "getVotes": lambda who: held[checksum(who)],
        "delegates": lambda who: who,
        "totalSupply": lambda: 1000,
        "symbol": lambda: "LTN",
        "decimals": lambda: 0,
    }.items():
        node.view("ERC20", function, answer, token)
        node.view("ERC20", function, answer)
    told = {who: tokens.ShowHolding(who).view(at_home(tmp_path, monkeypatch, node)) for who in held}
    assert [dict(one.fields)["votes"] for one in told.values()] == [
        "never: like treasury and escrow, it has no part in votes",
        "100 LTN (25.00% of all that can vote)",
        "300 LTN (75.00% of all that can vote)",
    ]
    assert [one.data["votes"] for one in told.values()] == ["0", "100", "300"]
    assert told[BOB].data["votable"] == "400"
