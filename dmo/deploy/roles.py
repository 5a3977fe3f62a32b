"""Who may do what: the AccessManager's roles, and who calls every function that writes.

Read from the acts and from what contracts call of each other (roles.toml): a deployment sets it up, `check` compares
it, the tests of permissions try it and docs/permissions.md shows it.
"""

import tomllib
from dataclasses import dataclass
from importlib import resources

from dmo.capabilities.acts import acts


@dataclass(frozen=True)
class Role:
    """A role in the AccessManager, and who has it: a contract, or the config's guardian."""

    number: int
    member: str


_TABLE = tomllib.loads((resources.files(__package__) / "roles.toml").read_text("utf-8"))
ROLES = {name: Role(**said) for name, said in _TABLE["roles"].items()}
"""By name, in the order in which a deployment grants them."""
ADMIN = ROLES["governance"].number
"""May call what is restricted and opened to no other role; the deployer's until the end."""
BETWEEN_CONTRACTS: dict[tuple[str, str], str] = {
    (contract, function): caller
    for contract, said in _TABLE["between_contracts"].items()
    for function, caller in said.items()
}
"""What no person calls, by contract and function."""
SETTINGS: dict[str, dict[str, tuple[str, str, str]]] = _TABLE["settings"]
"""What events set, besides members and operations: its name, the event's key and its value."""


def who() -> dict[tuple[str, str], str]:
    """Who may call what writes, by contract and function: a role of ROLES, or who by the facts."""
    calls = ((one.call[0], name, one.who) for one in acts() for name in (one.call[1], *one.compared.also))
    by_people = {(contract, name.partition("(")[0]): caller for contract, name, caller in calls if contract}
    return by_people | BETWEEN_CONTRACTS


def restricted() -> dict[tuple[str, str], str]:
    """What the AccessManager opens to a role, by contract and function.

    The order is that of all deployments so far, whose set-up `check` compares byte by byte:
    contracts' roles, the guardian's, those of rooms, governance's.
    """
    order = ("funder", "awarder", "guardian", "brand", "plan", "claims", "core", "governance")
    found = [(place, role) for place, role in sorted(who().items(), reverse=True) if role in ROLES]
    return dict(sorted(found, key=lambda pair: order.index(pair[1])))
