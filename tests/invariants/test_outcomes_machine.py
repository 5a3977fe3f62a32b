"""Random lives of a campaign's outcome, against a plain model, to the unit.

- O1: the contract holds bonds, pots, credits, bonuses and what is the treasury's, and nothing else.
- O2: final and void never change.
- O3: at most one report is pending.
- O5: each report gives out what it took in.
- O6: after the last end anybody's calls bring it to nothing.
- O7: a bond depends on terms, ask and on how many fell.

the machine -> test_outcomes
"""

from __future__ import annotations

import random
from contextlib import nullcontext
from dataclasses import dataclass, field

import brownie
from brownie import accounts

from tests.support import outcomes
from tests.support.campaigns import ARBITRATION, CHALLENGE
from tests.support.clock import mine_at, now, set_next
from tests.support.histories import run_histories
from tests.support.models import outcomes as model
from tests.support.outcomes import BOND, DAY, ONE, Scene

HISTORIES, STEPS = 50, 8
PEOPLE = range(2, 6)
LEAD, JURORS = 4, (10, 11, 12)


@dataclass
class OutcomesMachine:
    """A campaign that can be reported, and its model; people are named by their place among the accounts."""

    scene: Scene
    random: random.Random
    log: list[str] = field(default_factory=list)
    dispute: dict[int, int] = field(default_factory=dict)
    last: tuple[str, int] = ("None", 0)

    def __post_init__(self):
        begins, ends = self.scene.window()
        self.model = model.Outcomes(begins, ends, BOND, CHALLENGE, ARBITRATION)
        self.model.bonus.update({"5": 1_000_001, "3": 7})
        self.scene.arbitrator.setNextID(1, {"from": accounts[0]})

    @property
    def contract(self):
        return self.scene.outcomes

    def step(self):
        acts = [
            self.report,
            self.challenge,
            self.rule,
            self.settle,
            self.jurors,
            self.bonus,
            self.withdraw,
            self.donate,
        ]
        if self.random.random() < 0.65:
            act, wait = self.next(), self.random.choice([1, 1, 1, DAY])
        else:
            act, wait = (
                self.random.choice(acts),
                self.random.choice([1, CHALLENGE - 1, CHALLENGE, ARBITRATION, 40 * DAY]),
            )
        act(set_next(now() + wait))

    def next(self):
        """What somebody would do now."""
        latest = self.model.reports[-1] if self.model.reports else None
        if latest is None:
            return self.report
        if self.model.verdict(latest, now()) is None:
            return self.rule if latest.challenger else self.challenge
        if not latest.is_settled:
            return self.settle
        if any(latest.pot.values()):
            return self.jurors
        return self.report if self.model.state(now())[0] == "None" else self.bonus

    def who(self):
        return self.random.choice(PEOPLE)

    def told(self, act, wrong, *arguments):
        self.log.append(f"{act}{' refused' if wrong else ''}({', '.join(map(str, arguments))}) {wrong}")
        return brownie.reverts(revert_pattern=f"Outcomes{wrong}: .*") if wrong else nullcontext()

    def some(self):
        """Mostly the latest report."""
        known = self.model.reports
        number = len(known) if self.random.random() < 0.8 else self.random.randint(1, len(known))
        return number, known[number - 1]

    def report(self, at):
        who, ppm = self.who(), self.random.choice([0, 1, 500_000, ONE])
        with self.told("report", self.model.report(at, str(who), ppm), who, ppm):
            self.scene.report(ppm, by=accounts[who])

    def challenge(self, at):
        if not self.model.reports:
            return self.report(at)
        number, report = self.some()
        who = self.who()
        wrong = self.model.challenge(at, report, str(who))
        with self.told("challenge", wrong, number, who):
            self.dispute[number] = self.scene.challenge(number, by=accounts[who]).return_value
        if not wrong and self.random.random() < 0.7:
            report.shares = {str(one): self.random.randint(1, 50) for one in self.random.sample(JURORS, 2)}
            who = [accounts[int(one)] for one in report.shares]
            self.scene.arbitrator.setShares(
                self.dispute[number], who, list(report.shares.values()), {"from": accounts[0]}
            )
        return None

    def rule(self, at):
        if not self.dispute:
            return self.challenge(at)
        number = max(self.dispute) if self.random.random() < 0.8 else self.random.choice([*self.dispute])
        ruling = self.random.choice([0, 1, 2, 2, 3])
        wrong = self.model.rule(at, self.model.reports[number - 1], ruling)
        with self.told("rule", wrong, number, ruling):
            self.scene.arbitrator.rule(self.dispute[number], ruling, {"from": accounts[0]})
        return None

    def settle(self, at):
        if not self.model.reports:
            return self.report(at)
        number, report = self.some()
        with self.told("settle", self.model.settle(at, report), number):
            self.contract.settle(number, {"from": accounts[6]})
        return None

    def jurors(self, at):
        if not self.model.reports:
            return self.bonus(at)
        number, report = self.some()
        with self.told("jurors", self.model.pay_jurors(report), number):
            self.contract.payJurors(number, [accounts[one] for one in JURORS], {"from": accounts[6]})
        return None

    def bonus(self, at):
        giver = self.random.choice([3, 5])
        with self.told("bonus", self.model.settle_bonus(at, str(giver), str(LEAD)), giver):
            self.contract.settleBonus(self.scene.campaign, accounts[giver], {"from": accounts[6]})

    def withdraw(self, _at):
        who = self.random.choice([*PEOPLE, *JURORS])
        with self.told("withdraw", self.model.withdraw(str(who)), who):
            self.contract.withdraw(accounts[who], {"from": accounts[6]})

    def donate(self, _at):
        """Whatever anybody sends changes nothing."""
        self.scene.token.transfer(self.contract, 3, {"from": accounts[5]})
        self.model.sent += 3
        self.log.append("donate()")

    def check(self):
        moment = now()
        state, ppm, _ = self.scene.state()
        assert (state, ppm) == self.model.state(moment)
        if self.last[0] in ("Final", "Void"):
            assert (state, ppm) == self.last
        self.last = state, ppm
        assert self.scene.held() == self.model.held() + self.model.sent
        if state == "None":
            assert self.contract.bondOf(self.scene.campaign) == self.model.bond()

    def drain(self):
        mine_at(max(now(), self.model.ends) + CHALLENGE + ARBITRATION + model.YEAR)
        by = {"from": accounts[6]}
        for number, report in enumerate(self.model.reports, 1):
            if not report.is_settled:
                assert not self.model.settle(now() + 1, report)
                self.contract.settle(number, by)
            if any(report.pot.values()):
                self.model.pay_jurors(report)
                self.contract.payJurors(number, [accounts[one] for one in JURORS], by)
        for giver in (3, 5):
            if self.model.bonus[str(giver)]:
                assert not self.model.settle_bonus(now() + 1, str(giver), str(LEAD))
                self.contract.settleBonus(self.scene.campaign, accounts[giver], by)
        for who in (*PEOPLE, *JURORS):
            assert self.scene.owed(accounts[who]) == [self.model.owed[str(who)]]
            if self.model.owed[str(who)]:
                self.contract.withdraw(accounts[who], by)
        assert self.contract.toTreasury() == self.model.to_treasury
        if self.model.to_treasury:
            self.contract.sendToTreasury(by)
        assert self.scene.held() == self.model.sent


def test_outcomes():
    scene = outcomes.deploy()
    scene.fund()
    for giver, amount in ((5, 1_000_001), (3, 7)):
        scene.outcomes.offerBonus(scene.campaign, amount, {"from": accounts[giver]})
    scene.to_reports()
    mine_at(now() + 1)
    run_histories(
        lambda source: OutcomesMachine(scene, source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=("report", "report refused", "challenge", "rule", "settle", "jurors", "bonus", "withdraw", "donate"),
    )
