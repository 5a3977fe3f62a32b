"""Clear signing: what a wallet shows of our calls and of a ballot, as ERC-7730 has it.

One descriptor for each contract that acts call, and one for the ballot. Labels and intents are the
page's words, formats follow the kinds of the acts' fields; addresses come from an address book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmo.capabilities import registry
from dmo.core import abi, words
from dmo.core.abi import AbiEntry, Field
from dmo.core.act import Act
from dmo.faces.web.guardbook import ABIS, PUBLISH, act_entry
from dmo.home.ballots import TYPES

SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json"
BALLOT = "Ballot"
BOARD = "IdeaBoard"
APPROVE = "approve(address,uint256)"
_TRUSTED = {"types": ["wallet", "eoa", "contract"], "sources": ["local", "ens"]}


@dataclass(frozen=True)
class Deployed:
    """A deployment, as a descriptor speaks of it.

    Attributes:
        contracts: Name → address; BudgetToken and the votes token among them.
        domain: Name and version of the board's EIP-712 domain.
    """

    name: str
    chain_id: int
    contracts: Mapping[str, str]
    domain: tuple[str, str] = (BOARD, "1")

    def at(self, contract: str) -> list[dict[str, Any]]:
        """Where a contract is."""
        return [{"chainId": self.chain_id, "address": self.contracts[contract]}]


def descriptors(place: Deployed) -> dict[str, dict[str, Any]]:
    """Every descriptor by its file's name, as the public registry names them."""
    called = sorted(_called().keys() & place.contracts.keys())
    found = {f"calldata-{contract}.json": _of_contract(place, contract) for contract in called}
    found[f"eip712-{BALLOT}.json"] = _of_ballot(place)
    return found


def _called() -> dict[str, dict[str, tuple[type[Act], dict[str, Any]]]]:
    """Contract → signature → the act that calls it, and where its arguments come from."""
    found: dict[str, dict[str, tuple[type[Act], dict[str, Any]]]] = {}
    acts = sorted((one for one in registry().values() if issubclass(one, Act)), key=lambda one: one.name)
    for act in acts:
        entry = act_entry(act)
        contract, function = act.call
        calls = entry["arguments"] if entry else {}
        if not calls and contract:
            calls = {f"{contract}.{abi.entry(contract, function).signature}": {}}
        for key, sources in calls.items():
            at, _, signature = key.partition(".")
            is_publishing = key.startswith(f"{PUBLISH[0]}.") and act.call != PUBLISH
            if not is_publishing and at in abi.names():
                found.setdefault(at, {})[signature] = act, sources
        if entry and entry["spends"]:
            found.setdefault(entry["spends"], {})[APPROVE] = act, {"spender": {}, "amount": {"unit": act.token}}
    return found


def _of_contract(place: Deployed, contract: str) -> dict[str, Any]:
    formats: dict[str, Any] = {}
    enums: dict[str, Any] = {}
    for signature, (act, sources) in sorted(_called()[contract].items()):
        known = abi.entry(ABIS.get(contract, contract), signature)
        fields = [_field(place, contract, path, one, _source(sources, path)) for path, one in _paths(known.inputs)]
        for path, _ in _paths(known.inputs):
            enums |= _enum(act, _source(sources, path))
        formats[_signature(known)] = {"intent": _intent(act, signature), "fields": fields}
    return {
        "$schema": SCHEMA,
        "context": {"$id": f"{place.name} {contract}", "contract": {"deployments": place.at(contract)}},
        "metadata": {"owner": place.name, "contractName": contract, **({"enums": enums} if enums else {})},
        "display": {"formats": formats},
    }


