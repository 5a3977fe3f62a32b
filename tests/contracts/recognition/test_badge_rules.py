"""What badges are earned by.

PointsRule
  when it would need nothing -> test_rules_need_something
  when so many points counted at a moment -> test_points_that_counted_earn
RulingsRule
  when the account ruled with weight in so many disputes -> test_rulings_that_mattered_earn
    or its weight was dust -> test_dust_juror_earns_no_badge
    or one is named twice, or too few -> test_repeated_dispute_counts_once
    or nobody ruled -> test_dispute_that_nobody_ruled_earns_nothing
FundedIdeaRule
  when the account's idea became a campaign -> test_funded_idea_earns
    or the campaign is another board's -> test_campaign_of_another_board_earns_nothing,
                                          test_campaign_of_an_earlier_board_funds_no_idea
OutcomeRule
  when the campaign's goal was reached, as far as was asked -> test_reached_goal_earns_for_its_lead
    and another leads it since -> test_lead_named_after_the_end_earns_nothing
all
  what it goes by, how much and whom it asks is told -> test_rules_tell_what_they_go_by
  a witness of another length shows nothing -> test_short_witness_shows_nothing
"""

from __future__ import annotations

import pytest
from brownie import accounts

from tests.support import boards, clock, core, outcomes
from tests.support.boards import yes
from tests.support.jury import JURORS, QUORUM, WAD, deploy_court
from tests.support.reverts import reverts

attack = pytest.mark.attack
DUST = QUORUM // 100 - 1


