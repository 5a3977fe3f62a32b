"""Payments: work that is paid or released, by anybody, and what moves with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dmo.capabilities.ends import settlement_of
from dmo.capabilities.lens import MONEY, WORK
from dmo.capabilities.submissions import submissions
from dmo.core import words
from dmo.core.act import Act, Done, Step, arg, plan
from dmo.core.due import Item, due, items
from dmo.core.errors import BadInput
from dmo.core.kinds import ACCOUNT, FLAG, Kind, Value, choice, listed

if TYPE_CHECKING:
    from dmo.home.home import Home

__all__ = ["BATCH", "moved"]

BATCH = 20
"""Submissions that are paid or released in one transaction."""

PAYMENT = {
    "submission": WORK,
    "payee": ACCOUNT,
    "amount": MONEY,
    "credit": FLAG,
    "source": choice("paid_for", "work", "bond", "fee", "reward", "judging"),
}
RETURN = {"submission": WORK, "account": ACCOUNT, "amount": MONEY, "credit": FLAG}
PAYMENTS = words.lines("payment", PAYMENT)
RETURNS = words.lines("bond_returned", RETURN)
NUMBERS = listed(WORK, "[WORK]...")
CALL = choice("work_numbers", "one", "several")
PLACES = Kind("NUMBERS", NUMBERS.read, lambda home, found: " ".join(map(str, found or ())))


def moved(done: Done) -> dict[str, Value]:
    """Who was paid what, out of what, and which bonds were returned."""
    paid = done.events("PayeePaid", "PayeeCredited", contract="CampaignEscrow")
    back = done.events("BondPaid", "BondCredited", contract="CampaignEscrow")
    over = done.events("WorkPaid", "WorkReleased", contract="CampaignEscrow")
    ended = {event.arguments["submission"] for event in over}
    settled = {
        event.arguments["submission"]: settlement_of(event)
        for event in done.events("DisputeSettled", contract="DisputeDesk")
    }
    # What a dispute brings its worker and opener is paid before the reward.
    sources = {
        number: [
            move.source
            for move in one.moves
            if move.to == "worker" or (move.to == "opener" and move.source == "reward")
        ]
        for number, one in settled.items()
    }
    payments = []
    for event in sorted(paid, key=lambda event: (event.block, event.index)):
        number, is_credit = event.arguments["submission"], event.name.endswith("Credited")
        source = sources[number].pop(0) if sources.get(number) else "work"
        payments.append(
            {
                **event.arguments,
                "credit": is_credit,
                "source": source if number in ended else "judging",
                "said": "credited" if is_credit else "paid",
            }
        )
    returned = [
        {
            **event.arguments,
            "account": event.arguments["to"],
            "credit": event.name.endswith("Credited"),
            "said": "credited" if event.name.endswith("Credited") else "paid",
        }
        for event in back
    ]
    return {
        "payments": PAYMENTS(payments),
        "bonds_returned": RETURNS(returned),
        "jurors": PLACES(sorted(number for number, one in settled.items() if one.to_jurors)),
    }


@dataclass(frozen=True)
class Batch(Act):
    """Does what is due about work; without numbers, everything.

    Class arguments:
        does: The kinds of items that it does without numbers, in this order.
    """

    does: ClassVar[tuple[str, ...]] = ()

    submissions: tuple[int, ...] = arg(NUMBERS, default=())

    def due(self, home: Home) -> list[Act]:
        """The acts that do what is due, in batches."""
        found = [] if self.submissions else items(home, None)
        return [
            act for kind in self.does for item in found if item.kind == kind for act in item.acts
        ]

    def check(self, home: Home) -> None:
        """Something has to be due."""
        if not self.submissions and not self.due(home):
            raise self.nothing(home)

    def nothing(self, home: Home) -> BadInput:
        """What is said where nothing is due."""
        return words.bad("nothing_to_release")

    def numbers(self, home: Home) -> list[int]:
        """What was named, or all that is due."""
        batches = [act for act in self.due(home) if isinstance(act, type(self))]
        return [*self.submissions] or [one for act in batches for one in act.submissions]

    def facts(self, home: Home) -> Mapping[str, Value]:
        """All numbers."""
        found = self.numbers(home)
        return {
            "submissions": NUMBERS(found),
            "call": CALL("one" if len(found) == 1 else "several"),
        }

    def arguments(self, home: Home) -> Sequence[Any]:
        """The numbers."""
        return [list(self.submissions)]

    def steps(self, home: Home) -> list[Step]:
        """One transaction for what was named; else one a batch, none in need of the others."""
        if self.submissions:
            return super().steps(home)
        steps = [step for act in self.due(home) for step in plan(home, act).steps]
        return [Step(step.call, step.is_behind_approval, is_independent=True) for step in steps]

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """What moved, and what ended."""
        ended = done.events(self.told_by, contract="CampaignEscrow")
        numbers = [event.arguments["submission"] for event in ended]
        return {**moved(done), "ended": NUMBERS(numbers)}


@dataclass(frozen=True)
class PayWork(
    Batch,
    name="work pay",
    call="CampaignEscrow.payWork",
    told_by="WorkPaid",
    does=("pay", "jurors"),
):
    """Pay accepted work; without numbers everything payable, and jurors of settled disputes."""

    def nothing(self, home: Home) -> BadInput:
        """Void work waits for another act."""
        void = [one.submission for one in submissions(home) if one.status == "void"]
        if void:
            return words.bad("only_void", numbers=" ".join(map(str, void)))
        return words.bad("nothing_to_pay")


@dataclass(frozen=True)
class ReleaseWork(
    Batch,
    name="work release",
    call="CampaignEscrow.releaseWork",
    told_by="WorkReleased",
    does=("release",),
):
    """Free the money of void work; without numbers, of everything void."""


# ── what is due ─────────────────────────────────────────────────────────────────────────────────


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    kinds: dict[str, type[Batch]] = {"payable": PayWork, "void": ReleaseWork}
    for status, act in kinds.items():
        numbers = [one.submission for one in submissions(home) if one.status == status]
        if not numbers:
            continue
        acts = tuple(
            act(submissions=tuple(numbers[start : start + BATCH]))
            for start in range(0, len(numbers), BATCH)
        )
        told = {"numbers": NUMBERS(numbers)}
        yield Item(act.name.split()[1], 0, True, act.name, told, acts, len(numbers))
