"""Jury: commitments and reveals.

commit
  when the window is over
    it reverts -> test_cannot_commit_after_the_window
  when it is the last second of the window
    it keeps the commitment -> test_commits_in_the_last_second
  when the commitment is empty
    it reverts -> test_reverts_when_the_commitment_is_empty
  when the juror is a party
    it reverts -> test_parties_cannot_commit
  when the juror has no weight
    it reverts -> test_strangers_cannot_commit
  when all is well
    it keeps the commitment and tells -> test_commits
  given an earlier commitment
    it replaces it -> test_a_second_commitment_replaces_the_first
reveal
  when commitments are still taken
    it reverts -> test_cannot_reveal_too_soon
  when the window is over
    it reverts -> test_cannot_reveal_too_late
  when it is the first or last second of the window
    it counts -> test_reveals_in_the_first_and_last_second
  when the ruling is neither 1 nor 2
    it reverts -> test_reverts_when_the_ruling_is_neither
  when ruling, salt or dispute is another
    it reverts -> test_reverts_when_anything_is_another
  given no commitment
    it reverts -> test_reverts_when_nothing_was_committed
  given another juror's commitment, copied
    it reverts for the copy and counts for the original -> test_a_copied_commitment_is_worthless
  given a reveal
    it reverts -> test_a_ruling_counts_once
  given the juror is named a party only after committing
    it counts -> test_nobody_is_taken_off_the_bench_later
  given an arbitrable that does not name its parties
    it counts; only commit reverts -> test_waits_while_the_arbitrable_keeps_its_parties_secret
  given votes that moved since
    it counts the weight of the opening -> test_weight_stays_with_who_had_it
  when somebody else sends it
    it counts for the juror -> test_anybody_can_reveal_for_a_juror
  when a juror keeps silent
    the others count alone -> test_selective_reveal_only_loses_weight
commitmentFor
  it binds chain, jury, dispute, juror, ruling and salt -> test_commitment_binds_everything
"""

from __future__ import annotations

import pytest
from brownie import chain, web3
from eth_abi import encode

from tests.support.clock import set_next
from tests.support.governance import WAD
from tests.support.jury import JURORS, SECRET, frame, salt
from tests.support.reverts import reverts

NOTHING = "0x" + 64 * "0"
WEIGHT = {name: tokens * WAD for name, tokens in JURORS.items()}


@pytest.fixture
def dispute(court):
    return court.open()


@pytest.fixture
def committed(court, dispute, ann, ben):
    """Ann is committed to 1, Ben to 2; the next transaction is in the reveal window."""
    court.commit(dispute, ann, 1, 1)
    court.commit(dispute, ben, 2, 2)
    court.start_reveals(dispute)
    return dispute


def test_commits(court, jury, dispute, ann):
    commitment = jury.commitmentFor(dispute, ann, 1, salt(1))
    tx = jury.commit(dispute, commitment, {"from": ann})
    assert dict(tx.events["RulingCommitted"]) == {"disputeID": dispute, "juror": ann, "commitment": commitment}
    assert jury.commitmentOf(dispute, ann) == commitment


def test_cannot_commit_after_the_window(court, jury, dispute, ann):
    until, _ = court.windows(dispute)
    commitment = jury.commitmentFor(dispute, ann, 1, salt(1))
    for moment in (until, until + 1):
        set_next(moment)
        with reverts(jury, "JuryNotCommitting", dispute, until):
            jury.commit(dispute, commitment, {"from": ann})


def test_commits_in_the_last_second(court, jury, dispute, ann):
    set_next(court.windows(dispute)[0] - 1)
    court.commit(dispute, ann, 1)
    assert jury.commitmentOf(dispute, ann) != NOTHING


def test_reverts_when_the_commitment_is_empty(jury, dispute, ann):
    with reverts(jury, "JuryEmptyCommitment"):
        jury.commit(dispute, NOTHING, {"from": ann})


def test_parties_cannot_commit(court, jury, arbitrable, dispute, admin, ann):
    arbitrable.setParties(jury, dispute, [ann], {"from": admin})
    with reverts(jury, "JuryParty", ann):
        court.commit(dispute, ann, 1)
    court.commit(court.open(), ann, 1)


