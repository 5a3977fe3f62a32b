"""JSON-RPC over HTTP: a node that is busy is waited for, and every answer is its question's own."""

from __future__ import annotations

import itertools
import json
import logging
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol

from dmo.core import words
from dmo.core.errors import NodeError

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)
Request = tuple[str, Sequence[Any]]
"""A method and its parameters."""
_Wait = Callable[[float | None], bool]
_ERRNO, _LONGEST_WHY = re.compile(r"\[(errno|ssl)[^]]*\]", re.IGNORECASE), 120
_BATCH = 100
_RECOVERS = 16
"""Batches after which a node is given twice as many at once again: it may have been a fault, and no limit."""
_LARGE = 256 * 1024
_PATIENCE = 60.0
"""Seconds that a question waits for a busy node, altogether."""
_QUIET = 3.0
"""Seconds of that without a word."""
HERE = ("127.0.0.1", "localhost", "::1")
_HEX = re.compile(r"0x((?:[0-9a-fA-F]{2})*)")
_QUICK = re.compile(r"eth_(chainId|blockNumber|get(?!Logs)\w+|gasPrice|\w+Fee\w*)|web3_\w+|net_\w+")
_SAFE = re.compile(r"(eth_(?!send(?!Raw))|web3_|net_|debug_|trace_)\w+")
"""What does nothing twice: reads, and transactions that have their hash."""
_BUSY_STATUS = (429, 502, 503, 504)
_LIMITS = (429, -32005, -32007, -32016, -32029, -32097)
_BUSY = re.compile(
    r"rate.?limit|too many requests|request limit|requests? per second|compute units|throughput"
    r"|slow down|try again later|time.?out|timed out",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(r"result|range|blocks|logs|response size", re.IGNORECASE)


class Transport(Protocol):
    """How requests reach a node."""

    def request(self, method: str, params: Sequence[Any]) -> Any:
        """Answer one request, or raise NodeError."""

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Answer many; an element that failed is a NodeError instead of raising it."""


class _TooMany(Exception):
    """The node does not take so many requests at once; or it was a fault, and it does the next time."""

    def __init__(self, *, is_fault: bool = False) -> None:
        self.is_fault = is_fault
        super().__init__()


def why(error: Exception) -> str:
    """Why a node does not answer, as the system says it; names of our tools' errors tell nobody anything."""
    said = _ERRNO.sub("", str(error)).strip().rstrip(".").lower()
    return said if 0 < len(said) <= _LONGEST_WHY and "://" not in said else words.word("node", "no_cause")


class HttpTransport:
    """Connections to a node, for any number of threads. Proxies of the environment are heeded.

    Args:
        url: http or https address, with user and password or key as the provider wants it.
        timeout: Seconds to wait for an answer; a third of it for what a node only looks up.
        sleep: How to wait, in seconds.
        now: The time, Unix seconds.

    Attributes:
        host: Host of the node, for messages; never the path, which may hold a key.
        batch_size: Requests that the node takes at once, as far as is known.
        trips: Times that something was sent.
        sleep: How to wait, in seconds.
    """

    def __init__(
        self,
        url: str,
        timeout: float = 60.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        try:
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            port = "?"
        if parts.scheme not in ("http", "https") or not parts.hostname or port == "?":
            raise words.bad("no_node_address")
        self.host = str(parts.hostname)
        self.batch_size, self._good = _BATCH, 0
        self.trips = 0
        self._place = self.host + port
        self.url, self._timeout, self.sleep, self._now = url, timeout, sleep, now
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._open: httpx.Client | None = None

    def close(self) -> None:
        """Close the connections; the next request opens another."""
        with self._lock:
            if self._open is not None:
                self._open.close()
            self._open = None

    def request(self, method: str, params: Sequence[Any]) -> Any:
        """Answer one. Raises NodeError: the node answered an error. NetworkError: not at all, or something else."""
        answer = self._ask([(method, params)], self._patience())[0]
        if isinstance(answer, NodeError):
            raise answer
        return answer

    def batch(self, requests: Sequence[Request]) -> list[Any]:
        """Answer many in few round trips; a failed one is a NodeError in its place.

        A node that does not take so many at once is given fewer, and after a while more again; where it may have been a
        fault, it is asked once more first.

        Raises:
            NetworkError: The node does not answer, or answers something else.
        """
        answers: dict[int, Any] = {}
        waiting, is_again = list(enumerate(requests)), False
        self._good += 1
        if self._good > _RECOVERS:
            self.batch_size, self._good = min(2 * self.batch_size, _BATCH), 0
        wait = self._patience()
        while waiting:
            part, waiting = waiting[: self.batch_size], waiting[self.batch_size :]
            try:
                found = self._ask([request for _, request in part], wait)
            except _TooMany as error:
                is_again = error.is_fault and not is_again
                if not is_again:
                    self.batch_size, self._good = max(len(part) // 4, 1), 0
                waiting = part + waiting
                continue
            is_again = False
            self.batch_size = len(found) if len(found) < len(part) else self.batch_size
            late = [place for place in found if _may_repeat(part[place][1][0], found[place])]
            if late and wait(None):
                found = {place: found[place] for place in found if place not in late}
            answers.update((part[place][0], answer) for place, answer in found.items())
            waiting = [pair for place, pair in enumerate(part) if place not in found] + waiting
        return [answers[place] for place in range(len(requests))]

    def _ask(self, requests: Sequence[Request], wait: _Wait) -> dict[int, Any]:
        """Answers by place, as many as came; one asked alone is sent as no batch. Raises _TooMany: none came."""
        orders = [
            {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}
            for method, params in requests
        ]
        is_batch = len(orders) > 1
        body = json.dumps(orders if is_batch else orders[0]).encode()
        try:
            reply = self._post(body, [method for method, _ in requests], wait, is_batch=is_batch)
        except NodeError as error:
            if is_batch:
                raise
            return {0: error}
        if not is_batch:
            if not isinstance(reply, dict) or not reply.keys() & {"result", "error"}:
                raise words.network("nonsense", host=self.host)
            if reply.get("id") is None and reply.get("error") is not None:
                reply["id"] = orders[0]["id"]
        places = {order["id"]: place for place, order in enumerate(orders)}
        found: dict[int, Any] = {}
        for item in reply if is_batch else [reply]:
            if is_batch and (not isinstance(item, dict) or item.get("id") is None):
                continue  # about the whole
            if not isinstance(item.get("id"), int) or item["id"] not in places:
                raise words.network("other_question", host=self.host)
            place, said = places[item["id"]], item.get("error")
            found[place] = item.get("result") if said is None else _failure(requests[place][0], said)
        if is_batch and all(isinstance(one, NodeError) and "batch" in one.reason.lower() for one in found.values()):
            raise _TooMany
        return found

    def _post(self, body: bytes, methods: Sequence[str], wait: _Wait, *, is_batch: bool) -> Any:
        """What the node says, once it is not busy any more; a list to a batch.

        Raises:
            _TooMany: It says nothing to a batch, or something about the whole.
            NodeError: It is busy for too long.
            NetworkError: It does not answer.
        """
        import httpx

        is_safe = all(map(_SAFE.fullmatch, methods))
        seconds = self._timeout / 3 if all(map(_QUICK.fullmatch, methods)) else self._timeout
        timeout = httpx.Timeout(seconds, connect=min(self._timeout, 10.0), pool=None)
        is_lost = False
        while True:
            with self._lock:
                self.trips += 1
            try:
                answer = self._client().post(self.url, content=body, timeout=timeout)
            except httpx.RequestError as error:
                is_away = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)
                if is_safe and not is_away:
                    if is_batch and not isinstance(error, httpx.TimeoutException):
                        raise _TooMany(is_fault=True) from error
                    if not is_lost and wait(None):
                        is_lost = True
                        continue
                name = "silent_playground" if self.host in HERE else "silent_node"
                raise words.network(name, place=self._place, why=why(error)) from error
            del answer.stream  # which holds the answer, so that its megabytes would wait for the collector
            reply = _read(answer.content)
            said = reply.get("error") if isinstance(reply, dict) else None
            failure = None if said is None else _failure(methods[0], said)
            status = answer.status_code
            if status in _BUSY_STATUS or (failure is not None and is_busy(failure)):
                is_early = status == 429 or (failure is not None and failure.number in _LIMITS)
                if (is_early or is_safe) and wait(self._asked(answer.headers.get("Retry-After"))):
                    continue
                if failure is not None:
                    raise failure
            elif is_batch and not isinstance(reply, list):
                raise _TooMany(is_fault=status >= 500)
            if status == 413 and failure is None:
                raise NodeError(methods[0], words.network("too_much").message, status)
            if reply is None or (status >= 400 and failure is None and not is_batch):
                raise words.network("http_status", host=self.host, status=status)
            return reply

    def _client(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._open is None:
                for name in ("httpx", "httpcore"):  # their lines hold the address with its key
                    logging.getLogger(name).setLevel(logging.WARNING)
                self._open = httpx.Client(
                    headers={"Content-Type": "application/json", "User-Agent": "dmo"},
                    trust_env=self.host not in HERE,
                    verify=self.url.startswith("https"),
                )
            return self._open

    def _patience(self) -> _Wait:
        """Waits as long as the node asks, or longer every time; False once it has been enough."""
        left, turn = _PATIENCE, 0

        def wait(asked: float | None) -> bool:
            nonlocal left, turn
            pause = min(0.5 * 2**turn, 16.0) if asked is None else asked
            pause *= random.uniform(1, 1.25)  # noqa: S311 - not at once with everybody else
            if pause > left:
                return False
            if left < _PATIENCE - _QUIET:
                _log.warning(words.word("node", "busy").format(self.host, pause))
            self.sleep(pause)
            left, turn = left - pause, turn + 1
            return True

        return wait

    def _asked(self, header: str | None) -> float | None:
        """Seconds that Retry-After asks for: a number or a date."""
        try:
            if header is None or header.strip().isdecimal():
                return None if header is None else float(header)
            return max(parsedate_to_datetime(header).timestamp() - self._now(), 0.0)
        except (ValueError, TypeError):
            return None


def is_busy(error: NodeError) -> bool:
    """Whether a node asks to wait: too many requests or a time-out, not too much of an answer."""
    if error.data is not None or error.number == 3 or "revert" in error.reason.lower():
        return False
    if error.number == 429 or _BUSY.search(error.reason):
        return True
    return error.number in _LIMITS and not _TOO_MUCH.search(error.reason)


def _read(content: bytes) -> Any:
    """What an answer holds; nothing where it is no JSON. Thousands of logs pydantic reads twice as fast."""
    try:
        if len(content) < _LARGE:
            return json.loads(content)
        from pydantic_core import from_json

        return from_json(content, cache_strings="keys")
    except ValueError:
        return None


def _may_repeat(method: str, answer: Any) -> bool:
    """Whether the node was too busy for a question that does nothing twice."""
    is_late = isinstance(answer, NodeError) and is_busy(answer)
    return is_late and (answer.number in _LIMITS or _SAFE.fullmatch(method) is not None)


def _failure(method: str, error: Any) -> NodeError:
    if not isinstance(error, dict):
        return NodeError(method, str(error))
    data, number = error.get("data"), error.get("code")
    if isinstance(data, dict):
        data = next((one for one in (data.get("data"), data.get("result")) if isinstance(one, str)), None)
    found = _HEX.fullmatch(data.strip()) if isinstance(data, str) else None
    raw = bytes.fromhex(found[1]) if found else None
    return NodeError(
        method,
        str(error.get("message") or words.word("node", "no_reason")),
        number if isinstance(number, int) else 0,
        raw,
    )
