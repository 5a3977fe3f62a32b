"""Forecasts: sponsored, moved, linked, claimed; the purse.

sponsor
  outside of the vote -> test_only_while_the_vote_is_open
  else the market has depth -> test_sponsor_gives_depth
move
  to where it is, or beyond all -> test_forecast_is_a_share
  where nobody sponsors -> test_move_needs_a_market
  for more than was named -> test_move_costs_at_most_what_was_said
  else the mover leaves what can be lost -> test_moves_agree_with_the_model
  paid from what is free first -> test_free_money_is_used_first
claim
  before the end -> test_claim_waits_for_the_outcome
  of an outcome -> test_everybody_is_paid_by_the_outcome
  where there is none -> test_void_returns_to_the_unit, test_idea_that_falls_below_is_void
free
  is paid to whose it is, elsewhere by that alone -> test_free_money_is_paid_out
purse
  is governance's -> test_purse_is_governances
"""

from __future__ import annotations

import pytest
from brownie import accounts

from tests.support import clock, forecasts
from tests.support.boards import no
from tests.support.campaigns import CHALLENGE
from tests.support.forecasts import LEAST, ONE, START
from tests.support.models import market as model
from tests.support.reverts import reverts

ZERO = "0x" + 40 * "0"


def test_sponsor_gives_depth(market, contract):
    assert market.state() == ("None", 0)
    tx = market.sponsor(LEAST, 250_000)
    depth = LEAST * ONE**2 // 750_000**2
    assert dict(tx.events["ForecastSponsored"]) == {
        "round": 1,
        "number": 1,
        "sponsor": accounts[2],
        "amount": LEAST,
        "depth": depth,
        "ppm": 250_000,
    }
    assert contract.marketOf(1, 1) == (depth, LEAST, 250_000, 0)
    assert contract.sponsorshipOf(1, 1, accounts[2]) == (LEAST, depth, depth * 250_000, depth * 250_000**2)
    assert (market.state(), market.held()) == (("Open", 0), LEAST)


def test_only_while_the_vote_is_open(market, contract):
    board = market.scene.core.board.board
    opens, closes = board.votingOpens(2), board.votingCloses(2)
    with reverts(contract, "ForecastsNotOpen", 2, opens, closes):
        contract.sponsor(2, 1, LEAST, START, 0, ONE, {"from": accounts[2]})
    closes = board.votingCloses(1)
    clock.set_next(closes - 1)
    market.sponsor()
    clock.set_next(closes)
    with reverts(contract, "ForecastsNotOpen", 1, board.votingOpens(1), closes):
        market.sponsor()


def test_forecast_is_a_share(market, contract):
    market.sponsor()
    for bad in (START, ONE + 1):
        with reverts(contract, "ForecastsBadShare", bad, ONE):
            market.move(bad)


def test_move_needs_a_market(market, contract):
    with reverts(contract, "ForecastsNotSponsored", 1, 1):
        market.move(1)


def test_move_costs_at_most_what_was_said(market, contract):
    market.sponsor()
    takes = model.collateral(LEAST * 4 * (START**2 - 700_000**2), 2 * LEAST * 4 * 200_000)
    with reverts(contract, "ForecastsCostsMore", takes, takes - 1):
        market.move(700_000, most=takes - 1)
    tx = market.move(700_000, most=takes)
    assert dict(tx.events["ForecastMoved"]) == {
        "round": 1,
        "number": 1,
        "account": accounts[3],
        "fromPpm": START,
        "toPpm": 700_000,
        "depth": 4 * LEAST,
        "paid": takes,
        "why": "0x" + 64 * "0",
    }
    assert market.held() == LEAST + takes


def test_moves_agree_with_the_model(market, contract):
    """Positions, what is left, and what everybody would be paid at any outcome."""
    plain, by = model.Market(), {"a": accounts[3], "b": accounts[4], "s": accounts[2], "t": accounts[5]}
    plain.sponsor("s", LEAST, 333_333)
    market.sponsor(LEAST, 333_333)
    steps = [("a", 900_001), ("b", 2), ("t", LEAST * 3 + 1), ("a", 777_777), ("s", 7), ("b", 0), ("a", ONE)]
    for who, number in steps:
        if who in "st":
            plain.sponsor(who, number, 0)
            market.sponsor(number, by=by[who])
        else:
            pays = plain.move(who, number)
            assert market.move(number, by=by[who]).events["ForecastMoved"]["paid"] == pays
        assert market.held() == plain.held() + sum(market.free(*by.values()))
    for who in "ab":
        assert contract.positionOf(1, 1, by[who]) == plain.positions[who]
    for who in "st":
        assert contract.sponsorshipOf(1, 1, by[who]) == plain.sponsors[who]
    for x in (0, 1, 333_333, ONE - 1, ONE):
        assert [contract.worthAt(1, 1, by[who], x) for who in by] == [plain.worth(who, x) for who in by]
    low, high = plain.left_over(range(ONE + 1))
    assert 0 <= low <= high <= len(by)


