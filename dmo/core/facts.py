"""Facts: things that events tell of. One snapshot a command, one store of events.

A fact is a dataclass whose fields carry kinds. An event bears it; every other event that holds its
key sets the fields of its names, unless the fact has a method of its own for it (``@on``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, get_args, get_type_hints

from dmo.core import abi
from dmo.core.chain import Block, Chain, Event, Read, raised
from dmo.core.errors import Refused
from dmo.core.kinds import Kind, Value

if TYPE_CHECKING:
    from dmo.core.records import Stretch
    from dmo.core.store import EventStore

F = TypeVar("F", bound="Fact")
Teller = Callable[[Any, str, Event], Any]


def on(event: str) -> Callable[[Callable[[Any, Event], None]], Callable[[Any, Event], None]]:
    """Says what an event changes: ``@on("Contract.Event")``."""

    def mark(method: Callable[[Any, Event], None]) -> Callable[[Any, Event], None]:
        method.told_by = (*getattr(method, "told_by", ()), event)  # type: ignore[attr-defined]
        return method

    return mark


def of(kind: Kind, default: Any = MISSING) -> Any:
    """A field of a fact; with a default where events do not tell it."""
    return field(metadata={"kind": kind}, default=default)


@dataclass
class Fact:
    """A thing of the domain, made by one event and changed by others.

    Class arguments:
        key: The event's arguments that name it, in Python's spelling.
        born: The event that bears it, ``Contract.Event``; or several, any of which does; one that changes it too bears
            what is not there yet.
        changed: Events that set the fields of their names.
        listed: The list, ``Contract.view``, that tells of each what events do not.
        watched: Whether the index looks there what it has become, after its events and when it is time.
        renamed: By the event that bears it, the arguments of fields which it calls otherwise.
    """

    key: ClassVar[tuple[str, ...]] = ()
    born: ClassVar[tuple[str, ...]] = ()
    handlers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {}
    listed: ClassVar[str] = ""
    watched: ClassVar[bool] = False
    renamed: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    kinds: ClassVar[list[type[Fact]]] = []
    """All kinds that are declared."""

    def __init_subclass__(
        cls,
        key: Sequence[str] = (),
        born: str | Sequence[str] = (),
        changed: Sequence[str] = (),
        listed: str = "",
        watched: bool = False,
        renamed: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        cls.key, cls.born = tuple(key), (born,) if isinstance(born, str) else tuple(born)
        cls.listed, cls.watched, cls.renamed = listed, watched, renamed or {}
        Fact.kinds.append(cls)
        cls.handlers = dict.fromkeys(changed, _overwrite)
        for method in vars(cls).values():
            for name in getattr(method, "told_by", ()):
                cls.handlers[name] = method

    @classmethod
    def shape(cls) -> dict[str, Kind]:
        """The fields and their kinds."""
        return {one.name: one.metadata["kind"] for one in fields(cls) if "kind" in one.metadata}

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen to it any more, so that nobody has to look again."""
        return False

    @classmethod
    def reading(cls, address: str, key: Sequence[Any]) -> Read:
        """What asks the list for one of them."""
        contract, _, view = cls.listed.partition(".")
        return Read(contract, address, view, (*key, 1))

    @classmethod
    def records(cls, answer: Any) -> list[dict[str, Any]]:
        """What the list answered, by name."""
        contract, _, view = cls.listed.partition(".")
        page, _ = abi.named(contract, view, answer)
        return list(page)

    @classmethod
    def holds_until(cls, answer: Any) -> int | None:
        """When time alone will change what the list told of one, Unix seconds; None if it will not."""
        (record,) = cls.records(answer)
        return record["status_until"] or None

    def said(self) -> dict[str, Value]:
        """The fields with their kinds, for words."""
        return {key: kind(getattr(self, key)) for key, kind in self.shape().items()}

    def update(self, **told: Any) -> None:
        """Set fields by name; names that it has not are passed over."""
        for name, value in told.items():
            if name in vars(self):
                setattr(self, name, value)

    @classmethod
    def named(cls, contract: str, event: Event) -> dict[str, Any]:
        """An event's arguments in Python's spelling, a struct's members among them."""
        found: dict[str, Any] = {}
        plan = _spelled(contract, event.name)
        for name, value in event.arguments.items():
            spelled, members = plan[name]
            if members is None:
                found[spelled] = value
            elif members:
                found.update(zip(members, value, strict=True))
            else:
                record = abi.argument(contract, event.name, name, value)
                found.update(record if isinstance(record, dict) else {spelled: record})
        return renamed(cls, f"{contract}.{event.name}", found)

    @classmethod
    def bear(cls: type[F], contract: str, event: Event) -> F:
        """The fact that an event bears; fields that the event lacks keep their defaults."""
        kind: Any = cls
        known = takers(kind)
        told = {key: known[key](value) for key, value in cls.named(contract, event).items() if key in known}
        for key in known.keys() & _OWN:
            told[key] = getattr(event, key)
        return cls(**told)


