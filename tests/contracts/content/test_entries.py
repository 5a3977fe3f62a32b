"""ContentRegistry: entries of the brand, the plan and the claims.

addBrand, addPlan, addClaim
  when the kind is not the function's -> test_reverts_when_the_kind_is_not_the_functions
  when no document is named -> test_reverts_when_no_document_is_named
  when the kind stands alone and a parent is named -> test_reverts_when_a_root_names_a_parent
  when the parent is not there, retired, or of another kind -> test_reverts_when_the_parent_cannot_be
  given as many as may be live
    when another is added -> test_reverts_when_there_is_no_room
    when one was retired -> test_room_comes_back_with_retirement
  when all is right
    it keeps and tells it -> test_adds_what_there_may_be
revise
  when the entry is not there, or of a kind of another function -> test_reverts_when_another_kind_is_revised
  given it was retired -> test_reverts_when_a_retired_entry_is_changed
  when no document is named -> test_reverts_when_revised_to_nothing
  when all is right
    it changes digest and end, and nothing else -> test_revises_the_text_alone
retire
  given live entries below it -> test_parent_with_live_children_cannot_be_retired
  given none
    it is retired, for ever -> test_retires_from_below
entryOf
  when there is none -> test_reverts_when_an_entry_is_not_there
roles
  when somebody else calls -> test_each_function_is_its_stewards_alone
"""

from __future__ import annotations

import pytest

from tests.support.content import BELOW, NO_END, OPENS, ROOTS, Kind, text
from tests.support.reverts import reverts

attack = pytest.mark.attack

NOTHING = "0x" + "00" * 32
TREE = (Kind.OBJECTIVE, Kind.GOAL, Kind.STRATEGY, Kind.TACTIC)


def entry(registry, number):
    names = ("author", "parent", "until", "kind", "liveChildren", "isLive", "digest")
    return dict(zip(names, registry.entryOf(number), strict=True))


@pytest.fixture(scope="module")
def chain_of(add):
    """One entry of each kind down to the one that is asked for; the last of them."""

    def down_to(kind):
        kinds = (Kind.BRAND, Kind.PILLAR) if kind in (Kind.BRAND, Kind.PILLAR) else TREE
        parent = 0
        for one in kinds[: kinds.index(kind) + 1]:
            parent = add(one, parent)
        return parent

    return down_to


@pytest.mark.parametrize("kind", Kind)
def test_reverts_when_the_kind_is_not_the_functions(registry, voice, planner, kind):
    if kind not in (Kind.BRAND, Kind.PILLAR):
        with reverts(registry, "ContentRegistryWrongKind", kind, Kind.BRAND, Kind.PILLAR):
            registry.addBrand(kind, 0, text("b"), {"from": voice})
    if kind not in TREE:
        with reverts(registry, "ContentRegistryWrongKind", kind, Kind.OBJECTIVE, Kind.TACTIC):
            registry.addPlan(kind, 0, text("p"), NO_END, {"from": planner})


def test_reverts_when_no_document_is_named(registry, voice, planner, lawyer):
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.addBrand(Kind.BRAND, 0, NOTHING, {"from": voice})
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.addPlan(Kind.OBJECTIVE, 0, NOTHING, NO_END, {"from": planner})
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.addClaim(NOTHING, NO_END, {"from": lawyer})


@pytest.mark.parametrize("kind", ROOTS)
def test_reverts_when_a_root_names_a_parent(registry, add, kind):
    root = add(kind)
    with reverts(registry, "ContentRegistryBadParent", root, Kind.NONE):
        add(kind, root)


@pytest.mark.parametrize("kind", BELOW)
def test_reverts_when_the_parent_cannot_be(registry, add, chain_of, steward, kind):
    above = Kind(kind - 1)
    parent = chain_of(above)
    strange = [0, parent + 1, add(Kind.CLAIM)]
    who, name = steward(above)
    getattr(registry, f"retire{name}")(parent, {"from": who})
    for number in (*strange, parent):
        with reverts(registry, "ContentRegistryBadParent", number, above):
            add(kind, number)


