"""The page map: paths, what they ask and what they offer; and what leads where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import click

from dmo.core import words
from dmo.core.act import ANYONE, Act, Asked
from dmo.core.kinds import Kind
from dmo.core.text import one_line
from dmo.faces import cli

_NAMED = re.compile(r"\{(\w+)\}")
_COMMAND = re.compile(r"`dmo ([^`]+)`|\bdmo ((?:[a-z][a-z-]*)(?: [^\s`\uff0c\uff1b\u3002\uff1a\u3001\uff08\uff09]+)*)")
"""A command as it stands in a sentence; signs of a script without spaces end a word of it."""
_END = re.compile(r"[,;.:)]$")
_REST = re.compile(r"(?: (?:…|--[a-z][a-z-]*))*")
"""What only a terminal is told after a command: that more has to be said."""
_UNSAID = re.compile(r"…|^[A-Z<{]|^[+−-]N")
_LONGEST = 12


@dataclass(frozen=True)
class Asking:
    """A query, and its fields as the path gives them."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()

    def given(self, named: Mapping[str, str]) -> dict[str, str]:
        """The fields as somebody wrote them."""
        return {key: _NAMED.sub(lambda one: named[one[1]], text) for key, text in self.fields}


@dataclass(frozen=True)
class Place:
    """A page: its words' name and path, the queries it asks, the acts it offers, sections of the report."""

    noun: str
    path: str
    queries: tuple[Asking, ...] = ()
    acts: tuple[str, ...] = ()
    template: str = "page"
    sections: tuple[str, ...] = ()
    beside: Asking | None = None
    about: str = ""
    nav: bool = False

    @property
    def named(self) -> list[str]:
        """What the path names."""
        return _NAMED.findall(self.path)


@cache
def _map() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("pages.toml").read_text("utf-8"))


def _asking(text: str) -> Asking:
    parts = text.split(" ")
    fields = [part.partition("=") for part in parts if "=" in part]
    return Asking(" ".join(part for part in parts if "=" not in part), tuple((key, value) for key, _, value in fields))


@cache
def pages() -> tuple[Place, ...]:
    """All pages, in the order of the map."""
    found = []
    for one in _map()["page"]:
        asked, acts = tuple(map(_asking, one.get("queries", ()))), tuple(one.get("acts", ()))
        more = {key: one[key] for key in ("template", "nav", "about") if key in one}
        more["beside"] = _asking(one["beside"]) if "beside" in one else None
        more["sections"] = tuple(one.get("sections", ()))
        found.append(Place(one["noun"], one["path"], asked, acts, **more))
    return tuple(found)


def leads(kind: str, plain: Any) -> str:
    """The path that a kind's value leads to, from what machines are told; empty for none."""
    to = _map()["leads"].get(kind)
    if to is None or plain in (None, "", 0, []):
        return ""
    return str(to.format(*plain) if isinstance(plain, list) else to.format(plain))


def act_path(name: str, given: Mapping[str, Any] | None = None) -> str:
    """Where an act's form is, some of its fields filled in."""
    query = urlencode({key: one for key, one in (given or {}).items() if one not in (None, "", ())}, doseq=True)
    return f"/act/{quote(name.replace(' ', '/'))}" + (f"?{query}" if query else "")


def query_path(name: str, given: Mapping[str, Any]) -> str:
    """The page whose first query this is, else its part of another; the one that says most of what is given."""
    asked = [(place, one, its) for one in pages() for place, its in enumerate(one.queries) if its.name == name]
    for place, one, its in sorted(asked, key=lambda found: (found[0] > 0, len(set(given) - set(found[1].named)))):
        if set(one.named) - set(given) or (not one.named and set(given) - {key for key, _ in its.fields}):
            continue
        path = _NAMED.sub(lambda found: quote(str(given[found[1]]).replace("/", "."), safe=""), one.path)
        return f"{path}#{part_id(name)}" if place else path
    return ""


def part_id(name: str) -> str:
    """What a query's part of a page is called in an address."""
    return name.replace(" ", "-")


def prefilled(asked: type[Asked], named: Mapping[str, str]) -> dict[str, str]:
    """Those fields of an act that a page's path names, one or as the only of several."""
    known = asked.parameters()
    return {
        key: value
        for name, value in named.items()
        for key in (name, f"{name}s")
        if key in known and asked.kind(key).paper is None
    }


@dataclass(frozen=True)
class Link:
    """A command as the page has it: where it is done or shown, what that is called, and how much of a text it was."""

    to: str
    text: str
    is_act: bool
    name: str


