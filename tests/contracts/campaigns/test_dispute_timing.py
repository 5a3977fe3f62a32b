"""DisputeDesk and CampaignEscrow: attacks by time, in the first and last second, and by order.

late ruling
  changes nothing, before or after the end -> test_late_ruling_changes_nothing
first and last second
  of every window of a dispute -> test_first_and_last_second_of_every_window
order of settlement
  moves the fee between disputes, and nothing else -> test_order_of_settlement_moves_nothing
"""

from __future__ import annotations

import itertools

import pytest

from tests.support import clock
from tests.support.campaigns import ANSWER, ARBITRATION, BETTER, CHALLENGE, REVIEW, STATUS, World, end, worth
from tests.support.reverts import reverts

attack = pytest.mark.attack
pytestmark = pytest.mark.usefixtures("arbitrator")


@attack("late-ruling")
@pytest.mark.parametrize("is_challenge", [False, True])
def test_late_ruling_changes_nothing(world, desk, arbitrator, is_challenge):
    work = world.submit(world.post(world.fund()))
    (world.accept if is_challenge else world.reject)(work)
    world.dispute(work, by=world.stranger if is_challenge else world.worker)
    until = desk.disputeOf(work)["until"]
    verdict = (True, is_challenge)
    clock.set_next(until)
    for _ in range(2):  # before the end and after it
        with reverts(desk, "DisputeDeskNotOpen", work, until):
            arbitrator.rule(0, 2 if is_challenge else 1, {"from": world.stranger})
        assert desk.verdictOf(work)[:2] == verdict
        books = world.books()
        if world.status(work) != "Done":
            end(world, work)
        else:
            assert world.books() == books


def nothing(world, work):
    """Work is in review as soon as it is submitted."""


def reject_and_contest(world, work):
    world.reject(work)
    world.contest(work)


def reject_and_dispute(world, work):
    world.reject(work)
    world.dispute(work)


def accept(world, arbitrator, work):
    world.accept(work)


def reject(world, arbitrator, work):
    world.reject(work)


def contest(world, arbitrator, work):
    world.contest(work)


def uphold(world, arbitrator, work):
    world.uphold(work)


def challenge(world, arbitrator, work):
    world.challenge(work)


def rule(world, arbitrator, work):
    number = world.desk.disputeOf(work)["disputeID"]
    arbitrator.rule(number, 1, {"from": world.stranger})


def add_evidence(world, arbitrator, work):
    world.desk.submitEvidence(work, BETTER, {"from": world.stranger})


# what is done before, when the window opens after that, how long it is, what is done in it, and
# the status after it
WINDOWS = {
    "review, accepted": (nothing, 0, REVIEW, accept, "Accepted"),
    "review, rejected": (nothing, 0, REVIEW, reject, "Accepted"),
    "answer": (World.reject, 0, ANSWER, contest, "Void"),
    "upholding": (reject_and_contest, 0, ANSWER, uphold, "Payable"),
    "challenge of a spoken acceptance": (World.accept, 0, CHALLENGE, challenge, "Payable"),
    "challenge of a silent acceptance": (nothing, REVIEW, CHALLENGE, challenge, "Payable"),
    "arbitration, ruled": (reject_and_dispute, 0, ARBITRATION, rule, "Void"),
    "arbitration, evidence": (reject_and_dispute, 0, ARBITRATION, add_evidence, "Void"),
}


@attack("first-and-last-second")
@pytest.mark.parametrize("name", WINDOWS)
def test_first_and_last_second_of_every_window(world, escrow, desk, arbitrator, name):
    before, delay, seconds, act, after = WINDOWS[name]
    bounty = world.post(world.fund(), reward=world.unit, bond=0, slots=3)
    works = [world.submit(bounty) for _ in range(3)]
    opens = []
    for work in works:
        before(world, work)
        opens.append(escrow.submissionOf(work)["since"] + delay)
    clock.set_next(max(opens[0], clock.now() + 1))
    act(world, arbitrator, works[0])
    clock.set_next(opens[1] + seconds - 1)
    act(world, arbitrator, works[1])
    clock.set_next(opens[2] + seconds)
    refused = reverts(escrow, "CampaignEscrowWrongStatus", works[2], STATUS.index(after))
    if before is reject_and_dispute:
        refused = reverts(desk, "DisputeDeskNotOpen", works[2], opens[2] + seconds)
    with refused:
        act(world, arbitrator, works[2])
    assert world.status(works[2]) == after


@attack("order-of-settlement")
def test_order_of_settlement_moves_nothing(world, escrow, desk, arbitrator):
    """Which lost dispute takes how much of a fee that is used up changes nobody's share."""
    for order in itertools.permutations(range(3)):
        campaign = world.fund(ask=1_000, feeBps=150)  # 15, disputes of 10 each
        before = worth(world, world.other), worth(world, world.stranger), escrow.poolFree()
        bounty = world.post(campaign, reward=100, bond=10, slots=3)
        works = []
        for ruling, is_challenge in ((1, False), (1, False), (2, True)):
            work = world.submit(bounty, by=world.other)
            (world.accept if is_challenge else world.reject)(work)
            tx = world.dispute(work, by=world.stranger if is_challenge else world.other)
            number = tx.events["DisputeOpened"]["disputeID"]
            arbitrator.setShares(number, [world.giver], [1], {"from": world.stranger})
            arbitrator.rule(number, ruling, {"from": world.stranger})
            works.append(work)
        for i in order:
            end(world, works[i])
        assert [desk.disputeOf(work)["pot"] for work in works] == [5, 5, 5]
        assert escrow.campaignOf(campaign)["feeTaken"] == 15
        # Two rewards, half of what the lead staked on them, the third one's bond gone.
        assert worth(world, world.other) - before[0] == 200 + 2 * 5 - 10
        assert worth(world, world.stranger) - before[1] == 5
        assert escrow.poolFree() - before[2] == 15
    world.check_books()
