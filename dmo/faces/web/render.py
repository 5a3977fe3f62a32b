"""Pages as HTML: templates, what they are told, and what every link keeps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from dmo.core import kinds, words
from dmo.core.abi.codec import checksum
from dmo.core.act import AlreadyDone, read
from dmo.core.digests import cid, parse_digest
from dmo.core.errors import FAULTS, DmoError, Refused
from dmo.core.text import one_line, printable
from dmo.core.view import Query, View
from dmo.faces.web import book, draw, feeds, forms, marks, offers
from dmo.faces.web.drafts import Drafts, required
from dmo.faces.web.files import environment, static
from dmo.faces.web.locales import locale
from dmo.faces.web.pages import Asking, Place, pages
from dmo.faces.web.site import Sight, Site
from dmo.faces.web.visitor import Visitor
from dmo.home.documents import parse

_LONGEST = 20_000
_THERE = [
    (re.compile(rf'href="#{anchor}"'), f'href="{path}"')
    for anchor, path in (
        (r"idea-(\d+)-(\d+)", r"/idea/\1.\2"),
        (r"who-(0x[0-9a-f]{40})", r"/account/\1"),
        (r"work-(\d+)", r"/work/\1"),
        (r"lessons-(\d+)", r"/campaign/\1"),
    )
]
_REVIEW, _NO_DOCUMENT = "document review", (None, "", "text")
_LACKING = (AlreadyDone, *FAULTS)
"""What asking an act may come to of which not all fields are known."""
_LINK = re.compile(r'(<(?:a|form)\b[^>]*? (?:href|action)="/(?!static/))([^"#?]*)(?:\?([^"#]*))?(#[^"]*)?"')


def kept(html: str, keeps: Mapping[str, str]) -> str:
    """A page whose links all keep what its visitor chose: language, account."""
    if not keeps:
        return html
    more = urlencode(keeps).replace("&", "&amp;")
    return _LINK.sub(lambda it: f'{it[1]}{it[2]}?{it[3] + "&amp;" if it[3] else ""}{more}{it[4] or ""}"', html)


class Canvas:
    """One page for one visitor.

    Args:
        site: What is shown.
        moment: At which block.
        account: For whom; None for nobody.
        age: Seconds since that was so.
    """

    is_still = False
    """Whether it is of a copy, in files, in which nothing can be done."""

    def __init__(self, site: Site, moment: Sight, account: str | None, age: int, *, relay: bool = False) -> None:
        self.site, self.moment, self.account, self.age, self.relay = site, moment, account, age, relay
        self.visitor = site.visitor(moment, account)
        self.is_stale = site.is_stale(moment)

    def around(self, noun: str, title: str = "") -> dict[str, Any]:
        """What every page is told."""
        said, head = words.load()["face"], self.moment.head
        named = said["page"].get(noun, {})
        return {
            "said": said,
            "follow": feeds.links(self.visitor.dmo.name, "", {}, self.account),
            "layout": "still.html.j2" if self.is_still else "base.html.j2",
            "is_still": self.is_still,
            "noun": noun,
            "title": title or named.get("title", noun),
            "name": self.visitor.dmo.name,
            "network": words.word("web_network", self.visitor.network.name),
            "lang": words.spoken(),
            "languages": words.languages(),
            "language_names": said["language"],
            "nav": offers.nav(words.spoken(), frozenset(self.visitor.dmo.addresses), is_main=True),
            "more_nav": offers.nav(words.spoken(), frozenset(self.visitor.dmo.addresses), is_main=False),
            "head": head,
            "number": locale().count(head.number),
            "seen": marks.drawn(self.visitor.marked("", kinds.TIME(head.timestamp), "at")),
            "age": self.age,
            "is_stale": self.is_stale,
            "account": self.account,
            "versions": {name: static(name)[1][:12] for name in ("page.css", "wallet.js")},
            "book": Markup(book.written({**self._head(), "acts": {}, "functions": {}})),  # noqa: S704 - nothing ends it
            "symbols": {token: self.visitor.unit(token)[1] for token in ("budget", "votes")},
        }

    def _head(self) -> dict[str, Any]:
        return {"stale": 0 if not self.is_stale else 1, **_plain_head(self.visitor, relay=self.relay)}

    def book_of(self, *names: str, **more: Any) -> Markup:
        """The address book of the acts whose forms stand on a page."""
        told = book.book(self.visitor, names, **{**self._head(), **more})
        return Markup(book.written(told))  # noqa: S704 - nothing in it ends a script

    def view(self, asking: Asking, named: Mapping[str, str]) -> View:
        """What a query answers. Raises DmoError."""
        asked: Any = offers.queries()[asking.name]
        found: Query = read(asked, self.visitor, asking.given(named))
        return found.view(self.visitor)

    def page(self, one: Place, named: Mapping[str, str]) -> str:
        """A page of the map. Raises DmoError: what it is about is not there."""
        return self.render(f"{one.template}.html.j2", self.told_of(one, named))

    def told_of(self, one: Place, named: Mapping[str, str]) -> dict[str, Any]:
        """What the template of a page is told. Raises DmoError."""
        shown, views = [], []
        for place, asking in enumerate(one.queries):
            if place and not self.has_room(asking):
                continue
            try:
                found = self.view(asking, named)
            except DmoError as error:
                if not place:
                    raise
                why = self.visitor.explained(error) if isinstance(error, Refused) else error
                found = View(texts=(draw.initial(self.visitor.spoken(why.message)),))
            views.append(found)
            shown.append(draw.view(asking.name, found, about=named["account"] if one.noun == "account" else ""))
        title = marks.plain(views[0].heading) if views and views[0].heading else ""
        told = {
            **self.around(one.noun, printable(title)),
            "page": one,
            "here_acts": [name for name in offers.acts() if offers.is_here(self.visitor, offers.acts()[name])],
            "here": one.path,
            "shown": shown,
            "views": views,
            "named": named,
            "offered": offers.offered(self.visitor, one, named, views),
            "tables": [_tables(view) for view in views],
            "rows": self.rows,
            "passing": words.word("idea_state", "passing"),
            "mine": self._choices(views[0]) if one.template == "round" else (),
            "expected": self._expected(views[0].data.get("round") or 0) if one.template == "round" else {},
            "drawing": self,
        }
        told["follow"] = feeds.links(self.visitor.dmo.name, one.path, named, self.account)
        told["about"] = one.about.format(**{key: value.replace(".", "/") for key, value in named.items()})
        told["beside"] = self._beside(one, views[0].data) if one.beside else []
        told["wider"] = next((its.path for its in pages() if its.path == f"{one.path}/all"), "")
        told["sections"] = self._pictures(one.sections) if one.sections else ""
        if one.template == "round" and not self.is_still:
            told["book"] = self.book_of("ballot cast", domain=self._domain())
        return told

    def has_room(self, asking: Asking) -> bool:
        """Whether the deployment has what a query asks."""
        room = offers.queries()[asking.name].room
        return not room or room in self.visitor.dmo.addresses

    def _beside(self, one: Place, data: Mapping[str, Any]) -> list[draw.Drawn]:
        """The list that a thing is of, for wide screens; the latest of it."""
        with suppress(DmoError):
            named = {"round": str(data[one.noun]["round"])} if one.noun == "idea" else {}
            tables = self.view(one.beside, named).tables if one.beside else ()
            return [draw.table(draw.few(its)) for its in tables]
        return []

    def _pictures(self, wanted: Sequence[str]) -> Markup:
        """Sections of the report, whose links lead to the pages here."""
        from dmo.capabilities.ledger import read_history
        from dmo.faces.html import Page, render_sections

        plain_home = self.site.visitor(self.moment, self.account, is_marking=False)
        shown = str(render_sections(Page(read_history(plain_home), plain_home.names.people), wanted))
        for pattern, to in _THERE:
            shown = pattern.sub(to, shown)
        return Markup(shown)  # noqa: S704 - paths in the place of anchors

    def rows(self, view: View, query: str, key: str, *names: str) -> list[dict[str, Markup]]:
        """These fields of the rows of an answer, as they are shown."""
        asked: Any = offers.queries()[query]
        shape = asked.gives[key][0]
        found = []
        for row in view.data.get(key) or ():
            values = {name: kinds.Value(shape[name], _number(shape[name], row[name])) for name in names}
            look = kinds.looking(self.visitor, values)
            found.append({name: draw.sentence(words.fill(f"{{{name}}}", look)) for name in names})
        return found

    def _expected(self, number: int) -> dict[int, Markup]:
        """What holders expect of a round's ideas, by the idea's number, where somebody opened a forecast."""
        asking, found = Asking("forecast list", (("round", f"{number}"),)), dict[int, Markup]()
        shape = offers.queries()[asking.name].gives["markets"][0]
        with suppress(DmoError):
            for row in self.view(asking, {}).data["markets"] if self.has_room(asking) else ():
                values = {key: kinds.Value(shape[key], row[key]) for key in ("says", "ppm", "outcome")}
                said = words.fill("{says:forecast_says}", kinds.looking(self.visitor, values))
                found |= {row["idea"][1]: draw.sentence(said)} if row["ppm"] is not None else {}
        return found

    def _choices(self, view: View) -> list[str]:
        """What who looks has voted for and against in a round, for a ballot replaces the one before."""
        if self.account is None:
            return []
        with suppress(DmoError):
            cast = self.view(Asking("ballot show", (("voter", self.account),)), {}).data
            return list(cast["choices"]) if cast["round"] == view.data["round"] else []
        return []

    def _domain(self) -> dict[str, Any] | None:
        from dmo.capabilities.ballots import domain

        with suppress(DmoError):
            at = domain(self.visitor)
            return {"name": at.name, "version": at.version, "verifyingContract": at.board}
        return None

    def act(
        self,
        name: str,
        given: Mapping[str, Any],
        kind: str = "",
        parts: Mapping[str, str] | None = None,
        *,
        is_written: bool = False,
        is_reviewed: bool = False,
    ) -> str:
        """An act's form; ``kind`` and ``parts`` of the document that is to be written for it, or just was.

        Raises:
            BadInput: The document that shall be looked over is none.
        """
        asked = offers.acts()[name]
        told = forms.form(asked, self.visitor, self._prefilled(asked, given))
        more: dict[str, Any] = {"form": told, "answer": None, "kind": kind, "is_written": is_written}
        more["parts"] = forms.papers(asked, kind, parts)
        more["before"] = self._shown_before(asked, given)
        more["review"] = self._review(asked, given) if is_reviewed else None
        more["written"] = self._written(asked, given) if is_written else None
        return self.render("act.html.j2", {**self.around("answer", told.title), **more, "book": self.book_of(name)})

    def _written(self, asked: Any, given: Mapping[str, Any]) -> draw.Leaf | None:
        """The act's document as people will read it; nothing if it is none yet."""
        with suppress(DmoError):
            return draw.paper(parse(str(given[_document(asked, given)]).encode()).exhibit())._replace(note="")
        return None

    def _review(self, asked: Any, given: Mapping[str, Any]) -> draw.Shown | None:
        """The act's document, looked over. Raises BadInput: it is none."""
        key = _document(asked, given)
        if not key:
            return None
        with self.visitor.handed({"file": str(given[key])}):
            return draw.view(_REVIEW, self.view(Asking(_REVIEW, (("file", "file"),)), {}))

    def _prefilled(self, asked: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is given, and the stake that it takes, so that a person sees what is compared."""
        found = dict(given)
        stake = asked.compared.where.get("amount", "").partition(" or shown.bond")[0]
        if stake and stake not in found:
            with suppress(DmoError, *_LACKING):
                bond = self._begun(asked, given).bond(self.visitor)
                text = asked.kind(stake).show(self.visitor, bond).rpartition(" ")[0].replace(",", "")
                found[stake] = f"{text}0" if re.search(r"\.\d{3}$", text) else text  # 1.125 has two readings
        return found

    def _begun(self, asked: Any, given: Mapping[str, Any]) -> Any:
        """An act of which only some fields are known. Raises DmoError or the like: not even that makes sense."""
        known = {key: one.default for key, one in asked.parameters().items() if one.default is not MISSING}
        named = {
            key: asked.kind(key).read(self.visitor, value)
            for key, value in given.items()
            if asked.kind(key).paper is None
        }
        return asked(**{**dict.fromkeys(asked.required()), **known, **named})

    def _shown_before(self, asked: Any, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What the page shows so that the call can be compared with it: name, for the module, for a person."""
        with suppress(DmoError, *_LACKING):
            told = self._begun(asked, given).shown_before(self.visitor)
            return [(key, json.dumps(value), _in_line(value)) for key, value in told.items()]
        return []

    def answered(self, name: str, given: Mapping[str, Any], told: Mapping[str, Any]) -> str:
        """An act's form with what it would do, for who has no script."""
        form = forms.form(offers.acts()[name], self.visitor, given)
        around = {**self.around("answer", form.title), "form": form, "answer": told, "parts": {}, "kind": ""}
        around |= {"answer_json": json.dumps(told), "is_written": False, "review": None, "written": None}
        around["before"] = self._shown_before(offers.acts()[name], given)
        return self.render("act.html.j2", {**around, "book": self.book_of(name)})

    def document(self, text: str, drafts: Drafts) -> str:
        """A document that the chain names. Raises NotFound, BadInput: it does not, or that is no digest."""
        from dmo.capabilities.documents import located

        value = parse_digest(text)
        required(self.visitor, value)
        if (raw := drafts.get(value)) is not None:
            self.visitor.store.put(raw)
        found = located(self.visitor, value)
        if found is None:
            raise words.missing("document_nowhere", cid=cid(value))
        shown = draw.paper(found[0].exhibit())
        more = {"paper": shown, "digest": "0x" + value.hex(), "cid": cid(value), "raw": marks.seen(_text(found[0].raw))}
        return self.render("document.html.j2", {**self.around("document", shown.heading), **more})

    def check(self, to: str, data: str) -> str:
        """What a careful person compares: contracts and their code, head, module; and what calldata says."""
        from dmo.capabilities.deciphered import deciphered

        book_of = sorted(book.addresses(self.visitor).items())
        codes = {name: hashlib.sha256(self.visitor.chain.code(at)).hexdigest() for name, at in book_of}
        explained = ""
        if data.strip():
            try:
                raw = bytes.fromhex(data.strip().removeprefix("0x"))
            except ValueError:
                raise words.bad("web_no_calldata", field="data") from None
            explained = deciphered(self.visitor, checksum(to.strip()), 0, raw).description
        module = static("guard.js")[1]
        more = {"contracts": book_of, "codes": codes, "module": module, "to": to, "data": data, "explained": explained}
        return self.render("check.html.j2", {**self.around("check"), **more, "chain_id": self.visitor.dmo.chain_id})

    def told(self, noun: str, says: str, right: str) -> str:
        """A page that says one thing."""
        return self.render("told.html.j2", {**self.around(noun), "says": says, "right": right})

    def render(self, template: str, told: Mapping[str, Any]) -> str:
        """A template, filled."""
        return environment().get_template(template).render(told)


def _document(asked: Any, given: Mapping[str, Any]) -> str:
    """The field that is given a document; empty where none is."""
    taken = (one for one in given if one in asked.parameters() and asked.kind(one).paper not in _NO_DOCUMENT)
    return next(taken, "")


def _in_line(value: Any) -> str:
    """A value, or several, for a person to compare."""
    return one_line(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _text(raw: bytes) -> str:
    return raw[:_LONGEST].decode("utf-8", "replace")


def _plain_head(visitor: Visitor, **more: Any) -> dict[str, Any]:
    head = visitor.snapshot.head
    return {
        "name": visitor.dmo.name,
        "chainId": hex(visitor.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "lang": words.spoken(),
        "point": locale().point,
        "words": {**words.load()["face"]["module"], "reason": words.word("work_reason", "document")},
        **more,
    }


def _tables(view: View) -> list[str]:
    """The names of an answer's lists of records."""
    return [key for key, one in view.data.items() if isinstance(one, list) and one and isinstance(one[0], Mapping)]


def _number(kind: Any, value: Any) -> Any:
    """What machines are told, as the kind shows it: an amount is a number again."""
    is_amount = isinstance(value, str) and kind.name in ("AMOUNT", "POINTS", "COIN")
    return int(value) if is_amount else value
