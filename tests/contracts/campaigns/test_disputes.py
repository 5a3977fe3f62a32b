"""DisputeDesk: disputes after their opening (which has test_openings.py), to their ruling.

beginDispute, payJuror, poolJurors
  when the caller is not the desk -> test_escrow_acts_revert_when_not_from_the_desk
settle
  when the caller is not the escrow -> test_settle_reverts_when_not_from_the_escrow
submitEvidence
  when the digest is missing -> test_evidence_reverts_without_a_digest
  when there is no dispute -> test_evidence_reverts_without_a_dispute
  when the dispute was ruled -> test_evidence_reverts_after_the_ruling
  when the time is over -> test_evidence_reverts_after_the_time
  when the dispute is open -> test_anyone_adds_evidence_to_the_last_second
rule
  when the caller arbitrates no such dispute -> test_rule_reverts_when_not_from_that_arbitrator
  when it was ruled -> test_rule_reverts_the_second_time
  when it is late -> test_rule_reverts_when_late
  when it is in time, to the last second -> test_rule_is_recorded_to_the_last_second
  when the ruling is out of range -> test_ruling_out_of_range_is_none
verdictOf
  when there is no dispute -> test_verdict_reverts_without_a_dispute
  given any ruling, or none -> test_verdict_follows_from_ruling_and_time
priceOf
  when the submission is unknown -> test_price_reverts_when_the_work_is_unknown
  when the terms name no arbitrator -> test_price_reverts_without_an_arbitrator
  given any reward, share and least bond -> test_price_agrees_with_the_model
partiesOf
  when the arbitrator has no such dispute -> test_party_reverts_without_a_dispute
  given everybody -> test_parties_are_those_with_a_stake
  given a replaced lead -> test_a_later_lead_is_no_party
  given payees of little -> test_payees_of_less_than_a_tenth_are_no_parties
  given eight payees
    it answers at little gas -> test_party_answers_at_little_gas
disputeOf, submissionOf, isJurorPaid
  given nothing -> test_unknown_disputes_are_empty
"""

from __future__ import annotations

import pytest
from brownie import web3
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import ARBITRATION, BETTER, EMPTY, NO_DISPUTE, path
from tests.support.models import disputes as model
from tests.support.reverts import reverts

MAX_REWARD = 800 * 10**6
pytestmark = pytest.mark.usefixtures("arbitrator")


@pytest.fixture
def disputed(world, rejected):
    """A rejection that its worker contests and its lead upholds; the arbitrator's dispute 0."""
    world.dispute(rejected)
    return rejected


# ── only for each other ─────────────────────────────────────────────────────────────────────────


def test_escrow_acts_revert_when_not_from_the_desk(world, escrow, disputed):
    for by in (world.governance, world.lead, world.board, world.stranger):
        for act in (
            lambda by: escrow.beginDispute(disputed, by, 1, 0, 2, {"from": by}),
            lambda by: escrow.payJuror(disputed, by, 1, {"from": by}),
            lambda by: escrow.poolJurors(1, {"from": by}),
        ):
            with reverts(escrow, "CampaignEscrowNotDesk", by):
                act(by)


def test_settle_reverts_when_not_from_the_escrow(world, desk, disputed):
    for by in (world.governance, world.lead, world.stranger):
        with reverts(desk, "DisputeDeskNotEscrow", by):
            desk.settle(disputed, 1, 1, {"from": by})


# ── submitEvidence ──────────────────────────────────────────────────────────────────────────────


def test_evidence_reverts_without_a_digest(world, desk, disputed):
    with reverts(desk, "DisputeDeskNoDigest"):
        desk.submitEvidence(disputed, EMPTY, {"from": world.stranger})


def test_evidence_reverts_without_a_dispute(world, desk, bounty, rejected):
    contested = world.submit(bounty)
    world.reject(contested)
    world.contest(contested)
    for work in (0, rejected, contested, 3):
        with reverts(desk, "DisputeDeskUnknownDispute", work):
            desk.submitEvidence(work, BETTER, {"from": world.stranger})


def test_evidence_reverts_after_the_ruling(world, desk, arbitrator, disputed):
    arbitrator.rule(0, 1, {"from": world.stranger})
    until = desk.disputeOf(disputed)["until"]
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        desk.submitEvidence(disputed, BETTER, {"from": world.stranger})