def _of_ballot(place: Deployed) -> dict[str, Any]:
    said, members = words.load()["face"], TYPES[BALLOT]
    labels = {"voter": "account", "round": "round", "inFavour": "in_favour", "against": "against"}
    fields: list[dict[str, Any]] = []
    for name, kind in members.items():
        path = f"{name}.[]" if kind.endswith("[]") else name
        one = {"path": path, "label": said["field"].get(labels.get(name, ""), said["clear"]["at"])}
        formats = {"voter": ("addressName", _TRUSTED), "at": ("date", {"encoding": "timestamp"})}
        how, params = formats.get(name, ("raw", {}))
        fields.append({**one, "format": how, **({"params": params} if params else {})})
    name, version = place.domain
    encoded = f"{BALLOT}({','.join(f'{kind} {name}' for name, kind in members.items())})"
    domain = {"name": name, "version": version}
    return {
        "$schema": SCHEMA,
        "context": {"$id": f"{place.name} {BALLOT}", "eip712": {"domain": domain, "deployments": place.at(BOARD)}},
        "metadata": {"owner": place.name, "contractName": BOARD},
        "display": {"formats": {encoded: {"intent": said["act"]["ballot cast"], "fields": fields}}},
    }


def _intent(act: type[Act], signature: str) -> str:
    said = words.load()["face"]
    return str(said["clear"]["approve"] if signature == APPROVE else said["act"][act.name])


def _signature(known: AbiEntry) -> str:
    """A function with the names of its parameters, as descriptors are looked up."""
    return f"{known.name}({','.join(map(_parameter, known.inputs))})"


def _parameter(one: Field) -> str:
    if not one.members:
        return f"{one.kind} {one.name}"
    suffix = one.kind[one.kind.rindex(")") + 1 :]
    return f"({','.join(map(_parameter, one.members))}){suffix} {one.name}"


def _paths(inputs: Sequence[Field], before: str = "") -> Iterator[tuple[str, Field]]:
    """Every value of a call that stands alone, by its path; those of a list end in ``[]`` or go through it."""
    for one in inputs:
        path = f"{before}{one.name}"
        if one.kind.endswith("[]"):
            path = f"{path}.[]"
        if one.members:
            yield from _paths(one.members, f"{path}.")
        else:
            yield path, one


def _source(sources: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """What the act says of an argument; of a member of a list what its kind has for it."""
    found: Mapping[str, Any] = sources.get(path.replace(".[]", "")) or sources.get(path.partition(".[]")[0]) or {}
    if found.get("kind") == "payees":
        return {"kind": "account" if path.endswith("account") else "share"}
    return found


def _field(place: Deployed, contract: str, path: str, one: Field, source: Mapping[str, Any]) -> dict[str, Any]:
    said = words.load()["face"]
    name = abi.snake(path.rpartition("[]")[0].strip(".") or path).rpartition(".")[2]
    key = "digest" if "document" in source and one.kind == "bytes32" else source.get("field", name)
    label = said["clear"].get(key) or said["field"].get(key) or said["clear"].get(name) or name.replace("_", " ")
    how, params = _format(place, contract, one, source)
    return {
        "path": path,
        "label": f"{label[:1].upper()}{label[1:]}",
        "format": how,
        **({"params": params} if params else {}),
    }


def _format(place: Deployed, contract: str, one: Field, source: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    its = source
    while "kind" not in its and "unit" not in its and isinstance(its.get("else"), Mapping):
        its = its["else"]
    base, kind, unit = one.kind.removesuffix("[]"), its.get("kind"), its.get("unit")
    token = {"budget": "BudgetToken", "underlying": "UnderlyingToken"}.get(unit or "", contract)
    if unit:
        return "tokenAmount", {"token": place.contracts[token]}
    if base == "address":
        return "addressName", dict(_TRUSTED)
    if kind == "choice" and base.startswith("uint"):
        return "enum", {"$ref": f"$.metadata.enums.{source['field']}"}
    if base == "bytes" and one.name == "calldatas":
        return "calldata", {"calleePath": "targets.[]", "amountPath": "values.[]"}
    if kind == "share":
        return "unit", {"base": "%", "decimals": 2}
    if kind == "duration":
        return "duration", {}
    return ("date", {"encoding": "timestamp"}) if kind == "time" or one.name in _MOMENTS else ("raw", {})


_MOMENTS = ("submitBy", "endsAt", "at")


def _enum(act: type[Act], source: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The words that a number stands for."""
    if source.get("kind") != "choice":
        return {}
    return {source["field"]: {number: word for word, number in source["words"].items()}}
