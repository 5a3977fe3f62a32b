"""The books' equations: what the escrow says, against the token's own transfers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmo.client.escrow import Books, books
from dmo.core.errors import CheckFailed
from dmo.home.deployment import Dmo

if TYPE_CHECKING:
    from dmo.home.outputs import Demo

__all__ = ["Money", "check", "differences", "money", "summary_differences"]


@dataclass(frozen=True)
class Money:
    """Both views of the same money, in units of the budget token.

    Attributes:
        books: The escrow's own totals.
        token_in: Sum of transfers to the escrow.
        token_out: Sum of transfers from the escrow.
        token_balance: The escrow's balance.
        donated: Part of token_in that no deposit, top-up or bond accounts for.
    """

    books: Books
    token_in: int
    token_out: int
    token_balance: int
    donated: int = 0


def money(dmo: Dmo) -> Money:
    """Read both views, at one block."""
    pinned = dmo.on(dmo.chain.pinned())
    escrow, token = pinned.address("CampaignEscrow"), pinned.budget_address
    chain = pinned.chain
    came = chain.events("ERC20", token, "Transfer", {"to": escrow}, from_block=dmo.birth)
    went = chain.events("ERC20", token, "Transfer", {"from": escrow}, from_block=dmo.birth)
    booked = books(pinned)
    token_in = sum(int(event.arguments["value"]) for event in came)
    return Money(
        booked,
        token_in,
        sum(int(event.arguments["value"]) for event in went),
        int(chain.call("ERC20", token, "balanceOf", escrow)),
        max(token_in - booked.received - booked.bonds_received, 0),
    )


def _unequal(pairs: Iterable[tuple[str, int, str, int]]) -> list[str]:
    return [
        f"{left} = {value}, but {right} = {other}"
        for left, value, right, other in pairs
        if value != other
    ]


def differences(facts: Money, *, donated: int | None = None) -> list[str]:
    """Every equation that does not hold, as a sentence.

    A bond that is forfeited moves from the books of bonds to those of budget money: it leaves
    bonds received and enters received, so the sums below do not change.

    Args:
        facts: Both views.
        donated: Units known to have been donated; None accepts what was found.
    """
    booked = facts.books
    gift = facts.donated if donated is None else donated
    out = booked.paid + booked.refunded
    return _unequal(
        [
            ("received", booked.received, "paid + refunded + held", out + booked.held),
            (
                "bonds received",
                booked.bonds_received,
                "bonds paid + bonds held",
                booked.bonds_paid + booked.bonds_held,
            ),
            (
                "token in",
                facts.token_in,
                "received + bonds received + donations",
                booked.received + booked.bonds_received + gift,
            ),
            (
                "token out",
                facts.token_out,
                "paid + refunded + bonds paid",
                out + booked.bonds_paid,
            ),
            (
                "token balance",
                facts.token_balance,
                "held + bonds held + donations",
                booked.held + booked.bonds_held + gift,
            ),
        ]
    ) + (
        [f"pool = {booked.pool} is more than held = {booked.held}"]
        if booked.pool > booked.held
        else []
    )


def check(dmo: Dmo) -> Money:
    """Read both views and demand every equation.

    Raises:
        CheckFailed: With one sentence per equation that does not hold.
    """
    facts = money(dmo)
    found = differences(facts)
    if found:
        raise CheckFailed(f"The books do not add up: {'; '.join(found)}.", found)
    return facts


def summary_differences(summary: Demo) -> list[str]:
    """Every equation of build/demo/summary.json that does not hold."""
    received, held = int(summary.received), int(summary.held)
    out = int(summary.paid) + int(summary.refunded)
    bonds_in, bonds_out = int(summary.bonds_received), int(summary.bonds_paid)
    bonds_held = int(summary.bonds_held)
    return _unequal(
        [
            ("received", received, "paid + refunded + held", out + held),
            ("bonds_received", bonds_in, "bonds_paid + bonds_held", bonds_out + bonds_held),
            (
                "token_in",
                int(summary.token_in),
                "received + bonds_received",
                received + bonds_in,
            ),
            (
                "token_out",
                int(summary.token_out),
                "paid + refunded + bonds_paid",
                out + bonds_out,
            ),
            (
                "token_balance",
                int(summary.token_balance),
                "held + bonds_held",
                held + bonds_held,
            ),
        ]
    )
