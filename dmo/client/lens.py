"""What is due: lists of what a call would do now, page by page; jurors' from the logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dmo.calls import Call
from dmo.client import campaigns, disputes, ideas
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
        rule: Disputed submissions whose ruling can be handed over: the jury's number by theirs.
        jurors: Settled disputes that owe jurors something: who, by submission.
        expire: Settled disputes whose jurors are unknown, or came for nothing in a year.
    """

    settle: tuple[int, tuple[int, ...]] | None
    pay: tuple[int, ...]
    release: tuple[int, ...]
    reclaim: tuple[int, ...]
    close: tuple[int, ...]
    rule: Mapping[int, int] = field(default_factory=dict)
    jurors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    expire: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many things are due."""
        lists = (
            *(self.rule, self.pay, self.release, self.jurors),
            *(self.expire, self.reclaim, self.close),
        )
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
    jurors, expire = _jurors(dmo)
    return Due(
        (number, tuple(passing)) if number else None,
        _all(dmo, "payableWork"),
        _all(dmo, "releasable"),
        _all(dmo, "reclaimable"),
        _all(dmo, "closable"),
        disputes.executable(dmo, _all(dmo, "disputed")),
        jurors,
        expire,
    )


def _jurors(dmo: Dmo) -> tuple[dict[int, tuple[str, ...]], tuple[int, ...]]:
    """Who of which dispute can be paid, and what nobody will fetch any more."""
    owing, stale, now = {}, [], dmo.chain.now()
    for one in disputes.with_pots(dmo):
        jurors = tuple(disputes.unpaid_jurors(dmo, one))
        if jurors:
            owing[one.submission] = jurors
        elif now >= one.settled_at + disputes.POT_LIFE:
            stale.append(one.submission)
    return owing, tuple(stale)


def due_calls(dmo: Dmo, what: Due, batch: int = PAY_BATCH) -> list[Call]:
    """The calls that do what is due, rulings and payments first, in batches.

    What is done can make more due: a ruling that was handed over is paid on next.

    Args:
        dmo: The deployment.
        what: What is due.
        batch: Submissions, or jurors, per call.
    """
    calls = [disputes.execute_ruling(dmo, case) for case in what.rule.values()]
    if what.settle is not None:
        calls.append(ideas.settle(dmo, what.settle[0], what.settle[1]))
    for numbers, act in ((what.pay, campaigns.pay_work), (what.release, campaigns.release_work)):
        calls += [
            act(dmo, numbers[start : start + batch]) for start in range(0, len(numbers), batch)
        ]
    for submission, jurors in what.jurors.items():
        calls += [
            disputes.pay_jurors(dmo, submission, jurors[start : start + batch])
            for start in range(0, len(jurors), batch)
        ]
    calls += [disputes.expire_jurors(dmo, submission) for submission in what.expire]
    calls += [campaigns.reclaim_bounty(dmo, number) for number in what.reclaim]
    calls += [campaigns.close_campaign(dmo, number) for number in what.close]
    return calls
