"""All acts with their fields: what a page, a keeper or an agent builds its forms from."""

from collections.abc import Mapping
from typing import Any

from dmo.core import words
from dmo.core.act import Act, Asked
from dmo.core.kinds import TEXT, Kind, schema_of, shape
from dmo.core.view import Query
from dmo.home.home import Home

_FIELD = {"kind": {"type": "string"}, "required": {"type": "boolean"}, "schema": {"type": "object"}}
_RECORD: dict[str, Any] = {"type": "object", "additionalProperties": False}
_FIELDS = {"type": "object", "additionalProperties": {**_RECORD, "required": [*_FIELD], "properties": _FIELD}}
FIELDS = Kind("FIELDS", TEXT.read, schema=_FIELDS)
ACT_SHAPE = shape((TEXT, "name help example who contract function event"), fields=FIELDS)


def acts() -> list[type[Act]]:
    """All acts, sorted by name."""
    from dmo.capabilities import registry

    return sorted((one for one in registry().values() if issubclass(one, Act)), key=lambda a: a.name)


def described(one: type[Act]) -> dict[str, Any]:
    """An act for machines; of several examples the first."""
    said, needed = words.command(one.name), one.required()
    kinds = {key: one.kind(key) for key in one.parameters()}
    fields = {k: {"kind": v.name, "schema": schema_of(v), "required": k in needed} for k, v in kinds.items()}
    return {
        **{"name": one.name, "help": said.get("help"), "who": one.who, "fields": fields},
        "example": next(iter(words.texts(said.get("example"))), None),
        **{"contract": one.call[0] or None, "function": one.call[1].partition("(")[0] or None},
        "event": one.told_by or None,
    }


def act_schema(one: type[Act]) -> dict[str, Any]:
    """The JSON Schema of an act's fields, as JSON tells them; nothing but the needed has to be."""
    said = words.command(one.name)
    told, kinds = said.get("field", {}), {key: one.kind(key) for key in sorted(one.parameters())}
    return {
        **{"title": one.name, "description": said.get("help", ""), **_RECORD},
        "required": sorted(one.required()),
        "properties": {k: {**schema_of(v), "description": told.get(k, "")} for k, v in kinds.items()},
    }


def data_schema(asked: type[Asked]) -> dict[str, Any]:
    """The JSON Schema of the ``data`` of a command; acts add what they found out on the way."""
    if issubclass(asked, Query):
        body = schema_of(asked.gives) | {"type": "object"}
    else:
        kinds = {key: asked.kind(key) for key in asked.parameters()}
        body = schema_of({**kinds, **getattr(asked, "tells", {})})
        body |= {"type": "object", "additionalProperties": True, "required": sorted(kinds)}
    return {"title": asked.name, **_or_nothing(body)}


def _or_nothing(body: dict[str, Any]) -> dict[str, Any]:
    """A schema whose members may be null, as every fact may that has nothing to say."""
    found = dict(body)
    if "items" in body:
        found["items"] = _or_nothing(body["items"])
    if "properties" in body:
        found["properties"] = {key: _or_nothing(one) for key, one in body["properties"].items()}
        for one in found["properties"].values():
            if "null" not in (kinds := one.get("type", "null")):
                one["type"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    return found


class ListActs(Query, name="acts", needs_chain=False, gives={"acts": [ACT_SHAPE]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return {"acts": [described(one) for one in acts()]}