_OWN = frozenset(("at", "tx"))
"""What an event tells besides its arguments."""


@cache
def takers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    """The fields, each with what makes its value of an argument: of a list of structs its records."""

    def taker(hint: Any) -> Callable[[Any], Any]:
        record: Any = next(iter(get_args(hint)), None)
        is_record = isinstance(record, type) and is_dataclass(record)
        one: Any = (lambda told: record(**told)) if is_record else lambda told: told
        return lambda value: tuple(map(one, value)) if type(value) is list else value

    hints = get_type_hints(kind)
    return {one.name: taker(hints[one.name]) for one in fields(kind)}


def renamed(kind: type[Fact], told_by: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """What an event tells, by the names of a kind's fields too."""
    return {**told, **{name: told[argument] for name, argument in kind.renamed.get(told_by, {}).items()}}


@cache
def _spelled(contract: str, event: str) -> dict[str, tuple[str, list[str] | None]]:
    """An event's arguments as Python spells them, and a flat struct's members; none of a list or a deep struct."""

    def members(one: abi.Field) -> list[str] | None:
        is_flat = not one.kind.endswith("]") and not any(its.members for its in one.members)
        return ([abi.snake(its.name) for its in one.members] if is_flat else []) if one.members else None

    return {one.name: (abi.snake(one.name), members(one)) for one in abi.entry(contract, event, "event").inputs}


def _overwrite(fact: Fact, event: Event) -> None:
    fact.update(**{abi.snake(name): value for name, value in event.arguments.items()})


@cache
def teller(kind: Any, told_by: str) -> Teller | None:
    """What a thing, or none yet, is after an event, ``Contract.Event``, that names it; None where it changes none."""
    handler, is_born = kind.handlers.get(told_by), told_by in kind.born

    def tell(one: Any, contract: str, event: Event) -> Any:
        if is_born and (handler is None or one is None):
            return kind.bear(contract, event)
        if handler is not None and one is not None:
            handler(one, event)
        return one

    return tell if is_born or handler else None


def fold(kind: type[F], events: Iterable[tuple[str, Event]]) -> dict[Any, F]:
    """All facts of a kind by key (a tuple where it has several parts), in the order of birth."""
    found: dict[Any, F] = {}
    its: Any = kind
    for contract, event in events:
        if tell := teller(its, f"{contract}.{event.name}"):
            key = key_in(kind, {abi.snake(name): value for name, value in event.arguments.items()})
            if (one := tell(found.get(key), contract, event)) is not None:
                found[key] = one
    return found


def read_key(text: str) -> list[int | bytes]:
    """The parts of a key as the index has it."""
    return [bytes.fromhex(part[2:]) if part[:2] == "0x" else int(part) for part in text.split(".")]


def key_in(kind: type[Fact], told: Mapping[str, Any]) -> Any:
    """A fact's key among values by name; several parts are a tuple."""
    parts = tuple(told[part] for part in kind.key)
    return parts if len(parts) > 1 else parts[0]


class Snapshot:
    """The chain at one block, its head: views asked once each, events from the store."""

    def __init__(self, chain: Chain, head: Block, store: EventStore) -> None:
        self.chain = chain
        self.head = head
        self._store = store
        self._known: dict[Read, Any] = {}
        self._facts: dict[type[Fact], dict[Any, Any]] = {}
        self._events: list[tuple[str, Event]] | None = None
        self._told: dict[tuple[Any, ...], list[Event]] = {}
        self._recalled: set[Read] = set()
        self._is_followed = False

    def read(self, reads: Sequence[Read]) -> list[Any]:
        """Views' answers, each asked once, those not known yet in one batch. Raises Refused: the first one."""
        return raised(self.try_read(reads), Refused)

    def try_read(self, reads: Sequence[Read]) -> list[Any]:
        """Like read, but a refusal stands in its place."""
        missing = list(dict.fromkeys(one for one in reads if one not in self._known))
        if missing:
            self._known.update(zip(missing, self.chain.try_read(missing), strict=True))
        return [self._known[one] for one in reads]

    def _follow(self) -> EventStore:
        if not self._is_followed:
            self._store.sync(self.chain, self.head)
            self._is_followed = True
        return self._store

    def last(self) -> Block:
        """The block in which something happened last; the head, where nothing ever did."""
        number = self._follow().last()
        return self.head if number is None else self.chain.block(number)

    def news(self, names: Sequence[str], above: int) -> list[tuple[str, Event]]:
        """Events by name above a block, all by contract and event, in the order of the chain."""
        found = self._follow().news(names, above)
        if found is not None:
            return found[1]
        # Another process moved the index on meanwhile.
        told = [(name.partition(".")[0], event) for name in names for event in self.events_of([name], {})]
        return sorted((one for one in told if one[1].block > above), key=lambda one: (one[1].block, one[1].index))

    def stretches(self, view: str) -> list[Stretch]:
        """What the index has of a view that tells of accounts and numbers for ever."""
        return self._store.stretches(view) if self._is_followed else []

    def keep(self, view: str, found: Sequence[Stretch]) -> None:
        """Let it have more."""
        if self._is_followed:
            self._store.keep(view, found)

    def light(self) -> Snapshot:
        """The same with its facts, and without the answers that it keeps."""
        found = Snapshot(self.chain, self.head, self._store)
        found._facts, found._is_followed = self._facts, self._is_followed
        return found

    @property
    def now(self) -> int:
        """The time that views are asked at, Unix seconds."""
        return self.chain.time or self.head.timestamp

    @property
    def asked(self) -> list[Read]:
        """The views that the node was asked for."""
        return [read for read in self._known if read not in self._recalled]

    def knows(self, read: Read) -> bool:
        """Whether a view was asked, or the index was told its answer, which holds."""
        return read in self._known

    def _recall(self, kind: type[Fact]) -> None:
        """Take what the index was told of things, as long as it holds."""
        if (address := self._store.address(kind.listed.partition(".")[0])) is None:
            return
        for one in self._store.wakes([kind.__name__]):
            if one.told is not None and (one.at is None or one.at > self.now):
                read = kind.reading(address, read_key(one.key))
                if read not in self._known:
                    self._known[read] = abi.decode_result(read.contract, read.function, one.told)
                    self._recalled.add(read)

    @property
    def events(self) -> list[tuple[str, Event]]:
        """Contract and event, all of the deployment, in the order of the chain."""
        if self._events is None:
            logs = [(log, abi.event_in(log.contract, log.topics, log.data)) for log in self._follow().logs()]
            self._events = [
                (log.contract, Event(*found, log.address, log.block, log.tx, log.index, log.at))
                for log, found in logs
                if found is not None
            ]
        return self._events

    def events_of(self, names: Sequence[str], where: Mapping[str, Any]) -> list[Event]:
        """Events by name, ``Contract.Event``, whose arguments have these values."""
        if self._events is None:
            asked = (*names, *where.items())
            if asked not in self._told:
                self._told[asked] = [event for _, event in self._follow().events(names, **where)]
            return [*self._told[asked]]
        return [
            event
            for contract, event in self._events
            if f"{contract}.{event.name}" in names
            and all(event.arguments.get(key) == value for key, value in where.items())
        ]

    def still(self, kind: type[Fact]) -> list[Any] | None:
        """What the list told of all that waits for somebody's act; None where the index cannot say."""
        if self._events is not None:
            return None
        found = self._follow().still(kind, self.now)
        contract, _, view = kind.listed.partition(".")
        return None if found is None else [abi.decode_result(contract, view, one.told) for one in found if one.told]

    def facts(self, kind: type[F]) -> dict[Any, F]:
        """All facts of a kind, by key: from the index where that stands at this block, else folded from events."""
        if kind not in self._facts:
            folded = self._follow().folds(kind) if self._events is None else None
            if folded is None:
                self._facts[kind] = fold(kind, self.events)
            else:
                self._facts[kind] = {key_in(kind, vars(one)): one for one in folded}
                if kind.watched:
                    self._recall(kind)
        return self._facts[kind]
