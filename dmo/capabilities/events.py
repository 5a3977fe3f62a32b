"""Events: all that a deployment's contracts told, in the order of the chain; for whoever builds on them."""

from collections.abc import Mapping
from typing import Any

from dmo.core import abi
from dmo.core.abi import Field
from dmo.core.act import option
from dmo.core.kinds import NUMBER, TEXT, TIME, Kind, shape
from dmo.core.text import one_line
from dmo.core.view import Query
from dmo.home.home import Home

_EXACT = 32
"""Bits of the largest numbers that stay numbers in JSON; amounts are strings."""
_SHOWN = 66
ARGUMENTS = Kind(
    "ARGUMENTS",
    TEXT.read,
    lambda home, told: ", ".join(f"{key} {one_line(str(one), _SHOWN)}" for key, one in told.items()),
    schema={"type": "object"},
)
EVENT = shape((NUMBER, "block index"), (TEXT, "contract event tx"), at=TIME, arguments=ARGUMENTS)


def _plain(field: Field, value: Any) -> Any:
    """An argument as JSON has it."""
    if field.kind.endswith("]"):
        inner = Field(field.name, field.kind[: field.kind.rindex("[")], members=field.members)
        return [_plain(inner, one) for one in value]
    if field.members:
        return {abi.snake(part.name): _plain(part, one) for part, one in zip(field.members, value, strict=True)}
    if isinstance(value, bytes):
        return "0x" + value.hex()
    bits = field.kind.lstrip("uint") or "256"
    return str(value) if type(value) is int and int(bits) > _EXACT else value


class ListEvents(Query, name="events", gives={"events": [EVENT], "last": NUMBER}):
    since: int = option(NUMBER.called("BLOCK"), 1)

    def answer(self, home: Home) -> Mapping[str, Any]:
        rows = []
        for contract, event in home.snapshot.events:
            if event.block >= self.since:
                fields = {one.name: one for one in abi.entry(contract, event.name, "event").inputs}
                told = {abi.snake(key): _plain(fields[key], value) for key, value in event.arguments.items()}
                rows.append({**vars(event), "contract": contract, "event": event.name, "arguments": told})
        return {"events": rows, "last": home.snapshot.head.number}
