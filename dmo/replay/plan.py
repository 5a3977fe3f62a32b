"""From a history to what is done on the chain: rounds, ideas, authors, ballots; pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dmo.core.errors import BadInput
from dmo.core.units import share_rounded_up
from dmo.replay.records import SECOND_NS, Choice, Holder, Holders, Proposal, ReplayOptions, Votes
from dmo.replay.rules import Rules, check_options

__all__ = ["Plan", "Round", "make_plan"]

MAX_CHOICES = 100
MAX_IDEAS = 65_535
POSTING_BPS = 10
MAX_CUSTODY = 2**112 - 1


@dataclass(frozen=True)
class Round:
    """A round with ideas.

    Attributes:
        number: Counted from 1; rounds without ideas are left out.
        proposals: In the order of posting: idea 1, idea 2, ...
        authors: Who posts them: places of holders, one per proposal.
        ballots: Choices as the board takes them, by the voter's place.
    """

    number: int
    proposals: list[Proposal]
    authors: list[int]
    ballots: dict[int, list[int]]


@dataclass(frozen=True)
class Plan:
    """All of it.

    Attributes:
        rules: The options.
        origin_ns: When the first proposal was opened, nanoseconds since 1970.
        rounds: Rounds with ideas, in order.
        posting_bps: Share of the supply that one idea takes.
    """

    rules: Rules
    origin_ns: int
    rounds: list[Round]
    posting_bps: int

    @property
    def last_round(self) -> int:
        """How many rounds the history spans, those without ideas included."""
        return self.rounds[-1].number


def posting_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Proposals by moment, then by number."""
    return sorted(proposals, key=lambda proposal: (proposal.opened_ns, proposal.number))


def round_of(opened_ns: int, origin_ns: int, round_seconds: int) -> int:
    """The round a moment falls into, counted from 1, exact."""
    return 1 + (opened_ns - origin_ns) // (round_seconds * SECOND_NS)


def _by_round(votes: Votes, round_seconds: int) -> dict[int, list[Proposal]]:
    ordered = posting_order(votes.proposals.values())
    origin = ordered[0].opened_ns
    rounds: dict[int, list[Proposal]] = {}
    for proposal in ordered:
        rounds.setdefault(round_of(proposal.opened_ns, origin, round_seconds), []).append(proposal)
    return rounds


def _authors(count: int, holders: Sequence[Holder], threshold: int) -> list[int]:
    """Places of those who can post so many ideas, the largest first; too few if they cannot."""
    authors: list[int] = []
    order = sorted(range(len(holders)), key=lambda place: (-holders[place].amount, place))
    for place in order:
        allowed = holders[place].amount // threshold
        if len(authors) >= count or allowed == 0:
            break
        authors += [place] * min(allowed, count - len(authors))
    return authors


def _posting(rounds: dict[int, list[Proposal]], holders: Holders) -> tuple[int, list[int]]:
    """The posting share and the authors of the fullest round.

    The recommended share, or the largest below it at which the holders can post everything.
    """
    number, fullest = max(rounds.items(), key=lambda item: (len(item[1]), -item[0]))
    for bps in range(POSTING_BPS, 0, -1):
        authors = _authors(len(fullest), holders.rows, share_rounded_up(holders.supply, bps))
        if len(authors) == len(fullest):
            return bps, authors
    raise BadInput(
        f"the holders can post {len(authors)} of the {len(fullest)} ideas of round {number}:"
        " an idea takes a holder with 0.01 % of the supply",
        expected="larger holders, or shorter rounds (--round-days)",
    )


def _ballots(number: int, proposals: Sequence[Proposal], file: str) -> dict[int, list[int]]:
    ballots: dict[int, list[int]] = {}
    for idea, proposal in enumerate(proposals, 1):
        for place, vote in proposal.votes.items():
            if vote.choice is Choice.ABSTAIN:
                continue
            choices = ballots.setdefault(place, [])
            choices.append(idea * 2 + int(vote.choice is Choice.FOR))
            if len(choices) > MAX_CHOICES:
                raise BadInput(
                    f"the voter has more than {MAX_CHOICES} choices in round {number}",
                    expected=f"at most {MAX_CHOICES} a round; try shorter rounds (--round-days)",
                    file=file,
                    line=vote.line,
                    field="voter",
                )
    return ballots


def make_plan(options: ReplayOptions, holders: Holders, votes: Votes) -> Plan:
    """Cut a history into rounds, ideas and ballots.

    Raises:
        BadInput: The board cannot carry it: options out of bounds, too many choices or ideas in a
            round, or nobody with the power to post them.
    """
    rules = check_options(options)
    by_round = _by_round(votes, rules.round_seconds)
    for number, proposals in by_round.items():
        if len(proposals) > MAX_IDEAS:
            raise BadInput(
                f"round {number} has {len(proposals)} ideas",
                expected=f"at most {MAX_IDEAS}; try shorter rounds (--round-days)",
                file=str(options.votes),
            )
    if rules.cap * len(by_round) > MAX_CUSTODY:
        raise BadInput("the escrow cannot hold so much money", field="--budget")
    try:
        posting_bps, authors = _posting(by_round, holders)
    except BadInput as error:
        raise error.at(str(options.holders)) from None
    rounds = [
        Round(
            number,
            proposals,
            authors[: len(proposals)],
            _ballots(number, proposals, str(options.votes)),
        )
        for number, proposals in sorted(by_round.items())
    ]
    origin = min(proposal.opened_ns for proposal in votes.proposals.values())
    return Plan(rules, origin, rounds, posting_bps)
