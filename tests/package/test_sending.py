"""Signing and sending: against a node that is a table."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account

from dmo.core.calls import Call
from dmo.core.chain import TRIES, Chain
from dmo.core.errors import NetworkError, NodeError, NotMined, Refused
from dmo.core.sender import KeySender, Sent
from tests.support.calls import call
from tests.support.node import OFFLINE, Node, hexed, revert

CALL = call(OFFLINE, "CampaignEscrow", "closeCampaign", 1)


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
    node.methods["eth_getTransactionCount"] = lambda *_: hexed(7 + node.asked.count("eth_sendRawTransaction"))
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


def counting_node(counts: list[int]) -> Node:
    """A node that says these nonces, the last one again and again."""
    node = sending_node()
    node.methods["eth_getTransactionCount"] = lambda *_: hexed(counts.pop(0) if len(counts) > 1 else counts[0])
    return node


def test_a_nonce_that_a_receipt_was_shown_of_is_not_used_again_at_once() -> None:
    slept: list[float] = []
    sent: list[Sent] = []
    node = counting_node([7, 7, 7, 8])
    sender = KeySender(Chain(node, sleep=slept.append), Account.create(), journal=sent.append)
    for _ in range(2):
        sender.send(CALL)
    assert ([one.nonce for one in sent], len(slept)) == ([7, 8], 2)
    pinned = KeySender(Chain(counting_node([7])).pinned(100), Account.create(), journal=sent.append)
    for _ in range(2):
        pinned.send(CALL)
    assert [one.nonce for one in sent[2:]] == [7, 7], "the block that was acted on"


def test_a_nonce_that_a_reorganisation_freed_is_used_again() -> None:
    slept: list[float] = []
    sent: list[Sent] = []
    node = counting_node([8, 7])
    sender = KeySender(Chain(node, sleep=slept.append), Account.create(), journal=sent.append)
    for _ in range(3):
        sender.send(CALL)
    assert [one.nonce for one in sent] == [8, 7, 7]
    assert len(slept) == 2 * (TRIES - 1)


def test_what_is_asked_of_a_state_is_asked_after_its_block() -> None:
    node = sending_node()
    sender = KeySender(Chain(node), Account.create())
    sender.chain.require(31337)
    node.asked.clear()
    sender.submit(CALL)
    assert node.asked[:3] == ["eth_getBlockByNumber", "eth_getTransactionCount", "eth_estimateGas"]


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
