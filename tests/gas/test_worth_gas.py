"""Gas of outcomes, forecasts, drops and badges.

gas
  of a report, its challenge before a jury, and its ends -> test_gas_of_outcomes
  of a market -> test_gas_of_forecasts
  of a drop among a thousand -> test_gas_of_drops
  of a badge, by points, an idea, or twenty rulings -> test_gas_of_badges
"""

from __future__ import annotations

from brownie import accounts

from dmo.core.merkle import Share, Tree
from tests.support import clock, drops, forecasts, outcomes
from tests.support.campaigns import CHALLENGE
from tests.support.forecasts import LEAST, MOST, NOTHING, ONE
from tests.support.gas import FIRST
from tests.support.governance import containers
from tests.support.jury import JURORS, WAD, deploy_court
from tests.support.outcomes import ASK, DAY

RULINGS = 20
JUROR = 11


def jury():
    return accounts[JUROR : JUROR + len(JURORS)]


def court():
    return deploy_court(accounts[0], dict(zip(JURORS, jury(), strict=True)), accounts[7], accounts[9])


def judged(court_, dispute):
    """All jurors say that the report falls."""
    for juror in jury():
        court_.commit(dispute, juror, 2)
    court_.start_reveals(dispute)
    for juror in jury():
        court_.reveal(dispute, juror, 2)
    court_.end_reveals(dispute)


def test_gas_of_outcomes(gas):
    court_ = court()
    scene = outcomes.deploy(arbitrator=court_.jury)
    contract, by = scene.outcomes, {"from": accounts[6]}
    court_.jury.admit(contract, {"from": accounts[0]})
    scene.fund()
    scene.token.approve(contract, 2**255, {"from": accounts[5]})
    gas("bonus.offer", contract.offerBonus(scene.campaign, ASK, {"from": accounts[5]}).gas_used, FIRST)
    gas("bonus.offer", contract.offerBonus(scene.campaign, ASK, {"from": accounts[3]}).gas_used)
    scene.to_reports()
    court_.next_round()
    report = scene.report()
    gas("outcome.report", report.gas_used)
    asked = scene.challenge(1)
    gas("outcome.challenge", asked.gas_used)
    judged(court_, asked.return_value)
    gas("outcome.settle.ruled", contract.settle(1, by).gas_used)
    gas("outcome.jurors", contract.payJurors(1, jury(), by).gas_used // len(JURORS))
    gas("outcome.withdraw", contract.withdraw(accounts[JUROR], by).gas_used, FIRST)
    court_.next_round()
    second = scene.report().return_value
    dispute = scene.challenge(second).return_value
    judged(court_, dispute)
    court_.jury.executeRuling(dispute, by)
    third = scene.report(by=accounts[3])  # the one before was not settled: it does that, too
    gas("outcome.report.anew", third.gas_used)
    clock.mine_at(clock.now() + CHALLENGE)
    gas("outcome.settle", contract.settle(third.return_value, by).gas_used)
    gas("bonus.settle", contract.settleBonus(scene.campaign, accounts[5], by).gas_used)
    gas("outcome.withdraw", contract.withdraw(accounts[3], by).gas_used)


def test_gas_of_forecasts(gas):
    market = forecasts.deploy()
    contract, by = market.contract, {"from": accounts[6]}
    gas("forecast.sponsor", market.sponsor(10 * LEAST).gas_used, FIRST)
    gas("forecast.sponsor", market.sponsor(LEAST, by=accounts[5]).gas_used)
    gas("forecast.move", market.move(600_000).gas_used, FIRST)
    gas("forecast.move", market.move(700_000).gas_used)
    market.move(600_000)
    gas("forecast.move.free", contract.move(1, 1, 650_000, MOST, NOTHING, {"from": accounts[3]}).gas_used)
    campaign = market.fund(is_linked=False)
    gas("forecast.link", contract.link(1, 1, campaign, by).gas_used)
    market.scene.to_reports()
    market.scene.report(ONE)
    clock.mine_at(clock.now() + CHALLENGE)
    gas("forecast.claim", contract.claim(1, 1, accounts[2], by).gas_used)
    gas("forecast.withdraw", contract.withdraw(accounts[2], by).gas_used)


def test_gas_of_drops(gas):
    has, by = containers(), {"from": accounts[0]}
    token, contract = has.Stablecoin.deploy("Dollar", "USD", 6, by), has.Drops.deploy(by)
    shares = [Share(index, str(accounts[2 + index % 4]), 10**6) for index in range(1_000)]
    tree = Tree(tuple(shares))
    token.mint(accounts[0], 10 * tree.total, by)
    token.approve(contract, 2**255, by)
    for who in accounts[2:6]:
        token.mint(who, 1, by)
    made = drops.put_up(contract, token, tree.root, accounts[0], amount=tree.total, tx=True)
    gas("drop.create", made.gas_used)
    clock.mine_at(clock.now() + DAY)
    gas("drop.claim", drops.claim_of(contract, 1, tree, shares[256], accounts[6]).gas_used, FIRST)
    gas("drop.claim", drops.claim_of(contract, 1, tree, shares[257], accounts[6]).gas_used)
    clock.mine_at(clock.now() + 30 * DAY)
    gas("drop.take-back", contract.takeBack(1, {"from": accounts[6]}).gas_used)


def test_gas_of_badges(gas):
    has, by = containers(), {"from": accounts[0]}
    court_ = court()
    badges = has.Badges.deploy(court_.manager, "Harbour badges", "HBDG", by)
    scene = outcomes.deploy()
    campaign = scene.fund()
    rules = (
        has.PointsRule.deploy(court_.reputation, WAD, by),
        has.FundedIdeaRule.deploy(scene.core.board.board, by),
        has.RulingsRule.deploy(court_.jury, RULINGS, by),
    )
    for rule in rules:
        badges.addClass(rule, "Badge", NOTHING, by)

    def claim(kind, who, *numbers):
        witness = b"".join(number.to_bytes(32, "big") for number in numbers)
        return badges.claim(kind, who, witness, {"from": accounts[6]}).gas_used

    court_.award({accounts[10]: 10 * WAD})
    gas("badge.points", claim(1, accounts[10], int(court_.reputation.boundaryOf(clock.now()))))
    gas("badge.idea", claim(2, accounts[8], campaign))
    ids = [court_.open() for _ in range(RULINGS)]
    for dispute in ids:
        court_.commit(dispute, accounts[JUROR], 1)
    clock.set_next(court_.windows(ids[-1])[0])
    for dispute in ids:
        court_.reveal(dispute, accounts[JUROR], 1)
    clock.mine_at(court_.windows(ids[-1])[1])
    gas("badge.rulings.twenty", claim(3, accounts[JUROR], *ids))
