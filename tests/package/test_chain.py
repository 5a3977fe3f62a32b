"""Reading and simulating: against a node that is a table, and a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

import pytest

from dmo.core.abi.codec import checksum
from dmo.core.chain import Chain, Read
from dmo.core.errors import BadInput, NetworkError, NodeError, Refused, WrongChain
from dmo.core.rpc import HttpTransport
from tests.support.calls import call
from tests.support.node import ADDRESSES, ALICE, OFFLINE, Node, hexed, log, revert

CALL = call(OFFLINE, "CampaignEscrow", "closeCampaign", 1)
ESCROW = ADDRESSES["CampaignEscrow"]


def test_refuses_another_chain() -> None:
    with pytest.raises(WrongChain, match="31337") as caught:
        Chain(Node()).require(1)
    assert caught.value.exit_code == 3


def test_reads_many_views_and_keeps_refusals_apart() -> None:
    node = Node()

    def refuse(*_: Any) -> Any:
        raise revert("IdeaBoardUnknownIdea", 1, 9)

    node.view("IdeaBoard", "currentRound", lambda: 4)
    node.view("IdeaBoard", "ideaOf", refuse)
    board = ADDRESSES["IdeaBoard"]
    reads = [Read("IdeaBoard", board, "currentRound"), Read("IdeaBoard", board, "ideaOf", (1, 9))]
    four, refusal = Chain(node).try_read(reads)
    assert four == 4
    assert refusal.code == "IdeaBoardUnknownIdea"
    assert refusal.arguments == {"round": 1, "number": 9}
    with pytest.raises(Refused, match="Round 1 has no idea 9"):
        Chain(node).read(reads)
    assert Chain(node).read([]) == []


def test_an_account_without_code_is_no_contract() -> None:
    node = Node()
    node.methods["eth_call"] = lambda *_: "0x"
    with pytest.raises(NetworkError, match="no contract"):
        Chain(node).call("IdeaBoard", ESCROW, "currentRound")


def test_a_simulation_is_refused_with_the_reason() -> None:
    node = Node()

    def refuse(*_: Any) -> Any:
        raise revert("CampaignEscrowNotEnded", 1, 5, contract="CampaignEscrow")

    node.methods["eth_call"] = refuse
    with pytest.raises(Refused) as caught:
        Chain(node).simulate(CALL, ALICE)
    assert caught.value.name == "CampaignEscrowNotEnded"
    assert "still runs" in caught.value.message
    node.methods["eth_estimateGas"] = refuse
    with pytest.raises(Refused):
        Chain(node).estimate(CALL, ALICE)


def test_an_error_of_the_node_is_no_refusal() -> None:
    node = Node()

    def fail(*_: Any) -> Any:
        raise NodeError("eth_call", "header not found", -32000)

    node.methods["eth_call"] = fail
    with pytest.raises(NodeError, match="header not found"):
        Chain(node).simulate(CALL, ALICE)


def test_a_refused_range_of_logs_is_halved() -> None:
    node = Node()
    asked: list[tuple[int, int]] = []

    def logs(order: Any) -> Any:
        low, high = int(order["fromBlock"], 16), int(order["toBlock"], 16)
        asked.append((low, high))
        if high - low >= 30:
            raise NodeError("eth_getLogs", "range too large")
        values = {"from": ALICE, "amount": low}
        return [log("CampaignEscrow", "PoolDeposited", values, block=low)]

    node.methods["eth_getLogs"] = logs
    events = Chain(node).events("CampaignEscrow", ESCROW, "PoolDeposited", from_block=1)
    assert [event.block for event in events] == [1, 26, 51, 76]
    good = [span for span in asked if span[1] - span[0] < 30]
    assert good == [(1, 25), (26, 50), (51, 75), (76, 100)]
    with pytest.raises(BadInput):
        Chain(node).events("CampaignEscrow", ESCROW, "PoolDeposited", {"amount": 5})


def test_a_single_block_that_is_refused_is_an_error() -> None:
    node = Node()

    def fail(order: Any) -> Any:
        raise NodeError("eth_getLogs", "no")

    node.methods["eth_getLogs"] = fail
    with pytest.raises(NodeError):
        Chain(node).events("CampaignEscrow", ESCROW, "PoolDeposited", from_block=1)


def test_a_pinned_chain_reads_one_block() -> None:
    node = Node()
    pinned = Chain(node).pinned()
    node.head, node.now = 120, node.now + 20
    assert pinned.block().number == 100
    assert Chain(node).blocks([5, 5, 7]).keys() == {5, 7}


def test_a_block_that_was_seen_does_not_vanish() -> None:
    node, slept = Node(), []
    node.view("IdeaBoard", "currentRound", lambda: 4)
    chain = Chain(node, sleep=slept.append).pinned(100)
    answers = [NodeError("eth_call", "header not found"), NodeError("eth_call", "Unknown block")]

    def lagging(*_: Any) -> Any:
        if answers:
            raise answers.pop()
        return "0x" + "00" * 31 + "04"

    node.methods["eth_call"] = lagging
    assert chain.call("IdeaBoard", ADDRESSES["IdeaBoard"], "currentRound") == 4
    assert len(slept) == 2
    chain = Chain(node, sleep=lambda _: setattr(node, "head", node.head + 1))
    assert (chain.look().number, chain.look(103).number) == (100, 103)
    with pytest.raises(NetworkError, match="behind"):
        chain.look(1_000)


@pytest.mark.parametrize("gap", [600, 601])
@pytest.mark.parametrize("knows_overrides", [True, False])
def test_an_old_block_is_not_the_time(gap: int, knows_overrides: bool) -> None:
    node, asked = Node(), []
    heads = {"latest": node.block("latest"), "pending": {**node.block("latest"), "timestamp": hexed(node.now + gap)}}
    node.methods["eth_getBlockByNumber"] = lambda tag, _: heads[tag]

    def called(*params: Any) -> str:
        if not knows_overrides and len(params) > 2:
            raise NodeError("eth_call", "too many arguments", -32602)
        asked.append(params[1:])
        return "0x"

    node.methods |= {"eth_call": called, "eth_estimateGas": lambda *more: asked.append(more[1:]) or hexed(5)}
    chain = Chain(node)
    is_late = gap > 600 and knows_overrides
    assert chain.met(31337)[0].timestamp == chain.look().timestamp == node.now + (gap if is_late else 0)
    asked.clear()
    chain.simulate(CALL, ALICE)
    chain.estimate(CALL, ALICE)
    later = [("latest", {}, {"time": hexed(node.now + gap)}), ("pending",)]
    assert asked == (later if is_late else [("latest",), ()])


# ── HTTP ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = self.server.answer(body)  # type: ignore[attr-defined]
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def answer_one(request: dict[str, Any]) -> dict[str, Any]:
    if request["method"] == "eth_call":
        item = revert("IdeaBoardSettled", 3)
        error = {"code": 3, "message": "execution reverted", "data": "0x" + (item.data or b"").hex()}
        return {"id": request["id"], "error": error}
    return {"id": request["id"], "result": "0x7a69"}


@pytest.mark.parametrize("batches", [True, False])
def test_talks_to_a_node_over_http(server: HTTPServer, batches: bool) -> None:
    def answer(body: Any) -> Any:
        if isinstance(body, list):
            return [answer_one(one) for one in body][::-1] if batches else {"error": "no batches"}
        return answer_one(body)

    server.answer = answer  # type: ignore[attr-defined]
    url = f"http://127.0.0.1:{server.server_port}"
    chain = Chain.connect(url, 31337)
    with pytest.raises(Refused, match="settled already"):
        chain.simulate(CALL, ALICE)
    transport = HttpTransport(url)
    first, second = transport.batch([("eth_chainId", []), ("eth_call", [])])
    assert first == "0x7a69"
    assert isinstance(second, NodeError)


def test_a_contract_is_web3s_where_a_scripter_wants_it(server: HTTPServer) -> None:
    asked: list[dict[str, Any]] = []

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        asked.append(body)
        return {"jsonrpc": "2.0", "id": body["id"], "result": "0x" + f"{7:064x}"}

    server.answer = answer  # type: ignore[attr-defined]
    chain = Chain.connect(f"http://127.0.0.1:{server.server_port}")
    dmo = replace(OFFLINE, chain_=chain)
    assert dmo.contract("IdeaBoard").functions.currentRound().call() == 7
    order = next(body["params"][0] for body in asked if body["method"] == "eth_call")
    assert order["to"] == checksum(ADDRESSES["IdeaBoard"])
    assert dmo.contract("BudgetToken").functions.balanceOf(checksum(ALICE)).call() == 7
    with pytest.raises(BadInput, match="has no Poem"):
        dmo.contract("Poem")
    with pytest.raises(NetworkError, match="No node"):
        OFFLINE.contract("IdeaBoard")


def test_nonsense_and_silence_are_network_errors(server: HTTPServer) -> None:
    url = f"http://127.0.0.1:{server.server_port}"
    server.answer = lambda body: b"<html>"  # type: ignore[attr-defined]
    with pytest.raises(NetworkError, match="instead of JSON"):
        Chain.connect(url, 1)
    server.answer = lambda body: [1]  # type: ignore[attr-defined]
    with pytest.raises(NetworkError, match="nonsense"):
        Chain.connect(url, 1)
    with pytest.raises(NetworkError, match="does not answer"):
        Chain.connect("http://127.0.0.1:9", 1)


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "localhost:8545", "http://x:99999999"])
def test_refuses_what_is_no_address_of_a_node(url: str) -> None:
    with pytest.raises(BadInput):
        Chain.connect(url)


@pytest.mark.parametrize("answer", [None, 5, "", "0x", "five", [], {}])
def test_a_number_that_is_none_is_a_network_error(answer: Any) -> None:
    node = Node()
    node.methods["eth_chainId"] = lambda *_: answer
    node.methods["eth_estimateGas"] = lambda *_: answer
    chain = Chain(node)
    for ask in (lambda: chain.chain_id, lambda: chain.met(1), lambda: chain.estimate(CALL, ALICE)):
        with pytest.raises(NetworkError, match="is no number") as caught:
            ask()
        assert caught.value.exit_code == 3


@pytest.mark.parametrize("answer", [{}, {"hash": "0x00", "number": "0x1"}, {"hash": "0x00", "timestamp": 5}, [], "0x1"])
def test_a_block_that_is_none_is_a_network_error(answer: Any) -> None:
    node = Node()
    node.methods["eth_getBlockByNumber"] = lambda *_: answer
    with pytest.raises(NetworkError):
        Chain(node).block()


@pytest.mark.parametrize("answer", [None, {}, "0x", [1], [None]])
def test_logs_that_are_no_list_are_a_network_error(answer: Any) -> None:
    node = Node()
    node.methods["eth_getLogs"] = lambda *_: answer
    with pytest.raises(NetworkError, match="no list of logs"):
        Chain(node).logs({"address": ESCROW}, 1, 2)


@pytest.mark.parametrize("error", [{}, {"code": -32000}, {"code": 1, "message": ""}, {"message": None}])
def test_an_error_without_a_reason_is_told_in_words(server: HTTPServer, error: dict[str, Any]) -> None:
    server.answer = lambda body: {"id": body["id"], "error": error}  # type: ignore[attr-defined]
    with pytest.raises(NodeError, match="refused eth_chainId: it does not say why"):
        _ = Chain.connect(f"http://127.0.0.1:{server.server_port}").chain_id


def test_what_a_node_refuses_with_is_one_line() -> None:
    said = str(NodeError("eth_call", "\x1b[2Jno\n\nerror: send your key\u202e"))
    assert "\n" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said
