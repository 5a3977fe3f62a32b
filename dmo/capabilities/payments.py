"""Payments: work that is paid or released, by anybody, what moves with it, and credits: what could not be delivered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from dmo.capabilities.campaigns import AMOUNT
from dmo.capabilities.ends import settlement_of
from dmo.capabilities.lens import MONEY, WORK
from dmo.capabilities.submissions import submissions, waiting
from dmo.core import abi, kinds, words
from dmo.core.act import Act, Step, arg, simple_act
from dmo.core.chain import Event, Read
from dmo.core.compared import Compared
from dmo.core.due import Item, chores, due, items, wanted
from dmo.core.engine import Done, plan
from dmo.core.errors import Refused
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME, Kind, Timestamp, Value, choice, listed
from dmo.core.view import Query
from dmo.home.home import Home

BATCH = 20
"""Submissions, or jurors, that are paid or released in one transaction."""

SOURCE = choice("paid_for", "work", "prize", "judging")
PAYMENT = {"submission": WORK, "payee": ACCOUNT, "amount": MONEY, "credit": FLAG, "source": SOURCE}
PAYMENTS = kinds.lines("payment", PAYMENT)
RETURNED = {"submission": WORK, "account": ACCOUNT, "amount": MONEY, "credit": FLAG, "bonds": NUMBER}
RETURNS = kinds.lines("bond_returned", RETURNED)
NUMBERS = listed(WORK, "[WORK]...")
PLACES = Kind("NUMBERS", NUMBERS.read, lambda home, found: " ".join(map(str, found or ())))


def batches(found: Sequence[Any]) -> list[list[Any]]:
    """What is done in one transaction each."""
    return [[*found[start : start + BATCH]] for start in range(0, len(found), BATCH)]


def independent(home: Home, acts: Iterable[Act]) -> list[Step]:
    """The transactions of several acts, none in need of the others."""
    return [replace(step, is_independent=True) for act in acts for step in plan(home, act).steps]


def _moved(event: Event, **more: Any) -> dict[str, Any]:
    """A row of what moved: delivered, or left as a credit."""
    is_credit = event.name.endswith("Credited")
    return {**event.arguments, "credit": is_credit, "said": "credited" if is_credit else "paid", **more}


def moved(done: Done) -> dict[str, Value]:
    """Who was paid what, out of what, and which bonds were returned."""
    paid = done.events("PayeePaid", "PayeeCredited", contract="CampaignEscrow")
    back = done.events("BondPaid", "BondCredited", contract="CampaignEscrow")
    over = done.events("WorkPaid", "WorkReleased", contract="CampaignEscrow")
    ended = {event.arguments["submission"] for event in over}
    settled = done.events("DisputeSettled", contract="DisputeDesk")
    ends = {event.arguments["submission"]: settlement_of(event) for event in settled}
    # What a dispute brings to whom was right is paid before the reward.
    prizes = {number: bool(end.to_opener) + bool(end.to_upholder) + bool(end.to_worker) for number, end in ends.items()}
    payments = []
    for event in sorted(paid, key=lambda event: (event.block, event.index)):
        number = event.arguments["submission"]
        is_prize = number in ended and prizes.get(number, 0) > 0
        prizes[number] = prizes.get(number, 0) - is_prize
        source = "prize" if is_prize else "work" if number in ended else "judging"
        payments.append(_moved(event, source=source))
    bonds: dict[Any, dict[str, Any]] = {}
    for event in back:  # a bond and a stake may go to one account: told together
        row = _moved(event, account=event.arguments["to"], bonds=0)
        its = bonds.setdefault((row["submission"], row["account"], row["credit"]), {**row, "amount": 0})
        its["amount"], its["bonds"] = its["amount"] + row["amount"], its["bonds"] + 1
    return {
        "payments": PAYMENTS(payments),
        "bonds_returned": RETURNS([*bonds.values()]),
        "jurors": PLACES(sorted(number for number, end in ends.items() if end.to_jurors)),
    }


class Batch(Act):
    """Does what is due about work; without numbers, all items of the kinds in ``does``, or says that it is ``idle``."""

    is_divisible = True
    compared = Compared({"submissions": "among submissions or shown.due"})
    does: ClassVar[tuple[str, ...]] = ()
    idle: ClassVar[str] = "nothing_to_release"

    submissions: tuple[int, ...] = arg(NUMBERS, default=())

    def due(self, home: Home) -> list[Act]:
        """The acts that do what is due, in batches."""
        found = [] if self.submissions else items(home, None)
        return [act for kind in self.does for item in found if item.kind == kind for act in item.acts]

    def check(self, home: Home) -> None:
        if not self.submissions and not self.due(home):
            raise words.bad(self.idle)

    def facts(self, home: Home) -> Mapping[str, Value]:
        acts = [self] if self.submissions else self.due(home)
        return {"submissions": NUMBERS([one for act in acts if isinstance(act, type(self)) for one in act.submissions])}

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        due = self.facts(home)["submissions"].value
        return {} if self.submissions or not due else {"due": [str(one) for one in due]}

    def arguments(self, home: Home) -> Sequence[Any]:
        return [list(self.submissions)]

    def steps(self, home: Home) -> list[Step]:
        return super().steps(home) if self.submissions else independent(home, self.due(home))

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        ended = [event.arguments["submission"] for event in done.events(self.told_by, contract="CampaignEscrow")]
        return {**moved(done), "ended": NUMBERS(ended)}


class PayWork(Batch, name="work pay", call="CampaignEscrow.payWork", told_by="WorkPaid", does=("pay", "jurors")):
    def check(self, home: Home) -> None:
        if not self.submissions and not self.due(home):
            void = [str(one.submission) for one in submissions(home) if one.status == "void"]
            raise words.bad("only_void", numbers=" ".join(void)) if void else words.bad("nothing_to_pay")


class ReleaseWork(
    Batch, name="work release", call="CampaignEscrow.releaseWork", told_by="WorkReleased", does=("release",)
):
    """Free the money of void work; without numbers, of everything void."""


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


def _deliveries(home: Home) -> list[Read]:
    """Deliveries, tried: what the token would take now."""
    return [home.reading("CampaignEscrow", "deliverCredit", account) for account in home.some(credited(home))]


def _credits(home: Home, accounts: Sequence[str]) -> list[Credit]:
    named = [abi.named("CampaignEscrow", "creditOf", raw) for raw in home.read(_readings(home, accounts))]
    return [Credit(account, **told) for account, told in zip(accounts, named, strict=True)]


def credit(home: Home, account: str) -> Credit:
    """What is owed to an account."""
    return _credits(home, [account])[0]


def credits_left(home: Home) -> list[Credit]:
    """Everything that waits for its owners."""
    return [one for one in _credits(home, home.some(credited(home))) if one.amount]


class WithdrawCredit(
    Act, name="credit withdraw", call="CampaignEscrow.withdrawCredit", told_by="CreditWithdrawn", tells=AMOUNT
):
    to: str | None = arg(ACCOUNT.called("TO"), default=None)
    compared = Compared({"to": "to or me"})

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
DeliverCredit = simple_act("credit deliver", "CampaignEscrow.deliverCredit", "CreditWithdrawn", OWNED, tells=AMOUNT)
ExpireCredit = simple_act("credit expire", "CampaignEscrow.expireCredit", "CreditExpired", OWNED, tells=AMOUNT)


class ShowCredit(Query, name="credit show", gives={"account": ACCOUNT, "amount": MONEY, "expires_at": TIME}):
    account: str | None = arg(ACCOUNT, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one = credit(home, self.account or home.me)
        return {**vars(one), "expires_at": one.expires_at}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return [*_readings(home, [*home.some(credited(home)), *([account] if account else [])]), *_deliveries(home)]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    for kind, status, act in (("pay", "payable", PayWork), ("release", "void", ReleaseWork)):
        found = waiting(home)[status]
        yield from chores(kind, [act(tuple(batch)) for batch in batches(found)], len(found))
    tried = zip(_deliveries(home), home.snapshot.try_read(_deliveries(home)), strict=True)
    delivered = [read.arguments[0] for read, answer in tried if not isinstance(answer, Refused)]
    yield from chores("deliver", [DeliverCredit(account) for account in delivered])
    expired = [one.account for one in credits_left(home) if home.now >= one.expires_at]
    yield from chores("expired", [ExpireCredit(one) for one in expired])
    if account and (mine := credit(home, account)).amount:
        yield Item("credit", mine.expires_at, True, "credit withdraw", {"amount": MONEY(mine.amount)})
