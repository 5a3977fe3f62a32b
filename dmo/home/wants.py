"""Who wants to be told what, by which way: a TOML file that a person writes.

Its URLs are passwords: the file is for its owner's eyes, and they are told by the name they have in it, nowhere else.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.errors import BadInput
from dmo.core.files import read_text
from dmo.core.notices import EVERYONE
from dmo.core.text import one_line

MOST_BYTES = 256 * 1024
_DEPTH = 10_000
_TOP = {"confirmations": int, "send": dict, "wants": list}
_ONE = {"who": list, "what": list, "by": list, "feed": str, "calendar": str, "least": str}
_HEAD = re.compile(r"\s*(\[\[?)\s*([\w\"'.-]+)\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")
_AT = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Want:
    """What is told of some accounts, and how.

    Attributes:
        who: Addresses; ``EVERYONE`` for what all may know.
        what: Names of what is told.
        channels: ``send <name>`` and ``feed <file>``.
        calendar: The file of their deadlines.
        least: Coins (wei) below which an account's balance is told; 0 for never.
    """

    who: tuple[str, ...]
    what: frozenset[str]
    channels: tuple[str, ...] = ()
    calendar: Path | None = None
    least: int = 0


@dataclass(frozen=True)
class Wants:
    """The file. URLs do not show."""

    file: Path
    wants: tuple[Want, ...] = ()
    confirmations: int | None = None
    urls: Mapping[str, str] = field(default_factory=dict, repr=False)

    def pairs(self) -> dict[tuple[str, str], frozenset[str]]:
        """What is told, by account and channel."""
        found: dict[tuple[str, str], frozenset[str]] = {}
        for one in self.wants:
            for pair in [(who, channel) for who in one.who for channel in one.channels]:
                found[pair] = found.get(pair, frozenset()) | one.what
        return found


class _File:
    """A file's text, where errors find their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = read_text(path, MOST_BYTES)
        except FileNotFoundError:
            raise words.bad("notice_no_file").at(str(path)) from None
        try:
            self.content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = _AT.search(str(error))
            raise words.bad("notice_no_toml").at(str(path), int(at[1]) if at else None) from None
        except RecursionError:
            raise words.bad("notice_no_toml").at(str(path)) from None

    def bad(self, wrong: str, place: tuple[str, int, str], /, **values: Any) -> BadInput:
        """An error at a table (the first is 0) and a key of it."""
        return words.bad(wrong, **values).at(str(self.path), self._line(*place), place[2] or place[0])

    def _line(self, table: str, number: int, key: str) -> int | None:
        at, seen, start = "", dict[str, int](), None
        for line, text in enumerate(self.text.splitlines(), 1):
            if head := _HEAD.match(text):
                at = head[2]
                seen[at] = seen.get(at, -1) + 1
                is_it = (at, seen[at]) == ((table, number) if table else (key, 0))
                start = line if is_it and start is None else start
            elif found := _KEY.match(text):
                if at == table and seen.get(at, 0) == number and found[1] == key:
                    return line
                start = line if not at and found[1] == table and start is None else start
        return start


def read_wants(path: Path, groups: Sequence[str], account: Callable[[str], str], coins: Callable[[str], int]) -> Wants:
    """Read the file.

    Args:
        path: The file.
        groups: The names of what can be told.
        account: The address that a name means.
        coins: Wei of an amount of coins.

    Raises:
        BadInput: It cannot be used; with the line, and without what an URL says.
    """
    file = _File(path)
    content = file.content
    _shape(file, content, _TOP, ("", 0))
    urls = content.get("send", {})
    for name, url in urls.items():
        if not isinstance(url, str) or not url.strip():
            raise file.bad("notice_no_text", ("send", 0, name))
    if urls and path.stat().st_mode & 0o077 and os.name == "posix":
        raise file.bad("notice_open", ("send", 0, ""), file=path)
    depth = content.get("confirmations")
    if depth is not None and not 0 <= depth <= _DEPTH:
        raise file.bad("notice_depth", ("", 0, "confirmations"), most=f"{_DEPTH:,}")
    wants = content.get("wants", [])
    if not wants:
        raise file.bad("notice_nobody", ("", 0, "wants"))
    found = [_want(file, place, one, groups, sorted(urls), account, coins) for place, one in enumerate(wants)]
    return Wants(path, tuple(found), depth, urls)


def _shape(file: _File, content: Any, known: Mapping[str, type], place: tuple[str, int]) -> None:
    if not isinstance(content, dict):
        raise file.bad("notice_no_table", (*place, ""))
    for key, value in content.items():
        if key not in known:
            raise file.bad("notice_key", (*place, key), key=one_line(key, 40), known=", ".join(known))
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise file.bad("notice_kind", (*place, key), kind=words.word("notice_kind", known[key].__name__))


def _want(
    file: _File,
    place: int,
    one: Any,
    groups: Sequence[str],
    names: Sequence[str],
    account: Callable[[str], str],
    coins: Callable[[str], int],
) -> Want:
    _shape(file, one, _ONE, ("wants", place))

    def listed(key: str, known: Sequence[str] = ()) -> list[str]:
        found = one.get(key, [])
        for text in found:
            if not isinstance(text, str) or (known and text not in known):
                told = {"given": one_line(str(text), 40), "known": ", ".join(known)}
                raise file.bad("notice_no_such" if known else "notice_no_text", ("wants", place, key), **told)
        return [str(text) for text in found]

    def tried(key: str, read: Callable[[str], Any], text: str) -> Any:
        try:
            return read(text)
        except BadInput as error:
            raise error.at(str(file.path), file._line("wants", place, key), key) from None

    who = [text if text == EVERYONE else tried("who", account, text) for text in listed("who")]
    if not who:
        raise file.bad("notice_who", ("wants", place, "who"))
    channels = [f"send {name}" for name in listed("by", names or ("[send]",))]
    channels += [f"feed {_beside(file.path, one['feed'])}"] if "feed" in one else []
    if not channels and "calendar" not in one:
        raise file.bad("notice_how", ("wants", place, ""))
    what = listed("what", groups) or [name for name in groups if name != "balance"]
    least = tried("least", coins, one["least"]) if "least" in one else 0
    if "what" in one and ("balance" in what) is not ("least" in one):
        raise file.bad("notice_least", ("wants", place, "what"))
    what += ["balance"] if least else []
    calendar = _beside(file.path, one["calendar"]) if "calendar" in one else None
    return Want(tuple(dict.fromkeys(who)), frozenset(what), tuple(channels), calendar, least)


def _beside(file: Path, name: str) -> Path:
    """A file that another names, beside it where it is no whole path."""
    return (file.parent / Path(name).expanduser()).absolute()
