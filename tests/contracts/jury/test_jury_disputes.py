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
admit
  when the caller is not governance
    it reverts -> test_only_governance_admits
  when the account is zero, there or in the constructor
    it reverts -> test_reverts_when_nobody_is_admitted
  when all is well
    it may bring disputes for ever -> test_who_is_admitted_stays_so
createDispute
  when the caller is not admitted
    it reverts -> test_only_the_admitted_open_disputes
  when native coin is sent
    it reverts -> test_reverts_when_native_coin_is_sent
  when there are not two choices
    it reverts -> test_reverts_when_there_are_not_two_choices
  when all is well
    it counts, keeps the facts and tells -> test_opens_a_dispute
rulingSeconds
  it is how long a ruling takes -> test_tells_how_long_it_needs
commit, reveal, executeRuling
  they are for everyone -> test_everything_else_is_for_everyone
appeal, appealCost, appealPeriod, arbitrationCost
  there is no appeal, and disputes are free -> test_there_is_no_appeal_and_no_price
any function of a dispute
  when it does not exist
    it reverts -> test_reverts_when_the_dispute_is_unknown
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.clock import now, set_next
from tests.support.governance import DAY
from tests.support.jury import COMMIT_SECONDS, QUORUM, REVEAL_SECONDS, WAITING, frame, salt
from tests.support.reverts import reverts

LONGEST_SECONDS = 30 * DAY


@pytest.fixture(scope="module")
def deploy(Jury, court, admin):
    """Deploy another jury, with changes to the frame by name."""

    def deploy_with(authority=court.manager, votes=court.token, arbitrable=court.arbitrable, **changes):
        kept = frame(court.reputation, **changes)
        return Jury.deploy(authority, votes, court.excluded, arbitrable, kept, {"from": admin})

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


def test_only_governance_admits(jury, arbitrable, ann):
    for caller in (ann, arbitrable):
        with reverts(jury, "AccessManagedUnauthorized", caller):
            jury.admit(ann, {"from": caller})


def test_reverts_when_nobody_is_admitted(Jury, jury, deploy, admin):
    with reverts(Jury, "JuryZeroAddress"):
        deploy(arbitrable=ZERO_ADDRESS)
    with reverts(jury, "JuryZeroAddress"):
        jury.admit(ZERO_ADDRESS, {"from": admin})


def test_who_is_admitted_stays_so(PlainArbitrable, court, jury, arbitrable, admin):
    later = PlainArbitrable.deploy({"from": admin})
    assert (jury.isAdmitted(arbitrable), jury.isAdmitted(later)) == (True, False)
    tx = jury.admit(later, {"from": admin})
    assert dict(tx.events["ArbitrableAdmitted"]) == {"arbitrable": later}
    # What governance can do to a managed contract ends no right to bring disputes.
    court.manager.setTargetClosed(jury, True, {"from": admin})
    court.manager.updateAuthority(jury, later, {"from": admin})
    for one in (arbitrable, later):
        one.open(jury, 2, {"from": admin})
    assert jury.disputes() == 2


def test_only_the_admitted_open_disputes(jury, admin, ann, stranger):
    for caller in (admin, ann, stranger):
        with reverts(jury, "JuryNotAdmitted", caller):
            jury.createDispute(2, b"", {"from": caller})


def test_reverts_when_native_coin_is_sent(court, jury, arbitrable, admin):
    with reverts(jury, "JuryCostsNothing", 1):
        arbitrable.open(jury, 2, {"from": admin, "value": 1})
    assert jury.disputes() == 0


@pytest.mark.parametrize("choices", [0, 1, 3])
def test_reverts_when_there_are_not_two_choices(jury, arbitrable, admin, choices):
    with reverts(jury, "JuryBadChoices", choices, 2):
        arbitrable.open(jury, choices, {"from": admin})


def test_opens_a_dispute(court, jury, arbitrable, admin):
    opened = set_next(now() + 100)
    tx = arbitrable.open(jury, 2, {"from": admin})
    assert tx.return_value == 1
    assert dict(tx.events["DisputeCreation"]) == {"_disputeID": 1, "_arbitrable": arbitrable}
    assert jury.disputes() == 1
    boundary = court.reputation.boundaryOf(opened)
    assert jury.caseOf(1) == (arbitrable, opened, boundary, False, False, 0, 0, QUORUM)
    commit_until = opened + COMMIT_SECONDS
    assert jury.windowsOf(1) == (commit_until, commit_until + REVEAL_SECONDS)
    assert jury.disputeStatus(1) == WAITING
    assert jury.currentRuling(1) == 0
    assert arbitrable.open(jury, 2, {"from": admin}).return_value == 2


def test_tells_how_long_it_needs(court, jury):
    dispute = court.open()
    assert jury.rulingSeconds() == COMMIT_SECONDS + REVEAL_SECONDS
    assert court.windows(dispute)[1] == jury.caseOf(dispute)["openedAt"] + jury.rulingSeconds()


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
