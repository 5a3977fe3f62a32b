"""What the keeper tells to Prometheus, and whether it is well: the text format by hand, which is this small."""

from __future__ import annotations

import threading
import time

from dmo.core import words

_LOOPBACK = "127.0.0.1"


class Gauges:
    """Numbers by name and label; ``patience`` is how many seconds without a turn are well."""

    def __init__(self, patience: float) -> None:
        self._patience, self._lock = patience, threading.Lock()
        self._numbers: dict[tuple[str, str], float] = {}
        self._well_at, self._why = time.monotonic(), ""

    def put(self, **numbers: float) -> None:
        """Set some."""
        with self._lock:
            self._numbers.update({(name, ""): value for name, value in numbers.items()})

    def count(self, name: str, label: str = "", by: float = 1) -> None:
        """Count something that only grows: its name ends in ``_total``."""
        with self._lock:
            self._numbers[name, label] = self._numbers.get((name, label), 0) + by

    def well(self, why_not: str = "") -> None:
        """A turn was made, or failed for a reason."""
        with self._lock:
            self._why = why_not
            self._well_at = self._well_at if why_not else time.monotonic()

    @property
    def trouble(self) -> str:
        """Why it is not well; empty where it is. The machine's clock may be set: it is not asked."""
        gone = time.monotonic() - self._well_at
        return words.word("keeper", "unwell").format(round(gone), self._why) if gone > self._patience else ""

    def text(self) -> str:
        """All of it as Prometheus reads it."""
        lines, told = [], ""
        with self._lock:
            for (name, label), value in sorted(self._numbers.items()):
                if name != told:
                    kind = "counter" if name.endswith("_total") else "gauge"
                    lines += [f"# HELP dmo_keeper_{name} {words.word('keeper_metric', name)}"]
                    lines += [f"# TYPE dmo_keeper_{name} {kind}"]
                lines.append(
                    f"dmo_keeper_{name}{f'{{of={label!r}}}'.replace(chr(39), chr(34)) if label else ''} {value:.17g}"
                )
                told = name
        return "\n".join([*lines, ""])

    def serve(self, place: str) -> str:
        """Answer /metrics and /health at ``HOST:PORT``, here alone without a host; says where. Raises BadInput."""
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        gauges = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                trouble = gauges.trouble
                known = {"/metrics": (200, gauges.text()), "/health": (503 if trouble else 200, trouble or "ok")}
                code, text = known.get(self.path, (404, ""))
                self.send_response(code)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Nobody wants to know."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Who asked has gone: the log is for the keeper."""

        host, _, port = place.rpartition(":")
        try:
            server = Server((host.strip("[]") or _LOOPBACK, int(port)), Handler)
        except (OSError, ValueError, OverflowError) as error:
            why = getattr(error, "strerror", None) or words.word("instead", "port")
            raise words.bad("no_place", field="--metrics", given=place[:60], why=why) from error
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"{server.server_address[0]!s}:{server.server_address[1]}"
