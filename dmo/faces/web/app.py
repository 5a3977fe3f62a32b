"""The page's server: routes, what guards every answer, and what each is allowed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import TemplateError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dmo.core import words
from dmo.core.act import AlreadyDone
from dmo.core.errors import FAULTS, BadInput, DmoError, NetworkError
from dmo.faces.terminal import envelope
from dmo.faces.web import answers, data, feeds, offers, pages, sent
from dmo.faces.web.drafts import Drafts
from dmo.faces.web.files import static
from dmo.faces.web.guarded import HERE, Guarded, TooLarge, body_of, is_packable
from dmo.faces.web.relay import Relay
from dmo.faces.web.render import Canvas, kept
from dmo.faces.web.site import Sight, Site
from dmo.faces.web.visitor import Visitor

_log = logging.getLogger(__name__)
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "json": "application/json"}
HTML = "text/html"
Answering = Callable[[Visitor, Mapping[str, Any]], Mapping[str, Any]]
_ADDRESS = re.compile("0x[0-9a-fA-F]{40}")


class Face:
    """What the routes do.

    Args:
        site: What is shown.
        relay: Sends ballots that others signed; None where nobody pays for it.
    """

    def __init__(self, site: Site, relay: Relay | None = None, drafts: Drafts | None = None) -> None:
        self.site, self.relay = site, relay
        self.drafts = drafts or Drafts(site.home.store)

    # ── who asks, and in which language ──

    def _language(self, request: Request) -> str:
        known = words.languages()
        if len(known) == 1:
            return words.ENGLISH
        asked = request.query_params.get("lang", "")
        if asked in known:
            return asked
        for part in request.headers.get("accept-language", "")[:200].split(","):
            tag = part.split(";")[0].strip().lower()
            for one in (tag, tag.split("-")[0]):
                if one in known:
                    return one
        return words.ENGLISH

    @staticmethod
    def _account(request: Request) -> str | None:
        given = request.query_params.get("account", "").strip()
        if not _ADDRESS.fullmatch(given):
            return None
        try:
            return answers.account_of(given)
        except BadInput:
            return None

    def _keeps(self, request: Request) -> dict[str, str]:
        """What every link of a page keeps."""
        asked, account = request.query_params.get("lang"), self._account(request)
        return {**({"lang": asked} if asked in words.languages() else {}), **({"account": account} if account else {})}

    def _drawing(self, request: Request, moment: Sight) -> Canvas:
        age = self.site.age(moment)
        return Canvas(self.site, moment, self._account(request), age // 30 * 30, relay=self.relay is not None)

    # ── pages ──

    def show(
        self, draw: Callable[[Canvas, Request], str], media: str = HTML
    ) -> Callable[[Request], Awaitable[Response]]:
        """A route that shows what is drawn, as long as the head is the same without drawing it again."""

        async def run(request: Request) -> Response:
            moment, scope = self.site.moment, request.scope
            language, age = self._language(request), self.site.age(moment) // 30
            key = (scope["path"], scope["query_string"], language, age, self.site.is_stale(moment))
            if key not in moment.drawn:
                status, body = await run_in_threadpool(self._draw, draw, request, moment, language)
                if status != 200:
                    return _html(body, status)
                moment.keep(key, body)
            tag, body, packed = moment.drawn.get(key) or ("", body, b"")
            if tag and tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=_fresh(tag))
            is_packed = bool(packed) and is_packable(request)
            return _html(packed if is_packed else body, 200, tag, is_packed=is_packed, media=media)

        return run

    def _draw(
        self, draw: Callable[[Canvas, Request], str], request: Request, moment: Sight, language: str
    ) -> tuple[int, bytes]:
        with words.speaking(language):
            drawing = self._drawing(request, moment)
            try:
                status, html = 200, draw(drawing, request)
            except (DmoError, AlreadyDone) as error:
                told = answers.refusal(drawing.visitor, error)["error"]
                status = 503 if isinstance(error, NetworkError) else 404
                html = drawing.told("answer", told["message"], told["hint"])
            except (*FAULTS, TemplateError):
                _log.exception("a page was not drawn: %s", request.url.path)
                said = words.load()["face"]["state"]
                status, html = 500, drawing.told("answer", said["fault"], said["fault_right"])
            return status, kept(html, self._keeps(request)).encode("utf-8", "replace")

    def page(self, one: pages.Place) -> Callable[[Request], Awaitable[Response]]:
        """A page of the map: HTML, or the answers behind it."""
        shown = self.show(lambda drawing, request: drawing.page(one, _named(request)))

        async def run(request: Request) -> Response:
            if b"format=" in request.scope["query_string"] and request.query_params.get("format") in ("json", "csv"):
                return await run_in_threadpool(self._data, one, request)
            return await shown(request)

        return run

    def _data(self, one: pages.Place, request: Request) -> Response:
        """An answer for machines."""
        given, visitor = (
            request.query_params,
            self.site.visitor(self.site.moment, self._account(request), is_marking=False),
        )
        place, is_table = given.get("query", "0"), given["format"] == "csv"
        if not one.queries:
            return JSONResponse({"ok": False}, 404)
        asking = one.queries[int(place)] if place.isdecimal() and int(place) < len(one.queries) else one.queries[0]
        try:
            query, table = offers.queries()[asking.name], given.get("table", "") if is_table else None
            text = data.told(visitor, query, asking, _named(request), table)
        except (DmoError, AlreadyDone) as error:
            return JSONResponse(answers.refusal(visitor, error), 404)
        return Response(text, media_type="text/csv; charset=utf-8" if is_table else "application/json")

    def form(self, drawing: Canvas, request: Request) -> str:
        """An act's form."""
        name = _act_name(request)
        given: dict[str, Any] = {}
        asked = offers.acts()[name]
        for key, value in request.query_params.multi_items():
            meant = asked.meant(key)
            if meant in asked.parameters():
                is_many = asked.kind(meant).is_many
                given[meant] = [*given.get(meant, ()), value] if is_many else value
        more = {key: value for key, value in request.query_params.items() if "." in key}
        return drawing.act(name, given, request.query_params.get(answers.KIND, ""), more)

    # ── acts ──

    async def preview(self, request: Request) -> Response:
        """What an act would do; nothing is done."""
        try:
            pairs = parse_qsl(
                (await body_of(request)).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500
            )
        except (TooLarge, ValueError):
            said = words.load()["face"]["state"]
            return JSONResponse(_failed("TooLarge", said["too_large"], said["too_large_right"]))
        return await run_in_threadpool(self._preview, request, pairs)

    def _preview(self, request: Request, pairs: Sequence[tuple[str, str]]) -> Response:
        name, moment = _act_name(request), self.site.moment
        asked, is_json = offers.acts()[name], "application/json" in request.headers.get("accept", "")
        with words.speaking(self._language(request)):
            given: dict[str, Any] = {}
            account = self._account(request)
            publish = self.site.publish
            try:
                given, own = answers.fields(asked, pairs)
                account = answers.account_of(own.get(answers.FROM, "")) or account
                publish = answers.is_yes(own[answers.PUBLISH]) if answers.PUBLISH in own else False
                given = answers.composed(asked, given, pairs)
                if "_write" in own or answers.REVIEW in own:
                    drawing, wished = Canvas(self.site, moment, account, 0), answers.REVIEW in own
                    page = drawing.act(
                        name, given, own.get(answers.KIND, ""), is_written=not wished, is_reviewed=wished
                    )
                    return _html(kept(page, self._keeps(request)).encode())
                visitor = self.site.visitor(moment, account, is_marking=False)
                visitor.options = replace(visitor.options, publish=publish)
                told = answers.answer(visitor, asked, given)
                if "_safe" in own:
                    return answers.batch(visitor, told)
                told["relay"] = self.relay is not None
                told["remarks"] = []
            except (DmoError, AlreadyDone, *FAULTS) as error:
                if not isinstance(error, DmoError | AlreadyDone):
                    _log.exception("an act was not worked out: %s", name)
                told = answers.refusal(self.site.visitor(moment, account, is_marking=False), error, asked)
            if self.site.is_stale(moment):
                said = words.load()["face"]["state"]
                age = self.site.age(moment)
                told = _failed("Stale", said["stale"].format(age=age), said["stale_right"])
            if is_json:
                told["next"] = [answers.linked(one) if isinstance(one, str) else one for one in told.get("next", ())]
                return Response(envelope(told), media_type="application/json", headers={"Cache-Control": "no-store"})
            drawing = Canvas(self.site, moment, account, 0)
            return _html(kept(drawing.answered(name, given, told), self._keeps(request)).encode("utf-8", "replace"))

    def asked(self, answer: Answering) -> Callable[[Request], Awaitable[Response]]:
        """A route that answers what the page's module asks in JSON."""

        async def run(request: Request) -> Response:
            try:
                raw = await body_of(request)
                told = await run_in_threadpool(self._answered, request, raw, answer)
            except (TooLarge, *FAULTS):
                said = words.load()["face"]["state"]
                told = _failed("BadInput", said["too_large"], said["too_large_right"])
            return JSONResponse(told, headers={"Cache-Control": "no-store"})

        return run

    def _answered(self, request: Request, raw: bytes, answer: Answering) -> Mapping[str, Any]:
        visitor = self.site.visitor(self.site.moment, is_marking=False)
        with words.speaking(self._language(request)):
            try:
                return answer(visitor, json.loads(raw))
            except (DmoError, ValueError) as error:
                return answers.refusal(visitor, error)

    def _sent(self, request: Request) -> dict[str, Any]:
        visitor = self.site.visitor(self.site.moment, is_marking=False)
        with words.speaking(self._language(request)):
            try:
                return sent.followed(self.site, request.path_params["tx"], request.query_params.get("act", ""))
            except (DmoError, *FAULTS) as error:
                return answers.refusal(visitor, error)

    async def sent(self, request: Request) -> Response:
        """What became of a transaction."""
        return JSONResponse(await run_in_threadpool(self._sent, request), headers={"Cache-Control": "no-store"})

    # ── the rest ──

    async def head(self, request: Request) -> Response:
        """Where the index is, for the page's line."""
        moment = self.site.moment
        head, stale = moment.head, self.site.is_stale(moment)
        told = {"number": head.number, "hash": head.hash, "time": head.timestamp}
        return JSONResponse(
            {**told, "age": self.site.age(moment), "is_stale": stale}, headers={"Cache-Control": "no-store"}
        )

    async def file(self, request: Request) -> Response:
        """A file that pages ask for."""
        name = request.path_params["name"]
        try:
            content, digest, packed = static(name) if re.fullmatch(r"[a-z]+\.[a-z0-9]+", name) else static("")
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            return Response("", 404)
        tag = f'"{digest[:32]}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        media = f"{_TYPES.get(name.rpartition('.')[2], 'application/octet-stream')}; charset=utf-8"
        headers = {"ETag": tag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
        if is_packable(request):
            content, headers["Content-Encoding"] = packed, "gzip"
        return Response(content, headers=headers, media_type=media)

    async def relayed(self, request: Request) -> Response:
        """A signed ballot, to be sent with others."""
        said = words.load()["face"]["state"]
        if self.relay is None:
            return JSONResponse(_failed("NoRelay", said["no_relay"], said["no_relay_right"]))
        try:
            raw = await body_of(request)
        except TooLarge:
            return JSONResponse(_failed("TooLarge", said["too_large"], said["too_large_right"]))
        return JSONResponse(
            await run_in_threadpool(self._relayed, self.relay, request, raw), headers={"Cache-Control": "no-store"}
        )

    def _relayed(self, relay: Relay, request: Request, raw: bytes) -> dict[str, Any]:
        visitor = self.site.visitor(self.site.moment, is_marking=False)
        with words.speaking(self._language(request)):
            try:
                return relay.take(visitor, raw)
            except (DmoError, *FAULTS) as error:
                return answers.refusal(visitor, error)

    async def relay_state(self, request: Request) -> Response:
        """What became of a ballot that was taken."""
        with words.speaking(self._language(request)):
            told = self.relay.state(request.path_params["digest"]) if self.relay else {"state": "unknown"}
        return JSONResponse(
            {"ok": True, "tx": None, "block": None, "message": "", **told}, headers={"Cache-Control": "no-store"}
        )

    async def draft(self, request: Request) -> Response:
        """A document's text, kept for who looks for its digest."""
        said = words.load()["face"]["state"]
        try:
            raw = await body_of(request, answers.MOST_TEXT)
        except TooLarge:
            return JSONResponse(_failed("TooLarge", said["too_large"], said["too_large_right"]))
        try:
            return JSONResponse(await run_in_threadpool(self.drafts.take, raw))
        except DmoError as error:
            return JSONResponse(answers.refusal(self.site.moment.base, error))

    def feed(self, drawing: Canvas, request: Request) -> str:
        """What happened, for a reader of feeds."""
        return feeds.atom(drawing.visitor.plainly(), _named(request))

    def calendar(self, drawing: Canvas, request: Request) -> str:
        """What ends and begins, for a calendar."""
        return feeds.ics(drawing.visitor.plainly(), _named(request))

    def document(self, drawing: Canvas, request: Request) -> str:
        """A document that the chain names, by its digest."""
        return drawing.document(request.path_params["digest"], self.drafts)

    def check(self, drawing: Canvas, request: Request) -> str:
        """What a careful person compares."""
        return drawing.check(request.query_params.get("to", ""), request.query_params.get("data", ""))

    async def missing(self, request: Request, error: Exception) -> Response:
        """What is said where there is nothing."""

        def draw(drawing: Canvas, request: Request) -> str:
            said = words.load()["face"]["state"]
            return drawing.told("answer", said["not_found"], said["not_found_right"])

        _, body = await run_in_threadpool(self._draw, draw, request, self.site.moment, self._language(request))
        return _html(body, 404)


def _named(request: Request) -> dict[str, str]:
    return {key: str(value) for key, value in request.path_params.items()}


def _act_name(request: Request) -> str:
    name = f"{request.path_params['noun']} {request.path_params['verb']}"
    if name not in offers.acts():
        raise words.missing("web_no_act", given=name[:60])
    return name


def _failed(code: str, message: str, hint: str) -> dict[str, Any]:
    return {
        "ok": False,
        "error": {"code": code, "message": message, "hint": hint, "field": None, "args": {}},
        "next": [],
    }


def _fresh(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language, Accept-Encoding"}


def _html(body: bytes, status: int = 200, tag: str = "", *, is_packed: bool = False, media: str = HTML) -> Response:
    more = _fresh(tag) if tag else {"Cache-Control": "no-store", "Vary": "Accept-Language, Accept-Encoding"}
    packed = {"Content-Encoding": "gzip"} if is_packed else {}
    return Response(body, status, media_type=f"{media}; charset=utf-8", headers={**more, **packed})


def make_app(site: Site, hosts: Sequence[str] = HERE, relay: Relay | None = None, drafts: Drafts | None = None) -> Any:
    """The server's application; ``hosts`` are the names it answers to."""
    face = Face(site, relay, drafts)
    routes = [
        *(Route(one.path, face.page(one)) for one in pages.pages()),
        Route("/act/{noun}/{verb}", face.show(face.form)),
        Route("/act/{noun}/{verb}", face.preview, methods=["POST"]),
        *(Route(f"{one}/feed.atom", face.show(face.feed, feeds.ATOM)) for one in feeds.FEEDS),
        *(Route(f"{one}/calendar.ics", face.show(face.calendar, feeds.ICS)) for one in feeds.CALENDARS),
        Route("/check", face.show(face.check)),
        Route("/document", face.draft, methods=["POST"]),
        Route("/document/{digest}", face.show(face.document)),
        Route("/relay", face.relayed, methods=["POST"]),
        Route("/relay/{digest}", face.relay_state),
        Route("/try", face.asked(sent.tried), methods=["POST"]),
        Route("/happened", face.asked(sent.happened), methods=["POST"]),
        Route("/sent/{tx}", face.sent),
        Route("/head.json", face.head),
        Route("/static/{name}", face.file),
    ]
    return Guarded(Starlette(routes=routes, exception_handlers={404: face.missing}), hosts)
