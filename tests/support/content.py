"""A registry of content, who may what there, and a plain model of it."""

from __future__ import annotations

from enum import IntEnum
from hashlib import sha256
from typing import Any

NO_END = 0
BRAND, PLAN, CLAIMS = 4, 5, 6
"""Roles, as deployed."""
OPENS = {
    BRAND: ("addBrand", "reviseBrand", "retireBrand", "endorse"),
    PLAN: ("addPlan", "revisePlan", "retirePlan"),
    CLAIMS: ("addClaim", "reviseClaim", "retireClaim"),
}
COMMERCIAL, ATTRIBUTION, DERIVATIVES, SHARE_ALIKE, NEEDS_APPROVAL, NO_ENDORSEMENT = (1 << bit for bit in range(6))
NEVER, LIVE, ENDORSED, RETIRED = range(4)
"""Standings of an asset."""


class Kind(IntEnum):
    """What an entry is."""

    NONE, BRAND, PILLAR, OBJECTIVE, GOAL, STRATEGY, TACTIC, CLAIM = range(8)


ROOTS = {Kind.BRAND: 1, Kind.OBJECTIVE: 3}
BELOW = {Kind.PILLAR: 3, Kind.GOAL: 5, Kind.STRATEGY: 5, Kind.TACTIC: 5}
"""How many may be live at once: in all, and below one entry."""


def text(said: str) -> str:
    """Digest of a text."""
    return "0x" + sha256(said.encode()).hexdigest()


def deploy(project: Any, deployer: Any, stewards: dict[int, Any]) -> Any:
    """A registry whose roles are held by these accounts."""
    by = {"from": deployer}
    manager = project.AccessManager.deploy(deployer, by)
    registry = project.ContentRegistry.deploy(manager, by)
    for role, functions in OPENS.items():
        selectors = [getattr(registry, name).signature for name in functions]
        manager.setTargetFunctionRole(registry, selectors, role, by)
        manager.grantRole(role, stewards[role], 0, by)
    return registry