def test_evidence_reverts_after_the_time(world, desk, disputed):
    until = clock.set_next(desk.disputeOf(disputed)["until"])
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        desk.submitEvidence(disputed, BETTER, {"from": world.stranger})


def test_anyone_adds_evidence_to_the_last_second(world, desk, arbitrator, disputed):
    until, books = desk.disputeOf(disputed)["until"], world.books()
    for by, at in ((world.lead, None), (world.stranger, until - 1)):
        if at:
            clock.set_next(at)
        tx = desk.submitEvidence(disputed, BETTER, {"from": by})
        assert dict(tx.events["Evidence"]) == {
            "_arbitrator": arbitrator,
            "_evidenceGroupID": disputed,
            "_party": by,
            "_evidence": path(BETTER),
        }
    assert world.books() == books


# ── rule ────────────────────────────────────────────────────────────────────────────────────────


def test_rule_reverts_when_not_from_that_arbitrator(world, desk, arbitrator, disputed, HostileArbitrator):
    for by in (world.governance, world.lead, world.worker, world.stranger):
        with reverts(desk, "DisputeDeskNotArbitrator", by, 0):
            desk.rule(0, 1, {"from": by})
    with reverts(desk, "DisputeDeskNotArbitrator", arbitrator, 1):
        arbitrator.ruleAt(desk, 1, 1, {"from": world.stranger})
    other = HostileArbitrator.deploy({"from": world.governance})
    with reverts(desk, "DisputeDeskNotArbitrator", other, 0):
        other.ruleAt(desk, 0, 1, {"from": world.stranger})


def test_rule_reverts_the_second_time(world, desk, arbitrator, disputed):
    until = desk.disputeOf(disputed)["until"]
    arbitrator.rule(0, 2, {"from": world.stranger})
    for ruling in (0, 1, 2):
        with reverts(desk, "DisputeDeskNotOpen", disputed, until):
            arbitrator.rule(0, ruling, {"from": world.stranger})
    assert desk.disputeOf(disputed)["ruling"] == 2
    world.release(disputed)
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        arbitrator.rule(0, 1, {"from": world.stranger})


def test_rule_reverts_when_late(world, desk, arbitrator, disputed):
    until = clock.set_next(desk.disputeOf(disputed)["until"])
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        arbitrator.rule(0, 1, {"from": world.stranger})
    assert world.status(disputed) == "Void"


@pytest.mark.parametrize(("ruling", "status"), [(1, "Payable"), (2, "Void"), (0, "Void")])
def test_rule_is_recorded_to_the_last_second(world, desk, arbitrator, disputed, ruling, status):
    before, books = desk.disputeOf(disputed).dict(), world.books()
    clock.set_next(before["until"] - 1)
    tx = arbitrator.rule(0, ruling, {"from": world.stranger})
    assert dict(tx.events["Ruling"]) == {"_arbitrator": arbitrator, "_disputeID": 0, "_ruling": ruling}
    assert desk.disputeOf(disputed).dict() == before | {"isRuled": True, "ruling": ruling}
    assert world.status(disputed) == status
    assert world.books() == books


@pytest.mark.parametrize("ruling", [3, 255, 256, 257, 258, 2**256 - 1])
def test_ruling_out_of_range_is_none(world, desk, arbitrator, accepted, ruling):
    world.dispute(accepted, by=world.stranger)
    tx = arbitrator.rule(0, ruling, {"from": world.stranger})
    assert tx.events["Ruling"]["_ruling"] == ruling
    facts = desk.disputeOf(accepted)
    assert (facts["ruling"], facts["isRuled"]) == (0, True)
    assert world.status(accepted) == "Payable"


# ── views ───────────────────────────────────────────────────────────────────────────────────────


def test_verdict_reverts_without_a_dispute(desk, rejected):
    for work in (0, rejected, 2):
        with reverts(desk, "DisputeDeskUnknownDispute", work):
            desk.verdictOf(work)


