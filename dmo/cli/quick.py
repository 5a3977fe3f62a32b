"""Commands that start quickly.

typer reads every argument through a pydantic adapter; building those takes longer than most
commands. The few kinds of arguments here (texts, numbers, paths, flags, lists of them) are read
directly.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from typer import BadParameter
from typer._coercion import RuntimeParam
from typer.core import TyperCommand, TyperGroup

__all__ = ["QuickCommand", "QuickGroup"]


@dataclass(frozen=True)
class _Plain(RuntimeParam):
    """Reads one kind of value, or a list of them."""

    kind: type

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._one(item, param, ctx) for item in value]
        return self._one(value, param, ctx)

    def _one(self, value: Any, param: Any, ctx: Any) -> Any:
        if self.kind is int and not isinstance(value, int):
            if not (value.isascii() and value.isdigit() and len(value) < 20):
                raise BadParameter(f"{value!r} is not a whole number.", ctx=ctx, param=param)
            value = int(value)
        if self.kind is int:
            low, high = self.parameter_info.min, self.parameter_info.max
            if (low is not None and value < low) or (high is not None and value > high):
                span = f"{low} or more" if high is None else f"{low} to {high}"
                raise BadParameter(f"{value} is out of range: {span}.", ctx=ctx, param=param)
        return Path(value) if self.kind is Path else value


def _kind(annotation: Any) -> type | None:
    """What an annotation comes down to; nothing for what is left to typer."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _kind(inner[0]) if len(inner) == 1 else None
    if get_origin(annotation) is list:
        return _kind(get_args(annotation)[0])
    return annotation if annotation in (str, int, bool, Path) else None


def _quick(parameters: list[Any]) -> list[Any]:
    for one in parameters:
        known = getattr(one, "type_descriptor", None)
        if known is None or one._runtime_param is not None:
            continue
        kind = _kind(known.annotation)
        if kind is not None:
            one._runtime_param = _Plain(known.parameter_info, known.annotation, kind)
    return parameters


class QuickCommand(TyperCommand):
    """A command whose arguments are read directly."""

    def get_params(self, ctx: Any) -> list[Any]:
        """As typer does, with quick readers."""
        return _quick(list(super().get_params(ctx)))


class QuickGroup(TyperGroup):
    """A group whose options are read directly."""

    def get_params(self, ctx: Any) -> list[Any]:
        """As typer does, with quick readers."""
        return _quick(list(super().get_params(ctx)))
