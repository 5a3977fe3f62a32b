"""Outcomes: reports, challenges, rulings, ends.

report
  when it is more than all, or has no evidence -> test_report_is_a_share_with_evidence
  when one is pending or stands -> test_one_report_is_in_force
  else it takes the bond, and names the lead -> test_report_takes_a_bond
  after one that fell it takes twice as much, eight times at most -> test_bond_doubles_three_times
challenge
  when there is none, or its time is over, or it was challenged -> test_challenge_has_its_time
  when the coin is not what it costs -> test_challenge_costs_what_the_arbitrator_says
  else it is a dispute of the arbitrator -> test_challenge_asks_the_arbitrator
rule
  by somebody else -> test_only_the_arbitrator_rules
settle
  before the end -> test_pending_report_is_not_settled
  by the table of ends -> test_ends, test_unchallenged_report_gets_its_bond_back
  where nobody hands the ruling over -> test_ruling_is_asked_for_in_time
parties
  are each one once -> test_parties_are_each_once
evidence
  while the dispute is open -> test_evidence_while_it_is_open
jurors
  are credited, and after a year the treasury is -> test_jurors_are_paid_or_the_treasury
credits
  are paid to whose they are, elsewhere by them alone -> test_credits
  that nobody fetches -> test_forgotten_credit_is_the_treasurys
views
  board, treasury and the question are told -> test_names_what_it_is_bound_to
"""

from __future__ import annotations

import pytest
from brownie import accounts

from tests.support import clock
from tests.support.campaigns import path
from tests.support.outcomes import ARBITRATION, BOND, CHALLENGE, DAY, EVIDENCE, META, ONE, STATEMENT
from tests.support.reverts import reverts

YEAR = 365 * DAY
ZERO32 = b"\0" * 32
ZERO = "0x" + 40 * "0"


def text(digest):
    return "0x" + digest.hex()


# ── report ──────────────────────────────────────────────────────────────────────────────────────


def test_report_takes_a_bond(scene, contract):
    assert contract.bondOf(scene.campaign) == BOND
    assert scene.state() == ("None", 0, ZERO)
    tx = scene.report(123_456)
    assert dict(tx.events["OutcomeReported"]) == {
        "report": 1,
        "campaign": scene.campaign,
        "reporter": accounts[2],
        "ppm": 123_456,
        "bond": BOND,
        "lead": accounts[4],
        "evidence": text(EVIDENCE),
    }
    assert contract.reports() == tx.return_value == 1
    assert contract.goalOf(scene.campaign) == (accounts[4], 1, 0)
    assert scene.held() == BOND
    assert scene.state() == ("Pending", 0, accounts[4])


def test_report_is_a_share_with_evidence(scene, contract):
    with reverts(contract, "OutcomesMoreThanAll", ONE + 1, ONE):
        scene.report(ONE + 1)
    with reverts(contract, "OutcomesNoDigest"):
        contract.report(scene.campaign, 1, ZERO32, {"from": accounts[2]})


def test_one_report_is_in_force(scene, contract):
    scene.report()
    with reverts(contract, "OutcomesReportInForce", scene.campaign, 1):
        scene.report(by=accounts[3])
    clock.pass_time(CHALLENGE)
    assert scene.state() == ("Final", 600_000, accounts[4])
    with reverts(contract, "OutcomesReportInForce", scene.campaign, 1):
        scene.report(by=accounts[3])


def test_bond_doubles_three_times(scene, contract):
    """Also where nobody settled what fell."""
    for times in (1, 2, 4, 8, 8):
        assert contract.bondOf(scene.campaign) == times * BOND
        report = scene.felled()
        assert contract.reportById(report)["bond"] == times * BOND
    assert scene.state() == ("None", 0, accounts[4])


# ── challenge ───────────────────────────────────────────────────────────────────────────────────


