"""Let Brownie trace contracts that have immutables.

Brownie compares deployed code with the compiler's, in which immutables are still zero, finds a
difference, and drops the contract from traces and coverage. The repaired comparison masks them.
Brownie does not keep where they are, either; its map of instructions tells.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from brownie.network import contract as brownie_contract
from brownie.network.web3 import web3

# The compiler leaves an immutable as PUSH32 of zeros.
_PLACEHOLDER = re.compile("7f(0{64})")
_LIBRARY_PREFIX = "73" + "0" * 40


def places(file: Path) -> tuple[tuple[int, int], ...]:
    """Where a contract's immutables are, (start, length) in bytes, by the file that Brownie made of it."""
    instructions = json.loads(file.read_text("utf-8"))["pcMap"].items()
    return tuple((int(pc) + 1, 32) for pc, one in instructions if one["op"] == "PUSH32" and not int(one["value"], 16))


def code_matches(actual: str, expected: str) -> bool:
    """Say whether `actual` is `expected` with its immutables filled in (hex, no 0x)."""
    actual, expected = _without_metadata(actual), _without_metadata(expected)
    if len(actual) != len(expected):
        return False
    masked = list(actual)
    for found in _PLACEHOLDER.finditer(expected):
        if found.start() % 2 == 0:
            masked[found.start(1) : found.end(1)] = "0" * 64
    return "".join(masked) == expected


def _without_metadata(code: str) -> str:
    """Cut the compiler's trailing metadata, whose length stands in the last two bytes."""
    return code[: -(int(code[-4:], 16) + 2) * 2] if len(code) >= 4 else code


def repair() -> None:
    """Replace Brownie's comparison; once per process."""
    original = brownie_contract._verify_deployed_code
    if getattr(original, "masks_immutables", False):
        return

    def verify(address: str, expected_bytecode: str, language: str) -> bool:
        if original(address, expected_bytecode, language):
            return True
        expected = expected_bytecode.removeprefix("0x")
        if language != "Solidity" or "_" in expected or expected.startswith(_LIBRARY_PREFIX):
            return False
        return code_matches(web3.eth.get_code(address).hex().removeprefix("0x"), expected)

    verify.masks_immutables = True
    brownie_contract._verify_deployed_code = verify
