"""DisputeDesk: construction and terms.

constructor
  when an address is zero -> test_constructor_reverts_when_an_address_is_zero
  when a window is out of bounds -> test_constructor_reverts_when_a_window_is_out_of_bounds
  when all is well -> test_constructor_keeps_its_first_terms
setTerms
  when the caller is not governance -> test_set_terms_reverts_for_others
  when a window is too short or long -> test_set_terms_reverts_when_a_window_is_out_of_bounds
  when the dispute bond is out of bounds -> test_set_terms_reverts_when_the_bond_is_out_of_bounds
  when the least stake is too high -> test_set_terms_reverts_when_the_least_stake_is_too_high
  when the arbitrator is no contract -> test_set_terms_reverts_when_the_arbitrator_is_no_contract
  when its extra data is too long -> test_set_terms_reverts_when_the_extra_data_is_too_long
  given an arbitrator that declares its time
    when the arbitration leaves it less than a day more -> test_set_terms_reverts_when_arbitration_is_too_short
    when all is well -> test_set_terms_remembers_what_the_arbitrator_declares
  given one that declares nothing, or nonsense -> test_set_terms_takes_an_arbitrator_that_does_not_tell
  when all is well
    new campaigns have the new terms, old ones keep theirs -> test_set_terms_is_for_later_campaigns
    windows may lie on their bounds -> test_set_terms_takes_windows_on_their_bounds
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.campaigns import (
    ARBITRATION,
    DAY,
    LARGEST_LEAST_BOND,
    META_EVIDENCE,
    SHORTEST_WINDOW,
    deploy_escrow,
    digest,
    terms,
)
from tests.support.reverts import reverts

WINDOWS = ("reviewSeconds", "answerSeconds", "challengeSeconds", "arbitrationSeconds", "noticeSeconds")
LONGEST, LEAST = 60 * DAY, 10**6


def word(measures):
    """The members in one word, the first in the lowest bits."""
    widths = (0, 32, 64, 96, 128, 160, 176)
    return sum(value << width for value, width in zip(measures, widths, strict=True))


@pytest.mark.parametrize("field", [0, 1])
def test_constructor_reverts_when_an_address_is_zero(world, DisputeDesk, field):
    addresses = [world.manager, world.escrow]
    addresses[field] = ZERO_ADDRESS
    with reverts(DisputeDesk, "DisputeDeskZeroAddress"):
        DisputeDesk.deploy(*addresses, SHORTEST_WINDOW, LEAST, terms(), {"from": world.governance})


def test_constructor_reverts_when_a_window_is_out_of_bounds(world, DisputeDesk):
    args = (SHORTEST_WINDOW - 1, SHORTEST_WINDOW, LONGEST)
    first = terms(reviewSeconds=args[0])
    with reverts(DisputeDesk, "DisputeDeskWindowOutOfBounds", *args):
        DisputeDesk.deploy(world.manager, world.escrow, SHORTEST_WINDOW, LEAST, first, {"from": world.governance})


def test_constructor_keeps_its_first_terms(world, desk):
    assert desk.escrow() == world.escrow
    assert desk.shortestWindow() == SHORTEST_WINDOW
    assert desk.authority() == world.manager
    assert desk.latestTerms() == (1, word(terms()[0]))
    assert desk.largestLeastBond() == LARGEST_LEAST_BOND
    assert desk.termsOf(1)["measures"]["arbitrationSeconds"] == ARBITRATION
    assert desk.measuresOf(1) == word(terms()[0])
    assert desk.measuresOf(2) == desk.rulingSecondsOf(1) == 0


def test_set_terms_reverts_for_others(world, desk):
    for caller in (world.lead, world.board, world.guardian, world.stranger):
        with reverts(desk, "AccessManagedUnauthorized", caller):
            desk.setTerms(terms(), {"from": caller})


@pytest.mark.parametrize("window", WINDOWS)
def test_set_terms_reverts_when_a_window_is_out_of_bounds(world, desk, window):
    for seconds in (0, SHORTEST_WINDOW - 1, LONGEST + 1):
        args = (seconds, SHORTEST_WINDOW, LONGEST)
        with reverts(desk, "DisputeDeskWindowOutOfBounds", *args):
            desk.setTerms(terms(**{window: seconds}), {"from": world.governance})


@pytest.mark.parametrize("bond", [0, 99, 5001])
def test_set_terms_reverts_when_the_bond_is_out_of_bounds(world, desk, bond):
    with reverts(desk, "DisputeDeskBondOutOfBounds", bond, 100, 5000):
        desk.setTerms(terms(disputeBondBps=bond), {"from": world.governance})


def test_set_terms_is_for_later_campaigns(world, desk, escrow, campaign, HostileArbitrator):
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    extra = digest("court 3, 5 jurors")
    new = terms(
        reviewSeconds=2 * DAY,
        disputeBondBps=5000,
        paysJurors=True,
        disputeBondMin=7,
        arbitrator=arbitrator,
        arbitratorExtraData=extra,
    )
    tx = desk.setTerms(new, {"from": world.governance})
    assert tx.return_value == 2
    assert tx.events["TermsSet"]["termsId"] == 2
    assert tx.events["TermsSet"]["terms"] == new
    path = "/ipfs/f01551220" + META_EVIDENCE[2:]
    assert dict(tx.events["MetaEvidence"]) == {"_metaEvidenceID": 2, "_evidence": path}
    assert desk.termsOf(2) == new
    assert desk.latestTerms() == (2, word(new[0]))
    later = world.fund()
    assert escrow.campaignOf(campaign)["termsId"] == 1
    assert escrow.campaignOf(later)["termsId"] == 2
    work = world.submit(world.post(later, bond=0))
    assert world.status(work) == "Review"


@pytest.mark.parametrize("seconds", [SHORTEST_WINDOW, LONGEST])
def test_set_terms_takes_windows_on_their_bounds(world, desk, seconds):
    desk.setTerms(terms(**dict.fromkeys(WINDOWS, seconds)), {"from": world.governance})
    assert desk.termsOf(2)["measures"][:5] == (seconds,) * 5


def test_set_terms_reverts_when_the_least_stake_is_too_high(the_project, world):
    desk, _ = deploy_escrow(the_project, world.manager, world.token, world.reputation, largest=LEAST)
    desk.setTerms(terms(disputeBondMin=LEAST), {"from": world.governance})
    with reverts(desk, "DisputeDeskLeastBondTooHigh", LEAST + 1, LEAST):
        desk.setTerms(terms(disputeBondMin=LEAST + 1), {"from": world.governance})


def test_set_terms_reverts_when_the_arbitrator_is_no_contract(world, desk):
    with reverts(desk, "DisputeDeskArbitratorIsNoContract", world.stranger):
        world.set_terms(arbitrator=world.stranger)


def test_set_terms_reverts_when_the_extra_data_is_too_long(world, desk, HostileArbitrator):
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    world.set_terms(arbitrator=arbitrator, arbitratorExtraData=b"1" * 1_024)
    with reverts(desk, "DisputeDeskExtraDataTooLong", 1_025, 1_024):
        world.set_terms(arbitrator=arbitrator, arbitratorExtraData=b"1" * 1_025)


@pytest.mark.parametrize("needed", [ARBITRATION - DAY + 1, 2**256 - 1])
def test_set_terms_reverts_when_arbitration_is_too_short(world, desk, HostileArbitrator, needed):
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    arbitrator.setRulingSeconds(needed, {"from": world.stranger})
    least = min(needed + DAY, 2**256 - 1)
    with reverts(desk, "DisputeDeskArbitrationTooShort", ARBITRATION, least):
        world.set_terms(arbitrator=arbitrator)


def test_set_terms_remembers_what_the_arbitrator_declares(world, desk, HostileArbitrator):
    arbitrator = HostileArbitrator.deploy({"from": world.governance})
    arbitrator.setRulingSeconds(ARBITRATION - DAY, {"from": world.stranger})
    number = world.set_terms(arbitrator=arbitrator)
    assert desk.rulingSecondsOf(number) == ARBITRATION - DAY
    arbitrator.setRulingSeconds(1, {"from": world.stranger})
    assert desk.rulingSecondsOf(number) == ARBITRATION - DAY


def test_set_terms_takes_an_arbitrator_that_does_not_tell(world, desk, HostileArbitrator):
    silent = HostileArbitrator.deploy({"from": world.governance})
    for arbitrator in (silent, world.token):  # declares 0; knows no such question
        assert desk.rulingSecondsOf(world.set_terms(arbitrator=arbitrator)) == 0
