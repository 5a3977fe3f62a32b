"""Honest answers of a server for every act, and lies: one for each argument, and the usual tricks.

What is honest is worked out here in Python, from the guard book's sources and dmo's own readers; the
page's guard has to come to the same by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from dmo.capabilities import registry
from dmo.core import abi, units
from dmo.core.abi.codec import checksum, encode, keccak
from dmo.core.act import Act
from dmo.faces.web import guardbook
from dmo.faces.web.guardbook import ABIS
from tests.support.node import ADDRESSES

ME = "0x" + "ab" * 20
THIEF = "0x" + "66" * 20
TEXT = "---\nkind: evidence\ntitle: What was done\n---\n\nFixed the roof – twice.\n"
SALT = "0x" + "5a" * 32
CONTRACTS = {**ADDRESSES, "UnderlyingToken": "0x" + "0e" * 20, "VotesToken": "0x" + "0f" * 20}
UNITS = {"budget": [6, "PLAY"], "votes": [18, "HRB"], "underlying": [18, "OLD"]}
BLOCK = {"number": 12, "time": 1_790_000_000}
DOMAIN = {"name": "IdeaBoard", "version": "1"}
PAYEES = ["0x" + "11" * 20 + ":60%", "0x" + "22" * 20 + ":4000bps"]
WRITTEN: dict[str, Any] = {
    **{"number": "7", "share": "12.5%", "duration": "1d 12h", "time": "1790000000", "account": "0x" + "c0" * 20},
    **{"ppm": "62.5%", "disputed": "7"},
    **{"digest": "0x" + "d1" * 32, "flag": "yes", "reference": "3/7", "text": "Well done", "document": TEXT},
    **{"choices": ["3", "+1", "-2", "+12"], "numbers": ["4", "9"], "payees": PAYEES, "amount": "1,250.5 PLAY"},
    "proposal": str(2**255 + 12345),
    **{"terms": ["share-alike", "derivatives"], "backing": [f"0x{'f2' * 32}:60%", f"0x{'1f' * 32}:5%"]},
}
SHOWN: dict[str, Any] = {
    **{"bond": "2500000", "cost": "30000000000000000", "evidence": "0x" + "e1" * 32, "case": 5, "cases": [5, 7]},
    **{"jurors": ["0x" + "31" * 20, "0x" + "32" * 20], "round": 3, "order": [2, 1, 4], "most": 2},
    **{
        "targets": [CONTRACTS["CampaignEscrow"]],
        "values": ["0"],
        "calldatas": ["0x12345678"],
        "description": "# Why\n",
    },
    **{"arbitrator": None, "meta_evidence": "0x" + "00" * 32, "arbitrator_extra_data": "0x", "lead": "0x" + "1e" * 20},
    **{"index": "3", "units": "42", "proof": ["0x" + "a1" * 32, "0x" + "b2" * 32]},
    **{"cap": "9000000", "ask": "7", "pays_jurors": True, "witness": "0x" + "07" * 32},
}


@dataclass(frozen=True)
class Case:
    """An act's form and what a server answers to it."""

    act: str
    form: dict[str, Any]
    answer: dict[str, Any]
    lie: str = ""
    contracts: Mapping[str, str] = field(default_factory=lambda: CONTRACTS)

    @property
    def plain(self) -> dict[str, Any]:
        return {"act": self.act, "form": self.form, "answer": self.answer, "lie": self.lie}


def covered() -> list[type[Act]]:
    """The acts that are in the guard book."""
    return [act for act in map(Act.registry.get, sorted(registry())) if act and guardbook.act_entry(act)]


def book() -> dict[str, Any]:
    """A page's book with all acts."""
    known = guardbook.guard_book(act.name for act in covered())
    return {
        **known,
        "chainId": "0x7a69",
        "contracts": dict(CONTRACTS),
        "units": UNITS,
        "domain": DOMAIN,
        "block": BLOCK,
    }


def form_of(act: type[Act], *, is_full: bool) -> dict[str, Any]:
    """A form with every field written, or with the needed alone."""
    fields, needed = {}, act.required()
    for name in act.parameters():
        kind = act.kind(name)
        if kind.like == "choice":
            fields[name] = kind.choices[-1]
        elif (
            kind.like
            and kind.like in WRITTEN
            and (is_full or name in needed or name in ("file", "salt_file") or kind.is_many)
        ):
            fields[name] = (
                WRITTEN[kind.like].replace("PLAY", UNITS[kind.token or "budget"][1])
                if kind.token
                else WRITTEN[kind.like]
            )
    heard = _heard(act)
    fields = {name: value for name, value in fields.items() if name in heard}
    if "salt_file" in fields:
        fields["salt_file"] = f'{{"juror": "{ME}", "ruling": 2, "salt": "{SALT}", "dispute": 5}}'
    shown = {name: SHOWN.get(name, 11) for name in guardbook.shown_of(act.name)}
    return {"account": ME, "fields": fields, "shown": shown, "salt": SALT}


