"""Something between `dmo` and its node that loses, refuses and counts."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes] | None
"""Status and body; an empty body drops the connection."""


class Between:
    """Passes on what ``rule`` has no answer for.

    Attributes:
        rule: Asked with the order, or the list of them, and what passes it on.
        methods: What was asked, in order.
        url: Its address.
    """

    def __init__(self, url: str) -> None:
        self.node, self.url = url, ""
        self.rule: Callable[[Any, Callable[[], bytes]], Answer] = lambda body, on: None
        self.methods: list[str] = []

    def answer(self, raw: bytes) -> tuple[int, bytes]:
        body = json.loads(raw)
        self.methods += [one["method"] for one in (body if isinstance(body, list) else [body])]
        return self.rule(body, lambda: self._passed_on(raw)) or (200, self._passed_on(raw))

    def _passed_on(self, raw: bytes) -> bytes:
        order = urllib.request.Request(self.node, raw, {"Content-Type": "application/json"})
        with urllib.request.urlopen(order) as reply:
            return bytes(reply.read())


@contextmanager
def between(url: str) -> Iterator[Between]:
    """One that is up."""
    site = Between(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            status, body = site.answer(self.rfile.read(int(self.headers["Content-Length"])))
            if not body:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def asks(body: Any, method: str) -> bool:
    """Whether this is asked."""
    return any(one["method"] == method for one in (body if isinstance(body, list) else [body]))
