"""CampaignEscrow and DisputeDesk under the recommended terms: what guilt, haste and office are worth.

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
payment at a bad moment
  the credit of a mute payee is delivered by anyone -> test_credit_of_a_mute_payee_is_delivered
  a whole payroll -> test_payroll_in_a_pause_is_delivered
  refused again, it is kept -> test_credit_that_cannot_be_delivered_is_kept
terms that take disputes away
  by a least stake -> test_terms_cannot_name_any_least_stake
  by a time too short for their jury -> test_terms_cannot_leave_a_jury_no_time
ruling that nobody carries over -> test_unanimous_ruling_counts_when_nobody_carries_it_over
transfer fee that is switched on -> test_transfer_fee_does_not_end_disputes
slot kept shut -> test_slot_kept_shut_is_given_back
points for gas
  by one's own deposit -> test_nobody_buys_points_by_a_deposit
  by a second escrow in a cheap token -> test_points_of_a_cheap_token_are_as_governance_rates_it
jury majority
  takes the reward of every open slot, and no more -> test_jury_majority_takes_open_slots_and_no_more
"""

from __future__ import annotations

import pytest

from dmo.deploy.config import Campaigns
from tests.support import clock
from tests.support.campaigns import BETTER, DAY, POINTS_PER_TOKEN, deploy_escrow, deploy_world, terms
from tests.support.governance import WAD
from tests.support.jury import decide, salt, seat_jury
from tests.support.reverts import reverts

DEFAULTS = Campaigns()
REVIEW, ANSWER, CHALLENGE = DEFAULTS.review, DEFAULTS.answer, DEFAULTS.challenge
LEAST = 10  # whole tokens: where a round's cap is 100,000

attack = pytest.mark.attack


def recommend(world, arbitrator, **changes):
    """Set the recommended terms for campaigns funded from now on."""
    values = {
        "reviewSeconds": REVIEW,
        "answerSeconds": ANSWER,
        "challengeSeconds": CHALLENGE,
        "arbitrationSeconds": DEFAULTS.arbitration,
        "noticeSeconds": DEFAULTS.notice,
        "disputeBondBps": DEFAULTS.dispute_bond,
        "disputeBondMin": LEAST * world.unit,
        "arbitrator": arbitrator,
        "paysJurors": True,
    }
    return world.set_terms(**(values | changes))


@pytest.fixture(scope="module")
def jury(world):
    jury = seat_jury(world, {world.board: 60, world.governance: 40})
    recommend(world, jury)
    return jury


def worth(world, *people):
    """What these people have, credits included."""
    return sum(world.token.balanceOf(person) + world.escrow.creditOf(person)["amount"] for person in people)


def end(world, work):
    (world.pay if world.status(work) == "Payable" else world.release)(work)


def post(world, campaign, reward, **changes):
    """A bounty of whole tokens with the least bond."""
    values = {"reward": reward * world.unit, "bond": 0, "slots": 1} | changes
    return world.post(campaign, **values)


def judge(world, jury, works, ruling, jurors=None):
    """Let these jurors, or the heaviest alone, rule all of the disputes alike."""
    numbers = [world.desk.disputeOf(work)["disputeID"] for work in works]
    rulings = jurors or {world.board: ruling}
    for number in numbers:
        for juror, says in rulings.items():
            jury.commit(number, jury.commitmentFor(number, juror, says, salt(1)), {"from": juror})
    clock.reach(jury.windowsOf(numbers[-1])[0])
    for number in numbers:
        for juror, says in rulings.items():
            jury.reveal(number, juror, says, salt(1), {"from": juror})
    clock.reach(jury.windowsOf(numbers[-1])[1])


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


# ── owed but not delivered ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def splitter(world, PlainHaltable):
    """A contract that takes tokens and cannot call."""
    return PlainHaltable.deploy(world.manager, DAY, {"from": world.governance})


