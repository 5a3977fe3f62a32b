"""Random lives of two forecasts' markets, against a plain model, to the unit.

- F1: the contract holds what is left in both, what is free and what was sent, and nothing else.
- F2: whatever the outcome, everybody is paid, and less than a unit for each that moved and each that sponsored is left;
  at 0, where it began, where it ended, and 1,000,000 in every history. All outcomes there are:
  tests/contracts/forecasts/test_forecasts.py.
- F3: nobody's claim is below 0.
- F4: a market that is void returns what each account left.
- F5: moves that end where they began leave nothing, while the depth stays.
- F6: the order of claims changes nothing.
- F7: void and final stay what they are.
- F8: chain and model agree.

the machine -> test_forecasts_agree_with_the_model
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field

import brownie
from brownie import accounts

from tests.support import clock, forecasts
from tests.support.campaigns import CHALLENGE
from tests.support.forecasts import LEAST, MOST, ONE, START
from tests.support.histories import run_histories
from tests.support.models.market import Market
from tests.support.outcomes import DAY

HISTORIES, STEPS = 50, 6
PEOPLE = range(2, 6)
PURSE = "purse"
ENDS = ("final", "final", "final", "unreported", "unlinked")


@dataclass
class ForecastsMachine:
    """Markets 1, whose idea passes, and 2, whose does not; people are named by their place among the accounts."""

    scene: forecasts.Market
    random: random.Random
    log: list[str] = field(default_factory=list)
    free: Counter[object] = field(default_factory=Counter)
    sent: int = 0
    at: int = 1

    def __post_init__(self):
        self.markets = {1: Market(), 2: Market()}

    @property
    def contract(self):
        return self.scene.contract

    def step(self):
        acts = [self.sponsor, self.move, self.move, self.move, self.there_and_back, self.money, self.purse, self.donate]
        number = self.at = self.random.choice([1, 1, 1, 2])
        act = self.random.choice(acts) if self.markets[number].depth else self.sponsor
        act(number, self.random.choice(PEOPLE))

    def told(self, act, wrong, *arguments):
        self.log.append(f"{act}{' refused' if wrong else ''}({', '.join(map(str, arguments))}) {wrong}")
        return brownie.reverts(revert_pattern=f"Forecasts{wrong}: .*") if wrong else nullcontext()

    def ppm(self):
        dice = self.random
        return dice.choice([0, 1, ONE - 1, ONE, START, dice.randint(0, ONE), dice.randint(0, ONE)])

    def sponsor(self, number, who):
        market, dice = self.markets[number], self.random
        amount = dice.choice([LEAST - 1, LEAST, LEAST, LEAST * dice.randint(1, 50) + dice.getrandbits(20)])
        start, seen = self.ppm(), market.ppm
        bounds = dice.choice([(0, ONE), (0, ONE), (START, ONE)])
        here = start if seen is None else seen
        wrong = "TooLittle" if not market.depth and amount < LEAST else ""
        wrong = wrong or ("" if bounds[0] <= here <= bounds[1] else "MovedAway")
        with self.told("sponsor", wrong, number, who, amount, start):
            self.scene.sponsor(amount, start, by=accounts[who], number=number, least=bounds[0], most=bounds[1])
        if not wrong:
            market.sponsor(who, amount, start)

    def move(self, number, who, to=None):
        market, to = self.markets[number], self.ppm() if to is None else to
        a_b = market.positions.get(who, (0, 0))
        if to == market.ppm:
            wrong, most, paid = "BadShare", MOST, 0
        else:
            trial = Market(market.ppm, market.depth, {who: a_b})
            paid = trial.move(who, to)
            most = self.random.choice([MOST, MOST, max(0, paid), max(0, paid - 1)])
            wrong = "CostsMore" if paid > most else ""
        with self.told("move", wrong, number, who, to):
            self.scene.move(to, by=accounts[who], most=most, number=number)
        if not wrong:
            assert market.move(who, to) == paid
            self.free[who] += -paid if paid < 0 else -min(self.free[who], paid)

    def there_and_back(self, number, who):
        """By nobody else in between."""
        market = self.markets[number]
        before, position = market.ppm, market.positions.get(who, (0, 0))
        self.scene.move((before + 1 + self.random.randrange(ONE)) % (ONE + 1), by=accounts[who], number=number)
        self.scene.move(before, by=accounts[who], number=number)
        assert self.contract.positionOf(1, number, accounts[who]) == position
        self.free[who] = int(self.contract.free(accounts[who]))
        self.log.append("there and back()")

    def money(self, _number, who):
        owners = [one for one in PEOPLE if self.free[one]]
        if owners and self.random.random() < 0.7:
            who = self.random.choice(owners)
            with self.told("withdraw", "", who):
                self.contract.withdraw(accounts[who], {"from": accounts[6]})
            self.free[who] = 0
        else:
            amount = self.random.choice([1, 12_345, LEAST])
            with self.told("deposit", "", who, amount):
                self.contract.depositFor(accounts[who], amount, {"from": accounts[5]})
            self.free[who] += amount

    def purse(self, number, who):
        """Some is put in, and it tries to open a market, which there is."""
        self.contract.depositFor(self.contract, LEAST, {"from": accounts[who]})
        self.free[PURSE] += LEAST
        with self.told("purse", "PurseOnlyOpens", number):
            self.contract.openFromPurse(1, number, {"from": accounts[6]})

    def donate(self, _number, who):
        self.scene.token.transfer(self.contract, 3, {"from": accounts[who]})
        self.sent += 3
        self.log.append("donate()")

    def check(self):
        known, market = self.contract.marketOf(1, self.at), self.markets[self.at]
        assert (known["depth"], known["ppm"]) == (market.depth, market.ppm or 0)
        assert self.scene.held() == sum(one.held() for one in self.markets.values()) + self.free.total() + self.sent

    def drain(self):
        for number in (1, 2):  # of what nobody sponsored the purse opens what passes
            if not self.markets[number].depth and self.free[PURSE] >= LEAST and number == 1:
                self.contract.openFromPurse(1, 1, {"from": accounts[6]})
                self.markets[1].sponsor(PURSE, LEAST, START)
                self.free[PURSE] -= LEAST
        end = self.random.choice(ENDS)
        outcome = self.random.choice([0, ONE, START, self.markets[1].ppm or 0, self.random.randint(0, ONE)])
        self.scene.fund(is_linked=end != "unlinked" and bool(self.markets[1].depth))
        if end == "final":
            self.scene.scene.to_reports()
            self.scene.scene.report(outcome)
            clock.mine_at(clock.now() + CHALLENGE)
        elif end == "unreported":
            clock.mine_at(self.scene.scene.window()[1])
        else:
            clock.mine_at(self.scene.scene.core.board.board.lapsesAt(1) + 14 * DAY)
        self.log.append(f"{end}({outcome})")
        states = [self.scene.state(number) for number in (1, 2)]
        told = ("Final", outcome) if end == "final" else ("Void", 0)
        assert states == [
            told if self.markets[1].depth else ("None", 0),
            ("Void" if self.markets[2].depth else "None", 0),
        ]
        self.solvent()
        self.claims(1, outcome if end == "final" else None)
        self.claims(2, None)
        assert [self.scene.state(number) for number in (1, 2)] == states
        for who in PEOPLE:
            assert self.scene.free(accounts[who]) == [self.free[who]]
            if self.free[who]:
                self.contract.withdraw(accounts[who], {"from": accounts[6]})
        assert self.scene.free(self.contract) == [self.free[PURSE]]
        clock.mine_at(clock.now() + 400 * DAY)
        assert [self.scene.state(number) for number in (1, 2)] == states

    def solvent(self):
        for number, market in self.markets.items():
            if market.depth:
                everybody = market.accounts()
                for x in (0, START, market.ppm, ONE, self.random.randint(0, ONE)):
                    worth = {who: market.worth(who, x) for who in everybody}
                    assert min(worth.values()) >= 0
                    assert 0 <= market.held() - sum(worth.values()) < len(market.positions) + len(market.sponsors)
                who = self.random.choice(sorted(everybody, key=str))
                at = self.contract if who == PURSE else accounts[who]
                assert self.contract.worthAt(1, number, at, x) == market.worth(who, x)

    def claims(self, number, outcome):
        market = self.markets[number]
        everybody = [
            who for who in market.accounts() if market.void(who) or market.positions.get(who, (0, 0)) != (0, 0)
        ]
        self.random.shuffle(everybody)
        for who in everybody:
            at = self.contract if who == PURSE else accounts[who]
            due = market.void(who) if outcome is None else market.worth(who, outcome)
            tx = self.contract.claim(1, number, at, {"from": accounts[6]})
            assert tx.events["ForecastClaimed"]["amount"] == due
            if outcome is None:
                assert due == market.paid.get(who, 0) + market.sponsors.get(who, (0,))[0]
            self.free[who] += due


def test_forecasts_agree_with_the_model():
    scene = forecasts.deploy(ideas=2)
    run_histories(
        lambda source: ForecastsMachine(scene, source),
        histories=HISTORIES,
        steps=STEPS,
        must_hold=(
            *("sponsor", "sponsor refused", "move", "move refused", "there and back", "deposit", "withdraw"),
            *("purse refused", "donate", "final", "unreported", "unlinked"),
        ),
    )
