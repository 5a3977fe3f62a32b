"""CampaignEscrow and DisputeDesk: who may do what.

every restricted function
  when the caller lacks the role -> test_reverts_without_the_role
  when the caller has it -> test_passes_with_the_role
every other function
  names who may -> test_the_table_is_complete
  of the desk, too -> test_the_table_of_the_desk_is_complete
"""

from __future__ import annotations

import pytest

from tests.support.reverts import reverts

# function: (who may, arguments)
RESTRICTED = {
    "fund": ("board", lambda world: [[world.seed()]]),
    "withdrawPool": ("governance", lambda world: [1]),
    "replaceLead": ("governance", lambda world: [1, world.other]),
    "halt": ("guardian", lambda world: []),
    "setAuthority": ("manager", lambda world: [world.stranger]),
}
BY_FACTS = {
    "postBounty": "lead",
    "cancelBounty": "lead",
    "acceptWork": "lead",
    "rejectWork": "lead",
    "fileLessons": "lead",
    "endEarly": "lead or governance",
    "submitWork": "anyone, or the named worker",
    "reworkWork": "worker",
    "withdrawWork": "worker",
    "withdrawCredit": "owner of the credit",
    "deliver": "escrow itself",
    "beginDispute": "desk",
    "payJuror": "desk",
    "poolJurors": "desk",
    "deposit": "anyone",
    "topUp": "anyone",
    "reclaimBounty": "anyone",
    "payWork": "anyone",
    "releaseWork": "anyone",
    "closeCampaign": "anyone",
    "expireCredit": "anyone",
}
ON_THE_DESK = {
    "setTerms": "governance (test_terms.py)",
    "setAuthority": "manager",
    "openDispute": "worker of a rejection; anyone of an acceptance",
    "submitEvidence": "anyone",
    "rule": "the dispute's arbitrator",
    "settle": "escrow",
    "payJurors": "anyone",
    "expireJurors": "anyone",
}
PEOPLE = ("governance", "board", "guardian", "lead", "worker", "stranger", "treasury")


@pytest.mark.parametrize("name", RESTRICTED)
def test_reverts_without_the_role(world, escrow, campaign, name):
    allowed, arguments = RESTRICTED[name]
    for person in PEOPLE:
        if person == allowed:
            continue
        caller = getattr(world, person)
        with reverts(escrow, "AccessManagedUnauthorized", caller):
            getattr(escrow, name)(*arguments(world), {"from": caller})


@pytest.mark.parametrize("name", [name for name in RESTRICTED if name != "setAuthority"])
def test_passes_with_the_role(world, escrow, campaign, name):
    allowed, arguments = RESTRICTED[name]
    getattr(escrow, name)(*arguments(world), {"from": getattr(world, allowed)})


def writes(contract):
    return {
        entry["name"]
        for entry in contract.abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }


def test_the_table_is_complete(escrow):
    assert writes(escrow) == set(RESTRICTED) | set(BY_FACTS)


def test_the_table_of_the_desk_is_complete(world, desk):
    assert writes(desk) == set(ON_THE_DESK)
    for caller in (world.governance, world.stranger):
        with reverts(desk, "AccessManagedUnauthorized", caller):
            desk.setAuthority(world.stranger, {"from": caller})
