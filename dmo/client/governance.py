"""Governance: proposals, votes, the timelock, and who holds which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call, make_call
from dmo.core.chain import Read
from dmo.core.errors import BadInput, NotFound
from dmo.home.deployment import Dmo

__all__ = [
    "ADMIN_ROLE",
    "ARBITRABLE_ROLE",
    "AWARDER_ROLE",
    "FUNDER_ROLE",
    "GUARDIAN_ROLE",
    "Operation",
    "Proposal",
    "State",
    "Support",
    "cancel",
    "cast_vote",
    "execute",
    "execute_operation",
    "grant_role",
    "manager_roles",
    "operations",
    "proposal",
    "proposal_id",
    "proposals",
    "propose",
    "queue",
    "revoke_role",
    "timelock_roles",
]

GOVERNOR = "HolderGovernor"
TIMELOCK = "TimelockController"
MANAGER = "AccessManager"
ADMIN_ROLE = 0
FUNDER_ROLE = 1
AWARDER_ROLE = 2
GUARDIAN_ROLE = 3
ARBITRABLE_ROLE = 4
TIMELOCK_ROLES = ("DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE")


class State(IntEnum):
    """What a proposal is at, in the governor's order."""

    PENDING = 0
    ACTIVE = 1
    CANCELED = 2
    DEFEATED = 3
    SUCCEEDED = 4
    QUEUED = 5
    EXPIRED = 6
    EXECUTED = 7

    @property
    def text(self) -> str:
        """In words."""
        return self.name.lower()


class Support(IntEnum):
    """A vote on a proposal."""

    AGAINST = 0
    FOR = 1
    ABSTAIN = 2


@dataclass(frozen=True)
class Proposal:
    """A proposal; votes in units of the votes token, times in Unix seconds.

    Attributes:
        id: The governor's number of it.
        proposer: Who made it.
        calls: What it would do.
        description: Its text.
        state: What it is at.
        snapshot: Votes count as held then.
        deadline: Votes are taken until then.
        eta: It can be executed from then on; 0 while it is not queued.
        against: Votes against.
        in_favour: Votes for.
        abstain: Votes that only count for the quorum.
    """

    id: int
    proposer: str
    calls: tuple[Call, ...]
    description: str
    state: State
    snapshot: int
    deadline: int
    eta: int
    against: int
    in_favour: int
    abstain: int


@dataclass(frozen=True)
class Operation:
    """An operation of the timelock; eta in Unix seconds, 1 once it is done, 0 once cancelled."""

    id: bytes
    calls: tuple[Call, ...]
    predecessor: bytes
    salt: bytes
    eta: int

    @property
    def is_waiting(self) -> bool:
        """Scheduled, neither done nor cancelled."""
        return self.eta > 1


def _lists(calls: Sequence[Call]) -> tuple[list[str], list[int], list[bytes]]:
    if not calls:
        raise BadInput("a proposal needs at least one action")
    return [c.to for c in calls], [c.value for c in calls], [c.data for c in calls]


def _hash(description: str) -> bytes:
    return keccak(description.encode())


def proposal_id(calls: Sequence[Call], description: str) -> int:
    """The number a proposal has, from its content alone."""
    targets, values, datas = _lists(calls)
    packed = encode(
        ["address[]", "uint256[]", "bytes[]", "bytes32"],
        [targets, values, datas, _hash(description)],
    )
    return int.from_bytes(keccak(packed), "big")


# ── actions ─────────────────────────────────────────────────────────────────────────────────────


def propose(dmo: Dmo, calls: Sequence[Call], description: str) -> Call:
    """Propose calls that the treasury's timelock shall make."""
    title = (description.strip().splitlines() or [""])[0][:80]
    return make_call(
        GOVERNOR,
        dmo.address(GOVERNOR),
        "propose",
        [*_lists(calls), description],
        f"Propose “{title}”: {'; '.join(call.description for call in calls)}",
    )


def cast_vote(dmo: Dmo, number: int, support: Support, reason: str = "") -> Call:
    """Vote on a proposal."""
    arguments = [number, int(support), *([reason] if reason else [])]
    return make_call(
        GOVERNOR,
        dmo.address(GOVERNOR),
        "castVoteWithReason" if reason else "castVote",
        arguments,
        f"Vote {support.name.lower()} on proposal {number}",
    )


def _by_content(
    dmo: Dmo, function: str, calls: Sequence[Call], description: str, text: str
) -> Call:
    signature = f"{function}(address[],uint256[],bytes[],bytes32)"
    arguments = [*_lists(calls), _hash(description)]
    return make_call(GOVERNOR, dmo.address(GOVERNOR), signature, arguments, text)


def queue(dmo: Dmo, calls: Sequence[Call], description: str) -> Call:
    """Queue a proposal that succeeded; for anyone."""
    return _by_content(dmo, "queue", calls, description, "Queue the proposal in the timelock")


def execute(dmo: Dmo, calls: Sequence[Call], description: str) -> Call:
    """Execute a queued proposal whose delay has passed; for anyone."""
    return _by_content(dmo, "execute", calls, description, "Execute the proposal")


def cancel(dmo: Dmo, calls: Sequence[Call], description: str) -> Call:
    """Cancel one's own proposal while it is pending."""
    return _by_content(dmo, "cancel", calls, description, "Cancel the proposal")


