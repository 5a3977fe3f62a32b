"""Forms: an act's fields as a person fills them in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, dataclass, replace
from typing import Any, Literal, get_args, get_origin

from dmo.core import words
from dmo.core.act import Act
from dmo.core.errors import DmoError
from dmo.core.kinds import FLAG, LANGUAGE, Kind
from dmo.core.text import one_line
from dmo.faces.web import draw, marks
from dmo.faces.web.guardbook import shown_of
from dmo.home.home import Home


def kind_of(kind: Kind) -> str:
    """What a control holds, as page and module call it."""
    if kind.paper == "":
        return "files" if kind.is_many else "file"
    return kind.like or ("texts" if kind.is_many else "word")


_CLAUSE = re.compile(r";|(?<=[.!?]) ")


@dataclass(frozen=True)
class Control:
    """A field of a form.

    Attributes:
        shape: How it is drawn: line, long (a document), many, tick, pick.
        options: What can be picked: value and word.
        symbol: What its amounts are of.
        parts: The fields of a document's front matter, to be written one by one.
    """

    name: str
    label: str
    hint: str
    shape: str
    kind: str
    value: str = ""
    values: Sequence[str] = ()
    is_needed: bool = False
    unit: str = ""
    symbol: str = ""
    mode: str = "text"
    pattern: str = ""
    example: str = ""
    options: Sequence[tuple[str, str]] = ()
    paper: str = ""
    is_fixed: bool = False


@dataclass(frozen=True)
class Form:
    """An act's form.

    Attributes:
        is_first: What it is about has to be said before the rest can be.
    """

    act: str
    title: str
    help: str
    more: str
    who: str
    controls: Sequence[Control]
    has_document: bool = False
    is_first: bool = False


_SHAPES = {"document": "long", "file": "long", "flag": "tick", "choice": "pick"}
_MODES = {"amount": "decimal", "number": "numeric", "share": "decimal", "ppm": "decimal"}
_PATTERNS = {
    "number": "#?[0-9]{1,10}",
    "account": "0x[0-9a-fA-F]{40}|[^\\s]+",
    "reference": "[1-9][0-9]*[\\/.][1-9][0-9]*",
    "digest": "(0x)?[0-9a-fA-F]{64}|bafkrei[a-z2-7]{52}",
}


def _is_of_this_machine(kind: Kind) -> bool:
    """A file that would be written here."""
    return kind.name == "FILE" and kind.paper is None


def controls(asked: type[Act], home: Home, given: Mapping[str, Any]) -> list[Control]:
    """The controls of an act's fields, filled as far as they are given."""
    said = words.command(asked.name).get("field", {})
    group, found = words.load()["face"], []
    for key, one in asked.parameters().items():
        kind: Kind = one.metadata["kind"]
        if _is_of_this_machine(kind):
            continue
        told, unit = kind_of(kind), kind.token
        is_needed = one.default is MISSING and one.default_factory is MISSING
        values = given.get(key)
        many = list(values) if isinstance(values, list | tuple) else [values] if values else []
        found.append(
            Control(
                name=key,
                label=group["field"].get(key, key.replace("_", " ").capitalize()),
                hint=" ".join(
                    filter(None, (_hint(said.get(key, "")), group["form"]["amount"] if told == "amount" else ""))
                ),
                shape=_shape(kind, told),
                kind=told,
                value=marks.seen(_filled(home, kind, many) or _usual(home, kind, one.default)),
                values=[marks.seen(str(value)) for value in many],
                is_needed=is_needed,
                unit=unit,
                symbol=home.unit(unit)[1] if unit else "",
                mode=_MODES.get(told, "text"),
                pattern="" if kind.is_many else _PATTERNS.get(told, ""),
                example=group["example"].get(told, ""),
                options=[
                    (word, kind.show(home, kind.read(home, [word]) if kind.is_many else word))
                    for word in kind.choices
                    if word
                ],
                paper=kind.paper or "",
                is_fixed=bool(many) and told in ("number", "reference", "disputed") and is_needed,
            )
        )
    return found


def _shape(kind: Kind, told: str) -> str:
    if told == "salt":
        return "hidden"
    is_long = kind.paper is not None and not kind.is_many
    return "long" if is_long else _SHAPES.get(told, "many" if kind.is_many else "line")


def _filled(home: Home, kind: Kind, given: Sequence[Any]) -> str:
    """What stands in a control; a proposal by its whole number, which its call has."""
    if not given or kind.is_many:
        return ""
    if kind.like == "proposal":
        with suppress(DmoError):
            return str(kind.plain(kind.read(home, str(given[0]))))
    return str(given[0])


def _hint(text: str) -> str:
    """A field's words without what only a command line has."""
    said = [part.strip() for part in _CLAUSE.split(text) if "dmo " not in part and "--" not in part and "`" not in part]
    clauses = [part for part in said if part]
    found = one_line("".join(f"{part} " if part[-1] in ".!?。" else f"{part}; " for part in clauses)).rstrip(";. ")
    return f"{found[:1].upper()}{found[1:]}{'' if found[-1] in '!?。' else '.'}" if found else ""


