"""Why a contract said no, in a sentence, and what would be right.

The sentences are data. An error of ours carries its own as NatSpec, ``@notice`` and
``@custom:right``, which tools/generate_abi.py brings into errors.json; those of libraries, of
Solidity and of the client stand in words/<language>/errors.toml, and what ours say in other languages
in their contracts.toml. A placeholder is a field of the error, and is written as the field's unit says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dmo.core import abi, units
from dmo.core.errors import Refused
from dmo.core.words import load, spoken, word

_LONGEST = 500


@dataclass(frozen=True)
class Words:
    """How values are written; without decimals and symbols, in smallest units.

    Attributes:
        own: How a field or a unit is written in another way than everywhere, by its name.
    """

    votes_decimals: int = 0
    votes_symbol: str = field(default_factory=lambda: word("unit", "votes"))
    budget_decimals: int = 0
    budget_symbol: str = field(default_factory=lambda: word("unit", "budget"))
    own: Mapping[str, Callable[[Any], str]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Sentence:
    """What is said of an error: what is wrong, what would be right (may be empty), the unit of each field."""

    says: str
    right: str
    units: Mapping[str, str]


def _plain(words: Words, value: Any) -> str:
    """A value on one line: a stranger may have chosen it."""
    text = "0x" + value.hex() if isinstance(value, bytes) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST])


UNITS: Mapping[str, Callable[[Words, Any], str]] = {
    "votes": lambda words, n: units.format_amount(int(n), words.votes_decimals, words.votes_symbol),
    "budget": lambda words, n: units.format_amount(int(n), words.budget_decimals, words.budget_symbol),
    "token": lambda words, n: word("explain", "of_a_token").format(int(n)),
    "points": lambda words, n: units.format_amount(int(n), 18, word("unit", "points")),
    "wei": lambda words, n: f"{int(n)} wei",
    "gas": lambda words, n: f"{int(n)} gas",
    "bps": lambda words, n: units.format_bps(int(n)),
    "ppm": lambda words, n: units.format_ppm(int(n)),
    "time": lambda words, n: units.format_time(int(n)),
    "span": lambda words, n: units.format_duration(int(n)),
    **dict.fromkeys(("number", "account", "bytes", "flag", "text"), _plain),
}


def enums() -> dict[str, list[str]]:
    """How the members of enumerations are called, in order; an enumeration is a unit too."""
    return dict(load()["enum"])


def sentences() -> dict[str, Sentence]:
    """What is said of every error, by its name, in the language that is spoken."""
    return _sentences(spoken())


@lru_cache(maxsize=16)
def _sentences(language: str) -> dict[str, Sentence]:
    """A words' file comes before the NatSpec, which is English."""
    known = {entry["name"]: entry for entry in abi.error_data()}
    told = load(language)["error"]
    found = {}
    for name in [*known, *(name for name in told if name not in known)]:
        said = {**known.get(name, {}), **told.get(name, {})}
        if said.get("says"):
            fields = {one["name"]: one.get("unit", "") for one in said.get("inputs", ())}
            found[name] = Sentence(said["says"], said["right"], fields | said.get("units", {}))
    return found


def _written(words: Words, name: str, unit: str, value: Any) -> str:
    way = words.own.get(name) or words.own.get(unit)
    if way:
        return way(value)
    names = enums().get(unit)
    if names and isinstance(value, int) and value < len(names):
        return names[value]
    return UNITS.get(unit, _plain)(words, value)


def explain(name: str, arguments: Mapping[str, object], words: Words | None = None) -> tuple[str, str]:
    """What is wrong with an error's arguments, and what would be right.

    Returns:
        Two sentences; the second may be empty. An error without a text is written out.
    """
    words, known, right = words or Words(), sentences().get(name), ""
    if known is not None:
        right = known.right if "{" not in known.right else ""
        try:
            shown = {key: _written(words, key, known.units.get(key, ""), value) for key, value in arguments.items()}
            return known.says.format_map(shown), known.right.format_map(shown)
        except (KeyError, ValueError, TypeError):
            pass
    listed = ", ".join(f"{key} {_plain(words, value)}" for key, value in arguments.items())
    error = f"{name} ({listed})" if listed else name
    return sentences()["Untold"].says.format(error=error), right


def refused(name: str, arguments: Mapping[str, object], data: bytes = b"", words: Words | None = None) -> Refused:
    """An exception with its explanation."""
    message, hint = explain(name, arguments, words)
    return Refused(name, arguments, message=message, hint=hint, data=data)
