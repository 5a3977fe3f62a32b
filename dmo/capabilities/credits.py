"""Credits: what could not be delivered, and waits for its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmo.capabilities.lens import MONEY
from dmo.core import abi, words
from dmo.core.act import Act, arg
from dmo.core.due import Item, due, wanted
from dmo.core.errors import Refused
from dmo.core.kinds import ACCOUNT, TEXT, TIME, Timestamp, Value, choice, listed
from dmo.core.view import Query

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home

__all__ = ["CREDIT_LIFE", "Credit", "credit", "credits_left"]

CREDIT_LIFE = 365 * 86_400
"""From so long after the last of it on (seconds) anybody may move a credit to the pool."""

# What the escrow, or a node, says of a withdrawal itself; all else is the token's.
OWN = ("InsufficientFunds", "TransactionFailed", "Panic", "ReentrancyGuardReentrantCall")


@dataclass(frozen=True)
class Credit:
    """What is owed to an account, in units of the budget token.

    Attributes:
        voted: How much of it is voted money, which earns points when it is withdrawn.
        since: When the account was last credited, Unix seconds; 0 where nothing is owed.
    """

    account: str
    amount: int
    voted: int
    since: int

    @property
    def expires_at(self) -> Timestamp:
        """From then on anybody may move it to the pool; 0 where nothing is owed."""
        return Timestamp(self.since + CREDIT_LIFE if self.amount else 0)


def credited(home: Home) -> list[str]:
    """Accounts that were credited and have taken nothing since, as events tell."""
    found: dict[str, bool] = {}
    for contract, event in home.snapshot.events:
        told = event.arguments
        if contract != "CampaignEscrow":
            continue
        if event.name in ("PayeeCredited", "BondCredited"):
            found[told["payee" if "payee" in told else "to"]] = True
        elif event.name in ("CreditWithdrawn", "CreditExpired"):
            found[told["account"]] = False
    return [account for account, is_owed in found.items() if is_owed]


def _readings(home: Home, accounts: Iterable[str]) -> list[Read]:
    return [home.reading("CampaignEscrow", "creditOf", account) for account in accounts]


def credit(home: Home, account: str) -> Credit:
    """What is owed to an account."""
    return _credits(home, [account])[0]


def credits_left(home: Home) -> list[Credit]:
    """Everything that waits for its owners."""
    return [one for one in _credits(home, credited(home)) if one.amount]


def _credits(home: Home, accounts: Sequence[str]) -> list[Credit]:
    answers = home.read(_readings(home, accounts))
    return [
        Credit(account, **abi.named("CampaignEscrow", "creditOf", raw))
        for account, raw in zip(accounts, answers, strict=True)
    ]


# ── acts ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class WithdrawCredit(
    Act,
    name="credit withdraw",
    call="CampaignEscrow.withdrawCredit",
    told_by="CreditWithdrawn",
    tells={"amount": MONEY},
):
    """Withdraw one's credit to any address."""

    to: str | None = arg(ACCOUNT.called("TO"), default=None)

    def arguments(self, home: Home) -> Sequence[Any]:
        """Where to; to oneself if not said."""
        return [self.to or home.me]

    def facts(self, home: Home) -> Mapping[str, Value]:
        """What is owed, where it is known to whom."""
        owed = credit(home, home.maybe_me).amount if home.maybe_me else 0
        to = self.to or home.me
        return {"to": ACCOUNT(to), "address": TEXT(to), "owed": MONEY(owed)}

    def refused(self, home: Home, error: Refused) -> Refused:
        """The escrow only passes on what the token said, in words that only the token knows."""
        if error.name.startswith("CampaignEscrow") or error.name in OWN:
            return error
        said = words.command("credit withdraw")
        target = self.to or home.me
        return Refused(
            "TokenRefused",
            {"token": home.dmo.budget_token.address, "account": target},
            message=said["token_says"].format(home.who(target)),
            hint=said["token_right"],
            data=error.data,
        )


@dataclass(frozen=True)
class ExpireCredit(
    Act,
    name="credit expire",
    call="CampaignEscrow.expireCredit",
    told_by="CreditExpired",
    tells={"amount": MONEY},
):
    """Move a credit to the pool that nobody claimed for a year."""

    account: str = arg(ACCOUNT)


# ── queries ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ShowCredit(
    Query,
    name="credit show",
    gives={
        "account": ACCOUNT,
        "amount": MONEY,
        "expires_at": TIME,
        "state": choice("credit_state", "owed", "nothing"),
        "next": choice("credit_next", "owed"),
    },
):
    """What is owed to an account."""

    account: str | None = arg(ACCOUNT, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        """To oneself if not said to whom."""
        one = credit(home, self.account or home.me)
        return {
            "account": one.account,
            "amount": one.amount,
            "expires_at": one.expires_at,
            "state": "owed" if one.amount else "nothing",
            "next": "owed" if one.amount else None,
        }


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return _readings(home, [*credited(home), *([account] if account else [])])


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    expired = [one.account for one in credits_left(home) if home.now >= one.expires_at]
    if expired:
        yield Item(
            "expired",
            0,
            True,
            f"credit expire {expired[0]}",
            {"accounts": listed(ACCOUNT)(expired)},
            tuple(ExpireCredit(one) for one in expired),
            len(expired),
        )
    mine = credit(home, account) if account else None
    if mine and mine.amount:
        values = {"amount": MONEY(mine.amount)}
        yield Item("credit", mine.expires_at, True, "credit withdraw", values)
