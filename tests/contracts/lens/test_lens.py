"""Lens: pages, and what is due.

constructor
  when it is deployed -> test_reads_a_board_its_escrow_and_its_desk
every page
  when it starts at zero -> test_page_reverts_from_zero
  when it starts after the end -> test_page_after_the_end_is_empty
  when it is shorter than the list -> test_pages_lead_on_to_the_end
ideas
  when a round has ideas -> test_ideas_show_number_and_tally
campaigns
  when one runs -> test_campaign_shows_what_follows_from_its_facts
  when its fee is settled -> test_settled_campaign_earns_nothing_more
bounties
  when the campaign ends before the deadline -> test_bounty_closes_with_its_campaign
submissions
  when time will change the status -> test_submission_tells_until_when
settlementDue
  when there is no round, or none is due -> test_no_settlement_is_due
  when several rounds are due -> test_earliest_round_is_due_first
  when a round lapsed, was settled, or has nothing passing -> test_dead_rounds_are_passed_over
workWith
  when some are payable -> test_payable_work_is_listed
  when some are void -> test_void_work_is_listed
  when some can be upheld -> test_contested_work_is_listed
  when some are disputed
    they are listed until they are ruled or over -> test_disputed_work_is_listed
endsOf
  when a lead is replaced in the second that silence accepts
    the fee at stake is that of who led before -> test_the_fee_of_who_led_to_the_end_is_at_stake
workWith, endsOf
  when a rejection is contested and nobody upholds it
    it is listed until its time is over, and ends as told -> test_a_rejection_that_nobody_upholds_ends_as_told
  when work is disputed, or could be
    every end is the one that the desk then settles -> test_ends_are_what_the_desk_then_settles
reclaimable
  when slots are free after the deadline -> test_free_slots_are_listed_after_the_deadline
closable
  when closing would change something -> test_closable_campaigns_are_listed
  when a campaign ends with the clock of 32 bits -> test_closable_when_32_bits_end
"""

from __future__ import annotations

import pytest
from brownie import project

from tests.support import clock
from tests.support.campaigns import ANSWER, ARBITRATION, CHALLENGE, DAY, LIFE, NOTICE, REVIEW, STATUS, deploy_world
from tests.support.reverts import reverts

UNIT = 10**6
CONTESTED, DISPUTED, PAYABLE, VOID = map(STATUS.index, ("Contested", "Disputed", "Payable", "Void"))


@pytest.fixture(scope="module")
def world(Stablecoin, accounts):
    token = Stablecoin.deploy("Dollar", "USD", 6, {"from": accounts[0]})
    world = deploy_world(project.get_loaded_projects()[0], token, UNIT)
    for account in world.people:
        world.mint(account, 1_000 * UNIT)
    world.fill(10_000 * UNIT)
    return world


@pytest.fixture(scope="module")
def escrow(world):
    return world.escrow


@pytest.fixture(scope="module")
def board(PlainBoard, escrow, accounts):
    return PlainBoard.deploy(escrow, {"from": accounts[0]})


@pytest.fixture(scope="module")
def lens(Lens, board, accounts):
    return Lens.deploy(board, {"from": accounts[0]})


@pytest.fixture
def campaign(world):
    return world.fund()


@pytest.fixture
def desk_of_disputes(world, HostileArbitrator):
    """The desk, and an arbitrator that decides for campaigns funded from now on."""
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=arbitrator)
    return world.desk, arbitrator


@pytest.fixture
def works(world, campaign):
    """Four submissions to one bounty of five slots."""
    bounty = world.post(campaign, slots=5)
    return [world.submit(bounty) for _ in range(4)]


def add_round(board, round_, votes, closes, lapses, settled=False):
    board.addRound(round_, votes, closes, lapses, settled, {"from": board.tx.sender})


def test_reads_a_board_its_escrow_and_its_desk(lens, board, escrow):
    assert lens.board() == board
    assert lens.escrow() == escrow
    assert lens.desk() == escrow.desk()


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("campaigns", ()),
        ("bounties", ()),
        ("submissions", ()),
        ("workWith", (PAYABLE,)),
        ("reclaimable", ()),
        ("closable", ()),
    ],
)
def test_page_reverts_from_zero(lens, name, head):
    with reverts(lens, "LensPageFromZero"):
        getattr(lens, name)(*head, 0, 10)


