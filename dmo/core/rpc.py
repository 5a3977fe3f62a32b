"""JSON-RPC over HTTP with the standard library.

web3.py takes more than a second to import; what a client needs of it is small, so it stands here.
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import ssl
import urllib.parse
from collections.abc import Sequence
from typing import Any, Protocol

from dmo.core.errors import BadInput, NetworkError, NodeError

__all__ = ["HttpTransport", "Request", "Transport", "is_busy"]

Request = tuple[str, Sequence[Any]]
"""A method and its parameters."""

_log = logging.getLogger(__name__)
_BATCH = 100
_HEX = re.compile(r"0x[0-9a-fA-F]*")
_BUSY_NUMBERS = (429, -32005, -32007, -32016, -32029, -32097)
_BUSY = re.compile(
    r"rate.?limit|too many requests|request limit|requests? per second|compute units|throughput"
    r"|slow down|try again later|time.?out|timed out",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(r"result|range|blocks|logs|response size", re.IGNORECASE)


def is_busy(error: NodeError) -> bool:
    """Whether a node asks to wait: too many requests or a time-out, not too much of an answer."""
    if error.data is not None or error.number == 3 or "revert" in error.reason.lower():
        return False
    if error.number == 429 or _BUSY.search(error.reason):
        return True
    return error.number in _BUSY_NUMBERS and not _TOO_MUCH.search(error.reason)


class Transport(Protocol):
    """How requests reach a node."""

    def request(self, method: str, params: Sequence[Any]) -> Any:
        """Answer one request, or raise NodeError."""

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Answer many; an element that failed is a NodeError instead of raising it."""


def _failure(method: str, error: Any) -> NodeError:
    if not isinstance(error, dict):
        return NodeError(method, str(error))
    data = error.get("data")
    if isinstance(data, dict):
        data = next((v for v in (data.get("data"), data.get("result")) if isinstance(v, str)), None)
    found = _HEX.fullmatch(data.strip()) if isinstance(data, str) else None
    raw = bytes.fromhex(found[0][2:]) if found and len(found[0]) % 2 == 0 else None
    number = error.get("code", 0)
    return NodeError(
        method, str(error.get("message", "")), number if isinstance(number, int) else 0, raw
    )


class HttpTransport:
    """One kept-alive connection to a node.

    Args:
        url: http or https address, with user and password or key as the provider wants it.
        timeout: Seconds to wait for an answer.
    """

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        parts = urllib.parse.urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            raise BadInput(
                "the address of the node cannot be used", expected="http://host:port or https://…"
            )
        self._parts = parts
        self._port = port
        self._timeout = timeout
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._connection: http.client.HTTPConnection | None = None
        self._next = 0

    @property
    def host(self) -> str:
        """Host of the node, for messages; never the path, which may hold a key."""
        return str(self._parts.hostname)

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            host = str(self._parts.hostname)
            if self._parts.scheme == "https":
                self._connection = http.client.HTTPSConnection(
                    host, self._port, timeout=self._timeout, context=ssl.create_default_context()
                )
            else:
                self._connection = http.client.HTTPConnection(
                    host, self._port, timeout=self._timeout
                )
        return self._connection

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _post(self, body: bytes, *, is_safe_twice: bool) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._parts.username:
            import base64

            pair = f"{self._parts.username}:{self._parts.password or ''}"
            headers["Authorization"] = (
                "Basic " + base64.b64encode(urllib.parse.unquote(pair).encode()).decode()
            )
        for attempt in (1, 2):
            kept_alive = self._connection is not None
            try:
                connection = self._open()
                connection.request("POST", self._path, body, headers)
                answer = connection.getresponse()
                text = answer.read()
                break
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if attempt == 1 and (is_safe_twice and kept_alive):
                    _log.debug("connection lost, once more: %s", error)
                    continue
                is_here = self.host in ("127.0.0.1", "localhost", "::1")
                place = f"{self.host}:{self._port}" if self._port else self.host
                raise NetworkError(
                    f"The node at {place} does not answer ({type(error).__name__}).",
                    hint="Is it running, and is the address right?"
                    + (" `make play` starts the playground's." if is_here else ""),
                ) from error
        try:
            return json.loads(text)
        except ValueError as error:
            raise NetworkError(
                f"The node at {self.host} answered with HTTP {answer.status} instead of JSON."
            ) from error

    def _payload(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        self._next += 1
        return {"jsonrpc": "2.0", "id": self._next, "method": method, "params": list(params)}

    def request(self, method: str, params: Sequence[Any]) -> Any:
        """Answer one request.

        Raises:
            NodeError: The node answered with an error.
            NetworkError: The node does not answer.
        """
        body = json.dumps(self._payload(method, params)).encode()
        answer = self._post(body, is_safe_twice=method != "eth_sendRawTransaction")
        if not isinstance(answer, dict):
            raise NetworkError(f"The node at {self.host} answered nonsense.")
        if answer.get("error") is not None:
            raise _failure(method, answer["error"])
        return answer.get("result")

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Answer many reads in few round trips; a failed one is a NodeError in its place.

        Raises:
            NetworkError: The node does not answer.
        """
        answers: list[Any] = []
        for start in range(0, len(requests), _BATCH):
            part = requests[start : start + _BATCH]
            payloads = [self._payload(method, params) for method, params in part]
            reply = self._post(json.dumps(payloads).encode(), is_safe_twice=True)
            if not isinstance(reply, list):
                answers.extend(self._singly(part))
                continue
            by_id = {item.get("id"): item for item in reply if isinstance(item, dict)}
            for payload in payloads:
                item = by_id.get(payload["id"], {"error": "no answer in the batch"})
                failed = item.get("error") is not None
                answers.append(
                    _failure(payload["method"], item["error"]) if failed else item.get("result")
                )
        return answers

    def _singly(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        answers: list[Any] = []
        for method, params in requests:
            try:
                answers.append(self.request(method, params))
            except NodeError as error:
                answers.append(error)
        return answers
