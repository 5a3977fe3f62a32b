"""A chain to read from: calls, logs, simulation, receipts."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from dmo.core import abi, explain, words
from dmo.core.abi.codec import encode
from dmo.core.calls import Call
from dmo.core.errors import NetworkError, NodeError, NotMined, Refused, WrongChain
from dmo.core.logs import Span, read_logs
from dmo.core.records import Block, Event, Read, Receipt, number
from dmo.core.rpc import HttpTransport, Request, Transport

__all__ = ["Block", "Chain", "Event", "Read", "Receipt", "raised"]

TRIES = 10
LAG = 0.5
"""Seconds until a node that lags behind is asked again."""
_QUIET = 600
"""Seconds after which the latest block is old."""
_BEHIND = re.compile(
    r"header not found|unknown block|block not found|block ?out ?of ?range|missing trie", re.IGNORECASE
)
_HEADS: list[Request] = [("eth_getBlockByNumber", ["latest", False]), ("eth_getBlockByNumber", ["pending", False])]
_log = logging.getLogger(__name__)
ZERO = "0x" + "00" * 20
GAS_LIMIT = 2**24
"""Gas that a transaction may take (EIP-7825)."""
SIZE_LIMIT = 128 * 1024
"""Bytes of a transaction that nodes pass on."""
_ENVELOPE = 512
"""Bytes of a transaction besides its data, at most."""
_TOO_LARGE = re.compile(r"out ?of ?gas|gas required exceeds|exceeds .*gas|gas limit|oversized")


def _bytes(text: Any) -> bytes:
    try:
        return bytes.fromhex(text[2:])
    except (TypeError, ValueError) as error:
        raise words.network("no_hex") from error


class Chain:
    """A node, asked with the contracts' own words.

    Attributes:
        at: Number of the block that every read is made at; None for the latest.
        at_hash: Its hash, where views are asked by that: another branch's block of this number then answers nothing.
        time: What the next block would say the time is, Unix seconds, where the latest is old: a chain without empty
            blocks stands still in its latest, and would refuse what is long possible. None as a rule.
        seen: What the latest block itself says the time is, Unix seconds; 0 before one was looked at.
        sleep: How to wait, in seconds.
        span: What is known of how many blocks of logs the node gives at once.
    """

    def __init__(
        self, transport: Transport, block: int | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.transport, self.at, self.sleep = transport, block, sleep
        self.at_hash = ""
        self.span = Span()
        self.time: int | None = None
        self.seen = 0
        self._chain_id: int | None = None

    @classmethod
    def connect(cls, url: str, chain_id: int | None = None, timeout: float = 60.0) -> Self:
        """Connect by http address; timeout in seconds. Raises NetworkError, or WrongChain: it serves another one."""
        chain = cls(HttpTransport(url, timeout))
        if chain_id is not None:
            chain.require(chain_id)
        return chain

    def pinned(self, block: int | None = None, at_hash: str = "") -> "Chain":
        """The same chain, read at one block (the latest now, unless given), by its hash where that is given."""
        at = self.block().number if block is None else block
        other = Chain(self.transport, at, sleep=self.sleep)
        other.at_hash = at_hash
        other._chain_id, other.span, other.time = self._chain_id, self.span, self.time
        return other

    def require(self, chain_id: int) -> None:
        """Raise WrongChain unless the node serves this chain."""
        if self.chain_id != chain_id:
            raise WrongChain(chain_id, self.chain_id)

    def met(self, chain_id: int, reads: Sequence[Read] = ()) -> tuple[Block, list[Any]]:
        """The latest block of a node that serves this chain, and what views answer, all asked at once.

        What is no answer of theirs stands in its place, an error. Raises WrongChain.
        """
        asked: list[Request] = [("eth_call", self.asked(self._of_view(read), "latest")) for read in reads]
        told, head, following, *answers = self.transport.batch([("eth_chainId", []), *_HEADS, *asked])
        raised([told, head], NodeError)
        self._chain_id = number(told)
        self.require(chain_id)
        return self._looked_at(Block.of(head), following), [*map(self._met, reads, answers)]

    def _met(self, read: Read, answer: Any) -> Any:
        try:
            return self._answered(read, answer)
        except NetworkError as error:
            return error

    def look(self, least: int = 0) -> Block:
        """The latest block, of this number at least, its time the next one's where it is old. Raises NetworkError."""
        for _ in range(TRIES):
            head, following = self.transport.batch(_HEADS)
            raised([head], NodeError)
            if Block.of(head).number >= least:
                return self._looked_at(Block.of(head), following)
            self.sleep(LAG)
        raise words.network("node_behind")

    def _looked_at(self, head: Block, following: Any) -> Block:
        self.seen = head.timestamp
        at = following.get("timestamp") if isinstance(following, dict) else None
        self.time = number(at) if at and number(at) - head.timestamp > _QUIET else None
        if self.time is None:
            return head
        try:
            self.transport.request("eth_call", self.asked({"to": ZERO}))
        except NodeError as error:
            _log.debug("the node cannot be asked at another time: %s", error.reason)
            self.time = None
        return replace(head, timestamp=self.time or head.timestamp)

    def asked(self, order: Mapping[str, str], tag: str = "") -> list[Any]:
        """Parameters of eth_call."""
        return [order, tag or self.state, *([{}, {"time": hex(self.time)}] if self.time and not tag else [])]

    @property
    def chain_id(self) -> int:
        """The chain's id, asked once."""
        if self._chain_id is None:
            self._chain_id = self._number("eth_chainId")
        return self._chain_id

    @property
    def tag(self) -> str:
        """The block that reads are made at, as nodes call it."""
        return "latest" if self.at is None else hex(self.at)

    @property
    def state(self) -> Any:
        """The state that views are asked of: the same block, by its hash where that is known (EIP-1898)."""
        return {"blockHash": self.at_hash} if self.at_hash else self.tag

    def _number(self, method: str, *params: Any) -> int:
        return number(self.transport.request(method, params))

    def _batch(self, requests: Sequence[Request]) -> list[Any]:
        return raised(self._answers(requests), NodeError)

    def _answers(self, requests: Sequence[Request]) -> list[Any]:
        """Answers, asked for again where one of several nodes behind an address lacks the block that is read."""
        for _ in range(TRIES):
            answers = self.transport.batch(requests) if requests else []
            late = [one for one in answers if isinstance(one, NodeError) and _BEHIND.search(one.reason)]
            if self.at is None or self.at_hash or not late:  # a block of another branch comes no more
                break
            self.sleep(LAG)
        return answers

    def block(self, number: int | None = None) -> Block:
        """A block's head; the latest (or the pinned one) unless given."""
        tag = self.tag if number is None else hex(number)
        return Block.of(self.transport.request("eth_getBlockByNumber", [tag, False]))

    def blocks(self, numbers: Iterable[int]) -> dict[int, Block]:
        """Many blocks' heads in few round trips."""
        wanted = sorted(set(numbers))
        answers = self._batch([("eth_getBlockByNumber", [hex(number), False]) for number in wanted])
        return dict(zip(wanted, map(Block.of, answers), strict=True))

    def now(self) -> int:
        """The chain's clock, Unix seconds."""
        return self.block().timestamp

    def code(self, address: str) -> bytes:
        """Code at an address; empty for accounts without."""
        return _bytes(self.transport.request("eth_getCode", [address, self.tag]))

    def balance(self, address: str) -> int:
        """Native coin of an account, in wei."""
        return self._number("eth_getBalance", address, self.tag)

    def nonce(self, address: str, *, pending: bool = True) -> int:
        """Transactions an account has sent; waiting ones included unless told otherwise."""
        return self._number("eth_getTransactionCount", address, "pending" if pending else self.tag)

    def call(self, contract: str, address: str, function: str, *arguments: Any) -> Any:
        """One value of a view, or a tuple of them; the signature names an overloaded one. Raises Refused."""
        return self.read([Read(contract, address, function, arguments)])[0]

    def read(self, reads: Sequence[Read]) -> list[Any]:
        """Call many views in few round trips. Raises Refused: a contract refused; the first one is named."""
        return raised(self.try_read(reads), Refused)

    def try_read(self, reads: Sequence[Read]) -> list[Any]:
        """Like read, but a refusal stands in its place instead of being raised."""
        answers = self._answers([("eth_call", self.asked(self._of_view(read))) for read in reads])
        return [self._answered(read, answer) for read, answer in zip(reads, answers, strict=True)]

    @staticmethod
    def _of_view(read: Read) -> dict[str, str]:
        return {"to": read.address, "data": "0x" + read.data.hex()}

    def _answered(self, read: Read, answer: Any) -> Any:
        if isinstance(answer, NodeError):
            return self.refusal(answer)
        return abi.decode_result(read.contract, read.function, _bytes(answer))

    @staticmethod
    def refusal(error: NodeError) -> Refused:
        """What a contract said, or the node's error again."""
        lowered = error.reason.lower()
        if error.data is not None or "revert" in lowered:
            data = error.data or b""
            return explain.refused(*abi.decode_revert(data), data)
        if "insufficient funds" in lowered:
            return explain.refused("InsufficientFunds", {})
        if _TOO_LARGE.search(lowered):
            return explain.refused("TransactionTooLarge", {"most_gas": GAS_LIMIT, "most_bytes": SIZE_LIMIT})
        raise error

    @staticmethod
    def too_large(call: Call, gas: int) -> Refused | None:
        """Why no block takes a call that needs so much gas; nothing as a rule."""
        if gas <= GAS_LIMIT and len(call.data) + _ENVELOPE <= SIZE_LIMIT:
            return None
        return explain.refused("TransactionTooLarge", {"most_gas": GAS_LIMIT, "most_bytes": SIZE_LIMIT})

    @staticmethod
    def order(call: Call, sender: str) -> dict[str, str]:
        """A call as eth_call and eth_estimateGas take it."""
        return {"from": sender, "to": call.to, "data": "0x" + call.data.hex(), "value": hex(call.value)}

    def simulate(self, call: Call, sender: str, block: int | None = None, gas: int | None = None) -> bytes:
        """What a call would return on top of a block (the latest), encoded. Raises Refused: the contract would."""
        order = self.order(call, sender) | ({} if gas is None else {"gas": hex(gas)})
        return _bytes(self._try("eth_call", self.asked(order, "" if block is None else hex(block))))

    def estimate(self, call: Call, sender: str) -> int:
        """Gas a call would need. Raises Refused: the contract would refuse."""
        return number(self._try("eth_estimateGas", self.estimating(call, sender)))

    def estimating(self, call: Call, sender: str) -> list[Any]:
        """Parameters of eth_estimateGas."""
        return [self.order(call, sender), *(["pending"] if self.time else [])]

    def rehearse(self, calls: Sequence[Call], sender: str) -> int | None:
        """Gas of the last of some calls, one after the other; None where the node has no eth_simulateV1.

        Raises:
            Refused: What the first one meets that would be refused.
        """
        state: dict[str, Any] = {"calls": [self.order(call, sender) for call in calls]}
        order = {"blockStateCalls": [state | ({"blockOverrides": {"time": hex(self.time)}} if self.time else {})]}
        try:
            (block,) = self.transport.request("eth_simulateV1", [order, self.tag])
        except NodeError as error:
            _log.debug("nothing is tried behind an approval: %s", error.reason)
            return None
        for one in block["calls"]:
            if not int(one["status"], 16):
                raise self.refusal(NodeError("eth_simulateV1", "revert", 3, _bytes(one["returnData"])))
        return int(block["calls"][-1]["gasUsed"], 16)

    def _try(self, method: str, params: list[Any]) -> Any:
        try:
            return self.transport.request(method, params)
        except NodeError as error:
            raise self.refusal(error) from None

    def logs(self, order: Mapping[str, Any], from_block: int, to_block: int | None = None) -> list[Any]:
        """Raw logs of blocks (to the latest or pinned one); ``order``: address and topics as eth_getLogs takes them."""
        last = to_block if to_block is not None else self.block().number
        return read_logs(self.transport, self.span, order, from_block, last)[0]

    def events(
        self,
        contract: str,
        address: str,
        event: str | Sequence[str],
        where: Mapping[str, Any] | None = None,
        *,
        from_block: int = 0,
        to_block: int | None = None,
    ) -> list[Event]:
        """Decoded events of one name or several, in the order of the chain, to the latest block unless given.

        ``where`` holds values that indexed arguments must have (of one event only); a list means any of it.
        """
        wanted = [event] if isinstance(event, str) else list(event)
        topics: list[Any] = [[abi.event_topic(contract, name) for name in wanted]]
        if where:
            indexed = [field for field in abi.entry(contract, wanted[0], "event").inputs if field.indexed]
            unknown = set(where) - {field.name for field in indexed}
            if unknown or len(wanted) > 1:
                raise words.bad("no_filter", event=wanted[0], fields=sorted(unknown) or "anything")
            for field in indexed:
                value = where.get(field.name)
                many = value if isinstance(value, list | tuple) else [value]
                topics.append(None if value is None else ["0x" + encode([field.kind], [one]).hex() for one in many])
        raws = self.logs({"address": address, "topics": topics}, from_block, to_block)
        return [Event.of(contract, raw) for raw in raws]

    def receipt(self, tx: str) -> Receipt | None:
        """A transaction's receipt; nothing while it is not mined."""
        return Receipt.of(self.transport.request("eth_getTransactionReceipt", [tx]))

    def wait(self, tx: str, confirmations: int = 1, timeout: float = 300.0) -> Receipt:
        """Wait until so many blocks hold or follow a transaction. Raises NotMined: not within so many seconds."""
        asked: list[Request] = [("eth_getTransactionReceipt", [tx]), ("eth_getBlockByNumber", ["latest", False])]
        waited, pause = 0.0, 0.02
        while True:
            raw, *head = self._batch(asked if confirmations > 1 else asked[:1])
            receipt = Receipt.of(raw)
            if receipt and (not head or Block.of(head[0]).number - receipt.block + 1 >= confirmations):
                return receipt
            if waited > timeout:
                raise NotMined(tx, timeout)
            self.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 2.0)

    def events_of(self, receipt: Receipt, contract: str, address: str, event: str) -> list[Event]:
        """The events of one kind that a transaction emitted."""
        topic = abi.event_topic(contract, event)
        ours = [raw for raw in receipt.logs if raw["address"].lower() == address.lower()]
        return [Event.of(contract, raw) for raw in ours if raw["topics"][:1] == [topic]]


def raised(answers: list[Any], error: type[Exception]) -> list[Any]:
    """The answers; the first error among them is raised."""
    for answer in answers:
        if isinstance(answer, error):
            raise answer
    return answers
