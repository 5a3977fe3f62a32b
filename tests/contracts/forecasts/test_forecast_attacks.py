"""Attacks on forecasts. Each one fails here, or costs what is said.

markets
  opened for dust, or for an idea that is withdrawn or none -> test_dust_opens_no_market,
                                                               test_market_of_a_withdrawn_idea_cannot_open
  moved away before a sponsor -> test_sponsor_cannot_be_sandwiched
  at the ends of all fields -> test_extreme_prices_and_amounts, test_swings_beyond_the_field_stop_only_the_mover
after the vote
  a move, by anybody or the lead -> test_no_move_after_the_vote, test_lead_cannot_go_short_after_the_vote
  a campaign that is another idea's -> test_campaign_with_other_ask_cannot_be_linked
    or of old, whose outcome is known -> test_campaign_of_old_cannot_be_linked
  a link once all is void -> test_link_after_void_is_refused
  an idea that is never funded -> test_passed_over_idea_is_void_in_time
purse
  made to add to a market, or to open one in vain -> test_purse_only_opens
  forestalled by who leads the idea -> test_bound_whoever_comes_first_says_where_it_begins
  sent to itself -> test_purse_cannot_be_withdrawn_to_itself
coalitions and tokens
  what is free, sent home before a move -> test_bound_free_money_is_sent_home_before_a_move
  two own accounts -> test_two_own_accounts_gain_nothing_together
  a token that takes a fee, or re-enters -> test_fee_on_transfer_is_refused, test_reentrant_token_moves_nothing_twice
"""

from __future__ import annotations

import pytest
from brownie import accounts

from tests.support import clock, forecasts
from tests.support.boards import ASK, no
from tests.support.forecasts import LEAST, MOST, ONE, START
from tests.support.models import market as model
from tests.support.outcomes import DAY
from tests.support.reverts import reverts

attack = pytest.mark.attack


@attack("forecast-dust-market")
def test_dust_opens_no_market(market, contract):
    """Who opens says where it begins: so not for a unit."""
    with reverts(contract, "ForecastsTooLittle", LEAST - 1, LEAST):
        market.sponsor(LEAST - 1, ONE)
    market.sponsor(LEAST, START)
    market.sponsor(1, ONE)
    with reverts(contract, "ForecastsTooLittle", 0, 1):
        market.sponsor(0)


@attack("forecast-sandwich")
def test_sponsor_cannot_be_sandwiched(market, contract):
    """Moved away first, its depth would be the mover's to take."""
    market.sponsor()
    market.move(990_000, by=accounts[3])
    with reverts(contract, "ForecastsMovedAway", 990_000, 450_000, 550_000):
        market.sponsor(100 * LEAST, by=accounts[4], least=450_000, most=550_000)


@attack("forecast-of-nothing")
def test_market_of_a_withdrawn_idea_cannot_open():
    market = forecasts.deploy()
    board = market.scene.core.board
    board.to_posting(2)
    board.post(accounts[8], ask=ASK, lead=accounts[4])
    board.board.withdraw(2, 1, {"from": accounts[8]})
    board.to_vote(2)
    with reverts(market.contract, "ForecastsIdeaWithdrawn", 2, 1):
        market.contract.sponsor(2, 1, LEAST, START, 0, ONE, {"from": accounts[2]})
    with reverts(board.board, "IdeaBoardUnknownIdea", 2, 2):
        market.contract.sponsor(2, 2, LEAST, START, 0, ONE, {"from": accounts[2]})


@attack("forecast-beyond-the-field")
def test_extreme_prices_and_amounts(market, contract):
    """At the largest amount, at both ends: everything fits its field, and the model agrees."""
    market.scene.core.escrow.token.mint(accounts[2], 2**91, {"from": accounts[0]})
    with reverts(contract, "ForecastsTooMuch", 2**90 + 1, 2**90):
        market.sponsor(2**90 + 1, START)
    for bad in (ONE + 1, 2**24 - 1):
        with reverts(contract, "ForecastsBadShare", bad, ONE):
            market.sponsor(LEAST, bad)
    market.scene.core.escrow.token.mint(accounts[3], 2**100, {"from": accounts[0]})
    plain = model.Market()
    plain.sponsor("s", 2**90, START)
    market.sponsor(2**90, START)
    for ppm in (0, ONE, 1, ONE - 1, START):
        plain.move("m", ppm)
        market.move(ppm)
    assert contract.positionOf(1, 1, accounts[3]) == plain.positions["m"] == (0, 0)
    for number, start in ((2, ONE),):
        market.sponsor(LEAST, start, number=number)
        assert contract.marketOf(1, number)["depth"] == LEAST