def _heard(act: type[Act]) -> set[str]:
    """Fields that the call tells of, or need not."""
    entry = guardbook.act_entry(act) or {}
    return {*entry["unsaid"], *_named(entry["arguments"])}


def _named(source: Any) -> set[str]:
    """The fields that arguments come from."""
    if not isinstance(source, Mapping):
        return set()
    here = {str(source[key]) for key in ("field", "document") if key in source}
    return here.union(*map(_named, source.values()))


def _asked(source: Mapping[str, Any]) -> set[str]:
    """Those without which there is no argument."""
    return {name for one in source.values() if "field" in one and "else" not in one for name in _named(one)}


def wanted(source: Mapping[str, Any], kind: str, form: Mapping[str, Any]) -> Any:
    """What an argument has to be, as ``abi.encode`` takes it."""
    fields, shown = form["fields"], form["shown"]
    if source.get("me"):
        return checksum(form["account"])
    if "is" in source:
        return _typed(source["is"], kind)
    if "shown" in source:
        return _typed(shown[source["shown"]], kind)
    if "hash" in source:
        return keccak(wanted(source["hash"], "string", form).encode())
    if "commitment" in source:
        ruling = int(wanted(source["commitment"], "uint256", form))
        words = [31337, CONTRACTS["Jury"], shown["case"], form["account"], ruling, bytes.fromhex(SALT[2:])]
        return keccak(encode(["uint256", "address", "uint256", "address", "uint256", "bytes32"], words))
    name = source.get("field") or source["document"]
    text = fields.get(name)
    if not text:
        return wanted(source["else"], kind, form)
    if "document" in source:
        return sha256(text.encode()).digest() if kind == "bytes32" else text.encode()
    return _typed(_read(source, text), kind)


def _read(source: Mapping[str, Any], text: Any) -> Any:
    how, part = source["kind"], source.get("part")
    if how == "amount":
        decimals, symbol = UNITS[source["unit"]]
        return units.parse_amount(text.removesuffix(symbol).strip(), decimals)
    if how == "choices":
        chosen = sorted((int(one[1:]), one[0]) for one in text[1:])
        sides = {"for": "+", "against": "-"}
        return int(text[0]) if part == "round" else [number for number, sign in chosen if sign == sides[part]]
    if how == "payees":
        parts = [one.rpartition(":") for one in text]
        return [(who, units.parse_bps(share)) for who, _, share in parts]
    if how == "terms":
        return sum(int(source["words"][one]) for one in text)
    if how == "backing":
        pairs = sorted(one.removesuffix("%").split(":") for one in text)
        return [need if part == "needs" else int(percent) for need, percent in pairs]
    if how == "text" and part:
        import json

        return json.loads(text)[part]
    reads = {
        **{
            "share": units.parse_bps,
            "ppm": units.parse_ppm,
            "duration": units.parse_duration,
            "flag": lambda text: text == "yes",
        },
        **{"choice": lambda text: source["words"][text], "numbers": lambda texts: [int(one) for one in texts]},
        "reference": lambda text: int(text.split("/")[part]) if part is not None else text,
    }
    return reads[how](text) if how in reads else text


def _typed(value: Any, kind: str) -> Any:
    """A value as the codec takes it for a type."""
    if kind.endswith("[]"):
        inner = kind[:-2]
        return [
            tuple(_typed(a, b) for a, b in zip(one, inner[1:-1].split(","), strict=True))
            if inner[0] == "("
            else _typed(one, inner)
            for one in value
        ]
    if kind == "address":
        return checksum(value or "0x" + 40 * "0")
    if kind == "bool":
        return value if isinstance(value, bool) else str(value) in ("true", "1")
    if kind.startswith("uint"):
        return int(value or 0)
    return bytes.fromhex(value.removeprefix("0x")) if kind.startswith("bytes") else str(value)


