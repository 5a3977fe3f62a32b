"""Views: what is shown, as data. Terminal, page and JSON draw the same.

A query answers with plain facts; ``gives`` says their kinds, once, for JSON, its schema and every
text. Where the facts stand on a screen is said in the words' files::

    ["campaign show"]
    heading = "Campaign {campaign}: {title}"
    fields = [["lead", "{lead}"], ["state", "{state}"]]          # label, sentence; empty ones go
    next = "the lead posts bounties: dmo bounty post {campaign} brief.md"
    notes = ["In the pool for the next rounds: {pool}."]
    documents = ["document"]                                      # facts that are documents
    [["campaign show".tables]]                                    # or tables = [{…}]
    rows = "bounties"
    columns = [["no.", "{bounty}"], [">reward", "{reward}"]]      # ">" is flush right
    empty = "No bounties yet."
    [["govern list".cards]]                                       # rows too large for a table
    rows = "proposals"
    latest_first = true
    heading = "{place}. {title}"
    fields = [["by", "{proposer}"]]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from dmo.core import kinds, words
from dmo.core.act import Asked
from dmo.core.kinds import Shape, plain

if TYPE_CHECKING:
    from dmo.home.home import Home


@dataclass(frozen=True)
class Table:
    """Columns (label; ``>`` before it: flush right) and rows of texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Exhibit:
    """A document as it is shown: heading, fields, body, where it was found, and its language."""

    heading: str
    fields: tuple[tuple[str, str], ...] = ()
    body: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Card:
    """One of several things that are too large for a table's row."""

    heading: str
    fields: tuple[tuple[str, str], ...]
    next: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """What is shown; ``data`` is the same for machines, ``code`` the exit code of a command that shows it."""

    heading: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Exhibit, ...] = ()
    tables: tuple[Table, ...] = ()
    cards: tuple[Card, ...] = ()
    texts: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    code: int = 0


class Query(Asked):
    """Something a person asks. Subclasses add fields, and answer.

    Class arguments:
        name: ``noun verb``, or a verb alone.
        gives: What the answer holds, with kinds.
        needs_chain: Whether a deployment and its node are needed.
        room: The contract without which there is nothing to ask, where a deployment may lack it.
        signs: It signs something that is not sent, or with --calldata shows what to sign.
        of_machine: It is about this machine (its files, keys, what runs on it), and asked by who sits at it alone.
    """

    gives: ClassVar[Shape] = {}
    needs_chain: ClassVar[bool] = True
    room: ClassVar[str] = ""
    signs: ClassVar[bool] = False
    of_machine: ClassVar[bool] = False

    registry: ClassVar[dict[str, type[Query]]] = {}

    def answer(self, home: Home) -> Mapping[str, Any]:
        """The facts, by the names in ``gives``."""
        raise NotImplementedError

    def code(self, answer: Mapping[str, Any]) -> int:
        """The exit code."""
        return 0

    def view(self, home: Home) -> View:
        """The answer, laid out. Raises BadInput: the deployment lacks its room."""
        if self.room:
            home.dmo.address(self.room)
        found = self.answer(home)
        return view(home, self.name, self.gives, found, self.code(found))


def view(home: Home, name: str, shape: Shape, found: Mapping[str, Any], code: int = 0) -> View:
    """Lay facts of a shape out as the words of ``name`` say; ``code`` is the exit code."""
    said = words.command(name)
    values = kinds.valued(shape, found)
    look = kinds.looking(home, values)
    tables, cards, texts = [], [], []
    for table in said.get("tables", ()):
        rows = found.get(table["rows"]) or ()
        if rows:
            tables.append(_table(home, table, shape[table["rows"]][0], rows, values))
        elif "empty" in table:
            texts += words.filled(table["empty"], look)
    for card in said.get("cards", ()):
        rows = (found.get(card["rows"]) or ())[:: -1 if card.get("latest_first") else 1]
        cards += [_card(home, card, shape[card["rows"]][0], row, values) for row in rows]
        texts += words.filled(card.get("empty") if not rows else None, look)
    return View(
        words.fill(said.get("heading", ""), look),
        _fields(said, look),
        tuple(found[key].exhibit() for key in said.get("documents", ()) if found.get(key) is not None),
        tuple(tables),
        tuple(cards),
        (*texts, *words.filled(said.get("notes"), look)),
        tuple(words.filled(said.get("next"), look)),
        plain(shape, found),
        code,
    )


def _fields(said: Mapping[str, Any], look: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, one in said.get("fields", ()) if (text := words.fill(one, look)))


def _card(home: Home, said: Mapping[str, Any], shape: Any, row: Any, values: Mapping[str, Any]) -> Card:
    look = kinds.looking(home, {**values, **kinds.valued(shape, row)})
    return Card(words.fill(said["heading"], look), _fields(said, look), tuple(words.filled(said.get("next"), look)))


def _table(home: Home, said: Mapping[str, Any], shape: Any, rows: Any, values: Mapping[str, Any]) -> Table:
    """A table; cells may speak of the row and of what surrounds it."""
    looks = [kinds.looking(home, {**values, **kinds.valued(shape, row)}) for row in rows]
    columns = said["columns"]
    cells = [[words.fill(sentence, look) for _, sentence in columns] for look in looks]
    kept = [place for place in range(len(columns)) if any(row[place] for row in cells)]
    return Table(
        tuple(columns[place][0] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in cells),
        words.fill(said.get("title", ""), kinds.looking(home, values)),
    )
