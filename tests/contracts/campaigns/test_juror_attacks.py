"""DisputeDesk and Jury: attacks by jurors, on jurors, and on their pay.

juror who copies a commitment
  cannot reveal it, before or after -> test_copied_commitment_cannot_be_revealed
double commitment
  the last one counts, once -> test_double_commitment_counts_once
selective reveal
  loses weight and pay -> test_selective_reveal_loses_weight_and_pay
jurors kept off the bench as payees
  costs what it gives them -> test_jurors_cannot_be_kept_off_the_bench_for_nothing
self-dealing lead
  cannot judge its own case -> test_self_dealing_lead_cannot_be_juror
starved payment
  pays jurors' part in full, or reverts -> test_starved_payment_of_disputed_work_is_whole_or_reverts
  of a juror -> test_starved_juror_is_paid_in_full_or_reverts
  is told what is missing -> test_too_little_gas_for_shares_is_named
"""

from __future__ import annotations

import pytest
from brownie import web3
from eth_abi import decode

from tests.support import clock
from tests.support.campaigns import end, worth
from tests.support.governance import WAD
from tests.support.jury import commit, judged, salt
from tests.support.reverts import reverts

SHARES_GAS = 100_000
GAS = range(100_000, 1_500_000, 14_007)

attack = pytest.mark.attack

# ── committing and revealing ────────────────────────────────────────────────────────────────────


@pytest.fixture
def rejected(world, bounty):
    """A rejection before the jury, as its dispute 1."""
    work = world.submit(bounty)
    world.reject(work)
    world.dispute(work)
    return work


@attack("copied-commitment")
def test_copied_commitment_cannot_be_revealed(world, jury, rejected):
    original = commit(jury, world.other, 1, 1)
    jury.commit(1, original, {"from": world.giver})
    clock.mine_at(jury.windowsOf(1)[0])
    for _ in range(2):  # before and after the original is revealed
        mine = jury.commitmentFor(1, world.giver, 1, salt(1))
        with reverts(jury, "JuryOtherCommitment", mine, original):
            jury.reveal(1, world.giver, 1, salt(1), {"from": world.giver})
        if _ == 0:
            jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    assert jury.caseOf(1)["forOne"] == 30 * WAD


