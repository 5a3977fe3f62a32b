"""The votes token and the budget token."""

from __future__ import annotations

from dataclasses import dataclass

from dmo.core.abi.codec import checksum
from dmo.core.calls import Call, make_call
from dmo.core.chain import Read
from dmo.core.units import format_amount
from dmo.home.deployment import Dmo

__all__ = [
    "Holding",
    "allowance",
    "approve",
    "balance",
    "delegate",
    "holding",
    "transfer",
    "transfer_batch",
    "unwrap",
    "wrap",
]

MAX_ALLOWANCE = 2**256 - 1


def transfer(token: str, to: str, amount: int, symbol: str = "units", decimals: int = 0) -> Call:
    """Send tokens; amount in units of the token."""
    text = format_amount(amount, decimals, symbol)
    return make_call("ERC20", token, "transfer", [to, amount], f"Send {text} to {to}")


def transfer_batch(dmo: Dmo, recipients: list[str], amounts: list[int]) -> Call:
    """Hand a new votes token to many holders, in units of the votes token."""
    return make_call(
        "HolderToken",
        dmo.address("HolderToken"),
        "transferBatch",
        [recipients, amounts],
        f"Send votes tokens to {len(recipients)} holders",
    )


def approve(
    token: str, spender: str, amount: int, symbol: str = "units", decimals: int = 0
) -> Call:
    """Let an account take tokens; amount in units of the token."""
    text = format_amount(amount, decimals, symbol)
    return make_call("ERC20", token, "approve", [spender, amount], f"Let {spender} take {text}")


def delegate(dmo: Dmo, to: str) -> Call:
    """Lend one's votes to an account; to oneself to take them back."""
    return make_call(
        dmo.votes_contract, dmo.votes_address, "delegate", [to], f"Lend my votes to {to}"
    )


def wrap(dmo: Dmo, account: str, amount: int) -> Call:
    """Deposit underlying tokens for votes tokens, one for one; needs an approval first."""
    return make_call(
        "VotesWrapper",
        dmo.address("VotesWrapper"),
        "depositFor",
        [account, amount],
        f"Wrap {amount} units of the underlying token for {account}",
    )


def unwrap(dmo: Dmo, account: str, amount: int) -> Call:
    """Take underlying tokens back, one for one."""
    return make_call(
        "VotesWrapper",
        dmo.address("VotesWrapper"),
        "withdrawTo",
        [account, amount],
        f"Unwrap {amount} units of the votes token to {account}",
    )


def balance(dmo: Dmo, token: str, account: str) -> int:
    """Balance of an account, in units of the token."""
    return int(dmo.chain.call("ERC20", token, "balanceOf", account))


def allowance(dmo: Dmo, token: str, owner: str, spender: str) -> int:
    """What an account may take, in units of the token."""
    return int(dmo.chain.call("ERC20", token, "allowance", owner, spender))


@dataclass(frozen=True)
class Holding:
    """What an account holds, in units of each token.

    Attributes:
        account: Whose.
        votes_balance: Votes tokens.
        votes: Votes, own and lent.
        delegate: Who votes with the tokens.
        votes_supply: All votes tokens.
        budget_balance: Budget tokens.
        native: Native coin, in wei.
    """

    account: str
    votes_balance: int
    votes: int
    delegate: str
    votes_supply: int
    budget_balance: int
    native: int


def holding(dmo: Dmo, account: str) -> Holding:
    """What an account holds."""
    who = checksum(account)
    token = dmo.votes_address
    values = dmo.chain.read(
        [
            Read("ERC20", token, "balanceOf", (who,)),
            Read("ERC20", token, "getVotes", (who,)),
            Read("ERC20", token, "delegates", (who,)),
            Read("ERC20", token, "totalSupply"),
            Read("ERC20", dmo.budget_address, "balanceOf", (who,)),
        ]
    )
    votes_balance, votes, lent_to, supply, budget = values
    native = dmo.chain.balance(who)
    return Holding(who, votes_balance, votes, lent_to, supply, budget, native)
