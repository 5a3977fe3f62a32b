"""Haltable, which the escrow inherits; the board asks there.

halt
  when the caller is not the guardian
    it reverts -> test_reverts_when_the_caller_is_not_the_guardian
  given it was never halted
    it halts for one round -> test_halts_for_one_round
  given a halt
    when it has not ended
      it reverts -> test_cannot_be_prolonged
    when it ended less than a round ago
      it reverts -> test_guardian_has_to_wait_as_long_again
    when it ended a round ago
      it halts again -> test_halts_again_after_as_long
_requireNotHalted
  given it was never halted
    it passes -> test_new_things_begin_when_never_halted
  given a halt
    it reverts until the last second -> test_refuses_new_things_while_halted
  given a halt that ended
    it passes -> test_new_things_begin_after_the_halt
"""

from __future__ import annotations

import pytest

from tests.support.clock import mine_at, now, set_next
from tests.support.governance import DAY
from tests.support.reverts import reverts

GUARDIAN = 3
ROUND_SECONDS = 7 * DAY


@pytest.fixture(scope="module")
def guardian(accounts):
    return accounts[7]


@pytest.fixture(scope="module")
def haltable(PlainHaltable, AccessManager, deployer, guardian):
    manager = AccessManager.deploy(deployer, {"from": deployer})
    haltable = PlainHaltable.deploy(manager, ROUND_SECONDS, {"from": deployer})
    manager.grantRole(GUARDIAN, guardian, 0, {"from": deployer})
    selector = haltable.halt.signature
    manager.setTargetFunctionRole(haltable, [selector], GUARDIAN, {"from": deployer})
    return haltable


@pytest.fixture
def halted(haltable, guardian):
    """When the halt ends, Unix seconds."""
    return haltable.halt({"from": guardian}).timestamp + ROUND_SECONDS


def test_reverts_when_the_caller_is_not_the_guardian(haltable, deployer, stranger):
    for caller in (deployer, stranger):
        with reverts(haltable, "AccessManagedUnauthorized", caller):
            haltable.halt({"from": caller})


def test_halts_for_one_round(haltable, guardian):
    assert haltable.haltedUntil() == haltable.haltedAt() == 0
    start = set_next(now() + 50)
    tx = haltable.halt({"from": guardian})
    assert dict(tx.events["Halted"]) == {"guardian": guardian, "until": start + ROUND_SECONDS}
    assert haltable.haltedUntil() == start + ROUND_SECONDS
    assert haltable.haltedAt() == start
    assert haltable.haltSeconds() == ROUND_SECONDS


def test_cannot_be_prolonged(haltable, guardian, halted):
    set_next(halted - 1)
    with reverts(haltable, "HaltableTooSoon", halted + ROUND_SECONDS):
        haltable.halt({"from": guardian})


def test_guardian_has_to_wait_as_long_again(haltable, guardian, halted):
    set_next(halted + ROUND_SECONDS - 1)
    with reverts(haltable, "HaltableTooSoon", halted + ROUND_SECONDS):
        haltable.halt({"from": guardian})


def test_halts_again_after_as_long(haltable, guardian, halted):
    set_next(halted + ROUND_SECONDS)
    haltable.halt({"from": guardian})
    assert haltable.haltedUntil() == halted + 2 * ROUND_SECONDS
    assert haltable.haltedAt() == halted + ROUND_SECONDS


def test_new_things_begin_when_never_halted(haltable, stranger):
    haltable.begin({"from": stranger})
    assert haltable.begun() == 1


def test_refuses_new_things_while_halted(haltable, stranger, halted):
    for moment in (now() + 1, halted - 1):
        set_next(moment)
        with reverts(haltable, "HaltableHalted", halted):
            haltable.begin({"from": stranger})


def test_new_things_begin_after_the_halt(haltable, stranger, halted):
    mine_at(halted - 1)
    set_next(halted)
    haltable.begin({"from": stranger})
    assert haltable.begun() == 1
