"""Plays a plan on a chain: posts, casts, settles, and reads back what the contracts made of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dmo.core import words
from dmo.core.abi.codec import keccak
from dmo.core.chain import ZERO
from dmo.core.errors import CheckFailed
from dmo.replay.model import Result
from dmo.replay.node import LocalChain, Order, local_chain
from dmo.replay.plan import ReplayPlan, Round
from dmo.replay.records import Holders, Progress
from dmo.replay.stage import FOUNDER, HOLDING, Stage

TRANSFERS = 200
"""Holders who get their tokens in one transaction."""
_BOARD, _ESCROW, _GOVERNOR = "IdeaBoard", "CampaignEscrow", "PlainGovernor"
_ACTION = ([FOUNDER], [0], [b""])
"""What the Governor's proposals would do: nothing."""


@dataclass
class Cost:
    """So many transactions, and their gas."""

    count: int = 0
    gas: int = 0


@dataclass
class Outcome:
    """What the chain says, in the model's words; ``plain`` is OpenZeppelin's Governor."""

    threshold: int = 0
    results: list[Result] = field(default_factory=list)
    plain_tallies: dict[int, tuple[int, int]] = field(default_factory=dict)  # for and against, by proposal
    ballots: Cost = field(default_factory=Cost)
    settlements: Cost = field(default_factory=Cost)
    plain_votes: Cost = field(default_factory=Cost)  # cast one by one


def play(plan: ReplayPlan, holders: Holders, progress: Progress) -> Outcome:
    """Play a plan on a local chain of its own, which is gone afterwards; raises what ``run`` does."""
    # Early enough for everybody to hold tokens for long enough to post.
    birth = plan.origin - HOLDING - 3600 - len(holders.rows) // 100
    with local_chain(birth) as chain:
        return _Run(chain, plan, holders, progress).play()


