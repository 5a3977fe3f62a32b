"""A told chain on which every view answers something, so that whole commands can be run on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import encode
from dmo.core.errors import NodeError
from tests.support.chronicle import Chronicle, account
from tests.support.node import ADDRESSES

_LISTS = {"submissions", "campaigns", "bounties", "ideas"}
_NAMES = {at.lower(): name for name, at in ADDRESSES.items()}


def some(kind: str) -> Any:
    """A value of a type: one of everything, and none of lists."""
    if array := re.fullmatch(r"(.*)\[(\d*)\]", kind):
        return [some(array[1])] * int(array[2] or 0)
    if kind[0] == "(":
        return tuple(map(some, re.findall(r"\([^()]*\)(?:\[\d*\])*|[^,()]+", kind[1:-1])))
    known = {"address": account(1), "bool": True, "string": "X", "bytes": b""}
    return known[kind] if kind in known else bytes(int(kind[5:])) if kind.startswith("bytes") else 1


class Answering(Chronicle):
    """Its four lists change with what happens; all else is always the same."""

    logs_asked = 0

    def answer(self, method: str, params: Sequence[Any]) -> Any:
        simple = {"eth_getBalance": "0x1", "eth_getTransactionCount": "0x1", "eth_getCode": "0x", "eth_gasPrice": "0x1"}
        if method in simple:
            return simple[method]
        if method == "eth_simulateV1":
            return NodeError(method, "no such method", -32601)
        if method == "eth_call":
            name, data = _NAMES.get(params[0]["to"].lower(), "ERC20"), bytes.fromhex(params[0]["data"][2:])
            for contract in (name, "ERC20") if name in abi.names() else ("ERC20",):
                known = [one for one in abi.load(contract) if one.kind == "function" and one.selector == data[:4]]
                if known and known[0].name not in _LISTS:
                    outputs = [field.kind for field in known[0].outputs]
                    return "0x" + encode(outputs, [some(kind) for kind in outputs]).hex()
        self.logs_asked += method == "eth_getLogs"
        return super().answer(method, params)
