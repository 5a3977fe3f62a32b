"""What is refused and said, in the sentences of words/en/deploy.toml."""

from __future__ import annotations

from typing import Any

from dmo.core import words
from dmo.core.errors import BadInput, DmoError

__all__ = ["bad", "say", "stopped"]


def say(name: str, /, **values: Any) -> str:
    """A sentence of ``[word.deploy]``."""
    return words.word("deploy", name).format(**values)


def bad(name: str, field: str | None = None, /, **values: Any) -> BadInput:
    """Something that was written cannot be used: ``[wrong.deploy_<name>]``."""
    return words.bad(f"deploy_{name}", field, **values)


def stopped(name: str, kind: type[DmoError] = DmoError, /, **values: Any) -> DmoError:
    """A run or a check cannot go on: its sentence and hint."""
    said = bad(name, **values)
    return kind(said.reason, hint=said.expected)
