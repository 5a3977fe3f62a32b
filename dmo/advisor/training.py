"""Training a model that anybody gets again: the ideas of the log in time order, and a regression on hashed words.

scikit-learn (the extra ``advisor``) only proposes weights. They are rounded to whole numbers at once, and how well such
a model did on later ideas than those that it was made of is told by the whole numbers alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from itertools import groupby
from math import isqrt, log
from typing import Any

from dmo.advisor.hashed import FEATURES, ONE, UNIT, Model, features
from dmo.advisor.judging import LEAST, MOST, FixedIdea, Likelihoods, said_of
from dmo.core import words

SEED = 0
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""How far weights may go, the least first; the first of the best is taken."""
PARTS = 5
"""The ideas are parted so often by time; each part but the first is foretold from those before it."""
LEAST_IDEAS, LEAST_OF_EACH = 20, 5
LIBRARIES = ("scikit-learn", "scipy", "numpy")
_LARGEST = 2**15 - 1


@dataclass(frozen=True)
class Figures:
    """How a model made in this way foretold later ideas; in whole numbers, ppm.

    Attributes:
        count: Ideas that were foretold.
        auc: The chance that of two ideas, one that passed and one that did not, it had the first one ahead.
        loss: Its mean loss in thousandths of a bit, and ``constant`` that of the rate among the ideas before.
        evidence: E over them, in thousandths, rounded down.
    """

    count: int
    auc: int | None
    loss: int
    constant: int
    evidence: int


@dataclass(frozen=True)
class Trained:
    """A model with all that its card tells."""

    model: Model
    digest: bytes
    items: Sequence[FixedIdea]
    strength: float
    figures: Figures
    made_with: tuple[str, ...]


def data_set(items: Sequence[FixedIdea]) -> bytes:
    """What a model is made of, a line an idea in the order of time: its digest names it."""
    rows = ({"idea": [i.round, i.number], "digest": i.digest.hex(), "passed": i.passed} for i in items)
    return "".join(json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n" for row in rows).encode()


def train(items: Sequence[FixedIdea]) -> Trained:
    """A model of ideas. Raises BadInput: there are too few, or scikit-learn is not there."""
    _require(items)
    parts = parted(items)
    strength, figures = min(((one, foretold(parts, one)) for one in STRENGTHS), key=lambda pair: pair[1].loss)
    made_with = tuple(f"{name} {version(name)}" for name in LIBRARIES)
    digest = sha256(data_set(items)).digest()
    return Trained(fitted(items, strength), digest, items, strength, figures, made_with)


def _require(items: Sequence[FixedIdea]) -> None:
    passed = sum(one.passed for one in items)
    if len(items) < LEAST_IDEAS or min(passed, len(items) - passed) < LEAST_OF_EACH:
        raise words.bad("few_ideas", count=len(items), passed=passed, least=LEAST_IDEAS, each=LEAST_OF_EACH)
    try:
        version(LIBRARIES[0])
    except ModuleNotFoundError as error:
        raise words.bad("no_training") from error


def parted(items: Sequence[FixedIdea]) -> list[list[FixedIdea]]:
    """The ideas in parts by time, about as large as each other; a round is never parted."""
    parts: list[list[FixedIdea]] = [[]]
    for _, its in groupby(items, key=lambda one: one.round):
        if len(parts) < PARTS and sum(map(len, parts)) * PARTS >= len(items) * len(parts):
            parts.append([])
        parts[-1] += its
    return parts


def fitted(items: Sequence[FixedIdea], strength: float) -> Model:
    """The regression's weights in whole numbers; the bias alone where all ideas have one end."""
    passed = [one.passed for one in items]
    if len({*passed}) < 2:
        return Model((0,) * FEATURES, UNIT * (3 if passed[0] else -3))
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    rows = [sorted(features(one.text)) for one in items]
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    values = [UNIT / isqrt(len(row) << 20) for row in rows for _ in row]
    table = csr_matrix((values, [one for row in rows for one in row], starts), shape=(len(rows), FEATURES))
    with threadpool_limits(1):  # the order in which numbers are added up is a part of the result
        found = LogisticRegression(C=strength, tol=1e-9, max_iter=10_000, random_state=SEED).fit(table, passed)
    return Model(tuple(_whole(weight) for weight in found.coef_[0]), _whole(found.intercept_[0]))


def _whole(weight: Any) -> int:
    return max(-_LARGEST, min(_LARGEST, round(float(weight) * UNIT)))


def foretold(parts: Sequence[Sequence[FixedIdea]], strength: float) -> Figures:
    """Every part from those before it, by whole numbers."""
    evidence, said, loss, constant = Likelihoods(), [], 0.0, 0.0
    for before, part in _turns(parts):
        rate = min(max(ONE * sum(one.passed for one in before) // len(before), LEAST), MOST)
        for item, ppm in said_of(fitted(before, strength), part):
            held = min(max(ppm, LEAST), MOST)
            evidence.add(ppm, passed=item.passed)
            said.append((ppm, item.passed))
            loss -= log((held if item.passed else ONE - held) / ONE, 2)
            constant -= log((rate if item.passed else ONE - rate) / ONE, 2)
    count = max(len(said), 1)
    its, best = (round(1_000 * one / count) for one in (loss, constant))
    return Figures(len(said), auc(said), its, best, int(1_000 * evidence.ratio))


def _turns(parts: Sequence[Sequence[FixedIdea]]) -> Iterator[tuple[list[FixedIdea], Sequence[FixedIdea]]]:
    before: list[FixedIdea] = []
    for part in parts:
        if before:
            yield before, part
        before = [*before, *part]


def auc(said: Sequence[tuple[int, bool]]) -> int | None:
    """The chance, in ppm, that one that passed was ahead of one that did not; None without both."""
    passing, failing = ([ppm for ppm, passed in said if passed is one] for one in (True, False))
    if not passing or not failing:
        return None
    halves = sum(2 * (a > b) + (a == b) for a in passing for b in failing)
    return ONE * halves // (2 * len(passing) * len(failing))
