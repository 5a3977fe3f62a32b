"""Plays a plan on a chain: posts, casts, settles, and reads back what the contracts made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dmo.core.abi.codec import encode, keccak
from dmo.core.errors import CheckFailed
from dmo.replay.artifacts import load
from dmo.replay.model import Result
from dmo.replay.node import LocalChain, Mined, Sending
from dmo.replay.plan import Plan, Round
from dmo.replay.records import Choice, Holders, Progress, Proposal
from dmo.replay.stage import FOUNDER, Stage, birth, build, hand_out

__all__ = ["Outcome", "play"]


@dataclass
class Outcome:
    """What the chain says.

    Attributes:
        threshold: For less against that an idea needs, units of the votes token; of every round.
        results: In the order of posting.
        plain_tallies: For and against at OpenZeppelin's Governor, by proposal.
        ballots: Ballots cast at the board.
        plain_votes: Votes cast at OpenZeppelin's Governor.
        gas_ballots: Gas of all ballots.
        gas_settlements: Gas of all settlements.
        gas_plain: Gas of all votes at OpenZeppelin's Governor.
    """

    threshold: int = 0
    results: list[Result] = field(default_factory=list)
    plain_tallies: dict[int, tuple[int, int]] = field(default_factory=dict)
    ballots: int = 0
    plain_votes: int = 0
    gas_ballots: int = 0
    gas_settlements: int = 0
    gas_plain: int = 0


class _Run:
    def __init__(self, chain: LocalChain, plan: Plan, holders: Holders, progress: Progress) -> None:
        self.chain, self.plan, self.holders, self.progress = chain, plan, holders, progress
        self.board, self.escrow = load("IdeaBoard"), load("CampaignEscrow")
        self.governor = load("PlainGovernor")
        self.outcome = Outcome()
        self.done = 0
        ballots = sum(len(r.ballots) for r in plan.rounds)
        votes = sum(len(choices) for r in plan.rounds for choices in r.ballots.values())
        ideas = sum(len(r.proposals) for r in plan.rounds)
        self.total = 2 * (len(holders.rows) + ideas) + ballots + votes
        self.what = "Deploying contracts"
        self.progress(self.what, 0, self.total)
        self.stage: Stage = build(chain, plan, holders)

    def _step(self, count: int) -> None:
        self.done += count
        self.progress(self.what, self.done, self.total)

    def play(self) -> Outcome:
        self.what = "Handing out tokens"
        for count in hand_out(self.chain, self.stage, self.holders):
            self._step(count)
        rounds = {r.number: r for r in self.plan.rounds}
        moments = sorted({number + later for number in rounds for later in (0, 1, 2)})
        for now in moments:  # during round `now` one posts in it, votes on the one before, ...
            if now in rounds:
                self._post(rounds[now])
            if now - 1 in rounds:
                self._vote(rounds[now - 1])
            if now - 2 in rounds:
                self._settle(rounds[now - 2])
        self._read_campaigns()
        return self.outcome

    def _start_of(self, number: int) -> int:
        return self.stage.origin + (number - 1) * self.plan.rules.round_seconds

    def _post(self, played: Round) -> None:
        self.what = f"Round {played.number} of {self.plan.last_round}: posting"
        params = {
            "ask": self.plan.rules.ask,
            "durationSeconds": self.plan.rules.round_seconds,
        }

        def posts() -> Iterator[Sending]:
            for proposal, author in zip(played.proposals, played.authors, strict=True):
                digest = hashlib.sha256(f"Proposal {proposal.number}".encode()).digest()
                data = self.board.call("post", {**params, "digest": digest})
                yield Sending(self.holders.rows[author].address, self.stage.board, data)

        for mined in self.chain.send(posts(), self._start_of(played.number)):
            self._step(len(mined))

    def _vote(self, played: Round) -> None:
        self.what = f"Round {played.number} of {self.plan.last_round}: voting"
        opens = self._start_of(played.number + 1)
        for mined in self.chain.send(self._ballots(played), opens):
            self.outcome.ballots += len(mined)
            self.outcome.gas_ballots += _gas(mined)
            self._step(len(mined))
        proposals = (
            Sending(FOUNDER, self.stage.governor, self.governor.call("propose", *_action(proposal)))
            for proposal in played.proposals
        )
        for mined in self.chain.send(proposals, opens):
            self._step(len(mined))
        for mined in self.chain.send(self._plain_votes(played), opens):
            self.outcome.plain_votes += len(mined)
            self.outcome.gas_plain += _gas(mined)
            self._step(len(mined))
        length = self.plan.rules.round_seconds
        if self.chain.now >= opens + length - length // 10:
            raise CheckFailed(
                f"Round {played.number} is too short for its votes.",
                hint="Try longer rounds (--round-days).",
            )
        reads = [("proposalVotes", (_plain_id(proposal),)) for proposal in played.proposals]
        tallies = self.chain.read(self.governor, self.stage.governor, reads)
        for proposal, (against, votes_for, _) in zip(played.proposals, tallies, strict=True):
            self.outcome.plain_tallies[proposal.number] = (votes_for, against)

    def _ballots(self, played: Round) -> Iterator[Sending]:
        for place, choices in played.ballots.items():
            data = self.board.call("castBallot", played.number, choices)
            yield Sending(self.holders.rows[place].address, self.stage.board, data)

    def _plain_votes(self, played: Round) -> Iterator[Sending]:
        for proposal in played.proposals:
            plain_id = _plain_id(proposal)
            for place, vote in proposal.votes.items():
                if vote.choice is not Choice.ABSTAIN:
                    data = self.governor.call("castVote", plain_id, int(vote.choice))
                    voter = self.holders.rows[place].address
                    yield Sending(voter, self.stage.governor, data)

    def _settle(self, played: Round) -> None:
        self.what = f"Round {played.number} of {self.plan.last_round}: settling"
        number = played.number
        [[threshold]] = self.chain.read(
            self.board, self.stage.board, [("passingThreshold", (number,))]
        )
        if self.outcome.threshold not in (0, threshold):
            raise CheckFailed(f"Round {number} has another threshold than the rounds before.")
        self.outcome.threshold = threshold
        ideas = range(1, len(played.proposals) + 1)
        tallies = self.chain.read(
            self.board, self.stage.board, [("tallyOf", (number, idea)) for idea in ideas]
        )
        passing: list[tuple[int, int]] = []
        for idea, proposal, [tally] in zip(ideas, played.proposals, tallies, strict=True):
            votes_for, against, *_, is_passing = tally
            if is_passing:
                passing.append((against - votes_for, idea))
            self.outcome.results.append(
                Result(proposal.number, number, votes_for, against, is_passing, is_funded=False)
            )
        data = self.board.call("settle", number, [idea for _, idea in sorted(passing)])
        settlement = [Sending(FOUNDER, self.stage.board, data)]
        for mined in self.chain.send(settlement, self._start_of(number + 2)):
            self.outcome.gas_settlements += _gas(mined)
        self._step(0)

    def _read_campaigns(self) -> None:
        [[count, *_]] = self.chain.read(self.escrow, self.stage.escrow, [("counts", ())])
        calls = [("campaignOf", (campaign,)) for campaign in range(1, count + 1)]
        fields = [
            str(member["name"])
            for member in self.escrow.abi["function", "campaignOf"]["outputs"][0]["components"]
        ]
        funded: set[tuple[int, int]] = set()
        for [facts] in self.chain.read(self.escrow, self.stage.escrow, calls):
            campaign = dict(zip(fields, facts, strict=True))
            funded.add((campaign["round"], campaign["number"]))
        by_number = {result.number: result for result in self.outcome.results}
        self.outcome.results = []
        for played in self.plan.rounds:
            for idea, proposal in enumerate(played.proposals, 1):
                found = by_number[proposal.number]
                is_funded = (played.number, idea) in funded
                self.outcome.results.append(replace(found, is_funded=is_funded))


def _gas(mined: list[Mined]) -> int:
    return sum(one.gas_used for one in mined)


def _action(proposal: Proposal) -> tuple[list[str], list[int], list[bytes], str]:
    return [FOUNDER], [0], [b""], f"Proposal {proposal.number}"


def _plain_id(proposal: Proposal) -> int:
    """The Governor's id of a proposal: the hash of what it would do and of its description."""
    targets, values, calls, description = _action(proposal)
    digest = keccak(description.encode())
    data = encode(
        ["address[]", "uint256[]", "bytes[]", "bytes32"], [targets, values, calls, digest]
    )
    return int.from_bytes(keccak(data), "big")


def play(plan: Plan, holders: Holders, progress: Progress) -> Outcome:
    """Play a plan on a local chain of its own, which is gone afterwards.

    Raises:
        Refused: A contract refused what was planned.
        CheckFailed: The chain behaved in an unexpected way.
        NetworkError: The chain could not be started, or broke off.
    """
    with LocalChain(birth(plan, holders)) as chain:
        return _Run(chain, plan, holders, progress).play()
