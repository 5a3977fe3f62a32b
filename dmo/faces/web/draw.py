"""What the templates draw: views with their marks turned into links, and commands into what they are here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from markupsafe import Markup, escape

from dmo.core import words
from dmo.core.text import printable
from dmo.core.view import Exhibit, Table, View
from dmo.faces import cli
from dmo.faces.html import prose
from dmo.faces.web import marks, pages

_LONGEST_TEXT = 32 * 1024
_FEW = 15
_ACCOUNT = re.compile(r"(.*?)\(?(0x[0-9a-fA-F]{40})\)?")
_BESIDE = re.compile(r"\s*\(0x[0-9a-fA-F]{40}\)")
"""An address after the name that it is known by."""
_COLON = re.compile(r":\s+|\uff1a")
_ABOUT_A_PAPER = ("idea", "bounty", "work")
"""Things whose first document says what they are."""
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_PICKED = ("objective", "audience")
_MEMBER = re.compile(r"(^|, )(\w+): ")
_BARE = re.compile(r'<a class="do" href="(/act/[a-z/-]+)"')
_SEE = re.compile(r'<a class="see" href="([^"]*)">[^<]*</a>')
_DO = re.compile(r'<a class="do" href="([^"]*)">([^<]*)</a>')


def sentence(text: str) -> Markup:
    """A filled sentence: its values lead where they belong, its commands to their forms."""
    return marks.drawn(marks.flat_after(text, "dmo "), _commands)


def _commands(escaped: str) -> str:
    if "dmo " not in escaped:
        return escaped
    drawn = []
    for said, link in pages.commands(unescape(escaped)):
        if link is None:
            drawn.append(str(escape(said)))
        else:
            drawn.append(
                f'<a class="{"do" if link.is_act else "see"}" href="{escape(link.to)}">{escape(link.text)}</a>'
            )
    return "".join(drawn)


class Line(NamedTuple):
    """What comes next: the sentence, and the first act in it as a button."""

    text: Markup
    to: str
    label: str


def following(text: str) -> Line:
    """What comes next, of a view's ``next``."""
    drawn = sentence(text)
    found = _DO.search(drawn)
    return Line(drawn, unescape(found[1]) if found else "", unescape(found[2]) if found else "")


def sentence_plain(text: str) -> Markup:
    """A sentence without marks whose commands are links."""
    return Markup(_commands(str(escape(marks.plain(printable(text))))))  # noqa: S704 - escaped piece by piece


def command(text: str, about: str) -> Markup:
    """What can be done about something; what the sentence about it leads to is filled in."""
    named = {one.split("/")[1]: one.split("/")[2] for one in marks.of(about, marks.LINK) if one.count("/") == 2}

    def filled(found: re.Match[str]) -> str:
        name = found[1].removeprefix("/act/").replace("/", " ")
        return f'<a class="do" href="{escape(pages.act_path(name, pages.prefilled(cli.commands()[name], named)))}"'

    drawn = _BARE.sub(filled, sentence_plain(text))
    return Markup(_SEE.sub(_look, drawn))  # noqa: S704 - a form's path, and our own words, in the place of others


def _look(found: re.Match[str]) -> str:
    """A button that leads to where one looks: named by what is done there, not by what the page is called."""
    text = pages.label("ballot cast") if found[1].startswith("/round") else said("form.look")
    return f'<a class="see" href="{found[1]}">{escape(text)}</a>'


class Cell(NamedTuple):
    """A cell: its column's label, whether it is a number, its content, whether that is its row's title."""

    label: str
    is_number: bool
    content: Markup
    is_title: bool = False


class Drawn(NamedTuple):
    """A table: labels (and whether numbers are below), rows of cells, title."""

    columns: list[tuple[str, bool]]
    rows: list[list[Cell]]
    title: Markup


def initial(text: str) -> str:
    """A label with a capital where its script has them; a command line writes it small."""
    return text[:1].upper() + text[1:]


def table(one: Table) -> Drawn:
    """A view's table; a title in a row leads where the row's first link does."""
    columns = [(initial(label.lstrip(">")), label.startswith(">")) for label in one.columns]
    rows = []
    for texts in one.rows:
        target = next(iter(marks.of(" ".join(texts[:1]), marks.LINK)), "") or _reference(texts[0])
        cells = []
        for place, ((label, is_number), text) in enumerate(zip(columns, texts, strict=True)):
            content = sentence(text)
            is_title = marks.TITLE in _kinds(text)
            if target and marks.LINK not in "".join(_kinds(text)) and (place == 0 or is_title):
                content = Markup('<a href="{}">{}</a>').format(target, content)
            cells.append(Cell(label, is_number, content, is_title and place > 0))
        rows.append(cells)
    return Drawn(columns, rows, sentence(one.title))


def few(its: Table) -> Table:
    """The latest of a list, by what tells them apart: their titles, where they have them."""
    has_titles = bool(its.rows) and bool(marks.of(its.rows[-1][1], marks.TITLE))
    count = 2 if has_titles else 3
    return replace(its, columns=its.columns[:count], rows=tuple(row[:count] for row in its.rows[-_FEW:]))


