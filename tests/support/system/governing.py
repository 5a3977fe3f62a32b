"""Ideas, ballots and settlements; proposals and their windows; votes that change hands."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from brownie import web3

from tests.support.system.history import History
from tests.support.system.stage import DAY, UNIT, WAD, digest_of

AGAINST, FOR = 0, 1
LIFE = 30 * DAY


@dataclass
class Proposal:
    """A proposal: what it would do, and when what is allowed."""

    kind: str
    by_hash: tuple[Any, ...]
    number: int
    snapshot: int
    deadline: int
    late_from: int
    eta: int | None = None
    is_executed: bool = False
    voters: set[str] = field(default_factory=set)
    then: Callable[[], None] | None = None

    def is_open(self, at: int) -> bool:
        return self.snapshot < at <= self.deadline

    @property
    def expires(self) -> int:
        """What passed expires a month after its vote; after two, where its wait ends later."""
        return self.deadline + LIFE * (2 if (self.eta or 0) >= self.deadline + LIFE else 1)

    def is_due(self, at: int) -> bool:
        """Whether somebody might queue or execute it."""
        return not self.is_executed and max(self.deadline + 1, self.eta or 0) <= at < self.expires


class GoverningHistory(History):
    """A history in which holders vote."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.proposals: list[Proposal] = []
        self.posted: Counter[int] = Counter()
        self.delay = self.stage.config.governance.timelock

    # -- rounds -----------------------------------------------------------------------------------

    def round_now(self) -> int:
        return (self.chain.now - self.stage.origin) // self.stage.config.rounds.length + 1

    def round_edges(self) -> Iterator[int]:
        length, number = self.stage.config.rounds.length, self.round_now()
        for one in (number, number + 1):
            yield self.stage.origin + one * length
            yield self.stage.origin + one * length - length // 10

    def post_idea(self) -> None:
        by, lead = self.random.choice(self.people), self.random.choice(self.people)
        ask = self.random.randint(200, 2_000) * UNIT + self.random.randrange(UNIT)
        fee_bps, days = self.random.choice([0, 777, 1_000, 3_000]), self.random.choice([14, 21, 40])
        params = (digest_of("idea", len(self.log)), ask, lead, days * DAY, fee_bps, 0, 0)
        if self.act(by, "IdeaBoard", "post", params):
            self.posted[self.round_now()] += 1

    def vote(self) -> None:
        """Everybody votes on the ideas of the last round; the coalition for those its own would lead."""
        number = self.round_now() - 1
        ideas = self.stage.ask("IdeaBoard", "roundOf", number)[2]
        leads = [f"0x{self.stage.ask('IdeaBoard', 'ideaOf', number, i)[3]:040x}" for i in range(1, ideas + 1)]
        for who in self.random.sample(self.people, self.random.randint(3, len(self.people))):
            sides: tuple[list[int], list[int]] = ([], [])
            for idea, lead in enumerate(leads, 1):
                likes = self.is_in(lead) if self.is_in(who) else self.chance(0.85)
                sides[0 if likes else 1].append(idea)
            if any(sides):
                self.act(who, "IdeaBoard", "castBallot", number, *sides)

    def settle_round(self) -> None:
        """Anyone shows the passing ideas in order; in parts, or wrongly, sometimes."""
        number = self.round_now() - 2
        ideas = self.stage.ask("IdeaBoard", "roundOf", number)[2]
        ranked = []
        for idea in range(1, ideas + 1):
            in_favour, against, _, is_withdrawn, is_passing = self.stage.ask("IdeaBoard", "tallyOf", number, idea)
            if is_passing and not is_withdrawn:
                ranked.append((against - in_favour, idea))
        numbers = [idea for _, idea in sorted(ranked)]
        if self.chance(0.1):
            self.random.shuffle(numbers)
        pool = self.reading.books["pool"]
        before = len(self.known.promises)
        by, most = self.random.choice(self.people), self.random.choice([0, 0, 1])
        if self.act(by, "IdeaBoard", "settle", number, numbers, most):
            if self.stage.ask("IdeaBoard", "roundOf", number)[9]:
                self.posted[number] = 0
            asks = sum(promise.ask for promise in self.known.promises[before:])
            assert pool - self.reading.books["pool"] == asks
            assert asks <= self.stage.ask("IdeaBoard", "rulesOf", number)[0]

    # -- votes ------------------------------------------------------------------------------------

    def move_votes(self) -> None:
        """Votes change hands: among the coalition, or anybody's."""
        hands = sorted(self.coalition) if len(self.coalition) > 1 and self.chance(0.7) else self.people
        giver, taker = self.random.sample(hands, 2)
        (has,) = self.stage.ask("HolderToken", "balanceOf", giver)
        amount = self.random.choice([has, has // 2, min(has, 10_000 * WAD)])
        if amount:
            self.act(giver, "HolderToken", "transfer", taker, amount)

    # -- proposals --------------------------------------------------------------------------------

    def propose(self) -> None:
        kind = self.random.choice(["deposit", "rules", "terms", "recall", "recall", "withdraw"])
        actions, then = self._actions(kind)
        targets, calls = [at for at, _ in actions], [data for _, data in actions]
        text = f"{kind} {len(self.log)}"
        whole = (targets, [0] * len(targets), calls, text)
        if not self.act(self.random.choice(self.people), "HolderGovernor", "propose", *whole):
            return
        by_hash = (*whole[:3], bytes(web3.keccak(text=text)))
        (number,) = self.stage.ask("HolderGovernor", "hashProposal", *by_hash)
        rules = self.stage.config.governance
        snapshot = self.chain.now + rules.voting_delay
        deadline = snapshot + rules.voting_period
        late = deadline + 1 - rules.late_quorum
        self.proposals.append(Proposal(kind, by_hash, number, snapshot, deadline, late, then=then))

    def _actions(self, kind: str) -> tuple[list[tuple[str, bytes]], Callable[[], None] | None]:
        its = self.stage.contracts
        escrow, amount = its["CampaignEscrow"], self.random.randint(1, 2_000) * UNIT
        if kind == "deposit":
            allow = its["Stablecoin"].data("approve", escrow.address, amount)
            return [(its["Stablecoin"].address, allow), (escrow.address, escrow.data("deposit", amount))], None
        if kind == "rules":
            return [(its["IdeaBoard"].address, its["IdeaBoard"].data("setRules", (amount + UNIT, 400, 10)))], None
        if kind == "terms":
            return [(its["DisputeDesk"].address, its["DisputeDesk"].data("setTerms", self._terms()))], None
        if kind == "withdraw":
            return [(escrow.address, escrow.data("withdrawPool", amount))], None
        campaign = self.random.randint(1, len(self.reading.campaigns))

        def replaced() -> None:
            self.known.stints[campaign] = self.known.stints.get(campaign, 0) + 1

        lead = self.random.choice(self.people)
        return [(escrow.address, escrow.data("replaceLead", campaign, lead))], replaced

    def _terms(self) -> tuple[Any, ...]:
        """Other stakes, sometimes beyond what the desk takes."""
        rules = self.stage.config.campaigns
        bps, least = self.random.choice([100, 2_000, 5_000, 5_001]), self.random.choice([1, 3 * UNIT, 6 * UNIT + 1])
        windows = (rules.review, rules.answer, rules.challenge, rules.arbitration, rules.notice)
        return ((*windows, bps, least), self.stage.contracts["Jury"].address, True, digest_of("question"), b"")

    def vote_on(self) -> None:
        """Some vote on a proposal; nobody for it when it is late."""
        if not self.proposals:
            return
        opened = [one for one in self.proposals if one.is_open(self.chain.now + 1)]
        one = self.random.choice(opened or self.proposals)
        for who in self.random.sample(self.people, self.random.randint(4, len(self.people))):
            if who in one.voters and self.chance(0.9):
                continue
            at = self.chain.now + 1
            side = AGAINST if self.chance(0.15) else FOR
            is_done = self.act(who, "HolderGovernor", "castVote", one.number, side)
            one.voters |= {who} if is_done else set()
            assert not is_done or one.snapshot < at <= one.deadline
            assert not is_done or side == AGAINST or at < one.late_from

    def carry_out(self) -> None:
        """Queue or execute a proposal, whether it is time or not."""
        if not self.proposals:
            return
        due = [one for one in self.proposals if one.is_due(self.chain.now + 1)]
        one = self.random.choice(due if due and self.chance(0.8) else self.proposals)
        at, by = self.chain.now + 1, self.random.choice(self.people)
        has_passed = at > one.deadline and self._has_passed(one) and at < one.expires
        if one.eta is None:
            is_done = self.act(by, "HolderGovernor", "queue", *one.by_hash)
            assert is_done == has_passed
            if is_done:
                one.eta = at + self.delay
            return
        is_due = has_passed and one.eta <= at and not one.is_executed
        refused = self.refusal(by, "HolderGovernor", "execute", *one.by_hash)
        is_done = self.act(by, "HolderGovernor", "execute", *one.by_hash, then=one.then)
        assert not is_done or is_due, "a proposal was executed outside its window"
        if is_due and not is_done:
            assert refused
            assert not refused[0].startswith(("Governor", "HolderGovernor", "Timelock")), refused
        one.is_executed = one.is_executed or is_done

    def _has_passed(self, one: Proposal) -> bool:
        against, in_favour, abstain = self.stage.ask("HolderGovernor", "proposalVotes", one.number)
        (needed,) = self.stage.ask("HolderGovernor", "quorum", one.snapshot)
        return in_favour > against and in_favour + abstain >= needed

    def proposal_edges(self) -> Iterator[int]:
        for one in self.proposals:
            if not one.is_executed:
                edges = (one.snapshot + 1, one.late_from, one.deadline + 1, one.eta or 0, one.expires)
                yield from itertools.compress(edges, edges)
