"""A deployment's page: one self-contained HTML file, without script, font or request to anywhere.

What it says stands in words/<lang>/report.toml; page.html.j2 draws it. Whatever strangers wrote is
escaped where it is filled in; their documents' Markdown is drawn without HTML, links or pictures.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from html import escape as escaped
from importlib import resources
from typing import Any, NamedTuple

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from dmo.capabilities.achieved import achieved, figure
from dmo.capabilities.disputes import Dispute
from dmo.capabilities.history import History
from dmo.core import kinds, words
from dmo.core.digests import parse_digest
from dmo.core.kinds import ACCOUNT, Value
from dmo.core.text import printable
from dmo.faces import pictures, timelines
from dmo.faces.fonts import face
from dmo.faces.sheets import SHEETS, sheet
from dmo.faces.timelines import NARROW, WIDE
from dmo.faces.told import TITLE, TX, Title, Told
from dmo.home.context import chain_facts
from dmo.home.documents import Document, flat

_OFF = ("html_block", "html_inline", "image", "link", "autolink", "reference", "entity")
"""An entity could bring back what no document may hold: letters that hide or turn others round."""
_FONTS = "/* fonts */</style>"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(_OFF)


def prose(text: str, level: int = 5) -> Markup:
    """A document's Markdown as HTML; all its headings are of one level, below the page's own."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(html)  # noqa: S704 - without html, links and pictures it holds only its own tags


class Page(Told):
    """A history as HTML: titles carry their language and lead to their text, names to people's parts."""

    def __init__(self, history: History, names: Mapping[str, str]) -> None:
        super().__init__(history, names, is_coarse=True)
        self.explorer = chain_facts(history.dmo.chain_id).explorer
        self.people = {who.lower() for who in self.doers()}

    def _account(self, address: str, text: str) -> str:
        """A name, leading to what the account did here, or to the explorer of the chain."""
        if text == address:
            text = f"<code>{text}</code>"
        if address.lower() in self.people:
            return f'<a href="#who-{address.lower()}">{text}</a>'
        return self.out("address", address, text)

    def out(self, what: str, value: str, text: str = "") -> Markup:
        """A transaction or an address, at the chain's explorer where one is known."""
        shown = Markup(text or f"<code>{value}</code>")  # noqa: S704 - escaped before, or hexadecimal
        return Markup('<a href="{}/{}/{}">{}</a>').format(self.explorer, what, value, shown) if self.explorer else shown

    def cited(self, reference: str) -> Markup:
        """A digest or CID that a document rests on: its title, where the page holds it."""
        digest = parse_digest(reference)
        title = self.cites.get(digest)
        if title is None:
            return Markup("<code>{}</code>").format(reference)
        return self.fill("{title}", self.values({"title": title}))

    @cached_property
    def cites(self) -> dict[bytes, Title]:
        """Documents that stand on the page under their own heading."""
        known = {one.digest: self.idea(one) for one in self.history.ideas.values()}
        known |= {one.evidence: self.work(one) for one in self.history.work_of.values()}
        return {digest: title for digest, title in known.items() if title.anchor}

    def fill(self, sentences: Any, values: Mapping[str, Value]) -> Markup:
        shown, page = kinds.looking(self, values), words.load()["page"]

        def look(name: str) -> str:
            key, _, group = name.partition(":")
            text, value = escaped(shown(name)).replace("\n", "; "), values.get(key)
            if text and value and value.kind is TITLE:
                lang, anchor = (escaped(one).replace("{", "").replace("}", "") for one in value.value[1:])
                title = f'<span lang="{lang}">{text}</span>' if lang else f"<span>{text}</span>"
                return f'<a href="#{anchor}">{title}</a>' if anchor else title
            if text and value and value.kind is ACCOUNT:
                return self._account(value.value, text)
            if text and value and value.kind is TX:
                return self.out("tx", value.value, f"<code>{text}</code>")
            if text and value and group in page["framed"]:
                return f'<span class="tag{" yes" if value.value in page["strong"] else ""}">{text}</span>'
            return text

        filled = (words.fill(escaped(one, quote=False), look) for one in words.texts(sentences))
        return Markup(" ".join(filter(None, filled)))  # noqa: S704 - escaped piece by piece


PICTURES: dict[str, Callable[[Told, Any, int], str]] = {
    "goals": pictures.goals,
    "money_flow": pictures.money_flow,
    "votes": pictures.votes,
    "points_over_time": pictures.points_over_time,
    "timeline": timelines.timeline,
    "trial": timelines.trial,
    "costs": pictures.costs,
    "calibration": pictures.calibration,
}