def tallies(view: View) -> list[tuple[float, float]]:
    """Of a round's ideas, in their order: votes for and against, in hundredths of the most that any has."""
    cast = [(int(row["for"]), int(row["against"])) for row in view.data["ranked"]]
    most = max([1, *map(sum, cast)])
    return [(round(100 * its / most, 2), round(100 * other / most, 2)) for its, other in cast]


def _kinds(text: str) -> list[str]:
    return [one[1] for one in marks._MARK.finditer(text)]


def _referring(text: str) -> Markup:
    """A field; one that is nothing but round/number leads to that idea."""
    to = _reference(text)
    return Markup('<a href="{}">{}</a>').format(to, text) if to else sentence(text)


def _reference(text: str) -> str:
    """Where round/number leads."""
    first, sign, second = marks.plain(text).partition("/")
    return f"/idea/{first}.{second}" if sign and first.isdigit() and second.isdigit() else ""


class Leaf(NamedTuple):
    """A document: heading (its kind and title), its language, fields, text, and where it was found."""

    heading: str
    kind: str
    title: str
    lang: str
    fields: list[tuple[str, Markup]]
    body: Markup
    note: str


def paper(one: Exhibit) -> Leaf:
    """A document as it is shown; what is too long for a page is cut, and stands whole in its file."""
    fields = [(part(name), _told(name, marks.clean(printable(text)))) for name, text in one.fields]
    body = marks.clean(printable(one.body))
    heading = marks.plain(printable(one.heading))
    kind, sign, title = heading.partition(": ")
    said = (part(kind), title) if sign and (fields or body) else ("", _BESIDE.sub("", heading))
    return Leaf(heading, *said, one.lang, fields, prose(body[:_LONGEST_TEXT], 3), one.note)


def _told(name: str, text: str) -> Markup:
    """A field of a document: its groups' members and the words that can be picked by name, an account as a link."""
    if _ADDRESS.fullmatch(text):
        return marks.drawn(marks.marked(marks.WHO, text, text))
    if name in _PICKED:
        return Markup(", ").join(pick(word) for word in text.split(", "))
    lines = [_MEMBER.sub(lambda its: _member(name, its), line) for line in text.split("\n")]
    return Markup("<br>").join(lines)


def _member(group: str, found: re.Match[str]) -> str:
    key = f"{group}.{found[2]}"
    return f"{found[1]}{part(key)}: " if key in words.load()["face"]["part"] else found[0]


def pick(word: str) -> str:
    """A word that a document's field takes, as people say it."""
    return str(words.load()["face"]["pick"].get(word, word))


class Top(NamedTuple):
    """How a page begins: what kind of thing it is, its title and the language of that, an account, a sentence."""

    kind: str
    title: str
    lang: str = ""
    account: str = ""
    says: str = ""


def top(noun: str, heading: str, papers: Sequence[Leaf] = ()) -> Top:
    """The top of the page about something: what people call it is its title, its number stands above."""
    if found := _ACCOUNT.fullmatch(heading):
        return Top("", found[1].strip() or marks.short(found[2]), "", found[2])
    first, rest = ([*_COLON.split(heading, maxsplit=1), ""])[:2]
    if papers and papers[0].kind and noun in _ABOUT_A_PAPER:
        return Top(first, papers[0].title, papers[0].lang)
    if noun == "round" or not rest:
        return Top("", initial(first), says=initial(rest))
    return Top(first, initial(rest))


def part(name: str) -> str:
    """What a part of a document is called, or the document itself."""
    text = words.load()["face"]["part"].get(name)
    return str(text) if text else initial(name.replace(".", " ").replace("_", " "))


def _fields(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, Markup]]:
    return [(initial(label), _referring(text)) for label, text in pairs]


def _whose(text: str) -> list[str]:
    return [who.lower() for who in marks.of(text, marks.WHO)]


class Shown(NamedTuple):
    """A view as the templates draw it; ``says`` is its heading where it stands under another."""

    heading: Markup
    says: str
    fields: list[tuple[str, Markup]]
    papers: list[Leaf]
    tables: list[Drawn]
    cards: list[tuple[Markup, list[tuple[str, Markup]], list[Line]]]
    texts: list[Markup]
    next: list[Line]
    name: str
    is_empty: bool


def view(name: str, one: View, *, about: str = "") -> Shown:
    """A view, drawn; on a page ``about`` an account no field says so again."""
    cards = [(sentence(card.heading), _fields(card.fields), [*map(following, card.next)]) for card in one.cards]
    heading = marks.plain(one.heading)
    return Shown(
        sentence(heading),
        "" if _ACCOUNT.fullmatch(heading) else initial(_BESIDE.sub("", heading)),
        _fields(pair for pair in one.fields if not about or _whose(pair[1]) != [about.lower()]),
        [*map(paper, one.blocks)],
        [*map(table, one.tables)],
        cards,
        [sentence(text) for text in one.texts],
        [*map(following, one.next)],
        name,
        not (one.tables or one.cards or one.blocks or one.fields),
    )


def said(key: str, **values: str) -> str:
    """One of the page's own sentences."""
    group, _, name = key.rpartition(".")
    table = words.load()["face"]
    for part in group.split("."):
        table = table[part] if part else table
    return str(table[name]).format(**values) if values else str(table[name])


TOLD = {
    **{"sentence": sentence, "plain": sentence_plain, "command": command, "top": top},
    **{"part": part, "pick": pick, "tallies": tallies},
}
"""What templates draw with."""