@lru_cache(maxsize=4096)
def _linked(line: str, language: str) -> Link | None:
    """What a command line, without ``dmo``, is on the page; nothing where it is of no page."""
    short = words.load("en")["cli"]["short"]
    parts = line.split(" ")
    parts = [*short.get(parts[0], parts[0]).split(), *parts[1:]]
    for count in (2, 1):
        name = " ".join(parts[:count])
        if len(parts) >= count and name in cli.commands():
            break
    else:
        return None
    asked, given = cli.commands()[name], _given(name, parts[count:])
    known = {key: value for key, value in given.items() if asked.kind(key).paper is None}
    is_act = issubclass(asked, Act)
    to = act_path(name, known) if is_act else query_path(name, known)
    if not to and name.endswith(" new"):  # a template: the form of what is posted with it asks the same
        noun = str(given.get("form", "")) if name == "document new" else name.split()[0]
        posts = _posts(noun)
        return _linked(f"{noun} {posts}", language) if posts else None
    text = str(words.load()["face"]["wider"]) if to.endswith("/all") else label(name)
    return Link(to, text, is_act, name) if to else None


def _posts(noun: str) -> str:
    """The verb that takes a document of a noun first; empty where none does."""
    named = (name for name in cli.commands() if name.startswith(f"{noun} ") and issubclass(cli.commands()[name], Act))
    takes = (
        name
        for name in named
        if any(one.paper is not None for one in map(cli.commands()[name].kind, cli.commands()[name].parameters()))
    )
    return next((name.split()[1] for name in takes), "")


def _given(name: str, arguments: list[str]) -> dict[str, Any]:
    """The fields that arguments of a command line give; what stands for others is left out."""
    try:
        context = cli.command(name).make_context(name, list(arguments), resilient_parsing=True)
    except (click.ClickException, click.exceptions.Exit):
        return {}
    asked, found = cli.commands()[name], {}
    for key, one in context.params.items():
        if key in asked.parameters() and one not in (None, (), False) and _is_said(asked.kind(key), one):
            found[key] = "yes" if one is True else one
    return found


def _is_said(kind: Kind, value: Any) -> bool:
    """Whether a word of a command line is a value, not what stands for one."""
    is_number = kind.schema.get("type") == "integer" and kind.name not in ("SHARE", "TIME")
    parts = value if isinstance(value, tuple) else (value,)
    return all(one is True or (not _UNSAID.search(str(one)) and (not is_number or str(one).isdigit())) for one in parts)


def label(name: str) -> str:
    """What an act or a page is called on a button."""
    said = words.load()["face"]
    noun = next((one.noun for one in pages() if one.queries and one.queries[0].name == name), "")
    found = (
        said["act"].get(name)
        or said["query"].get(name)
        or said["page"].get(noun, {}).get("title")
        or words.command(name).get("help", name)
    )
    return one_line(str(found).rstrip("."))


def who_may(name: str) -> str:
    """Who may do an act, where that is not everybody."""
    who = getattr(cli.commands()[name], "who", ANYONE)
    return "" if who == ANYONE else str(words.load()["face"]["who"].get(who, who))


def commands(text: str) -> list[tuple[str, Link | None]]:
    """A text in pieces: what is said, and what commands in it are on the page."""
    found: list[tuple[str, Link | None]] = []
    at = place = 0
    while (one := _COMMAND.search(text, place)) is not None:
        line, place = (one[1], one.end()) if one[1] else _until_stop(one[2], one.start(2))
        link = _linked(line, words.spoken())
        if link is not None:
            found += [(text[at : one.start()], None), (line, link)]
            rest = _REST.match(text, place)
            at = place = rest.end() if rest else place
    return [*_once(found), (text[at:], None)]


def _once(found: list[tuple[str, Link | None]]) -> list[tuple[str, Link | None]]:
    """The same without a template's command before that which takes it: here both are one form."""
    kept: list[tuple[str, Link | None]] = []
    for piece in found:
        link, before = piece[1], kept[-2][1] if len(kept) > 1 else None
        if link and before and link.name == before.name and link.to.startswith(f"{before.to}?"):
            kept = kept[:-2]
        kept.append(piece)
    return kept


def _until_stop(line: str, start: int) -> tuple[str, int]:
    """The words of a command that stands in a sentence, up to its sign, and where they end."""
    taken: list[str] = []
    stops = {words.word("list", one).strip() for one in ("either", "both")} | {"…"}
    for part in line.split(" ")[:_LONGEST]:
        if taken and part in stops:
            if taken[-1].startswith("--"):  # an option whose value stands for others
                taken.pop()
            break
        taken.append(part)
        if _END.search(part):
            break
    text = " ".join(taken)
    return _END.sub("", text), start + len(_END.sub("", text))
