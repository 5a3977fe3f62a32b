"""Calls that the page made by itself, tried; and transactions that were sent, told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.act import Act
from dmo.core.calls import Call
from dmo.core.chain import Event, Receipt
from dmo.core.errors import NetworkError
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Value, looking
from dmo.core.text import one_line
from dmo.faces.web.visitor import Visitor

_TX = re.compile("0x[0-9a-fA-F]{64}")
_MOST_DATA = 32 * 1024


def gas_of(visitor: Visitor, given: Mapping[str, Any]) -> int:
    """Gas of a call of one of the deployment's contracts. Raises Refused: why it cannot be; BadInput: it is none."""
    to, data = checksum(str(given["to"])), str(given["data"]).removeprefix("0x")
    contract = next((name for name, at in visitor.dmo.addresses.items() if checksum(at) == to), "")
    if not contract or len(data) > 2 * _MOST_DATA:
        raise words.bad("web_other_call", field="to")
    call = Call(to, bytes.fromhex(data), int(str(given.get("value") or "0"), 0), "", contract)
    account = checksum(str(given["account"]))
    visitor.chain.simulate(call, account)
    return visitor.chain.estimate(call, account)


def state_of(visitor: Visitor, tx: str, act: str) -> dict[str, Any]:
    """What became of a transaction, and of the act that it was part of, in words."""
    if not _TX.fullmatch(tx):
        raise words.bad("web_no_tx", field="tx")
    receipt = visitor.chain.receipt(tx)
    told: dict[str, Any] = {"ok": True, "state": "unknown", "block": None, "told": [], "next": []}
    if receipt is None:
        try:
            known = visitor.chain.transport.request("eth_getTransactionByHash", [tx])
        except NetworkError:
            known = None
        return {**told, "state": "waiting" if known else "unknown"}
    told |= {"state": "mined" if receipt.is_ok else "failed", "block": receipt.block}
    asked = Act.registry.get(act)
    if asked is not None and receipt.is_ok:
        look = looking(visitor, dict(_values(visitor, asked, receipt)))
        said = words.command(asked.name)
        told |= {
            key: [one_line(line) for line in words.filled(said.get(word), look) if _SAYS.search(line)]
            for key, word in _TOLD
        }
    return told


_SAYS = re.compile(r"[^\W\d_]{2}")
"""What is more than a number that stands where its sentence is missing."""
_TOLD = (("told", "done"), ("next", "next"))


def _values(visitor: Visitor, asked: type[Act], receipt: Receipt) -> Iterator[tuple[str, Value]]:
    """What the events of an act tell, with the kinds that the act has for it."""
    for contract, event in _events(visitor, receipt):
        entry = abi.entry(contract, event.name, "event")
        for field in entry.inputs:
            name, value = abi.snake(field.name), event.arguments[field.name]
            if name in asked.tells:
                yield name, asked.tells[name](value)
            elif name in asked.parameters() and not asked.kind(name).is_many:
                yield name, asked.kind(name)(value)
            elif field.kind == "address":
                yield name, ACCOUNT(value)
            elif field.kind in ("uint32", "uint16"):
                yield name, NUMBER(value)
            else:
                yield name, TEXT(None)


def _events(visitor: Visitor, receipt: Receipt) -> Iterator[tuple[str, Event]]:
    ours = {at.lower(): name for name, at in visitor.dmo.addresses.items() if name in abi.names()}
    for raw in receipt.logs:
        contract = ours.get(str(raw["address"]).lower())
        topics = bytes.fromhex("".join(topic[2:] for topic in raw["topics"]))
        if contract and abi.event_in(contract, topics, bytes.fromhex(raw["data"][2:])):
            yield contract, Event.of(contract, raw)
