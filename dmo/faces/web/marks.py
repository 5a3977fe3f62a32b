"""Marks in texts: what a shown value leads to, laid over it on its way through the words' sentences.

A sentence is filled with texts; a mark carries beside a text what it is of, in three letters that no text of others
keeps. ``drawn`` escapes a filled sentence and makes links, times and names of its marks.
"""

import re
from collections.abc import Callable
from html import escape

from markupsafe import Markup

from dmo.core.text import printable

_FROM, _OF, _TO = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_FROM}([a-z])([^{_FROM}{_OF}{_TO}]*){_OF}([^{_FROM}{_OF}{_TO}]*){_TO}")
_OURS = str.maketrans("", "", _FROM + _OF + _TO)
_ENDS = 8
"""Letters of an address that are shown at its beginning."""

LINK, WHO, TIME, TITLE, NUMBER, OTHERS = "a", "w", "t", "b", "n", "x"
"""``OTHERS``: words of somebody else, in which nothing is ours."""
_THEIRS = (TITLE, OTHERS)


def marked(kind: str, of: str, text: str) -> str:
    """A text with what it is of."""
    return f"{_FROM}{kind}{of}{_OF}{plain(text)}{_TO}"


def clean(text: str) -> str:
    """A text without the letters that marks are made of."""
    return text.translate(_OURS)


def seen(text: str) -> str:
    """A text of anybody's that shows all it holds: a link may have filled it in."""
    return clean(printable(text))


def plain(text: str) -> str:
    """A filled sentence without its marks."""
    return clean(_MARK.sub(r"\3", text))


def flat_after(text: str, word: str) -> str:
    """A sentence whose marks after one of our own words are texts, but for what others wrote."""
    at = 0
    for found in (*_MARK.finditer(text), None):
        place = text.find(word, at, found.start() if found else len(text))
        if place >= 0:
            rest = _MARK.sub(lambda it: it[0] if it[1] in _THEIRS else it[3], text[place:])
            return text[:place] + rest
        at = found.end() if found else at
    return text


def of(text: str, *kinds: str) -> list[str]:
    """What the marks of these kinds in a text are of."""
    return [one[2] for one in _MARK.finditer(text) if one[1] in kinds]


def short(address: str) -> str:
    """An address for a person to recognise; where money goes it is never cut."""
    return f"{address[:_ENDS]}…{address[-6:]}"


def _one(found: re.Match[str]) -> str:
    kind, target, text = found.groups()
    if kind == LINK:
        return f'<a href="{target}">{text}</a>'
    if kind == WHO:
        name = text.removesuffix(f"({target})").strip()
        shown = f"<code>{short(target)}</code>" if name == target else f"<bdi>{name}</bdi>"
        return f'<a class="who" href="/account/{target}" title="{target}" data-copy="{target}">{shown}</a>'
    if kind == TIME:
        return f'<time datetime="{target}">{text}</time>'
    if kind == NUMBER:
        return f'<span class="n">{text}</span>'
    return text if kind == OTHERS else f"<bdi>{text}</bdi>"


def drawn(text: str, other: Callable[[str], str] = lambda text: text) -> Markup:
    """A filled sentence as HTML; ``other`` draws what lies between marks, escaped already."""
    escaped = escape(printable(text))
    parts, at = [], 0
    for found in _MARK.finditer(escaped):
        parts += [other(escaped[at : found.start()]), _one(found)]
        at = found.end()
    parts.append(other(escaped[at:]))
    return Markup(clean("".join(parts)).replace("\n", "<br>"))  # noqa: S704 - escaped piece by piece
