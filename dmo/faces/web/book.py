"""The address book that a page carries: chain, contracts, units, words, and what its guard compares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dmo.core import abi, words
from dmo.faces.web.guardbook import UNDERLYING, guard_book
from dmo.home.home import Home

UNITS = ("budget", "votes", "points", "coin", "underlying")
_ENDS = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "&<>\u2028\u2029"})


def book(home: Home, acts: Iterable[str], **more: Any) -> dict[str, Any]:
    """The address book that a page carries for the acts whose forms stand on it."""
    head, contracts = home.snapshot.head, addresses(home)
    return {
        "name": home.dmo.name,
        "chainId": hex(home.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "lang": words.spoken(),
        "contracts": contracts,
        "units": {name: [*home.unit(name)] for name in UNITS if name != "underlying" or UNDERLYING in contracts},
        **guard_book(acts),
        "words": {**words.load()["face"]["module"], "reason": words.word("work_reason", "document")},
        **more,
    }


def addresses(home: Home) -> dict[str, str]:
    """All contracts of the deployment, its tokens among them."""
    known = {name: home.dmo.address(name) for name in home.dmo.addresses}
    wrapped = {UNDERLYING: home.token("underlying").address} if "VotesWrapper" in known else {}
    return {**known, "BudgetToken": home.dmo.budget_address, **wrapped}


def written(content: Mapping[str, Any]) -> str:
    """A book as a page carries it: nothing in it ends a script."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, sort_keys=True).translate(_ENDS)


def plain(field: abi.Field, value: Any) -> Any:
    """An argument as the guard compares it: numbers in digits, tuples by name."""
    if field.kind.endswith("]"):
        one = abi.Field(field.name, field.kind[: field.kind.rindex("[")], members=field.members)
        return [plain(one, item) for item in value]
    if field.members:
        parts = value.values() if isinstance(value, Mapping) else value
        return {one.name: plain(one, part) for one, part in zip(field.members, parts, strict=True)}
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, bool | str) else str(int(value))
