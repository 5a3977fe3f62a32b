"""Calls that the page made by itself, tried; and transactions that were sent, told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING
from typing import Any

from dmo.core import abi, words
from dmo.core.abi.codec import checksum
from dmo.core.act import Act
from dmo.core.calls import Call
from dmo.core.chain import Event, Receipt
from dmo.core.engine import Done, Plan
from dmo.core.errors import FAULTS, BadInput, DmoError, NetworkError
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Value, looking
from dmo.faces.web.answers import linked, spoken
from dmo.faces.web.book import addresses
from dmo.faces.web.site import Site
from dmo.faces.web.visitor import Visitor

_TX = re.compile("0x[0-9a-fA-F]{64}")
_MOST_DATA = 32 * 1024
_MOST_BLOCKS = 5_000
"""Blocks that a node is asked about for what somebody waits for."""


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


def tried(visitor: Visitor, given: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a call that the page made itself would be refused. Raises as ``gas_of`` does."""
    return {"ok": True, "gas": gas_of(visitor, given), "block": visitor.snapshot.head.number}


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
        look = looking(visitor, {**dict(_values(visitor, asked, receipt)), **_told(visitor, asked, receipt)})
        said = words.command(asked.name)
        told |= {
            key: [as_said(line) for line in words.filled(said.get(word), look) if _SAYS.search(line)]
            for key, word, as_said in _TOLD
        }
    return told


def followed(site: Site, tx: str, act: str) -> dict[str, Any]:
    """The same as the site knows it, which looks again for what it has not seen: what came of it is looked at next."""
    visitor = site.visitor(site.moment, is_marking=False)
    found = state_of(visitor, tx, act)
    if (found["block"] or 0) > visitor.snapshot.head.number:
        found = state_of(site.visitor(site.look(), is_marking=False), tx, act)
    return found


def happened(visitor: Visitor, given: Mapping[str, Any]) -> dict[str, Any]:
    """Whether an act that others send, such as the owners of a Safe, came to be after a block; then as ``state_of``.

    Raises BadInput: it is no act, or no call of it.
    """
    asked, to, data = Act.registry.get(str(given["act"])), checksum(str(given["to"])), bytes.fromhex(given["data"][2:])
    contract = next((name for name, at in addresses(visitor).items() if checksum(at) == to), "")
    contract = contract if contract in abi.names() or not contract else "ERC20"
    if asked is None or not contract:
        raise words.bad("web_other_call", field="to")
    account = checksum(str(given["account"]))
    said = dict(
        _leaves(abi.entry(contract, abi.function_of(contract, data)).inputs, abi.decode_call(contract, data)[1])
    )
    try:
        inputs = abi.entry(contract, asked.told_by, "event").inputs
        found = _told_since(visitor, contract, to, asked.told_by, int(given["since"]))
    except (BadInput, KeyError):
        return {"ok": True, "state": "unknown", "block": None, "told": [], "next": []}
    others = [one.name for one in inputs if one.kind == "address" and one.name not in {*said, "to"}]
    for event in found:
        told = dict(_leaves(inputs, event.arguments))
        is_ours = not others or account in [told[name] for name in others]
        if is_ours and all(told[key] == said[key] for key in told if key in said):
            return {**state_of(visitor, event.tx, asked.name), "tx": event.tx}
    return {"ok": True, "state": "waiting", "block": None, "told": [], "next": []}


def _told_since(visitor: Visitor, contract: str, at: str, event: str, since: int) -> list[Event]:
    """Events above a block: from the index; those of a token, which it has not, from the node."""
    if visitor.index.address(contract) is not None:
        return [one for _, one in visitor.snapshot.news([f"{contract}.{event}"], since)]
    head = visitor.snapshot.head.number
    return visitor.chain.events(contract, at, event, from_block=max(since, head - _MOST_BLOCKS) + 1, to_block=head)


def _leaves(fields: Sequence[abi.Field], told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Arguments by name, those within structs too."""
    for one in fields:
        value = told[one.name]
        if one.members and isinstance(value, Mapping):
            yield from _leaves(one.members, value)
        elif one.members and not one.kind.endswith("]"):
            yield from _leaves(one.members, {part.name: its for part, its in zip(one.members, value, strict=True)})
        else:
            yield one.name, value


_SAYS = re.compile(r"[^\W\d_]{2}")
"""What is more than a number that stands where its sentence is missing."""
_TOLD = (("told", "done", spoken), ("next", "next", linked))


def _values(visitor: Visitor, asked: type[Act], receipt: Receipt) -> Iterator[tuple[str, Value]]:
    """What the events of an act tell, with the kinds that the act has for it."""
    for contract, event in _events(visitor, receipt):
        entry = abi.entry(contract, event.name, "event")
        if event.name == asked.told_by:
            yield from _fields(asked, event.arguments)
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


def _told(visitor: Visitor, asked: type[Act], receipt: Receipt) -> Mapping[str, Value]:
    """What the act itself tells of it, as far as it needs none of the fields that were filled in."""
    if asked.told_by not in {event.name for _, event in _events(visitor, receipt)}:
        return {}
    with suppress(DmoError, *FAULTS):
        known = {key: one.default for key, one in asked.parameters().items() if one.default is not MISSING}
        blank = asked(**{**known, **dict.fromkeys(asked.required())})
        return blank.told(visitor, Done(visitor, Plan(blank, {}, (), ()), (receipt,)))
    return {}


def _fields(asked: type[Act], told: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """The fields of an act that its event tells under the names that the call has for them."""
    parts: dict[str, dict[str, Any]] = {}
    for name, source in asked.compared.where.items():
        key, _, place = source.partition(" or ")[0].partition(".")
        if name in told and key in asked.parameters():
            parts.setdefault(key, {})[place] = told[name]
    for key, its in parts.items():
        values = [its[place] for place in sorted(its)]
        yield key, asked.kind(key)(values[0] if [*its] == [""] else tuple(values))


def _events(visitor: Visitor, receipt: Receipt) -> Iterator[tuple[str, Event]]:
    ours = {at.lower(): name for name, at in visitor.dmo.addresses.items() if name in abi.names()}
    for raw in receipt.logs:
        contract = ours.get(str(raw["address"]).lower())
        topics = bytes.fromhex("".join(topic[2:] for topic in raw["topics"]))
        if contract and abi.event_in(contract, topics, bytes.fromhex(raw["data"][2:])):
            yield contract, Event.of(contract, raw)
