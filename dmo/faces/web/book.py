"""The address book that a page carries: chain, contracts, units, words, and what its guard compares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dmo.core import words
from dmo.core.act import Act
from dmo.faces.web.forms import UNITS
from dmo.faces.web.guardbook import UNDERLYING, guard_book
from dmo.home.home import Home


def book(home: Home, acts: Iterable[type[Act]], **more: Any) -> dict[str, Any]:
    """The address book that a page carries for the acts whose forms stand on it."""
    head, contracts = home.snapshot.head, addresses(home)
    return {
        "name": home.dmo.name,
        "chainId": hex(home.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "lang": words.spoken(),
        "contracts": contracts,
        "units": {name: [*home.unit(name)] for name in UNITS if name != "underlying" or UNDERLYING in contracts},
        **guard_book(one.name for one in acts),
        "words": {**words.load()["face"]["module"], "reason": words.word("work_reason", "document")},
        **more,
    }


def addresses(home: Home) -> dict[str, str]:
    """All contracts of the deployment, the budget token among them."""
    known = {name: home.dmo.address(name) for name in home.dmo.addresses}
    wrapped = {UNDERLYING: home.token("underlying").address} if "VotesWrapper" in known else {}
    return {**known, "BudgetToken": home.dmo.budget_address, **wrapped}


def written(content: Mapping[str, Any]) -> str:
    """A book as a page carries it: nothing in it ends a script."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return (
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
