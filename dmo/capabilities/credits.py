"""Credits: what could not be delivered, and waits for its owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.capabilities.campaigns import AMOUNT
from dmo.capabilities.lens import MONEY
from dmo.core import abi, words
from dmo.core.act import Act, arg, simple_act
from dmo.core.chain import Read
from dmo.core.due import Item, chores, due, wanted
from dmo.core.errors import Refused
from dmo.core.kinds import ACCOUNT, TEXT, TIME, Timestamp, Value
from dmo.core.view import Query
from dmo.home.home import Home

CREDIT_LIFE = 365 * 86_400
"""From so long after the last of it on (seconds) anybody may move a credit to the pool."""

# What the escrow, or a node, says of a withdrawal itself; all else is the token's.
OWN = ("CampaignEscrow", "InsufficientFunds", "TransactionFailed", "Panic", "ReentrancyGuardReentrantCall")


@dataclass(frozen=True)
class Credit:
    """What is owed to an account, in units of the budget token; voted money earns points when it is withdrawn."""

    account: str
    amount: int
    voted: int
    since: int
    """When it was last credited, Unix seconds; 0 where nothing is owed."""

    @property
    def expires_at(self) -> Timestamp:
        """From then on anybody may move it to the pool; 0 where nothing is owed."""
        return Timestamp(self.since + CREDIT_LIFE if self.amount else 0)


def credited(home: Home) -> list[str]:
    """Accounts that were credited and have taken nothing since, as events tell."""
    found: dict[str, bool] = {}
    names = ("PayeeCredited", "BondCredited", "CreditWithdrawn", "CreditExpired")
    for event in home.events(*(f"CampaignEscrow.{name}" for name in names)):
        told = event.arguments
        is_owed = event.name.endswith("Credited")
        found[(told.get("payee") or told["to"]) if is_owed else told["account"]] = is_owed
    return [account for account, is_owed in found.items() if is_owed]


def _readings(home: Home, accounts: Iterable[str]) -> list[Read]:
    return [home.reading("CampaignEscrow", "creditOf", account) for account in accounts]


def _credits(home: Home, accounts: Sequence[str]) -> list[Credit]:
    named = [abi.named("CampaignEscrow", "creditOf", raw) for raw in home.read(_readings(home, accounts))]
    return [Credit(account, **told) for account, told in zip(accounts, named, strict=True)]


def credit(home: Home, account: str) -> Credit:
    """What is owed to an account."""
    return _credits(home, [account])[0]


def credits_left(home: Home) -> list[Credit]:
    """Everything that waits for its owners."""
    return [one for one in _credits(home, credited(home)) if one.amount]


class WithdrawCredit(
    Act, name="credit withdraw", call="CampaignEscrow.withdrawCredit", told_by="CreditWithdrawn", tells=AMOUNT
):
    to: str | None = arg(ACCOUNT.called("TO"), default=None)

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.to or home.me]

    def facts(self, home: Home) -> Mapping[str, Value]:
        to, owed = self.to or home.me, credit(home, home.maybe_me).amount if home.maybe_me else 0
        return {"to": ACCOUNT(to), "address": TEXT(to), "owed": MONEY(owed)}

    def refused(self, home: Home, error: Refused) -> Refused:
        """The escrow only passes on what the token said, in words that only the token knows."""
        if error.name.startswith(OWN):
            return error
        said, target = words.command(self.name), self.to or home.me
        told = {"token": home.dmo.budget_token.address, "account": target}
        message = said["token_says"].format(home.who(target))
        return Refused("TokenRefused", told, message=message, hint=said["token_right"], data=error.data)


OWNED = {"account": ACCOUNT}
ExpireCredit = simple_act("credit expire", "CampaignEscrow.expireCredit", "CreditExpired", OWNED, tells=AMOUNT)


class ShowCredit(Query, name="credit show", gives={"account": ACCOUNT, "amount": MONEY, "expires_at": TIME}):
    account: str | None = arg(ACCOUNT, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one = credit(home, self.account or home.me)
        return {**vars(one), "expires_at": one.expires_at}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return _readings(home, [*credited(home), *([account] if account else [])])


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    expired = [one.account for one in credits_left(home) if home.now >= one.expires_at]
    yield from chores("expired", [ExpireCredit(one) for one in expired])
    if account and (mine := credit(home, account)).amount:
        yield Item("credit", mine.expires_at, True, "credit withdraw", {"amount": MONEY(mine.amount)})
