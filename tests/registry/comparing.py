"""Whether acts call what they say they call: their arguments beside ``Act.compared``, as the page's guard reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dmo.core import abi
from dmo.core.abi.codec import checksum
from dmo.core.act import Act
from dmo.core.calls import Call
from dmo.faces.web import guardbook
from dmo.home.home import Home

OPEN = object()
"""Shown by a page, or made by it: nothing to compare here."""


def differences(act: Act, call: Call, home: Home) -> Iterator[str]:
    """The arguments of one of an act's calls that are not what the guard's book says."""
    entry = guardbook.act_entry(type(act))
    if entry is None:
        return
    named = [key for key in entry["calls"] if key.partition(".")[2] == abi.function_of(call.contract, call.data)]
    if call.contract == "ERC20" or not named:
        if call.contract != "ERC20":
            yield f"{act.name} calls {call.contract}.{abi.function_of(call.contract, call.data)}"
        return
    known, values = abi.entry(call.contract, named[0].partition(".")[2]), call.decoded()[1].values()
    for path, found, kind in _leaves(known.inputs, [*values]):
        source = entry["arguments"][named[0]][path]
        wanted = stands(source, act, home, kind)
        is_among = source.get("among") and wanted is not OPEN
        fits = {*_list(found)} <= {*_list(wanted)} if is_among else wanted is OPEN or found == wanted
        if not fits:
            yield f"{act.name}: {path} is {found}, said to be {wanted}"


def _list(value: Any) -> list[Any]:
    return [*value] if isinstance(value, list | tuple) else [value]


def _leaves(inputs: Any, values: Any, at: str = "") -> Iterator[tuple[str, Any, str]]:
    for one, value in zip(inputs, values, strict=True):
        if one.members and not one.kind.endswith("]"):
            yield from _leaves(one.members, value, f"{at}{one.name}.")
        else:
            yield f"{at}{one.name}", value, one.kind


def stands(source: Mapping[str, Any], act: Act, home: Home, kind: str) -> Any:
    """What an argument has to be by the book, from what the act was given."""
    if "shown" in source or "hash" in source or "commitment" in source:
        return OPEN
    if source.get("me"):
        return checksum(home.me)
    if "is" in source:
        return _typed(source["is"], kind)
    name, part = source.get("field") or source["document"], source.get("part")
    value = getattr(act, name)
    if source.get("kind") == "text" and part:
        return OPEN  # of a juror's file
    if source.get("among") and not value:
        return OPEN  # all that is due: a page names them
    if value is None or value == ():
        return stands(source["else"], act, home, kind) if "else" in source else OPEN
    if "document" in source:
        return value.digest if kind == "bytes32" else value.raw
    if source["kind"] == "choices":
        number, picks = value
        sides = {"for": True, "against": False}
        of = [*picks, *_picked(act)]
        return (number or OPEN) if part == "round" else sorted(one.number for one in of if one.is_for is sides[part])
    if source["kind"] == "choice":
        return _typed(source["words"][value], kind)
    if source["kind"] == "backing":
        return [need if part == "needs" else percent for need, percent in value]
    if source["kind"] == "payees":
        return [(one.account, one.share_bps) for one in value]
    return _typed(value[part] if part is not None else value, kind)


def _picked(act: Act) -> list[Any]:
    """What a page does not ask for by other fields."""
    from dmo.home.ballots import Pick

    given = vars(act)
    if given.get("keep"):
        return []
    return [Pick(one, side) for name, side in (("in_favour", True), ("against", False)) for one in given.get(name, ())]


def _typed(value: Any, kind: str) -> Any:
    if isinstance(value, list | tuple):
        return [_typed(one, kind.removesuffix("[]")) for one in value]
    if kind.startswith("uint"):
        return int(getattr(value, "proposal_id", value))
    if kind == "bool":
        return value if isinstance(value, bool) else value == "true"
    if kind == "bytes32" and isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return value
