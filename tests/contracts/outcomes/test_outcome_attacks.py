"""Attacks on outcomes, under the recommended stakes. Each one fails here, or costs what is said.

reports
  when friends have them fall -> test_three_friendly_falls_void_nothing, test_255_falls_stop_no_report,
  test_voiding_costs_what_the_table_says, test_bound_where_nobody_else_judges_voiding_is_free
  when it came in time -> test_report_that_came_in_time_is_heard_to_its_end
  when the campaign ends early -> test_early_end_moves_no_window
  when it is not this board's -> test_campaign_of_another_board_is_refused
    or was over before the vote was -> test_campaign_of_an_earlier_board_is_refused
  when nobody could rule -> test_no_report_without_an_arbitrator
  at the edge -> test_report_has_its_time, test_report_in_the_last_second
challenges
  when the arbitrator cannot be asked -> test_arbitrator_that_cannot_be_asked_fells_the_report
  when the challenger keeps gas back -> test_starved_challenge_reverts
  when the chain turns back -> test_bound_a_challenge_follows_the_number_through_a_reorganisation
rulings
  late, twice, or taken back -> test_late_or_second_ruling_changes_nothing
  of two arbitrators with one number, or of one with a used one -> test_ids_of_two_arbitrators_do_not_meet,
                                                                   test_used_number_fells_the_report
  within the asking -> test_reentrant_arbitrator_changes_nothing
bonuses
  when it is final -> test_bonus_is_paid_in_proportion
  when it is none -> test_bonus_of_nothing_is_none
  when the lead is replaced -> test_new_lead_after_the_report_gets_no_bonus_and_is_no_party
  when the giver thinks better of it -> test_giver_cannot_take_the_bonus_back
money
  when a creditor is blocked -> test_blocked_creditor_stops_nobody
  when the token takes a fee -> test_fee_on_transfer_bond_is_refused
"""

from __future__ import annotations

import pytest
from brownie import accounts, chain
from brownie.exceptions import VirtualMachineError

from dmo.deploy.roles import ROLES
from tests.support import boards, clock, outcomes
from tests.support.campaigns import CHALLENGE, NOTICE, terms
from tests.support.outcomes import ASK, BOND, DAY, DURATION, META, ONE, STATEMENT
from tests.support.reverts import reverts

ZERO = "0x" + 40 * "0"
attack = pytest.mark.attack


# ── reports ─────────────────────────────────────────────────────────────────────────────────────


def test_report_has_its_time(scene, contract):
    fresh = outcomes.deploy()
    fresh.fund()
    begins, ends = fresh.window()
    closes = fresh.core.board.board.votingCloses(1)
    assert begins == max(fresh.core.escrow.escrow.campaignOf(fresh.campaign)["endsAt"], closes + DURATION)
    assert ends == fresh.core.board.board.lapsesAt(1) + DURATION + 90 * DAY
    clock.set_next(begins - 1)
    with reverts(contract, "OutcomesNotReportable", fresh.campaign, begins, ends):
        fresh.report()
    clock.set_next(begins)
    fresh.report()


@attack("outcome-last-second")
def test_report_in_the_last_second(scene, contract):
    """It is pending beyond the end, and then final; a second later none can come, and all is void."""
    begins, ends = scene.window()
    clock.set_next(ends)
    with reverts(contract, "OutcomesNotReportable", scene.campaign, begins, ends):
        scene.report()
    assert scene.state() == ("Void", 0, "0x" + 40 * "0")


@attack("outcome-last-second")
def test_report_that_came_in_time_is_heard_to_its_end(scene, contract):
    _, ends = scene.window()
    clock.set_next(ends - 1)
    report, dispute = scene.disputed()
    clock.pass_time(DAY)
    assert scene.state()[0] == "Pending"
    scene.arbitrator.rule(dispute, 1, {"from": accounts[6]})
    assert scene.state() == ("Final", 600_000, accounts[4])
    clock.pass_time(400 * DAY)
    contract.settle(report, {"from": accounts[6]})
    assert scene.state() == ("Final", 600_000, accounts[4])


@attack("outcome-voided")
def test_three_friendly_falls_void_nothing(scene):
    """Whatever falls, an honest report fits before the end."""
    for _ in range(3):
        scene.felled()
    scene.report(800_000)
    clock.pass_time(CHALLENGE)
    assert scene.state() == ("Final", 800_000, accounts[4])


@attack("outcome-voided")
def test_255_falls_stop_no_report(scene, contract):
    """What counts them stays at three, so a fourth and every other takes eight bonds."""
    for _ in range(6):
        scene.felled()
    assert contract.goalOf(scene.campaign)["fallen"] == 3
    assert contract.bondOf(scene.campaign) == 8 * BOND
    scene.report()


