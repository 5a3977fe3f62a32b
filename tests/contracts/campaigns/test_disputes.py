"""DisputeDesk: disputes from their opening to their ruling.

openDispute
  when the statement is missing -> test_open_reverts_without_a_statement
  when the submission is unknown -> test_open_reverts_when_the_work_is_unknown
  when the campaign's terms name no arbitrator -> test_open_reverts_without_an_arbitrator
  when the native coin is not exactly the cost -> test_open_reverts_at_any_other_cost
  when the submission is in no status to dispute -> test_open_reverts_in_every_other_status
  when the bond is not allowed -> test_open_reverts_without_the_bond
  when the token takes a fee on transfer -> test_open_reverts_when_the_bond_arrives_short
  given a rejection
    when the caller is not its worker -> test_open_reverts_when_a_rejection_is_not_ones_own
    when the worker disputes it, to the last second -> test_worker_disputes_a_rejection
    after a rework -> test_worker_disputes_the_second_rejection
  given an acceptance
    spoken: anyone challenges it, to the last second -> test_anyone_challenges_a_spoken_acceptance
    silent: anyone challenges it, to the last second -> test_anyone_challenges_a_silent_acceptance
  given lessons -> test_anyone_challenges_lessons
  given an arbitrator that costs
    the cost passes through, the desk keeps nothing -> test_cost_passes_through_to_the_arbitrator
  when all is well
    facts are written before the arbitrator is called -> test_facts_stand_before_the_call
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
  given a replaced lead -> test_leads_before_and_after_are_parties
  given payees of little -> test_payees_of_less_than_a_tenth_are_no_parties
  given eight payees
    it answers at little gas -> test_party_answers_at_little_gas
disputeOf, submissionOf, isJurorPaid
  given nothing -> test_unknown_disputes_are_empty
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS, web3
from brownie.test import given
from hypothesis import strategies as st

from tests.support import clock
from tests.support.campaigns import (
    ANSWER,
    ARBITRATION,
    BETTER,
    CHALLENGE,
    REVIEW,
    STATEMENT,
    STATUS,
    deploy_world,
    digest,
)
from tests.support.models import disputes as model
from tests.support.reverts import reverts

EMPTY = "0x" + "00" * 32
MAX_REWARD = 800 * 10**6
MORE = digest("more evidence")
NOTHING = {
    "opener": ZERO_ADDRESS,
    "until": 0,
    "termsId": 0,
    "ruling": 0,
    "isRuled": False,
    "isChallenge": False,
    "isSettled": False,
    "lead": ZERO_ADDRESS,
    "settledAt": 0,
    "disputeID": 0,
    "bond": 0,
    "pot": 0,
    "potWhole": 0,
    "sharesTotal": 0,
}

pytestmark = pytest.mark.usefixtures("arbitrator")


def path(sha256):
    """The path of a digest as ERC-1497 events carry it."""
    return "/ipfs/f01551220" + sha256[2:]


@pytest.fixture
def rejected(world, work):
    world.reject(work)
    return work


@pytest.fixture
def accepted(world, work):
    world.accept(work)
    return work


@pytest.fixture
def disputed(world, rejected):
    """A rejection that its worker disputes; the arbitrator's dispute 0."""
    world.dispute(rejected)
    return rejected


# ── openDispute ─────────────────────────────────────────────────────────────────────────────────


def test_open_reverts_without_a_statement(world, desk, rejected):
    with reverts(desk, "DisputeDeskNoDigest"):
        world.dispute(rejected, statement=EMPTY)


def test_open_reverts_when_the_work_is_unknown(world, escrow, rejected):
    for unknown in (0, 2):
        with reverts(escrow, "CampaignEscrowUnknownSubmission", unknown):
            world.dispute(unknown)


def test_open_reverts_without_an_arbitrator(world, desk, rejected):
    world.set_terms()
    work = world.submit(world.post(world.fund()))
    world.reject(work)
    with reverts(desk, "DisputeDeskNoArbitrator", work):
        world.dispute(work)
    world.dispute(rejected)  # the terms it was funded under


def test_open_reverts_at_any_other_cost(world, desk, arbitrator, rejected):
    with reverts(desk, "DisputeDeskWrongCost", 1, 0):
        world.dispute(rejected, value=1)
    arbitrator.setCost(1_000, {"from": world.stranger})
    for sent in (0, 999, 1_001):
        with reverts(desk, "DisputeDeskWrongCost", sent, 1_000):
            world.dispute(rejected, value=sent)


def test_open_reverts_in_every_other_status(world, escrow, campaign):
    bounty = world.post(campaign, slots=6)
    review, disputed, payable, void, done = (world.submit(bounty) for _ in range(5))
    world.reject(disputed)
    world.dispute(disputed)
    world.reject(void)
    world.accept(payable)
    world.accept(done)
    clock.pass_time(CHALLENGE)
    world.pay(done)
    for work, status in (
        (review, "Review"),
        (disputed, "Disputed"),
        (payable, "Payable"),
        (void, "Void"),
        (done, "Done"),
    ):
        for by in (world.worker, world.stranger):
            with reverts(escrow, "CampaignEscrowWrongStatus", work, STATUS.index(status)):
                world.dispute(work, by=by)
    assert world.status(review) == "Review"