@attack("payment-at-a-bad-moment")
def test_credit_of_a_mute_payee_is_delivered(world, escrow, jury, splitter):
    work = world.submit(post(world, world.fund(), 100), payees=[(splitter, 10_000)])
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(splitter, True, {"from": world.governance})
    world.pay(work)
    world.token.setBlocked(splitter, False, {"from": world.governance})
    assert escrow.creditOf(splitter)["amount"] == 100 * world.unit
    tx = escrow.deliverCredit(splitter, {"from": world.stranger})
    assert dict(tx.events["CreditWithdrawn"]) == {"account": splitter, "to": splitter, "amount": 100 * world.unit}
    assert world.token.balanceOf(splitter) == 100 * world.unit
    assert world.points(splitter) == 100 * WAD
    with reverts(escrow, "CampaignEscrowNoCredit", splitter):
        escrow.deliverCredit(splitter, {"from": world.stranger})
    world.check_books()


@attack("payment-at-a-bad-moment")
def test_payroll_in_a_pause_is_delivered(world, escrow, jury, splitter):
    bounty = post(world, world.fund(), 10, slots=20)
    before = worth(world, world.worker)
    works = [world.submit(bounty, payees=[(splitter, 10_000)]) for _ in range(20)]
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(escrow, True, {"from": world.governance})  # nothing leaves
    world.pay(*works)
    world.token.setBlocked(escrow, False, {"from": world.governance})
    for account in (splitter, world.worker):
        escrow.deliverCredit(account, {"from": world.stranger})
    assert world.token.balanceOf(splitter) == 200 * world.unit
    assert worth(world, world.worker) == before
    world.check_books()


@attack("payment-at-a-bad-moment")
def test_credit_that_cannot_be_delivered_is_kept(world, escrow, jury, splitter):
    work = world.submit(post(world, world.fund(), 100), payees=[(splitter, 10_000)])
    clock.pass_time(REVIEW + CHALLENGE)
    world.token.setBlocked(splitter, True, {"from": world.governance})
    world.pay(work)
    facts = escrow.creditOf(splitter)
    with reverts(escrow, "CampaignEscrowNotDelivered", splitter, 100 * world.unit):
        escrow.deliverCredit(splitter, {"from": world.stranger})
    assert escrow.creditOf(splitter) == facts


# ── terms and rulings ───────────────────────────────────────────────────────────────────────────


@attack("terms-without-disputes")
def test_terms_cannot_name_any_least_stake(the_project, world, jury):
    """The largest is a thousandth of a round's cap, fixed for ever; and no stake is above the reward."""
    largest = 100 * world.unit
    desk, _ = deploy_escrow(the_project, world.manager, world.token, world.reputation, largest=largest)
    with reverts(desk, "DisputeDeskLeastBondTooHigh", largest + 1, largest):
        desk.setTerms(terms(disputeBondMin=largest + 1), {"from": world.governance})
    recommend(world, jury, disputeBondMin=2**80 - 1)
    work = world.submit(post(world, world.fund(), 100))
    assert world.desk.priceOf(work)[0] == 100 * world.unit


@attack("terms-without-disputes")
def test_terms_cannot_leave_a_jury_no_time(world, desk, jury):
    needed = jury.rulingSeconds()
    with reverts(desk, "DisputeDeskArbitrationTooShort", needed + DAY - 1, needed + DAY):
        recommend(world, jury, arbitrationSeconds=needed + DAY - 1)
    recommend(world, jury, arbitrationSeconds=needed + DAY)


@attack("ruling-nobody-carries-over")
@pytest.mark.parametrize("late", [0, 400 * DAY])
def test_unanimous_ruling_counts_when_nobody_carries_it_over(world, jury, late):
    work = world.submit(post(world, world.fund(), 100))
    world.accept(work)
    world.challenge(work)
    before = worth(world, world.worker)
    judge(world, jury, [work], 2, {world.board: 2, world.governance: 2})
    clock.pass_time(late + 1)
    assert world.status(work) == "Void"
    end(world, work)
    assert worth(world, world.worker) == before
    assert world.desk.disputeOf(work)["ruling"] == 2