@attack("outcome-voided")
def test_voiding_costs_what_the_table_says(scene, contract):
    """Two friends pay half a bond for each fall, which is eight bonds' from the fourth on; nobody else pays."""
    before = sum(scene.token.balanceOf(who) for who in accounts[2:4])
    for _ in range(5):
        contract.settle(scene.felled(), {"from": accounts[6]})
    paid = before - sum(scene.token.balanceOf(who) for who in accounts[2:4]) - sum(scene.owed(*accounts[2:4]))
    assert paid == (1 + 2 + 4 + 8 + 8) * BOND // 2 == contract.toTreasury()


@attack("outcome-voided")
def test_bound_where_nobody_else_judges_voiding_is_free(scene, contract, ruler):
    """Below the quorum there is no ruling, and what that costs is for who judged: a friend. With others there it is
    ruled, and a false report costs half a bond again."""
    before = sum(scene.token.balanceOf(who) for who in accounts[2:5])
    for _ in range(2):
        report, dispute = scene.disputed()
        ruler.setShares(dispute, [accounts[4]], [1], {"from": accounts[6]})
        ruler.rule(dispute, 0, {"from": accounts[6]})
        contract.settle(report, {"from": accounts[6]})
        contract.payJurors(report, [accounts[4]], {"from": accounts[6]})
    spent = before - sum(scene.token.balanceOf(who) for who in accounts[2:5])
    assert (spent, contract.toTreasury()) == (sum(scene.owed(*accounts[2:5])), 0)


@attack("outcome-early-end")
def test_early_end_moves_no_window():
    """The end of reports never moves, their beginning no further than to the planned end."""
    scene = outcomes.deploy()
    scene.fund()
    _, ends = scene.window()
    escrow = scene.core.escrow.escrow
    soon = clock.set_next(clock.now() + 1) + NOTICE
    escrow.endEarly(scene.campaign, soon, {"from": accounts[4]})
    closes = scene.core.board.board.votingCloses(1)
    assert scene.window() == (closes + DURATION, ends)
    with reverts(scene.outcomes, "OutcomesNotReportable", scene.campaign, closes + DURATION, ends):
        scene.report()


@attack("outcome-of-another-board")
def test_campaign_of_another_board_is_refused(scene, contract):
    """An escrow that a second board funds from has campaigns that name rounds and numbers of that one."""
    world, by = scene.core.escrow, {"from": accounts[0]}
    world.manager.grantRole(ROLES["funder"].number, world.board, 0, by)
    for changes in ({"ask": ASK + 1}, {"feeBps": 999}):
        told = {"ask": ASK, "feeBps": 1_000, **changes}
        other = world.fund(round=1, number=1, durationSeconds=DURATION, **told)
        with reverts(contract, "OutcomesOtherBoard", other):
            contract.windowOf(other)
    with reverts(contract, "OutcomesOtherBoard", other + 1):
        contract.windowOf(other + 1)


@attack("outcome-of-another-board")
def test_campaign_of_an_earlier_board_is_refused():
    """Whoever posts chooses ask and fee, so one of old that is over can agree in all; what it reached is known."""
    scene = outcomes.deploy()
    world, by = scene.core.escrow, {"from": accounts[0]}
    world.manager.grantRole(ROLES["funder"].number, world.board, 0, by)
    told = {"round": 1, "number": 1, "ask": ASK, "feeBps": 1_000}
    closes = scene.core.board.board.votingCloses(1)
    old, running = (world.fund(**told, durationSeconds=closes - clock.set_next(clock.now() + 1) + at) for at in (0, 1))
    assert [world.escrow.campaignOf(one)["endsAt"] for one in (old, running)] == [closes, closes + 1]
    scene.fund()
    with reverts(scene.outcomes, "OutcomesOtherBoard", old):
        scene.outcomes.windowOf(old)
    assert scene.window(running) == (closes + DURATION, scene.window()[1])


@attack("outcome-nobody-rules")
def test_no_report_without_an_arbitrator():
    scene = outcomes.deploy()
    scene.core.escrow.desk.setTerms(terms(), {"from": accounts[0]})
    scene.fund()
    scene.to_reports()
    with reverts(scene.outcomes, "OutcomesNoArbitrator", scene.campaign):
        scene.report()


# ── challenges ──────────────────────────────────────────────────────────────────────────────────