def test_strangers_cannot_commit(court, jury, dispute, stranger):
    with reverts(jury, "JuryNoWeight", stranger):
        court.commit(dispute, stranger, 1)


def test_a_second_commitment_replaces_the_first(court, jury, dispute, ann):
    court.commit(dispute, ann, 1, 1)
    court.commit(dispute, ann, 2, 2)
    first = jury.commitmentFor(dispute, ann, 1, salt(1))
    second = jury.commitmentFor(dispute, ann, 2, salt(2))
    assert jury.commitmentOf(dispute, ann) == second
    court.start_reveals(dispute)
    with reverts(jury, "JuryOtherCommitment", first, second):
        court.reveal(dispute, ann, 1, 1)
    court.reveal(dispute, ann, 2, 2)
    with reverts(jury, "JuryOtherCommitment", first, NOTHING):
        court.reveal(dispute, ann, 1, 1)
    case = jury.caseOf(dispute)
    assert (case["forOne"], case["forTwo"]) == (0, WEIGHT["ann"])


def test_cannot_reveal_too_soon(court, jury, dispute, ann):
    court.commit(dispute, ann, 1)
    start, end = court.windows(dispute)
    set_next(start - 1)
    with reverts(jury, "JuryNotRevealing", dispute, start, end):
        court.reveal(dispute, ann, 1)


def test_cannot_reveal_too_late(court, jury, committed, ann):
    start, end = court.windows(committed)
    for moment in (end, end + 1):
        set_next(moment)
        with reverts(jury, "JuryNotRevealing", committed, start, end):
            court.reveal(committed, ann, 1, 1)


def test_reveals_in_the_first_and_last_second(court, jury, committed, ann, ben):
    start, end = court.windows(committed)
    tx = court.reveal(committed, ann, 1, 1)
    assert tx.timestamp == start
    assert dict(tx.events["RulingRevealed"]) == {
        "disputeID": committed,
        "juror": ann,
        "ruling": 1,
        "weight": WEIGHT["ann"],
    }
    assert jury.commitmentOf(committed, ann) == NOTHING
    set_next(end - 1)
    assert court.reveal(committed, ben, 2, 2).timestamp == end - 1
    case = jury.caseOf(committed)
    assert (case["forOne"], case["forTwo"]) == (WEIGHT["ann"], WEIGHT["ben"])
    assert jury.shareOf(committed, ann) == jury.shareOf(committed, ben) == (0, 0)


@pytest.mark.parametrize("ruling", [0, 3, 2**256 - 1])
def test_reverts_when_the_ruling_is_neither(court, jury, dispute, ann, ruling):
    court.commit(dispute, ann, ruling)
    court.start_reveals(dispute)
    with reverts(jury, "JuryBadRuling", ruling):
        court.reveal(dispute, ann, ruling)


def test_reverts_when_anything_is_another(court, jury, ann):
    dispute, other = court.open(), court.open()
    court.commit(dispute, ann, 1, 1)
    committed = jury.commitmentOf(dispute, ann)
    jury.commit(other, committed, {"from": ann})
    court.start_reveals(other)
    for which, ruling, number in ((dispute, 2, 1), (dispute, 1, 2), (other, 1, 1)):
        shown = jury.commitmentFor(which, ann, ruling, salt(number))
        with reverts(jury, "JuryOtherCommitment", shown, committed):
            court.reveal(which, ann, ruling, number)
    court.reveal(dispute, ann, 1, 1)


