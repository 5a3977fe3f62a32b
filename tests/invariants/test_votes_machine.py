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

from brownie import ZERO_ADDRESS
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.support.clock import now, pass_time
from tests.support.models import shares
from tests.support.reverts import reverts
from tests.support.stateful import ChainMachine, run

PEOPLE = 6
EXCLUDED = 2  # the last two of the people
START = 1_000_000

EXAMPLES_SHARE = 4  # every step reads all votes: a quarter of the profile's histories will do

people = st.integers(0, PEOPLE - 1)
delegatees = st.integers(-1, PEOPLE - 1)  # -1 is nobody
amounts = st.integers(0, START)


class VotesMachine(ChainMachine):
    """Attributes: token, underlying (None for a HolderToken), electorate, people."""

    def setup(self):
        self.balances = [self.token.balanceOf(who) for who in self.people]
        self.delegates = list(range(PEOPLE))
        self.supply = sum(self.balances)

    def index_excluded(self, index):
        return index >= PEOPLE - EXCLUDED

    def votes(self, index):
        return sum(b for b, d in zip(self.balances, self.delegates, strict=True) if d == index)

    @rule(sender=people, to=people, amount=amounts)
    def transfer(self, sender, to, amount):
        who, held = self.people[sender], self.balances[sender]
        if amount > held:
            with reverts(self.token, "ERC20InsufficientBalance", who, held, amount):
                self.token.transfer(self.people[to], amount, {"from": who})
            return
        self.token.transfer(self.people[to], amount, {"from": who})
        self.balances[sender] -= amount
        self.balances[to] += amount

    @rule(index=people, to=delegatees)
    def delegate(self, index, to):
        who = self.people[index]
        delegatee = ZERO_ADDRESS if to < 0 else self.people[to]
        if self.index_excluded(index):
            with reverts(self.token, "HolderVotesExcluded", who):
                self.token.delegate(delegatee, {"from": who})
            return
        self.token.delegate(delegatee, {"from": who})
        self.delegates[index] = index if to < 0 else to

    @precondition(lambda self: self.underlying is not None)
    @rule(index=people, to=people, amount=amounts)
    def deposit(self, index, to, amount):
        who = self.people[index]
        self.underlying.mint(who, amount, {"from": who})
        self.underlying.approve(self.token, amount, {"from": who})
        self.token.depositFor(self.people[to], amount, {"from": who})
        self.balances[to] += amount
        self.supply += amount

    @precondition(lambda self: self.underlying is not None)
    @rule(index=people, share_bps=st.integers(0, 10_000))
    def withdraw(self, index, share_bps):
        amount = self.balances[index] * share_bps // 10_000
        self.token.withdrawTo(self.people[index], amount, {"from": self.people[index]})
        self.balances[index] -= amount
        self.supply -= amount

    @invariant()
    def votes_are_what_the_model_says(self):
        votes = [self.token.getVotes(who) for who in self.people]
        assert votes == [self.votes(index) for index in range(PEOPLE)]
        assert sum(votes) == self.supply == self.token.totalSupply()

    @invariant()
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


def histories():
    return max(1, settings().max_examples // EXAMPLES_SHARE)


def test_votes_of_a_holder_token(HolderToken, PlainElectorate, accounts):
    who = accounts[:PEOPLE]
    excluded = who[-EXCLUDED:]
    token = HolderToken.deploy("H", "H", START, who[0], excluded, {"from": who[0]})
    token.transferBatch(who[1:], [START // PEOPLE] * (PEOPLE - 1), {"from": who[0]})
    electorate = PlainElectorate.deploy(token, excluded, {"from": who[0]})
    run(
        VotesMachine,
        examples=histories(),
        token=token,
        underlying=None,
        electorate=electorate,
        people=who,
    )


def test_votes_of_a_wrapper(VotesWrapper, ReturnsNothingToken, PlainElectorate, accounts):
    who = accounts[:PEOPLE]
    excluded = who[-EXCLUDED:]
    underlying = ReturnsNothingToken.deploy({"from": who[0]})
    token = VotesWrapper.deploy(underlying, "W", "W", excluded, {"from": who[0]})
    electorate = PlainElectorate.deploy(token, excluded, {"from": who[0]})
    run(
        VotesMachine,
        examples=histories(),
        token=token,
        underlying=underlying,
        electorate=electorate,
        people=who,
    )
