"""How large contracts are: the chain takes 24,576 bytes, and room is kept for a mended line.

every contract that is deployed
  stays under 24,000 bytes -> test_contracts_fit
the escrow
  has 1,500 bytes free -> test_the_escrow_has_room
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.governance import containers

MAX_BYTES = 24_000
# Whom a mended line would cost most, and what is kept free for it.
ESCROW_FREE = 1_500
MADE_UP = {"mocks", "examples"}


@pytest.fixture(scope="module")
def sizes():
    """Bytes of deployed code of every contract that is no mock and no example."""
    builds = {name: container._build for name, container in containers().dict().items()}
    return {
        name: len(build["deployedBytecode"]) // 2
        for name, build in builds.items()
        if build["type"] == "contract" and not MADE_UP & set(Path(build["sourcePath"]).parts)
    }


deployed_alone = pytest.mark.skipif(os.environ.get("DMO_PIPELINE") == "legacy", reason="such code is never deployed")


@deployed_alone
def test_contracts_fit(sizes, capsys):
    with capsys.disabled():
        print("\n" + "".join(f"  {name:<20} {size:>7,}\n" for name, size in sizes.items()))
    assert {"IdeaBoard", "CampaignEscrow", "DisputeDesk", "Jury"} <= sizes.keys()
    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}


@deployed_alone
def test_the_escrow_has_room(sizes):
    assert sizes["CampaignEscrow"] <= 24_576 - ESCROW_FREE
