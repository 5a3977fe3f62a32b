"""From a history to what is done on the chain: rounds, ideas, authors, ballots; pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dmo.core.errors import BadInput
from dmo.core.units import share_rounded_up
from dmo.replay.records import MAX_UNITS, Choice, Holder, Holders, Proposal, Votes
from dmo.replay.rules import ReplayOptions

__all__ = ["Plan", "Round", "make_plan"]

MAX_CHOICES = 100
POSTING_BPS = 10


@dataclass(frozen=True)
class Round:
    """A round with ideas.

    Attributes:
        number: Counted from 1.
        proposals: In the order of posting: idea 1, idea 2, ...
        authors: Who posts them: places of holders, one per proposal.
        ballots: Choices as the board takes them, by the voter's place.
    """

    number: int
    proposals: list[Proposal]
    authors: list[int]
    ballots: dict[int, list[int]]

    @property
    def texts(self) -> list[str]:
        """What the proposals say, for want of their words."""
        return [f"Proposal {proposal.number}" for proposal in self.proposals]


@dataclass(frozen=True)
class Plan:
    """Rounds with ideas, in order; the first begins at ``origin``, Unix seconds.

    An idea takes ``posting_bps`` of the supply.
    """

    options: ReplayOptions
    origin: int
    rounds: list[Round]
    posting_bps: int


def round_of(opened_ns: int, origin_ns: int, round_seconds: int) -> int:
    """The round a moment falls into, counted from 1, exact."""
    return 1 + (opened_ns - origin_ns) // (round_seconds * 10**9)


def _authors(count: int, holders: Sequence[Holder], threshold: int) -> list[int]:
    """Places of those who can post so many ideas, the largest first; too few if they cannot."""
    authors: list[int] = []
    for place in sorted(range(len(holders)), key=lambda place: -holders[place].amount):
        authors += [place] * min(holders[place].amount // threshold, count - len(authors))
        if len(authors) == count:
            break
    return authors


def _posting(number: int, count: int, holders: Holders, file: str) -> tuple[int, list[int]]:
    """The posting share and the authors of the fullest round.

    The recommended share, or the largest below it at which the holders can post everything.
    """
    for bps in range(POSTING_BPS, 0, -1):
        authors = _authors(count, holders.rows, share_rounded_up(holders.supply, bps))
        if len(authors) == count:
            return bps, authors
    raise BadInput(
        f"the holders can post {len(authors)} of the {count} ideas of round {number}:"
        " an idea takes a holder with 0.01 % of the supply",
        expected="larger holders, or shorter rounds (--round-days)",
        file=file,
    )


def _ballots(number: int, proposals: Sequence[Proposal], file: str) -> dict[int, list[int]]:
    ballots: dict[int, list[int]] = {}
    for idea, proposal in enumerate(proposals, 1):
        for place, choice in proposal.cast.items():
            choices = ballots.setdefault(place, [])
            choices.append(idea * 2 + int(choice is Choice.FOR))
            if len(choices) > MAX_CHOICES:
                raise BadInput(
                    f"the voter has more than {MAX_CHOICES} choices in round {number}",
                    expected=f"at most {MAX_CHOICES} a round; try shorter rounds (--round-days)",
                    file=file,
                    line=proposal.votes[place].line,
                    field="voter",
                )
    return ballots


def make_plan(options: ReplayOptions, holders: Holders, votes: Votes) -> Plan:
    """Cut a history into rounds, ideas and ballots.

    Raises:
        BadInput: The board cannot carry it: too many choices in a round, or no power to post it.
    """
    ordered = sorted(votes.proposals.values(), key=lambda p: (p.opened_ns, p.number))
    origin_ns = ordered[0].opened_ns
    rounds: dict[int, list[Proposal]] = {}
    for proposal in ordered:
        number = round_of(proposal.opened_ns, origin_ns, options.round_seconds)
        rounds.setdefault(number, []).append(proposal)
    file = str(options.votes)
    fullest = max(rounds, key=lambda number: len(rounds[number]))
    if options.budget * len(rounds) > MAX_UNITS:
        raise BadInput("the escrow cannot hold so much money", field="--budget")
    posting_bps, authors = _posting(fullest, len(rounds[fullest]), holders, str(options.holders))
    played = [
        Round(number, proposals, authors[: len(proposals)], _ballots(number, proposals, file))
        for number, proposals in rounds.items()
    ]
    return Plan(options, origin_ns // 10**9, played, posting_bps)
