"""DisputeDesk: what disputes leave for jurors.

payJurors
  when there is no dispute -> test_pay_jurors_reverts_without_a_dispute
  when it is not settled, or left nothing -> test_pay_jurors_reverts_when_there_is_no_pot
  when none of the list gets anything -> test_pay_jurors_reverts_when_nobody_gets_anything
  when a juror is paid, by anyone
    the part arrives, once, without points -> test_juror_is_paid_once
  given any weights and pots
    parts add up to the pot, to the unit, in any order -> test_parts_add_up_to_the_pot
  given a juror whose part is nothing -> test_juror_whose_part_is_nothing_is_passed_over
  given a blocked juror -> test_blocked_juror_gets_a_credit
  given escrow or token as juror -> test_jurors_who_cannot_be_paid_are_refused
  given an arbitrator that lies
    nobody gets more than the pot -> test_lies_about_shares_pay_no_more_than_the_pot
    shares out of order get nothing -> test_shares_out_of_order_get_nothing
  given an arbitrator that fails -> test_failing_arbitrator_pays_no_jurors
expireJurors
  when there is no dispute -> test_expire_jurors_reverts_without_a_dispute
  when nothing is left -> test_expire_jurors_reverts_when_nothing_is_left
  when a year has not passed -> test_expire_jurors_reverts_before_a_year
  when a year has passed -> test_expired_pot_feeds_the_pool
isJurorPaid
  before and after -> test_paid_jurors_are_known
pots and the books
  are held, whatever else leaves -> test_pots_are_held
"""

from __future__ import annotations

import pytest
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import DAY
from tests.support.models import disputes as model
from tests.support.models.arbitrators import REVERTING
from tests.support.reverts import reverts

YEAR = 365 * DAY
MAX_WEIGHT, MAX_POT_BOND = 10**30, 10**8

pytestmark = pytest.mark.usefixtures("arbitrator")


@pytest.fixture
def jurors(world):
    """Three jurors of weights 1, 3 and 2."""
    return [world.other, world.giver, world.board]


@pytest.fixture
def disputed(world, arbitrator, work, jurors):
    """A rejection upheld; its bond is 10, so that 5 will be the jurors'."""
    world.reject(work)
    world.dispute(work)
    arbitrator.setShares(0, jurors, [1, 3, 2], {"from": world.stranger})
    arbitrator.rule(0, 2, {"from": world.stranger})
    return work


@pytest.fixture
def settled(world, disputed):
    """The same, released."""
    world.release(disputed)
    return disputed


def pay(world, work, *jurors):
    return world.desk.payJurors(work, list(jurors), {"from": world.stranger})


def test_pay_jurors_reverts_without_a_dispute(world, desk, work):
    for unknown in (0, work, 9):
        with reverts(desk, "DisputeDeskUnknownDispute", unknown):
            pay(world, unknown, world.other)


def test_pay_jurors_reverts_when_there_is_no_pot(world, desk, arbitrator, disputed, jurors):
    with reverts(desk, "DisputeDeskNothingDue", disputed):
        pay(world, disputed, *jurors)
    arbitrator.setTotal(0, 0, {"from": world.stranger})
    world.release(disputed)
    assert desk.disputeOf(disputed)["pot"] == 0
    with reverts(desk, "DisputeDeskNothingDue", disputed):
        pay(world, disputed, *jurors)


def test_pay_jurors_reverts_when_nobody_gets_anything(world, desk, settled, jurors):
    with reverts(desk, "DisputeDeskNothingDue", settled):
        pay(world, settled)
    with reverts(desk, "DisputeDeskNothingDue", settled):
        pay(world, settled, world.lead, world.worker)
    pay(world, settled, jurors[0])
    with reverts(desk, "DisputeDeskNothingDue", settled):
        pay(world, settled, jurors[0], jurors[0])