@attack("outcome-nobody-rules")
def test_arbitrator_that_cannot_be_asked_fells_the_report(scene, contract, ruler):
    """The challenger's coin comes back, both pay a tenth, and the next report can come."""
    ruler.setCost(10**15, {"from": accounts[6]})
    ruler.setRefusing(True, {"from": accounts[6]})
    scene.report()
    before = accounts[3].balance()
    tx = scene.challenge(1, amount=10**15)
    assert (tx.events["OutcomeChallenged"]["isAsked"], tx.return_value) == (False, 0)
    assert (accounts[3].balance(), contract.balance()) == (before, 0)
    assert scene.state()[0] == "None"
    contract.settle(1, {"from": accounts[6]})
    assert scene.owed(accounts[2], accounts[3]) == [BOND - BOND // 10] * 2
    assert contract.toTreasury() == 2 * (BOND // 10)
    scene.report()


@attack("outcome-dispute-ids")
def test_used_number_fells_the_report(scene, contract, ruler):
    """And the jurors of the dispute that had it first are paid for that alone."""
    first, dispute = scene.disputed()
    ruler.setShares(dispute, [accounts[10]], [1], {"from": accounts[6]})
    ruler.rule(dispute, 2, {"from": accounts[6]})
    ruler.setNextID(dispute, {"from": accounts[6]})
    second = scene.report().return_value
    tx = scene.challenge(second)
    assert not tx.events["OutcomeChallenged"]["isAsked"]
    contract.settle(second, {"from": accounts[6]})
    assert [contract.reportById(one)["pot"] for one in (first, second)] == [BOND // 2, 0]
    assert contract.toTreasury() == 2 * (2 * BOND // 10)


@attack("outcome-starved")
def test_starved_challenge_reverts(scene, contract, ruler):
    """It cannot fail for want of gas that the challenger kept back: with all gas there it would be asked."""
    scene.report()
    asked, gas = None, 300_000
    while asked is None:
        gas += 100_000
        try:
            asked = scene.challenge(1, gas_limit=gas)
        except VirtualMachineError:
            assert scene.state()[0] == "Pending"
            assert contract.reportById(1)["challenger"] == ZERO
    assert gas > 1_000_000
    assert asked.events["OutcomeChallenged"]["isAsked"]


@attack("outcome-reorganisation")
def test_bound_a_challenge_follows_the_number_through_a_reorganisation(scene, contract, ruler):
    """A challenge names a report by its number: sent for a lie, it is about whatever stands there in the end."""
    chain.snapshot()
    assert scene.report(ONE).return_value == 1
    sent = contract.challenge.encode_input(1, STATEMENT)
    chain.revert()
    clock.forget()
    scene.report(600_000, by=accounts[5])
    accounts[3].transfer(contract, data=sent)
    assert contract.reportById(1)["ppm"] == 600_000
    ruler.rule(1, 1, {"from": accounts[6]})
    contract.settle(1, {"from": accounts[6]})
    assert scene.owed(accounts[5], accounts[3]) == [2 * BOND - BOND // 2, 0]


@attack("outcome-reentry")
def test_reentrant_arbitrator_changes_nothing(scene, contract, ruler):
    scene.report()
    for act in (contract.settle.encode_input(1), contract.rule.encode_input(1, 1)):
        ruler.setReentry(contract, act, {"from": accounts[6]})
    scene.challenge(1)
    assert not ruler.hasReentered()
    assert scene.state()[0] == "Pending"


# ── rulings ─────────────────────────────────────────────────────────────────────────────────────


@attack("outcome-late-ruling")
def test_late_or_second_ruling_changes_nothing(scene, contract, ruler):
    report, dispute = scene.disputed()
    until = contract.reportById(report)["until"]
    ruler.rule(dispute, 2, {"from": accounts[6]})
    with reverts(contract, "OutcomesNotOpen", report, until):
        ruler.rule(dispute, 1, {"from": accounts[6]})
    second, dispute = scene.disputed()
    until = clock.set_next(contract.reportById(second)["until"])
    with reverts(contract, "OutcomesNotOpen", second, until):
        ruler.rule(dispute, 1, {"from": accounts[6]})
    assert scene.state()[0] == "None"


@attack("outcome-dispute-ids")
def test_ids_of_two_arbitrators_do_not_meet(HostileArbitrator, scene, contract, ruler):
    """Another arbitrator's dispute of the same number is none of ours."""
    report, dispute = scene.disputed()
    other = HostileArbitrator.deploy({"from": accounts[0]})
    with reverts(contract, "OutcomesNotArbitrator", other, dispute):
        other.ruleAt(contract, dispute, 2, {"from": accounts[6]})
    assert scene.state()[0] == "Pending"
    assert contract.reportOf(other, dispute) == 0
    assert contract.reportOf(ruler, dispute) == report


# ── bonuses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def promised():
    """A campaign that runs, with bonuses of two givers."""
    scene = outcomes.deploy()
    scene.fund()
    scene.outcomes.offerBonus(scene.campaign, 1_000, {"from": accounts[5]})
    scene.outcomes.offerBonus(scene.campaign, 1, {"from": accounts[5]})
    scene.outcomes.offerBonus(scene.campaign, 500, {"from": accounts[3]})
    return scene


def test_bonus_is_paid_in_proportion(promised):
    """To the unit; what is left of it returns."""
    contract = promised.outcomes
    assert contract.bonusOf(promised.campaign, accounts[5]) == 1_001
    promised.to_reports()
    with reverts(contract, "OutcomesTooLateForBonus", promised.campaign, promised.window()[0]):
        contract.offerBonus(promised.campaign, 1, {"from": accounts[5]})
    with reverts(contract, "OutcomesNotDecided", promised.campaign):
        contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[6]})
    promised.report(333_333)
    clock.pass_time(CHALLENGE)
    tx = contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[6]})
    assert dict(tx.events["BonusSettled"]) == {
        "campaign": promised.campaign,
        "giver": accounts[5],
        "lead": accounts[4],
        "toLead": 1_001 * 333_333 // ONE,
        "toGiver": 1_001 - 1_001 * 333_333 // ONE,
    }
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[6]})


