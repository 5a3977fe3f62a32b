"""The standard tree: against OpenZeppelin's own package, in Node; and what is no tree.

root, proofs, dump
  for 1 to 40 shares, of any order and size -> test_is_the_tree_of_the_npm_package
loaded
  what was dumped -> test_reads_what_it_wrote
  what was changed, or is none -> test_refuses_what_is_no_tree
wrongs
  shares that are no drop's -> test_tells_what_keeps_shares_from_being_a_drop
"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from dmo.core.abi.codec import address_of, keccak
from dmo.core.merkle import Share, Tree, loaded, wrongs

ROOT = Path(__file__).resolve().parents[2]
UNIT = 10**6


def shares(count: int, seed: int = 1) -> tuple[Share, ...]:
    """Random ones, in random order."""
    dice = random.Random(seed * 1_000 + count)
    made = [
        Share(i, address_of(dice.getrandbits(160)), dice.choice([0, 1, dice.getrandbits(96)])) for i in range(count)
    ]
    dice.shuffle(made)
    return tuple(made)


def risen(leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that a proof leads to, as MerkleProof.processProof works it out."""
    for other in proof:
        leaf = keccak(min(leaf, other) + max(leaf, other))
    return leaf


def test_is_the_tree_of_the_npm_package():
    trees = [Tree(shares(count)) for count in range(1, 41)]
    order = [
        {"values": [[str(i), account, str(amount)] for i, account, amount in tree.shares], "dump": tree.dumped()}
        for tree in trees
    ]
    script = ROOT / "tests" / "support" / "standard_tree.js"
    done = subprocess.run(
        ["node", script], cwd=ROOT, input=json.dumps(order), capture_output=True, text=True, check=True
    )

    for tree, answer in zip(trees, json.loads(done.stdout), strict=True):
        assert answer["dump"] == tree.dumped()
        assert answer["loaded"] == "0x" + tree.root.hex()
        ours = [[f"0x{node.hex()}" for node in tree.proof(share)] for share in tree.shares]
        assert answer["proofs"] == ours
        assert all(risen(share.leaf, tree.proof(share)) == tree.root for share in tree.shares)


def test_reads_what_it_wrote():
    tree = Tree(shares(13))
    assert loaded(json.loads(json.dumps(tree.dumped()))) == tree


def _spoilt(change):
    dump = Tree(shares(3)).dumped()
    change(dump)
    return dump


@pytest.mark.parametrize(
    ("dump", "why"),
    [
        ([], "no standard-v1 tree of uint256, address, uint256"),
        (_spoilt(lambda d: d.update(format="standard-v2")), "no standard-v1 tree of uint256, address, uint256"),
        (_spoilt(lambda d: d.update(leafEncoding=["address", "uint256"])), "no standard-v1 tree"),
        (_spoilt(lambda d: d.update(values=[])), "it has no values"),
        (_spoilt(lambda d: d["values"].pop()), "its hashes are not those of its values"),
        (_spoilt(lambda d: d["tree"].reverse()), "its hashes are not those of its values"),
        (_spoilt(lambda d: d["values"].insert(0, {"value": ["0", 5, "1"]})), "value 0: its account is no address"),
        (_spoilt(lambda d: d["values"].insert(0, {"value": ["0"]})), "value 0 is not index, account, amount"),
        (_spoilt(lambda d: d["values"][1]["value"].__setitem__(2, "1.5")), "value 1: '1.5' is no whole number"),
        (_spoilt(lambda d: d["values"][1]["value"].__setitem__(2, True)), "value 1: True is no whole number"),
        (_spoilt(lambda d: d["values"][1]["value"].__setitem__(0, str(2**256))), "does not fit in 256 bits"),
        (_spoilt(lambda d: d["values"][1]["value"].__setitem__(0, "9" * 100)), "is no whole number"),
    ],
)
def test_refuses_what_is_no_tree(dump, why):
    with pytest.raises(ValueError, match=why):
        loaded(dump)


def test_tells_what_keeps_shares_from_being_a_drop():
    one, two = address_of(1), address_of(2)
    assert wrongs([Share(1, one, 3 * UNIT), Share(0, two, 4 * UNIT)], 7 * UNIT) == []
    assert wrongs([Share(0, one, 3), Share(0, one, 4)], 8) == [
        ("indices", {"last": 1}),
        ("twice", {"account": one}),
        ("total", {"total": 7, "amount": 8}),
    ]
