"""Tools of the registry: every view answers, every act previews and gives its unsigned calls."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dmo.capabilities import registry
from dmo.core import words
from dmo.core.act import Act, AlreadyDone, Asked, read
from dmo.core.errors import FAULTS, DmoError, Refused
from dmo.core.kinds import FLAG, Kind
from dmo.core.text import one_line
from dmo.core.view import Query, View
from dmo.faces import terminal
from dmo.faces.agents import others
from dmo.faces.agents.others import Bounds, Principal, quoted
from dmo.faces.running import where
from dmo.faces.web import answers

ACTING, SKIP, PUBLISH = "acting_as", "skip", "publish"
"""What every tool takes beside its own fields: whose eyes, rows to leave out; and whether texts are published."""
_MOST_TEXT = 64 * 1024
_MOST_FIELDS = 400
_MOST_ANSWER = 200_000
"""Letters of an answer; less is told of each list and text until it fits."""
_SENTENCE = 1_000
_LINES = 60
_TIGHTER = ((100, 2_000, 16_384), (25, 1_000, 8_192), (5, 300, 2_000))
_NAMED = re.compile(r"[^a-z0-9-]")


def tool_name(name: str) -> str:
    """A command's name as tools are called: ``idea post`` is ``idea_post``."""
    return _NAMED.sub("_", name)


def is_of_machine(kind: Kind) -> bool:
    """A file or folder that would be read or written here."""
    return kind.paper is None and any(part in ("FILE", "FOLDER") for part in kind.name.split("|"))


@cache
def offered() -> dict[str, type[Asked]]:
    """All acts, and all queries that are not about this machine, by their tool's name."""
    return {
        tool_name(name): asked
        for name, asked in registry().items()
        if not (issubclass(asked, Query) and asked.of_machine)
    }


def fields(asked: type[Asked]) -> dict[str, Kind]:
    """The fields that a tool takes."""
    return {key: kind for key in asked.parameters() if not is_of_machine(kind := asked.kind(key))}


def schema(asked: type[Asked]) -> dict[str, Any]:
    """The JSON Schema of what a tool takes, from its fields' kinds."""
    said, text = words.command(asked.name).get("field", {}), words.load()["agents"]
    found = {key: _property(kind, said.get(key, ""), text["text"]) for key, kind in fields(asked).items()}
    found[ACTING] = {"type": "string", "description": text["acting"]}
    if issubclass(asked, Query):
        found[SKIP] = {"type": "integer", "minimum": 0, "description": text["skip"]}
    elif getattr(asked, "has_document", False):
        found[PUBLISH] = {"type": "boolean", "description": text["publish"]}
    needed = [key for key in asked.required() if key in found]
    return {"type": "object", "properties": found, "required": needed, "additionalProperties": False}


def _property(kind: Kind, said: str, text: str) -> dict[str, Any]:
    told = " ".join(filter(None, (said, text if kind.paper is not None else f"({kind.name})")))
    if kind is FLAG:
        return {"type": "boolean", "description": told}
    one: dict[str, Any] = {"type": "string"}
    if kind.choices and not kind.is_many:
        one |= {"enum": [*kind.choices]}
    return {"type": "array", "items": one, "description": told} if kind.is_many else {**one, "description": told}


def described(asked: type[Asked]) -> str:
    """What a tool does, in the words' own sentences, and that an act is never done here."""
    said, text = words.command(asked.name), words.load()["agents"]
    is_act = issubclass(asked, Act)
    example = words.texts(said.get("example"))[:1]
    parts = [said.get("help", ""), said.get("more", ""), text["prepares"] if is_act else ""]
    return "\n".join([*filter(None, parts), *(f"`{one}`" for one in example)])


@dataclass(frozen=True)
class Given:
    """What a tool was called with: its own fields, and those that all tools take."""

    own: dict[str, Any]
    account: str | None = None
    skip: int = 0
    publish: bool | None = None

    @classmethod
    def of(cls, asked: type[Asked], arguments: Mapping[str, Any]) -> Given:
        """Read a call's arguments. Raises BadInput: too much, or what a tool does not take."""
        known = fields(asked)
        if len(arguments) > _MOST_FIELDS or len(json.dumps(arguments)) > 4 * _MOST_TEXT:
            raise words.bad("agents_too_much", most=4 * _MOST_TEXT)
        shared = {key: value for key, value in arguments.items() if key in (ACTING, SKIP, PUBLISH) and key not in known}
        own = {key: _written(value) for key, value in arguments.items() if key not in shared and value is not None}
        for key in own:
            if asked.meant(key) not in known:
                raise words.bad(
                    "unknown_field", field=key[:40], name=asked.name, key=key[:40], known=", ".join(known) or "-"
                )
        skip, publish = shared.get(SKIP), shared.get(PUBLISH)
        skipped = skip if type(skip) is int and skip >= 0 else 0
        return cls(own, str(shared.get(ACTING) or "") or None, skipped, None if publish is None else publish is True)


def _written(value: Any) -> Any:
    """A value as somebody would have written it. Raises BadInput: too long."""
    if isinstance(value, list):
        return [_written(one) for one in value[:_MOST_FIELDS]]
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) > _MOST_TEXT:
        raise words.bad("agents_too_much", most=_MOST_TEXT)
    return text


