"""CampaignEscrow and DisputeDesk under the recommended terms: what guilt and office are worth.

"friends" is one person with several accounts, none of whom votes. The jury is honest unless said
otherwise. Amounts are whole budget tokens.

author of junk who challenges itself
  loses half a stake at least, at every reward -> test_author_of_junk_loses_whatever_the_reward
  being lead, worker and challenger at once -> test_one_account_as_worker_and_challenger_loses
  in all slots of a campaign, before anybody else can -> test_friends_who_challenge_all_their_junk_lose
  in a token without decimals -> test_author_of_junk_loses_in_a_token_without_decimals
lead who challenges what it accepted -> test_lead_who_challenges_its_own_verdict_gains_nothing_with_its_friend
honest challenger of small junk
  risks no more than the reward, wins half of it -> test_honest_challenger_of_small_junk_wins_half_of_what_it_risks
  of a bounty that was split -> test_splitting_a_bounty_does_not_multiply_what_challenging_takes
  a worker of one token can object -> test_worker_of_one_token_can_contest_with_one
unearned fee as cash
  theatre of rejections pays the pair less than honesty -> test_rejections_for_show_cost_lead_and_worker
lead's office
  of the last minute -> test_lead_of_the_last_minute_earns_nothing
  thrown out: its verdicts cost the successor nothing -> test_successor_does_not_pay_for_former_verdicts
  a worker made lead -> test_worker_cannot_become_its_own_judge
  former lead as juror of its own verdict -> test_former_lead_cannot_judge_its_own_verdict
junk lessons hedged by a friend -> test_lead_cannot_hedge_junk_lessons
jury majority
  takes the reward of every open slot, and no more -> test_jury_majority_takes_open_slots_and_no_more
"""

from __future__ import annotations

import pytest

from tests.support import clock
from tests.support.campaigns import BETTER, deploy_world, end, worth
from tests.support.governance import WAD
from tests.support.jury import decide, seat_jury
from tests.support.recommended import ANSWER, CHALLENGE, LEAST, REVIEW, judge, post, recommend, seat
from tests.support.reverts import reverts

attack = pytest.mark.attack


@pytest.fixture(scope="module")
def jury(world):
    return seat(world)


# ── guilt ───────────────────────────────────────────────────────────────────────────────────────


