"""What the page's guard needs to know: contracts, functions, and where each argument of an act comes from.

The module decodes whatever a server answers and compares it with what stands in the form. This says, for every
argument of the calls that an act makes, which field it must equal. What no field says is ``told``: shown before a
wallet is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dmo.core import abi, words
from dmo.core.abi import AbiEntry, Field
from dmo.core.act import Act
from dmo.core.kinds import Kind
from dmo.faces.web.forms import UNITS, kind_of, unit_of
from dmo.home.deployment import VOTES_TOKENS
from dmo.home.home import Home

UNDERLYING = "UnderlyingToken"
"""What the deployment's book calls nothing: the token that votes are wrapped around."""
_ZERO = "0x" + "00" * 20
_TOLD: dict[str, Any] = {"told": True}
_UNREAD = ("word", "file", "texts", "salt")
"""What only the server reads."""


def leaves(inputs: Iterable[Field], before: str = "") -> Iterator[tuple[str, Field]]:
    """The arguments of a function, those of its tuples among them, by their paths; lists are whole."""
    for one in inputs:
        path = f"{before}{one.name}"
        if one.members and not one.kind.endswith("]"):
            yield from leaves(one.members, f"{path}.")
        else:
            yield path, one


def described(inputs: Iterable[Field]) -> list[dict[str, Any]]:
    """Parameters as the module decodes them."""
    found = []
    for one in inputs:
        kind = f"tuple{one.kind[one.kind.rindex(')') + 1 :]}" if one.members else one.kind
        more = {"components": described(one.members)} if one.members else {}
        found.append({"name": one.name, "type": kind, **more})
    return found


def _plain_name(name: str) -> str:
    """An argument's name as fields have it."""
    found = abi.snake(name).removeprefix("new_").removeprefix("is_")
    return found.removesuffix("_bps").removesuffix("_seconds")


def _source(asked: type[Act], key: str, home: Home, **more: Any) -> dict[str, Any]:
    kind: Kind = asked.kind(key)
    unit = unit_of(home, kind)
    return {"field": key, "kind": kind_of(kind), **({"unit": unit} if unit else {}), **more}


def _spelled(asked: type[Act]) -> dict[str, str]:
    """The fields by the names that arguments may have."""
    known = asked.parameters()
    return {
        **{_plain_name(key): key for key in known},
        **{one.metadata.get("flag") or key: key for key, one in known.items()},
    }


def sources(asked: type[Act], entry: AbiEntry, home: Home) -> dict[str, dict[str, Any]]:
    """Where the arguments of an act's own call come from, by path."""
    known, found, spelled = asked.parameters(), {}, _spelled(asked)
    paths = list(leaves(entry.inputs))
    paper = next((key for key in known if kind_of(asked.kind(key)) == "document"), "")
    is_plain = asked.arguments is Act.arguments and asked.steps is Act.steps
    in_order = is_plain and len(paths) == len(known) == len(entry.inputs)
    # A document's digest is the last that a call takes; one before is of what the document is about.
    digest = (
        next((path for path, one in reversed(paths) if one.kind == "bytes32"), "") if hasattr(asked, "document") else ""
    )
    for place, (path, one) in enumerate(paths):
        name = path.rpartition(".")[2]
        said, _, usual = asked.says.get(name, "").partition("=")
        key = said or ([*known][place] if in_order else spelled.get(_plain_name(name)) or spelled.get(name, ""))
        if paper and path == digest:
            found[path] = {"document": paper}
        elif one.kind == "bytes" and paper and not digest:
            found[path] = {"text": paper}
        elif key in known and kind_of(asked.kind(key)) == "prose":
            found[path] = {"proposal": key}
        elif key in known and kind_of(asked.kind(key)) in _UNREAD:
            found[path] = _TOLD
        elif key in known:
            found[path] = _source(asked, key, home, **_usual(asked, key, one, usual))
        else:
            found[path] = _part(asked, name, one, home)
    return found


