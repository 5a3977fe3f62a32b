"""A board as most tests need it, and one whose voting has begun."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import boards


@pytest.fixture(scope="module")
def world(accounts: Any) -> boards.World:
    """A deployed board before its first round."""
    return boards.deploy(accounts)


@pytest.fixture
def posting(world: boards.World) -> boards.World:
    """The first round is being posted."""
    world.to_posting()
    return world


@pytest.fixture
def voting(posting: boards.World) -> boards.World:
    """Three ideas, and their vote has just opened."""
    posting.post_many(posting.ana, 3)
    posting.to_vote()
    return posting