@attack("junk-challenged-by-its-author")
@pytest.mark.parametrize("reward", [1, 5, 10, 20, 49, 50, 51, 100, 200])
@pytest.mark.parametrize("is_silent", [True, False])
def test_author_of_junk_loses_whatever_the_reward(world, jury, reward, is_silent):
    friends = (world.other, world.stranger, world.lead)
    work = world.submit(post(world, world.fund(), reward), by=world.other)
    before = worth(world, *friends) + world.escrow.bountyOf(1)["bond"]
    if is_silent:
        clock.pass_time(REVIEW)
    else:
        world.accept(work)
    world.challenge(work)
    decide(jury, 1, {world.board: 2, world.governance: 2})
    end(world, work)
    stake = min(max(reward * world.unit // 10, LEAST * world.unit), reward * world.unit)
    assert worth(world, *friends) == before - stake // 2
    world.check_books()


@attack("junk-challenged-by-its-author")
def test_one_account_as_worker_and_challenger_loses(world, jury):
    before = worth(world, world.worker)
    work = world.submit(post(world, world.fund(), 10))
    clock.pass_time(REVIEW)
    world.challenge(work, by=world.worker)
    decide(jury, 1, {world.board: 2})
    end(world, work)
    assert worth(world, world.worker) == before - 5 * world.unit


@attack("junk-challenged-by-its-author")
def test_friends_who_challenge_all_their_junk_lose(world, jury):
    """Eighteen times junk of 10, accepted and challenged among friends, in a campaign of 200."""
    unit, friends = world.unit, (world.lead, world.other, world.stranger)
    campaign = world.fund(ask=200 * unit, feeBps=1_000)
    before = worth(world, *friends)
    bounty = post(world, campaign, 10, slots=18)
    works = [world.submit(bounty, by=world.other) for _ in range(18)]
    for work in works:
        world.accept(work)
    for work in works:
        world.challenge(work)
    judge(world, jury, works, 2)
    world.release(*works)
    assert worth(world, *friends) == before - 18 * 5 * unit
    world.check_books()


@attack("junk-challenged-by-its-author")
@pytest.mark.parametrize("reward", [1, 2, 3, 9, 10, 11])
def test_author_of_junk_loses_in_a_token_without_decimals(the_project, accounts, reward):
    """Halves are rounded down for the jurors; the other half is not more than the author's own bond."""
    token = the_project.Stablecoin.deploy("Voucher", "V", 0, {"from": accounts[0]})
    small = deploy_world(the_project, token, 1)
    for one in (small.other, small.stranger):
        small.mint(one, 1_000)
    small.fill(1_000)
    jury = seat_jury(small, {small.board: 100})
    recommend(small, jury, disputeBondMin=0)
    before = worth(small, small.other, small.stranger)
    work = small.submit(post(small, small.fund(ask=100, feeBps=0), reward), by=small.other)
    small.accept(work)
    small.challenge(work)
    decide(jury, 1, {small.board: 2})
    end(small, work)
    stake = -(-reward // 10)
    assert worth(small, small.other, small.stranger) == before - stake // 2 <= before


@attack("junk-challenged-by-its-author")
def test_lead_who_challenges_its_own_verdict_gains_nothing_with_its_friend(world, jury):
    friends = (world.lead, world.other)
    before = worth(world, *friends)
    work = world.submit(post(world, world.fund(feeBps=0), 10), by=world.other)
    world.accept(work)
    world.challenge(work, by=world.lead)
    decide(jury, 1, {world.board: 2})
    end(world, work)
    assert worth(world, *friends) == before - 5 * world.unit


@attack("micro-work-beyond-dispute")
@pytest.mark.parametrize("reward", [1, 5, 10, 20, 50, 100])
def test_honest_challenger_of_small_junk_wins_half_of_what_it_risks(world, jury, reward):
    outcomes = {}
    for name, ruling in (("won", 2), ("lost", 1), ("no ruling", 0)):
        work = world.submit(post(world, world.fund(), reward), by=world.other)
        world.accept(work)
        before = worth(world, world.stranger)
        world.challenge(work)
        if ruling:
            decide(jury, jury.disputes(), {world.board: ruling})
        else:
            clock.reach(world.desk.disputeOf(work)["until"])
        end(world, work)
        outcomes[name] = worth(world, world.stranger) - before
    stake = min(max(reward // 10, LEAST), reward) * world.unit
    assert outcomes == {"won": stake // 2, "lost": -stake, "no ruling": -stake // 10}


@attack("micro-work-beyond-dispute")
def test_splitting_a_bounty_does_not_multiply_what_challenging_takes(world, jury):
    campaign = world.fund()
    whole, small = world.submit(post(world, campaign, 100)), world.submit(post(world, campaign, 1, slots=100))
    assert world.desk.priceOf(whole)[0] == LEAST * world.unit
    assert world.desk.priceOf(small)[0] * 100 == 100 * world.unit  # at most the reward


@attack("micro-work-beyond-dispute")
def test_worker_of_one_token_can_contest_with_one(world, jury):
    work = world.submit(post(world, world.fund(), 1))
    before = worth(world, world.worker)
    world.reject(work)
    world.contest(work)
    assert worth(world, world.worker) == before - world.unit
    clock.pass_time(ANSWER)  # nobody stakes a token on it being junk
    end(world, work)
    assert worth(world, world.worker) == before + 2 * world.unit


# ── the fee, and office ─────────────────────────────────────────────────────────────────────────


@attack("unearned-fee-as-cash")
@pytest.mark.parametrize("is_theatre", [False, True])
def test_rejections_for_show_cost_lead_and_worker(world, escrow, jury, is_theatre):
    """Thirty good works of one token, accepted; or rejected, contested, upheld by the lead and overturned."""
    unit, pair = world.unit, (world.lead, world.worker)
    before = worth(world, *pair)
    campaign = world.fund(ask=1_000 * unit, feeBps=3_000)
    bounty = post(world, campaign, 1, slots=30)
    works = [world.submit(bounty) for _ in range(30)]
    for work in works:
        (world.reject if is_theatre else world.accept)(work)
    if is_theatre:
        for work in works:
            world.dispute(work)
        judge(world, jury, works, 1)
    else:
        clock.pass_time(CHALLENGE)
    world.pay(*works)
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    lessons = world.file_lessons(campaign).events["LessonsFiled"]["submission"]
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    honest = 30 * unit + 300 * unit * 30 // 700
    # Half of each stake of the lead is the jurors'; of its fee a reward is lost each time.
    assert worth(world, *pair) - before == (30 * unit - 15 * unit if is_theatre else honest)
    assert escrow.campaignOf(campaign)["feeTaken"] == (30 * unit if is_theatre else 0)
    world.check_books()


@attack("lead-of-the-last-minute")
def test_lead_of_the_last_minute_earns_nothing(world, escrow, jury):
    campaign = world.fund()  # 1,000, fee 100
    work = world.submit(post(world, campaign, 900))
    world.accept(work)
    clock.pass_time(CHALLENGE)
    world.pay(work)
    clock.reach(escrow.campaignOf(campaign)["endsAt"] - 60)
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    clock.pass_time(60)
    before = [worth(world, lead) for lead in (world.lead, world.giver)]
    lessons = world.file_lessons(campaign, by=world.giver).events["LessonsFiled"]["submission"]
    clock.pass_time(CHALLENGE)
    world.pay(lessons)
    got = [worth(world, lead) - had for lead, had in zip((world.lead, world.giver), before, strict=True)]
    assert got == [100 * world.unit, 0]
    assert [world.points(lead) for lead in (world.lead, world.giver)] == [100 * WAD, 0]


@attack("successor-pays")
def test_successor_does_not_pay_for_former_verdicts(world, escrow, jury):
    campaign = world.fund()
    bounty = post(world, campaign, 100, slots=9)
    works = [world.submit(bounty) for _ in range(9)]
    for work in works:
        world.reject(work)
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    for work in works:
        world.dispute(work, upholder=world.lead)
    judge(world, jury, works, 1)
    world.pay(*works)
    facts = escrow.campaignOf(campaign)
    assert (facts["feeTaken"], facts["leadTaken"]) == (0, 0)  # who was thrown out had earned nothing yet
    clock.reach(facts["endsAt"])
    tx = world.file_lessons(campaign, by=world.giver)
    assert tx.events["FeeSettled"]["earned"] == 100 * world.unit


@attack("worker-made-lead")
def test_worker_cannot_become_its_own_judge(world, escrow, jury):
    campaign = world.fund()
    work = world.submit(post(world, campaign, 100))
    with reverts(escrow, "CampaignEscrowLeadHasWork", world.worker, 1):
        escrow.replaceLead(campaign, world.worker, {"from": world.governance})
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(work)
    escrow.replaceLead(campaign, world.worker, {"from": world.governance})


@attack("former-lead-as-juror")
def test_former_lead_cannot_judge_its_own_verdict(world, escrow, jury):
    bench = seat_jury(world, {world.lead: 60, world.board: 40})
    recommend(world, bench)
    campaign = world.fund()
    work = world.submit(post(world, campaign, 100))
    world.reject(work)
    escrow.replaceLead(campaign, world.giver, {"from": world.governance})
    world.dispute(work, upholder=world.stranger)
    assert bench.weightOf(1, world.lead) == 0
    with reverts(bench, "JuryParty", world.lead):
        bench.commit(1, b"\x01" * 32, {"from": world.lead})
    decide(bench, 1, {world.board: 1})
    assert world.status(work) == "Payable"


@attack("hedged-lessons")
def test_lead_cannot_hedge_junk_lessons(world, escrow, jury):
    """A friend challenges first: the lead's bond pays the prize."""
    campaign, friends = world.fund(), (world.lead, world.stranger)
    work = world.submit(post(world, campaign, 100))
    world.accept(work)
    clock.pass_time(CHALLENGE)
    world.pay(work)  # earns 11.11 of the fee
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    before = worth(world, *friends)
    lessons = world.file_lessons(campaign, lessons=BETTER).events["LessonsFiled"]["submission"]
    world.challenge(lessons)
    decide(jury, 1, {world.board: 2, world.governance: 2})
    end(world, lessons)
    assert worth(world, *friends) == before - LEAST * world.unit // 2
    world.check_books()


# ── capture ─────────────────────────────────────────────────────────────────────────────────────


@attack("jury-majority")
def test_jury_majority_takes_open_slots_and_no_more(world, escrow, desk, jury):
    """The true bound: a majority of those who may judge is paid every slot that is open to anyone, here 900 of 1,000,
    and half of whatever others staked against it. What is paid or accepted and not challenged it cannot touch.
    """
    unit, crooks = world.unit, (world.giver, world.stranger)
    bench = seat_jury(world, {world.giver: 51, world.board: 49})
    recommend(world, bench)
    campaign = world.fund()
    bounty = post(world, campaign, 100, slots=9)
    before = worth(world, *crooks)
    works = [world.submit(bounty, by=world.stranger) for _ in range(9)]
    for work in works:
        world.reject(work)
        world.dispute(work, by=world.stranger)  # the lead stakes on each
    judge(world, bench, works, 1, {world.giver: 1, world.board: 2})
    for work in works:
        end(world, work)
        desk.payJurors(work, [world.giver, world.board], {"from": world.stranger})
    gain = worth(world, *crooks) - before
    assert 900 * unit + 9 * 5 * unit <= gain <= 900 * unit + 9 * 10 * unit
    assert escrow.campaignOf(campaign)["feeTaken"] == 90 * unit  # to the pool
    world.check_books()