def test_juror_is_paid_once(world, escrow, desk, settled, jurors):
    before, balance = world.books(), world.token.balanceOf(world.giver)
    pot = 5 * world.unit
    amount = pot * 4 // 6 - pot // 6
    tx = pay(world, settled, world.lead, world.giver, world.giver)
    assert dict(tx.events["JurorPaid"]) == {"submission": settled, "juror": world.giver, "amount": amount}
    assert dict(tx.events["PayeePaid"]) == {
        "campaign": 1,
        "submission": settled,
        "payee": world.giver,
        "amount": amount,
    }
    assert "PointsAwarded" not in tx.events
    assert "AwardFailed" not in tx.events
    assert world.token.balanceOf(world.giver) == balance + amount
    assert world.books() == before | {"paid": before["paid"] + amount, "held": before["held"] - amount}
    facts = desk.disputeOf(settled)
    assert (facts["pot"], facts["potWhole"]) == (pot - amount, pot)
    world.check_books()


@given(
    bond=st.integers(1, MAX_POT_BOND),
    weights=st.lists(st.integers(0, MAX_WEIGHT), min_size=1, max_size=7),
    data=st.data(),
)
def test_parts_add_up_to_the_pot(world, desk, arbitrator, bond, weights, data):
    jurors = world.people[: len(weights)]
    world.set_terms(arbitrator=arbitrator, paysJurors=True, disputeBondMin=bond)
    work = world.submit(world.post(world.fund(), reward=bond, bond=0, slots=1))
    world.reject(work)
    tx = world.dispute(work)
    number = tx.events["DisputeOpened"]["disputeID"]
    arbitrator.setShares(number, jurors, weights, {"from": world.stranger})
    arbitrator.rule(number, 2, {"from": world.stranger})
    world.release(work)
    pot = bond // 2 if sum(weights) else 0
    assert desk.disputeOf(work)["pot"] == pot
    if not pot:
        return
    parts = model.juror_parts(pot, zip(jurors, weights, strict=True))
    order = data.draw(st.permutations(jurors))
    had = {juror: world.token.balanceOf(juror) for juror in jurors}
    pay(world, work, *order)
    assert {j: world.token.balanceOf(j) - had[j] for j in jurors} == parts
    assert sum(parts.values()) == pot
    assert desk.disputeOf(work)["pot"] == 0
    world.check_books()


def test_juror_whose_part_is_nothing_is_passed_over(world, desk, arbitrator, disputed, jurors):
    arbitrator.setShares(0, jurors, [1, 10**9, 10**9], {"from": world.stranger})
    world.release(disputed)
    pay(world, disputed, *jurors)
    assert [desk.isJurorPaid(disputed, juror) for juror in jurors] == [False, True, True]
    assert desk.disputeOf(disputed)["pot"] == 0
    with reverts(desk, "DisputeDeskNothingDue", disputed):
        pay(world, disputed, jurors[0])


def test_blocked_juror_gets_a_credit(world, escrow, desk, settled, jurors):
    world.token.setBlocked(jurors[1], True, {"from": world.governance})
    before = world.books()
    pot = 5 * world.unit
    amount = pot * 4 // 6 - pot // 6
    tx = pay(world, settled, *jurors)
    assert tx.events["PayeeCredited"]["payee"] == jurors[1]
    assert escrow.creditOf(jurors[1]) == (amount, 0, tx.timestamp)
    assert world.books()["paid"] == before["paid"] + pot - amount
    world.check_books()
    tx = escrow.withdrawCredit(world.stranger, {"from": jurors[1]})
    assert "PointsAwarded" not in tx.events
    world.check_books()


def test_jurors_who_cannot_be_paid_are_refused(world, escrow, arbitrator, disputed):
    cannot = [escrow, world.token, "0x" + "00" * 20]
    arbitrator.setShares(0, [*cannot, world.other], [1, 1, 1, 1], {"from": world.stranger})
    world.release(disputed)
    for juror in cannot:
        with reverts(escrow, "CampaignEscrowBadPayee", juror):
            pay(world, disputed, world.other, juror)
    pay(world, disputed, world.other)
    world.check_books()