def drawn(told: Told, name: str, about: Any) -> Markup:
    """A picture for wide screens and one for narrow ones; nothing where there is nothing to draw."""
    found = [(cls, PICTURES[name](told, about, width)) for cls, width in (("wide", WIDE), ("narrow", NARROW))]
    return Markup("".join(f'<div class="{cls}">{svg}</div>' for cls, svg in found if svg))  # noqa: S704 - our own tags


class ShownPaper(NamedTuple):
    """A document as it is shown: what it is beside others, its language, its title, its fields and its text."""

    label: str
    lang: str
    title: str
    fields: list[tuple[str, Markup]]
    text: Markup


class Doc(NamedTuple):
    """A document, or one with those that belong to it, under a heading; ``anchor``: how it is linked to."""

    lang: str
    heading: str
    small: str
    papers: list[ShownPaper]
    anchor: str = ""


def _fields(told: Page, found: Document) -> Iterator[tuple[str, Markup]]:
    """Whatever a document says in its fields: an idea's goal as a sentence, what lessons rest on as links."""
    for key, value in found.fields.items():
        if key in ("kind", "title", "lang", "worker") or value in ([], ""):
            continue
        shown = Markup("<br>").join(flat(value).split("\n"))
        if found.kind == "idea" and key == "goal":
            goal = {**value, "by": value["date"], "metric": Title(value["metric"], found.lang)}
            shown = told.fill(words.word("goals", "goal"), told.values(goal))
        elif found.kind == "lesson" and key == "value":
            shown = escape(figure(value))
        elif found.kind == "lesson" and key == "cites":
            shown = Markup("<br>").join(map(told.cited, value))
        yield words.word("field", key), shown


def _doc(
    told: Page, digest: bytes, number: str, small: str, papers: Mapping[str, bytes | None], anchor: str
) -> Doc | None:
    """A document, or those that belong to it; nothing where it was not published."""
    if told.document(digest) is None:
        return None
    shown = []
    for label, one in papers.items() or [("", digest)]:
        if found := told.document(one):
            fields, body = ([*_fields(told, found)], found.body) if isinstance(found, Document) else ([], found.text)
            shown.append(ShownPaper(label, told.title(one, "paper").lang, found.title, fields, prose(body)))
    title = told.title(digest, "paper")
    return Doc(title.lang, f"{number} {title.text}".strip(), small, shown, anchor)


def _docs(told: Page, name: str) -> Iterator[Doc]:
    """The documents of a table's rows, as their words have them."""
    said = words.load()["page"]["docs"][name]
    for row in SHEETS[name](told, None):
        number, small = (words.fill(said[key], kinds.looking(told, told.values(row))) for key in ("number", "small"))
        papers = {label: row[key] for label, key in said.get("papers", ())}
        if doc := _doc(told, row[said["document"]], number, small, papers, row["title"].anchor):
            yield doc


def _sides(told: Page, one: Dispute) -> list[tuple[str, list[tuple[str, str, Doc | None]]]]:
    """What both sides of a dispute, and others, showed; sides without a word are left out."""
    work = told.history.work_of[one.submission]
    accuser = one.opener if one.is_challenge else one.lead
    defenders = {work.worker, *(payee.account for payee in work.payees), *([one.lead] if one.is_challenge else [])}
    said: dict[str, list[tuple[str, str, Doc | None]]] = {"for": [], "against": [], "others": []}

    def give(side: str, digest: bytes, by: str, what: str, **values: Any) -> None:
        small = told.say("sides", what, who=by, **values)
        shown = _doc(told, digest, "", small, {}, "")
        said[side].append((f"0x{digest.hex()}", told.say("sides", "unpublished", said=small), shown))

    give("for", work.evidence, work.worker, "work")
    if work.reason and not one.is_challenge:
        give("against", work.reason, one.lead, "rejection")
    for place, paper in enumerate(told.history.papers.get(one.submission, ())):
        side = "against" if paper.by == accuser else "for" if paper.by in defenders else "others"
        give(side, paper.digest, paper.by, "evidence" if place else "statement", date=paper.at)
    return [(told.word("sides", side), papers) for side, papers in said.items() if papers]


