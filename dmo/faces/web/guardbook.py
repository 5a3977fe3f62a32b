"""The guard book: which calls each act may make of a wallet, and what every argument is compared with.

The page's guard (static/guard.js) reads it. It is worked out of the acts alone: their fields and
what they say of arguments that are no fields (``dmo.core.compared``). An act whose arguments nobody can
compare is not in it, and the guard lets nothing of it through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from dmo.capabilities.documents import DocumentAct, Publish
from dmo.core import abi
from dmo.core.abi import AbiEntry, Field
from dmo.core.act import Act
from dmo.home.deployment import VOTES_TOKENS

Source = dict[str, Any]
UNDERLYING = "UnderlyingToken"
"""What the deployment's book calls nothing: the token that votes are wrapped around."""
_TOKENS = {"budget": "BudgetToken", "underlying": UNDERLYING}
ABIS = {**dict.fromkeys(_TOKENS.values(), "ERC20"), VOTES_TOKENS[-1]: VOTES_TOKENS[0]}
"""Contracts that have their ABI under another name."""
PUBLISH = "DocumentLog", "publish"
_AS = {"time": "number", "proposal": "number", "digest": "text"}
"""Kinds that a page writes as another: moments in Unix seconds, proposals by their number, digests in hexadecimal."""


class Uncomparable(Exception):
    """An argument that the page cannot compare with anything."""


def guard_book(names: Iterable[str]) -> dict[str, Any]:
    """What the guard has to know of these acts: ``acts`` and the ``functions`` that they call; JSON-ready."""
    acts = {name: entry for name in names if (entry := act_entry(Act.registry[name]))}
    functions: dict[str, dict[str, Any]] = {}
    approvals = {key for entry in acts.values() if (key := entry["spends"])}
    calls = [*(key for entry in acts.values() for key in entry["calls"])]
    calls += [f"{token}.approve(address,uint256)" for token in approvals]
    for key in sorted(calls):
        contract, _, signature = key.partition(".")
        known = abi.entry(ABIS.get(contract, contract), signature)
        functions.setdefault(contract, {})["0x" + known.selector.hex()] = _described(known)
    return {"acts": acts, "functions": functions}


def act_entry(act: type[Act]) -> dict[str, Any] | None:
    """An act's part of the book; nothing where an argument has nothing to be compared with."""
    try:
        calls = dict(_calls(act))
    except Uncomparable:
        return None
    if not calls:
        return None
    main = next(iter(calls))
    amount = calls[main].get("amount") or calls[main].get("value")
    if act.compared.taken:
        amount = _source(act, act.compared.taken, "uint256")
    is_spending = bool(act.pays) or act.bond is not Act.bond
    is_payable = abi.entry(act.call[0], main.partition(".")[2]).mutability == "payable"
    return {
        "calls": [*calls],
        "arguments": calls,
        "main": [key for key in calls if key == main or not key.startswith(PUBLISH[0])],
        "many": act.is_divisible or (act.steps is not Act.steps and not issubclass(act, DocumentAct)),
        "unsaid": [*act.compared.unsaid],
        "spends": _TOKENS[act.token] if is_spending else None,
        "spender": (act.spender or act.call[0]) if is_spending else None,
        "amount": amount if is_spending else None,
        "value": {"shown": "cost"} if is_payable and act.value is not Act.value else None,
    }


def shown_of(name: str) -> list[str]:
    """What the form of an act has to show as data, because its call is compared with it; sorted."""
    entry = act_entry(Act.registry[name]) or {}
    return sorted({one for key in ("arguments", "value", "amount") for one in _shown(entry.get(key))})


def _shown(source: Any) -> Iterator[str]:
    if isinstance(source, Mapping):
        if isinstance(source.get("shown"), str):
            yield source["shown"]
        for part in source.values():
            yield from _shown(part)


