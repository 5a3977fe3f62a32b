"""What a page carries for its guard: contracts and tokens, the acts whose forms stand on it, and what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from dmo.core import abi, words
from dmo.core.act import Act, AlreadyDone
from dmo.core.errors import FAULTS, DmoError
from dmo.faces.web.guardbook import UNDERLYING, act_entry, guard_book
from dmo.home.home import Home

UNITS = ("budget", "votes", "points", "coin")
_ENDS = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def book(home: Home, acts: Iterable[str], **more: Any) -> dict[str, Any]:
    """The address book of a page for the acts whose forms stand on it."""
    head, contracts = home.snapshot.head, addresses(home)
    units = [*UNITS, *(["underlying"] if UNDERLYING in contracts else [])]
    return {
        "name": home.dmo.name,
        "chainId": hex(home.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "lang": words.spoken(),
        "contracts": contracts,
        "units": {name: [*home.unit(name)] for name in units},
        "words": {**words.load()["face"]["module"], "reason": words.word("work_reason", "document")},
        **guard_book(acts),
        **more,
    }


def addresses(home: Home) -> dict[str, str]:
    """All contracts of the deployment, its tokens among them."""
    known = {name: home.dmo.address(name) for name in home.dmo.addresses}
    wrapped = {UNDERLYING: home.token("underlying").address} if "VotesWrapper" in known else {}
    return {**known, "BudgetToken": home.dmo.budget_address, **wrapped}


def written(content: Mapping[str, Any]) -> str:
    """A book as a page carries it: nothing in it ends a script."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return "".join(_ENDS.get(letter, letter) for letter in text)


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


class _AnyText:
    """What stands for a document that nobody has written yet."""

    digest, raw, title, file = bytes(32), b"-", "", None
    front = SimpleNamespace(model_dump=dict)


def shown(asked: type[Act], home: Home, given: Mapping[str, Any]) -> dict[str, Any]:
    """What an act's form shows because its call is compared with it, from the fields that are given already.

    Nothing where it cannot be worked out: why is said where it is asked what the act would do.
    """
    entry = act_entry(asked)
    if entry is None:
        return {}
    wanted = {key: dict(_wanted(its)) for key, its in entry["arguments"].items()}
    if not any(wanted.values()) and not entry["value"]:
        return {}
    with suppress(DmoError, AlreadyDone, *FAULTS):
        fields: dict[str, Any] = {key: _AnyText() for key in asked.parameters() if asked.kind(key).like == "document"}
        # of several words any will do, as of texts
        fields |= {key: next(iter(asked.kind(key).choices), None) for key in asked.required() if key not in fields}
        fields |= {key: asked.kind(key).read(home, value) for key, value in given.items() if key not in fields or value}
        one = asked(**fields)
        return {**_of_steps(home, one, wanted), **({"cost": str(one.value(home))} if entry["value"] else {})}
    return {}


def _of_steps(home: Home, one: Act, wanted: Mapping[str, Mapping[str, tuple[str, bool]]]) -> dict[str, Any]:
    """The arguments of an act's calls that its form shows, by name; a list of those of several calls."""
    found: dict[str, Any] = {}
    for step in one.steps(home):
        entry = next((e for e in abi.load(step.call.contract) if e.selector == step.call.data[:4]), None)
        key = f"{step.call.contract}.{entry.signature}" if entry else ""
        if entry is None or not wanted.get(key):
            continue
        _, told = step.call.decoded()
        values = {its.name: plain(its, value) for its, value in zip(entry.inputs, told.values(), strict=True)}
        for path, (name, is_many) in wanted[key].items():
            value: Any = values
            for part in path.split("."):
                value = value[part]
            if is_many:
                found.setdefault(name, []).extend(value if isinstance(value, list) else [value])
            else:
                found[name] = value
    return found


def _wanted(sources: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """The arguments that are compared with what is shown: path → its name, and whether any of several may be."""
    for path, source in sources.items():
        its = source
        while isinstance(its, Mapping):
            if isinstance(its.get("shown"), str):
                yield path, (its["shown"], bool(source.get("among")))
            its = its.get("else")
