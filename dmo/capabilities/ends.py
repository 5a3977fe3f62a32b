"""Where the money of contested and disputed work goes: told before it moves, and read once it has moved.

The desk alone decides. Beforehand the Lens says what each ruling would bring, by the desk's own table; ``Settlement``
is that, and what the desk then did.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Literal

from dmo.core import abi, words
from dmo.core.chain import Event
from dmo.core.kinds import choice
from dmo.home.home import Home

Purse = Literal["opener", "upholder", "worker", "fee"]
"""What a settlement takes from: the opener's stake, the upholder's, the worker's bond, the lead's fee."""
_RULINGS = ("no ruling", "pay", "refuse")


class Ruling(IntEnum):
    """What an arbitrator can say of disputed work; with none, the lead's verdict stands."""

    NONE = 0
    PAY = 1
    REFUSE = 2

    @property
    def text(self) -> str:
        """As machines are told."""
        return _RULINGS[self]


RULING = replace(
    choice("ruling", *_RULINGS),
    show=lambda home, ruling: "" if ruling is None else _RULINGS[ruling],
    plain=lambda ruling: None if ruling is None else _RULINGS[ruling],
)


@dataclass(frozen=True)
class Move:
    """Part of a settlement, in units of the budget token: from what, to whom."""

    amount: int
    source: Purse
    to: Literal["opener", "upholder", "worker", "jurors", "pool"]
    is_back: bool = False


@dataclass(frozen=True)
class Settlement:
    """Who gets what beside the reward itself, in units of the budget token, as the desk tells.

    Stakes (``bond`` of the opener, and of the upholder if there is one), the worker's bond and ``fee_taken`` are given
    out whole: ``…_back`` returns, ``to_…`` is won of what others lose.
    """

    opener: str
    upholder: str
    bond: int
    opener_back: int
    upholder_back: int
    worker_back: int
    fee_taken: int
    to_opener: int
    to_upholder: int
    to_worker: int
    to_jurors: int
    to_pool: int

    @property
    def moves(self) -> tuple[Move, ...]:
        """The same as amounts that went from somewhere to somebody; they add up to both sums."""
        found = [
            Move(self.opener_back, "opener", "opener", is_back=True),
            Move(self.upholder_back, "upholder", "upholder", is_back=True),
            Move(self.worker_back, "worker", "worker", is_back=True),
            Move(self.fee_taken, "fee", "pool"),
        ]
        won = {"opener": self.to_opener, "upholder": self.to_upholder, "worker": self.to_worker}
        left: dict[Any, int] = {**won, "jurors": self.to_jurors, "pool": self.to_pool - self.fee_taken}
        staked = self.bond if int(self.upholder, 16) else 0
        lost = {"opener": self.bond - self.opener_back, "upholder": staked - self.upholder_back}
        # What stakes lose is won first; the worker's bond pays for the rest.
        purses: dict[Any, int] = {**lost, "worker": sum(left.values()) - sum(lost.values())}
        for source, amount in purses.items():
            for to in left:
                part = min(amount, left[to])
                found.append(Move(part, source, to))
                amount, left[to] = amount - part, left[to] - part
        return tuple(move for move in found if move.amount)


def settlement_of(event: Event) -> Settlement:
    """What a ``DisputeSettled`` says."""
    raw = event.arguments["settlement"]
    return Settlement(**abi.argument("DisputeDesk", "DisputeSettled", "settlement", raw))


def settlement(home: Home, submission: int) -> Settlement:
    """Who got what of a submission's dispute; NotFound where there is none that is settled."""
    for event in home.events("DisputeDesk.DisputeSettled", submission=submission):
        return settlement_of(event)
    raise words.missing("not_settled", submission=submission)


@dataclass(frozen=True)
class End:
    """A way in which a dispute can end: by a ruling, or because nobody upholds a rejection that is contested."""

    ruling: Ruling
    is_paid: bool
    moved: Settlement
    is_unanswered: bool = False


def ends(home: Home, submission: int) -> list[End]:
    """What each end would bring, as things are now: paying, refusing, no ruling, nobody who upholds."""
    told = abi.named("Lens", "endsOf", home.ask("Lens", "endsOf", submission))
    none, pay, refuse, *unanswered = [Settlement(**one) for one in told]
    return [
        End(Ruling.PAY, True, pay),
        End(Ruling.REFUSE, False, refuse),
        End(Ruling.NONE, not unanswered, none),
        *(End(Ruling.NONE, True, one, is_unanswered=True) for one in unanswered),
    ]
