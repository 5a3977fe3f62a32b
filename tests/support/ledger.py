"""A node whose chain is a list of blocks, and can fork; a store of its events."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dmo.core.abi.codec import checksum
from dmo.core.chain import Block, Chain
from dmo.core.errors import NodeError
from dmo.core.store import EventStore, StoredLog
from tests.support.process_node import ProcessNode

PLACES = {"IdeaBoard": "0x" + "AB" * 20, "CampaignEscrow": "0x" + "cd" * 20}
STRANGER = "0x" + "ee" * 20
BIRTH = 3


class Ledger(ProcessNode):
    """A node whose chain can fork. Counts its round trips.

    Args:
        limit: Blocks of logs that it gives at once.
        is_telling: Whether its logs carry the time of their block.
    """

    host = "node.example"

    def __init__(self, limit: int | None = None, is_telling: bool = True) -> None:
        self.limit, self.is_telling = limit, is_telling
        self.refused = 0
        self.salt = 0
        self.blocks: list[dict[str, Any]] = []
        self.span = 0
        self.before_logs: Any = None
        self.after_logs: Any = None
        self.add(1)

    def add(self, count: int = 1, logs: int = 0) -> None:
        for _ in range(count):
            number = len(self.blocks)
            parent = self.blocks[-1]["hash"] if self.blocks else ""
            seed = f"{parent}{self.salt}{number}".encode()
            found = "0x" + hashlib.sha256(seed).hexdigest()
            places = [*PLACES.values(), STRANGER]
            self.blocks.append(
                {"hash": found, "logs": [(places[i % len(places)].lower(), f"{found}{i:02x}") for i in range(logs)]}
            )

    def fork(self, depth: int) -> None:
        del self.blocks[-depth:]
        self.salt += 1

    def header(self, number: int) -> dict[str, str] | None:
        if number >= len(self.blocks):
            return None
        return {"number": hex(number), "hash": self.blocks[number]["hash"], "timestamp": hex(1_000 + 2 * number)}

    @property
    def head(self) -> Block:
        return Block.of(self.header(len(self.blocks) - 1))

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        if method == "eth_getBlockByNumber":
            last = len(self.blocks) - 1
            number = {"latest": last, "finalized": max(last - 64, 0)}.get(params[0])
            return self.header(int(params[0], 16) if number is None else number)
        assert method == "eth_getLogs"
        if self.before_logs is not None:
            run, self.before_logs = self.before_logs, None
            run()
        order = params[0]
        assert "topics" not in order
        assert sorted(order["address"]) == sorted(p.lower() for p in PLACES.values())
        low, high = int(order["fromBlock"], 16), int(order["toBlock"], 16)
        if self.limit and high - low + 1 > self.limit:
            self.refused += 1
            return NodeError(method, f"at most {self.limit} blocks at once", -32614)
        found = []
        for number in range(low, min(high + 1, len(self.blocks))):
            block = self.blocks[number]
            for index, (address, text) in enumerate(block["logs"]):
                if address in order["address"]:
                    moment = {"blockTimestamp": hex(1_000 + 2 * number)} if self.is_telling else {}
                    found.append(
                        {
                            "address": address,
                            "topics": ["0x" + "11" * 32, "0x" + "22" * 32],
                            "data": "0x" + text[2:],
                            "blockNumber": hex(number),
                            "blockHash": block["hash"],
                            "logIndex": hex(index),
                            "transactionHash": block["hash"],
                            **moment,
                        }
                    )
        if self.after_logs is not None:
            run, self.after_logs = self.after_logs, None
            run()
        return found

    @property
    def truth(self) -> list[StoredLog]:
        names = {address.lower(): (name, checksum(address.lower())) for name, address in PLACES.items()}
        return [
            StoredLog(
                *names[address], b"\x11" * 32 + b"\x22" * 32, bytes.fromhex(text[2:]),
                number, index, block["hash"], 1_000 + 2 * number,
            )
            for number, block in enumerate(self.blocks)
            for index, (address, text) in enumerate(block["logs"])
            if number >= BIRTH and address in names
        ]  # fmt: skip


def opened(folder: Path | None) -> EventStore:
    return EventStore(folder, 31337, PLACES, BIRTH)


def synced(store: EventStore, node: Ledger) -> int:
    """Brings a store to the node's head; returns the round trips that it took."""
    before = node.trips
    store.sync(Chain(node, sleep=lambda _: None), node.head)
    return node.trips - before
