"""What the keeper signed, on the disk before it leaves: for logs, the day's cap, and what to sign again.

Nothing in it is needed for what is done next: without it the same acts are done.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Self

from dmo.core import words
from dmo.core.errors import BadInput
from dmo.core.files import read_json, write_text
from dmo.core.sender import Fees, Sent

DAY = 86_400
KEPT = 256
"""Blocks after which no reorganisation is expected to reach an entry."""
_MOST_BYTES = 64 * 1024 * 1024
_OPEN = "sent"


@dataclass
class Signed:
    """A transaction that was signed.

    Attributes:
        block: Number of the block on whose state it acted.
        day: The chain's day then, for the cap.
        act: The act, and its keys; without keys it only frees its nonce.
        state: ``sent``, ``mined``, ``reverted``, ``replaced`` by another of the keeper's, or ``lost`` to a stranger's.
        cost: What it took, wei; before it is mined, the most it could.
        is_cheap: The node did not take it for its fees.
    """

    nonce: int
    tx: str
    block: int
    day: int
    act: str
    keys: list[str]
    to: str
    data: str
    gas: int
    max_fee: int
    priority: int
    is_old: bool = False
    state: str = _OPEN
    cost: int = 0
    is_cheap: bool = False

    @classmethod
    def of(cls, sent: Sent, block: int, day: int, act: str, keys: list[str]) -> Self:
        """What was signed for some tasks on a block."""
        call, fees, most = sent.call, sent.fees, sent.gas * sent.fees.max_fee
        its = call.to, call.data.hex(), sent.gas, fees.max_fee, fees.priority, fees.base is None
        return cls(sent.nonce, sent.tx, block, day, act, keys, *its, cost=most)

    @property
    def names(self) -> list[str]:
        """The tasks it does."""
        return [f"{self.act} {key}" for key in self.keys]

    @property
    def fees(self) -> Fees:
        """Its fees; those of a chain without a base fee are one price."""
        return Fees(self.max_fee, self.priority, None if self.is_old else 0)


@dataclass
class Logbook:
    """The file of one account at one deployment. Raises BadInput: it is there, and cannot be read."""

    file: Path
    signed: list[Signed] = field(default_factory=list)
    is_new: bool = True
    _held: IO[str] | None = None

    def __post_init__(self) -> None:
        try:
            self.signed = [Signed(**one) for one in read_json(self.file, _MOST_BYTES)]
            self.is_new = False
        except FileNotFoundError:
            pass
        except (BadInput, TypeError) as error:
            raise words.bad("no_journal").at(str(self.file)) from error

    def lock(self) -> None:
        """Be the only keeper of this account here, until this process ends. Raises BadInput: another one is."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._held = self.file.with_suffix(".lock").open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise words.bad("keeper_runs", field="--account") from None
        except OSError as error:
            raise words.bad("unwritable", why=error.strerror).at(str(self.file)) from error

    def close(self) -> None:
        """Let another be it."""
        if self._held is not None:
            self._held.close()

    def keep(self) -> None:
        """Have it on the disk on return. Raises BadInput: it cannot be written."""
        try:
            write_text(self.file, json.dumps([asdict(one) for one in self.signed]), mode=0o600)
        except OSError as error:
            raise words.bad("unwritable", why=error.strerror).at(str(self.file)) from error
        self.is_new = False

    def add(self, one: Signed) -> None:
        """Write down what is about to leave; what is long over goes."""
        self.signed = [
            old for old in self.signed if old.day >= one.day or old.block > one.block - KEPT or old.nonce >= one.nonce
        ]
        self.signed.append(one)
        self.keep()

    def drop(self, one: Signed) -> None:
        """It has not left, and will not."""
        self.signed.remove(one)
        self.keep()

    def at(self, nonce: int) -> list[Signed]:
        """What was signed under a nonce, the oldest first."""
        return [one for one in self.signed if one.nonce == nonce]

    @property
    def open(self) -> list[Signed]:
        """What nobody knows the end of yet."""
        return [one for one in self.signed if one.state == _OPEN]

    def reopen(self, nonce: int) -> list[Signed]:
        """After a reorganisation a nonce is free again, and those after it: what had ended has not; says what."""
        found = [one for one in self.signed if one.nonce >= nonce and one.state != _OPEN]
        for one in found:
            one.state, one.cost = _OPEN, one.gas * one.max_fee
        return found

    def end(self, one: Signed, state: str, cost: int) -> None:
        """One was mined, or none of its nonce: the others of it cost nothing."""
        for other in self.at(one.nonce):
            other.state, other.cost = "replaced", 0
        one.state, one.cost = state, cost

    def spent(self, day: int, besides: Iterable[int] = ()) -> int:
        """What a day took at most, wei, besides some nonces: of the transactions under a nonce only one is mined."""
        most: dict[int, int] = {}
        for one in self.signed:
            if one.day == day and one.nonce not in besides:
                most[one.nonce] = max(most.get(one.nonce, 0), one.cost)
        return sum(most.values())
