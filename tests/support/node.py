"""A node that answers from a table, for tests without a chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import encode
from dmo.core.chain import Chain
from dmo.core.errors import NodeError
from dmo.home.deployment import Dmo

NAMES = (
    "AccessManager",
    "HolderToken",
    "Treasury",
    "HolderGovernor",
    "Reputation",
    "DocumentLog",
    "CampaignEscrow",
    "DisputeDesk",
    "Jury",
    "IdeaBoard",
    "Lens",
    "BudgetToken",
    "VotesWrapper",
    "NeedsBoard",
    "ContentRegistry",
    "Drops",
    "Badges",
    "Outcomes",
    "Forecasts",
    "Advisor",
)
ADDRESSES = {name: f"0x{index:040x}" for index, name in enumerate(NAMES, 0x1000)}
ALICE = "0x" + "a1" * 19 + "11"
BOB = "0x" + "b0" * 19 + "22"


def hexed(number: int) -> str:
    return hex(number)


class Node:
    """Answers eth_call by (function, arguments); other methods by a table."""

    def __init__(self) -> None:
        self.views: dict[str, Callable[..., Any]] = {}
        self.methods: dict[str, Callable[..., Any]] = {
            "eth_chainId": lambda: hexed(31337),
            "eth_getBlockByNumber": lambda tag, _: self.block(tag),
            "eth_getBalance": lambda *_: hexed(5),
            "eth_getLogs": lambda order: [],
        }
        self.now = 1_000_000
        self.head = 100
        self.asked: list[str] = []

    def block(self, tag: str) -> dict[str, str]:
        named = {"latest": self.head, "pending": self.head + 1, "finalized": max(self.head - 64, 0)}
        number = named[tag] if tag in named else int(tag, 16)
        return {
            "number": hexed(number),
            "timestamp": hexed(self.now - (self.head - number)),
            "hash": "0x" + "00" * 32,
            "baseFeePerGas": hexed(7),
        }

    def view(self, contract: str, function: str, answer: Callable[..., Any], address: str = "") -> None:
        """Answer a view; tuples for several outputs."""
        item = abi.entry(contract, function)

        def run(data: bytes) -> bytes:
            _, arguments = abi.decode_call(contract, data)
            value = answer(*arguments.values())
            if isinstance(value, bytes) and item.outputs[0].kind != "bytes32":
                return value
            values = [value] if len(item.outputs) == 1 else value
            return encode([field.kind for field in item.outputs], values)

        self.views[item.selector.hex() + (address or self.at(contract))] = run

    @staticmethod
    def at(contract: str) -> str:
        return ADDRESSES.get("BudgetToken" if contract == "ERC20" else contract, "")

    def request(self, method: str, params: Sequence[Any]) -> Any:
        self.asked.append(method)
        if method == "eth_call" and method not in self.methods:
            order = params[0]
            data = bytes.fromhex(order["data"][2:])
            return "0x" + self.views[data[:4].hex() + order["to"].lower()](data).hex()
        if method not in self.methods:
            raise NodeError(method, "the method does not exist", -32601)
        return self.methods[method](*params)

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        answers: list[Any] = []
        for method, params in requests:
            try:
                answers.append(self.request(method, params))
            except NodeError as error:
                answers.append(error)
        return answers


def tied(node: Node) -> None:
    """Has the contracts name each other, as those of a deployment do."""
    node.view("IdeaBoard", "escrow", lambda: ADDRESSES["CampaignEscrow"])
    node.view("IdeaBoard", "votesToken", lambda: ADDRESSES["HolderToken"])
    node.view("CampaignEscrow", "budgetToken", lambda: ADDRESSES["BudgetToken"])
    node.view("Lens", "board", lambda: ADDRESSES["IdeaBoard"])


def revert(error: str, *arguments: Any, contract: str = "IdeaBoard") -> NodeError:
    """What a node says when a contract refuses."""
    item = abi.entry(contract, error, "error")
    data = item.selector + encode([field.kind for field in item.inputs], arguments)
    return NodeError("eth_call", "execution reverted", 3, data)


def log(contract: str, event: str, values: dict[str, Any], block: int = 1, index: int = 0) -> Any:
    """A raw log entry."""
    item = abi.entry(contract, event, "event")
    topics = [item.selector] + [encode([f.kind], [values[f.name]]) for f in item.inputs if f.indexed]
    plain = [f for f in item.inputs if not f.indexed]
    return {
        "address": ADDRESSES.get(contract, ADDRESSES["BudgetToken"]),
        "topics": ["0x" + topic.hex() for topic in topics],
        "data": "0x" + encode([f.kind for f in plain], [values[f.name] for f in plain]).hex(),
        "blockNumber": hexed(block),
        "transactionHash": "0x" + f"{block:064x}",
        "logIndex": hexed(index),
    }


def dmo_on(node: Node) -> Dmo:
    addresses = {name: at for name, at in ADDRESSES.items() if name != "VotesWrapper"}
    return Dmo("test", 31337, addresses, 1, Chain(node))


OFFLINE = Dmo("test", 31337, dict(ADDRESSES))
