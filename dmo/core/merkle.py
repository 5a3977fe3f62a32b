"""OpenZeppelin's standard Merkle tree over (uint256 index, address account, uint256 amount).

The files are those that the npm package @openzeppelin/merkle-tree dumps and loads ("standard-v1");
roots and proofs are those that its Solidity MerkleProof verifies. A leaf is hashed twice, so that no
inner node can pass for one; the two children of a node are sorted before they are hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from dmo.core.abi.codec import checksum, keccak

FORMAT = "standard-v1"
ENCODING = ["uint256", "address", "uint256"]
WORD = 32


class Share(NamedTuple):
    """Who gets what: place from 0, account in its checksummed form, amount in the smallest unit."""

    index: int  # type: ignore[assignment]  # of tuple.index nobody here makes use
    account: str
    amount: int

    @property
    def leaf(self) -> bytes:
        """keccak256(keccak256(abi.encode(index, account, amount)))."""
        account = bytes.fromhex(self.account[2:]).rjust(WORD, b"\0")
        return keccak(keccak(self.index.to_bytes(WORD, "big") + account + self.amount.to_bytes(WORD, "big")))


def _joined(one: bytes, other: bytes) -> bytes:
    return keccak(min(one, other) + max(one, other))


@dataclass(frozen=True)
class Tree:
    """A tree over shares; their order makes no difference to the root.

    Attributes:
        shares: All of them, at least one.
    """

    shares: tuple[Share, ...]

    @cached_property
    def _order(self) -> list[int]:
        """Places of the shares, by their leaf."""
        return sorted(range(len(self.shares)), key=lambda place: self.shares[place].leaf)

    @cached_property
    def _nodes(self) -> list[bytes]:
        """The root first; the children of node i are 2i + 1 and 2i + 2, the leaves stand last."""
        count = len(self.shares)
        nodes = [b""] * (2 * count - 1)
        for place, share in enumerate(self._order):
            nodes[-1 - place] = self.shares[share].leaf
        for i in range(count - 2, -1, -1):
            nodes[i] = _joined(nodes[2 * i + 1], nodes[2 * i + 2])
        return nodes

    @cached_property
    def _at(self) -> dict[Share, int]:
        """The node of each share."""
        return {self.shares[share]: 2 * len(self.shares) - 2 - place for place, share in enumerate(self._order)}

    @property
    def root(self) -> bytes:
        """What the chain knows of it."""
        return self._nodes[0]

    @property
    def total(self) -> int:
        """All amounts together."""
        return sum(share.amount for share in self.shares)

    def proof(self, share: Share) -> list[bytes]:
        """The hashes that lead from a share's leaf up to the root."""
        node, found = self._at[share], []
        while node:
            found.append(self._nodes[node + 1 if node % 2 else node - 1])
            node = (node - 1) // 2
        return found

    def dumped(self) -> dict[str, Any]:
        """What the npm package's `dump` writes, amounts as decimal strings."""
        values = [
            {"value": [str(share.index), share.account, str(share.amount)], "treeIndex": self._at[share]}
            for share in self.shares
        ]
        tree = ["0x" + node.hex() for node in self._nodes]
        return {"format": FORMAT, "leafEncoding": ENCODING, "tree": tree, "values": values}


def loaded(dump: Any) -> Tree:
    """The tree of a dump; its hashes are worked out anew, and have to be those that it names.

    Raises:
        ValueError: It is no such dump, or one of its numbers, accounts or hashes is wrong; the message says which.
    """
    if not isinstance(dump, dict) or dump.get("format") != FORMAT or dump.get("leafEncoding") != ENCODING:
        raise ValueError(f"no {FORMAT} tree of {', '.join(ENCODING)}")
    values = dump.get("values")
    if not isinstance(values, list) or not values:
        raise ValueError("it has no values")
    tree = Tree(tuple(_share(place, one) for place, one in enumerate(values)))
    if dump.get("tree") != tree.dumped()["tree"]:
        raise ValueError("its hashes are not those of its values")
    return tree


def _share(place: int, one: Any) -> Share:
    value = one.get("value") if isinstance(one, dict) else None
    if not isinstance(value, list) or len(value) != len(ENCODING):
        raise ValueError(f"value {place} is not index, account, amount")
    index, account, amount = value
    if not isinstance(account, str):
        raise ValueError(f"value {place}: its account is no address")
    try:
        return Share(_number(index), checksum(account), _number(amount))
    except ValueError as error:
        raise ValueError(f"value {place}: {error}") from None


def _number(text: Any) -> int:
    is_number = isinstance(text, int) and not isinstance(text, bool)
    if not is_number and not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 79):
        raise ValueError(f"{text!r} is no whole number")
    number = int(text)
    if not 0 <= number < 2**256:
        raise ValueError(f"{text} does not fit in 256 bits")
    return number


def wrongs(shares: Iterable[Share], amount: int | None = None) -> list[tuple[str, dict[str, object]]]:
    """What keeps shares from being a drop's: indices are 0 to n - 1, no account stands twice, and all is paid for.

    By name (``indices``, ``twice``, ``total``), with what is said of it; without an amount the last is not asked.
    """
    shares = list(shares)
    found: list[tuple[str, dict[str, object]]] = []
    if sorted(share.index for share in shares) != list(range(len(shares))):
        found.append(("indices", {"last": len(shares) - 1}))
    seen: set[str] = set()
    for share in shares:
        if share.account in seen:
            found.append(("twice", {"account": share.account}))
        seen.add(share.account)
    total = sum(share.amount for share in shares)
    if amount is not None and total != amount:
        found.append(("total", {"total": total, "amount": amount}))
    return found