def test_open_reverts_without_the_bond(world, escrow, rejected):
    bond = 10 * world.unit
    world.token.approve(escrow, bond - 1, {"from": world.worker})
    with reverts(world.token, "ERC20InsufficientAllowance", escrow, bond - 1, bond):
        world.dispute(rejected)
    world.token.approve(escrow, bond, {"from": world.worker})
    world.token.setBlocked(world.worker, True, {"from": world.governance})
    with reverts(world.token, "StablecoinBlocked", world.worker):
        world.dispute(rejected)
    assert world.status(rejected) == "Rejected"


def test_open_reverts_when_the_bond_arrives_short(the_project, arbitrator, accounts):
    token = the_project.FeeOnTransferToken.deploy({"from": accounts[0]})
    world = deploy_world(the_project, token, 10**18)
    world.set_terms(arbitrator=arbitrator)
    world.mint(world.worker, 10**21)
    world.fill(10**22)
    work = world.submit(world.post(world.fund(), bond=0))
    world.reject(work)
    bond = 10 * world.unit
    arrived = bond - bond // 100
    with reverts(world.escrow, "CampaignEscrowBondShort", arrived, bond):
        world.dispute(work)


def test_open_reverts_when_a_rejection_is_not_ones_own(world, escrow, rejected):
    for by in (world.stranger, world.lead, world.governance):
        with reverts(escrow, "CampaignEscrowNotWorker", by, world.worker):
            world.dispute(rejected, by=by)


def check_opened(world, arbitrator, work, opener, tx, is_challenge):
    """Everything a dispute of a reward of 100 leaves behind."""
    bond, until = 10 * world.unit, tx.timestamp + ARBITRATION
    assert tx.return_value == 0
    assert dict(tx.events["DisputeOpened"]) == {
        "submission": work,
        "opener": opener,
        "arbitrator": arbitrator,
        "disputeID": 0,
        "isChallenge": is_challenge,
        "bond": bond,
        "until": until,
        "statement": STATEMENT,
    }
    assert dict(tx.events["Dispute"]) == {
        "_arbitrator": arbitrator,
        "_disputeID": 0,
        "_metaEvidenceID": 2,
        "_evidenceGroupID": work,
    }
    assert dict(tx.events["Evidence"]) == {
        "_arbitrator": arbitrator,
        "_evidenceGroupID": work,
        "_party": opener,
        "_evidence": path(STATEMENT),
    }
    assert dict(tx.events["BondReceived"]) == {"submission": work, "from": opener, "amount": bond}
    assert world.desk.disputeOf(work).dict() == NOTHING | {
        "opener": opener,
        "until": until,
        "termsId": 2,
        "isChallenge": is_challenge,
        "lead": world.lead,
        "bond": bond,
    }
    assert world.desk.submissionOf(arbitrator, 0) == work
    assert world.desk.verdictOf(work) == (False, False)
    facts = world.escrow.submissionOf(work)
    assert (STATUS[world.escrow.statusOf(work)], facts["stage"]) == ("Disputed", 4)
    assert facts["since"] == tx.timestamp
    assert world.escrow.campaignOf(1)["live"] == 1
    world.check_books()


def test_worker_disputes_a_rejection(world, escrow, arbitrator, rejected):
    before, balance = world.books(), world.token.balanceOf(world.worker)
    clock.set_next(escrow.submissionOf(rejected)["since"] + ANSWER - 1)
    tx = world.dispute(rejected)
    check_opened(world, arbitrator, rejected, world.worker, tx, is_challenge=False)
    bond = 10 * world.unit
    changed = {"bondsReceived": bond, "bondsHeld": bond}
    assert world.books() == {k: v + changed.get(k, 0) for k, v in before.items()}
    assert world.token.balanceOf(world.worker) == balance - bond


def test_worker_disputes_the_second_rejection(world, escrow, arbitrator, rejected):
    escrow.reworkWork(rejected, BETTER, {"from": world.worker})
    world.reject(rejected, BETTER)
    tx = world.dispute(rejected)
    check_opened(world, arbitrator, rejected, world.worker, tx, is_challenge=False)


def test_anyone_challenges_a_spoken_acceptance(world, escrow, arbitrator, accepted):
    clock.set_next(escrow.submissionOf(accepted)["since"] + CHALLENGE - 1)
    tx = world.dispute(accepted, by=world.stranger)
    check_opened(world, arbitrator, accepted, world.stranger, tx, is_challenge=True)


@pytest.mark.parametrize("seconds", [REVIEW, REVIEW + CHALLENGE - 1])
def test_anyone_challenges_a_silent_acceptance(world, escrow, arbitrator, work, seconds):
    since = escrow.submissionOf(work)["since"]
    clock.set_next(since + REVIEW - 1)
    args = (work, STATUS.index("Review"))
    with reverts(escrow, "CampaignEscrowWrongStatus", *args):
        world.dispute(work, by=world.stranger)
    clock.set_next(since + seconds)
    tx = world.dispute(work, by=world.stranger)
    check_opened(world, arbitrator, work, world.stranger, tx, is_challenge=True)


