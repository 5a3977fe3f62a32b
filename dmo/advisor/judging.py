"""Whether a model is known to help: what it said of all ideas that fix themselves, against the best constant.

An idea fixes itself: posted, not withdrawn, its vote closed, its text on the chain before its vote opened. Nobody
chooses which of them count: for a model, all that were posted after it, of an author's in a round the first. Where
every idea passes at one rate that no text tells, E of a model reaches a bar t with a probability of 1/t at most, at any
time; so with 20·j(j + 1) for the j-th model the chance that any is ever shown stays below 5 %, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log
from typing import NamedTuple

from dmo.advisor.hashed import LONGEST_TEXT, ONE, Model, features, ppm
from dmo.home.rounds import Frame, round_times

LEAST, MOST = 10_000, ONE - 10_000
"""Between these, in ppm, a model is taken at its word."""
_NEAR = 1e-6
"""How near to the bar, in logarithms, whole numbers decide."""

Place = tuple[int, int]
"""Block, and place within it."""


class Posting(NamedTuple):
    """An idea as it was posted, and what became of it."""

    place: Place
    round: int
    number: int
    author: str
    digest: bytes
    is_withdrawn: bool
    is_passing: bool


class Published(NamedTuple):
    """When a text was first on the chain, Unix seconds, and the text."""

    at: int
    text: bytes


class FixedIdea(NamedTuple):
    """An idea that has fixed itself: what a model reads of its text, and whether it passed."""

    place: Place
    round: int
    number: int
    author: str
    digest: bytes
    text: bytes
    passed: bool


def fixed(postings: Iterable[Posting], texts: Mapping[bytes, Published], frame: Frame, now: int) -> list[FixedIdea]:
    """The ideas that have fixed themselves, by round and number; of a text its first 4,096 bytes are read."""
    found = []
    for one in sorted(postings, key=lambda one: (one.round, one.number)):
        times, told = round_times(frame, one.round), texts.get(one.digest)
        is_fixed = not one.is_withdrawn and times.voting_closes <= now
        if is_fixed and told is not None and told.at < times.voting_opens:
            its = (one.place, one.round, one.number, one.author, one.digest)
            found.append(FixedIdea(*its, told.text[:LONGEST_TEXT], one.is_passing))
    return found


def counted(items: Sequence[FixedIdea], since: Place) -> list[FixedIdea]:
    """Those that speak for a model: posted after it, of an author's in a round the lowest number."""
    seen: set[tuple[int, str]] = set()
    found = []
    for one in items:
        if one.place > since and (one.round, one.author) not in seen:
            seen.add((one.round, one.author))
            found.append(one)
    return found


def ranks(could_post: Iterable[bool]) -> list[int | None]:
    """The rank of each model, in the order of registration: of those that an account could post an idea for each."""
    found: list[int | None] = []
    last = 0
    for counts in could_post:
        last += counts
        found.append(last if counts else None)
    return found


def bar(rank: int) -> int:
    """What E has to reach for the j-th model of those that count to be shown."""
    return 20 * rank * (rank + 1)


@dataclass
class Likelihoods:
    """How likely a model made what happened, and how likely the best constant in hindsight did: in whole numbers.

    Attributes:
        count: Ideas.
        passed: How many of them passed.
        product: Of what the model said of each, in ppm: of passing where it passed, of falling short where it did not.
    """

    count: int = 0
    passed: int = 0
    product: int = 1
    _log: float = 0.0

    def add(self, said: int, *, passed: bool) -> None:
        """One more idea, of which the model said so many ppm."""
        held = min(max(said, LEAST), MOST)
        part = held if passed else ONE - held
        self.count, self.passed, self.product = self.count + 1, self.passed + passed, self.product * part
        self._log += log(part / ONE)

    @property
    def ratio(self) -> Fraction:
        """E: the model's likelihood over that of the best constant; 0^0 is 1."""
        n, k = self.count, self.passed
        return Fraction(self.product * n**n, ONE**n * k**k * (n - k) ** (n - k))

    def reaches(self, wanted: int) -> bool:
        """Whether E is at least so much; logarithms alone where they leave no doubt."""
        n, k = self.count, self.passed
        constant = sum(many * log(many / n) for many in (k, n - k) if many)
        ahead = self._log - constant - log(wanted)
        return ahead > 0 if abs(ahead) > _NEAR * (n + 1) else self.ratio >= wanted


@dataclass(frozen=True)
class Judgement:
    """What is known of a model.

    Attributes:
        count: Ideas that count for it.
        passed: How many of them passed.
        ratio: E now.
        bar: What E had to reach; None for a model without a rank.
        shown_since: The idea, round and number, with which E reached it; None if it never did.
    """

    count: int
    passed: int
    ratio: Fraction
    bar: int | None
    shown_since: tuple[int, int] | None

    @property
    def is_shown(self) -> bool:
        """Whether it is known to help."""
        return self.shown_since is not None


def judge(said: Iterable[tuple[FixedIdea, int]], rank: int | None) -> Judgement:
    """A model by what it said, in ppm, of the ideas that count for it, in their order; ``rank`` is None for none."""
    found, since, wanted = Likelihoods(), None, bar(rank) if rank else None
    for item, ppm_ in said:
        found.add(ppm_, passed=item.passed)
        if since is None and wanted is not None and found.reaches(wanted):
            since = (item.round, item.number)
    return Judgement(found.count, found.passed, found.ratio, wanted, since)


def said_of(model: Model, items: Iterable[FixedIdea]) -> list[tuple[FixedIdea, int]]:
    """What a model says of ideas, in ppm."""
    return [(one, ppm(model.logit(features(one.text)))) for one in items]
