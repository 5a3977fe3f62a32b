"""What a node tells, as records: blocks, events, receipts; and the views it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from dmo.core import abi, words
from dmo.core.abi.codec import checksum


def number(raw: Any) -> int:
    """A number as nodes write it. Raises NetworkError: it is none."""
    try:
        return int(raw, 16)
    except (TypeError, ValueError) as error:
        raise words.network("no_node_number") from error


def _int(raw: Mapping[str, Any], key: str, default: str | None = None) -> int:
    return number(raw.get(key) or default)


@dataclass(frozen=True)
class Block:
    """A block's head; timestamp in Unix seconds, base fee in wei (None where the chain knows none), gas it may hold."""

    number: int
    timestamp: int
    hash: str
    base_fee: int | None
    gas_limit: int = 30_000_000

    @classmethod
    def of(cls, raw: Any) -> Self:
        """Read a node's answer. Raises NetworkError: the node does not have the block."""
        if not isinstance(raw, dict) or not raw.get("hash"):
            raise words.network("no_block")
        base = raw.get("baseFeePerGas")
        fee = None if base is None else number(base)
        limit = _int(raw, "gasLimit", hex(cls.gas_limit))
        return cls(_int(raw, "number"), _int(raw, "timestamp"), str(raw["hash"]), fee, limit)


SHALLOW = 64
"""So many blocks may be undone without what is kept of views being asked again."""


class Stretch(NamedTuple):
    """What a view tells of an account, in units of a token: the same from one number to another."""

    who: str
    low: int
    high: int
    told: int


@dataclass(frozen=True)
class Read:
    """A view to call: ABI name, address, function, arguments."""

    contract: str
    address: str
    function: str
    arguments: tuple[Any, ...] = ()

    @property
    def data(self) -> bytes:
        """Selector and arguments."""
        return abi.encode_call(self.contract, self.function, self.arguments)


@dataclass(frozen=True)
class Event:
    """A decoded log entry: arguments by name; ``at`` is the time of its block in Unix seconds, 0 if not told."""

    name: str
    arguments: Mapping[str, Any]
    address: str
    block: int
    tx: str
    index: int
    at: int = 0

    @classmethod
    def of(cls, contract: str, raw: Mapping[str, Any]) -> Self:
        """Read a raw log entry. Raises NetworkError: it is none of the contract's events."""
        found = abi.event_of(contract, raw["topics"], raw["data"])
        if found is None:
            raise words.network("no_event", contract=contract)
        return cls(
            *found,
            checksum(raw["address"]),
            _int(raw, "blockNumber"),
            str(raw["transactionHash"]),
            _int(raw, "logIndex"),
            _int(raw, "blockTimestamp", "0x0"),
        )


@dataclass(frozen=True)
class Receipt:
    """A mined transaction; gas_price in wei."""

    hash: str
    block: int
    gas_used: int
    is_ok: bool
    gas_price: int
    contract_address: str | None
    logs: tuple[Mapping[str, Any], ...] = field(repr=False)

    @classmethod
    def of(cls, raw: Any) -> Self | None:
        """Read a node's answer; None while there is no receipt."""
        if raw is None:
            return None
        created = raw.get("contractAddress")
        return cls(
            str(raw["transactionHash"]),
            _int(raw, "blockNumber"),
            _int(raw, "gasUsed"),
            _int(raw, "status", "0x1") == 1,
            _int(raw, "effectiveGasPrice", "0x0"),
            checksum(created) if created else None,
            tuple(raw["logs"]),
        )