def test_challenge_has_its_time(scene, contract):
    with reverts(contract, "OutcomesUnknownReport", 1):
        scene.challenge(1)
    tx = scene.report()
    ends = tx.timestamp + CHALLENGE
    with reverts(contract, "OutcomesNoDigest"):
        contract.challenge(1, ZERO32, {"from": accounts[3]})
    clock.set_next(ends - 1)
    scene.challenge(1)
    with reverts(contract, "OutcomesNotChallengeable", 1, ends):
        scene.challenge(1)
    # A second campaign's report, in the first second after its time.
    scene.arbitrator.rule(1, 2, {"from": accounts[6]})
    late = scene.report()
    ends = clock.set_next(late.timestamp + CHALLENGE)
    with reverts(contract, "OutcomesNotChallengeable", 2, ends):
        scene.challenge(2)


def test_challenge_costs_what_the_arbitrator_says(scene, contract, ruler):
    ruler.setCost(10**15, {"from": accounts[6]})
    scene.report()
    for sent in (0, 10**15 - 1, 10**15 + 1):
        with reverts(contract, "OutcomesWrongCost", sent, 10**15):
            scene.challenge(1, amount=sent)
    scene.challenge(1, amount=10**15)
    assert (ruler.balance(), contract.balance()) == (10**15, 0)


def test_challenge_asks_the_arbitrator(scene, contract, ruler):
    scene.report()
    tx = scene.challenge(1)
    until = tx.timestamp + ARBITRATION
    assert dict(tx.events["OutcomeChallenged"]) == {
        "report": 1,
        "challenger": accounts[3],
        "isAsked": True,
        "disputeID": 1,
        "until": until,
        "statement": text(STATEMENT),
    }
    assert dict(tx.events["Dispute"]) == {
        "_arbitrator": ruler,
        "_disputeID": 1,
        "_metaEvidenceID": 0,
        "_evidenceGroupID": 1,
    }
    assert tx.events["Evidence"]["_evidence"] == path(text(STATEMENT))
    assert (contract.reportOf(ruler, 1), scene.held()) == (1, 2 * BOND)
    assert contract.partiesOf(ruler, 1) == (accounts[2], accounts[3], accounts[4])
    with reverts(contract, "OutcomesNotArbitrator", ruler, 2):
        contract.partiesOf(ruler, 2)


def test_parties_are_each_once(scene, contract, ruler):
    """Who challenges itself, or leads and reports, is one."""
    report = scene.report(by=accounts[4]).return_value
    scene.challenge(report, by=accounts[4])
    assert contract.partiesOf(ruler, 1) == (accounts[4],)


def test_evidence_while_it_is_open(scene, contract, ruler):
    scene.report()
    with reverts(contract, "OutcomesNotOpen", 1, 0):
        contract.submitEvidence(1, EVIDENCE, {"from": accounts[9]})
    until = scene.challenge(1).timestamp + ARBITRATION
    tx = contract.submitEvidence(1, EVIDENCE, {"from": accounts[9]})
    assert dict(tx.events["Evidence"]) == {
        "_arbitrator": ruler,
        "_evidenceGroupID": 1,
        "_party": accounts[9],
        "_evidence": path(text(EVIDENCE)),
    }
    with reverts(contract, "OutcomesNoDigest"):
        contract.submitEvidence(1, ZERO32, {"from": accounts[9]})
    ruler.rule(1, 1, {"from": accounts[6]})
    with reverts(contract, "OutcomesNotOpen", 1, until):
        contract.submitEvidence(1, EVIDENCE, {"from": accounts[9]})


# ── ends ────────────────────────────────────────────────────────────────────────────────────────


