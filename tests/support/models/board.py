"""What the idea board computes, written again from the design and without its packing.

Amounts are ints in the smallest unit, times Unix seconds, shares bps (10,000 = 100 %).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MAX_CHOICES = 100


def ceil_div(a: int, b: int) -> int:
    """Divide and round up."""
    return -(-a // b)


def share(votable: int, bps: int, floor: int) -> int:
    """A threshold: rounded up, never below the floor, never 0."""
    return max(ceil_div(votable * bps, 10_000), floor, 1)


def ideas_allowed(before: int, holding_earlier: int, threshold: int) -> int:
    """One idea per whole threshold of the smaller of the votes at the two instants."""
    return min(before, holding_earlier) // threshold


def ask_bounds(cap: int) -> tuple[int, int]:
    """The smallest and the largest ask under a cap."""
    return ceil_div(cap, 100), cap // 3


@dataclass(frozen=True)
class Calendar:
    """Rounds cut from an origin."""

    origin: int
    length: int

    def round_at(self, moment: int) -> int:
        """The round that runs; 0 before the origin."""
        return 0 if moment < self.origin else 1 + (moment - self.origin) // self.length

    def opens(self, number: int) -> int:
        """When the round is posted from."""
        return self.origin + (number - 1) * self.length

    def vote_opens(self, number: int) -> int:
        return self.opens(number + 1)

    def vote_closes(self, number: int) -> int:
        return self.opens(number + 2)

    def late_from(self, number: int) -> int:
        return self.vote_closes(number) - self.length // 10

    def lapses(self, number: int) -> int:
        return self.opens(number + 4)

    def is_voting(self, number: int, moment: int) -> bool:
        return number > 0 and self.vote_opens(number) <= moment < self.vote_closes(number)

    def is_settling(self, number: int, moment: int) -> bool:
        return number > 0 and self.vote_closes(number) <= moment < self.lapses(number)


def pack_ballot(round_number: int, at: int, choices: Sequence[int]) -> list[int]:
    """The words of a ballot, from the design's layout: bit strings glued together."""
    entries = [format(choice, "017b") for choice in choices]
    first, rest = entries[:10], entries[10:]
    head = "".join(reversed(first)).rjust(170, "0")
    words = [int(format(len(choices), "08b") + head + f"{at:032b}" + f"{round_number:032b}", 2)]
    for start in range(0, len(rest), 15):
        words.append(int("".join(reversed(rest[start : start + 15])), 2))
    return words


@dataclass
class RoundModel:
    """One round's votes: ballots are kept whole, everything else is recounted from them."""

    threshold: int
    ideas: int = 0
    withdrawn: set[int] = field(default_factory=set)
    ballots: dict[str, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    is_settled: bool = False

    def refusal(self, voter: str, at: int, choices: Sequence[int], *, is_late: bool) -> str | None:
        """Why a ballot of the vote that runs is refused, or None; choices in the order of the two lists."""
        old_at, old = self.ballots.get(voter, (-1, ()))
        if at <= old_at:
            return "IdeaBoardStaleBallot"
        if self.weights.get(voter, 0) == 0:
            return "IdeaBoardNoVotes"
        if len(choices) > MAX_CHOICES:
            return "IdeaBoardTooManyChoices"
        lists = ([choice for choice in choices if choice % 2 == side] for side in (1, 0))
        last = 0
        for choice in heapq.merge(*lists):
            number = choice // 2
            if not 1 <= number <= self.ideas:
                return "IdeaBoardUnknownIdea"
            if number <= last:
                return "IdeaBoardChoicesNotAscending"
            last = number
        come, gone = {*choices} - {*old}, {*old} - {*choices}
        if is_late and any(choice % 2 == 1 for choice in come) | any(choice % 2 == 0 for choice in gone):
            return "IdeaBoardLateFor"
        if any(choice // 2 in self.withdrawn for choice in come):
            return "IdeaBoardWithdrawn"
        return None

    def cast(self, voter: str, at: int, choices: Iterable[int]) -> None:
        """Replace the voter's ballot."""
        self.ballots[voter] = (at, tuple(choices))

    def tally(self, number: int) -> tuple[int, int]:
        """For and against, recounted."""
        inside = [(self.weights[v], c) for v, (_, cs) in self.ballots.items() for c in cs]
        return (
            sum(weight for weight, choice in inside if choice == number * 2 + 1),
            sum(weight for weight, choice in inside if choice == number * 2),
        )

    def net(self, number: int) -> int:
        """For less against."""
        supporting, opposing = self.tally(number)
        return supporting - opposing

    def passing(self) -> list[int]:
        """All passing ideas in the order of settlement."""
        passing = [n for n in range(1, self.ideas + 1) if self.net(n) >= self.threshold]
        return sorted(passing, key=lambda n: (-self.net(n), n))


def unit_of_votes(supply: int, threshold: int) -> int:
    """The least power of ten in which supply and threshold stay below 2^62 − 1."""
    exponent = 0
    while max(supply, threshold) // 10**exponent >= 2**62 - 1:
        exponent += 1
    return 10**exponent


def chosen(order: Sequence[int], asks: Mapping[int, int], cap: int) -> list[int]:
    """The ideas that the cap has room for, in order; what has none is passed over."""
    inside = []
    for number in order:
        if asks[number] <= cap:
            cap -= asks[number]
            inside.append(number)
    return inside


def payable(chosen_ideas: Sequence[int], asks: Mapping[int, int], pool: int) -> list[int]:
    """Those that a pool pays, until the first that it cannot."""
    paid = []
    for number in chosen_ideas:
        if asks[number] > pool:
            break
        pool -= asks[number]
        paid.append(number)
    return paid
