"""What is due: things to do, until when, and the act that does them. For people and for keepers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dmo.core import kinds, words
from dmo.core.act import Act
from dmo.core.errors import FAULTS, BadInput, NodeError, NotFound, Refused
from dmo.core.kinds import NUMBER, TIME, Value

if TYPE_CHECKING:
    from dmo.core.chain import Read
    from dmo.home.home import Home

T = TypeVar("T")
FAR = 2**63


@dataclass(frozen=True)
class Item:
    """Something to do.

    Attributes:
        kind: Its words stand under ``[item.<kind>]``: text, perhaps ``one``, and ``until``.
        until: Deadline, Unix seconds; 0 if there is none.
        is_due: It waits for this account (or for anybody); otherwise it is an opportunity.
        command: The command that does it, without ``dmo``.
        values: What its words speak of.
        acts: The acts that do it, where they need no decision of a person.
        count: How many things it tells of together; ``one`` is said of a single one.
        is_first: Nothing is more urgent.
    """

    kind: str
    until: int
    is_due: bool
    command: str
    values: Mapping[str, Value] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    count: int = 1
    is_first: bool = False

    def text(self, home: Home) -> str:
        """It in words."""
        said = words.load().get("item", {})[self.kind]
        values = {"count": NUMBER(self.count), **self.values}
        sentence = said.get("one", said["text"]) if self.count == 1 else said["text"]
        return words.fill(sentence, kinds.looking(home, values))

    def deadline(self, home: Home) -> str:
        """Its deadline in words."""
        said = words.load()["item"][self.kind]
        look = kinds.looking(home, {"until": TIME(self.until)})
        until = words.fill(said.get("until", words.word("due", "until")), look)
        return until or words.word("due", "no_deadline")


def chores(kind: str, acts: Sequence[Act], count: int = 0) -> Iterator[Item]:
    """What anybody can do now, in one item whose command does the first; nothing without acts."""
    for one in acts[:1]:
        named = [str(value) for value in vars(one).values() if not isinstance(value, tuple)]
        yield Item(kind, 0, True, " ".join([one.name, *named]), {}, tuple(acts), count or len(acts))


_ITEMS: list[Callable[[Home, str | None], Iterator[Item]]] = []
_WANTED: list[Callable[[Home, str | None], Iterable[Read]]] = []


def due(function: Callable[[Home, str | None], Iterator[Item]]) -> Callable[[Home, str | None], Iterator[Item]]:
    """A capability's part: what an account can do; None asks what anybody can."""
    _ITEMS.append(function)
    return function


def wanted(function: Callable[[Home, str | None], Iterable[Read]]) -> Callable[[Home, str | None], Iterable[Read]]:
    """What a capability's part will read, as far as events tell: all go in one batch."""
    _WANTED.append(function)
    return function


def items(home: Home, account: str | None, spare: Callable[[Exception], None] | None = None) -> list[Item]:
    """Everything an account can do, the earliest deadline first, opportunities last.

    What a capability cannot work out, for what a stranger made of it, is told to ``spare`` and stops no other.
    """

    def said(parts: Iterable[Callable[[Home, str | None], Iterable[T]]]) -> Iterator[T]:
        for part in parts:
            with _spared(spare):
                yield from [*part(home, account)]

    with _spared(spare):
        home.look_ahead(said(_WANTED))
    return sorted(said(_ITEMS), key=_urgency)


@contextmanager
def _spared(spare: Callable[[Exception], None] | None) -> Iterator[None]:
    try:
        yield
    except (Refused, BadInput, NotFound, NodeError, *FAULTS) as error:
        if spare is None:
            raise
        spare(error)


def _urgency(one: Item) -> tuple[bool, bool, int, int, str]:
    """What makes others due comes before them: ``rank`` in the words."""
    rank = int(words.load()["item"][one.kind].get("rank", FAR))
    return not one.is_first, not one.is_due, one.until or FAR, rank, one.kind
