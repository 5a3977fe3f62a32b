"""The books' equations: what the escrow says, against the token's own transfers."""

from dataclasses import dataclass

from dmo.core import words
from dmo.home.deployment import Dmo

_EQUATIONS = {
    "received": ("paid", "refunded", "held"),
    "bonds_received": ("bonds_paid", "bonds_held"),
    "token_in": ("received", "bonds_received", "donated"),
    "token_out": ("paid", "refunded", "bonds_paid"),
    "token_balance": ("held", "bonds_held", "donated"),
}
"""What equals the sum of what.

A bond that is forfeited moves from the books of bonds to those of budget money: it leaves bonds
received and enters received, so the sums do not change.
"""


@dataclass(frozen=True)
class Money:
    """Both views of the same money, in units of the budget token.

    Attributes:
        received: Deposits and top-ups.
        paid: Of it, to people.
        refunded: Of it, back to the treasury.
        held: The rest of it.
        pool: Of what is held, in no campaign.
        bonds_received: Bonds put up.
        bonds_paid: Of them, given back.
        bonds_held: The rest of them.
        token_in: Sum of transfers to the escrow.
        token_out: Sum of transfers from the escrow.
        token_balance: The escrow's balance.
        donated: Part of token_in that no deposit, top-up or bond accounts for.
    """

    received: int
    paid: int
    refunded: int
    held: int
    pool: int
    bonds_received: int
    bonds_paid: int
    bonds_held: int
    token_in: int
    token_out: int
    token_balance: int
    donated: int = 0


def money(dmo: Dmo) -> Money:
    """Read both views, at one block."""
    pinned = dmo.on(dmo.chain.pinned())
    escrow, token, chain = pinned.address("CampaignEscrow"), pinned.budget_address, pinned.chain

    def moved(side: str) -> int:
        found = chain.events("ERC20", token, "Transfer", {side: escrow}, from_block=dmo.birth)
        return sum(int(event.arguments["value"]) for event in found)

    booked, token_in = pinned.record("CampaignEscrow", "books"), moved("to")
    return Money(
        **booked,
        token_in=token_in,
        token_out=moved("from"),
        token_balance=int(chain.call("ERC20", token, "balanceOf", escrow)),
        donated=max(token_in - booked["received"] - booked["bonds_received"], 0),
    )


def differences(facts: object) -> list[str]:
    """Every equation that does not hold, as a sentence.

    Args:
        facts: Money, or a summary with the same names, which knows no donations.
    """
    found = []
    for whole, parts in _EQUATIONS.items():
        known = [part for part in parts if hasattr(facts, part)]
        value, total = int(getattr(facts, whole)), sum(int(getattr(facts, part)) for part in known)
        if value != total:
            found.append(words.word("books", "sum").format(whole, value, " + ".join(known), total))
    pool, held = getattr(facts, "pool", 0), int(getattr(facts, "held", 0))
    return [*found, words.word("books", "pool").format(pool, held)] if pool > held else found
