"""What an act would do, worked out and tried, without doing it: the answer to a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dmo.core import act, engine, words
from dmo.core.abi import AbiEntry, load
from dmo.core.act import Act, AlreadyDone
from dmo.core.calls import Call
from dmo.core.engine import Preview
from dmo.core.errors import FAULTS, BadInput, DmoError, NetworkError, Refused
from dmo.core.files import canonical_json
from dmo.core.kinds import FLAG, looking
from dmo.core.steps import Step
from dmo.core.text import one_line
from dmo.core.view import View
from dmo.faces import terminal
from dmo.faces.web import book, forms, marks, pages
from dmo.faces.web.locales import locale
from dmo.faces.web.visitor import Visitor
from dmo.home.documents import Document
from dmo.home.safes import batch_file

FROM, PUBLISH, KIND, REVIEW = "_from", "_publish", "_kind", "_review"
MOST_TEXT = 16 * 1024
"""Bytes of a field; what the chain publishes is no longer."""
_MOST_FIELDS = 400


def fields(asked: type[Act], pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """An act's fields and the page's own, as a form sent them. Raises BadInput: too much, or unknown."""
    if len(pairs) > _MOST_FIELDS:
        raise words.bad("web_many_fields", most=_MOST_FIELDS)
    found: dict[str, Any] = {}
    own: dict[str, str] = {}
    for name, text in pairs:
        value = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(value.encode("utf-8", "surrogatepass")) > MOST_TEXT:
            raise words.bad("web_long_field", field=name, most=MOST_TEXT)
        if name.startswith("_"):
            own[name] = value
            continue
        key = asked.meant(name.partition(".")[0].replace("-", "_"))
        is_many = key in asked.parameters() and asked.kind(key).is_many
        if is_many and value.strip():
            found.setdefault(key, []).extend(
                [value] if asked.kind(key).paper is not None else _several(asked, key, value)
            )
        elif not is_many and value.strip():
            kind = asked.kind(key) if key in asked.parameters() else None
            found[key] = value if kind is not None and kind.paper is not None else value.strip()
            if kind is not None and kind.like == "amount":
                found[key] = _amount(key, value)
    return found, own


def _amount(key: str, text: str) -> str:
    try:
        return locale().typed(text)
    except BadInput as error:
        raise error.at(field=key) from None


def _several(asked: type[Act], key: str, text: str) -> list[str]:
    """The words of a line, or its lines where one is a sentence of its own."""
    return (
        [line for line in text.split("\n") if line.strip()]
        if forms.kind_of(asked.kind(key)) == "texts"
        else text.split()
    )


def texts(asked: type[Act], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields with names in the place of texts, and the texts by these names."""
    names = dict(given)
    held: dict[str, str] = {}
    for key, value in given.items():
        if key not in asked.parameters() or asked.kind(key).paper is None:
            continue
        if isinstance(value, list):
            names[key] = [f"{key}.{place}" for place in range(len(value))]
            held.update(zip(names[key], value, strict=True))
        else:
            names[key] = key
            held[key] = value
    return names, held


@dataclass(frozen=True)
class Worked:
    """An act that was worked out and tried, and what a person should see before deciding."""

    wanted: Act
    ready: Preview
    shown: View | None


def worked(visitor: Visitor, asked: type[Act], given: Mapping[str, Any]) -> Worked:
    """Work an act out of its fields, texts in the place of files. Raises DmoError: why it cannot be done."""
    names, held = texts(asked, given)
    with visitor.handed(held):
        wanted = act.read(asked, visitor, names)
        if asked.before is not Act.before:  # it keeps something where it is done, which is not here
            raise words.bad("web_keeps")
        planned = engine.plan(visitor, wanted)
        if visitor.maybe_me is None:
            ready = Preview(planned, (None,) * len(planned.steps))
        else:
            ready = engine.preview(visitor, planned, visitor.maybe_me)
            if repeated := wanted.repeated(visitor):
                raise repeated
        return Worked(wanted, ready, wanted.shown(visitor))


def answer(visitor: Visitor, asked: type[Act], given: Mapping[str, Any]) -> dict[str, Any]:
    """What an act would do, for a machine. Raises DmoError: why it cannot be done."""
    return told(visitor, asked, worked(visitor, asked, given))


def told(visitor: Visitor, asked: type[Act], done: Worked) -> dict[str, Any]:
    """An act that was worked out, for a machine."""
    wanted, ready = done.wanted, done.ready
    planned = ready.plan
    look = looking(visitor, planned.values)
    head = visitor.snapshot.head
    following = [one_line(line) for line in words.filled(words.command(asked.name).get("next"), look)]
    return {
        "ok": True,
        "act": asked.name,
        "account": visitor.maybe_me,
        "chainId": hex(visitor.dmo.chain_id),
        "block": {"number": head.number, "hash": head.hash, "time": head.timestamp},
        "steps": [_step(visitor, step, gas) for step, gas in zip(ready.plan.steps, ready.gas, strict=True)],
        "effects": [one_line(line) for line in planned.effects],
        "left_out": [f"{step.call.description}: {visitor.explained(why).message}" for step, why in ready.left_out],
        "documents": {key: _document(one) for key, one in vars(wanted).items() if isinstance(one, Document)},
        "data": {key: value for key, value in planned.data.items() if value is not None},
        "typed": _typed(visitor, wanted, planned),
        "view": done.shown.data if done.shown else None,
        "next": following,
        "onward": pages.onward(following),
    }


