"""Payments: work that is paid or released, by anybody, and what moves with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from dmo.capabilities.ends import settlement_of
from dmo.capabilities.lens import MONEY, WORK
from dmo.capabilities.submissions import submissions
from dmo.core import kinds, words
from dmo.core.act import Act, Done, Step, arg, plan
from dmo.core.chain import Event
from dmo.core.due import Item, chores, due, items
from dmo.core.kinds import ACCOUNT, FLAG, Kind, Value, choice, listed
from dmo.home.home import Home

BATCH = 20
"""Submissions, or jurors, that are paid or released in one transaction."""

SOURCE = choice("paid_for", "work", "bond", "fee", "reward", "judging")
PAYMENT = {"submission": WORK, "payee": ACCOUNT, "amount": MONEY, "credit": FLAG, "source": SOURCE}
PAYMENTS = kinds.lines("payment", PAYMENT)
RETURNS = kinds.lines("bond_returned", {"submission": WORK, "account": ACCOUNT, "amount": MONEY, "credit": FLAG})
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
    # What a dispute brings its worker and opener is paid before the reward.
    sources = {
        number: [one.source for one in end.moves if one.to == "worker" or (one.to, one.source) == ("opener", "reward")]
        for number, end in ends.items()
    }
    payments = []
    for event in sorted(paid, key=lambda event: (event.block, event.index)):
        number = event.arguments["submission"]
        source = sources[number].pop(0) if sources.get(number) else "work"
        payments.append(_moved(event, source=source if number in ended else "judging"))
    return {
        "payments": PAYMENTS(payments),
        "bonds_returned": RETURNS([_moved(event, account=event.arguments["to"]) for event in back]),
        "jurors": PLACES(sorted(number for number, end in ends.items() if end.to_jurors)),
    }


class Batch(Act):
    """Does what is due about work; without numbers, all items of the kinds in ``does``, or says that it is ``idle``."""

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


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    for kind, status, act in (("pay", "payable", PayWork), ("release", "void", ReleaseWork)):
        found = [one.submission for one in submissions(home) if one.status == status]
        yield from chores(kind, [act(tuple(batch)) for batch in batches(found)], len(found))
