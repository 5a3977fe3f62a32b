"""A deployment's page: one self-contained HTML file, without script, font or request to anywhere.

What it says stands in words/<lang>/report.toml; page.html.j2 draws it. Whatever strangers wrote is
escaped where it is filled in; their documents' Markdown is drawn without HTML, links or pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from importlib import resources
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from dmo.capabilities.disputes import Dispute
from dmo.capabilities.history import History
from dmo.capabilities.ledger import read_history
from dmo.core import words
from dmo.core.kinds import Value
from dmo.core.text import printable
from dmo.faces.pictures import PICTURES
from dmo.faces.sheets import SHEETS, closing_views, sheet, story
from dmo.faces.told import TITLE, Told
from dmo.home.documents import Document, Unreadable

__all__ = ["History", "closing_views", "read_history", "render_page"]

_OFF = ("html_block", "html_inline", "image", "link", "autolink", "reference", "entity")
"""An entity could bring back what no document may hold: letters that hide or turn others round."""

_FRAMED = ("idea_outcome", "idea_builds", "idea_replaces", "work_gift", "dispute_ending")
"""Words that are short remarks."""
_STRONG = ("funded", "challenge_won", "challenge_lost", "rejection_overturned", "rejection_upheld")
"""Remarks that stand out."""


# ── documents ───────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(_OFF)


def prose(text: str) -> Markup:
    """A document's Markdown as HTML; all its headings are of one level, below the page's own."""
    tokens = _markdown().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h5"
    html: str = _markdown().renderer.render(tokens, _markdown().options, {})
    return Markup(html)  # noqa: S704 - without html, links and pictures it holds only its own tags


Doc = tuple[str, str, str, list[tuple[str, str, str, Markup]]]
"""Language, heading, a small line, and papers: what it is, language, title, text."""


def _paper(label: str, found: Document | Unreadable) -> tuple[str, str, str, Markup]:
    body = found.text if isinstance(found, Unreadable) else found.body
    return label, getattr(found, "lang", "und"), found.title, prose(body)


def _doc(
    told: Told, digest: bytes | None, number: str, small: str, papers: Mapping[str, bytes | None]
) -> Iterable[Doc]:
    """A document with those that belong to it; nothing where it was not published."""
    found = told.document(digest)
    if found is None:
        return
    more = [(key, told.document(other)) for key, other in papers.items()]
    shown = [_paper(told.word("docs", key), its) for key, its in more if its is not None]
    _, lang, title, _ = own = _paper("", found)
    yield lang, f"{number} {title}".strip(), small, shown or [own]


def _of_work(told: Told) -> Iterable[Doc]:
    for one in told.history.work:
        small = told.say("docs", "work", worker=one.worker, story=story(told, one))
        brief = told.history.bounties[one.bounty].brief
        papers = {"brief": brief, "evidence": one.evidence, "reason": one.reason}
        yield from _doc(told, one.evidence, str(one.submission), small, papers)


def _of_lessons(told: Told) -> Iterable[Doc]:
    for number, one in told.history.lessons.items():
        small = told.say("docs", "lesson", campaign=number, lead=one.worker)
        yield from _doc(told, one.evidence, "", small, {})


def _of_ideas(told: Told) -> Iterable[Doc]:
    for one in told.history.ideas:
        outcome = told.history.outcome(one)
        small = told.say("docs", "idea", author=one.author, ask=one.ask, outcome=outcome)
        yield from _doc(told, one.digest, f"{one.round}.{one.number}", small, {})


_DOCS: dict[str, Callable[[Told], Iterable[Doc]]] = {"work": _of_work, "lessons": _of_lessons, "ideas": _of_ideas}


def _sides(told: Told, one: Dispute) -> list[tuple[str, list[tuple[str, str, Doc | None]]]]:
    """What both sides of a dispute, and others, showed; sides without a word are left out."""
    work = told.history.work_of[one.submission]
    accuser = one.opener if one.is_challenge else one.lead
    defenders = {work.worker, *(payee.account for payee in work.payees), *([one.lead] if one.is_challenge else [])}
    said: dict[str, list[tuple[str, str, Doc | None]]] = {"for": [], "against": [], "others": []}

    def give(side: str, digest: bytes, by: str, what: str, **values: Any) -> None:
        small = f"{told.who(by)}, {told.say('sides', what, **values)}"
        shown = next(iter(_doc(told, digest, "", small, {})), None)
        if shown is None:
            small = f"{small}, {told.word('sides', 'unpublished')}"
        said[side].append((f"0x{digest.hex()}", small, shown))

    give("for", work.evidence, work.worker, "work")
    if work.reason and not one.is_challenge:
        give("against", work.reason, one.lead, "rejection")
    for place, paper in enumerate(told.history.papers.get(one.submission, ())):
        side = "for" if paper.by in defenders else "others"
        what = "evidence" if place else "statement"
        give("against" if paper.by == accuser else side, paper.digest, paper.by, what, date=paper.at)
    return [(told.word("sides", side), papers) for side, papers in said.items() if papers]


# ── sentences ───────────────────────────────────────────────────────────────────────────────────


def _fill(told: Told, sentences: Any, values: Mapping[str, Any]) -> Markup:
    """Sentences as HTML: titles carry their language, remarks stand in a frame."""
    plain = words.looking(told, values)

    def look(name: str) -> str:
        key, _, group = name.partition(":")
        text, value = escape(plain(name)).replace("\n", "; "), values.get(key)
        if text and isinstance(value, Value) and value.kind is TITLE:
            lang = escape(value.value[1]).replace("{", "").replace("}", "")
            return f'<span lang="{lang}">{text}</span>' if lang else f"<span>{text}</span>"
        if text and group in _FRAMED and isinstance(value, Value):
            return f'<span class="tag{" yes" if value.value in _STRONG else ""}">{text}</span>'
        return text

    written = [escape(one, quote=False) for one in words.texts(sentences)]
    filled = filter(None, (words.fill(one, look) for one in written))
    return Markup(" ".join(filled))  # noqa: S704 - escaped piece by piece


def _values(history: History, title: str) -> dict[str, Any]:
    """What the page's own sentences speak of."""
    return {
        **history.books,
        **{key: getattr(history, key) for key in ("began", "now", "block")},
        "title": (title or history.name, ""),
        "chain": history.chain_id,
        "ideas": len(history.ideas) - len(history.replaces),
        "campaigns": len(history.campaigns),
        "people": len({payment.payee for payment in history.payments}),
        "rounds": sum(one.settled is not None for one in history.rounds),
        "ballots": sum(one.ballots for one in history.rounds),
        "choices": sum(one.choices for one in history.rounds),
        "works": sum(one.submission in history.rewards for one in history.work),
        "fees": sum(payment.kind == "fee" for payment in history.payments),
        "disputes": len(history.disputes),
        "ruled": sum(bool(one.ruling) for one in history.disputes),
        "payments": len(history.payments),
        "deposited": history.sums.get("PoolDeposited", 0),
        "withdrawn": history.sums.get("PoolWithdrawn") or None,
        "credits": sum(one.amount for one in history.credits) or None,
        "some": history.books.get("paid", 0),
        "paid_out": history.books.get("paid", 0),
        "points": sum(award.points for award in history.awards),
    }


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def _section(told: Told, said: Mapping[str, Any], values: Mapping[str, Any], about: Any = None) -> dict[str, Any]:
    """A section as the template draws it, its parts within it."""

    def fill(sentences: Any) -> Markup:
        return _fill(told, sentences, values)

    def sheets(names: Sequence[str]) -> list[Any]:
        found = [sheet(told, name, about, values, _fill) for name in names]
        return [one for one in found if one.rows]

    def docs(name: str | None) -> list[Doc]:
        return list(_DOCS[name](told)) if name else []

    each = said.get("each")
    rows = zip(getattr(told.history, each), SHEETS[each](told, None), strict=True) if each else ()
    is_over = "moved" in said and about.settlement is not None
    return {
        "id": fill(said["id"]),
        "heading": fill(said["heading"]),
        "texts": [fill(one) for one in words.texts(said.get("texts"))],
        "legend": said.get("legend", ()),
        "picture": Markup(PICTURES[said["picture"]](told, about)) if "picture" in said else "",  # noqa: S704
        "captions": [text for one in said.get("captions", ()) if (text := fill(one))],
        "behind": sheets(said.get("behind", ())),
        "tables": sheets(said.get("tables", ())),
        "folds": [
            (fill(one["summary"]), sheets([one["table"]] if "table" in one else []), docs(one.get("docs")))
            for one in said.get("folds", ())
        ],
        "docs": docs(said.get("docs")),
        "empty": said.get("empty", ""),
        "sides": _sides(told, about) if "moved" in said else [],
        "moved": (fill(said["moved"]), sheets(["moves"])) if is_over else None,
        "parts": [_section(told, said["part"], told.values(row), one) for one, row in rows],
    }


def render_page(history: History, names: Mapping[str, str], title: str | None = None) -> str:
    """Render a history.

    Args:
        history: What happened.
        names: Address → what people call it; addresses without a name are shortened.
        title: The organization's name; the deployment's otherwise.

    Returns:
        The HTML.
    """
    told, said = Told(history, names), words.load()["page"]
    values = told.values(_values(history, title or ""))

    def fill(sentence: str) -> Markup:
        return _fill(told, sentence, values)

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    source = resources.files("dmo.faces").joinpath("page.html.j2").read_text("utf-8")
    page = environment.from_string(source).render(
        said={key: fill(one) if isinstance(one, str) else one for key, one in said.items()},
        tiles=[(fill(number), fill(text)) for number, text in said["tiles"]],
        sections=[
            _section(told, one, values)
            for one in said["sections"]
            if "when" not in one or getattr(history, one["when"])
        ],
        contracts=sorted(history.contracts.items()),
    )
    return printable(page)