def test_page_after_the_end_is_empty(lens, works):
    assert lens.submissions(5, 10) == ((), 0)
    assert lens.campaigns(2, 10) == ((), 0)
    assert lens.workWith(PAYABLE, 9, 2**32 - 1) == ((), 0)


def test_pages_lead_on_to_the_end(lens, works):
    seen, start = [], 1
    while start:
        page, start = lens.submissions(start, 3)
        seen.append([view[0] for view in page])
    assert seen == [[1, 2, 3], [4]]
    page, following = lens.submissions(1, 4)
    assert (len(page), following) == (4, 0)
    assert lens.submissions(2, 0) == ((), 2)


def test_ideas_show_number_and_tally(lens, board):
    add_round(board, 3, [(5, 9), (8, 1)], 0, 0)
    page, following = lens.ideas(3, 1, 10)
    assert following == 0
    assert [view[0] for view in page] == [1, 2]
    assert int(str(page[1][1][0]), 16) == 3_002
    assert page[1][2] == (8, 1, 1, False, True)


def test_campaign_shows_what_follows_from_its_facts(world, lens, escrow, campaign, works):
    world.accept_and_pay(works[0])
    ((id_, facts, fee, booked, voted_free, earned, until),), _ = lens.campaigns(campaign, 1)
    ends_at = escrow.campaignOf(campaign)["endsAt"]
    assert id_ == campaign
    assert facts == escrow.campaignOf(campaign)
    assert (fee, booked, voted_free) == (100 * UNIT, 0, 400 * UNIT)
    assert earned == 100 * UNIT // 9
    assert until == ends_at + LIFE + REVIEW
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    ((_, _, _, booked, _, earned, _),), _ = lens.campaigns(campaign, 1)
    assert (booked, earned) == (100 * UNIT // 9, 0)
    clock.set_next(until - 1)
    world.pay(works[1])  # earns for the one in office
    assert lens.campaigns(campaign, 1)[0][0][5] > 0
    clock.mine_at(until)
    assert lens.campaigns(campaign, 1)[0][0][5] == 0  # nobody can file any more


def test_settled_campaign_earns_nothing_more(world, lens, escrow, campaign, works):
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    world.pay(*works)
    world.file_lessons(campaign)
    (view,), _ = lens.campaigns(campaign, 1)
    assert view[5] == 0


def test_bounty_closes_with_its_campaign(world, lens, escrow, campaign):
    bounty = world.post(campaign)
    submit_by = escrow.bountyOf(bounty)["submitBy"]
    assert lens.bounties(bounty, 1)[0][0] == (bounty, escrow.bountyOf(bounty), submit_by)
    end = clock.now() + NOTICE + 100
    escrow.endEarly(campaign, end, {"from": world.lead})
    assert lens.bounties(bounty, 1)[0][0][2] == end


def test_submission_tells_until_when(world, lens, escrow, works):
    def view(work):
        (found,), _ = lens.submissions(work, 1)
        assert found[0] == work
        assert found[1] == escrow.submissionOf(work)
        assert found[2] == escrow.statusOf(work)
        return found[3] and found[3] - found[1][2]

    silent, spoken, rejected, _ = works
    assert view(silent) == REVIEW
    world.accept(spoken)
    world.reject(rejected)
    assert view(spoken) == CHALLENGE
    assert view(rejected) == ANSWER
    clock.pass_time(REVIEW)
    assert view(silent) == REVIEW + CHALLENGE
    assert view(spoken) == 0
    assert view(rejected) == 0


def test_no_settlement_is_due(lens, board):
    assert lens.settlementDue() == 0
    add_round(board, 1, [(5, 1)], clock.now() + DAY, clock.now() + 2 * DAY)
    assert lens.settlementDue() == 0


def test_earliest_round_is_due_first(lens, board):
    now = clock.now()
    add_round(board, 1, [(5, 1)], now, now + DAY)
    add_round(board, 2, [(1, 5), (5, 1)], now, now + DAY)
    assert lens.settlementDue() == 1


def test_dead_rounds_are_passed_over(lens, board):
    now = clock.now()
    add_round(board, 1, [(5, 1)], now - 9, now - 5)
    add_round(board, 2, [(5, 1)], now - 8, now + DAY, settled=True)
    add_round(board, 3, [(1, 5)], now - 7, now + DAY)
    add_round(board, 4, [(1, 5), (5, 1)], now - 6, now + DAY)
    add_round(board, 5, [(5, 1)], now + 500, now + DAY)
    assert lens.settlementDue() == 4


def test_payable_work_is_listed(world, lens, works):
    world.accept(works[1])
    world.accept(works[3])
    world.reject(works[0])
    clock.pass_time(CHALLENGE)
    assert lens.workWith(PAYABLE, 1, 10) == ((2, 4), 0)
    assert lens.workWith(PAYABLE, 1, 2) == ((2,), 3)
    world.pay(2, 4)
    assert lens.workWith(PAYABLE, 1, 10) == ((), 0)


def test_void_work_is_listed(world, lens, escrow, works):
    world.reject(works[0])
    world.reject(works[2])
    assert lens.workWith(VOID, 1, 10) == ((), 0)
    clock.pass_time(ANSWER)
    assert lens.workWith(VOID, 1, 10) == ((1, 3), 0)
    escrow.releaseWork([1, 3], {"from": world.stranger})
    assert lens.workWith(VOID, 1, 10) == ((), 0)


def test_disputed_work_is_listed(world, lens, desk_of_disputes, works):
    desk, arbitrator = desk_of_disputes
    campaign = world.fund()
    bounty = world.post(campaign, slots=3)
    rejected, accepted, ruled = (world.submit(bounty) for _ in range(3))
    world.accept(accepted)
    for work in (rejected, ruled):
        world.reject(work)
        world.dispute(work)
    world.dispute(accepted, by=world.stranger)
    assert lens.workWith(DISPUTED, 1, 20) == ((rejected, accepted, ruled), 0)
    assert lens.workWith(DISPUTED, 1, rejected) == ((rejected,), accepted)
    (view,), _ = lens.submissions(accepted, 1)
    assert (view[2], view[3], view[4]) == (5, desk.disputeOf(accepted)["until"], 10 * UNIT)
    arbitrator.rule(desk.disputeOf(ruled)["disputeID"], 1, {"from": world.stranger})
    assert lens.workWith(DISPUTED, 1, 20) == ((rejected, accepted), 0)
    assert lens.workWith(PAYABLE, 1, 20) == ((ruled,), 0)
    (view,), _ = lens.submissions(ruled, 1)
    assert (view[2], view[3]) == (6, 0)
    clock.pass_time(ARBITRATION)
    assert lens.workWith(DISPUTED, 1, 20) == ((), 0)
    assert rejected in lens.workWith(VOID, 1, 20)[0]
    assert accepted in lens.workWith(PAYABLE, 1, 20)[0]


def test_contested_work_is_listed(world, lens, desk_of_disputes):
    bounty = world.post(world.fund(), slots=2)
    work, _ = world.submit(bounty), world.submit(bounty)
    world.reject(work)
    assert lens.workWith(CONTESTED, 1, 20) == ((), 0)
    world.contest(work)
    assert lens.workWith(CONTESTED, 1, 20) == ((work,), 0)
    (view,), _ = lens.submissions(work, 1)
    assert (view[2], view[3] - view[1][2], view[4]) == (4, ANSWER, 10 * UNIT)
    clock.pass_time(ANSWER)
    assert lens.workWith(CONTESTED, 1, 20) == ((), 0)
    assert work in lens.workWith(PAYABLE, 1, 20)[0]


def settled(tx):
    """What the desk says of amounts; who is left out."""
    return tuple(tx.events["DisputeSettled"]["settlement"])[2:]


@pytest.mark.parametrize("ruling", [0, 1, 2])
@pytest.mark.parametrize("is_challenge", [True, False])
def test_ends_are_what_the_desk_then_settles(world, lens, desk_of_disputes, is_challenge, ruling):
    desk, arbitrator = desk_of_disputes
    world.set_terms(arbitrator=arbitrator, paysJurors=True)
    work = world.submit(world.post(world.fund(), slots=2))
    (world.accept if is_challenge else world.reject)(work)
    foreseen = lens.endsOf(work)
    assert len(foreseen) == (3 if is_challenge else 4)
    world.dispute(work)
    assert lens.endsOf(work) == foreseen
    number = desk.disputeOf(work)["disputeID"]
    arbitrator.setShares(number, [world.giver], [7], {"from": world.stranger})
    if ruling == 0:
        clock.pass_time(ARBITRATION)
    else:
        arbitrator.rule(number, ruling, {"from": world.stranger})
    is_paid = ruling == 1 or (ruling == 0 and is_challenge)
    tx = world.pay(work) if is_paid else world.escrow.releaseWork([work], {"from": world.stranger})
    assert settled(tx) == foreseen[ruling][2:]


def test_the_fee_of_who_led_to_the_end_is_at_stake(world, lens, escrow, desk_of_disputes):
    desk, arbitrator = desk_of_disputes
    campaign = world.fund()
    work = world.submit(world.post(campaign, slots=2))
    clock.set_next(escrow.submissionOf(work)["since"] + REVIEW)
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})  # nothing was earned: nothing is booked
    foreseen = lens.endsOf(work)
    assert foreseen[2]["feeTaken"] == 0
    world.dispute(work, by=world.stranger)
    assert desk.disputeOf(work)["lead"] == world.lead
    arbitrator.rule(desk.disputeOf(work)["disputeID"], 2, {"from": world.stranger})
    assert settled(escrow.releaseWork([work], {"from": world.stranger})) == foreseen[2][2:]


