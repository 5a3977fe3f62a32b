"""Who may do what, and did: roles, operations and the handover, rebuilt from all logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from dmo.core.abi import load
from dmo.core.abi.codec import encode, keccak
from dmo.core.chain import Chain, Event

__all__ = [
    "Created",
    "Handover",
    "Operation",
    "Permissions",
    "TimelockState",
    "proposal_operations",
    "read_handover",
    "read_permissions",
    "read_timelock",
]

_Key = TypeVar("_Key")

_TIMELOCK_ROLES = {
    bytes(32): "DEFAULT_ADMIN",
    keccak(b"PROPOSER_ROLE"): "PROPOSER",
    keccak(b"CANCELLER_ROLE"): "CANCELLER",
    keccak(b"EXECUTOR_ROLE"): "EXECUTOR",
}


@dataclass(frozen=True)
class Operation:
    """An operation that was scheduled.

    Attributes:
        operation: Its id, in hex.
        target: Whom it calls.
        ready_at: When it can be executed, Unix seconds.
        state: ``waiting``, ``executed`` or ``cancelled``.
    """

    operation: str
    target: str
    ready_at: int
    state: str


@dataclass
class Permissions:
    """The AccessManager, as its logs tell it. What stands at its default is left out.

    Attributes:
        members: Accounts and their execution delays (seconds) by role.
        admins: Admin role by role.
        guardians: Guardian role by role.
        grant_delays: Grant delay in seconds by role.
        functions: Role by (target, selector in hex).
        closed: Closed targets.
        admin_delays: Admin delay in seconds by target.
        scheduled: Operations that wait.
    """

    members: dict[int, dict[str, int]] = field(default_factory=dict)
    admins: dict[int, int] = field(default_factory=dict)
    guardians: dict[int, int] = field(default_factory=dict)
    grant_delays: dict[int, int] = field(default_factory=dict)
    functions: dict[tuple[str, str], int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    admin_delays: dict[str, int] = field(default_factory=dict)
    scheduled: dict[str, Operation] = field(default_factory=dict)


@dataclass
class TimelockState:
    """The timelock, as its logs tell it.

    Attributes:
        members: Accounts by role's name.
        admins: Admin role by role, where it is not the default.
        operations: Everything that was ever scheduled, by id.
    """

    members: dict[str, set[str]] = field(default_factory=dict)
    admins: dict[str, str] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)


def read_permissions(chain: Chain, manager: str, birth: int) -> Permissions:
    """Rebuild the AccessManager.

    Args:
        chain: The chain.
        manager: Where it is.
        birth: The block it was created in.
    """
    state = Permissions()
    for event in _all_events(chain, "AccessManager", manager, birth, _MANAGER_EVENTS):
        _apply(state, event)
    state.members = {role: held for role, held in state.members.items() if held}
    return state


_MANAGER_EVENTS = (
    "RoleGranted",
    "RoleRevoked",
    "RoleAdminChanged",
    "RoleGuardianChanged",
    "RoleGrantDelayChanged",
    "TargetFunctionRoleUpdated",
    "TargetClosed",
    "TargetAdminDelayUpdated",
    "OperationScheduled",
    "OperationExecuted",
    "OperationCanceled",
)


def _apply(state: Permissions, event: Event) -> None:
    a = event.arguments
    match event.name:
        case "RoleGranted":
            state.members.setdefault(a["roleId"], {})[a["account"]] = a["delay"]
        case "RoleRevoked":
            state.members.get(a["roleId"], {}).pop(a["account"], None)
        case "RoleAdminChanged":
            _set(state.admins, a["roleId"], a["admin"])
        case "RoleGuardianChanged":
            _set(state.guardians, a["roleId"], a["guardian"])
        case "RoleGrantDelayChanged":
            _set(state.grant_delays, a["roleId"], a["delay"])
        case "TargetFunctionRoleUpdated":
            key = (a["target"], "0x" + a["selector"].hex())
            _set(state.functions, key, a["roleId"])
        case "TargetClosed":
            (state.closed.add if a["closed"] else state.closed.discard)(a["target"])
        case "TargetAdminDelayUpdated":
            _set(state.admin_delays, a["target"], a["delay"])
        case "OperationScheduled":
            one = "0x" + a["operationId"].hex()
            state.scheduled[one] = Operation(one, a["target"], a["schedule"], "waiting")
        case _:
            state.scheduled.pop("0x" + a["operationId"].hex(), None)


def _set(table: dict[_Key, int], key: _Key, value: int) -> None:
    """Keep a value, unless it is the default, zero."""
    if value:
        table[key] = value
    else:
        table.pop(key, None)


@dataclass(frozen=True)
class Created:
    """A contract of the deployment, and the transaction and block it was created in."""

    address: str
    tx: str
    block: int


@dataclass
class Handover:
    """What the deployer did until it gave its rights up.

    Attributes:
        data: What its last transaction as the admin carried.
        done: Events by contract, other than of its creation and of that transaction, counted.
        handed_out: Units of the new votes token by account.
    """

    data: bytes
    done: dict[str, Counter[str]]
    handed_out: Counter[str]


_GOVERNED = (
    *("AccessManager", "TimelockController", "HolderGovernor", "Reputation", "CampaignEscrow"),
    *("DisputeDesk", "Jury", "IdeaBoard"),
)
"""Where nothing happens before the deployment is finished, unless the deployer makes it happen."""
_OPEN_TO_ALL = {"PoolDeposited"}
"""What anybody may do there."""


def read_handover(
    chain: Chain, deployer: str, admin: int, contracts: Mapping[str, Created]
) -> Handover | None:
    """Rebuild the deployer's time as the admin; None if it never ended.

    Args:
        chain: The chain.
        deployer: Who deployed.
        admin: The role it had.
        contracts: What was deployed.
    """

    def events(name: str, wanted: Sequence[str], to_block: int | None = None) -> list[Event]:
        it = contracts[name]
        return chain.events(name, it.address, wanted, from_block=it.block, to_block=to_block)

    own = {"roleId": admin, "account": deployer}
    revoked = events("AccessManager", ["RoleRevoked"])
    given_up = [event for event in revoked if event.arguments == own]
    if not given_up:
        return None
    last = given_up[-1]
    sent = chain.transport.request("eth_getTransactionByHash", [last.tx])
    done = {
        name: Counter(
            event.name
            for event in events(name, [e.name for e in load(name) if e.kind == "event"], last.block)
            if event.tx not in (contracts[name].tx, last.tx) and event.name not in _OPEN_TO_ALL
        )
        for name in _GOVERNED
    }
    handed_out: Counter[str] = Counter()
    if "HolderToken" in contracts:
        for event in events("HolderToken", ["Transfer"], last.block):
            if event.arguments["from"] == deployer:
                handed_out[event.arguments["to"]] += event.arguments["value"]
    return Handover(bytes.fromhex(str(sent["input"])[2:]), done, handed_out)


def read_timelock(chain: Chain, timelock: str, birth: int) -> TimelockState:
    """Rebuild the timelock.

    Args:
        chain: The chain.
        timelock: Where it is.
        birth: The block it was created in.
    """
    state = TimelockState()
    wanted = (
        "RoleGranted",
        "RoleRevoked",
        "RoleAdminChanged",
        "CallScheduled",
        "CallExecuted",
        "Cancelled",
    )
    for event in _all_events(chain, "TimelockController", timelock, birth, wanted):
        a = event.arguments
        match event.name:
            case "RoleGranted":
                state.members.setdefault(_role(a["role"]), set()).add(a["account"])
            case "RoleRevoked":
                state.members.get(_role(a["role"]), set()).discard(a["account"])
            case "RoleAdminChanged":
                if a["newAdminRole"] != bytes(32):
                    state.admins[_role(a["role"])] = _role(a["newAdminRole"])
                else:
                    state.admins.pop(_role(a["role"]), None)
            case "CallScheduled":
                one = "0x" + a["id"].hex()
                ready = chain.block(event.block).timestamp + a["delay"]
                state.operations.setdefault(one, Operation(one, a["target"], ready, "waiting"))
            case name:
                one = "0x" + a["id"].hex()
                known = state.operations.get(one)
                ended = "executed" if name == "CallExecuted" else "cancelled"
                if known is not None:
                    state.operations[one] = Operation(one, known.target, known.ready_at, ended)
    state.members = {role: held for role, held in state.members.items() if held}
    return state


def _role(role: bytes) -> str:
    return _TIMELOCK_ROLES.get(role, "0x" + role.hex())


def proposal_operations(chain: Chain, governor: str, birth: int) -> dict[str, int]:
    """The timelock operations that the governor's proposals lead to: proposal by operation's id."""
    found = {}
    for event in chain.events("HolderGovernor", governor, "ProposalCreated", from_block=birth):
        found["0x" + _operation_id(governor, event.arguments).hex()] = event.arguments["proposalId"]
    return found


def _operation_id(governor: str, proposal: Mapping[str, object]) -> bytes:
    """As GovernorTimelockControl names it: no predecessor, salted with governor and description."""
    description = keccak(str(proposal["description"]).encode())
    own = bytes.fromhex(governor[2:]) + bytes(12)
    salt = bytes(x ^ y for x, y in zip(own, description, strict=True))
    return keccak(
        encode(
            ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"],
            [proposal["targets"], proposal["values"], proposal["calldatas"], bytes(32), salt],
        )
    )


def _all_events(
    chain: Chain, contract: str, address: str, birth: int, names: tuple[str, ...]
) -> Iterator[Event]:
    events = chain.events(contract, address, names, from_block=birth)
    yield from sorted(events, key=lambda event: (event.block, event.index))
