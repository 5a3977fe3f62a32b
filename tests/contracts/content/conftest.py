"""A registry of content, its stewards, and two who add assets."""

from __future__ import annotations

import pytest

from tests.support import content
from tests.support.content import NO_END, Kind, text
from tests.support.governance import containers


@pytest.fixture(scope="module")
def voice(accounts):
    """Steward of the brand."""
    return accounts[1]


@pytest.fixture(scope="module")
def planner(accounts):
    """Steward of the plan."""
    return accounts[2]


@pytest.fixture(scope="module")
def lawyer(accounts):
    """Steward of the claims."""
    return accounts[3]


@pytest.fixture(scope="module")
def author(accounts):
    return accounts[5]


@pytest.fixture(scope="module")
def registry(accounts, voice, planner, lawyer):
    stewards = {content.BRAND: voice, content.PLAN: planner, content.CLAIMS: lawyer}
    return content.deploy(containers(), accounts[0], stewards)


@pytest.fixture(scope="module")
def add(registry, voice, planner, lawyer, author):
    """Add what there may be by whoever may; returns its number."""

    def brand(kind, parent=0, said="b"):
        return registry.addBrand(kind, parent, text(said), {"from": voice}).return_value

    def plan(kind, parent=0, said="p", until=NO_END):
        return registry.addPlan(kind, parent, text(said), until, {"from": planner}).return_value

    def claim(said="c", until=NO_END):
        return registry.addClaim(text(said), until, {"from": lawyer}).return_value

    def asset(parent=0, terms=0, who=author, said="a", until=NO_END):
        return registry.addAsset(parent, text(said), terms, until, {"from": who}).return_value

    def entry(kind, parent=0, **said):
        if kind in (Kind.BRAND, Kind.PILLAR):
            return brand(kind, parent, **said)
        return claim(**said) if kind == Kind.CLAIM else plan(kind, parent, **said)

    entry.asset = asset
    return entry


@pytest.fixture(scope="module")
def steward(voice, planner, lawyer):
    """Who may for a kind, and how the functions for it are called."""

    def who(kind):
        if kind in (Kind.BRAND, Kind.PILLAR):
            return voice, "Brand"
        return (lawyer, "Claim") if kind == Kind.CLAIM else (planner, "Plan")

    return who
