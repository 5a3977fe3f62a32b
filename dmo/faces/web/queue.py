"""The relay's queue: what was taken is on the disk before anybody is told so, and is read back after a kill.

A file of lines, each a thing that happened: a ballot was taken, it is about to leave in a transaction, what became of
it. A line that was cut off by a kill was never answered for. The file is written anew at the beginning, and when it
has grown: of what was over a day before the last, only how many ballots each voter had sent is kept.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from dmo.core import words
from dmo.core.files import compact_json, read_lines, write_text
from dmo.home.ballots import SignedBallot, signed_ballot

DAY = 86_400
OVER = ("cast", "skipped")
_MOST_LINE = 64 * 1024
_GROWN = 20_000
"""Lines after which the file is written anew."""


@dataclass(frozen=True)
class Taken:
    """A ballot on its way.

    Attributes:
        at: When it was taken, Unix seconds.
        state: waiting, sent, cast or skipped.
        txs: The transactions that it left in; of those with one nonce only one is ever mined, and it comes last.
        why: The contract's error because of which it was skipped or waits, and its arguments.
    """

    ballot: SignedBallot
    at: float
    state: str = "waiting"
    txs: tuple[str, ...] = ()
    block: int | None = None
    why: tuple[str, Mapping[str, Any]] | None = None

    def become(self, tx: str | None = None, **new: Any) -> Taken:
        """The same with what became of it."""
        txs = (*(one for one in self.txs if one != tx), tx) if tx else self.txs
        return replace(self, txs=txs, **new)


class RelayQueue:
    """What was taken, in the order it came; not for several threads at once.

    Args:
        file: Where it is kept; None for memory alone.
        place: Chain and board that its ballots are for.
    """

    def __init__(self, file: Path | None, place: tuple[int, str]) -> None:
        self.file, self._place = file, place
        self.entries: dict[str, Taken] = {}
        self.counts: Counter[tuple[str, int]] = Counter()
        self._stream: IO[str] | None = None
        self._held: IO[str] | None = None
        self._lines = 0
        if file is not None:
            self._begin(file)

    # ── what happens ──

    def take(self, key: str, one: Taken) -> None:
        """Have a ballot on the disk, then in the queue. Raises BadInput: it cannot be written down."""
        self._write([_took(key, one)])
        self._add(key, one)

    def become(self, keys: Iterable[str], **new: Any) -> None:
        """What became of ballots; on the disk on return. Raises BadInput: it cannot be written down."""
        keys = [*keys]
        self._write([{"id": key, **new} for key in keys])
        for key in keys:
            self.entries[key] = self.entries[key].become(**new)
        if self._lines > _GROWN:
            self._write_anew()

    # ── what there is ──

    def of(self, *states: str) -> list[tuple[str, Taken]]:
        """What is in one of these states."""
        return [(key, one) for key, one in self.entries.items() if one.state in states]

    def unsettled(self, final: int) -> list[tuple[str, Taken]]:
        """What is on its way, or was told of in a block above the last one that is final."""
        return [
            (key, one)
            for key, one in self.entries.items()
            if one.state not in OVER or (one.block is not None and one.block > final)
        ]

    def since(self, at: float) -> int:
        """How many were taken since a moment, Unix seconds."""
        return sum(one.at > at for one in self.entries.values())

    # ── the file ──

    def _begin(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._held = file.with_suffix(".lock").open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise words.bad("relay_runs", field="--relay") from None
        except OSError as error:
            raise words.bad("unwritable", why=error.strerror).at(str(file)) from error
        for line in self._read(file):
            with suppress(KeyError, TypeError):  # of another version, or cut off
                self._happened(line)
        self._write_anew()

    @staticmethod
    def _read(file: Path) -> Iterator[dict[str, Any]]:
        with suppress(FileNotFoundError):
            for raw in read_lines(file, _MOST_LINE):
                with suppress(ValueError):
                    yield json.loads(raw)

    def _happened(self, line: Mapping[str, Any]) -> None:
        if "took" in line:
            ballot = signed_ballot(json.dumps(line["ballot"]).encode(), *self._place)
            self._add(line["id"], Taken(ballot, line["took"]))
        elif "count" in line:
            self.counts[line["voter"], line["round"]] += line["count"]
        else:
            new = {key: one for key, one in line.items() if key != "id"}
            self.entries[line["id"]] = self.entries[line["id"]].become(**new)

    def _add(self, key: str, one: Taken) -> None:
        self.entries[key] = one
        self.counts[_whose(one)] += 1

    def _write_anew(self) -> None:
        """Without what nobody asks for again; a voter's count of a round is needed until two rounds later."""
        latest = max((one.at for one in self.entries.values()), default=0.0) - DAY
        kept = {key: one for key, one in self.entries.items() if one.state not in OVER or one.at > latest}
        newest = max((number for _, number in self.counts), default=0)
        gone = Counter({key: count for key, count in self.counts.items() if key[1] >= newest - 1})
        self.counts = Counter(gone)
        gone.subtract(_whose(one) for one in kept.values())
        lines: list[dict[str, Any]] = [
            {"count": count, "voter": voter, "round": number} for (voter, number), count in gone.items() if count > 0
        ]
        for key, one in kept.items():
            lines.append(_took(key, one))
            lines += [{"id": key, "tx": tx} for tx in one.txs]
            if one.state != "waiting":
                lines.append({"id": key, "state": one.state, "block": one.block, "why": one.why})
        self.entries, self._lines = kept, len(lines)
        if self.file is not None:
            if self._stream is not None:
                self._stream.close()
            try:
                write_text(self.file, "".join(map(compact_json, lines)), mode=0o600)
                self._stream = self.file.open("a", encoding="utf-8")
            except OSError as error:
                raise words.bad("unwritable", why=error.strerror).at(str(self.file)) from error

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._lines += len(lines)
        if self._stream is None:
            return
        try:
            self._stream.write("".join(map(compact_json, lines)))
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except (OSError, ValueError) as error:
            raise words.bad("relay_disk", why=getattr(error, "strerror", "")) from error

    def close(self) -> None:
        """Let the file go; whoever goes on has to begin anew."""
        for one in (self._stream, self._held):
            if one is not None:
                one.close()


def _whose(one: Taken) -> tuple[str, int]:
    return one.ballot.ballot.voter, one.ballot.ballot.round


def _took(key: str, one: Taken) -> dict[str, Any]:
    voter, number, at, in_favour, against, signature = one.ballot.as_tuple()
    told = {"voter": voter, "round": number, "at": at, "in_favour": in_favour, "against": against}
    return {"took": one.at, "id": key, "ballot": {**told, "signature": signature}}
