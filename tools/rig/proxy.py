"""What a keeper asks instead of a node: as moody as providers are, by seed.

Every message is answered under one lock, so the rig can move the chain between two of them, and by seed between two
requests of one batch, as blocks do. ``Watch`` tells what a keeper did with the head that it was told.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from dmo.core.errors import NetworkError, NodeError
from tools.rig.chain import LiveChain

NAMESPACES = ("eth_", "net_", "web3_")
REACTED, LONG_POLL = 2, 0.1
"""So many looks at the same head mean that nothing is to be done on it; the next ones take so long (seconds)."""
ROUNDS = 5
"""So many mean it, too, where it asks for more in between: for what the node lacks after a reorganisation, or has
forgotten, it asks again at every look.
"""
APART = 0.3
"""Seconds that a head reaches one keeper after another at most: they are on two machines."""
HEAD = ("eth_blockNumber", "eth_chainId")
SEND = "eth_sendRawTransaction"
TOO_WIDE = (
    "query exceeds max block range {cap}",
    "block range is too wide, at most {cap} blocks",
    "eth_getLogs is limited to a {cap} range",
)


@dataclass(frozen=True)
class Weather:
    """How often (of 1) a message meets what; ``cap`` blocks of logs are given at once, 0: as many as one likes."""

    busy: float = 0.0
    """429, or its words in an answer."""
    broken: float = 0.0
    """An error of the provider's own."""
    cut: float = 0.0
    """The connection ends before anything was done."""
    lost: float = 0.0
    """It ends when all was done: the answer is lost."""
    behind: float = 0.0
    """The latest block is the one before."""
    between: float = 0.0
    """A block comes while a batch is answered."""
    cap: int = 0
    full: float = 0.0
    """How often others have filled a block."""


FAIR = Weather()
FOUL = Weather(busy=0.01, broken=0.01, cut=0.005, lost=0.01, behind=0.02, between=0.05, cap=500, full=0.1)


@dataclass
class Watch:
    """What one keeper was told and did.

    Attributes:
        asked: Messages so far.
        told: Hash of the head it heard of last.
        polls: Messages since then, one after the other, that only asked for the head and heard the same.
        looks: Messages since then that asked for the head, among others.
        sent_at: Head on which it sent something last.
        methods: How often it asked for what.
    """

    asked: int = 0
    told: str = ""
    polls: int = 0
    looks: int = 0
    sent_at: str = ""
    sent: int = 0
    methods: Counter[str] = field(default_factory=Counter)

    def has_reacted(self, head: str) -> bool:
        """Whether it has sent what it wanted to on this head, or only waits for the next."""
        return self.sent_at == head or (self.told == head and (self.polls >= REACTED or self.looks >= ROUNDS))