def _usual(home: Home, kind: Kind, default: Any) -> str:
    if kind is LANGUAGE:
        return words.spoken()
    if default in (None, MISSING) or kind is FLAG or kind.is_many or isinstance(default, tuple | list):
        return ""
    return str(default) if isinstance(default, str) else kind.show(home, default)


def form(asked: type[Act], home: Home, given: Mapping[str, Any]) -> Form:
    """An act's form."""
    said = words.command(asked.name)
    label = words.load()["face"]["act"].get(asked.name) or one_line(str(said.get("help", asked.name)).rstrip("."))
    found = controls(asked, home, given)
    missing = [one for one in found if one.is_needed and not one.value and not one.values and one.shape == "line"]
    rests = bool(shown_of(asked.name)) and bool(missing) and bool(missing[0].name == found[0].name)
    return Form(
        asked.name,
        label,
        _hint(said.get("help", "")),
        _hint(said.get("more", "")),
        asked.who,
        missing[:1] if rests else found,
        has_document=bool(getattr(asked, "has_document", False)),
        is_first=rests,
    )


def paper_of(asked: type[Act], key: str, wished: str = "") -> str:
    """The kind of document that a field takes; of those that take any, the one that is wished. Empty for none."""
    from dmo.home.papers import KINDS

    kind = asked.kind(key).paper or ""
    if kind == "*":
        return wished if wished in KINDS else ""
    return "" if kind == "text" else kind


def papers(asked: type[Act], wished: str = "", given: Mapping[str, str] | None = None) -> dict[str, list[Piece]]:
    """The documents that an act takes, by field: what each is made of, as far as it is given filled in."""
    found = {}
    for key in asked.parameters():
        if kind := paper_of(asked, key, wished):
            told = {name.removeprefix(f"{key}."): value for name, value in (given or {}).items()}
            found[key] = [replace(one, value=marks.seen(told.get(one.name, one.value))) for one in parts(kind)]
    return found


@dataclass(frozen=True)
class Piece:
    """A field of a document's front matter, or its body."""

    name: str
    hint: str
    is_needed: bool
    is_long: bool = False
    options: Sequence[str] = ()
    is_many: bool = False
    value: str = ""


def parts(kind: str, before: str = "", model: Any = None) -> list[Piece]:
    """What a document of a kind is made of, groups by dotted names; lists of groups only as a whole text."""
    from dmo.home.papers import KINDS, parts_of

    found: list[Piece] = []
    its = model or KINDS[kind]
    said = words.load()["word"]["front"]
    for name, one in its.model_fields.items():
        if name == "kind":
            continue
        groups, full = parts_of(one.annotation), f"{before}{name}"
        if groups and "list" not in str(one.annotation):
            found += parts(kind, f"{full}.", groups[0])
        elif not groups:
            options, is_many = _picks(one.annotation)
            hint = said.get(f"{its.__name__.lower()}_{name}") or said.get(name, "")
            if options:  # they stand there
                hint = words.load()["face"]["form"]["several"] if is_many else ""
            elif hint == draw.part(full)[:1].lower() + draw.part(full)[1:]:
                hint = ""
            value = words.spoken() if full == "lang" else ""
            found.append(Piece(full, draw.initial(hint), one.is_required(), False, options, is_many, value))
    if not before:
        hint = words.load()["word"]["template"].get(kind, "")
        found.append(Piece("body", draw.initial(one_line(hint)), kind != "evidence", is_long=True))
    return found


def _picks(annotation: Any) -> tuple[Sequence[str], bool]:
    """The words that a field takes, and whether it takes several."""
    is_many = "list" in str(annotation)
    inner = [two for part in get_args(annotation) for two in get_args(part)]
    for one in (annotation, *get_args(annotation), *inner):
        if get_origin(one) is Literal:
            return get_args(one), is_many
    return (), is_many


def written(kind: str, given: Mapping[str, Sequence[str]]) -> str:
    """A document of its parts: these very bytes are hashed."""
    import yaml

    from dmo.home.papers import KINDS, parts_of

    front: dict[str, Any] = {"kind": kind}
    for name, its in KINDS[kind].model_fields.items():
        if its.is_required() and parts_of(its.annotation) and "list" in str(its.annotation):
            front[name] = []
    for one in parts(kind):
        values = [value.strip() for value in given.get(one.name, ()) if value.strip()]
        if one.name == "body" or not values:
            continue
        at = front
        *groups, last = one.name.split(".")
        for group in groups:
            at = at.setdefault(group, {})
        lines = [line for value in values for line in value.split("\n") if line.strip()]
        at[last] = lines if one.is_many else _scalar(" ".join(lines))
    body = "\n".join(given.get("body", ())).replace("\r\n", "\n").strip()
    text = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{text}---\n\n{body}\n"


def _scalar(text: str) -> Any:
    """A number stays one, so that it is not quoted."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
