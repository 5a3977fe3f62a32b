"""CampaignEscrow and DisputeDesk: who may do what, as dmo/deploy/roles.py says it for everything.

every function that writes
  stands in the table, and nothing else does -> test_the_table_is_complete
given a restricted function
  when the caller lacks the role -> test_reverts_without_the_role
  when the caller has it -> test_passes_with_the_role
given a function for somebody by the facts
  when it is anybody else -> test_reverts_for_others
given a function for anyone
  when it is a stranger -> test_does_not_ask_who_calls
setAuthority
  when it is not the manager -> test_only_the_manager_sets_the_authority
"""

from __future__ import annotations

import pytest

from dmo.deploy.roles import ROLES, who
from tests.support import clock
from tests.support.campaigns import BETTER, DAY, EVIDENCE, LESSONS, REASON, STATEMENT, terms
from tests.support.reverts import VirtualMachineError, reverts

ARGUMENTS = {
    "CampaignEscrow": {
        "fund": lambda world: [[world.seed()]],
        "withdrawPool": lambda world: [1],
        "replaceLead": lambda world: [1, world.other],
        "halt": lambda world: [],
        "postBounty": lambda world: [world.params(1)],
        "cancelBounty": lambda world: [1],
        "acceptWork": lambda world: [1, EVIDENCE],
        "rejectWork": lambda world: [1, EVIDENCE, REASON],
        "fileLessons": lambda world: [1, LESSONS, 0],
        "endEarly": lambda world: [1, clock.now() + 20 * DAY],
        "submitWork": lambda world: [2, EVIDENCE, [], 0],
        "reworkWork": lambda world: [1, BETTER],
        "withdrawWork": lambda world: [1],
        "withdrawCredit": lambda world: [world.other],
        "deliver": lambda world: [world.other, 1],
        "beginDispute": lambda world: [1, world.other, 1, 0, 2],
        "payJuror": lambda world: [1, world.other, 1],
        "poolJurors": lambda world: [1],
        "deposit": lambda world: [1],
        "topUp": lambda world: [1, 1],
        "reclaimBounty": lambda world: [1],
        "payWork": lambda world: [[1]],
        "releaseWork": lambda world: [[1]],
        "closeCampaign": lambda world: [1],
        "deliverCredit": lambda world: [world.other],
        "expireCredit": lambda world: [world.other],
    },
    "DisputeDesk": {
        "setTerms": lambda world: [terms()],
        "challenge": lambda world: [1, 1, STATEMENT],
        "contest": lambda world: [1, 1, STATEMENT],
        "uphold": lambda world: [1, 1, STATEMENT],
        "submitEvidence": lambda world: [1, EVIDENCE],
        "payJurors": lambda world: [1, []],
        "expireJurors": lambda world: [1],
        "rule": lambda world: [1, 1],
        "settle": lambda world: [1, 0, 0],
    },
}
PEOPLE = ("governance", "board", "guardian", "lead", "worker", "stranger", "treasury")
# Who in the tests' world has a role, or is who by the facts.
IN_WORLD = {"funder": "board", "lead or governance": "lead"}
WHO = [(*place, people) for place, people in who().items() if place[0] in ARGUMENTS]
RESTRICTED = [row for row in WHO if row[2] in ROLES]
OPEN = [row for row in WHO if row[2] == "anyone"]
# A contest needs an arbitrator and a rejection before it asks who calls: test_openings.
BY_FACTS = [row for row in WHO if row not in (*RESTRICTED, *OPEN) and row[1] != "contest"]


def refusal(world, contract, function, people, caller):
    """What a caller is told who is not among these people."""
    if people == "worker" and function == "submitWork":
        return "CampaignEscrowNotNamedWorker", caller, world.worker
    return {
        "lead": ("CampaignEscrowNotLead", caller, world.lead),
        "lead or governance": ("CampaignEscrowNotLeadNorGovernance", caller, world.lead),
        "worker": ("CampaignEscrowNotWorker", caller, world.worker),
        "desk": ("CampaignEscrowNotDesk", caller),
        "escrow": ("CampaignEscrowNotSelf", caller)
        if contract == "CampaignEscrow"
        else ("DisputeDeskNotEscrow", caller),
        "arbitrator": ("DisputeDeskNotArbitrator", caller, 1),
    }[people]


def act(world, contract, function, caller):
    target = world.escrow if contract == "CampaignEscrow" else world.desk
    arguments = ARGUMENTS[contract][function](world)
    return getattr(target, function)(*arguments, {"from": caller})


@pytest.fixture
def begun(world, work):
    """A submission in review, and a second bounty for one worker only."""
    world.post(1, worker=world.worker, slots=1)
    return world


def test_the_table_is_complete(escrow, desk):
    for contract, name in ((escrow, "CampaignEscrow"), (desk, "DisputeDesk")):
        writes = {
            entry["name"]
            for entry in contract.abi
            if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
        }
        assert writes - {"setAuthority"} == {row[1] for row in WHO if row[0] == name}
        assert writes - {"setAuthority"} == set(ARGUMENTS[name])


@pytest.mark.parametrize(("contract", "function", "role"), RESTRICTED)
def test_reverts_without_the_role(begun, escrow, contract, function, role):
    for person in PEOPLE:
        if person != IN_WORLD.get(role, role):
            caller = getattr(begun, person)
            with reverts(escrow, "AccessManagedUnauthorized", caller):
                act(begun, contract, function, caller)


@pytest.mark.parametrize(("contract", "function", "role"), RESTRICTED)
def test_passes_with_the_role(begun, contract, function, role):
    act(begun, contract, function, getattr(begun, IN_WORLD.get(role, role)))


@pytest.mark.parametrize(("contract", "function", "people"), BY_FACTS)
def test_reverts_for_others(begun, escrow, desk, contract, function, people):
    allowed = {IN_WORLD.get(people, people), "governance" if "governance" in people else ""}
    for person in set(PEOPLE) - allowed:
        caller = getattr(begun, person)
        with reverts([escrow, desk], *refusal(begun, contract, function, people, caller)):
            act(begun, contract, function, caller)


@pytest.mark.parametrize(("contract", "function", "people"), OPEN)
def test_does_not_ask_who_calls(begun, contract, function, people):
    """The facts may refuse it; the caller is no reason."""
    caller, told = begun.stranger, ""
    wrong = {refusal(begun, contract, function, row[2], caller)[0] for row in BY_FACTS}
    try:
        act(begun, contract, function, caller)
    except VirtualMachineError as error:
        told = error.revert_msg.partition(":")[0]
    assert told not in wrong | {"AccessManagedUnauthorized"}


def test_only_the_manager_sets_the_authority(world, escrow, desk):
    for contract in (escrow, desk):
        for person in PEOPLE:
            caller = getattr(world, person)
            with reverts(contract, "AccessManagedUnauthorized", caller):
                contract.setAuthority(world.stranger, {"from": caller})
