"""Whether an escrow's books add up, on paper and as a node tells them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dmo.season import books
from tests.support.node import ALICE, BOB, Node, dmo_on, log

GOOD = books.Money(100, 30, 20, 50, 40, 9, 4, 5, 109, 54, 55)


def test_good_books_add_up() -> None:
    assert books.differences(GOOD) == []
    donated = replace(GOOD, token_in=112, token_balance=58)
    assert books.differences(replace(donated, donated=3)) == []
    assert len(books.differences(donated)) == 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"received": 101, "token_in": 110}, "received = 101, but paid + refunded + held = 100"),
        ({"bonds_held": 4, "token_balance": 54}, "bonds_received = 9"),
        ({"token_in": 108}, "token_in = 108"),
        ({"token_out": 55}, "token_out = 55"),
        ({"token_balance": 54}, "token_balance = 54"),
        ({"pool": 51}, "pool = 51 is more than held = 50"),
    ],
)
def test_bad_books_are_named(changes: dict[str, int], what: str) -> None:
    found = books.differences(replace(GOOD, **changes))
    assert len(found) == 1, found
    assert what in found[0]


def test_the_books_are_read_from_books_and_transfers() -> None:
    node = Node()
    node.view("CampaignEscrow", "books", lambda: (30, 50, 100, 20, 40, 9, 4, 5))
    node.view("ERC20", "balanceOf", lambda _: 55)

    def logs(order: Any) -> list[Any]:
        to_escrow = order["topics"][1] is None
        value = 109 if to_escrow else 54
        return [log("ERC20", "Transfer", {"from": ALICE, "to": BOB, "value": value})]

    node.methods["eth_getLogs"] = logs
    assert books.money(dmo_on(node)) == GOOD
