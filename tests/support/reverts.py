"""Name the error and its arguments in every revert test.

    with reverts(board, "IdeaBoardUnknownIdea", 9):
        board.idea(9)

Brownie writes a custom error as `Name: a, b` (`Name: ` when there are no arguments), addresses in
lower case. The error must be in the ABI of the given contract, its container, or an interface.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import brownie
from brownie.convert.normalize import format_input
from brownie.exceptions import VirtualMachineError  # noqa: F401  (re-exported for tests)

# Errors of Solidity itself, as Brownie words them.
PANIC_OVERFLOW = "Integer overflow"
PANIC_DIVISION = "Division or modulo by zero"


def error_text(contract: Any, name: str, *args: Any) -> str:
    """Return Brownie's text for the error `name` of `contract` with these arguments.

    Args:
        contract: A deployed contract, its container or an ABI list; or a sequence of them.
        name: The error's name.
        args: All its arguments, in order.

    Raises:
        AssertionError: No such error, or none with that many arguments.
    """
    errors = [entry for entry in _abi(contract) if entry.get("type") == "error"]
    named = [entry for entry in errors if entry["name"] == name]
    if not named:
        known = ", ".join(sorted({entry["name"] for entry in errors})) or "none"
        raise AssertionError(f"no error {name} in the ABI; known errors: {known}")
    fitting = [entry for entry in named if len(entry["inputs"]) == len(args)]
    if not fitting:
        counts = sorted({len(entry["inputs"]) for entry in named})
        raise AssertionError(f"{name} takes {counts} arguments, {len(args)} given")
    try:
        values = format_input({"name": name, "inputs": fitting[0]["inputs"]}, args)
    except (ValueError, TypeError, OverflowError) as problem:
        raise AssertionError(f"{name}: {problem}") from problem
    types = [entry["type"] for entry in fitting[0]["inputs"]]
    return f"{name}: " + ", ".join(str(_raw(v, t)) for v, t in zip(values, types, strict=True))


def reverts(contract: Any, name: str, *args: Any) -> Any:
    """Expect the enclosed call or transaction to revert with exactly this error."""
    return brownie.reverts(error_text(contract, name, *args))


def reverts_with_panic(text: str = PANIC_OVERFLOW) -> Any:
    """Expect one of Solidity's own panics, as Brownie words it."""
    return brownie.reverts(text)


def _abi(contract: Any) -> Iterable[dict[str, Any]]:
    if isinstance(contract, Sequence) and not isinstance(contract, str):
        if all(isinstance(entry, dict) for entry in contract):
            return contract
        return [entry for part in contract for entry in _abi(part)]
    return contract.abi


def _raw(value: Any, kind: str) -> Any:
    """Turn a normalised value into what the ABI decoder returns, which is what Brownie prints."""
    if kind.endswith("]"):
        inner = kind[: kind.rindex("[")]
        return tuple(_raw(item, inner) for item in value)
    if kind.startswith("tuple"):
        return tuple(value)
    if kind == "address":
        return str(value).lower()
    if kind.startswith("bytes"):
        return bytes.fromhex(str(value).removeprefix("0x"))
    if kind == "bool":
        return bool(value)
    return value if kind == "string" else int(value)
