"""Random lives of several drops of one token, against a plain model, to the unit.

- D1: the contract holds what is left of all drops, and not a unit less.
- D2: of each drop, paid + left + returned is what was put up.
- D3: an index is paid at most once.
- D4: nothing is paid outside of a drop's time, and nothing returns inside of it.
- Once all have ended anybody's calls bring the contract to nothing.

the machine -> test_drops
"""

from __future__ import annotations

import random
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import brownie

from dmo.core.merkle import Share, Tree
from tests.support.clock import mine_at, now, set_next
from tests.support.drops import DAY, MANIFEST, claim_of
from tests.support.histories import run_histories
from tests.support.models.drops import Drop

PEOPLE = 5
HISTORIES, STEPS = 50, 9
MINT = 10**30


@dataclass
class DropsMachine:
    """Drops and their model; `people` put up, claim and take back."""

    drops: Any
    token: Any
    people: Any
    random: random.Random
    log: list[str] = field(default_factory=list)
    known: list[Drop] = field(default_factory=list)

    def step(self):
        acts = (
            [self.create] if not self.known else [self.create, self.claim, self.claim, self.claim, self.end, self.wait]
        )
        self.random.choice(acts)()

    def create(self):
        dice, by = self.random, self.random.randrange(PEOPLE)
        count = dice.randint(1, 5)
        amounts = [dice.choice([0, 1, dice.getrandbits(40), dice.getrandbits(93)]) for _ in range(count)]
        tree = Tree(tuple(Share(i, str(self.people[dice.randrange(PEOPLE)]), each) for i, each in enumerate(amounts)))
        # Some promise more than is paid for, some less.
        amount = max(1, tree.total + dice.choice([0, 0, 0, 1, -1, -amounts[0]]))
        at = set_next(now() + dice.randint(1, DAY))
        start, end = at + dice.choice([DAY, 3 * DAY]), dice.choice([7 * DAY, 9 * DAY])
        self.drops.create(self.token, tree.root, MANIFEST, amount, start, start + end, {"from": self.people[by]})
        self.known.append(Drop(tree, by, amount, start, start + end))
        self.log.append(f"create({count}, {amount})")

    def claim(self):
        number, drop = self.drop()
        place = self.random.randrange(len(drop.tree.shares))
        at = set_next(self.soon())
        share, before = drop.tree.shares[place], self.token.balanceOf(drop.tree.shares[place].account)
        wrong = drop.claim(at, place)
        self.told("claim", wrong, number, place)
        with self.expected(wrong):
            claim_of(self.drops, number, drop.tree, share, self.people[self.random.randrange(PEOPLE)])
        assert self.token.balanceOf(share.account) - before == (0 if wrong else share.amount)

    def end(self):
        number, drop = self.drop()
        who = self.random.choice([drop.creator, self.random.randrange(PEOPLE)])
        at = set_next(now() + 1 if now() < drop.starts_at else self.soon())
        if now() < drop.starts_at or self.random.random() < 0.2:
            wrong = drop.cancel(at, who)
            self.told("cancel", wrong, number, who)
            with self.expected(wrong):
                self.drops.cancel(number, self.people[who], {"from": self.people[who]})
        else:
            wrong = drop.take_back(at)
            self.told("take back", wrong, number)
            with self.expected(wrong):
                self.drops.takeBack(number, {"from": self.people[who]})

    def wait(self):
        _, drop = self.drop()
        edge = self.random.choice([drop.starts_at, drop.expires_at]) - self.random.choice([1, 2, 3])
        if edge > now():
            mine_at(edge)
        self.log.append(f"wait({edge})")

    def drop(self):
        number = self.random.randint(1, len(self.known))
        return number, self.known[number - 1]

    def soon(self):
        return now() + self.random.choice([1, 1, DAY, 5 * DAY])

    def told(self, act, wrong, *arguments):
        self.log.append(f"{act}{' refused' if wrong else ''}({', '.join(map(str, arguments))}) {wrong}")

    @staticmethod
    def expected(wrong):
        return brownie.reverts(revert_pattern=f"Drops{wrong}: .*") if wrong else nullcontext()

    def check(self):
        left = [self.drops.dropOf(number)["left"] for number in range(1, len(self.known) + 1)]
        assert left == [drop.left for drop in self.known]
        assert self.token.balanceOf(self.drops) == sum(left)
        for drop in self.known:
            assert sum(drop.paid.values()) + drop.left + drop.returned == drop.amount

    def drain(self):
        mine_at(max(now() + 1, *(drop.expires_at for drop in self.known)))
        for number, drop in enumerate(self.known, 1):
            claimed = [self.drops.isClaimed(number, share.index) for share in drop.tree.shares]
            assert claimed == [share.index in drop.paid for share in drop.tree.shares]
            if drop.left:
                self.drops.takeBack(number, {"from": self.people[-1]})
        assert self.token.balanceOf(self.drops) == 0


def test_drops(Drops, HostileToken, accounts):
    people = accounts[:PEOPLE]
    drops = Drops.deploy({"from": people[0]})
    token = HostileToken.deploy(6, {"from": people[0]})
    for who in people:
        token.mint(who, MINT, {"from": who})
        token.approve(drops, 2**255, {"from": who})
    run_histories(
        lambda source: DropsMachine(drops, token, people, source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=("create", "claim", "claim refused", "cancel", "cancel refused", "take back", "take back refused"),
    )
