"""What a dispute's end moved, against the table of ends; and how it is read from the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmo.capabilities.ends import Settlement, settlement
from dmo.core.errors import NotFound
from tests.support.home import at_home
from tests.support.models import disputes as model
from tests.support.node import ALICE, Node

SOURCES = {"bond": model.BOND, "reward": model.REWARD, "fee": model.FEE}
RECIPIENTS = {"opener": model.OPENER, "worker": model.WORKER, "jurors": model.JURORS, "pool": model.POOL}
ENDS = [(is_challenge, ruling) for is_challenge in (False, True) for ruling in (0, 1, 2)]
REWARD, WORKER_BOND, BOND = 1001, 90, 101


def ended(row: list[model.Flow], bond: int) -> Settlement:
    """The sums that the desk would tell of these flows."""

    def moved(source: str | None, to: str) -> int:
        return sum(a for s, t, a in row if t == to and (source in (None, s)))

    back = moved(model.BOND, model.OPENER)
    to_opener = moved(model.REWARD, model.OPENER)
    dispute = [flow for flow in row if flow[0] != model.WORKER_BOND]
    return Settlement(
        opener=ALICE,
        bond=bond,
        bond_back=back,
        cut=sum(moved(model.REWARD, to) for to in (model.OPENER, model.JURORS, model.POOL)),
        fee_taken=sum(a for s, _, a in row if s == model.FEE),
        to_opener=to_opener,
        to_worker=sum(a for _, t, a in dispute if t == model.WORKER),
        to_jurors=moved(None, model.JURORS),
        to_pool=sum(a for _, t, a in dispute if t == model.POOL),
        keeps_worker_bond=False,
    )


@pytest.mark.parametrize(("is_challenge", "ruling"), ENDS)
@pytest.mark.parametrize("fee", [0, 40, 60, 500])
@pytest.mark.parametrize("has_jurors", [True, False])
def test_moves_are_the_rows_of_the_table(is_challenge: bool, ruling: int, fee: int, has_jurors: bool) -> None:
    row = model.flows(is_challenge, ruling, REWARD, WORKER_BOND, BOND, fee, has_jurors)
    outside = {model.PAYEES, model.FREE}
    expected: dict[tuple[str, str], int] = {}
    for source, to, amount in row:
        if to not in outside and source != model.WORKER_BOND:
            expected[source, to] = expected.get((source, to), 0) + amount
    one = ended(row, BOND)
    moves = {(SOURCES[move.source], RECIPIENTS[move.to]): move.amount for move in one.moves}
    assert moves == expected
    assert len(moves) == len(one.moves)
    assert sum(moves.values()) == one.bond + one.cut + one.fee_taken


def told(**changes: Any) -> dict[str, Any]:
    names = ("bond", "bondBack", "cut", "feeTaken", "toOpener", "toWorker", "toJurors", "toPool")
    amounts = dict(zip(names, range(11, 19), strict=True)) | changes
    values = (ALICE, *amounts.values(), True)
    return {"submission": 3, "ruling": 2, "isPaid": False, "settlement": values}


def test_reads_a_settlement_by_the_names_of_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = at_home(tmp_path, monkeypatch, Node(), [("DisputeDesk.DisputeSettled", told())])
    one = settlement(home, 3)
    assert one.opener == ALICE
    assert (one.bond, one.bond_back, one.cut, one.fee_taken) == (11, 12, 13, 14)
    assert (one.to_opener, one.to_worker, one.to_jurors, one.to_pool) == (15, 16, 17, 18)
    assert one.keeps_worker_bond
    with pytest.raises(NotFound, match="No dispute about submission 4 is settled"):
        settlement(home, 4)