class _Run:
    def __init__(self, chain: LocalChain, plan: ReplayPlan, holders: Holders, progress: Progress) -> None:
        self.chain, self.plan, self.holders, self.progress = chain, plan, holders.rows, progress
        self.outcome = Outcome()
        self.done = self.campaigns = 0
        ballots = [choices for played in plan.rounds for choices in played.ballots.values()]
        ideas = sum(len(played.proposals) for played in plan.rounds)
        self.total = -(-len(self.holders) // TRANSFERS) + 2 * len(self.holders) + 2 * ideas
        self.total += len(ballots) + sum(map(len, ballots)) + len(plan.rounds)
        self._tell("deploying")
        self.stage = Stage(chain, plan, holders.supply)
        self.call, self.read = self.stage.call, self.stage.read

    def _tell(self, what: str, **values: int) -> None:
        self.what = words.word("replay", what).format(**values)
        self.progress(self.what, self.done, self.total)

    def _send(self, calls: Iterable[Order], at: int | None = None, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        for count, gas in self.chain.send(calls, at):
            cost.count += count
            cost.gas += gas
            self.done += count
            self.progress(self.what, self.done, self.total)

    def play(self) -> Outcome:
        self._hand_out()
        rounds, options = {played.number: played for played in self.plan.rounds}, self.plan.options
        steps = {"posting": self._post, "voting": self._vote, "settling": self._settle}
        # During a round one posts in it, votes on the one before, and settles the one before that.
        for now in sorted({number + later for number in rounds for later in range(len(steps))}):
            start = self.plan.origin + (now - 1) * options.round_seconds
            for later, (what, step) in enumerate(steps.items()):
                if now - later in rounds:
                    self._tell(what, number=now - later, last=self.plan.rounds[-1].number)
                    step(rounds[now - later], start)
        return self.outcome

    def _hand_out(self) -> None:
        """Give everybody both tokens, and delegate OpenZeppelin's to oneself."""
        self._tell("handing")
        call, everybody, plain = self.call, self.holders, "PlainVotesToken"
        parts = (everybody[at : at + TRANSFERS] for at in range(0, len(everybody), TRANSFERS))
        self._send(call(FOUNDER, "HolderToken", "transferBatch", *zip(*part, strict=True)) for part in parts)
        self._send(call(FOUNDER, plain, "mint", *holder) for holder in everybody)
        self._send(call(holder.address, plain, "delegate", holder.address) for holder in everybody)
        if self.chain.now >= self.plan.origin - HOLDING:
            raise words.stopped(CheckFailed, "replay_slow_start")

    def _post(self, played: Round, start: int) -> None:
        options = self.plan.options
        idea: dict[str, Any] = {"feeBps": 0, "buildsOnRound": 0, "buildsOnNumber": 0, "lead": ZERO}
        idea |= {"ask": options.ask, "durationSeconds": 2 * options.round_seconds}
        authors = (self.holders[place].address for place in played.authors)
        digests = (hashlib.sha256(text.encode()).digest() for text in played.texts)
        posts = zip(authors, digests, strict=True)
        self._send((self.call(who, _BOARD, "post", idea | {"digest": digest}) for who, digest in posts), start)

    def _vote(self, played: Round, start: int) -> None:
        call, voters = self.call, self.holders
        number, proposals, texts = played.number, played.proposals, played.texts
        ballots = (
            call(voters[place].address, _BOARD, "castBallot", number, ballot.in_favour, ballot.against)
            for place, ballot in played.ballots.items()
        )
        self._send(ballots, start, self.outcome.ballots)
        self._send((call(FOUNDER, _GOVERNOR, "propose", *_ACTION, text) for text in texts), start)
        ids = self.read(_GOVERNOR, "hashProposal", [(*_ACTION, keccak(text.encode())) for text in texts])
        votes = (
            call(voters[place].address, _GOVERNOR, "castVote", plain_id, int(choice))
            for plain_id, proposal in zip(ids, proposals, strict=True)
            for place, choice in proposal.cast.items()
        )
        self._send(votes, start, self.outcome.plain_votes)
        length = self.plan.options.round_seconds
        if self.chain.now >= start + length - length // 10:
            raise words.stopped(CheckFailed, "replay_slow_round", number=number)
        tallies = self.read(_GOVERNOR, "proposalVotes", [(plain_id,) for plain_id in ids])
        for proposal, (against, votes_for, _) in zip(proposals, tallies, strict=True):
            self.outcome.plain_tallies[proposal.number] = (votes_for, against)

    def _settle(self, played: Round, start: int) -> None:
        number, outcome, ideas = played.number, self.outcome, range(1, len(played.proposals) + 1)
        [threshold] = self.read(_BOARD, "passingThreshold", [(number,)])
        if outcome.threshold not in (0, threshold):
            raise words.stopped(CheckFailed, "replay_threshold", number=number)
        outcome.threshold = threshold
        tallies = dict(zip(ideas, self.read(_BOARD, "tallyOf", [(number, idea) for idea in ideas]), strict=True))
        passing = [idea for idea, tally in tallies.items() if tally["is_passing"]]
        ranked = sorted(passing, key=lambda idea: tallies[idea]["against_votes"] - tallies[idea]["for_votes"])
        self._send([self.call(FOUNDER, _BOARD, "settle", number, ranked, 0)], start, outcome.settlements)
        [(count, *_)] = self.read(_ESCROW, "counts", [()])
        fresh = range(self.campaigns + 1, count + 1)
        campaigns = self.read(_ESCROW, "campaignOf", [(campaign,) for campaign in fresh])
        funded = {(campaign["round"], campaign["number"]) for campaign in campaigns}
        self.campaigns = count
        for proposal, (idea, tally) in zip(played.proposals, tallies.items(), strict=True):
            votes = (tally["for_votes"], tally["against_votes"])
            ends = (tally["is_passing"], (number, idea) in funded)
            outcome.results.append(Result(proposal.number, number, *votes, *ends))