def call(principal: Callable[[str | None, bool | None], Principal], name: str, arguments: Mapping[str, Any]) -> Any:
    """What a tool says, JSON-ready; a refusal is said too, with ``ok`` false.

    Args:
        principal: The deployment as somebody sees it, at its latest block; texts published or not.
        name: The tool's name.
        arguments: As the agent sent them.
    """
    asked = offered()[name]
    visitor, given = None, Given({})
    try:
        given = Given.of(asked, arguments)
        visitor = principal(None, given.publish)
        if given.account:
            visitor = principal(visitor.account(given.account), given.publish)
        if issubclass(asked, Act):
            return _head(visitor, asked) | prepared(visitor, asked, given.own)
        return _head(visitor, asked) | shown(visitor, asked, given)
    except (DmoError, AlreadyDone, OSError, *FAULTS) as error:
        return {"ok": False, "command": f"dmo {asked.name}", "error": refusal(visitor, error, given.own)}


def _head(visitor: Principal, asked: type[Asked]) -> dict[str, Any]:
    """What an answer is of: command, deployment, block, and the tokens whose smallest units amounts are in."""
    told = others.anything(where(visitor))
    return {"ok": True, "note": words.load()["agents"]["note"], "command": f"dmo {asked.name}", **told}


def shown(visitor: Principal, asked: type[Asked], given: Given) -> dict[str, Any]:
    """What a query answers: its facts, and the sentences that a terminal would show."""
    names, held = _texts(asked, given.own)
    with visitor.handed(held):
        query = read(asked, visitor, names)
        assert isinstance(query, Query)  # noqa: S101 - nothing else is asked
        view = query.view(visitor)
    said = sentences(view)
    for rows, letters, body in _TIGHTER:
        told = others.data(asked.gives, view.data, Bounds(rows, letters, body, given.skip))  # type: ignore[attr-defined]
        if len(json.dumps(told, ensure_ascii=False)) <= _MOST_ANSWER:
            break
    return {"data": told, "said": said}


def _texts(asked: type[Asked], own: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    return answers.texts(asked, own)  # type: ignore[arg-type]


def sentences(view: View) -> dict[str, Any]:
    """A view's sentences, bounded; what strangers wrote in them is marked already."""

    def lines(given: Any) -> list[str]:
        return [one_line(one, _SENTENCE) for one in given][:_LINES]

    told = {
        "heading": one_line(view.heading, _SENTENCE),
        "fields": lines(f"{label}: {text}" for label, text in view.fields),
        "texts": lines(view.texts),
        "next": lines(view.next),
    }
    return {key: one for key, one in told.items() if one}


def prepared(visitor: Principal, asked: type[Asked], own: Mapping[str, Any]) -> dict[str, Any]:
    """An act, worked out and tried: its unsigned calls, what they mean, what would come next."""
    assert issubclass(asked, Act)  # noqa: S101 - nothing else is prepared
    if asked.before is not Act.before:
        raise words.bad("agents_keeps", name=asked.name)
    done = answers.worked(visitor, asked, own)
    told = answers.told(visitor, asked, done)
    titles = [one["title"] for one in told["documents"].values()]
    remarks = [one_line(one) for one in done.wanted.remarks(visitor)]
    effects = [quoted(one, _SENTENCE) if one in remarks else one_line(one, _SENTENCE) for one in told["effects"]]
    calls = [
        {
            "to": step["to"],
            "value": str(int(step["value"], 16)),
            "data": step["data"],
            "chain_id": visitor.dmo.chain_id,
            "gas": step["gas"],
            "does": _titled(step["description"], titles),
            "contract": step["contract"],
            "function": step["function"],
            "arguments": others.anything(step["arguments"]),
        }
        for step in told["steps"]
    ]
    kept = {key: others.anything(told[key]) for key in ("data", "documents", "typed", "view") if told[key]}
    return {
        "sent": False,
        "from": told["account"],
        "calls": calls,
        "effects": effects,
        "would_be_refused": [quoted(one, _SENTENCE) for one in told["left_out"]],
        **kept,
        "next": [one_line(one, _SENTENCE) for one in told["next"]],
    }


def _titled(sentence: str, titles: Sequence[str]) -> str:
    """What a call does, documents' titles in it marked."""
    text = one_line(sentence, _SENTENCE)
    for shown in (one_line(others.bare(title)) for title in titles if _is_foreign(title)):
        text = text if others.FROM + shown in text else text.replace(shown, quoted(shown))
    return text


def refusal(visitor: Principal | None, error: Exception, own: Mapping[str, Any]) -> dict[str, Any]:
    """Why something cannot be done, and what would be right; what strangers chose in it, or the agent, is marked."""
    if isinstance(error, AlreadyDone):
        return {"code": "AlreadyDone", "message": quoted(str(error), _SENTENCE), "hint": ""}
    known = error if isinstance(error, DmoError) else terminal.unexpected(error)
    if isinstance(known, Refused) and visitor is not None:
        known = visitor.explained(known)
    details = {key: value for key, value in known.details.items() if key != "file"}
    message, hint = (_with_marks(text, details, own) for text in (known.message, known.hint))
    return {"code": known.code, "message": message, "hint": hint, "args": others.anything(details, Bounds(20, 300))}


def _with_marks(sentence: str, details: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """An error's sentence in which texts of its details are marked; all of it where one is there in another form."""
    text = one_line(others.bare(sentence), _SENTENCE)
    for one in filter(_is_foreign, details.values()):
        shown = one_line(others.bare(one), 500)
        if shown not in text:
            return quoted(text, _SENTENCE)
        text = text.replace(shown, quoted(shown, 500))
    for one in filter(_is_foreign, own.values()):  # of which an error repeats the beginning
        beginnings = (one_line(others.bare(one[:most])) for most in (len(one), 80, 60, 40, 20))
        if shown := next((begins for begins in beginnings if begins and begins in text), ""):
            text = text.replace(shown, quoted(shown, 500))
    return text


def _is_foreign(value: Any) -> bool:
    """Whether a text may be a stranger's, and is not blank."""
    return isinstance(value, str) and bool(value.strip()) and isinstance(others.anything(value), dict)
