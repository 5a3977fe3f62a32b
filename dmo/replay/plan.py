"""From a history to what is done on the chain: rounds, ideas, authors, ballots; pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dmo.core import words
from dmo.core.units import share_rounded_up
from dmo.replay.records import MAX_UNITS, Holder, Holders, PastProposal, Side, Votes
from dmo.replay.rules import ReplayOptions

MAX_CHOICES = 100
POSTING_BPS = 10


@dataclass
class Choices:
    """A voter's ballot of a round: numbers of ideas, ascending."""

    in_favour: list[int] = field(default_factory=list)
    against: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.in_favour) + len(self.against)


@dataclass(frozen=True)
class Round:
    """A round with ideas; ballots and authors by places of holders."""

    number: int  # counted from 1
    proposals: list[PastProposal]  # in the order of posting: idea 1, idea 2, ...
    authors: list[int]  # who posts them, one per proposal
    ballots: dict[int, Choices]  # by voter

    @property
    def texts(self) -> list[str]:
        """What the proposals say, for want of their words."""
        return [f"Proposal {proposal.name}" for proposal in self.proposals]


@dataclass(frozen=True)
class ReplayPlan:
    """Rounds with ideas, in order."""

    options: ReplayOptions
    origin: int  # when the first begins, Unix seconds
    rounds: list[Round]
    posting_bps: int  # what an idea takes, of the supply


class Past(NamedTuple):
    """A history that was read, and what is made of it."""

    plan: ReplayPlan
    holders: Holders
    votes: Votes


def round_of(opened_ns: int, origin_ns: int, round_seconds: int) -> int:
    """The round a moment falls into, counted from 1, exact."""
    return 1 + (opened_ns - origin_ns) // (round_seconds * 10**9)


def make_plan(options: ReplayOptions, holders: Holders, votes: Votes) -> ReplayPlan:
    """Cut a history into rounds, ideas and ballots.

    Raises:
        BadInput: The board cannot carry it: too many choices in a round, or no power to post it.
    """
    ordered = votes.in_order
    origin_ns = ordered[0].opened_ns
    rounds: dict[int, list[PastProposal]] = {}
    for proposal in ordered:
        rounds.setdefault(round_of(proposal.opened_ns, origin_ns, options.round_seconds), []).append(proposal)
    if options.budget * len(rounds) > MAX_UNITS:
        raise words.bad("replay_too_much", "--budget")
    fullest = max(rounds, key=lambda number: len(rounds[number]))
    posting_bps, authors = _posting(fullest, len(rounds[fullest]), holders, str(options.holders))
    played = [
        Round(number, proposals, authors[: len(proposals)], _ballots(number, proposals, str(options.votes)))
        for number, proposals in rounds.items()
    ]
    return ReplayPlan(options, origin_ns // 10**9, played, posting_bps)


def _posting(number: int, count: int, holders: Holders, file: str) -> tuple[int, list[int]]:
    """The posting share and the authors of the fullest round.

    The recommended share, or the largest below it at which the holders can post everything.
    """
    for bps in range(POSTING_BPS, 0, -1):
        authors = _authors(count, holders.rows, share_rounded_up(holders.supply, bps))
        if len(authors) == count:
            return bps, authors
    raise words.bad("replay_no_authors", able=len(authors), count=count, number=number).at(file)


def _authors(count: int, holders: Sequence[Holder], threshold: int) -> list[int]:
    """Places of those who can post so many ideas, the largest first; too few if they cannot."""
    authors: list[int] = []
    for place in sorted(range(len(holders)), key=lambda place: -holders[place].amount):
        authors += [place] * min(holders[place].amount // threshold, count - len(authors))
        if len(authors) == count:
            break
    return authors


def _ballots(number: int, proposals: Sequence[PastProposal], file: str) -> dict[int, Choices]:
    ballots: dict[int, Choices] = {}
    for idea, proposal in enumerate(proposals, 1):
        for place, choice in proposal.cast.items():
            choices = ballots.setdefault(place, Choices())
            (choices.in_favour if choice is Side.FOR else choices.against).append(idea)
            if len(choices) > MAX_CHOICES:
                error = words.bad("replay_many_choices", "voter", most=MAX_CHOICES, number=number)
                raise error.at(file, proposal.votes[place].line)
    return ballots