@pytest.mark.parametrize("kind", [model.UPHELD, model.CHALLENGED])
@pytest.mark.parametrize("ruling", [None, 0, 1, 2, 3])
def test_verdict_follows_from_ruling_and_time(world, desk, arbitrator, work, kind, ruling):
    (world.accept if kind == model.CHALLENGED else world.reject)(work)
    world.dispute(work)
    until = desk.disputeOf(work)["until"]
    assert desk.verdictOf(work) == (False, False, 0)
    if ruling is None:
        clock.mine_at(until - 1)
        assert desk.verdictOf(work) == (False, False, 0)
        clock.mine_at(until)
    else:
        arbitrator.rule(0, ruling, {"from": world.stranger})
    recorded = 0 if ruling in (None, 3) else ruling
    is_paid = model.is_paid(kind, recorded)
    assert is_paid == (kind == model.CHALLENGED if recorded == 0 else recorded == 1)
    assert desk.verdictOf(work) == (True, is_paid, recorded)
    assert world.status(work) == ("Payable" if is_paid else "Void")
    clock.mine_at(until + 100 * ARBITRATION)
    assert desk.verdictOf(work) == (True, is_paid, recorded)
    (world.pay if is_paid else world.release)(work)
    assert desk.verdictOf(work) == (True, is_paid, recorded)


def test_price_reverts_when_the_work_is_unknown(escrow, desk, work):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownSubmission", unknown):
            desk.priceOf(unknown)


def test_price_reverts_without_an_arbitrator(world, desk):
    world.set_terms()
    work = world.submit(world.post(world.fund()))
    with reverts(desk, "DisputeDeskNoArbitrator", work):
        desk.priceOf(work)


@given(
    reward=st.integers(1, MAX_REWARD), bps=st.integers(100, 5_000), least=st.sampled_from([0, 0, 1, 10**6, 2**80 - 1])
)
def test_price_agrees_with_the_model(world, desk, arbitrator, reward, bps, least):
    world.set_terms(arbitrator=arbitrator, disputeBondBps=bps, disputeBondMin=least)
    work = world.submit(world.post(world.fund(), reward=reward, bond=0, slots=1))
    assert desk.priceOf(work) == (model.bond_of(reward, bps, least), 0)


def test_party_reverts_without_a_dispute(world, desk, arbitrator, disputed):
    with reverts(desk, "DisputeDeskNotArbitrator", arbitrator, 1):
        desk.partiesOf(arbitrator, 1)
    with reverts(desk, "DisputeDeskNotArbitrator", world.stranger, 0):
        desk.partiesOf(world.stranger, 0)


def parties(world, arbitrator, number=0):
    return set(world.desk.partiesOf(arbitrator, number))


def test_parties_are_those_with_a_stake(world, arbitrator, campaign):
    bounty = world.post(campaign, slots=3)
    alone, shared, challenged = (
        world.submit(bounty, payees=payees) for payees in ([], [(world.other, 4_000), (world.giver, 6_000)], [])
    )
    for work in (alone, shared):
        world.reject(work)
        world.dispute(work, upholder=world.board)
    world.accept(challenged)
    world.dispute(challenged, by=world.stranger)
    assert parties(world, arbitrator, 0) == {world.worker, world.board, world.lead}
    assert parties(world, arbitrator, 1) == {world.worker, world.board, world.lead, world.other, world.giver}
    assert parties(world, arbitrator, 2) == {world.worker, world.lead, world.stranger}


def test_a_later_lead_is_no_party(world, escrow, arbitrator, campaign, disputed):
    escrow.replaceLead(campaign, world.other, {"from": world.governance})
    assert parties(world, arbitrator) == {world.worker, world.lead}


def test_payees_of_less_than_a_tenth_are_no_parties(world, arbitrator, bounty):
    payees = [
        (world.other, 1_000),
        (world.giver, 999),
        (world.board, 500),
        (world.guardian, 0),
        (world.board, 500),
        (world.worker, 7_001),
    ]
    work = world.submit(bounty, payees=payees)
    world.reject(work)
    world.dispute(work)
    assert parties(world, arbitrator) == {world.worker, world.lead, world.other, world.board}


def test_party_answers_at_little_gas(world, desk, arbitrator, bounty):
    payees = [(person, 1_250) for person in world.people if person != world.lead][:8]
    work = world.submit(bounty, payees=payees)
    world.reject(work)
    world.dispute(work)
    data = desk.partiesOf.encode_input(arbitrator, 0)
    answer = web3.eth.call({"to": desk.address, "data": data, "gas": 150_000})
    assert len(desk.partiesOf.decode_output(answer.hex())) == 9


def test_unknown_disputes_are_empty(world, desk, arbitrator, rejected):
    for work in (0, rejected, 9):
        assert desk.disputeOf(work).dict() == NO_DISPUTE
        assert not desk.isJurorPaid(work, world.other)
    assert desk.submissionOf(arbitrator, 0) == 0
