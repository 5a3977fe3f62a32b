"""Brownie on the local chain, without the work and the waiting that no test needs.

Of a test's time Brownie itself is the larger part: for one transaction it opens two connections,
starts two threads, asks the node ten questions (here: three), holds every word of them to its ABI
type, and takes a snapshot for `chain.undo`; for every snapshot it reads the whole call stack; of a
revert it fetches every step to find the line in the source, though the test wants only the error;
as the chain goes back, it collects all garbage, for the longer the more was loaded. Here it does
what is needed, over one connection.
The node keeps no steps, which took a third of the time of all. `--revert-tb` still sees every one,
and so does the report of a failed test; coverage sees those that count (steps.py).
"""

from __future__ import annotations

import gc
import itertools
import json
import socket
import threading
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from brownie import rpc
from brownie._config import CONFIG
from brownie.exceptions import decode_typed_error
from brownie.network import account as brownie_account
from brownie.network import contract as brownie_contract
from brownie.network import state as brownie_state
from brownie.network import transaction as brownie_transaction
from brownie.network.state import Chain
from brownie.network.web3 import web3
from brownie.test import coverage
from hexbytes import HexBytes
from web3._utils.method_formatters import ABI_REQUEST_FORMATTERS
from web3.exceptions import TransactionNotFound
from web3.types import RPCEndpoint

from tests.support import clock, steps

POLL_SECONDS = 0.002
PATIENCE_SECONDS = 300.0
TIMEOUT_SECONDS = 300
SELDOM = 200
# They ask the node for its chain id before each request, for prices and a block before each
# transaction, and look for names to be resolved.
MIDDLEWARES = ("validation", "gas_price_strategy", "ens_name_to_address")
# What each transaction asks; Brownie has resolved and checked its addresses before.
QUESTIONS = (
    *("eth_sendTransaction", "eth_getTransactionByHash", "eth_getTransactionReceipt"),
    *("eth_getTransactionCount", "eth_getCode"),
)

_receipt_type = brownie_transaction.TransactionReceipt
_await_confirmations = _receipt_type._await_confirmation
_raise_with_source = _receipt_type._raise_if_reverted


