"""What is done with an act: it is planned, tried, sent, and told.

``plan`` works out facts, checks and steps in words; ``preview`` tries every step and keeps a refusal as
data; ``send`` sends step by step and says what was sent where one fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dmo.core import kinds, words
from dmo.core.act import Act, AlreadyDone
from dmo.core.errors import DmoError, Refused
from dmo.core.kinds import Value
from dmo.core.steps import Step, counted

if TYPE_CHECKING:
    from dmo.core.chain import Event, Receipt
    from dmo.core.sender import Sender
    from dmo.home.home import Home


@dataclass(frozen=True)
class Plan:
    """An act, read and worked out: fields and facts by name, transactions in words, and what they mean."""

    act: Act
    values: Mapping[str, Value]
    steps: tuple[Step, ...]
    effects: tuple[str, ...]

    @property
    def data(self) -> dict[str, Any]:
        """Fields and facts for a machine."""
        return {key: one.kind.plain(one.value) for key, one in self.values.items()}


@dataclass(frozen=True)
class Preview:
    """What would happen: for a terminal, a page, a Safe and a log alike.

    Attributes:
        gas: Gas of each step; None for what the node could not try behind its approval.
        left_out: Steps that would be refused by themselves, and why; the plan is without them.
    """

    plan: Plan
    gas: tuple[int | None, ...]
    left_out: tuple[tuple[Step, Refused], ...] = ()


@dataclass(frozen=True)
class Done:
    """An act that was done: the receipts in the order of its steps."""

    home: Home
    plan: Plan
    receipts: tuple[Receipt, ...]

    def events(self, *names: str, contract: str = "") -> list[Event]:
        """Events of these names, of the act's own contract unless another is named."""
        known = contract or self.plan.act.call[0]
        at = self.plan.act.target(self.home) if not contract else self.home.dmo.address(contract)
        return [
            event
            for receipt in self.receipts
            for name in names
            for event in self.home.chain.events_of(receipt, known, at, name)
        ]

    def event(self, name: str, contract: str = "") -> Event | None:
        """The first event of this name."""
        return next(iter(self.events(name, contract=contract)), None) if name else None

    def tell(self) -> tuple[dict[str, Any], list[str], list[str]]:
        """Data for a machine, what was done in words, and what comes next."""
        values = {**self.plan.values, **self.plan.act.told(self.home, self)}
        look, said = kinds.looking(self.home, values), words.command(self.plan.act.name)
        data = {key: one.kind.plain(one.value) for key, one in values.items()}
        return data, words.filled(said.get("done"), look), words.filled(said.get("next"), look)


def plan(home: Home, act: Act) -> Plan:
    """Facts, checks, steps in words. Raises BadInput: no sense. AlreadyDone: no effect. Refused: too little is held."""
    act.check(home)
    if home.options.is_tried and not home.options.is_again and (why := act.without_effect(home)):
        raise AlreadyDone(why)
    values = {**act.given(), **act.facts(home)}
    look, said = kinds.looking(home, values), words.command(act.name)
    told = words.fill(said.get("call", ""), look)
    steps = (
        step if step.call.description else replace(step, call=step.call.described(told)) for step in act.steps(home)
    )
    return Plan(act, values, tuple(steps), (*words.filled(said.get("effect"), look), *act.remarks(home)))


def preview(home: Home, planned: Plan, sender: str) -> Preview:
    """Try an act's steps without sending them. Raises Refused: it would be refused, in the contract's own words."""
    kept: list[Step] = []
    gas: list[int | None] = []
    left_out: list[tuple[Step, Refused]] = []
    waiting = [*planned.steps]
    while waiting:
        step = waiting.pop(0)
        try:
            gas.append(_tried(home, kept, step, sender))
        except Refused as error:
            if error.is_too_much and (halves := step.halves()):
                waiting = halves + waiting
                continue
            if not step.is_independent or len(planned.steps) + len(kept) + len(waiting) < 2:
                raise planned.act.refused(home, error) from None
            left_out.append((step, error))
            continue
        kept.append(step)
    if not kept and left_out:
        raise left_out[0][1]
    return Preview(replace(planned, steps=counted(kept)), tuple(gas), tuple(left_out))


def _tried(home: Home, before: Sequence[Step], step: Step, sender: str) -> int | None:
    """Gas of a step; one that the token refuses is tried behind the approvals before it. Raises Refused."""
    if step.gas and _is_enough(home, step, sender):
        return step.gas
    try:
        home.chain.simulate(step.call, sender)
        needed = home.chain.estimate(step.call, sender)
    except Refused as error:
        if not (step.is_behind_approval and before and error.is_a_tokens_no):
            raise
        return home.chain.rehearse([*(one.call for one in before), step.call], sender)
    if too_large := home.chain.too_large(step.call, needed):
        raise too_large
    return needed


def _is_enough(home: Home, step: Step, sender: str) -> bool:
    """Whether a step goes through with the gas it is known by; a node tries one that it estimates a dozen times."""
    if home.chain.too_large(step.call, step.gas):
        return False
    try:
        home.chain.simulate(step.call, sender, gas=step.gas)
    except Refused:
        return False
    return True


def send(home: Home, ready: Preview, sender: Sender) -> Done:
    """Send the steps one by one. Raises DmoError: one failed; ``details["sent"]`` names what was sent before it."""
    ready.plan.act.before(home)
    receipts: list[Receipt] = []
    for step in ready.plan.steps:
        try:
            receipts.append(sender.send(step.call))
        except DmoError as failure:
            if not receipts:
                raise
            error = home.explained(failure) if isinstance(failure, Refused) else failure
            error.details["sent"] = [
                {"hash": one.hash, "description": step.call.description, "state": "mined", "block": one.block}
                for one, step in zip(receipts, ready.plan.steps, strict=False)
            ]
            half = words.word("act", "half_done").format(done=len(receipts), steps=len(ready.plan.steps))
            error.hint = f"{error.hint} {half}".strip()
            raise error from (failure if error is not failure else None)
    return Done(home, ready.plan, tuple(receipts))
