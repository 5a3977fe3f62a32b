"""What guards every answer: its headers, the name that it is asked under, how much is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dmo.core import words

MOST_BODY = 64 * 1024
"""Bytes of what is sent here."""
_MOST_PATH = 2048
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
HERE = ("127.0.0.1", "localhost", "[::1]")


class TooLarge(Exception):
    """More than a page takes."""


class Guarded:
    """Every answer with the same headers; nothing to who asks under another name, or sends too much."""

    def __init__(self, app: Any, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(one.lower() for one in hosts)
        self._headers = [(key.lower().encode(), value.encode()) for key, value in HEADERS.items()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        given = dict(scope["headers"])
        host = given.get(b"host", b"").decode("latin-1").lower()
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        fault = ""
        if name not in self._hosts:
            fault = "host"
        elif len(scope["raw_path"] or b"") + len(scope["query_string"]) > _MOST_PATH or (
            given.get(b"content-length", b"0").isdigit() and int(given.get(b"content-length", b"0")) > MOST_BODY
        ):
            fault = "too_large"
        if fault:
            said = words.load()["face"]["state"]
            text = f"{said[fault]} {said[f'{fault}_right']}\n"
            status = 421 if fault == "host" else 413
            await Response(text, status, media_type="text/plain")(scope, receive, answer)
            return
        await self._app(scope, receive, answer)


def is_packable(request: Request) -> bool:
    """Whether who asks takes what is packed."""
    return "gzip" in request.headers.get("accept-encoding", "")


async def body_of(request: Request, most: int = MOST_BODY) -> bytes:
    """What was sent. Raises TooLarge."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
