"""Who may do what, and did: roles, settings and operations, rebuilt from all logs."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dmo.capabilities.governance import operation_id
from dmo.core.abi import load
from dmo.core.abi.codec import keccak
from dmo.core.chain import Chain, Event
from dmo.deploy.roles import ADMIN, SETTINGS

_NAMES = {"0x" + 64 * "0": "DEFAULT_ADMIN"} | {
    "0x" + keccak(f"{role}_ROLE".encode()).hex(): role for role in ("PROPOSER", "CANCELLER", "EXECUTOR")
}
_ENDS = dict.fromkeys(("OperationExecuted", "CallExecuted"), "executed") | dict.fromkeys(
    ("OperationCanceled", "Cancelled"), "cancelled"
)


class Created(NamedTuple):
    """A contract of the deployment, and the transaction and block it was created in."""

    address: str
    tx: str
    block: int


class Operation(NamedTuple):
    """An operation that was scheduled: until when it waits (Unix seconds), what became of it."""

    ready_at: int
    state: str = "waiting"  # executed, cancelled


@dataclass
class State:
    """An AccessManager or a treasury, as its logs tell it; bytes in hex, its roles by name."""

    # accounts and their execution delays (seconds; 0 in a treasury) by role
    members: dict[Any, dict[str, int]] = field(default_factory=dict)
    # everything that was ever scheduled, by id
    operations: dict[str, Operation] = field(default_factory=dict)
    # tables by name (see roles.toml), without what stands at its default, zero
    settings: dict[str, dict[Any, Any]] = field(default_factory=dict)

    @property
    def waiting(self) -> dict[str, Operation]:
        """Operations that were neither executed nor cancelled."""
        return {one: it for one, it in self.operations.items() if it.state == "waiting"}


def read_state(chain: Chain, contract: str, at: Created) -> State:
    """Rebuild roles, settings and operations of an AccessManager or a Treasury."""
    state = State()
    for event in _events(chain, contract, at):
        a = {name: _shown(value) for name, value in event.arguments.items()}
        role: Any = a.get("roleId", a.get("role"))
        one: Any = a.get("operationId", a.get("id"))
        match event.name:
            case "RoleGranted":
                state.members.setdefault(role, {})[a["account"]] = a.get("delay", 0)
            case "RoleRevoked":
                state.members.get(role, {}).pop(a["account"], None)
            case "OperationScheduled":
                state.operations[one] = Operation(a["schedule"])
            case "CallScheduled":
                ready = chain.block(event.block).timestamp + a["delay"]
                state.operations.setdefault(one, Operation(ready))
            case name if name in _ENDS and one in state.operations:
                state.operations[one] = state.operations[one]._replace(state=_ENDS[name])
            case name if name in SETTINGS[contract]:
                what, keys, value = SETTINGS[contract][name]
                key = tuple(a[part] for part in keys.split()) if " " in keys else a[keys]
                table = state.settings.setdefault(what, {})
                table[key] = a[value]
                if event.arguments[value] in (0, bytes(32)):
                    del table[key]
    state.members = {role: held for role, held in state.members.items() if held}
    return state


def _shown(value: Any) -> Any:
    shown = "0x" + value.hex() if isinstance(value, bytes) else value
    return _NAMES.get(shown, shown) if isinstance(shown, str) else shown


def handed_over(chain: Chain, deployer: str, manager: Created) -> Event | None:
    """When the deployer gave its rights up, if it did."""
    own = {"roleId": ADMIN, "account": deployer}
    revoked = _events(chain, "AccessManager", manager, "RoleRevoked")
    return next((it for it in reversed(revoked) if it.arguments == own), None)


def _events(chain: Chain, contract: str, at: Created, name: str = "") -> list[Event]:
    """Events since birth in order, all kinds of them unless one is named."""
    wanted = [name] if name else [item.name for item in load(contract) if item.kind == "event"]
    found = chain.events(contract, at.address, wanted, from_block=at.block)
    return sorted(found, key=lambda event: (event.block, event.index))


def proposal_operations(chain: Chain, governor: Created) -> dict[str, int]:
    """The treasury's operations that the governor's proposals lead to: proposal by operation's id."""
    found = {}
    for event in _events(chain, "HolderGovernor", governor, "ProposalCreated"):
        a = event.arguments
        actions = [a["targets"], a["values"], a["calldatas"]]
        found["0x" + operation_id(governor.address, actions, a["description"]).hex()] = a["proposalId"]
    return found