def _nested(act_sources: Mapping[str, Any], inputs: Any, form: Mapping[str, Any], at: str = "") -> list[Any]:
    found: list[Any] = []
    for one in inputs:
        path = at + one.name
        source = act_sources.get(path)
        if source and source.get("among") and not one.kind.endswith("]"):
            found.append(wanted(source, f"{one.kind}[]", form)[0])  # of several, one
        elif source:
            found.append(wanted(source, one.kind, form))
        else:
            found.append(tuple(_nested(act_sources, one.members, form, f"{path}.")))
    return found


def _step(key: str, arguments: list[Any], value: int = 0, to: str = "") -> dict[str, Any]:
    contract, _, signature = key.partition(".")
    known = abi.entry(ABIS.get(contract, contract), signature)
    data = "0x" + (known.selector + encode(known.kinds, arguments)).hex()
    return {"to": to or CONTRACTS[contract], "data": data, "value": hex(value), "description": "as the server has it"}


def honest(act: type[Act], *, is_full: bool) -> Iterator[Case]:
    """What an honest server answers, a case for each call that the act may make."""
    entry, form = guardbook.act_entry(act), form_of(act, is_full=is_full)
    assert entry is not None
    chosen = set.intersection(*(_named(entry["arguments"][key]) for key in entry["main"]))
    for key in entry["main"]:
        own, its = deepcopy(form), entry["arguments"][key]
        # Which of its calls an act makes hangs on what is filled in.
        if not is_full and _asked(its) - chosen - own["fields"].keys():
            continue
        for name in _heard(act) - {*entry["unsaid"], *_named(its)}:
            own["fields"].pop(name, None)
        steps = []
        if entry["spends"]:
            most = wanted(entry["amount"], "uint256", own)
            steps.append(_step(f"{entry['spends']}.approve(address,uint256)", [CONTRACTS[entry["spender"]], most]))
        cost = wanted(entry["value"], "uint256", own) if entry["value"] else 0
        steps.append(main_step(act, key, own, cost))
        publish = "DocumentLog.publish(bytes)"
        if is_full and publish in entry["calls"] and key != publish and own["fields"].get("file"):
            steps.append(_step(publish, [own["fields"]["file"].encode()]))
        yield Case(act.name, own, {"ok": True, "chainId": "0x7a69", "steps": steps})


def main_step(act: type[Act], key: str, form: Mapping[str, Any], cost: int = 0) -> dict[str, Any]:
    """The act's own call."""
    contract, _, signature = key.partition(".")
    entry = guardbook.act_entry(act)
    assert entry is not None
    arguments = _nested(entry["arguments"][key], abi.entry(ABIS.get(contract, contract), signature).inputs, form)
    return _step(key, arguments, cost)


# ── lies ──


