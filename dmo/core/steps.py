"""The transactions of an act, and how one that is too much for a block is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dmo.core.calls import Call, make_call


@dataclass(frozen=True)
class Step:
    """One transaction of an act.

    Attributes:
        is_behind_approval: It needs the approval before it, so that alone it would be refused.
        is_independent: It makes sense without the others; where it would be refused it is left out.
        is_divisible: What its one list names can be done in several transactions, where it is too much for one.
        gas: What it gets by with, as a rule; where one try with that much goes through, nothing is estimated.
    """

    call: Call
    is_behind_approval: bool = False
    is_independent: bool = False
    is_divisible: bool = False
    gas: int = 0

    def halves(self) -> list[Step]:
        """Two steps that do the same; nothing where it cannot be cut."""
        function, told = self.call.decoded() if self.is_divisible else ("", {})
        lists = [key for key, value in told.items() if isinstance(value, list | tuple) and len(value) > 1]
        for key in lists[:1]:
            middle = len(told[key]) // 2
            parts = [{**told, key: part} for part in (told[key][:middle], told[key][middle:])]
            call = self.call
            calls = [make_call(call.contract, call.to, function, [*one.values()], call.description) for one in parts]
            return [replace(self, call=one, is_independent=True, gas=self.gas // 2) for one in calls]
        return []


def counted(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps that say the same with their number among their like."""
    texts = [step.call.description for step in steps]
    return tuple(
        step
        if texts.count(text) < 2
        else replace(step, call=step.call.described(f"{text} ({texts[:place].count(text) + 1}/{texts.count(text)})"))
        for place, (step, text) in enumerate(zip(steps, texts, strict=True))
    )
