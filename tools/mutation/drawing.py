"""Which mutants of a contract are tried: drawn with a seed, a fair share of every operator."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.mutation.compiling import Tree
from tools.mutation.operators import Change, changes


@dataclass(frozen=True)
class Target:
    """What is mutated as one, and what has to notice.

    Attributes:
        name: Of the contract, or of the room.
        room: Folder in contracts/ and in tests/contracts/.
        is_whole_room: Whether all of the folder belongs to it, not only what the contract is made of.
        machines: Its state machines.
    """

    name: str
    room: str
    is_whole_room: bool = False
    machines: tuple[str, ...] = ()


SYSTEM_MACHINE = ("tests/invariants/test_system_machine.py",)
ESCROW_MACHINE = ("tests/invariants/test_escrow_machine.py", *SYSTEM_MACHINE)
# A file that two contracts share belongs to the first.
TARGETS = (
    Target("IdeaBoard", "ideas", machines=("tests/invariants/test_board_machine.py",)),
    Target("CampaignEscrow", "campaigns", machines=ESCROW_MACHINE),
    Target("DisputeDesk", "campaigns", machines=ESCROW_MACHINE),
    Target("Jury", "jury", machines=SYSTEM_MACHINE),
    Target("Reputation", "reputation", machines=SYSTEM_MACHINE),
    Target("NeedsBoard", "needs"),
    Target("ContentRegistry", "content", machines=("tests/invariants/test_content_machine.py",)),
    Target("Advisor", "advisor"),
    Target("governance", "governance", is_whole_room=True, machines=("tests/invariants/test_votes_machine.py",)),
)


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        target: Name of what it is a mutant of.
        file: Path of the source.
        change: What is replaced.
        text: The source before.
    """

    target: str
    file: str
    change: Change
    text: str

    @property
    def mutated(self) -> str:
        """The source after."""
        return self.change.apply(self.text)

    @property
    def line(self) -> int:
        """Where it stands, from 1."""
        return self.text.count("\n", 0, self.change.start) + 1

    @property
    def lines(self) -> tuple[str, str]:
        """The changed lines, before and after, each as one."""
        start = self.text.rfind("\n", 0, self.change.start) + 1
        end = self.text.find("\n", self.change.end)
        before = self.text[start:end]
        after = self.text[start : self.change.start] + self.change.new + self.text[self.change.end : end]
        return _one_line(before), _one_line(after)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def digest(*texts: str) -> str:
    """Names texts that stand together."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def files_of(target: Target, tree: Tree) -> list[str]:
    """The sources of a target: in its room, and of no earlier one."""
    folder = f"contracts/{target.room}/"
    if target.is_whole_room:
        return sorted(path for path in tree.sources if path.startswith(folder))
    taken: set[str] = set()
    for other in TARGETS:
        if other.room == target.room:
            mine = tree.made_of(tree.contracts[other.name]) - taken
            if other == target:
                return sorted(path for path in mine if path.startswith(folder))
            taken |= mine
    raise ValueError(f"{target.name} is no target")


def candidates(target: Target, tree: Tree) -> list[Mutant]:
    """Every mutant of a target, by file and place."""
    return [
        Mutant(target.name, path, change, tree.sources[path])
        for path in files_of(target, tree)
        for change in changes(tree.sources[path])
    ]


def drawn(mutants: list[Mutant], seed: int) -> Iterator[Mutant]:
    """All mutants in the order of the draw: one of each operator in turn."""
    chance = random.Random(f"{seed}:{mutants[0].target}" if mutants else seed)  # noqa: S311  (no secret)
    piles: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        piles.setdefault(mutant.change.operator, []).append(mutant)
    for pile in piles.values():
        chance.shuffle(pile)
    while piles:
        for operator in sorted(piles):
            yield piles[operator].pop()
            if not piles[operator]:
                del piles[operator]


def is_about(path: str) -> str:
    """The bare name of a source, for people."""
    return PurePosixPath(path).name
