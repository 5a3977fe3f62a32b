"""What strangers wrote, on its way to an agent: marked as data, bounded, and showing all it holds.

In data a text that anybody may have chosen is an object with the one key ``others_wrote``; in sentences it stands
between ``⟦`` and ``⟧``, which nobody's text keeps. What is no number, address, digest or single word counts as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmo.core import words
from dmo.core.kinds import Kind, Value
from dmo.core.text import one_line, printable
from dmo.faces.web.visitor import Visitor

OTHERS, LEFT_OUT = "others_wrote", "left_out"
FROM, TO = "⟦", "⟧"
_BRACKETS = str.maketrans("", "", FROM + TO)
_PLAIN = re.compile(r"[\w.$+/-]{0,24}|-?\d+(\.\d+)?|0x[0-9a-fA-F]*|bafkrei[a-z2-7]{52}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_AMOUNT = re.compile(r"[-−]?[\d,.]+( [\w.$+-]{1,16})?", re.ASCII)
_WHO = re.compile(r"–|([\w.-]{1,64} )?\(?0x[0-9a-fA-F]{40}\)?")
_OUR_WORDS = re.compile(r"dmo [a-z]+[\w +\-−/.:%,#…<>=]*", re.ASCII)
_OUR_KEYS = ("command", "acts", "next")
"""What due items and views name so in their shapes are commands of ours, with numbers in them."""
_LINE, _DEEPEST = 120, 8
_MEASURED = (
    *("number", "numbers", "share", "duration", "time", "digest", "flag", "reference", "terms", "proposal"),
    *("choice", "choices"),
)
"""Kinds, by what they are like, that hold nothing that somebody wrote."""
_INERT = (*_MEASURED, "amount", "account", "accounts", "payees")


@dataclass(frozen=True)
class Bounds:
    """How much is told at once.

    Attributes:
        rows: Of a list.
        letters: Of a text.
        body: Of a document.
        skip: Rows of the lists that are left out before.
    """

    rows: int = 100
    letters: int = 2_000
    body: int = 16_384
    skip: int = 0


def bare(text: str) -> str:
    """A text without the brackets that stand around others' texts."""
    return text.translate(_BRACKETS)


def theirs(text: str, most: int = Bounds.letters) -> dict[str, Any]:
    """A text of somebody else, as data holds it."""
    shown = bare(printable(text))
    told: dict[str, Any] = {OTHERS: shown[:most]}
    return told | ({LEFT_OUT: len(shown) - most} if len(shown) > most else {})


def quoted(text: str, most: int = 300) -> str:
    """The same within a sentence."""
    return f"{FROM}{one_line(bare(text), most)}{TO}"


def anything(value: Any, bounds: Bounds = Bounds(), *, most: int = 0, deep: int = 0) -> Any:
    """A value without a shape: every text in it that may be somebody's is marked, and so is what has odd names."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else theirs(value, most or bounds.letters)
    if isinstance(value, bytes):
        return anything("0x" + value.hex(), bounds)
    if isinstance(value, Mapping):
        if deep > _DEEPEST or not all(isinstance(one, str) and _NAME.fullmatch(one) for one in value):
            return theirs(json.dumps(value, ensure_ascii=False, default=str), bounds.letters)
        sizes = {"body": bounds.body}
        return {name: anything(one, bounds, most=sizes.get(name, 0), deep=deep + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [anything(one, bounds, deep=deep + 1) for one in value[: bounds.rows]]
    return value


def data(shape: Any, value: Any, bounds: Bounds, *, key: str = "", is_top: bool = True) -> Any:
    """A view's data by its shape, marked and bounded; ``left_out`` says how many rows of which list are not told."""
    if isinstance(shape, Kind):
        return _of_kind(shape, value, bounds, key)
    if isinstance(shape, list):
        return [data(shape[0], one, bounds, key=key, is_top=False) for one in value or ()]
    if not isinstance(value, Mapping):
        return anything(value, bounds)
    told: dict[str, Any] = {}
    left: dict[str, int] = {}
    for name, one in value.items():
        its = one
        if isinstance(one, list):
            start = bounds.skip if is_top else 0
            its = one[start : start + bounds.rows]
            left |= {name: len(one) - len(its)} if len(its) < len(one) else {}
        part = shape.get(name)
        told[name] = anything(its, bounds) if part is None else data(part, its, bounds, key=name, is_top=False)
    return told | ({LEFT_OUT: left} if left else {})


def _of_kind(kind: Kind, value: Any, bounds: Bounds, key: str) -> Any:
    if kind.name == "TITLE" and isinstance(value, str):
        return theirs(value, bounds.letters)
    if kind.choices or kind.like in _INERT or _is_our_command(key, value):
        return value
    if kind.is_many and isinstance(value, list):
        return [one if _is_our_command(key, one) else anything(one, bounds) for one in value[: bounds.rows]]
    return anything(value, bounds)


def _is_our_command(key: str, value: Any) -> bool:
    """Whether it is a command of ours; a stranger's text is no view's own field of such a name."""
    return key in _OUR_KEYS and isinstance(value, str) and len(value) < _LINE and bool(_OUR_WORDS.fullmatch(value))


class Principal(Visitor):
    """Whom an agent serves: a visitor in whose sentences others' words are marked."""

    def marked(self, name: str, one: Value, shown: str) -> str:
        kind = one.kind
        if not shown or name.endswith("next") or self._is_said_in_rows(kind):
            return shown
        text = bare(printable(shown))
        if kind.like in _MEASURED:
            return text
        inert = _AMOUNT if kind.like == "amount" else _WHO if kind.like == "account" else _PLAIN
        if kind.name != "TITLE" and (inert.fullmatch(text) or _is_our_command(name.rpartition(".")[2], text)):
            return text
        return "\n".join(quoted(line) for line in text.splitlines() if line.strip())

    @staticmethod
    def _is_said_in_rows(kind: Kind) -> bool:
        """Whether it is rows, each said in a sentence, whose values have been marked."""
        return kind.schema.get("type") == "array" and not kind.like and kind.name in words.load()["word"]

    def acting_as(self, account: str) -> Principal:
        other = Principal(self, account, self.names.people, is_marking=False)
        other.options = replace(self.options, account=account, is_tried=False)
        return other
