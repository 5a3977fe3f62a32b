"""Words as data: words/<lang>/*.toml, sentences filled from them, and errors that say them.

A sentence with a placeholder that has nothing to say is left out whole, so that no face puts
sentences together from parts. What is filled in may hold placeholders itself. A placeholder may
name a group: ``{fee_taken:lead_fee}`` says what ``[word.lead_fee]`` has for the value. How values
are looked up and written, the kinds say.

Several languages live beside each other in one process: ``speaking`` says which one what follows
is told in. What a language lacks is told in English.
"""

import string
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from typing import Any, TypeVar

from dmo.core.clone import clone
from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError, NotFound

_FORMATTER = string.Formatter()
_Error = TypeVar("_Error", bound=DmoError)


ENGLISH = "en"
_LANGUAGE = ContextVar("language", default=ENGLISH)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that there are words in, English first."""
    folders = (one.name for one in resources.files("dmo.words").iterdir() if one.is_dir())
    known = (name for name in folders if not name.startswith("_") and name != ENGLISH)
    return ENGLISH, *sorted(known)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is told within is told in this language, here and in what this thread begins."""
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def spoken() -> str:
    """The language that is spoken now."""
    return _LANGUAGE.get()


def load(language: str | None = None) -> dict[str, Any]:
    """All words of a language, the one spoken unless named; what it lacks is in English."""
    return _whole(_LANGUAGE.get() if language is None else language)


@lru_cache(maxsize=16)
def _whole(language: str) -> dict[str, Any]:
    english = told(ENGLISH)
    return english if language == ENGLISH else _over(english, told(language))


def _over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables laid over tables; anything else takes the place of what it covers."""
    tables = {key: _over(below[key], one) for key, one in above.items() if isinstance(below.get(key), dict)}
    return {**below, **above, **tables}


@lru_cache(maxsize=16)
def told(language: str) -> dict[str, Any]:
    """What a language's own files say: their tables in one."""
    found: dict[str, Any] = {}
    for file in sorted(resources.files("dmo.words").joinpath(language).iterdir(), key=str):
        if file.name.endswith(".toml"):
            for key, table in tomllib.loads(file.read_text("utf-8")).items():
                known = found.setdefault(key, {})
                doubled = set(known) & set(table)
                assert not doubled, f"{file.name}: {key} has {sorted(doubled)} twice"  # noqa: S101
                known.update(table)
    return found


def command(name: str) -> dict[str, Any]:
    """The words of an act or a query; empty where it has none yet."""
    return dict(load().get(name, {}))


def word(group: str, value: str) -> str:
    """A word of ``[word.<group>]``, or the value itself."""
    return str(load().get("word", {}).get(group, {}).get(value, value))


def wrong(name: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """What ``[wrong.<name>]`` says, and what would be right (may be empty; ``in_clone``: where more is at hand)."""
    said = load()["wrong"][name]
    right = said["in_clone"] if "in_clone" in said and clone() else said.get("right", "")
    return str(said["says"]).format(**values), str(right).format(**values)


def bad(name: str, /, field: str | None = None, **values: Any) -> BadInput:
    """The error of ``[wrong.<name>]``: says (without a full stop), right."""
    says, right = wrong(name, values)
    return BadInput(says, expected=right, field=field)


def stopped(kind: type[_Error], name: str, /, **values: Any) -> _Error:
    """The same of another kind, in whole sentences: what cannot go on, and a hint."""
    says, right = wrong(name, values)
    return kind(says, hint=right)


def missing(name: str, /, **values: Any) -> NotFound:
    """The same for what is nowhere to be found."""
    return stopped(NotFound, name, **values)


def network(name: str, /, **values: Any) -> NetworkError:
    """The same for a node that does not answer, or answers nonsense."""
    return stopped(NetworkError, name, **values)


def failed(name: str, /, differences: Sequence[str], **values: Any) -> CheckFailed:
    """The same for what is not as it should be, a sentence per difference; ``count`` of them."""
    says, right = wrong(name, {"count": len(differences), **values})
    return CheckFailed(says, differences, hint=right)


def names_in(sentence: str) -> list[str]:
    """The placeholders of a sentence."""
    return [name for _, name, _, _ in _FORMATTER.parse(sentence) if name]


def fill(sentence: str, look: Callable[[str], str]) -> str:
    """A sentence, filled; empty if one of its placeholders has nothing to say."""
    parts = []
    for before, name, group, _ in _FORMATTER.parse(sentence):
        parts.append(before)
        if name:
            found = look(f"{name}:{group}" if group else name)
            if not found:
                return ""
            parts.append(fill(found, look))
    return "".join(parts)


def texts(given: str | Iterable[str] | None) -> list[str]:
    """One sentence or several, as the words' files have them."""
    return [given] if isinstance(given, str) else list(given or ())


def filled(given: str | Iterable[str] | None, look: Callable[[str], str]) -> list[str]:
    """Those sentences that have something to say; one that says rows is one a row."""
    return [line for one in texts(given) for line in fill(one, look).splitlines()]