class Wire:
    """One kept connection to the node, for all threads; a request is one packet."""

    def __init__(self, uri: str) -> None:
        node = urlsplit(uri)
        self._address = node.hostname or "", node.port or 80
        self._head = f"POST / HTTP/1.1\r\nHost: {node.netloc}\r\nContent-Type: application/json\r\nContent-Length: "
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def post(self, _method: str, body: bytes) -> bytes:
        """Send a JSON-RPC request and return the answer's body."""
        with self._lock:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, TIMEOUT_SECONDS)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._answers = self._socket.makefile("rb")
            try:
                self._socket.sendall(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
                status = self._answers.readline().split(maxsplit=2)
                length = 0
                while (line := self._answers.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                answer = self._answers.read(length)
            except BaseException:
                self._socket.close()
                self._socket = None
                raise
        if status[1:2] != [b"200"]:
            raise ConnectionError(f"the node answers {status}: {answer[:200]!r}")
        return answer


class Ahead:
    """Asks, after a transaction was sent, for all that Brownie is about to ask of it, at once.

    Args:
        wire: To the node.
        ask: How to ask for all else.
    """

    METHODS = ("eth_getTransactionByHash", "eth_getTransactionReceipt")

    def __init__(self, wire: Wire, ask: Any) -> None:
        self._wire, self._ask = wire, ask
        self._known: dict[tuple[str, str], Any] = {}

    def look(self, txid: str) -> None:
        questions = [
            {"jsonrpc": "2.0", "id": place, "method": method, "params": [txid]}
            for place, method in enumerate(self.METHODS)
        ]
        answers = json.loads(self._wire.post("", json.dumps(questions).encode()))
        # What is still to come is asked for again.
        self._known = {(self.METHODS[one["id"]], txid): one for one in answers if one.get("result")}

    def __call__(self, method: str, parameters: Any) -> Any:
        known = self._known.pop((method, parameters[0]), None) if method in self.METHODS and parameters else None
        return known or self._ask(method, parameters)


class Source:
    """The lines a revert came from, looked up when somebody reads them."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def __str__(self) -> str:
        return str(self._tx._error_string(1))


class _Confirming(threading.Thread):
    """Waits for a transaction's block: at once, unless the transaction shall not be waited for."""

    def __init__(self, target: Any, args: tuple[int | None, int], daemon: bool) -> None:
        super().__init__(target=target, args=args, daemon=daemon)
        self._required_confs = args[1]

    def start(self) -> None:
        if self._required_confs:
            self.run()
        else:
            super().start()

    def join(self, timeout: float | None = None) -> None:
        if not self._required_confs:
            super().join(timeout)


class _Doing(threading.Thread):
    """Adds what was deployed; for `chain.undo`, which no test asks for, there is nothing to do."""

    def __init__(self, target: Any, args: tuple[Any, ...], daemon: bool) -> None:
        super().__init__(target=target, args=args, daemon=daemon)
        self._is_undo = target.__name__ == "_add_to_undo_buffer"

    def start(self) -> None:
        if not self._is_undo:
            super().start()


_goings_back = itertools.count(1)


def _collect_seldom() -> None:
    """Brownie asks for a whole collection whenever the chain goes back: a tenth of a second after every test, and more.

    What is in circles holds files open until it is collected, so that it may not be too much.
    """
    if next(_goings_back) % SELDOM == 0:
        gc.collect()


def repair() -> None:
    """Replace Brownie's ways; once per process."""
    brownie_account.threading = SimpleNamespace(Thread=_Doing, Lock=threading.Lock)
    brownie_transaction.threading = SimpleNamespace(Thread=_Confirming, Event=threading.Event)
    for module in (brownie_account, brownie_transaction):
        module.print = lambda *_, **__: None  # of each transaction, before a failed test's reason
        module.time = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(POLL_SECONDS))
    _receipt_type._await_confirmation = _await_confirmation
    _receipt_type._raise_if_reverted = _raise_if_reverted
    _receipt_type.return_value = property(_return_value)
    brownie_state.gc = SimpleNamespace(collect=_collect_seldom)
    type(rpc).snapshot = lambda self: self.backend.snapshot()
    type(rpc).revert = lambda self, snapshot: self.backend.revert(snapshot)
    brownie_contract.ContractContainer._revert = _forget_reverted


def connect() -> None:
    """Talk to the chain, which must run, over one connection."""
    wire = Wire(web3.provider.endpoint_uri)
    web3.provider._make_request = wire.post
    ahead = web3.provider.make_request = Ahead(wire, steps.told(web3.provider.make_request))
    web3.eth.call = _view
    transact = brownie_account.Account._transact

    def send(self: Any, tx: dict[str, Any], allow_revert: Any) -> Any:
        txid = transact(self, tx, allow_revert)
        ahead.look("0x" + txid.hex().removeprefix("0x"))
        return txid

    brownie_account.Account._transact = send
    for name in MIDDLEWARES:
        web3.middleware_onion.remove(name)
    for name in QUESTIONS:
        ABI_REQUEST_FORMATTERS[RPCEndpoint(name)] = _plain
    go_back = rpc.backend.revert

    def revert(snapshot: int | str) -> None:
        # A transaction stays in the pool for a moment after its block; where the chain has gone
        # back by then, it is good again, and the node would put it into the next block.
        web3.provider.make_request("anvil_dropAllTransactions", [])
        clock.forget()
        go_back(snapshot)

    rpc.backend.revert = revert
    CONFIG.active_network["settings"]["gas_limit"] = Chain().block_gas_limit


def _plain(parameters: Sequence[Any]) -> list[Any]:
    """Hashes as the node writes them."""
    return ["0x" + bytes(one).hex() if isinstance(one, bytes) else one for one in parameters]


def _view(order: dict[str, Any], block: Any = None, override: Any = None) -> HexBytes:
    """What a view answers; the order is as Brownie puts it."""
    place = hex(block) if isinstance(block, int) else block or "latest"
    plain = {name: hex(value) if isinstance(value, int) else value for name, value in order.items()}
    answer = web3.provider.make_request("eth_call", [plain, place, *([override] if override else [])])
    if "error" in answer:
        raise ValueError(answer["error"])
    return HexBytes(answer["result"])


def _await_confirmation(self: Any, block_number: int | None = None, required_confs: int = 1) -> None:
    if required_confs != 1:
        _await_confirmations(self, block_number, required_confs)
        return
    self._set_from_receipt(_receipt(self.txid))
    try:
        if CONFIG.argv["coverage"] and not coverage._check_cached(self.coverage_hash):
            steps.record(self)
        if self.status == 0 and not _wants_steps() and len(data := _output(self)) > len("0x"):
            self._revert_msg = decode_typed_error(data)
    finally:
        self._confirmed.set()


def _receipt(txid: str) -> Any:
    """The receipt, once the node has filed the block."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            receipt = web3.eth.get_transaction_receipt(txid)
            if receipt["blockHash"] is not None:
                return receipt
        except TransactionNotFound:
            pass
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"no block with transaction {txid} in {PATIENCE_SECONDS:.0f} seconds")


def _wants_steps() -> bool:
    return bool(CONFIG.argv["revert"])


def _output(tx: Any) -> str:
    """What the transaction's outermost call gave back, as hex."""
    order = [tx.txid, {"tracer": "callTracer", "tracerConfig": {"onlyTopCall": True}}]
    answer = web3.provider.make_request("debug_traceTransaction", order)
    return str(answer["result"].get("output", "0x"))


def _return_value(self: Any) -> Any:
    if self.status == 1 and self._return_value is None:
        self._confirmed_return_value(_output(self))
    return self._return_value


def _raise_if_reverted(self: Any, problem: Any) -> None:
    __tracebackhide__ = True
    if self.status or self._revert_msg is None or _wants_steps():
        _raise_with_source(self, problem)
        return
    raise problem._with_attr(source=Source(self), revert_msg=self._revert_msg)


def _forget_reverted(self: Any, height: int) -> None:
    for contract in [one for one in self._contracts if _is_gone(one, height)]:
        self.remove(contract)
        contract._reverted = True


def _is_gone(contract: Any, height: int) -> bool:
    if contract.tx is not None and contract.tx.block_number is not None:
        return bool(contract.tx.block_number > height)
    return not web3.eth.get_code(contract.address)
