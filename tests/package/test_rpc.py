"""JSON-RPC over HTTP, against a server that misbehaves in the known ways. Nobody waits here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from dmo.core.errors import NetworkError, NodeError
from dmo.core.rpc import HttpTransport, is_busy
from tests.support.rpc_site import DROP, NOW, Site, right, said
from tests.support.waiting import PATIENCE_SECONDS, until

LATE = {"code": -32005, "message": "rate limit"}


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.answer = right
    yield site
    site.server.shutdown()
    site.server.server_close()


def asked(count: int) -> list[tuple[str, list[int]]]:
    return [("eth_call", [number]) for number in range(count)]


# ── a node that is busy ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "busy",
    [
        (429, b"Too Many Requests"),
        (429, {"id": 1, "error": {"code": 429, "message": "more than this key may ask"}}),
        {"id": 1, "error": LATE},
        {"id": None, "error": LATE},
        {"id": 1, "error": {"code": -32000, "message": "Too many requests, slow down"}},
        {"id": 1, "error": {"code": -32000, "message": "query timeout exceeded"}},
        (502, b"<html>bad gateway"),
        (503, b""),
        (504, b""),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_a_busy_node_is_waited_for(site: Site, busy: Any, count: int) -> None:
    site.first(busy, busy, busy)
    transport = site.transport()
    assert transport.batch(asked(count)) == list(range(count))
    assert transport.trips == len(site.bodies) == 4
    assert [low <= slept <= 1.25 * low for low, slept in zip((0.5, 1, 2), site.slept, strict=True)]
    assert all(body == site.bodies[0] for body in site.bodies), "the same question"


@pytest.mark.parametrize("header", ["7", formatdate(NOW + 7, usegmt=True)])
def test_waits_as_long_as_it_is_asked_to(site: Site, header: str) -> None:
    site.first((429, b"", {"Retry-After": header}))
    assert site.transport().request("eth_call", [5]) == 5
    assert len(site.slept) == 1
    assert 7 <= site.slept[0] <= 8.75


@pytest.mark.parametrize("header", ["3600", "Mon, 99", "-1"])
def test_does_not_wait_for_ever(site: Site, header: str) -> None:
    site.answer = lambda body: (429, b"Too Many Requests", {"Retry-After": header})
    with pytest.raises(NetworkError, match="HTTP 429"):
        site.transport().request("eth_call", [5])
    assert sum(site.slept) <= 60
    assert len(site.bodies) <= 8


def test_a_batch_does_not_wait_for_every_part_anew(site: Site) -> None:
    site.answer = lambda body: {"id": None, "error": LATE}
    with pytest.raises(NodeError, match="rate limit"):
        site.transport().batch(asked(500))
    assert sum(site.slept) <= 60


def test_only_those_of_a_batch_are_asked_again_that_came_too_early(site: Site) -> None:
    def answer(body: Any) -> Any:
        if len(site.bodies) == 1:
            return [
                {"id": one["id"], "error": LATE} if place % 2 else said(one, one["params"][0])
                for place, one in enumerate(body)
            ]
        return right(body)

    site.answer = answer
    assert site.transport().batch(asked(10)) == list(range(10))
    assert [[one["params"] for one in body] for body in site.bodies[1:]] == [[[1], [3], [5], [7], [9]]]
    assert len(site.slept) == 1


def test_a_refusal_of_a_contract_is_no_busy_node(site: Site) -> None:
    error = {"code": 3, "message": "execution reverted: rate limit exceeded", "data": "0x08c379a0"}
    site.answer = lambda body: {"id": body["id"], "error": error}
    with pytest.raises(NodeError) as caught:
        site.transport().request("eth_call", [5])
    assert caught.value.data == bytes.fromhex("08c379a0")
    assert not site.slept


@pytest.mark.parametrize(
    ("number", "reason", "expected"),
    [
        (-32005, "limit exceeded", True),
        (-32005, "query returned more than 10000 results", False),
        (-32005, "block range is too wide", False),
        (-32007, "50/second request limit reached", True),
        (429, "Your app has exceeded its compute units per second capacity", True),
        (-32000, "exceed maximum block range: 5000", False),
        (-32602, "Log response size exceeded", False),
        (-32000, "header not found", False),
        (-32000, "execution reverted: try again later", False),
    ],
)
def test_tells_too_many_questions_from_too_much_of_an_answer(number: int, reason: str, expected: bool) -> None:
    assert is_busy(NodeError("eth_getLogs", reason, number)) is expected


@pytest.mark.parametrize("answer", [(502, b""), DROP, {"error": {"message": "timed out"}}])
@pytest.mark.parametrize("method", ["evm_mine", "eth_sendTransaction"])
def test_nothing_is_sent_twice_that_may_have_arrived(site: Site, answer: Any, method: str) -> None:
    site.answer = lambda body: answer if isinstance(answer, tuple) or answer is DROP else {
        **answer, "id": body["id"]
    }  # fmt: skip
    with pytest.raises(NetworkError):
        site.transport().request(method, ["0x"])
    with pytest.raises(NetworkError):
        site.transport().batch([(method, ["0x"]), (method, ["0x"])])
    assert len(site.bodies) == 2


def test_what_the_node_did_not_look_at_is_sent_again(site: Site) -> None:
    site.first((429, b""))
    assert site.transport().request("eth_sendTransaction", ["0x"]) == "0x"


@pytest.mark.parametrize("answer", [(502, b""), DROP])
def test_a_signed_transaction_is_done_once_however_often_it_is_sent(site: Site, answer: Any) -> None:
    site.first(answer)
    assert site.transport().request("eth_sendRawTransaction", ["0x"]) == "0x"
    assert site.bodies[0] == site.bodies[1]


# ── answers that are lost, or another's ─────────────────────────────────────────────────────────


def test_a_lost_answer_is_asked_for_once_more(site: Site) -> None:
    site.first(DROP)
    assert site.transport().request("eth_call", [5]) == 5
    site.answer = lambda body: DROP
    with pytest.raises(NetworkError, match="does not answer"):
        site.transport().request("eth_call", [5])
    assert len(site.bodies) == 4


def test_a_node_that_is_silent_is_left(site: Site) -> None:
    gone = threading.Event()
    site.answer = lambda body: gone.wait(PATIENCE_SECONDS) or DROP
    with pytest.raises(NetworkError, match="timed out"):
        site.transport(timeout=0.2).request("eth_call", [5])
    gone.set()
    until(lambda: len(site.bodies) == 2)  # the site may read late what was asked


def test_what_a_node_only_looks_up_may_take_a_third(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float | None, float | None]] = []
    post = httpx.Client.post

    def watch(client: httpx.Client, url: str, **more: Any) -> httpx.Response:
        seen.append((more["timeout"].read, more["timeout"].connect))
        return post(client, url, **more)

    monkeypatch.setattr(httpx.Client, "post", watch)
    transport = site.transport(timeout=60)
    methods = ("eth_getBlockByNumber", "eth_chainId", "eth_getLogs", "eth_call", "evm_mine")
    for method in methods:
        transport.request(method, [1])
    assert seen == [(20, 10), (20, 10), (60, 10), (60, 10), (60, 10)]
    transport.batch([("eth_chainId", [1]), ("eth_getLogs", [1])])
    assert seen[-1] == (60, 10)


@pytest.mark.parametrize("error", [None, {"code": 1, "message": "no"}])
def test_another_questions_answer_is_an_error(site: Site, error: Any) -> None:
    def shifted(body: Any) -> Any:
        if isinstance(body, list):
            return [shifted(one) for one in body]
        return {"id": body["id"] + 1, "error" if error else "result": error or "0x1"}

    site.answer = shifted
    for count in (1, 3):
        with pytest.raises(NetworkError, match="another question"):
            site.transport().batch(asked(count))
    site.answer = lambda body: {"id": str(body["id"]), "result": 1}
    with pytest.raises(NetworkError, match="another question"):
        site.transport().request("eth_call", [5])


@pytest.mark.parametrize("answer", [{"id": 1}, 5, [1], None, (401, {"message": "no key"})])
def test_an_answer_that_is_none(site: Site, answer: Any) -> None:
    site.answer = lambda body: answer
    with pytest.raises(NetworkError):
        site.transport().request("eth_call", [5])
    assert not site.slept


def test_a_long_wait_is_told(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.first(*[(503, b"")] * 3)
    site.transport().request("eth_call", [5])
    assert not caplog.text, "a short one is not"
    site.first(*[(503, b"")] * 6)
    site.transport().request("eth_call", [5])
    assert "127.0.0.1 is busy: asking it again in" in caplog.text


def test_an_answer_that_is_cut_is_told_in_words(site: Site) -> None:
    site.answer = lambda body: (200, b"{", {"Content-Length": "50"})
    with pytest.raises(NetworkError, match=r"does not answer \([a-z]"):  # an exception's name has a capital
        site.transport().request("eth_call", [5])


def test_threads_share_a_transport(site: Site) -> None:
    transport = site.transport()
    wrong: list[Any] = []

    def work(base: int) -> None:
        for number in range(base, base + 25):
            found = transport.request("eth_call", [number])
            many = transport.batch(asked(3))
            if found != number or many != [0, 1, 2]:
                wrong.append((number, found, many))

    threads = [threading.Thread(target=work, args=(1000 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert transport.trips == len(site.bodies) == 8 * 25 * 2


# ── batches ─────────────────────────────────────────────────────────────────────────────────────


def of_a_batch(answer: Callable[[list[Any]], Any], most: int) -> Callable[[Any], Any]:
    """A node that takes so many at once, and says something else to more."""
    return lambda body: answer(body) if isinstance(body, list) and len(body) > most else right(body)


@pytest.mark.parametrize("most", [40, 2, 1])
@pytest.mark.parametrize(
    "refusal",
    [
        lambda body: {"error": {"code": -32600, "message": "no batches"}},
        lambda body: {"error": "no batches"},
        lambda body: {"id": None, "error": {"code": -32600, "message": "Invalid Request"}},
        lambda body: (400, {"error": {"code": -32600, "message": "Invalid Request"}}),
        lambda body: (413, b"too large"),
        lambda body: (500, b"oops"),
        lambda body: [{"id": None, "error": {"code": -32600, "message": "Invalid Request"}}],
        lambda body: [{"id": one["id"], "error": {"message": "batch too large"}} for one in body],
        lambda body: right(body)[:2],
        lambda body: [],
        lambda body: DROP,
    ],
)  # fmt: skip
def test_a_refused_batch_is_asked_in_smaller_parts(site: Site, refusal: Any, most: int) -> None:
    site.answer = of_a_batch(refusal, most)
    transport = site.transport()
    assert transport.batch(asked(110)) == list(range(110))
    assert not site.slept
    before = transport.trips
    assert transport.batch(asked(2)) == [0, 1]
    assert transport.batch_size in ((25, 2) if most == 40 else (2, 1))
    assert transport.trips == before - (-2 // transport.batch_size), "it is remembered"


@pytest.mark.parametrize("fault", [DROP, (500, b"oops")])
def test_a_fault_does_not_make_batches_small_for_ever(site: Site, fault: Any) -> None:
    transport = site.transport()
    for _ in range(4):
        site.first(fault)
        assert transport.batch(asked(100)) == list(range(100))
    assert transport.batch_size == 100
    for _ in range(3):  # two in a row, as of a node that is started again
        site.first(fault, fault)
        transport.batch(asked(100))
    assert transport.batch_size == 1
    for _ in range(130):
        assert transport.batch(asked(2)) == [0, 1]
    before = transport.trips
    assert transport.batch(asked(100)) == list(range(100))
    assert transport.trips == before + 1


def test_a_failed_one_stands_in_its_place(site: Site) -> None:
    def answer(body: Any) -> Any:
        return [
            {"id": one["id"], "error": {"code": 3, "message": "execution reverted"}}
            if one["params"] == [1]
            else said(one, 7)
            for one in body
        ]

    site.answer = answer
    first, second, third = site.transport().batch(asked(3))
    assert (first, third) == (7, 7)
    assert isinstance(second, NodeError)
    assert site.transport().batch([]) == []


# ── the way to the node ─────────────────────────────────────────────────────────────────────────


def test_a_proxy_is_heeded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTP_PROXY", site.url)
    monkeypatch.setenv("http_proxy", site.url)
    assert HttpTransport("http://node.example/key").request("eth_call", [5]) == 5
    assert site.heads[0]["host"] == "node.example"
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert site.transport().request("eth_call", [6]) == 6, "a node on this machine needs none"
    with pytest.raises(NetworkError):
        HttpTransport("http://node.example/key").request("eth_call", [5])


def test_the_key_of_an_address_is_told_to_the_node_alone(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    url = site.url.replace("//", "//me:se%40cret@") + "/v2/KEY?token=TOKEN"
    with caplog.at_level("DEBUG"):
        transport = HttpTransport(url)
        assert transport.request("eth_call", [5]) == 5
        transport.close()
        assert transport.request("eth_call", [5]) == 5
        site.answer = lambda body: DROP
        with pytest.raises(NetworkError) as caught:
            HttpTransport(url, sleep=lambda _: None).request("eth_call", [5])
    assert site.heads[0]["authorization"] == "Basic bWU6c2VAY3JldA=="
    for secret in ("KEY", "TOKEN", "cret"):
        assert secret not in caplog.text + str(caught.value)
