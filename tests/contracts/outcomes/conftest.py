"""A campaign whose outcome can be reported, and an arbitrator that does as it is told."""

from __future__ import annotations

import pytest

from tests.support import outcomes


@pytest.fixture(scope="module")
def scene():
    """Reports of the campaign can begin."""
    scene = outcomes.deploy()
    scene.fund()
    scene.to_reports()
    return scene


@pytest.fixture(scope="module")
def contract(scene):
    return scene.outcomes


@pytest.fixture(scope="module")
def ruler(scene):
    return scene.arbitrator
