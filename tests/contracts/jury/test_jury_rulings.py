"""Jury: rulings, how they are handed over, and the jurors' shares.

disputeStatus, currentRuling, sharesTotal
  when rulings can still be revealed
    nothing is known -> test_nothing_is_known_before_the_end
  from the first second after
    all is known -> test_all_is_known_in_the_first_second_after
currentRuling
  given one side is heavier
    it is that side, whoever came first or in greater number -> test_the_heavier_side_rules
  given a tie
    it is 0 -> test_a_tie_is_no_ruling
  given the quorum is missed by one unit
    it is 0 -> test_one_unit_less_than_the_quorum_is_no_ruling
  given the quorum is met exactly
    it is the ruling -> test_the_quorum_to_the_unit_is_enough
  given nobody revealed
    it is 0 -> test_silence_is_no_ruling
  given no tokens that could vote
    it is 0 and the quorum zero -> test_nobody_rules_where_nobody_can
executeRuling
  when rulings can still be revealed
    it reverts -> test_cannot_execute_too_soon
  given it was executed
    it reverts -> test_executes_once
  when all is well
    it hands the ruling over and tells, also no ruling -> test_hands_the_ruling_over
  given an arbitrable that refuses
    it reverts and can be tried again -> test_a_refused_ruling_is_not_lost
  given an arbitrable that calls back
    it reverts -> test_cannot_be_re_entered
shareOf, sharesTotal
  given any reveals
    they are what the model says, and any pot is cut to the unit -> test_agrees_with_the_model
gas
  of a dispute's acts -> test_gas
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support.clock import mine_at, set_next
from tests.support.governance import WAD
from tests.support.jury import JURORS, KEEPS, QUORUM, QUORUM_BPS, RE_ENTERS, REFUSES, SOLVED, WAITING, frame
from tests.support.models import jury as model
from tests.support.reverts import reverts

WEIGHT = {name: tokens * WAD for name, tokens in JURORS.items()}
MAX_MOVED = 299_999 * WAD
MAX_POT = 10**30


def test_nothing_is_known_before_the_end(court, jury, ann):
    dispute = court.hear({ann: 1})
    mine_at(court.windows(dispute)[1] - 1)
    assert jury.disputeStatus(dispute) == WAITING
    assert jury.currentRuling(dispute) == 0
    assert jury.sharesTotal(dispute) == 0


def test_all_is_known_in_the_first_second_after(court, jury, ann):
    dispute = court.hear({ann: 1})
    mine_at(court.windows(dispute)[1])
    assert jury.disputeStatus(dispute) == SOLVED
    assert jury.currentRuling(dispute) == 1
    assert jury.sharesTotal(dispute) == WEIGHT["ann"]


def rule(court, rulings):
    """Hear these jurors and return the ruling that is handed over."""
    dispute = court.hear(rulings)
    court.end_reveals(dispute)
    court.jury.executeRuling(dispute, {"from": court.admin})
    ruling = court.arbitrable.rulings(court.jury, dispute)
    assert ruling == court.jury.currentRuling(dispute)
    assert court.arbitrable.timesRuled(court.jury, dispute) == 1
    return ruling


def test_the_heavier_side_rules(court, ann, ben, dee):
    assert rule(court, {ben: 2, dee: 2, ann: 1}) == 1
    assert rule(court, {ben: 1, dee: 1, ann: 2}) == 2


def test_a_tie_is_no_ruling(court, jury, ann, ben, cem):
    assert rule(court, {ann: 1, ben: 2, cem: 2}) == 0
    assert jury.sharesTotal(jury.disputes()) == 2 * WEIGHT["ann"]


def give(court, ann, dee, weight):
    """Let Dee have exactly this much."""
    court.token.transfer(dee, weight - WEIGHT["dee"], {"from": ann})
    court.next_round()


def test_one_unit_less_than_the_quorum_is_no_ruling(court, jury, ann, dee):
    give(court, ann, dee, QUORUM - 1)
    assert rule(court, {dee: 1}) == 0
    assert jury.sharesTotal(jury.disputes()) == QUORUM - 1


def test_the_quorum_to_the_unit_is_enough(court, ann, dee):
    give(court, ann, dee, QUORUM)
    assert rule(court, {dee: 2}) == 2


def test_silence_is_no_ruling(court, jury, ann):
    assert rule(court, {}) == 0
    dispute = court.open()
    court.commit(dispute, ann, 1)
    court.end_reveals(dispute)
    jury.executeRuling(dispute, {"from": ann})
    assert jury.currentRuling(dispute) == jury.sharesTotal(dispute) == 0


def test_nobody_rules_where_nobody_can(Jury, PlainVotesToken, court, arbitrable, admin):
    token = PlainVotesToken.deploy(True, {"from": admin})
    jury = Jury.deploy(court.manager, token, [], arbitrable, frame(court.reputation), {"from": admin})
    arbitrable.open(jury, 2, {"from": admin})
    assert jury.caseOf(1)["quorum"] == 0
    set_next(jury.windowsOf(1)[1])
    tx = jury.executeRuling(1, {"from": admin})
    assert tx.events["RulingExecuted"]["ruling"] == 0


def test_cannot_execute_too_soon(court, jury, ann):
    dispute = court.hear({ann: 1})
    end = court.windows(dispute)[1]
    set_next(end - 1)
    with reverts(jury, "JuryNotExecutable", dispute, end):
        jury.executeRuling(dispute, {"from": ann})


def test_executes_once(court, jury, ann):
    rule(court, {ann: 1})
    dispute = jury.disputes()
    with reverts(jury, "JuryNotExecutable", dispute, court.windows(dispute)[1]):
        jury.executeRuling(dispute, {"from": ann})


@pytest.mark.parametrize("ruling", [0, 1, 2])
def test_hands_the_ruling_over(court, jury, arbitrable, ann, stranger, ruling):
    dispute = court.hear({ann: ruling} if ruling else {})
    court.end_reveals(dispute)
    tx = jury.executeRuling(dispute, {"from": stranger})
    assert dict(tx.events["RulingExecuted"]) == {"disputeID": dispute, "ruling": ruling}
    assert dict(tx.events["Ruling"]) == {"_arbitrator": jury, "_disputeID": dispute, "_ruling": ruling}
    assert arbitrable.rulings(jury, dispute) == ruling
    assert jury.caseOf(dispute)["isExecuted"]


def test_a_refused_ruling_is_not_lost(court, jury, arbitrable, admin, ann):
    dispute = court.hear({ann: 1})
    arbitrable.setManner(REFUSES, {"from": admin})
    court.end_reveals(dispute)
    with reverts(arbitrable, "PlainArbitrableTooLate", dispute):
        jury.executeRuling(dispute, {"from": ann})
    assert not jury.caseOf(dispute)["isExecuted"]
    assert jury.currentRuling(dispute) == 1
    assert jury.sharesTotal(dispute) == WEIGHT["ann"]
    arbitrable.setManner(KEEPS, {"from": admin})
    jury.executeRuling(dispute, {"from": ann})
    assert arbitrable.rulings(jury, dispute) == 1


def test_cannot_be_re_entered(court, jury, arbitrable, admin, ann):
    dispute = court.hear({ann: 1})
    arbitrable.setManner(RE_ENTERS, {"from": admin})
    end = court.windows(dispute)[1]
    set_next(end)
    with reverts(jury, "JuryNotExecutable", dispute, end):
        jury.executeRuling(dispute, {"from": ann})
    assert arbitrable.timesRuled(jury, dispute) == 0


@given(
    moved=st.lists(st.integers(1, MAX_MOVED // 3), min_size=3, max_size=3),
    rulings=st.lists(st.sampled_from((None, 1, 2)), min_size=4, max_size=4),
    order=st.permutations(range(4)),
    pot=st.integers(0, MAX_POT),
)
def test_agrees_with_the_model(court, jury, accounts, ann, moved, rulings, order, pot):
    """Ann gives parts of her tokens to three others; any of the four rule, in any order."""
    people = [ann, accounts[5], accounts[6], accounts[9]]
    court.token.transferBatch(people[1:], moved, {"from": ann})
    court.next_round()
    weights = [WEIGHT["ann"] - sum(moved), *moved]
    spoken = [index for index in order if rulings[index]]
    dispute = court.hear({people[index]: rulings[index] for index in spoken})
    reveals = [model.Reveal(str(people[index]), weights[index], rulings[index]) for index in spoken]
    mine_at(court.windows(dispute)[1])

    needed = model.quorum(sum(WEIGHT.values()), QUORUM_BPS)
    ruling = model.verdict(reveals, needed)
    assert jury.caseOf(dispute)["quorum"] == needed
    assert jury.currentRuling(dispute) == ruling
    total = jury.sharesTotal(dispute)
    assert total == sum(reveal.weight for reveal in reveals if ruling in (0, reveal.ruling))
    cut, expected = 0, model.shares(reveals, ruling)
    for person, weight in zip(people, weights, strict=True):
        start, end = jury.shareOf(dispute, person)
        assert (start, end) == expected.get(str(person), (0, 0))
        if end:
            amount = pot * end // total - pot * start // total
            assert abs(amount - pot * weight // total) <= 1
            cut += amount
    assert cut == (pot if reveals else 0)


def test_gas(court, jury, ann, ben, capsys):
    dispute = court.open()
    gas = {
        "commit, first of all": court.commit(dispute, ann, 1).gas_used,
        "commit, replacing": court.commit(dispute, ann, 2).gas_used,
    }
    gas["commit"] = court.commit(dispute, ben, 1).gas_used
    court.start_reveals(dispute)
    gas["reveal, first"] = court.reveal(dispute, ann, 2).gas_used
    gas["reveal, later"] = court.reveal(dispute, ben, 1).gas_used
    court.end_reveals(dispute)
    gas["execute"] = jury.executeRuling(dispute, {"from": ann}).gas_used
    with capsys.disabled():
        print()
        for name, used in gas.items():
            print(f"    {name:<52} {used:>9,}")
    assert gas["commit, first of all"] < 150_000
    assert gas["commit"] < 90_000
    assert gas["commit, replacing"] < 65_000
    assert max(gas["reveal, first"], gas["reveal, later"]) < 110_000
