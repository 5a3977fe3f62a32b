"""Needs: what holders want of the protocol, and how much; a pure function of the log and of the votes' own history.

Nothing is stored on the chain but what was said: who posted which need, who backs which with how many percent, and
what the protocol's team answered. Weights follow, the same for everybody. A round's lists are those in force when it
began, so moving tokens or lists within a round moves nothing; conviction goes half the way to the weight each round.
Times in Unix seconds, powers and weights in units of the votes token.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple

from dmo.home.rounds import Frame, round_at, round_times

ANSWER_SECONDS = 30 * 86_400
"""Within so long a need wants its first answer."""


class Answer(IntEnum):
    """What the team says of a need."""

    PLANNED = 1
    IN_PROGRESS = 2
    DONE = 3
    DECLINED = 4
    MERGED = 5


class Posted(NamedTuple):
    """A need was posted: the digest of its document."""

    at: int
    need: bytes
    author: str


class Backed(NamedTuple):
    """A holder's list, in place of the one before; nothing in it takes that back."""

    at: int
    holder: str
    needs: Sequence[bytes]
    percents: Sequence[int]


class Answered(NamedTuple):
    """What the team answered; ``eta`` and ``effort`` (days) are 0 for unsaid. Merged: ``reason`` is the other."""

    at: int
    need: bytes
    answer: int
    eta: int
    effort: int
    reason: bytes


Said = Posted | Backed | Answered
Power = Callable[[str, int], int]
"""Posting power of an account in a round, in units of the votes token; 0 for who is excluded."""


@dataclass
class HeardNeed:
    """A need that counts, and what became of it.

    Attributes:
        number: Its place among all needs that were ever posted, those that do not count among them; for ever.
        round: The round it was posted in.
        weights: W of each round up to now, round 1 first; what merged into it included.
        conviction: y of the last of them.
        backers: Holders whose list of the last round gives it weight; those of what merged into it included.
        merged_into: The need that counts in its place.
    """

    number: int
    need: bytes
    author: str
    at: int
    round: int
    answers: list[Answered] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    conviction: int = 0
    backers: int = 0
    merged_into: bytes | None = None

    @property
    def answer(self) -> Answer | None:
        """The latest answer."""
        return Answer(self.answers[-1].answer) if self.answers else None

    @property
    def effort(self) -> int:
        """The latest effort that was said, 0 for none."""
        return next((one.effort for one in reversed(self.answers) if one.effort), 0)

    @property
    def priority(self) -> int | None:
        """Conviction for one of effort, rounded down; None while the effort is not known."""
        return self.conviction // self.effort if self.effort else None

    @property
    def first_eta(self) -> int | None:
        """The date that was given first."""
        return next((one.eta for one in self.answers if one.eta), None)

    @property
    def latest_eta(self) -> int | None:
        """The date that was given last."""
        return next((one.eta for one in reversed(self.answers) if one.eta), None)

    @property
    def done_at(self) -> int | None:
        """When it was said to be done, where that still stands."""
        return self.answers[-1].at if self.answer is Answer.DONE else None

    def seconds_to_answer(self, now: int) -> int:
        """From the post to the first answer, or how long it has waited for one."""
        return (self.answers[0].at if self.answers else now) - self.at

    def is_late(self, now: int) -> bool:
        """Whether its first answer took, or takes, longer than the team is given."""
        return self.seconds_to_answer(now) >= ANSWER_SECONDS

    def is_kept(self, now: int) -> bool | None:
        """Whether the first date was kept; None while it may be, and where there is none or the need was given up."""
        if self.first_eta is None or self.answer in (Answer.DECLINED, Answer.MERGED):
            return None
        if self.done_at is not None:
            return self.done_at < self.first_eta
        return None if now < self.first_eta else False


def standing(
    said: Iterable[Said], frame: Frame, now: int, power: Power, threshold: Callable[[int], int]
) -> list[HeardNeed]:
    """The needs that count, the strongest conviction first, ties the earlier first.

    Args:
        said: What was said, in the order of the chain.
        frame: The board's rounds.
        now: Up to when, Unix seconds.
        power: Posting power of an account in a round, in units of the votes token.
        threshold: Power for one post in a round, in units of the votes token.
    """
    told = [one for one in said if one.at <= now]
    needs = _counted([one for one in told if isinstance(one, Posted)], frame, power, threshold)
    last = round_at(frame, now)
    for one in told:
        if isinstance(one, Answered) and one.need in needs:
            needs[one.need].answers.append(one)
    for its in needs.values():
        its.weights = [0] * last
    _weigh(needs, [one for one in told if isinstance(one, Backed)], frame, last, power)
    for its in needs.values():
        for weight in its.weights:
            its.conviction = (its.conviction + weight) // 2
        its.merged_into = _target(needs, its.need, now + 1)
    return sorted(needs.values(), key=lambda one: (-one.conviction, one.number))