def test_reverts_when_nothing_was_committed(court, jury, committed, cem):
    shown = jury.commitmentFor(committed, cem, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", shown, NOTHING):
        court.reveal(committed, cem, 1)


def test_a_copied_commitment_is_worthless(court, jury, dispute, ann, ben):
    court.commit(dispute, ann, 1)
    copied = jury.commitmentOf(dispute, ann)
    jury.commit(dispute, copied, {"from": ben})
    court.start_reveals(dispute)
    court.reveal(dispute, ann, 1)
    shown = jury.commitmentFor(dispute, ben, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", shown, copied):
        court.reveal(dispute, ben, 1)
    assert jury.caseOf(dispute)["forOne"] == WEIGHT["ann"]


def test_a_ruling_counts_once(court, jury, committed, ann):
    court.reveal(committed, ann, 1, 1)
    shown = jury.commitmentFor(committed, ann, 1, salt(1))
    with reverts(jury, "JuryOtherCommitment", shown, NOTHING):
        court.reveal(committed, ann, 1, 1)
    assert jury.caseOf(committed)["forOne"] == WEIGHT["ann"]


def test_nobody_is_taken_off_the_bench_later(court, jury, arbitrable, committed, admin, ann, ben):
    quorum = jury.caseOf(committed)["quorum"]
    arbitrable.setParties(jury, committed, [ann], {"from": admin})
    court.reveal(committed, ann, 1, 1)
    court.reveal(committed, ben, 2, 2)
    case = jury.caseOf(committed)
    assert (case["forOne"], case["quorum"]) == (WEIGHT["ann"], quorum)


def test_waits_while_the_arbitrable_keeps_its_parties_secret(court, jury, arbitrable, dispute, admin, ann, ben):
    court.commit(dispute, ann, 1)
    arbitrable.setManner(SECRET, {"from": admin})
    with reverts(arbitrable, "PlainArbitrableSecret", dispute):
        court.commit(dispute, ben, 1)
    court.start_reveals(dispute)
    court.reveal(dispute, ann, 1)
    assert jury.caseOf(dispute)["forOne"] == WEIGHT["ann"]


def test_weight_stays_with_who_had_it(court, jury, dispute, ann, stranger):
    court.token.transfer(stranger, WEIGHT["ann"], {"from": ann})
    court.commit(dispute, ann, 1)
    with reverts(jury, "JuryNoWeight", stranger):
        court.commit(dispute, stranger, 1)
    court.start_reveals(dispute)
    court.reveal(dispute, ann, 1)
    assert jury.caseOf(dispute)["forOne"] == WEIGHT["ann"]


def test_anybody_can_reveal_for_a_juror(court, jury, committed, ann, stranger):
    tx = court.reveal(committed, ann, 1, 1, sender=stranger)
    assert tx.events["RulingRevealed"]["juror"] == ann
    court.end_reveals(committed)
    jury.executeRuling(committed, {"from": stranger})
    assert jury.shareOf(committed, ann) == (0, WEIGHT["ann"])
    assert jury.shareOf(committed, stranger) == (0, 0)


def test_selective_reveal_only_loses_weight(court, jury, committed, ben):
    """Ann sees Ben's ruling and would rather have said nothing: she cannot turn to his side."""
    court.reveal(committed, ben, 2, 2)
    court.end_reveals(committed)
    jury.executeRuling(committed, {"from": ben})
    assert jury.currentRuling(committed) == 2
    assert jury.sharesTotal(committed) == WEIGHT["ben"]


def test_commitment_binds_everything(Jury, court, jury, admin, ann, ben):
    def packed(address, *values):
        types = ["uint256", "address", "uint256", "address", "uint256", "bytes32"]
        dispute, juror, ruling, number = values
        fields = [chain.id, str(address), dispute, str(juror), ruling, bytes.fromhex(salt(number)[2:])]
        return "0x" + web3.keccak(encode(types, fields)).hex().removeprefix("0x")

    another = Jury.deploy(
        court.manager, court.token, court.excluded, court.arbitrable, frame(court.reputation), {"from": admin}
    )
    one = (7, ann, 1, 9)
    all_of_them = {packed(jury, *one), packed(another, *one)}
    assert another.commitmentFor(7, ann, 1, salt(9)) == packed(another, *one)
    for values in (one, (8, ann, 1, 9), (7, ben, 1, 9), (7, ann, 2, 9), (7, ann, 1, 10)):
        dispute, juror, ruling, number = values
        found = jury.commitmentFor(dispute, juror, ruling, salt(number))
        assert found == packed(jury, *values)
        all_of_them.add(packed(jury, *values))
    assert len(all_of_them) == 6
