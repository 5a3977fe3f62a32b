"""Kinds: how a value is read from what a person wrote, shown to one, and told to a machine.

A kind is said once and serves every face: ``read`` for a command line, a script or a form,
``show`` for terminal, page and sentence, ``plain`` for JSON and ``schema`` for JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from dmo.core import units, words
from dmo.core.abi.codec import checksum
from dmo.core.digests import parse_digest
from dmo.core.units import Amount as Amount
from dmo.core.units import Bps as Bps
from dmo.core.units import Points as Points
from dmo.core.units import Seconds as Seconds
from dmo.core.units import Timestamp as Timestamp

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
Shape = Mapping[str, Any]
"""What a record holds: name → kind, ``[kind or shape]`` for lists, or a shape within it."""


class Reader(Protocol):
    """What values are read and shown with."""

    @property
    def now(self) -> int:
        """The chain's clock, Unix seconds."""

    def account(self, text: str) -> str:
        """The address that somebody meant."""

    def who(self, address: str) -> str:
        """An address with the name it is known under here."""

    def unit(self, token: str) -> tuple[int, str]:
        """Decimals and symbol of a token."""

    def word(self, group: str, value: str) -> str:
        """A word or sentence of the words' files."""

    # A reader with ``marked`` lays more over what is shown of a value, such as where it leads.


