"""Every given/when tree fits its tests, and the checker notices when one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import branch_tree

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts"

GOOD = '''"""Board.

vote
  when the round is over -> test_reverts_when_over
  given a ballot
    when it is replaced -> test_replaces
"""

def test_reverts_when_over(): ...
def test_replaces(): ...
'''


def test_every_leaf_is_a_test_and_every_test_a_leaf() -> None:
    assert branch_tree.check(CONTRACTS) == {}


def test_accepts_a_fitting_tree() -> None:
    assert branch_tree.read(GOOD).problems() == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("def test_replaces", "def test_other", "leaf names no test: test_replaces"),
        ("def test_replaces", "def test_other", "test is in no leaf: test_other"),
        (" -> test_replaces", "", "leaf without a test name: when it is replaced"),
        ("-> test_replaces", "-> later", "leaf without a test name: when it is replaced -> later"),
        (
            "-> test_replaces",
            "-> test_replaces, test_reverts_when_over",
            "test is in more than one leaf: test_reverts_when_over",
        ),
    ],
)
def test_names_what_does_not_fit(old: str, new: str, problem: str) -> None:
    assert problem in branch_tree.read(GOOD.replace(old, new)).problems()
