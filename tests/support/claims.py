"""What is claimed of the hostile world: the rows of docs/hostile-world.md, and what a cell can say.

A module says `CLAIMS = {column: {row: claim}}`, tests try every cell, and the document is made of the same words.
Nothing here needs a chain. Amounts are whole tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

TOKENS = {
    "returns nothing": "`transfer` and `transferFrom` return nothing, as USDT's do",
    "returns false": "moves nothing and says so by `false`, instead of reverting",
    "lies": "moves nothing and says `true`",
    "fee": "takes a fee of what arrives (here a half), from the beginning",
    "fee on top": "takes a fee (here a half) from who sends, beyond the amount, from the beginning",
    "late fee": "the first of the two, switched on later",
    "reenters": "calls the escrow from within every transfer",
    "blocks": "blocks an address: here whoever sends, or receives",
    "pauses": "refuses every transfer for a while",
    "burns gas": "burns all gas that a transfer gets",
    "bomb": "answers a transfer with 180,000 bytes",
    "0 decimals": "",
    "6 decimals": "",
    "18 decimals": "",
    "24 decimals": "",
    "rebases up": "what the escrow (or the wrapper) has doubles by itself",
    "rebases down": "what the escrow (or the wrapper) has shrinks to nothing by itself",
}
PAYEES = {
    "payee refuses": "a contract that is told of what it receives, and reverts",
    "payee burns gas": "a contract that burns all gas that it gets when it is told",
    "payee self-destructs": "a contract that destroys itself when it is told",
    "payee returns a bomb": "a contract that answers 230,000 bytes, which the token copies",
}
ROWS = TOKENS | PAYEES
WITHOUT_WORDS = "no reason"
"""What a claim names where whoever refuses says nothing."""
EVERY = "*"
"""All rows of a column that are not named."""


@dataclass(frozen=True)
class Claim:
    """What a cell says.

    Attributes:
        verdict: supported, refused or harmless; empty where the row has no part.
        text: What happens, in words.
        error: Name and arguments of the refusal; a number is of whole tokens, a text names somebody of the world.
        moves: What changes otherwise than with a plain token: whole tokens by who or what.
        exact: The error where a stake is sent exactly, and not with what the token takes of it.
    """

    verdict: str
    text: str = ""
    error: tuple[str | int, ...] = ()
    moves: Mapping[str, int | Fraction] = field(default_factory=dict)
    exact: str = ""

    @property
    def cell(self) -> str:
        """It in the document."""
        if not self.verdict:
            return "–"
        name = "without a word" if self.error[:1] == (WITHOUT_WORDS,) else f"`{self.error[0]}`" if self.error else ""
        refused = f"{self.verdict}: {name}" if name else self.verdict
        told = "; ".join([f"{refused}: {self.text}" if self.text and not self.error else refused, *self._more()])
        moved = ", ".join(f"{who.replace('_', ' ')} {_signed(amount)}" for who, amount in self.moves.items())
        return f"{told} ({moved})" if moved else told

    def _more(self) -> Iterator[str]:
        if self.text and self.error:
            yield self.text
        if self.exact:
            yield f"sent exactly, `{self.exact}`"


def _signed(amount: int | Fraction) -> str:
    return f"{'+' if amount > 0 else '−'}{abs(float(amount)):g}"


SUPPORTED = Claim("supported")
NO_PART = Claim("")


def refused(error: str, *arguments: str | int, text: str = "") -> Claim:
    """The contract says no, and nothing has changed."""
    return Claim("refused", text, (error, *arguments))


def harmless(text: str, exact: str = "", **moves: int | Fraction) -> Claim:
    """Something else happens than with a plain token, exactly this."""
    return Claim("harmless", text, (), moves, exact)


Claims = Mapping[str, Mapping[str, Claim]]


def cells(claims: Claims, rows: Mapping[str, str] = ROWS) -> Iterator[tuple[str, str, Claim]]:
    """Every column with every row, and what is claimed."""
    for column, said in claims.items():
        strange = said.keys() - rows.keys() - {EVERY}
        assert not strange, f"{column}: no such rows: {strange}"
        for row in rows:
            assert row in said or EVERY in said, f"{column}, {row}: nothing is claimed"
            yield column, row, said.get(row, said.get(EVERY, NO_PART))