def _step(visitor: Visitor, step: Step, gas: int | None) -> dict[str, Any]:
    call = step.call
    function, told = call.decoded()
    entry = next((one for one in _entries(call.contract) if one.selector == call.data[:4]), None)
    inputs = entry.inputs if entry else ()
    named = {
        one.name or str(place): book.plain(one, told[key])
        for place, (one, key) in enumerate(zip(inputs, told, strict=False))
    }
    return {
        "description": one_line(call.description),
        "contract": _name(visitor, call.to, call.contract),
        "function": function,
        "signature": entry.signature if entry else "",
        "arguments": named if entry else told,
        "to": call.to,
        "value": hex(call.value),
        "data": "0x" + call.data.hex(),
        "gas": gas,
        "isApproval": bool(entry) and entry is not None and entry.signature == "approve(address,uint256)",
    }


def _entries(contract: str) -> Sequence[AbiEntry]:
    return load(contract) if contract else ()


def _name(visitor: Visitor, address: str, otherwise: str) -> str:
    """What the deployment's book calls an address."""
    known = {at: name for name, at in book.addresses(visitor).items()}
    return known.get(address, otherwise)


def _document(found: Document) -> dict[str, str]:
    return {"digest": "0x" + found.digest.hex(), "cid": found.cid, "title": found.title}


def _typed(visitor: Visitor, wanted: Act, planned: engine.Plan) -> dict[str, Any] | None:
    """What a voter would sign instead of sending, where the act knows one."""
    signs = getattr(wanted, "typed", None)
    if signs is None or visitor.maybe_me is None:
        return None
    data = signs(visitor)
    return {"domain": data["domain"], "message": data["message"]} if data else None


def refusal(visitor: Visitor, error: Exception, asked: type[Act] | None = None) -> dict[str, Any]:
    """Why something cannot be done, with what would be right and a next step, for a machine."""
    told: dict[str, Any]
    if isinstance(error, AlreadyDone):
        told = {"code": "AlreadyDone", "message": str(error), "hint": "", "field": None, "args": {}}
        return {"ok": False, "error": told, "next": []}
    if not isinstance(error, DmoError):
        error = terminal.unexpected(error) if isinstance(error, FAULTS) else error
    if isinstance(error, Refused):
        error = visitor.explained(error)
    assert isinstance(error, DmoError)  # noqa: S101 - all else was raised
    field = getattr(error, "field", None)
    args = {key: _json(value) for key, value in error.details.items() if key not in ("file", "line", "field")}
    told = {"code": error.code, "message": error.message, "hint": error.hint, "field": field, "args": args}
    if isinstance(error, NetworkError):
        told["hint"] = told["hint"] or words.load()["face"]["state"]["silent_right"]
    return {"ok": False, "error": told, "next": [link.to for _, link in pages.commands(error.hint) if link]}


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, bool | str | None) else str(value)


def account_of(text: str) -> str | None:
    """The account that a page is asked for; nothing where none is. Raises BadInput: no address."""
    from dmo.core.abi.codec import checksum

    cleaned = text.strip()
    return checksum(cleaned) if cleaned else None


def is_yes(text: str) -> bool:
    """Whether a box was ticked."""
    try:
        return bool(FLAG.read(None, text))
    except BadInput:
        return text == "on"


def clean(line: str) -> str:
    """A line without marks."""
    return marks.plain(line)


def composed(asked: Any, given: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The fields, a document that was written part by part among them."""
    found, wished = dict(given), dict(pairs).get(KIND, "")
    for key in asked.parameters():
        kind = forms.paper_of(asked, key, wished)
        if not kind:
            continue
        parts: dict[str, list[str]] = {}
        for name, text in pairs:
            if name.startswith(f"{key}."):
                parts.setdefault(name[len(key) + 1 :], []).append(text)
        whole = next((text for name, text in pairs if name == key), "")
        if whole.strip():
            found[key] = whole.replace("\r\n", "\n").replace("\r", "\n")
        elif any(text.strip() for name, texts in parts.items() if name != "lang" for text in texts):
            found[key] = forms.written(kind, parts)
        else:
            found.pop(key, None)
    return found


def batch(visitor: Visitor, told: Mapping[str, Any]) -> Response:
    """An answer's calls as a file for a Safe's Transaction Builder."""
    calls = [
        Call(one["to"], bytes.fromhex(one["data"][2:]), int(one["value"], 16), one["description"], "")
        for one in told["steps"]
    ]
    name = f'attachment; filename="{told["act"].replace(" ", "-")}.json"'
    content = canonical_json(batch_file(visitor, told["act"], calls))
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/json", headers=headers)