def test_a_rejection_that_nobody_upholds_ends_as_told(world, lens, desk_of_disputes):
    work = world.submit(world.post(world.fund(), slots=2))
    world.reject(work)
    foreseen = lens.endsOf(work)
    world.contest(work)
    assert lens.workWith(CONTESTED, 1, 20) == ((work,), 0)
    clock.pass_time(ANSWER)
    assert lens.workWith(CONTESTED, 1, 20) == ((), 0)
    assert settled(world.pay(work)) == foreseen[3][2:]


def test_free_slots_are_listed_after_the_deadline(world, lens, escrow, campaign, works):
    assert lens.reclaimable(1, 10) == ((), 0)
    clock.reach(escrow.bountyOf(1)["submitBy"])
    assert lens.reclaimable(1, 10) == ((1,), 0)
    escrow.reclaimBounty(1, {"from": world.stranger})
    assert lens.reclaimable(1, 10) == ((), 0)


def test_closable_campaigns_are_listed(world, lens, escrow, campaign, works):
    assert lens.closable(1, 10) == ((), 0)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    assert lens.closable(1, 10) == ((campaign,), 0)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    assert lens.closable(1, 10) == ((), 0)
    clock.reach(escrow.campaignOf(campaign)["endsAt"] + LIFE + REVIEW)
    assert lens.closable(1, 10) == ((), 0)  # while work is live, its lead's fee is needed
    world.pay(*works)
    assert lens.closable(1, 10) == ((campaign,), 0)
    escrow.closeCampaign(campaign, {"from": world.stranger})
    assert lens.closable(1, 10) == ((), 0)


def test_closable_when_32_bits_end(world, lens):
    campaign = world.fund(durationSeconds=2**32 - DAY - clock.set_next(clock.now() + 10))
    ((shown,), _) = lens.campaigns(campaign, 1)
    assert shown["lessonsUntil"] == 2**32 - DAY + LIFE + REVIEW
    assert lens.closable(1, 10) == ((), 0)
    clock.reach(2**32 - DAY)
    assert lens.closable(1, 10) == ((campaign,), 0)
