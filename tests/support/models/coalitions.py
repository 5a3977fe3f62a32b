"""What a coalition may have gained by a piece of work, written from docs/threat-model.md.

A coalition is any set of accounts in one hand: leads, workers, challengers, upholders, jurors, holders.
Its gain by a piece of work is what all its accounts together got out of it, beyond what honesty would have
brought: its payees' shares if the work was good and was paid, and all stakes back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tests.support.models.disputes import CHALLENGED, CONTESTED, DOES_NOT_PAY, NO_RULING, PAYS
from tests.support.models.jury import Reveal, quorum, verdict

HONEST, UNPAID, GUILTY, RIGHT = "honest", "unpaid", "guilty", "right"
KEPT, UNRULED, CAPTURED, FEE = "kept", "unruled", "captured", "fee"
KINDS = {
    HONEST: "good work, paid",
    UNPAID: "work that was refused or withdrawn",
    GUILTY: "work of which a ruling said the truth, and all stakes lost were the coalition's",
    RIGHT: "work of which a ruling said the truth, and an outsider had staked on the contrary",
    KEPT: "junk that nobody challenged, or whose rejection nobody upheld",
    UNRULED: "work whose jurors did not come",
    CAPTURED: "work of which a ruling said the contrary of the truth",
    FEE: "a campaign's fee, where junk was paid out of its voted money",
}


@dataclass
class Hearing:
    """A dispute before the jury.

    Attributes:
        weights: Everybody's weight, parties' too, read when it was opened.
        commits: What jurors are bound to: account to ruling and salt.
    """

    number: int
    opened_at: int
    boundary: int
    whole: int
    quorum_bps: int
    weights: dict[str, int]
    commits: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    reveals: list[Reveal] = field(default_factory=list)

    def ruling(self, parties: Collection[str]) -> int:
        """What the reveals rule."""
        their = sum(self.weights[who] for who in parties)
        return verdict(self.reveals, quorum(self.whole, self.quorum_bps, their))

    def revealed(self, accounts: Collection[str], ruling: int | None = None) -> int:
        """The weight that these accounts showed (for a ruling)."""
        return sum(r.weight for r in self.reveals if r.juror in accounts and ruling in (None, r.ruling))


@dataclass
class Job:
    """A submission, and the truth about it.

    Attributes:
        wish: What a coalition's jurors would like to be ruled.
        kind: How it is disputed; empty if it is not.
        paid: What its payees got; None while it is live.
        ruling: Of its dispute, once it has ended.
        bond: Each stake of its dispute.
        got: What everybody got out of it, less what was put in; by account.
    """

    worker: str
    payees: Sequence[tuple[str, int]]
    is_good: bool
    wish: int
    kind: str = ""
    opener: str = ""
    upholder: str = ""
    lead: str = ""
    hearing: Hearing | None = None
    reward: int = 0
    bond: int = 0
    paid: dict[str, int] | None = None
    ruling: int = NO_RULING
    got: dict[str, int] = field(default_factory=dict)

    @property
    def truth(self) -> int:
        return PAYS if self.is_good else DOES_NOT_PAY

    @property
    def parties(self) -> set[str]:
        """Who cannot judge it."""
        named = {self.worker, self.opener, self.upholder, self.lead} - {""}
        accounts = {account for account, _ in self.payees}
        return named | {a for a in accounts if sum(bps for who, bps in self.payees if who == a) >= 1_000}

    @property
    def losers(self) -> set[str]:
        """Whose stake the ruling took."""
        if self.kind == CHALLENGED:
            return {self.opener if self.ruling == PAYS else self.worker}
        return {self.upholder if self.ruling == PAYS else self.worker}

    def add(self, account: str, amount: int) -> None:
        self.got[account] = self.got.get(account, 0) + amount


def outcome(job: Job, coalition: Collection[str]) -> tuple[str, int, int]:
    """How work ended, as far as a coalition goes: the kind, its gain, and the most that can be."""
    assert job.paid is not None
    share = sum(amount for account, amount in job.paid.items() if account in coalition)
    gain = sum(amount for account, amount in job.got.items() if account in coalition)
    kept = 0 if job.is_good else share
    gain -= share - kept
    if job.kind in ("", CONTESTED):
        kind, most = (HONEST if job.is_good else KEPT) if job.paid else UNPAID, kept
    elif job.ruling == NO_RULING:
        kind, most = UNRULED, kept + 2 * (job.bond // 10)
    else:
        prize = 0 if job.losers <= set(coalition) else job.bond
        if job.ruling != job.truth:
            return CAPTURED, gain, kept + prize
        kind, most = (RIGHT if prize else GUILTY), prize
    return kind, gain, most


def fee_outcome(fee: int, budget: int, good: int, junk: int, got: int) -> tuple[int, int]:
    """What a coalition of leads got of a fee beyond its part for good work, and the most that can be.

    Args:
        fee: The whole fee.
        budget: The voted money that it is the fee for.
        good: What good work was paid of that.
        junk: What junk was paid of that.
        got: What the coalition got of the fee.
    """
    return got - fee * good // budget, fee * (good + junk) // budget - fee * good // budget
