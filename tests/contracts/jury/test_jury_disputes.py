"""Jury: what is fixed, and how disputes begin.

constructor
  when authority or reputation is zero
    it reverts -> test_reverts_when_an_address_is_zero
  when a time or the quorum is outside its bounds
    it reverts -> test_reverts_when_the_frame_is_out_of_bounds
  when a source of votes counts blocks
    it reverts -> test_reverts_when_a_source_counts_blocks
  when all is well
    it keeps its frame, on the bounds too -> test_keeps_its_frame, test_takes_the_bounds
createDispute
  when the caller has no role
    it reverts -> test_only_arbitrables_open_disputes
  when native coin is sent
    it reverts -> test_reverts_when_native_coin_is_sent
  when there are not two choices
    it reverts -> test_reverts_when_there_are_not_two_choices
  when all is well
    it counts, keeps the facts and tells -> test_opens_a_dispute
  given fewer points than the minimum one second before
    it takes jurors from the token -> test_jurors_come_from_the_token_at_first
    it needs the floor at the least -> test_the_quorum_of_tokens_has_a_floor
  given a total that the quorum's share does not divide
    it rounds up, to the unit -> test_the_quorum_is_rounded_up
  given the minimum one second before, to the unit
    it takes jurors from reputation -> test_jurors_come_from_reputation_from_the_minimum_on
  given points faded below the minimum
    it takes jurors from the token again -> test_jurors_come_from_the_token_when_points_have_faded
  given no minimum and no points
    it takes jurors from the token -> test_nobodys_reputation_is_no_source
commit, reveal, executeRuling
  they are for everyone -> test_everything_else_is_for_everyone
appeal, appealCost, appealPeriod, arbitrationCost
  there is no appeal, and disputes are free -> test_there_is_no_appeal_and_no_price
any function of a dispute
  when it does not exist
    it reverts -> test_reverts_when_the_dispute_is_unknown
weightOf
  given votes that moved in the second of the opening
    it ignores them -> test_votes_count_one_second_before_the_opening
  given an excluded account
    it is zero -> test_excluded_accounts_have_no_weight
  given a party
    it is zero -> test_parties_have_no_weight
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS, web3

from tests.support.clock import await_pool, mine_at, now, set_next
from tests.support.governance import DAY, WAD
from tests.support.jury import (
    COMMIT_SECONDS,
    JURORS,
    MIN_POINTS,
    QUORUM,
    QUORUM_BPS,
    REVEAL_SECONDS,
    WAITING,
    frame,
    salt,
)
from tests.support.models import jury as model
from tests.support.reverts import reverts

LONGEST_SECONDS = 30 * DAY


@pytest.fixture(scope="module")
def deploy(Jury, court, admin):
    """Deploy another jury, with changes to the frame by name."""

    def deploy_with(authority=court.manager, votes=court.token, **changes):
        return Jury.deploy(authority, votes, court.excluded, frame(court.reputation, **changes), {"from": admin})

    return deploy_with


def test_reverts_when_an_address_is_zero(Jury, deploy):
    for wrong in ({"authority": ZERO_ADDRESS}, {"reputation": ZERO_ADDRESS}):
        with reverts(Jury, "JuryZeroAddress"):
            deploy(**wrong)


@pytest.mark.parametrize(
    ("field", "value", "least", "most"),
    [
        ("commitSeconds", 0, 1, LONGEST_SECONDS),
        ("commitSeconds", LONGEST_SECONDS + 1, 1, LONGEST_SECONDS),
        ("revealSeconds", 0, 1, LONGEST_SECONDS),
        ("revealSeconds", LONGEST_SECONDS + 1, 1, LONGEST_SECONDS),
        ("quorumBps", 99, 100, 5_000),
        ("quorumBps", 5_001, 100, 5_000),
    ],
)
def test_reverts_when_the_frame_is_out_of_bounds(Jury, deploy, field, value, least, most):
    with reverts(Jury, "JuryFrameOutOfBounds", value, least, most):
        deploy(**{field: value})


def test_reverts_when_a_source_counts_blocks(Jury, PlainVotesToken, deploy, admin):
    blocks = PlainVotesToken.deploy(False, {"from": admin})
    mode = blocks.CLOCK_MODE()
    for wrong in ({"votes": blocks}, {"reputation": blocks}):
        with reverts(Jury, "ElectorateNotTimestampClock", mode):
            deploy(**wrong)


def test_keeps_its_frame(court, jury):
    assert jury.juryFrame() == frame(court.reputation)
    assert jury.votesToken() == court.token
    assert jury.excludedAccounts() == court.excluded
    assert jury.authority() == court.manager
    assert jury.disputes() == 0


@pytest.mark.parametrize(("seconds", "bps"), [(1, 100), (LONGEST_SECONDS, 5_000)])
def test_takes_the_bounds(court, deploy, seconds, bps):
    bounds = {"commitSeconds": seconds, "revealSeconds": seconds, "quorumBps": bps}
    assert deploy(**bounds).juryFrame() == frame(court.reputation, **bounds)


def test_only_arbitrables_open_disputes(jury, admin, ann, stranger):
    for caller in (admin, ann, stranger):
        with reverts(jury, "AccessManagedUnauthorized", caller):
            jury.createDispute(2, b"", {"from": caller})


def test_reverts_when_native_coin_is_sent(court, jury, arbitrable, admin):
    with reverts(jury, "JuryCostsNothing", 1):
        arbitrable.open(jury, 2, {"from": admin, "value": 1})
    assert jury.disputes() == 0


@pytest.mark.parametrize("choices", [0, 1, 3])
def test_reverts_when_there_are_not_two_choices(jury, arbitrable, admin, choices):
    with reverts(jury, "JuryBadChoices", choices, 2):
        arbitrable.open(jury, choices, {"from": admin})


def test_opens_a_dispute(jury, arbitrable, admin):
    opened = set_next(now() + 100)
    tx = arbitrable.open(jury, 2, {"from": admin})
    assert tx.return_value == 1
    assert dict(tx.events["DisputeCreation"]) == {"_disputeID": 1, "_arbitrable": arbitrable}
    assert jury.disputes() == 1
    assert jury.caseOf(1) == (arbitrable, opened, False, False, 0, 0, QUORUM)
    commit_until = opened + COMMIT_SECONDS
    assert jury.windowsOf(1) == (commit_until, commit_until + REVEAL_SECONDS)
    assert jury.disputeStatus(1) == WAITING
    assert jury.currentRuling(1) == 0
    assert arbitrable.open(jury, 2, {"from": admin}).return_value == 2


def test_jurors_come_from_the_token_at_first(court, jury, jurors, admin, stranger):
    court.reputation.award(stranger, MIN_POINTS - 1, {"from": admin})
    dispute = court.open(now() + 1)
    assert not jury.caseOf(dispute)["isFromReputation"]
    for name, juror in jurors.items():
        assert jury.weightOf(dispute, juror) == JURORS[name] * WAD
    assert jury.weightOf(dispute, stranger) == 0


def test_the_quorum_of_tokens_has_a_floor(court, deploy, arbitrable, admin, stranger):
    selector = [court.jury.createDispute.signature]
    for floor, quorum in ((QUORUM - 1, QUORUM), (QUORUM + 1, QUORUM + 1)):
        jury = deploy(quorumFloor=floor)
        court.manager.setTargetFunctionRole(jury, selector, 4, {"from": admin})
        arbitrable.open(jury, 2, {"from": admin})
        assert jury.caseOf(1)["quorum"] == quorum
    court.reputation.award(stranger, MIN_POINTS, {"from": admin})
    opened = now() + 1
    set_next(opened)
    arbitrable.open(jury, 2, {"from": admin})
    assert jury.caseOf(2)["quorum"] == model.quorum(MIN_POINTS, QUORUM_BPS)


def test_the_quorum_is_rounded_up(court, jury, admin, ann, stranger, treasury):
    court.token.transfer(treasury, 11, {"from": ann})  # a tenth of it is 1.1
    assert jury.caseOf(court.open(now() + 1))["quorum"] == QUORUM - 1
    court.reputation.award(stranger, MIN_POINTS + 1, {"from": admin})
    assert jury.caseOf(court.open(now() + 1))["quorum"] == MIN_POINTS // 10 + 1


def test_jurors_come_from_reputation_from_the_minimum_on(court, jury, admin, ann, stranger):
    court.reputation.award(stranger, MIN_POINTS, {"from": admin})
    awarded = now()
    dispute = court.open(awarded + 1)
    total = court.reputation.getPastTotalSupply(awarded)
    assert total == MIN_POINTS
    case = jury.caseOf(dispute)
    assert case["isFromReputation"]
    assert case["quorum"] == model.quorum(total, QUORUM_BPS)
    assert jury.weightOf(dispute, stranger) == MIN_POINTS
    assert jury.weightOf(dispute, ann) == 0
    court.reputation.award(ann, MIN_POINTS, {"from": admin})
    assert jury.weightOf(dispute, ann) == 0


def test_jurors_come_from_the_token_when_points_have_faded(court, jury, admin, ann, stranger):
    court.reputation.award(stranger, MIN_POINTS, {"from": admin})
    dispute = court.open(now() + 2)
    assert not jury.caseOf(dispute)["isFromReputation"]
    assert jury.weightOf(dispute, ann) == JURORS["ann"] * WAD


def test_nobodys_reputation_is_no_source(court, deploy, arbitrable, admin):
    jury = deploy(minPoints=0)
    selector = [jury.createDispute.signature]
    court.manager.setTargetFunctionRole(jury, selector, 4, {"from": admin})
    arbitrable.open(jury, 2, {"from": admin})
    assert not jury.caseOf(1)["isFromReputation"]
    assert jury.caseOf(1)["quorum"] == QUORUM


def test_everything_else_is_for_everyone(court, jury, ann, stranger):
    dispute = court.open()
    court.commit(dispute, ann, 1)
    court.start_reveals(dispute)
    court.reveal(dispute, ann, 1, sender=stranger)
    court.end_reveals(dispute)
    jury.executeRuling(dispute, {"from": stranger})
    assert jury.caseOf(dispute)["isExecuted"]


def test_there_is_no_appeal_and_no_price(court, jury, stranger):
    dispute = court.open()
    assert jury.arbitrationCost(b"") == jury.arbitrationCost(b"any") == 0
    assert jury.appealCost(dispute, b"") == 2**256 - 1
    assert jury.appealPeriod(dispute) == (0, 0)
    for value in (0, 1):
        with reverts(jury, "JuryNoAppeal", dispute):
            jury.appeal(dispute, b"", {"from": stranger, "value": value})


def test_reverts_when_the_dispute_is_unknown(court, jury, ann):
    unknown = court.open() + 1
    for act in (
        lambda: jury.commit(unknown, salt(1), {"from": ann}),
        lambda: jury.reveal(unknown, ann, 1, salt(1), {"from": ann}),
        lambda: jury.executeRuling(unknown, {"from": ann}),
        lambda: jury.caseOf(unknown),
        lambda: jury.windowsOf(unknown),
        lambda: jury.weightOf(unknown, ann),
        lambda: jury.sharesTotal(unknown),
        lambda: jury.disputeStatus(unknown),
        lambda: jury.currentRuling(unknown),
    ):
        with reverts(jury, "JuryUnknownDispute", unknown):
            act()


def test_votes_count_one_second_before_the_opening(court, jury, arbitrable, admin, ann, stranger):
    token, held = court.token, JURORS["ann"] * WAD
    start = mine_at(now() + 100)
    set_next(start + 1)
    token.transfer(stranger, 7, {"from": ann})
    before = court.open(start + 2)

    web3.provider.make_request("evm_setAutomine", [False])
    try:
        set_next(start + 3)
        sent = {"required_confs": 0, "gas_limit": 1_000_000}  # both fit one block
        token.transfer(stranger, held - 7, {"from": ann, **sent})
        arbitrable.open(jury, 2, {"from": admin, **sent})
        await_pool(2)
        web3.provider.make_request("evm_mine", [])
    finally:
        web3.provider.make_request("evm_setAutomine", [True])
    same = jury.disputes()
    assert same == before + 1
    assert jury.caseOf(same)["openedAt"] == now() == start + 3

    for dispute in (before, same):
        assert jury.weightOf(dispute, ann) == held - 7
        assert jury.weightOf(dispute, stranger) == 7
    assert jury.weightOf(court.open(start + 4), stranger) == held


def test_excluded_accounts_have_no_weight(court, jury, treasury, escrow):
    dispute = court.open()
    for account in (treasury, escrow):
        assert court.token.getVotes(account) > 0
        assert jury.weightOf(dispute, account) == 0
        commitment = jury.commitmentFor(dispute, account, 1, salt(1))
        with reverts(jury, "JuryNoWeight", account):
            jury.commit(dispute, commitment, {"from": account})


def test_parties_have_no_weight(court, jury, arbitrable, admin, ann, ben):
    dispute, other = court.open(), court.open()
    arbitrable.setParties(jury, dispute, [ann], {"from": admin})
    assert jury.weightOf(dispute, ann) == 0
    assert jury.weightOf(other, ann) == JURORS["ann"] * WAD
    assert jury.weightOf(dispute, ben) == JURORS["ben"] * WAD