def _calls(act: type[Act]) -> Iterator[tuple[str, dict[str, Source]]]:
    """Every call that an act may make, and the source of each of its arguments."""
    contract, function = act.call
    contracts = [contract]
    if contract in VOTES_TOKENS and act.target is not Act.target:  # whichever the votes token is
        contracts = [*VOTES_TOKENS]
    for at in contracts if contract else ():
        for name in (function, *act.compared.also):
            known = abi.entry(contract, name)
            yield f"{at}.{known.signature}", dict(_arguments(act, known))
    if issubclass(act, DocumentAct) and act is not Publish:
        bound = next(key for key in act.parameters() if act.kind(key).like == "document")
        yield f"{PUBLISH[0]}.{abi.entry(*PUBLISH).signature}", {"text": {"document": bound}}


def _arguments(act: type[Act], known: AbiEntry) -> Iterator[tuple[str, Source]]:
    fields = [*act.parameters()]
    is_plain = act.arguments in (Act.arguments, DocumentAct.arguments) and not act.compared.where
    if is_plain and len(fields) != len(known.inputs):
        raise Uncomparable
    for place, (path, one) in enumerate(_leaves(known.inputs)):
        own = act.compared.where.get(path) or (fields[place] if is_plain else abi.snake(path))
        yield path, _source(act, own, one.kind)


def _leaves(inputs: Sequence[Field], at: str = "") -> Iterator[tuple[str, Field]]:
    """Arguments, those within structs with dots; a list is one."""
    for one in inputs:
        if one.members and not one.kind.endswith("]"):
            yield from _leaves(one.members, f"{at}{one.name}.")
        else:
            yield at + one.name, one


def _source(act: type[Act], told: str, kind: str) -> Source:
    """Where an argument stands: ``told`` as ``Compared`` has it, ``kind`` its ABI type."""
    first, _, rest = told.partition(" or ")
    found = _one(act, first.strip(), kind)
    return {**found, "else": _source(act, rest, kind)} if rest else found


def _one(act: type[Act], told: str, kind: str) -> Source:
    how, _, what = told.partition(" ")
    if how == "among":
        return {**_one(act, what, kind), "among": True}
    if " + " in told:
        field, _, first = told.partition(" + ")
        return _field(act, field, kind, int(first))
    if how == "hash":
        return {"hash": _one(act, what, kind)}
    if told == "me":
        return {"me": True}
    if told == "commitment":
        return {"commitment": _field(act, "ruling", "uint256", 1)}
    if told[:1].isdigit():
        return {"is": "0x" + 40 * "0" if kind == "address" else told}
    name, _, part = told.partition(".")
    if name == "shown":
        return {"shown": part}
    if name not in act.parameters():
        raise Uncomparable(told)
    found = _field(act, name, kind)
    return {**found, "part": int(part) if part.isdigit() else part} if part else found


def _field(act: type[Act], name: str, kind: str, first: int = 0) -> Source:
    """A field, read as its kind is written; ``first`` is the number of the first of its words."""
    its = act.kind(name)
    if its.like == "document":
        return {"document": name}
    if not its.like:
        raise Uncomparable(name)
    found: Source = {"field": name, "kind": _AS.get(its.like, its.like)}
    if its.token:
        found["unit"] = its.token
    if its.like == "choice":
        found["words"] = {
            one: one == "yes" if kind == "bool" else place
            for place, one in zip(its.numbers or count(first), its.choices, strict=False)
        }
        found["words"] = {one: str(value).lower() for one, value in found["words"].items()}
    if its.like == "terms":
        found["words"] = {one: str(1 << place) for place, one in enumerate(its.choices)}
    default = act.parameters()[name].default
    if isinstance(default, bool | int | str):
        found["else"] = {"is": str(default).lower() if isinstance(default, bool) else str(default)}
    elif default == ():
        found["else"] = {"is": []}
    return found


def _described(known: AbiEntry) -> dict[str, Any]:
    return {"name": known.name, "inputs": [_input(one) for one in known.inputs]}


def _input(one: Field) -> dict[str, Any]:
    if not one.members:
        return {"name": one.name, "type": one.kind}
    suffix = one.kind[one.kind.rindex(")") + 1 :]
    return {"name": one.name, "type": f"tuple{suffix}", "components": [_input(part) for part in one.members]}
