"""Forecasts: sponsored, moved, linked, claimed; the purse.

sponsor
  outside of the vote -> test_only_while_the_vote_is_open
  of an idea that was withdrawn, or is none -> test_market_of_a_withdrawn_idea_cannot_open
  with too little -> test_dust_opens_no_market
  where the forecast is another than was seen -> test_sponsor_cannot_be_sandwiched
  with more than fits -> test_extreme_prices_and_amounts
  else the market has depth -> test_sponsor_gives_depth
move
  to where it is, or beyond all -> test_forecast_is_a_share
  where nobody sponsors -> test_move_needs_a_market
  for more than was named -> test_move_costs_at_most_what_was_said
  else the mover leaves what can be lost -> test_moves_agree_with_the_model
  paid from what is free first -> test_free_money_is_used_first
  beyond the field -> test_swings_beyond_the_field_stop_only_the_mover
  after the vote -> test_no_move_after_the_vote
link
  a campaign that is another idea's -> test_campaign_with_other_ask_cannot_be_linked
  too late, or twice -> test_link_after_void_is_refused
claim
  before the end -> test_claim_waits_for_the_outcome
  of an outcome -> test_everybody_is_paid_by_the_outcome
  where there is none -> test_void_returns_to_the_unit, test_passed_over_idea_is_void_in_time
free
  is paid to whose it is, elsewhere by that alone -> test_free_money_is_paid_out
purse
  opens, and nothing else -> test_purse_only_opens
  cannot be taken -> test_purse_cannot_be_withdrawn_to_itself
  is governance's -> test_purse_is_governances
coalitions and tokens
  two own accounts -> test_two_own_accounts_gain_nothing_together
  a token that takes a fee, or re-enters -> test_fee_on_transfer_is_refused, test_reentrant_token_moves_nothing_twice
"""

from __future__ import annotations

import pytest
from brownie import accounts

from tests.support import clock, forecasts
from tests.support.boards import ASK, no
from tests.support.campaigns import CHALLENGE
from tests.support.forecasts import LEAST, MOST, ONE, START
from tests.support.models import market as model
from tests.support.outcomes import DAY
from tests.support.reverts import reverts

attack = pytest.mark.attack("forecast")
WEEK = 7 * DAY
ZERO = "0x" + 40 * "0"


@pytest.fixture(scope="module")
def market():
    """Open, without a sponsor."""
    return forecasts.deploy(ideas=2)


@pytest.fixture(scope="module")
def contract(market):
    return market.contract


# ── sponsor ─────────────────────────────────────────────────────────────────────────────────────


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


@attack
def test_dust_opens_no_market(market, contract):
    """Who opens says where it begins: so not for a unit."""
    with reverts(contract, "ForecastsTooLittle", LEAST - 1, LEAST):
        market.sponsor(LEAST - 1, ONE)
    market.sponsor(LEAST, START)
    market.sponsor(1, ONE)
    with reverts(contract, "ForecastsTooLittle", 0, 1):
        market.sponsor(0)


@attack
def test_sponsor_cannot_be_sandwiched(market, contract):
    """Moved away first, its depth would be the mover's to take."""
    market.sponsor()
    market.move(990_000, by=accounts[3])
    with reverts(contract, "ForecastsMovedAway", 990_000, 450_000, 550_000):
        market.sponsor(100 * LEAST, by=accounts[4], least=450_000, most=550_000)


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


@attack
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


@attack
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


# ── move ────────────────────────────────────────────────────────────────────────────────────────


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


@attack
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


@attack
def test_no_move_after_the_vote(market, contract):
    """Nor by the lead, who could make what it bets on."""
    board = market.scene.core.board.board
    market.sponsor()
    closes = clock.set_next(board.votingCloses(1))
    with reverts(contract, "ForecastsNotOpen", 1, board.votingOpens(1), closes):
        market.move(1, by=accounts[4])


# ── link, claim ─────────────────────────────────────────────────────────────────────────────────


@attack
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


@attack
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


@attack
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


def test_idea_that_falls_below_is_void(market):
    board = market.scene.core.board
    market.sponsor()
    board.vote(accounts[8], [no(1)], 1)
    board.to_settlement(1)
    assert market.state() == ("Void", 0)


# ── money ───────────────────────────────────────────────────────────────────────────────────────


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


@attack
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


@attack
def test_purse_cannot_be_withdrawn_to_itself(market, contract):
    """It would be gone for everybody: no longer the purse's, and nobody's."""
    contract.depositFor(contract, LEAST, {"from": accounts[3]})
    with reverts(contract, "ForecastsBadPayee", contract):
        contract.withdraw(contract, {"from": accounts[6]})
    assert market.free(contract) == [LEAST]


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


# ── coalitions and tokens ───────────────────────────────────────────────────────────────────────


@attack
def test_two_own_accounts_gain_nothing_together(market, contract):
    """What one wins the other loses, to the unit, at every outcome that is tried: moving there and back is free."""
    plain = model.Market()
    plain.sponsor("s", LEAST, START)
    for who, ppm in (("a", 900_000), ("b", 100_000), ("a", 800_000), ("b", START)):
        plain.move(who, ppm)
    left = sum(plain.void(who) for who in "ab")
    assert all(sum(plain.worth(who, x) for who in "ab") <= left for x in range(0, ONE + 1, 1_000))
    assert all(plain.worth("s", x) == LEAST for x in range(0, ONE + 1, 1_000))


@attack
def test_fee_on_transfer_is_refused(HostileToken):
    token = HostileToken.deploy(6, {"from": accounts[0]})
    market = forecasts.deploy(budget=token)
    token.setFee(1, {"from": accounts[0]})
    with reverts(market.contract, "ForecastsTooLittleArrived", LEAST - LEAST // 10_000, LEAST):
        market.sponsor()


@attack
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
