"""Training of advisors: the same weights for the same ideas, told by whole numbers alone.

a data set
└── its digest follows from what the ideas said and what became of them, in their order
training
├── the same ideas give the same weights to the bit, in another process too
├── parts follow each other in time, and no round is in two
├── where words tell, later ideas are foretold better than by a constant, and a new model is shown in time
├── where they tell nothing, it says so
└── too few ideas, or all with one end, are refused
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from dmo.advisor.judging import counted, judge, said_of
from dmo.advisor.training import LEAST_IDEAS, auc, data_set, fitted, parted, train
from dmo.core.errors import BadInput
from tests.support.advised import history

ROOT = Path(__file__).resolve().parents[2]
_AGAIN = """
from hashlib import sha256
from dmo.advisor.training import train
from tests.support.advised import history
one = train(history(1, 20))
print(sha256(one.model.packed()).hexdigest(), one.model.bias, one.digest.hex(), one.figures)
"""


def test_a_data_set_is_named_by_all_that_it_holds() -> None:
    items = history(1, 5)
    lines = data_set(items).decode().splitlines()
    assert len(lines) == 20
    assert lines[0] == f'{{"digest":"{items[0].digest.hex()}","idea":[1,1],"passed":{str(items[0].passed).lower()}}}'
    other = [items[0]._replace(passed=not items[0].passed), *items[1:]]
    assert len({data_set(items), data_set(other), data_set(items[:-1]), data_set(items[::-1])}) == 4


def test_the_same_ideas_give_the_same_weights() -> None:
    run = subprocess.run([sys.executable, "-c", _AGAIN], cwd=ROOT, check=True, capture_output=True, text=True)
    for _ in range(2):
        one = train(history(1, 20))
        weights = sha256(one.model.packed()).hexdigest()
        assert run.stdout == f"{weights} {one.model.bias} {one.digest.hex()} {one.figures}\n"


def test_parts_follow_each_other_in_time() -> None:
    for rounds, a_round in ((20, 4), (5, 9), (3, 30), (23, 1)):
        items = history(2, rounds, a_round)
        parts = parted(items)
        assert [one for part in parts for one in part] == items
        assert 2 <= len(parts) <= 5
        assert all(a[-1].round < b[0].round for a, b in itertools.pairwise(parts))


def test_what_words_tell_is_found_and_shown_in_time() -> None:
    trained = train(history(1, 30))
    assert trained.figures.auc is not None
    assert trained.figures.auc > 750_000
    assert trained.figures.loss < trained.figures.constant
    later = [one._replace(place=(10**6, n)) for n, one in enumerate(history(7, 38))]
    found = judge(said_of(trained.model, counted(later, (10**5, 0))), 1)
    assert found.is_shown
    assert found.count == 152


def test_where_words_tell_nothing_it_says_so() -> None:
    trained = train(history(5, 30, strength=0))
    assert trained.figures.loss > trained.figures.constant - 20
    assert trained.figures.evidence < 40_000
    assert trained.figures.auc is not None
    assert 350_000 < trained.figures.auc < 650_000


def test_too_few_ideas_are_refused() -> None:
    items = history(3, 6)
    for few in (items[: LEAST_IDEAS - 1], [one for one in items if one.passed], []):
        with pytest.raises(BadInput, match="too few"):
            train(few)
    assert fitted([one for one in items if one.passed], 1).bias > 0
    assert auc([(1, True)]) is None
    assert auc([(2, True), (1, False), (2, False)]) == 750_000
