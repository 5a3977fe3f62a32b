"""What is due: lists of what a call would do now, page by page; jurors' from the logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dmo.client import campaigns, disputes, ideas
from dmo.client.disputes import Dispute
from dmo.client.jurors import POT_LIFE, unpaid_jurors, with_pots
from dmo.core.calls import Call
from dmo.home.deployment import Dmo

__all__ = ["Due", "disputed", "due", "due_calls", "juror_calls"]

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
        rule: Disputes whose ruling can be handed over, and has to be before their time is over.
        jurors: Settled disputes that owe jurors something: whom and how much, by submission.
        expire: Settled disputes whose jurors are unknown, or came for nothing in a year.
    """

    settle: tuple[int, tuple[int, ...]] | None
    pay: tuple[int, ...]
    release: tuple[int, ...]
    reclaim: tuple[int, ...]
    close: tuple[int, ...]
    rule: tuple[Dispute, ...] = ()
    jurors: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
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


def disputed(dmo: Dmo) -> list[Dispute]:
    """All open disputes."""
    return disputes.disputes_of(dmo, _all(dmo, "disputed"))


def due(dmo: Dmo, open_disputes: Sequence[Dispute] | None = None) -> Due:
    """Everything that anybody could do now.

    Args:
        dmo: The deployment.
        open_disputes: All open disputes, where they are known already.
    """
    number, passing = dmo.read(LENS, "settlementDue")
    known = disputed(dmo) if open_disputes is None else open_disputes
    now = dmo.chain.now()
    jurors, expire = _jurors(dmo, now)
    return Due(
        (number, tuple(passing)) if number else None,
        _all(dmo, "payableWork"),
        _all(dmo, "releasable"),
        _all(dmo, "reclaimable"),
        _all(dmo, "closable"),
        tuple(one for one in known if one.is_open(now) and _is_executable(one, now)),
        jurors,
        expire,
    )


def _is_executable(one: Dispute, now: int) -> bool:
    return one.jury is not None and one.jury.is_executable(now)


def _jurors(dmo: Dmo, now: int) -> tuple[dict[int, dict[str, int]], tuple[int, ...]]:
    """Who of which dispute can be paid, and what nobody will fetch any more."""
    found = with_pots(dmo)
    owing = unpaid_jurors(dmo, found)
    stale = [one for one in found if one.submission not in owing]
    return owing, tuple(one.submission for one in stale if now >= one.settled_at + POT_LIFE)


def due_calls(dmo: Dmo, what: Due, batch: int = PAY_BATCH) -> list[Call]:
    """The calls that do what is due, rulings and payments first, in batches.

    What is done can make more due: a ruling that was handed over is paid on next.

    Args:
        dmo: The deployment.
        what: What is due.
        batch: Submissions, or jurors, per call.
    """
    calls = [
        disputes.execute_ruling(dmo, one.jury.id, one.jury.address) for one in what.rule if one.jury
    ]
    if what.settle is not None:
        calls.append(ideas.settle(dmo, what.settle[0], what.settle[1]))
    for numbers, act in ((what.pay, campaigns.pay_work), (what.release, campaigns.release_work)):
        calls += [
            act(dmo, numbers[start : start + batch]) for start in range(0, len(numbers), batch)
        ]
    for submission, owed in what.jurors.items():
        calls += juror_calls(dmo, submission, owed, batch)
    calls += [disputes.expire_jurors(dmo, submission) for submission in what.expire]
    calls += [campaigns.reclaim_bounty(dmo, number) for number in what.reclaim]
    calls += [campaigns.close_campaign(dmo, number) for number in what.close]
    return calls


def juror_calls(
    dmo: Dmo, submission: int, jurors: Iterable[str], batch: int = PAY_BATCH
) -> list[Call]:
    """The calls that pay a settled dispute's jurors, in batches."""
    unpaid = list(jurors)
    return [
        disputes.pay_jurors(dmo, submission, unpaid[start : start + batch])
        for start in range(0, len(unpaid), batch)
    ]
