"""A random life of a ContentRegistry, against a plain model.

- C1 One brand is live at most, three pillars, three objectives, and five entries below any other.
- C2 What stands above an entry was there before it, and is of the kind before.
- C3 An entry's live children are the live entries that name it.
- C4 A live entry's parent is live.
- C5 A derivative keeps attribution and share alike of all that it derives from.
- C6 Kind, parent, author and terms never change.
- Whatever is live can be retired, from below.

the machine -> test_content
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support import content
from tests.support.content import (
    ATTRIBUTION,
    BELOW,
    DERIVATIVES,
    ENDORSED,
    LIVE,
    NO_END,
    RETIRED,
    ROOTS,
    SHARE_ALIKE,
    Kind,
    text,
)
from tests.support.governance import containers
from tests.support.histories import run_histories
from tests.support.reverts import reverts

HISTORIES, STEPS = 8, 40
KIND, PARENT, IS_LIVE = range(3)
AUTHOR, ORIGIN, TERMS, STANDING = range(4)


@dataclass
class ContentMachine:
    """What was added, as a plain list: entries of kind, parent and whether they are live; assets alike."""

    registry: Any
    steward: Any
    people: Any
    random: random.Random
    log: list[str] = field(default_factory=list)
    entries: list[list[Any]] = field(default_factory=list)
    assets: list[list[Any]] = field(default_factory=list)

    def step(self):
        acts = [self.add, self.add, self.add, self.retire, self.revise, self.asset, self.asset, self.judge]
        self.random.choice(acts)()

    def number(self, of):
        """One that is there, most of the time one of the latest."""
        return self.random.randint(max(1, len(of) - self.random.choice((4, 20))), len(of)) if of else 0

    def try_to(self, what, call, error):
        """Do it; the model says what stops it."""
        self.log.append(f"{what}: {error[0] if error else 'done'}")
        if not error:
            call()
            return True
        with reverts(self.registry, *error):
            call()
        return False

    def live_below(self, parent, kind):
        return sum(one[IS_LIVE] for one in self.entries if one[PARENT] == parent and one[KIND] == kind)

    def add(self):
        kind = self.random.choice([one for one in Kind if one])
        above = [n for n, one in enumerate(self.entries, 1) if one[KIND] == kind - 1]
        fitting = self.random.choice(above) if above and self.random.random() < 0.9 else self.number(self.entries)
        parent = fitting if kind in BELOW else 0
        what = f"add {kind.name} below {parent}"
        limit, error = (ROOTS | BELOW).get(kind), None
        if kind in BELOW and not (parent and self.entries[parent - 1][KIND] == kind - 1 and self.is_live(parent)):
            error = ("ContentRegistryBadParent", parent, kind - 1)
        elif limit and self.live_below(parent, kind) == limit:
            error = ("ContentRegistryFull", kind, parent, limit)
        by = {"from": self.steward}
        calls = {
            **dict.fromkeys((Kind.BRAND, Kind.PILLAR), lambda: self.registry.addBrand(kind, parent, text(what), by)),
            Kind.CLAIM: lambda: self.registry.addClaim(text(what), NO_END, by),
        }
        plan = lambda: self.registry.addPlan(kind, parent, text(what), NO_END, by)  # noqa: E731
        if self.try_to(what.split(" ")[0], calls.get(kind, plan), error):
            self.entries.append([kind, parent, True])

    def is_live(self, number):
        return self.entries[number - 1][IS_LIVE]

    def fault_of(self, number):
        return None if self.is_live(number) else ("ContentRegistryEntryRetired", number)

    def name_of(self, number):
        kind = self.entries[number - 1][KIND]
        return "Brand" if kind <= Kind.PILLAR else "Claim" if kind == Kind.CLAIM else "Plan"

    def retire(self, number=None):
        if not (number := number or self.number(self.entries)):
            return
        children = sum(one[IS_LIVE] for one in self.entries if one[PARENT] == number)
        error = self.fault_of(number) or (("ContentRegistryHasChildren", number, children) if children else None)
        function = getattr(self.registry, f"retire{self.name_of(number)}")
        if self.try_to("retire", lambda: function(number, {"from": self.steward}), error):
            self.entries[number - 1][IS_LIVE] = False

    def revise(self):
        if not (number := self.number(self.entries)):
            return
        name = self.name_of(number)
        more = [] if name == "Brand" else [self.random.randrange(2**32)]
        function = getattr(self.registry, f"revise{name}")
        call = lambda: function(number, text("again"), *more, {"from": self.steward})  # noqa: E731
        self.try_to("revise", call, self.fault_of(number))

    def asset(self):
        who, parent = self.random.choice(self.people), self.random.choice((0, self.number(self.assets)))
        terms, error = self.random.choice((0, 4, 6, 12, 14, 63)), None
        if parent:
            theirs = self.assets[parent - 1][TERMS]
            terms = self.random.choice((terms, theirs))
            if self.assets[parent - 1][STANDING] == RETIRED:
                error = ("ContentRegistryAssetRetired", parent)
            elif not theirs & DERIVATIVES:
                error = ("ContentRegistryNoDerivatives", parent)
            elif (theirs & SHARE_ALIKE and terms != theirs) or (theirs & ATTRIBUTION and not terms & ATTRIBUTION):
                error = ("ContentRegistryTermsShed", terms, parent, theirs)
        call = lambda: self.registry.addAsset(parent, text("asset"), terms, NO_END, {"from": who})  # noqa: E731
        if self.try_to("derive" if parent else "asset", call, error):
            self.assets.append([who, parent, terms, LIVE])

    def judge(self):
        """Endorse it or not, or its author retires it."""
        if not (number := self.number(self.assets)):
            return
        author, standing = (self.assets[number - 1][key] for key in (AUTHOR, STANDING))
        error = ("ContentRegistryAssetRetired", number) if standing == RETIRED else None
        to = self.random.choice((LIVE, ENDORSED, RETIRED))
        endorse = lambda: self.registry.endorse(number, to == ENDORSED, {"from": self.steward})  # noqa: E731
        retire = lambda: self.registry.retireAsset(number, {"from": author})  # noqa: E731
        if self.try_to("retire asset" if to == RETIRED else "endorse", retire if to == RETIRED else endorse, error):
            self.assets[number - 1][STANDING] = to

    def check(self):
        """What the last act touched; all of it at the end."""
        for kind, limit in ROOTS.items():
            assert self.registry.liveRoots(kind) == self.live_below(0, kind) <= limit

    def drain(self):
        self.everything_is_as_the_model_says()
        for number in range(len(self.entries), 0, -1):
            if self.is_live(number):
                self.retire(number)
        assert not any(one[IS_LIVE] for one in self.entries)
        assert [self.registry.liveRoots(kind) for kind in ROOTS] == [0, 0]

    def everything_is_as_the_model_says(self):
        assert (self.registry.entryCount(), self.registry.assetCount()) == (len(self.entries), len(self.assets))
        children = Counter(one[PARENT] for one in self.entries if one[IS_LIVE])
        for number, (kind, parent, is_live) in enumerate(self.entries, 1):
            told = self.registry.entryOf(number)
            assert tuple(told[:2]) == (self.steward, parent)  # C6
            assert tuple(told[3:6]) == (kind, children[number], is_live)  # C3
            assert children[number] <= max([0, *(limit for one, limit in BELOW.items() if one == kind + 1)])  # C1
            if kind in BELOW:
                assert 0 < parent < number  # C2
                assert self.entries[parent - 1][KIND] == kind - 1
                assert not is_live or self.registry.entryOf(parent)[5]  # C4
        for number, (author, parent, terms, standing) in enumerate(self.assets, 1):
            told = self.registry.assetOf(number)
            assert (*told[:2], *told[3:5]) == (author, parent, terms, standing)  # C6
            while parent:  # C5
                owed = self.registry.assetOf(parent)[3] & (ATTRIBUTION | SHARE_ALIKE)
                assert terms & owed == owed
                parent = self.assets[parent - 1][ORIGIN]


def test_content(accounts):
    registry = content.deploy(containers(), accounts[0], dict.fromkeys(content.OPENS, accounts[1]))
    run_histories(
        lambda source: ContentMachine(registry, accounts[1], accounts[2:5], source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=[
            *("add: done", "add: ContentRegistryFull", "add: ContentRegistryBadParent", "revise: done"),
            *("retire: done", "retire: ContentRegistryHasChildren", "retire asset: done", "endorse: done"),
            *("derive: done", "derive: ContentRegistryTermsShed"),
        ],
    )
