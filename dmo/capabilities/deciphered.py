"""Raw calls in words, for who votes on them: as the acts say them, in tokens, lengths of time and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dmo.core import abi, kinds, words
from dmo.core.act import Act
from dmo.core.calls import Call
from dmo.core.errors import BadInput, DmoError, NetworkError, Refused
from dmo.core.kinds import DURATION, SHARE
from dmo.core.text import one_line
from dmo.core.units import format_amount
from dmo.home.deployment import Token
from dmo.home.home import Home

_DEEPEST = 3
_TOKENS = ("BudgetToken", "VotesToken", "HolderToken", "VotesWrapper")
_MOVING = {"transfer": ("to", "value"), "approve": ("spender", "value")}
_UNITS = {"seconds": DURATION, "delay": DURATION, "period": DURATION, "bps": SHARE}
"""What the last word of an argument's name says of its unit."""


def deciphered(home: Home, target: str, value: int, data: bytes, depth: int = 0) -> Call:
    """A raw call in words, as far as its contract is known."""
    contract = next((name for name, at in home.dmo.addresses.items() if at == target), "")
    known = contract if contract and contract not in ("BudgetToken", "VotesToken") else "ERC20"
    call = Call(target, data, value, "", known)
    try:
        told = _said(home, call, contract, depth)
    except (BadInput, NetworkError):
        told = ""
    if not told:
        told, known = words.word("govern", "unknown_call").format(to=home.who(target), data="0x" + data.hex()), ""
    if value:
        told = words.word("govern", "with_coins").format(call=told, coins=format_amount(value, *home.unit("coin")))
    return Call(target, data, value, told, known)


def _said(home: Home, call: Call, contract: str, depth: int) -> str:
    from dmo.capabilities import registry

    function, arguments = call.decoded()
    if abi.encode_call(call.contract, abi.function_of(call.contract, call.data), [*arguments.values()]) != call.data:
        return ""  # there are bytes behind that nobody would see
    if function in _MOVING and (not contract or contract in _TOKENS):
        token = _token(home, contract, call.to)
        if token is None:
            return ""
        to, amount = (arguments[key] for key in arguments)
        told = {"who": home.who(to), "amount": token.shown(amount)}
        named = words.word("govern", function).format(**told)
        return named if contract else words.word("govern", "foreign").format(call=named, token=call.to)
    if not contract:
        return ""
    acts = [one for one in registry().values() if issubclass(one, Act) and one.call[0] == contract]
    for one in acts:
        is_it = one.call[1].partition("(")[0] == function
        if is_it and (text := _as_act(home, one, abi.recorded(contract, call.data))):
            return text
    inner = list(_inner(home, arguments, depth))
    shown = ", ".join(f"{key} {_shown(home, key, one)}" for key, one in arguments.items())
    return "; ".join([f"{contract}.{function}({shown})", *inner])


def _as_act(home: Home, one: type[Act], arguments: Mapping[str, Any]) -> str:
    """A call as its act says it; empty where that would leave out anything."""
    values = one.recognised(home, arguments) or {}
    sentence = words.command(one.name).get("call", "")
    is_whole = all(key in words.names_in(sentence) or not told.value for key, told in values.items())
    return words.fill(sentence, kinds.looking(home, values)) if is_whole else ""


def _token(home: Home, contract: str, address: str) -> Token | None:
    """A token, one of the deployment's or any; a stranger's tells its own symbol."""
    if contract:
        return home.token("budget" if contract == "BudgetToken" else "votes")
    try:
        return home.dmo.token(address)
    except (DmoError, ValueError):
        return None


def _inner(home: Home, arguments: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Calls within a call, as the governor's relay and the AccessManager's execute carry them."""
    at, data = arguments.get("target"), arguments.get("data")
    if isinstance(at, str) and isinstance(data, bytes) and depth < _DEEPEST:
        found = deciphered(home, at, arguments.get("value", 0), data, depth + 1)
        yield words.word("govern", "inner").format(call=found.description)


def _shown(home: Home, name: str, value: Any) -> str:
    """An argument; its name tells of its unit."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(home, name, one) for one in value)}]"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, str):
        return home.who(value) if value.startswith("0x") and len(value) == 42 else repr(one_line(value))
    unit = _UNITS.get(abi.snake(name).strip("_").rpartition("_")[2])
    return (unit.show(home, value) if unit and value else "") or str(value)


def trouble(home: Home, calls: list[Call]) -> str:
    """Why the treasury would be refused if it did this now; empty if it would not, or where that cannot be tried."""
    governor = home.dmo.address("HolderGovernor")
    others = [one for one in calls if one.to != governor]  # which obeys nothing but what it executes itself
    try:
        if others:
            home.chain.rehearse(others, home.dmo.address("Treasury"))
    except Refused as error:
        return home.explained(error).message
    except NetworkError:
        pass
    return ""