@attack("outcome-bonus-back")
def test_giver_cannot_take_the_bonus_back(promised):
    """Until the outcome is final or void; where it is void all returns."""
    contract = promised.outcomes
    for _ in range(2):
        with reverts(contract, "OutcomesNotDecided", promised.campaign):
            contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[5]})
        clock.mine_at(promised.window()[1] - 1)
    clock.set_next(promised.window()[1])
    contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[6]})
    assert promised.owed(accounts[5], accounts[4]) == [1_001, 0]


@attack("outcome-new-lead")
def test_new_lead_after_the_report_gets_no_bonus_and_is_no_party(promised):
    contract, escrow = promised.outcomes, promised.core.escrow.escrow
    promised.to_reports()
    _, dispute = promised.disputed()
    escrow.replaceLead(promised.campaign, accounts[9], {"from": accounts[0]})
    assert contract.goalOf(promised.campaign)["lead"] == accounts[4]
    assert accounts[9] not in contract.partiesOf(promised.arbitrator, dispute)
    promised.arbitrator.rule(dispute, 1, {"from": accounts[6]})
    contract.settleBonus(promised.campaign, accounts[5], {"from": accounts[6]})
    assert promised.owed(accounts[9], accounts[4]) == [0, 1_001 * 600_000 // ONE]


def test_bonus_of_nothing_is_none(promised):
    with reverts(promised.outcomes, "OutcomesNothingDue", 0):
        promised.outcomes.offerBonus(promised.campaign, 0, {"from": accounts[5]})


# ── money ───────────────────────────────────────────────────────────────────────────────────────


@attack("outcome-blocked-creditor")
def test_blocked_creditor_stops_nobody(scene, contract, ruler):
    """It fetches elsewhere, or the treasury has it in a year."""
    report, dispute = scene.disputed()
    ruler.rule(dispute, 0, {"from": accounts[6]})
    contract.settle(report, {"from": accounts[6]})
    scene.token.setBlocked(accounts[2], True, {"from": accounts[0]})
    with reverts(scene.token, "StablecoinBlocked", accounts[2]):
        contract.withdraw(accounts[2], {"from": accounts[6]})
    contract.withdraw(accounts[3], {"from": accounts[6]})
    contract.withdrawTo(accounts[13], {"from": accounts[2]})
    assert scene.held() == contract.toTreasury()


@attack("outcome-paid-short")
def test_fee_on_transfer_bond_is_refused(HostileToken, Outcomes, scene):
    """The last creditor would be short of it."""
    from tests.support import core

    token = HostileToken.deploy(6, {"from": accounts[0]})
    world = core.deploy({str(accounts[8]): 500_000}, boards.CAP, budget=token)
    world.escrow.fill(10 * boards.CAP)
    by = {"from": accounts[0]}
    world.escrow.desk.setTerms(terms(arbitrator=scene.arbitrator, paysJurors=True), by)
    short = outcomes.Scene(world, Outcomes.deploy(world.board.board, world.escrow.treasury, META, by), scene.arbitrator)
    short.fund()
    token.mint(accounts[2], BOND, by)
    token.approve(short.outcomes, BOND, {"from": accounts[2]})
    short.to_reports()
    token.setFee(1, by)
    with reverts(short.outcomes, "OutcomesTooLittleArrived", BOND - BOND // 10_000, BOND):
        short.report()
