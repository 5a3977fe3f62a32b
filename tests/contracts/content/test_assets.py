"""ContentRegistry: assets.

addAsset
  when no document is named -> test_reverts_when_no_document_is_named
  when the terms are none that are known -> test_reverts_when_terms_are_unknown
  when it derives from nothing
    anybody may, it is kept and told -> test_anybody_adds_an_asset
  given an asset that it derives from
    when that one is not there -> test_reverts_when_the_parent_is_not_there
    when that one was retired -> test_derivative_of_a_retired_asset_reverts
    when that one allows no derivatives -> test_reverts_when_nothing_may_be_derived
    when it sheds attribution, or terms that are shared alike -> test_derivative_cannot_shed_share_alike
    when it keeps them -> test_a_derivative_keeps_what_it_owes
retireAsset
  when the caller is not its author -> test_stranger_cannot_retire
  when it is not there, or retired -> test_reverts_when_it_cannot_be_retired
  given assets that derive from it
    it is retired all the same -> test_what_derives_stays
endorse
  when it is not there, or retired -> test_reverts_when_it_cannot_be_endorsed
  when it is live
    it is endorsed, and no longer -> test_endorses_and_takes_back
  given it was endorsed
    when it is retired -> test_endorsement_ends_with_retirement
assetOf
  when there is none -> test_reverts_when_an_asset_is_not_there
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.support.content import ATTRIBUTION, DERIVATIVES, ENDORSED, LIVE, NO_END, RETIRED, SHARE_ALIKE, text
from tests.support.reverts import reverts

attack = pytest.mark.attack

NOTHING = "0x" + "00" * 32
ALL_TERMS = 63


def asset(registry, number):
    names = ("author", "parent", "until", "terms", "standing", "digest")
    return dict(zip(names, registry.assetOf(number), strict=True))


def test_reverts_when_no_document_is_named(registry, author):
    with reverts(registry, "ContentRegistryNoDigest"):
        registry.addAsset(0, NOTHING, 0, NO_END, {"from": author})


@pytest.mark.parametrize("terms", [64, 255])
def test_reverts_when_terms_are_unknown(registry, add, terms):
    with reverts(registry, "ContentRegistryUnknownTerms", terms, ALL_TERMS):
        add.asset(terms=terms)


@pytest.mark.parametrize("terms", [0, ALL_TERMS])
def test_anybody_adds_an_asset(registry, author, stranger, terms):
    for number, who in enumerate((author, stranger), 1):
        tx = registry.addAsset(0, text("logo"), terms, 4_000, {"from": who})
        told = {"parent": 0, "author": who, "terms": terms, "until": 4_000, "digest": text("logo")}
        assert tx.return_value == number
        (event,) = tx.events["AssetAdded"]
        assert dict(event) == {"asset": number, **told}
        assert asset(registry, number) == {**told, "standing": LIVE}
    assert registry.assetCount() == 2


def test_reverts_when_the_parent_is_not_there(registry, add):
    with reverts(registry, "ContentRegistryUnknownAsset", 1, 0):
        add.asset(parent=1)
    first = add.asset(terms=DERIVATIVES)
    with reverts(registry, "ContentRegistryUnknownAsset", first + 1, 1):
        add.asset(parent=first + 1)  # itself


@attack("derivative-of-a-retired-asset")
def test_derivative_of_a_retired_asset_reverts(registry, add, author, stranger):
    first = add.asset(terms=DERIVATIVES)
    registry.retireAsset(first, {"from": author})
    for who in (author, stranger):
        with reverts(registry, "ContentRegistryAssetRetired", first):
            add.asset(first, DERIVATIVES, who)


@pytest.mark.parametrize("terms", [0, ALL_TERMS - DERIVATIVES])
def test_reverts_when_nothing_may_be_derived(registry, add, terms):
    first = add.asset(terms=terms)
    with reverts(registry, "ContentRegistryNoDerivatives", first):
        add.asset(first, terms)


@attack("terms-shed-by-deriving")
@pytest.mark.parametrize(
    ("theirs", "shed"),
    [
        *((DERIVATIVES | SHARE_ALIKE, other) for other in (0, DERIVATIVES, SHARE_ALIKE, ALL_TERMS)),
        (DERIVATIVES | ATTRIBUTION, DERIVATIVES),
        (DERIVATIVES | ATTRIBUTION, ALL_TERMS - ATTRIBUTION),
    ],
)
def test_derivative_cannot_shed_share_alike(registry, add, stranger, theirs, shed):
    first = add.asset(terms=theirs)
    with reverts(registry, "ContentRegistryTermsShed", shed, first, theirs):
        add.asset(first, shed, stranger)
    # Nor by way of another one, which has them all by then.
    second = add.asset(first, theirs, stranger)
    with reverts(registry, "ContentRegistryTermsShed", shed, second, theirs):
        add.asset(second, shed, stranger)


def test_a_derivative_keeps_what_it_owes(registry, add, stranger):
    owed = ATTRIBUTION | SHARE_ALIKE
    for theirs, ours in product((DERIVATIVES, DERIVATIVES | ATTRIBUTION, DERIVATIVES | owed), (0, 2, 14, 63)):
        keeps = ours == theirs if theirs & SHARE_ALIKE else ours & ATTRIBUTION >= theirs & ATTRIBUTION
        first = add.asset(terms=theirs)
        if keeps:
            second = add.asset(first, ours, stranger)
            assert asset(registry, second)["parent"] == first
            assert asset(registry, second)["terms"] & owed & theirs == theirs & owed


@attack("asset-retired-by-a-stranger")
def test_stranger_cannot_retire(registry, add, author, voice, stranger):
    first = add.asset()
    for who in (stranger, voice):
        with reverts(registry, "ContentRegistryNotAuthor", first, who, author):
            registry.retireAsset(first, {"from": who})
    assert asset(registry, first)["standing"] == LIVE


def test_reverts_when_it_cannot_be_retired(registry, add, author):
    first = add.asset()
    registry.retireAsset(first, {"from": author})
    with reverts(registry, "ContentRegistryAssetRetired", first):
        registry.retireAsset(first, {"from": author})
    with reverts(registry, "ContentRegistryUnknownAsset", 2, 1):
        registry.retireAsset(2, {"from": author})


def test_what_derives_stays(registry, add, author, stranger):
    first = add.asset(terms=DERIVATIVES)
    second = add.asset(first, DERIVATIVES, stranger)
    (event,) = registry.retireAsset(first, {"from": author}).events["AssetRetired"]
    assert dict(event) == {"asset": first}
    assert [asset(registry, one)["standing"] for one in (first, second)] == [RETIRED, LIVE]
    add.asset(second, 0, stranger)


def test_reverts_when_it_cannot_be_endorsed(registry, add, author, voice):
    first = add.asset()
    registry.retireAsset(first, {"from": author})
    for yes in (True, False):
        with reverts(registry, "ContentRegistryAssetRetired", first):
            registry.endorse(first, yes, {"from": voice})
        with reverts(registry, "ContentRegistryUnknownAsset", 2, 1):
            registry.endorse(2, yes, {"from": voice})


def test_endorses_and_takes_back(registry, add, voice):
    first = add.asset()
    before = asset(registry, first)
    for yes, standing in ((True, ENDORSED), (True, ENDORSED), (False, LIVE), (True, ENDORSED)):
        (event,) = registry.endorse(first, yes, {"from": voice}).events["AssetEndorsed"]
        assert dict(event) == {"asset": first, "by": voice, "isEndorsed": yes}
        assert asset(registry, first) == {**before, "standing": standing}


@attack("endorsed-and-retired")
def test_endorsement_ends_with_retirement(registry, add, author, voice):
    first = add.asset()
    registry.endorse(first, True, {"from": voice})
    registry.retireAsset(first, {"from": author})
    assert asset(registry, first)["standing"] == RETIRED


def test_reverts_when_an_asset_is_not_there(registry, add):
    add.asset()
    for number in (0, 2):
        with reverts(registry, "ContentRegistryUnknownAsset", number, 1):
            registry.assetOf(number)