@pytest.mark.parametrize("kind", [*ROOTS, *BELOW])
def test_reverts_when_there_is_no_room(registry, add, chain_of, kind):
    limit = (ROOTS | BELOW)[kind]
    parent = chain_of(Kind(kind - 1)) if kind in BELOW else 0
    for _ in range(limit):
        add(kind, parent)
    with reverts(registry, "ContentRegistryFull", kind, parent, limit):
        add(kind, parent)
    counted = registry.liveRoots(kind) if kind in ROOTS else entry(registry, parent)["liveChildren"]
    assert counted == limit


@pytest.mark.parametrize("kind", [*ROOTS, *BELOW])
def test_room_comes_back_with_retirement(registry, add, chain_of, steward, kind):
    parent = chain_of(Kind(kind - 1)) if kind in BELOW else 0
    made = [add(kind, parent) for _ in range((ROOTS | BELOW)[kind])]
    who, name = steward(kind)
    getattr(registry, f"retire{name}")(made[0], {"from": who})
    assert add(kind, parent) == made[-1] + 1


def test_adds_what_there_may_be(registry, add, chain_of, voice, planner, lawyer):
    brand, objective = chain_of(Kind.BRAND), chain_of(Kind.OBJECTIVE)
    at = {"kind": Kind.PILLAR, "parent": brand, "author": voice, "until": NO_END, "digest": text("clear")}
    pillar = registry.addBrand(Kind.PILLAR, brand, text("clear"), {"from": voice})
    later = {"kind": Kind.GOAL, "parent": objective, "author": planner, "until": 2_000, "digest": text("many")}
    goal = registry.addPlan(Kind.GOAL, objective, text("many"), 2_000, {"from": planner})
    said = {"kind": Kind.CLAIM, "parent": 0, "author": lawyer, "until": 2**32 - 1, "digest": text("first")}
    claim = registry.addClaim(text("first"), 2**32 - 1, {"from": lawyer})
    for number, (tx, told) in enumerate([(pillar, at), (goal, later), (claim, said)], 3):
        assert tx.return_value == number
        (event,) = tx.events["EntryAdded"]
        assert dict(event) == {"entry": number, **told}
        assert entry(registry, number) == {**told, "liveChildren": 0, "isLive": True}
    assert [entry(registry, one)["liveChildren"] for one in (brand, objective)] == [1, 1]
    assert registry.entryCount() == 5


def test_reverts_when_another_kind_is_revised(registry, add, voice, planner, lawyer):
    brand, objective, claim = add(Kind.BRAND), add(Kind.OBJECTIVE), add(Kind.CLAIM)
    ways = {
        (Kind.BRAND, Kind.PILLAR): (registry.reviseBrand, [text("x")], registry.retireBrand, voice),
        (Kind.OBJECTIVE, Kind.TACTIC): (registry.revisePlan, [text("x"), 1], registry.retirePlan, planner),
        (Kind.CLAIM, Kind.CLAIM): (registry.reviseClaim, [text("x"), 1], registry.retireClaim, lawyer),
    }
    for (first, last), (revise, more, retire, who) in ways.items():
        for number, kind in ((brand, Kind.BRAND), (objective, Kind.OBJECTIVE), (claim, Kind.CLAIM)):
            if not first <= kind <= last:
                with reverts(registry, "ContentRegistryWrongKind", kind, first, last):
                    revise(number, *more, {"from": who})
                with reverts(registry, "ContentRegistryWrongKind", kind, first, last):
                    retire(number, {"from": who})
        for number in (0, 4):
            with reverts(registry, "ContentRegistryUnknownEntry", number, 3):
                revise(number, *more, {"from": who})
            with reverts(registry, "ContentRegistryUnknownEntry", number, 3):
                retire(number, {"from": who})