def _usual(asked: type[Act], key: str, one: Field, usual: str) -> dict[str, Any]:
    """What an empty field means, where that is the same for everybody."""
    kind, default = asked.kind(key), asked.parameters()[key].default
    if usual:
        return {"usual": _ZERO if one.kind == "address" and usual == "0" else usual}
    if kind_of(kind) == "choices":
        return {"part": {"inFavour": "for"}.get(one.name, one.name)}
    if kind_of(kind) == "flag":
        return {"usual": "false"}
    return {"usual": str(default)} if type(default) is int and one.kind.startswith("uint") else {}


def _part(asked: type[Act], name: str, one: Field, home: Home) -> dict[str, Any]:
    """An argument that is a part of a field, or nobody's."""
    spelled = abi.snake(name)
    for key in asked.parameters():
        told = kind_of(asked.kind(key))
        if told == "reference" and spelled in ("round", "number") and key in asked.required():
            return _source(asked, key, home, part=("round", "number").index(spelled))
        if told == "reference" and spelled in (f"{key}_round", f"{key}_number"):
            return _source(asked, key, home, part=int(spelled.endswith("number")))
        if told == "choices" and name in ("round", "inFavour", "against"):
            return _source(asked, key, home, part={"inFavour": "for"}.get(name, name))
    if one.kind == "address" and name == "account":
        return {"me": True}
    return _TOLD


def _functions(asked: type[Act]) -> list[AbiEntry]:
    """The functions that an act calls: its own, and others that it may choose instead."""
    contract, function = asked.call
    named = [one for one in asked.function.__code__.co_consts if isinstance(one, str)]
    known = {one.name for one in abi.load(contract)} if contract else set()
    wanted = [function, *(name for name in named if name in known)] if contract else []
    return [abi.entry(contract, name) for name in dict.fromkeys(wanted)]


def _called(contract: str, home: Home) -> str:
    """A contract as this deployment's address book calls it."""
    is_votes = contract in VOTES_TOKENS and contract not in home.dmo.addresses
    return next((name for name in VOTES_TOKENS if name in home.dmo.addresses), contract) if is_votes else contract


def act_entry(asked: type[Act], home: Home) -> tuple[dict[str, Any], list[tuple[str, AbiEntry]]]:
    """What an act may send, and the functions that it calls, by contract."""
    contract = _called(asked.call[0], home)
    called = [(contract, one) for one in _functions(asked)]
    arguments = {f"{contract}.{one.signature}": sources(asked, one, home) for _, one in called}
    if getattr(asked, "has_document", False):
        log = abi.entry("DocumentLog", "publish")
        paper = next((key for key in asked.parameters() if kind_of(asked.kind(key)) == "document"), "")
        called.append(("DocumentLog", log))
        arguments[f"DocumentLog.{log.signature}"] = {log.inputs[0].name: {"text": paper}}
    spends = bool(asked.pays) or asked.bond is not Act.bond
    tokens = {"budget": "BudgetToken", "underlying": UNDERLYING}
    token = tokens.get(asked.token) or _called(VOTES_TOKENS[0], home)
    return {
        "calls": [f"{name}.{one.signature}" for name, one in called],
        "spends": token if spends else None,
        "spender": (asked.spender or contract) if spends else None,
        "pays": asked.value is not Act.value,
        "arguments": arguments,
    }, called


def book(home: Home, acts: Iterable[type[Act]], **more: Any) -> dict[str, Any]:
    """The address book that a page carries for the acts whose forms stand on it."""
    functions: dict[str, dict[str, Any]] = {}
    told = {}
    for asked in acts:
        entry, called = act_entry(asked, home)
        told[asked.name] = entry
        for contract, one in called:
            functions.setdefault(contract, {})[f"0x{one.selector.hex()}"] = {
                "name": one.name,
                "inputs": described(one.inputs),
            }
        if entry["spends"]:
            one = abi.entry("ERC20", "approve")
            functions.setdefault("ERC20", {})[f"0x{one.selector.hex()}"] = {
                "name": one.name,
                "inputs": described(one.inputs),
            }
    head, contracts = home.snapshot.head, addresses(home)
    return {
        "name": home.dmo.name,
        "chainId": hex(home.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "lang": words.spoken(),
        "contracts": contracts,
        "units": {name: [*home.unit(name)] for name in UNITS if name != "underlying" or UNDERLYING in contracts},
        "functions": functions,
        "acts": told,
        "words": dict(words.load()["face"]["module"]),
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
