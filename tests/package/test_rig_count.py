"""What the rig counts: transactions that a wave needs, what is wrong with a run, all seeds together."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tools.rig.count import BATCH, least
from tools.rig.run import Outcome
from tools.rig.seeds import line, problems, summary

GOOD: dict[str, Any] = {"due": 120, "done": 120, "least": 40, "sent": 44, "kills": 9, "restarts": 2}
GOOD |= {"reorg_depth": 20, "lag_blocks": 120}


def test_a_wave_needs_one_transaction_a_batch_or_thing() -> None:
    pays = {("pay", number): 1 for number in range(BATCH + 1)}
    jurors = {("juror", f"{number} {who}"): 1 for number in (7, 8) for who in ("bob", "carol")}
    assert least(Counter(pays)) == 2
    assert least(Counter(jurors)) == 2
    assert least(Counter({**pays, **jurors, ("release", 1): 1, ("sweep", 1): 1, ("fee", 1): 1})) == 7
    assert least(Counter()) == 0


@pytest.mark.parametrize(
    ("change", "keepers", "problem"),
    [
        ({}, 1, ""),
        ({"doubled": 1, "twice": ("('pay', 9)",)}, 1, "1 acts were doubled: ('pay', 9)"),
        ({"doubled": 1, "twice": ("('pay', 9)",)}, 2, "1 acts were doubled: ('pay', 9)"),
        ({"reverted": 1, "failed": ("0xab",)}, 1, "1 transactions failed: 0xab"),
        ({"reverted": 1, "disks": 1}, 1, ""),
        ({"lost": 1}, 1, "1 of 120 acts were not done"),
        ({"sent": 45}, 1, "45 transactions, where 40 do"),
        ({"sent": 50, "reverted": 1}, 2, ""),
        ({"lag_blocks": 121}, 1, "121 blocks after the last fault until all was done"),
        ({"unforeseen": ("('rule', 1)",)}, 1, "done without being expected: ('rule', 1)"),
    ],
)
def test_says_what_is_wrong(change: dict[str, Any], keepers: int, problem: str) -> None:
    found = problems(7, Outcome(**GOOD | change), keepers=keepers)
    assert found == ([f"seed 7: {problem}"] if problem else [])


def test_sums_up_seeds() -> None:
    seeds = [Outcome(**GOOD), Outcome(**GOOD | {"doubled": 1, "refused": 2, "reorg_depth": 3, "lag_blocks": 7})]
    assert summary(seeds).model_dump() == {
        "schema": "dmo.keeper/1",
        "kills": 18,
        "restarts": 4,
        "reorg_depth": 20,
        "due": 240,
        "done": 240,
        "doubled": 1,
        "lost": 0,
        "lag_blocks": 120,
        "sent": 88,
        "reverted": 0,
    }
    assert line(7, seeds[0], 12.4).startswith("seed 7: due 120, done 120, doubled 0")
