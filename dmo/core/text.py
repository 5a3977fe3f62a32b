"""Text of strangers on its way to a screen: nothing invisible, no direction of its own.

Whoever shows what somebody else wrote passes it through here once: bodies through ``printable``,
titles, names and fields through ``one_line``, a whole JSON text through ``escaped``.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

_SHOWN_AS = "�"
_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Letters, marks and symbols by category that nobody can see all the same.
_ALONE = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFE, 0xFFFF)
_SPANS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xFFF0, 0xFFFC), range(0xE0000, 0xE1000))
_UNSEEN = frozenset(map(chr, chain(_ALONE, *_SPANS)))
_MARKS = frozenset(("Mn", "Me"))
_HIGH = 8
"""Marks on one letter; more are no spelling, and would lie over the lines above."""
_ALIKE = dict(
    zip(
        map(
            ord,
            "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u043a\u043c\u0442\u043d\u0432\u03bf\u03b1\u03bd\u03c1\u03c4\u03b9\u03ba\u03c7\u03c5\u03c9",
        ),
        "aeopcyxijshdqwkmthboavptikxuw",
        strict=True,
    )
)
"""Letters of other scripts that look like Latin ones, small."""
_DIGITS = str.maketrans("01", "ol")
_ADDRESS = re.compile("[o0]x[0-9a-f]{6}|0x")
_NON_JOINER, _JOINER, _AS_TEXT, _AS_PICTURE = "\u200c", "\u200d", "\ufe0e", "\ufe0f"
_KEYCAP = "\u20e3"
_PLAIN = {
    "●": "*",
    "○": "o",
    "→": "->",
    "…": "...",
    "−": "-",
    "–": "-",
    "—": "-",
    "·": "-",
    "“": '"',
    "”": '"',
    "×": "x",
}
# Arabic to Myanmar: the scripts that need joiners to be spelt at all.
_JOINING = range(0x0600, 0x10A0)


@lru_cache(maxsize=4096)
def _is_suspect(letter: str) -> bool:
    if letter in "\n\t":
        return False
    return unicodedata.category(letter) in _CATEGORIES or letter in _UNSEEN


@lru_cache(maxsize=4096)
def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in _MARKS


def _is_picture(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Sk") or letter == _AS_PICTURE


def _belongs(text: str, place: int) -> bool:
    """Whether what is hidden elsewhere is part of spelling here: joiners, emoji, line ends."""
    letter, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if letter == "\r":
        return after == "\n"
    if letter in (_AS_TEXT, _AS_PICTURE):
        is_sign = bool(before) and not before.isascii() and unicodedata.category(before)[0] in "SP"
        return bool(before) and before not in _UNSEEN and (after == _KEYCAP or is_sign)
    if letter in (_NON_JOINER, _JOINER) and before and after:
        if ord(before) in _JOINING and ord(after) in _JOINING:
            return not _is_suspect(before) and not _is_suspect(after)
        return letter == _JOINER and _is_picture(before) and _is_picture(after)
    return False


def _places(text: str) -> Iterator[int]:
    letters = set(text)
    suspects, marks = ({letter for letter in letters if is_so(letter)} for is_so in (_is_suspect, _is_mark))
    high = 0
    for place, letter in enumerate(text if suspects or marks else ""):
        high = high + 1 if letter in marks else 0
        if high > _HIGH or (letter in suspects and not _belongs(text, place)):
            yield place


def hidden(text: str) -> int | None:
    """Place of the first character that is not shown, or nothing.

    Hidden are controls, formats, directions, tags, lone surrogates, blank letters, and marks piled up over others; line
    ends, tabs, and the joiners of scripts and emoji in their places are not.
    """
    return next(_places(text), None)


def _shown(text: str, show: Callable[[str], str]) -> str:
    letters = list(text)
    for place in _places(text):
        letters[place] = show(letters[place])
    return "".join(letters)


def printable(text: str) -> str:
    """Text that shows all it holds: hidden characters as ``�``, line ends as line feeds."""
    return _shown(text.replace("\r\n", "\n"), lambda _: _SHOWN_AS)


def one_line(text: str, limit: int | None = None) -> str:
    """Text for a place of one line, white space as one space each; cut with ``…`` after so many characters."""
    line = printable(" ".join(text.split()))
    if limit is None or len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + "…"


def alike(name: str) -> str:
    """What a name looks like at a glance: names of which this is the same are not to stand side by side."""
    small = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(letter for letter in unicodedata.normalize("NFD", small) if not _is_mark(letter))
    return bare.translate(_ALIKE).translate(_DIGITS).replace("i", "l")


def is_like_an_address(name: str) -> bool:
    """Whether a name looks like the beginning of an address."""
    return _ADDRESS.match(unicodedata.normalize("NFKC", name).casefold().translate(_ALIKE)) is not None


def escaped(json_text: str) -> str:
    """A JSON text with its hidden characters escaped; it says the same."""
    return _shown(json_text, _escape)


def plainly(error: UnicodeError) -> tuple[str, int]:
    """A handler of what a terminal cannot write: the nearest plain signs, so that none looks like another."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def _escape(letter: str) -> str:
    pair = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[half : half + 4]}" for half in range(0, len(pair), 4))