def _values(told: Told, title: str) -> dict[str, Any]:
    """What the page's own sentences speak of."""
    history = told.history
    books, bonds = Counter(history.books), history.bonds
    goals = [row for row in achieved(history) if row["way"] is not None]
    earned = sum(payment.amount for payment in history.payments if payment.kind != "credit")
    return {
        **{key: books[key] for key in ("received", "refunded", "held", "bonds_paid", "bonds_held")},
        **{"paid_out": books["paid"], "put_up_all": bonds["put_up"]},
        "bonds_moved": bonds["put_up"] - books["bonds_paid"] - books["bonds_held"],
        **{key: getattr(history, key) for key in ("began", "now", "block")},
        **{key: len(getattr(history, key)) for key in ("campaigns", "disputes", "payments")},
        **{key: sum(getattr(one, key) for one in history.rounds) for key in ("ballots", "choices")},
        "payers": ", ".join(told.say("flow", "payer", who=who, some=some) for who, some in told.payers()),
        "title": Title(title),
        "chain": history.dmo.chain_id,
        "ideas": len(history.ideas) - len(history.edited),
        "people": len({payment.payee for payment in history.payments}),
        "rounds": sum(one.settled is not None for one in history.rounds),
        "works": sum(bool(history.at("WorkPaid", one.submission)) for one in history.work),
        "fees": sum(payment.kind == "fee" for payment in history.payments),
        "ruled": sum(bool(one.ruling) for one in history.disputes),
        "goals": len(goals),
        "goals_reached": sum(row["way"] >= 1 for row in goals),
        "deposited": history.sum("PoolDeposited"),
        "withdrawn": history.sum("PoolWithdrawn") or None,
        "credits": sum(one.amount for one in history.credits) or None,
        "earned_all": earned,
        "points": history.sum("PointsAwarded"),
    }


def _section(told: Told, said: Mapping[str, Any], values: Mapping[str, Value], about: Any = None) -> dict[str, Any]:
    """What the template draws a section from: its words, what they speak of, its parts."""
    each = said.get("each")
    rows = zip(getattr(told.history, each), SHEETS[each](told, None), strict=True) if each else ()
    parts = [_section(told, said["part"], told.values(row), one) for one, row in rows]
    none = dict.fromkeys(
        ("texts", "tables", "behind", "legend", "captions", "picture", "folds", "moved", "docs", "people")
    )
    return {**none, **said, "around": values, "about": about, "parts": parts}


def render_page(history: History, names: Mapping[str, str], title: str | None = None) -> str:
    """A history as HTML, people by their names (address → name), under a title or the deployment's name."""
    told = Page(history, names)
    return render(told, words.load()["page"], told.values(_values(told, title or history.dmo.name)))


def _is_any(sentence: str, values: Mapping[str, Value]) -> bool:
    """Whether a tile has anything to count."""
    return any(values[name].value for name in words.names_in(sentence))


_DRAWING: dict[str, Any] = {"sheet": sheet, "docs": _docs, "sides": _sides, "drawn": drawn}


@cache
def template(name: str) -> jinja2.Template:
    """One of the templates beside this module."""
    loader = jinja2.FunctionLoader(lambda name: resources.files("dmo.faces").joinpath(name).read_text("utf-8"))
    options: Any = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    return jinja2.Environment(autoescape=True, loader=loader, **options).get_template(f"{name}.html.j2")


def render_sections(told: Page, wanted: Sequence[str]) -> Markup:
    """Some of the page's sections, with their pictures and the tables behind them, for another page."""
    history, said = told.history, words.load()["page"]
    values = told.values(_values(told, history.dmo.name))
    known = {one["id"]: one for one in said["sections"] if history.has(one["when"])}
    sections = [_section(told, known[name], values) for name in wanted if name in known]
    shown = template("sections").render(told=told, said=said, around=values, sections=sections, **_DRAWING)
    return Markup(printable(shown))  # noqa: S704 - the same templates, escaped as they are there


def render(told: Page, said: Mapping[str, Any], values: Mapping[str, Value]) -> str:
    """What the words say of a history, as HTML; ``values`` are what its own sentences speak of."""
    history = told.history
    sections = [_section(told, one, values) for one in said["sections"] if history.has(one["when"])]
    tiles = [[told.fill(one, values) for one in tile] for tile in said["tiles"] if _is_any(tile[0], values)]
    draw = {"tiles": tiles, **_DRAWING}
    page = printable(template("page").render(told=told, said=said, around=values, sections=sections, **draw))
    return page.replace(_FONTS, f"{face(page)}</style>", 1)