def _counted(
    posts: Sequence[Posted], frame: Frame, power: Power, threshold: Callable[[int], int]
) -> dict[bytes, HeardNeed]:
    """Of what an author posts in a round, as many as the author's power has thresholds; once each, whoever is first."""
    numbers: dict[bytes, int] = {}
    found: dict[bytes, HeardNeed] = {}
    used: dict[tuple[str, int], int] = {}
    for one in posts:
        number = numbers.setdefault(one.need, len(numbers) + 1)
        its = round_at(frame, one.at)
        if one.need in found or not its:
            continue
        place, held = used.get((one.author, its), 0), power(one.author, its)
        if held and held >= (place + 1) * threshold(its):
            used[one.author, its] = place + 1
            found[one.need] = HeardNeed(number, one.need, one.author, one.at, its)
    return found


def _weigh(needs: Mapping[bytes, HeardNeed], lists: Sequence[Backed], frame: Frame, last: int, power: Power) -> None:
    """Give every need its weight of each round, and of the last its backers."""
    # A list counts from the round after it was made, a need from the round after it was posted.
    by_holder: dict[str, dict[int, Backed]] = {}
    for one in lists:
        by_holder.setdefault(one.holder, {})[round_at(frame, one.at) + 1] = one
    # Steps from round to round at first: nothing is to be done where neither list nor power changes.
    raw = {one: [0] * (last + 2) for one in needs}
    backers: dict[bytes, set[str]] = {one: set() for one in needs}
    for holder, its in by_holder.items():
        starts = sorted(its)
        for start, end in zip(starts, [*starts[1:], last + 1], strict=True):
            named = its[start]
            pairs = [(raw[need], share) for need, share in zip(named.needs, named.percents, strict=True) if need in raw]
            had, end = 0, min(end, last + 1)
            for number in range(start, end) if pairs else ():
                if (held := power(holder, number)) != had:
                    for row, share in pairs:
                        row[number] += held * share // 100 - had * share // 100
                    had = held
            for row, share in pairs if had else ():
                row[end] -= had * share // 100
        in_force = starts[bisect_right(starts, last) - 1] if starts[0] <= last else None
        if in_force is not None and power(holder, last):
            for need in backers.keys() & {*its[in_force].needs}:
                backers[need].add(holder)
    targets: dict[bytes, set[str]] = {}
    merged = {one for one, its in needs.items() if any(answer.answer == Answer.MERGED for answer in its.answers)}
    for need, steps in raw.items():
        row = [*accumulate(steps)]
        for number in range(needs[need].round + 1, last + 1):
            to = (_target(needs, need, round_times(frame, number).posting_opens) if need in merged else None) or need
            needs[to].weights[number - 1] += row[number]
            if number == last:
                targets.setdefault(to, set()).update(backers[need])
    for need, holders in targets.items():
        needs[need].backers = len(holders)


def _target(needs: Mapping[bytes, HeardNeed], need: bytes, before: int) -> bytes | None:
    """What a need had merged into before a moment, at the end of the chain; None for itself, and for a circle."""
    seen, at = {need}, need
    while True:
        its = needs[at].answers
        place = bisect_left(its, before, key=lambda one: one.at)
        latest = its[place - 1] if place else None
        to = needs.get(latest.reason) if latest is not None and latest.answer == Answer.MERGED else None
        if to is None or to.at >= before:
            return None if at == need else at
        at = to.need
        if at in seen:
            return None
        seen.add(at)


class VotesHistory:
    """Posting power from the votes token's own history, as the board computes it.

    It is the smaller of what an account had when the round began and one holding period before.

    Args:
        frame: The board's rounds and holding period.
        votes: Account → its votes in the order of time: from when on (Unix seconds), how many (token units).
        excluded: Accounts without power.
    """

    def __init__(
        self, frame: Frame, votes: Mapping[str, Sequence[tuple[int, int]]], excluded: Iterable[str] = ()
    ) -> None:
        self._frame, self._votes, self._excluded = frame, votes, frozenset(excluded)
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def power(self, account: str, number: int) -> int:
        """Posting power of an account in a round, in units of the votes token."""
        if account in self._excluded:
            return 0
        if account not in self._known:
            its = self._votes.get(account, ())
            self._known[account] = [one for one, _ in its], [0, *(votes for _, votes in its)]
        times, votes = self._known[account]
        start = self._frame.origin + (number - 1) * self._frame.round_seconds - 1
        had = votes[bisect_right(times, start)]
        return min(had, votes[bisect_right(times, start - self._frame.holding_seconds)]) if had else 0
