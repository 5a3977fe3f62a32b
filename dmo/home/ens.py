"""Names of the ENS, by plain calls; names that need another server or letters beyond ASCII are not looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dmo.core.abi.codec import checksum, decode, encode, keccak
from dmo.core.chain import Chain
from dmo.core.errors import NetworkError, NodeError

CHAINS = frozenset({1, 11155111, 560048})
RESOLVER = "0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe"
"""The universal resolver, the same on every chain that has one."""
_NAME = re.compile(r"(?=.{3,255}$)(?!0x)([a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")
_ETHER = 60
"""Ethereum's coin type."""


def is_name(text: str) -> bool:
    """Whether a text can be looked up; no name that looks like an address or, in other letters, like another's can."""
    return _NAME.fullmatch(text) is not None


def _ask(chain: Chain, function: str, kinds: list[str], values: list[list[object]], gives: list[str]) -> list[object]:
    """The first value of each answer; None where there is none."""
    asked = [keccak(f"{function}({','.join(kinds)})".encode())[:4] + encode(kinds, each) for each in values]
    orders = [("eth_call", [{"to": RESOLVER, "data": "0x" + data.hex()}, chain.tag]) for data in asked]
    found: list[object] = []
    for answer in chain.transport.batch(orders):
        try:
            found.append(None if isinstance(answer, NodeError) else decode(gives, bytes.fromhex(answer[2:]))[0])
        except NetworkError:
            found.append(None)
    return found


def addresses(chain: Chain, names: Iterable[str]) -> list[str | None]:
    """The address that each name stands for."""
    orders: list[list[object]] = []
    for name in names:
        node, wire = b"\0" * 32, b""
        for label in reversed(name.encode().split(b".")):
            node, wire = keccak(node + keccak(label)), bytes([len(label)]) + label + wire
        orders.append([wire + b"\0", keccak(b"addr(bytes32)")[:4] + node])
    found = _ask(chain, "resolve", ["bytes", "bytes"], orders, ["bytes", "address"])
    words = [one[-20:] if isinstance(one, bytes) and len(one) == 32 else b"" for one in found]
    return [checksum("0x" + word.hex()) if any(word) else None for word in words]


def names(chain: Chain, accounts: Iterable[str]) -> dict[str, str]:
    """Address → name of those that have one which stands for them, as is asked once more."""
    wanted = list(dict.fromkeys(accounts))
    orders: list[list[object]] = [[bytes.fromhex(one[2:]), _ETHER] for one in wanted]
    said = _ask(chain, "reverse", ["bytes", "uint256"], orders, ["string", "address", "address"])
    claimed = [(at, name) for at, name in zip(wanted, said, strict=True) if isinstance(name, str) and is_name(name)]
    back = addresses(chain, [name for _, name in claimed])
    return {at: name for (at, name), found in zip(claimed, back, strict=True) if found == checksum(at)}
