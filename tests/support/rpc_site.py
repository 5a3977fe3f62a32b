"""A server that answers JSON-RPC as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dmo.core.rpc import HttpTransport

NOW = 1_700_000_000
DROP = object()


class Site:
    """A server; ``answer(body)`` says a value, (status, value), (status, value, headers) or DROP.

    Attributes:
        bodies: What was asked.
        slept: How long the transport waited, in seconds.
    """

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.heads: list[dict[str, str]] = []
        self.slept: list[float] = []
        self.answer: Callable[[Any], Any] = lambda body: said(body, "0x1")
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                site.bodies.append(body)
                site.heads.append({key.lower(): value for key, value in self.headers.items()})
                found = site.answer(body)
                if found is DROP:
                    self.close_connection = True
                    return
                status, value, *more = found if isinstance(found, tuple) else (200, found)
                raw = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                for name, text in (more[0] if more else {}).items():
                    self.send_header(name, text)
                if not (more and "Content-Length" in more[0]):
                    self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
                self.close_connection = bool(more and "Content-Length" in more[0])

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64  # as many as ask at once, however late they are heard

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def transport(self, timeout: float = 60.0) -> HttpTransport:
        return HttpTransport(self.url, timeout, sleep=self.slept.append, now=lambda: NOW)

    def first(self, *answers: Any) -> None:
        """Say these, one after the other, and then what is right."""
        waiting = list(answers)
        self.answer = lambda body: waiting.pop(0) if waiting else right(body)


def said(request: dict[str, Any], result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


def right(body: Any) -> Any:
    """Echo the first parameter."""
    if isinstance(body, list):
        return [right(one) for one in body][::-1]
    return said(body, body["params"][0])
