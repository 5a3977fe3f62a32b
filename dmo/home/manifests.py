"""Manifests of drops: who gets what, as a file that @openzeppelin/merkle-tree loads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from dmo.core import words
from dmo.core.digests import cid, digest
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import compact_json, read_bytes
from dmo.core.merkle import Share, Tree, loaded, wrongs
from dmo.home.holders import holders_table, read_holders

MAX_BYTES = 64 * 1024 * 1024
_MAX_AMOUNT = 2**96 - 1


@dataclass(frozen=True)
class Manifest:
    """A manifest as it was read: its exact bytes, and the tree that they hold."""

    raw: bytes
    tree: Tree

    @cached_property
    def digest(self) -> bytes:
        """sha2-256 of the exact bytes."""
        return digest(self.raw)

    @property
    def cid(self) -> str:
        """The same digest as a raw CIDv1."""
        return cid(self.digest)

    @property
    def title(self) -> str:
        """What it is called where documents have titles."""
        return words.word("drop", "title").format(count=len(self.tree.shares))

    @cached_property
    def by_account(self) -> dict[str, Share]:
        """The share of each account; the first, where one stands twice."""
        return {share.account: share for share in reversed(self.tree.shares)}

    def faults(self, amount: int | None = None, root: bytes | None = None, manifest: bytes | None = None) -> list[str]:
        """What is wrong with it, by itself and against what a drop says (amount in units of its token)."""
        said = words.load()["word"]["drop_fault"]
        known = {name: said[name] for name in ("indices", "twice", "total")}
        found = [known[name].format(**values) for name, values in wrongs(self.tree.shares, amount)]
        found += [said["root"]] if root is not None and root != self.tree.root else []
        found += [said["digest"]] if manifest is not None and manifest != self.digest else []
        return found


def made(shares: list[Share]) -> Manifest:
    """The manifest of these shares; the same bytes for the same shares, in whatever order they came.

    Raises:
        BadInput: There are none, or all together are more than a drop can hold.
    """
    tree = Tree(tuple(sorted(shares)))
    if not 0 < tree.total <= _MAX_AMOUNT:
        raise words.bad("drop_total", total=tree.total, most=_MAX_AMOUNT)
    return Manifest(compact_json(tree.dumped()).encode(), tree)


def from_table(path: Path, decimals: int) -> Manifest:
    """A manifest of a table with a row an account, and whole tokens of so many decimals; by address.

    Raises:
        BadInput: A row cannot be used, or an account stands twice.
    """
    try:
        held = sorted((account, units) for _, account, units in read_holders(holders_table(path, decimals)))
    except BadInput as error:
        raise error.at(str(path)) from None
    return made([Share(place, account, units) for place, (account, units) in enumerate(held)])


def parse(raw: bytes) -> Manifest:
    """A manifest of its exact bytes. Raises BadInput: it is none, or its hashes are not those of its shares."""
    return Manifest(raw, _tree(raw))


@lru_cache(maxsize=32)
def _tree(raw: bytes) -> Tree:
    try:
        return loaded(json.loads(raw.decode()))
    except FAULTS as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise words.bad("no_manifest", why=str(error)[:120]) from None
    except RecursionError:
        raise words.bad("no_manifest", why="") from None


def read(path: Path) -> Manifest:
    """A manifest in a file. Raises BadInput: it cannot be read, or is none."""
    try:
        return parse(read_bytes(path, MAX_BYTES))
    except FileNotFoundError as error:
        raise words.bad("unreadable", why=error.strerror).at(str(path)) from None
    except BadInput as error:
        raise error.at(str(path)) from None
