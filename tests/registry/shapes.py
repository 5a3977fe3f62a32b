"""What a JSON answer looks like: its keys, and the types of their values."""

from __future__ import annotations

import re
from typing import Any

Record = dict[str, Any]
Shape = Any


def shape(value: Any) -> Shape:
    """Keys and types of a JSON value; the items of a list are laid over each other."""
    if isinstance(value, dict):
        known: dict[str, Shape] = {}
        for key, item in value.items():
            name = _key(key)
            known[name] = _both(known[name], shape(item)) if name in known else shape(item)
        return dict(sorted(known.items()))
    if isinstance(value, list):
        items = [shape(one) for one in value]
        return [] if not items else [_all(items)]
    return _TYPES.get(type(value), "null")


_TYPES = {bool: "bool", int: "int", float: "float", str: "str"}


def _key(key: str) -> str:
    """A key that names a thing is written as its kind."""
    for pattern, kind in ((r"0x[0-9a-fA-F]{40}", "ADDRESS"), (r"\d+", "NUMBER")):
        if re.fullmatch(pattern, key):
            return kind
    return key


def _all(shapes: list[Shape]) -> Shape:
    first, *rest = shapes
    for one in rest:
        first = _both(first, one)
    return first


def _both(one: Shape, other: Shape) -> Shape:
    if one == other or other == []:
        return one
    if one == []:
        return other
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return {
            key: _both(one[key], other[key]) if key in one and key in other else one.get(key, other.get(key))
            for key in keys
        }
    if isinstance(one, list) and isinstance(other, list):
        return [_both(one[0], other[0])]
    if isinstance(one, str) and isinstance(other, str):
        return "|".join(sorted({*one.split("|"), *other.split("|")}))
    return _both(_laid_open(one), _laid_open(other))


def _laid_open(one: Shape) -> dict[str, Shape]:
    """A shape as a record: its own type without a name, its items as ``[]``."""
    if isinstance(one, list):
        return {"[]": one[0] if one else "none"}
    return one if isinstance(one, dict) else {"": one}


def paths(one: Shape, at: str = "") -> set[str]:
    """The paths of a shape with their types: ``data.calls[].to str``."""
    if isinstance(one, dict):
        inner = (paths(item, f"{at}[]" if key == "[]" else f"{at}.{key}".strip(".")) for key, item in one.items())
        return set().union(*inner) if one else {f"{at} {{}}"}
    if isinstance(one, list):
        return paths(one[0], f"{at}[]") if one else {f"{at}[] none"}
    return {f"{at} {one}"}


TRANSACTION = {"block": "int", "description": "str", "gas_used": "int", "hash": "str"}
ENVELOPE = {"chain_id": "int", "command": "str", "deployment": "str", "ok": "bool"}
TOKEN = {"address": "str", "decimals": "int", "symbol": "str"}
OFTEN: dict[str, tuple[Shape, ...]] = {"block": ("int", "null"), "tokens": ({}, {"budget": TOKEN, "votes": TOKEN})}
"""What stands around an answer where a chain was read: the forms it may take."""
FAILURE = {"code": "str", "hint": "str", "message": "str"}


def brief(whole: Shape, answer: Any) -> Record:
    """A shape without the envelope that all share; whole, where it is another."""
    if isinstance(whole, dict):
        whole = {key: item for key, item in whole.items() if item not in OFTEN.get(key, ())}
        inner = {key: item for key, item in whole.items() if key not in ENVELOPE}
        around = {key: item for key, item in whole.items() if key in ENVELOPE}
        if around == ENVELOPE and inner.keys() == {"data", "transactions"}:
            sent = inner["transactions"]
            if sent in ([], [TRANSACTION]):
                return {"data": inner["data"], "transactions": len(answer["transactions"])}
        if around in ({"ok": "bool"}, {"ok": "bool", "command": "str"}) and inner.keys() == {"error"}:
            args = inner["error"].get("args")
            if inner["error"] == {**FAILURE, "args": args}:
                return {"args": args}
    return {"keys": whole}


def values(data: Any, at: str = "data") -> dict[str, list[Any]]:
    """What stands at each path, without what is written for people or only of this run."""
    if isinstance(data, dict | list):
        items = data.items() if isinstance(data, dict) else (("", one) for one in data)
        found: dict[str, list[Any]] = {}
        for key, item in items:
            path = f"{at}.{_key(key)}" if key else f"{at}[]"
            if key == "document":  # its digest is in the calldata
                continue
            for inner, there in values(item, path).items():
                known = found.setdefault(inner, [])
                known += [one for one in there if one not in known]
        return found
    if data is None or (isinstance(data, str) and not re.fullmatch(r"[^\s/.]{1,66}", data)):
        return {}
    return {at: [data]}


def all_paths(record: Record) -> set[str]:
    """The paths of a record, with those of the envelope."""
    if "data" in record:
        sent = [TRANSACTION] if record["transactions"] else []
        return paths({**ENVELOPE, "data": record["data"], "transactions": sent})
    if "args" in record:
        return paths({"ok": "bool", "error": {**FAILURE, "args": record["args"]}})
    return paths(record.get("keys"))