def test_reverts_when_a_retired_entry_is_changed(registry, add, lawyer):
    claim = add(Kind.CLAIM)
    registry.retireClaim(claim, {"from": lawyer})
    with reverts(registry, "ContentRegistryEntryRetired", claim):
        registry.reviseClaim(claim, text("again"), NO_END, {"from": lawyer})
    with reverts(registry, "ContentRegistryEntryRetired", claim):
        registry.retireClaim(claim, {"from": lawyer})


def test_reverts_when_revised_to_nothing(registry, add, voice, planner, lawyer):
    brand, objective, claim = add(Kind.BRAND), add(Kind.OBJECTIVE), add(Kind.CLAIM)
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.reviseBrand(brand, NOTHING, {"from": voice})
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.revisePlan(objective, NOTHING, 1, {"from": planner})
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.reviseClaim(claim, NOTHING, 1, {"from": lawyer})


@pytest.mark.parametrize("kind", [one for one in Kind if one])
def test_revises_the_text_alone(registry, add, chain_of, steward, kind):
    number = add(Kind.CLAIM) if kind == Kind.CLAIM else chain_of(kind)
    before, (who, name) = entry(registry, number), steward(kind)
    until = [] if name == "Brand" else [3_000]
    tx = getattr(registry, f"revise{name}")(number, text("better"), *until, {"from": who})
    changed = {"digest": text("better"), "until": 3_000 if until else NO_END}
    assert entry(registry, number) == {**before, **changed}
    (event,) = tx.events["EntryRevised"]
    assert dict(event) == {"entry": number, "by": who, **changed}


@attack("orphaned-entries")
@pytest.mark.parametrize("kind", BELOW)
def test_parent_with_live_children_cannot_be_retired(registry, add, chain_of, steward, kind):
    parent = chain_of(Kind(kind - 1))
    for _ in range(2):
        add(kind, parent)
    who, name = steward(kind)
    with reverts(registry, "ContentRegistryHasChildren", parent, 2):
        getattr(registry, f"retire{name}")(parent, {"from": who})


def test_retires_from_below(registry, chain_of, planner):
    last = chain_of(Kind.TACTIC)
    for number in range(last, 0, -1):
        before = entry(registry, number)
        (event,) = registry.retirePlan(number, {"from": planner}).events["EntryRetired"]
        assert dict(event) == {"entry": number, "by": planner}
        assert entry(registry, number) == {**before, "isLive": False}
        if number > 1:
            assert entry(registry, number - 1)["liveChildren"] == 0
    assert registry.liveRoots(Kind.OBJECTIVE) == 0


def test_reverts_when_an_entry_is_not_there(registry, add):
    add(Kind.CLAIM)
    for number in (0, 2):
        with reverts(registry, "ContentRegistryUnknownEntry", number, 1):
            registry.entryOf(number)


def test_each_function_is_its_stewards_alone(registry, add, accounts, voice, planner, lawyer, stranger):
    add.asset()
    arguments = {
        **{"addBrand": [Kind.BRAND, 0, text("x")], "reviseBrand": [1, text("x")], "retireBrand": [1]},
        **{"addPlan": [Kind.OBJECTIVE, 0, text("x"), 0], "revisePlan": [1, text("x"), 0], "retirePlan": [1]},
        **{"addClaim": [text("x"), 0], "reviseClaim": [1, text("x"), 0], "retireClaim": [1], "endorse": [1, True]},
    }
    holders = dict(zip(OPENS, (voice, planner, lawyer), strict=True))
    for role, functions in OPENS.items():
        others = [who for one, who in holders.items() if one != role]
        for name in functions:
            for who in (*others, stranger, accounts[0]):
                with reverts(registry, "AccessManagedUnauthorized", who):
                    getattr(registry, name)(*arguments[name], {"from": who})