def execute_operation(dmo: Dmo, operation: Operation) -> Call:
    """Execute an operation of the timelock that is due; for anyone, as a rule."""
    return make_call(
        TIMELOCK,
        dmo.address(TIMELOCK),
        "executeBatch",
        [*_lists(operation.calls), operation.predecessor, operation.salt],
        f"Execute operation 0x{operation.id.hex()[:8]}… of the timelock",
    )


def grant_role(dmo: Dmo, role: int, account: str, delay_seconds: int = 0) -> Call:
    """Grant a role of the AccessManager; for governance."""
    return make_call(
        MANAGER,
        dmo.address(MANAGER),
        "grantRole",
        [role, account, delay_seconds],
        f"Grant role {role} to {account}",
    )


def revoke_role(dmo: Dmo, role: int, account: str) -> Call:
    """Take a role of the AccessManager away; for governance."""
    return make_call(
        MANAGER,
        dmo.address(MANAGER),
        "revokeRole",
        [role, account],
        f"Take role {role} away from {account}",
    )


# ── reads ───────────────────────────────────────────────────────────────────────────────────────


def _named(dmo: Dmo, target: str, value: int, data: bytes) -> Call:
    contract = next((name for name, at in dmo.addresses.items() if at == target), "")
    known = "ERC20" if contract in ("BudgetToken", "VotesToken") else contract
    call = Call(target, data, value, "", known)
    try:
        function, arguments = call.decoded()
    except (BadInput, NotFound):
        return Call(target, data, value, f"Call {target} with 0x{data[:4].hex()}…", "")
    shown = ", ".join(
        f"{key} {'0x' + item.hex() if isinstance(item, bytes) else item}"
        for key, item in arguments.items()
    )
    return call.described(f"{contract or target}.{function}({shown})")


def proposals(dmo: Dmo) -> list[Proposal]:
    """All proposals, the latest first."""
    created = dmo.events(GOVERNOR, "ProposalCreated")
    governor = dmo.address(GOVERNOR)
    views = ("state", "proposalSnapshot", "proposalDeadline", "proposalEta", "proposalVotes")
    reads = [
        Read(GOVERNOR, governor, view, (event.arguments["proposalId"],))
        for event in created
        for view in views
    ]
    answers = dmo.chain.read(reads)
    found: list[Proposal] = []
    for place, event in enumerate(created):
        state, snapshot, deadline, eta, votes = answers[place * len(views) :][: len(views)]
        facts = event.arguments
        triples = zip(facts["targets"], facts["values"], facts["calldatas"], strict=True)
        calls = tuple(_named(dmo, *triple) for triple in triples)
        found.append(
            Proposal(
                facts["proposalId"],
                facts["proposer"],
                calls,
                facts["description"],
                State(state),
                snapshot,
                deadline,
                eta,
                *votes,
            )
        )
    return found[::-1]


def proposal(dmo: Dmo, number: int) -> Proposal:
    """One proposal.

    Raises:
        NotFound: There is no such proposal.
    """
    for one in proposals(dmo):
        if one.id == number:
            return one
    raise NotFound(f"There is no proposal {number}.", hint="Look with `dmo govern list`.")


def operations(dmo: Dmo) -> list[Operation]:
    """All operations that were ever scheduled in the timelock."""
    parts: dict[bytes, list[tuple[int, Call]]] = {}
    facts: dict[bytes, bytes] = {}
    salts: dict[bytes, bytes] = {}
    for event in dmo.events(TIMELOCK, ["CallScheduled", "CallSalt"]):
        known = event.arguments
        if event.name == "CallSalt":
            salts[known["id"]] = known["salt"]
            continue
        call = _named(dmo, known["target"], known["value"], known["data"])
        parts.setdefault(known["id"], []).append((known["index"], call))
        facts[known["id"]] = known["predecessor"]
    timelock = dmo.address(TIMELOCK)
    etas = dmo.chain.read([Read(TIMELOCK, timelock, "getTimestamp", (key,)) for key in parts])
    return [
        Operation(
            key,
            tuple(call for _, call in sorted(calls, key=lambda pair: pair[0])),
            facts[key],
            salts.get(key, bytes(32)),
            eta,
        )
        for (key, calls), eta in zip(parts.items(), etas, strict=True)
    ]


def manager_roles(dmo: Dmo) -> dict[int, dict[str, int]]:
    """Role → account → execution delay in seconds, from the AccessManager's logs."""
    roles: dict[int, dict[str, int]] = {}
    for event in dmo.events(MANAGER, ["RoleGranted", "RoleRevoked"]):
        members = roles.setdefault(event.arguments["roleId"], {})
        if event.name == "RoleGranted":
            members[event.arguments["account"]] = event.arguments["delay"]
        else:
            members.pop(event.arguments["account"], None)
    return {role: members for role, members in roles.items() if members}


def timelock_roles(dmo: Dmo) -> dict[str, list[str]]:
    """Role → accounts, from the timelock's logs; roles without a name by their hash."""
    timelock = dmo.address(TIMELOCK)
    hashes = dmo.chain.read([Read(TIMELOCK, timelock, name) for name in TIMELOCK_ROLES])
    names = dict(zip(hashes, TIMELOCK_ROLES, strict=True))
    roles: dict[str, set[str]] = {}
    for event in dmo.events(TIMELOCK, ["RoleGranted", "RoleRevoked"]):
        role = event.arguments["role"]
        members = roles.setdefault(names.get(role, "0x" + role.hex()), set())
        account = event.arguments["account"]
        members.add(account) if event.name == "RoleGranted" else members.discard(account)
    return {role: sorted(members) for role, members in sorted(roles.items()) if members}
