"""What a dispute's end moves: read from the chain, and shown as who gets what of what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.capabilities.ends import Ruling, Settlement, ends, settlement
from dmo.core.errors import NotFound
from tests.support.home import at_home
from tests.support.node import ALICE, BOB, Node

ZERO = "0x" + "00" * 20
UNITS = st.integers(min_value=0, max_value=10**30)
# what the table of ends names: opener, upholder, worker back; fee; to opener, upholder, worker, jurors, pool
Row = tuple[int, int, int, int, int, int, int, int, int]


def table(b: int, wb: int, fee: int, *, is_upheld: bool) -> dict[str, tuple[Row, dict[tuple[str, str], int]]]:
    """The rows of the table of ends, each with its flows, written out."""
    half, tenth, lost = b // 2, b // 10, min(b, fee)
    rest, back, up = b - half, b - tenth, b if is_upheld else 0
    if is_upheld:
        return {
            "overturned": (
                (b, 0, wb, lost, 0, 0, rest, half, lost),
                {("upholder", "worker"): rest, ("upholder", "jurors"): half, ("fee", "pool"): lost},
            ),
            "upheld": (
                (0, up, 0, 0, 0, rest, 0, half, wb),
                {("opener", "upholder"): rest, ("opener", "jurors"): half, ("worker", "pool"): wb},
            ),
            "upheld, no juror to pay": (
                (0, up, 0, 0, 0, rest, 0, 0, wb + half),
                {("opener", "upholder"): rest, ("opener", "pool"): half, ("worker", "pool"): wb},
            ),
            "no ruling": (
                (back, back, wb, 0, 0, 0, 0, 2 * tenth, 0),
                {("opener", "jurors"): tenth, ("upholder", "jurors"): tenth},
            ),
        }
    return {
        "not upheld": ((b, 0, wb, 0, 0, 0, 0, 0, 0), {}),
        "challenge lost": (
            (0, 0, wb, 0, 0, 0, rest, half, 0),
            {("opener", "worker"): rest, ("opener", "jurors"): half},
        ),
        "challenge won": (
            (b, 0, 0, lost, rest, 0, 0, half, wb - b + lost),
            {("worker", "opener"): rest, ("worker", "jurors"): half, ("worker", "pool"): wb - b, ("fee", "pool"): lost},
        ),
        "no ruling": ((back, 0, wb, 0, 0, 0, 0, tenth, 0), {("opener", "jurors"): tenth}),
    }


@given(UNITS, UNITS, UNITS, st.booleans())
def test_moves_are_the_rows_of_the_table(b: int, more: int, fee: int, is_upheld: bool) -> None:
    wb = b + more  # a worker's bond is never less than a stake
    for name, (row, expected) in table(b, wb, fee, is_upheld=is_upheld).items():
        one = Settlement(ALICE, BOB if is_upheld else ZERO, b, *row)
        won = {(move.source, move.to): move.amount for move in one.moves if not move.is_back}
        assert won == {key: amount for key, amount in expected.items() if amount}, name
        back = {move.source: move.amount for move in one.moves if move.is_back}
        assert back == {key: units for key, units in zip(("opener", "upholder", "worker"), row, strict=False) if units}
        assert sum(move.amount for move in one.moves) == (2 if is_upheld else 1) * b + wb + row[3]


NAMES = ("bond", "openerBack", "upholderBack", "workerBack", "feeTaken")
NAMES += ("toOpener", "toUpholder", "toWorker", "toJurors", "toPool")


def told(**changes: Any) -> dict[str, Any]:
    amounts = dict(zip(NAMES, range(11, 21), strict=True)) | changes
    return {"submission": 3, "ruling": 2, "isPaid": False, "settlement": (ALICE, BOB, *amounts.values())}


def test_reads_a_settlement_by_the_names_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = at_home(tmp_path, monkeypatch, Node(), [("DisputeDesk.DisputeSettled", told())])
    one = settlement(home, 3)
    assert (one.opener, one.upholder) == (ALICE, BOB)
    assert (one.bond, one.opener_back, one.upholder_back, one.worker_back, one.fee_taken) == (11, 12, 13, 14, 15)
    assert (one.to_opener, one.to_upholder, one.to_worker, one.to_jurors, one.to_pool) == (16, 17, 18, 19, 20)
    with pytest.raises(NotFound, match="No dispute about submission 4 is settled"):
        settlement(home, 4)


@pytest.mark.parametrize("is_challenge", [True, False])
def test_the_lens_says_what_ends_there_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_challenge: bool
) -> None:
    node = Node()
    rows = [(ZERO, ZERO, number, *[0] * 9) for number in range(3 if is_challenge else 4)]
    node.view("Lens", "endsOf", lambda number: rows)
    found = ends(at_home(tmp_path, monkeypatch, node, []), 3)
    told_ = [(one.ruling, one.is_paid, one.is_unanswered, one.moved.bond) for one in found]
    assert told_[:3] == [
        (Ruling.PAY, True, False, 1),
        (Ruling.REFUSE, False, False, 2),
        (Ruling.NONE, is_challenge, False, 0),
    ]
    assert told_[3:] == ([] if is_challenge else [(Ruling.NONE, True, True, 3)])