def test_anyone_challenges_lessons(world, escrow, desk, campaign):
    clock.reach(escrow.campaignOf(campaign)["endsAt"])
    world.file_lessons(campaign)
    world.dispute(1, by=world.stranger)
    facts = desk.disputeOf(1)
    assert (facts["isChallenge"], facts["opener"], facts["bond"]) == (True, world.stranger, 0)
    assert world.status(1) == "Disputed"
    world.check_books()


def test_cost_passes_through_to_the_arbitrator(world, desk, arbitrator, rejected):
    arbitrator.setCost(1_000, {"from": world.stranger})
    assert desk.priceOf(rejected) == (10 * world.unit, 1_000)
    balance = world.worker.balance()
    world.dispute(rejected, value=1_000)
    assert world.worker.balance() == balance - 1_000
    assert arbitrator.balance() == 1_000
    assert desk.balance() == world.escrow.balance() == 0


def test_facts_stand_before_the_call(world, escrow, desk, arbitrator, rejected):
    facts = desk.disputeOf.encode_input(rejected)
    arbitrator.setReentry(desk, facts, {"from": world.stranger})
    tx = world.dispute(rejected)
    seen = str(arbitrator.reentryResult())[2:]
    words = [int(seen[i : i + 64], 16) for i in range(0, len(seen), 64)]
    assert arbitrator.hasReentered()
    assert words[:3] == [int(world.worker.address, 16), tx.timestamp + ARBITRATION, 2]
    assert words[7] == int(world.lead.address, 16)
    assert words[10] == 10 * world.unit


# ── only for each other ─────────────────────────────────────────────────────────────────────────


def test_escrow_acts_revert_when_not_from_the_desk(world, escrow, disputed):
    for by in (world.governance, world.lead, world.board, world.stranger):
        for act in (
            lambda by: escrow.beginDispute(disputed, by, 1, {"from": by}),
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


def test_evidence_reverts_without_a_dispute(world, desk, rejected):
    for work in (0, rejected, 2):
        with reverts(desk, "DisputeDeskUnknownDispute", work):
            desk.submitEvidence(work, MORE, {"from": world.stranger})


def test_evidence_reverts_after_the_ruling(world, desk, arbitrator, disputed):
    arbitrator.rule(0, 1, {"from": world.stranger})
    until = desk.disputeOf(disputed)["until"]
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        desk.submitEvidence(disputed, MORE, {"from": world.stranger})


def test_evidence_reverts_after_the_time(world, desk, disputed):
    until = clock.set_next(desk.disputeOf(disputed)["until"])
    with reverts(desk, "DisputeDeskNotOpen", disputed, until):
        desk.submitEvidence(disputed, MORE, {"from": world.stranger})


def test_anyone_adds_evidence_to_the_last_second(world, desk, arbitrator, disputed):
    until, books = desk.disputeOf(disputed)["until"], world.books()
    for by, at in ((world.lead, None), (world.stranger, until - 1)):
        if at:
            clock.set_next(at)
        tx = desk.submitEvidence(disputed, MORE, {"from": by})
        assert dict(tx.events["Evidence"]) == {
            "_arbitrator": arbitrator,
            "_evidenceGroupID": disputed,
            "_party": by,
            "_evidence": path(MORE),
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


@pytest.mark.parametrize("is_challenge", [False, True])
@pytest.mark.parametrize("ruling", [None, 0, 1, 2, 3])
def test_verdict_follows_from_ruling_and_time(world, desk, arbitrator, work, is_challenge, ruling):
    (world.accept if is_challenge else world.reject)(work)
    world.dispute(work)
    until = desk.disputeOf(work)["until"]
    assert desk.verdictOf(work) == (False, False)
    if ruling is None:
        clock.mine_at(until - 1)
        assert desk.verdictOf(work) == (False, False)
        clock.mine_at(until)
    else:
        arbitrator.rule(0, ruling, {"from": world.stranger})
    is_paid = is_challenge if ruling in (None, 0, 3) else ruling == 1
    assert is_paid == model.is_paid(is_challenge, 0 if ruling in (None, 3) else ruling)
    assert desk.verdictOf(work) == (True, is_paid)
    assert world.status(work) == ("Payable" if is_paid else "Void")
    clock.mine_at(until + 100 * ARBITRATION)
    assert desk.verdictOf(work) == (True, is_paid)


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
    reward=st.integers(1, MAX_REWARD), bps=st.integers(100, 5_000), least=st.sampled_from([0, 0, 1, 10**6, 2**112 - 1])
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
        world.dispute(work)
    world.accept(challenged)
    world.dispute(challenged, by=world.stranger)
    assert parties(world, arbitrator, 0) == {world.worker, world.lead}
    assert parties(world, arbitrator, 1) == {world.worker, world.lead, world.other, world.giver}
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
        assert desk.disputeOf(work).dict() == NOTHING
        assert not desk.isJurorPaid(work, world.other)
    assert desk.submissionOf(arbitrator, 0) == 0