@attack("double-commitment")
def test_double_commitment_counts_once(world, jury, rejected):
    commit(jury, world.other, 1, 1)
    second = commit(jury, world.other, 2, 2)
    clock.mine_at(jury.windowsOf(1)[0])
    first = jury.commitmentFor(1, world.other, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", first, second):
        jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    jury.reveal(1, world.other, 2, salt(2), {"from": world.other})
    for ruling, number, shown in ((1, 1, first), (2, 2, second)):
        with reverts(jury, "JuryOtherCommitment", shown, "0x" + "00" * 32):
            jury.reveal(1, world.other, ruling, salt(number), {"from": world.other})
    facts = jury.caseOf(1)
    assert (facts["forOne"], facts["forTwo"]) == (0, 30 * WAD)


@attack("selective-reveal")
def test_selective_reveal_loses_weight_and_pay(world, desk, jury, rejected):
    """A juror who sees how the others reveal can keep silent, and no more."""
    commit(jury, world.other, 1, 1)
    commit(jury, world.giver, 2, 1)
    clock.mine_at(jury.windowsOf(1)[0])
    jury.reveal(1, world.other, 1, salt(1), {"from": world.other})
    shown = jury.commitmentFor(1, world.giver, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", shown, jury.commitmentOf(1, world.giver)):
        jury.reveal(1, world.giver, 1, salt(1), {"from": world.giver})
    clock.mine_at(jury.windowsOf(1)[1])
    jury.executeRuling(1, {"from": world.stranger})
    end(world, rejected)
    with reverts(desk, "DisputeDeskNothingDue", rejected):
        desk.payJurors(rejected, [world.giver], {"from": world.giver})
    before = worth(world, world.other)
    desk.payJurors(rejected, [world.giver, world.other], {"from": world.stranger})
    assert worth(world, world.other) == before + 5 * world.unit


@attack("jurors-kept-off-the-bench")
def test_jurors_cannot_be_kept_off_the_bench_for_nothing(world, jury, bounty):
    """A worker names the heaviest jurors as payees of next to nothing: no quorum would be left."""
    heavy = [world.other, world.giver, world.board]
    payees = [*((juror, 1) for juror in heavy), (world.worker, 9_997)]
    work = world.submit(bounty, payees=payees)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    judged(world, jury, 2, jurors=("other", "giver", "board"))
    assert world.status(work) == "Void"
    payees = [*((juror, 1_000) for juror in heavy), (world.worker, 7_000)]
    work = world.submit(bounty, payees=payees)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    for juror in heavy:  # it gives each of them a tenth
        with reverts(jury, "JuryParty", juror):
            commit(jury, juror, 2, 1, dispute=2)


# ── parties ─────────────────────────────────────────────────────────────────────────────────────


@attack("self-dealing-lead")
def test_self_dealing_lead_cannot_be_juror(world, jury, bounty):
    work = world.submit(bounty)
    world.accept(work)
    world.dispute(work, by=world.stranger)
    for party in (world.lead, world.worker, world.stranger):
        with reverts(jury, "JuryParty", party):
            commit(jury, party, 1, 1)
        assert jury.weightOf(1, party) == 0


# ── their pay ───────────────────────────────────────────────────────────────────────────────────


def starved(starver, target, data, gas, desk, work):
    """Make a call with so much gas, without keeping it: whether it passed, and what the pot is."""
    view = desk.disputeOf.encode_input(work)
    call = starver.starve.encode_input(target, data, gas, [view, view], [desk.address] * 2)
    answer = web3.eth.call({"to": starver.address, "data": call, "gas": 30_000_000})
    passed, facts, _ = decode(["bool", "bytes", "bytes"], answer)
    return passed, int.from_bytes(facts[13 * 32 : 14 * 32])


@attack("starved-payment")
@pytest.mark.parametrize(("ruling", "act"), [(1, "payWork"), (2, "releaseWork")])
def test_starved_payment_of_disputed_work_is_whole_or_reverts(world, desk, jury, rejected, Starver, ruling, act):
    """Gas kept back can neither make jurors unknown nor anybody's payment a credit."""
    judged(world, jury, ruling)
    starver = Starver.deploy({"from": world.stranger})
    data = getattr(world.escrow, act).encode_input([rejected])
    outcomes = {starved(starver, world.escrow.address, data, gas, desk, rejected) for gas in GAS}
    assert outcomes == {(False, 0), (True, 5 * world.unit)}


@attack("starved-payment")
def test_too_little_gas_for_shares_is_named(world, escrow, jury, rejected):
    judged(world, jury, 2)
    data = escrow.releaseWork.encode_input([rejected])
    with pytest.raises(ValueError, match="custom error") as caught:
        web3.eth.call({"to": escrow.address, "data": data, "gas": 150_000})
    error = caught.value.args[0]["data"]
    needed = (SHARES_GAS + 10_000) * 64 // 63
    name = web3.keccak(text="CampaignEscrowNotEnoughGas(uint256,uint256)")[:4].to_0x_hex()
    assert error[:10] == name
    assert int(error[10:74], 16) < needed == int(error[74:], 16)


@attack("starved-payment")
def test_starved_juror_is_paid_in_full_or_reverts(world, desk, jury, rejected, Starver):
    judged(world, jury, 1)
    end(world, rejected)
    starver = Starver.deploy({"from": world.stranger})
    data = desk.payJurors.encode_input(rejected, [world.other, world.giver])
    outcomes = {starved(starver, desk.address, data, gas, desk, rejected) for gas in GAS}
    assert outcomes == {(False, 5 * world.unit), (True, 0)}
    world.check_books()
