"""Tasks: what is due, one by one, and as much of it together as fits a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dmo.core.act import Act, AlreadyDone
from dmo.core.calls import Call
from dmo.core.due import Item
from dmo.core.engine import plan
from dmo.core.errors import BadInput, NodeError, NotFound, Refused
from dmo.core.facts import Fact
from dmo.core.sender import padded
from dmo.core.steps import Step

if TYPE_CHECKING:
    from dmo.home.home import Home

TOGETHER = 256
"""Things that are tried in one transaction."""
_TRIPS = 3
No = Refused | BadInput | NotFound | AlreadyDone
"""How an act says that it will not be done."""


@dataclass(frozen=True)
class Task:
    """One thing that an act does; ``key`` is its number in the act's list, or the act's other fields."""

    item: Item
    act: Act
    key: str

    @property
    def name(self) -> str:
        """By which it is known again in every block."""
        return f"{self.act.name} {self.key}"


def _listed(act: Act) -> str:
    """The field of an act that names several things."""
    return next((name for name in act.parameters() if act.kind(name).is_many), "")


def tasks(found: Iterable[Item]) -> list[Task]:
    """What the acts of items do, in the items' order, each once."""
    return list({one.name: one for item in found for act in item.acts for one in _of(item, act)}.values())


def _of(item: Item, act: Act) -> Iterator[Task]:
    if not (field := _listed(act)):
        yield Task(item, act, " ".join(str(one.kind.plain(one.value)) for one in act.given().values()))
        return
    for value in getattr(act, field):
        yield Task(item, replace(act, **{field: (value,)}), str(act.kind(field).plain((value,))[0]))


def together(found: Sequence[Task]) -> Act:
    """One act that does several tasks of a kind."""
    first = found[0].act
    if not (field := _listed(first)):
        return first
    return replace(first, **{field: tuple(value for one in found for value in getattr(one.act, field))})


def facts_of(home: Home, task: Task) -> str:
    """What is known of what a task is about: as long as it stays the same, so will a refusal."""
    act, found = task.act, []
    for name in act.parameters():
        value = getattr(act, name)
        for kind in Fact.kinds:
            if kind.key in ((name,), (name.removesuffix("s"),)):
                found.append(home.index.folds(kind, value if isinstance(value, tuple) else [value]))
    return repr([found, task.item.until, task.item.values])


@dataclass(frozen=True)
class Trial:
    """A call, tried on a block: gas that it takes and gas to send along, or why it would be refused."""

    call: Call
    taken: int = 0
    gas: int = 0
    refusal: Refused | None = None


@dataclass(frozen=True)
class Load:
    """What goes into one transaction; ``refused`` is what does not, and why."""

    tasks: tuple[Task, ...] = ()
    trial: Trial | None = None
    refused: tuple[tuple[Task, No], ...] = ()


class Fitting:
    """Finds as much as fits a transaction on the snapshot's block.

    Args:
        home: Where it is tried.
        sender: Who sends it.
        most_gas: Gas that several things together may take.
    """

    def __init__(self, home: Home, sender: str, most_gas: int) -> None:
        self.home, self.sender, self.most_gas = home, sender, most_gas
        self.trips = 0

    def fit(self, found: Sequence[Task]) -> Load:
        """The first task with as many of its kind behind it as fit. Raises NetworkError."""
        first = found[0]
        try:
            step = self._step(found[:1])
        except (Refused, BadInput, NotFound, AlreadyDone) as error:
            return Load(refused=((first, error),))
        if not step.is_divisible:
            return self._chosen(found[:1], self._tried([step.call]))
        same = sorted((one for one in found if one.act.name == first.act.name), key=lambda one: (len(one.key), one.key))
        return self._most(same[:TOGETHER])

    def again(self, found: Sequence[Task], call: Call) -> Load:
        """Some tasks by the very call that was signed for them."""
        return self._chosen(found, self._tried([call]))

    def _step(self, found: Sequence[Task]) -> Step:
        return plan(self.home, together(found)).steps[0]

    def _most(self, kept: list[Task]) -> Load:
        """The largest of several beginnings, then a larger one; what is refused alone is left out of the rest."""
        refused: list[tuple[Task, No]] = []
        sizes, count, best = _ladder(len(kept)), 0, Trial(Call("", b"", 0, ""))
        are_tried_alone = len(kept) < 2
        while sizes and self.trips < _TRIPS:
            trials = dict(zip(sizes, self._tried([self._step(kept[:size]).call for size in sizes]), strict=True))
            for size, one in trials.items():
                if size > count and one.refusal is None and self._fits(one):
                    count, best = size, one
            if not are_tried_alone and any(one.refusal and not one.refusal.is_too_much for one in trials.values()):
                are_tried_alone = True
                alone = self._tried([self._step([one]).call for one in kept])
                refused = [(one, its.refusal) for one, its in zip(kept, alone, strict=True) if its.refusal]
                if refused:
                    kept = [one for one, its in zip(kept, alone, strict=True) if not its.refusal]
                    sizes, count = _ladder(len(kept)), 0
                    continue
            more = count * self.most_gas * 4 // (best.taken * 5 or 1)
            nearly = (more, more * 31 // 32, more * 7 // 8, count + 1) if more else ()
            sizes = sorted({min(size, len(kept)) for size in nearly} - {*range(count + 1)})
        if kept and not count:
            chosen = self._chosen(kept[:1], self._tried([self._step(kept[:1]).call]))
            return replace(chosen, refused=(*refused, *chosen.refused))
        return Load(tuple(kept[:count]), best if count else None, tuple(refused))

    def _fits(self, trial: Trial) -> bool:
        """With a quarter more, in case that the next block is another."""
        return trial.taken * 5 <= self.most_gas * 4

    @staticmethod
    def _chosen(found: Sequence[Task], trials: Sequence[Trial]) -> Load:
        (trial,) = trials
        if trial.refusal is not None:
            return Load(refused=tuple((one, trial.refusal) for one in found))
        return Load(tuple(found), trial)

    def _tried(self, calls: Sequence[Call]) -> list[Trial]:
        """Try calls on the block, all in one round trip."""
        self.trips += 1
        chain = self.home.snapshot.chain
        orders = [chain.order(call, self.sender) for call in calls]
        answers = chain.transport.batch([("eth_estimateGas", chain.asked(order)) for order in orders])
        return [self._trial(call, answer) for call, answer in zip(calls, answers, strict=True)]

    def _trial(self, call: Call, estimate: Any) -> Trial:
        chain = self.home.snapshot.chain
        if isinstance(estimate, NodeError):
            return Trial(call, refusal=chain.refusal(estimate))
        needed = int(estimate, 16)
        return Trial(call, needed, padded(needed), chain.too_large(call, needed))


def _ladder(count: int) -> list[int]:
    """Sizes to try of so many."""
    return sorted({count >> place for place in range(count.bit_length())})