def test_pending_report_is_not_settled(scene, contract):
    ends = scene.report().timestamp + CHALLENGE
    with reverts(contract, "OutcomesIsPending", 1, ends):
        contract.settle(1, {"from": accounts[6]})
    until = scene.challenge(1).timestamp + ARBITRATION
    with reverts(contract, "OutcomesIsPending", 1, until):
        contract.settle(1, {"from": accounts[6]})
    clock.set_next(until)
    contract.settle(1, {"from": accounts[6]})
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.settle(1, {"from": accounts[6]})
    with reverts(contract, "OutcomesUnknownReport", 2):
        contract.settle(2, {"from": accounts[6]})


HALF, TENTH = BOND // 2, BOND // 10


@pytest.mark.parametrize("has_jurors", [True, False])
@pytest.mark.parametrize(
    ("ruling", "reporter", "challenger", "jurors", "state"),
    [
        (1, 2 * BOND - HALF, 0, HALF, "Final"),
        (2, 0, 2 * BOND - HALF, HALF, "None"),
        (0, BOND - TENTH, BOND - TENTH, 2 * TENTH, "None"),
        (7, BOND - TENTH, BOND - TENTH, 2 * TENTH, "None"),
        (None, BOND - TENTH, BOND - TENTH, 2 * TENTH, "None"),
    ],
    ids=["stands", "falls", "none", "no choice", "never ruled"],
)
def test_ends(scene, contract, ruler, ruling, reporter, challenger, jurors, state, has_jurors):
    report, dispute = scene.disputed()
    if has_jurors:
        ruler.setShares(dispute, [accounts[10], accounts[11]], [1, 2], {"from": accounts[6]})
    if ruling is None:
        clock.pass_time(ARBITRATION)
    else:
        ruler.rule(dispute, ruling, {"from": accounts[6]})
    assert scene.state() == (state, 600_000 if state == "Final" else 0, accounts[4])
    tx = contract.settle(report, {"from": accounts[6]})
    to_jurors, to_treasury = (jurors, 0) if has_jurors else (0, jurors)
    assert dict(tx.events["OutcomeSettled"]) == {
        "report": report,
        "stands": state == "Final",
        "ruling": ruling if ruling in (1, 2) else 0,
        "toReporter": reporter,
        "toChallenger": challenger,
        "toJurors": to_jurors,
        "toTreasury": to_treasury,
    }
    assert scene.owed(accounts[2], accounts[3]) == [reporter, challenger]
    assert (contract.reportById(report)["pot"], contract.toTreasury()) == (to_jurors, to_treasury)
    assert scene.held() == 2 * BOND


def test_unchallenged_report_gets_its_bond_back(scene, contract):
    scene.report(ONE)
    clock.pass_time(CHALLENGE)
    contract.settle(1, {"from": accounts[6]})
    assert (scene.owed(accounts[2]), contract.toTreasury(), scene.held()) == ([BOND], 0, BOND)
    assert scene.state() == ("Final", ONE, accounts[4])


def test_only_the_arbitrator_rules(scene, contract):
    scene.disputed()
    with reverts(contract, "OutcomesNotArbitrator", accounts[6], 1):
        contract.rule(1, 1, {"from": accounts[6]})


def test_ruling_is_asked_for_in_time(HostileArbitrator, ruler):
    """Of an arbitrator that told how long it needs: before the report's end, never after."""
    from tests.support import outcomes

    slow = HostileArbitrator.deploy({"from": accounts[0]})
    slow.setNextID(1, {"from": accounts[0]})
    slow.setRulingSeconds(2 * DAY, {"from": accounts[0]})
    scene = outcomes.deploy(arbitrator=slow)
    scene.fund()
    scene.to_reports()
    report = scene.report().return_value
    opened = scene.challenge(report).timestamp
    slow.setRuling(1, 1, {"from": accounts[0]})
    clock.set_next(opened + 2 * DAY - 1)
    with reverts(scene.outcomes, "OutcomesIsPending", report, opened + ARBITRATION):
        scene.outcomes.settle(report, {"from": accounts[6]})
    clock.set_next(opened + 2 * DAY)
    scene.outcomes.settle(report, {"from": accounts[6]})
    assert scene.state() == ("Final", 600_000, accounts[4])
    slow.setRuling(1, 2, {"from": accounts[0]})
    assert scene.state() == ("Final", 600_000, accounts[4])


