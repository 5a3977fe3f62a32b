"""The index of a deployment: its events and what they come to, asked for once, then only what is new.

A SQLite file per deployment in the user's cache, or the database that somebody named. It is rebuilt from the chain
whenever it does not fit (another schema, another deployment, a fork deeper than what is kept) and never migrated;
where it cannot be written, the same tables live in memory for one command.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import logging
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.chain import Block, Chain
from dmo.core.errors import NodeError
from dmo.core.logs import AT_ONCE, Moved, read_logs, sign_of_life
from dmo.core.records import Event, Stretch
from dmo.core.rpc import Request

if TYPE_CHECKING:
    from dmo.core.batches import NewRows
    from dmo.core.facts import Fact
    from dmo.core.tables import Cursor, Tables, Wake

_log = logging.getLogger(__name__)
_TRIES = 5
_PAUSE = 0.5
"""Seconds until a node that lags behind is asked again."""
_OLD_SECONDS = 90 * 86_400
_FIRST, _LOGS, _LONGER = 128, 6_000, 8
"""Blocks of the first step, logs that a step shall hold, and how much longer than the last it may be."""
_HASHES = 256
"""Of blocks, asked for at once where a fork is looked for."""
_DEPTH = 30
_DEPTHS = {1: 65, 11155111: 65, 560048: 65, 17000: 65, 137: 200, 80002: 200, 42161: 240, 42170: 240, 421614: 240}
"""After how many blocks one counts as final where the node does not say, by chain."""
_T = TypeVar("_T")
F = TypeVar("F", bound="Fact")


class StoredLog(NamedTuple):
    """A raw log: contract and its address, topics one after the other, time in Unix seconds."""

    contract: str
    address: str
    topics: bytes
    data: bytes
    block: int
    index: int  # type: ignore[assignment]  # of the block, not of the tuple
    tx: str
    at: int


class EventStore:
    """Logs, facts and folds of a deployment's contracts from their birth to one head; made new where there is none.

    Args:
        folder: Where stores are kept; None for memory.
        chain_id: The chain.
        addresses: Contract name → address. All their logs are kept, so a token that others use
            too does not belong here.
        birth: First block with anything of them.
        kinds: What is folded from them.
        url: A database that is used instead of the folder, as long as it holds this deployment.
        owns: Whether that one is made anew where it holds another, and its faults are raised.
    """

    def __init__(
        self,
        folder: Path | None,
        chain_id: int,
        addresses: Mapping[str, str],
        birth: int,
        kinds: Sequence[type[Fact]] = (),
        *,
        url: str | None = None,
        owns: bool = False,
    ) -> None:
        self.birth = birth
        self._contracts: dict[str, str] = {}
        for name, address in addresses.items():
            self._contracts.setdefault(address.lower(), name)
        self._key = json.dumps([chain_id, birth, sorted(self._contracts.items())])
        digest = hashlib.sha256(self._key.encode()).hexdigest()
        self.file = folder / f"events-{chain_id}-{digest[:16]}.sqlite" if folder else None
        self._kinds, self._owns = tuple(kinds), owns
        self._depth = _DEPTHS.get(chain_id, _DEPTH)
        # What is tried one after the other, memory at last.
        self._left: list[Path | str | None] = [*([url] if url else []), *([self.file] if self.file else []), None]
        self._opened: Tables | None = None
        self._synced: tuple[Chain, Block] | None = None
        self._reach = _FIRST

    @property
    def place(self) -> str:
        """Where it is kept, without a password."""
        return self._kept(lambda tables: tables.database.place)

    @property
    def cursor(self) -> Cursor:
        """Number and hash of the last block that it holds."""
        return self._kept(lambda tables: tables.cursor())

    @property
    def finalized(self) -> int | None:
        """The last block that is final, of those up to the cursor's head; None before anything was read."""
        return self._kept(lambda tables: tables.finalized())

    @property
    def _until(self) -> int:
        return self._synced[1].number if self._synced else 2**38

    def logs(self) -> Iterator[StoredLog]:
        """All logs up to the head of the last ``sync``, in the order of the chain."""
        yield from map(StoredLog._make, self._kept(lambda tables: list(tables.logs(self._until))))

    def last(self) -> int | None:
        """The block of the last log up to the same head; None where there is none."""
        return self._kept(lambda tables: tables.last(self._until))

    def events(self, names: Iterable[str], **where: Any) -> list[tuple[str, Event]]:
        """Events by name (``Contract.Event``) up to the same head whose arguments have these values."""
        wanted = list(names)
        return self._kept(lambda tables: tables.events(wanted, where, self._until))

    def news(self, names: Iterable[str], above: int) -> tuple[Block, list[tuple[str, Event]]] | None:
        """The head of the last ``sync``, and what happened above a block up to it; None where the index is past it."""
        if self._synced is None:
            return None
        head, wanted = self._synced[1], list(names)
        found = self._kept(lambda tables: tables.news(wanted, above, (head.number, head.hash)))
        return None if found is None else (head, found)

    def address(self, contract: str) -> str | None:
        """Where one of the contracts is."""
        return next((checksum(at) for at, name in self._contracts.items() if name == contract), None)

    def folds(self, kind: type[F], keys: Sequence[Any] | None = None) -> list[F] | None:
        """Things of a kind in the order of birth, all or by key; None where the index stands at another block."""
        if self._synced is None:
            return None
        head, texts = self._synced[1], None if keys is None else [key_text(key) for key in keys]
        return self._kept(lambda tables: tables.folds(kind, (head.number, head.hash), texts))

    def wakes(self, kinds: Iterable[str] = (), until: int | None = None) -> list[Wake]:
        """What there is to look at up to a time (Unix seconds), of some kinds or all; without a time, all there is."""
        wanted = list(kinds)
        return self._kept(lambda tables: tables.wakes(wanted, until))

    def still(self, kind: type[Fact], now: int) -> list[Wake] | None:
        """What waits for somebody's act at a time (Unix seconds); None where the index cannot say."""
        if self._synced is None:
            return None
        head = self._synced[1]
        return self._kept(lambda tables: tables.still(kind.__name__, (head.number, head.hash), now))

    def counts(self, now: int) -> dict[str, int]:
        """How many events, things, watched things, and those to look at by a time (Unix seconds) it holds."""
        return self._kept(lambda tables: tables.counts(now))

    def looked(self, at: Cursor, found: Sequence[Wake]) -> None:
        """Keep what was told of things at a block, if that still is the last one."""
        self._kept(lambda tables: tables.looked(at, found))

    def stretches(self, view: str) -> list[Stretch]:
        """What was kept of a view, by account and number."""
        return self._kept(lambda tables: tables.stretches(view))

    def keep(self, view: str, found: Sequence[Stretch]) -> None:
        """Keep what a view tells of moments ``SHALLOW`` blocks below the head of the last ``sync``, or deeper."""
        if self._synced and found:
            head = self._synced[1]
            self._kept(lambda tables: tables.keep((head.number, head.hash), view, found))

    def read_to(self, name: str, number: int | None = None, kept: str | None = None) -> int:
        """How far a reader of facts has come, a block; with a number it comes so far. Unwinding takes it back.

        With the block's hash it only comes so far if that block is still the chain's.
        """
        return self._kept(lambda tables: tables.read_to(name, number, kept))

    def sync(self, chain: Chain, head: Block) -> None:
        """Bring it to a head, in one round trip where something is new. Raises NetworkError: silent, or never still."""
        self._synced = (chain, head)
        self._kept(lambda tables: self._follow(tables, *(self._synced or (chain, head))))

    def rebuild(self) -> None:
        """Forget everything."""
        self._kept(lambda tables: tables.unwind(tables.cursor(), None))

    def close(self) -> None:
        """Close the database."""
        if self._opened is not None:
            self._opened.database.close()

    def _kept(self, work: Callable[[Tables], _T]) -> _T:
        """Work with the database; with the next where that fails, for a cache must not stop a reader."""
        from sqlalchemy import exc

        from dmo.core.schema import Foreign
        from dmo.core.tables import Tables

        is_next = False
        while True:
            place = self._left[0]
            try:
                if self._opened is None:
                    _sweep(place)
                    self._opened = Tables(
                        place,
                        self._key,
                        self._contracts,
                        self._kinds,
                        can_empty=self._owns or not isinstance(place, str),
                    )
                    if self._synced and is_next:
                        self._follow(self._opened, *self._synced)
                return work(self._opened)
            except (exc.SQLAlchemyError, OSError, ImportError, Foreign) as error:
                reason = getattr(error, "orig", error)
                if self._owns and place is not None:
                    name = {
                        Foreign: "index_foreign",
                        ModuleNotFoundError: "index_driver",
                        exc.DatabaseError: "index_damaged",
                    }.get(type(error), "index_fails")
                    raise words.network(name, place=_named(place), why=reason) from error
                if place is None:
                    raise
                if not isinstance(error, Foreign):
                    _log.warning("%s cannot be used, events are read anew: %s", _named(place), reason)
                if isinstance(place, Path) and type(error) is exc.DatabaseError:
                    with contextlib.suppress(OSError):  # damaged: the next command makes another
                        place.unlink()
                del self._left[0]
                is_next = True
                self.file, self._opened = None if self._left[0] is None else self.file, None

    def _follow(self, tables: Tables, chain: Chain, head: Block) -> None:
        host = str(getattr(chain.transport, "host", ""))
        if chain.span.blocks is None:
            known = tables.span(host)
            chain.span.blocks, chain.span.ceiling = known.blocks, known.ceiling
        before = (chain.span.blocks, chain.span.ceiling)
        often = gc.get_threshold()
        gc.set_threshold(_LOGS * 50, *often[1:])  # or else what a step holds is looked through several times
        try:
            head = self._steps(tables, chain, head)
        finally:
            gc.set_threshold(*often)
        self._synced = (chain, head)
        if host and (chain.span.blocks, chain.span.ceiling) != before:
            tables.keep_span(host, chain.span)

    def _steps(self, tables: Tables, chain: Chain, head: Block) -> Block:
        """Step until the head, or what came in its place, is reached. Raises NetworkError: never still, or no events.

        Contracts tell of their own birth, so a node that gives none of their events is not believed, nor is what it
        gave before.
        """
        moves, since, is_from_birth = 0, time.monotonic(), tables.cursor() is None
        while moves < _TRIES:
            try:
                if not self._step(tables, chain, head):
                    cursor = tables.cursor()
                    if cursor is None:
                        raise words.network("before_birth", birth=self.birth, block=head.number)
                    if tables.has_events():
                        return head
                    tables.unwind(cursor, None)
                    if is_from_birth:
                        raise words.network("no_events", block=head.number)
                    is_from_birth = True
                    continue
                since = sign_of_life(since, (tables.cursor() or (self.birth, ""))[0] + 1, head.number)
            except Moved as moved:
                moves, head = moves + 1, next(iter(moved.args), head)
        raise words.network("node_unsteady")

    def _step(self, tables: Tables, chain: Chain, head: Block) -> bool:
        """Add one range of blocks in one transaction; says whether there may be more.

        Raises:
            Moved: What the file holds is no longer true and was forgotten, or cannot be compared.
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
        reach = min(self._reach, (chain.span.blocks or self._reach) * AT_ONCE)
        high = min(head.number, low + reach - 1)
        also = [_ask_header("finalized"), _ask_header(high), *([_ask_header(cursor[0])] if cursor else [])]
        raws, (final, top, *under) = read_logs(
            chain.transport, chain.span, {"address": list(self._contracts)}, low, high, also
        )
        last = _hash(top)
        if last is None:
            chain.sleep(_PAUSE)  # one of several nodes behind one address, and it lags
            raise Moved
        if cursor and _hash(under[0]) != cursor[1]:
            self._unwind(tables, chain, cursor)
        if high == head.number and last != head.hash:
            raise Moved(Block.of(top))
        batch, count = self._batch(tables, chain, raws, low, high), len(raws)
        del raws  # half of what a step holds
        if batch.hashes.setdefault(high, last) != last:
            raise Moved
        is_added = tables.add(cursor, batch, (high, last), self._final(final, head))
        self._reach = max(min(reach * _LONGER, reach * _LOGS // (count or 1)), 1)
        return high < head.number or not is_added

    def _final(self, answer: Any, head: Block) -> int:
        """The last block that is final: what the node says, or so deep that others take it for final."""
        if isinstance(answer, dict):
            return min(int(answer["number"], 16), head.number)
        return max(head.number - self._depth, 0)

    def _unwind(self, tables: Tables, chain: Chain, cursor: tuple[int, str]) -> NoReturn:
        """Forget everything above the last block that is still the chain's; below that, all."""
        hashes = [*tables.hashes().items()]
        for start in range(0, len(hashes), _HASHES):
            part = hashes[start : start + _HASHES]
            answers = chain.transport.batch([_ask_header(number) for number, _ in part])
            for (number, kept), answer in zip(part, answers, strict=True):
                if _hash(answer) == kept:
                    tables.unwind(cursor, (number, kept))
                    raise Moved
        _log.info("no block that is kept is the chain's: events are read anew")
        tables.unwind(cursor, None)
        raise Moved

    @staticmethod
    def _batch(tables: Tables, chain: Chain, raws: list[Any], low: int, high: int) -> NewRows:
        """Logs as the tables take them."""
        try:
            untold = {int(raw["blockNumber"], 16) for raw in raws if not raw.get("blockTimestamp")}
            heads = chain.blocks(untold)
            batch = tables.logs_in.batch(raws, low, high, {number: head.timestamp for number, head in heads.items()})
        except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
            raise words.network("no_logs") from error
        for number, head in heads.items():
            if batch.hashes.setdefault(number, head.hash) != head.hash:
                raise Moved
        return batch


def key_text(key: Any) -> str:
    """A fact's key as the index has it."""
    parts = key if isinstance(key, tuple) else (key,)
    return ".".join(part.lower() if isinstance(part, str) else str(int(part)) for part in parts)


def _named(place: Path | str) -> str:
    """A database for a message: without its password."""
    from sqlalchemy import make_url

    return make_url(place).render_as_string() if isinstance(place, str) else str(place)


def _sweep(file: Path | str | None) -> None:
    """Remove what nobody has added to for long: chains of tests, deployments that are over."""
    for other in file.parent.glob("events-*.sqlite*") if isinstance(file, Path) and not file.exists() else ():
        if other.stat().st_mtime < time.time() - _OLD_SECONDS:
            other.unlink(missing_ok=True)


def _ask_header(block: int | str) -> Request:
    return "eth_getBlockByNumber", [block if isinstance(block, str) else hex(block), False]


def _hash(header: Any) -> str | None:
    """A header's hash; None where the node does not have the block."""
    if isinstance(header, NodeError):
        raise header
    return str(header["hash"]) if isinstance(header, dict) else None
