"""The events of a deployment, kept between commands: asked for once, then only what is new.

One SQLite file per deployment in the user's cache. It is rebuilt from the chain whenever it does
not fit (another schema, another deployment, a fork deeper than what is kept) and never migrated;
where it cannot be written, the same tables live in memory for one command.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from dmo.core import words
from dmo.core.chain import Block, Chain
from dmo.core.errors import NodeError
from dmo.core.logs import AT_ONCE, read_logs
from dmo.core.rpc import Request

if TYPE_CHECKING:
    from dmo.core.tables import Tables

_log = logging.getLogger(__name__)
_TRIES = 5
_PAUSE = 0.5
"""Seconds until a node that lags behind is asked again."""
_OLD_SECONDS = 90 * 86_400
_T = TypeVar("_T")


class StoredLog(NamedTuple):
    """A raw log: contract and address as the store was opened with them, 0x texts, time in Unix seconds."""

    contract: str
    address: str
    topics: list[str]
    data: str
    block: int
    index: int  # type: ignore[assignment]  # of the block, not of the tuple
    tx: str
    at: int


class _Moved(Exception):
    """Chain or file changed while it was read: look again, at its argument as the head if it has one."""


class EventStore:
    """Raw logs of a deployment's contracts from their birth to one head; made new where there is none.

    Args:
        folder: Where stores are kept; None for memory.
        chain_id: The chain.
        addresses: Contract name → address. All their logs are kept, so a token that others use
            too does not belong here.
        birth: First block with anything of them.
    """

    def __init__(self, folder: Path | None, chain_id: int, addresses: Mapping[str, str], birth: int) -> None:
        self.birth = birth
        self._names: dict[str, tuple[str, str]] = {}
        for name, address in addresses.items():
            self._names.setdefault(address.lower(), (name, address))
        self._key = json.dumps([chain_id, birth, sorted(self._names)])
        digest = hashlib.sha256(self._key.encode()).hexdigest()
        self.file = folder / f"events-{chain_id}-{digest[:16]}.sqlite" if folder else None
        self._opened: Tables | None = None
        self._synced: tuple[Chain, Block] | None = None

    def logs(self) -> Iterator[StoredLog]:
        """All logs up to the head of the last ``sync``, in the order of the chain."""
        until = self._synced[1].number if self._synced else None
        for block, index, address, topics, data, tx, at in self._kept(lambda t: t.logs(until)):
            yield StoredLog(*self._names[address], topics.split(), data, block, index, tx, at)

    def sync(self, chain: Chain, head: Block) -> None:
        """Bring it to a head, in one round trip where something is new. Raises NetworkError: silent, or never still."""
        self._synced = (chain, head)
        self._kept(lambda tables: self._follow(tables, chain, head))

    def _kept(self, work: Callable[[Tables], _T]) -> _T:
        """Work with the file; in memory where that fails, for a cache must not stop a reader."""
        from sqlalchemy import exc

        from dmo.core.tables import Tables

        try:
            if self._opened is None:
                _sweep(self.file)
                self._opened = Tables(self.file, self._key)
            return work(self._opened)
        except (exc.SQLAlchemyError, OSError) as error:
            if self.file is None:
                raise
            reason = getattr(error, "orig", error)
            _log.warning("%s cannot be used, events are read anew: %s", self.file, reason)
            if isinstance(error, exc.DatabaseError) and not isinstance(error, exc.OperationalError):
                with contextlib.suppress(OSError):  # damaged: the next command makes another
                    self.file.unlink()
            self.file = None
            self._opened = Tables(None, self._key)
            if self._synced:
                self._follow(self._opened, *self._synced)
            return work(self._opened)

    def _follow(self, tables: Tables, chain: Chain, head: Block) -> None:
        host = str(getattr(chain.transport, "host", ""))
        if chain.span.blocks is None:
            known = tables.span(host)
            chain.span.blocks, chain.span.ceiling = known.blocks, known.ceiling
        before = (chain.span.blocks, chain.span.ceiling)
        moves = 0
        while moves < _TRIES:
            try:
                if not self._step(tables, chain, head):
                    break
            except _Moved as moved:
                moves, head = moves + 1, next(iter(moved.args), head)
        else:
            raise words.network("node_unsteady")
        self._synced = (chain, head)
        if host and (chain.span.blocks, chain.span.ceiling) != before:
            tables.keep_span(host, chain.span)

    def _step(self, tables: Tables, chain: Chain, head: Block) -> bool:
        """Add one range of blocks in one transaction; says whether there may be more.

        Raises:
            _Moved: What the file holds is no longer true and was forgotten, or cannot be compared.
        """
        cursor = tables.cursor()
        if cursor and cursor[0] >= head.number:
            known = tables.hashes().get(head.number)
            if known is None:
                (header,) = chain.transport.batch([_ask_header(cursor[0])])
                if _hash(header) == cursor[1]:
                    return False
            if known != head.hash:
                self._unwind(tables, chain, cursor)
            return False
        low = cursor[0] + 1 if cursor else self.birth
        if low > head.number:
            return False
        reach = chain.span.blocks
        high = min(head.number, low + reach * AT_ONCE - 1) if reach else head.number
        also = [_ask_header(high), *([_ask_header(cursor[0])] if cursor else [])]
        raws, (top, *under) = read_logs(chain.transport, chain.span, {"address": list(self._names)}, low, high, also)
        last = _hash(top)
        if last is None:
            chain.sleep(_PAUSE)  # one of several nodes behind one address, and it lags
            raise _Moved
        if cursor and _hash(under[0]) != cursor[1]:
            self._unwind(tables, chain, cursor)
        if high == head.number and last != head.hash:
            raise _Moved(Block.of(top))
        rows, hashes = self._rows(chain, raws, low, high)
        if hashes.setdefault(high, last) != last:
            raise _Moved
        is_added = tables.add(cursor, rows, hashes, (high, last))
        return high < head.number or not is_added

    def _unwind(self, tables: Tables, chain: Chain, cursor: tuple[int, str]) -> NoReturn:
        """Forget everything above the last block that is still the chain's; below that, all."""
        hashes = tables.hashes()
        answers = chain.transport.batch([_ask_header(number) for number in hashes])
        for (number, kept), answer in zip(hashes.items(), answers, strict=True):
            if _hash(answer) == kept:
                tables.unwind(cursor, (number, kept))
                raise _Moved
        _log.info("no block that is kept is the chain's: events are read anew")
        tables.unwind(cursor, None)
        raise _Moved

    def _rows(self, chain: Chain, raws: list[Any], low: int, high: int) -> tuple[list[dict[str, Any]], dict[int, str]]:
        """Logs as the tables take them, and the hashes of their blocks."""
        try:
            rows = [self._row(raw, range(low, high + 1)) for raw in raws]
            known = [(row["block"], raw.get("blockHash")) for row, raw in zip(rows, raws, strict=True)]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise words.network("no_logs") from error
        heads = chain.blocks(row["block"] for row in rows if row["at"] is None)
        hashes: dict[int, str] = {}
        for number, its in [*known, *((number, head.hash) for number, head in heads.items())]:
            if its and hashes.setdefault(number, its) != its:
                raise _Moved
        for row in rows:
            row["at"] = heads[row["block"]].timestamp if row["at"] is None else row["at"]
        unique = {(row["block"], row["idx"]): row for row in rows}
        return [unique[key] for key in sorted(unique)], hashes

    def _row(self, raw: Any, blocks: range) -> dict[str, Any]:
        block, address, moment = int(raw["blockNumber"], 16), raw["address"].lower(), raw.get("blockTimestamp")
        if block not in blocks or address not in self._names:
            raise ValueError(block)
        return {
            "block": block,
            "idx": int(raw["logIndex"], 16),
            "address": address,
            "topics": " ".join(raw["topics"]),
            "data": raw["data"],
            "tx": raw["transactionHash"],
            "at": int(moment, 16) if moment else None,
        }


def _sweep(file: Path | None) -> None:
    """Remove what nobody has added to for long: chains of tests, deployments that are over."""
    for other in file.parent.glob("events-*.sqlite") if file and not file.exists() else ():
        if other.stat().st_mtime < time.time() - _OLD_SECONDS:
            other.unlink(missing_ok=True)


def _ask_header(number: int) -> Request:
    return "eth_getBlockByNumber", [hex(number), False]


def _hash(header: Any) -> str | None:
    """A header's hash; None where the node does not have the block."""
    if isinstance(header, NodeError):
        raise header
    return str(header["hash"]) if isinstance(header, dict) else None
