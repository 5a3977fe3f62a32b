"""Random lives of badges, against a plain model.

- B1: an account has at most one of a class.
- B2: none is ever moved, whoever was allowed to.
- B3: there is one only where its rule held when it was claimed.
- B4: who burned one has none until it claims again itself.

the machine -> test_badges_agree_with_the_model
"""

from __future__ import annotations

import random
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import brownie

from tests.support.histories import run_histories

HISTORIES, STEPS = 50, 8
PEOPLE, CLASSES = range(4), (1, 2)


def words(account: Any) -> str:
    """What PlainBadgeRule takes for having earned it."""
    return "0x" + str(account)[2:].lower().zfill(64)


@dataclass
class BadgesMachine:
    """Two classes with one rule; people by their place among the accounts."""

    badges: Any
    people: Any
    random: random.Random
    log: list[str] = field(default_factory=list)
    held: set[tuple[int, int]] = field(default_factory=set)
    burned: set[tuple[int, int]] = field(default_factory=set)

    def step(self):
        acts = [self.claim, self.claim, self.claim, self.burn, self.burn, self.move, self.let]
        self.random.choice(acts)(self.random.choice(CLASSES), self.random.choice(PEOPLE), self.random.choice(PEOPLE))

    def told(self, act, wrong, *arguments):
        self.log.append(f"{act}{' refused' if wrong else ''}({', '.join(map(str, arguments))}) {wrong}")
        return brownie.reverts(revert_pattern=f"{wrong}: .*") if wrong else nullcontext()

    def claim(self, kind, who, by):
        has_earned = self.random.random() < 0.8
        one, wrong = (kind, who), ""
        if kind == CLASSES[-1] and self.random.random() < 0.1:
            kind, wrong = kind + 1, "BadgesUnknownClass"
        elif one in self.held:
            wrong = "BadgesAlreadyGiven"
        elif one in self.burned and by != who:
            wrong = "BadgesBurned"
        elif not has_earned:
            wrong = "BadgesNotEarned"
        witness = words(self.people[who]) if has_earned else "0x00"
        with self.told("claim", wrong, kind, who, by):
            self.badges.claim(kind, self.people[who], witness, {"from": self.people[by]})
        if not wrong:
            self.held.add(one)

    def burn(self, kind, who, by):
        if self.held and self.random.random() < 0.7:
            kind, who = self.random.choice(sorted(self.held))
            by = self.random.choice([who, by])
        one = (kind, who)
        wrong = "ERC721NonexistentToken" if one not in self.held else "" if by == who else "BadgesNotOwner"
        with self.told("burn", wrong, kind, who, by):
            self.badges.burn(self.token(kind, who), {"from": self.people[by]})
        if not wrong:
            self.held.remove(one)
            self.burned.add(one)

    def move(self, kind, who, by):
        """By its owner, to anybody."""
        wrong = "BadgesSoulbound" if (kind, who) in self.held else "ERC721NonexistentToken"
        owner, token = self.people[who], self.token(kind, who)
        with self.told("move", wrong, kind, who, by):
            self.badges.transferFrom(owner, self.people[by], token, {"from": owner})

    def let(self, kind, who, by):
        """Allowed by its owner, another tries."""
        owner, other, token = self.people[who], self.people[by], self.token(kind, who)
        self.badges.setApprovalForAll(other, True, {"from": owner})
        wrong = "BadgesSoulbound" if (kind, who) in self.held else "ERC721NonexistentToken"
        with self.told("let", wrong, kind, who, by):
            self.badges.transferFrom(owner, other, token, {"from": other})

    def token(self, kind, who):
        return kind << 160 | int(str(self.people[who]), 16)

    def check(self):
        who = self.random.choice(PEOPLE)
        assert self.badges.balanceOf(self.people[who]) == sum(one[1] == who for one in self.held)

    def drain(self):
        for kind in CLASSES:
            for who in PEOPLE:
                token, one = self.token(kind, who), (kind, who)
                assert self.badges.isBurned(token) == (one in self.burned)
                if one in self.held:
                    assert (self.badges.ownerOf(token), self.badges.locked(token)) == (self.people[who], True)


def test_badges_agree_with_the_model(AccessManager, Badges, PlainBadgeRule, accounts):
    by = {"from": accounts[0]}
    badges = Badges.deploy(AccessManager.deploy(accounts[0], by), "Badges", "B", by)
    rule = PlainBadgeRule.deploy(by)
    for title in ("One", "Two"):
        badges.addClass(rule, title, b"\0" * 32, by)
    run_histories(
        lambda source: BadgesMachine(badges, accounts, source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=("claim", "claim refused", "burn", "burn refused", "move refused", "let refused"),
    )
