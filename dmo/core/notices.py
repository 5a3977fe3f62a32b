"""Notices: what there is to tell somebody, once, and what makes it another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dmo.core import kinds, words
from dmo.core.kinds import Kind, Reader, Value
from dmo.core.text import one_line
from dmo.core.units import format_time

EVERYONE = "everyone"
"""Instead of an account: told of all."""
TITLE_LENGTH, TEXT_LENGTH = 160, 1_000
WHEN = Kind(
    "TIME",
    lambda reader, text: text,
    lambda reader, at: format_time(at) if at else "",
    lambda at: at or None,
    {"type": ["integer", "null"]},
)
"""A moment, as it reads on every day."""


@dataclass(frozen=True)
class Notice:
    """Something to tell.

    Attributes:
        kind: Its words stand under ``[notice.<kind>]``: ``title``, ``text``, and whether it is ``urgent``.
        about: What it is about, and what makes it another notice; part of its key.
        account: Whom it concerns, or ``EVERYONE``.
        at: When that was, or is due; Unix seconds.
        values: What its words speak of.
        facts: Names of the values that make it another message where they change.
        root: The fact that it follows from, as ``roots`` names it; empty for what the clock alone brings.
        block: The block of that fact.
        lasts: Whether it is only told while it stands.
    """

    kind: str
    about: str
    account: str
    at: int
    values: Mapping[str, Value] = field(default_factory=dict)
    facts: Sequence[str] = ()
    root: str = ""
    block: int = 0
    lasts: bool = False

    @property
    def key(self) -> str:
        """What it is told by, once."""
        return f"{self.kind} {self.about} {self.root}".rstrip()

    @property
    def said(self) -> Mapping[str, Any]:
        """Its words."""
        found: Mapping[str, Any] = words.load()["notice"][self.kind]
        return found

    def laid(self, reader: Reader) -> tuple[str, str, str]:
        """Title, text, and the facts in it, for a machine."""
        look = kinds.looking(reader, self.values)
        title = one_line(words.fill(self.said["title"], look), TITLE_LENGTH)
        lines = [one_line(line) for line in words.filled(self.said.get("text"), look)]
        told = {name: self.values[name].kind.plain(self.values[name].value) for name in self.facts}
        return title, "\n".join(lines)[:TEXT_LENGTH], json.dumps(told, sort_keys=True)
