"""Every given/when tree fits its tests, and the checker notices when one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import branch_tree

TESTS = Path(__file__).resolve().parents[1]
CONTRACTS = TESTS / "contracts"

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


@pytest.mark.parametrize("folder", ["package", "registry", "scripts"])
def test_what_has_a_tree_elsewhere_fits_it(folder: str) -> None:
    files = [file for file in (TESTS / folder).glob("test_*.py") if file != Path(__file__)]
    trees = {file.name: branch_tree.read(file.read_text("utf-8")) for file in files}
    assert {name: tree.problems() for name, tree in trees.items() if tree.leaves and tree.problems()} == {}


def test_accepts_a_fitting_tree() -> None:
    assert branch_tree.read(GOOD).problems() == []
    wrapped = GOOD.replace("-> test_replaces", "-> test_replaces,\n       test_adds")
    assert branch_tree.read(wrapped + "def test_adds(): ...\n").problems() == []


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
