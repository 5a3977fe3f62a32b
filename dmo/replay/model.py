"""What must come out of a history, computed from the votes alone.

Nothing here is shared with the plan or the contracts, so that it can stand against both.
"""

from dataclasses import dataclass

from dmo.replay.records import Holders, PastProposal, Side, Votes
from dmo.replay.rules import ReplayOptions

WHOLE_BPS = 10_000
MAX_SUM = 2**62 - 1
"""What the board's tallies hold."""


@dataclass(frozen=True)
class Result:
    """What became of a proposal; votes in units of the votes token."""

    number: int
    round: int
    for_votes: int
    against_votes: int
    is_passed: bool
    is_funded: bool


@dataclass(frozen=True)
class Expected:
    """What must come out: results in the order of posting, a ballot per voter and round.

    An idea needs ``threshold`` more for it than against, in units of the votes token. The board counts each holder in
    whole multiples of a power of ten; ``plain`` is for and against by proposal as they were cast.
    """

    threshold: int
    results: list[Result]
    plain: dict[int, tuple[int, int]]
    ballots: int
    choices: int


def expect(options: ReplayOptions, holders: Holders, votes: Votes) -> Expected:
    """Compute every result from the votes, independently of plan and contracts."""
    threshold = -(-holders.supply * options.threshold_bps // WHOLE_BPS)
    unit = 1
    while max(holders.supply, threshold) // unit >= MAX_SUM:
        unit *= 10
    threshold = -(-threshold // unit) * unit
    plain: dict[int, tuple[int, int]] = {}
    origin = min(proposal.opened_ns for proposal in votes.proposals.values())
    length = options.round_seconds * 10**9
    found: dict[int, list[tuple[PastProposal, int, int]]] = {}
    voters: list[tuple[int, int]] = []
    for proposal in sorted(votes.proposals.values(), key=lambda p: (p.opened_ns, p.number)):
        sums, whole = dict.fromkeys(Side, 0), dict.fromkeys(Side, 0)
        number = 1 + (proposal.opened_ns - origin) // length
        for place, vote in proposal.votes.items():
            amount = holders.rows[place].amount
            whole[vote.choice] += amount
            sums[vote.choice] += amount // unit * unit
            if vote.choice is not Side.ABSTAIN:
                voters.append((number, place))
        plain[proposal.number] = (whole[Side.FOR], whole[Side.AGAINST])
        found.setdefault(number, []).append((proposal, sums[Side.FOR], sums[Side.AGAINST]))
    results: list[Result] = []
    for number, entries in found.items():
        net = {p.number: yes - no for p, yes, no in entries}
        passed = [n for n in net if net[n] >= threshold]
        ranked = sorted(passed, key=lambda n: -net[n])  # stable: ties keep the posting order
        funded = set(ranked[: options.budget // options.ask])
        results += [
            Result(p.number, number, yes, no, yes - no >= threshold, p.number in funded) for p, yes, no in entries
        ]
    return Expected(threshold, results, plain, len(set(voters)), len(voters))