@attack("forecast-beyond-the-field")
def test_swings_beyond_the_field_stop_only_the_mover(market, contract):
    """Somebody's position is full after some eight swings at the largest depth; everybody else moves on."""
    token = market.scene.core.escrow.token
    for who in accounts[2:6]:
        token.mint(who, 2**100, {"from": accounts[0]})
    market.sponsor(2**90, 0)
    swings = 0
    with pytest.raises(Exception, match="SafeCastOverflowedIntDowncast"):  # noqa: PT012
        while swings < 40:
            market.move(ONE, by=accounts[3])
            market.move(0, by=accounts[4])
            swings += 1
    assert swings >= 8
    market.move(ONE // 2, by=accounts[5])


@attack("forecast-after-the-vote")
def test_no_move_after_the_vote(market, contract):
    """Nor by the lead, who could make what it bets on."""
    board = market.scene.core.board.board
    market.sponsor()
    closes = clock.set_next(board.votingCloses(1))
    with reverts(contract, "ForecastsNotOpen", 1, board.votingOpens(1), closes):
        market.move(1, by=accounts[4])


@attack("forecast-after-the-vote")
def test_lead_cannot_go_short_after_the_vote(market, contract):
    """Once funded it could make sure that the goal is missed; what it bet on that is from before the vote's end."""
    market.sponsor()
    market.fund()
    closes = market.scene.core.board.board.votingCloses(1)
    for ppm in (0, ONE):
        with reverts(contract, "ForecastsNotOpen", 1, market.scene.core.board.board.votingOpens(1), closes):
            market.move(ppm, by=accounts[4])


@attack("forecast-false-link")
def test_campaign_with_other_ask_cannot_be_linked(market, contract):
    market.sponsor()
    world = market.scene.core.escrow
    from dmo.deploy.roles import ROLES

    world.manager.grantRole(ROLES["funder"].number, world.board, 0, {"from": accounts[0]})
    campaign = market.fund(is_linked=False)
    for changes in ({"ask": ASK + 1}, {"feeBps": 999}, {"number": 2}, {"round": 2}):
        told = {"round": 1, "number": 1, "ask": ASK, "feeBps": 1_000, **changes}
        other = world.fund(**told)
        with reverts(contract, "ForecastsNotLinkable", 1, 1, other):
            contract.link(1, 1, other, {"from": accounts[6]})
    tx = contract.link(1, 1, campaign, {"from": accounts[6]})
    assert dict(tx.events["ForecastLinked"]) == {"round": 1, "number": 1, "campaign": campaign}
    with reverts(contract, "ForecastsNotLinkable", 1, 1, campaign):
        contract.link(1, 1, campaign, {"from": accounts[6]})


@attack("forecast-false-link")
def test_campaign_of_old_cannot_be_linked(market, contract):
    """An earlier board's of this round and number, with the ask and fee that the author chose after it: who knows what
    it reached would have all that sponsors left."""
    world, by = market.scene.core.escrow, {"from": accounts[0]}
    world.manager.grantRole(1, world.board, 0, by)
    closes = market.scene.core.board.board.votingCloses(1)
    told = {"round": 1, "number": 1, "ask": ASK, "feeBps": 1_000}
    old = world.fund(**told, durationSeconds=closes - clock.set_next(clock.now() + 1))
    market.sponsor()
    market.move(0)
    clock.mine_at(closes)
    assert market.state() == ("Pending", 0)
    with reverts(contract, "ForecastsNotLinkable", 1, 1, old):
        contract.link(1, 1, old, {"from": accounts[3]})
    assert market.fund() == old + 1


@attack("forecast-false-link")
def test_link_after_void_is_refused(market, contract):
    """Two weeks after the round lapsed nobody chooses any more whether there is an outcome."""
    market.sponsor()
    campaign = market.fund(is_linked=False)
    late = market.scene.core.board.board.lapsesAt(1) + 14 * DAY
    clock.mine_at(late - 1)
    assert market.state() == ("Pending", 0)
    clock.set_next(late)
    with reverts(contract, "ForecastsNotLinkable", 1, 1, campaign):
        contract.link(1, 1, campaign, {"from": accounts[6]})
    assert market.state() == ("Void", 0)


@attack("forecast-money-kept")
def test_passed_over_idea_is_void_in_time():
    """Passing, and never funded: when the round lapses, or two weeks after that, all is free again."""
    market = forecasts.deploy(ideas=1)
    market.sponsor()
    lapses = market.scene.core.board.board.lapsesAt(1)
    clock.mine_at(lapses - 1)
    assert market.state() == ("Pending", 0)
    clock.mine_at(lapses)
    assert market.state() == ("Void", 0)
    market.contract.claim(1, 1, accounts[2], {"from": accounts[6]})
    assert market.free(accounts[2]) == [LEAST]


@attack("forecast-purse")
def test_purse_only_opens(market, contract):
    """It adds to no market, whose forecast a stranger could have moved, and opens none that is not passing."""
    with reverts(contract, "ForecastsTooLittle", 0, LEAST):
        contract.openFromPurse(1, 1, {"from": accounts[6]})
    contract.depositFor(contract, 3 * LEAST, {"from": accounts[3]})
    with reverts(contract, "ForecastsPurseOnlyOpens", 1, 2):
        contract.openFromPurse(1, 2, {"from": accounts[6]})
    contract.openFromPurse(1, 1, {"from": accounts[6]})
    assert contract.marketOf(1, 1)["ppm"] == contract.purseStart() == START
    with reverts(contract, "ForecastsPurseOnlyOpens", 1, 1):
        contract.openFromPurse(1, 1, {"from": accounts[6]})
    assert (market.free(contract), market.held()) == ([2 * LEAST], 3 * LEAST)
    market.scene.core.board.vote(accounts[8], [no(1)], 1)
    market.scene.core.board.to_settlement(1)
    contract.claim(1, 1, contract, {"from": accounts[6]})
    assert market.free(contract) == [3 * LEAST]


@attack("forecast-purse")
def test_purse_cannot_be_withdrawn_to_itself(market, contract):
    """It would be gone for everybody: no longer the purse's, and nobody's."""
    contract.depositFor(contract, LEAST, {"from": accounts[3]})
    with reverts(contract, "ForecastsBadPayee", contract):
        contract.withdraw(contract, {"from": accounts[6]})
    assert market.free(contract) == [LEAST]


@attack("forecast-purse")
def test_bound_whoever_comes_first_says_where_it_begins(market, contract):
    """A lead opens at the whole, so that the purse cannot at its own. Who moves it to what comes true, here a half, has
    a quarter of what the lead left."""
    contract.depositFor(contract, LEAST, {"from": accounts[3]})
    market.sponsor(LEAST, ONE, by=accounts[4])
    with reverts(contract, "ForecastsPurseOnlyOpens", 1, 1):
        contract.openFromPurse(1, 1, {"from": accounts[6]})
    market.move(ONE // 2)
    left = contract.worthAt(1, 1, accounts[3], 0) + contract.worthAt(1, 1, accounts[4], 0)
    assert contract.worthAt(1, 1, accounts[4], ONE // 2) == LEAST * 3 // 4
    assert contract.worthAt(1, 1, accounts[3], ONE // 2) == left - LEAST * 3 // 4


@attack("forecast-free-sent-home")
def test_bound_free_money_is_sent_home_before_a_move(market, contract):
    """Anybody may have it paid to its owner, who then moves by an approval, or in the next block, or not any more."""
    market.sponsor()
    takes = model.collateral(LEAST * 4 * (START**2 - 700_000**2), 2 * LEAST * 4 * 200_000)
    contract.depositFor(accounts[3], takes, {"from": accounts[3]})
    market.token.approve(contract, 0, {"from": accounts[3]})
    contract.withdraw(accounts[3], {"from": accounts[6]})
    with reverts(market.token, "ERC20InsufficientAllowance", contract, 0, takes):
        market.move(700_000)
    market.token.approve(contract, takes, {"from": accounts[3]})
    market.move(700_000, most=takes)


@attack("forecast-own-accounts")
def test_two_own_accounts_gain_nothing_together(market, contract):
    """What one wins the other loses, to the unit, at every outcome that is tried: moving there and back is free."""
    plain = model.Market()
    plain.sponsor("s", LEAST, START)
    for who, ppm in (("a", 900_000), ("b", 100_000), ("a", 800_000), ("b", START)):
        plain.move(who, ppm)
    left = sum(plain.void(who) for who in "ab")
    assert all(sum(plain.worth(who, x) for who in "ab") <= left for x in range(0, ONE + 1, 1_000))
    assert all(plain.worth("s", x) == LEAST for x in range(0, ONE + 1, 1_000))


@attack("forecast-paid-short")
def test_fee_on_transfer_is_refused(HostileToken):
    token = HostileToken.deploy(6, {"from": accounts[0]})
    market = forecasts.deploy(budget=token)
    token.setFee(1, {"from": accounts[0]})
    with reverts(market.contract, "ForecastsTooLittleArrived", LEAST - LEAST // 10_000, LEAST):
        market.sponsor()


@attack("forecast-reentry")
def test_reentrant_token_moves_nothing_twice(HostileToken):
    """A claim within a withdrawal, a move within a move: refused, and the books are whole."""
    token = HostileToken.deploy(6, {"from": accounts[0]})
    market = forecasts.deploy(budget=token)
    contract = market.contract
    for inner in (
        contract.move.encode_input(1, 1, 1, MOST, b"\0" * 32),
        contract.depositFor.encode_input(accounts[3], 0),
        contract.sponsor.encode_input(1, 1, LEAST, START, 0, ONE),
    ):
        token.setCall(contract, inner, {"from": accounts[0]})
        before, calls = market.held(), token.calls()
        market.sponsor()
        assert (token.calls(), token.lastSucceeded()) == (calls + 1, False)
        assert market.held() == before + LEAST
    contract.depositFor(accounts[3], 5, {"from": accounts[3]})
    token.setCall(contract, contract.withdraw.encode_input(accounts[3]), {"from": accounts[0]})
    contract.withdraw(accounts[3], {"from": accounts[6]})
    assert not token.lastSucceeded()
    assert market.held() == 3 * LEAST
