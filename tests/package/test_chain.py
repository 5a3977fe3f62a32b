"""Reading, simulating, sending: against a node that is a table, and a real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

import pytest
from eth_account import Account

from dmo.core.abi.codec import checksum
from dmo.core.calls import Call
from dmo.core.chain import Chain, Read
from dmo.core.errors import BadInput, NetworkError, NodeError, NotMined, Refused, WrongChain
from dmo.core.rpc import HttpTransport
from dmo.core.sender import KeySender, Sent
from dmo.season import books
from tests.support.calls import call
from tests.support.node import ADDRESSES, ALICE, BOB, OFFLINE, Node, dmo_on, hexed, log, revert

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
    assert chain.met(31337).timestamp == chain.look().timestamp == node.now + (gap if is_late else 0)
    asked.clear()
    chain.simulate(CALL, ALICE)
    chain.estimate(CALL, ALICE)
    later = [("latest", {}, {"time": hexed(node.now + gap)}), ("pending",)]
    assert asked == (later if is_late else [("latest",), ()])


# ── sending ─────────────────────────────────────────────────────────────────────────────────────


def sending_node() -> Node:
    node = Node()
    node.methods |= {
        "eth_estimateGas": lambda *_: hexed(100_000),
        "eth_getTransactionCount": lambda *_: hexed(7),
        "eth_maxPriorityFeePerGas": lambda: hexed(2),
        "eth_gasPrice": lambda: hexed(9),
        "eth_sendRawTransaction": lambda raw: "0x",
        "eth_getTransactionReceipt": lambda tx: receipt(tx),
    }
    return node


def receipt(tx: str, status: int = 1) -> dict[str, Any]:
    return {
        "transactionHash": tx,
        "blockNumber": hexed(100),
        "gasUsed": hexed(90_000),
        "status": hexed(status),
        "effectiveGasPrice": hexed(9),
        "logs": [],
    }


def test_the_journal_is_written_before_sending() -> None:
    node = sending_node()
    journal: list[Sent] = []

    def before(sent: Sent) -> None:
        assert journal or "eth_sendRawTransaction" not in node.asked
        journal.append(sent)

    sender = KeySender(Chain(node), Account.create(), journal=before)
    done = sender.send(CALL)
    assert journal[0].tx == done.hash
    assert (journal[0].nonce, journal[0].gas) == (7, 160_000)
    assert (journal[0].fees.max_fee, journal[0].fees.priority) == (16, 2)
    assert done.is_ok
    node.methods["eth_estimateGas"] = lambda *_: hexed(1_000_000)
    assert sender.submit(CALL).gas == 1_250_000


def test_a_node_lost_while_waiting_leaves_the_hash() -> None:
    node = sending_node()
    journal: list[Sent] = []

    def lost(*_: Any) -> Any:
        raise NetworkError("no answer")

    node.methods["eth_getTransactionReceipt"] = lost
    with pytest.raises(NetworkError) as caught:
        KeySender(Chain(node), Account.create(), journal=journal.append).send(CALL)
    assert caught.value.details == {"tx": journal[0].tx}


def test_a_nonce_is_the_chains_and_never_a_counters() -> None:
    node = sending_node()
    asked: list[str] = []
    mined = [7]

    def count(_: str, tag: str) -> str:
        asked.append(tag)
        return hexed(mined[0])

    node.methods["eth_getTransactionCount"] = count
    sender = KeySender(Chain(node), Account.create())
    assert [sender.submit(CALL).nonce for _ in range(2)] == [7, 7], "the node lost the first"
    mined[0] = 8
    assert sender.submit(CALL).nonce == 8
    assert set(asked) == {"latest"}, "what waits in a node may never be mined"
    asked.clear()
    pinned = KeySender(Chain(node).pinned(90), Account.create())
    assert pinned.submit(CALL).nonce == 8
    assert asked == [hexed(90)], "the block that was acted on"


def test_all_that_a_transaction_needs_is_asked_at_once() -> None:
    node = sending_node()
    batches: list[int] = []
    batch = node.batch
    node.batch = lambda requests: batches.append(len(requests)) or batch(requests)  # type: ignore
    sender = KeySender(Chain(node), Account.create())
    sender.chain.require(31337)
    node.asked.clear()
    sender.submit(CALL)
    assert batches == [5]
    assert node.asked[5:] == ["eth_sendRawTransaction"]


def test_a_node_behind_the_last_receipt_is_waited_for() -> None:
    node = sending_node()
    slept: list[float] = []

    def catch_up(seconds: float) -> None:
        slept.append(seconds)
        node.head += 1

    sender = KeySender(Chain(node, sleep=catch_up), Account.create())
    sender.send(CALL)
    node.head = 98
    sender.send(CALL)
    assert (len(slept), node.head) == (2, 100)
    node.head = -1000
    with pytest.raises(NetworkError, match="behind"):
        sender.send(CALL)


@pytest.mark.parametrize(
    ("base", "tip", "price", "fields"),
    [
        (7, 2, 9, {"type": 2, "maxFeePerGas": 16, "maxPriorityFeePerGas": 2}),
        (7, None, 12, {"type": 2, "maxFeePerGas": 19, "maxPriorityFeePerGas": 5}),
        (7, None, None, {"type": 2, "maxFeePerGas": 14 + 10**9, "maxPriorityFeePerGas": 10**9}),
        (0, None, 0, {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}),
        (None, None, 12, {"gasPrice": 12}),
        (None, 3, 12, {"gasPrice": 12}),
    ],
)
def test_fees_are_of_the_chains_kind(
    base: int | None, tip: int | None, price: int | None, fields: dict[str, int]
) -> None:
    node = sending_node()
    head = node.block("latest")
    if base is None:
        del head["baseFeePerGas"]
    else:
        head["baseFeePerGas"] = hexed(base)
    node.methods["eth_getBlockByNumber"] = lambda *_: head
    for method, value in (("eth_maxPriorityFeePerGas", tip), ("eth_gasPrice", price)):
        if value is None:
            del node.methods[method]
        else:
            node.methods[method] = lambda value=value: hexed(value)
    sent = KeySender(Chain(node), Account.create()).submit(CALL)
    assert sent.fees.fields == fields
    assert Account.recover_transaction(sent.raw)


@pytest.mark.parametrize(
    ("reason", "tip"),
    [
        ("transaction underpriced: gas tip cap 2, minimum needed 25000000000", 25 * 10**9),
        ("transaction underpriced", 10**9),
        ("max priority fee per gas below minimum 5000000000", 5 * 10**9),
        ("max fee per gas less than block base fee", None),
    ],
)
def test_a_least_tip_is_paid(reason: str, tip: int | None) -> None:
    node, raws = sending_node(), []

    def send(raw: str) -> str:
        raws.append(raw)
        if len(raws) < 2:
            raise NodeError("eth_sendRawTransaction", reason)
        return "0x"

    node.methods["eth_sendRawTransaction"] = send
    journal: list[Sent] = []
    sent = KeySender(Chain(node), Account.create(), journal=journal.append).submit(CALL)
    assert (sent.fees.priority, sent.fees.max_fee) == ((tip, tip + 14) if tip else (2, 32))
    assert [one.tx for one in journal][1:] == [sent.tx], "each is written down before it is sent"


def test_another_transaction_of_this_nonce_is_not_outbid() -> None:
    node = sending_node()

    def send(raw: str) -> str:
        raise NodeError("eth_sendRawTransaction", "replacement transaction underpriced")

    node.methods["eth_sendRawTransaction"] = send
    with pytest.raises(NodeError):
        KeySender(Chain(node), Account.create()).submit(CALL)
    assert node.asked.count("eth_sendRawTransaction") == 1


def test_what_no_block_takes_is_not_sent() -> None:
    node = sending_node()
    node.methods["eth_estimateGas"] = lambda *_: hexed(2**24 + 1)
    with pytest.raises(Refused, match="16777216 gas and 131072 bytes"):
        KeySender(Chain(node), Account.create()).submit(CALL)
    node.methods["eth_estimateGas"] = lambda *_: hexed(2**24 - 1)
    assert KeySender(Chain(node), Account.create()).submit(CALL).gas == 2**24
    with pytest.raises(Refused, match="too much for one"):
        KeySender(Chain(node), Account.create()).submit(Call(CALL.to, b"a" * 131_072, 0, ""))
    assert node.asked.count("eth_sendRawTransaction") == 1


def test_a_signed_transaction_says_what_the_call_says() -> None:
    from eth_account.typed_transactions import TypedTransaction
    from hexbytes import HexBytes

    sender = KeySender(Chain(sending_node()), Account.create())
    sent = sender.submit(CALL)
    fields = TypedTransaction.from_bytes(HexBytes(sent.raw)).as_dict()
    assert fields["chainId"] == 31337
    assert bytes(fields["data"]) == CALL.data
    assert Account.recover_transaction(sent.raw) == sender.address


def test_nothing_is_sent_when_the_contract_would_refuse() -> None:
    node = sending_node()

    def refuse(*_: Any) -> Any:
        raise revert("CampaignEscrowNotEnded", 1, 5, contract="CampaignEscrow")

    node.methods["eth_estimateGas"] = refuse
    with pytest.raises(Refused):
        KeySender(Chain(node), Account.create()).send(CALL)
    assert "eth_sendRawTransaction" not in node.asked


def test_a_failed_transaction_is_explained() -> None:
    node = sending_node()

    def refuse(*_: Any) -> Any:
        raise revert("CampaignEscrowNotEnded", 1, 5, contract="CampaignEscrow")

    node.methods["eth_getTransactionReceipt"] = lambda tx: receipt(tx, 0)
    node.methods["eth_call"] = refuse
    with pytest.raises(Refused) as caught:
        KeySender(Chain(node), Account.create()).send(CALL)
    assert caught.value.name == "CampaignEscrowNotEnded"
    node.methods["eth_call"] = lambda *_: "0x"
    with pytest.raises(Refused, match="after 90000 gas"):
        KeySender(Chain(node), Account.create()).send(CALL)


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("already known", None),
        ("AlreadyKnown", None),
        ("Known transaction", None),
        ("insufficient funds for gas", Refused),
        ("nonce too high", NodeError),
    ],
)
def test_what_the_node_says_to_a_transaction(reason: str, error: type[Exception] | None) -> None:
    node = sending_node()

    def fail(raw: str) -> Any:
        raise NodeError("eth_sendRawTransaction", reason)

    node.methods["eth_sendRawTransaction"] = fail
    sender = KeySender(Chain(node), Account.create())
    if error is None:
        assert sender.send(CALL).is_ok
    else:
        with pytest.raises(error):
            sender.send(CALL)


def test_a_transaction_that_is_not_mined_is_named() -> None:
    node = sending_node()
    node.methods["eth_getTransactionReceipt"] = lambda tx: None
    with pytest.raises(NotMined) as caught:
        Chain(node).wait("0xabc", timeout=0.05)
    assert caught.value.details == {"tx": "0xabc"}


def test_waits_for_confirmations() -> None:
    node = sending_node()
    with pytest.raises(NotMined):
        Chain(node).wait("0xabc", confirmations=2, timeout=0.05)
    node.head = 101
    assert Chain(node).wait("0xabc", confirmations=2).block == 100


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


# ── books ───────────────────────────────────────────────────────────────────────────────────────

GOOD = books.Money(100, 30, 20, 50, 40, 9, 4, 5, 109, 54, 55)


def test_good_books_add_up() -> None:
    assert books.differences(GOOD) == []
    donated = replace(GOOD, token_in=112, token_balance=58)
    assert books.differences(replace(donated, donated=3)) == []
    assert len(books.differences(donated)) == 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"received": 101, "token_in": 110}, "received = 101, but paid + refunded + held = 100"),
        ({"bonds_held": 4, "token_balance": 54}, "bonds_received = 9"),
        ({"token_in": 108}, "token_in = 108"),
        ({"token_out": 55}, "token_out = 55"),
        ({"token_balance": 54}, "token_balance = 54"),
        ({"pool": 51}, "pool = 51 is more than held = 50"),
    ],
)
def test_bad_books_are_named(changes: dict[str, int], what: str) -> None:
    found = books.differences(replace(GOOD, **changes))
    assert len(found) == 1, found
    assert what in found[0]


def test_the_books_are_read_from_books_and_transfers() -> None:
    node = Node()
    node.view("CampaignEscrow", "books", lambda: (30, 50, 100, 20, 40, 9, 4, 5))
    node.view("ERC20", "balanceOf", lambda _: 55)

    def logs(order: Any) -> list[Any]:
        to_escrow = order["topics"][1] is None
        value = 109 if to_escrow else 54
        return [log("ERC20", "Transfer", {"from": ALICE, "to": BOB, "value": value})]

    node.methods["eth_getLogs"] = logs
    assert books.money(dmo_on(node)) == GOOD
