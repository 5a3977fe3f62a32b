"""What the keeper would do on the latest block, all of it, tried and not sent."""

from __future__ import annotations

from typing import Any

from dmo.core import due
from dmo.core.chain import Block
from dmo.core.errors import DmoError, Refused
from dmo.home.keeping.keeper import Keeper
from dmo.home.keeping.tasks import tasks


def planned(keeper: Keeper) -> tuple[Block, list[dict[str, Any]]]:
    """The block, and a row for each transaction and each refusal, in the order in which they would be sent."""
    home = keeper.home
    head = keeper.follower.step()
    fees = keeper.look(home.snapshot.chain, head)
    left = tasks(due.items(home, None))
    rows: list[dict[str, Any]] = []
    while left:
        batch = keeper.fitting(head, fees).fit(left)
        if batch.trial is not None:
            first, gas = batch.tasks[0], batch.trial.gas
            told = {"act": first.act.name, "keys": " ".join(one.key for one in batch.tasks), "gas": gas}
            rows.append({**told, "why": first.item.text(home), "count": len(batch.tasks), "cost": gas * fees.likely})
        for task, why in batch.refused:
            known = home.explained(why) if isinstance(why, Refused) else why
            says, right = (known.message, known.hint) if isinstance(known, DmoError) else (str(known), "")
            rows.append(
                {"act": task.act.name, "keys": task.key, "why": "", "count": 1, "refused": says, "right": right}
            )
        done = {one.name for one in [*batch.tasks, *(task for task, _ in batch.refused)]}
        left = [one for one in left if one.name not in done]
    return head, rows