def words(*numbers: int) -> bytes:
    """A witness of numbers."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)


@pytest.fixture(scope="module")
def court():
    """Accounts 1 to 4 can judge; account 5 has nearly a hundredth of a quorum."""
    court = deploy_court(accounts[0], dict(zip(JURORS, accounts[1:5], strict=True)), accounts[7], accounts[8])
    court.token.transfer(accounts[5], DUST, {"from": accounts[1]})
    court.token.transfer(accounts[6], DUST + 1, {"from": accounts[1]})
    court.next_round()
    return court


@pytest.fixture(scope="module")
def rulings(RulingsRule, court):
    return RulingsRule.deploy(court.jury, 2, {"from": accounts[0]})


@pytest.fixture(scope="module")
def points(PointsRule, court):
    return PointsRule.deploy(court.reputation, 100 * WAD, {"from": accounts[0]})


def test_rules_need_something(PointsRule, RulingsRule, OutcomeRule, court):
    by = {"from": accounts[0]}
    for rule, source in ((PointsRule, court.reputation), (RulingsRule, court.jury), (OutcomeRule, court.jury)):
        with reverts(rule, "BadgeRuleOutOfBounds", 0):
            rule.deploy(source, 0, by)
    with reverts(OutcomeRule, "BadgeRuleOutOfBounds", outcomes.ONE + 1):
        OutcomeRule.deploy(court.jury, outcomes.ONE + 1, by)


def test_points_that_counted_earn(court, points):
    """At a moment at which points are kept; that they faded since takes nothing."""
    court.award({accounts[1]: 100 * WAD, accounts[2]: 99 * WAD})
    full = court.reputation.boundaryOf(clock.now())
    before = full - court.reputation.roundSeconds()
    assert [points.earned(accounts[1], words(at)) for at in (before, full)] == [False, True]
    assert not points.earned(accounts[2], words(full))
    court.next_round()
    assert points.earned(accounts[1], words(full))
    assert not points.earned(accounts[1], words(court.reputation.boundaryOf(clock.now())))
    with reverts(court.reputation, "ReputationNotABoundary", full + 1, full):
        points.earned(accounts[1], words(full + 1))


def heard(court, rulings):
    dispute = court.hear(rulings)
    clock.mine_at(court.windows(dispute)[1])
    return dispute


def test_rulings_that_mattered_earn(court, rulings):
    """On the side that ruled alone."""
    first = heard(court, {accounts[1]: 1, accounts[2]: 2})
    second = heard(court, {accounts[1]: 2, accounts[2]: 2, accounts[3]: 2})
    assert rulings.earned(accounts[1], words(first, second))
    assert not rulings.earned(accounts[2], words(first, second))
    assert not rulings.earned(accounts[3], words(first, second))
    with reverts(court.jury, "JuryUnknownDispute", second + 1):
        rulings.earned(accounts[1], words(second, second + 1))


@attack("badge-dust-juror")
def test_dust_juror_earns_no_badge(court, rulings):
    """Ten of them would have as many badges as a thousandth of a quorum."""
    all_agree = {accounts[1]: 1, accounts[5]: 1, accounts[6]: 1}
    ids = [heard(court, all_agree), heard(court, all_agree)]
    assert [rulings.earned(accounts[i], words(*ids)) for i in (1, 5, 6)] == [True, False, True]


@attack("badge-one-dispute-twice")
def test_repeated_dispute_counts_once(court, rulings):
    ids = [heard(court, {accounts[1]: 1}), heard(court, {accounts[1]: 1})]
    shown = [words(*ids), words(ids[0], ids[0]), words(ids[1], ids[0]), words(ids[0]), words(*ids, ids[1] + 1)]
    assert [rulings.earned(accounts[1], one) for one in shown] == [True, False, False, False, False]


@attack("badge-of-empty-disputes")
def test_dispute_that_nobody_ruled_earns_nothing(court, rulings):
    """Friends open disputes that nobody else looks at. Without a ruling the jurors who came have all that it cost, so
    it would be a badge for nothing."""
    gap = court.token.balanceOf(accounts[1]) - court.token.balanceOf(accounts[2])
    court.token.transfer(accounts[2], gap // 2, {"from": accounts[1]})
    court.token.transfer(accounts[3], gap % 2, {"from": accounts[1]})
    court.next_round()
    for came in ({accounts[6]: 1}, {accounts[1]: 1, accounts[2]: 2}):  # below the quorum, and a tie
        ids = [heard(court, came), heard(court, came)]
        for juror in came:
            start, end = court.jury.shareOf(ids[0], juror)
            assert end - start >= QUORUM // 100
            assert not rulings.earned(juror, words(*ids))


# ── ideas ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def world():
    """Round 1 has one idea of account 2 that passes."""
    world = core.deploy({str(accounts[2]): 300_000, str(accounts[3]): 100_000}, boards.CAP)
    world.escrow.fill(10 * boards.CAP)
    board = world.board
    board.to_posting(1)
    board.post(accounts[2], ask=boards.ASK, lead=accounts[6])
    board.to_vote(1)
    board.vote(accounts[2], [yes(1)], 1)
    board.to_settlement(1)
    return world


@pytest.fixture(scope="module")
def funded(FundedIdeaRule, world):
    return FundedIdeaRule.deploy(world.board.board, {"from": accounts[0]})


def test_funded_idea_earns(world, funded):
    assert not funded.earned(accounts[2], words(1))
    world.settle(1, [1])
    told = [funded.earned(accounts[who], words(1)) for who in (2, 3, 6)]
    assert told == [True, False, False]
    assert not funded.earned(accounts[2], words(2))
    assert not funded.earned(accounts[2], words(2**32 + 1))


def another(IdeaBoard, world, seconds: int) -> boards.World:
    """A second board that may fund from the same escrow, and begins so much later."""
    has, by = world.board, {"from": accounts[0]}
    excluded = [world.escrow.treasury, world.escrow.escrow]
    frame = (clock.now() + boards.HOLDING + boards.DAY + seconds, boards.LENGTH, boards.HOLDING, 0, 0)
    rules = (boards.CAP, boards.PASSING_BPS, boards.POSTING_BPS)
    board = IdeaBoard.deploy(has.manager, has.token, world.escrow.escrow, excluded, frame, rules, by)
    has.manager.grantRole(core.FUNDER, board, 0, by)
    calendar = has.calendar.__class__(frame[0], boards.LENGTH)
    return boards.World(board, has.token, has.escrow, has.manager, calendar, has.people)


@attack("badge-of-another-board")
def test_campaign_of_another_board_earns_nothing(IdeaBoard, FundedIdeaRule, world):
    """Its round and number name somebody else's idea here."""
    world.settle(1, [1])
    later = another(IdeaBoard, world, 0)
    rule = FundedIdeaRule.deploy(later.board, {"from": accounts[0]})
    later.to_posting(1)
    later.post(accounts[3], ask=boards.ASK - 1, lead=accounts[3])
    assert not rule.earned(accounts[3], words(1))
    assert not rule.earned(accounts[2], words(1))


