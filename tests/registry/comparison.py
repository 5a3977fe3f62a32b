"""What differs between two recordings of the golden story, and which of it is meant.

A difference is one line: the record's name, then what differs. tests/registry/differences.toml
lists those that are meant; in it `*` stands for anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.registry.shapes import Record, all_paths

DIFFERENCES = Path(__file__).with_name("differences.toml")
LISTS = ("calls", "sent")
ENDS = ("as", "argv", "exit", "error")
GAS_LEFT = "data.native"  # what fees left of an account's coin follows from every byte of code that was deployed
VALUES = (*ENDS, "transactions", "signs", "file", "says")


@dataclass(frozen=True)
class Difference:
    """One thing that is no longer as it was recorded.

    Attributes:
        command: Name of the record.
        what: What differs, with what it was and what it is.
    """

    command: str
    what: str

    def __str__(self) -> str:
        return f"{self.command}: {self.what}"


@dataclass(frozen=True)
class Meant:
    """A difference that somebody wants.

    Attributes:
        command: Name of the record, `*` for anything in it.
        what: What differs, `*` for anything in it.
        why: The reason.
    """

    command: str
    what: str
    why: str

    def covers(self, one: Difference) -> bool:
        return _like(self.command, one.command) and _like(self.what, one.what)


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text, re.DOTALL) is not None


def compare(known: Mapping[str, Record], now: Mapping[str, Record]) -> list[Difference]:
    """All differences, in the order of the recording of now."""
    found = []
    for name, record in now.items():
        told = _between(known[name], record) if name in known else ["was not there"]
        found += [Difference(name, what) for what in told]
    return found + [Difference(name, "is not there") for name in sorted(known.keys() - now.keys())]


def _between(old: Record, new: Record) -> Iterator[str]:
    is_other_end = ("error" in old) != ("error" in new)
    for key in ENDS if is_other_end else VALUES:
        if old.get(key) != new.get(key):
            yield f"{key} was {old.get(key)}, is {new.get(key)}"
    if is_other_end:  # nothing else can be the same
        return
    before, after = all_paths(old), all_paths(new)
    yield from (f"keys: no {path}" for path in sorted(before - after))
    yield from (f"keys: new {path}" for path in sorted(after - before))
    there, here = old.get("values", {}), new.get("values", {})
    for path in sorted(there.keys() & here.keys() - {GAS_LEFT}):
        if there[path] != here[path]:
            yield f"{path} was {there[path]}, is {here[path]}"
    for key in LISTS:
        yield from _lines(key, old.get(key, []), new.get(key, []))


def _lines(key: str, old: Sequence[str] | str, new: Sequence[str] | str) -> Iterator[str]:
    if isinstance(old, str) or isinstance(new, str) or len(old) != len(new):
        if old != new:
            yield f"{key} were {_told(old)}, are {_told(new)}"
        return
    for place, (was, is_) in enumerate(zip(old, new, strict=True), 1):
        if was != is_:
            yield f"{key} {place} was {was}, is {is_}"


def _told(lines: Sequence[str] | str) -> str:
    return lines if isinstance(lines, str) else " | ".join(lines) or "none"


def meant(file: Path = DIFFERENCES) -> list[Meant]:
    """The differences that are listed.

    Raises:
        ValueError: One has no reason, or another key.
    """
    listed: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8")).get("difference", [])
    for one in listed:
        if one.keys() != {"command", "what", "why"} or not all(one.values()):
            raise ValueError(f"a difference has a command, what differs, and why; not {one}")
    return [Meant(**one) for one in listed]


def judged(found: Sequence[Difference], listed: Sequence[Meant]) -> tuple[list[Difference], list[Meant]]:
    """The differences nobody lists, and the listed ones that do not occur."""
    unlisted = [one for one in found if not any(item.covers(one) for item in listed)]
    absent = [item for item in listed if not any(item.covers(one) for one in found)]
    return unlisted, absent