def _others(kind: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Other values than an argument's."""
    if kind.endswith("[]"):
        if value:
            yield "one less", value[:-1] if len(value) > 1 else []
            yield "another", [*value[:-1], next(_others(kind[:-2], value[-1]))[1]]
        yield "one more", [*value, _sample(kind[:-2])]
    elif kind.startswith("("):
        first = kind[1:-1].split(",")[0]
        yield "another", (next(_others(first, value[0]))[1], *value[1:])
    elif kind == "bool":
        yield "the opposite", not value
    elif kind == "address":
        yield "the thief's", checksum(THIEF)
    elif kind.startswith("uint"):
        yield "another", value + 1 if value < 2 ** int(kind[4:]) - 1 else value - 1
    elif kind == "string":
        yield "another", value + "!"
    else:
        yield "another", bytes([value[0] ^ 1]) + value[1:] if value else b"\x01"


def _sample(kind: str) -> Any:
    if kind.startswith("("):
        return tuple(_sample(one) for one in kind[1:-1].split(","))
    if kind.startswith("bytes"):
        return b"\x07" * int(kind[5:] or 1)
    return checksum(THIEF) if kind == "address" else 77


def _changes(inputs: Any, values: Any, at: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The arguments with one of them changed, each in turn."""
    for place, (one, value) in enumerate(zip(inputs, values, strict=True)):
        if one.members and not one.kind.endswith("]"):
            found: Iterator[tuple[str, Any]] = (
                (name, tuple(inner)) for name, inner in _changes(one.members, value, f"{at}{one.name}.")
            )
        else:
            found = ((f"{at}{one.name}: {how}", other) for how, other in _others(one.kind, value))
        for name, other in found:
            yield name, [*values[:place], other, *values[place + 1 :]]


def lies(case: Case) -> Iterator[Case]:
    """Everything that a server may try instead of this answer."""
    entry = guardbook.act_entry(Act.registry[case.act])
    assert entry is not None
    steps = case.answer["steps"]
    main = next(place for place, one in enumerate(steps) if one["data"][:10] != "0x095ea7b3")
    key = next(one for one in entry["main"] if _step_key(steps[main]) == one)
    contract = ABIS.get(key.partition(".")[0], key.partition(".")[0])
    known = abi.entry(contract, key.partition(".")[2])
    values = list(abi.decode_call(contract, bytes.fromhex(steps[main]["data"][2:]))[1].values())

    def told(lie: str, change: Any, **more: Any) -> Case:
        answer = {**deepcopy(case.answer), **more}
        change(answer["steps"])
        return Case(case.act, case.form, answer, lie)

    def put(place: int, **new: Any) -> Any:
        return lambda answer: answer[place].update(new)

    parts = {path for path, source in entry["arguments"][key].items() if source.get("among")}
    for name, other in _changes(known.inputs, values):
        if (name.partition(":")[0] in parts) and name.endswith("one less"):
            continue  # what is done in parts may be done in part
        yield told(name, put(main, data="0x" + (known.selector + encode(known.kinds, other)).hex()))
    transfer = abi.entry("ERC20", "transfer")
    taken = "0x" + (transfer.selector + encode(transfer.kinds, [checksum(THIEF), 10**9])).hex()
    approve = abi.entry("ERC20", "approve")
    for token in ("BudgetToken", "HolderToken"):
        for whom, much in ((THIEF, 2**256 - 1), (CONTRACTS["CampaignEscrow"], 2**256 - 1), (THIEF, 1)):
            data = "0x" + (approve.selector + encode(approve.kinds, [checksum(whom), much])).hex()
            extra = {"to": CONTRACTS[token], "data": data, "value": "0x0"}
            yield told(f"approve {token} {whom[:6]} {much}", lambda answer, extra=extra: answer.insert(0, extra))
        yield told(f"transfer of {token}", put(main, to=CONTRACTS[token], data=taken))
        permit = (
            "0xd505accf" + encode(["address"] * 2 + ["uint256"] * 5, [checksum(ME), checksum(THIEF), *[1] * 5]).hex()
        )
        yield told(f"permit of {token}", put(main, to=CONTRACTS[token], data=permit))
    delegate = "0x5c19a95c" + encode(["address"], [checksum(THIEF)]).hex()
    yield told("delegate to the thief", put(main, to=CONTRACTS["HolderToken"], data=delegate))
    yield told("another contract", put(main, to=THIEF))
    yield told("another of our contracts", put(main, to=CONTRACTS["Lens"]))
    yield told("another function", put(main, data="0x12345678" + steps[main]["data"][10:]))
    yield told("no data", put(main, data="0x"))
    yield told("cut short", put(main, data=steps[main]["data"][:-2] if len(steps[main]["data"]) > 10 else "0x1234"))
    yield told("a word behind the arguments", put(main, data=steps[main]["data"] + "00" * 32))
    yield told("coin sent along", put(main, value=hex(int(steps[main]["value"], 16) + 1)))
    yield told("for another account", put(main, **{"from": THIEF}))
    yield told("another chain", lambda answer: None, chainId="0x1")
    yield told("twice", lambda answer: answer.append(deepcopy(answer[main])))
    yield told(
        "an act of another form",
        lambda answer: answer.append(_step("CampaignEscrow.withdrawCredit(address)", [checksum(THIEF)])),
    )
    yield told("nothing of it", lambda answer: answer.clear())
    if entry["spends"]:
        for lie, arguments in {
            "allowance for the thief": [checksum(THIEF), wanted(entry["amount"], "uint256", case.form)],
            "allowance without end": [CONTRACTS[entry["spender"]], 2**256 - 1],
            "one unit more allowed": [CONTRACTS[entry["spender"]], wanted(entry["amount"], "uint256", case.form) + 1],
        }.items():
            yield told(lie, put(0, data="0x" + (approve.selector + encode(approve.kinds, arguments)).hex()))


def _step_key(step: Mapping[str, Any]) -> str:
    contracts = [name for name, at in CONTRACTS.items() if at == step["to"]]
    for name in contracts:
        for one in abi.load(ABIS.get(name, name)) if ABIS.get(name, name) in abi.names() else ():
            if one.kind == "function" and "0x" + one.selector.hex() == step["data"][:10]:
                return f"{name}.{one.signature}"
    return ""
