"""What is due: lists of what a call would do now, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from dmo.calls import Call
from dmo.client import campaigns, ideas
from dmo.deployment import Dmo

__all__ = ["Due", "due", "due_calls"]

LENS = "Lens"
_PAGE = 200
PAY_BATCH = 20


@dataclass(frozen=True)
class Due:
    """Everything that anybody could do now.

    Attributes:
        settle: (round, passing numbers in order) if a round can be settled.
        pay: Submissions to pay.
        release: Void submissions to release.
        reclaim: Bounties with money to free.
        close: Campaigns that closing would change.
    """

    settle: tuple[int, tuple[int, ...]] | None
    pay: tuple[int, ...]
    release: tuple[int, ...]
    reclaim: tuple[int, ...]
    close: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many things are due."""
        lists = (self.pay, self.release, self.reclaim, self.close)
        return sum(map(len, lists)) + int(self.settle is not None)


def _all(dmo: Dmo, function: str) -> tuple[int, ...]:
    found: list[int] = []
    start = 1
    while start:
        page, start = dmo.read(LENS, function, start, _PAGE)
        found += page
    return tuple(found)


def due(dmo: Dmo) -> Due:
    """Everything that anybody could do now."""
    number, passing = dmo.read(LENS, "settlementDue")
    return Due(
        (number, tuple(passing)) if number else None,
        _all(dmo, "payableWork"),
        _all(dmo, "releasable"),
        _all(dmo, "reclaimable"),
        _all(dmo, "closable"),
    )


def due_calls(dmo: Dmo, what: Due, batch: int = PAY_BATCH) -> list[Call]:
    """The calls that do what is due, payments first, in batches.

    Args:
        dmo: The deployment.
        what: What is due.
        batch: Submissions per call.
    """
    calls: list[Call] = []
    if what.settle is not None:
        calls.append(ideas.settle(dmo, what.settle[0], what.settle[1]))
    for numbers, act in ((what.pay, campaigns.pay_work), (what.release, campaigns.release_work)):
        calls += [
            act(dmo, numbers[start : start + batch]) for start in range(0, len(numbers), batch)
        ]
    calls += [campaigns.reclaim_bounty(dmo, number) for number in what.reclaim]
    calls += [campaigns.close_campaign(dmo, number) for number in what.close]
    return calls