@attack("badge-of-another-board")
@pytest.mark.parametrize(("seconds", "is_passing"), [(0, False), (60 * boards.DAY, True)], ids=["refused", "old"])
def test_campaign_of_an_earlier_board_funds_no_idea(IdeaBoard, FundedIdeaRule, world, seconds, is_passing):
    """Ask and fee are the author's to choose: so an idea is posted under the round and number of a campaign of old, and
    asks for as much."""
    world.settle(1, [1])
    later = another(IdeaBoard, world, seconds)
    rule = FundedIdeaRule.deploy(later.board, {"from": accounts[0]})
    later.to_posting(1)
    later.post(accounts[3], ask=boards.ASK, lead=accounts[3])
    later.to_vote(1)
    if is_passing:
        later.vote(accounts[2], [yes(1)], 1)
    later.to_settlement(1)
    later.board.settle(1, [1] if is_passing else [], 0, {"from": accounts[7]})
    assert later.board.tallyOf(1, 1)["isPassing"] is is_passing
    assert not rule.earned(accounts[3], words(1))
    assert rule.earned(accounts[3], words(2)) is is_passing


# ── outcomes ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def scene():
    """A campaign of account 4's, whose goal six tenths were reached of, as account 2 reports."""
    scene = outcomes.deploy()
    scene.fund()
    scene.to_reports()
    scene.report(600_000)
    return scene


@pytest.fixture(scope="module")
def reached(OutcomeRule, scene):
    return OutcomeRule.deploy(scene.outcomes, 600_000, {"from": accounts[0]})


def test_reached_goal_earns_for_its_lead(OutcomeRule, scene, reached):
    """Once the report is final, and where it is enough."""
    witness, more = words(scene.campaign), OutcomeRule.deploy(scene.outcomes, 600_001, {"from": accounts[0]})
    assert not reached.earned(accounts[4], witness)
    clock.mine_at(clock.now() + outcomes.CHALLENGE)
    told = [reached.earned(accounts[who], witness) for who in (2, 4, 8)]
    assert told == [False, True, False]
    assert not more.earned(accounts[4], witness)
    assert not reached.earned(accounts[4], words(2**32 + scene.campaign))
    with reverts(scene.outcomes, "OutcomesOtherBoard", scene.campaign + 1):
        reached.earned(accounts[4], words(scene.campaign + 1))


@attack("badge-of-a-later-lead")
def test_lead_named_after_the_end_earns_nothing(scene, reached):
    """Whoever leads once it is known that the goal was reached did not reach it."""
    clock.mine_at(clock.now() + outcomes.CHALLENGE)
    scene.core.escrow.escrow.replaceLead(scene.campaign, accounts[5], {"from": accounts[0]})
    witness = words(scene.campaign)
    assert [reached.earned(accounts[who], witness) for who in (4, 5)] == [True, False]


# ── all ─────────────────────────────────────────────────────────────────────────────────────────


def test_rules_tell_what_they_go_by(court, world, scene, points, rulings, funded, reached):
    told = [(rule.basis(), rule.least(), rule.source()) for rule in (points, rulings, funded, reached)]
    assert told == [
        (1, 100 * WAD, court.reputation),
        (2, 2, court.jury),
        (3, 1, world.board.board),
        (4, 600_000, scene.outcomes),
    ]


def test_short_witness_shows_nothing(points, rulings, funded, reached):
    for rule in (points, rulings, funded, reached):
        for witness in (b"", b"\1", words(1)[:31], words(1) + b"\0"):
            assert not rule.earned(accounts[1], witness)
