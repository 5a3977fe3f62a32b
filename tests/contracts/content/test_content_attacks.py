"""ContentRegistry: what somebody might try.

a brand that says too much -> test_fourth_pillar_reverts
a steward who reaches further -> test_steward_of_the_plan_cannot_touch_the_brand
strangers in a crowd -> test_strangers_assets_move_no_number_of_a_proposal
"""

from __future__ import annotations

import pytest

from tests.support.content import Kind, text
from tests.support.reverts import reverts

attack = pytest.mark.attack


@attack("fourth-pillar")
def test_fourth_pillar_reverts(registry, add, voice):
    brand = add(Kind.BRAND)
    pillars = [add(Kind.PILLAR, brand) for _ in range(3)]
    with reverts(registry, "ContentRegistryFull", Kind.PILLAR, brand, 3):
        add(Kind.PILLAR, brand)
    # Nor below a second brand.
    with reverts(registry, "ContentRegistryFull", Kind.BRAND, 0, 1):
        add(Kind.BRAND)
    registry.retireBrand(pillars[1], {"from": voice})
    add(Kind.PILLAR, brand)
    with reverts(registry, "ContentRegistryFull", Kind.PILLAR, brand, 3):
        add(Kind.PILLAR, brand)


@attack("steward-who-reaches-further")
def test_steward_of_the_plan_cannot_touch_the_brand(registry, add, planner):
    brand = add(Kind.BRAND)
    logo, by = add.asset(), {"from": planner}
    for call in (
        lambda: registry.addBrand(Kind.PILLAR, brand, text("x"), by),
        lambda: registry.reviseBrand(brand, text("x"), by),
        lambda: registry.retireBrand(brand, by),
        lambda: registry.endorse(logo, True, by),
    ):
        with reverts(registry, "AccessManagedUnauthorized", planner):
            call()
    # Its own functions take no entry of the brand, and nothing of the plan stands below one.
    with reverts(registry, "ContentRegistryWrongKind", Kind.BRAND, Kind.OBJECTIVE, Kind.TACTIC):
        registry.revisePlan(brand, text("x"), 0, by)
    with reverts(registry, "ContentRegistryWrongKind", Kind.BRAND, Kind.OBJECTIVE, Kind.TACTIC):
        registry.retirePlan(brand, by)
    with reverts(registry, "ContentRegistryWrongKind", Kind.PILLAR, Kind.OBJECTIVE, Kind.TACTIC):
        registry.addPlan(Kind.PILLAR, brand, text("x"), 0, by)
    with reverts(registry, "ContentRegistryBadParent", brand, Kind.OBJECTIVE):
        registry.addPlan(Kind.GOAL, brand, text("x"), 0, by)


@attack("numbers-moved-by-strangers")
def test_strangers_assets_move_no_number_of_a_proposal(registry, add, stranger):
    """A proposal that adds a goal below its own objective has to foresee that one's number days before it is done."""
    foreseen = registry.entryCount() + 1
    for _ in range(3):
        add.asset(who=stranger)
    assert add(Kind.OBJECTIVE) == foreseen
    assert add(Kind.GOAL, foreseen) == foreseen + 1
