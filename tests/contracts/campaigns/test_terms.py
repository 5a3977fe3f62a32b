"""DisputeDesk: construction and terms.

constructor
  when an address is zero -> test_constructor_reverts_when_an_address_is_zero
  when a window is out of bounds -> test_constructor_reverts_when_a_window_is_out_of_bounds
  when all is well -> test_constructor_keeps_its_first_terms
setTerms
  when the caller is not governance -> test_set_terms_reverts_for_others
  when a window is too short or long -> test_set_terms_reverts_when_a_window_is_out_of_bounds
  when the dispute bond is out of bounds -> test_set_terms_reverts_when_the_bond_is_out_of_bounds
  when all is well
    new campaigns have the new terms, old ones keep theirs -> test_set_terms_is_for_later_campaigns
    windows may lie on their bounds -> test_set_terms_takes_windows_on_their_bounds
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS

from tests.support.campaigns import ARBITRATION, DAY, META_EVIDENCE, SHORTEST_WINDOW, digest, terms
from tests.support.reverts import reverts

WINDOWS = ("reviewSeconds", "answerSeconds", "challengeSeconds", "arbitrationSeconds", "noticeSeconds")
LONGEST = 60 * DAY


@pytest.mark.parametrize("field", [0, 1])
def test_constructor_reverts_when_an_address_is_zero(world, DisputeDesk, field):
    addresses = [world.manager, world.escrow]
    addresses[field] = ZERO_ADDRESS
    with reverts(DisputeDesk, "DisputeDeskZeroAddress"):
        DisputeDesk.deploy(*addresses, SHORTEST_WINDOW, terms(), {"from": world.governance})


def test_constructor_reverts_when_a_window_is_out_of_bounds(world, DisputeDesk):
    args = (SHORTEST_WINDOW - 1, SHORTEST_WINDOW, LONGEST)
    first = terms(reviewSeconds=args[0])
    with reverts(DisputeDesk, "DisputeDeskWindowOutOfBounds", *args):
        DisputeDesk.deploy(world.manager, world.escrow, SHORTEST_WINDOW, first, {"from": world.governance})


def test_constructor_keeps_its_first_terms(world, desk):
    assert desk.escrow() == world.escrow
    assert desk.shortestWindow() == SHORTEST_WINDOW
    assert desk.authority() == world.manager
    assert desk.latestTerms() == (1, terms()[0])
    assert desk.termsOf(1)["windows"]["arbitrationSeconds"] == ARBITRATION
    assert desk.windowsOf(1) == terms()[0]
    assert desk.windowsOf(2) == (0, 0, 0, 0, 0)


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


def test_set_terms_is_for_later_campaigns(world, desk, escrow, campaign):
    extra = digest("court 3, 5 jurors")
    new = terms(
        reviewSeconds=2 * DAY,
        disputeBondBps=5000,
        paysJurors=True,
        disputeBondMin=7,
        arbitrator=world.stranger,
        arbitratorExtraData=extra,
    )
    tx = desk.setTerms(new, {"from": world.governance})
    assert tx.return_value == 2
    assert tx.events["TermsSet"]["termsId"] == 2
    assert tx.events["TermsSet"]["terms"] == new
    path = "/ipfs/f01551220" + META_EVIDENCE[2:]
    assert dict(tx.events["MetaEvidence"]) == {"_metaEvidenceID": 2, "_evidence": path}
    assert desk.termsOf(2) == new
    assert desk.latestTerms() == (2, new[0])
    later = world.fund()
    assert escrow.campaignOf(campaign)["termsId"] == 1
    assert escrow.campaignOf(later)["termsId"] == 2
    work = world.submit(world.post(later))
    assert world.status(work) == "Review"


@pytest.mark.parametrize("seconds", [SHORTEST_WINDOW, LONGEST])
def test_set_terms_takes_windows_on_their_bounds(world, desk, seconds):
    desk.setTerms(terms(**dict.fromkeys(WINDOWS, seconds)), {"from": world.governance})
    assert desk.windowsOf(2) == (seconds,) * 5
