"""How a call can be checked by who has no chain: against what was filled in and what was shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Compared:
    """Where an act's call comes from, as far as arguments are no fields of the same name.

    Attributes:
        where: Argument, within a struct with a dot → a field, or a part of it with a dot; ``me``; a number;
            ``shown.x`` for what a page shows before it asks; ``x or y`` where x may be empty; ``among x`` for some of
            several; ``hash x`` for the Keccak-256 of a text; ``x + n`` for a choice whose first word has number n.
        unsaid: Fields that the call does not tell of.
        also: Other functions of the contract that it may call.
        taken: What is taken from the sender, where no argument of the call is named for it.
    """

    where: Mapping[str, str] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    taken: str = ""
