"""Who may do what: the AccessManager's roles, and who calls every function that writes.

Said once, here: a deployment sets it up, `check` compares it, the tests of permissions try it and
docs/deploying.md shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ADMIN", "ROLES", "Role", "permissions_table", "restricted", "who"]


@dataclass(frozen=True)
class Role:
    """A role in the AccessManager, and who has it: a contract, or the config's guardian."""

    number: int
    member: str


ROLES = {
    "FUNDER": Role(1, "IdeaBoard"),
    "AWARDER": Role(2, "CampaignEscrow"),
    "GUARDIAN": Role(3, "guardian"),
    "ARBITRABLE": Role(4, "DisputeDesk"),
    "GOVERNANCE": Role(0, "TimelockController"),
}
ADMIN = ROLES["GOVERNANCE"].number
"""May call what is restricted and opened to no other role; the deployer's until the end."""

_WHO = {
    "IdeaBoard": {
        "GUARDIAN": "halt",
        "GOVERNANCE": "setRules",
        "author": "edit withdraw",
        "anyone": "post castBallot castBallotBySig castBallotsBySig settle",
    },
    "CampaignEscrow": {
        "FUNDER": "fund",
        "GUARDIAN": "halt",
        "GOVERNANCE": "withdrawPool replaceLead",
        "lead": "postBounty cancelBounty acceptWork rejectWork fileLessons",
        "lead or governance": "endEarly",
        "worker": "reworkWork withdrawWork",
        "anyone, or the named worker": "submitWork",
        "anyone with a credit": "withdrawCredit",
        "anyone": "deposit topUp reclaimBounty payWork releaseWork closeCampaign expireCredit",
        "escrow": "deliver",
        "desk": "beginDispute payJuror poolJurors",
    },
    "DisputeDesk": {
        "GOVERNANCE": "setTerms",
        "worker of a rejection, anyone of an acceptance": "openDispute",
        "anyone": "submitEvidence payJurors expireJurors",
        "escrow": "settle",
        "arbitrator": "rule",
    },
    "Jury": {
        "ARBITRABLE": "createDispute",
        "juror": "commit",
        "anyone": "reveal executeRuling",
        "nobody": "appeal",
    },
    "Reputation": {"AWARDER": "award"},
    "DocumentLog": {"anyone": "publish"},
}


def who() -> dict[tuple[str, str], str]:
    """Who may call what writes, by contract and function: a role, or who by the facts.

    The AccessManager's own ``setAuthority`` is left out: only the manager itself calls it.
    """
    return {
        (contract, function): people
        for contract, groups in _WHO.items()
        for people, functions in groups.items()
        for function in functions.split()
    }


def restricted() -> dict[tuple[str, str], str]:
    """What the AccessManager opens to a role, by contract and function.

    Contracts' roles first, the guardian's next, governance's last: `check` compares the set-up with
    that of deployments there are, byte by byte.
    """
    order = ["FUNDER", "AWARDER", "ARBITRABLE", "GUARDIAN", "GOVERNANCE"]
    found = [(place, role) for place, role in sorted(who().items(), reverse=True) if role in ROLES]
    return dict(sorted(found, key=lambda pair: order.index(pair[1])))


def permissions_table() -> Iterator[tuple[str, str, str]]:
    """Rows for the docs: contract, who, functions."""
    rows: dict[tuple[str, str], list[str]] = {}
    for (contract, function), people in sorted(who().items()):
        rows.setdefault((contract, people), []).append(function)
    for (contract, people), functions in rows.items():
        yield contract, people, ", ".join(f"`{function}`" for function in functions)
