"""Who may do what: the AccessManager's roles, and who calls every function that writes.

Read from the acts and from what contracts call of each other: a deployment sets it up, `check`
compares it, the tests of permissions try it and docs/permissions.md shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmo.capabilities.acts import acts


@dataclass(frozen=True)
class Role:
    """A role in the AccessManager, and who has it: a contract, or the config's guardian."""

    number: int
    member: str


ROLES = {
    "funder": Role(1, "IdeaBoard"),
    "awarder": Role(2, "CampaignEscrow"),
    "guardian": Role(3, "guardian"),
    "arbitrable": Role(4, "DisputeDesk"),
    "governance": Role(0, "TimelockController"),
}
"""By name, in the order in which a deployment grants them."""
ADMIN = ROLES["governance"].number
"""May call what is restricted and opened to no other role; the deployer's until the end."""

BETWEEN_CONTRACTS = {
    ("CampaignEscrow", "fund"): "funder",
    ("Reputation", "award"): "awarder",
    ("Jury", "createDispute"): "arbitrable",
    ("Jury", "appeal"): "nobody",
    ("CampaignEscrow", "beginDispute"): "desk",
    ("CampaignEscrow", "deliver"): "escrow",
    ("CampaignEscrow", "payJuror"): "desk",
    ("CampaignEscrow", "poolJurors"): "desk",
    ("DisputeDesk", "rule"): "arbitrator",
    ("DisputeDesk", "settle"): "escrow",
    ("IdeaBoard", "castBallotBySig"): "anyone",
}
"""What no person calls, by contract and function: contracts do, by a role or by being themselves.

``setAuthority`` is left out everywhere: it is the AccessManager's, when its admin says so.
"""


def who() -> dict[tuple[str, str], str]:
    """Who may call what writes, by contract and function: a role of ROLES, or who by the facts."""
    by_people = {
        (contract, function.partition("(")[0]): one.who
        for one in acts()
        for contract, function in [one.call]
        if contract
    }
    return by_people | BETWEEN_CONTRACTS


def restricted() -> dict[tuple[str, str], str]:
    """What the AccessManager opens to a role, by contract and function.

    The order is that of all deployments so far, whose set-up `check` compares byte by byte:
    contracts' roles, the guardian's, governance's.
    """
    order = ("funder", "awarder", "arbitrable", "guardian", "governance")
    found = [(place, role) for place, role in sorted(who().items(), reverse=True) if role in ROLES]
    return dict(sorted(found, key=lambda pair: order.index(pair[1])))
