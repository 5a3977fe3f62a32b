"""A random life of a HolderToken and of a VotesWrapper, against a plain model.

- The sum of all votes is the total supply.
- Everybody's votes are the balances of those whom they represent.
- Undelegated balances vote for their owner; delegating to nobody means oneself.
- Excluded accounts never lend their votes; the votable supply leaves out all that they have.
- Everybody can always move all they own.

the machine
  over a HolderToken -> test_votes_of_a_holder_token
  over a VotesWrapper -> test_votes_of_a_wrapper
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from brownie import ZERO_ADDRESS

from tests.support.clock import now, pass_time
from tests.support.histories import run_histories
from tests.support.models import shares
from tests.support.reverts import reverts

PEOPLE = 6
EXCLUDED = 2  # the last two of the people
NOBODY = -1
START = 1_000_000
HISTORIES, STEPS = 8, 25


@dataclass
class VotesMachine:
    """Random people and the model.

    Attributes:
        token: The votes token.
        underlying: What it wraps; None for a HolderToken.
        electorate: Tells the votable supply.
        people: The last of them are excluded.
        random: Where all choices come from.
    """

    token: Any
    underlying: Any
    electorate: Any
    people: Any
    random: random.Random
    log: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.balances = [self.token.balanceOf(who) for who in self.people]
        self.delegates = list(range(PEOPLE))
        self.supply = sum(self.balances)

    def step(self):
        acts = [self.transfer, self.transfer, self.delegate, self.delegate]
        if self.underlying is not None:
            acts += [self.deposit, self.withdraw]
        self.random.choice(acts)()

    def person(self):
        return self.random.randrange(PEOPLE)

    def amount(self, held):
        """Nothing, all, one too many, or something between."""
        return self.random.choice([0, held, held + 1, self.random.randrange(START)])

    def index_excluded(self, index):
        return index >= PEOPLE - EXCLUDED

    def votes(self, index):
        return sum(b for b, d in zip(self.balances, self.delegates, strict=True) if d == index)

    def transfer(self):
        sender, to = self.person(), self.person()
        who, held = self.people[sender], self.balances[sender]
        amount = self.amount(held)
        self.log.append(f"{'transfer' if amount <= held else 'overdraw'}({sender}, {to}, {amount})")
        if amount > held:
            with reverts(self.token, "ERC20InsufficientBalance", who, held, amount):
                self.token.transfer(self.people[to], amount, {"from": who})
            return
        self.token.transfer(self.people[to], amount, {"from": who})
        self.balances[sender] -= amount
        self.balances[to] += amount

    def delegate(self):
        index, to = self.person(), self.random.randint(NOBODY, PEOPLE - 1)
        who = self.people[index]
        delegatee = ZERO_ADDRESS if to == NOBODY else self.people[to]
        may = not self.index_excluded(index)
        self.log.append(f"{'delegate' if may else 'delegate excluded'}({index}, {to})")
        if not may:
            with reverts(self.token, "HolderVotesExcluded", who):
                self.token.delegate(delegatee, {"from": who})
            return
        self.token.delegate(delegatee, {"from": who})
        self.delegates[index] = index if to == NOBODY else to

    def deposit(self):
        index, to, amount = self.person(), self.person(), self.random.randrange(START)
        self.log.append(f"deposit({index}, {to}, {amount})")
        who = self.people[index]
        self.underlying.mint(who, amount, {"from": who})
        self.underlying.approve(self.token, amount, {"from": who})
        self.token.depositFor(self.people[to], amount, {"from": who})
        self.balances[to] += amount
        self.supply += amount

    def withdraw(self):
        index = self.person()
        amount = self.random.randint(0, self.balances[index])
        self.log.append(f"withdraw({index}, {amount})")
        self.token.withdrawTo(self.people[index], amount, {"from": self.people[index]})
        self.balances[index] -= amount
        self.supply -= amount

    def check(self):
        self.votes_are_what_the_model_says()
        self.excluded_votes_are_not_votable()

    def votes_are_what_the_model_says(self):
        votes = [self.token.getVotes(who) for who in self.people]
        assert votes == [self.votes(index) for index in range(PEOPLE)]
        assert sum(votes) == self.supply == self.token.totalSupply()

    def excluded_votes_are_not_votable(self):
        moment = now()
        pass_time(1)
        outside = [self.votes(index) for index in range(PEOPLE) if self.index_excluded(index)]
        assert self.electorate.votableSupply(moment) == shares.votable(self.supply, outside)

    def drain(self):
        to = self.people[0]
        for who in self.people[1:]:
            self.token.transfer(to, self.token.balanceOf(who), {"from": who})
        assert self.token.balanceOf(to) == self.token.totalSupply() == self.supply
        if self.underlying is not None:
            self.token.withdrawTo(to, self.supply, {"from": to})
            assert self.underlying.balanceOf(self.token) == self.token.totalSupply() == 0
            assert sum(self.token.getVotes(who) for who in self.people) == 0


def live(*parts, must_hold):
    """Run histories of a machine made of these parts."""
    run_histories(lambda source: VotesMachine(*parts, source), histories=HISTORIES, steps=STEPS, must_hold=must_hold)


ACTS = ("transfer", "overdraw", "delegate", "delegate excluded")


def test_votes_of_a_holder_token(HolderToken, PlainElectorate, accounts):
    who = accounts[:PEOPLE]
    excluded = who[-EXCLUDED:]
    token = HolderToken.deploy("H", "H", START, who[0], excluded, {"from": who[0]})
    token.transferBatch(who[1:], [START // PEOPLE] * (PEOPLE - 1), {"from": who[0]})
    electorate = PlainElectorate.deploy(token, excluded, 60, {"from": who[0]})
    live(token, None, electorate, who, must_hold=ACTS)


def test_votes_of_a_wrapper(VotesWrapper, ReturnsNothingToken, PlainElectorate, accounts):
    who = accounts[:PEOPLE]
    excluded = who[-EXCLUDED:]
    underlying = ReturnsNothingToken.deploy({"from": who[0]})
    token = VotesWrapper.deploy(underlying, "W", "W", excluded, {"from": who[0]})
    electorate = PlainElectorate.deploy(token, excluded, 60, {"from": who[0]})
    live(token, underlying, electorate, who, must_hold=(*ACTS, "deposit", "withdraw"))