class Proxy:
    """The door to a chain.

    Args:
        chain: The chain behind it.
        seed: Of its moods.
        between: Called where a block is to come in the middle of a batch.
    """

    def __init__(self, chain: LiveChain, seed: int, between: Callable[[], None] = lambda: None) -> None:
        self.chain, self.weather, self.between = chain, FAIR, between
        self.lock = threading.RLock()
        self.moved = threading.Condition()
        self.watches: dict[str, Watch] = {}
        self.met: Counter[str] = Counter()
        """How often a mood was met."""
        self._random = random.Random(seed)  # noqa: S311 - by seed
        self._traps: dict[str, tuple[int, Callable[[], None]]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, kwargs={"poll_interval": 0.1})
        self._thread.start()

    def url(self, name: str) -> str:
        """The address for one of the keepers."""
        self.watches.setdefault(name, Watch())
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float, until: Callable[[], bool]) -> bool:
        """Wait for what messages bring about, so many seconds at most."""
        with self.moved:
            return self.moved.wait_for(until, seconds)

    def tell(self) -> None:
        """The chain has moved."""
        with self.moved:
            self.moved.notify_all()

    # ── a message ───────────────────────────────────────────────────────────────────────────────

    def answer(self, name: str, body: bytes) -> tuple[int, Mapping[str, str], bytes] | None:
        """Status, headers and content; nothing where the connection ends."""
        try:
            said = json.loads(body)
        except ValueError:
            return 400, {}, b"no JSON"
        orders = said if isinstance(said, list) else [said]
        with self.lock:
            mood = self._mood()
            if mood in ("cut", "busy", "broken"):
                return self._moody(mood, orders, is_batch=isinstance(said, list))
            try:
                replies = self._replies(orders)
            except NetworkError:
                self._met("nobody")
                return 502, {}, b"bad gateway"
            watch = self._note(name, orders, replies)
            if mood == "lost" or self._is_trapped(name):
                return None
        # A keeper that only waits is told when there is something to tell.
        if watch.polls > REACTED or watch.looks > ROUNDS:
            self.wait(LONG_POLL, lambda: self.chain.hash != watch.told)
            if len(self.watches) > 1 and self.chain.hash != watch.told:
                time.sleep(self._random.uniform(0, APART))
        content = replies if isinstance(said, list) else replies[0]
        return 200, {}, json.dumps(content).encode()

    def trap(self, name: str, after: int, spring: Callable[[], None]) -> None:
        """Do something after so many more messages of a keeper: when all was carried out, and before it hears so."""
        self._traps[name] = self.watches[name].asked + after, spring

    def free(self, name: str) -> None:
        """Forget what was to be done."""
        with self.lock:
            self._traps.pop(name, None)

    def _is_trapped(self, name: str) -> bool:
        at, spring = self._traps.get(name, (0, None))
        if spring is None or self.watches[name].asked < at:
            return False
        del self._traps[name]
        spring()
        self.tell()
        return True

    def _met(self, mood: str) -> None:
        with self.moved:
            self.met[mood] += 1
            self.moved.notify_all()

    def _mood(self) -> str:
        drawn = self._random.random()
        for mood in ("busy", "broken", "cut", "lost"):
            drawn -= getattr(self.weather, mood)
            if drawn < 0:
                self.met[mood] += 1
                return mood
        return ""

    def _moody(self, mood: str, orders: list[Any], *, is_batch: bool) -> tuple[int, Mapping[str, str], bytes] | None:
        if mood == "cut":
            return None
        if mood == "broken":
            said = [_error(one, -32603, "internal error") for one in orders]
            content = json.dumps(said if is_batch else said[0]).encode()
            return self._random.choice([(200, {}, content), (500, {}, b"oops"), (503, {"Retry-After": "0"}, b"later")])
        limited = [_error(one, -32005, "rate limit exceeded, slow down") for one in orders]
        content = json.dumps(limited if is_batch else limited[0]).encode()
        return 429, {"Retry-After": "0"}, self._random.choice([b"too many requests", content])

    def _replies(self, orders: list[Any]) -> list[Any]:
        place = self._random.randrange(len(orders)) if self._random.random() < self.weather.between else 0
        if place:
            self.met["between"] += 1
        replies = [self._reply(order) for order in orders[:place]]
        if place:
            self.between()
        return [*replies, *map(self._reply, orders[place:])]

    def _reply(self, order: Any) -> Any:
        method, params = str(order.get("method")), list(order.get("params") or [])
        if not method.startswith(NAMESPACES) or method == "eth_sendTransaction":
            return _error(order, -32601, f"the method {method} does not exist")
        if self.chain.anvil is None:
            raise NetworkError("the node is gone")
        try:
            return {"jsonrpc": "2.0", "id": order.get("id"), "result": self._own(method, params)}
        except NodeError as error:
            return _error(order, error.number or -32000, error.reason)
        except _Elsewhere:
            return _forwarded(self.chain.url, {**order, "params": params})

    def _own(self, method: str, params: list[Any]) -> Any:
        """What the rig answers itself; all else is the node's."""
        if method == SEND:
            return self.chain.send(params[0])
        if method == "eth_getTransactionCount" and params[1:] == ["pending"]:
            return hex(self.chain.waiting_nonce(_checksummed(params[0])))
        if method == "eth_getTransactionByHash":
            for one in self.chain.pool.values():
                if one.tx == params[0]:
                    return {"hash": one.tx, "from": one.sender, "nonce": hex(one.nonce), "blockNumber": None}
        if method == "eth_getLogs" and self.weather.cap and "fromBlock" in params[0]:
            ends = [params[0].get(key, "latest") for key in ("fromBlock", "toBlock")]
            first, last = (int(end, 16) if end.startswith("0x") else self.chain.number for end in ends)
            if last - first >= self.weather.cap:
                self.met["cap"] += 1
                reason = self._random.choice(TOO_WIDE).format(cap=self.weather.cap)
                raise NodeError(method, reason, -32005)
        is_head = method == "eth_getBlockByNumber" and params[:1] == ["latest"]
        if is_head and self._random.random() < self.weather.behind:
            self.met["behind"] += 1
            params[0] = hex(self.chain.number - 1)
        raise _Elsewhere

    def _note(self, name: str, orders: list[Any], replies: list[Any]) -> Watch:
        with self.moved:
            watch = self.watches.setdefault(name, Watch())
            watch.asked += 1
            methods = [str(order.get("method")) for order in orders]
            watch.methods.update(methods)
            is_poll = True
            for order, reply in zip(orders, replies, strict=True):
                method, params, said = order["method"], order.get("params") or [""], reply.get("result")
                if method == "eth_getBlockByNumber" and params[0] == "latest" and said:
                    if said["hash"] != watch.told:
                        watch.told, watch.polls, watch.looks = said["hash"], 0, 0
                    else:
                        watch.looks += 1
                elif method == SEND:
                    is_poll, watch.sent_at, watch.sent = False, self.chain.hash, watch.sent + 1
                elif method not in HEAD and params[0] not in ("latest", "pending"):
                    is_poll = False
            watch.polls = watch.polls + 1 if is_poll else 0
            self.moved.notify_all()
            return watch


class _Elsewhere(Exception):
    """The node answers this."""


def _checksummed(address: str) -> str:
    from dmo.core.abi.codec import checksum

    return str(checksum(address))


def _error(order: Any, number: int, reason: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": order.get("id"), "error": {"code": number, "message": reason}}


_kept = threading.local()
"""Of each thread its connection to a node: there are thousands of messages, and one was opened for each."""


def _forwarded(url: str, order: dict[str, Any]) -> Any:
    """The node's own answer, refusals with their data and all."""
    body = json.dumps(order).encode()
    if getattr(_kept, "url", None) != url:
        _kept.url, _kept.wire = url, http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        try:
            return _answered(_kept.wire, body)
        except (http.client.HTTPException, ConnectionError):  # it was kept from a node that is another now
            return _answered(_kept.wire, body)
    except (http.client.HTTPException, ValueError, OSError) as error:
        raise NetworkError(f"the node does not answer: {error}") from error


def _answered(wire: http.client.HTTPConnection, body: bytes) -> Any:
    try:
        wire.request("POST", "/", body, {"Content-Type": "application/json"})
        return json.loads(wire.getresponse().read())
    except BaseException:
        wire.close()  # it opens by itself again
        raise


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Small answers at once: else each waits for the other side's acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found = proxy.answer(self.path.strip("/"), body)
            if found is None:
                self.close_connection = True
                return
            status, headers, content = found
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # whoever asked was killed
                super().handle()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
