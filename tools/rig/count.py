"""What came of it: acts that were due, done, doubled and lost, by the chain alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dmo.core import abi
from dmo.core.chain import Event
from tools.rig.chain import Waiting
from tools.rig.world import Key, World

BATCH = 64
"""What fits one transaction of those that pay or release."""
DONE: Mapping[str, tuple[str, str, Callable[[Mapping[str, Any]], int | str]]] = {
    "WorkPaid": ("CampaignEscrow", "pay", lambda told: told["submission"]),
    "WorkReleased": ("CampaignEscrow", "release", lambda told: told["submission"]),
    "CampaignSwept": ("CampaignEscrow", "sweep", lambda told: told["campaign"]),
    "FeeSettled": ("CampaignEscrow", "fee", lambda told: told["campaign"]),
    "BountyReclaimed": ("CampaignEscrow", "reclaim", lambda told: told["bounty"]),
    "CreditWithdrawn": ("CampaignEscrow", "deliver", lambda told: told["account"]),
    "CreditExpired": ("CampaignEscrow", "expire", lambda told: told["account"]),
    "RoundSettled": ("IdeaBoard", "settle", lambda told: told["round"]),
    "RulingExecuted": ("Jury", "rule", lambda told: told["disputeID"]),
    "JurorPaid": ("DisputeDesk", "juror", lambda told: f"{told['submission']} {told['juror']}"),
}
"""Event: its contract, the kind of act, and what it was about."""
TRIED: Mapping[str, Callable[[Mapping[str, Any]], Iterable[Key]]] = {
    "payWork": lambda told: (("pay", one) for one in told["submissions"]),
    "releaseWork": lambda told: (("release", one) for one in told["submissions"]),
    "closeCampaign": lambda told: [("sweep", told["campaign"]), ("fee", told["campaign"])],
    "reclaimBounty": lambda told: [("reclaim", told["bounty"])],
    "deliverCredit": lambda told: [("deliver", told["account"])],
    "expireCredit": lambda told: [("expire", told["account"])],
    "settle": lambda told: [("settle", told["round"])],
    "executeRuling": lambda told: [("rule", told["disputeID"])],
    "payJurors": lambda told: (("juror", f"{told['submission']} {one}") for one in told["jurors"]),
}
"""Function: the acts that a call of it is meant to do."""


@dataclass
class Count:
    """What a run came to.

    Attributes:
        due: Acts that were due.
        done: Of them those that were done.
        doubled: Acts that were done, or tried in a mined transaction, when they were done already.
        lost: Acts that were due and are not done.
        least: Transactions that do it all.
        sent: Transactions that were mined.
        reverted: Of them those that failed.
        unforeseen: What was done without being expected; ``twice`` and ``left``: what was doubled, and lost.
    """

    due: int = 0
    done: int = 0
    doubled: int = 0
    lost: int = 0
    least: int = 0
    sent: int = 0
    reverted: int = 0
    unforeseen: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


class Ledger:
    """Reads a world's chain."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._contracts = {world.dmo.address(one[0]).lower(): one[0] for one in DONE.values()}
        self._topics = {abi.event_topic(one[0], name): (name, one) for name, one in DONE.items()}

    def keys(self, logs: Iterable[Any]) -> Counter[Key]:
        """What logs say was done."""
        found: Counter[Key] = Counter()
        for raw in logs:
            topic = raw["topics"][0] if raw["topics"] else ""
            if raw["address"].lower() not in self._contracts or topic not in self._topics:
                continue
            _, (contract, kind, about) = self._topics[topic]
            found[kind, about(Event.of(contract, raw).arguments)] += 1
        return found

    def done(self) -> Counter[Key]:
        """All that was done since the world stands still."""
        live = self.world.live
        order = {"address": [*self._contracts], "fromBlock": hex(live.floor + 1), "toBlock": hex(live.number)}
        return self.keys(live.ask("eth_getLogs", order))

    def tried(self, one: Waiting) -> Counter[Key]:
        """What a transaction was meant to do."""
        contract = self._contracts.get(one.to.lower())
        if contract is None or not one.data:
            return Counter()
        name, told = abi.decode_call(contract, one.data)
        return Counter(TRIED[name](told)) if name in TRIED else Counter()

    def count(self) -> Count:
        """Everything, from the first block that counts to the head."""
        found, before = Count(), Counter[Key]()
        twice: list[str] = []
        for block in self.world.live.mined:
            for one in block.waiting:
                receipt = self.world.live.ask("eth_getTransactionReceipt", one.tx)
                found.sent += 1
                if int(receipt["status"], 16) == 0:
                    found.failed = (*found.failed, f"{one.tx} in block {block.number}: {sorted(self.tried(one))}")
                done, tried = self.keys(receipt["logs"]), self.tried(one)
                is_closing = any(kind in ("sweep", "fee") for kind, _ in done)
                again = [] if is_closing else [key for key in tried if key not in done and before[key]]
                twice += [f"{key} in block {block.number}" for key in again]
                before.update(done)
        found.reverted = len(found.failed)
        due = sum((wave.due for wave in self.world.waves), Counter[Key]())
        done = self.done()
        twice += [f"{key} done {done[key]} times" for key in due if done[key] > due[key]]
        found.due, found.done = sum(due.values()), sum((due & done).values())
        found.lost, found.doubled, found.twice = found.due - found.done, len(twice), tuple(twice)
        found.left = tuple(str(key) for key in due - done)
        found.unforeseen = tuple(str(key) for key in done if key not in due)
        found.least = sum(least(wave.due) for wave in self.world.waves)
        return found


def least(due: Counter[Key]) -> int:
    """Transactions that a wave needs at least."""
    kinds = Counter(kind for kind, _ in due)
    batched = sum(-(-kinds.pop(kind, 0) // BATCH) for kind in ("pay", "release"))
    jurors = len({str(about).split()[0] for kind, about in due if kind == "juror"})
    kinds.pop("juror", None)
    return batched + jurors + sum(kinds.values())