# ── jurors and credits ──────────────────────────────────────────────────────────────────────────


def test_jurors_are_paid_or_the_treasury(scene, contract, ruler):
    report, dispute = scene.disputed()
    ruler.setShares(dispute, [accounts[10], accounts[11]], [1, 2], {"from": accounts[6]})
    ruler.rule(dispute, 1, {"from": accounts[6]})
    settled = contract.settle(report, {"from": accounts[6]}).timestamp
    tx = contract.payJurors(report, [accounts[10], accounts[10], accounts[12]], {"from": accounts[6]})
    first = HALF // 3
    assert dict(tx.events["OutcomeJurorPaid"]) == {"report": report, "juror": accounts[10], "amount": first}
    assert scene.owed(accounts[10], accounts[11], accounts[12]) == [first, 0, 0]
    assert contract.isJurorPaid(report, accounts[10])
    with reverts(contract, "OutcomesNothingDue", HALF - first):
        contract.payJurors(report, [accounts[10]], {"from": accounts[6]})
    clock.set_next(settled + YEAR - 1)
    with reverts(contract, "OutcomesAlive", settled + YEAR):
        contract.expireJurors(report, {"from": accounts[6]})
    clock.set_next(settled + YEAR)
    contract.expireJurors(report, {"from": accounts[6]})
    assert (contract.toTreasury(), contract.reportById(report)["pot"]) == (HALF - first, 0)
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.expireJurors(report, {"from": accounts[6]})
    treasury = contract.treasury()
    before = scene.token.balanceOf(treasury)
    contract.sendToTreasury({"from": accounts[6]})
    assert scene.token.balanceOf(treasury) - before == HALF - first
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.sendToTreasury({"from": accounts[6]})


def _credited(scene, contract):
    scene.report()
    clock.pass_time(CHALLENGE)
    return contract.settle(1, {"from": accounts[6]}).timestamp


def test_credits(scene, contract):
    _credited(scene, contract)
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.withdraw(accounts[3], {"from": accounts[6]})
    for to in (ZERO, contract, scene.token):
        with reverts(contract, "OutcomesBadPayee", to):
            contract.withdrawTo(to, {"from": accounts[2]})
    tx = contract.withdrawTo(accounts[13], {"from": accounts[2]})
    assert dict(tx.events["OutcomeCreditPaid"]) == {"account": accounts[2], "to": accounts[13], "amount": BOND}
    assert (scene.token.balanceOf(accounts[13]), scene.held()) == (BOND, 0)


def test_forgotten_credit_is_the_treasurys(scene, contract):
    since = _credited(scene, contract)
    clock.set_next(since + YEAR - 1)
    with reverts(contract, "OutcomesAlive", since + YEAR):
        contract.expireCredit(accounts[2], {"from": accounts[6]})
    clock.set_next(since + YEAR)
    contract.expireCredit(accounts[2], {"from": accounts[6]})
    assert (scene.owed(accounts[2]), contract.toTreasury()) == ([0], BOND)
    with reverts(contract, "OutcomesNothingDue", 0):
        contract.expireCredit(accounts[2], {"from": accounts[6]})


# ── deployment ──────────────────────────────────────────────────────────────────────────────────


def test_names_what_it_is_bound_to(Outcomes, scene, contract):
    board, treasury = scene.core.board.board, scene.core.escrow.treasury
    assert (contract.board(), contract.treasury()) == (board, treasury)
    with reverts(Outcomes, "OutcomesZeroAddress"):
        Outcomes.deploy(board, ZERO, META, {"from": accounts[0]})
    with reverts(Outcomes, "OutcomesNoDigest"):
        Outcomes.deploy(board, treasury, ZERO32, {"from": accounts[0]})