def test_free_money_is_used_first(market, contract):
    market.sponsor()
    contract.depositFor(accounts[3], 10, {"from": accounts[4]})
    before = market.token.balanceOf(accounts[3])
    paid = market.move(900_000).events["ForecastMoved"]["paid"]
    assert before - market.token.balanceOf(accounts[3]) == paid - 10
    assert market.free(accounts[3]) == [0]
    back = market.move(START).events["ForecastMoved"]["paid"]
    assert (back, market.free(accounts[3])) == (-paid, [paid])
    before = market.token.balanceOf(accounts[3])
    market.move(600_000)
    assert market.token.balanceOf(accounts[3]) == before


def test_claim_waits_for_the_outcome(market, contract):
    market.sponsor()
    for _ in range(2):
        with reverts(contract, "ForecastsNotDecided", 1, 1):
            contract.claim(1, 1, accounts[2], {"from": accounts[6]})
        market.scene.core.board.to_settlement(1)
    with reverts(contract, "ForecastsNotDecided", 1, 2):
        contract.claim(1, 2, accounts[2], {"from": accounts[6]})


def test_everybody_is_paid_by_the_outcome(market, contract):
    plain = model.Market()
    plain.sponsor(2, LEAST, START)
    market.sponsor()
    for who, ppm in ((3, 900_000), (4, 200_000), (5, 650_000)):
        plain.move(who, ppm)
        market.move(ppm, by=accounts[who])
    held = market.held()
    assert held == plain.held()
    market.fund()
    market.scene.to_reports()
    market.scene.report(650_000)
    assert market.state() == ("Pending", 0)
    clock.pass_time(CHALLENGE)
    assert market.state() == ("Final", 650_000)
    for who in (5, 3, 2, 4):  # in any order
        tx = contract.claim(1, 1, accounts[who], {"from": accounts[6]})
        assert tx.events["ForecastClaimed"]["amount"] == plain.worth(who, 650_000)
        with reverts(contract, "ForecastsNothingDue", accounts[who]):
            contract.claim(1, 1, accounts[who], {"from": accounts[6]})
    assert 0 <= held - sum(market.free(*accounts[2:6])) < 4


@pytest.mark.parametrize("is_passing", [True, False], ids=["not reported", "not passing"])
def test_void_returns_to_the_unit(is_passing):
    """To everybody what it left, whatever it moved."""
    market = forecasts.deploy(is_passing=is_passing)
    paid = {2: LEAST, 3: 0, 4: 0}
    market.sponsor()
    for who, ppm in ((3, 1), (4, ONE), (3, 123_456), (4, 654_321)):
        paid[who] += market.move(ppm, by=accounts[who]).events["ForecastMoved"]["paid"]
    returned = sum(market.free(accounts[3], accounts[4]))
    if is_passing:
        market.fund()
        clock.reach(market.scene.window()[1])
    else:
        market.scene.core.board.to_settlement(1)
    assert market.state() == ("Void", 0)
    before = dict(zip(paid, market.free(*(accounts[who] for who in paid)), strict=True))
    for who in paid:
        market.contract.claim(1, 1, accounts[who], {"from": accounts[6]})
    after = market.free(*(accounts[who] for who in paid))
    assert after == [before[who] + paid[who] for who in paid]
    assert market.held() == sum(after)
    assert returned == sum(before.values())


def test_idea_that_falls_below_is_void(market):
    board = market.scene.core.board
    market.sponsor()
    board.vote(accounts[8], [no(1)], 1)
    board.to_settlement(1)
    assert market.state() == ("Void", 0)


def test_free_money_is_paid_out(market, contract):
    contract.depositFor(accounts[9], 7, {"from": accounts[3]})
    tx = contract.withdraw(accounts[9], {"from": accounts[6]})
    assert dict(tx.events["ForecastFreeChanged"]) == {"account": accounts[9], "free": 0}
    assert market.token.balanceOf(accounts[9]) == 7
    with reverts(contract, "ForecastsNothingDue", accounts[9]):
        contract.withdraw(accounts[9], {"from": accounts[6]})
    contract.depositFor(accounts[3], 7, {"from": accounts[3]})
    for to in (ZERO, contract, market.token):
        with reverts(contract, "ForecastsBadPayee", to):
            contract.withdrawTo(to, {"from": accounts[3]})
    contract.withdrawTo(accounts[9], {"from": accounts[3]})
    assert (market.token.balanceOf(accounts[9]), market.held()) == (14, 0)


def test_purse_is_governances(market, contract):
    contract.depositFor(contract, LEAST, {"from": accounts[3]})
    for act in (lambda by: contract.setPurseStart(1, by), lambda by: contract.emptyPurse(by)):
        with reverts(contract, "AccessManagedUnauthorized", accounts[6]):
            act({"from": accounts[6]})
    with reverts(contract, "ForecastsBadShare", ONE + 1, ONE):
        contract.setPurseStart(ONE + 1, {"from": accounts[0]})
    tx = contract.setPurseStart(123, {"from": accounts[0]})
    assert tx.events["PurseStartSet"]["ppm"] == contract.purseStart() == 123
    treasury = market.scene.outcomes.treasury()
    before = market.token.balanceOf(treasury)
    contract.emptyPurse({"from": accounts[0]})
    assert market.token.balanceOf(treasury) - before == LEAST