def _text(reader: Reader, value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Kind:
    """How a value is read, shown and told.

    Attributes:
        name: As a placeholder in usage lines, and the schema's ``format``.
        read: Value of what somebody wrote; BadInput where it cannot be used.
        show: Text for a person; empty where there is nothing to say.
        plain: What JSON holds; amounts as decimal strings in the smallest unit.
        schema: Its JSON Schema.
        is_many: Several words make the value; ``read`` is given a list of them.
        like: How it is written, for who has to read the same elsewhere: number, amount, share, …
        token: Whose amounts these are, as ``Reader.unit`` knows it.
        choices: The only words there are.
        numbers: What contracts call these, where they are not counted through.
        paper: What is written names a file; a face that gives no access to its disk takes the text itself. The kind of
            document it holds, ``*`` for any, ``text`` for one without fields, empty for another file; None for no file.
    """

    name: str
    read: Callable[[Any, Any], Any]
    show: Callable[[Any, Any], str] = _text
    plain: Callable[[Any], Any] = lambda value: value
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    is_many: bool = False
    like: str = ""
    token: str = ""
    choices: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    paper: str | None = None

    def __call__(self, value: Any) -> Value:
        """A value of this kind."""
        return Value(self, value)

    def called(self, name: str) -> Kind:
        """The same kind under another placeholder."""
        return replace(self, name=name)


@dataclass(frozen=True)
class Value:
    """A value and its kind."""

    kind: Kind
    value: Any


def _share(reader: Reader, text: str) -> Bps:
    if not text.strip().lower().endswith(("%", "bps")):
        raise words.bad("no_unit", given=text[:40])
    return units.parse_bps(text)


def _moment(reader: Reader, at: int | None) -> str:
    """A moment, absolute and relative to the chain's clock."""
    if not at:
        return ""
    gap = at - reader.now
    relative = reader.word("time", "in" if gap >= 0 else "ago")
    return f"{units.format_time(at)} ({relative.format(units.format_duration(abs(gap)))})"


def _flag(reader: Reader, text: Any) -> bool:
    if isinstance(text, bool):
        return text
    cleaned = str(text).strip().lower()
    if cleaned not in ("yes", "no", "true", "false", "1", "0"):
        raise words.bad("no_flag", given=str(text)[:40])
    return cleaned in ("yes", "true", "1")


def _language(reader: Reader, text: str) -> str:
    """What has the form of a tag of BCP 47."""
    if not _TAG.fullmatch(text.strip()):
        raise words.bad("no_language", given=text[:40])
    return text.strip()


def _hex(value: bytes | None) -> str | None:
    return "0x" + value.hex() if value is not None else None


def short_digest(value: bytes) -> str:
    """A digest for a person to recognise."""
    return f"0x{value.hex()[:8]}…{value.hex()[-4:]}"


_COUNT = {"type": "integer", "minimum": 0}


def number(name: str, most: int = 2**32 - 1) -> Kind:
    """Whole numbers from 1 to ``most``."""

    def read(reader: Reader, text: str) -> int:
        cleaned = str(text).strip().lstrip("#")
        if not (cleaned.isascii() and cleaned.isdigit()) or len(cleaned) > 12 or not 0 < int(cleaned) <= most:
            raise words.bad("no_number", given=str(text)[:40], most=f"{most:,}")
        return int(cleaned)

    return Kind(name, read, schema=_COUNT, like="number")


NUMBER = number("NUMBER")
SHARE = Kind(
    "SHARE", _share, lambda reader, value: "" if value is None else units.format_bps(value), schema=_COUNT, like="share"
)
PPM = Kind(
    "PERCENT",
    lambda reader, text: units.parse_ppm(text),
    lambda reader, value: "" if value is None else units.format_ppm(value),
    schema={"type": "integer", "minimum": 0, "maximum": units.PPM},
    like="ppm",
)
"""Millionths, written as percent."""
DURATION = Kind(
    "TIME",
    lambda reader, text: units.parse_duration(text),
    lambda reader, value: units.format_duration(value) if value else "",
    schema=_COUNT,
    like="duration",
)
TIME = Kind(
    "TIME",
    lambda reader, text: units.parse_time(text, reader.now),
    _moment,
    lambda value: value or None,
    {"type": ["integer", "null"], "minimum": 0},
    like="time",
)
ACCOUNT = Kind(
    "WHO",
    lambda reader, text: reader.account(text),
    lambda reader, value: reader.who(value) if value and int(value, 16) else "",
    lambda value: checksum(value) if value and int(value, 16) else None,
    {"type": ["string", "null"], "pattern": "^0x[0-9a-fA-F]{40}$"},
    like="account",
)
DIGEST = Kind(
    "DIGEST",
    lambda reader, text: parse_digest(text),
    lambda reader, value: short_digest(value) if value else "",
    _hex,
    {"type": ["string", "null"], "pattern": "^0x[0-9a-f]*$"},
    like="digest",
)
FLAG = Kind(
    "yes|no",
    _flag,
    lambda reader, value: reader.word("flag", "yes" if value else "no"),
    schema={"type": "boolean"},
    like="flag",
)
TEXT = Kind("TEXT", lambda reader, text: text, like="text")
LANGUAGE = Kind("LANG", _language, like="text")
"""A form has that of who fills it in."""
LINE = Kind("NAME", lambda reader, text: text.strip(), like="text")


def amount(token: str, name: str = "AMOUNT", digits: int | None = None) -> Kind:
    """Amounts of a token that ``Reader.unit`` knows, in its smallest unit; at most so many decimals are shown."""

    def read(reader: Reader, text: str) -> Amount:
        decimals, symbol = reader.unit(token)
        return units.parse_amount(text.strip().removesuffix(symbol).strip(), decimals)

    def show(reader: Reader, value: int | None) -> str:
        if value is None:
            return ""
        decimals, symbol = reader.unit(token)
        step = 10 ** max(decimals - digits, 0) if digits is not None else 1
        return units.format_amount(value // step * step, decimals, symbol)

    schema = {"type": ["string", "null"], "pattern": "^-?[0-9]+$"}
    return Kind(
        name, read, show, lambda value: None if value is None else str(value), schema, like="amount", token=token
    )


POINTS = amount("points", "POINTS", digits=2)
COIN = amount("coin", "COIN", digits=6)


def choice(group: str, *known: str, name: str = "") -> Kind:
    """One of a few words; how it reads stands in the words' files under ``[word.<group>]``."""

    def read(reader: Reader, text: str) -> str:
        cleaned = text.strip().lower()
        if cleaned not in known:
            raise words.bad("none_of_them", given=text[:40], known=words.word("list", "either").join(known))
        return cleaned

    def show(reader: Reader, value: str) -> str:
        return reader.word(group, value) if value else ""

    schema = {"enum": [*known, "", None]}
    return Kind(name or "|".join(known), read, show, schema=schema, like="choice", choices=known)


def listed(one: Kind, name: str = "") -> Kind:
    """Several values of a kind."""
    return Kind(
        name or f"[{one.name}]...",
        lambda reader, texts: [one.read(reader, text) for text in texts],
        lambda reader, values: ", ".join(one.show(reader, value) for value in values or ()),
        lambda values: [one.plain(value) for value in values or ()],
        {"type": "array", "items": dict(one.schema)},
        is_many=True,
        like=f"{one.like}s" if one.like else "",
        paper=one.paper,
    )


def shape(*parts: tuple[Any, str], **named: Any) -> dict[str, Any]:
    """A shape, names of the same kind together: ``shape((NUMBER, "round number"), lead=ACCOUNT)``."""
    return {name: kind for kind, names in parts for name in names.split()} | named


def plain(shape: Any, value: Any) -> Any:
    """What JSON holds of a value of this shape; keys that the shape lacks are an error."""
    if isinstance(shape, Kind):
        return None if value is None else shape.plain(value)
    if value is None:
        return None
    if isinstance(shape, list):
        return [plain(shape[0], item) for item in value]
    record = value if isinstance(value, Mapping) else vars(value)
    return {key: plain(part, record.get(key)) for key, part in shape.items()}


def schema_of(shape: Any) -> dict[str, Any]:
    """The JSON Schema of values of this shape."""
    if isinstance(shape, Kind):
        return {**shape.schema, "x-kind": shape.name}
    if isinstance(shape, list):
        return {"type": "array", "items": schema_of(shape[0])}
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "required": sorted(shape),
        "properties": {key: schema_of(part) for key, part in sorted(shape.items())},
    }


def looking(reader: Reader, values: Mapping[str, Any]) -> Callable[[str], str]:
    """How placeholders are found: values by name, nested ones with a dot (``idea.title``).

    Strings of a person's own are escaped, so that they hold no placeholders. A word's placeholders
    are looked for beside it first: that of ``idea.state`` finds ``idea.ask`` as ``ask``.
    """

    def look(name: str) -> str:
        name, _, group = name.partition(":")
        around, found = values, values.get(name.partition(".")[0])
        for part in name.split(".")[1:]:
            around = found if isinstance(found, Mapping) else {}
            found = around.get(part)
        if isinstance(found, Value):
            shown = _picked(group, found) if group else _shown(reader, found, name)
            if group or found.kind.choices:
                at = name.rpartition(".")[0]
                return _beside(shown, at, around) if at else shown
            return shown.replace("{", "{{").replace("}", "}}")
        return str(found).replace("{", "{{").replace("}", "}}") if found is not None else ""

    return look


def _shown(reader: Reader, one: Value, name: str) -> str:
    """A value as the reader shows it."""
    shown = one.kind.show(reader, one.value)
    marked = getattr(reader, "marked", None)
    return str(marked(name, one, shown)) if marked and not one.kind.choices else shown


def _picked(group: str, one: Value) -> str:
    """The word for a value, or for how many it lists; else that for ``some`` or ``none``, if any."""
    told, known = one.kind.plain(one.value), words.load()["word"][group]
    key = str(len(told) if isinstance(told, list) else told).lower()
    is_none = told in (None, False, 0, "0", [])
    return str(known.get(key, known.get("none" if is_none else "some", "")))


def _beside(sentence: str, at: str, around: Mapping[str, Any]) -> str:
    """A sentence whose placeholders are meant beside it, where they stand there."""
    return re.sub(r"\{(\w+)", lambda one: f"{{{at}.{one[1]}" if one[1] in around else one[0], sentence)


def lines(group: str, shape: Shape) -> Kind:
    """Rows of this shape, each said in a line: that of ``[word.<group>]`` which its ``said`` names, or ``line``.

    A word may hold placeholders of its row.
    """

    def show(reader: Reader, rows: Iterable[Mapping[str, Any]] | None) -> str:
        looks = [(looking(reader, valued(shape, row)), row.get("said", "line")) for row in rows or ()]
        return "\n".join(text for look, said in looks if (text := words.fill(words.word(group, said), look)))

    return Kind(
        group,
        lambda reader, text: text,
        show,
        lambda rows: [plain(shape, row) for row in rows or ()],
        {"type": "array", "items": schema_of(shape)},
    )


def valued(shape: Any, value: Any) -> Any:
    """A record whose values carry their kinds, for ``looking``."""
    if isinstance(shape, Kind):
        return Value(shape, value)
    if isinstance(shape, list) or value is None:
        return None
    record = value if isinstance(value, Mapping) else vars(value)
    return {key: valued(part, record.get(key)) for key, part in shape.items()}