def test_lies_about_shares_pay_no_more_than_the_pot(world, desk, arbitrator, settled, jurors):
    pot = 5 * world.unit
    for juror in (*jurors, world.lead):
        arbitrator.setShare(0, juror, 1, 6, {"from": world.stranger})  # five sixths each
    had = {juror: world.token.balanceOf(juror) for juror in jurors}
    pay(world, settled, *jurors, world.lead)
    gained = [world.token.balanceOf(juror) - had[juror] for juror in jurors]
    assert gained == [pot - pot // 6, 0, 0]
    arbitrator.setShare(0, jurors[1], 0, 1, {"from": world.stranger})
    pay(world, settled, *jurors)
    assert desk.disputeOf(settled)["pot"] == 0
    world.check_books()


def test_shares_out_of_order_get_nothing(world, desk, arbitrator, settled, jurors):
    most = 2**256 - 1
    for start, end in ((3, 3), (4, 3), (0, 7), (6, 7), (most, 0), (0, most), (most, most)):
        arbitrator.setShare(0, jurors[0], start, end, {"from": world.stranger})
        with reverts(desk, "DisputeDeskNothingDue", settled):
            pay(world, settled, jurors[0])
    assert desk.disputeOf(settled)["pot"] == 5 * world.unit


def test_failing_arbitrator_pays_no_jurors(world, desk, arbitrator, settled, jurors):
    arbitrator.setTelling(REVERTING, {"from": world.stranger})
    with reverts(arbitrator, "HostileArbitratorRefuses"):
        pay(world, settled, *jurors)
    clock.reach(desk.disputeOf(settled)["settledAt"] + YEAR)
    desk.expireJurors(settled, {"from": world.stranger})
    assert desk.disputeOf(settled)["pot"] == 0
    world.check_books()


def test_expire_jurors_reverts_without_a_dispute(world, desk, work):
    for unknown in (0, work, 9):
        with reverts(desk, "DisputeDeskUnknownDispute", unknown):
            desk.expireJurors(unknown, {"from": world.stranger})


def test_expire_jurors_reverts_when_nothing_is_left(world, desk, disputed, jurors):
    with reverts(desk, "DisputeDeskNothingDue", disputed):
        desk.expireJurors(disputed, {"from": world.stranger})
    world.release(disputed)
    pay(world, disputed, *jurors)
    clock.pass_time(2 * YEAR)
    with reverts(desk, "DisputeDeskNothingDue", disputed):
        desk.expireJurors(disputed, {"from": world.stranger})


def test_expire_jurors_reverts_before_a_year(world, desk, settled):
    end = desk.disputeOf(settled)["settledAt"] + YEAR
    clock.set_next(end - 1)
    with reverts(desk, "DisputeDeskJurorsAlive", settled, end):
        desk.expireJurors(settled, {"from": world.stranger})


def test_expired_pot_feeds_the_pool(world, desk, settled, jurors):
    pay(world, settled, jurors[2])
    before, facts = world.books(), desk.disputeOf(settled).dict()
    left = 5 * world.unit * 4 // 6
    clock.set_next(facts["settledAt"] + YEAR)
    tx = desk.expireJurors(settled, {"from": world.stranger})
    assert dict(tx.events["JurorsExpired"]) == {"submission": settled, "amount": left}
    assert world.books() == before | {"pool": before["pool"] + left}
    assert desk.disputeOf(settled).dict() == facts | {"pot": 0}
    with reverts(desk, "DisputeDeskNothingDue", settled):
        pay(world, settled, jurors[0])
    world.check_books()


def test_paid_jurors_are_known(world, desk, settled, jurors):
    assert not any(desk.isJurorPaid(settled, juror) for juror in jurors)
    pay(world, settled, jurors[0], jurors[2])
    assert [desk.isJurorPaid(settled, juror) for juror in jurors] == [True, False, True]
    assert not desk.isJurorPaid(9, jurors[0])


def test_pots_are_held(world, escrow, settled, jurors):
    escrow.withdrawPool(escrow.poolFree(), {"from": world.governance})
    clock.reach(escrow.campaignOf(1)["endsAt"] + 100 * DAY)
    escrow.closeCampaign(1, {"from": world.stranger})
    escrow.reclaimBounty(1, {"from": world.stranger})
    escrow.withdrawPool(escrow.poolFree(), {"from": world.governance})
    assert world.books()["held"] == 5 * world.unit == world.token.balanceOf(escrow)
    pay(world, settled, *jurors)
    assert world.books()["held"] == 0 == world.token.balanceOf(escrow)