@attack("transfer-fee-switched-on")
def test_transfer_fee_does_not_end_disputes(the_project, accounts):
    token = the_project.FeeOnTransferToken.deploy({"from": accounts[0]})
    token.setFee(0, {"from": accounts[0]})
    world = deploy_world(the_project, token, WAD)
    for one in (world.worker, world.other, world.stranger, world.lead):
        world.mint(one, 1_000 * WAD)
    world.fill(10_000 * WAD)
    jury = seat_jury(world, {world.board: 60, world.governance: 40})
    recommend(world, jury)
    bounty = post(world, world.fund(), 100, slots=3)
    honest, friend = world.submit(bounty), world.submit(bounty, by=world.other)
    world.reject(honest)
    world.accept(friend)
    token.setFee(1, {"from": accounts[0]})  # a hundredth of a percent
    stake = 10 * WAD
    with reverts(world.escrow, "CampaignEscrowBondShort", stake - stake // 10_000, stake):
        world.contest(honest)
    enough = stake + stake // 9_000
    world.contest(honest, amount=enough)
    world.challenge(friend, amount=enough)
    world.submit(bounty, amount=enough)
    assert [world.status(work) for work in (honest, friend, 3)] == ["Contested", "Disputed", "Review"]
    world.check_books()


@attack("slot-kept-shut")
def test_slot_kept_shut_is_given_back(world, escrow, jury):
    """Six days of a bounty of six days; the honest worker still has an answer window, and the stake is the pool's."""
    bounty = post(world, world.fund(), 100, submitBy=clock.now() + 6 * DAY - 60)
    before = worth(world, world.stranger)
    squat = world.submit(bounty, by=world.stranger)
    world.reject(squat)
    clock.reach(escrow.submissionOf(squat)["since"] + ANSWER - 1)
    escrow.reworkWork(squat, BETTER, {"from": world.stranger})
    world.reject(squat, BETTER)
    clock.reach(escrow.submissionOf(squat)["since"] + ANSWER)
    world.release(squat)
    clock.pass_time(ANSWER - 10)
    work = world.submit(bounty)
    assert world.status(work) == "Review"
    assert worth(world, world.stranger) == before - 10 * world.unit


# ── points ──────────────────────────────────────────────────────────────────────────────────────


@attack("points-for-gas")
def test_nobody_buys_points_by_a_deposit(world, escrow, jury):
    """Voted money is the treasury's; one's own is a gift, which earns no points."""
    with reverts(escrow, "AccessManagedUnauthorized", world.stranger):
        escrow.deposit(20 * world.unit, {"from": world.stranger})
    campaign = world.fund()
    escrow.topUp(campaign, 500 * world.unit, {"from": world.stranger})
    work = world.submit(post(world, campaign, 500, isGift=True), by=world.other)
    clock.pass_time(REVIEW + CHALLENGE)
    world.pay(work)
    assert world.reputation.totalPoints() == 0


@attack("points-of-a-cheap-token")
def test_points_of_a_cheap_token_are_as_governance_rates_it(world, the_project, accounts, jury):
    """A second escrow has a rate of its own, which governance sees when it grants the role: here a millionth."""
    cheap = the_project.Stablecoin.deploy("Cheap", "C", 18, {"from": accounts[0]})
    second = deploy_world(the_project, cheap, WAD, rate=POINTS_PER_TOKEN // 10**6)
    assert second.escrow.pointsPerToken() == 10**12
    second.mint(second.other, 10**6 * WAD)
    second.fill(10**6 * WAD)
    work = second.submit(
        second.post(second.fund(ask=10**6 * WAD, feeBps=0), reward=10**6 * WAD, bond=0, slots=1), by=second.other
    )
    second.accept_and_pay(work)
    assert second.points(second.other) == WAD


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
