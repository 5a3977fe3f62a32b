"""A deployment's page: one self-contained HTML file, without script, font or request to anywhere.

What it says stands in words/<lang>/report.toml; page.html.j2 draws it. Whatever strangers wrote is
escaped where it is filled in; their documents' Markdown is drawn without HTML, links or pictures.
"""

from collections.abc import Iterator, Mapping
from html import escape
from importlib import resources
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.history import History
from dmo.core import kinds, words
from dmo.core.kinds import Value
from dmo.core.text import printable
from dmo.faces.pictures import PICTURES
from dmo.faces.sheets import SHEETS, sheet
from dmo.faces.told import TITLE, Told
from dmo.home.documents import Unreadable

_OFF = ("html_block", "html_inline", "image", "link", "autolink", "reference", "entity")
"""An entity could bring back what no document may hold: letters that hide or turn others round."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(_OFF)


def prose(text: str) -> Markup:
    """A document's Markdown as HTML; all its headings are of one level, below the page's own."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h5"
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(html)  # noqa: S704 - without html, links and pictures it holds only its own tags


Doc = tuple[str, str, str, list[tuple[str, str, str, Markup]]]
"""Language, heading, a small line, and papers: what it is, language, title, text."""


def _doc(told: Told, digest: bytes, number: str, small: str, papers: Mapping[str, bytes | None]) -> Doc | None:
    """A document, or those that belong to it; nothing where it was not published."""
    if told.document(digest) is None:
        return None
    shown = []
    for label, one in papers.items() or [("", digest)]:
        if found := told.document(one):
            body = found.text if isinstance(found, Unreadable) else found.body
            shown.append((label, told.title(one, "paper")[1], found.title, prose(body)))
    title, lang = told.title(digest, "paper")
    return lang, f"{number} {title}".strip(), small, shown


def _docs(told: Told, name: str) -> Iterator[Doc]:
    """The documents of a table's rows, as their words have them."""
    said = words.load()["page"]["docs"][name]
    for row in SHEETS[name](told, None):
        number, small = (words.fill(said[key], kinds.looking(told, told.values(row))) for key in ("number", "small"))
        papers = {label: row[key] for label, key in said.get("papers", ())}
        if doc := _doc(told, row[said["document"]], number, small, papers):
            yield doc


def _sides(told: Told, one: Dispute) -> list[tuple[str, list[tuple[str, str, Doc | None]]]]:
    """What both sides of a dispute, and others, showed; sides without a word are left out."""
    work = told.history.work_of[one.submission]
    accuser = one.opener if one.is_challenge else one.lead
    defenders = {work.worker, *(payee.account for payee in work.payees), *([one.lead] if one.is_challenge else [])}
    said: dict[str, list[tuple[str, str, Doc | None]]] = {"for": [], "against": [], "others": []}

    def give(side: str, digest: bytes, by: str, what: str, **values: Any) -> None:
        small = told.say("sides", what, who=by, **values)
        shown = _doc(told, digest, "", small, {})
        said[side].append((f"0x{digest.hex()}", told.say("sides", "unpublished", said=small), shown))

    give("for", work.evidence, work.worker, "work")
    if work.reason and not one.is_challenge:
        give("against", work.reason, one.lead, "rejection")
    for place, paper in enumerate(told.history.papers.get(one.submission, ())):
        side = "against" if paper.by == accuser else "for" if paper.by in defenders else "others"
        give(side, paper.digest, paper.by, "evidence" if place else "statement", date=paper.at)
    return [(told.word("sides", side), papers) for side, papers in said.items() if papers]


class Page(Told):
    """A history as HTML: titles carry their language, remarks stand in a frame."""

    def fill(self, sentences: Any, values: Mapping[str, Value]) -> Markup:
        shown, page = kinds.looking(self, values), words.load()["page"]

        def look(name: str) -> str:
            key, _, group = name.partition(":")
            text, value = escape(shown(name)).replace("\n", "; "), values.get(key)
            if text and value and value.kind is TITLE:
                lang = escape(value.value[1]).replace("{", "").replace("}", "")
                return f'<span lang="{lang}">{text}</span>' if lang else f"<span>{text}</span>"
            if text and value and group in page["framed"]:
                return f'<span class="tag{" yes" if value.value in page["strong"] else ""}">{text}</span>'
            return text

        filled = (words.fill(escape(one, quote=False), look) for one in words.texts(sentences))
        return Markup(" ".join(filter(None, filled)))  # noqa: S704 - escaped piece by piece


def _values(history: History, title: str) -> dict[str, Any]:
    """What the page's own sentences speak of."""
    return {
        **{"paid": 0, **history.books},
        **{key: getattr(history, key) for key in ("began", "now", "block")},
        **{key: len(getattr(history, key)) for key in ("campaigns", "disputes", "payments")},
        **{key: sum(getattr(one, key) for one in history.rounds) for key in ("ballots", "choices")},
        "title": (title, ""),
        "chain": history.dmo.chain_id,
        "ideas": len(history.ideas) - len(history.edited),
        "people": len({payment.payee for payment in history.payments}),
        "rounds": sum(one.settled is not None for one in history.rounds),
        "works": sum(bool(history.at("WorkPaid", one.submission)) for one in history.work),
        "fees": sum(payment.kind == "fee" for payment in history.payments),
        "ruled": sum(bool(one.ruling) for one in history.disputes),
        "deposited": history.sum("PoolDeposited"),
        "withdrawn": history.sum("PoolWithdrawn") or None,
        "credits": sum(one.amount for one in history.credits) or None,
        "some": history.books.get("paid", 0),
        "points": history.sum("PointsAwarded"),
    }


def _section(told: Told, said: Mapping[str, Any], values: Mapping[str, Value], about: Any = None) -> dict[str, Any]:
    """What the template draws a section from: its words, what they speak of, its parts."""
    each = said.get("each")
    rows = zip(getattr(told.history, each), SHEETS[each](told, None), strict=True) if each else ()
    parts = [_section(told, said["part"], told.values(row), one) for one, row in rows]
    none = dict.fromkeys(("texts", "tables", "legend", "captions", "picture", "folds", "moved", "docs", "empty"))
    return {**none, **said, "around": values, "about": about, "parts": parts}


def render_page(history: History, names: Mapping[str, str], title: str | None = None) -> str:
    """A history as HTML, people by their names (address → name), under a title or the deployment's name."""
    told = Page(history, names)
    return render(told, words.load()["page"], told.values(_values(history, title or history.dmo.name)))


def render(told: Page, said: Mapping[str, Any], values: Mapping[str, Value]) -> str:
    """What the words say of a history, as HTML; ``values`` are what its own sentences speak of."""
    history = told.history
    options: Any = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    environment = jinja2.Environment(autoescape=True, **options)
    source = resources.files("dmo.faces").joinpath("page.html.j2").read_text("utf-8")
    sections = [_section(told, one, values) for one in said["sections"] if getattr(history, one.get("when", "dmo"))]
    draw = {"sheet": sheet, "docs": _docs, "sides": _sides, "pictures": PICTURES}
    page = environment.from_string(source).render(told=told, said=said, around=values, sections=sections, **draw)
    return printable(page)
