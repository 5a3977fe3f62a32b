"""What was sent and not told to the end: on the disk before it leaves, so that no way out forgets it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.chain import Chain, raised
from dmo.core.errors import BadInput, NodeError
from dmo.core.files import read_json, write_text
from dmo.core.records import Receipt

_LOOKS = 4
_MOST_BYTES = 1024 * 1024
_PAUSE = 0.5
"""Seconds until a transaction that the node does not know is looked for again: it may lag behind."""


@dataclass(frozen=True)
class Entry:
    """A transaction about to leave.

    Attributes:
        said: The act as it was asked for, by which it is known again.
        step: Its place among the act's transactions, from 1.
        steps: How many those are.
    """

    tx: str
    nonce: int
    said: str
    description: str
    step: int
    steps: int


@dataclass(frozen=True)
class Fate:
    """What became of it: ``mined``, ``failed``, ``pending`` or ``dropped``; the receipt where there is one."""

    entry: Entry
    state: str
    receipt: Receipt | None = None

    @property
    def told(self) -> dict[str, Any]:
        """For machines."""
        one, block = self.entry, self.receipt.block if self.receipt else None
        told = {"hash": one.tx, "step": one.step, "steps": one.steps, "description": one.description}
        return {**told, "state": self.state, "block": block}

    @property
    def text(self) -> str:
        """For people."""
        return words.word("sent", self.state).format(**self.told)


@dataclass(frozen=True)
class Outbox:
    """The file of one account at one deployment; there is none while nothing is under way."""

    file: Path

    def entries(self) -> list[Entry]:
        """All of it. Raises BadInput: the file cannot be read."""
        try:
            return [Entry(**one) for one in read_json(self.file, _MOST_BYTES)]
        except FileNotFoundError:
            return []
        except (BadInput, TypeError) as error:
            raise words.bad("no_outbox").at(str(self.file)) from error

    def keep(self, entries: Iterable[Entry]) -> None:
        """Have these on the disk on return, and nothing else. Raises BadInput: it cannot be written."""
        kept = [asdict(one) for one in entries]
        try:
            if kept:
                write_text(self.file, json.dumps(kept, indent=1), mode=0o600)
            else:
                self.file.unlink(missing_ok=True)
        except OSError as error:
            raise words.bad("unwritable", why=error.strerror).at(str(self.file)) from error

    def add(self, entry: Entry) -> None:
        """Write down what is about to leave; it takes the place of what the node did not take under its nonce."""
        self.keep([*(one for one in self.entries() if one.nonce != entry.nonce), entry])

    def fates(self, chain: Chain, account: str) -> list[Fate]:
        """What became of each, as the node tells it. What it does not know yet is looked for a little longer."""
        found: list[Fate] = []
        for one in self.entries():
            for turn in range(_LOOKS):
                asked = [("eth_getTransactionReceipt", [one.tx]), ("eth_getTransactionByHash", [one.tx])]
                raw, known = raised(chain.transport.batch(asked), NodeError)
                receipt = Receipt.of(raw)
                if receipt or known or turn == _LOOKS - 1 or chain.nonce(account, pending=False) > one.nonce:
                    break
                chain.sleep(_PAUSE)
            state = ("mined" if receipt.is_ok else "failed") if receipt else "pending" if known else "dropped"
            found.append(Fate(one, state, receipt))
        return found
